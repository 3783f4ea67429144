/**
 * What an assertion that isn't proved would also need: the negations of the keys that must meet, as far as a `when` can say them.
 * The answer is checked: with it the assertion holds, and it can be true together with the author's own condition.
 */
import { sameType } from "../core/types.ts";
import type { Func } from "../typed/tree.ts";
import type { Bank } from "./bank.ts";
import type { Alternatives } from "./claims.ts";
import type { Atom, Clash, SidedTerm } from "./conflict.ts";
import { consistent } from "./congruence.ts";
import { literal } from "./literals.ts";
import type { Literal } from "./literals.ts";

/** Any one of these would rule a clash out. */
type Clause = readonly Literal[];

export type Missing =
  | { readonly kind: "condition"; readonly clauses: readonly (readonly Atom[])[] }
  /** No condition rules out `clash`. */
  | { readonly kind: "none"; readonly clash: Clash };

const MAX_CLAUSES = 6;
const MAX_COMBINATIONS = 256;

export function missingCondition(
  bank: Bank,
  open: readonly Clash[],
  given: Alternatives,
  functions: { readonly left: Func; readonly right: Func },
): Missing {
  const possible = given === "too large" ? [[]] : given;
  let clauses: Clause[] = [];
  for (const clash of open) {
    const clause = clauseFor(bank, clash, possible, functions);
    if (clause.length === 0) return { kind: "none", clash };
    const keys = new Set(clause.map((each) => each.key));
    if (clauses.some((known) => known.every((each) => keys.has(each.key)))) continue;
    clauses = clauses.filter((known) => !clause.every((each) => known.some((other) => other.key === each.key)));
    clauses.push(clause);
  }
  const [first] = open;
  if (clauses.length > MAX_CLAUSES || !compatible(bank, clauses, possible)) return { kind: "none", clash: first };
  return { kind: "condition", clauses: clauses.map((clause) => clause.map((each) => each.atom)) };
}

/** Key equalities that a `when` can deny; if there are none, conditions on one call alone. */
function clauseFor(
  bank: Bank,
  clash: Clash,
  given: readonly (readonly Literal[])[],
  functions: { readonly left: Func; readonly right: Func },
): Clause {
  const atoms = clash.condition.flat().filter((atom) => atom.equal && sayable(atom, functions));
  const betweenCalls = atoms.filter((atom) => atom.left.side !== atom.right.side && !isConstant(atom.right) && !isConstant(atom.left));
  const aboutKeys = betweenCalls.length > 0 ? betweenCalls : atoms;
  return aboutKeys
    .map((atom) => literal(bank, { equal: false, left: atom.left, right: atom.right }, "shown"))
    .filter((made) => made !== "always" && made !== "never")
    .filter((made) => given.some((alternative) => consistent(bank, [...alternative, made])));
}

function sayable(atom: Atom, functions: { readonly left: Func; readonly right: Func }): boolean {
  const { left, right } = atom;
  if (!termSayable(left, functions) || !termSayable(right, functions)) return false;
  return isConstant(right) || isConstant(left) || sameType(left.term.type, right.term.type);
}

function isConstant(sided: SidedTerm): boolean {
  return sided.term.kind === "constant";
}

function termSayable(sided: SidedTerm, functions: { readonly left: Func; readonly right: Func }): boolean {
  const { term } = sided;
  if (term.kind === "param") return term.path.length === 0;
  if (term.kind === "context") {
    const func = sided.side === "left" ? functions.left : functions.right;
    return term.name === "caller" || (term.name === "value" && func.mutability === "payable");
  }
  return term.kind === "constant";
}

/** Whether all clauses can be true under the given condition. */
function compatible(bank: Bank, clauses: readonly Clause[], given: readonly (readonly Literal[])[]): boolean {
  let ways: readonly (readonly Literal[])[] = given;
  for (const clause of clauses) {
    ways = ways.flatMap((way) => clause.map((each) => [...way, each])).filter((way) => consistent(bank, way));
    if (ways.length > MAX_COMBINATIONS) ways = ways.slice(0, MAX_COMBINATIONS);
  }
  return ways.length > 0;
}
