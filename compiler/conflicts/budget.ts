/**
 * The work that the conflict analysis of one contract may take, so that hostile source can't hold a compiler up. Counted, not timed:
 * the same source gets the same answer everywhere. When it is spent, what is left to decide counts as possible and isn't simplified.
 */

export interface Budget {
  left: number;
}

/** About two seconds on a slow machine; contracts of ordinary size use a hundredth. */
const WORK = 400_000;
/** Of one proof, besides its literals. One comparison of two accesses is 1. */
export const WORK_PER_PROOF = 4;

export function newBudget(work = WORK): Budget {
  return { left: work };
}

/** False when there isn't that much left. */
export function spend(budget: Budget, work: number): boolean {
  if (budget.left < work) return false;
  budget.left -= work;
  return true;
}
