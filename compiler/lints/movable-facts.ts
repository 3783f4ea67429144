/** What functions do to state as far as moving a check past a call of them goes: which leaves they may write, and whether nothing may be moved past them. */
import { COIN } from "../footprint/footprint.ts";
import type { LeafIndex } from "../footprint/footprint.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import type { LeafTable } from "../footprint/leaves.ts";
import type { Expr, FuncId, LocalId, Program, StatePlace, Stmt } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";

export interface Facts {
  readonly table: LeafTable;
  readonly functions: ReadonlyMap<FuncId, Deeds>;
}

export interface Deeds {
  readonly writes: ReadonlySet<LeafIndex>;
  /** Numbers are drawn, or code of other contracts runs: whether a call gets there isn't its own affair. */
  readonly fixed: boolean;
  readonly locals: ReadonlySet<LocalId>;
}

/** `order`: callees first. */
export function factsOf(program: Program, table: LeafTable, order: readonly FuncId[]): Facts {
  const functions = new Map<FuncId, Deeds>();
  const facts = { table, functions };
  for (const id of order) functions.set(id, deedsOf(facts, program.functions.get(id)?.body ?? []));
  return facts;
}

export function deedsOf({ table, functions }: Facts, statements: readonly Stmt[]): Deeds {
  const writes = new Set<LeafIndex>();
  const locals = new Set<LocalId>();
  let fixed = false;
  const write = (place: StatePlace): void => {
    for (const { index } of leavesOfPlace(table, place)) writes.add(index);
  };
  const call = (id: FuncId): void => {
    const callee = functions.get(id);
    for (const leaf of callee?.writes ?? []) writes.add(leaf);
    fixed ||= callee?.fixed !== false;
  };
  const expr = (node: Expr): void => {
    if (node.kind === "call") call(node.func);
    else if (node.kind === "pay") writes.add(COIN);
    else if (node.kind === "setChange") [node.entry, node.length].forEach(write);
    else if (FIXED.has(node.kind)) fixed = true;
  };
  const stmt = (node: Stmt): void => {
    if (node.kind === "store" || node.kind === "update" || node.kind === "delete") write(node.place);
    else if (node.kind === "let" || node.kind === "set" || node.kind === "forList" || node.kind === "forRange") locals.add(node.local);
    else if (node.kind === "letTuple") for (const local of node.locals) if (local !== undefined) locals.add(local);
  };
  visitBlock(statements, { expr, stmt });
  return { writes, fixed, locals };
}

const FIXED: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>(["next", "external", "rawCall", "create"]);
