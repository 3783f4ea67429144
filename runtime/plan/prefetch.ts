/**
 * Brings the memory that a run of calls will probably need into the caches, by reading it in a tight loop before they are planned: such reads
 * don't depend on one another, so the processor does many at once, where planning would wait for each in turn (measured: a third of the time of
 * transfers among 100,000 accounts). A guess from addresses only; nothing depends on it.
 */
import { KEPT_ADDRESSES } from "../admit/call-reader.ts";
import { CALL_CALLER, CALL_CODE, CALL_INSTANCE, CALL_STRIDE } from "../execute/memory.ts";
import type { Nodes } from "../schedule/nodes.ts";
import { NODE_FLAGS, NODE_STRIDE } from "../schedule/nodes.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";
import type { SlotCache } from "./caches.ts";
import type { FieldBases } from "./plan-record.ts";

/** Calls looked at together: enough to overlap, few enough to stay in the first-level cache until they are planned. */
export const PREFETCH_CALLS = 32;

export class Prefetcher {
  private readonly state: StateMemory;
  private readonly fields: FieldBases;
  private readonly slots: SlotCache;
  private readonly nodes: Nodes;
  private readonly calls: Int32Array;
  private readonly kept: Int32Array;
  private readonly nonces: Uint32Array;
  /** Tables that have one address as their key, by code. */
  private readonly tables: (readonly number[])[] = [];
  /** Somewhere for what was read, so that reading isn't optimised away. */
  seen = 0;

  constructor(state: StateMemory, fields: FieldBases, slots: SlotCache, nodes: Nodes, calls: Int32Array, kept: Int32Array) {
    this.state = state;
    this.fields = fields;
    this.slots = slots;
    this.nodes = nodes;
    this.calls = calls;
    this.kept = kept;
    this.nonces = new Uint32Array(state.nonces.buffer);
  }

  /** Looks ahead over the calls from `first` up to `end`, whose lines have been read. */
  look(first: number, end: number): void {
    const { calls } = this;
    // One contract's worth: blocks that mix contracts gain less.
    const at = first * CALL_STRIDE;
    const index = calls[at + CALL_CODE];
    if (index < 0) return;
    const code = this.state.codes[index];
    const contract = this.fields.of(index, calls[at + CALL_INSTANCE]);
    const tables = this.tables[index] ?? this.findTables(index, code);
    const known = this.slots.of(contract, code);
    for (const table of tables) {
      const slots = known[table];
      if (slots !== undefined) this.lookAt(first, end, slots, code.columns[code.firstLeaf[code.fieldOfTable[table]]]);
    }
  }

  private lookAt(first: number, end: number, slots: Int32Array, column: Code["columns"][number]): void {
    const { calls, kept, nonces } = this;
    const { ints, base } = this.nodes;
    const marks = this.nodes.marks[column.id];
    const { u32, shift } = column;
    let seen = 0;
    for (let call = first; call < end; call++) {
      const caller = calls[call * CALL_STRIDE + CALL_CALLER];
      seen ^= nonces[caller * 2];
      // The caller, then the first address arguments; ids of calls before are as good as any where there are fewer.
      for (let i = -1; i < KEPT_ADDRESSES - 2; i++) {
        const slot = slots[i < 0 ? caller : kept[call * KEPT_ADDRESSES + i]];
        const node = marks[slot] - base;
        seen ^= u32[slot << shift];
        if (node >= 0) seen ^= ints[node * NODE_STRIDE + NODE_FLAGS];
      }
    }
    this.seen ^= seen;
  }

  private findTables(index: number, code: Code): readonly number[] {
    const found: number[] = [];
    for (let table = 1; table < code.tables.length; table++) {
      const { keys } = code.module.fields[code.fieldOfTable[table]];
      if (keys.length === 1 && keys[0] === "address") found.push(table);
    }
    this.tables[index] = found.slice(0, 2);
    return this.tables[index];
  }
}
