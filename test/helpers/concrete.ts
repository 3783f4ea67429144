/**
 * Plan trees run on concrete calls, for testing conflict conditions against what two calls really touch. Values are integers;
 * addresses are small integers too. Independent of the analysis: it knows terms and steps, nothing of keys made symbolic.
 */
import type { Atom, Formula } from "../../compiler/conflicts/conflict.ts";
import type { CommuteOp, EntryPlan, LeafIndex, LoopId, Mode, PlanStep, Term, TicketId } from "../../compiler/footprint/footprint.ts";
import { childrenOf } from "../../compiler/footprint/terms.ts";
import type { ClaimTerm, Condition, Value } from "../../compiler/typed/tree.ts";

export interface Call {
  readonly args: readonly (number | readonly number[])[];
  readonly caller: number;
  /** Differs per call: state as this call finds it. */
  readonly state: number;
  /** First number it draws of every sequence but the last, of which it has what the other call has of those. */
  readonly tickets: number;
}

export interface Touched {
  readonly mode: "R" | "W" | "D" | CommuteOp;
  readonly cell: string;
}

/** A term that can't be computed, such as `0 - 1`: the call ends there. */
class Failed extends Error {}

/** Values of loops around; numbers drawn, by ticket and rounds. */
interface Env {
  readonly call: Call;
  readonly loops: ReadonlyMap<LoopId, number>;
  readonly drawn: Map<string, number>;
  /** Loops around each `ticket` step. */
  readonly ticketLoops: Map<TicketId, readonly LoopId[]>;
}

export interface Ran {
  readonly touched: readonly Touched[];
  readonly env: Env;
  readonly plan: EntryPlan;
}

/** What the plan covers: where a condition hangs on state both sides count, as they do for the scheduler. */
export function run(plan: EntryPlan, call: Call): Ran {
  const touched: Touched[] = [];
  const env: Env = { call, loops: new Map(), drawn: new Map(), ticketLoops: new Map() };
  try {
    runSteps(plan.steps, env, touched);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
  }
  return { touched, env, plan };
}

function runSteps(steps: readonly PlanStep[], env: Env, touched: Touched[]): void {
  for (const step of steps) {
    switch (step.kind) {
      case "access": {
        const cell = `${step.leaf}[${step.keys.map((key) => valueOf(key, env)).join(",")}]`;
        const mode = modeOf(step.mode);
        if (mode !== undefined) touched.push({ mode, cell });
        break;
      }
      case "receive":
        touched.push({ mode: "D", cell: "0[99]" });
        break;
      case "branch":
        switch (planned(step.cond, env)) {
          case "unknown":
            attempt(step.then, env, touched);
            attempt(step.otherwise, env, touched);
            break;
          case true:
            runSteps(step.then, env, touched);
            break;
          case false:
            runSteps(step.otherwise, env, touched);
        }
        break;
      case "loop":
        for (const round of roundsOf(step.over, env)) {
          runSteps(step.body, { ...env, loops: new Map([...env.loops, [step.loop, round]]) }, touched);
        }
        break;
      case "ticket": {
        env.ticketLoops.set(step.ticket, [...env.loops.keys()]);
        env.drawn.set(ticketKey(step.ticket, env), firstTicket(step.leaf, env) + env.drawn.size);
        break;
      }
      case "stop":
      case "sure":
        break;
      case "external":
      case "create":
        throw new Error(`concrete: ${step.kind} is not used`);
    }
  }
}

/** Undefined for what touches nothing, or only when an add isn't cleared. */
function modeOf(mode: Mode): Touched["mode"] | undefined {
  switch (mode.kind) {
    case "read":
      return "R";
    case "write":
      return "W";
    case "delta":
      return "D";
    case "commute":
      return mode.op;
    case "past":
    case "readElse":
      return undefined;
  }
}

function planned(cond: Term, env: Env): boolean | "unknown" {
  if (!dependsOnState(cond)) return valueOf(cond, env) !== 0;
  if (cond.kind !== "op" || (cond.op !== "&&" && cond.op !== "||" && cond.op !== "!")) return "unknown";
  const parts = cond.args.map((arg) => planned(arg, env));
  if (cond.op === "!") return parts[0] === "unknown" ? "unknown" : !parts[0];
  const decisive = cond.op === "||";
  if (parts.includes(decisive)) return decisive;
  return parts.includes("unknown") ? "unknown" : !decisive;
}

function attempt(steps: readonly PlanStep[], env: Env, touched: Touched[]): void {
  try {
    runSteps(steps, env, touched);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
  }
}

/** Numbers of two calls are a thousand apart; here they change places, so that numbers of two sequences may be equal. */
const OTHER_SEQUENCE = 7;
const APART = 1_000;

function firstTicket(leaf: LeafIndex, { call }: Env): number {
  if (leaf !== OTHER_SEQUENCE) return call.tickets;
  return call.tickets < APART ? call.tickets + APART - 1 : call.tickets - APART - 1;
}

function ticketKey(ticket: TicketId, env: Env): string {
  const loops = env.ticketLoops.get(ticket) ?? [];
  return `${ticket} ${loops.map((loop) => env.loops.get(loop)).join(",")}`;
}

function roundsOf(over: Extract<PlanStep, { kind: "loop" }>["over"], env: Env): readonly number[] {
  if (over.kind === "list") return listOf(over.list, env).map((_, i) => i);
  if (over.kind === "unknown") return [0];
  const from = valueOf(over.from, env);
  const rounds = Math.max(0, Math.min(over.max, valueOf(over.to, env) - from));
  return Array.from({ length: rounds }, (_, i) => from + i);
}

function listOf(term: Term, env: Env): readonly number[] {
  const value = term.kind === "param" ? env.call.args[term.index] : undefined;
  if (typeof value !== "object") throw new Error("concrete: not a list parameter");
  return value;
}

export function dependsOnState(term: Term): boolean {
  return term.kind === "read" || term.kind === "unknown" || childrenOf(term).some(dependsOnState);
}

// --- values ----------------------------------------------------------------------------------------------------------

function valueOf(term: Term, env: Env): number {
  switch (term.kind) {
    case "constant":
      return constantOf(term.value);
    case "param": {
      const value = env.call.args[term.index];
      if (typeof value !== "number") throw new Error("concrete: a list is no value");
      return value;
    }
    case "context":
      return term.name === "caller" ? env.call.caller : term.name === "self.address" ? 99 : 2;
    case "immutable":
      return 1;
    case "length":
      return listOf(term.of, env).length;
    case "element": {
      const list = listOf(term.list, env);
      const index = valueOf(term.index, env);
      if (index < 0 || index >= list.length) throw new Failed();
      return list[index];
    }
    case "member":
    case "isVariant":
    case "payload":
    case "made":
    case "decoded":
      throw new Error("concrete: values of several parts are not used");
    case "loopIndex": {
      const round = env.loops.get(term.loop);
      if (round === undefined) throw new Failed();
      return round;
    }
    case "ticket": {
      const number = env.drawn.get(ticketKey(term.ticket, env));
      if (number === undefined) throw new Failed();
      return number;
    }
    case "past":
      throw new Error("concrete: histories are not used");
    case "read":
      return mixed([env.call.state, term.leaf, ...term.keys.map((key) => valueOf(key, env))]) % 3;
    case "op":
      return operation(term, env);
    case "if":
      return valueOf(valueOf(term.cond, env) !== 0 ? term.then : term.otherwise, env);
    case "unknown":
      return mixed([env.call.state, term.site.span.start, ...env.loops.values()]) % 3;
  }
}

function constantOf(value: Value): number {
  if (value.kind === "int") return Number(value.value);
  if (value.kind === "bool") return value.value ? 1 : 0;
  if (value.kind === "enum") return value.value;
  if (value.kind === "address" || value.kind === "bytes32") return Number(value.value.slice(-1));
  throw new Error("concrete: other constants are not used");
}

function operation(term: Extract<Term, { kind: "op" }>, env: Env): number {
  const values = term.args.map((arg) => valueOf(arg, env));
  const [a, b] = values;
  switch (term.op) {
    case "convert":
      return a;
    case "+":
      return a + b;
    case "-":
      if (a < b) throw new Failed();
      return a - b;
    case "*":
      return a * b;
    case "==":
      return a === b ? 1 : 0;
    case "!=":
      return a === b ? 0 : 1;
    case "<":
      return a < b ? 1 : 0;
    case "&&":
      return a !== 0 && b !== 0 ? 1 : 0;
    case "||":
      return a !== 0 || b !== 0 ? 1 : 0;
    case "!":
      return a === 0 ? 1 : 0;
    // Injective each for itself; two kinds of hashes meet, as do encodings over different types.
    case "sha256":
      return 2 * a;
    case "keccak256":
      return 2 * a + 2;
    case "encode":
    case "concat":
      return values.reduce((sum, value) => sum * 10_000 + value, 0);
    default:
      throw new Error(`concrete: ${term.op} is not used`);
  }
}

function mixed(parts: readonly number[]): number {
  let hash = 17;
  for (const part of parts) hash = (Math.imul(hash ^ part, 0x9e3779b1) >>> 7) ^ part;
  return hash >>> 0;
}

// --- two calls -------------------------------------------------------------------------------------------------------

export function clash(left: Ran, right: Ran): boolean {
  return left.touched.some((a) => right.touched.some((b) => a.cell === b.cell && clashing(a.mode, b.mode)));
}

export function addsMeet(left: Ran, right: Ran): boolean {
  return left.touched.some((a) => right.touched.some((b) => a.cell === b.cell && a.mode === "D" && b.mode === "D"));
}

function clashing(a: string, b: string): boolean {
  return a !== b || a === "W";
}

/** Some alternative holds for some choice of rounds. */
export function holds(formula: Formula, left: Ran, right: Ran): boolean {
  return formula.some((atoms) => {
    const lefts = environments(atoms, "left", left);
    const rights = environments(atoms, "right", right);
    return lefts.some((l) => rights.some((r) => atoms.every((atom) => atomHolds(atom, l, r))));
  });
}

function atomHolds(atom: Atom, left: Env, right: Env): boolean {
  try {
    const a = valueOf(atom.left.term, atom.left.side === "left" ? left : right);
    const b = valueOf(atom.right.term, atom.right.side === "left" ? left : right);
    return (a === b) === atom.equal;
  } catch (error) {
    if (error instanceof Failed) return false;
    throw error;
  }
}

/** Every choice of rounds for the loops that the atoms speak of. */
function environments(atoms: readonly Atom[], side: "left" | "right", ran: Ran): readonly Env[] {
  const loops = new Set<LoopId>();
  const visit = (term: Term): void => {
    if (term.kind === "loopIndex") loops.add(term.loop);
    if (term.kind === "ticket") for (const loop of ran.env.ticketLoops.get(term.ticket) ?? []) loops.add(loop);
    childrenOf(term).forEach(visit);
  };
  for (const atom of atoms) for (const sided of [atom.left, atom.right]) if (sided.side === side) visit(sided.term);
  let found: Env[] = [ran.env];
  for (const loop of loops) {
    const step = loopStep(ran.plan.steps, loop);
    found = found.flatMap((env) => roundsOf(step.over, env).map((round) => ({ ...env, loops: new Map([...env.loops, [loop, round]]) })));
  }
  return found;
}

function loopStep(steps: readonly PlanStep[], loop: LoopId): Extract<PlanStep, { kind: "loop" }> {
  const found = findLoop(steps, loop);
  if (found === undefined) throw new Error("concrete: unknown loop");
  return found;
}

function findLoop(steps: readonly PlanStep[], loop: LoopId): Extract<PlanStep, { kind: "loop" }> | undefined {
  for (const step of steps) {
    if (step.kind === "loop" && step.loop === loop) return step;
    const inner = step.kind === "loop" ? step.body : step.kind === "branch" ? [...step.then, ...step.otherwise] : [];
    const found = findLoop(inner, loop);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The author's condition, evaluated on its own. */
export function conditionHolds(condition: Condition, left: Call, right: Call): boolean {
  switch (condition.kind) {
    case "and":
      return conditionHolds(condition.left, left, right) && conditionHolds(condition.right, left, right);
    case "or":
      return conditionHolds(condition.left, left, right) || conditionHolds(condition.right, left, right);
    case "equal":
      return claimValue(condition.left, left, right) === claimValue(condition.right, left, right);
    case "differ":
      return claimValue(condition.left, left, right) !== claimValue(condition.right, left, right);
  }
}

function claimValue(term: ClaimTerm, left: Call, right: Call): number | readonly number[] {
  if (term.kind === "constant") return constantOf(term.value);
  const call = term.side === "left" ? left : right;
  return term.kind === "param" ? call.args[term.index] : call.caller;
}
