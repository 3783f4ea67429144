/**
 * Escrow intervals: the values a cell may have at a point of the block, kept as two doubles in its node (rules E1 to E4). Decides whether the check of
 * a Δ holds for all of them. Doubles are rounded outward, so a bound that is missed by rounding costs a wait, never a wrong result.
 */
import type { AccessList } from "../plan/access-list.ts";
import { AMOUNTS, MODE_AND, MODE_DELTA, MODE_MAX, MODE_MIN, MODE_OR } from "../plan/access-list.ts";
import { addDown, addUp, cellBounds, move, MOVE_AWAY, MOVE_DOWNWARD, MOVE_LEAST } from "../plan/amount.ts";
import type { Column } from "../state/column.ts";
import type { Nodes } from "./nodes.ts";
import { FLAG_RANGED, NODE_COLUMN, NODE_DOUBLES, NODE_FLAGS, NODE_HIGH, NODE_LOW, NODE_SLOT, NODE_STRIDE } from "./nodes.ts";

/** Whether the check of a Δ holds for every value the cell can have (rule E2). Moves the interval on, whatever the answer. */
export function clears(nodes: Nodes, columns: readonly Column[], list: AccessList, access: number, node: number): boolean {
  const { ints, doubles, lowest, highest } = nodes;
  const at = node * NODE_STRIDE;
  const range = node * NODE_DOUBLES;
  const column = ints[at + NODE_COLUMN];
  if ((ints[at + NODE_FLAGS] & FLAG_RANGED) === 0) begin(nodes, columns[column], node);
  const { amounts } = list;
  const from = access * AMOUNTS;
  if (amounts[from] !== 0) move(doubles, ints, range + NODE_LOW, amounts, from, MOVE_AWAY | MOVE_DOWNWARD);
  const low = doubles[range + NODE_LOW];
  // Written so that NaN becomes the limit, too.
  if (!(low >= lowest[column])) doubles[range + NODE_LOW] = lowest[column];
  const isRaised = amounts[from + 1] !== 0;
  if (isRaised) move(doubles, ints, range + NODE_HIGH, amounts, from + 1, 0);
  const high = doubles[range + NODE_HIGH];
  if (!(high <= highest[column])) doubles[range + NODE_HIGH] = highest[column];
  // A check can fail for an amount of 0 too, if its bound is narrower than the type. Written so that NaN doesn't clear.
  const ceiling = amounts[from + 3];
  return low >= amounts[from + 2] && (high <= ceiling || (!isRaised && ceiling >= highest[column]));
}

/** Below this whole numbers and their sums are exact. */
const EXACT = 2 ** 52;

/**
 * `clears` and `settle` in one step, for the common case: the cell can only have one value, and sums are exact. False when it isn't that case, or the check
 * may fail; then nothing was done.
 */
export function clearsAndSettles(nodes: Nodes, columns: readonly Column[], list: AccessList, access: number, node: number): boolean {
  const { ints, doubles, highest } = nodes;
  const at = node * NODE_STRIDE;
  const range = node * NODE_DOUBLES;
  const column = ints[at + NODE_COLUMN];
  if ((ints[at + NODE_FLAGS] & FLAG_RANGED) === 0) begin(nodes, columns[column], node);
  const value = doubles[range + NODE_LOW];
  if (value !== doubles[range + NODE_HIGH]) return false;
  const { amounts } = list;
  const from = access * AMOUNTS;
  const down = amounts[from];
  const up = amounts[from + 1];
  const least = value - down;
  const most = value + up;
  const ceiling = amounts[from + 3];
  // Written so that NaN is none of these.
  if (!(least >= amounts[from + 2] && most <= ceiling && most <= highest[column])) return false;
  if (!(value < EXACT && value > -EXACT && down < EXACT && up < EXACT)) return false;
  const settled = least + up;
  doubles[range + NODE_LOW] = settled;
  doubles[range + NODE_HIGH] = settled;
  return true;
}

/** What `clearsAndSettles` did for these accesses is `clears` alone from here on: their call may fail. */
export function unsettle(nodes: Nodes, list: AccessList, from: number, count: number): void {
  const { doubles } = nodes;
  for (let i = from; i < count; i++) {
    if (list.mode[i] !== MODE_DELTA) continue;
    const range = list.node[i] * NODE_DOUBLES;
    doubles[range + NODE_LOW] -= list.amounts[i * AMOUNTS + 1];
    doubles[range + NODE_HIGH] += list.amounts[i * AMOUNTS];
  }
}

/**
 * A debit of the cell that the coin of its own call went to takes from that first (rule E2): both happen or none. What is left to clear is the rest of
 * the debit. Gives what is left of the coin.
 */
export function spend(list: AccessList, access: number, credit: number): number {
  const { amounts } = list;
  const down = amounts[access * AMOUNTS];
  amounts[access * AMOUNTS] = down > credit ? addUp(down, -credit) : 0;
  return down > credit ? 0 : addDown(credit, -down);
}

/**
 * All Δs of the call were cleared and nothing else can make it fail: its credits have come for sure, its debits have gone (rule E6). The limit of a type
 * may stand for values a little above it, so an upper end that has got there stays.
 */
export function settle(nodes: Nodes, list: AccessList, from: number, count: number): void {
  const { ints, doubles, highest } = nodes;
  const { amounts } = list;
  for (let i = from; i < count; i++) {
    if (list.mode[i] !== MODE_DELTA) continue;
    const node = list.node[i];
    const range = node * NODE_DOUBLES;
    const from = i * AMOUNTS;
    if (amounts[from + 1] > 0) move(doubles, ints, range + NODE_LOW, amounts, from + 1, MOVE_LEAST | MOVE_DOWNWARD);
    if (amounts[from] > 0 && doubles[range + NODE_HIGH] < highest[ints[node * NODE_STRIDE + NODE_COLUMN]])
      move(doubles, ints, range + NODE_HIGH, amounts, from, MOVE_LEAST | MOVE_AWAY);
  }
}

/**
 * After an update that commutes with its own kind, by a value nobody knows yet: `max=` and, of unsigned cells, `|=` never lower the cell, `min=` and
 * `&=` never raise it. The other end becomes that of the type.
 */
export function widen(nodes: Nodes, column: Column, node: number, mode: number): void {
  const { ints, doubles, lowest, highest } = nodes;
  if ((ints[node * NODE_STRIDE + NODE_FLAGS] & FLAG_RANGED) === 0) begin(nodes, column, node);
  const rises = mode === MODE_MAX || (mode === MODE_OR && !column.signed);
  const falls = mode === MODE_MIN || (mode === MODE_AND && !column.signed);
  if (!rises) doubles[node * NODE_DOUBLES + NODE_LOW] = lowest[column.id];
  if (!falls) doubles[node * NODE_DOUBLES + NODE_HIGH] = highest[column.id];
}

/** The interval at block start. A node without one has a cell that no earlier call may have changed, so it can be read. */
function begin(nodes: Nodes, column: Column, node: number): void {
  const { ints, doubles } = nodes;
  const at = node * NODE_STRIDE;
  const range = node * NODE_DOUBLES;
  const slot = ints[at + NODE_SLOT];
  ints[at + NODE_FLAGS] |= FLAG_RANGED;
  cellBounds(column, slot, doubles, ints, range + NODE_LOW);
}
