/** Sets, `.has(…)` of maps, and past values of histories, as terms and plan steps. */
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { pastLeaf, readLeaf, seen, writeLeaf, writeSeen } from "./access.ts";
import { BOOL, FALSE, initialOf, isFalse, TRUE } from "./algebra.ts";
import { foreseen } from "./conditions.ts";
import { bounded, limited, pushStep, unknown, type Activation, type Context } from "./context.ts";
import { keysOf, value, wordAfter, wordOf } from "./values.ts";
import type { Leaf, PlanStep, Term } from "./footprint.ts";
import { leavesOfPlace } from "./leaves.ts";
import { copyState, type State } from "./state.ts";

type Of<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;

const U64: Type = { kind: "int", signed: false, bits: 64 };
const ONE: Term = { kind: "constant", value: { kind: "int", value: 1n }, type: U64 };

/** Rule K1: some leaf differs from its default. All of them are read. */
export function has(context: Context, a: Activation, expr: Of<"has">, state: State): Term {
  const keys = keysOf(context, a, expr.place, state);
  const word = wordOf(a, expr);
  let result: Term = FALSE;
  leavesOfPlace(context.table, expr.place).forEach((leaf, i) => {
    const read = readLeaf(context, a, leaf, keys, wordAfter(word, i), expr.site, state);
    result = bounded("||", [result, differs(leaf, read, expr)], BOOL, expr.site);
  });
  return result;
}

function differs(leaf: Leaf, read: Term, expr: Of<"has">): Term {
  const initial = initialOf(leaf.type);
  if (initial === undefined) return unknown("whether a cell is set", expr.site, BOOL);
  return bounded("!=", [read, initial], BOOL, expr.site);
}

/** Rule K2: the entry is written, the length moves by one or not at all. */
export function setChange(context: Context, a: Activation, expr: Of<"setChange">, state: State): Term {
  const keys = keysOf(context, a, expr.entry, state);
  const word = wordOf(a, expr);
  const [entry] = leavesOfPlace(context.table, expr.entry);
  const [length] = leavesOfPlace(context.table, expr.length);
  const adds = expr.op === "add";
  const change = { kind: "set", value: adds ? TRUE : FALSE } as const;
  const was = writeSeen(context, a, entry, keys, { kind: "write" }, change, word, expr.site, state);
  const changes = adds ? bounded("!", [was], BOOL, expr.site) : was;
  const steps: PlanStep[] = [];
  const inner = copyState(state, steps);
  const move = { kind: "delta", sign: adds ? "+" : "-", amount: ONE, floor: undefined, ceiling: undefined, atMost: 1n } as const;
  const after = { kind: "set", value: unknown("the length of a set that changes", expr.site, U64) } as const;
  writeLeaf(context, a, length, keys.slice(0, length.keys.length), move, after, wordAfter(word, 1), expr.site, inner);
  // What nobody knows afterwards it doesn't know either where the length stays.
  Object.assign(state, { writes: inner.writes, reads: inner.reads });
  const cond = foreseen(changes, expr.site);
  if (!isFalse(cond)) pushStep(context, state, { kind: "branch", cond, then: steps, otherwise: [], site: expr.site });
  return seen(context, changes);
}

/** No access: past values never change. */
export function past(context: Context, a: Activation, expr: Of<"past">, state: State): Term {
  const keys = keysOf(context, a, expr.place, state);
  const height = value(context, a, expr.height, state);
  const [leaf] = leavesOfPlace(context.table, expr.place);
  const known = pastLeaf(context, a, leaf, keys, wordOf(a, expr), expr.site, state);
  return limited({ kind: "past", leaf: leaf.index, keys: known, height, type: expr.type }, expr.site);
}
