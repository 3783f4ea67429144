/**
 * Updates that commute with their own kind (`|=`, `&=`, `min=`, `max=`), kept until the call has succeeded and then done at once, beside other threads
 * that may be updating the same cells in the same way. Nobody reads such a cell meanwhile: the schedule sees to it. Nothing of a failed call gets here.
 */
import type { CommuteOp } from "../module.ts";
import type { Column } from "../state/column.ts";
import type { Locks } from "../state/locks.ts";
import { MAX_U64 } from "../values/big.ts";

const OP_OR: CommuteOp = 1;
const OP_AND: CommuteOp = 2;
const OP_MIN: CommuteOp = 3;

/** Numbers per update: column, slot, what is done. */
const STRIDE = 3;
const LANES = 4;
const WORDS = LANES * 2;

export class Commutes {
  count = 0;
  private readonly columns: readonly Column[];
  private readonly locks: Locks;
  private where = new Int32Array(16 * STRIDE);
  private lanes = new BigUint64Array(16 * LANES);
  private words = new Uint32Array(this.lanes.buffer);

  /** `columns`: all of the state. */
  constructor(columns: readonly Column[], locks: Locks) {
    this.columns = columns;
    this.locks = locks;
  }

  clear(): void {
    this.count = 0;
  }

  add(column: Column, slot: number, op: CommuteOp, value: number | bigint): void {
    if (this.count * STRIDE === this.where.length) this.grow();
    const entry = this.count++;
    const { where, lanes, words } = this;
    where[entry * STRIDE] = column.id;
    where[entry * STRIDE + 1] = slot;
    where[entry * STRIDE + 2] = op;
    if (column.lanes === 0) {
      words[entry * WORDS] = Number(value);
      return;
    }
    const lane = entry * LANES;
    const big = BigInt(value);
    lanes[lane] = big;
    const small = big >= 0n && big <= MAX_U64;
    for (let i = 1; i < column.lanes; i++) lanes[lane + i] = small ? 0n : big >> BigInt(64 * i);
  }

  /** Does all updates and forgets them. */
  apply(): void {
    const { where } = this;
    for (let entry = 0; entry < this.count; entry++) {
      const column = this.columns[where[entry * STRIDE]];
      const slot = where[entry * STRIDE + 1];
      const op = where[entry * STRIDE + 2];
      if (op === OP_OR || op === OP_AND) this.applyBits(column, slot, op === OP_OR, entry * WORDS);
      else if (column.lanes === 0) this.applyShort(column, slot, op === OP_MIN, entry * WORDS);
      else this.applyLong(column, slot, op === OP_MIN, entry * WORDS);
    }
    this.count = 0;
  }

  /** Words of a cell don't depend on one another here, so each is changed on its own, and only if it may change. */
  private applyBits(column: Column, slot: number, or: boolean, from: number): void {
    const { i32, shift } = column;
    const to = slot << shift;
    for (let i = 0; i < 1 << shift; i++) {
      const word = this.words[from + i] | 0;
      if (or && word !== 0) Atomics.or(i32, to + i, word);
      else if (!or && word !== -1) Atomics.and(i32, to + i, word);
    }
  }

  /** Least or greatest of kinds up to 32 bits. */
  private applyShort(column: Column, slot: number, least: boolean, from: number): void {
    const { i32, signed } = column;
    const word = this.words[from] | 0;
    for (;;) {
      const now = Atomics.load(i32, slot);
      const below = signed ? word < now : word >>> 0 < now >>> 0;
      if (word === now || below !== least || Atomics.compareExchange(i32, slot, now, word) === now) return;
    }
  }

  /** Least or greatest of wider kinds, under the cell's lock. */
  private applyLong(column: Column, slot: number, least: boolean, from: number): void {
    const lock = this.locks.take(column, slot);
    const { u32, shift } = column;
    const to = slot << shift;
    if (this.compare(column, to, from) < 0 === least) for (let i = 0; i < 1 << shift; i++) u32[to + i] = this.words[from + i];
    this.locks.give(lock);
  }

  /** The update's value against the cell's: negative when it is less. */
  private compare(column: Column, to: number, from: number): number {
    const { u32, i32, shift, signed } = column;
    let i = (1 << shift) - 1;
    if (signed && i32[to + i] !== (this.words[from + i] | 0)) return (this.words[from + i] | 0) - i32[to + i];
    for (; i >= 0; i--) if (u32[to + i] !== this.words[from + i]) return this.words[from + i] - u32[to + i];
    return 0;
  }

  private grow(): void {
    const entries = this.count * 2;
    const where = new Int32Array(entries * STRIDE);
    where.set(this.where);
    const lanes = new BigUint64Array(entries * LANES);
    lanes.set(this.lanes);
    this.where = where;
    this.lanes = lanes;
    this.words = new Uint32Array(lanes.buffer);
  }
}
