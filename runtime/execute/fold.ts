/**
 * Folding: the partial sums that threads gathered for a cell are added to the cell, modulo 2^N, and set back to zero.
 * Runs when no thread adds to this node any more.
 */
import type { Column } from "../state/column.ts";
import type { Partials } from "./memory.ts";
import { PARTIAL_LANES } from "./memory.ts";
import { FLAG_PARTIALS, NODE_COLUMN, NODE_FLAGS, NODE_SLOT, NODE_STRIDE } from "../schedule/nodes.ts";

export interface Foldable {
  /** Words of the nodes, and the numbers of those that had partial sums. */
  readonly nodes: Int32Array;
  readonly listed: Int32Array;
  readonly columns: readonly Column[];
  /** By thread. */
  readonly partials: readonly Partials[];
}

/** Adds all threads' partial sums of `node` to the cell. */
export function foldNode(column: Column, slot: number, node: number, partials: readonly Partials[]): void {
  const base = node * PARTIAL_LANES;
  const lanes = column.lanes === 0 ? 1 : column.lanes;
  for (const partial of partials) {
    const words = partial.u32;
    let any = 0;
    for (let i = 0; i < lanes * 2; i++) any |= words[base * 2 + i];
    if (any === 0) continue;
    if (column.lanes === 0) {
      // The true result is within the type's range (all these Δs were cleared), so 32-bit arithmetic gives it exactly.
      column.i32[slot] = (column.i32[slot] + words[base * 2]) | 0;
      words[base * 2] = 0;
      words[base * 2 + 1] = 0;
      continue;
    }
    let carry = 0;
    const to = slot << column.shift;
    for (let i = 0; i < lanes * 2; i++) {
      const sum = column.u32[to + i] + words[base * 2 + i] + carry;
      column.u32[to + i] = sum;
      carry = sum > 0xffff_ffff ? 1 : 0;
      words[base * 2 + i] = 0;
    }
  }
}

/** Nodes looked at together before they are folded. */
const LOOKS = 64;
/** Somewhere for what was read, so that reading isn't optimised away. */
const looked = { sum: 0 };

/**
 * Folds those of `listed` from `first` up to `end` that still have partial sums. Batches are brought into the caches first, by reads that don't wait for one
 * another.
 */
export function foldListed({ nodes, listed, columns, partials }: Foldable, first: number, end: number): void {
  let seen = 0;
  for (let from = first; from < end; from += LOOKS) {
    const until = Math.min(end, from + LOOKS);
    for (let i = from; i < until; i++) {
      seen ^= nodes[listed[i] * NODE_STRIDE + NODE_FLAGS];
      for (let thread = 0; thread < partials.length; thread++) seen ^= partials[thread].u32[listed[i] * PARTIAL_LANES * 2];
    }
    for (let i = from; i < until; i++) {
      const at = listed[i] * NODE_STRIDE;
      const { u32, shift } = columns[nodes[at + NODE_COLUMN]];
      seen ^= u32[nodes[at + NODE_SLOT] << shift];
    }
    for (let i = from; i < until; i++) {
      const at = listed[i] * NODE_STRIDE;
      if ((nodes[at + NODE_FLAGS] & FLAG_PARTIALS) !== 0)
        foldNode(columns[nodes[at + NODE_COLUMN]], nodes[at + NODE_SLOT], listed[i], partials);
    }
  }
  looked.sum ^= seen;
}
