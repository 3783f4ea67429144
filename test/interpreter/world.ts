/**
 * The reference world: accounts, contracts and blocks, executed one call after another. What it says is what Weft means; the
 * runtime must agree with it. It admits calls, draws tickets, runs bodies and books fees, and knows nothing of plans or slots.
 */
import type { Contract, Expr, Func, Program, Stmt } from "../../compiler/typed/tree.ts";
import type { CallRequest, Cell, Hex, Receipt } from "../../runtime/types.ts";
import { decodeAll, encodeResult, selectorOf } from "./abi.ts";
import { createAddress } from "./create-address.ts";
import { callFunction, contextWord, functionOf } from "./evaluate.ts";
import { largestTicket, load, receive } from "./machine.ts";
import type { Log, Run, Touch } from "./machine.ts";
import { Reverted, empty, outOfGas } from "./revert.ts";
import { coinOf, createStore, hex, nonceOf } from "./store.ts";
import type { CellRef, Store } from "./store.ts";
import { drawTickets } from "./tickets.ts";
import { asInt, fromHex, toHex } from "./values.ts";
import type { Val } from "./values.ts";

/** What running costs: the bound known at entry, and what each executed node really takes. */
export interface CostModel {
  /** Charged to calls that reach no function: no code, unknown selector, bad calldata, coin that isn't wanted. */
  readonly refused: bigint;
  readonly bound: (program: Program, func: Func, args: readonly Val[]) => bigint;
  /** Charged before the body. */
  readonly entry: (program: Program, func: Func, args: readonly Val[]) => bigint;
  readonly step: (node: Stmt | Expr) => bigint;
}

export interface WorldOptions {
  readonly chainId: bigint;
  readonly genesis: readonly { readonly address: string; readonly balance: bigint }[];
  readonly time: bigint;
  readonly feeRecipient: string | undefined;
  readonly cost: CostModel;
}

export interface CallOutcome {
  readonly receipt: Receipt;
  /** Cells the call touched, also when it failed. */
  readonly touched: ReadonlyMap<string, ReadonlySet<Touch>>;
  /** Cost of the nodes that ran; at most `receipt.cost`. */
  readonly steps: bigint;
}

export interface Deployment {
  readonly address: Hex;
  readonly outcome: CallOutcome;
}

export interface DeployRequest {
  readonly program: Program;
  readonly contract: Contract;
  /** ABI-encoded constructor arguments. */
  readonly args: Uint8Array;
  readonly from: string;
  readonly value: bigint;
  readonly time: bigint;
}

export interface World {
  height(): bigint;
  time(): bigint;
  deploy(request: DeployRequest): Deployment;
  /** `order` runs the bodies in another order than that of the block, which still decides about numbers and receipts. */
  runBlock(calls: readonly CallRequest[], time: bigint, order?: readonly number[]): CallOutcome[];
  /** What a block would do: outcomes and cells after it; nothing is kept. */
  tryBlock(
    calls: readonly CallRequest[],
    time: bigint,
    order: readonly number[],
  ): { readonly outcomes: readonly CallOutcome[]; readonly cells: readonly Cell[] };
  view(request: Pick<CallRequest, "from" | "to" | "data" | "value">): {
    readonly status: "success" | "reverted";
    readonly data: Uint8Array;
  };
  balanceOf(address: string): bigint;
  nonceOf(address: string): bigint;
  cells(): Iterable<Cell>;
}

/** Deployments and views pay nothing. */
const NO_LIMIT = (1n << 256n) - 1n;

interface Instance {
  readonly program: Program;
  readonly contract: Contract;
}

interface State {
  readonly options: WorldOptions;
  readonly store: Store;
  readonly instances: Map<string, Instance>;
  height: bigint;
  time: bigint;
}

export function createWorld(options: WorldOptions): World {
  const state: State = { options, store: createStore(), instances: new Map(), height: 0n, time: options.time };
  for (const { address, balance } of options.genesis) change(state, coinOf(address), balance);
  return {
    height: () => state.height,
    time: () => state.time,
    deploy: (request) => deploy(state, request),
    runBlock: (calls, time, order) => runBlock(state, calls, time, order ?? calls.map((_, i) => i)),
    tryBlock: (calls, time, order) => tryBlock(state, calls, time, order),
    view: (request) => view(state, request),
    balanceOf: (address) => amountAt(state, coinOf(address)),
    nonceOf: (address) => amountAt(state, nonceOf(address)),
    cells: () => state.store.cells(),
  };
}

function amountAt(state: State, cell: CellRef): bigint {
  return asInt(state.store.read(cell));
}

function change(state: State, cell: CellRef, by: bigint): void {
  state.store.write(cell, amountAt(state, cell) + by);
}

// --- blocks ----------------------------------------------------------------------------------------------------------

/** All calls are admitted and draw their numbers in block order; then their bodies run, in that order unless another is asked for. */
function runBlock(state: State, calls: readonly CallRequest[], time: bigint, order: readonly number[]): CallOutcome[] {
  const outcomes = executeBlock(state, calls, time, order);
  state.store.forgetUndo();
  return outcomes;
}

function executeBlock(state: State, calls: readonly CallRequest[], time: bigint, order: readonly number[]): CallOutcome[] {
  state.height += 1n;
  state.time = time;
  const ready = admitAll(state, calls);
  const outcomes: CallOutcome[] = [];
  for (const index of order) {
    const entry = ready[index];
    outcomes[index] = "instance" in entry ? perform(state, entry) : entry;
  }
  outcomes.forEach(({ receipt }, i) => {
    const { from, value, gasPrice } = calls[i];
    const fee = receipt.cost * gasPrice;
    change(state, coinOf(from), -fee - (receipt.status === "success" ? value : 0n));
    if (state.options.feeRecipient !== undefined) change(state, coinOf(state.options.feeRecipient), fee);
  });
  return outcomes;
}

function tryBlock(state: State, calls: readonly CallRequest[], time: bigint, order: readonly number[]): ReturnType<World["tryBlock"]> {
  const before = { mark: state.store.mark(), height: state.height, time: state.time };
  const outcomes = executeBlock(state, calls, time, order);
  const cells = [...state.store.cells()];
  state.store.undoTo(before.mark);
  state.height = before.height;
  state.time = before.time;
  return { outcomes, cells };
}

/** Rule N1: what a call may cost at most must be covered by what its sender had when the block began. */
function admitAll(state: State, calls: readonly CallRequest[]): (Entry | CallOutcome)[] {
  const reserved = new Map<string, bigint>();
  return calls.map((call) => {
    // A contract can't send calls: no key signs for it, and it could spend its coin twice, here and by `pay`.
    if (call.nonce !== amountAt(state, nonceOf(call.from)) || state.instances.has(call.from)) return rejected("nonce");
    const needed = (reserved.get(call.from) ?? 0n) + call.value + call.gasLimit * call.gasPrice;
    if (needed > amountAt(state, coinOf(call.from))) return rejected("balance");
    reserved.set(call.from, needed);
    change(state, nonceOf(call.from), 1n);
    return prepare(state, call);
  });
}

function rejected(rejection: "nonce" | "balance"): CallOutcome {
  return { receipt: { status: "rejected", data: new Uint8Array(), logs: [], cost: 0n, rejection }, touched: new Map(), steps: 0n };
}

/** A call that reached its function and has drawn its numbers. */
interface Entry {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly instance: Instance;
  readonly func: Func;
  readonly args: readonly Val[];
  readonly cost: bigint;
  readonly tickets: ReadonlyMap<string, bigint>;
}

/** From an admitted call to its function, or to the receipt of one that has none. */
function prepare(state: State, call: Pick<CallRequest, "from" | "to" | "data" | "value" | "gasLimit">): Entry | CallOutcome {
  const refused = failed(empty(), state.options.cost.refused);
  const instance = state.instances.get(call.to);
  if (instance === undefined) return refused;
  const func = functionFor(instance, toHex(call.data));
  if (func === undefined) return refused;
  return enter(state, call, instance, func, toHex(call.data).slice(10));
}

function functionFor(instance: Instance, data: string): Func | undefined {
  if (data.length < 10) return undefined;
  for (const id of instance.contract.external) {
    const func = functionOf(instance, id);
    if (selectorOf(func.name, paramTypes(func)) === data.slice(0, 10)) return func;
  }
  return undefined;
}

function paramTypes(func: Func): readonly Func["result"][] {
  return func.params.map((param) => param.type);
}

type Arrival = Pick<CallRequest, "from" | "to" | "value" | "gasLimit">;

/** `digits`: the ABI-encoded arguments without selector. */
function enter(state: State, call: Arrival, instance: Instance, func: Func, digits: string): Entry | CallOutcome {
  const model = state.options.cost;
  if (call.value > 0n && func.mutability !== "payable") return failed(empty(), model.refused);
  const args = decodeAll(paramTypes(func), digits);
  if (args === undefined) return failed(empty(), model.refused);
  const cost = model.bound(instance.program, func, args);
  if (cost > call.gasLimit) return failed(outOfGas(), call.gasLimit);
  const tickets = new Map<string, bigint>();
  const entry: Entry = { from: call.from, to: call.to, value: call.value, instance, func, args, cost, tickets };
  draw(state, entry, tickets);
  return entry;
}

/** Rules T1 to T3: all numbers of the call are its own from here on, whatever becomes of it. */
function draw(state: State, entry: Entry, tickets: Map<string, bigint>): void {
  const run = runOf(state, entry, () => undefined);
  const counts = new Map<string, bigint>();
  const counter = (field: string): CellRef => ({ contract: entry.to, field, keys: [], path: [], default: 0n });
  drawTickets(
    {
      program: run.program,
      context: (name) => contextWord(run, name),
      immutable: (field) => (entry.func.role === "init" ? undefined : load(run, { field, keys: [], path: [], type: field.type })),
      draw: (field, place) => {
        const drawn = counts.get(field.name) ?? 0n;
        counts.set(field.name, drawn + 1n);
        const number = amountAt(state, counter(field.name)) + drawn;
        tickets.set(place, number);
        return number > largestTicket(field) ? undefined : number;
      },
    },
    entry.func.id,
    entry.args,
  );
  for (const field of entry.instance.contract.fields) {
    const count = counts.get(field.name);
    if (count === undefined) continue;
    const next = amountAt(state, counter(field.name));
    const usedUp = largestTicket(field) + 1n;
    state.store.write(counter(field.name), next + count > usedUp ? usedUp : next + count);
  }
}

function runOf(state: State, entry: Entry, step: Run["step"]): Run {
  return {
    program: entry.instance.program,
    store: state.store,
    self: entry.to,
    caller: entry.from,
    value: entry.value,
    height: state.height,
    time: state.time,
    chainId: state.options.chainId,
    tickets: entry.tickets,
    trail: [],
    logs: [],
    touched: new Map(),
    step,
  };
}

/** Runs the body; what a failed call changed is undone. */
function perform(state: State, entry: Entry): CallOutcome {
  const { func, args, cost } = entry;
  const model = state.options.cost;
  let steps = model.entry(entry.instance.program, func, args);
  const run = runOf(state, entry, (node) => {
    steps += model.step(node);
  });
  const mark = state.store.mark();
  const outcome = (status: "success" | "reverted", data: string): CallOutcome => {
    if (steps > cost) throw new Error(`interpreter: ${func.name} took ${steps} steps, its bound is ${cost}`);
    const logs = status === "success" ? run.logs.map(receiptLog) : [];
    return { receipt: { status, data: fromHex(data), logs, cost, rejection: undefined }, touched: run.touched, steps };
  };
  try {
    receive(run);
    return outcome("success", encodeResult(func.result, callFunction(run, func.id, args)));
  } catch (error) {
    if (!(error instanceof Reverted)) throw error;
    state.store.undoTo(mark);
    return outcome("reverted", error.data);
  }
}

function failed(error: Reverted, cost: bigint): CallOutcome {
  const receipt: Receipt = { status: "reverted", data: fromHex(error.data), logs: [], cost, rejection: undefined };
  return { receipt, touched: new Map(), steps: 0n };
}

function receiptLog(log: Log): Receipt["logs"][number] {
  return { address: hex(log.address), topics: log.topics.map(hex), data: fromHex(log.data) };
}

// --- deployments and views -------------------------------------------------------------------------------------------

/** A block of its own. The contract exists only if its constructor succeeds; the nonce steps anyway. */
function deploy(state: State, request: DeployRequest): Deployment {
  const nonce = amountAt(state, nonceOf(request.from));
  const address = createAddress(request.from, nonce);
  if (request.value > amountAt(state, coinOf(request.from))) return { address, outcome: rejected("balance") };
  state.height += 1n;
  state.time = request.time;
  change(state, nonceOf(request.from), 1n);
  const mark = state.store.mark();
  const outcome = construct(state, request, address);
  if (outcome.receipt.status === "success") {
    state.instances.set(address, request);
    change(state, coinOf(request.from), -request.value);
  } else {
    state.store.undoTo(mark);
  }
  state.store.forgetUndo();
  return { address, outcome };
}

function construct(state: State, request: DeployRequest, address: Hex): CallOutcome {
  const func = functionOf(request, request.contract.init);
  const entry = enter(
    state,
    { ...request, from: hex(request.from), to: address, gasLimit: NO_LIMIT },
    request,
    func,
    toHex(request.args).slice(2),
  );
  return "instance" in entry ? perform(state, entry) : entry;
}

function view(state: State, request: Pick<CallRequest, "from" | "to" | "data" | "value">): ReturnType<World["view"]> {
  const mark = state.store.mark();
  const entry = prepare(state, { ...request, gasLimit: NO_LIMIT });
  const { receipt } = "instance" in entry ? perform(state, entry) : entry;
  state.store.undoTo(mark);
  state.store.forgetUndo();
  return { status: receipt.status === "success" ? "success" : "reverted", data: receipt.data };
}
