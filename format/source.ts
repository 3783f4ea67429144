/**
 * What the writer knows of a source text beside its syntax tree: tokens, comments, and on which lines they stand. Offsets are those of the text that
 * is given here, whose lines end in `\n` alone.
 */
import type { Comment } from "../grammar/ast.ts";
import { lineAt, lineStarts } from "../grammar/lines.ts";
import type { TokenizedResult } from "../grammar/parse.ts";

export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly text: string;
  /** In their order, and one without text at the end of the file. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** From 0. */
  readonly lineOf: (offset: number) => number;
  /** Lines on which a `weft-allow` silences something: what stands there together has to stay together. */
  readonly allowed: ReadonlySet<number>;
}

const ALLOW = /^\/\/\s*weft-allow\b/;

export function readSource({ file: { text, comments }, tokens: scanned }: TokenizedResult): Source {
  const tokens: Token[] = scanned.map(({ image, startOffset }) => ({ text: image, start: startOffset, end: startOffset + image.length }));
  tokens.push({ text: "", start: text.length, end: text.length });
  const starts = lineStarts(text);
  const lineOf = (offset: number): number => lineAt(starts, offset);
  return { text, tokens, comments, lineOf, allowed: allowedLines(tokens, comments, lineOf) };
}

/** The comment's own line, or that of the next token when the comment has a line for itself. */
function allowedLines(tokens: readonly Token[], comments: readonly Comment[], lineOf: Source["lineOf"]): ReadonlySet<number> {
  const lines = new Set<number>();
  let at = 0;
  for (const { kind, text: comment, span } of comments) {
    if (kind !== "line" || !ALLOW.test(comment)) continue;
    while (tokens[at].start < span.start && at < tokens.length - 1) at++;
    const isAlone = at === 0 || lineOf(tokens[at - 1].start) < lineOf(span.start);
    lines.add(lineOf(isAlone ? tokens[at].start : span.start));
  }
  return lines;
}
