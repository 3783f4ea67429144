/**
 * Whether only one account gets through a function: somewhere on its main path, guards included, it requires that the caller is the one
 * that a cell without keys, an immutable or a constant names. Syntax only, so it errs on the side of "no".
 */
import type { Expr, Func, FuncId, LocalId, Program, Stmt } from "../typed/tree.ts";

export function isForOneAccount(func: Func, program: Program): boolean {
  const named = new Set<LocalId>();
  return func.body.some((statement) => {
    if (statement.kind === "let" && namesOneAccount(statement.value, named)) named.add(statement.local);
    return checksCaller(statement, named) || callees(statement).some((id) => isCalleeForOne(id, program));
  });
}

function isCalleeForOne(id: FuncId, program: Program): boolean {
  const callee = program.functions.get(id);
  // The call graph has no cycles.
  return callee !== undefined && callee.role !== "free" && isForOneAccount(callee, program);
}

function callees(statement: Stmt): readonly FuncId[] {
  return statement.kind === "expr" && statement.expr.kind === "call" ? [statement.expr.func] : [];
}

/** `require caller == self.owner`, or `if caller != self.owner { revert … }`. */
function checksCaller(statement: Stmt, named: ReadonlySet<LocalId>): boolean {
  if (statement.kind === "require") return conjuncts(statement.cond).some((cond) => comparesCaller(cond, "==", named));
  if (statement.kind !== "if") return false;
  return statement.then.at(-1)?.kind === "revert" && comparesCaller(statement.cond, "!=", named);
}

function conjuncts(cond: Expr): readonly Expr[] {
  return cond.kind === "binary" && cond.op === "&&" ? [...conjuncts(cond.left), ...conjuncts(cond.right)] : [cond];
}

function comparesCaller(cond: Expr, op: "==" | "!=", named: ReadonlySet<LocalId>): boolean {
  if (cond.kind !== "binary" || cond.op !== op) return false;
  const { left, right } = cond;
  return (isCaller(left) && namesOneAccount(right, named)) || (isCaller(right) && namesOneAccount(left, named));
}

function isCaller(expr: Expr): boolean {
  return expr.kind === "context" && expr.name === "caller";
}

function namesOneAccount(expr: Expr, named: ReadonlySet<LocalId>): boolean {
  if (expr.kind === "local") return named.has(expr.local);
  if (expr.kind === "load") return expr.place.keys.length === 0;
  if (expr.kind === "convert") return namesOneAccount(expr.operand, named);
  return expr.kind === "immutable" || expr.kind === "literal";
}
