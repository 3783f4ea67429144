/**
 * A chain in memory: deploys contracts, executes blocks, commits or discards them, answers views. The one owner of the state; calls of its methods
 * follow one another. Everything a user passes in is checked here or in admission; whatever fails leaves the state as it was.
 */
import { checkBlockBuffer } from "./block.ts";
import { checkAddress, checkAmount, checkOptions, UINT256, UINT64 } from "./chain-options.ts";
import { Pace } from "./schedule/pace.ts";
import { nameAccess } from "./commit/changes.ts";
import { createBlockResult } from "./commit/block-result.ts";
import type { Checkpoint } from "./commit/checkpoints.ts";
import { appendCheckpoints, findCheckpoints } from "./commit/checkpoints.ts";
import { Journal } from "./commit/journal.ts";
import { createAddress } from "./create-address.ts";
import { checkCreates, rejected } from "./deployment.ts";
import { Aside } from "./execute/aside.ts";
import type { Environment } from "./execute/environment.ts";
import { Creations, FIRST_NONCE } from "./execute/creations.ts";
import { Engine } from "./execute/engine.ts";
import { InternalError } from "./execute/internal-error.ts";
import { delaysOf, pause, stageTimes } from "./execute/parallel.ts";
import { Pool } from "./execute/pool.ts";
import type { Profiling } from "./execute/profiled.ts";
import { Trace } from "./execute/trace.ts";
import { ChainClosedError, ValidationError } from "./errors.ts";
import { giveCoin, newState } from "./genesis.ts";
import type { AbiEntry } from "./module.ts";
import { loadNatives } from "./natives/natives.ts";
import { profileBlock } from "./profile-block.ts";
import { AddressCache, SlotCache } from "./plan/caches.ts";
import { sliceCallsOf } from "./plan/slice.ts";
import { FieldNumbers } from "./plan/field-numbers.ts";
import { listCells } from "./state/cell-list.ts";
import type { Code } from "./state/code.ts";
import { readBig } from "./state/column.ts";
import { digestState } from "./state/digest.ts";
import type { StateMemory } from "./state/state.ts";
import type {
  BlockBuffer,
  BlockOptions,
  BlockProfile,
  BlockResult,
  CallRequest,
  Cell,
  Chain,
  ChainOptions,
  DeployOptions,
  DeployResult,
  Hex,
  LoadedModule,
  Receipt,
  StageTimes,
  StopSignal,
  ViewResult,
} from "./types.ts";

/** First size of the block memory, in calls. */
const FIRST_ROOM = 1024;
/** Entries that tables have room for before a single call. */
const CALL_ROOM = 1024;
const MAX_NONCE = UINT64 - 1n;

interface Pending {
  readonly height: bigint;
  readonly time: bigint;
  readonly checkpoints: readonly Checkpoint[];
}

/** Opens a chain. Close it to end its workers. */
export async function openChain(options: Partial<ChainOptions> = {}): Promise<Chain> {
  const checked = checkOptions(options);
  const chain = reserve(checked);
  try {
    await chain.start();
  } catch (thrown) {
    await chain.close();
    throw thrown;
  }
  return chain;
}

/** What can't be reserved is told by the engine as a RangeError without a name of ours. */
function reserve(options: ChainOptions): MemoryChain {
  try {
    return new MemoryChain(options);
  } catch (thrown) {
    if (!(thrown instanceof RangeError) || thrown instanceof ValidationError) throw thrown;
    throw new ValidationError(`no memory can be reserved for capacity ${options.capacity} (${thrown.message}): choose a smaller capacity`);
  }
}

class MemoryChain implements Chain {
  height = 0n;
  time: bigint;
  readonly workers: number;
  private readonly options: ChainOptions;
  private readonly state: StateMemory;
  private readonly slots: SlotCache;
  private readonly engine: Engine;
  private readonly aside: Aside;
  /** By calls of the present block. */
  private readonly creations: Creations;
  private readonly pool: Pool | undefined;
  private readonly feeRecipient: number;
  private readonly fields = new FieldNumbers();
  /** Of the last block. */
  private readonly journal = new Journal();
  private readonly pace = new Pace();
  private pending: Pending | undefined = undefined;
  private blocks = 0;
  /** Why the chain can't go on: closed, or a thread died in the middle of a block. */
  private ended: Error | undefined = undefined;
  private busy = false;
  private closing: Promise<void> | undefined = undefined;

  constructor(options: ChainOptions) {
    this.options = options;
    this.time = options.time;
    this.workers = options.workers;
    this.state = newState(options);
    this.feeRecipient = options.feeRecipient === undefined ? 0 : this.state.addresses.internHex(options.feeRecipient);
    this.pool = options.workers > 1 ? new Pool() : undefined;
    this.slots = new SlotCache(options.capacity, (contract, slots) => this.pool?.tell({ kind: "slots", contract, slots }));
    this.creations = new Creations(this.state, (code, instance) => this.addFields(code, instance));
    const parts = {
      state: this.state,
      maker: this.creations,
      caches: { addresses: new AddressCache(this.state.addresses), slots: this.slots },
    };
    this.engine = new Engine({ ...parts, reads: true, threads: options.workers, chunk: options.chunk, pool: this.pool }, FIRST_ROOM);
    this.aside = new Aside(parts);
  }

  async start(): Promise<void> {
    await this.pool?.start(this.workers - 1, this.state.export(), this.engine.control());
    this.engine.announceRoom();
  }

  // --- deployment ---

  async load(loaded: LoadedModule): Promise<void> {
    this.checkFree();
    if (this.pending !== undefined) throw new ValidationError("a block is pending: commit or discard it before loading code");
    await this.prepare(loaded);
    this.register(loaded);
  }

  /** Libraries that the code needs, before anybody can run it. */
  private async prepare({ module }: LoadedModule): Promise<void> {
    this.busy = true;
    try {
      await loadNatives(module.natives);
    } finally {
      this.busy = false;
    }
  }

  async deploy(loaded: LoadedModule, options: DeployOptions): Promise<DeployResult> {
    this.checkFree();
    checkCreates(loaded.module, this.state.codes);
    if (this.pending !== undefined) throw new ValidationError("a block is pending: commit or discard it before deploying");
    checkAmount("value", options.value, UINT256);
    checkAddress("from", options.from);
    if (!(options.args instanceof Uint8Array)) throw new ValidationError("args must be a Uint8Array");
    this.checkTime(options.time);
    if (loaded.module.natives.length > 0) await this.prepare(loaded);
    this.state.ensureRoom(CALL_ROOM);
    const { state } = this;
    const sender = state.addresses.internHex(options.from);
    const nonce = state.nonces[sender];
    const address = createAddress(options.from, nonce);
    if (nonce >= MAX_NONCE || state.codeAt(sender) >= 0) return { address, receipt: rejected("nonce"), height: this.height };
    if (readBig(state.coin, sender) < options.value) return { address, receipt: rejected("balance"), height: this.height };
    const code = this.register(loaded);
    const self = state.addresses.internHex(address);
    if (state.codeAt(self) >= 0) throw new InternalError("there is a contract at this address already");
    const instance = state.addInstance(code, self);
    this.addFields(code, instance);
    state.nonces[self] = FIRST_NONCE;
    const environment = this.environment(options.time);
    let receipt: Receipt | undefined = undefined;
    try {
      receipt = this.aside.construct({ code, instance, sender, self, args: options.args, value: options.value }, environment);
    } finally {
      if (receipt?.status === "success") this.creations.keep();
      else {
        this.creations.takeBack(0);
        state.nonces[self] = 0n;
        state.removeLastInstance(code);
      }
    }
    state.nonces[sender] = nonce + 1n;
    this.height = environment.height;
    this.time = options.time;
    return { address, receipt, height: this.height };
  }

  private register(loaded: LoadedModule): Code {
    const known = this.state.codes.length;
    const code = this.state.register(loaded.module);
    if (code.index < known) return code;
    this.pool?.tell({ kind: "code", buffers: code.buffers, text: loaded.text });
    return code;
  }

  private addFields(code: Code, instance: number): void {
    this.fields.add(code, instance);
    this.slots.make(code.fieldBases[instance], code);
    this.engine.setFields(this.fields.count);
    this.aside.setFields(this.fields.count);
  }

  private ownerOf(field: number): number {
    const found = this.fields.contractOf(field);
    return found === undefined ? 0 : this.state.instances[found.code][found.instance];
  }

  // --- blocks ---

  async run(block: BlockBuffer, options: BlockOptions): Promise<BlockResult> {
    const result = await this.execute(block, options);
    this.commit();
    return result;
  }

  async execute(block: BlockBuffer, options: BlockOptions): Promise<BlockResult> {
    return this.executeChecked(block, options, undefined);
  }

  profile(block: BlockBuffer, options: Pick<BlockOptions, "time" | "signal">): Promise<BlockProfile> {
    return profileBlock(block.length, {
      timeOf: async (profiling) => {
        const mode = profiling.way === "serial" ? "serial" : "parallel";
        await pause(options.signal);
        const { stats } = await this.executeChecked(block, { ...options, mode, trace: false }, profiling);
        this.discard();
        return stats.times.totalMs;
      },
      contractOf: (field) => this.ownerOf(field),
      nameOf: (access) => nameAccess(this.state, access),
      chunk: this.options.chunk,
      sliceCalls: sliceCallsOf(block.buffer, block.length),
      shareable: this.pace.isLarge(block.length),
    });
  }

  private async executeChecked(block: BlockBuffer, options: BlockOptions, profiling: Profiling | undefined): Promise<BlockResult> {
    this.checkFree();
    if (this.pending !== undefined) throw new ValidationError("a block is pending: commit or discard it before the next one");
    const pays = checkBlockBuffer(block);
    this.checkTime(options.time);
    options.signal?.throwIfAborted();
    if (options.mode !== "serial" && options.mode !== "parallel") throw new ValidationError(`no mode ${String(options.mode)}`);
    this.busy = true;
    try {
      return await this.executeBlock(block, options, pays, profiling);
    } finally {
      this.busy = false;
    }
  }

  private async executeBlock(
    { length, buffer }: BlockBuffer,
    { time, mode, trace: traced, signal }: BlockOptions,
    pays: boolean,
    profiling: Profiling | undefined,
  ): Promise<BlockResult> {
    const started = performance.now();
    const { engine, journal } = this;
    this.tidy();
    this.blocks++;
    journal.clear();
    const environment = this.environment(time);
    const trace = traced ? new Trace((field) => this.ownerOf(field)) : undefined;
    const shared = profiling === undefined && mode === "parallel" && this.pool !== undefined && this.isWorthSharing(length);
    engine.open({ input: buffer, length, pays, environment, journal, trace });
    let times: StageTimes;
    let checkpoints: readonly Checkpoint[];
    try {
      if (profiling !== undefined) times = this.runProfiled(length, profiling, started);
      else if (shared) times = await this.runShared(length, buffer, environment, started, signal);
      else times = await this.runAlone(length, mode === "parallel" && traced, started, signal);
      engine.admission.settle({ feeRecipient: this.feeRecipient, journal });
      checkpoints = findCheckpoints(this.state, journal);
    } catch (thrown) {
      this.rollBack();
      throw thrown;
    }
    this.pending = { height: environment.height, time, checkpoints };
    const totalMs = performance.now() - started;
    // Serial blocks tell what running alone takes, too.
    if (!traced && profiling === undefined) this.pace.note(shared ? "shared" : "alone", totalMs, engine.cost(), length);
    times = { ...times, commitMs: totalMs - times.admitMs - times.executeMs, totalMs };
    const counts = mode === "serial" || shared || traced || profiling !== undefined ? engine.counts() : undefined;
    const workers = mode === "serial" ? 1 : this.workers;
    return createBlockResult(engine, {
      length,
      height: environment.height,
      time,
      mode,
      shared,
      workers,
      times,
      executions: engine.executions(),
      journal,
      trace,
      counts,
      creations: this.creations.steps(),
    });
  }

  private isWorthSharing(length: number): boolean {
    if (this.options.sharing === "always") return true;
    if (!this.pace.isLarge(length)) return false;
    return this.options.sharing === "large" || this.pace.choose() === "shared";
  }

  private async runAlone(length: number, ordered: boolean, started: number, signal: StopSignal | undefined): Promise<StageTimes> {
    this.engine.admitFirst(length);
    const admitted = performance.now();
    await pause(signal);
    if (ordered) this.engine.runSolo(length);
    else this.engine.runSerial(length, undefined);
    await pause(signal);
    return { admitMs: admitted - started, planMs: 0, scheduleMs: 0, executeMs: performance.now() - admitted, commitMs: 0, totalMs: 0 };
  }

  private runProfiled(length: number, profiling: Profiling, started: number): StageTimes {
    this.engine.runProfiled({ length, ...profiling });
    return { admitMs: 0, planMs: 0, scheduleMs: 0, executeMs: performance.now() - started, commitMs: 0, totalMs: 0 };
  }

  private async runShared(
    length: number,
    input: SharedArrayBuffer,
    environment: Environment,
    started: number,
    signal: StopSignal | undefined,
  ): Promise<StageTimes> {
    const { journal } = this;
    const times = await this.engine.runParallel({
      length,
      number: this.blocks,
      input,
      environment,
      delays: delaysOf(this.options.delay, length),
      journal,
      signal,
    });
    signal?.throwIfAborted();
    return stageTimes(times, started);
  }

  /** Between blocks, when nothing refers to old values any more. */
  private tidy(): void {
    this.state.tidy((code, table, instance, key) => {
      this.slots.forget(code.fieldBases[instance], table, key);
    });
  }

  private rollBack(): void {
    this.engine.abandon();
    this.journal.swap(this.state.columns);
    this.creations.takeBack(0);
    this.engine.admission.stepNonces(-1);
    this.ended ??= this.pool?.death();
  }

  commit(): void {
    const { height, time, checkpoints } = this.takePending();
    appendCheckpoints(checkpoints, height);
    this.creations.keep();
    this.height = height;
    this.time = time;
  }

  discard(): void {
    this.takePending();
    this.journal.swap(this.state.columns);
    this.creations.takeBack(0);
    this.engine.admission.stepNonces(-1);
  }

  private takePending(): Pending {
    this.checkFree();
    const { pending } = this;
    if (pending === undefined) throw new ValidationError("no block is pending");
    this.pending = undefined;
    return pending;
  }

  rewind(): void {
    this.checkFree();
    if (this.pending !== undefined) throw new ValidationError("a block is pending: commit or discard it before rewinding");
    giveCoin(this.state, this.options);
    this.height = 0n;
    this.time = this.options.time;
  }

  private environment(time: bigint): Environment {
    return { height: this.height + 1n, time, chainId: this.options.chainId };
  }

  // --- reading the last committed state ---

  private onCommitted<T>(read: () => T): T {
    this.checkFree();
    if (this.pending === undefined) return read();
    this.engine.admission.stepNonces(-1);
    this.journal.swap(this.state.columns);
    this.creations.hide();
    try {
      return read();
    } finally {
      this.creations.show();
      this.journal.swap(this.state.columns);
      this.engine.admission.stepNonces(1);
    }
  }

  view(request: Pick<CallRequest, "from" | "to" | "data" | "value">): ViewResult {
    return this.onCommitted(() => {
      this.state.ensureRoom(CALL_ROOM);
      return this.aside.view(request, { height: this.height, time: this.time, chainId: this.options.chainId });
    });
  }

  balanceOf(address: Hex): bigint {
    checkAddress("address", address);
    const id = this.state.addresses.findHex(address);
    return this.onCommitted(() => (id === 0 ? 0n : readBig(this.state.coin, id)));
  }

  nonceOf(address: Hex): bigint {
    checkAddress("address", address);
    const id = this.state.addresses.findHex(address);
    return this.onCommitted(() => (id === 0 ? 0n : this.state.nonces[id]));
  }

  abiOf(address: Hex): readonly AbiEntry[] | undefined {
    checkAddress("address", address);
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
    if (this.busy) throw new ValidationError("a block is being executed");
    this.ended ??= new ChainClosedError();
    this.closing ??= this.pool?.close();
    await this.closing;
  }

  private checkTime(time: bigint): void {
    checkAmount("time", time, UINT64);
    if (time < this.time) throw new ValidationError(`time goes back, from ${this.time} to ${time}`);
  }

  private checkFree(): void {
    if (this.ended !== undefined) throw this.ended;
    if (this.busy) throw new ValidationError("a block is being executed");
  }
}
