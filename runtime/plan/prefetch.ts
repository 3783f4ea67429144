/**
 * Brings the memory that a run of calls will need into the caches, by reading it in a tight loop before they are planned or ordered: such reads
 * don't depend on one another, so the processor does many at once, where the work itself would wait for each in turn (measured: a third of the time of
 * transfers among 100,000 accounts). Nothing depends on it.
 */
import { CALL_CALLER, CALL_CODE, CALL_INSTANCE, CALL_STRIDE } from "../execute/memory.ts";
import type { Nodes } from "../schedule/nodes.ts";
import { NODE_FLAGS, NODE_STRIDE } from "../schedule/nodes.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";
import type { SlotCache } from "./caches.ts";
import type { Slice } from "./slice.ts";
import { KEPT_ADDRESSES, LINE_COUNT, LINE_FROM, LINE_STRIDE } from "./slice.ts";

/** Calls looked at together: enough to overlap, few enough to stay in the first-level cache until they are planned. */
export const AHEAD_CALLS = 32;
/** Address arguments that are taken for keys. */
const LIKELY_KEYS = 2;

export class Prefetcher {
  private readonly state: StateMemory;
  private readonly slots: SlotCache;
  private readonly nodes: Nodes;
  private readonly nonces: Uint32Array;
  /** Tables that have one address as their key, by code. */
  private readonly tables: (readonly number[])[] = [];
  /** Somewhere for what was read, so that reading isn't optimised away. */
  private seen = 0;

  constructor(state: StateMemory, slots: SlotCache, nodes: Nodes) {
    this.state = state;
    this.slots = slots;
    this.nodes = nodes;
    this.nonces = new Uint32Array(state.nonces.buffer);
  }

  /** Before calls are planned and run one by one: the lines from `first` up to `end` have been read. A guess from addresses alone. */
  lookAtCalls(calls: Int32Array, first: number, end: number, kept: Int32Array, keptAt: number): void {
    // One contract's worth: blocks that mix contracts gain less.
    const at = first * CALL_STRIDE;
    const index = calls[at + CALL_CODE];
    if (index < 0) return;
    const code = this.state.codes[index];
    const known = this.slots.of(code.fieldBases[calls[at + CALL_INSTANCE]]);
    for (const table of (this.tables[index] ??= findTables(code))) {
      const slots = known[table];
      if (slots === undefined) continue;
      const column = code.columns[code.firstLeaf[code.fieldOfTable[table]]];
      for (let i = -1; i < LIKELY_KEYS; i++) {
        for (let call = first; call < end; call++) {
          const address = i < 0 ? calls[call * CALL_STRIDE + CALL_CALLER] : kept[keptAt + (call - first) * KEPT_ADDRESSES + i];
          if (i < 0) this.seen ^= this.nonces[address * 2];
          this.lookAtCell(column.id, slots[address], column.u32[slots[address] << column.shift]);
        }
      }
    }
  }

  private lookAtCell(column: number, slot: number, value: number): void {
    const { ints, base, marks } = this.nodes;
    const node = marks[column][slot] - base;
    this.seen ^= node >= 0 ? value ^ ints[node * NODE_STRIDE + NODE_FLAGS] : value;
  }

  /** Before calls of a slice are ordered: their senders' nonces, and the cells that they will touch. */
  lookAtAccesses(slice: Slice, first: number, end: number): void {
    const { nonces } = this;
    const { columns } = this.state;
    const { lines, list } = slice;
    for (let index = first; index < end; index++) this.seen ^= nonces[lines[index * LINE_STRIDE + CALL_CALLER] * 2];
    const to = lines[(end - 1) * LINE_STRIDE + LINE_COUNT];
    for (let i = lines[first * LINE_STRIDE + LINE_FROM]; i < to; i++) {
      const slot = list.slot[i];
      if (slot <= 0) continue;
      const column = columns[list.column[i]];
      this.lookAtCell(column.id, slot, column.u32[slot << column.shift]);
    }
  }
}

function findTables(code: Code): readonly number[] {
  const found: number[] = [];
  for (let table = 1; table < code.tables.length; table++) {
    const { keys } = code.module.fields[code.fieldOfTable[table]];
    if (keys.length === 1 && keys[0] === "address") found.push(table);
  }
  return found.slice(0, 2);
}
