/**
 * What the symbolic execution knows at one point of a path: values of locals, own writes (for forwarding, rule S4), reads so far, and what
 * requires and branches have shown (rule S3). `out` is where the next plan step goes: inside the branch of every static `require` passed.
 */
import type { LocalId } from "../typed/tree.ts";
import { Bug } from "../core/bug.ts";
import type { LeafIndex, PlanStep, ReadId, Sym, Term, TermOp } from "./footprint.ts";
import { BOOL, choice, isKnown, isStatic, isTooLarge, ofState, operation, sameTerm, TRUE } from "./algebra.ts";

/** A write of this call, as far as its later reads can know of it. */
export interface OwnWrite {
  readonly leaf: LeafIndex;
  /** Undefined: any cell of the leaf (a loop wrote). */
  readonly keys: readonly Term[] | undefined;
  /** The new value, or what was done to the old one. */
  readonly change: Change;
  /** Condition under which it happened; undefined: it did. */
  readonly when: Term | undefined;
}

export type Change = { readonly kind: "set"; readonly value: Term } | { readonly kind: "update"; readonly op: TermOp; readonly by: Term };

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
  /** Holds where the running function gets to this point without having returned before. */
  path: Term;
  /** Branches around `out`: steps don't nest without bound. */
  depth: number;
}

export function startState(out: PlanStep[]): State {
  return { out, env: new Map(), writes: [], reads: [], refined: new Map(), dead: false, path: TRUE, depth: 0 };
}

export function copyState(state: State, out: PlanStep[]): State {
  return { ...state, out, env: new Map(state.env) };
}

export function asTerm(value: Sym): Term {
  if (value.kind === "term") return value.term;
  throw new Bug("footprint: a struct where a single value is expected");
}

/** The state after both sides of a branch; steps go on at `out`, on the path of `b`. */
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
  const writes = mergeWrites(cond, a.writes, b.writes, unknown);
  return { out, env, writes, reads, refined, dead: false, path: b.path, depth: Math.min(a.depth, b.depth) };
}

/**
 * The value as a new object: what both sides of a branch give a variable isn't what it was before, although it may be the same. How many numbers a call
 * draws doesn't follow what state chooses (rule T2).
 */
export function assigned(context: { readonly drawsTickets: boolean }, value: Sym): Sym {
  if (!context.drawsTickets) return value;
  return value.kind === "term" ? { ...value } : { kind: "members", members: value.members.map((member) => assigned(context, member)) };
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
  if (sameTerm(left, right)) return a === b || isStatic(cond) || !isStatic(left) ? a : { kind: "term", term: ofState(left) };
  const chosen = isKnown(cond) ? choice(cond, left, right) : undefined;
  return { kind: "term", term: chosen === undefined || isTooLarge(chosen) ? unknown(left) : chosen };
}

function blurred(value: Sym, unknown: (like: Term) => Term): Sym {
  if (value.kind === "term") return { kind: "term", term: unknown(value.term) };
  return { kind: "members", members: value.members.map((member) => blurred(member, unknown)) };
}

/** Writes of two sides that a merge tells apart; beyond, any cell of their leaves may hold anything. */
const MAX_MERGED = 64;

function blurredWrite(write: OwnWrite, unknown: (like: Term) => Term): OwnWrite {
  const value = unknown(write.change.kind === "set" ? write.change.value : write.change.by);
  return { ...write, change: { kind: "set", value }, when: undefined };
}

/** What one side wrote holds where the condition does; if nobody knows that before execution, it is an unknown value at these keys. */
function mergeWrites(cond: Term, a: readonly OwnWrite[], b: readonly OwnWrite[], unknown: (like: Term) => Term): readonly OwnWrite[] {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  if (a.length + b.length - 2 * common > MAX_MERGED) {
    const leaves = new Map([...a.slice(common), ...b.slice(common)].map((write) => [write.leaf, write]));
    return [...a.slice(0, common), ...[...leaves.values()].map((write) => ({ ...blurredWrite(write, unknown), keys: undefined }))];
  }
  const known = isKnown(cond);
  const not = operation("!", [cond], BOOL);
  const under = (write: OwnWrite, holds: Term): OwnWrite => {
    const when = operation("&&", [holds, write.when ?? TRUE], BOOL);
    if (known && !isTooLarge(when)) return { ...write, when };
    return blurredWrite(write, unknown);
  };
  return [
    ...a.slice(0, common),
    ...a.slice(common).map((write) => under(write, cond)),
    ...b.slice(common).map((write) => under(write, not)),
  ];
}
