/**
 * Railroad diagrams as SVG: tracks that are followed from left to right, through boxes that stand for tokens and rules. Knows nothing of
 * grammars or pages. Each shape is measured once (width, and how far it reaches above and below its track) and then drawn at a place.
 */

export type Track =
  /** A token, as written. */
  | { readonly kind: "token"; readonly text: string }
  /** A rule of its own, with the address of its diagram. */
  | { readonly kind: "rule"; readonly text: string; readonly href: string }
  | { readonly kind: "sequence"; readonly items: readonly Track[] }
  | { readonly kind: "choice"; readonly items: readonly Track[] }
  | { readonly kind: "optional"; readonly item: Track }
  /** Once or more, with `between` on the way back. */
  | { readonly kind: "loop"; readonly item: Track; readonly between: Track | undefined };

interface Shape {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  readonly draw: (x: number, y: number) => string;
}

const CHAR = 7.8;
const BOX = 13;
const GAP = 12;
const ROW = 8;
const ARC = 8;
/** Sequences go on in a new row beyond this. */
const MAX_WIDTH = 900;

/** A whole diagram, with a start and an end. */
export function railroad(track: Track, label: string): string {
  const body = shapeOf(track);
  const [width, height] = [body.width + 2 * GAP + 20, body.up + body.down + 8];
  const y = body.up + 4;
  const ends = `<path d="M6 ${y - 8}v16M6 ${y}h${GAP + 4}M${body.width + GAP + 10} ${y}h${GAP + 4}M${width - 6} ${y - 8}v16"/>`;
  const size = `viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}"`;
  return `<svg ${size} role="img" aria-label="${escapeText(label)}">${ends}${body.draw(GAP + 10, y)}</svg>`;
}

function shapeOf(track: Track): Shape {
  switch (track.kind) {
    case "token":
      return box(track.text, (x, y, w) => `<rect class="token" x="${x}" y="${y - BOX}" width="${w}" height="${2 * BOX}" rx="${BOX}"/>`);
    case "rule": {
      const inner = box(track.text, (x, y, w) => `<rect class="rule" x="${x}" y="${y - BOX}" width="${w}" height="${2 * BOX}"/>`);
      return { ...inner, draw: (x, y) => `<a href="${track.href}">${inner.draw(x, y)}</a>` };
    }
    case "sequence":
      return rows(track.items.map(shapeOf));
    case "choice":
      return choice(track.items.map(shapeOf));
    case "optional":
      return choice([{ width: 0, up: 0, down: 0, draw: () => "" }, shapeOf(track.item)]);
    case "loop":
      return loop(shapeOf(track.item), track.between === undefined ? undefined : shapeOf(track.between));
  }
}

function box(text: string, outline: (x: number, y: number, width: number) => string): Shape {
  const width = round([...text].length * CHAR + 18);
  const label = (x: number, y: number): string => `<text x="${round(x + width / 2)}" y="${y + 4}">${escapeText(text)}</text>`;
  return { width, up: BOX, down: BOX, draw: (x, y) => outline(x, y, width) + label(x, y) };
}

/** Side by side, and in several rows when that gets too wide. */
function rows(items: readonly Shape[]): Shape {
  const lines: Shape[][] = [[]];
  let width = 0;
  for (const item of items) {
    if (width > 0 && width + item.width > MAX_WIDTH) {
      lines.push([]);
      width = 0;
    }
    lines[lines.length - 1].push(item);
    width += item.width + GAP;
  }
  return lines.length === 1 ? line(items) : stacked(lines.map(line));
}

function line(items: readonly Shape[]): Shape {
  const width = items.reduce((sum, item) => sum + item.width, 0) + Math.max(0, items.length - 1) * GAP;
  const draw = (x: number, y: number): string => {
    let at = x;
    return items
      .map((item, index) => {
        const drawn = (index === 0 ? "" : `<path d="M${at} ${y}h${GAP}"/>`) + item.draw(index === 0 ? at : at + GAP, y);
        at = round(at + item.width + (index === 0 ? 0 : GAP));
        return drawn;
      })
      .join("");
  };
  return { width: round(width), up: most(items, ({ up }) => up), down: most(items, ({ down }) => down), draw };
}

function stacked(lines: readonly Shape[]): Shape {
  const width = most(lines, (one) => one.width) + 2 * GAP;
  const offsets = lines.map((_, index) => {
    return lines.slice(0, index).reduce((sum, one, at) => sum + one.down + ROW * 3 + lines[at + 1].up, 0);
  });
  const last = lines.length - 1;
  const draw = (x: number, y: number): string => {
    return lines
      .map((one, index) => {
        const at = y + offsets[index];
        const drawn = `<path d="M${x} ${at}h${GAP}"/>${one.draw(x + GAP, at)}`;
        const right = round(x + GAP + one.width);
        if (index === last) return `${drawn}<path d="M${right} ${at}H${x + width}"/>`;
        const down = y + offsets[index + 1];
        const middle = at + one.down + ROW * 1.5;
        return `${drawn}<path d="M${right} ${at}h${ARC}V${middle}H${x}V${down}"/>`;
      })
      .join("");
  };
  return { width, up: lines[0].up, down: offsets[last] + lines[last].down, draw };
}

/** The first lies on the track, the others below. */
function choice(items: readonly Shape[]): Shape {
  const inner = most(items, ({ width }) => width);
  const width = inner + 4 * ARC;
  const offsets = items.map((_, index) =>
    items.slice(0, index).reduce((sum, one, at) => sum + one.down + ROW + Math.max(items[at + 1].up, ARC), 0),
  );
  const last = items.length - 1;
  const draw = (x: number, y: number): string => {
    return items
      .map((item, index) => {
        const at = y + offsets[index];
        const [left, right] = [x + 2 * ARC, round(x + 2 * ARC + item.width)];
        const end = x + width;
        const way =
          index === 0
            ? `M${x} ${y}H${left}M${right} ${y}H${end}`
            : `M${x} ${y}q${ARC} 0 ${ARC} ${ARC}V${at - ARC}q0 ${ARC} ${ARC} ${ARC}M${right} ${at}H${end - 2 * ARC}q${ARC} 0 ${ARC} ${-ARC}V${y + ARC}q0 ${-ARC} ${ARC} ${-ARC}`;
        return `<path d="${way}"/>${item.draw(left, at)}`;
      })
      .join("");
  };
  return { width: round(width), up: items[0].up, down: offsets[last] + items[last].down, draw };
}

function loop(item: Shape, between: Shape | undefined): Shape {
  const inner = Math.max(item.width, between?.width ?? 0);
  const width = round(inner + 4 * ARC);
  const back = item.down + ROW + Math.max(between?.up ?? 0, ARC);
  const draw = (x: number, y: number): string => {
    const at = y + back;
    const [left, end] = [x + 2 * ARC, x + width];
    const start = round(x + (width - (between?.width ?? 0)) / 2);
    const ahead = `M${x} ${y}H${left}M${round(left + item.width)} ${y}H${end}`;
    const right = `M${end - 2 * ARC} ${y}q${ARC} 0 ${ARC} ${ARC}V${at - ARC}q0 ${ARC} ${-ARC} ${ARC}H${round(start + (between?.width ?? 0))}`;
    const home = `M${start} ${at}H${left}q${-ARC} 0 ${-ARC} ${-ARC}V${y + ARC}q0 ${-ARC} ${ARC} ${-ARC}`;
    return `<path d="${ahead}${right}${home}"/>${item.draw(left, y)}${between?.draw(start, at) ?? ""}`;
  };
  return { width, up: item.up, down: back + (between?.down ?? 0), draw };
}

function most(shapes: readonly Shape[], of: (shape: Shape) => number): number {
  return Math.max(0, ...shapes.map(of));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
