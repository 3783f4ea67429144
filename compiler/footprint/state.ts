/**
 * What the symbolic execution knows at one point of a path: values of locals, own writes (for forwarding, rule S4), reads so far, and what
 * requires and branches have shown (rule S3). `out` is where the next plan step goes: inside the branch of every static `require` passed.
 */
import type { LocalId } from "../typed/tree.ts";
import { Bug } from "../core/bug.ts";
import type { LeafIndex, PlanStep, ReadId, Term } from "./footprint.ts";
import { choice, isStatic, sameTerm } from "./algebra.ts";

/** A value: a term, or a struct or tuple of values. Lists are terms. */
export type Sym =
  | { readonly kind: "term"; readonly term: Term }
  | { readonly kind: "members"; readonly members: readonly Sym[] };

export interface OwnWrite {
  readonly leaf: LeafIndex;
  /** Undefined: any cell of the leaf (a loop wrote). */
  readonly keys: readonly Term[] | undefined;
  readonly value: Term;
}

export interface KnownRead {
  readonly leaf: LeafIndex;
  readonly keys: readonly Term[];
  readonly term: Term;
}

export interface State {
  out: PlanStep[];
  env: Map<LocalId, Sym>;
  /** Oldest first. */
  writes: readonly OwnWrite[];
  reads: readonly KnownRead[];
  refined: ReadonlyMap<ReadId, Term>;
  /** A call on this path always reverts. */
  dead: boolean;
  /** Branches around `out`: steps don't nest without bound. */
  depth: number;
}

export function startState(out: PlanStep[]): State {
  return { out, env: new Map(), writes: [], reads: [], refined: new Map(), dead: false, depth: 0 };
}

export function copyState(state: State, out: PlanStep[]): State {
  return { ...state, out, env: new Map(state.env) };
}

export function asTerm(value: Sym): Term {
  if (value.kind === "term") return value.term;
  throw new Bug("footprint: a struct where a single value is expected");
}

/** The state after both sides of a branch; steps go on at `out`. */
export function mergeStates(cond: Term, a: State, b: State, out: PlanStep[], unknown: (like: Term) => Term): State {
  const env = new Map<LocalId, Sym>();
  for (const [local, value] of a.env) {
    const other = b.env.get(local);
    if (other !== undefined) env.set(local, mergeValues(cond, value, other, unknown));
  }
  const refined = new Map<ReadId, Term>();
  for (const [read, term] of a.refined) {
    const other = b.refined.get(read);
    if (other !== undefined && sameTerm(term, other)) refined.set(read, term);
  }
  const reads = a.reads.filter((read) => b.reads.includes(read));
  return { out, env, writes: mergeWrites(a.writes, b.writes, unknown), reads, refined, dead: false, depth: Math.min(a.depth, b.depth) };
}

export function mergeValues(cond: Term, a: Sym, b: Sym, unknown: (like: Term) => Term): Sym {
  if (a.kind === "members" && b.kind === "members") {
    return { kind: "members", members: a.members.map((member, i) => mergeValues(cond, member, b.members[i], unknown)) };
  }
  // Of one side only some members are known by name: of the other nothing is.
  if (a.kind === "members") return blurred(a, unknown);
  if (b.kind === "members") return blurred(b, unknown);
  const left = a.term;
  const right = b.term;
  if (sameTerm(left, right)) return a;
  return { kind: "term", term: isStatic(cond) ? choice(cond, left, right) : unknown(left) };
}

function blurred(value: Sym, unknown: (like: Term) => Term): Sym {
  if (value.kind === "term") return { kind: "term", term: unknown(value.term) };
  return { kind: "members", members: value.members.map((member) => blurred(member, unknown)) };
}

/** What one side wrote is, after the branch, an unknown value at these keys. */
function mergeWrites(a: readonly OwnWrite[], b: readonly OwnWrite[], unknown: (like: Term) => Term): readonly OwnWrite[] {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const blur = (write: OwnWrite): OwnWrite => ({ ...write, value: unknown(write.value) });
  return [...a.slice(0, common), ...a.slice(common).map(blur), ...b.slice(common).map(blur)];
}
