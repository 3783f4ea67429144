/** Visits the expressions of typed statements in the order of evaluation; used by every pass that only collects. */
import { unreachable } from "../core/bug.ts";
import type { ErrorCall, Expr, StatePlace, Stmt } from "../typed/tree.ts";

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
  switch (stmt.kind) {
    case "let":
    case "letTuple":
    case "set":
      return visitExpr(stmt.value, visitor);
    case "store":
      visitPlace(stmt.place, visitor);
      return visitExpr(stmt.value, visitor);
    case "update":
      visitPlace(stmt.place, visitor);
      visitExpr(stmt.value, visitor);
      return visitError(stmt.orElse, visitor);
    case "delete":
      return visitPlace(stmt.place, visitor);
    case "if":
      visitExpr(stmt.cond, visitor);
      visitBlock(stmt.then, visitor);
      return visitBlock(stmt.otherwise, visitor);
    case "forList":
      visitExpr(stmt.list, visitor);
      return visitBlock(stmt.body, visitor);
    case "forRange":
      visitExpr(stmt.from, visitor);
      visitExpr(stmt.to, visitor);
      return visitBlock(stmt.body, visitor);
    case "require":
      visitExpr(stmt.cond, visitor);
      return visitError(stmt.orElse, visitor);
    case "revert":
      return visitError(stmt.error, visitor);
    case "emit":
      return visitAll(stmt.args, visitor);
    case "return":
      if (stmt.value !== undefined) visitExpr(stmt.value, visitor);
      return;
    case "expr":
      return visitExpr(stmt.expr, visitor);
    default:
      return unreachable(stmt, "visitStmt");
  }
}

function visitError(error: ErrorCall | undefined, visitor: Visitor): void {
  if (error !== undefined) visitAll(error.args, visitor);
}

function visitPlace(place: StatePlace, visitor: Visitor): void {
  visitAll(place.keys, visitor);
}

function visitAll(exprs: readonly Expr[], visitor: Visitor): void {
  for (const expr of exprs) visitExpr(expr, visitor);
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
