/**
 * Gives every state access of a function a word in its region, bottom-up over the (acyclic) call graph: a callee's region lies inside
 * its caller's, one per call site, so that exec code finds its words by a fixed offset.
 */
import { Bug } from "../core/bug.ts";
import type { Contract, Func, FuncId, Program, Stmt, TypedId } from "../typed/tree.ts";
import { absorptionAt, type Absorption } from "./absorb.ts";
import type { Frame } from "./footprint.ts";
import { leavesOfPlace, type LeafTable } from "./leaves.ts";
import { visitExpr, type Visitor } from "./walk.ts";

export const TICKET_WORDS = 3;

export interface Frames {
  readonly frames: Map<FuncId, Frame>;
  /** By id of the `require` and by id of the `update`. */
  readonly absorptions: Map<TypedId, Absorption>;
}

/** Frames of all functions of the contract, added to `into`. Functions outside contracts have an empty one. */
export function layOutFrames(program: Program, contract: Contract, table: LeafTable, into: Frames): void {
  for (const id of [...contract.external, contract.init]) frameOf(program, table, id, into);
}

function frameOf(program: Program, table: LeafTable, id: FuncId, into: Frames): Frame {
  const done = into.frames.get(id);
  if (done !== undefined) return done;
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`frames: no function ${id}`);
  const frame = layOut(program, table, func, into);
  into.frames.set(id, frame);
  return frame;
}

interface Region {
  next: number;
}

function layOut(program: Program, table: LeafTable, func: Func, into: Frames): Frame {
  const words = new Map<TypedId, number>();
  const calls = new Map<TypedId, number>();
  const loops = new Map<TypedId, { pointer: number; size: number }>();
  const take = (region: Region, id: TypedId, count: number): void => {
    words.set(id, region.next);
    region.next += count;
  };
  const visitorOf = (region: Region): Visitor => ({
    expr: (expr) => {
      if (words.has(expr.id)) return;
      if (expr.kind === "load") take(region, expr.id, leavesOfPlace(table, expr.place).length);
      else if (expr.kind === "selfBalance") take(region, expr.id, 1);
      else if (expr.kind === "next") take(region, expr.id, TICKET_WORDS);
      else if (expr.kind === "pay") take(region, expr.id, 2);
      else if (expr.kind === "call") {
        calls.set(expr.id, region.next);
        region.next += frameOf(program, table, expr.func, into).size;
      }
    },
  });
  const block = (statements: readonly Stmt[], region: Region): void => {
    const visitor = visitorOf(region);
    statements.forEach((stmt, i) => {
      const absorption = absorptionAt(statements, i);
      if (absorption !== undefined && !into.absorptions.has(absorption.update.id)) {
        into.absorptions.set(absorption.check.id, absorption);
        into.absorptions.set(absorption.update.id, absorption);
        take(region, absorption.update.id, 1);
        words.set(absorption.load.id, words.get(absorption.update.id) ?? 0);
      }
      statement(stmt, region, visitor);
    });
  };
  const statement = (stmt: Stmt, region: Region, visitor: Visitor): void => {
    switch (stmt.kind) {
      case "store":
      case "delete":
        take(region, stmt.id, leavesOfPlace(table, stmt.place).length);
        break;
      case "update":
        if (!words.has(stmt.id)) take(region, stmt.id, 1);
        break;
      case "if":
        visitExpr(stmt.cond, visitor);
        block(stmt.then, region);
        return block(stmt.otherwise, region);
      case "forList":
      case "forRange": {
        if (stmt.kind === "forList") visitExpr(stmt.list, visitor);
        else {
          visitExpr(stmt.from, visitor);
          visitExpr(stmt.to, visitor);
        }
        const pointer = region.next++;
        const inner: Region = { next: 0 };
        block(stmt.body, inner);
        loops.set(stmt.id, { pointer, size: inner.next });
        return;
      }
      default:
        break;
    }
    for (const expr of expressionsOf(stmt)) visitExpr(expr, visitor);
  };
  const top: Region = { next: 0 };
  block(func.body, top);
  return { size: top.next, words, calls, loops };
}

/** Expressions of a statement that has no blocks inside. */
function expressionsOf(stmt: Stmt) {
  switch (stmt.kind) {
    case "let":
    case "letTuple":
    case "set":
      return [stmt.value];
    case "store":
      return [...stmt.place.keys, stmt.value];
    case "update":
      return [...stmt.place.keys, stmt.value, ...(stmt.orElse?.args ?? [])];
    case "delete":
      return stmt.place.keys;
    case "require":
      return [stmt.cond, ...(stmt.orElse?.args ?? [])];
    case "revert":
      return stmt.error?.args ?? [];
    case "emit":
      return stmt.args;
    case "return":
      return stmt.value === undefined ? [] : [stmt.value];
    case "expr":
      return [stmt.expr];
    case "if":
    case "forList":
    case "forRange":
      return [];
  }
}
