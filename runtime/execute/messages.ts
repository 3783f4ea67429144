/**
 * Output of a call: logs, return data, error data. While a call runs they are noted as a tape of words in its thread's output memory, values as they are
 * at hand: a word for an address, three for most amounts, where ABI encoding takes 32 bytes for each. `commit/tape.ts` plays a tape back as ABI bytes when
 * somebody asks for a receipt. How long those bytes would be is counted here, since calls may write so many at most. The lower half of ExecContext; knows
 * nothing of cells.
 */
import type { AddressId, Revert } from "../module.ts";
import type { StateMemory } from "../state/state.ts";
import { CapacityError } from "../state/capacity-error.ts";
import { MAX_U64 } from "../values/big.ts";
import { bigOf } from "../values/bytes32.ts";
import { keccak, selectorOf } from "../values/keccak.ts";
import { InternalError } from "./internal-error.ts";
import { CALL_OUTPUT } from "./limits.ts";
import type { Output } from "./memory.ts";
import {
  MESSAGE_CODE,
  MESSAGE_EVENT,
  MESSAGE_HEADS,
  MESSAGE_KIND,
  MESSAGE_SELF,
  MESSAGE_WORDS,
  MESSAGE_ERROR,
  MESSAGE_KIND_BITS,
  MESSAGE_LOG,
  MESSAGE_RESULT,
  TAPE_ADDRESS,
  TAPE_BYTES,
  TAPE_CLOSE,
  TAPE_LANE,
  TAPE_LIST,
  TAPE_NUMBER,
  TAPE_SHIFT,
  TAPE_SMALL,
  TAPE_TOPIC,
  TAPE_TUPLE,
  TAPE_WIDE,
} from "./tape-layout.ts";

/** The one value that exec functions throw: a revert allocates nothing. */
export const REVERT: Revert = Object.freeze({ kind: "revert" });

const WORD = 32;
/** Counted for each message beside its bytes, and for what it may become; part of the limit on output. */
const MESSAGE_BYTES = 16;
const MESSAGE_SPARE = 4 * WORD + 16;
/** Numbers kept of an enclosing list or tuple. */
const FRAME = 2;
/** Lists and tuples inside each other; types nest far less. */
const MAX_DEPTH = 64;
/** Words of tape that a call may take at most: it is never longer than the bytes that it stands for by more than an eighth. */
const CALL_TAPE = (CALL_OUTPUT / 4) * 1.25;
/** Numbers below this take one word. */
const SMALL = 1 << (32 - TAPE_SHIFT);

const OPEN_NONE = 0;

/** A lane and its halves. */
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
  /** Index of the running code, whose events are meant. */
  protected codeIndex: number;
  /** Word of the tape behind the last message; where the running call's messages start. */
  protected next: number;
  protected start: number;
  protected logCount: number;
  /** Where the message with return data or error data is; `hasData`: whether there is one. */
  protected dataAt: number;
  protected hasData: boolean;
  /** The call has reached a limit: it pays all that it said it would at most. */
  protected spent: boolean;
  private u32: Uint32Array;
  private u8: Uint8Array;
  private limit: number;
  private open: number;
  private messageAt: number;
  /** Next word of the open message. */
  private at: number;
  private topicCount: number;
  /** Head words that the innermost open list or tuple still lacks. */
  private heads: number;
  /** Bytes of output so far, as ABI encoding counts them: of all ended messages, and to the end of the open one. */
  private bytes: number;
  private tail: number;
  private readonly frames: Int32Array;
  private depth: number;

  constructor(state: StateMemory) {
    const none = new SharedArrayBuffer(0);
    this.self = 0;
    this.caller = 0;
    this.state = state;
    this.codeIndex = 0;
    this.next = 0;
    this.start = 0;
    this.logCount = 0;
    this.dataAt = 0;
    this.hasData = false;
    this.spent = false;
    this.u32 = new Uint32Array(none);
    this.u8 = new Uint8Array(none);
    this.limit = 0;
    this.open = OPEN_NONE;
    this.messageAt = 0;
    this.at = 0;
    this.topicCount = 0;
    this.heads = 0;
    this.bytes = 0;
    this.tail = 0;
    this.frames = new Int32Array(FRAME * MAX_DEPTH);
    this.depth = 0;
  }

  /** Starts over in this output. */
  protected openOutput(output: Output): void {
    this.u32 = output.u32;
    this.u8 = output.u8;
    this.limit = output.u32.length - CALL_TAPE;
    this.next = 0;
  }

  protected beginMessages(): void {
    if (this.next > this.limit) throw new CapacityError("output of a block", this.u8.length);
    this.start = this.next;
    this.logCount = 0;
    this.dataAt = this.next;
    this.hasData = false;
    this.open = OPEN_NONE;
    this.depth = 0;
    this.bytes = 0;
  }

  /** The call succeeded: ends the return data. */
  protected finishMessages(): void {
    if (this.open === MESSAGE_RESULT) this.finish();
    else if (this.open !== OPEN_NONE) throw new InternalError("a call ends inside an event or error");
  }

  /** The call failed: its logs and return data go, error data moves to where they began. */
  protected dropMessages(): void {
    this.logCount = 0;
    if (this.hasData) {
      this.u32.copyWithin(this.start, this.dataAt, this.next);
      this.next = this.start + (this.next - this.dataAt);
    } else this.next = this.start;
    this.dataAt = this.start;
  }

  /** After an internal error: as if the call had said nothing. */
  protected abandonMessages(): void {
    this.open = OPEN_NONE;
    this.next = this.start;
  }

  error(selector: number, headWords: number): void {
    this.begin(MESSAGE_ERROR, headWords);
    this.u32[this.messageAt + MESSAGE_CODE] = selector;
    this.tail += 4;
  }

  revert(): Revert {
    if (this.open !== MESSAGE_ERROR) throw new InternalError("revert without error data");
    this.finish();
    return REVERT;
  }

  revertEmpty(): Revert {
    this.open = OPEN_NONE;
    this.hasData = false;
    return REVERT;
  }

  /** The call is larger than calls may be, or reached more than it can pay for: it pays its gas limit. All it has said is gone. */
  protected outOfGas(): Revert {
    this.spent = true;
    this.open = OPEN_NONE;
    this.next = this.start;
    this.bytes = 0;
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
    this.begin(MESSAGE_LOG, headWords);
    this.u32[this.messageAt + MESSAGE_CODE] = this.codeIndex;
    this.u32[this.messageAt + MESSAGE_EVENT] = index;
    this.topicCount = 1;
    this.tail += WORD;
  }

  topicAddress(id: AddressId): void {
    this.topic();
    this.u32[this.at++] = (id << TAPE_SHIFT) | TAPE_TOPIC | TAPE_ADDRESS;
  }

  topicBool(value: boolean): void {
    this.topic();
    this.writeNumber(value ? 1 : 0, TAPE_TOPIC);
  }

  topicNumber(value: number): void {
    this.topic();
    this.writeNumber(value, TAPE_TOPIC);
  }

  topicBig(value: bigint): void {
    this.topic();
    this.writeBig(value, TAPE_TOPIC);
  }

  topicBytes(value: Uint8Array): void {
    this.topic();
    // The hash library reads plain memory only.
    this.writeBig(bigOf(keccak(Uint8Array.from(value))), TAPE_TOPIC);
  }

  emit(): void {
    if (this.open !== MESSAGE_LOG) throw new InternalError("emit without an event");
    this.finish();
    this.logCount++;
  }

  result(headWords: number): void {
    this.begin(MESSAGE_RESULT, headWords);
  }

  putBool(value: boolean): void {
    this.head();
    this.writeNumber(value ? 1 : 0, 0);
  }

  putNumber(value: number): void {
    this.head();
    this.writeNumber(value, 0);
  }

  putBig(value: bigint): void {
    this.head();
    this.writeBig(value, 0);
  }

  putAddress(id: AddressId): void {
    this.head();
    this.u32[this.at++] = (id << TAPE_SHIFT) | TAPE_ADDRESS;
  }

  putBytes(value: Uint8Array): void {
    this.head();
    const { length } = value;
    const tail = this.tail + WORD + ((length + 31) & ~31);
    this.room(tail);
    this.tail = tail;
    this.u32[this.at] = (length << TAPE_SHIFT) | TAPE_BYTES;
    this.u8.set(value, (this.at + 1) * 4);
    this.at += 1 + ((length + 3) >>> 2);
  }

  openList(length: number, headWordsPerElement: number): void {
    this.head();
    this.tail += WORD;
    this.push(length * headWordsPerElement);
    this.u32[this.at] = (length << TAPE_SHIFT) | TAPE_LIST;
    this.u32[this.at + 1] = headWordsPerElement;
    this.at += 2;
  }

  openTuple(headWords: number): void {
    this.head();
    this.push(headWords);
    this.u32[this.at++] = (headWords << TAPE_SHIFT) | TAPE_TUPLE;
  }

  close(): void {
    if (this.depth === 0) throw new InternalError("close without an open list or tuple");
    this.checkHeads();
    this.heads = this.frames[--this.depth];
    this.u32[this.at++] = TAPE_CLOSE;
  }

  private push(headWords: number): void {
    if (this.depth === MAX_DEPTH) throw new InternalError("lists and tuples nest too deeply");
    const tail = this.tail + headWords * WORD;
    this.room(tail);
    this.tail = tail;
    this.frames[this.depth++] = this.heads;
    this.heads = headWords;
  }

  /** Starts a message behind the last one; return data that is still open ends there. */
  private begin(kind: number, headWords: number): void {
    if (this.open !== OPEN_NONE) {
      // An error may cut off whatever is being written; then it takes the unfinished message's place.
      if (this.open === MESSAGE_RESULT && kind !== MESSAGE_ERROR) this.finish();
      else if (kind !== MESSAGE_ERROR) throw new InternalError("a message begins inside another");
    }
    const at = this.next;
    const tail = this.bytes + MESSAGE_BYTES + headWords * WORD;
    this.open = kind;
    this.depth = 0;
    this.messageAt = at;
    this.topicCount = 0;
    this.heads = headWords;
    this.tail = tail;
    // Room for four topics, the selector and the padding at the end as well.
    this.room(tail + MESSAGE_SPARE);
    this.u32[at + MESSAGE_HEADS] = headWords;
    this.at = at + MESSAGE_WORDS;
  }

  private finish(): void {
    if (this.depth !== 0) throw new InternalError("a message ends inside a list or tuple");
    this.checkHeads();
    const { u32, messageAt, at } = this;
    u32[messageAt + MESSAGE_SELF] = this.self;
    u32[messageAt + MESSAGE_KIND] = ((at - messageAt) << MESSAGE_KIND_BITS) | this.open;
    if (this.open !== MESSAGE_LOG) {
      this.dataAt = messageAt;
      this.hasData = true;
    }
    this.bytes = (this.tail + 7) & ~7;
    this.next = at;
    this.open = OPEN_NONE;
  }

  private checkHeads(): void {
    if (this.heads !== 0) throw new InternalError(`a message has ${this.heads} head words too few`);
  }

  private topic(): void {
    if (this.open !== MESSAGE_LOG || this.topicCount === 4) throw new InternalError("a topic without an event, or a fifth one");
    this.topicCount++;
    this.tail += WORD;
  }

  private head(): void {
    if (this.heads === 0) throw new InternalError("a message has more values than head words");
    this.heads--;
  }

  private room(end: number): void {
    if (end > CALL_OUTPUT) throw this.outOfGas();
  }

  private writeNumber(value: number, topic: number): void {
    if (value >= 0 && value < SMALL) {
      this.u32[this.at++] = (value << TAPE_SHIFT) | topic | TAPE_SMALL;
      return;
    }
    this.u32[this.at] = ((value < 0 ? 1 : 0) << TAPE_SHIFT) | topic | TAPE_NUMBER;
    this.u32[this.at + 1] = value;
    this.at += 2;
  }

  private writeBig(value: bigint, topic: number): void {
    const { u32, at } = this;
    if (value <= MAX_U64 && value >= 0n) {
      lane[0] = value;
      u32[at] = topic | TAPE_LANE;
      u32[at + 1] = halves[0];
      u32[at + 2] = halves[1];
      this.at = at + 3;
      return;
    }
    u32[at] = topic | TAPE_WIDE;
    // Stores take the low 64 bits; shifts keep the sign.
    for (let i = 0; i < 4; i++) {
      lane[0] = value >> BigInt(64 * i);
      u32[at + 1 + i * 2] = halves[0];
      u32[at + 2 + i * 2] = halves[1];
    }
    this.at = at + 9;
  }
}
