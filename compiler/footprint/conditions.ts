/** Conditions of branches: what the plan can tell of them without state. */
import type { Site } from "../typed/tree.ts";
import type { Type } from "../core/types.ts";
import { isKnown, isOfState, isStatic, rebuilt } from "./algebra.ts";
import { unknown, type Context } from "./context.ts";
import type { Term } from "./footprint.ts";
import { childrenOf, foldTerm } from "./terms.ts";

/**
 * A condition as the plan can use it: parts that read state are unknown to it (three-valued logic decides what the others leave open), and so is what is
 * computed of them. Of a choice the side counts that the call chooses.
 */
export function planned(cond: Term, site: Site): Term {
  if (isStatic(cond)) return cond;
  const open = (type: Type): Term => unknown("a condition on state", site, type);
  return foldTerm<Term>(cond, new Map(), (term, get) => {
    if (term.kind === "read" || term.kind === "unknown" || isOfState(term)) return open(term.type);
    const parts = childrenOf(term).map(get);
    const isOpen = ({ kind }: Term): boolean => kind === "unknown";
    if (term.kind === "if") return isOpen(get(term.cond)) || parts.slice(1).every(isOpen) ? open(term.type) : rebuilt(term, get);
    const isLogic = term.kind === "op" && (term.op === "&&" || term.op === "||");
    return parts.length > 0 && (isLogic ? parts.every(isOpen) : parts.some(isOpen)) ? open(term.type) : rebuilt(term, get);
  });
}

/**
 * The same with state read as well: such a condition is known when no earlier call of the block may change what it reads, and then the other
 * side isn't planned. For branches; a `require` that fails leaves a larger footprint than needed, and looking it up would cost every call.
 */
export function foreseen(cond: Term, site: Site): Term {
  return isKnown(cond) ? cond : planned(cond, site);
}

/** For a branch that all that follows goes into: what numbers are drawn behind it doesn't depend on state (rule T2). */
export function passing(context: Context, cond: Term, site: Site): Term {
  return context.drawsTickets ? planned(cond, site) : cond;
}

/** Whether a planned condition can come out as `outcome` although parts of it are unknown. */
export function canBe(cond: Term, outcome: boolean): boolean {
  if (cond.kind === "unknown") return false;
  if (cond.kind === "if") return canBe(cond.then, outcome) || canBe(cond.otherwise, outcome);
  if (cond.kind !== "op") return true;
  if (cond.op === "!") return canBe(cond.args[0], !outcome);
  if (cond.op !== "&&" && cond.op !== "||") return true;
  // One side settles `a && b` as false and `a || b` as true; the other outcome takes both.
  const either = (cond.op === "||") === outcome;
  return either ? cond.args.some((arg) => canBe(arg, outcome)) : cond.args.every((arg) => canBe(arg, outcome));
}
