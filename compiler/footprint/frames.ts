/**
 * Gives every state access of a function a word in its region, bottom-up over the (acyclic) call graph: a callee's region lies inside
 * its caller's, one per call site, so that exec code finds its words by a fixed offset.
 */
import { Bug } from "../core/bug.ts";
import type { Expr, Func, FuncId, Program, Stmt, TypedId } from "../typed/tree.ts";
import { absorptionAt, type Absorption } from "./absorb.ts";
import type { Frame } from "./footprint.ts";
import { leavesOfPlace, type LeafTable } from "./leaves.ts";
import { blocksOf, errorOf, operandsOf, visitExpr, type Visitor } from "../typed/walk.ts";

export const TICKET_WORDS = 3;
/** Of a call of another contract: where the callee's region starts, and what is open of its plan. */
const CALL_WORDS = 2;
/** With raw calldata there is the debit of the coin, too. */
const RAW_CALL_WORDS = 3;

/** A frame while the analysis is still finding which of its keys and loops nobody can know before execution. */
export interface GrowingFrame extends Frame {
  readonly wide: Set<TypedId>;
}

export interface Frames {
  readonly frames: Map<FuncId, GrowingFrame>;
  /** Loops whose rounds some entry can't know: found by an analysis before this one. */
  readonly once: ReadonlySet<TypedId>;
  /** By id of the `require` and by id of the `update`. */
  readonly absorptions: Map<TypedId, Absorption>;
}

/** Frames of the entries and of all functions that they call, added to `into`. Functions outside contracts have an empty one. */
export function layOutFrames(program: Program, entries: readonly FuncId[], table: LeafTable, into: Frames): void {
  for (const id of entries) frameOf(program, table, id, into);
}

function frameOf(program: Program, table: LeafTable, id: FuncId, into: Frames): GrowingFrame {
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

function layOut(program: Program, table: LeafTable, func: Func, into: Frames): GrowingFrame {
  const words = new Map<TypedId, number>();
  const calls = new Map<TypedId, number>();
  const loops = new Map<TypedId, { pointer: number; size: number; once: boolean }>();
  const take = (region: Region, id: TypedId, count: number): void => {
    words.set(id, region.next);
    region.next += count;
  };
  const visitorOf = (region: Region): Visitor => ({
    expr: (expr) => {
      if (words.has(expr.id)) return;
      const own = wordsOf(table, expr);
      if (own > 0) take(region, expr.id, own);
      if (expr.kind === "call") {
        calls.set(expr.id, region.next);
        region.next += frameOf(program, table, expr.func, into).size;
      }
    },
    seq: (body) => {
      block(body, region);
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
    if (stmt.kind === "store" || stmt.kind === "delete") take(region, stmt.id, leavesOfPlace(table, stmt.place).length);
    else if (stmt.kind === "update" && !words.has(stmt.id)) take(region, stmt.id, 1);
    for (const expr of operandsOf(stmt)) visitExpr(expr, visitor);
    for (const expr of errorOf(stmt)?.args ?? []) visitExpr(expr, visitor);
    if (stmt.kind === "forList" || stmt.kind === "forRange") {
      const pointer = region.next++;
      const inner: Region = { next: 0 };
      block(stmt.body, inner);
      loops.set(stmt.id, { pointer, size: inner.next, once: into.once.has(stmt.id) });
    } else for (const inner of blocksOf(stmt)) block(inner, region);
  };
  const top: Region = { next: 0 };
  block(func.body, top);
  return { size: top.next, wide: new Set(), words, calls, loops };
}

/** Words of an expression itself. */
function wordsOf(table: LeafTable, expr: Expr): number {
  switch (expr.kind) {
    case "load":
    case "has":
      return leavesOfPlace(table, expr.place).length;
    case "selfBalance":
    case "past":
      return 1;
    case "next":
      return TICKET_WORDS;
    case "pay":
    case "setChange":
      return 2;
    case "external":
    case "create":
      return CALL_WORDS;
    case "rawCall":
      return RAW_CALL_WORDS;
    default:
      return 0;
  }
}
