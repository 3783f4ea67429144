/**
 * The footprint pass: from typed contracts to leaves, frames and plan trees. Sound by construction: exec code names cells only by the words
 * that plans fill. Sits behind the checker; conflict analysis, emitter and tools read what it gives.
 */
import { Bug } from "../core/bug.ts";
import type { Contract, Func, FuncId, Program, TypedId } from "../typed/tree.ts";
import { drawsOf } from "./draws.ts";
import { allSteps } from "./flatten.ts";
import { headsOf, leafValues, paramValue } from "./values.ts";
import type {
  ContractFootprint,
  EntryFrame,
  EntryPlan,
  FootprintProblem,
  Footprints,
  Frame,
  LeafIndex,
  PlanStep,
  ReadId,
  Term,
} from "./footprint.ts";
import { layOutFrames, type Frames } from "./frames.ts";
import { leafTable, type LeafTable } from "./leaves.ts";
import { runEntry } from "./symbolic.ts";
import { isStatic, someTerm } from "./algebra.ts";
import { canBe } from "./conditions.ts";
import { usedLeaves } from "./used-leaves.ts";

export function analyseFootprints(program: Program): Footprints {
  // Whether anybody can know the rounds of a loop shows only on the way; all entries have to agree on it, so then it is done again.
  const once = new Set<TypedId>();
  for (;;) {
    const before = once.size;
    const result = analyse(program, once);
    if (once.size === before) return result;
  }
}

/** Adds to `once` the loops that turn out to need it. */
function analyse(program: Program, once: Set<TypedId>): Footprints {
  const frames: Frames = { frames: new Map(), absorptions: new Map(), once: new Set(once) };
  const used = new Map<TypedId, ReadonlySet<LeafIndex>>();
  const problems: FootprintProblem[] = [];
  const contracts = program.contracts.map((contract) => analyseContract({ program, frames, used, problems, once }, contract));
  return { contracts, frames: frames.frames, absorbed: absorbedIn(frames), usedLeaves: used, problems: distinct(problems) };
}

interface Analysis {
  readonly program: Program;
  readonly frames: Frames;
  readonly used: Map<TypedId, ReadonlySet<LeafIndex>>;
  readonly problems: FootprintProblem[];
  readonly once: Set<TypedId>;
}

function analyseContract(analysis: Analysis, contract: Contract): ContractFootprint {
  const table = leafTable(contract);
  layOutFrames(analysis.program, [...contract.external, contract.init], table, analysis.frames);
  const entries = planEntries(analysis, contract, table, [contract.init, ...contract.external]);
  return footprintOf(contract, table, entries);
}

function planEntries(analysis: Analysis, contract: Contract, table: LeafTable, ids: readonly FuncId[]): ReadonlyMap<FuncId, EntryPlan> {
  const { program, frames, used } = analysis;
  for (const id of frames.frames.keys()) {
    const func = functionOf(program, id);
    if (func.contract === contract.name || func.contract === undefined) usedLeaves(func, table, used);
  }
  return new Map(ids.map((id) => [id, planEntry(analysis, functionOf(program, id), table)]));
}

/** What a contract touches, from the plans of all its entries. */
export function footprintOf(contract: Contract, table: LeafTable, entries: ReadonlyMap<FuncId, EntryPlan>): ContractFootprint {
  return { contract, leaves: table.leaves, own: table.leaves.length, stagedGroups: stagedGroups(entries, table), entries };
}

/** The plan of one entry, with what else the analysis finds out on the way; without a contract's footprint around it. */
export interface EntryAnalysis extends Omit<Footprints, "contracts"> {
  readonly plan: EntryPlan;
  /** Loops that it can't tell the rounds of: all entries of the program have to plan them so. */
  readonly once: ReadonlySet<TypedId>;
}

/** `once`: loops that other entries can't tell the rounds of. */
export function analyseEntry(
  program: Program,
  contract: Contract,
  table: LeafTable,
  id: FuncId,
  once: ReadonlySet<TypedId>,
): EntryAnalysis {
  const frames: Frames = { frames: new Map(), absorptions: new Map(), once };
  const used = new Map<TypedId, ReadonlySet<LeafIndex>>();
  const problems: FootprintProblem[] = [];
  const found = new Set(once);
  layOutFrames(program, [id], table, frames);
  const plan = planEntries({ program, frames, used, problems, once: found }, contract, table, [id]).get(id);
  if (plan === undefined) throw new Bug(`footprint: no plan of ${id}`);
  return { plan, once: found, frames: frames.frames, absorbed: absorbedIn(frames), usedLeaves: used, problems };
}

function absorbedIn({ absorptions }: Frames): ReadonlyMap<TypedId, TypedId> {
  return new Map([...absorptions.values()].map(({ check, update }) => [check.id, update.id]));
}

function planEntry({ program, frames, used, problems, once }: Analysis, func: Func, table: LeafTable): EntryPlan {
  const body = frames.frames.get(func.id);
  if (body === undefined) throw new Bug(`footprint: no frame of ${func.name}`);
  const heads = headsOf(func.params);
  const frame = entryFrame(func, heads, body);
  const args = func.params.map((param, i) => paramValue(i, param.type));
  const shared = { program, table, frames: frames.frames, absorptions: frames.absorptions, used, problems };
  const { steps: walked, once: found, spare } = runEntry(shared, func, frame.body, args);
  for (const loop of found) once.add(loop);
  const receive: PlanStep[] =
    frame.receive === undefined ? [] : [{ kind: "receive", word: { loop: undefined, offset: frame.receive }, site: func.nameSite }];
  const steps = withoutLastStops(tidy([...receive, ...walked], { ...readsUsed(walked, spare), spare }));
  return { func: func.id, ...drawsOf(program, table, func), frame, heads, steps };
}

function entryFrame(func: Func, heads: EntryPlan["heads"], body: Frame): EntryFrame {
  let next = 0;
  const receive = func.mutability === "payable" ? next++ : undefined;
  const args = new Map<number, number>();
  for (const { head, type } of heads) {
    const element = type.kind === "list" ? type.element : type;
    if (element.kind === "address" || element.kind === "handle") args.set(head, next++);
  }
  return { receive, args, body: next, size: next + body.size };
}

/** Reads whose value some key, condition, amount or bound uses; `lookedUp` are those that it isn't enough to know the limits of. */
function readsUsed(steps: readonly PlanStep[], spare: Spare): Pick<Use, "used" | "lookedUp"> {
  const used = new Set<ReadId>();
  const lookedUp = new Set<ReadId>();
  const add = (term: Term | undefined, to: Set<ReadId>): void => {
    if (term === undefined) return;
    someTerm(term, (part) => {
      if (part.kind === "read") to.add(part.read);
      return false;
    });
  };
  const note = (term: Term): void => {
    add(term, used);
    add(term, lookedUp);
  };
  const visit = (step: PlanStep): void => {
    switch (step.kind) {
      case "access":
        step.keys.forEach(note);
        if (step.mode.kind === "delta") [step.mode.amount, step.mode.floor, step.mode.ceiling].forEach((term) => add(term, used));
        return;
      case "branch":
        note(spare.get(step) ?? step.cond);
        [...step.then, ...step.otherwise].forEach(visit);
        return;
      case "loop":
        if (step.over.kind === "list") note(step.over.list);
        if (step.over.kind === "range") [step.over.from, step.over.to].forEach(note);
        return step.body.forEach(visit);
      case "stop":
        return note(step.unless);
      case "external":
        return externalTerms(step).forEach(note);
      case "create":
      case "receive":
      case "ticket":
      case "sure":
        return;
    }
  };
  steps.forEach(visit);
  return { used, lookedUp };
}

/** What the plan of a call of another contract asks for. */
export function externalTerms(step: Extract<PlanStep, { kind: "external" }>): readonly Term[] {
  const { callee } = step;
  return [step.target, ...(callee.kind === "raw" ? [callee.value, callee.data] : callee.args.flatMap(leafValues))];
}

/** Conditions of `require`s on state, each with what stays of it when nothing else looks up what it reads. */
type Spare = ReadonlyMap<PlanStep, Term>;

interface Use {
  readonly used: ReadonlySet<ReadId>;
  readonly lookedUp: ReadonlySet<ReadId>;
  readonly spare: Spare;
}

/** Drops branches and loops without steps, ids of reads that nobody uses, and conditions of `require`s that would be their only use. */
function tidy(steps: readonly PlanStep[], use: Use): readonly PlanStep[] {
  const kept: PlanStep[] = [];
  for (const step of steps) {
    if (step.kind === "branch") {
      const then = tidy(step.then, use);
      const otherwise = tidy(step.otherwise, use);
      const cond = conditionOf(step, use);
      // What nobody can tell before is planned as if it held.
      if (!canBe(cond, false) && otherwise.length === 0 && use.spare.has(step)) for (const inner of then) kept.push(inner);
      else if (then.length + otherwise.length > 0) kept.push({ ...step, cond, then, otherwise });
    } else if (step.kind === "loop") {
      const body = tidy(step.body, use);
      if (body.length > 0) kept.push({ ...step, body });
    } else if (step.kind === "access") kept.push(step.read !== undefined && !use.used.has(step.read) ? { ...step, read: undefined } : step);
    else kept.push(step);
  }
  return kept;
}

function conditionOf(step: Extract<PlanStep, { kind: "branch" }>, { lookedUp, spare }: Use): Term {
  const planned = spare.get(step);
  if (planned === undefined) return step.cond;
  return someTerm(step.cond, (part) => part.kind === "read" && !lookedUp.has(part.read)) ? planned : step.cond;
}

/** Drops stops that nothing follows. */
function withoutLastStops(steps: readonly PlanStep[]): readonly PlanStep[] {
  const kept = [...steps];
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    if (last.kind === "stop") continue;
    if (last.kind !== "branch") return [...kept, last];
    // Both sides may be planned, one after the other.
    const otherwise = withoutLastStops(last.otherwise);
    const then = otherwise.length === 0 ? withoutLastStops(last.then) : last.then;
    if (then.length + otherwise.length > 0) return [...kept, { ...last, then, otherwise }];
  }
  return [];
}

/** Groups with an access whose key isn't known before execution. */
function stagedGroups(entries: ReadonlyMap<FuncId, EntryPlan>, table: LeafTable): ReadonlySet<number> {
  const staged = new Set<number>();
  for (const step of [...entries.values()].flatMap((entry) => allSteps(entry.steps))) {
    if (step.kind === "access" && !step.keys.every(isStatic)) staged.add(table.leaves[step.leaf].group);
  }
  return staged;
}

function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`footprint: no function ${id}`);
  return func;
}

/** A function that several entries reach has the same problem in each: it is told once. */
function distinct(problems: readonly FootprintProblem[]): readonly FootprintProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.kind} ${problem.site.path} ${problem.site.span.start} ${problem.subject}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
