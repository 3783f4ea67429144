/**
 * Folding: the partial sums that threads gathered for a cell are added to the cell, modulo 2^N, and set back to zero.
 * Runs when no thread adds to this node any more.
 */
import type { Column } from "../state/column.ts";
import type { Partials } from "./memory.ts";
import { PARTIAL_LANES } from "./memory.ts";

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
