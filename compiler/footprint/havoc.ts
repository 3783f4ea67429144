/** What a loop body may change, found before it is looked at: locals it assigns and leaves it writes, callees included. */
import type { Expr, FuncId, LocalId, Program, StatePlace, Stmt } from "../typed/tree.ts";
import { COIN, type LeafIndex } from "./footprint.ts";
import { leavesOfPlace, type LeafTable } from "./leaves.ts";
import { visitBlock } from "../typed/walk.ts";

export interface Havoc {
  readonly locals: ReadonlySet<LocalId>;
  readonly leaves: ReadonlySet<LeafIndex>;
}

export function havocOf(program: Program, table: LeafTable, body: readonly Stmt[]): Havoc {
  const locals = new Set<LocalId>();
  const leaves = new Set<LeafIndex>();
  const visited = new Set<FuncId>();
  const wrote = (place: StatePlace): void => {
    for (const leaf of leavesOfPlace(table, place)) leaves.add(leaf.index);
  };
  const look = (statements: readonly Stmt[], own: boolean): void =>
    visitBlock(statements, {
      stmt: (stmt) => {
        if (stmt.kind === "set" && own) locals.add(stmt.local);
        if (stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete") wrote(stmt.place);
      },
      expr: (expr) => {
        if (expr.kind === "pay" || callsOut(expr)) leaves.add(COIN);
        if (expr.kind === "setChange") {
          wrote(expr.entry);
          wrote(expr.length);
        }
        if (expr.kind !== "call" || visited.has(expr.func)) return;
        visited.add(expr.func);
        const callee = program.functions.get(expr.func);
        if (callee !== undefined) look(callee.body, false);
      },
    });
  look(body, true);
  return { locals, leaves };
}

/** Whether code of another contract runs: it may pay and be paid. */
export function callsOut(expr: Expr): boolean {
  return expr.kind === "external" || expr.kind === "rawCall" || expr.kind === "create";
}

/** Functions that draw a ticket, or may have another contract draw one, callees included. */
export function drawsTickets(program: Program, id: FuncId, visited = new Set<FuncId>()): boolean {
  if (visited.has(id)) return false;
  visited.add(id);
  let found = false;
  visitBlock(program.functions.get(id)?.body ?? [], {
    expr: (expr) => {
      if (expr.kind === "next" || callsOut(expr) || (expr.kind === "call" && drawsTickets(program, expr.func, visited))) found = true;
    },
  });
  return found;
}
