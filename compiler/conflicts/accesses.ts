/**
 * What the conflict analysis needs of one function: its different accesses by kind of cell, and its loops.
 * Accesses that differ only in where they stand are one; the first is kept.
 */
import type { ContractFootprint, EntryPlan, FlatAccess, LeafIndex, LoopId, PlanStep } from "../footprint/footprint.ts";
import { callsOf, errorReads, flatten } from "../footprint/flatten.ts";
import type { FunctionAccesses, LoopInfo } from "./facts.ts";
import { guardLiterals, pairBank } from "./literals.ts";

export function accessesOf(plan: EntryPlan, { leaves, own: ownLeaves }: Pick<ContractFootprint, "leaves" | "own">): FunctionAccesses {
  const loops = loopsOf(plan);
  const groupOf = (leaf: LeafIndex): number => leaves[leaf].group;
  const own = {
    func: plan.func,
    loops,
    groupOf,
    isElsewhere: (leaf: LeafIndex): boolean => leaf >= ownLeaves,
    byLeaf: new Map<LeafIndex, FlatAccess[]>(),
    errors: errorReads(plan),
    outward: callsOf(plan),
  };
  const bank = pairBank(own, own);
  const seen = new Set<string>();
  for (const access of flatten(plan)) {
    if (access.mode === "T") continue;
    const guards = guardLiterals(bank, "left", access);
    if (guards === undefined) continue;
    const keys = access.keys.map((key) => bank.ref("left", key)).map((ref) => `${ref.node}+${ref.offset}`);
    const key = `${access.mode} ${access.leaf} ${keys.join(" ")} ${guards.map((guard) => guard.key).join(" ")}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const known = own.byLeaf.get(access.leaf);
    if (known === undefined) own.byLeaf.set(access.leaf, [access]);
    else known.push(access);
  }
  return own;
}

function loopsOf(plan: EntryPlan): ReadonlyMap<LoopId, LoopInfo> {
  const loops = new Map<LoopId, LoopInfo>();
  const stack: { readonly steps: readonly PlanStep[]; readonly depth: number }[] = [{ steps: plan.steps, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { depth } = top;
    for (const step of top.steps) {
      if (step.kind === "branch") stack.push({ steps: step.then, depth }, { steps: step.otherwise, depth });
      if (step.kind !== "loop") continue;
      loops.set(step.loop, { over: step.over, depth });
      stack.push({ steps: step.body, depth: depth + 1 });
    }
  }
  return loops;
}
