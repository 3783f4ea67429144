/** Visits the expressions of typed statements in the order of evaluation; used by every pass that only collects. */
import { unreachable } from "../core/bug.ts";
import type { ErrorCall, Expr, Stmt } from "./tree.ts";

export interface Visitor {
  readonly expr?: (expr: Expr) => void;
  readonly stmt?: (stmt: Stmt) => void;
  /** Takes the statements inside a `seq` expression; without it they are walked like all others. */
  readonly seq?: (body: readonly Stmt[]) => void;
}

export function visitBlock(statements: readonly Stmt[], visitor: Visitor): void {
  for (const stmt of statements) visitStmt(stmt, visitor);
}

function visitStmt(stmt: Stmt, visitor: Visitor): void {
  visitor.stmt?.(stmt);
  for (const expr of operandsOf(stmt)) visitExpr(expr, visitor);
  for (const expr of errorOf(stmt)?.args ?? []) visitExpr(expr, visitor);
  for (const block of blocksOf(stmt)) visitBlock(block, visitor);
}

export function visitExpr(expr: Expr, visitor: Visitor): void {
  if (expr.kind === "binary") {
    // Long chains lean left: a loop down the left spine keeps the stack flat.
    const spine: Extract<Expr, { kind: "binary" }>[] = [];
    let left: Expr = expr;
    while (left.kind === "binary") {
      spine.push(left);
      left = left.left;
    }
    for (const node of spine) visitor.expr?.(node);
    visitExpr(left, visitor);
    for (const node of spine.reverse()) visitExpr(node.right, visitor);
    return;
  }
  visitor.expr?.(expr);
  if (expr.kind === "seq") {
    if (visitor.seq === undefined) visitBlock(expr.body, visitor);
    else visitor.seq(expr.body);
  }
  for (const child of childrenOf(expr)) visitExpr(child, visitor);
}

/** Operands of the expression itself, in order of evaluation; the statements of a `seq` come before them. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "immutable":
    case "selfBalance":
    case "next":
      return [];
    case "load":
    case "has":
      return expr.place.keys;
    case "setChange":
      return expr.entry.keys;
    case "past":
      return [...expr.place.keys, expr.height];
    case "member":
      return [expr.object];
    case "element":
      return [expr.list, expr.index];
    case "length":
      return [expr.of];
    case "contains":
    case "push":
      return [expr.list, expr.item];
    case "pop":
      return [expr.list];
    case "isVariant":
    case "payload":
      return [expr.of];
    case "seq":
      return [expr.value];
    case "with":
      return [expr.base, ...expr.path.flatMap((step) => (step.kind === "element" ? [step.index] : [])), expr.value];
    case "decode":
      return [expr.data];
    case "external":
      return [expr.target, ...expr.args];
    case "rawCall":
      return [expr.target, expr.value, expr.data];
    case "unary":
    case "convert":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "tuple":
    case "list":
      return expr.elements;
    case "struct":
      return expr.order.map((i) => expr.values[i]);
    case "ifExpr":
      return [expr.cond, expr.then, expr.otherwise];
    case "builtin":
    case "call":
    case "variant":
    case "encode":
    case "concat":
    case "create":
      return expr.args;
    case "pay":
      return [expr.to, expr.amount];
    default:
      return unreachable(expr, "childrenOf");
  }
}

/** Expressions that executing the statement evaluates, in this order; not those of its error, nor of its blocks. */
export function operandsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case "let":
    case "letTuple":
    case "set":
      return [stmt.value];
    case "store":
    case "update":
      return [...stmt.place.keys, stmt.value];
    case "delete":
      return stmt.place.keys;
    case "if":
    case "require":
      return [stmt.cond];
    case "forList":
      return [stmt.list];
    case "forRange":
      return [stmt.from, stmt.to];
    case "revert":
      return [];
    case "emit":
      return stmt.args;
    case "return":
      return stmt.value === undefined ? [] : [stmt.value];
    case "expr":
      return [stmt.expr];
    default:
      return unreachable(stmt, "operandsOf");
  }
}

/** What the statement fails with, if it says so. */
export function errorOf(stmt: Stmt): ErrorCall | undefined {
  if (stmt.kind === "require" || stmt.kind === "update") return stmt.orElse;
  return stmt.kind === "revert" ? stmt.error : undefined;
}

/** Statements inside the statement: of both ways, or of a round. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  if (stmt.kind === "if") return [stmt.then, stmt.otherwise];
  return stmt.kind === "forList" || stmt.kind === "forRange" ? [stmt.body] : [];
}

/** Whether some way through the statements leaves the function with a `return`. */
export function returns(body: readonly Stmt[]): boolean {
  let found = false;
  visitBlock(body, { stmt: (stmt) => (found ||= stmt.kind === "return") });
  return found;
}
