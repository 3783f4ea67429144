/**
 * One expression of the language from the command line: parsed as it would be in a test, with `@alice` for accounts. What is wrong with it is
 * pointed at in the argument itself, as in a file.
 */
import type { Expr } from "../../grammar/ast.ts";
import { parseFile } from "../../grammar/parse.ts";
import { Bug } from "../../compiler/core/bug.ts";
import { isCode } from "../../compiler/diagnostics/codes.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";

export type ReadExpression =
  | { readonly kind: "expression"; readonly expr: Expr; readonly offset: number }
  | { readonly kind: "problems"; readonly diagnostics: readonly Diagnostic[] };

/** Accounts are known in tests only. A comment in the text ends with the line. */
const BEFORE = 'test "" { ';
const AFTER = "\n; }";

/** `option` is the name that diagnostics give as the file. Spans of the expression are `offset` too far to the right. */
export function readExpression(option: string, text: string): ReadExpression {
  if (text.trim() === "") {
    const empty = { path: option, span: { start: 0, end: 0 } };
    return { kind: "problems", diagnostics: [diagnose("E0810", empty, { problem: `\`${option}\` is empty` })] };
  }
  const { file, problems } = parseFile(option, BEFORE + text + AFTER);
  const offset = BEFORE.length;
  const place = (
    start: number,
    end: number,
  ): { readonly path: string; readonly span: { readonly start: number; readonly end: number } } => {
    const inside = (at: number): number => Math.max(0, Math.min(text.length, at - offset));
    return { path: option, span: { start: inside(start), end: inside(end) } };
  };
  const diagnostics = problems
    .filter(({ isFollowUp }) => !isFollowUp)
    .map(({ code, span, args, help }) => {
      if (!isCode(code)) throw new Bug(`the parser reported the unknown code ${code}`);
      return diagnose(code, place(span.start, span.end), args, help === undefined ? {} : { help });
    });
  if (diagnostics.length > 0) return { kind: "problems", diagnostics };
  const item = file.items.length === 1 ? file.items[0] : undefined;
  const statements = item?.kind === "test" ? item.body.statements : [];
  const statement = statements.length === 1 ? statements[0] : undefined;
  if (statement?.kind === "expr") return { kind: "expression", expr: statement.expr, offset };
  const problem = `\`${option}\` takes one expression`;
  return { kind: "problems", diagnostics: [diagnose("E0810", place(offset, offset + text.length), { problem })] };
}
