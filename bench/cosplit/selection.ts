/**
 * The largest set of a contract's transitions of which no two different ones always wait for each other: the counterpart of CoSplit's largest
 * good-enough selection, in which no two own one field as a whole. Exact, by taking or leaving the transition that rules out most others.
 */
import { PortError } from "./ports.ts";

/** The search doubles with each transition at worst. The originals have at most 18. */
const MAX_TRANSITIONS = 32;

/** `excludes(i, j)`, for i < j: the two can't be in one selection. */
export function largestSelection(count: number, excludes: (i: number, j: number) => boolean): number {
  if (count > MAX_TRANSITIONS) throw new PortError(`more than ${MAX_TRANSITIONS} transitions`);
  const indexes = Array.from({ length: count }, (_, i) => i);
  const others = indexes.map((i) => new Set(indexes.filter((j) => i !== j && excludes(Math.min(i, j), Math.max(i, j)))));
  return largestOf(new Set(indexes), others);
}

function largestOf(left: ReadonlySet<number>, others: readonly ReadonlySet<number>[]): number {
  let worst = -1;
  let most = 0;
  for (const i of left) {
    const excluded = [...others[i]].filter((j) => left.has(j)).length;
    if (excluded > most) [worst, most] = [i, excluded];
  }
  if (worst === -1) return left.size;
  const without = new Set([...left].filter((i) => i !== worst));
  const taken = new Set([...without].filter((i) => !others[worst].has(i)));
  return Math.max(largestOf(without, others), 1 + largestOf(taken, others));
}
