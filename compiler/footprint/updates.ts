/** Stores, deletes and updates as plan steps: modes, limits of bounded adds, and what the errors of updates read. */
import type { ErrorCall, Site, Stmt } from "../typed/tree.ts";
import type { Absorption } from "./absorb.ts";
import { writeLeaf } from "./access.ts";
import { BOOL, initialOf, sameTerm } from "./algebra.ts";
import { underState } from "./branches.ts";
import { bounded, pushStep, unknown, type Activation, type Context } from "./context.ts";
import { evaluateAll, keysOf, value, wordAfter, wordOf } from "./values.ts";
import type { CommuteOp, PlanStep, Term, WordRef } from "./footprint.ts";
import { leavesOfPlace } from "./leaves.ts";
import { copyState, type Change, type State } from "./state.ts";
import { neverSure } from "./sure.ts";

type Update = Extract<Stmt, { kind: "update" }>;

export function writeLeaves(
  context: Context,
  a: Activation,
  stmt: Extract<Stmt, { kind: "store" | "delete" }>,
  keys: readonly Term[],
  values: readonly Term[],
  state: State,
): void {
  const word = wordOf(a, stmt);
  leavesOfPlace(context.table, stmt.place).forEach((leaf, i) => {
    const written = values[i] ?? initialOf(leaf.type) ?? unknown("a value that was deleted", stmt.site, leaf.type);
    writeLeaf(context, a, leaf, keys, { kind: "write" }, { kind: "set", value: written }, wordAfter(word, i), stmt.place.site, state);
  });
}

/** An update and the `require` beside it as one Δ with a bound of its own. */
export function boundedUpdate(context: Context, a: Activation, absorption: Absorption, state: State): void {
  // Where computing the limit or the amount ends the plan, it ends behind the Δ: exec asks its word first whether there is anything to check.
  const stops: PlanStep[] = [];
  const aside = copyState(state, stops);
  const amount = value(context, a, absorption.update.value, aside);
  const bound = boundOf(context, a, absorption, amount, aside);
  const before = copyState(state, state.out);
  update(context, a, absorption.update, { amount, ...(absorption.kind === "floor" ? { floor: bound } : { ceiling: bound }) }, state);
  for (const stop of stops) state.out.push(stop);
  // The check reads the cell of the update, by the same word.
  if (a.frame.wide.has(absorption.update.id)) a.frame.wide.add(absorption.load.id);
  // A check that comes first finds the cell as it was.
  elseReads(context, a, absorption.check, wordOf(a, absorption.update), absorption.first ? before : state);
}

/** The least or greatest value that the cell may have behind the update for its check to hold. Where computing it fails nothing is cleared. */
function boundOf(context: Context, a: Activation, absorption: Absorption, amount: Term, state: State): Term {
  const { kind, of, strict, limit } = absorption;
  const { site, type } = limit;
  const constant = (n: bigint): Term => ({ kind: "constant", value: { kind: "int", value: n }, type });
  const most = value(context, a, limit, state);
  // `require x >= e; x -= e` needs no arithmetic that might fail.
  const isAll = of === "before" && kind === "floor" && sameTerm(most, amount);
  const moved = isAll ? constant(0n) : of === "result" ? most : bounded(kind === "floor" ? "-" : "+", [most, amount], type, site);
  return strict ? bounded(kind === "floor" ? "+" : "-", [moved, constant(1n)], type, site) : moved;
}

export function update(
  context: Context,
  a: Activation,
  stmt: Update,
  known: { readonly amount?: Term; readonly floor?: Term; readonly ceiling?: Term },
  state: State,
): void {
  const keys = keysOf(context, a, stmt.place, state);
  const amount = known.amount ?? value(context, a, stmt.value, state);
  // An update that fails changes nothing.
  const before = copyState(state, state.out);
  const [leaf] = leavesOfPlace(context.table, stmt.place);
  const word = wordOf(a, stmt);
  const { op } = stmt;
  const unclear: Change = { kind: "set", value: unknown("a value that this call changes", stmt.site, leaf.type) };
  const after: Change = leaf.type.kind === "int" ? { kind: "update", op, by: amount } : unclear;
  if (op === "+" || op === "-") {
    const mode = { kind: "delta", sign: op, amount, floor: known.floor, ceiling: known.ceiling, atMost: undefined } as const;
    writeLeaf(context, a, leaf, keys, mode, after, word, stmt.place.site, state);
    elseReads(context, a, stmt, word, before);
  } else if (isCommuting(op) && stmt.orElse === undefined) {
    writeLeaf(context, a, leaf, keys, { kind: "commute", op }, after, word, stmt.place.site, state);
  } else {
    neverSure(context);
    writeLeaf(context, a, leaf, keys, { kind: "write" }, after, word, stmt.place.site, state);
    onFailure(context, underState(a, stmt.site), stmt.orElse, unknown("an overflow", stmt.site, BOOL), stmt.site, before);
  }
}

/** Updates of one kind give the same whatever their order, and never fail. */
function isCommuting(op: Update["op"]): op is CommuteOp {
  return op === "|" || op === "&" || op === "min" || op === "max";
}

/** Rule E5: reads in the error of a Δ count only when it isn't cleared. */
function elseReads(context: Context, a: Activation, stmt: Extract<Stmt, { kind: "update" | "require" }>, of: WordRef, state: State): void {
  if (stmt.orElse === undefined) return;
  evaluateAll(context, { ...underState(a, stmt.site), elseOf: of }, stmt.orElse.args, copyState(state, state.out));
}

/** Plans what the error's arguments read where `fails` may hold. */
export function onFailure(context: Context, a: Activation, error: ErrorCall | undefined, fails: Term, site: Site, state: State): void {
  if (error === undefined) return;
  const steps: PlanStep[] = [];
  evaluateAll(context, a, error.args, copyState(state, steps));
  if (steps.length > 0) pushStep(context, state, { kind: "branch", cond: fails, then: steps, otherwise: [], site });
}
