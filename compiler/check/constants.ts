/**
 * Constants: the value of a `const`, the initial value of a state field, loop caps. The expression checker folds operators on
 * literals, so a constant is an expression that ends up as one literal.
 */
import type { ConstDecl, Expr as ExprNode, Span } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Value } from "../typed/tree.ts";
import { createBody, POISON, report } from "./context.ts";
import type { Constant, FileScope, ProgramContext } from "./context.ts";
import { coerce } from "./coerce.ts";
import { resolveType, startResolving } from "./resolve-type.ts";

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
export function evaluate(program: ProgramContext, file: FileScope, node: ExprNode, type: Type): Value | undefined {
  const body = createBody(program, file, "constant");
  const expr = coerce(body, program.check(body, node, type.kind === "poison" ? undefined : type), type);
  if (expr.type.kind === "poison" || type.kind === "poison") return undefined;
  if (expr.kind === "literal") return expr.value;
  report(body, "E0309", node.span);
  return undefined;
}
