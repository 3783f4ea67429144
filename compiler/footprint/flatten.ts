/**
 * The plan tree of an external function as a flat list of accesses, each with the conditions and loops around it.
 * Read by people's tables and by the conflict analysis; the emitter works on the tree itself.
 * A `readElse` is left out: by rule E5 it belongs to the footprint only of a call whose Δ isn't cleared, and such a Δ already is a write.
 */
import type { Access, EntryPlan, FlatAccess, LoopId, PlanStep, Term } from "./footprint.ts";
import { COIN } from "./footprint.ts";
import { createStages, latest } from "./terms.ts";
import type { Stage } from "./terms.ts";
import { unreachable } from "../core/bug.ts";

/** Conditions kept per access, outermost first. Fewer conditions only make the footprint larger, so a cut is safe. */
const MAX_GUARDS = 48;

type Guards = FlatAccess["guards"];

interface Todo {
  readonly steps: readonly PlanStep[];
  next: number;
  readonly guards: Guards;
  readonly loops: readonly LoopId[];
}

const SELF_ADDRESS: Term = { kind: "context", name: "self.address", type: { kind: "address" } };
const COIN_VALUE: Term = { kind: "context", name: "value", type: { kind: "int", signed: false, bits: 256 } };

/** Several passes ask for it, and an editor after each edit. */
const flattened = new WeakMap<EntryPlan, readonly FlatAccess[]>();

/** In order of the code. */
export function flatten(plan: EntryPlan): readonly FlatAccess[] {
  const known = flattened.get(plan) ?? collect(plan, fromAccess);
  flattened.set(plan, known);
  return known;
}

/** What the errors of adds read: touched only by a call with an add that isn't cleared (rule E5). */
export function errorReads(plan: EntryPlan): readonly FlatAccess[] {
  return collect(plan, (step, around, stageOf) =>
    step.mode.kind === "readElse" ? fromAccess({ ...step, mode: { kind: "read" } }, around, stageOf) : undefined,
  ).filter(({ mode }) => mode === "R");
}

type Choose = (step: Access, around: Todo, stageOf: (term: Term) => Stage) => FlatAccess | undefined;

/** Own stack: a long chain of `require`s nests as deep as it is long. */
function collect(plan: EntryPlan, choose: Choose): readonly FlatAccess[] {
  const stageOf = createStages();
  const flat: FlatAccess[] = [];
  const stack: Todo[] = [{ steps: plan.steps, next: 0, guards: [], loops: [] }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.next === top.steps.length) {
      stack.pop();
      continue;
    }
    const step = top.steps[top.next++];
    switch (step.kind) {
      case "access": {
        const found = choose(step, top, stageOf);
        if (found !== undefined) flat.push(found);
        break;
      }
      case "receive":
        flat.push({
          mode: "D",
          leaf: COIN,
          keys: [SELF_ADDRESS],
          guards: top.guards,
          loops: top.loops,
          stage: 0,
          amount: { sign: "+", term: COIN_VALUE },
          site: step.site,
          via: [],
        });
        break;
      case "ticket":
        flat.push({
          mode: "T",
          leaf: step.leaf,
          keys: [],
          guards: top.guards,
          loops: top.loops,
          stage: 0,
          amount: undefined,
          site: step.site,
          via: [],
        });
        break;
      case "branch":
        stack.push(...sidesOf(step, top));
        break;
      case "loop":
        stack.push({ steps: step.body, next: 0, guards: top.guards, loops: [...top.loops, step.loop] });
        break;
      case "external":
      case "create":
        // Cells of other contracts: `callsOf` tells of these.
        break;
      case "sure":
        break;
      case "stop":
        // A plan that ends early touches less; what would follow may be left in.
        break;
      default:
        unreachable(step, "flatten");
    }
  }
  return flat;
}

function fromAccess(step: Access, around: Todo, stageOf: (term: Term) => Stage): FlatAccess | undefined {
  const { mode } = step;
  if (mode.kind === "readElse" || mode.kind === "past") return undefined;
  return {
    mode: modeOf(mode),
    leaf: step.leaf,
    keys: step.keys,
    guards: around.guards,
    loops: around.loops,
    stage: latest(step.keys.map(stageOf)),
    amount: mode.kind === "delta" ? { sign: mode.sign, term: mode.amount } : undefined,
    site: step.site,
    via: step.via,
  };
}

export function modeOf(mode: Exclude<Access["mode"], { kind: "readElse" | "past" }>): FlatAccess["mode"] {
  switch (mode.kind) {
    case "read":
      return "R";
    case "write":
      return "W";
    case "delta":
      return "D";
    case "commute":
      return mode.op;
  }
}

/** All steps, inner ones behind the one that holds them, in order of the code. Own stack: plans nest as deep as they are long. */
export function allSteps(steps: readonly PlanStep[]): readonly PlanStep[] {
  const all: PlanStep[] = [];
  const todo = steps.toReversed();
  for (let step = todo.pop(); step !== undefined; step = todo.pop()) {
    all.push(step);
    const inner = step.kind === "branch" ? [...step.then, ...step.otherwise] : step.kind === "loop" ? step.body : [];
    for (let i = inner.length - 1; i >= 0; i--) todo.push(inner[i]);
  }
  return all;
}

/** A place where code of another contract runs, with the conditions and loops around it. */
export type OutwardCall = Extract<PlanStep, { kind: "external" | "create" }> & Pick<FlatAccess, "guards" | "loops">;

/** In order of the code. */
export function callsOf(plan: EntryPlan): readonly OutwardCall[] {
  const found: OutwardCall[] = [];
  const stack: Todo[] = [{ steps: plan.steps, next: 0, guards: [], loops: [] }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const step = top.steps.at(top.next++);
    const { guards, loops } = top;
    if (step === undefined) stack.pop();
    else if (step.kind === "external" || step.kind === "create") found.push({ ...step, guards, loops });
    else if (step.kind === "branch") stack.push(...sidesOf(step, top));
    else if (step.kind === "loop") stack.push({ steps: step.body, next: 0, guards, loops: [...loops, step.loop] });
  }
  return found;
}

/** The side that comes first in the code last. */
function sidesOf({ cond, then, otherwise }: Extract<PlanStep, { kind: "branch" }>, { guards, loops }: Todo): readonly Todo[] {
  return [
    { steps: otherwise, next: 0, guards: withGuard(guards, cond, false), loops },
    { steps: then, next: 0, guards: withGuard(guards, cond, true), loops },
  ];
}

function withGuard(guards: Guards, term: Term, holds: boolean): Guards {
  return guards.length >= MAX_GUARDS ? guards : [...guards, { term, holds }];
}
