/**
 * A text with the places in it, counted here and not by the server: lines end at `\n`, `\r\n` and `\r`, columns are UTF-16 units. Pages come in
 * dresses: the same program with other line ends, tabs, a byte order mark, and characters outside of ASCII before everything.
 */
import type { Position, Range } from "vscode-languageserver-protocol";

export interface Page {
  readonly uri: string;
  readonly text: string;
  readonly positionAt: (offset: number) => Position;
  /** Throws where there is no such place. */
  readonly offsetAt: (position: Position) => number;
  /** Of the nth `wanted`, at the beginning of `word` in it. */
  readonly at: (wanted: string, word?: string, nth?: number) => Position;
  readonly range: (wanted: string, word?: string, nth?: number) => Range;
  readonly slice: (range: Range) => string;
  /** Behind the last character. */
  readonly end: Position;
}

export function createPage(uri: string, text: string): Page {
  const starts = [0];
  const ends: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\n" && text[i] !== "\r") continue;
    ends.push(i);
    if (text[i] === "\r" && text[i + 1] === "\n") i++;
    starts.push(i + 1);
  }
  ends.push(text.length);
  const positionAt = (offset: number): Position => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line, character: offset - starts[line] };
  };
  const offsetAt = ({ line, character }: Position): number => {
    if (line < 0 || line >= starts.length || character < 0 || starts[line] + character > ends[line])
      throw new Error(`no place ${line}:${character} in ${uri}`);
    return starts[line] + character;
  };
  const find = (wanted: string, word: string, nth: number): number => {
    let at = -1;
    for (let i = 0; i <= nth; i++) {
      at = text.indexOf(wanted, at + 1);
      if (at === -1) throw new Error(`no ${wanted} in ${uri}`);
    }
    const inside = wanted.indexOf(word);
    if (inside === -1) throw new Error(`no ${word} in ${wanted}`);
    return at + inside;
  };
  return {
    uri,
    text,
    positionAt,
    offsetAt,
    at: (wanted, word = wanted, nth = 0) => positionAt(find(wanted, word, nth)),
    range: (wanted, word = wanted, nth = 0) => {
      const start = find(wanted, word, nth);
      return { start: positionAt(start), end: positionAt(start + word.length) };
    },
    slice: ({ start, end }) => text.slice(offsetAt(start), offsetAt(end)),
    end: positionAt(text.length),
  };
}

/** Two units each, one on top of another, joined ones, right to left, and one that is wide. */
export const STRANGE = "🏺e\u0301👩🏽‍🚀שלום漢";

export interface Dress {
  readonly name: string;
  readonly on: (text: string) => string;
}

/** Behind the white space that each line of code begins with. */
const decorate = (text: string): string => text.replace(/^( *)(?=[^\s/])/gm, `$1/* ${STRANGE} */ `);

export const DRESSES: readonly Dress[] = [
  { name: "as it is", on: (text) => text },
  { name: "outside of ASCII", on: decorate },
  { name: "from Windows", on: (text) => `\ufeff${decorate(text).replaceAll("  ", "\t").replaceAll("\n", "\r\n")}` },
];

/** Applies what a server sent as edits of a text; they must not overlap. */
export function applyEdits(page: Page, edits: readonly { readonly range: Range; readonly newText: string }[]): string {
  const placed = edits
    .map(({ range, newText }, i) => ({ i, start: page.offsetAt(range.start), end: page.offsetAt(range.end), newText }))
    .sort((a, b) => a.start - b.start || a.i - b.i);
  let text = "";
  let last = 0;
  for (const { start, end, newText } of placed) {
    if (start < last || end < start) throw new Error(`edits overlap in ${page.uri}`);
    text += page.text.slice(last, start) + newText;
    last = end;
  }
  return text + page.text.slice(last);
}
