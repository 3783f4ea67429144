/** Arguments of calls: how many there are, and those whose type is one of a family. */
import type { Expr as ExprNode, Span } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { coerce } from "./coerce.ts";
import { poison, report } from "./context.ts";
import type { Body } from "./context.ts";

/** The longest string, bytes or list there is, in bytes or elements. */
export const MAX_BYTES = 65_536;

interface Call {
  readonly args: readonly ExprNode[];
  readonly span: Span;
}

/** For calls that are wrong as a whole: their arguments may hold mistakes of their own. */
export function ignoreCall(body: Body, call: Call): Expr {
  for (const arg of call.args) body.program.check(body, arg, undefined);
  return poison(body, call.span);
}

/** Counts arguments; on a mismatch they are still checked for mistakes of their own. */
export function checkCount(body: Body, call: Call, name: string, expected: number): boolean {
  const found = call.args.length;
  if (found === expected) return true;
  ignoreCall(body, call);
  report(body, "E0304", call.span, { name, expected: expected === 1 ? "1 argument" : `${expected} arguments`, found });
  return false;
}

/** A value of type `bytes`, however long it may be. */
export function checkBytes(body: Body, node: ExprNode): Expr {
  // Only literals take their type from here: what else is cut to an expected length would be as long as this.
  const hint: Type | undefined = node.kind === "int" || node.kind === "string" ? { kind: "bytes", max: MAX_BYTES } : undefined;
  const expr = body.program.check(body, node, hint);
  return expr.type.kind === "bytes" ? expr : coerce(body, expr, { kind: "bytes", max: MAX_BYTES });
}
