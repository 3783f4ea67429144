/**
 * Collects the text of a file as documents of Prettier's, prints them piece by piece, and knows nothing of what they say. A statement or another piece that
 * surely begins and ends with a line is printed as soon as it is written. So a long file takes no more memory than its longest statement, and one that
 * gets too long is given up early: deep brackets can make a text hundreds of times as long.
 */
import { builders, printer } from "prettier/doc";

export type Doc = builders.Doc;

export interface Output {
  push(doc: Doc): void;
  /** A line that is surely broken here. An odd one stands deeper than the lines that belong to it. */
  newLine(isOdd?: boolean): void;
  /** A place that breaks with its group; `flat` is its width otherwise. */
  breakable(doc: Doc, flat: number): void;
  /** The open group gets this much wider at least. */
  widen(by: number): void;
  group(body: () => void, isBroken: boolean): void;
  indent(body: () => void): void;
  /** The whole text. */
  finish(): string;
}

/** The text gets longer than it may. */
export class TooLong extends Error {}

/** What the examples are written for. */
const LINE_WIDTH = 120;
const INDENT = 2;
const OPTIONS = { printWidth: LINE_WIDTH, tabWidth: INDENT, useTabs: false };

const { hardline } = builders;
/** As wide as it is long. */
const PLAIN = /^[ -~]*$/;
const oddBreak = builders.indent(hardline);

export function createOutput(maxLength: number): Output {
  let parts: Doc[] = [];
  const printed: string[] = [];
  let length = 0;
  /** What the piece that is being written will take at least. */
  let estimated = 0;
  /** Groups that are open, indentation outside of them, and all of it. */
  let groupDepth = 0;
  let level = 0;
  let depth = 0;
  /** Where the line begins that is being written; the first line of the file has no break before it. */
  let lineLevel = 0;
  /** That line stands deeper than the lines that belong to it. */
  let isOddLine = false;
  let isFirstLine = true;
  /** Of what is written in the open group: its width on one line at least, and what its breaks take at least. */
  let width = 0;
  let breakLength = 0;

  function push(doc: Doc): void {
    const top = parts.length - 1;
    const before = parts[top];
    if (typeof doc === "string" && typeof before === "string") parts[top] = before + doc;
    // Where a line has to stay as it is, the level may change within it.
    else parts.push(typeof doc === "string" || groupDepth > 0 ? doc : builders.align(level * INDENT, doc));
  }

  /** A line that is surely broken here. */
  function newLine(isOdd = false): void {
    if (groupDepth > 0) {
      estimate(1 + depth * INDENT);
      return push(isOdd ? oddBreak : hardline);
    }
    flush();
    lineLevel = level;
    isOddLine = isOdd;
  }

  function flush(): void {
    const [first] = parts;
    if (isFirstLine && parts.length === 0) return;
    let chunk: string;
    if (parts.length === 0) chunk = "\n";
    else if (parts.length === 1 && typeof first === "string") chunk = `\n${" ".repeat((lineLevel + (isOddLine ? 1 : 0)) * INDENT)}${first}`;
    else {
      const margin = (lineLevel + (isOddLine ? 1 : 0)) * INDENT;
      const flat = onOneLine(parts, LINE_WIDTH - margin, false);
      if (flat !== undefined) chunk = `\n${" ".repeat(margin)}${flat}`;
      else {
        const start = builders.align(lineLevel * INDENT, isOddLine ? oddBreak : hardline);
        chunk = printer.printDocToString([start, ...parts], OPTIONS).formatted;
      }
    }
    parts = [];
    printed.push(isFirstLine ? chunk.slice(1) : chunk);
    isFirstLine = false;
    length += chunk.length;
    estimated = 0;
    estimate(0);
  }

  function estimate(by: number): void {
    estimated += by;
    if (length + estimated > maxLength) throw new TooLong();
  }

  function breakable(doc: Doc, flat: number): void {
    push(doc);
    width += flat;
    breakLength += 1 + depth * INDENT;
  }

  function nested(body: () => void): Doc[] {
    const outer = parts;
    parts = [];
    body();
    const inner = parts;
    parts = outer;
    return inner;
  }

  function group(body: () => void, isBroken: boolean): void {
    const [widthBefore, lengthBefore] = [width, breakLength];
    width = 0;
    breakLength = 0;
    groupDepth++;
    const inner = nested(body);
    groupDepth--;
    const isLong = width > LINE_WIDTH;
    // What surely doesn't fit needn't be tried.
    if (isLong) estimate(breakLength);
    width += widthBefore;
    breakLength = lengthBefore;
    if (inner.length === 1 && typeof inner[0] === "string") push(inner[0]);
    else if (inner.length > 0) push(builders.group(inner, { shouldBreak: isBroken || isLong }));
  }

  function indent(body: () => void): void {
    depth++;
    if (groupDepth === 0) {
      level++;
      body();
      level--;
    } else {
      const inner = nested(body);
      if (inner.length > 0) push(builders.indent(inner));
    }
    depth--;
  }

  return {
    push,
    newLine,
    breakable,
    widen(by) {
      width += by;
    },
    group,
    indent,
    finish() {
      flush();
      return printed.length === 0 ? "" : `${printed.join("")}\n`;
    },
  };
}

/** What Prettier would print where all groups fit on their line and nothing has to break: most lines, in a fraction of the time. Undefined otherwise. */
function onOneLine(doc: Doc, room: number, isInGroup: boolean): string | undefined {
  if (typeof doc === "string") return doc.length <= room && PLAIN.test(doc) ? doc : undefined;
  if (Array.isArray(doc)) {
    let text = "";
    for (const one of doc) {
      const next = onOneLine(one, room - text.length, isInGroup);
      if (next === undefined) return undefined;
      text += next;
    }
    return text;
  }
  switch (doc.type) {
    case "group":
      return doc.break === false ? onOneLine(doc.contents, room, true) : undefined;
    case "indent":
    case "align":
      return onOneLine(doc.contents, room, isInGroup);
    case "line":
      if (!isInGroup || "hard" in doc) return undefined;
      return onOneLine("soft" in doc ? "" : " ", room, true);
    case "if-break":
      return isInGroup ? onOneLine(doc.flatContents, room, true) : undefined;
    default:
      return undefined;
  }
}
