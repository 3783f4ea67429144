/**
 * Kept values of cells as growing typed arrays: column, slot, eight words each. The building block of the journal.
 */
import type { Column } from "../state/column.ts";
import { OLD_WORDS } from "../schedule/nodes.ts";

export class EntryList {
  private count = 0;
  private columns = new Int32Array(64);
  private slots = new Int32Array(64);
  private values = new Uint32Array(64 * OLD_WORDS);

  clear(): void {
    this.count = 0;
  }

  /** Eight words are taken, of which the column's kind may use fewer. */
  add(column: number, slot: number, words: Uint32Array, at: number): void {
    const entry = this.append(column, slot);
    for (let i = 0; i < OLD_WORDS; i++) this.values[entry * OLD_WORDS + i] = words[at + i];
  }

  addCell(column: Column, slot: number): void {
    const entry = this.append(column.id, slot);
    const from = slot << column.shift;
    const words = 1 << column.shift;
    for (let i = 0; i < words; i++) this.values[entry * OLD_WORDS + i] = column.u32[from + i];
  }

  exchangeUp(columns: readonly Column[]): void {
    for (let entry = 0; entry < this.count; entry++)
      exchangeCell(columns[this.columns[entry]], this.slots[entry], this.values, entry * OLD_WORDS);
  }

  exchangeDown(columns: readonly Column[]): void {
    for (let entry = this.count - 1; entry >= 0; entry--)
      exchangeCell(columns[this.columns[entry]], this.slots[entry], this.values, entry * OLD_WORDS);
  }

  forEach(visit: (column: number, slot: number, words: Uint32Array, at: number) => void): void {
    for (let entry = 0; entry < this.count; entry++) visit(this.columns[entry], this.slots[entry], this.values, entry * OLD_WORDS);
  }

  private append(column: number, slot: number): number {
    if (this.count === this.columns.length) this.grow();
    const entry = this.count++;
    this.columns[entry] = column;
    this.slots[entry] = slot;
    return entry;
  }

  private grow(): void {
    const size = this.count * 2;
    const columns = new Int32Array(size);
    columns.set(this.columns);
    const slots = new Int32Array(size);
    slots.set(this.slots);
    const values = new Uint32Array(size * OLD_WORDS);
    values.set(this.values);
    this.columns = columns;
    this.slots = slots;
    this.values = values;
  }
}

/** Exchanges a cell's words with kept ones. */
export function exchangeCell(column: Column, slot: number, kept: Uint32Array, at: number): void {
  const words = 1 << column.shift;
  const from = slot << column.shift;
  const { u32 } = column;
  for (let i = 0; i < words; i++) {
    const value = kept[at + i];
    kept[at + i] = u32[from + i];
    u32[from + i] = value;
  }
}
