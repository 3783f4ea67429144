/**
 * Independence assertions: the condition in disjunctive form, and which meetings it doesn't rule out.
 * A claim holds iff condition and meeting contradict each other, for every meeting and every alternative of the condition.
 */
import type { ClaimTerm, Condition } from "../typed/tree.ts";
import type { Bank } from "./bank.ts";
import { spend, WORK_PER_PROOF } from "./budget.ts";
import type { Budget } from "./budget.ts";
import type { SidedTerm } from "./conflict.ts";
import { consistent } from "./congruence.ts";
import { literal } from "./literals.ts";
import type { Literal } from "./literals.ts";

/** Alternatives of one condition; also bounds its nesting. */
const MAX_ALTERNATIVES = 64;
const MAX_LITERALS = 64;
const MAX_NESTING = 256;

export type Alternatives = readonly (readonly Literal[])[] | "too large";

/** Alternatives that contradict themselves are left out: an empty list can never hold. */
export function alternativesOf(bank: Bank, condition: Condition | undefined): Alternatives {
  return condition === undefined ? [[]] : expand(bank, condition, 0);
}

/** The alternatives of `left and right`. */
export function conjoin(bank: Bank, left: Alternatives, right: Alternatives): Alternatives {
  if (left === "too large" || right === "too large" || left.length * right.length > MAX_ALTERNATIVES) return "too large";
  const joined = left.flatMap((a) => right.map((b) => [...a, ...b])).filter((literals) => consistent(bank, literals));
  return joined.some((literals) => literals.length > MAX_LITERALS) ? "too large" : joined;
}

function expand(bank: Bank, condition: Condition, depth: number): Alternatives {
  if (depth > MAX_NESTING) return "too large";
  switch (condition.kind) {
    case "equal":
    case "differ": {
      const atom = { equal: condition.kind === "equal", left: sided(condition.left), right: sided(condition.right) };
      const made = literal(bank, atom, "shown");
      return made === "always" ? [[]] : made === "never" || !consistent(bank, [made]) ? [] : [[made]];
    }
    case "or": {
      const left = expand(bank, condition.left, depth + 1);
      const right = expand(bank, condition.right, depth + 1);
      if (left === "too large" || right === "too large" || left.length + right.length > MAX_ALTERNATIVES) return "too large";
      return [...left, ...right];
    }
    case "and":
      return conjoin(bank, expand(bank, condition.left, depth + 1), expand(bank, condition.right, depth + 1));
  }
}

export function sided(term: ClaimTerm): SidedTerm {
  switch (term.kind) {
    case "param":
      return { side: term.side, term: { kind: "param", index: term.index, path: [], type: term.type } };
    case "caller":
    case "value":
      return { side: term.side, term: { kind: "context", name: term.kind, type: term.type } };
    case "constant":
      return { side: "left", term: { kind: "constant", value: term.value, type: term.type } };
  }
}

/** The cases that can happen under the condition. With a condition too large to take apart, all of them. */
export function openCases<C extends { readonly literals: readonly Literal[] }>(
  bank: Bank,
  alternatives: Alternatives,
  cases: readonly C[],
  budget: Budget,
): readonly C[] {
  if (alternatives === "too large") return cases;
  const verdicts = new Map<string, boolean>();
  return cases.filter(({ literals }) => {
    const key = literals
      .map((each) => each.key)
      .sort()
      .join(" ");
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const open = alternatives.some((alternative) => {
      const all = [...alternative, ...literals];
      return !spend(budget, WORK_PER_PROOF + all.length) || consistent(bank, all);
    });
    verdicts.set(key, open);
    return open;
  });
}
