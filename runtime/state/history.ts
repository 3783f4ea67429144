/**
 * Past values of the cells of one `history` leaf: per cell a chain of checkpoints, newest first, one for each block that changed its value. Beside the
 * checkpoint before it, each has a jump pointer as in skew-binary lists (E. W. Myers, "An applicative random-access stack", Information Processing
 * Letters 17, 1983), so that the value at a height is found in O(log n) steps.
 * Only the owner appends, between blocks; while blocks run, any thread reads, without locks. Checkpoints are never changed or taken back.
 */
import { CapacityError } from "./capacity-error.ts";
import type { Column } from "./column.ts";

/** What can be sent to a worker. */
export interface HistoryBuffers {
  readonly name: string;
  /** Newest checkpoint by slot, 0 none. Word 0 is the number of checkpoints. */
  readonly heads: SharedArrayBuffer;
  readonly checkpoints: SharedArrayBuffer;
}

/** Words of a checkpoint: the one before it, its jump, how many are before it and itself, the block's height in two halves, the value. */
const BEFORE = 0;
const JUMP = 1;
const DEPTH = 2;
const HEIGHT = 3;
const VALUE = 5;
const TWO_32 = 4294967296;

/** Checkpoints per entry that fit, on average; and some for tables of few entries. Plain reservation. */
const PER_ENTRY = 2;
const SPARE = 1 << 16;

export function createHistory(name: string, column: Column, capacity: number): HistoryBuffers {
  const stride = VALUE + (1 << column.shift);
  return {
    name,
    heads: new SharedArrayBuffer(column.slots * 4),
    checkpoints: new SharedArrayBuffer((capacity * PER_ENTRY + SPARE + 1) * stride * 4),
  };
}

export class History {
  readonly buffers: HistoryBuffers;
  readonly capacity: number;
  private readonly column: Column;
  private readonly heads: Int32Array;
  private readonly words: Uint32Array;
  private readonly stride: number;
  private readonly values: number;

  constructor(buffers: HistoryBuffers, column: Column) {
    this.buffers = buffers;
    this.column = column;
    this.heads = new Int32Array(buffers.heads);
    this.words = new Uint32Array(buffers.checkpoints);
    this.values = 1 << column.shift;
    this.stride = VALUE + this.values;
    this.capacity = Math.floor(this.words.length / this.stride) - 1;
  }

  /** Whether the cell has ever had another value than its default at the end of a block. */
  has(slot: number): boolean {
    return this.heads[slot] !== 0;
  }

  /** Throws CapacityError when so many checkpoints more don't fit. */
  checkRoom(more: number): void {
    if (this.heads[0] + more > this.capacity) throw new CapacityError(`past values of ${this.buffers.name}`, this.capacity);
  }

  /** The cell's present value is the one at the end of the block at this height, which is above those of all its checkpoints. Owner only. */
  append(slot: number, height: number): void {
    this.checkRoom(1);
    const { words, stride, values, heads } = this;
    const checkpoint = heads[0] + 1;
    const before = heads[slot];
    const at = checkpoint * stride;
    words[at + BEFORE] = before;
    words[at + JUMP] = this.jumpOver(before);
    words[at + DEPTH] = words[before * stride + DEPTH] + 1;
    words[at + HEIGHT] = height % TWO_32;
    words[at + HEIGHT + 1] = Math.floor(height / TWO_32);
    const from = slot << this.column.shift;
    for (let i = 0; i < values; i++) words[at + VALUE + i] = this.column.u32[from + i];
    heads[0] = checkpoint;
    heads[slot] = checkpoint;
  }

  /** Where the checkpoint after this one jumps to: further back when the two jumps before it are of one length. */
  private jumpOver(before: number): number {
    const { words, stride } = this;
    const jump = words[before * stride + JUMP];
    const next = words[jump * stride + JUMP];
    const length = words[before * stride + DEPTH] - words[jump * stride + DEPTH];
    return length === words[jump * stride + DEPTH] - words[next * stride + DEPTH] ? next : before;
  }

  /** The value at the end of the block at this height: the default before the first checkpoint. */
  valueAt(slot: number, height: number): bigint {
    const { words, stride } = this;
    let checkpoint = this.heads[slot];
    // Checkpoint 0 stands for the time before the first one; its height is 0.
    while (checkpoint !== 0 && this.heightOf(checkpoint) > height) {
      const jump = words[checkpoint * stride + JUMP];
      checkpoint = this.heightOf(jump) > height ? jump : words[checkpoint * stride + BEFORE];
    }
    return checkpoint === 0 ? 0n : this.valueIn(checkpoint);
  }

  /** All checkpoints of a cell, newest first. */
  *checkpointsOf(slot: number): Generator<{ readonly height: number; readonly value: bigint }> {
    for (let checkpoint = this.heads[slot]; checkpoint !== 0; checkpoint = this.words[checkpoint * this.stride + BEFORE])
      yield { height: this.heightOf(checkpoint), value: this.valueIn(checkpoint) };
  }

  private heightOf(checkpoint: number): number {
    const at = checkpoint * this.stride + HEIGHT;
    return this.words[at + 1] * TWO_32 + this.words[at];
  }

  private valueIn(checkpoint: number): bigint {
    const at = checkpoint * this.stride + VALUE;
    const { words, column } = this;
    let value = 0n;
    for (let i = this.values - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[at + i]);
    return column.signed ? BigInt.asIntN(this.values * 32, value) : value;
  }
}
