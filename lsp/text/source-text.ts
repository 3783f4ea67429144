/**
 * The text of a file, and the one place that converts between offsets and positions of the protocol (lines and UTF-16 units, from 0).
 * The compiler doesn't get the text as the author has it but one with gaps of white space behind declarations: an edit inside a declaration
 * then moves nothing else, and all that is known of the others stays true. Everything inside the server works with offsets of that text;
 * only this file knows where they are in the author's.
 */
import type { Position, Range } from "vscode-languageserver";
import type { Span } from "../../grammar/ast.ts";
import { scan } from "../../grammar/lexer.ts";
import { lineAt } from "../../grammar/lines.ts";

/** White space that was put in at `at`, an offset of the compiler's text. */
export interface Gap {
  readonly at: number;
  readonly length: number;
}

export interface SourceText {
  /** As the author has it. */
  readonly real: string;
  /** As the compiler gets it. */
  readonly padded: string;
  /** In order. */
  readonly gaps: readonly Gap[];
  readonly toReal: (offset: number) => number;
  readonly toPadded: (realOffset: number) => number;
  readonly position: (offset: number) => Position;
  /** Between a gap and a word it is that of the word. */
  readonly offset: (position: Position) => number;
  /** What the author wrote there. */
  readonly textOf: (span: Span) => string;
  readonly range: (span: Span) => Range;
  readonly span: (range: Range) => Span;
}

/** What a declaration with braces may grow by before all is laid out anew, and one without. */
const GAP = 600;
const SMALL_GAP = 200;
/** Shorter ones aren't told from white space of the author's when they come back in the edits of a fix. */
const MIN_GAP = 120;
/** Longer ones, left by what was deleted, would be carried along for good. */
const MAX_GAP = 16_000;
/** Larger texts get no gaps: with them they would be too large for a source file. */
const MAX_PADDED = 900_000;

/** `without`: places of the author's text that get no gap. */
export function createSourceText(real: string, without: ReadonlySet<number>): SourceText {
  const places = gapsOf(real);
  return withGaps(real, without.size === 0 ? places : places.filter(({ at }) => !without.has(at)));
}

/** A text that nobody edits. */
export function createPlainText(real: string): SourceText {
  return withGaps(real, []);
}

/** Where an edit may move things: from the end of the declaration before the first one it touches to the end of the last one. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** Which of the two gaps should take up what changes in length, if there is a choice: then what stands on the other side of the edit doesn't move. */
  readonly prefer: "before" | "behind";
}

export interface Replaced {
  readonly source: SourceText;
  /** How far what stands in the region before the edit, and behind it, has moved. */
  readonly before: number;
  readonly behind: number;
}

/** The text after an edit, if a gap at one end of the region takes up what changed in length: all outside of the region stays where it is. */
export function replaceIn(
  source: SourceText,
  { start, end, text }: { readonly start: number; readonly end: number; readonly text: string },
  region: Region,
): Replaced | undefined {
  const growth = text.length - (end - start);
  const fits = ({ length }: Gap): boolean => length - growth >= MIN_GAP && length - growth <= MAX_GAP;
  const before = source.gaps.find((gap) => gap.at === region.start && gap.at + gap.length <= start && fits(gap));
  const behind = source.gaps.find((gap) => gap.at === region.end && gap.at >= end && fits(gap));
  const taken = region.prefer === "before" ? (before ?? behind) : (behind ?? before);
  if (taken === undefined) return undefined;
  const moved = taken === behind ? { before: 0, behind: growth } : { before: -growth, behind: 0 };
  const gaps = source.gaps.flatMap((gap): Gap[] => {
    const length = gap.length - growth;
    if (gap === taken) return [{ at: gap.at + moved.behind, length }];
    if (gap.at + gap.length <= start) return [gap.at < taken.at ? gap : { at: gap.at + moved.before, length: gap.length }];
    // What was deleted took its gaps along.
    if (gap.at < end) return [];
    return [gap.at > taken.at ? gap : { at: gap.at + moved.behind, length: gap.length }];
  });
  const { real, padded } = source;
  const changed = real.slice(0, source.toReal(start)) + text + real.slice(source.toReal(end));
  const blanks = blank(taken.length - growth);
  const rest = padded.slice(taken.at + taken.length, taken === behind ? padded.length : start);
  const made =
    taken === behind
      ? padded.slice(0, start) + text + padded.slice(end, taken.at) + blanks + rest
      : padded.slice(0, taken.at) + blanks + rest + text + padded.slice(end);
  return { source: build(changed, made, gaps), ...moved };
}

/** Without the gaps that a fix copied along with declarations. */
export function withoutGaps(text: string): string {
  return text.replace(new RegExp(`(?:\\t ){${MIN_GAP / 2},}\\t?`, "g"), "");
}

function withGaps(real: string, places: readonly Gap[]): SourceText {
  const gaps: Gap[] = [];
  const parts: string[] = [];
  let last = 0;
  let sum = 0;
  for (const { at, length } of places) {
    parts.push(real.slice(last, at), blank(length));
    gaps.push({ at: at + sum, length });
    sum += length;
    last = at;
  }
  parts.push(real.slice(last));
  return build(real, parts.join(""), gaps);
}

/** A pattern that nobody writes. */
function blank(length: number): string {
  return "\t ".repeat(Math.ceil(length / 2)).slice(0, length);
}

/** Words that begin declarations which end with a semicolon, and others. */
const LINES: ReadonlySet<string> = new Set(["import", "const", "state", "immutable", "parallel"]);
const BLOCKS: ReadonlySet<string> = new Set("contract mixin interface struct enum fn guard init invariant test".split(" "));

/** Behind each brace and semicolon that ends a declaration or a member of one, and where the first member may come; at offsets of the author's text. */
function gapsOf(real: string): readonly Gap[] {
  if (real.length > MAX_PADDED / 2) return [];
  const places: Gap[] = [];
  let depth = 0;
  let sum = 0;
  // Whether the next brace at the outermost level is that of a contract or mixin, and whether we are within one.
  let opens = false;
  let isWithin = false;
  // Up to its semicolon: braces of what it imports, of literals and matches end nothing.
  let isLine = false;
  const add = (at: number, length: number): void => {
    places.push({ at, length });
    sum += length;
  };
  for (const { image, startOffset } of scan(real, 0).tokens) {
    const isBetween = depth === 0 || (depth === 1 && isWithin);
    if (isBetween && LINES.has(image)) isLine = true;
    else if (isBetween && BLOCKS.has(image)) isLine = false;
    if (depth === 0 && (image === "contract" || image === "mixin")) opens = true;
    else if (image === "{") {
      if (depth === 0) {
        isWithin = opens;
        opens = false;
        if (isWithin) add(startOffset + 1, SMALL_GAP);
      }
      depth++;
    } else if (image === "}") {
      depth = Math.max(0, depth - 1);
      if (!isLine && (depth === 0 || (depth === 1 && isWithin))) add(startOffset + 1, GAP);
    } else if (image === ";" && isBetween) {
      isLine = false;
      add(startOffset + 1, SMALL_GAP);
    }
  }
  return real.length + sum > MAX_PADDED ? [] : places;
}

function build(real: string, padded: string, gaps: readonly Gap[]): SourceText {
  // Sums of the gaps before each, for both ways.
  const before: number[] = [];
  let sum = 0;
  for (const gap of gaps) {
    before.push(sum);
    sum += gap.length;
  }
  const total = sum;
  /** The number of gaps that begin before the offset. */
  const count = (isBefore: (index: number) => boolean): number => {
    let low = 0;
    let high = gaps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const toReal = (offset: number): number => {
    const gapsBefore = count((i) => gaps[i].at < offset);
    if (gapsBefore === 0) return Math.min(offset, real.length);
    const { at, length } = gaps[gapsBefore - 1];
    return Math.min(Math.max(at, offset - length) - before[gapsBefore - 1], real.length);
  };
  const toPadded = (realOffset: number): number => {
    const gapsBefore = count((i) => gaps[i].at - before[i] < realOffset);
    return realOffset + (gapsBefore === gaps.length ? total : before[gapsBefore]);
  };
  const starts = lineStarts(real);
  const position = (offset: number): Position => {
    const at = toReal(offset);
    const line = lineAt(starts, at);
    return { line, character: at - starts[line] };
  };
  /** Positions outside of the text mean the nearest inside. */
  const realOffset = ({ line, character }: Position): number => {
    if (line >= starts.length) return real.length;
    if (line < 0) return 0;
    const start = starts[line];
    const next = line + 1 < starts.length ? starts[line + 1] : real.length;
    let end = next;
    while (end > start && line + 1 < starts.length && (real[end - 1] === "\n" || real[end - 1] === "\r")) end--;
    return Math.min(start + Math.max(0, character), end);
  };
  const offset = (place: Position): number => {
    const at = realOffset(place);
    const padded = toPadded(at);
    if (at === real.length || /\s/.test(real[at])) return padded;
    const gap = gaps.at(count((i) => gaps[i].at < padded));
    return gap?.at === padded ? padded + gap.length : padded;
  };
  return {
    real,
    padded,
    gaps,
    toReal,
    toPadded,
    position,
    offset,
    textOf: (span) => real.slice(toReal(span.start), toReal(span.end)),
    range: (span) => ({ start: position(span.start), end: position(span.end) }),
    span: (range) => {
      const start = offset(range.start);
      return { start, end: Math.max(start, toPadded(realOffset(range.end))) };
    },
  };
}

/** Of the protocol: `\n`, `\r\n` and `\r` end lines. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 10 || (char === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}
