/**
 * What a condition tells once it is known to hold (rule S3): a value read from state that equals something is that thing from here on.
 * Only along the path that the condition dominates; earlier uses keep the key they had.
 */
import type { ReadId, Term } from "./footprint.ts";
import type { State } from "./state.ts";
import { MAX_MEMORY } from "./context.ts";
import { FALSE, isTooLarge, someTerm, substitute, TRUE } from "./algebra.ts";

export function assume(state: State, cond: Term, holds: boolean): void {
  if (cond.kind === "read" && cond.type.kind === "bool") return learn(state, cond, holds ? TRUE : FALSE);
  if (cond.kind !== "op") return;
  const [a, b] = cond.args;
  switch (cond.op) {
    case "!":
      return assume(state, a, !holds);
    case "&&":
    case "||":
      // `a && b` holding tells both; so does `a || b` failing.
      if ((cond.op === "&&") !== holds) return;
      assume(state, a, holds);
      return assume(state, b, holds);
    case "==":
    case "!=":
      if ((cond.op === "==") === holds) equate(state, a, b);
      return;
    default:
      return;
  }
}

function equate(state: State, a: Term, b: Term): void {
  const left = substitute(a, state.refined);
  const right = substitute(b, state.refined);
  if (isTooLarge(left) || isTooLarge(right)) return;
  if (left.kind === "read" && !mentions(right, left.read)) learn(state, left, right);
  else if (right.kind === "read" && !mentions(left, right.read)) learn(state, right, left);
}

function mentions(term: Term, read: ReadId): boolean {
  return someTerm(term, (part) => part.kind === "unknown" || (part.kind === "read" && part.read === read));
}

function learn(state: State, read: Extract<Term, { kind: "read" }>, value: Term): void {
  if (state.refined.size >= MAX_MEMORY) return;
  const known = new Map<ReadId, Term>();
  // What was known in terms of this read is now known in terms of the value.
  const own = new Map<ReadId, Term>([[read.read, value]]);
  for (const [id, term] of state.refined) {
    const next = substitute(term, own);
    known.set(id, isTooLarge(next) ? term : next);
  }
  state.refined = known.set(read.read, value);
}
