/**
 * The part of a condition that compares one call with the other. `a.caller == self.owner` says only that calls of strangers fail early: two calls of the
 * owner always wait, so a gain that rests on such a condition alone isn't counted as one.
 */
import type { Formula, SidedTerm } from "../../compiler/conflicts/conflict.ts";
import type { Term } from "../../compiler/footprint/footprint.ts";
import { childrenOf, foldTerm } from "../../compiler/footprint/terms.ts";

/** Weaker than the formula: without what speaks of one call alone. */
export function relatingPart(formula: Formula): Formula {
  const memo = new Map<Term, boolean>();
  const varies = ({ term }: SidedTerm): boolean => foldTerm(term, memo, dependsOnCall);
  return formula.map((atoms) => atoms.filter(({ left, right }) => left.side !== right.side && varies(left) && varies(right)));
}

/** Whether there is no pair of calls, beyond those that fail by themselves, for which the condition doesn't hold. */
export function alwaysHolds(formula: Formula): boolean {
  return relatingPart(formula).some((atoms) => atoms.length === 0);
}

/** Another call may give another value. A read counts by its keys: what has none is the same cell for all calls. */
function dependsOnCall(term: Term, get: (child: Term) => boolean): boolean {
  switch (term.kind) {
    case "param":
    case "ticket":
      return true;
    case "context":
      return term.name === "caller" || term.name === "value";
    default:
      return childrenOf(term).some(get);
  }
}
