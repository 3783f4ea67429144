/** The compiler's cost table in the form the reference world asks for: bounds evaluated at entry, steps counted while running. */
import { boundCosts, entryCost, evaluateCost } from "../../compiler/cost/cost.ts";
import { stepCost } from "../../compiler/cost/steps.ts";
import type { CostBound } from "../../compiler/cost/cost.ts";
import type { FuncId, Program } from "../../compiler/typed/tree.ts";
import type { CostModel } from "../interpreter/world.ts";
import type { Val } from "../interpreter/values.ts";

const known = new WeakMap<Program, ReadonlyMap<FuncId, CostBound>>();

export const COST_MODEL: CostModel = {
  refused: 0n,
  bound: (program, func, args) => {
    const bounds = known.get(program) ?? boundCosts(program);
    known.set(program, bounds);
    const bound = bounds.get(func.id);
    if (bound === undefined) throw new Error(`no cost bound for ${func.name}`);
    return evaluateCost(bound, lengths(args));
  },
  entry: (_program, func, args) => evaluateCost(entryCost(func), lengths(args)),
  step: (node) => BigInt(stepCost(node)),
};

/** Elements of each list argument; 0 for what is no list. */
function lengths(args: readonly Val[]): number[] {
  return args.map((arg) => (typeof arg === "object" ? arg.length : 0));
}
