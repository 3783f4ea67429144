/**
 * Makes a disjunction of conjunctions readable without making it stronger: what follows from the rest goes, alternatives that imply
 * another go, `x == true` and `x == false` side by side go. Bounded: too many alternatives become a coarser, weaker formula, at worst "always".
 */
import type { Bank } from "./bank.ts";
import { spend, WORK_PER_PROOF } from "./budget.ts";
import type { Budget } from "./budget.ts";
import type { Formula } from "./conflict.ts";
import { implied } from "./congruence.ts";
import type { Literal } from "./literals.ts";

type Conjunction = readonly Literal[];
/** Whether the literal follows from the premises; no when the work is spent. */
type Follows = (premises: Conjunction, literal: Literal) => boolean;

/** More alternatives than anyone reads. */
const MAX_ALTERNATIVES = 32;

/** Only literals that are shown take part. */
export function simplify(bank: Bank, alternatives: readonly (readonly Literal[])[], budget: Budget): Formula {
  const follows: Follows = (premises, literal) => spend(budget, WORK_PER_PROOF + premises.length) && implied(bank, premises, literal);
  let found = unique(
    alternatives.map((literals) =>
      reduce(
        follows,
        literals.filter((literal) => literal.shown),
      ),
    ),
  );
  // Conditions on one call alone go first, then all but the first key.
  if (found.length > MAX_ALTERNATIVES) found = unique(found.map((literals) => literals.filter(relatesCalls)));
  if (found.length > MAX_ALTERNATIVES) found = unique(found.map((literals) => literals.slice(0, 1)));
  if (found.length > MAX_ALTERNATIVES) return [[]];
  for (;;) {
    found = withoutSubsumed(follows, found);
    const merged = mergeOpposites(found);
    if (merged === undefined) break;
    found = unique(merged);
  }
  // Short ones first; otherwise in order of the code.
  const ordered = found.map((literals, i) => ({ literals, i })).sort((a, b) => a.literals.length - b.literals.length || a.i - b.i);
  return ordered.map(({ literals }) => literals.map((literal) => literal.atom));
}

function relatesCalls(literal: Literal): boolean {
  const { left, right } = literal.atom;
  return left.side !== right.side;
}

/** Without repetitions, and without what follows from the others; what stands first stays. */
function reduce(follows: Follows, literals: Conjunction): Conjunction {
  let kept = literals.filter((literal, i) => literals.findIndex((other) => other.key === literal.key) === i);
  if (kept.length < 3) return kept;
  for (let i = kept.length - 1; i >= 0; i--) {
    const others = kept.filter((_, j) => j !== i);
    if (follows(others, kept[i])) kept = others;
  }
  return kept;
}

function keyOf(literals: Conjunction): string {
  return literals
    .map((literal) => literal.key)
    .sort()
    .join(" ");
}

/** Without repetitions and without alternatives that literally contain another. */
function unique(alternatives: readonly Conjunction[]): readonly Conjunction[] {
  const byKey = new Map<string, Conjunction>();
  for (const literals of alternatives) {
    const key = keyOf(literals);
    if (key === "") return [[]];
    if (!byKey.has(key)) byKey.set(key, literals);
  }
  const distinct = [...byKey.values()];
  const singles = new Set(distinct.filter((literals) => literals.length === 1).map((literals) => literals[0].key));
  return distinct.filter((literals) => literals.length === 1 || !literals.some((literal) => singles.has(literal.key)));
}

function withoutSubsumed(follows: Follows, alternatives: readonly Conjunction[]): readonly Conjunction[] {
  let kept = alternatives;
  for (let i = kept.length - 1; i >= 0; i--) {
    const candidate = kept[i];
    const weaker = kept.some((other, j) => j !== i && other.every((literal) => follows(candidate, literal)));
    if (weaker) kept = kept.filter((_, j) => j !== i);
  }
  return kept;
}

/** `X ∧ c == true` or `X ∧ c == false` is X. */
function mergeOpposites(alternatives: readonly Conjunction[]): readonly Conjunction[] | undefined {
  for (const [i, first] of alternatives.entries()) {
    for (const second of alternatives.slice(i + 1)) {
      const common = mergedBy(first, second);
      if (common !== undefined)
        return alternatives.map((literals) => (literals === first ? common : literals)).filter((literals) => literals !== second);
    }
  }
  return undefined;
}

function mergedBy(first: Conjunction, second: Conjunction): Conjunction | undefined {
  if (first.length !== second.length) return undefined;
  const keys = new Set(second.map((literal) => literal.key));
  const differing = first.filter((literal) => !keys.has(literal.key));
  if (differing.length !== 1) return undefined;
  const [one] = differing;
  const firstKeys = new Set(first.map((literal) => literal.key));
  const other = second.find((literal) => !firstKeys.has(literal.key));
  return other !== undefined && opposite(one, other) ? first.filter((literal) => literal !== one) : undefined;
}

function opposite(a: Literal, b: Literal): boolean {
  if (!a.equal || !b.equal || a.left.node !== b.left.node || a.left.offset !== b.left.offset) return false;
  const [x, y] = [a.atom.right.term, b.atom.right.term];
  return (
    x.kind === "constant" && y.kind === "constant" && x.value.kind === "bool" && y.value.kind === "bool" && x.value.value !== y.value.value
  );
}
