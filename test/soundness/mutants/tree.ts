/** Rewriting plan trees: what changes of footprints are made of. */
import { rebuilt } from "../../../compiler/footprint/algebra.ts";
import type {
  Access,
  ContractFootprint,
  EntryPlan,
  Footprints,
  Frame,
  Leaf,
  Mode,
  PlanStep,
  Sym,
  Term,
} from "../../../compiler/footprint/footprint.ts";

/** Gives what stands in the step's place; the steps inside have been rewritten before. */
type StepChange = (step: PlanStep) => readonly PlanStep[];

function inner(all: readonly PlanStep[], change: StepChange): readonly PlanStep[] {
  return all.flatMap((step) => {
    if (step.kind === "branch") return change({ ...step, then: inner(step.then, change), otherwise: inner(step.otherwise, change) });
    return change(step.kind === "loop" ? { ...step, body: inner(step.body, change) } : step);
  });
}

export function inSteps(change: StepChange): (footprints: Footprints) => Footprints {
  return inEntries((entry) => ({ ...entry, steps: inner(entry.steps, change) }));
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
export function inAccesses(change: (access: Access, leaf: Leaf) => Access | undefined): (footprints: Footprints) => Footprints {
  return inContracts((contract) => {
    const changed = (all: readonly PlanStep[]): readonly PlanStep[] =>
      inner(all, (step) => {
        if (step.kind !== "access") return [step];
        const made = change(step, contract.leaves[step.leaf]);
        return made === undefined ? [] : [made];
      });
    return { ...contract, entries: new Map([...contract.entries].map(([id, entry]) => [id, { ...entry, steps: changed(entry.steps) }])) };
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

/** The same for cells that hold an integer: those that can be added to. */
export function inIntegers<K extends Mode["kind"]>(kind: K, to: Mode): (footprints: Footprints) => Footprints {
  return inAccesses((access, leaf) => (isMode(access.mode, kind) && leaf.type.kind === "int" ? { ...access, mode: to } : access));
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
  return change(rebuilt(term, (part) => inTerm(part, change)));
}

export function inSym(value: Sym, change: (term: Term) => Term): Sym {
  if (value.kind === "term") return { kind: "term", term: inTerm(value.term, change) };
  return { kind: "members", members: value.members.map((member) => inSym(member, change)) };
}
