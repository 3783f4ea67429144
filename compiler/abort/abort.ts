/**
 * Where a call can fail, and what it has done by then: per external function, whether all checks come before all effects. Runs on the typed tree, in the order
 * of execution; the footprint tells which adds nothing else of the call is in the way of. Read by the table of footprints and by a lint.
 */
import { flatten } from "../footprint/flatten.ts";
import type { ContractFootprint, EntryPlan, LeafIndex } from "../footprint/footprint.ts";
import { leafTable } from "../footprint/leaves.ts";
import type { LeafTable } from "../footprint/leaves.ts";
import type { Func, FuncId, Program, Stmt } from "../typed/tree.ts";
import { calleesFirst, calleesOf } from "../typed/order.ts";
import type { AbortPair, Summary } from "./summary.ts";
import { called } from "./summary.ts";
import { blockSummary } from "./walk.ts";

export type { AbortPair } from "./summary.ts";

export interface AbortPoints {
  readonly verdict:
    /** Nothing that can fail comes after an effect. */
    | "checksFirst"
    /** Only adds do, which are decided before execution where their sums clear. */
    | "addsOnly"
    /** Something else may, as far as can be told. */
    | "needsUndo";
  /** What the verdict rests on: the first failures behind an effect, of adds only where nothing else is. */
  readonly pairs: readonly AbortPair[];
  /** Whether it has an effect and something to fail at: without, the verdict says nothing. */
  readonly matters: boolean;
  /** Whether coin may come with the call, which goes back when it fails. */
  readonly coin: boolean;
}

/** External functions, getters and `init`. `bodyOf` may give another body than the function has, to see what would be. */
export function abortPoints(
  footprint: ContractFootprint,
  program: Program,
  bodyOf: (func: Func) => readonly Stmt[] = (func) => func.body,
): ReadonlyMap<FuncId, AbortPoints> {
  const table = leafTable(footprint.contract);
  const functions = new Map<FuncId, Summary>();
  for (const id of calleesFirst(program, footprint.entries.keys())) {
    const func = program.functions.get(id);
    if (func === undefined) continue;
    const body = bodyOf(func);
    const make = (): Summary => called(blockSummary({ table, functions }, body));
    functions.set(
      id,
      body === func.body
        ? remembered(
            table,
            func,
            calleesOf(func).map((callee) => functions.get(callee)),
            make,
          )
        : make(),
    );
  }
  const found = new Map<FuncId, AbortPoints>();
  for (const [id, plan] of footprint.entries) {
    const summary = functions.get(id);
    if (summary !== undefined) found.set(id, pointsOf(summary, plan, program.functions.get(id)?.mutability === "payable"));
  }
  return found;
}

interface Remembered {
  readonly callees: readonly (Summary | undefined)[];
  readonly summary: Summary;
}

/** Kept while the contract's leaves and the functions that this one calls are the same: an editor asks after each edit. */
const summaries = new WeakMap<LeafTable, WeakMap<Func, Remembered>>();

function remembered(table: LeafTable, func: Func, callees: Remembered["callees"], make: () => Summary): Summary {
  const known = summaries.get(table) ?? new WeakMap<Func, Remembered>();
  summaries.set(table, known);
  const found = known.get(func);
  if (found !== undefined && found.callees.length === callees.length && found.callees.every((one, i) => one === callees[i]))
    return found.summary;
  const summary = make();
  known.set(func, { callees, summary });
  return summary;
}

function pointsOf({ check, adds, effect, lateChecks, lateAdds }: Summary, plan: EntryPlan, coin: boolean): AbortPoints {
  const touched = otherwiseTouched(plan);
  const late = [...lateAdds].map(([leaf, pair]) => ({ pair, isPlain: !touched.has(leaf) }));
  const checks = [...lateChecks, ...late.flatMap(({ pair, isPlain }) => (isPlain ? [] : [pair]))];
  const matters = checks.length > 0 || (effect !== undefined && (check !== undefined || adds.size > 0));
  if (checks.length > 0) return { verdict: "needsUndo", pairs: checks, matters, coin };
  if (late.length > 0) return { verdict: "addsOnly", pairs: late.map(({ pair }) => pair), matters, coin };
  return { verdict: "checksFirst", pairs: [], matters, coin };
}

/** Leaves that the call doesn't only add to: where cells of one are the same, such an add is a write, and its check runs when it gets there. */
function otherwiseTouched(plan: EntryPlan): ReadonlySet<LeafIndex> {
  return new Set(flatten(plan).flatMap(({ mode, leaf }) => (mode === "D" ? [] : [leaf])));
}
