/** Wrong footprints: what the pass found, changed before code is made of it. Each change is made wherever it can be made. */
import { FALSE, initialOf, operation } from "../../../compiler/footprint/algebra.ts";
import { COIN } from "../../../compiler/footprint/footprint.ts";
import type { Access, EntryPlan, Footprints, Mode, PlanStep, Term } from "../../../compiler/footprint/footprint.ts";
import type { Mutant, Shown } from "./mutant.ts";
import { RANDOM } from "./mutant.ts";
import { inAccesses, inContracts, inEntries, inFrames, inIntegers, inKeys, inMode, inSteps, inSym, inTerm, leaveOut } from "./tree.ts";

const READ: Mode = { kind: "read" };
const ZERO: Term = { kind: "constant", value: { kind: "int", value: 0n }, type: { kind: "int", signed: false, bits: 8 } };
const SELF: Term = { kind: "context", name: "self.address", type: { kind: "address" } };
const NO_ADD: Mode = { kind: "delta", sign: "+", amount: ZERO, floor: undefined, ceiling: undefined, atMost: undefined };

function changed(name: string, change: (footprints: Footprints) => Footprints, shown: Shown = RANDOM): Mutant {
  return { name, shown, fault: { kind: "change", change } };
}

function isOwnCoin({ leaf, keys }: Access): boolean {
  const [owner] = keys;
  return leaf === COIN && owner.kind === "context" && owner.name === "self.address";
}

function initial(term: Term): Term {
  return initialOf(term.type) ?? term;
}

const MODES: readonly Mutant[] = [
  changed(
    "a write is taken for a read",
    inMode("write", () => READ),
  ),
  changed("a write of an integer is taken for an add", inIntegers("write", NO_ADD)),
  changed("a read of an integer is taken for an add", inIntegers("read", NO_ADD)),
  changed(
    "an add is taken for a read",
    inMode("delta", () => READ),
  ),
  changed(
    "an add is left out",
    inMode("delta", () => undefined),
  ),
  changed(
    "an add is taken for `|=`",
    inMode("delta", () => ({ kind: "commute", op: "|" })),
  ),
  changed("a write of an integer is taken for `|=`", inIntegers("write", { kind: "commute", op: "|" })),
  changed(
    "an update that commutes is taken for an add",
    inMode("commute", () => NO_ADD),
  ),
  changed(
    "an update that commutes is taken for a read",
    inMode("commute", () => READ),
  ),
  changed(
    "an update that commutes is left out",
    inMode("commute", () => undefined),
  ),
  changed(
    "`|=` and `&=` are one mode",
    inMode("commute", ({ op }) => ({ kind: "commute", op: op === "&" ? "|" : op })),
    "commuting",
  ),
  changed(
    "`min=` and `max=` are one mode",
    inMode("commute", ({ op }) => ({ kind: "commute", op: op === "max" ? "min" : op })),
  ),
];

const ACCESSES: readonly Mutant[] = [
  // What a key is made of stays: without it no code can be made at all.
  changed(
    "reads are left out",
    inMode("read", (mode, access) => (access.read === undefined ? undefined : mode)),
  ),
  changed(
    "writes are left out",
    inMode("write", (mode, access) => (access.read === undefined ? undefined : mode)),
  ),
  changed(
    "reads in the error of an add are left out",
    inAccesses((access) => (access.mode.kind === "readElse" && access.read === undefined ? undefined : access)),
    "errors",
  ),
  changed(
    "reads of past values are left out",
    inMode("past", () => undefined),
  ),
  changed(
    "`self.balance` is left out",
    inAccesses((access) => (access.mode.kind === "read" && access.read === undefined && isOwnCoin(access) ? undefined : access)),
    "coins",
  ),
  changed(
    "the debit of `pay` is left out",
    inMode("delta", (mode, access) => (mode.sign === "-" && isOwnCoin(access) ? undefined : mode)),
  ),
  changed(
    "the credit of `pay` is left out",
    inMode("delta", (mode, access) => (mode.sign === "+" && access.leaf === COIN ? undefined : mode)),
  ),
  changed("the coin that comes with a call is left out", leaveOut("receive")),
  changed(
    "numbers are not drawn",
    (footprints) => leaveOut("ticket")(inKeys((key) => (key.kind === "ticket" ? initial(key) : key))(footprints)),
    "hashes",
  ),
  changed(
    "numbers are drawn twice",
    inSteps((step) => (step.kind === "ticket" ? [step, step] : [step])),
  ),
  changed("calls of other contracts are left out", leaveOut("external")),
  changed(
    "raw calls are left out",
    inSteps((step) => (step.kind === "external" && step.callee.kind === "raw" ? [] : [step])),
    "calls",
  ),
  changed("new contracts are left out", leaveOut("create"), "calls"),
  changed(
    "the length of a set is left out",
    inMode("delta", (mode) => (mode.atMost === undefined ? mode : undefined)),
  ),
];

const AMOUNTS: readonly Mutant[] = [
  changed(
    "an add has the other sign",
    inMode("delta", (mode) => ({ ...mode, sign: mode.sign === "+" ? "-" : "+" })),
  ),
  changed(
    "an add is of nothing",
    inMode("delta", (mode) => ({ ...mode, amount: { ...ZERO, type: mode.amount.type } })),
  ),
  changed(
    "the length of a set never moves",
    inMode("delta", (mode) => (mode.atMost === undefined ? mode : { ...mode, atMost: 0n, amount: ZERO })),
    "sets",
  ),
  changed(
    "the check before a debit has no floor",
    inMode("delta", (mode) => ({ ...mode, floor: undefined })),
    "bounded.weft",
  ),
  changed(
    "the check after a credit has no ceiling",
    inMode("delta", (mode) => ({ ...mode, ceiling: undefined })),
  ),
];

const KEYS: readonly Mutant[] = [
  changed(
    "the caller's key is the contract's",
    inKeys((key) => (key.kind === "context" && key.name === "caller" ? { ...key, name: "self.address" } : key)),
  ),
  changed(
    "a key that is read from state is taken for the default",
    inKeys((key) => (key.kind === "read" ? initial(key) : key)),
  ),
  changed(
    "a key that nobody knows is taken for the default",
    inKeys((key) => (key.kind === "unknown" ? initial(key) : key)),
    "rounds",
  ),
  changed(
    "the last key is always the default",
    inAccesses((access) => ({ ...access, keys: access.keys.map((key, i) => (i === access.keys.length - 1 ? initial(key) : key)) })),
  ),
  changed(
    "a number that was drawn is no key",
    inKeys((key) => (key.kind === "ticket" ? initial(key) : key)),
  ),
  changed(
    "all elements of a list are its first",
    inKeys((key) => (key.kind === "element" ? { ...key, index: initial(key.index) } : key)),
    "coins",
  ),
];

/** Terms are made of what it finds: without it no code can be made at all. */
function isNeeded(step: PlanStep): boolean {
  if (step.kind === "branch") return step.then.some(isNeeded) || step.otherwise.some(isNeeded);
  if (step.kind === "loop") return step.body.some(isNeeded);
  return step.kind === "ticket" || (step.kind === "access" && step.read !== undefined);
}

const BRANCHES: readonly Mutant[] = [
  changed(
    "conditions are turned round",
    inSteps((step) => (step.kind === "branch" ? [{ ...step, cond: operation("!", [step.cond], step.cond.type) }] : [step])),
  ),
  changed(
    "the other side of a branch is left out",
    inSteps((step) => (step.kind === "branch" ? [{ ...step, otherwise: step.otherwise.filter(isNeeded) }] : [step])),
  ),
  changed(
    "the first side of a branch is left out",
    inSteps((step) => (step.kind === "branch" ? [{ ...step, then: step.then.filter(isNeeded) }] : [step])),
  ),
  changed(
    "conditions on state are taken for false",
    inSteps((step) =>
      step.kind === "branch" ? [{ ...step, cond: inTerm(step.cond, (part) => (part.kind === "unknown" ? FALSE : part)) }] : [step],
    ),
  ),
  changed("what a loop does is left out", leaveOut("loop")),
  changed(
    "a loop over a list is left after one round",
    inSteps((step) =>
      step.kind === "loop" && step.over.kind === "list"
        ? [{ ...step, over: { kind: "range", from: ZERO, to: { ...ZERO, value: { kind: "int", value: 1n } }, max: 1 } }]
        : [step],
    ),
  ),
  changed(
    "a range has a round less",
    inSteps((step) =>
      step.kind === "loop" && step.over.kind === "range" ? [{ ...step, over: { ...step.over, max: step.over.max - 1 } }] : [step],
    ),
  ),
  changed(
    "rounds that nobody knows are none",
    inSteps((step) => (step.kind === "loop" && step.over.kind === "unknown" ? [] : [step])),
    "drains",
  ),
  changed("checks on arguments stop no numbers", leaveOut("stop"), "tickets.weft"),
];

const CALLS: readonly Mutant[] = [
  changed(
    "a target read from state is taken for the contract itself",
    inSteps((step) =>
      step.kind === "external" ? [{ ...step, target: inTerm(step.target, (part) => (part.kind === "read" ? SELF : part)) }] : [step],
    ),
    "calls",
  ),
  changed(
    "arguments that nobody knows are taken for defaults",
    inSteps((step) => {
      if (step.kind !== "external" || step.callee.kind !== "method") return [step];
      const args = step.callee.args.map((arg) =>
        inSym(arg, (part) => (part.kind === "unknown" || part.kind === "read" ? initial(part) : part)),
      );
      return [{ ...step, callee: { ...step.callee, args } }];
    }),
    "calls",
  ),
  changed(
    "every callee may draw numbers",
    inSteps((step) => (step.kind === "external" ? [{ ...step, tickets: true }] : [step])),
    "calls",
  ),
  changed(
    "no callee may draw numbers",
    inSteps((step) => (step.kind === "external" ? [{ ...step, tickets: false }] : [step])),
    "calls",
  ),
  changed(
    "a callee draws one number less",
    inEntries((entry) => ({ ...entry, draws: entry.draws.slice(1) })),
    "calls",
  ),
];

const SURE: readonly Mutant[] = [
  changed("every function with an add is sure", inEntries(asSure), "sure"),
  changed(
    "a sure call has nothing to check",
    inSteps((step) => (step.kind === "sure" ? [{ ...step, needs: [] }] : [step])),
    "sure",
  ),
];

function asSure(entry: EntryPlan): EntryPlan {
  const [first] = entry.steps;
  return first === undefined || entry.tickets !== "none"
    ? entry
    : { ...entry, steps: [...entry.steps.filter(({ kind }) => kind !== "sure"), { kind: "sure", needs: [], site: first.site }] };
}

const FRAMES: readonly Mutant[] = [
  changed(
    "no group of cells is known to have keys that are read from state",
    inContracts((contract) => ({ ...contract, stagedGroups: new Set() })),
  ),
  changed(
    "no key is computed when the call gets there",
    inFrames((frame) => ({ ...frame, wide: new Set() })),
    "rounds",
  ),
  changed(
    "every loop has words for each round",
    inFrames((frame) => ({ ...frame, loops: new Map([...frame.loops].map(([id, loop]) => [id, { ...loop, once: false }])) })),
    "twoways",
  ),
  changed("no check belongs to an add", (footprints) => ({ ...footprints, absorbed: new Map() }), "checks"),
  changed("every member of a struct but the first is unused", (footprints) => ({
    ...footprints,
    usedLeaves: new Map([...footprints.usedLeaves].map(([id, used]) => [id, new Set([...used].slice(0, 1))])),
  })),
];

export const CHANGES: readonly Mutant[] = [...MODES, ...ACCESSES, ...AMOUNTS, ...KEYS, ...BRANCHES, ...CALLS, ...SURE, ...FRAMES];
