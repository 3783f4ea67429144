/**
 * A slice: some calls of a block in a row, read and planned ahead by whichever thread has claimed them, in shared memory of its own. The ordering pass
 * takes slices in order of their numbers. What is prepared depends on nothing that earlier calls of the block do, so that it may be done in any order,
 * or twice: when a thread is taken away in the middle of its slice, the main thread does it again elsewhere.
 */
import { CALL_STRIDE } from "../execute/memory.ts";
import { AccessList, createAccessBuffer } from "./access-list.ts";
import { PLAN_LATER } from "./roles.ts";

/** Calls of a slice at most, and at least: see `sliceCallsOf`. */
export const SLICE_CALLS = 256;
export const LEAST_SLICE_CALLS = 8;
/** Bytes of a block that a slice is made of at most, but for one of few calls: what a call asks for grows with its calldata. */
const SLICE_BYTES = 96 * 1024;
/** Address arguments per call whose ids are kept. */
export const KEPT_ADDRESSES = 4;
/** Accesses of a slice; calls beyond are planned when their turn comes. */
const SLICE_ACCESSES = 4096;

/** Words of a prepared call. Its first CALL_STRIDE words are those of a call's line in the block memory. */
export const LINE_STRIDE = 32;
/** What became of its plan: one of PLAN_…. */
export const LINE_PLAN = CALL_STRIDE;
/** Its accesses in the slice's list: first, and the one behind the last. */
export const LINE_FROM = CALL_STRIDE + 1;
export const LINE_COUNT = CALL_STRIDE + 2;
export const LINE_UNRESOLVED = CALL_STRIDE + 3;
export const LINE_CONDITIONAL = CALL_STRIDE + 4;
export const LINE_DELTAS = CALL_STRIDE + 5;
export const LINE_COMMUTES = CALL_STRIDE + 6;
export const LINE_OPEN = CALL_STRIDE + 7;
/** Bits: see LINE_IS_…. */
export const LINE_FLAGS = CALL_STRIDE + 8;
/** Entries of tables that it may ask for when it runs. */
export const LINE_EXPECTED = CALL_STRIDE + 9;
/** Behind the last number that it draws, in the slice's list of these; they begin where those of the call before end. */
export const LINE_DRAWS = CALL_STRIDE + 14;
/** Δs whose amount is the upper end of a cell. */
export const LINE_BOUNDS = CALL_STRIDE + 15;
/** In doubles from the line's start: coin that comes with it, and its weight. */
export const LINE_CREDIT = (CALL_STRIDE + 10) / 2;
export const LINE_WEIGHT = (CALL_STRIDE + 12) / 2;

/** Nothing but a Δ can make the call fail. */
export const LINE_IS_SURE = 1;
/** Each access has a cell of its own, in a field that nobody takes as a whole. */
export const LINE_IS_PLAIN = 2;

/** Words of a number that was foretold: column, slot, and its halves. */
export const DRAW_WORDS = 4;
/** Numbers of a slice's calls; calls beyond are planned when their turn comes. */
export const SLICE_DRAWS = 1024;

// Words of a slice's header.

/** One of SLICE_…. Atomic. */
const STATE = 0;
/** Times the block's records or codes had been changed when it was begun: what was prepared before doesn't count. */
const ERA = 1;
const HEADER_WORDS = 16;

/** Nobody has it. */
const SLICE_FREE = 0;
/** The thread that has claimed it is at it. */
const SLICE_BEGUN = 1;
const SLICE_READY = 2;
/** The main thread has done it elsewhere: whoever claimed it only has to let go. */
const SLICE_STOLEN = 3;

/** Calls of each slice of a block but the last, a power of two: few where calls are long, so that there is something to do for all threads. */
export function sliceCallsOf(input: SharedArrayBuffer, calls: number): number {
  const bytesPerCall = input.byteLength / Math.max(1, calls);
  let size = SLICE_CALLS;
  while (size > LEAST_SLICE_CALLS && size * bytesPerCall > SLICE_BYTES) size /= 2;
  return size;
}

export interface SliceBuffers {
  readonly header: SharedArrayBuffer;
  readonly lines: SharedArrayBuffer;
  readonly kept: SharedArrayBuffer;
  readonly accesses: SharedArrayBuffer;
  readonly draws: SharedArrayBuffer;
}

export function createSliceBuffers(): SliceBuffers {
  return {
    header: new SharedArrayBuffer(HEADER_WORDS * 4),
    lines: new SharedArrayBuffer(SLICE_CALLS * LINE_STRIDE * 4),
    kept: new SharedArrayBuffer(SLICE_CALLS * KEPT_ADDRESSES * 4),
    accesses: createAccessBuffer(SLICE_ACCESSES),
    draws: new SharedArrayBuffer(SLICE_DRAWS * DRAW_WORDS * 4),
  };
}

/** Few enough to be compared with one another. */
const MOST_PLAIN = 6;

function isPlain({ from, count, column, slot, field, conditional, open, credit }: AccessList): boolean {
  if (count - from > MOST_PLAIN || conditional > 0 || open > 0 || credit > 0) return false;
  for (let i = from; i < count; i++) {
    if (slot[i] < 0 || field[i] >= 0) return false;
    for (let j = from; j < i; j++) if (slot[i] === slot[j] && column[i] === column[j]) return false;
  }
  return true;
}

export class Slice {
  readonly lines: Int32Array;
  readonly doubles: Float64Array;
  /** Ids of the first address arguments, KEPT_ADDRESSES per call. */
  readonly kept: Int32Array;
  readonly list: AccessList;
  /** Numbers of sequences that calls were planned with, DRAW_WORDS each. */
  readonly draws: Int32Array;
  /** How many there are, while the slice is made. */
  drawn = 0;
  private readonly header: Int32Array;

  constructor(buffers: SliceBuffers) {
    this.header = new Int32Array(buffers.header);
    this.lines = new Int32Array(buffers.lines);
    this.doubles = new Float64Array(buffers.lines);
    this.kept = new Int32Array(buffers.kept);
    this.list = new AccessList(buffers.accesses);
    this.draws = new Int32Array(buffers.draws);
  }

  get era(): number {
    return this.header[ERA];
  }

  /** What `list` held of a call is put away in its line. */
  put(index: number, plan: number, weight: number, expected: number): void {
    const { lines, doubles, list } = this;
    const at = index * LINE_STRIDE;
    lines[at + LINE_PLAN] = plan;
    lines[at + LINE_FROM] = list.from;
    lines[at + LINE_COUNT] = list.count;
    lines[at + LINE_UNRESOLVED] = list.unresolved;
    lines[at + LINE_CONDITIONAL] = list.conditional;
    lines[at + LINE_DELTAS] = list.deltas;
    lines[at + LINE_COMMUTES] = list.commutes;
    lines[at + LINE_OPEN] = list.open;
    lines[at + LINE_FLAGS] = (list.sure ? LINE_IS_SURE : 0) | (isPlain(list) ? LINE_IS_PLAIN : 0);
    lines[at + LINE_EXPECTED] = expected;
    lines[at + LINE_BOUNDS] = list.bounds;
    lines[at + LINE_DRAWS] = this.drawn;
    doubles[(at >> 1) + LINE_CREDIT] = list.credit;
    doubles[(at >> 1) + LINE_WEIGHT] = weight;
  }

  /** A call that isn't planned ahead: it ends before it begins, or there is no room. */
  putNone(index: number): void {
    this.list.begin();
    this.put(index, PLAN_LATER, 0, 0);
  }

  /** The other way round. */
  take(index: number): AccessList {
    const { lines, doubles, list } = this;
    const at = index * LINE_STRIDE;
    list.from = lines[at + LINE_FROM];
    list.count = lines[at + LINE_COUNT];
    list.unresolved = lines[at + LINE_UNRESOLVED];
    list.conditional = lines[at + LINE_CONDITIONAL];
    list.deltas = lines[at + LINE_DELTAS];
    list.bounds = lines[at + LINE_BOUNDS];
    list.commutes = lines[at + LINE_COMMUTES];
    list.open = lines[at + LINE_OPEN];
    list.sure = (lines[at + LINE_FLAGS] & LINE_IS_SURE) !== 0;
    list.credit = doubles[(at >> 1) + LINE_CREDIT];
    return list;
  }

  /** Where the numbers of a call begin in `draws`, counted in numbers. */
  drawsFrom(index: number): number {
    return index === 0 ? 0 : this.lines[(index - 1) * LINE_STRIDE + LINE_DRAWS];
  }

  /** Accesses of the calls from `first` up to `end`. */
  accessesOf(first: number, end: number): number {
    return this.lines[(end - 1) * LINE_STRIDE + LINE_COUNT] - this.lines[first * LINE_STRIDE + LINE_FROM];
  }

  /** The end of the calls from `first` on, up to `end`, that have at most so many accesses; the first counts in any case. */
  fewer(first: number, end: number, accesses: number): number {
    let until = end;
    while (until > first + 1 && this.accessesOf(first, until) > accesses) until--;
    return until;
  }

  /** All calls are put away. */
  end(era: number): void {
    this.header[ERA] = era;
  }

  // --- who has it ---

  /** The thread that claimed it begins; false when it has been done elsewhere. */
  begin(): boolean {
    if (Atomics.compareExchange(this.header, STATE, SLICE_FREE, SLICE_BEGUN) === SLICE_FREE) return true;
    Atomics.store(this.header, STATE, SLICE_FREE);
    return false;
  }

  /** The thread that claimed it has done it. */
  finish(): void {
    if (Atomics.compareExchange(this.header, STATE, SLICE_BEGUN, SLICE_READY) !== SLICE_BEGUN)
      Atomics.store(this.header, STATE, SLICE_FREE);
  }

  isReady(): boolean {
    return Atomics.load(this.header, STATE) === SLICE_READY;
  }

  isFree(): boolean {
    return Atomics.load(this.header, STATE) === SLICE_FREE;
  }

  /** It is somebody's who is long at it: the main thread will do it elsewhere. False when it is ready after all. */
  steal(): boolean {
    const { header } = this;
    return (
      Atomics.compareExchange(header, STATE, SLICE_FREE, SLICE_STOLEN) === SLICE_FREE ||
      Atomics.compareExchange(header, STATE, SLICE_BEGUN, SLICE_STOLEN) === SLICE_BEGUN
    );
  }

  /** Its calls are ordered, or nobody wants it any more. */
  release(): void {
    Atomics.store(this.header, STATE, SLICE_FREE);
  }
}
