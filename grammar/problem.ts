/**
 * What the lexer and the parser report: data for the compiler's table of diagnostic codes, never thrown.
 *
 * Codes and the names of their args (values come ready to print: tokens stand in backticks already, `limit` is a plain
 * number, `reason` is a clause without capital and full stop):
 *
 * | code  | args            | when                                                                                      |
 * |-------|-----------------|-------------------------------------------------------------------------------------------|
 * | E0101 | char            | a character that belongs to no token, or an invisible one that changes the reading order   |
 * | E0102 | expected, found | another token than the grammar allows, e.g. expected "a name", found "`match`"             |
 * | E0103 | missing         | a token is missing; the span is empty and lies where it should be inserted                 |
 * | E0104 | open, close     | a bracket isn't closed; the span is where `close` was expected, a note points at the opener |
 * | E0105 | what            | "string" or "block comment" doesn't end; the span is its beginning                         |
 * | E0106 | text, reason    | a number literal that means nothing, e.g. text "`1.5`", reason "there are no fractions"    |
 * | E0107 | what, limit     | nesting too deep: what is "brackets", "types", "the syntax tree" (long chains count too)   |
 * | E0108 | limit           | the file has more than `limit` bytes; nothing of it was parsed                             |
 * | E0109 | limit           | the last problem of a file that has more than `limit`: the parser stopped there            |
 * | E0110 | text, reason    | a bad escape in a string, or a bad literal after `@`                                       |
 * | E0111 | char            | half a surrogate pair: the text can't be written as UTF-8                                  |
 */
import type { Span } from "./ast.ts";

/** As it leaves the grammar. */
export interface HintedProblem extends SyntaxProblem {
  /** What to write instead, where that is known. */
  readonly help: string | undefined;
  /** On the line of one that says what to write instead: most likely the same slip again, and not shown. */
  readonly isFollowUp: boolean;
}

export interface SyntaxProblem {
  /** One of the E01xx codes of `compiler/diagnostics/codes.ts`. */
  readonly code: string;
  readonly span: Span;
  /** Values for the placeholders of the code's message, e.g. `expected`, `found`. */
  readonly args: Readonly<Record<string, string>>;
  /** Other places involved, e.g. the bracket that isn't closed. */
  readonly notes: readonly { readonly span: Span; readonly text: string }[];
}
