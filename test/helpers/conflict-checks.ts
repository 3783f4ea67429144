/**
 * What conditions and claims say of plans made up at random, put to the test on concrete calls. The conflict analysis comes as an argument, so that wrong
 * ones can be tried, too.
 */
import fc from "fast-check";
import type { analyseConflicts, proveClaims } from "../../compiler/conflicts/analyse.ts";
import type { PlanStep } from "../../compiler/footprint/footprint.ts";
import { addsMeet, clash, conditionHolds, holds, run } from "./concrete.ts";
import type { Call } from "./concrete.ts";
import { contractOf, exactPlan, given, guardPlan, manyCalls, markPlan, plan, planOf } from "./made-plans.ts";
import { int, writes } from "./plans.ts";
import type { handmade } from "./plans.ts";

type Analyse = typeof analyseConflicts;
type Prove = typeof proveClaims;

/** Seed and number of examples of a check. */
export interface Extent {
  /** A counterexample is not made small. */
  readonly endOnFailure?: boolean;
  readonly seed: number;
  readonly numRuns: number;
}

/** Conditions hold whenever two calls touch one cell in clashing modes, and adds that meet are marked. Gives how often they hold, and how often in vain. */
export function checkConditions(analyse: Analyse, extent: Extent): { readonly held: number; readonly inVain: number } {
  let held = 0;
  let inVain = 0;
  const check = (contract: ReturnType<typeof handmade>, { left, right }: Pair): void => {
    for (const { left: l, right: r, condition, escrow } of analyse(contract.footprint, contract.program).pairs) {
      const a = run(planOf(contract, l), left);
      const b = run(planOf(contract, r), right);
      const really = clash(a, b);
      const said = holds(condition, a, b);
      if (really && !said) throw new Error("two calls clash where the condition says that they can't");
      // Adds at cells that nobody knows are writes.
      if (addsMeet(a, b) && !escrow && !said) throw new Error("two calls add to one cell, and aren't marked");
      if (said) held++;
      if (said && !really) inVain++;
    }
  };
  check(contractOf(manyWrites(MANY_WAYS), manyWrites(MANY_WAYS)), { left: CALL, right: CALL });
  for (const kind of [plan, markPlan, guardPlan]) {
    fc.assert(
      fc.property(kind, kind, manyCalls, (f, g, pairs) => {
        const contract = contractOf(f, g);
        for (const pair of pairs) check(contract, pair);
      }),
      extent,
    );
  }
  return { held, inVain };
}

interface Pair {
  readonly left: Call;
  readonly right: Call;
}

const CALL: Call = { args: [0, 0, 0, 0, []], caller: 0, state: 0, tickets: 0 };
/** More than the analysis compares one by one. */
const MANY_WAYS = 70;

function manyWrites(count: number): readonly PlanStep[] {
  return Array.from({ length: count }, (_, i) => writes(2, int(i)));
}

/** Without unknown keys, conditions, and sums that can fail, conditions say just what happens. */
export function checkExact(analyse: Analyse, extent: Extent): void {
  fc.assert(
    fc.property(exactPlan, exactPlan, manyCalls, (f, g, pairs) => {
      const contract = contractOf(f, g);
      const { pairs: found } = analyse(contract.footprint, contract.program);
      for (const { left, right } of pairs) {
        for (const { left: l, right: r, condition } of found) {
          const a = run(planOf(contract, l), left);
          const b = run(planOf(contract, r), right);
          if (holds(condition, a, b) !== clash(a, b)) throw new Error("a condition is weaker or stronger than what happens");
        }
      }
    }),
    extent,
  );
}

/** Claims that are proved hold for all calls under their condition. Gives how many were. */
export function checkProved(prove: Prove, extent: Extent): number {
  let proved = 0;
  fc.assert(
    fc.property(plan, plan, given, manyCalls, (f, g, condition, pairs) => {
      const contract = contractOf(f, g, condition);
      const [verdict] = prove(contract.footprint);
      if (verdict.open.length > 0) return;
      proved++;
      for (const { left, right } of pairs) {
        if (!conditionHolds(condition, left, right)) continue;
        if (clash(run(planOf(contract, 0), left), run(planOf(contract, 1), right)))
          throw new Error("a claim is proved, and two calls clash");
      }
    }),
    extent,
  );
  return proved;
}
