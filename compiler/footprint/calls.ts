/**
 * Calls that leave the contract. The code at the target is unknown here, so the plan asks it when it runs; what this contract knows is that its own cells
 * stay as they are (a contract that is active can't be entered again), all but its coin.
 */
import type { Expr, Site } from "../typed/tree.ts";
import { writeLeaf } from "./access.ts";
import { isStatic } from "./algebra.ts";
import { pushStep, unknown, type Activation, type Context } from "./context.ts";
import { evaluateAll, selfAddress, unknownValue, value, wordAfter, wordOf } from "./values.ts";
import { COIN, type PlanStep, type Sym, type Term } from "./footprint.ts";
import type { State } from "./state.ts";

type Of<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;
type Callee = Extract<PlanStep, { kind: "external" }>["callee"];

export function callOut(context: Context, a: Activation, expr: Of<"external">, state: State): Sym {
  const target = value(context, a, expr.target, state);
  const args = evaluateAll(context, a, expr.args, state);
  leave(context, a, expr, target, { kind: "method", method: expr.method, args }, state);
  return unknownValue("the result of a call of another contract", expr.site, expr.type);
}

export function rawCall(context: Context, a: Activation, expr: Of<"rawCall">, state: State): Sym {
  const target = value(context, a, expr.target, state);
  const amount = value(context, a, expr.value, state);
  const data = value(context, a, expr.data, state);
  const debit = { kind: "delta", sign: "-", amount, floor: undefined, ceiling: undefined, atMost: undefined } as const;
  const coin = context.table.leaves[COIN];
  const change = { kind: "update", op: "-", by: amount } as const;
  writeLeaf(context, a, coin, [selfAddress()], debit, change, wordAfter(wordOf(a, expr), 2), expr.site, state);
  leave(context, a, expr, target, { kind: "raw", value: amount, data }, state);
  return unknownValue("the result of a call of another contract", expr.site, expr.type);
}

export function create(context: Context, a: Activation, expr: Of<"create">, state: State): Sym {
  evaluateAll(context, a, expr.args, state);
  pushStep(context, state, { kind: "create", word: wordOf(a, expr), contract: expr.contract, site: expr.site, via: a.via });
  forgetCoin(context, expr.site, state);
  return unknownValue("the address of a new contract", expr.site, expr.type);
}

function leave(context: Context, a: Activation, expr: Of<"external" | "rawCall">, target: Term, callee: Callee, state: State): void {
  // In a loop whose rounds nobody knows one plan can't stand for all of them: it is made anew whenever the call is reached.
  const known = a.repeated ? unknown("the round of a loop", expr.site, target.type) : target;
  const asked = callee.kind === "method" || (isStatic(callee.value) && isStatic(callee.data));
  const tickets = a.control.length === 0 && isStatic(state.path) && isStatic(known) && asked;
  pushStep(context, state, { kind: "external", word: wordOf(a, expr), target: known, callee, tickets, site: expr.site, via: a.via });
  forgetCoin(context, expr.site, state);
}

/** Whoever was called may have paid, and been paid. */
function forgetCoin(context: Context, site: Site, state: State): void {
  const { type } = context.table.leaves[COIN];
  const change = { kind: "set", value: unknown("a balance that another contract may have changed", site, type) } as const;
  state.writes = [...state.writes, { leaf: COIN, keys: undefined, change, when: undefined }];
  state.reads = state.reads.filter((read) => read.leaf !== COIN);
}
