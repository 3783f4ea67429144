/**
 * The texts behind a program, for fixes: what stands at a place, declarations as they were written, and edits that keep lines and their
 * indentation tidy. Knows syntax only.
 */
import type { FunctionDecl, Member, SourceFile, Span, StateDecl } from "../../grammar/ast.ts";
import { Bug } from "../core/bug.ts";
import type { Edit, Place } from "../diagnostics/diagnostic.ts";

export interface Source {
  readonly textOf: (place: Place) => string;
  /** What stands before and behind it, a few characters of each. */
  readonly textAround: (place: Place) => readonly [string, string];
  /** Another statement may stand before it: it is no arm of a `match`, no `if` behind an `else`, and no value, be it on a line of its own. */
  readonly startsStatement: (place: Place) => boolean;
  /** Behind the first opening bracket after a name. */
  readonly behindOpening: (place: Place) => number;
  /** The declaration of a field in state, by its whole span. */
  readonly stateAt: (place: Place) => StateDecl | undefined;
  readonly isInMixin: (place: Place) => boolean;
  /** A function by its name's span. */
  readonly functionAt: (place: Place) => FunctionDecl | undefined;
  /** Functions that some interface of the program asks for. */
  readonly interfaceFunctions: ReadonlySet<string>;
  /** Whether a function or getter of this name is called anywhere: on `self`, on another contract, in a test. Errs on the side of "yes". */
  readonly isCalled: (name: string) => boolean;
  /** Names that a file declares or imports. */
  readonly namesIn: (path: string) => ReadonlySet<string>;
  readonly replace: (place: Place, text: string) => Edit;
  /** Takes a statement out, with its line when it has one for itself. */
  readonly remove: (place: Place) => Edit;
  /** Statements before the one at the place, each on a line of its own with the same indentation. */
  readonly before: (place: Place, statements: readonly string[]) => Edit;
  /** Statements in the place of the one that stands there. */
  readonly instead: (place: Place, statements: readonly string[]) => Edit;
}

const AROUND = 32;

export function createSource(trees: readonly SourceFile[], called = namesCalled(trees)): Source {
  const files = new Map(trees.map((tree) => [tree.path, tree]));
  const fileOf = (path: string): SourceFile => {
    const file = files.get(path);
    if (file === undefined) throw new Bug(`lints: no file ${path}`);
    return file;
  };
  const text = (path: string): string => fileOf(path).text;
  const members = new Map<string, Member>();
  for (const { path, items } of trees) {
    for (const item of items) {
      if (item.kind !== "contract" && item.kind !== "mixin") continue;
      for (const member of item.members) members.set(keyOf(path, member.kind === "function" ? member.name : member.span), member);
    }
  }
  const ends = new Map(trees.map((tree) => [tree.path, lineEnd(tree)]));
  const lines = (place: Place, statements: readonly string[]): string => {
    const whole = text(place.path);
    const indentation = whole.slice(lineStart(whole, place.span.start), place.span.start);
    // Among others on its line it stays there.
    if (indentation.trim() !== "") return statements.join(" ");
    return statements.join(`${ends.get(place.path) ?? "\n"}${indentation}`);
  };
  return {
    textOf: ({ path, span }) => text(path).slice(span.start, span.end),
    textAround: ({ path, span }) => [
      text(path).slice(Math.max(0, span.start - AROUND), span.start),
      text(path).slice(span.end, span.end + AROUND),
    ],
    startsStatement: ({ path, span }) => [";", "{", "}"].includes(lastCodeBefore(text(path), span.start)),
    behindOpening: ({ path, span }) => text(path).indexOf("(", span.end) + 1,
    stateAt: ({ path, span }) => {
      const member = members.get(keyOf(path, span));
      return member?.kind === "state" ? member : undefined;
    },
    isInMixin: ({ path, span }) =>
      fileOf(path).items.some((item) => item.kind === "mixin" && item.span.start <= span.start && span.end <= item.span.end),
    functionAt: ({ path, span }) => {
      const member = members.get(keyOf(path, span));
      return member?.kind === "function" ? member : undefined;
    },
    interfaceFunctions: new Set(namesAsked(trees)),
    isCalled: (name) => called.has(name),
    namesIn: (path) => new Set(namesOf(fileOf(path))),
    replace: ({ path, span }, replacement) => ({ path, span: { start: span.start, end: span.end }, text: replacement }),
    remove: ({ path, span }) => ({ path, span: wholeLines(text(path), span), text: "" }),
    before: (place, statements) => {
      const { start } = place.span;
      return { path: place.path, span: { start, end: start }, text: lines(place, [...statements, ""]) };
    },
    instead: (place, statements) => ({
      path: place.path,
      span: { start: place.span.start, end: place.span.end },
      text: lines(place, statements),
    }),
  };
}

function keyOf(path: string, { start, end }: Span): string {
  return `${path} ${start} ${end}`;
}

/** Names that a file declares or imports. */
export function namesOf({ items }: SourceFile): readonly string[] {
  return items.flatMap((item) => {
    if (item.kind === "import") return item.names.map(({ name, alias }) => (alias ?? name).text);
    return item.kind === "test" ? [] : [item.name.text];
  });
}

/** Names of functions that interfaces have. */
export function namesAsked(trees: readonly SourceFile[]): readonly string[] {
  return trees.flatMap(({ items }) =>
    items.flatMap((item) => (item.kind === "interface" ? item.functions.map(({ name }) => name.text) : [])),
  );
}

export function lineEnd({ text }: SourceFile): "\r\n" | "\n" {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

export function namesCalled(trees: readonly SourceFile[]): ReadonlySet<string> {
  return new Set(trees.flatMap(({ text }) => calledNames(text)));
}

/** Names behind a dot and before a bracket: what `isCalled` knows of a text. */
export function calledNames(text: string): readonly string[] {
  const calls = text.matchAll(/(\bself\s*\.\s*\w+\s*)?\.\s*(\w+)\s*\(/g);
  // `self.ids.next()` draws a number.
  return [...calls].flatMap(([, field, name]) => (name === "next" && field !== undefined ? [] : [name]));
}

/** The last character in front of the offset that isn't blank or part of a comment; comments end their lines. */
function lastCodeBefore(text: string, offset: number): string {
  for (let end = offset; end > 0;) {
    const start = lineStart(text, end);
    const line = text.slice(start, end);
    const code = (end === offset ? line : line.replace(/\/\/.*/, "")).trimEnd();
    if (code !== "") return code.slice(-1);
    end = start - 1;
  }
  return "";
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The lines of a statement that shares them with nothing else; else the statement and the gap behind it. */
function wholeLines(text: string, { start, end }: Span): Span {
  const from = lineStart(text, start);
  const rest = /^[ \t]*\r?(\n|$)/.exec(text.slice(end));
  if (rest !== null && text.slice(from, start).trim() === "") return { start: from, end: end + rest[0].length };
  return { start, end: end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0) };
}

/** A comment inside would be lost or come to stand elsewhere: then the author makes the change. */
export function hasComment(text: string): boolean {
  return text.includes("//") || text.includes("/*");
}
