/**
 * The cells that one given call can touch: its plan tree walked with the call's own values. Sides of branches whose condition comes out false
 * are left out, loops are run round by round up to a bound and then summed up in one round for all the others. What hangs on state
 * or on the block stays open. Covers what exec touches (rule P1); `call-words.ts` puts it into words.
 */
import { Bug, unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { Site } from "../typed/tree.ts";
import { isStatic, someTerm } from "./algebra.ts";
import type { CallAmount, CallCell, CallCells, CallOut, CallValue, Rest } from "./call-cell.ts";
import { evaluate, partlyEvaluated } from "./concrete.ts";
import type { Given, Memo } from "./concrete.ts";
import { allSteps, modeOf } from "./flatten.ts";
import { COIN } from "./footprint.ts";
import type { Access, EntryPlan, FlatAccess, LoopId, PlanStep, Term } from "./footprint.ts";
import { joined } from "./join-cells.ts";
import { createStages, latest } from "./terms.ts";
import type { Stage } from "./terms.ts";

/** Rounds of one loop shown one by one. */
export const MAX_ROUNDS = 64;
/** Accesses that all loops of a call may unroll to. */
const MAX_UNROLLED = 1_024;

interface Frame {
  readonly steps: readonly PlanStep[];
  next: number;
  readonly given: Given;
  readonly memo: Memo;
  readonly guards: FlatAccess["guards"];
  /** How often all this happens. */
  readonly times: bigint;
  /** It happens, unless the call fails before. */
  readonly certain: boolean;
}

interface Walk {
  readonly stack: Frame[];
  readonly cells: CallCell[];
  readonly calls: CallOut[];
  readonly failures: { readonly reason: string; readonly site: Site }[];
  readonly rests: Map<LoopId, Rest>;
  readonly stageOf: (term: Term) => Stage;
  unrolled: number;
}

const ADDRESS: Type = { kind: "address" };
const U256: Type = { kind: "int", signed: false, bits: 256 };
const SELF: Term = { kind: "context", name: "self.address", type: ADDRESS };
const COIN_SENT: Term = { kind: "context", name: "value", type: U256 };

export function cellsOfCall(plan: EntryPlan, given: Given): CallCells {
  const walk: Walk = {
    stack: [{ steps: plan.steps, next: 0, given, memo: new Map(), guards: [], times: 1n, certain: true }],
    cells: [],
    calls: [],
    failures: [],
    rests: new Map(),
    stageOf: createStages(),
    unrolled: 0,
  };
  const { stack, cells, calls, failures, rests } = walk;
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const step = frame.steps.at(frame.next++);
    if (step === undefined) stack.pop();
    else visit(walk, frame, step);
  }
  return { cells: joined(cells), calls, failures, rests };
}

function visit(walk: Walk, frame: Frame, step: PlanStep): void {
  const { guards, times } = frame;
  switch (step.kind) {
    case "access":
      access(walk, frame, step);
      return;
    case "receive": {
      const by = valueOf(frame, COIN_SENT);
      // Nothing is sent: nothing is received.
      if (by.kind === "value" && by.value === 0n) return;
      const amount = { sign: "+", by, times: 1n, atMost: undefined } as const;
      walk.cells.push({ ...cell(frame, step.site), mode: "D", leaf: COIN, keys: [valueOf(frame, SELF)], amount });
      return;
    }
    case "ticket":
      walk.cells.push({ ...cell(frame, step.site), mode: "T", leaf: step.leaf, times });
      return;
    case "branch":
      branch(walk, frame, step);
      return;
    case "loop":
      loop(walk, frame, step);
      return;
    case "external":
    case "create":
      walk.calls.push({ what: outward(frame, step), guards, site: step.site, via: step.via });
      return;
    case "stop": {
      // Where the call surely comes by here, it surely ends here.
      const ends = step.unless.kind === "unknown" || evaluate(step.unless, frame.given, frame.memo).kind === "fails";
      if (ends && frame.certain) walk.stack.length = 0;
      return;
    }
    case "sure":
      return;
    default:
      unreachable(step, "cells of a call");
  }
}

function cell(frame: Frame, site: Site): CallCell {
  const { guards, given } = frame;
  const round = [...given.loops].map(([id, index]) => `${id}:${index}`).join(" ");
  return { mode: "R", leaf: COIN, keys: [], amount: undefined, round, times: 1n, ifFails: false, guards, stage: 0, site, via: [] };
}

function valueOf({ given, memo }: Frame, term: Term): CallValue {
  const found = evaluate(term, given, memo);
  const { type } = term;
  return found.kind === "value"
    ? { kind: "value", value: found.value, type }
    : { kind: "open", term: partlyEvaluated(term, given, memo), type };
}

function access(walk: Walk, frame: Frame, step: Access): void {
  const { mode, site, via } = step;
  if (mode.kind === "past") return;
  // A key that the call alone decides and that can't be computed: the call fails before it gets here (rule P1).
  const noKey = step.keys.every(isStatic) ? failure(frame, step.keys) : undefined;
  // With an amount that can't be computed it may get there: to the check that belongs to the add.
  const reason = noKey ?? (mode.kind === "delta" && isStatic(mode.amount) ? failure(frame, [mode.amount]) : undefined);
  if (reason !== undefined && frame.certain) walk.failures.push({ reason, site });
  if (noKey !== undefined) return;
  const keys = step.keys.map((key) => valueOf(frame, key));
  const stage = latest(keys.map((key) => (key.kind === "value" ? 0 : walk.stageOf(key.term))));
  const found = { ...cell(frame, site), leaf: step.leaf, keys, stage, via };
  if (mode.kind === "readElse") walk.cells.push({ ...found, ifFails: true });
  else walk.cells.push({ ...found, mode: modeOf(mode), amount: mode.kind === "delta" ? amountOf(frame, mode, keys) : undefined });
}

function failure({ given, memo }: Frame, terms: readonly Term[]): string | undefined {
  for (const term of terms) {
    const found = evaluate(term, given, memo);
    if (found.kind === "fails") return found.reason;
  }
  return undefined;
}

function amountOf(
  frame: Frame,
  { sign, amount, atMost }: Extract<Access["mode"], { kind: "delta" }>,
  keys: readonly CallValue[],
): CallAmount {
  const by = valueOf(frame, amount);
  // Rounds that are summed up: each at a cell of its own, or all at one.
  const apart = keys.some((key) => key.kind === "open" && someTerm(key.term, (part) => part.kind === "loopIndex"));
  const times = apart ? 1n : frame.times;
  const all = by.kind === "value" && typeof by.value === "bigint" ? { ...by, value: by.value * times } : by;
  return { sign, by: all, times, atMost };
}

function branch(walk: Walk, frame: Frame, step: Extract<PlanStep, { kind: "branch" }>): void {
  const cond = evaluate(step.cond, frame.given, frame.memo);
  if (cond.kind === "value") {
    walk.stack.push({ ...frame, steps: cond.value === true ? step.then : step.otherwise, next: 0 });
    return;
  }
  const term = partlyEvaluated(step.cond, frame.given, frame.memo);
  const side = (steps: readonly PlanStep[], holds: boolean): Frame => {
    return { ...frame, steps, next: 0, guards: [...frame.guards, { term, holds }], certain: false };
  };
  walk.stack.push(side(step.otherwise, false), side(step.then, true));
}

// --- loops -----------------------------------------------------------------------------------------------------------

function loop(walk: Walk, frame: Frame, step: Extract<PlanStep, { kind: "loop" }>): void {
  const range = roundsOf(frame, step.over);
  if (range === undefined) {
    walk.rests.set(step.loop, { after: 0n, left: undefined });
    walk.stack.push({ ...frame, steps: step.body, next: 0, memo: new Map(), certain: false });
    return;
  }
  const size = Math.max(1, sizeOf(step.body));
  const room = Math.floor((MAX_UNROLLED - walk.unrolled) / size);
  const shown = Math.max(0, Math.min(MAX_ROUNDS, room, Number(range.count)));
  walk.unrolled += shown * size;
  const rest = range.count - BigInt(shown);
  if (rest > 0n) {
    walk.rests.set(step.loop, { after: BigInt(shown), left: rest });
    walk.stack.push({ ...frame, steps: step.body, next: 0, memo: new Map(), times: frame.times * rest });
  }
  for (let round = shown - 1; round >= 0; round--) {
    const loops = new Map([...frame.given.loops, [step.loop, range.from + BigInt(round)]]);
    walk.stack.push({ ...frame, steps: step.body, next: 0, given: { ...frame.given, loops }, memo: new Map() });
  }
}

/** Undefined when nobody knows before the call runs. A range of more rounds than it may have fails on entry. */
function roundsOf(
  frame: Frame,
  over: Extract<PlanStep, { kind: "loop" }>["over"],
): { readonly from: bigint; readonly count: bigint } | undefined {
  if (over.kind === "unknown") return undefined;
  if (over.kind === "list") {
    const list = evaluate(over.list, frame.given, frame.memo);
    if (list.kind !== "value" || typeof list.value !== "object") return undefined;
    return { from: 0n, count: BigInt(list.value.length) };
  }
  const [from, to] = [over.from, over.to].map((term) => evaluate(term, frame.given, frame.memo));
  if (from.kind !== "value" || to.kind !== "value") return undefined;
  if (typeof from.value !== "bigint" || typeof to.value !== "bigint") throw new Bug("a range of something else than integers");
  const count = to.value - from.value;
  return { from: from.value, count: count > 0n && count <= BigInt(over.max) ? count : 0n };
}

/** Accesses of the code, each counted once. */
function sizeOf(steps: readonly PlanStep[]): number {
  return allSteps(steps).filter(({ kind }) => kind !== "branch" && kind !== "loop").length;
}

function outward(frame: Frame, step: Extract<PlanStep, { kind: "external" | "create" }>): CallOut["what"] {
  if (step.kind === "create") return { kind: "create", contract: step.contract };
  const target = valueOf(frame, step.target);
  const { callee } = step;
  if (callee.kind === "raw") return { kind: "raw", target, coin: valueOf(frame, callee.value) };
  return { kind: "method", owner: callee.method.owner, name: callee.method.name, target };
}
