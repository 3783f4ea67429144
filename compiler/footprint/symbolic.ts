/**
 * Symbolic execution of one external function: walks its typed body with terms for values, calls in place, and writes down the plan tree.
 * Both sides of a branch are walked once and joined; a loop body is walked once with what it changes unknown. It never evaluates anything.
 */
import { Bug, unreachable } from "../core/bug.ts";
import { maxOf, type IntType, type Type } from "../core/types.ts";
import type { ErrorCall, Expr, Func, Site, Stmt, TypedId } from "../typed/tree.ts";
import { absorptionAt } from "./absorb.ts";
import { BOOL, FALSE, isFalse, isIntConstant, isKnown, isStatic, isTrue, TRUE } from "./algebra.ts";
import { endPlan, enterBranch, enterSpare, forkStep, leaveBranch, underState } from "./branches.ts";
import { canBe, foreseen, passing, planned } from "./conditions.ts";
import {
  bounded,
  leftInLoop,
  MAX_DEPTH,
  MAX_STEPS,
  pushStep,
  unknown,
  unknownLike,
  UNIT,
  wordAt,
  type Activation,
  type CallSite,
  type Context,
} from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { partsOf, evaluateAll, isGiven, keysOf, leafValues, one, selfAddress, unknownValue, value } from "./values.ts";
import { COIN, type LoopId, type PlanStep, type Sym, type Term } from "./footprint.ts";
import { drawsTickets, havocOf } from "./havoc.ts";
import { assume } from "./refine.ts";
import { assigned, copyState, mergeStates, mergeValues, startState, type OwnWrite, type State } from "./state.ts";
import { neverSure, noteCondition, noteRequirement, noteWords, startSurety, sureStep } from "./sure.ts";
import { boundedUpdate, onFailure, update, writeLeaves } from "./updates.ts";
import { returns } from "../typed/walk.ts";

type Loop = Extract<Stmt, { kind: "forList" | "forRange" }>;

const U64: Type = { kind: "int", signed: false, bits: 64 };

/** Walks an external function or init; `args` are its parameters as terms, `base` the start of its region. Gives the steps. */
export function runEntry(
  shared: Pick<Context, "program" | "table" | "frames" | "absorptions" | "used" | "problems">,
  func: Func,
  base: number,
  args: readonly Sym[],
): { readonly steps: PlanStep[]; readonly once: ReadonlySet<TypedId>; readonly spare: ReadonlyMap<PlanStep, Term> } {
  const draws = drawsTickets(shared.program, func.id);
  const context: Context = {
    ...shared,
    isInit: func.role === "init",
    drawsTickets: draws,
    surety: startSurety(func, draws),
    once: new Set(),
    spare: new Map(),
    steps: 0,
    reads: 0,
    loops: 0,
    tickets: 0,
    evaluate,
    invoke,
    run,
  };
  const out: PlanStep[] = [];
  const state = startState(out);
  if (func.mutability === "payable") state.writes = [attachedCoin];
  invoke(context, func, { loop: undefined, base, via: [], elseOf: undefined, control: [], repeated: false }, args, state);
  const sure = state.dead ? undefined : sureStep(context.surety, func.nameSite);
  if (sure !== undefined) pushStep(context, state, sure);
  return { steps: out, once: context.once, spare: context.spare };
}

/** The coin that comes with a call is the contract's before its body runs. */
const attachedCoin: OwnWrite = {
  leaf: COIN,
  keys: [selfAddress()],
  change: { kind: "update", op: "+", by: { kind: "context", name: "value", type: { kind: "int", signed: false, bits: 256 } } },
  when: undefined,
};

/** Walks the body of a function in place; the state goes on behind the call, or is dead when no path returns. */
function invoke(context: Context, func: Func, at: CallSite, args: readonly Sym[], state: State): Sym {
  const frame = context.frames.get(func.id);
  if (frame === undefined) throw new Bug(`footprint: no frame of ${func.name}`);
  const activation: Activation = {
    loop: at.loop,
    base: at.base,
    via: at.via,
    elseOf: at.elseOf,
    control: at.control,
    repeated: at.repeated,
    func,
    frame,
    afterLoop: undefined,
    returns: [],
  };
  const inner = copyState(state, state.out);
  inner.env = new Map(func.params.map((param, i) => [param.id, args[i]]));
  // Static conditions that led here stand around the steps already.
  if (isStatic(state.path)) inner.path = TRUE;
  const end = runBlock(context, activation, func.body, inner);
  if (end !== undefined) activation.returns.push({ state: end, value: UNIT, path: TRUE });
  const last = activation.returns.pop();
  if (last === undefined) {
    state.dead = true;
    return unknownValue(NEVER_RETURNS, func.nameSite, func.result);
  }
  const blur = unknownLike("which return is reached", func.nameSite);
  let joined = last.state;
  let result = last.value;
  for (const other of activation.returns.reverse()) {
    joined = mergeStates(other.path, other.state, joined, state.out, blur);
    result = mergeValues(other.path, other.value, result, blur);
  }
  Object.assign(state, joined, { env: state.env, path: state.path });
  return result;
}

const NEVER_RETURNS = "a call that never returns";

function run(context: Context, a: Activation, body: readonly Stmt[], state: State): void {
  const end = runBlock(context, a, body, state);
  if (end === undefined) state.dead = true;
  else if (end !== state) Object.assign(state, end);
}

/** The state after the statements, or undefined if no path gets there. */
function runBlock(context: Context, a: Activation, statements: readonly Stmt[], start: State): State | undefined {
  let state: State | undefined = start;
  for (let i = 0; i < statements.length && state !== undefined; i++) {
    // Such a contract doesn't compile: the rest would only take time.
    if (context.steps >= MAX_STEPS) return undefined;
    const absorption = absorptionAt(statements, i);
    // A check before and one after may both fit an update: the frames chose one.
    if (absorption !== undefined && context.absorptions.get(absorption.update.id)?.check.id === absorption.check.id) {
      boundedUpdate(context, a, absorption, state);
      i++;
    } else state = runStmt(context, a, statements[i], state);
    if (state?.dead === true) state = undefined;
  }
  return state;
}

function runStmt(context: Context, a: Activation, stmt: Stmt, state: State): State | undefined {
  switch (stmt.kind) {
    case "let":
    case "set": {
      // Joining branches inside the expression may give the state another environment: it is looked up afterwards.
      const result = evaluate(context, a, stmt.value, state);
      state.env.set(stmt.local, assigned(context, result));
      return state;
    }
    case "letTuple": {
      const result = evaluate(context, a, stmt.value, state);
      stmt.locals.forEach((local, i) => {
        if (local !== undefined && result.kind === "members") state.env.set(local, assigned(context, result.members[i]));
      });
      return state;
    }
    case "store": {
      const keys = keysOf(context, a, stmt.place, state);
      noteWords(context, [stmt.value.type]);
      writeLeaves(context, a, stmt, keys, leafValues(evaluate(context, a, stmt.value, state)), state);
      return state;
    }
    case "delete":
      writeLeaves(context, a, stmt, keysOf(context, a, stmt.place, state), [], state);
      return state;
    case "update":
      update(context, a, stmt, {}, state);
      return state;
    case "if":
      return fork(context, a, stmt, state);
    case "forList":
    case "forRange":
      loop(context, a, stmt, state);
      return state;
    case "require":
      return requirement(context, a, stmt.cond, stmt.orElse, state);
    case "revert":
      noteRequirement(context, state.path, FALSE, stmt.site);
      evaluateAll(context, a, stmt.error?.args ?? [], state);
      endPlan(context, a, stmt.site, state);
      return undefined;
    case "emit":
      noteWords(
        context,
        stmt.args.map((arg) => arg.type),
      );
      evaluateAll(context, a, stmt.args, state);
      return state;
    case "return": {
      const result = stmt.value === undefined ? UNIT : evaluate(context, a, stmt.value, state);
      // What a round of a loop found isn't known behind the loop.
      if (a.afterLoop !== undefined) {
        const behind = copyState(a.afterLoop, a.afterLoop.out);
        a.returns.push({ state: behind, value: unknownValue(NEVER_RETURNS, stmt.site, a.func.result), path: leftInLoop(stmt.site) });
      } else a.returns.push({ state, value: assigned(context, result), path: state.path });
      return undefined;
    }
    case "expr":
      evaluate(context, a, stmt.expr, state);
      return state;
    default:
      return unreachable(stmt, "footprint statement");
  }
}

function requirement(context: Context, a: Activation, condition: Expr, error: ErrorCall | undefined, state: State): State | undefined {
  const cond = value(context, a, condition, state);
  const known = planned(cond, condition.site);
  noteRequirement(context, state.path, cond, condition.site);
  if (isFalse(known)) {
    evaluateAll(context, a, error?.args ?? [], state);
    endPlan(context, a, condition.site, state);
    return undefined;
  }
  if (!isTrue(known)) {
    const inside = isStatic(known) ? a : underState(a, condition.site);
    const { site } = condition;
    const outcome = foreseen(cond, site);
    const fails = canBe(outcome, true) ? bounded("!", [outcome], BOOL, site) : unknown("a condition on state", site, BOOL);
    onFailure(context, inside, error, fails, site, state);
    if (!isStatic(outcome) && isKnown(outcome) && !context.drawsTickets && state.depth < MAX_DEPTH / 2)
      enterSpare(context, state, outcome, known, site);
    else enterBranch(context, a, state, known, site);
  }
  assume(state, cond, true);
  return state;
}

function fork(context: Context, a: Activation, stmt: Extract<Stmt, { kind: "if" }>, state: State): State | undefined {
  const cond = value(context, a, stmt.cond, state);
  const known = foreseen(cond, stmt.cond.site);
  if (isTrue(known)) return runBlock(context, a, stmt.then, state);
  if (isFalse(known)) return runBlock(context, a, stmt.otherwise, state);
  noteCondition(context, cond);
  const inside = isStatic(cond) ? a : underState(a, stmt.cond.site);
  const returnsBefore = a.returns.length;
  const thenSteps: PlanStep[] = [];
  const thenState = copyState(state, thenSteps);
  thenState.path = bounded("&&", [state.path, known], BOOL, stmt.site);
  assume(thenState, cond, true);
  const otherSteps: PlanStep[] = [];
  const otherState = copyState(state, otherSteps);
  otherState.path = bounded("&&", [state.path, bounded("!", [known], BOOL, stmt.site)], BOOL, stmt.site);
  assume(otherState, cond, false);
  const then = runBlock(context, inside, stmt.then, thenState);
  const otherwise = runBlock(context, inside, stmt.otherwise, otherState);
  const returned = a.returns.length > returnsBefore;
  const isPassed = then === undefined || otherwise === undefined;
  const decides = isPassed ? passing(context, known, stmt.cond.site) : known;
  pushStep(context, state, forkStep(decides, thenSteps, otherSteps, otherwise === undefined, stmt.cond.site));
  if (then === undefined || otherwise === undefined) {
    const alive = then ?? otherwise;
    if (alive === undefined) return undefined;
    // Where the other side reverts, getting here says nothing of where the function returned.
    if (!returned) alive.path = state.path;
    // What follows stays inside the branch that gets there.
    if (alive.depth++ >= MAX_DEPTH) leaveBranch(context, alive, state.out, stmt.site);
    return alive;
  }
  const merged = mergeStates(known, then, otherwise, state.out, unknownLike("a value set under a condition on state", stmt.site));
  merged.path = returned ? bounded("||", [then.path, otherwise.path], BOOL, stmt.site) : state.path;
  // Only then what follows stands inside the branch that gets there.
  if (!isStatic(merged.path)) neverSure(context);
  if (returned) enterBranch(context, undefined, merged, passing(context, merged.path, stmt.site), stmt.site);
  return merged;
}

function loop(context: Context, a: Activation, stmt: Loop, state: State): void {
  neverSure(context);
  const id = context.loops++ as LoopId;
  const region = a.frame.loops.get(stmt.id);
  if (region === undefined) throw new Bug(`footprint: no region for a loop of ${a.func.name}`);
  const over = rounds(context, a, stmt, state);
  const isUnknown = over.kind === "unknown";
  const havoc = havocOf(context.program, context.table, stmt.body);
  forget(context, havoc, stmt.site, a.func, state);
  if (returns(stmt.body)) state.path = leftInLoop(stmt.site);

  const body: PlanStep[] = [];
  const inner = copyState(state, body);
  const local = a.func.locals[stmt.local];
  inner.env.set(stmt.local, roundValue(over, id, local.type, stmt.site));
  const bounds = over.kind === "list" ? [over.list] : over.kind === "range" ? [over.from, over.to] : [];
  runBlock(
    context,
    {
      ...a,
      loop: id,
      base: 0,
      control: !isUnknown && bounds.every(isStatic) ? a.control : [...a.control, stmt.site],
      repeated: a.repeated || isUnknown,
      afterLoop: a.afterLoop ?? state,
    },
    stmt.body,
    inner,
  );
  if (body.length === 0) return;
  pushStep(context, state, { kind: "loop", loop: id, over, pointer: wordAt(a, region.pointer), size: region.size, body, site: stmt.site });
}

/** What the loop's variable stands for in the round being planned. */
function roundValue(over: Extract<PlanStep, { kind: "loop" }>["over"], loop: LoopId, type: Type, site: Site): Sym {
  switch (over.kind) {
    case "list":
      return partsOf({ kind: "element", list: over.list, index: { kind: "loopIndex", loop, type: U64 }, type });
    case "range":
      return one({ kind: "loopIndex", loop, type: over.from.type });
    case "unknown":
      return unknownValue("the round of a loop", site, type);
  }
}

/** Of a loop whose rounds state decides: as many are planned where a plan can't tell yet. With more, one round stands for all. */
const MAX_OPEN_ROUNDS = 256;

function mostOf(list: Term): number {
  return list.type.kind === "list" ? list.type.max : 0;
}

function rounds(context: Context, a: Activation, stmt: Loop, state: State): Extract<PlanStep, { kind: "loop" }>["over"] {
  const once = a.frame.loops.get(stmt.id)?.once === true;
  if (stmt.kind === "forList") {
    const list = value(context, a, stmt.list, state);
    if (!once && isGiven(list) && (isStatic(list) || mostOf(list) <= MAX_OPEN_ROUNDS)) return { kind: "list", list };
  } else {
    const from = value(context, a, stmt.from, state);
    const to = value(context, a, stmt.to, state);
    const isOpen = !isStatic(from) || !isStatic(to);
    // However the rounds are planned: beyond the limit the loop panics on entry, and no numbers are drawn behind it (rule T2).
    if (context.drawsTickets)
      enterBranch(context, a, state, planned(fitsLimit({ from, to, max: stmt.max }, stmt.site), stmt.site), stmt.site);
    if (!once && isKnown(from) && isKnown(to) && (!isOpen || stmt.max <= MAX_OPEN_ROUNDS))
      return { kind: "range", from, to, max: stmt.max };
  }
  // Other entries that come here have to plan one round, too: exec has one code for all.
  context.once.add(stmt.id);
  return { kind: "unknown" };
}

/** `to <= from || to - from <= max`: otherwise the loop panics on entry. Unknown only where that is so. */
function fitsLimit(over: { readonly from: Term; readonly to: Term; readonly max: number }, site: Site): Term {
  const { from, to } = over;
  const { type } = from;
  if (type.kind !== "int") return TRUE;
  const max = BigInt(over.max);
  if (isIntConstant(from) && isIntConstant(to)) return to.value.value - from.value.value <= max ? TRUE : FALSE;
  if (isIntConstant(from) && from.value.value === 0n) return atMost(to, max, type, site);
  // Of signed numbers the difference may not fit their own type.
  const wide: IntType = type.signed && max >= maxOf(type) ? { kind: "int", signed: true, bits: 64 } : type;
  const widened = (term: Term): Term => (wide === type ? term : bounded("convert", [term], wide, site));
  const difference = bounded(wide.signed ? "saturatingSub" : "-", [widened(to), widened(from)], wide, site);
  return bounded("||", [bounded("<=", [to, from], BOOL, site), atMost(difference, max, wide, site)], BOOL, site);
}

function atMost(term: Term, max: bigint, type: IntType, site: Site): Term {
  const limit: Term = { kind: "constant", value: { kind: "int", value: max < maxOf(type) ? max : maxOf(type) }, type };
  return bounded("<=", [term, limit], BOOL, site);
}

/** What the loop changes isn't known inside it, nor behind it. */
function forget(context: Context, havoc: ReturnType<typeof havocOf>, site: Site, func: Func, state: State): void {
  const why = "a value that a loop changes";
  for (const local of havoc.locals) {
    if (state.env.has(local)) state.env.set(local, unknownValue(why, site, func.locals[local].type));
  }
  const changed = [...havoc.leaves].map((leaf): OwnWrite => {
    const value = unknown(why, site, context.table.leaves[leaf].type);
    return { leaf, keys: undefined, change: { kind: "set", value }, when: undefined };
  });
  state.writes = [...state.writes, ...changed];
  state.reads = state.reads.filter((read) => !havoc.leaves.has(read.leaf));
}
