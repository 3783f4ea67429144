/** The bound of what a call costs, before and after, over the lengths of the same parameters. */
import type { CostBound } from "../cost/polynomial.ts";
import { showCost } from "../cost/cost.ts";
import { paramNames } from "./versions.ts";
import type { FunctionPair, Version } from "./versions.ts";

export interface CostChange {
  readonly before: string;
  readonly after: string;
  /** `other`: higher for some arguments and lower for others. */
  readonly change: "higher" | "lower" | "other";
}

export function compareCosts(before: Version, after: Version, pair: FunctionPair): CostChange | undefined {
  const [old, now] = [before.costs.get(pair.before.id), after.costs.get(pair.after.id)];
  if (old === undefined || now === undefined) return undefined;
  const param = paramNames(pair.before, pair.after);
  const was = coefficients(old, param);
  const is = coefficients(now, (index) => index);
  const products = [...new Set([...was.keys(), ...is.keys()])];
  const rises = products.some((key) => (is.get(key) ?? 0n) > (was.get(key) ?? 0n));
  const falls = products.some((key) => (is.get(key) ?? 0n) < (was.get(key) ?? 0n));
  if (!rises && !falls) return undefined;
  return {
    before: showCost(old, pair.before),
    after: showCost(now, pair.after),
    change: rises && falls ? "other" : rises ? "higher" : "lower",
  };
}

function coefficients({ constant, terms }: CostBound, param: (index: number) => number): ReadonlyMap<string, bigint> {
  const products = terms.map(({ coefficient, lengths }): [string, bigint] => {
    const key = lengths.map(param).sort((a, b) => a - b);
    return [key.join(" "), coefficient];
  });
  return new Map([["", constant], ...products]);
}
