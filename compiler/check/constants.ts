/**
 * Constants: the value of a `const`, the initial value of a state field, loop caps. The expression checker folds operators on literals and takes
 * members and elements of constants, so a constant is an expression that ends up as literals alone.
 */
import type { ConstDecl, Expr as ExprNode, Span } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { coerce } from "./coerce.ts";
import { createBody, poison, POISON, report, siteOf } from "./context.ts";
import type { Body, Constant, Decl, FileScope, ProgramContext } from "./context.ts";
import { copyOf, isConstant } from "./copy.ts";
import { resolveType, startResolving } from "./resolve-type.ts";

/** Literals that uses of constants add to a program: a constant made of constants could double with each. */
export const MAX_PARTS = 1_048_576;

export function constantOf(program: ProgramContext, file: FileScope, decl: ConstDecl, use: Span): Constant {
  const known = program.constants.get(decl);
  if (known !== undefined) return known;
  if (!startResolving({ program, file }, decl, "constant", use)) return { type: POISON, value: undefined };
  const type = resolveType({ program, file }, decl.type, "constant");
  const constant: Constant = { type, value: evaluate(program, file, decl.value, type) };
  program.resolving.pop();
  program.constants.set(decl, constant);
  return constant;
}

/** Undefined when an error was reported. */
export function evaluate(program: ProgramContext, file: FileScope, node: ExprNode, type: Type): Expr | undefined {
  const body = createBody(program, file, "constant");
  const expr = coerce(body, program.check(body, node, type.kind === "poison" ? undefined : type), type);
  if (expr.type.kind === "poison" || type.kind === "poison") return undefined;
  if (isConstant(expr)) return expr;
  report(body, "E0309", node.span);
  return undefined;
}

/** The value of a constant where its name stands. */
export function useConstant(body: Body, decl: Extract<Decl, { kind: "const" }>, span: Span): Expr {
  const { value } = body.program.constant(decl.file, decl.node, span);
  if (value === undefined) return poison(body, span);
  const { budget } = body.program;
  if (value.kind !== "literal") budget.parts += partsOf(value, MAX_PARTS - budget.parts + 1);
  if (budget.parts <= MAX_PARTS) return copyOf(body.program, value, siteOf(body.file, span));
  report(body, "E0391", span, { what: "the size of all constants where they are used", limit: `${MAX_PARTS} values` });
  return poison(body, span);
}

/** How many nodes a constant has; counts no further than `enough`. */
function partsOf(expr: Expr, enough: number): number {
  const parts =
    expr.kind === "tuple" || expr.kind === "list"
      ? expr.elements
      : expr.kind === "struct"
        ? expr.values
        : expr.kind === "variant"
          ? expr.args
          : [];
  let count = 1;
  for (const part of parts) {
    if (count >= enough) break;
    count += partsOf(part, enough - count);
  }
  return count;
}
