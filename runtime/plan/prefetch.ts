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
/** Cells looked at together: what fits into the first-level cache. */
export const MOST_LOOKS = 256;

export class Prefetcher {
  private readonly state: StateMemory;
  private readonly slots: SlotCache;
  private readonly nodes: Nodes;
  private readonly nonces: Uint32Array;
  /** Tables that have one address as their key, by code. */
  private readonly tables: (readonly number[])[] = [];
  /** Slots, then nodes of the cells looked at. */
  private readonly found = new Int32Array(Math.max(MOST_LOOKS, AHEAD_CALLS * (1 + LIKELY_KEYS)));
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
    const tables = (this.tables[index] ??= findTables(code));
    for (let call = first; call < end; call++) this.seen ^= this.nonces[calls[call * CALL_STRIDE + CALL_CALLER] * 2];
    for (const table of tables) {
      const slots = known[table];
      if (slots === undefined) continue;
      const column = code.columns[code.firstLeaf[code.fieldOfTable[table]]];
      const { found } = this;
      let count = 0;
      for (let call = first; call < end; call++) found[count++] = slots[calls[call * CALL_STRIDE + CALL_CALLER]];
      const keptEnd = keptAt + (end - first) * KEPT_ADDRESSES;
      for (let from = keptAt; from < keptEnd; from += KEPT_ADDRESSES) {
        for (let i = 0; i < LIKELY_KEYS; i++) found[count++] = slots[kept[from + i]];
      }
      this.lookAtCells(this.nodes.marks[column.id], column.u32, column.shift, count);
    }
  }

  /** Each kind of memory in a loop of its own: its reads then wait for nothing. */
  private lookAtCells(marks: Int32Array, cells: Uint32Array, shift: number, count: number): void {
    const { ints, base } = this.nodes;
    const { found } = this;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const slot = found[i];
      seen ^= cells[slot << shift];
      found[i] = marks[slot] - base;
    }
    for (let i = 0; i < count; i++) if (found[i] >= 0) seen ^= ints[found[i] * NODE_STRIDE + NODE_FLAGS];
    this.seen ^= seen;
  }

  /** Before calls of a slice are ordered: their senders' nonces, and the cells that they will touch. */
  lookAtAccesses(slice: Slice, first: number, end: number): void {
    const { nonces, found } = this;
    const { columns } = this.state;
    const { ints, base, marks } = this.nodes;
    const { lines, list } = slice;
    let seen = 0;
    for (let index = first; index < end; index++) seen ^= nonces[lines[index * LINE_STRIDE + CALL_CALLER] * 2];
    const from = lines[first * LINE_STRIDE + LINE_FROM];
    const to = Math.min(lines[(end - 1) * LINE_STRIDE + LINE_COUNT], from + MOST_LOOKS);
    const { slot, column } = list;
    for (let i = from; i < to; i++) found[i - from] = marks[column[i]][slot[i] > 0 ? slot[i] : 0] - base;
    // The pass itself reads a cell only where it has no node yet.
    for (let i = from; i < to; i++) {
      const node = found[i - from];
      if (node >= 0) seen ^= ints[node * NODE_STRIDE + NODE_FLAGS];
      else {
        const { u32, shift } = columns[column[i]];
        seen ^= u32[(slot[i] > 0 ? slot[i] : 0) << shift];
      }
    }
    this.seen ^= seen;
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
