/**
 * How many numbers of sequences a call of a function draws (rule T2), as another contract must know it: none, as many for all arguments, or it depends on
 * them. Checks don't count: a callee draws on entry, whatever its `require`s say later.
 */
import { Bug } from "../core/bug.ts";
import type { Expr, Func, Program, Stmt } from "../typed/tree.ts";
import type { EntryPlan, LeafIndex } from "./footprint.ts";
import { leafOfField, type LeafTable } from "./leaves.ts";
import { childrenOf, visitBlock } from "./walk.ts";

export function drawsOf(program: Program, table: LeafTable, func: Func): Pick<EntryPlan, "tickets" | "draws"> {
  const draws: LeafIndex[] = [];
  let varies = false;

  /** Gives whether what follows may not be reached although nothing failed. */
  const block = (statements: readonly Stmt[], conditional: boolean): boolean => {
    let open = conditional;
    for (const stmt of statements) open = statement(stmt, open);
    return open;
  };
  const statement = (stmt: Stmt, conditional: boolean): boolean => {
    switch (stmt.kind) {
      case "if":
        expression(stmt.cond, conditional);
        block(stmt.then, true);
        block(stmt.otherwise, true);
        return conditional || returns([...stmt.then, ...stmt.otherwise]);
      case "forList":
        expression(stmt.list, conditional);
        block(stmt.body, true);
        return conditional || returns(stmt.body);
      case "forRange":
        expression(stmt.from, conditional);
        expression(stmt.to, conditional);
        block(stmt.body, true);
        return conditional || returns(stmt.body);
      default:
        for (const expr of operandsOf(stmt)) expression(expr, conditional);
        return conditional;
    }
  };
  const expression = (expr: Expr, conditional: boolean): void => {
    if (expr.kind === "next") {
      if (conditional) varies = true;
      else draws.push(leafOfField(table, expr.field));
      return;
    }
    if (expr.kind === "ifExpr") {
      expression(expr.cond, conditional);
      expression(expr.then, true);
      expression(expr.otherwise, true);
      return;
    }
    if (expr.kind === "binary" && (expr.op === "&&" || expr.op === "||")) {
      expression(expr.left, conditional);
      expression(expr.right, true);
      return;
    }
    const open = expr.kind === "seq" ? block(expr.body, conditional) : conditional;
    for (const child of childrenOf(expr)) expression(child, open);
    if (expr.kind !== "call") return;
    const callee = program.functions.get(expr.func);
    if (callee === undefined) throw new Bug(`draws: no function ${expr.func}`);
    block(callee.body, open);
  };

  block(func.body, false);
  if (varies) return { tickets: "varies", draws: [] };
  return { tickets: draws.length === 0 ? "none" : "constant", draws };
}

function returns(body: readonly Stmt[]): boolean {
  let found = false;
  visitBlock(body, { stmt: (stmt) => (found ||= stmt.kind === "return") });
  return found;
}

/** Expressions of a statement without blocks. What only errors compute isn't among them: it can't draw. */
function operandsOf(stmt: Exclude<Stmt, { kind: "if" | "forList" | "forRange" }>): readonly Expr[] {
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
    case "require":
      return [stmt.cond];
    case "revert":
      return [];
    case "emit":
      return stmt.args;
    case "return":
      return stmt.value === undefined ? [] : [stmt.value];
    case "expr":
      return [stmt.expr];
  }
}
