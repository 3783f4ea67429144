/**
 * Whether one condition over two calls implies another, both in disjunctive form: decided by refuting, for each way to deny every alternative of
 * the conclusion, the premise together with what denies it. By the prover of the compiler, so that a condition means the same as in `weft conflicts`.
 * "Yes" is a proof; "no" may also mean that the rules are too weak or the work is spent.
 */
import type { Bank } from "../../compiler/conflicts/bank.ts";
import type { Formula } from "../../compiler/conflicts/conflict.ts";
import { consistent } from "../../compiler/conflicts/congruence.ts";
import type { Relation } from "../../compiler/conflicts/congruence.ts";
import { literal } from "../../compiler/conflicts/literals.ts";

/** Alternatives, each with all its relations; what always holds is left out, what never can is gone. */
export type Alternatives = readonly (readonly Relation[])[];

/** Sets of relations refuted per question. Conditions of the ports need a few dozen. */
const MAX_STEPS = 20_000;

export function alternativesOf(bank: Bank, formula: Formula): Alternatives {
  return formula.flatMap((atoms) => {
    const made = atoms.map((atom) => literal(bank, atom, "shown"));
    return made.includes("never") ? [] : [made.filter((each) => each !== "always" && each !== "never")];
  });
}

/** Whether at least one alternative of `conclusion` holds whenever one of `premise` does. */
export function entails(bank: Bank, premise: Alternatives, conclusion: Alternatives): boolean {
  const work = { left: MAX_STEPS };
  return premise.every((relations) => !deniable(bank, relations, conclusion, 0, work));
}

/** Whether the relations can hold while none of the alternatives from `next` on does. */
function deniable(bank: Bank, relations: readonly Relation[], alternatives: Alternatives, next: number, work: { left: number }): boolean {
  if (work.left-- <= 0) return true;
  if (!consistent(bank, relations)) return false;
  if (next === alternatives.length) return true;
  return alternatives[next].some(({ equal, left, right }) =>
    deniable(bank, [...relations, { equal: !equal, left, right }], alternatives, next + 1, work),
  );
}
