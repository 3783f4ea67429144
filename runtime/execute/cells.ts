/**
 * Loads, stores and Δ of the running call by record word, with the undo log that takes them back. The middle part of ExecContext. It can
 * reach only cells whose access words the plan filled in, or, where no plan could compute a key, cells of the same field; any other word ends in an
 * InternalError.
 */
import type { LeafIndex, WordIndex } from "../module.ts";
import type { StateMemory } from "../state/state.ts";
import type { Column } from "../state/column.ts";
import { readBig, writeBig } from "../state/column.ts";
import { MAX_U64 } from "../values/big.ts";
import { InternalError } from "./internal-error.ts";
import { CALL_WRITES } from "./limits.ts";
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, PARTIAL_LANES } from "./memory.ts";
import type { Partials } from "./memory.ts";
import { Messages } from "./messages.ts";

/** Numbers per undo entry: column id (-1: partial sum), first 32-bit word, number of words. */
const UNDO = 3;
/** `node << PARTIAL_SHIFT` is the first 32-bit word of a partial sum. */
const PARTIAL_SHIFT = 3;

export class Cells extends Messages {
  /** Instance number of the running contract: the slot of its unkeyed cells. */
  protected instance: number;
  protected words: Int32Array;
  protected columns: readonly Column[];
  private readonly allColumns: readonly Column[];
  private partialWords: Uint32Array;
  private undoWhere: Int32Array;
  private undoWords: Uint32Array;
  protected undoCount: number;
  /** Updates that wait for the call's end. */
  protected deferred: number;
  private undoNext: number;
  /** A value split into lanes and words. */
  private readonly lanes: BigUint64Array;
  private readonly halves: Uint32Array;

  constructor(state: StateMemory) {
    super(state);
    this.instance = 0;
    this.words = new Int32Array(0);
    this.columns = [];
    this.allColumns = state.columns;
    this.partialWords = new Uint32Array(0);
    this.undoWhere = new Int32Array(256 * UNDO);
    this.undoWords = new Uint32Array(256 * 8);
    this.undoCount = 0;
    this.deferred = 0;
    this.undoNext = 0;
    this.lanes = new BigUint64Array(PARTIAL_LANES);
    this.halves = new Uint32Array(this.lanes.buffer);
  }

  protected openCells(words: Int32Array, partials: Partials): void {
    this.words = words;
    this.partialWords = partials.u32;
    this.forget();
  }

  /** The call's effects stay. */
  protected forget(): void {
    this.undoCount = 0;
    this.deferred = 0;
    this.undoNext = 0;
  }

  /** Takes back everything the call did to cells and partial sums, last first. */
  protected undo(): void {
    let next = this.undoNext;
    for (let entry = this.undoCount - 1; entry >= 0; entry--) {
      const id = this.undoWhere[entry * UNDO];
      const from = this.undoWhere[entry * UNDO + 1];
      const count = this.undoWhere[entry * UNDO + 2];
      const target = id < 0 ? this.partialWords : this.allColumns[id].u32;
      next -= count;
      for (let i = 0; i < count; i++) target[from + i] = this.undoWords[next + i];
    }
    this.forget();
  }

  word(index: WordIndex): number {
    return this.words[index];
  }

  cleared(word: WordIndex): boolean {
    const access = this.words[word];
    // Where no plan could tell the cell, the word is a negative mark: its bits say nothing.
    return access > 0 && (access & ACCESS_CLEARED) !== 0;
  }

  loadBool(leaf: LeafIndex, word: WordIndex): boolean {
    return this.columns[leaf].u32[this.slotAt(word)] !== 0;
  }

  load32(leaf: LeafIndex, word: WordIndex): number {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    const value = column.signed ? column.i32[slot] : column.u32[slot];
    return value === 0 ? column.absent : value;
  }

  loadU64(leaf: LeafIndex, word: WordIndex): bigint {
    return this.columns[leaf].u64[this.slotAt(word)];
  }

  loadI64(leaf: LeafIndex, word: WordIndex): bigint {
    return BigInt.asIntN(64, this.columns[leaf].u64[this.slotAt(word)]);
  }

  loadU128(leaf: LeafIndex, word: WordIndex): bigint {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    if ((column.u32[slot * 4 + 2] | column.u32[slot * 4 + 3]) === 0) return column.u64[slot * 2];
    return readBig(column, slot);
  }

  loadI128(leaf: LeafIndex, word: WordIndex): bigint {
    return this.loadU128(leaf, word);
  }

  loadU256(leaf: LeafIndex, word: WordIndex): bigint {
    return big256(this.columns[leaf], this.slotAt(word));
  }

  loadI256(leaf: LeafIndex, word: WordIndex): bigint {
    return big256(this.columns[leaf], this.slotAt(word));
  }

  loadBytes(leaf: LeafIndex, word: WordIndex): Uint8Array {
    return this.state.arena.load(this.columns[leaf], this.slotAt(word));
  }

  immutableBool(leaf: LeafIndex): boolean {
    return this.columns[leaf].u32[this.instance] !== 0;
  }

  immutable32(leaf: LeafIndex): number {
    const column = this.columns[leaf];
    const value = column.signed ? column.i32[this.instance] : column.u32[this.instance];
    return value === 0 ? column.absent : value;
  }

  immutableBig(leaf: LeafIndex): bigint {
    const column = this.columns[leaf];
    return column.lanes === 4 ? big256(column, this.instance) : readBig(column, this.instance);
  }

  immutableBytes(leaf: LeafIndex): Uint8Array {
    return this.state.arena.load(this.columns[leaf], this.instance);
  }

  storeBool(leaf: LeafIndex, word: WordIndex, value: boolean): void {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    this.keepWord(column, slot);
    column.u32[slot] = value ? 1 : 0;
  }

  store32(leaf: LeafIndex, word: WordIndex, value: number): void {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    this.keepWord(column, slot);
    column.i32[slot] = value === column.absent ? 0 : value;
  }

  store64(leaf: LeafIndex, word: WordIndex, value: bigint): void {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    this.keep(column, slot * 2, 2);
    column.u64[slot] = value;
  }

  /**
   * The sum with 0 keeps V8's optimizing compiler (Node 20) from taking the greater of two loads for a value of one machine word when it shifts it: it ends
   * the process there ("RepresentationChangerError").
   */
  store128(leaf: LeafIndex, word: WordIndex, value: bigint): void {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    this.keep(column, slot * 4, 4);
    column.u64[slot * 2] = value;
    column.u64[slot * 2 + 1] = value <= MAX_U64 && value >= 0n ? 0n : (value + 0n) >> 64n;
  }

  store256(leaf: LeafIndex, word: WordIndex, value: bigint): void {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    this.keep(column, slot * 8, 8);
    const lane = slot * 4;
    column.u64[lane] = value;
    if (value <= MAX_U64 && value >= 0n) {
      column.u64[lane + 1] = 0n;
      column.u64[lane + 2] = 0n;
      column.u64[lane + 3] = 0n;
      return;
    }
    const wide = value + 0n;
    column.u64[lane + 1] = wide >> 64n;
    column.u64[lane + 2] = wide >> 128n;
    column.u64[lane + 3] = wide >> 192n;
  }

  /** False, and nothing is done, when the value is longer than the leaf takes. */
  protected putBytesCell(leaf: LeafIndex, word: WordIndex, value: Uint8Array): boolean {
    const column = this.columns[leaf];
    const slot = this.slotAt(word);
    if (value.length > column.maxBytes) return false;
    this.keep(column, slot * 2, 2);
    this.state.arena.store(column, slot, value);
    return true;
  }

  clear(leaf: LeafIndex, word: WordIndex): void {
    const column = this.columns[leaf];
    const from = this.slotAt(word) << column.shift;
    const count = 1 << column.shift;
    this.keep(column, from, count);
    for (let i = 0; i < count; i++) column.u32[from + i] = 0;
  }

  add32(leaf: LeafIndex, word: WordIndex, value: number): boolean {
    const column = this.columns[leaf];
    const access = this.words[word];
    if ((access & ACCESS_PARTIAL) !== 0) {
      // A 32-bit amount as a lane: the sign fills the upper half.
      this.halves[0] = value;
      this.halves[1] = value < 0 ? 0xffffffff : 0;
      return this.addPartial(access, 2);
    }
    if (access <= 0) throw footprint(word, access);
    const slot = access >>> ACCESS_SHIFT;
    const sum = (column.signed ? column.i32[slot] : column.u32[slot]) + value;
    if ((sum < column.min || sum > column.max) && (access & ACCESS_CLEARED) === 0) return false;
    this.keepWord(column, slot);
    column.i32[slot] = sum;
    return true;
  }

  sub32(leaf: LeafIndex, word: WordIndex, value: number): boolean {
    return this.add32(leaf, word, -value);
  }

  add64(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    return this.addLow(leaf, word, value) || this.addLanes(leaf, word, value, 1);
  }

  sub64(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    return this.subLow(leaf, word, value) || this.addLanes(leaf, word, -value, 1);
  }

  add128(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    return this.addLow(leaf, word, value) || this.addLanes(leaf, word, value, 2);
  }

  sub128(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    return this.subLow(leaf, word, value) || this.addLanes(leaf, word, -value, 2);
  }

  add256(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    return this.addLow(leaf, word, value) || this.addLanes(leaf, word, value, 4);
  }

  sub256(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    return this.subLow(leaf, word, value) || this.addLanes(leaf, word, -value, 4);
  }

  /**
   * The common case of unsigned columns: the amount fits one lane and so does the sum of the lowest lanes, so no other lane changes and no bigint is
   * made. False when it isn't that case; then nothing was done.
   */
  private addLow(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    const access = this.words[word];
    const column = this.columns[leaf];
    if (access <= 0 || column.signed || value > MAX_U64) return false;
    const partial = (access & ACCESS_PARTIAL) !== 0;
    const target = partial ? this.partialWords : column.u32;
    const from = (access >>> ACCESS_SHIFT) << (partial ? PARTIAL_SHIFT : column.shift);
    this.lanes[0] = value;
    const low = target[from] + this.halves[0];
    const high = target[from + 1] + this.halves[1] + (low > 0xffff_ffff ? 1 : 0);
    if (high > 0xffff_ffff) return false;
    this.keepWords(target, partial ? -1 : column.id, from, 2);
    target[from] = low;
    target[from + 1] = high;
    return true;
  }

  /** The same for a debit that the lowest lane covers. */
  private subLow(leaf: LeafIndex, word: WordIndex, value: bigint): boolean {
    const access = this.words[word];
    const column = this.columns[leaf];
    if (access <= 0 || column.signed || value > MAX_U64) return false;
    const partial = (access & ACCESS_PARTIAL) !== 0;
    const target = partial ? this.partialWords : column.u32;
    const from = (access >>> ACCESS_SHIFT) << (partial ? PARTIAL_SHIFT : column.shift);
    this.lanes[0] = value;
    const low = target[from] - this.halves[0];
    const high = target[from + 1] - this.halves[1] - (low < 0 ? 1 : 0);
    if (high < 0) return false;
    this.keepWords(target, partial ? -1 : column.id, from, 2);
    target[from] = low;
    target[from + 1] = high;
    return true;
  }

  /** cell += value for columns of lanes: into the partial sum, or in place with its check. `value` may be negative for any column. */
  private addLanes(leaf: LeafIndex, word: WordIndex, value: bigint, lanes: number): boolean {
    const access = this.words[word];
    if (access <= 0) throw footprint(word, access);
    if ((access & ACCESS_PARTIAL) !== 0) {
      const wide = value + 0n;
      this.lanes[0] = value;
      if (lanes > 1) this.lanes[1] = wide >> 64n;
      if (lanes > 2) {
        this.lanes[2] = wide >> 128n;
        this.lanes[3] = wide >> 192n;
      }
      return this.addPartial(access, lanes * 2);
    }
    const column = this.columns[leaf];
    const slot = access >>> ACCESS_SHIFT;
    const sum = readBig(column, slot) + value;
    // A cleared Δ runs without its check (rule E5): the plan has shown that the settled sum fits.
    if ((sum < column.lowest || sum > column.highest) && (access & ACCESS_CLEARED) === 0) return false;
    this.keep(column, slot << column.shift, 1 << column.shift);
    writeBig(column, slot, sum);
    return true;
  }

  /** Adds the first `count` words of `halves` to this thread's partial sum. */
  private addPartial(access: number, count: number): boolean {
    if (access <= 0) throw new InternalError("footprint violation: a partial sum without a node");
    const from = (access >>> ACCESS_SHIFT) * PARTIAL_LANES * 2;
    const sums = this.partialWords;
    this.keepWords(sums, -1, from, count);
    let carry = 0;
    for (let i = 0; i < count; i++) {
      const sum = sums[from + i] + this.halves[i] + carry;
      sums[from + i] = sum;
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
    return true;
  }

  /** The slot of a load or store: such accesses are never cleared or partial. */
  protected slotAt(word: WordIndex): number {
    const access = this.words[word];
    if (access <= 0 || (access & (ACCESS_CLEARED | ACCESS_PARTIAL)) !== 0) throw footprint(word, access);
    return access >>> ACCESS_SHIFT;
  }

  private keep(column: Column, from: number, count: number): void {
    this.keepWords(column.u32, column.id, from, count);
  }

  private keepWord(column: Column, slot: number): void {
    this.keepWords(column.u32, column.id, slot, 1);
  }

  private keepWords(source: Uint32Array, id: number, from: number, count: number): void {
    const next = this.undoNext;
    if (this.undoCount + this.deferred >= CALL_WRITES) throw this.outOfGas();
    if (this.undoCount * UNDO === this.undoWhere.length || next + count > this.undoWords.length) this.growUndo();
    const at = this.undoCount++ * UNDO;
    this.undoWhere[at] = id;
    this.undoWhere[at + 1] = from;
    this.undoWhere[at + 2] = count;
    for (let i = 0; i < count; i++) this.undoWords[next + i] = source[from + i];
    this.undoNext = next + count;
  }

  private growUndo(): void {
    const entries = (this.undoWhere.length / UNDO) * 2;
    const where = new Int32Array(entries * UNDO);
    where.set(this.undoWhere);
    const words = new Uint32Array(entries * 8);
    words.set(this.undoWords);
    this.undoWhere = where;
    this.undoWords = words;
  }
}

export function footprint(word: WordIndex, access: number): InternalError {
  return new InternalError(`footprint violation: record word ${word} holds ${access}`);
}

function upperIsZero(u32: Uint32Array, at: number): boolean {
  return (u32[at + 2] | u32[at + 3] | u32[at + 4] | u32[at + 5] | u32[at + 6] | u32[at + 7]) === 0;
}

function big256(column: Column, slot: number): bigint {
  return upperIsZero(column.u32, slot * 8) ? column.u64[slot * 4] : readBig(column, slot);
}
