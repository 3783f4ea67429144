/** How wide text is on a terminal, and text made safe to print there: no control characters, no changes of direction. */

const TAB_WIDTH = 4;

/** Ranges drawn two columns wide (East Asian Wide and Fullwidth, Unicode 15). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

export interface Glyph {
  /** UTF-16 offset in the text it was made from. */
  readonly offset: number;
  readonly text: string;
  readonly width: number;
}

/** Splits a line into what is drawn per character: tabs as spaces up to the next stop, controls and directions as a dot. */
export function glyphs(line: string, firstColumn: number): readonly Glyph[] {
  const out: Glyph[] = [];
  let column = firstColumn;
  let offset = 0;
  for (const char of line) {
    const drawn = draw(char, column);
    out.push({ offset, text: drawn.text, width: drawn.width });
    column += drawn.width;
    offset += char.length;
  }
  return out;
}

/** One line of text that can't move the cursor, clear the screen or turn its direction. */
export function printable(text: string): string {
  let out = "";
  for (const char of text) out += isInvisible(char) ? "·" : char;
  return out;
}

function draw(char: string, column: number): { readonly text: string; readonly width: number } {
  if (char === "\t") {
    const width = TAB_WIDTH - (column % TAB_WIDTH);
    return { text: " ".repeat(width), width };
  }
  if (isInvisible(char)) return { text: "·", width: 1 };
  return { text: char, width: widthOf(char) };
}

export function isInvisible(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code < 0x200b) return code === 0xad || code === 0x61c;
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xd800 && code <= 0xdfff)
  );
}

function widthOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}]$/u.test(char)) return 0;
  if (/^\p{Emoji_Presentation}$/u.test(char)) return 2;
  for (const [low, high] of WIDE) {
    if (code >= low && code <= high) return 2;
  }
  return 1;
}
