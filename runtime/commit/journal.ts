/**
 * The journal of a pending block: cells and the values they had before. Taking all entries back, last first, restores the state before the
 * block; the first entry of a cell holds its value at block start. A swap keeps the values it takes out, so that it can be swapped in again.
 * Owned by the planning thread; filled when no call runs. The last segment's entries aren't copied: they stay with the nodes until the next block.
 */
import type { Column } from "../state/column.ts";
import type { Nodes } from "../schedule/nodes.ts";
import { FLAG_OLD, NODE_COLUMN, NODE_FLAGS, NODE_SLOT, NODE_STRIDE, OLD_WORDS } from "../schedule/nodes.ts";
import type { CellLog } from "./cell-log.ts";
import { LOG_CALL, LOG_COLUMN, LOG_SLOT, LOG_STRIDE, LOG_VALUE } from "./cell-log.ts";
import { EntryList, exchangeCell } from "./entry-list.ts";

export class Journal {
  /** Segments that ended before the last one, and what came after its nodes. */
  private readonly before = new EntryList();
  private readonly after = new EntryList();
  private nodes: Nodes | undefined = undefined;
  private nodeCount = 0;
  /** Whether the cells hold the values before the block at the moment. */
  private swapped = false;

  clear(): void {
    this.before.clear();
    this.after.clear();
    this.nodes = undefined;
    this.nodeCount = 0;
    this.swapped = false;
  }

  isSwapped(): boolean {
    return this.swapped;
  }

  /** Keeps a cell's present value; after the last segment. */
  addCell(column: Column, slot: number): void {
    this.after.addCell(column, slot);
  }

  /** Takes over what a segment's nodes and threads have kept, as another one follows. */
  addSegment(nodes: Nodes, logs: readonly CellLog[]): void {
    const { ints, old } = nodes;
    for (let node = 0; node < nodes.count; node++) {
      const at = node * NODE_STRIDE;
      if ((ints[at + NODE_FLAGS] & FLAG_OLD) !== 0) this.before.add(ints[at + NODE_COLUMN], ints[at + NODE_SLOT], old, node * OLD_WORDS);
    }
    addLogs(this.before, logs);
  }

  /** The last segment: its nodes are read where they are, and must stay as they are. */
  endWith(nodes: Nodes, logs: readonly CellLog[]): void {
    this.nodes = nodes;
    this.nodeCount = nodes.count;
    addLogs(this.after, logs);
  }

  /** Copies what is still read from the nodes, because they are needed for something else. */
  detach(): void {
    const { nodes } = this;
    this.nodes = undefined;
    if (nodes !== undefined) this.addSegment(nodes, []);
    this.nodeCount = 0;
  }

  /** Exchanges the values of all cells with those before the block, or back. */
  swap(columns: readonly Column[]): void {
    if (this.swapped) {
      this.before.exchangeUp(columns);
      this.exchangeNodes(columns, 0, this.nodeCount, 1);
      this.after.exchangeUp(columns);
    } else {
      this.after.exchangeDown(columns);
      this.exchangeNodes(columns, this.nodeCount - 1, -1, -1);
      this.before.exchangeDown(columns);
    }
    this.swapped = !this.swapped;
  }

  private exchangeNodes(columns: readonly Column[], from: number, to: number, step: number): void {
    if (this.nodes === undefined) return;
    const { ints, old } = this.nodes;
    for (let node = from; node !== to; node += step) {
      const at = node * NODE_STRIDE;
      if ((ints[at + NODE_FLAGS] & FLAG_OLD) !== 0)
        exchangeCell(columns[ints[at + NODE_COLUMN]], ints[at + NODE_SLOT], old, node * OLD_WORDS);
    }
  }

  /** All entries, oldest first: column, slot, and where its kept words are. */
  forEach(visit: (column: number, slot: number, words: Uint32Array, at: number) => void): void {
    this.before.forEach(visit);
    if (this.nodes !== undefined) {
      const { ints, old } = this.nodes;
      for (let node = 0; node < this.nodeCount; node++) {
        const at = node * NODE_STRIDE;
        if ((ints[at + NODE_FLAGS] & FLAG_OLD) !== 0) visit(ints[at + NODE_COLUMN], ints[at + NODE_SLOT], old, node * OLD_WORDS);
      }
    }
    this.after.forEach(visit);
  }
}

/** Late values in order of their calls: those of one call stand in one log, in order, and the sort is stable. */
function addLogs(to: EntryList, logs: readonly CellLog[]): void {
  const late: { readonly log: CellLog; readonly at: number; readonly call: number }[] = [];
  for (const log of logs) {
    for (let entry = 1; entry <= log.count(); entry++)
      late.push({ log, at: entry * LOG_STRIDE, call: log.words[entry * LOG_STRIDE + LOG_CALL] });
    log.clear();
  }
  late.sort((a, b) => a.call - b.call);
  for (const { log, at } of late) to.add(log.words[at + LOG_COLUMN], log.words[at + LOG_SLOT], log.words, at + LOG_VALUE);
}
