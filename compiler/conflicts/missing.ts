/**
 * What an assertion that isn't proved would also need: the negations of the keys that must meet, as far as a `when` can say them.
 * With it the assertion holds, and it can be true together with the author's own condition.
 */
import { sameType } from "../core/types.ts";
import type { Func } from "../typed/tree.ts";
import type { Bank } from "./bank.ts";
import { conjoin } from "./claims.ts";
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

export function missingCondition(
  bank: Bank,
  open: readonly Clash[],
  given: Exclude<Alternatives, "too large">,
  functions: { readonly left: Func; readonly right: Func },
): Missing {
  let clauses: Clause[] = [];
  for (const clash of open) {
    const clause = clauseFor(bank, clash, given, functions);
    if (clause.length === 0) return { kind: "none", clash };
    const keys = new Set(clause.map((each) => each.key));
    if (clauses.some((known) => known.every((each) => keys.has(each.key)))) continue;
    clauses = clauses.filter((known) => !clause.every((each) => known.some((other) => other.key === each.key)));
    clauses.push(clause);
  }
  const [first] = open;
  const narrowed = clauses.length > MAX_CLAUSES ? undefined : narrow(bank, clauses, given);
  if (narrowed === undefined) return { kind: "none", clash: first };
  return { kind: "condition", clauses: narrowed.map((clause) => clause.map((each) => each.atom)) };
}

/** With fewer literals where the whole condition couldn't be taken apart; undefined if it can't be true under the given one. */
function narrow(bank: Bank, clauses: readonly Clause[], given: Alternatives): readonly Clause[] | undefined {
  const whole = clauses.reduce(
    (all, clause) =>
      conjoin(
        bank,
        all,
        clause.map((each) => [each]),
      ),
    given,
  );
  if (whole !== "too large") return whole.length > 0 ? clauses : undefined;
  const longest = Math.max(...clauses.map((clause) => clause.length));
  if (longest === 1) return undefined;
  const at = clauses.findIndex((clause) => clause.length === longest);
  return narrow(bank, clauses.with(at, clauses[at].slice(0, -1)), given);
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
