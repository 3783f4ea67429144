/** What the parts of the symbolic execution share: the program, the counters of one plan, and the activation of the function being walked. */
import type { Expr, Func, FuncId, Program, Site, Stmt, TypedId } from "../typed/tree.ts";
import type { Type } from "../core/types.ts";
import type { Absorption } from "./absorb.ts";
import type { FootprintProblem, LeafIndex, LoopId, Need, PlanStep, ReadId, Sym, Term, TermOp, WordRef } from "./footprint.ts";
import type { GrowingFrame } from "./frames.ts";
import type { LeafTable } from "./leaves.ts";
import type { State } from "./state.ts";
import { BOOL, isTooLarge, operation } from "./algebra.ts";

/** Steps of one plan: above this a contract doesn't compile (calls are walked in place, so they may grow fast). */
export const MAX_STEPS = 20_000;
/** Branches within branches of a plan: conditions further in are left out, which makes a footprint larger, never smaller. */
export const MAX_DEPTH = 128;

/** Reads, writes and equalities that one path remembers; what is forgotten only makes a footprint larger, or a key unknown. */
export const MAX_MEMORY = 256;

export interface Context {
  readonly program: Program;
  readonly table: LeafTable;
  readonly frames: ReadonlyMap<FuncId, GrowingFrame>;
  readonly absorptions: ReadonlyMap<TypedId, Absorption>;
  readonly used: ReadonlyMap<TypedId, ReadonlySet<LeafIndex>>;
  /** Init alone writes immutables. */
  readonly isInit: boolean;
  /** Static failures end the plan before a ticket (rule P1): only functions that draw tickets pay for it. */
  readonly drawsTickets: boolean;
  readonly problems: FootprintProblem[];
  readonly surety: Surety;
  /**
   * Branches of `require`s on state, with the condition that stays of each when what it reads is of no other use to the plan: looking it up for the sake of
   * calls that fail would cost every call.
   */
  readonly spare: Map<PlanStep, Term>;
  /** Loops found to have rounds that this entry can't know, beside those that the frames know of. */
  readonly once: Set<TypedId>;
  steps: number;
  reads: number;
  loops: number;
  tickets: number;
  /** The value of an expression; the state is changed. Set by the part that walks expressions, as are the next two by the one that walks statements. */
  readonly evaluate: (context: Context, a: Activation, expr: Expr, state: State) => Sym;
  /** Walks a call in place; the state is changed. */
  readonly invoke: (context: Context, func: Func, at: CallSite, args: readonly Sym[], state: State) => Sym;
  /** Walks the statements of a `seq`; the state goes on behind them, or is dead. */
  readonly run: (context: Context, a: Activation, body: readonly Stmt[], state: State) => void;
}

/** What is known so far of whether calls of the function can be sure to succeed; `sure.ts` notes it. */
export interface Surety {
  possible: boolean;
  /** It adds to some cell: else nobody asks whether it succeeds. */
  adds: boolean;
  /** ABI words of its events and results. */
  words: number;
  needs: Need[];
}

/** The word of an access and the node that it belongs to. */
export interface AccessWord extends WordRef {
  readonly node: TypedId;
}

export interface CallSite {
  readonly loop: LoopId | undefined;
  readonly base: number;
  readonly via: readonly Site[];
  /** Inside the error of a Δ: reads count only when it isn't cleared. */
  readonly elseOf: WordRef | undefined;
  /** Conditions and loop bounds around this point that read state (rule T2). */
  readonly control: readonly Site[];
  /** Inside a loop whose rounds nobody can know: what is planned once may happen any number of times. */
  readonly repeated: boolean;
}

/** One activation of a function: where its region lies, and where it returned. */
export interface Activation extends CallSite {
  readonly func: Func;
  readonly frame: GrowingFrame;
  /** Set inside a loop of this function: the state before its outermost loop, with what the loop changes unknown. */
  readonly afterLoop: State | undefined;
  /** `path`: holds where it is this return that is reached. */
  readonly returns: { readonly state: State; readonly value: Sym; readonly path: Term }[];
}

export const UNIT: Sym = { kind: "members", members: [] };

export function pushStep(context: Context, state: State, step: PlanStep): void {
  if (countStep(context, step.site)) state.out.push(step);
}

/** One more step of a plan, or call of a function on the way: whether it is within the limit. */
export function countStep(context: Context, site: Site): boolean {
  context.steps++;
  if (context.steps === MAX_STEPS) context.problems.push({ kind: "tooLarge", site, subject: String(MAX_STEPS), notes: [] });
  return context.steps < MAX_STEPS;
}

export function unknown(why: string, site: Site, type: Type): Term {
  return { kind: "unknown", why, site, type };
}

/** The path behind a loop that may have returned: nobody knows in which round, if at all. */
export function leftInLoop(site: Site): Term {
  return unknown(LEFT_IN_LOOP, site, BOOL);
}

export const LEFT_IN_LOOP = "whether the loop returned";

/** For joins: an unknown of the same type as what it stands for. */
export function unknownLike(why: string, site: Site): (like: Term) => Term {
  return (like) => unknown(why, site, like.type);
}

/** An operation of bounded size. */
export function bounded(op: TermOp, args: readonly Term[], type: Type, site: Site): Term {
  // Of what isn't known nothing can be computed; only `&&` and `||` may be settled by their other side.
  if (op !== "&&" && op !== "||") {
    const open = args.find((arg) => arg.kind === "unknown");
    // Made wider, it is still no more than its old type holds: that bounds the amount of a Δ (rule E4).
    if (open?.kind === "unknown" && !(op === "convert" && isWidened(open.type, type))) return { ...open, type };
  }
  return limited(operation(op, args, type), site);
}

function isWidened(from: Type, to: Type): boolean {
  return from.kind === "int" && to.kind === "int" && !from.signed && !to.signed && from.bits < to.bits;
}

/** The term, or an unknown one in its place if it is too large to follow. */
export function limited(term: Term, site: Site): Term {
  return isTooLarge(term) ? unknown("an expression too large to follow", site, term.type) : term;
}

export function wordAt(a: Activation, offset: number): WordRef {
  return { loop: a.loop, offset: a.base + offset };
}

export function nextRead(context: Context): ReadId {
  return context.reads++ as ReadId;
}
