/**
 * Two versions of a contract held against each other: which functions came and went, and for those that stayed what they touch, what they cost, and when
 * calls of them wait for each other. Pure: from two analysed programs to plain data.
 */
import { newBudget } from "../conflicts/budget.ts";
import { showType } from "../core/types.ts";
import type { Func } from "../typed/tree.ts";
import { compareAccesses } from "./accesses.ts";
import type { AccessChange } from "./accesses.ts";
import { compareCosts } from "./costs.ts";
import type { CostChange } from "./costs.ts";
import { bothAccesses, comparePair } from "./pairs.ts";
import type { PairChange } from "./pairs.ts";
import { matchFunctions } from "./versions.ts";
import type { Version } from "./versions.ts";

export interface FunctionChange {
  readonly name: string;
  readonly signature: string;
  /** The old signature where it is another one. */
  readonly was: string | undefined;
  readonly cost: CostChange | undefined;
  readonly accesses: readonly AccessChange[];
}

export interface ContractChange {
  readonly name: string;
  /** The old name where it is another one. */
  readonly was: string | undefined;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Only those with a change. */
  readonly functions: readonly FunctionChange[];
  /** Of functions that both versions have; only those that changed. */
  readonly pairs: readonly PairChange[];
  /** Functions beyond this many are in no pair. */
  readonly omitted: readonly string[];
}

/** As in the matrix: the number of pairs grows with the square. */
const MAX_FUNCTIONS = 128;

export function compareContracts(before: Version, after: Version): ContractChange {
  const { pairs, added, removed } = matchFunctions(before, after);
  const work = { before: newBudget(), after: newBudget(), proofs: newBudget(), texts: newBudget() };
  const known = pairs.map((pair) => bothAccesses(before, after, pair));
  const functions = known.map((both): FunctionChange => {
    const [signature, was] = [signatureOf(both.pair.after), signatureOf(both.pair.before)];
    return {
      name: both.pair.after.name,
      signature,
      was: was === signature ? undefined : was,
      cost: compareCosts(before, after, both.pair),
      accesses: compareAccesses(before, after, both, work.proofs),
    };
  });
  const external = known.filter(({ pair }) => pair.after.role !== "init");
  const shown = external.slice(0, MAX_FUNCTIONS);
  const [old, now] = [before.footprint.contract.name, after.footprint.contract.name];
  return {
    name: now,
    was: old === now ? undefined : old,
    added: added.map(signatureOf),
    removed: removed.map(signatureOf),
    functions: functions.filter(({ was, cost, accesses }) => was !== undefined || cost !== undefined || accesses.length > 0),
    pairs: shown.flatMap((left, i) => shown.slice(i).flatMap((right) => comparePair({ before, after }, left, right, work) ?? [])),
    omitted: external.slice(MAX_FUNCTIONS).map(({ pair }) => pair.after.name),
  };
}

function signatureOf({ name, params }: Func): string {
  return `${name}(${params.map((param) => `${param.name}: ${showType(param.type)}`).join(", ")})`;
}
