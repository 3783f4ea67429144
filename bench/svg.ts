/**
 * Plots as SVG text: horizontal bars, and lines over a logarithmic axis. Written by hand, so that equal figures give equal bytes. Each picture has its own
 * background and colours for light and dark, so it can be read wherever it is shown.
 */

export interface BarPlot {
  readonly title: string;
  readonly note: string;
  readonly series: readonly string[];
  /** A value per series; null where there is none. */
  readonly bars: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly show: (value: number) => string;
  /** A value worth a line across all bars. */
  readonly mark: number | undefined;
}

export interface LinePlot {
  readonly title: string;
  readonly note: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
  readonly showX: (value: number) => string;
  readonly showY: (value: number) => string;
}

const WIDTH = 820;
const LEFT = 150;
const RIGHT = 90;
const TOP = 76;
const BAR = 11;
const GROUP_GAP = 10;

const STYLE = `<style>
  .ground { fill: #ffffff; } text { fill: #24292f; font: 12px system-ui, sans-serif; } .title { font-size: 15px; font-weight: 600; }
  .quiet { fill: #57606a; } .axis { stroke: #d0d7de; stroke-width: 1; } .mark { stroke: #24292f; stroke-width: 1; stroke-dasharray: 4 3; }
  .fill0 { fill: #8c959f; } .fill1 { fill: #0969da; } .fill2 { fill: #bf8700; } .fill3 { fill: #1a7f37; }
  .line { fill: none; stroke-width: 2; }
  .line0 { stroke: #8c959f; } .line1 { stroke: #0969da; } .line2 { stroke: #bf8700; } .line3 { stroke: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; } text { fill: #e6edf3; } .quiet { fill: #9198a1; } .axis { stroke: #3d444d; } .mark { stroke: #e6edf3; }
    .fill1 { fill: #4493f8; } .fill2 { fill: #d29922; } .fill3 { fill: #3fb950; }
    .line1 { stroke: #4493f8; } .line2 { stroke: #d29922; } .line3 { stroke: #3fb950; }
  }
</style>`;

/** Colours there are. */
const COLOURS = 4;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Two decimals at most, and no -0. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

function text(x: number, y: number, content: string, options = ""): string {
  return `<text x="${at(x)}" y="${at(y)}"${options}>${escape(content)}</text>`;
}

function rule(x1: number, y1: number, x2: number, y2: number, kind = "axis"): string {
  return `<line class="${kind}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
}

function picture(height: number, title: string, note: string, series: readonly string[], body: readonly string[]): string {
  let x = 16;
  const legend = series.flatMap((name, i) => {
    const parts = [`<rect class="fill${i % COLOURS}" x="${at(x)}" y="51" width="11" height="11" rx="2"/>`, text(x + 16, 61, name)];
    x += 34 + name.length * 7;
    return parts;
  });
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${at(height)}" width="${WIDTH}" height="${at(height)}" role="img" aria-label="${escape(title)}">`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${at(height)}" rx="6"/>`,
    text(16, 24, title, ' class="title"'),
    text(16, 42, note, ' class="quiet"'),
    ...legend,
    ...body,
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

/** Values from 0 on, longest bar across. */
export function barPlot({ title, note, series, bars, show, mark }: BarPlot): string {
  const most = Math.max(mark ?? 0, ...bars.flatMap(({ values }) => values.map((value) => value ?? 0)), Number.MIN_VALUE);
  const scale = (WIDTH - LEFT - RIGHT) / most;
  const body: string[] = [];
  let y = TOP;
  for (const { name, values } of bars) {
    const drawn = values.flatMap((value, i) => (value === null ? [] : [{ value, i }]));
    const height = Math.max(1, drawn.length) * BAR;
    body.push(text(LEFT - 8, y + height / 2 + 4, name, ' text-anchor="end"'));
    drawn.forEach(({ value, i }, place) => {
      const top = y + place * BAR;
      body.push(`<rect class="fill${i % COLOURS}" x="${LEFT}" y="${at(top)}" width="${at(value * scale)}" height="${BAR - 1}"/>`);
      body.push(text(LEFT + value * scale + 5, top + BAR - 2, show(value), ' class="quiet" style="font-size:10px"'));
    });
    y += height + GROUP_GAP;
  }
  body.push(rule(LEFT, TOP - 4, LEFT, y - GROUP_GAP + 4));
  if (mark !== undefined) body.push(rule(LEFT + mark * scale, TOP - 4, LEFT + mark * scale, y - GROUP_GAP + 4, "mark"));
  return picture(y + 8, title, note, series, body);
}

const PLOT_HEIGHT = 260;
const GRID_LINES = 4;

/** The x axis is logarithmic, the y axis begins at 0. */
export function linePlot({ title, note, xTitle, yTitle, lines, showX, showY }: LinePlot): string {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const least = Math.log10(xs[0] ?? 1);
  const across = Math.max(Math.log10(xs[xs.length - 1] ?? 1) - least, Number.EPSILON);
  const most = roundUp(Math.max(...points.map(([, y]) => y), Number.MIN_VALUE));
  const bottom = TOP + 16 + PLOT_HEIGHT;
  const left = 90;
  const xOf = (x: number): number => left + ((Math.log10(x) - least) / across) * (WIDTH - left - 40);
  const yOf = (y: number): number => bottom - (y / most) * PLOT_HEIGHT;
  const body: string[] = [];
  for (let i = 0; i <= GRID_LINES; i++) {
    const value = (most * i) / GRID_LINES;
    body.push(
      rule(left, yOf(value), WIDTH - 40, yOf(value)),
      text(left - 8, yOf(value) + 4, showY(value), ' class="quiet" text-anchor="end"'),
    );
  }
  for (const x of xs) body.push(text(xOf(x), bottom + 18, showX(x), ' class="quiet" text-anchor="middle"'));
  lines.forEach((line, i) => {
    const path = line.points.map(([x, y], step) => `${step === 0 ? "M" : "L"}${at(xOf(x))} ${at(yOf(y))}`).join(" ");
    body.push(`<path class="line line${i % COLOURS}" d="${path}"/>`);
    for (const [x, y] of line.points) body.push(`<circle class="fill${i % COLOURS}" cx="${at(xOf(x))}" cy="${at(yOf(y))}" r="3"/>`);
  });
  body.push(text((left + WIDTH - 40) / 2, bottom + 40, xTitle, ' text-anchor="middle"'), text(16, TOP + 6, yTitle, ' class="quiet"'));
  return picture(
    bottom + 54,
    title,
    note,
    lines.map(({ name }) => name),
    body,
  );
}

/** The next of 1, 2, 2.5, 4, 5, 8, 10 times a power of ten: quarters of it are short numbers. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 4, 5, 8, 10].find((step) => step * power >= value * 0.999) ?? 10) * power;
}
