/**
 * Whether only one account gets through a function: somewhere on its main path, guards included, it requires that the caller is the one
 * that a cell without keys, an immutable or a constant names, be it by way of arguments. Syntax only, so it errs on the side of "no".
 */
import type { Expr, Func, LocalId, Program, Stmt } from "../typed/tree.ts";

/** What variables stand for that never change. */
type Name = "caller" | "one account";
type Names = ReadonlyMap<LocalId, Name>;

export function isForOneAccount(func: Func, program: Program, given: Names = new Map()): boolean {
  const names = new Map(given);
  return func.body.some((statement) => {
    if (statement.kind === "let" && !func.locals[statement.local].mutable) note(names, statement.local, statement.value, names);
    return checksCaller(statement, names) || callsIn(statement).some((call) => isCalleeForOne(call, names, program));
  });
}

function note(known: Map<LocalId, Name>, local: LocalId, value: Expr, names: Names): void {
  if (isCaller(value, names)) known.set(local, "caller");
  else if (namesOneAccount(value, names)) known.set(local, "one account");
}

type Call = Extract<Expr, { kind: "call" }>;

function isCalleeForOne({ func, args }: Call, names: Names, program: Program): boolean {
  const callee = program.functions.get(func);
  // The call graph has no cycles.
  if (callee === undefined || callee.role === "free") return false;
  const given = new Map<LocalId, Name>();
  callee.params.forEach(({ id }, i) => {
    note(given, id, args[i], names);
  });
  return isForOneAccount(callee, program, given);
}

function callsIn(statement: Stmt): readonly Call[] {
  return statement.kind === "expr" && statement.expr.kind === "call" ? [statement.expr] : [];
}

/** `require caller == self.owner`, or `if caller != self.owner { revert … }`. */
function checksCaller(statement: Stmt, names: Names): boolean {
  if (statement.kind === "require") return conjuncts(statement.cond).some((cond) => comparesCaller(cond, "==", names));
  if (statement.kind !== "if") return false;
  return statement.then.at(-1)?.kind === "revert" && comparesCaller(statement.cond, "!=", names);
}

export function conjuncts(cond: Expr): readonly Expr[] {
  return cond.kind === "binary" && cond.op === "&&" ? [...conjuncts(cond.left), ...conjuncts(cond.right)] : [cond];
}

function comparesCaller(cond: Expr, op: "==" | "!=", names: Names): boolean {
  if (cond.kind !== "binary" || cond.op !== op) return false;
  const { left, right } = cond;
  return (isCaller(left, names) && namesOneAccount(right, names)) || (isCaller(right, names) && namesOneAccount(left, names));
}

function isCaller(expr: Expr, names: Names): boolean {
  return expr.kind === "local" ? names.get(expr.local) === "caller" : expr.kind === "context" && expr.name === "caller";
}

function namesOneAccount(expr: Expr, names: Names): boolean {
  if (expr.kind === "local") return names.get(expr.local) === "one account";
  if (expr.kind === "load") return expr.place.keys.length === 0;
  if (expr.kind === "convert") return namesOneAccount(expr.operand, names);
  return expr.kind === "immutable" || expr.kind === "literal";
}
