/**
 * The accesses of calls being planned, in program order, as parallel typed arrays: those of one call stand from `from` up to `count`. The planner
 * appends, the ordering pass reads. Those of a slice of calls that is planned ahead are in shared memory. No meaning of its own.
 */
import type { CommuteOp } from "../module.ts";
import { FULL } from "./roles.ts";

export const MODE_READ = 1;
export const MODE_WRITE = 2;
export const MODE_DELTA = 4;
/** A read that happens only if the Δ at `of` isn't cleared. */
export const MODE_READ_ELSE = 8;
/** Updates that commute with their own kind only and never fail: `|=`, `&=`, `min=`, `max=`. Bits 16 and 32 belong to `links.ts`. */
export const MODE_OR = 64;
export const MODE_AND = 128;
export const MODE_MIN = 256;
export const MODE_MAX = 512;
export const MODES_COMMUTE = MODE_OR | MODE_AND | MODE_MIN | MODE_MAX;

/** The mode of `Planner.commute`. */
export function modeOfCommute(op: CommuteOp): number {
  return MODE_OR << (op - 1);
}

/** Doubles per access: down, up, floor, ceiling. */
export const AMOUNTS = 4;

/** Words of an access: word, column, slot, field, mode, of, node. */
const ACCESS_WORDS = 7;
const FIRST_CAPACITY = 256;

export class AccessList {
  /** The present call's first access, and the one behind its last. */
  from = 0;
  count = 0;
  /** Accesses without a slot. */
  unresolved = 0;
  /** Conditional reads. */
  conditional = 0;
  deltas = 0;
  /** Δs whose amount is the upper end of some cell. */
  bounds = 0;
  /** Updates that commute with their own kind. */
  commutes = 0;
  /** Words without an access that are filled right before the call runs. */
  open = 0;
  /** Nothing but a Δ that isn't cleared can make the call fail. */
  sure = false;
  /** Coin that comes with the call, rounded down: the amount of its first access, which credits it. 0 when there is none. */
  credit = 0;
  word: Int32Array;
  column: Int32Array;
  /** Slot, or -1. */
  slot: Int32Array;
  /** Field of the contract whose accesses may be unresolved; -1 for others. */
  field: Int32Array;
  mode: Int32Array;
  /** Word of the Δ that a conditional read belongs to; of a Δ whose amount is NaN, the access whose cell's upper end it is. */
  of: Int32Array;
  /** Set by the ordering pass. */
  node: Int32Array;
  amounts: Float64Array;
  #capacity: number;
  readonly #shared: boolean;

  /** In this buffer, which then is all the room there is; or in memory of its own, which grows. */
  constructor(buffer: SharedArrayBuffer | undefined) {
    this.#shared = buffer !== undefined;
    this.#capacity = buffer === undefined ? FIRST_CAPACITY : capacityOf(buffer);
    const capacity = this.#capacity;
    const place = (index: number): Int32Array =>
      buffer === undefined ? new Int32Array(capacity) : new Int32Array(buffer, capacity * (AMOUNTS * 8 + index * 4), capacity);
    this.word = place(0);
    this.column = place(1);
    this.slot = place(2);
    this.field = place(3);
    this.mode = place(4);
    this.of = place(5);
    this.node = place(6);
    this.amounts = buffer === undefined ? new Float64Array(capacity * AMOUNTS) : new Float64Array(buffer, 0, capacity * AMOUNTS);
  }

  clear(): void {
    this.count = 0;
    this.begin();
  }

  /** Another call's accesses follow those that are there. */
  begin(): void {
    this.from = this.count;
    this.unresolved = 0;
    this.conditional = 0;
    this.deltas = 0;
    this.bounds = 0;
    this.commutes = 0;
    this.open = 0;
    this.sure = false;
    this.credit = 0;
  }

  /** As if nothing had been added since `begin`. */
  takeBack(): void {
    this.count = this.from;
    this.begin();
  }

  /** Appends one; returns its position. */
  add(word: number, column: number, slot: number, field: number, mode: number): number {
    const at = this.count;
    if (at === this.#capacity) this.#grow();
    this.count = at + 1;
    this.word[at] = word;
    this.column[at] = column;
    this.slot[at] = slot;
    this.field[at] = field;
    this.mode[at] = mode;
    if (slot < 0) this.unresolved++;
    return at;
  }

  #grow(): void {
    if (this.#shared) throw FULL;
    const capacity = this.#capacity * 2;
    const bigger = (from: Int32Array): Int32Array => {
      const to = new Int32Array(capacity);
      to.set(from);
      return to;
    };
    this.word = bigger(this.word);
    this.column = bigger(this.column);
    this.slot = bigger(this.slot);
    this.field = bigger(this.field);
    this.mode = bigger(this.mode);
    this.of = bigger(this.of);
    this.node = bigger(this.node);
    const amounts = new Float64Array(capacity * AMOUNTS);
    amounts.set(this.amounts);
    this.amounts = amounts;
    this.#capacity = capacity;
  }
}

/** A buffer for so many accesses, an even number. */
export function createAccessBuffer(accesses: number): SharedArrayBuffer {
  return new SharedArrayBuffer(accesses * (AMOUNTS * 8 + ACCESS_WORDS * 4));
}

function capacityOf(buffer: SharedArrayBuffer): number {
  return buffer.byteLength / (AMOUNTS * 8 + ACCESS_WORDS * 4);
}
