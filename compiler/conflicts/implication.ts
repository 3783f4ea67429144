/**
 * Whether one disjunction of conjunctions implies another, and with that which of two conditions is the weaker one. Decided like everything about
 * conditions: by congruence closure, here under every way in which the second one can fail. "No" is said when no proof is found; bounded by
 * the budget, and then the answer is "unknown".
 */
import type { Bank } from "./bank.ts";
import { spend, WORK_PER_PROOF } from "./budget.ts";
import type { Budget } from "./budget.ts";
import type { Formula } from "./conflict.ts";
import { consistent } from "./congruence.ts";
import type { Relation } from "./congruence.ts";
import { literal } from "./literals.ts";
import type { Literal } from "./literals.ts";

export type Alternatives = readonly (readonly Literal[])[];

/** Of a change from one condition of waiting to another; `other`: neither implies the other, or it can't be told. */
export type Judgement = "same" | "more" | "less" | "other";

/** Two calls wait where the condition holds: who waits in more cases is less parallel. */
export function judge(bank: Bank, before: Alternatives, after: Alternatives, budget: Budget): Judgement {
  if (sameAlternatives(before, after)) return "same";
  const weaker = implies(bank, before, after, budget);
  const stronger = implies(bank, after, before, budget);
  if (weaker === "unknown" || stronger === "unknown" || (!weaker && !stronger)) return "other";
  return weaker && stronger ? "same" : weaker ? "less" : "more";
}

export function implies(bank: Bank, premises: Alternatives, conclusion: Alternatives, budget: Budget): boolean | "unknown" {
  const sets = conclusion.map((literals) => literals.map(({ key }) => key));
  for (const premise of premises) {
    const keys = new Set(premise.map(({ key }) => key));
    // Most alternatives stand on both sides as they are.
    if (sets.some((others) => others.every((key) => keys.has(key)))) continue;
    const refuted = follows(bank, premise, conclusion, budget);
    if (refuted !== true) return refuted;
  }
  return true;
}

/** Alternatives that can't hold together with the premise are no help. */
function follows(bank: Bank, premise: readonly Literal[], conclusion: Alternatives, budget: Budget): boolean | "unknown" {
  const helpful: (readonly Literal[])[] = [];
  for (const literals of conclusion) {
    if (!spend(budget, WORK_PER_PROOF + premise.length + literals.length)) return "unknown";
    if (consistent(bank, [...premise, ...literals])) helpful.push(literals);
  }
  return helpful.length > MAX_NESTED ? "unknown" : isRefuted(bank, premise, helpful, budget);
}

/** Alternatives that may have to be ruled out one within the other. */
const MAX_NESTED = 64;

/** No way is left in which all of `facts` hold and none of the alternatives does. */
function isRefuted(bank: Bank, facts: readonly Relation[], alternatives: Alternatives, budget: Budget): boolean | "unknown" {
  if (!spend(budget, WORK_PER_PROOF + facts.length)) return "unknown";
  if (!consistent(bank, facts)) return true;
  const [first, ...rest] = alternatives;
  if (alternatives.length === 0) return false;
  for (const each of first) {
    const refuted = isRefuted(bank, [...facts, negated(bank, each)], rest, budget);
    if (refuted !== true) return refuted;
  }
  return true;
}

/** A truth value that isn't one is the other. */
function negated(bank: Bank, { equal, left, right, atom }: Literal): Relation {
  const { side, term } = atom.right;
  if (equal && term.kind === "constant" && term.value.kind === "bool") {
    const opposite = { ...term, value: { ...term.value, value: !term.value.value } };
    const subject = bank.node(left.node).constant ? right : left;
    return { equal: true, left: subject, right: bank.ref(side, opposite) };
  }
  return { equal: !equal, left, right };
}

/** Without repetitions, and without alternatives that literally contain another. */
export function distinct(alternatives: Alternatives): Alternatives {
  const sets = new Map(alternatives.map((literals) => [keyOf([literals]), literals]));
  const found = [...sets.values()].map((literals) => ({ literals, keys: new Set(literals.map(({ key }) => key)) }));
  found.sort((a, b) => a.keys.size - b.keys.size);
  return found
    .filter(
      ({ keys }, i) => !found.slice(0, i).some((other) => other.keys.size < keys.size && [...other.keys].every((key) => keys.has(key))),
    )
    .map(({ literals }) => literals);
}

/** A formula's atoms as relations over the terms of `bank`; what can't hold is left out. */
export function alternativesIn(bank: Bank, formula: Formula): Alternatives {
  return formula.flatMap((atoms) => {
    const literals: Literal[] = [];
    for (const atom of atoms) {
      const made = literal(bank, atom, "shown");
      if (made === "never") return [];
      if (made !== "always") literals.push(made);
    }
    return [literals];
  });
}

/** Literally, in whatever order. */
export function sameAlternatives(a: Alternatives, b: Alternatives): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf(alternatives: Alternatives): string {
  const keys = alternatives.map((literals) =>
    literals
      .map(({ key }) => key)
      .sort()
      .join(" "),
  );
  // No alternative at all is another thing than one without conditions.
  return [...new Set(keys)]
    .sort()
    .map((key) => `(${key})`)
    .join("");
}
