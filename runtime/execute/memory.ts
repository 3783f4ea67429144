/**
 * Layout of the shared memory of one block: record words, fields of calls, receipts, partial sums and output, with a named constant for
 * each offset. Everything here is plain buffers and numbers, so that any thread can attach to it.
 * Filled by planning, executing threads and the fold; knows nothing of columns or contracts.
 */

import { FOUND_CELLS } from "./limits.ts";

// Access words: what a plan leaves for exec at each access of a record.

/** Set: the Δ at this word runs without its check. */
export const ACCESS_CLEARED = 1;
/** Set: the payload is a node of this block, and the Δ goes to the executing thread's partial sum of it. */
export const ACCESS_PARTIAL = 2;
/** `word >>> ACCESS_SHIFT` is the slot, or the node number when ACCESS_PARTIAL is set. */
export const ACCESS_SHIFT = 2;

/** The access word of a cell; UNRESOLVED and 0 stand for themselves. */
export function cellWord(slot: number): number {
  return slot > 0 ? slot << ACCESS_SHIFT : slot;
}

/** The word of a read of past values: below UNRESOLVED, so that it can't be taken for an access of the cell. */
export function pastWord(slot: number): number {
  return slot > 0 ? ~slot : slot;
}

// Third word of a ticket, behind its number.

export const TICKET_DRAWN = 0;
/** The sequence has no number left. */
export const TICKET_EXHAUSTED = 1;
/** In a call of another contract of which it couldn't be told before how many it draws (rule T2). */
export const TICKET_NONE = 2;

// Header of a call in a block buffer, in bytes. Integers little-endian but the value, which is a 32-byte big-endian word as in calldata.

export const HEADER_BYTES = 128;
export const HEADER_SENDER = 0;
export const HEADER_CONTRACT = 20;
export const HEADER_VALUE = 40;
export const HEADER_NONCE = 72;
export const HEADER_GAS_LIMIT = 80;
export const HEADER_GAS_PRICE = 88;
/** Byte offset of the calldata's selector in the buffer, so that offset + 4 is a multiple of 8. */
export const HEADER_OFFSET = 96;
/** Bytes of calldata, selector included. */
export const HEADER_LENGTH = 100;

// Fields of a call: what admission and planning know of it. `calls[call * CALL_STRIDE + CALL_…]`; a stride is one cache line.

export const CALL_STRIDE = 16;
/** Index of the code in the state's registry; -1 when there is no contract at the address. */
export const CALL_CODE = 0;
/** Index into `module.functions`; FUNCTION_INIT for the constructor; FUNCTION_NONE when the selector is unknown. */
export const CALL_FUNCTION = 1;
export const CALL_INSTANCE = 2;
/** Address ids. */
export const CALL_SELF = 3;
export const CALL_CALLER = 4;
/** First record word of the top region. */
export const CALL_BASE = 5;
/** One of VERDICT_…. */
export const CALL_VERDICT = 6;
/** Cost charged, as two 32-bit halves of an unsigned number below 2^53. */
export const CALL_COST_LOW = 7;
export const CALL_COST_HIGH = 8;
/** Words 9 to 15 belong to planning and scheduling. */
export const CALL_FREE = 9;

export const FUNCTION_INIT = -2;
export const FUNCTION_NONE = -1;

export const VERDICT_RUN = 0;
/** Ends as reverted without running: with empty data, or with OutOfGas(). */
export const VERDICT_EMPTY = 1;
export const VERDICT_OUT_OF_GAS = 2;
export const VERDICT_NONCE = 3;
export const VERDICT_BALANCE = 4;
/** Ran alone, between the calls before and those after it; nobody else may run it. */
export const VERDICT_ALONE = 5;

// Receipts: `receipts[call * RECEIPT_STRIDE + RECEIPT_…]`.

export const RECEIPT_STRIDE = 8;
/** One of STATUS_…; the same numbers as `Receipts.statusOf`. */
export const RECEIPT_STATUS = 0;
/** Whose output holds the data and logs. */
export const RECEIPT_THREAD = 1;
/** Word of that output where the message with return data or error data is; -1 when there is none. */
export const RECEIPT_DATA_AT = 2;
/** Word of the first log message. Messages follow one another; those that aren't logs are skipped. */
export const RECEIPT_LOGS_AT = 3;
export const RECEIPT_LOG_COUNT = 4;
export const RECEIPT_COST_LOW = 5;
export const RECEIPT_COST_HIGH = 6;

export const STATUS_SUCCESS = 0;
export const STATUS_REVERTED = 1;
export const STATUS_REJECTED = 2;

/** 64-bit lanes of a partial sum; narrower columns use the first ones only. */
export const PARTIAL_LANES = 4;

/** What can be sent to a worker. */
export interface BlockBuffers {
  readonly words: SharedArrayBuffer;
  readonly calls: SharedArrayBuffer;
  readonly receipts: SharedArrayBuffer;
  /** By thread. */
  readonly partials: readonly SharedArrayBuffer[];
  readonly outputs: readonly SharedArrayBuffer[];
}

/** Partial sums of one thread: PARTIAL_LANES lanes at `node * PARTIAL_LANES`, little-endian lanes, zero between folds. */
export interface Partials {
  readonly u64: BigUint64Array;
  readonly u32: Uint32Array;
}

export interface Output {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
}

export interface BlockMemory {
  readonly buffers: BlockBuffers;
  /** Record words of all calls; word 0 is never used. */
  readonly words: Int32Array;
  /** The same, and behind them, because exec names both alike, each thread's words for cells that a call finds by keys of its own. */
  readonly execWords: Int32Array;
  readonly calls: Int32Array;
  readonly receipts: Int32Array;
  readonly partials: readonly Partials[];
  readonly outputs: readonly Output[];
}

export interface BlockMemoryOptions {
  /** Executing threads. */
  readonly threads: number;
  readonly calls: number;
  readonly words: number;
  readonly nodes: number;
  readonly outputBytes: number;
}

/** Reserves a block's memory; pages that aren't touched cost nothing. */
export function createBlockMemory(options: BlockMemoryOptions): BlockMemory {
  const perThread = (bytes: number): SharedArrayBuffer[] => Array.from({ length: options.threads }, () => new SharedArrayBuffer(bytes));
  return attachBlockMemory({
    words: new SharedArrayBuffer((options.words + options.threads * FOUND_CELLS) * 4),
    calls: new SharedArrayBuffer(options.calls * CALL_STRIDE * 4),
    receipts: new SharedArrayBuffer(options.calls * RECEIPT_STRIDE * 4),
    partials: perThread(options.nodes * PARTIAL_LANES * 8),
    outputs: perThread(options.outputBytes),
  });
}

export function attachBlockMemory(buffers: BlockBuffers): BlockMemory {
  const execWords = new Int32Array(buffers.words);
  return {
    buffers,
    words: execWords.subarray(0, execWords.length - buffers.outputs.length * FOUND_CELLS),
    execWords,
    calls: new Int32Array(buffers.calls),
    receipts: new Int32Array(buffers.receipts),
    partials: buffers.partials.map((buffer) => ({ u64: new BigUint64Array(buffer), u32: new Uint32Array(buffer) })),
    outputs: buffers.outputs.map((buffer) => ({ u8: new Uint8Array(buffer), u32: new Uint32Array(buffer) })),
  };
}
