/** Independence assertions: the functions they name, and their condition as comparisons of what is known of two calls. */
import type { BinaryExpr, Expr as ExprNode, MemberExpr, Name, ParallelDecl } from "../../grammar/ast.ts";
import { sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { ClaimTerm, Condition, Func, ParallelClaim } from "../typed/tree.ts";
import { coerce } from "./coerce.ts";
import { ADDRESS, createBody, siteOf, U256 } from "./context.ts";
import type { Body, FileScope, MemberScope, ProgramContext } from "./context.ts";
import { unknownMember, unknownName } from "./lookup.ts";

/** Comparisons in one condition; proofs look at all combinations of a few. */
const MAX_COMPARISONS = 64;

interface Scope {
  readonly body: Body;
  readonly file: FileScope;
  readonly sides: ReadonlyMap<string, { readonly side: "left" | "right"; readonly func: Func }>;
}

export function checkParallel(
  program: ProgramContext,
  file: FileScope,
  members: MemberScope,
  node: ParallelDecl,
  external: ReadonlyMap<string, Func>,
): ParallelClaim | undefined {
  const left = findTarget(program, file, members, node.left.target, external);
  const right = findTarget(program, file, members, node.right.target, external);
  if (node.left.binder.text === node.right.binder.text) {
    program.reporter.report("E0201", siteOf(file, node.right.binder), { name: node.right.binder.text });
    return undefined;
  }
  if (left === undefined || right === undefined) return undefined;
  const sides = new Map([
    [node.left.binder.text, { side: "left", func: left } as const],
    [node.right.binder.text, { side: "right", func: right } as const],
  ]);
  const scope: Scope = { body: createBody(program, file, "constant"), file, sides };
  const when = node.when === undefined ? undefined : checkWhen(scope, node.when);
  if (node.when !== undefined && when === undefined) return undefined;
  return {
    left: { binder: node.left.binder.text, func: left.id },
    right: { binder: node.right.binder.text, func: right.id },
    when,
    site: siteOf(file, node.span),
  };
}

function findTarget(
  program: ProgramContext,
  file: FileScope,
  members: MemberScope,
  name: Name,
  external: ReadonlyMap<string, Func>,
): Func | undefined {
  const func = external.get(name.text);
  if (func !== undefined) return func;
  const internal = members.functions.has(name.text);
  if (internal)
    program.reporter.report("E0210", siteOf(file, name), {
      name: name.text,
      found: "an internal function",
      expected: "one that can be called from outside",
    });
  else unknownName({ program, file }, "function", name, external.keys());
  return undefined;
}

function strip(node: ExprNode): ExprNode {
  let inner = node;
  while (inner.kind === "paren") inner = inner.inner;
  return inner;
}

function checkWhen(scope: Scope, node: ExprNode): Condition | undefined {
  if (count(node) <= MAX_COMPARISONS) return checkCondition(scope, node);
  complain(scope, node, "E0391", { what: "the number of comparisons", limit: MAX_COMPARISONS });
  return undefined;
}

/** Comparisons joined by `&&` and `||`, along the left in a loop: the limit is checked before anything recurses. */
function count(node: ExprNode): number {
  let total = 1;
  let inner = strip(node);
  while (inner.kind === "binary" && (inner.op === "&&" || inner.op === "||") && total <= MAX_COMPARISONS) {
    total += count(inner.right);
    inner = strip(inner.left);
  }
  return total;
}

function checkCondition(scope: Scope, node: ExprNode): Condition | undefined {
  const inner = strip(node);
  if (inner.kind === "missing") return undefined;
  if (inner.kind === "binary") {
    if (inner.op === "&&" || inner.op === "||") {
      const left = checkCondition(scope, inner.left);
      const right = checkCondition(scope, inner.right);
      return left === undefined || right === undefined ? undefined : { kind: inner.op === "&&" ? "and" : "or", left, right };
    }
    if (inner.op === "==" || inner.op === "!=") return checkComparison(scope, inner);
  }
  complain(scope, inner, "E0331");
  return undefined;
}

function checkComparison(scope: Scope, node: BinaryExpr): Condition | undefined {
  const [leftNode, rightNode] = [strip(node.left), strip(node.right)];
  // A constant takes its type from the other side.
  const first = isTerm(scope, leftNode) ? checkTerm(scope, leftNode) : undefined;
  const second = isTerm(scope, rightNode) ? checkTerm(scope, rightNode) : checkConstant(scope, rightNode, first?.type);
  const left = isTerm(scope, leftNode) ? first : checkConstant(scope, leftNode, second?.type);
  if (left === undefined || second === undefined) return undefined;
  if (!comparable(left.type, second.type)) {
    complain(scope, node, "E0303", { op: node.op, left: showType(left.type), right: showType(second.type) }, undefined);
    return undefined;
  }
  return { kind: node.op === "==" ? "equal" : "differ", left, right: second };
}

/** A typed address and an address are compared as addresses. */
function comparable(a: Type, b: Type): boolean {
  const addresses = (type: Type): boolean => type.kind === "address" || type.kind === "handle";
  return (addresses(a) && addresses(b)) || (sameType(a, b) && ["bool", "int", "bytes32", "enum", "string", "bytes"].includes(a.kind));
}

function isTerm(scope: Scope, node: ExprNode): node is MemberExpr {
  return node.kind === "member" && node.object.kind === "name" && scope.sides.has(node.object.name);
}

function checkTerm(scope: Scope, node: MemberExpr): ClaimTerm | undefined {
  const bound = node.object.kind === "name" ? scope.sides.get(node.object.name) : undefined;
  if (bound === undefined) return undefined;
  const { side, func } = bound;
  const name = node.name.text;
  const index = func.params.findIndex((param) => param.name === name);
  if (index !== -1) {
    const { type } = func.params[index];
    return type.kind === "poison" ? undefined : { kind: "param", side, index, type };
  }
  if (name === "caller") return { kind: "caller", side, type: ADDRESS };
  if (name === "value") return { kind: "value", side, type: U256 };
  const known = [...func.params.map((param) => param.name), "caller", "value"];
  unknownMember({ program: scope.body.program, file: scope.file }, `\`${func.name}\``, "parameter", node.name, known);
  return undefined;
}

function checkConstant(scope: Scope, node: ExprNode, hint: Type | undefined): ClaimTerm | undefined {
  const expr = scope.body.program.check(scope.body, node, hint);
  if (expr.type.kind === "poison") return undefined;
  const value = hint === undefined || !["string", "bytes"].includes(hint.kind) ? expr : coerce(scope.body, expr, hint);
  if (value.kind === "literal" && value.type.kind !== "poison") return { kind: "constant", value: value.value, type: value.type };
  if (value.type.kind !== "poison") complain(scope, node, "E0331");
  return undefined;
}

type Complaint = "E0331" | "E0391" | "E0303";

function complain(
  scope: Scope,
  node: ExprNode,
  code: Complaint,
  values: Readonly<Record<string, string | number>> = {},
  help?: string | undefined,
): void {
  const extra = code === "E0303" ? { help } : {};
  scope.body.program.reporter.report(code, siteOf(scope.file, node.span), values, extra);
}
