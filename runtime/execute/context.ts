/**
 * What generated exec functions run on: one object per thread that implements Exec, runs single calls to their end and writes their receipts.
 * It reads arguments from the block buffer, reaches cells only through record words, and undoes what a failed call did.
 * It never decides when a call may run; that is the schedule's part.
 */
import type { Exec, FunctionEntry, LeafIndex, Neutral, WordIndex } from "../module.ts";
import type { StateMemory } from "../state/state.ts";
import { MAX_U128, MAX_U256, MAX_U64, mulDiv, sqrt } from "../values/big.ts";
import { chargedTo } from "./charge.ts";
import { entryOf, shapeOf } from "./entry.ts";
import type { Environment } from "./environment.ts";
import { readData } from "../commit/tape.ts";
import type { BlockMemory, Output } from "./memory.ts";
import {
  CALL_ARGS,
  CALL_BASE,
  CALL_CALLER,
  CALL_CODE,
  CALL_COST_HIGH,
  CALL_COST_LOW,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_STRIDE,
  FUNCTION_INIT,
  HEADER_BYTES,
  HEADER_GAS_LIMIT,
  RECEIPT_COST_HIGH,
  RECEIPT_COST_LOW,
  RECEIPT_DATA_AT,
  RECEIPT_LOG_COUNT,
  RECEIPT_LOGS_AT,
  RECEIPT_STATUS,
  RECEIPT_STRIDE,
  RECEIPT_THREAD,
  STATUS_REJECTED,
  STATUS_REVERTED,
  STATUS_SUCCESS,
  VERDICT_BALANCE,
  VERDICT_NONCE,
  VERDICT_OUT_OF_GAS,
} from "./memory.ts";
import { Frames } from "./frames.ts";
import { REVERT } from "./messages.ts";

/** What a view call left: a copy of its return data or error data. */
export interface Outcome {
  readonly success: boolean;
  readonly data: Uint8Array;
}

const TWO_32 = 4294967296;
const PANIC_ARITHMETIC = 0x11;
const PANIC_DIVISION = 0x12;
const PANIC_ENUM = 0x21;
const PANIC_INDEX = 0x32;
const PANIC_MEMORY = 0x41;

export class ExecContext extends Frames implements Exec {
  time: bigint;
  chainId: bigint;
  /** Calls run since somebody last set this to 0; each time counts. */
  executions: number;
  private readonly thread: number;
  private calls: Int32Array;
  private receipts: Int32Array;
  private output: Output;

  constructor(state: StateMemory, thread: number) {
    super(state);
    this.time = 0n;
    this.chainId = 0n;
    this.executions = 0;
    this.thread = thread;
    this.calls = new Int32Array(0);
    this.receipts = new Int32Array(0);
    this.output = { u8: new Uint8Array(0), u32: new Uint32Array(0) };
  }

  /** Once per block and thread: the block's memory, the block buffer (headers and calldata), the environment. This thread's output starts anew. */
  openBlock(memory: BlockMemory, input: SharedArrayBuffer, environment: Environment): void {
    this.output = memory.outputs[this.thread];
    this.openOutput(this.output);
    this.openReach(memory, this.thread);
    this.input.attach(input);
    this.calls = memory.calls;
    this.receipts = memory.receipts;
    this.height = environment.height;
    this.time = environment.time;
    this.chainId = environment.chainId;
  }

  /**
   * Runs a call (fields CODE, FUNCTION, INSTANCE, SELF, CALLER, BASE and COST filled in, record filled by its plan) to its end and writes its receipt.
   * Success keeps its effects, a revert undoes them. Throws CapacityError and internal errors only, with the call's effects undone.
   * Returns STATUS_SUCCESS or STATUS_REVERTED.
   */
  run(call: number): number {
    const made = this.maker?.count ?? 0;
    this.executions++;
    const status = this.execute(call);
    if (status === STATUS_SUCCESS) this.forget();
    else {
      this.undo();
      this.maker?.takeBack(made);
    }
    this.writeReceipt(call, status);
    this.writeCost(call);
    return status;
  }

  /** Writes the receipt of a call that isn't run: VERDICT_EMPTY, VERDICT_OUT_OF_GAS (reverted), VERDICT_NONCE, VERDICT_BALANCE (rejected). */
  settle(call: number, verdict: number): void {
    this.self = this.calls[call * CALL_STRIDE + CALL_SELF];
    this.beginMessages();
    if (verdict === VERDICT_OUT_OF_GAS) {
      this.outOfGas();
      this.dropMessages();
    }
    this.writeReceipt(call, verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE ? STATUS_REJECTED : STATUS_REVERTED);
  }

  /** Runs a call, undoes all of it and gives back its data; no receipt is written. */
  probe(call: number): Outcome {
    const made = this.maker?.count ?? 0;
    const status = this.execute(call);
    const data = this.hasData ? readData(this.state, this.output, this.dataAt) : new Uint8Array(0);
    this.undo();
    this.maker?.takeBack(made);
    this.abandonMessages();
    return { success: status === STATUS_SUCCESS, data };
  }

  private execute(call: number): number {
    const calls = this.calls;
    const at = call * CALL_STRIDE;
    const code = this.state.codes[calls[at + CALL_CODE]];
    const index = calls[at + CALL_FUNCTION];
    const entry = entryOf(code, index);
    this.call = call;
    this.enterCode(code, calls[at + CALL_INSTANCE]);
    this.self = calls[at + CALL_SELF];
    this.caller = calls[at + CALL_CALLER];
    this.beginFrames(calls[at + CALL_BASE], chargedTo(calls, at), index === FUNCTION_INIT ? this.self : 0);
    // The constructor's calldata has no selector, but its arguments stand where those of other calls do.
    const shape = shapeOf(code, index);
    this.openArguments(shape, calls[at + CALL_ARGS]);
    this.beginMessages();
    try {
      entry.exec(this);
      this.finishMessages();
      return STATUS_SUCCESS;
    } catch (thrown) {
      if (thrown === REVERT) {
        this.dropMessages();
        return STATUS_REVERTED;
      }
      this.undo();
      this.abandonMessages();
      throw thrown;
    }
  }

  protected override runEntry(entry: FunctionEntry): readonly Neutral[] | undefined {
    return entry.exec(this);
  }

  private writeReceipt(call: number, status: number): void {
    const receipts = this.receipts;
    const to = call * RECEIPT_STRIDE;
    const from = call * CALL_STRIDE;
    receipts[to + RECEIPT_STATUS] = status;
    receipts[to + RECEIPT_THREAD] = this.thread;
    receipts[to + RECEIPT_DATA_AT] = this.hasData ? this.dataAt : -1;
    receipts[to + RECEIPT_LOGS_AT] = this.start;
    receipts[to + RECEIPT_LOG_COUNT] = this.logCount;
    receipts[to + RECEIPT_COST_LOW] = this.calls[from + CALL_COST_LOW];
    receipts[to + RECEIPT_COST_HIGH] = this.calls[from + CALL_COST_HIGH];
  }

  /** What callees cost comes on top; a call that reached more than it can pay for pays its gas limit. */
  private writeCost(call: number): void {
    const { receipts } = this;
    const to = call * RECEIPT_STRIDE;
    if (this.spent) {
      const header = (call * HEADER_BYTES + HEADER_GAS_LIMIT) >>> 2;
      receipts[to + RECEIPT_COST_LOW] = this.input.u32[header];
      receipts[to + RECEIPT_COST_HIGH] = this.input.u32[header + 1];
      return;
    }
    receipts[to + RECEIPT_COST_LOW] = this.cost % TWO_32;
    receipts[to + RECEIPT_COST_HIGH] = Math.floor(this.cost / TWO_32);
  }

  storeBytes(leaf: LeafIndex, word: WordIndex, value: Uint8Array): void {
    if (!this.putBytesCell(leaf, word, value)) throw this.panic(PANIC_MEMORY);
  }

  fit(value: number, min: number, max: number): number {
    if (value < min || value > max) throw this.panic(PANIC_ARITHMETIC);
    return value;
  }

  fitBig(value: bigint, min: bigint, max: bigint): bigint {
    if (value < min || value > max) throw this.panic(PANIC_ARITHMETIC);
    return value;
  }

  fitU64(value: bigint): bigint {
    if (value > MAX_U64 || value < 0n) throw this.panic(PANIC_ARITHMETIC);
    return value;
  }

  fitU128(value: bigint): bigint {
    if (value > MAX_U128 || value < 0n) throw this.panic(PANIC_ARITHMETIC);
    return value;
  }

  fitU256(value: bigint): bigint {
    if (value > MAX_U256 || value < 0n) throw this.panic(PANIC_ARITHMETIC);
    return value;
  }

  toNumber(value: bigint, min: number, max: number): number {
    if (value < min || value > max) throw this.panic(PANIC_ARITHMETIC);
    return Number(value);
  }

  div(a: number, b: number): number {
    if (b === 0) throw this.panic(PANIC_DIVISION);
    // Adding 0 turns -0 into 0.
    return Math.trunc(a / b) + 0;
  }

  mod(a: number, b: number): number {
    if (b === 0) throw this.panic(PANIC_DIVISION);
    return (a % b) + 0;
  }

  divBig(a: bigint, b: bigint): bigint {
    if (b === 0n) throw this.panic(PANIC_DIVISION);
    return a / b;
  }

  modBig(a: bigint, b: bigint): bigint {
    if (b === 0n) throw this.panic(PANIC_DIVISION);
    return a % b;
  }

  shift(by: number | bigint, bits: number): number {
    if (by >= bits || by < 0) throw this.panic(PANIC_ARITHMETIC);
    return Number(by);
  }

  mulDiv(a: bigint, b: bigint, c: bigint, up: boolean): bigint {
    if (c === 0n) throw this.panic(PANIC_DIVISION);
    const result = mulDiv(a, b, c, up);
    if (result === undefined) throw this.panic(PANIC_ARITHMETIC);
    return result;
  }

  sqrt(value: bigint): bigint {
    const root = sqrt(value);
    if (root === undefined) throw this.panic(PANIC_ARITHMETIC);
    return root;
  }

  enumOf(value: number | bigint, variants: number): number {
    if (value < 0 || value >= variants) throw this.panic(PANIC_ENUM);
    return Number(value);
  }

  sameBytes(a: Uint8Array, b: Uint8Array): boolean {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
  }

  index(index: number | bigint, length: number): number {
    if (index < 0 || index >= length) throw this.panic(PANIC_INDEX);
    return Number(index);
  }
}
