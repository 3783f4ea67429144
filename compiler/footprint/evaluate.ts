/** Expressions as terms. Every state access met on the way becomes a plan step; the state is changed in place. */
import { Bug, unreachable } from "../core/bug.ts";
import { isPacked, type Type } from "../core/types.ts";
import type { BuiltinName, Expr, Site } from "../typed/tree.ts";
import { forwarded, readLeaf, seen, writeLeaf } from "./access.ts";
import { callOut, create, rawCall } from "./calls.ts";
import { has, past, setChange } from "./collections.ts";
import {
  bounded,
  countStep,
  LEFT_IN_LOOP,
  limited,
  pushStep,
  unknown,
  unknownLike,
  UNIT,
  type Activation,
  type Context,
} from "./context.ts";
import { forkStep } from "./branches.ts";
import { foreseen, passing } from "./conditions.ts";
import { COIN, type PlanStep, type Sym, type Term, type TermOp, type TicketId } from "./footprint.ts";
import { leafOfField, leavesOfPlace } from "./leaves.ts";
import { assume } from "./refine.ts";
import { assigned, asTerm, copyState, mergeStates, mergeValues, type State } from "./state.ts";
import { partsOf, evaluateAll, isGiven, keysOf, membersOf, one, selfAddress, unknownValue, value, wordAfter, wordOf } from "./values.ts";
import { neverSure, noteCondition, noteExpr, noteValue } from "./sure.ts";
import { childrenOf } from "../typed/walk.ts";
import { isFalse, isKnown, isOfState, isStatic, isTrue, isVariant, mayFail, operation, payloadOf, unknownPart } from "./algebra.ts";

type Binary = Extract<Expr, { kind: "binary" }>;

export function evaluate(context: Context, a: Activation, expr: Expr, state: State): Sym {
  noteExpr(context, expr);
  switch (expr.kind) {
    case "literal":
      return one({ kind: "constant", value: expr.value, type: expr.type });
    case "local": {
      const value = state.env.get(expr.local);
      return value ?? one(unknown("a variable set in a loop", expr.site, expr.type));
    }
    case "context":
      return one({ kind: "context", name: expr.name, type: expr.type });
    case "load":
      return load(context, a, expr, state);
    case "immutable":
      return immutable(context, expr, state);
    case "selfBalance":
      return one(readLeaf(context, a, context.table.leaves[COIN], [selfAddress()], wordOf(a, expr), expr.site, state));
    case "next":
      return one(ticket(context, a, expr, state));
    case "member": {
      const object = evaluate(context, a, expr.object, state);
      return object.kind === "members" ? object.members[expr.index] : unknownValue("a member of a computed value", expr.site, expr.type);
    }
    case "element": {
      const list = value(context, a, expr.list, state);
      const index = value(context, a, expr.index, state);
      if (!isGiven(list)) {
        neverSure(context);
        return unknownValue("an element of a computed list", expr.site, expr.type);
      }
      return partsOf(checked(context, a, { kind: "element", list, index, type: expr.type }, expr.site, state));
    }
    case "length": {
      const of = value(context, a, expr.of, state);
      if (of.type.kind === "list" && !isGiven(of)) return one(unknown("the length of a computed list", expr.site, expr.type));
      return one({ kind: "length", of, type: expr.type });
    }
    case "contains": {
      const list = value(context, a, expr.list, state);
      const item = evaluate(context, a, expr.item, state);
      if (!isGiven(list) || item.kind === "members" || !isSingle(item.term.type))
        return one(unknown("whether a list contains a value", expr.site, expr.type));
      return one(bounded("contains", [list, item.term], expr.type, expr.site));
    }
    case "push":
      evaluateAll(context, a, [expr.list, expr.item], state);
      return one(unknown("a list that grew", expr.site, expr.type));
    case "pop":
      evaluate(context, a, expr.list, state);
      return one(unknown("a list that shrank", expr.site, expr.type));
    case "with": {
      evaluateAll(context, a, childrenOf(expr), state);
      return unknownValue("a value that was changed in part", expr.site, expr.type);
    }
    case "variant":
      return one(made(expr.variant, evaluateAll(context, a, expr.args, state), expr));
    case "isVariant": {
      const of = value(context, a, expr.of, state);
      return one(isGiven(of) ? isVariant(of, expr.variant, expr.type) : unknown("which variant a value is", expr.site, expr.type));
    }
    case "payload": {
      const of = value(context, a, expr.of, state);
      if (!isGiven(of)) return unknownValue("what a variant carries", expr.site, expr.type);
      return partsOf(payloadOf(of, expr.variant, expr.index, expr.type));
    }
    case "seq":
      context.run(context, a, expr.body, state);
      return state.dead ? unknownValue("a call that never returns", expr.site, expr.type) : evaluate(context, a, expr.value, state);
    case "has":
      return one(has(context, a, expr, state));
    case "setChange":
      return one(setChange(context, a, expr, state));
    case "past":
      // How many numbers a call draws doesn't follow the past of the chain (rule T2).
      return one(seen(context, past(context, a, expr, state)));
    case "encode":
    case "concat": {
      const args = evaluateAll(context, a, expr.args, state);
      // Of single values the plan can do the same.
      const terms = args.flatMap((arg) => (arg.kind === "term" && isSingle(arg.term.type) ? [arg.term] : []));
      if (terms.length < args.length) return one(unknown("an encoding of a list or struct", expr.site, expr.type));
      return one(checked(context, a, bounded(expr.kind, terms, expr.type, expr.site), expr.site, state));
    }
    case "decode":
      return decoded(context, a, expr, state);
    case "external":
      return callOut(context, a, expr, state);
    case "rawCall":
      return rawCall(context, a, expr, state);
    case "create":
      return create(context, a, expr, state);
    case "unary": {
      const op = expr.op === "-" ? "neg" : expr.op;
      return one(checked(context, a, bounded(op, [value(context, a, expr.operand, state)], expr.type, expr.site), expr.site, state));
    }
    case "binary":
      return one(binary(context, a, expr, state));
    case "convert": {
      const operand = value(context, a, expr.operand, state);
      if (isAddress(operand.type) && isAddress(expr.type)) return one(operand);
      // A short string, bytes or list where a longer one may stand; a string as bytes.
      if (operand.type.kind === expr.type.kind && !("bits" in operand.type)) return one(operand);
      if (operand.type.kind === "string") return one(operand);
      const converted = bounded("convert", [operand], expr.type, expr.site);
      return one(isOfState(converted) ? operand : checked(context, a, converted, expr.site, state));
    }
    case "tuple":
      return { kind: "members", members: evaluateAll(context, a, expr.elements, state) };
    case "struct": {
      const members: Sym[] = [];
      for (const i of expr.order) members[i] = evaluate(context, a, expr.values[i], state);
      return { kind: "members", members };
    }
    case "list":
      return one(made(undefined, evaluateAll(context, a, expr.elements, state), expr));
    case "ifExpr":
      return ifExpr(context, a, expr, state);
    case "builtin": {
      const args = evaluateAll(context, a, expr.args, state).map(asTerm);
      if (!isPlanned(expr.name)) {
        neverSure(context);
        return one(unknown(`the result of \`${expr.name}\``, expr.site, expr.type));
      }
      return one(checked(context, a, bounded(expr.name, args, expr.type, expr.site), expr.site, state));
    }
    case "call": {
      const args = evaluateAll(context, a, expr.args, state);
      const callee = context.program.functions.get(expr.func);
      if (callee === undefined) throw new Bug(`footprint: no function ${expr.func}`);
      // Such a contract doesn't compile: functions that call each other many times would only take time.
      if (!countStep(context, expr.site)) return unknownValue("too many calls", expr.site, expr.type);
      const base = a.base + (a.frame.calls.get(expr.id) ?? 0);
      return context.invoke(context, callee, { ...a, base, via: [...a.via, expr.site] }, args, state);
    }
    case "pay":
      return pay(context, a, expr, state);
    default:
      return unreachable(expr, "footprint expression");
  }
}

/** A list or a tagged value made in the call, as far as its parts are single values. */
function made(variant: number | undefined, parts: readonly Sym[], expr: Expr): Term {
  const terms = parts.flatMap((part) => (part.kind === "term" ? [part.term] : []));
  if (terms.length < parts.length) return unknown("a value made of structs", expr.site, expr.type);
  return limited({ kind: "made", variant, parts: terms, type: expr.type }, expr.site);
}

function decoded(context: Context, a: Activation, expr: Extract<Expr, { kind: "decode" }>, state: State): Sym {
  const data = value(context, a, expr.data, state);
  if (!isKnown(data)) return unknownValue("what bytes that nobody knows before hold", expr.site, expr.type);
  const isSeveral = expr.type.kind === "tuple";
  const type = expr.type.kind === "tuple" ? expr.type : tupleOf(expr.type);
  const whole = checked(context, a, { kind: "decoded", data, type }, expr.site, state);
  return partsOf(isSeveral ? whole : { kind: "member", of: whole, index: 0, type: expr.type });
}

function tupleOf(type: Type): Extract<Type, { kind: "tuple" }> {
  return { kind: "tuple", elements: [{ name: undefined, type }] };
}

/** Builtins that plans can compute. */
function isPlanned(name: BuiltinName): name is Extract<BuiltinName, TermOp> {
  return name !== "ecrecover" && name !== "ed25519.verify" && name !== "mldsa65.verify" && name !== "hasCode";
}

/** A value of one word, or a string or bytes. */
function isSingle(type: Type): boolean {
  return membersOf(type) === undefined && !isPacked(type);
}

function isAddress(type: Type): boolean {
  return type.kind === "address" || type.kind === "handle";
}

/** Where tickets follow, a static term that fails ends the plan (rules P1, T2), unless state may have led around it. */
function checked(context: Context, a: Activation, term: Term, site: Site, state: State): Term {
  noteValue(context, term);
  if (context.drawsTickets && a.control.length === 0 && isStatic(state.path) && isStatic(term) && mayFail(term)) {
    pushStep(context, state, { kind: "stop", unless: term, site });
  }
  return term;
}

/** What the constructor has set is known to it from there on. */
function immutable(context: Context, expr: Extract<Expr, { kind: "immutable" }>, state: State): Sym {
  const leaves = context.table.byField[expr.field.index];
  let next = 0;
  const build = (type: Type): Sym => {
    const members = membersOf(type);
    if (members !== undefined) return { kind: "members", members: members.map(build) };
    const leaf = leaves[next++];
    if (!context.isInit) return one({ kind: "immutable", leaf: leaf.index, type });
    const unset = unknown("an immutable that is being set", expr.site, type);
    return one(seen(context, forwarded(state.writes, leaf, [], unset, expr.site)));
  };
  return build(expr.type);
}

function load(context: Context, a: Activation, expr: Extract<Expr, { kind: "load" }>, state: State): Sym {
  const keys = keysOf(context, a, expr.place, state);
  const leaves = leavesOfPlace(context.table, expr.place);
  const first = wordOf(a, expr);
  const used = context.used.get(expr.id);
  let next = 0;
  const build = (type: Type): Sym => {
    const members = membersOf(type);
    if (members !== undefined) return { kind: "members", members: members.map(build) };
    const leaf = leaves[next];
    const word = wordAfter(first, next);
    next++;
    if (leaves.length > 1 && used?.has(leaf.index) === false) return one(unknown("a member that isn't read", expr.site, type));
    return one(readLeaf(context, a, leaf, keys, word, expr.site, state));
  };
  return build(expr.place.type);
}

function ticket(context: Context, a: Activation, expr: Extract<Expr, { kind: "next" }>, state: State): Term {
  const leaf = leafOfField(context.table, expr.field);
  if (a.control.length > 0) {
    const notes = a.control.map((site) => ({ site, text: "this condition reads state" }));
    context.problems.push({ kind: "conditionalTicket", site: expr.site, subject: expr.field.name, notes });
  }
  const left = unknownPart(state.path);
  if (left?.why === LEFT_IN_LOOP) {
    const notes = [{ site: left.site, text: "this loop may return before" }];
    context.problems.push({ kind: "conditionalTicket", site: expr.site, subject: expr.field.name, notes });
  }
  const id = context.tickets++ as TicketId;
  pushStep(context, state, { kind: "ticket", ticket: id, word: wordOf(a, expr), leaf, site: expr.site });
  return { kind: "ticket", ticket: id, leaf, type: expr.type };
}

function binary(context: Context, a: Activation, expr: Binary, state: State): Term {
  // Long chains lean left: a loop down the left spine keeps the stack flat.
  const spine: Binary[] = [];
  let left: Expr = expr;
  while (left.kind === "binary") {
    spine.push(left);
    left = left.left;
  }
  let result = value(context, a, left, state);
  for (const node of spine.reverse()) {
    if (node.op === "&&" || node.op === "||") result = shortCircuit(context, a, node, result, state);
    else {
      const right = value(context, a, node.right, state);
      const made = bounded(node.op, [result, right], node.type, node.site);
      // `x == x` is true whatever was read.
      result = checked(context, a, isStatic(result) && isStatic(right) ? made : seen(context, made), node.site, state);
    }
  }
  return result;
}

function shortCircuit(context: Context, a: Activation, expr: Binary, left: Term, state: State): Term {
  const onTrue = expr.op === "&&";
  if (onTrue ? isFalse(left) : isTrue(left)) return left;
  noteCondition(context, left);
  const steps: PlanStep[] = [];
  const inner = copyState(state, steps);
  assume(inner, left, onTrue);
  const cond = foreseen(left, expr.left.site);
  const right = value(context, isStatic(left) ? a : { ...a, control: [...a.control, expr.left.site] }, expr.right, inner);
  if (steps.length > 0) {
    pushStep(context, state, { kind: "branch", cond, then: onTrue ? steps : [], otherwise: onTrue ? [] : steps, site: expr.left.site });
    const ran = onTrue ? cond : operation("!", [cond], cond.type);
    const merged = mergeStates(ran, inner, state, state.out, unknownLike("what the right side changed", expr.site));
    if (!inner.dead) Object.assign(state, merged);
  }
  return bounded(expr.op, [left, right], expr.type, expr.site);
}

function ifExpr(context: Context, a: Activation, expr: Extract<Expr, { kind: "ifExpr" }>, state: State): Sym {
  const cond = value(context, a, expr.cond, state);
  if (isTrue(cond)) return evaluate(context, a, expr.then, state);
  if (isFalse(cond)) return evaluate(context, a, expr.otherwise, state);
  noteCondition(context, cond);
  const known = foreseen(cond, expr.cond.site);
  const inside = isStatic(cond) ? a : { ...a, control: [...a.control, expr.cond.site] };
  const thenSteps: PlanStep[] = [];
  const then = copyState(state, thenSteps);
  assume(then, cond, true);
  const thenValue = evaluate(context, inside, expr.then, then);
  const otherSteps: PlanStep[] = [];
  const otherwise = copyState(state, otherSteps);
  assume(otherwise, cond, false);
  const otherValue = evaluate(context, inside, expr.otherwise, otherwise);
  const blur = unknownLike("a value chosen by a condition on state", expr.site);
  const decides = then.dead || otherwise.dead ? passing(context, known, expr.cond.site) : known;
  pushStep(context, state, forkStep(decides, thenSteps, otherSteps, otherwise.dead, expr.cond.site));
  if (then.dead && otherwise.dead) state.dead = true;
  else if (then.dead) Object.assign(state, otherwise);
  else if (otherwise.dead) Object.assign(state, then);
  else Object.assign(state, mergeStates(known, then, otherwise, state.out, blur));
  return mergeValues(known, assigned(context, thenValue), otherValue, blur);
}

function pay(context: Context, a: Activation, expr: Extract<Expr, { kind: "pay" }>, state: State): Sym {
  const coin = context.table.leaves[COIN];
  const to = value(context, a, expr.to, state);
  const amount = value(context, a, expr.amount, state);
  const word = wordOf(a, expr);
  const debit = { kind: "delta", sign: "-", amount, floor: undefined, ceiling: undefined, atMost: undefined } as const;
  writeLeaf(context, a, coin, [selfAddress()], debit, { kind: "update", op: "-", by: amount }, word, expr.site, state);
  const credit = { ...debit, sign: "+" } as const;
  writeLeaf(context, a, coin, [to], credit, { kind: "update", op: "+", by: amount }, wordAfter(word, 1), expr.site, state);
  return UNIT;
}
