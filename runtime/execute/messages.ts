/**
 * Output of a call as ABI-encoded messages in its thread's output memory: logs, return data, error data. A message is a header, topics, then
 * head words and tails. The lower half of ExecContext; knows nothing of cells.
 */
import type { AddressId, Revert } from "../module.ts";
import type { StateMemory } from "../state/state.ts";
import { ADDRESS_WORDS } from "../state/address-table.ts";
import { CapacityError } from "../state/capacity-error.ts";
import { MAX_U64 } from "../values/big.ts";
import { keccak, selectorOf } from "../values/keccak.ts";
import { InternalError } from "./internal-error.ts";
import { CALL_OUTPUT } from "./limits.ts";
import type { Output } from "./memory.ts";
import { MESSAGE_ADDRESS, MESSAGE_DATA_LENGTH, MESSAGE_HEADER_BYTES, MESSAGE_NO_LOG, MESSAGE_SIZE, MESSAGE_TOPICS } from "./memory.ts";

/** The one value that exec functions throw: a revert allocates nothing. */
export const REVERT: Revert = Object.freeze({ kind: "revert" });

const WORD = 32;
/** Numbers kept of an enclosing list or tuple. */
const FRAME = 3;
/** Lists and tuples inside each other; types nest far less. */
const MAX_DEPTH = 64;

const OPEN_NONE = 0;
const OPEN_LOG = 1;
const OPEN_RESULT = 2;
const OPEN_ERROR = 3;

/** A lane and its halves. Writing a lane through these takes half the time of `DataView.setBigUint64` (Node 20). */
const lane = new BigUint64Array(1);
const halves = new Uint32Array(lane.buffer);

const SELECTOR_PANIC = 0x4e487b71;
const OUT_OF_GAS = selectorOf("OutOfGas()");

/** What OutOfGas() looks like, for calls that never ran. */
export function outOfGasData(): Uint8Array {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, OUT_OF_GAS);
  return data;
}

export class Messages {
  /** The contract whose call runs, and who calls it. */
  self: AddressId;
  caller: AddressId;
  protected readonly state: StateMemory;
  /** Topics of the running code's events, 8 words each. */
  protected topics: Uint32Array;
  /** Byte offset behind the last message; where the running call's messages start. */
  protected next: number;
  protected start: number;
  protected logCount: number;
  protected dataAt: number;
  protected dataLength: number;
  /** The call has reached a limit: it pays all that it said it would at most. */
  protected spent: boolean;
  private u8: Uint8Array;
  private u32: Uint32Array;
  private view: DataView;
  private limit: number;
  private readonly addressRows: Uint32Array;
  /** The caller's five address words as the block's header has them: read in order, where the address table would miss the cache. */
  private callerRows: Uint32Array;
  private callerRow: number;
  private open: number;
  private messageAt: number;
  private topicCount: number;
  /** Where offsets of the innermost open list or tuple count from, its next head word, the end of its heads, and the end of all tails. */
  private frameAt: number;
  private headAt: number;
  private headEnd: number;
  private tailAt: number;
  private readonly frames: Int32Array;
  private depth: number;

  constructor(state: StateMemory) {
    const none = new SharedArrayBuffer(0);
    this.self = 0;
    this.caller = 0;
    this.state = state;
    this.topics = new Uint32Array(0);
    this.next = 0;
    this.start = 0;
    this.logCount = 0;
    this.dataAt = 0;
    this.dataLength = 0;
    this.spent = false;
    this.u8 = new Uint8Array(none);
    this.u32 = new Uint32Array(none);
    this.view = new DataView(none);
    this.limit = 0;
    this.addressRows = state.addresses.rows;
    this.callerRows = this.addressRows;
    this.callerRow = 0;
    this.open = OPEN_NONE;
    this.messageAt = 0;
    this.topicCount = 0;
    this.frameAt = 0;
    this.headAt = 0;
    this.headEnd = 0;
    this.tailAt = 0;
    this.frames = new Int32Array(FRAME * MAX_DEPTH);
    this.depth = 0;
  }

  /** Starts over in this output. */
  protected openOutput(output: Output): void {
    this.u8 = output.u8;
    this.u32 = output.u32;
    this.view = output.view;
    this.limit = output.u8.length;
    this.next = 0;
  }

  protected beginMessages(callerRows: Uint32Array, callerRow: number): void {
    this.callerRows = callerRows;
    this.callerRow = callerRow;
    this.start = this.next;
    this.logCount = 0;
    this.dataAt = this.next;
    this.dataLength = 0;
    this.open = OPEN_NONE;
    this.depth = 0;
  }

  /** Where the five words of the caller's address are. */
  protected callerFrom(rows: Uint32Array, row: number): void {
    this.callerRows = rows;
    this.callerRow = row;
  }

  /** The call succeeded: ends the return data. */
  protected finishMessages(): void {
    if (this.open === OPEN_RESULT) this.finish();
    else if (this.open !== OPEN_NONE) throw new InternalError("a call ends inside an event or error");
  }

  /** The call failed: its logs and return data go, error data moves to where they began. */
  protected dropMessages(): void {
    this.logCount = 0;
    if (this.dataLength > 0) {
      const size = this.next - (this.dataAt - MESSAGE_HEADER_BYTES);
      this.u8.copyWithin(this.start, this.dataAt - MESSAGE_HEADER_BYTES, this.next);
      this.next = this.start + size;
      this.dataAt = this.start + MESSAGE_HEADER_BYTES;
    } else {
      this.next = this.start;
      this.dataAt = this.start;
    }
  }

  /** After an internal error: as if the call had said nothing. */
  protected abandonMessages(): void {
    this.open = OPEN_NONE;
    this.next = this.start;
  }

  /** Return data or error data of the call that ended last, copied. */
  protected copyData(): Uint8Array {
    return this.u8.slice(this.dataAt, this.dataAt + this.dataLength);
  }

  error(selector: number, headWords: number): void {
    this.begin(OPEN_ERROR, headWords);
    this.view.setUint32(this.frameAt, selector);
    this.frameAt += 4;
    this.headAt += 4;
    this.headEnd += 4;
    this.tailAt += 4;
  }

  revert(): Revert {
    if (this.open !== OPEN_ERROR) throw new InternalError("revert without error data");
    this.finish();
    return REVERT;
  }

  revertEmpty(): Revert {
    this.open = OPEN_NONE;
    this.dataLength = 0;
    return REVERT;
  }

  /** The call is larger than calls may be, or reached more than it can pay for: it pays its gas limit. All it has said is gone. */
  protected outOfGas(): Revert {
    this.spent = true;
    this.open = OPEN_NONE;
    this.next = this.start;
    this.logCount = 0;
    this.error(OUT_OF_GAS, 0);
    return this.revert();
  }

  panic(code: number): Revert {
    this.error(SELECTOR_PANIC, 1);
    this.putNumber(code);
    return this.revert();
  }

  event(index: number, headWords: number): void {
    this.begin(OPEN_LOG, headWords);
    const at = this.beginTopic() >>> 2;
    const from = index * 8;
    for (let i = 0; i < 8; i++) this.u32[at + i] = this.topics[from + i];
  }

  topicAddress(id: AddressId): void {
    this.writeAddress(this.beginTopic(), id);
  }

  topicBool(value: boolean): void {
    this.writeNumber(this.beginTopic(), value ? 1 : 0);
  }

  topicNumber(value: number): void {
    this.writeNumber(this.beginTopic(), value);
  }

  topicBig(value: bigint): void {
    this.writeBig(this.beginTopic(), value);
  }

  topicBytes(value: Uint8Array): void {
    // The hash library reads plain memory only.
    this.u8.set(keccak(Uint8Array.from(value)), this.beginTopic());
  }

  emit(): void {
    if (this.open !== OPEN_LOG) throw new InternalError("emit without an event");
    this.finish();
    this.logCount++;
  }

  result(headWords: number): void {
    this.begin(OPEN_RESULT, headWords);
  }

  putBool(value: boolean): void {
    this.writeNumber(this.head(), value ? 1 : 0);
  }

  putNumber(value: number): void {
    this.writeNumber(this.head(), value);
  }

  putBig(value: bigint): void {
    this.writeBig(this.head(), value);
  }

  putAddress(id: AddressId): void {
    this.writeAddress(this.head(), id);
  }

  putBytes(value: Uint8Array): void {
    this.writeNumber(this.head(), this.tailAt - this.frameAt);
    const length = value.length;
    const padded = (length + 31) & ~31;
    const at = this.tailAt;
    this.room(at + WORD + padded);
    this.writeNumber(at, length);
    this.u8.set(value, at + WORD);
    this.u8.fill(0, at + WORD + length, at + WORD + padded);
    this.tailAt = at + WORD + padded;
  }

  openList(length: number, headWordsPerElement: number): void {
    this.writeNumber(this.head(), this.tailAt - this.frameAt);
    this.room(this.tailAt + WORD);
    this.writeNumber(this.tailAt, length);
    this.tailAt += WORD;
    this.push(length * headWordsPerElement);
  }

  openTuple(headWords: number): void {
    this.writeNumber(this.head(), this.tailAt - this.frameAt);
    this.push(headWords);
  }

  close(): void {
    if (this.depth === 0) throw new InternalError("close without an open list or tuple");
    this.checkHeads();
    const at = --this.depth * FRAME;
    this.frameAt = this.frames[at];
    this.headAt = this.frames[at + 1];
    this.headEnd = this.frames[at + 2];
  }

  private push(headWords: number): void {
    if (this.depth === MAX_DEPTH) throw new InternalError("lists and tuples nest too deeply");
    const at = this.depth++ * FRAME;
    this.frames[at] = this.frameAt;
    this.frames[at + 1] = this.headAt;
    this.frames[at + 2] = this.headEnd;
    this.frameAt = this.tailAt;
    this.headAt = this.tailAt;
    this.headEnd = this.tailAt + headWords * WORD;
    this.tailAt = this.headEnd;
    this.room(this.tailAt);
  }

  /** Starts a message behind the last one; return data that is still open ends there. */
  private begin(kind: number, headWords: number): void {
    if (this.open !== OPEN_NONE) {
      // An error may cut off whatever is being written; then it takes the unfinished message's place.
      if (this.open === OPEN_RESULT && kind !== OPEN_ERROR) this.finish();
      else if (kind !== OPEN_ERROR) throw new InternalError("a message begins inside another");
    }
    this.open = kind;
    this.depth = 0;
    this.messageAt = this.next;
    this.topicCount = 0;
    this.frameAt = this.next + MESSAGE_HEADER_BYTES;
    this.headAt = this.frameAt;
    this.headEnd = this.frameAt + headWords * WORD;
    this.tailAt = this.headEnd;
    // Room for four topics, the selector and the padding at the end as well.
    this.room(this.tailAt + 4 * WORD + 16);
  }

  private finish(): void {
    if (this.depth !== 0) throw new InternalError("a message ends inside a list or tuple");
    this.checkHeads();
    const header = this.messageAt >>> 2;
    const log = this.open === OPEN_LOG;
    const dataAt = this.open === OPEN_ERROR ? this.frameAt - 4 : this.frameAt;
    const length = this.tailAt - dataAt;
    const end = (this.tailAt + 7) & ~7;
    this.u32[header + MESSAGE_ADDRESS] = this.self;
    this.u32[header + MESSAGE_TOPICS] = log ? this.topicCount : MESSAGE_NO_LOG;
    this.u32[header + MESSAGE_DATA_LENGTH] = length;
    this.u32[header + MESSAGE_SIZE] = end - this.messageAt;
    if (!log) {
      this.dataAt = dataAt;
      this.dataLength = length;
    }
    this.next = end;
    this.open = OPEN_NONE;
  }

  private checkHeads(): void {
    if (this.headAt !== this.headEnd) throw new InternalError(`a message has ${(this.headEnd - this.headAt) / WORD} head words too few`);
  }

  /** Byte offset of the next topic. Topics stand before the data, so data written already moves up. */
  private beginTopic(): number {
    if (this.open !== OPEN_LOG || this.topicCount === 4) throw new InternalError("a topic without an event, or a fifth one");
    if (this.headAt !== this.frameAt) this.u8.copyWithin(this.frameAt + WORD, this.frameAt, this.tailAt);
    const at = this.messageAt + MESSAGE_HEADER_BYTES + this.topicCount++ * WORD;
    this.frameAt += WORD;
    this.headAt += WORD;
    this.headEnd += WORD;
    this.tailAt += WORD;
    return at;
  }

  private head(): number {
    const at = this.headAt;
    if (at === this.headEnd) throw new InternalError("a message has more values than head words");
    this.headAt = at + WORD;
    return at;
  }

  private room(end: number): void {
    if (end - this.start > CALL_OUTPUT) throw this.outOfGas();
    if (end > this.limit) throw new CapacityError("output of a block", this.limit);
  }

  private writeNumber(at: number, value: number): void {
    const u32 = this.u32;
    const word = at >>> 2;
    const fill = value < 0 ? 0xffffffff : 0;
    u32[word] = fill;
    u32[word + 1] = fill;
    u32[word + 2] = fill;
    u32[word + 3] = fill;
    u32[word + 4] = fill;
    u32[word + 5] = fill;
    u32[word + 6] = fill;
    this.view.setUint32(at + 28, value);
  }

  private writeBig(at: number, value: bigint): void {
    const view = this.view;
    if (value <= MAX_U64 && value >= 0n) {
      const u32 = this.u32;
      const word = at >>> 2;
      u32[word] = 0;
      u32[word + 1] = 0;
      u32[word + 2] = 0;
      u32[word + 3] = 0;
      u32[word + 4] = 0;
      u32[word + 5] = 0;
      lane[0] = value;
      view.setUint32(at + 24, halves[1]);
      view.setUint32(at + 28, halves[0]);
      return;
    }
    // Stores take the low 64 bits; shifts keep the sign.
    view.setBigUint64(at + 24, value);
    view.setBigUint64(at + 16, value >> 64n);
    view.setBigUint64(at + 8, value >> 128n);
    view.setBigUint64(at, value >> 192n);
  }

  private writeAddress(at: number, id: AddressId): void {
    const u32 = this.u32;
    const isCaller = id === this.caller;
    const rows = isCaller ? this.callerRows : this.addressRows;
    const row = isCaller ? this.callerRow : id * ADDRESS_WORDS;
    const word = at >>> 2;
    u32[word] = 0;
    u32[word + 1] = 0;
    u32[word + 2] = 0;
    u32[word + 3] = rows[row];
    u32[word + 4] = rows[row + 1];
    u32[word + 5] = rows[row + 2];
    u32[word + 6] = rows[row + 3];
    u32[word + 7] = rows[row + 4];
  }
}
