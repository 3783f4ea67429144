/** Rewriting plan trees: what changes of footprints are made of. */
import type {
  Access,
  ContractFootprint,
  EntryPlan,
  Footprints,
  Frame,
  Mode,
  PlanStep,
  Sym,
  Term,
} from "../../../compiler/footprint/footprint.ts";

/** Gives what stands in the step's place; the steps inside have been rewritten before. */
type StepChange = (step: PlanStep) => readonly PlanStep[];

function steps(all: readonly PlanStep[], change: StepChange): readonly PlanStep[] {
  return all.flatMap((step) => {
    if (step.kind === "branch") return change({ ...step, then: steps(step.then, change), otherwise: steps(step.otherwise, change) });
    return change(step.kind === "loop" ? { ...step, body: steps(step.body, change) } : step);
  });
}

export function inSteps(change: StepChange): (footprints: Footprints) => Footprints {
  return inEntries((entry) => ({ ...entry, steps: steps(entry.steps, change) }));
}

export function inEntries(change: (entry: EntryPlan) => EntryPlan): (footprints: Footprints) => Footprints {
  return inContracts((contract) => ({ ...contract, entries: new Map([...contract.entries].map(([id, entry]) => [id, change(entry)])) }));
}

export function inContracts(change: (contract: ContractFootprint) => ContractFootprint): (footprints: Footprints) => Footprints {
  return (footprints) => ({ ...footprints, contracts: footprints.contracts.map(change) });
}

export function inFrames(change: (frame: Frame) => Frame): (footprints: Footprints) => Footprints {
  return (footprints) => ({ ...footprints, frames: new Map([...footprints.frames].map(([id, frame]) => [id, change(frame)])) });
}

/** Undefined leaves the access out. */
export function inAccesses(change: (access: Access) => Access | undefined): (footprints: Footprints) => Footprints {
  return inSteps((step) => {
    if (step.kind !== "access") return [step];
    const changed = change(step);
    return changed === undefined ? [] : [changed];
  });
}

type ModeOf<K extends Mode["kind"]> = Extract<Mode, { kind: K }>;

/** All accesses of one mode. */
export function inMode<K extends Mode["kind"]>(
  kind: K,
  change: (mode: ModeOf<K>, access: Access) => Mode | undefined,
): (footprints: Footprints) => Footprints {
  return inAccesses((access) => {
    const { mode } = access;
    if (!isMode(mode, kind)) return access;
    const changed = change(mode, access);
    return changed === undefined ? undefined : { ...access, mode: changed };
  });
}

function isMode<K extends Mode["kind"]>(mode: Mode, kind: K): mode is ModeOf<K> {
  return mode.kind === kind;
}

export function leaveOut(kind: PlanStep["kind"]): (footprints: Footprints) => Footprints {
  return inSteps((step) => (step.kind === kind ? [] : [step]));
}

/** Keys of all accesses, and of calls of other contracts the target. */
export function inKeys(change: (key: Term) => Term): (footprints: Footprints) => Footprints {
  return inAccesses((access) => ({ ...access, keys: access.keys.map((key) => inTerm(key, change)) }));
}

/** Parts first. */
export function inTerm(term: Term, change: (term: Term) => Term): Term {
  const inner = (part: Term): Term => inTerm(part, change);
  switch (term.kind) {
    case "length":
    case "member":
      return change({ ...term, of: inner(term.of) });
    case "element":
      return change({ ...term, list: inner(term.list), index: inner(term.index) });
    case "read":
      return change({ ...term, keys: term.keys.map(inner) });
    case "past":
      return change({ ...term, keys: term.keys.map(inner), height: inner(term.height) });
    case "op":
      return change({ ...term, args: term.args.map(inner) });
    case "if":
      return change({ ...term, cond: inner(term.cond), then: inner(term.then), otherwise: inner(term.otherwise) });
    case "constant":
    case "param":
    case "context":
    case "immutable":
    case "loopIndex":
    case "ticket":
    case "unknown":
      return change(term);
  }
}

export function inSym(value: Sym, change: (term: Term) => Term): Sym {
  if (value.kind === "term") return { kind: "term", term: inTerm(value.term, change) };
  return { kind: "members", members: value.members.map((member) => inSym(member, change)) };
}
