/**
 * The journal of a pending block: cells and the values they had before. Taking all entries back, last first, restores the state before the
 * block; the first entry of a cell holds its value at block start. A swap keeps the values it takes out, so that it can be swapped in again.
 * Owned by the planning thread; filled at each segment's end, when no call runs.
 */
import type { Column } from "../state/column.ts";
import type { Nodes } from "../schedule/nodes.ts";
import { FLAG_OLD, NODE_COLUMN, NODE_FLAGS, NODE_SLOT, NODE_STRIDE, OLD_WORDS } from "../schedule/nodes.ts";
import type { CellLog } from "./cell-log.ts";
import { LOG_CALL, LOG_COLUMN, LOG_SLOT, LOG_STRIDE, LOG_VALUE } from "./cell-log.ts";

export class Journal {
  count = 0;
  private columnOf = new Int32Array(1024);
  private slotOf = new Int32Array(1024);
  private values = new Uint32Array(1024 * OLD_WORDS);
  /** Whether the cells hold the values before the block at the moment. */
  private swapped = false;

  clear(): void {
    this.count = 0;
    this.swapped = false;
  }

  column(entry: number): number {
    return this.columnOf[entry];
  }

  slot(entry: number): number {
    return this.slotOf[entry];
  }

  isSwapped(): boolean {
    return this.swapped;
  }

  /** Kept values, and where those of an entry begin. */
  words(): Uint32Array {
    return this.values;
  }

  wordsAt(entry: number): number {
    return entry * OLD_WORDS;
  }

  /** Keeps the cell's present value. */
  addCell(column: Column, slot: number): void {
    const entry = this.append(column.id, slot);
    const words = 1 << column.shift;
    const from = slot << column.shift;
    for (let i = 0; i < words; i++) this.values[entry * OLD_WORDS + i] = column.u32[from + i];
  }

  /** Takes over what a segment's nodes and threads have kept; those of threads came later, in order of their calls. */
  addSegment(nodes: Nodes, logs: readonly CellLog[]): void {
    const { ints, old } = nodes;
    this.reserve(nodes.count);
    for (let node = 0; node < nodes.count; node++) {
      const at = node * NODE_STRIDE;
      if ((ints[at + NODE_FLAGS] & FLAG_OLD) === 0) continue;
      const entry = this.append(ints[at + NODE_COLUMN], ints[at + NODE_SLOT]);
      for (let i = 0; i < OLD_WORDS; i++) this.values[entry * OLD_WORDS + i] = old[node * OLD_WORDS + i];
    }
    this.addLogs(logs);
  }

  private addLogs(logs: readonly CellLog[]): void {
    const late: { readonly log: CellLog; readonly entry: number; readonly call: number }[] = [];
    for (const log of logs) {
      for (let entry = 0; entry < log.count(); entry++) late.push({ log, entry, call: log.words[(entry + 1) * LOG_STRIDE + LOG_CALL] });
      log.clear();
    }
    if (late.length === 0) return;
    // Entries of one call stand in one log, in order; the sort is stable.
    late.sort((a, b) => a.call - b.call);
    for (const { log, entry } of late) {
      const at = (entry + 1) * LOG_STRIDE;
      const to = this.append(log.words[at + LOG_COLUMN], log.words[at + LOG_SLOT]);
      for (let i = 0; i < OLD_WORDS; i++) this.values[to * OLD_WORDS + i] = log.words[at + LOG_VALUE + i];
    }
  }

  /** Exchanges the values of all cells with those before the block, or back. */
  swap(columns: readonly Column[]): void {
    const { count } = this;
    if (this.swapped) for (let entry = 0; entry < count; entry++) this.exchange(columns[this.columnOf[entry]], entry);
    else for (let entry = count - 1; entry >= 0; entry--) this.exchange(columns[this.columnOf[entry]], entry);
    this.swapped = !this.swapped;
  }

  private exchange(column: Column, entry: number): void {
    const words = 1 << column.shift;
    const from = this.slotOf[entry] << column.shift;
    const at = entry * OLD_WORDS;
    const { values } = this;
    const { u32 } = column;
    for (let i = 0; i < words; i++) {
      const value = values[at + i];
      values[at + i] = u32[from + i];
      u32[from + i] = value;
    }
  }

  /** Whether the kept value is the cell's present one. */
  isUnchanged(column: Column, entry: number): boolean {
    const words = 1 << column.shift;
    const from = this.slotOf[entry] << column.shift;
    for (let i = 0; i < words; i++) if (this.values[entry * OLD_WORDS + i] !== column.u32[from + i]) return false;
    return true;
  }

  private append(column: number, slot: number): number {
    if (this.count === this.columnOf.length) this.reserve(1);
    const entry = this.count++;
    this.columnOf[entry] = column;
    this.slotOf[entry] = slot;
    return entry;
  }

  private reserve(entries: number): void {
    const wanted = this.count + entries;
    if (wanted <= this.columnOf.length) return;
    const size = Math.max(wanted, this.columnOf.length * 2);
    const columnOf = new Int32Array(size);
    columnOf.set(this.columnOf.subarray(0, this.count));
    const slotOf = new Int32Array(size);
    slotOf.set(this.slotOf.subarray(0, this.count));
    const values = new Uint32Array(size * OLD_WORDS);
    values.set(this.values.subarray(0, this.count * OLD_WORDS));
    this.columnOf = columnOf;
    this.slotOf = slotOf;
    this.values = values;
  }
}
