/**
 * The accesses of the call being planned, in program order, as parallel typed arrays. The planner appends, the ordering pass reads and
 * empties. No meaning of its own.
 */
import type { CommuteOp } from "../module.ts";

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

export class AccessList {
  count = 0;
  /** Accesses without a slot. */
  unresolved = 0;
  /** Conditional reads. */
  conditional = 0;
  deltas = 0;
  /** Updates that commute with their own kind. */
  commutes = 0;
  /** Words without an access that are filled right before the call runs. */
  open = 0;
  /** Nothing but a Δ that isn't cleared can make the call fail. */
  sure = false;
  /** Coin that comes with the call, rounded down: the amount of access 0, which credits it. 0 when there is none. */
  credit = 0;
  word: Int32Array;
  column: Int32Array;
  /** Slot, or -1. */
  slot: Int32Array;
  /** Field of the contract whose accesses may be unresolved; -1 for others. */
  field: Int32Array;
  mode: Int32Array;
  /** Word of the Δ that a conditional read belongs to. */
  of: Int32Array;
  /** Set by the ordering pass. */
  node: Int32Array;
  amounts: Float64Array;
  #capacity: number;

  constructor() {
    this.#capacity = 256;
    this.word = new Int32Array(256);
    this.column = new Int32Array(256);
    this.slot = new Int32Array(256);
    this.field = new Int32Array(256);
    this.mode = new Int32Array(256);
    this.of = new Int32Array(256);
    this.node = new Int32Array(256);
    this.amounts = new Float64Array(256 * AMOUNTS);
  }

  clear(): void {
    this.count = 0;
    this.unresolved = 0;
    this.conditional = 0;
    this.deltas = 0;
    this.commutes = 0;
    this.open = 0;
    this.sure = false;
    this.credit = 0;
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
