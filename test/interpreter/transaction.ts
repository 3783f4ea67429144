/** One transaction of the reference world: from an admitted call to its function, its run, and what is left of it. */
import type { Func } from "../../compiler/typed/tree.ts";
import type { CallRequest, Receipt } from "../../runtime/types.ts";
import { decodeAll, encodeResult } from "./abi.ts";
import { outsideOf } from "./contract-calls.ts";
import type { Ongoing } from "./contract-calls.ts";
import { draw } from "./draw.ts";
import { callFunction } from "./evaluate.ts";
import { receive } from "./machine.ts";
import type { Log, Run, Transaction } from "./machine.ts";
import { functionFor, typesOf } from "./reach.ts";
import { Reverted, empty, outOfGas } from "./revert.ts";
import { hex } from "./store.ts";
import { fromHex, toHex } from "./values.ts";
import { restore, snapshotOf } from "./world-state.ts";
import type { CallOutcome, Entry, Failure, Instance, State } from "./world-state.ts";

/** From an admitted call to its function, or to the receipt of one that has none. */
export function prepare(state: State, call: Pick<CallRequest, "from" | "to" | "data" | "value" | "gasLimit">): Entry | CallOutcome {
  const data = toHex(call.data);
  const instance = state.instances.get(call.to);
  const func = instance === undefined ? undefined : functionFor(instance, data.slice(0, 10));
  if (instance === undefined || func === undefined) return failed(empty(), state.cost.refused);
  return enter(state, call, instance, func, data.slice(10));
}

/** `digits`: the ABI-encoded arguments without selector. */
export function enter(
  state: State,
  { from, to, value, gasLimit }: Pick<CallRequest, "from" | "to" | "value" | "gasLimit">,
  instance: Instance,
  func: Func,
  digits: string,
): Entry | CallOutcome {
  if (value > 0n && func.mutability !== "payable") return failed(empty(), state.cost.refused);
  const args = decodeAll(typesOf(func), digits);
  if (args === undefined) return failed(empty(), state.cost.refused);
  const cost = state.cost.bound(instance.program, func, args);
  if (cost > gasLimit) return failed(outOfGas(), gasLimit);
  const tickets = new Map<string, bigint>();
  const entry: Entry = { from, to, value, gasLimit, instance, func, args, cost, tickets };
  draw(state, entry, runOf(entry, start(state, entry)), tickets);
  return entry;
}

function start(state: State, entry: Entry): Ongoing {
  const { instance, func, args, cost, gasLimit, to } = entry;
  return { state, active: [to], gasLimit, cost, steps: state.cost.entry(instance.program, func, args), last: undefined };
}

function runOf(entry: Entry, ongoing: Ongoing): Run {
  const { state } = ongoing;
  const transaction: Transaction = {
    store: state.store,
    height: state.height,
    time: state.time,
    chainId: state.chainId,
    tickets: entry.tickets,
    trail: [],
    logs: [],
    touched: new Map(),
    step: (node) => {
      ongoing.steps += state.cost.step(node);
      if (!("type" in node)) ongoing.last = node;
    },
    outside: outsideOf(ongoing),
  };
  return { transaction, program: entry.instance.program, self: entry.to, caller: entry.from, value: entry.value, nested: false };
}

/** Runs the body; what a failed call changed is undone. */
export function perform(state: State, entry: Entry): CallOutcome {
  const { func } = entry;
  const ongoing = start(state, entry);
  const run = runOf(entry, ongoing);
  const { touched, logs } = run.transaction;
  const before = snapshotOf(state);
  let begin = before.mark;
  const outcome = (receipt: Pick<Receipt, "status" | "logs" | "cost">, data: string, failure: Failure | undefined): CallOutcome => {
    const { steps, cost } = ongoing;
    if (steps > cost) throw new Error(`interpreter: ${func.name} took ${steps} steps, its bound is ${cost}`);
    return { receipt: { ...receipt, data: fromHex(data), rejection: undefined }, touched, steps, failure };
  };
  try {
    receive(run);
    begin = state.store.mark();
    const data = encodeResult(func.result, callFunction(run, func.id, entry.args));
    return outcome({ status: "success", logs: logs.map(receiptLog), cost: ongoing.cost }, data, undefined);
  } catch (error) {
    if (!(error instanceof Reverted)) throw error;
    const failure = { func: func.id, undone: state.store.mark() - begin, last: ongoing.last };
    restore(state, before);
    return outcome({ status: "reverted", logs: [], cost: error.outOfGas ? entry.gasLimit : ongoing.cost }, error.data, failure);
  }
}

function failed(error: Reverted, cost: bigint): CallOutcome {
  const receipt: Receipt = { status: "reverted", data: fromHex(error.data), logs: [], cost, rejection: undefined };
  return { receipt, touched: new Map(), steps: 0n, failure: undefined };
}

function receiptLog(log: Log): Receipt["logs"][number] {
  return { address: hex(log.address), topics: log.topics.map(hex), data: fromHex(log.data) };
}
