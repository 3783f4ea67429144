/**
 * The cells that a block's calls touch, numbered densely in order of first touch. A node is one cache line: interval, last barrier, calls
 * since, flags. Beside it stands the cell's value at block start, for the journal.
 * Only the planning thread writes nodes; executing threads read column and slot of those they fold. No decision is made here.
 */
import type { OldValues } from "../commit/cell-log.ts";
import { MODES_COMMUTE } from "../plan/access-list.ts";
import type { Column } from "../state/column.ts";
import { CapacityError } from "../state/capacity-error.ts";
import { isBytesKind } from "../state/column.ts";
import { toDoubleDown } from "../values/big.ts";

/** 32-bit words of a node; the first four are its two doubles. */
export const NODE_STRIDE = 16;
export const NODE_DOUBLES = 8;
export const NODE_LOW = 0;
export const NODE_HIGH = 1;
export const NODE_COLUMN = 4;
export const NODE_SLOT = 5;
/** The call that all later ones on this cell wait for; -1 none. */
export const NODE_GATE = 6;
/** Calls since the gate, all readers or all cleared Δs: index in the links; 0 none. */
export const NODE_LIST = 7;
export const NODE_FLAGS = 8;
/** The call that touched it last, and how (MODE_…). */
export const NODE_CALL = 9;
export const NODE_MODE = 10;
/** Epoch of its field when last brought up to date. */
export const NODE_EPOCH = 11;
/** Next node of the same field and epoch, plus 1. */
export const NODE_NEXT = 12;
/** The access word of the call that touched it last. */
export const NODE_PLACE = 13;
/** The last call whose cleared Δ of it adds in place, if the list holds Δs. */
export const NODE_ADDER = 14;

/** The list holds Δs, not readers. */
export const FLAG_DELTAS = 1;
/** Some Δ since the gate went to partial sums. */
export const FLAG_PARTIALS = 2;
/** `old` holds the value at block start. */
export const FLAG_OLD = 4;
/** Some call of the block may change the cell. */
export const FLAG_WRITTEN = 8;
/** Low and high are set. */
export const FLAG_RANGED = 16;
/** The value at block start was or will be recorded by an executing thread. */
export const FLAG_LATE = 32;
/** It is in the list of nodes to be folded at the end. */
export const FLAG_LISTED = 1024;
/** The list holds updates of one commutative kind: the flag is the mode's bit. Lists without any of these and FLAG_DELTAS hold readers. */
export const FLAGS_COMMUTE = MODES_COMMUTE;
export const FLAGS_KIND = FLAG_DELTAS | FLAGS_COMMUTE;

/** Words kept of a cell's old value. */
export const OLD_WORDS = 8;

/** Marks count up over blocks; they begin anew before they could leave 32 bits. */
const MARK_LIMIT = 2 ** 30;

export class Nodes implements OldValues {
  readonly capacity: number;
  readonly ints: Int32Array;
  readonly doubles: Float64Array;
  readonly old: Uint32Array;
  /** By column and slot: `base` plus the node's number; less than `base` when the cell has no node. */
  readonly marks: Int32Array[] = [];
  /** By column: limits of the kind as doubles, the upper one rounded down. */
  readonly lowest: number[] = [];
  readonly highest: number[] = [];
  base = 1;
  count = 0;
  /** Nodes that had partial sums, each once. */
  readonly folds: Int32Array;
  foldCount = 0;

  /** `folds` has a word for each node that fits into `buffer`. */
  constructor(buffer: SharedArrayBuffer, folds: SharedArrayBuffer) {
    this.folds = new Int32Array(folds);
    this.capacity = buffer.byteLength / (NODE_STRIDE * 4);
    this.ints = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.old = new Uint32Array(new SharedArrayBuffer(this.capacity * OLD_WORDS * 4));
  }

  /** Tells of a new column; its number is its position. */
  addColumn(column: Column): void {
    this.marks.push(new Int32Array(new SharedArrayBuffer(column.slots * 4)));
    const { kind } = column;
    const integer = !isBytesKind(kind) && kind !== "sequence32" && kind !== "sequence64";
    this.lowest.push(integer ? Number(column.lowest) : 0);
    this.highest.push(integer ? toDoubleDown(column.highest) : 0);
  }

  /** The cell's node, or -1. */
  find(column: number, slot: number): number {
    const node = this.marks[column][slot] - this.base;
    return node < 0 ? -1 : node;
  }

  /** A new node for a cell that has none. */
  create(column: number, slot: number): number {
    const node = this.count;
    if (node >= this.capacity) throw new CapacityError("nodes of a block", this.capacity);
    this.count = node + 1;
    this.marks[column][slot] = this.base + node;
    const at = node * NODE_STRIDE;
    const ints = this.ints;
    ints[at + NODE_COLUMN] = column;
    ints[at + NODE_SLOT] = slot;
    ints[at + NODE_GATE] = -1;
    ints[at + NODE_LIST] = 0;
    ints[at + NODE_FLAGS] = 0;
    ints[at + NODE_CALL] = -1;
    ints[at + NODE_MODE] = 0;
    ints[at + NODE_EPOCH] = 0;
    ints[at + NODE_NEXT] = 0;
    return node;
  }

  /** Keeps the cell's present value as the one at block start. */
  saveOld(node: number, column: Column, slot: number): void {
    const from = slot << column.shift;
    const source = column.u32;
    const { old } = this;
    const to = node * OLD_WORDS;
    // Written out: a loop takes three times as long.
    old[to] = source[from];
    if (column.shift > 0) old[to + 1] = source[from + 1];
    if (column.shift > 1) {
      old[to + 2] = source[from + 2];
      old[to + 3] = source[from + 3];
    }
    if (column.shift > 2) {
      old[to + 4] = source[from + 4];
      old[to + 5] = source[from + 5];
      old[to + 6] = source[from + 6];
      old[to + 7] = source[from + 7];
    }
    this.ints[node * NODE_STRIDE + NODE_FLAGS] |= FLAG_OLD;
  }

  /** Runs without an order: keeps the value of a cell that may change now for the first time in the block. */
  keep(_call: number, column: Column, slot: number): void {
    if (this.marks[column.id][slot] >= this.base) return;
    const node = this.create(column.id, slot);
    this.saveOld(node, column, slot);
    this.ints[node * NODE_STRIDE + NODE_FLAGS] |= FLAG_WRITTEN;
  }

  /** The cell has partial sums from here on. */
  usePartials(node: number): void {
    const at = node * NODE_STRIDE + NODE_FLAGS;
    const flags = this.ints[at];
    if ((flags & FLAG_LISTED) === 0) this.folds[this.foldCount++] = node;
    this.ints[at] = flags | FLAG_PARTIALS | FLAG_LISTED;
  }

  /** The cell may have any value of its type from here on. */
  setAnyValue(node: number): void {
    const at = node * NODE_STRIDE;
    const column = this.ints[at + NODE_COLUMN];
    this.ints[at + NODE_FLAGS] |= FLAG_WRITTEN | FLAG_RANGED;
    this.doubles[node * NODE_DOUBLES + NODE_LOW] = this.lowest[column];
    this.doubles[node * NODE_DOUBLES + NODE_HIGH] = this.highest[column];
  }

  /** Forgets all nodes. */
  reset(): void {
    this.base += this.count;
    this.count = 0;
    this.foldCount = 0;
    if (this.base < MARK_LIMIT) return;
    // New memory costs nothing before it is touched; wiping would touch all that is reserved, and take as long as that is large.
    for (let column = 0; column < this.marks.length; column++)
      this.marks[column] = new Int32Array(new SharedArrayBuffer(this.marks[column].byteLength));
    this.base = 1;
  }
}
