/**
 * The reference world: accounts, contracts and blocks, executed one call after another. What it says is what Weft means; the
 * runtime must agree with it. It admits calls, lets them run, and books fees, and knows nothing of plans or slots.
 */
import type { Contract, Program } from "../../compiler/typed/tree.ts";
import type { CallRequest, Cell, Hex } from "../../runtime/types.ts";
import { createAddress } from "./create-address.ts";
import { functionOf } from "./evaluate.ts";
import { coinOf, createStore, hex, nonceOf } from "./store.ts";
import { enter, perform, prepare } from "./transaction.ts";
import { toHex } from "./values.ts";
import { amountAt, change, restore, snapshotOf } from "./world-state.ts";
import type { CallOutcome, CostModel, Entry, State } from "./world-state.ts";

export type { CallOutcome, CostModel } from "./world-state.ts";

export interface WorldOptions {
  readonly chainId: bigint;
  readonly genesis: readonly { readonly address: string; readonly balance: bigint }[];
  readonly time: bigint;
  readonly feeRecipient: string | undefined;
  readonly cost: CostModel;
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

interface Open extends State {
  readonly feeRecipient: string | undefined;
}

export function createWorld(options: WorldOptions): World {
  const { chainId, cost, genesis, time: startTime, feeRecipient } = options;
  const state: Open = { chainId, cost, feeRecipient, store: createStore(), instances: new Map(), height: 0n, time: startTime };
  for (const { address, balance } of genesis) change(state, coinOf(address), balance);
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

// --- blocks ----------------------------------------------------------------------------------------------------------

/** All calls are admitted and draw their numbers in block order; then their bodies run, in that order unless another is asked for. */
function runBlock(state: Open, calls: readonly CallRequest[], time: bigint, order: readonly number[]): CallOutcome[] {
  const outcomes = executeBlock(state, calls, time, order);
  endBlock(state);
  return outcomes;
}

/** What histories hold now is what they held at this height, for ever. */
function endBlock(state: Open): void {
  state.store.endBlock(state.height);
  state.store.forgetUndo();
}

function executeBlock(state: Open, calls: readonly CallRequest[], time: bigint, order: readonly number[]): CallOutcome[] {
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
    if (state.feeRecipient !== undefined) change(state, coinOf(state.feeRecipient), fee);
  });
  return outcomes;
}

function tryBlock(state: Open, calls: readonly CallRequest[], time: bigint, order: readonly number[]): ReturnType<World["tryBlock"]> {
  const before = { ...snapshotOf(state), height: state.height, time: state.time };
  const outcomes = executeBlock(state, calls, time, order);
  const cells = [...state.store.cells()];
  restore(state, before);
  state.height = before.height;
  state.time = before.time;
  return { outcomes, cells };
}

/** Rule N1: what a call may cost at most must be covered by what its sender had when the block began. */
function admitAll(state: Open, calls: readonly CallRequest[]): (Entry | CallOutcome)[] {
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
  const receipt = { status: "rejected", data: new Uint8Array(), logs: [], cost: 0n, rejection } as const;
  return { receipt, touched: new Map(), steps: 0n, failure: undefined };
}

// --- deployments and views -------------------------------------------------------------------------------------------

/** A block of its own. The contract exists only if its constructor succeeds; the nonce steps anyway. */
function deploy(state: Open, request: DeployRequest): Deployment {
  const nonce = amountAt(state, nonceOf(request.from));
  const address = createAddress(request.from, nonce);
  if (request.value > amountAt(state, coinOf(request.from))) return { address, outcome: rejected("balance") };
  state.height += 1n;
  state.time = request.time;
  change(state, nonceOf(request.from), 1n);
  const before = snapshotOf(state);
  change(state, nonceOf(address), 1n);
  const outcome = construct(state, request, address);
  if (outcome.receipt.status === "success") {
    state.instances.set(address, { program: request.program, contract: request.contract });
    change(state, coinOf(request.from), -request.value);
  } else {
    restore(state, before);
  }
  endBlock(state);
  return { address, outcome };
}

function construct(state: Open, request: DeployRequest, address: Hex): CallOutcome {
  const { from, value, program, contract, args } = request;
  const func = functionOf(request, contract.init);
  const call = { from: hex(from), to: address, value, gasLimit: NO_LIMIT };
  const entry = enter(state, call, { program, contract }, func, toHex(args).slice(2));
  return "instance" in entry ? perform(state, entry) : entry;
}

function view(state: Open, request: Pick<CallRequest, "from" | "to" | "data" | "value">): ReturnType<World["view"]> {
  const before = snapshotOf(state);
  const entry = prepare(state, { ...request, gasLimit: NO_LIMIT });
  const { receipt } = "instance" in entry ? perform(state, entry) : entry;
  restore(state, before);
  state.store.forgetUndo();
  return { status: receipt.status === "success" ? "success" : "reverted", data: receipt.data };
}
