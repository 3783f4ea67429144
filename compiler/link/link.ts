/**
 * Footprints across contracts: in the plan of a function that calls a contract which is known when the program is compiled, the callee's own plan stands in
 * the place of the call, over cells of that instance and with the call's arguments put in. A view for the conflict analysis and for people; code is made of the
 * plans as they were, since the runtime asks the callee's plan by itself.
 */
import { Bug } from "../core/bug.ts";
import { sameType, type Type } from "../core/types.ts";
import { rebuilt, someTerm, unknownPart } from "../footprint/algebra.ts";
import { evaluate, type Given } from "../footprint/concrete.ts";
import { allSteps } from "../footprint/flatten.ts";
import { COIN } from "../footprint/footprint.ts";
import type {
  Access,
  ContractFootprint,
  EntryPlan,
  Footprints,
  Leaf,
  LeafIndex,
  LoopId,
  Mode,
  PlanStep,
  ReadId,
  Sym,
  Term,
  TicketId,
} from "../footprint/footprint.ts";
import { foldTerm } from "../footprint/terms.ts";
import { leafValues, selfAddress } from "../footprint/values.ts";
import type { ExternalMethod, FuncId, Program, Site, TypedId } from "../typed/tree.ts";
import { knownImmutables, type KnownImmutables } from "./known.ts";

/** Cells of all instances, and steps of one plan; a call that would lead beyond stays a call of an unknown contract. */
const MAX_LEAVES = 2_048;
const MAX_STEPS = 8_192;

/** All that is known where a contract is compiled: constants. */
const NOTHING: Given = { args: [], context: new Map(), loops: new Map(), outside: () => undefined };

type External = Extract<PlanStep, { kind: "external" }>;

/** What the contracts' plans look like from outside; those that call no known contract are the same objects. */
export function linkFootprints({ contracts }: Footprints, program: Program): readonly ContractFootprint[] {
  const byName = new Map(contracts.map((footprint) => [footprint.contract.name, footprint]));
  const known = new Map(contracts.map((footprint) => [footprint, knownImmutables(footprint, program)]));
  return contracts.map((footprint) => {
    if (known.get(footprint)?.made.size === 0) return footprint;
    const linking: Linking = { program, byName, known, leaves: [...footprint.leaves] };
    const root: Instance = { footprint, makers: new Set(), base: 0, parts: new Map() };
    const entries = new Map<FuncId, EntryPlan>();
    for (const [id, plan] of footprint.entries) entries.set(id, { ...plan, steps: linkedSteps(linking, root, plan) });
    return { ...footprint, leaves: linking.leaves, entries };
  });
}

interface Linking {
  readonly program: Program;
  readonly byName: ReadonlyMap<string, ContractFootprint>;
  readonly known: ReadonlyMap<ContractFootprint, KnownImmutables>;
  readonly leaves: Leaf[];
}

interface Instance {
  readonly footprint: ContractFootprint;
  /** Leaves of immutables that hold the contract that made it. */
  readonly makers: ReadonlySet<LeafIndex>;
  /** Its leaf `n` is `base + n` here; the coin is that of everybody. */
  readonly base: number;
  /** Instances that it made, by place of the `create`. */
  readonly parts: Map<TypedId, Instance>;
}

/** One run of a function's plan. */
interface Frame {
  readonly instance: Instance;
  /** Undefined in the entry itself, whose terms stay as they are. */
  readonly call: { readonly args: readonly Sym[]; readonly caller: Term; readonly self: Term; readonly via: readonly Site[] } | undefined;
  readonly memo: Map<Term, Term>;
  /** Numbers of the callee's reads, loops and tickets in the whole plan. */
  readonly renamed: Map<number, number>;
}

/** Of one entry. */
interface Work {
  steps: number;
  /** The next number for a read, loop or ticket. */
  next: number;
  /** Loops around the present place, those of callers too. */
  loops: number;
  readonly called: Set<Instance>;
  /** Called more than once, maybe. */
  readonly repeated: Set<Instance>;
}

function linkedSteps(linking: Linking, root: Instance, plan: EntryPlan): readonly PlanStep[] {
  const frame: Frame = { instance: root, call: undefined, memo: new Map(), renamed: new Map() };
  const work: Work = { steps: MAX_STEPS, next: firstFree(plan.steps), loops: 0, called: new Set(), repeated: new Set() };
  const steps = copied(linking, work, frame, plan.steps);
  return withoutStaleKeys(steps, work.repeated);
}

/** Above all numbers that the plan has given. */
function firstFree(steps: readonly PlanStep[]): number {
  return allSteps(steps).reduce((next, step) => Math.max(next, numberOf(step) + 1), 0);
}

/** Of the read, loop or ticket that the step stands for. */
function numberOf(step: PlanStep): number {
  if (step.kind === "access") return step.read ?? -1;
  return step.kind === "ticket" ? step.ticket : step.kind === "loop" ? step.loop : -1;
}

function copied(linking: Linking, work: Work, frame: Frame, steps: readonly PlanStep[]): readonly PlanStep[] {
  return steps.flatMap((step) => linked(linking, work, frame, step));
}

function linked(linking: Linking, work: Work, frame: Frame, step: PlanStep): readonly PlanStep[] {
  work.steps--;
  const inside = (body: readonly PlanStep[]): readonly PlanStep[] => copied(linking, work, frame, body);
  const term = (t: Term): Term => moved(work, frame, t);
  switch (step.kind) {
    case "access":
      return [movedAccess(work, frame, step)];
    case "branch": {
      const cond = term(step.cond);
      // What the call gives may decide it.
      const decided = frame.call === undefined ? undefined : evaluate(cond, NOTHING);
      if (decided?.kind === "value") return inside(decided.value === true ? step.then : step.otherwise);
      return [{ ...step, cond, then: inside(step.then), otherwise: inside(step.otherwise) }];
    }
    case "loop": {
      const over = movedRange(step.over, term);
      work.loops++;
      const body = inside(step.body);
      work.loops--;
      return [{ ...step, loop: renamed<LoopId>(work, frame, step.loop), over, body }];
    }
    case "ticket":
      return [{ ...step, ticket: renamed<TicketId>(work, frame, step.ticket), leaf: leafOf(frame, step.leaf) }];
    case "external":
      return called(linking, work, frame, step);
    case "create":
      return [{ ...step, via: viaOf(frame, step.via) }];
    case "receive":
    case "stop":
    case "sure":
      // A typed call brings no coin; and where a callee's plan ends early, nothing is lost by going on.
      return frame.call === undefined ? [step] : [];
  }
}

/** The callee's plan, if it is known which one it is. */
function called(linking: Linking, work: Work, frame: Frame, step: External): readonly PlanStep[] {
  const { callee, target } = step;
  const term = (t: Term): Term => moved(work, frame, t);
  const via = viaOf(frame, step.via);
  const to = term(target);
  if (callee.kind === "raw")
    return [{ ...step, target: to, callee: { ...callee, value: term(callee.value), data: term(callee.data) }, via }];
  const args = callee.args.map((arg) => movedSym(arg, term));
  const instance = instanceAt(linking, frame.instance, target);
  const plan = instance === undefined ? undefined : entryOf(linking.program, instance.footprint, callee.method);
  // With an argument that nobody knows the call runs alone (rule C2), so it can meet all others.
  const isGiven = args.flatMap(leafValues).every((arg) => unknownPart(arg) === undefined);
  if (instance === undefined || plan === undefined || !isGiven || work.steps <= 0)
    return [{ ...step, target: to, callee: { ...callee, args }, via }];
  if (work.called.has(instance) || work.loops > 0) work.repeated.add(instance);
  work.called.add(instance);
  const call = { args, caller: frame.call?.self ?? selfAddress(), self: to, via: [...via, step.site] };
  return copied(linking, work, { instance, call, memo: new Map(), renamed: new Map() }, plan.steps);
}

/** Which of its own instances a contract means by this term. */
function instanceAt(linking: Linking, owner: Instance, target: Term): Instance | undefined {
  const at = plain(target);
  const made = at.kind === "immutable" ? linking.known.get(owner.footprint)?.made.get(at.leaf) : undefined;
  if (at.kind !== "immutable" || made === undefined) return undefined;
  const known = owner.parts.get(made.id);
  if (known !== undefined) return known;
  const footprint = linking.byName.get(made.contract);
  if (footprint === undefined || linking.leaves.length + footprint.leaves.length > MAX_LEAVES) return undefined;
  const makers = linking.known.get(footprint)?.makers ?? new Set();
  const instance: Instance = { footprint, makers, base: linking.leaves.length - 1, parts: new Map() };
  const field = linking.leaves[leafBelow(owner, at.leaf)].field;
  if (field === undefined) throw new Bug("an immutable without a name");
  const groups = 1 + Math.max(...linking.leaves.map(({ group }) => group));
  for (const leaf of footprint.leaves.slice(1)) linking.leaves.push(leafOfInstance(leaf, field.name, instance.base, groups - 1));
  owner.parts.set(made.id, instance);
  return instance;
}

/** `till.paid[]`: the cell has the name of the immutable before its own. */
function leafOfInstance(leaf: Leaf, name: string, base: number, groups: number): Leaf {
  const field = leaf.field === undefined ? undefined : { ...leaf.field, name: `${name}.${leaf.field.name}` };
  return { ...leaf, index: base + leaf.index, group: groups + leaf.group, field };
}

/** Without conversions between an address and its typed forms. */
function plain(target: Term): Term {
  let term = target;
  while (term.kind === "op" && term.op === "convert") [term] = term.args;
  return term;
}

function entryOf(program: Program, { contract, entries }: ContractFootprint, method: ExternalMethod): EntryPlan | undefined {
  const id = contract.external.find((candidate) => {
    const func = program.functions.get(candidate);
    if (func?.name !== method.name || func.params.length !== method.params.length) return false;
    if (method.view && func.mutability !== "view") return false;
    return func.params.every(({ type }, i) => isPassedAs(method.params[i].type, type));
  });
  return id === undefined ? undefined : entries.get(id);
}

/** An address is passed as one, whatever its type says of the functions there. */
function isPassedAs(given: Type, type: Type): boolean {
  const isAddress = ({ kind }: Type): boolean => kind === "address" || kind === "handle";
  return sameType(given, type) || (isAddress(given) && isAddress(type));
}

// --- terms of the callee as terms of the entry ------------------------------------------------------------------------

function leafBelow({ base }: Instance, leaf: LeafIndex): LeafIndex {
  return leaf === COIN ? COIN : base + leaf;
}

function leafOf(frame: Frame, leaf: LeafIndex): LeafIndex {
  return leafBelow(frame.instance, leaf);
}

function viaOf({ call }: Frame, via: readonly Site[]): readonly Site[] {
  return call === undefined ? via : [...call.via, ...via];
}

function renamed<T extends ReadId | LoopId | TicketId>(work: Work, { call, renamed: names }: Frame, number: T): T {
  if (call === undefined) return number;
  const known = names.get(number) ?? work.next++;
  names.set(number, known);
  return known as T;
}

function movedAccess(work: Work, frame: Frame, access: Access): Access {
  const term = (t: Term): Term => moved(work, frame, t);
  return {
    ...access,
    leaf: leafOf(frame, access.leaf),
    keys: access.keys.map(term),
    mode: movedMode(access.mode, term),
    read: access.read === undefined ? undefined : renamed<ReadId>(work, frame, access.read),
    via: viaOf(frame, access.via),
  };
}

function movedMode(mode: Mode, term: (t: Term) => Term): Mode {
  if (mode.kind !== "delta") return mode;
  const bound = (t: Term | undefined): Term | undefined => (t === undefined ? undefined : term(t));
  return { ...mode, amount: term(mode.amount), floor: bound(mode.floor), ceiling: bound(mode.ceiling) };
}

type LoopRange = Extract<PlanStep, { kind: "loop" }>["over"];

function movedRange(over: LoopRange, term: (t: Term) => Term): LoopRange {
  if (over.kind === "list") return { ...over, list: term(over.list) };
  return over.kind === "range" ? { ...over, from: term(over.from), to: term(over.to) } : over;
}

function movedSym(sym: Sym, term: (t: Term) => Term): Sym {
  if (sym.kind === "term") return { kind: "term", term: term(sym.term) };
  return { kind: "members", members: sym.members.map((member) => movedSym(member, term)) };
}

function moved(work: Work, frame: Frame, root: Term): Term {
  const { call } = frame;
  if (call === undefined) return root;
  return foldTerm<Term>(root, frame.memo, (term, get) => {
    switch (term.kind) {
      case "param":
        return argument(call.args.at(term.index), term);
      case "context":
        if (term.name === "caller") return call.caller;
        if (term.name === "self.address") return call.self;
        return term.name === "value" ? { kind: "constant", value: { kind: "int", value: 0n }, type: term.type } : term;
      case "immutable":
        // Only the contract that made the instance is known to call it.
        if (frame.instance.makers.has(term.leaf)) return call.caller;
        return { ...term, leaf: leafOf(frame, term.leaf) };
      case "loopIndex":
        return { ...term, loop: renamed(work, frame, term.loop) };
      case "ticket":
        return { ...term, ticket: renamed(work, frame, term.ticket), leaf: leafOf(frame, term.leaf) };
      case "read":
        return { ...term, read: renamed(work, frame, term.read), leaf: leafOf(frame, term.leaf), keys: term.keys.map(get) };
      case "past":
        return { ...term, leaf: leafOf(frame, term.leaf), keys: term.keys.map(get), height: get(term.height) };
      default:
        return rebuilt(term, get);
    }
  });
}

function argument(given: Sym | undefined, { path, type }: Extract<Term, { kind: "param" }>): Term {
  let sym = given;
  for (const index of path) sym = sym?.kind === "members" ? sym.members.at(index) : undefined;
  if (sym?.kind !== "term") throw new Bug("an argument that isn't there");
  return sameType(sym.term.type, type) ? sym.term : { kind: "op", op: "convert", args: [sym.term], type };
}

/**
 * A contract that is called twice may change between the calls what a key of the second one is read from. The plan of such a call finds that key only when it
 * gets there, so here nobody knows it either.
 */
function withoutStaleKeys(steps: readonly PlanStep[], repeated: ReadonlySet<Instance>): readonly PlanStep[] {
  if (repeated.size === 0) return steps;
  const changed = new Set<LeafIndex>();
  const isOfRepeated = (leaf: LeafIndex): boolean =>
    [...repeated].some(({ base, footprint }) => leaf > base && leaf < base + footprint.leaves.length);
  for (const step of allSteps(steps)) {
    if (step.kind !== "access" || !isOfRepeated(step.leaf)) continue;
    const { kind } = step.mode;
    if (kind === "write" || kind === "delta" || kind === "commute") changed.add(step.leaf);
  }
  if (changed.size === 0) return steps;
  const isStale = (part: Term): boolean => part.kind === "read" && changed.has(part.leaf);
  const hide = (site: Site, key: Term): Term =>
    someTerm(key, isStale) ? { kind: "unknown", why: "a cell that another call of this one may change", site, type: key.type } : key;
  const change = (step: PlanStep): PlanStep => {
    if (step.kind === "access") return { ...step, keys: step.keys.map((key) => hide(step.site, key)) };
    if (step.kind === "branch") return { ...step, then: step.then.map(change), otherwise: step.otherwise.map(change) };
    return step.kind === "loop" ? { ...step, body: step.body.map(change) } : step;
  };
  return steps.map(change);
}
