/**
 * The cells that one call touches: its plan walked with its arguments. Where a condition isn't decided by the call, both sides count. A key that the
 * call alone makes and that can't be computed stands for nothing (the call reverts before); one that isn't known for another reason stands for the
 * whole field (rules S1, W1). Adds count as cleared (rule E2).
 */
import { unreachable } from "../core/bug.ts";
import { isStatic } from "../footprint/algebra.ts";
import { evaluate } from "../footprint/concrete.ts";
import type { Given } from "../footprint/concrete.ts";
import type { Concrete } from "../footprint/concrete-value.ts";
import type { Access, CommuteOp, EntryPlan, LeafIndex, PlanStep, Term } from "../footprint/footprint.ts";
import { COIN } from "../footprint/footprint.ts";
import type { CellId, CellNumbers } from "./cells.ts";
import type { Progress } from "./world.ts";

export type Mode = "R" | "W" | "D" | CommuteOp;

export interface Touched {
  /** By cell: how the call as a whole touches it. */
  readonly cells: ReadonlyMap<CellId, { readonly leaf: LeafIndex; readonly mode: Mode }>;
  /** Leaves whose field the call has for itself, and whether it may change them. */
  readonly fields: ReadonlyMap<LeafIndex, boolean>;
  /** It makes a contract, or calls one that isn't known before. */
  readonly alone: boolean;
  /** Steps walked. */
  readonly steps: number;
}

/** Steps of one call's plan, rounds of loops included: above this a call runs alone, as calls with very many accesses do (rule N3). */
const MAX_STEPS = 16_384;

interface Walk {
  readonly given: Given;
  readonly progress: Progress;
  readonly draw: (leaf: LeafIndex) => bigint;
  readonly idOf: CellNumbers;
  readonly cells: Map<CellId, { readonly leaf: LeafIndex; readonly mode: Mode }>;
  readonly fields: Map<LeafIndex, boolean>;
  alone: boolean;
  /** A term failed before a number was drawn: the plan ends (rule T2). */
  ended: boolean;
  steps: number;
}

export interface Numbers {
  /** The next number of a sequence. */
  readonly draw: (leaf: LeafIndex) => bigint;
  readonly idOf: CellNumbers;
}

/** `progress` belongs to `given`, which sees what is put into it. */
export function touchedBy(plan: EntryPlan, given: Given, progress: Progress, { draw, idOf }: Numbers): Touched {
  const walk: Walk = { given, progress, draw, idOf, cells: new Map(), fields: new Map(), alone: false, ended: false, steps: 0 };
  walkSteps(walk, plan.steps);
  return walk;
}

function walkSteps(walk: Walk, steps: readonly PlanStep[]): void {
  for (const step of steps) {
    if (walk.ended || walk.alone) return;
    if (++walk.steps > MAX_STEPS) walk.alone = true;
    else walkStep(walk, step);
  }
}

function walkStep(walk: Walk, step: PlanStep): void {
  switch (step.kind) {
    case "access":
      touch(walk, step);
      return;
    case "receive": {
      const { context } = walk.given;
      const self = context.get("self.address");
      if (self !== undefined && context.get("value") !== 0n) meet(walk, COIN, [self], "D");
      return;
    }
    case "branch": {
      const cond = valueIn(walk, step.cond);
      if (cond !== false) walkSteps(walk, step.then);
      if (cond !== true) walkSteps(walk, step.otherwise);
      return;
    }
    case "loop":
      walkLoop(walk, step);
      return;
    case "ticket":
      walk.progress.tickets.set(step.ticket, walk.draw(step.leaf));
      return;
    case "external":
      walk.alone ||= valueIn(walk, step.target) === undefined;
      return;
    case "create":
      walk.alone = true;
      return;
    case "stop":
      walk.ended = valueIn(walk, step.unless) === undefined;
      return;
    case "sure":
      return;
    default:
      unreachable(step, "touchedBy");
  }
}

/** Undefined when it isn't known before execution, or computing it fails. */
function valueIn({ given }: Walk, term: Term): Concrete | undefined {
  const found = evaluate(term, given);
  return found.kind === "value" ? found.value : undefined;
}

function walkLoop(walk: Walk, step: Extract<PlanStep, { kind: "loop" }>): void {
  const { loops } = walk.progress;
  const { over } = step;
  if (over.kind === "unknown" || isOpen(walk, over)) {
    loops.delete(step.loop);
    walkSteps(walk, step.body);
    return;
  }
  const [first, rounds] = roundsOf(walk, over);
  for (let round = 0n; round < rounds && !walk.ended && !walk.alone; round++) {
    loops.set(step.loop, first + round);
    if (++walk.steps > MAX_STEPS) walk.alone = true;
    else walkSteps(walk, step.body);
  }
}

/** Rounds that state decides, and that the sampled state doesn't tell: one stands for all of them. */
function isOpen(walk: Walk, over: Rounds): boolean {
  const bounds = over.kind === "list" ? [over.list] : [over.from, over.to];
  return bounds.some((bound) => !isStatic(bound) && valueIn(walk, bound) === undefined);
}

type Rounds = Exclude<Extract<PlanStep, { kind: "loop" }>["over"], { kind: "unknown" }>;

/** The first index, and how many; more than a range's `max` make the call fail. */
function roundsOf(walk: Walk, over: Rounds): readonly [bigint, bigint] {
  if (over.kind === "list") {
    const list = valueIn(walk, over.list);
    return [0n, typeof list === "object" ? BigInt(list.length) : 0n];
  }
  const [from, to] = [valueIn(walk, over.from), valueIn(walk, over.to)];
  if (typeof from !== "bigint" || typeof to !== "bigint" || to - from > BigInt(over.max)) return [0n, 0n];
  return [from, to - from];
}

function touch(walk: Walk, { leaf, keys, mode }: Access): void {
  // By rule E5 the reads of an error belong to a call only when its add isn't cleared; values of past blocks are no cells.
  if (mode.kind === "readElse" || mode.kind === "past") return;
  const own: Mode = mode.kind === "read" ? "R" : mode.kind === "write" ? "W" : mode.kind === "delta" ? "D" : mode.op;
  const values: Concrete[] = [];
  for (const key of keys) {
    const value = valueIn(walk, key);
    if (value === undefined) {
      if (!keys.every(isStatic)) walk.fields.set(leaf, (walk.fields.get(leaf) ?? false) || own !== "R");
      return;
    }
    values.push(value);
  }
  meet(walk, leaf, values, own);
}

/** Two accesses of one cell in different modes, of which one adds or writes, are a write (rule P2). */
function meet(walk: Walk, leaf: LeafIndex, keys: readonly Concrete[], mode: Mode): void {
  const id = walk.idOf(leaf, keys);
  const before = walk.cells.get(id);
  if (before?.mode === mode || before?.mode === "W") return;
  walk.cells.set(id, { leaf, mode: before === undefined ? mode : "W" });
}
