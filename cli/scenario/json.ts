/**
 * A JSON parser that keeps where each value stands, so that a mistake in a scenario can be pointed at like one in a program.
 * Strict JSON (RFC 8259) and bounded depth; numbers are kept as text, since amounts don't fit a double. Duplicate keys are refused.
 */
import type { Span } from "../../grammar/ast.ts";

export type JsonNode =
  | { readonly kind: "null"; readonly span: Span }
  | { readonly kind: "bool"; readonly value: boolean; readonly span: Span }
  | { readonly kind: "number"; readonly text: string; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly span: Span }
  | { readonly kind: "array"; readonly items: readonly JsonNode[]; readonly span: Span }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, JsonEntry>; readonly span: Span };

export interface JsonEntry {
  readonly keySpan: Span;
  readonly value: JsonNode;
}

export type JsonResult =
  { readonly kind: "value"; readonly value: JsonNode } | { readonly kind: "problem"; readonly problem: string; readonly span: Span };

/** Scenarios nest a handful of levels; the parser recurses. */
const MAX_DEPTH = 64;

/** Unwinds the parser at the first mistake; never leaves this file. */
class JsonProblem {
  readonly problem: string;
  readonly span: Span;
  constructor(problem: string, span: Span) {
    this.problem = problem;
    this.span = span;
  }
}

export function parseJson(text: string): JsonResult {
  const parser = createParser(text);
  try {
    const value = parser.value(0);
    parser.end();
    return { kind: "value", value };
  } catch (error) {
    if (error instanceof JsonProblem) return { kind: "problem", problem: error.problem, span: error.span };
    throw error;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z_]+/y;

function createParser(text: string): { readonly value: (depth: number) => JsonNode; readonly end: () => void } {
  let at = 0;

  function fail(problem: string, start = at, end = Math.min(start + 1, text.length)): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- unwinding, not an error of ours
    throw new JsonProblem(problem, { start, end });
  }

  function skipSpace(): void {
    while (at < text.length && " \t\n\r".includes(text[at])) at++;
  }

  function found(): string {
    if (at >= text.length) return "the end of the file";
    return JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
  }

  function value(depth: number): JsonNode {
    skipSpace();
    if (depth > MAX_DEPTH) fail(`nested deeper than ${MAX_DEPTH} levels`);
    const start = at;
    const char = text[at];
    if (char === "{") return object(depth);
    if (char === "[") return array(depth);
    if (char === '"') return { kind: "string", value: string(), span: { start, end: at } };
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text);
    if (number !== null) {
      at += number[0].length;
      return { kind: "number", text: number[0], span: { start, end: at } };
    }
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0] ?? "";
    const span = { start, end: start + word.length };
    at += word.length;
    if (word === "true" || word === "false") return { kind: "bool", value: word === "true", span };
    if (word === "null") return { kind: "null", span };
    at = start;
    return fail(`expected a value, found ${word === "" ? found() : `\`${word.slice(0, 40)}\``}`, start, Math.max(span.end, start));
  }

  function object(depth: number): JsonNode {
    const start = at++;
    const entries = new Map<string, JsonEntry>();
    skipSpace();
    if (text[at] === "}") return { kind: "object", entries, span: { start, end: ++at } };
    for (;;) {
      skipSpace();
      if (text[at] !== '"') fail(`expected a name in double quotes, found ${found()}`);
      const keyStart = at;
      const key = string();
      const keySpan = { start: keyStart, end: at };
      if (entries.has(key)) fail(`\`${key.slice(0, 80)}\` is given twice`, keyStart, at);
      skipSpace();
      if (text[at] !== ":") fail(`expected \`:\`, found ${found()}`);
      at++;
      entries.set(key, { keySpan, value: value(depth + 1) });
      if (closes("}")) return { kind: "object", entries, span: { start, end: at } };
    }
  }

  function array(depth: number): JsonNode {
    const start = at++;
    const items: JsonNode[] = [];
    skipSpace();
    if (text[at] === "]") return { kind: "array", items, span: { start, end: ++at } };
    for (;;) {
      items.push(value(depth + 1));
      if (closes("]")) return { kind: "array", items, span: { start, end: at } };
    }
  }

  function closes(bracket: string): boolean {
    skipSpace();
    if (text[at] !== "," && text[at] !== bracket) fail(`expected \`,\` or \`${bracket}\`, found ${found()}`);
    return text[at++] === bracket;
  }

  function string(): string {
    const start = at++;
    for (;;) {
      const char = text.charCodeAt(at);
      if (Number.isNaN(char) || char === 10) fail("this string has no end", start, at);
      if (char < 0x20) fail("control characters in strings are written as escapes");
      if (char === 0x5c) at++;
      at++;
      if (char === 0x22) break;
    }
    try {
      const parsed: unknown = JSON.parse(text.slice(start, at));
      return typeof parsed === "string" ? parsed : "";
    } catch {
      return fail("this string has a bad escape", start, at);
    }
  }

  return {
    value,
    end: () => {
      skipSpace();
      if (at < text.length) fail(`expected the end of the file, found ${found()}`);
    },
  };
}
