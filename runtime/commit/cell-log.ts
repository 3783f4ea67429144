/**
 * Values of cells right before a call that may change them, noted by the thread that runs the call, when the planner couldn't know which cells
 * these are or couldn't read them in time. One log per executing thread, in shared memory; the journal takes them in at the segment's end.
 */
import { CapacityError } from "../state/capacity-error.ts";
import type { Column } from "../state/column.ts";

/** Words per entry: call, column, slot, eight words of value. */
export const LOG_STRIDE = 12;
export const LOG_CALL = 0;
export const LOG_COLUMN = 1;
export const LOG_SLOT = 2;
export const LOG_VALUE = 3;

/** Takes the value a cell has right before a call may change it. */
export interface OldValues {
  keep(call: number, column: Column, slot: number): void;
}

export function createCellLog(entries: number): SharedArrayBuffer {
  return new SharedArrayBuffer((entries + 1) * LOG_STRIDE * 4);
}

export class CellLog implements OldValues {
  /** Word 0 is the number of entries; entry i begins at `(i + 1) * LOG_STRIDE`. */
  readonly words: Uint32Array;
  private readonly capacity: number;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Uint32Array(buffer);
    this.capacity = this.words.length / LOG_STRIDE - 1;
  }

  count(): number {
    return this.words[0];
  }

  clear(): void {
    this.words[0] = 0;
  }

  keep(call: number, column: Column, slot: number): void {
    const entry = this.words[0];
    if (entry >= this.capacity) throw new CapacityError("late entries of the journal", this.capacity);
    const { words } = this;
    const at = (entry + 1) * LOG_STRIDE;
    words[at + LOG_CALL] = call;
    words[at + LOG_COLUMN] = column.id;
    words[at + LOG_SLOT] = slot;
    const from = slot << column.shift;
    const count = 1 << column.shift;
    for (let i = 0; i < count; i++) words[at + LOG_VALUE + i] = column.u32[from + i];
    words[0] = entry + 1;
  }
}
