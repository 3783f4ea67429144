/**
 * A chain in memory: deploys contracts, executes blocks, commits or discards them, answers views. The one owner of the state; calls of its methods
 * follow one another. Everything a user passes in is checked here or in admission; whatever fails leaves the state as it was.
 */
import { randomBytes } from "node:crypto";
import { checkBlockBuffer, blockBuffer } from "./block.ts";
import { listChanges, nameAccess } from "./commit/changes.ts";
import { Journal } from "./commit/journal.ts";
import { BlockReceipts } from "./commit/receipts.ts";
import { createAddress } from "./create-address.ts";
import { validateCalldata } from "./abi/validate.ts";
import { AddressCache, SlotCache } from "./plan/caches.ts";
import type { OrderCounts } from "./schedule/order.ts";
import type { Environment } from "./execute/context.ts";
import { Engine } from "./execute/engine.ts";
import { InternalError } from "./execute/internal-error.ts";
import {
  CALL_CALLER, CALL_CODE, CALL_FUNCTION, CALL_INSTANCE, CALL_SELF, CALL_STRIDE, CALL_VERDICT, FUNCTION_INIT, HEADER_OFFSET, VERDICT_BALANCE,
  RECEIPT_COST_HIGH, RECEIPT_COST_LOW, RECEIPT_STRIDE, VERDICT_EMPTY, VERDICT_NONCE, VERDICT_RUN,
} from "./execute/memory.ts";
import { Pool } from "./execute/pool.ts";
import { Trace } from "./execute/trace.ts";
import type { AbiEntry } from "./module.ts";
import { listCells } from "./state/cell-list.ts";
import type { Code } from "./state/code.ts";
import { readBig, writeBig } from "./state/column.ts";
import { digestState } from "./state/digest.ts";
import type { StateMemory } from "./state/state.ts";
import { createState } from "./state/state.ts";
import type {
  BlockBuffer, BlockOptions, BlockResult, BlockStats, Cell, Chain, ChainOptions, DeployOptions, DeployResult, Hex, LoadedModule, Receipt, StageTimes, ViewResult,
} from "./types.ts";

const DEFAULT_CAPACITY = 2 ** 22;
const MAX_CAPACITY = 2 ** 26;
const MAX_WORKERS = 64;
const MAX_CHUNK = 4096;
const DEFAULT_CHUNK = 32;
/** Bytes reserved for strings, per entry of a table. */
const ARENA_BYTES_PER_ENTRY = 256;
const MAX_ARENA = 2 ** 33;
/** Smaller blocks run on the main thread alone: waking a worker costs more than it could take over. */
const SHARE_FROM = 2048;
/** First size of the block memory, in calls. */
const FIRST_ROOM = 1024;
const UINT64 = 2n ** 64n;
const UINT256 = 2n ** 256n;
const MAX_NONCE = UINT64 - 1n;
const PLENTY_OF_GAS = UINT64 - 1n;
const NO_DATA = new Uint8Array(0);

interface Pending {
  readonly journal: Journal;
  readonly height: bigint;
  readonly time: bigint;
}

/** Opens a chain; what isn't given has its default: one worker per two cores isn't guessed, it is 1. */
export async function openChain(options: Partial<ChainOptions>): Promise<Chain> {
  const chain = new MemoryChain(checkOptions(options));
  await chain.start();
  return chain;
}

function checkOptions(given: Partial<ChainOptions>): ChainOptions {
  const options: ChainOptions = {
    workers: given.workers ?? 1,
    capacity: given.capacity ?? DEFAULT_CAPACITY,
    chainId: given.chainId ?? 1n,
    genesis: given.genesis ?? [],
    time: given.time ?? 0n,
    feeRecipient: given.feeRecipient,
    chunk: given.chunk ?? DEFAULT_CHUNK,
    delay: given.delay,
  };
  checkInteger("workers", options.workers, 1, MAX_WORKERS);
  checkInteger("capacity", options.capacity, 16, MAX_CAPACITY);
  checkInteger("chunk", options.chunk, 1, MAX_CHUNK);
  checkAmount("chainId", options.chainId, UINT64);
  checkAmount("time", options.time, UINT64);
  let supply = 0n;
  for (const { balance } of options.genesis) {
    checkAmount("balance", balance, UINT256);
    supply += balance;
  }
  // Then no balance can overflow, whatever is paid to whom.
  if (supply >= UINT256) throw new RangeError("the coins of genesis exceed 256 bits in total");
  return options;
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function checkAmount(name: string, value: bigint, limit: bigint): void {
  if (typeof value !== "bigint" || value < 0n || value >= limit) throw new RangeError(`${name} out of range: ${String(value)}`);
}

class MemoryChain implements Chain {
  height = 0n;
  time: bigint;
  readonly workers: number;
  private readonly options: ChainOptions;
  private readonly state: StateMemory;
  private readonly engine: Engine;
  /** Runs constructors and views, so that the memory of the last block stays readable. */
  private readonly aside: Engine;
  private readonly caches: { readonly addresses: AddressCache; readonly slots: SlotCache };
  private readonly pool: Pool | undefined;
  private readonly feeRecipient: number;
  /** First field number of each contract, by code and instance. */
  private readonly fieldBases: number[][] = [];
  private fieldCount = 1;
  private pending: Pending | undefined = undefined;
  private blocks = 0;
  /** Of the last block. */
  private readonly journal = new Journal();
  /** Why the chain can't go on: closed, or a thread died in the middle of a block. */
  private ended: Error | undefined = undefined;
  private busy = false;

  constructor(options: ChainOptions) {
    this.options = options;
    this.time = options.time;
    this.workers = options.workers;
    const seed = randomBytes(8);
    this.state = createState({
      capacity: options.capacity,
      arenaBytes: Math.min(MAX_ARENA, options.capacity * ARENA_BYTES_PER_ENTRY + 2 ** 24),
      seed: { k0: seed.readInt32LE(0), k1: seed.readInt32LE(4) },
    });
    this.state.addresses.ensureRoom(options.genesis.length);
    for (const { address, balance } of options.genesis) {
      const id = this.state.addresses.internHex(address);
      writeBig(this.state.coin, id, readBig(this.state.coin, id) + balance);
    }
    this.feeRecipient = options.feeRecipient === undefined ? 0 : this.state.addresses.internHex(options.feeRecipient);
    const fields = { of: (code: number, instance: number): number => this.fieldBases[code][instance] };
    this.pool = options.workers > 1 ? new Pool() : undefined;
    this.caches = { addresses: new AddressCache(this.state.addresses), slots: new SlotCache(options.capacity) };
    const { state, caches } = this;
    this.engine = new Engine({ state, fields, caches, reads: true, threads: options.workers, chunk: options.chunk, pool: this.pool }, FIRST_ROOM);
    this.aside = new Engine({ state, fields, caches, reads: false, threads: 1, chunk: 1, pool: undefined }, 1);
  }

  async start(): Promise<void> {
    await this.pool?.start(this.workers - 1, this.state.export(), this.engine.control());
    this.engine.announceRoom();
  }

  // --- deployment ---

  async deploy(loaded: LoadedModule, options: DeployOptions): Promise<DeployResult> {
    this.checkFree();
    if (this.pending !== undefined) throw new RangeError("a block is pending: commit or discard it before deploying");
    checkAmount("value", options.value, UINT256);
    this.checkTime(options.time);
    this.state.ensureRoom(FIRST_ROOM);
    const sender = this.state.addresses.internHex(options.from);
    const nonce = this.state.nonces[sender];
    const address = createAddress(options.from, nonce);
    const affordable = readBig(this.state.coin, sender) >= options.value;
    if (!affordable || nonce >= MAX_NONCE || this.state.codeAt(sender) >= 0) {
      return { address, receipt: rejection(affordable ? "nonce" : "balance"), height: this.height };
    }
    const code = this.register(loaded);
    const self = this.state.addresses.internHex(address);
    if (this.state.codeAt(self) >= 0) throw new InternalError("there is a contract at this address already");
    const instance = this.state.addInstance(code, self);
    this.setFieldBase(code, instance);
    this.state.nonces[sender] = nonce + 1n;
    const journal = new Journal();
    const environment = { height: this.height + 1n, time: options.time, chainId: this.options.chainId };
    try {
      const receipt = this.construct(code, instance, sender, self, options, environment, journal);
      this.height = environment.height;
      this.time = options.time;
      return { address, receipt, height: this.height };
    } catch (thrown) {
      this.aside.abandon();
      journal.swap(this.state.columns);
      this.state.nonces[sender] = nonce;
      this.state.removeLastInstance(code);
      throw thrown;
    }
  }

  private construct(
    code: Code, instance: number, sender: number, self: number, options: DeployOptions, environment: Environment, journal: Journal,
  ): Receipt {
    const { aside, state } = this;
    // Arguments stand where those of a call with a selector do.
    const data = new Uint8Array(4 + options.args.length);
    data.set(options.args, 4);
    const request = { from: options.from, to: state.addresses.hexOf(self), data, value: options.value, nonce: 0n, gasLimit: PLENTY_OF_GAS, gasPrice: 0n };
    const input = blockBuffer([request]).buffer;
    aside.open(input, 1, environment, journal, undefined);
    const payable = options.value === 0n || code.module.init.mutability === "payable";
    const view = new DataView(input);
    const at = view.getUint32(HEADER_OFFSET, true) + 4;
    const valid = payable && validateCalldata(view, new Uint8Array(input), at, options.args.length, code.initShape);
    this.fillCall(aside, { code: code.index, func: FUNCTION_INIT, instance, self, sender, verdict: valid ? VERDICT_RUN : VERDICT_EMPTY });
    aside.runSerial(1);
    aside.close();
    const receipt = new BlockReceipts(1, aside.memory, state.addresses, aside.generation).at(0);
    if (receipt.status === "success") {
      journal.addCell(state.coin, sender);
      writeBig(state.coin, sender, readBig(state.coin, sender) - options.value);
    } else {
      // Numbers that the constructor drew vanish with the contract.
      journal.swap(state.columns);
      state.removeLastInstance(code);
    }
    return receipt;
  }

  private register(loaded: LoadedModule): Code {
    const known = this.state.codes.length;
    const code = this.state.register(loaded.module);
    if (code.index < known) return code;
    this.fieldBases.push([]);
    this.pool?.tell({ kind: "code", buffers: code.buffers, text: loaded.text });
    return code;
  }

  private setFieldBase(code: Code, instance: number): void {
    this.fieldBases[code.index][instance] = this.fieldCount;
    this.fieldCount += code.tables.length;
    this.engine.setFields(this.fieldCount);
    this.aside.setFields(this.fieldCount);
  }

  private fillCall(
    engine: Engine,
    call: { readonly code: number; readonly func: number; readonly instance: number; readonly self: number; readonly sender: number; readonly verdict: number },
  ): void {
    const { calls } = engine.memory;
    calls.fill(0, 0, CALL_STRIDE);
    calls[CALL_CODE] = call.code;
    calls[CALL_FUNCTION] = call.func;
    calls[CALL_INSTANCE] = call.instance;
    calls[CALL_SELF] = call.self;
    calls[CALL_CALLER] = call.sender;
    calls[CALL_VERDICT] = call.verdict;
  }

  // --- blocks ---

  async run(block: BlockBuffer, options: BlockOptions): Promise<BlockResult> {
    const result = await this.execute(block, options);
    this.commit();
    return result;
  }

  async execute(block: BlockBuffer, options: BlockOptions): Promise<BlockResult> {
    this.checkFree();
    if (this.pending !== undefined) throw new RangeError("a block is pending: commit or discard it before the next one");
    checkBlockBuffer(block);
    this.checkTime(options.time);
    if (options.mode !== "serial" && options.mode !== "parallel") throw new RangeError(`no mode ${String(options.mode)}`);
    this.busy = true;
    try {
      return await this.executeBlock(block, options);
    } finally {
      this.busy = false;
    }
  }

  private async executeBlock(block: BlockBuffer, options: BlockOptions): Promise<BlockResult> {
    const started = performance.now();
    const { engine, state } = this;
    const { length, buffer } = block;
    this.tidy();
    this.blocks++;
    const { journal } = this;
    journal.clear();
    const environment = { height: this.height + 1n, time: options.time, chainId: this.options.chainId };
    const trace = options.trace ? new Trace((call) => engine.memory.calls[call * CALL_STRIDE + CALL_SELF]) : undefined;
    engine.open(buffer, length, environment, journal, trace);
    const alone = options.mode === "serial" || this.runsAlone(length);
    let planMs = 0;
    let admitted = started;
    let ran = started;
    try {
      if (alone) {
        engine.admit(length);
        admitted = performance.now();
        if (options.mode === "parallel" && options.trace) engine.runSolo(length);
        else engine.runSerial(length);
        ran = performance.now();
        engine.close();
      } else {
        const times = await engine.runParallel(length, this.blocks, buffer, environment, this.delays(length));
        ({ admitted, ran } = times);
        planMs = times.planned - times.admitted;
      }
      engine.admission.settle({ feeRecipient: this.feeRecipient, journal });
    } catch (thrown) {
      this.rollBack(journal);
      throw thrown;
    }
    this.pending = { journal, height: environment.height, time: options.time };
    const done = performance.now();
    const times: StageTimes = {
      admitMs: admitted - started, planMs, scheduleMs: 0, executeMs: ran - admitted, commitMs: done - ran, totalMs: done - started,
    };
    // Nobody needs the order when nobody shares the work, so it is found out only if asked for.
    const counts = options.mode === "parallel" && alone && !options.trace ? undefined : { ...engine.order.counts };
    return this.resultOf(length, environment, journal, trace, (given) => this.statsOf(length, options, times, given), counts);
  }

  /** Between blocks, when nothing refers to old values any more. */
  private tidy(): void {
    const sweeps = this.state.codes.some((code) => code.tables.some((table) => table?.wantsSweep() === true));
    this.state.tidy();
    if (sweeps) this.caches.slots.forget();
  }

  /** Microseconds to idle before each call. */
  private delays(length: number): SharedArrayBuffer | undefined {
    const { delay } = this.options;
    if (delay === undefined) return undefined;
    const buffer = new SharedArrayBuffer(Math.max(4, length * 4));
    const delays = new Int32Array(buffer);
    for (let call = 0; call < length; call++) delays[call] = delay(call);
    return buffer;
  }

  private runsAlone(length: number): boolean {
    return this.pool === undefined || (length < SHARE_FROM && this.options.delay === undefined);
  }

  private rollBack(journal: Journal): void {
    this.engine.abandon();
    journal.swap(this.state.columns);
    this.engine.admission.stepNonces(-1);
    const death = this.pool?.death();
    if (death !== undefined) this.ended = death;
  }

  private statsOf(calls: number, options: BlockOptions, times: StageTimes, counts: OrderCounts): BlockStats {
    return {
      mode: options.mode,
      calls,
      workers: options.mode === "serial" ? 1 : this.workers,
      edges: counts.edges,
      waiting: counts.waiting,
      criticalPath: counts.criticalPath,
      criticalCost: BigInt(Math.round(counts.criticalCost)),
      totalCost: 0n,
      deltas: counts.deltas,
      uncleared: counts.uncleared,
      unresolved: counts.unresolved,
      times,
    };
  }

  private resultOf(
    length: number, environment: Environment, journal: Journal, trace: Trace | undefined, statsFrom: (counts: OrderCounts) => BlockStats, counts: OrderCounts | undefined,
  ): BlockResult {
    const { engine, state } = this;
    const mine = engine.generation.current;
    const cost = totalCost(engine.memory.receipts, length);
    let stats: BlockStats | undefined = undefined;
    const measured = (): OrderCounts => {
      if (engine.generation.current !== mine || journal.isSwapped()) throw new RangeError("the stats of this block are gone: it was discarded, or another was begun since");
      return this.measure(length);
    };
    return {
      height: environment.height,
      time: environment.time,
      receipts: new BlockReceipts(length, engine.memory, state.addresses, engine.generation),
      get stats() {
        stats ??= { ...statsFrom(counts ?? measured()), totalCost: cost };
        return stats;
      },
      changedCells: () => {
        if (engine.generation.current !== mine || journal.isSwapped()) throw new RangeError("the changes of this block are gone: it was discarded, or another was begun since");
        return listChanges(state, journal, this.stepsOf(length));
      },
      plannedCells: (call) => {
        if (trace === undefined) throw new RangeError("planned cells are known only of blocks run with `trace`");
        return trace.of(call).map((access) => ({ cell: nameAccess(state, access), mode: access.mode }));
      },
    };
  }

  private measure(length: number): OrderCounts {
    const { engine, journal, state } = this;
    journal.detach();
    journal.swap(state.columns);
    try {
      return { ...engine.measure(length) };
    } finally {
      journal.swap(state.columns);
    }
  }

  /** Admitted calls by sender. */
  private stepsOf(length: number): ReadonlyMap<number, bigint> {
    const { calls } = this.engine.memory;
    const steps = new Map<number, bigint>();
    for (let call = 0; call < length; call++) {
      const verdict = calls[call * CALL_STRIDE + CALL_VERDICT];
      if (verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE) continue;
      const sender = calls[call * CALL_STRIDE + CALL_CALLER];
      steps.set(sender, (steps.get(sender) ?? 0n) + 1n);
    }
    return steps;
  }

  commit(): void {
    this.checkFree();
    if (this.pending === undefined) throw new RangeError("no block is pending");
    this.height = this.pending.height;
    this.time = this.pending.time;
    this.pending = undefined;
  }

  discard(): void {
    this.checkFree();
    if (this.pending === undefined) throw new RangeError("no block is pending");
    this.pending.journal.swap(this.state.columns);
    this.engine.admission.stepNonces(-1);
    this.pending = undefined;
  }

  // --- reading the last committed state ---

  private onCommitted<T>(read: () => T): T {
    this.checkFree();
    const { pending } = this;
    if (pending === undefined) return read();
    this.engine.admission.stepNonces(-1);
    pending.journal.swap(this.state.columns);
    try {
      return read();
    } finally {
      pending.journal.swap(this.state.columns);
      this.engine.admission.stepNonces(1);
    }
  }

  view(request: { readonly from: Hex; readonly to: Hex; readonly data: Uint8Array; readonly value: bigint }): ViewResult {
    return this.onCommitted(() => this.viewNow(request));
  }

  private viewNow(request: { readonly from: Hex; readonly to: Hex; readonly data: Uint8Array; readonly value: bigint }): ViewResult {
    const { aside, state } = this;
    const input = blockBuffer([{ ...request, nonce: 0n, gasLimit: PLENTY_OF_GAS, gasPrice: 0n }]).buffer;
    state.ensureRoom(FIRST_ROOM);
    const sender = state.addresses.internHex(request.from);
    const self = state.addresses.findHex(request.to);
    const index = self === 0 ? -1 : state.codeAt(self);
    if (index < 0 || request.data.length < 4) return { status: "reverted", data: NO_DATA };
    const code = state.codes[index];
    const view = new DataView(input);
    const at = view.getUint32(HEADER_OFFSET, true);
    const func = code.functionOf.get(view.getUint32(at));
    if (func === undefined || (request.value > 0n && code.module.functions[func].mutability !== "payable")) return { status: "reverted", data: NO_DATA };
    if (!validateCalldata(view, new Uint8Array(input), at + 4, request.data.length - 4, code.shapes[func])) return { status: "reverted", data: NO_DATA };
    const journal = new Journal();
    aside.open(input, 1, { height: this.height, time: this.time, chainId: this.options.chainId }, journal, undefined);
    this.fillCall(aside, { code: index, func, instance: state.instanceAt(self), self, sender, verdict: VERDICT_RUN });
    try {
      const outcome = aside.probe(0);
      if (outcome === undefined) throw new InternalError("a view ran out of gas");
      return { status: outcome.success ? "success" : "reverted", data: outcome.data };
    } finally {
      aside.abandon();
      journal.swap(state.columns);
    }
  }

  balanceOf(address: Hex): bigint {
    const id = this.state.addresses.findHex(address);
    return id === 0 ? 0n : this.onCommitted(() => readBig(this.state.coin, id));
  }

  nonceOf(address: Hex): bigint {
    const id = this.state.addresses.findHex(address);
    return id === 0 ? 0n : this.onCommitted(() => this.state.nonces[id]);
  }

  abiOf(address: Hex): readonly AbiEntry[] | undefined {
    const id = this.state.addresses.findHex(address);
    const code = id === 0 ? -1 : this.state.codeAt(id);
    return code < 0 ? undefined : this.state.codes[code].module.abi;
  }

  cells(): Iterable<Cell> {
    // A list, because the state may change while somebody walks over it.
    return this.onCommitted(() => [...listCells(this.state)]);
  }

  digest(): Hex {
    return this.onCommitted(() => digestState(this.state));
  }

  async close(): Promise<void> {
    if (this.busy) throw new RangeError("a block is being executed");
    this.ended ??= new RangeError("the chain is closed");
    await this.pool?.close();
  }

  private checkTime(time: bigint): void {
    checkAmount("time", time, UINT64);
    if (time < this.time) throw new RangeError(`time goes back, from ${this.time} to ${time}`);
  }

  private checkFree(): void {
    if (this.ended !== undefined) throw this.ended;
    if (this.busy) throw new RangeError("a block is being executed");
  }
}

/** Sums of halves stay exact: each is below 2^32, and a block has fewer than 2^22 calls. */
function totalCost(receipts: Int32Array, calls: number): bigint {
  let low = 0;
  let high = 0;
  for (let call = 0; call < calls; call++) {
    low += receipts[call * RECEIPT_STRIDE + RECEIPT_COST_LOW] >>> 0;
    high += receipts[call * RECEIPT_STRIDE + RECEIPT_COST_HIGH] >>> 0;
  }
  return (BigInt(high) << 32n) + BigInt(low);
}

function rejection(reason: "nonce" | "balance"): Receipt {
  return { status: "rejected", data: NO_DATA, logs: [], cost: 0n, rejection: reason };
}
