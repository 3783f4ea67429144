/**
 * How many numbers of sequences a call of a function draws (rule T2), as another contract must know it: none, as many for all arguments, or it depends on
 * them. Checks don't count: a callee draws on entry, whatever its `require`s say later.
 */
import { Bug } from "../core/bug.ts";
import type { Expr, Func, FuncId, Program, Stmt } from "../typed/tree.ts";
import type { EntryPlan, LeafIndex } from "./footprint.ts";
import { MAX_STEPS } from "./context.ts";
import { leafOfField, type LeafTable } from "./leaves.ts";
import { blocksOf, childrenOf, operandsOf, returns, visitBlock } from "../typed/walk.ts";

export function drawsOf(program: Program, table: LeafTable, func: Func): Pick<EntryPlan, "tickets" | "draws"> {
  const draws: LeafIndex[] = [];
  const drawing = new Map<FuncId, boolean>();
  let varies = false;

  /** Gives whether what follows may not be reached although nothing failed. */
  const block = (statements: readonly Stmt[], conditional: boolean): boolean => {
    let open = conditional;
    for (const stmt of statements) open = statement(stmt, open);
    return open;
  };
  const statement = (stmt: Stmt, conditional: boolean): boolean => {
    for (const expr of operandsOf(stmt)) expression(expr, conditional);
    const blocks = blocksOf(stmt);
    for (const inner of blocks) block(inner, true);
    return conditional || blocks.some(returns);
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
    // A plan has no room for more, and functions may call each other very many times.
    if (!varies && draws.length < MAX_STEPS && mayDraw(program, callee, drawing)) block(callee.body, open);
  };

  block(func.body, false);
  if (varies) return { tickets: "varies", draws: [] };
  return { tickets: draws.length === 0 ? "none" : "constant", draws };
}

/** Whether a number is drawn in the function or in one that it calls. */
function mayDraw(program: Program, func: Func, known: Map<FuncId, boolean>): boolean {
  const found = known.get(func.id);
  if (found !== undefined) return found;
  let draws = false;
  visitBlock(func.body, {
    expr: (expr) => {
      const callee = expr.kind === "call" ? program.functions.get(expr.func) : undefined;
      if (expr.kind === "next" || (callee !== undefined && mayDraw(program, callee, known))) draws = true;
    },
  });
  known.set(func.id, draws);
  return draws;
}
