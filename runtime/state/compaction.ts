/**
 * Compacts the byte arena, some cells between any two blocks, so that no block waits for all strings of the state to be moved. While it is at it, contents are in both
 * halves. Owner only.
 */
import type { Arena } from "./arena.ts";
import type { Column } from "./column.ts";

/** Cells visited and units of 8 bytes moved between two blocks in any case: a few milliseconds. */
const LOOKS = 1 << 16;
const UNITS = 1 << 18;

/** A column of string or bytes cells, and the highest slot of it that may hold something. */
export interface BytesColumn {
  readonly column: Column;
  readonly highest: number;
}

export class Compaction {
  private readonly arena: Arena;
  /** In order of their making: new ones come behind the others. */
  private readonly columns: () => readonly BytesColumn[];
  private active = false;
  /** What is visited next. */
  private index = 0;
  private slot = 1;
  /** Units of the half that was left which may still be named. */
  private rest = 0;
  /** Units left after the last step. */
  private before = 0;

  constructor(arena: Arena, columns: () => readonly BytesColumn[]) {
    this.arena = arena;
    this.columns = columns;
  }

  /** Begins when it is worth it, and goes on: so far that all will be done before half of the room that is left has been used up. */
  step(): void {
    if (!this.active && !this.begin()) return;
    const columns = this.columns();
    let cells = 1 - this.slot;
    for (let i = this.index; i < columns.length; i++) cells += columns[i].highest;
    const left = this.arena.left();
    const room = left - this.rest;
    const share = room <= 0 ? 1 : Math.min(1, (2 * (this.before - left)) / room);
    this.visit(columns, Math.max(LOOKS, share * cells), Math.max(UNITS, share * this.rest));
    this.before = this.arena.left();
  }

  /** Does all there is to do at once. */
  finish(): void {
    if (!this.active) this.turn();
    this.visit(this.columns(), Infinity, Infinity);
  }

  private begin(): boolean {
    if (!this.arena.wantsCompaction()) return false;
    this.turn();
    return true;
  }

  private turn(): void {
    this.active = true;
    this.index = 0;
    this.slot = 1;
    this.rest = this.arena.turn();
    this.before = this.arena.left();
  }

  private visit(columns: readonly BytesColumn[], looks: number, units: number): void {
    let looked = 0;
    let moved = 0;
    for (; this.index < columns.length; this.index++, this.slot = 1) {
      const { column, highest } = columns[this.index];
      // What is written to cells behind this one goes to the present half anyway.
      for (; this.slot <= highest; this.slot++) {
        if (looked++ >= looks || moved >= units) {
          this.rest -= moved;
          return;
        }
        moved += this.arena.move(column, this.slot);
      }
    }
    this.active = false;
    this.arena.endCompaction();
  }
}
