/**
 * Amounts: integers of up to 256 bits as doubles, rounded to a chosen side, for the intervals of rule E2. A result is exact below 2^53
 * and otherwise off by some units of the last place, on the promised side.
 * Pure functions over numbers; used by the planner and by the ordering pass, never by exec.
 */
import type { Amount } from "../module.ts";
import type { Column } from "../state/column.ts";
import { readBig } from "../state/column.ts";
import { toDoubleDown, toDoubleUp } from "../values/big.ts";

const EXACT = 2 ** 53;
const WORD = 2 ** 32;
/** A sum's rounding error is half of this part of it at most. Taking all of it off costs less than finding the error, and what it loses doesn't matter. */
const UNIT = 2 ** -52;

const floatView = new Float64Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** The next double above; finite in, finite or Infinity out. */
export function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  if (value === Infinity) return value;
  floatView[0] = value;
  if (value > 0) {
    bitsView[0] = bitsView[0] + 1;
    if (bitsView[0] === 0) bitsView[1] = bitsView[1] + 1;
  } else {
    if (bitsView[0] === 0) bitsView[1] = bitsView[1] - 1;
    bitsView[0] = bitsView[0] - 1;
  }
  return floatView[0];
}

export function nextDown(value: number): number {
  return -nextUp(-value);
}

/** The least that an amount can be which was rounded up to this double. */
export function leastOf(amount: Amount): Amount {
  return amount <= EXACT ? amount : nextDown(amount);
}

/** a + b of integers, not above the true sum: exact where doubles are, else below it by two units of the last place at most. */
export function addDown(a: number, b: number): number {
  const sum = a + b;
  if (sum < EXACT && sum > -EXACT) return sum;
  return sum - Math.abs(sum) * UNIT;
}

/** a + b, not below the true sum. */
export function addUp(a: number, b: number): number {
  const sum = a + b;
  if (sum < EXACT && sum > -EXACT) return sum;
  return sum + Math.abs(sum) * UNIT;
}

/** An unsigned integer given as 32-bit words, least significant first: exact below 2^53, else with an error of SPREAD of it at most, as eight roundings make. */
function approximate(words: Uint32Array, at: number, count: number): number {
  let top = at + count - 1;
  while (top > at && words[top] === 0) top--;
  let value = words[top];
  while (top > at) value = value * WORD + words[--top];
  return value;
}

const SPREAD = 4 * UNIT;
const ROUNDED_BELOW = 64;

/** Value of the cell, rounded down. Integer kinds only. */
export function cellDown(column: Column, slot: number): Amount {
  if (column.lanes === 0) return column.signed ? column.i32[slot] : column.u32[slot];
  if (column.signed && isNegative(column, slot)) return toDoubleDown(readBig(column, slot));
  const value = approximate(column.u32, slot << column.shift, column.lanes * 2);
  return value < EXACT ? value : value - value * SPREAD;
}

/** Value of the cell, rounded up. */
export function cellUp(column: Column, slot: number): Amount {
  if (column.lanes === 0) return column.signed ? column.i32[slot] : column.u32[slot];
  if (column.signed && isNegative(column, slot)) return toDoubleUp(readBig(column, slot));
  const value = approximate(column.u32, slot << column.shift, column.lanes * 2);
  return value < EXACT ? value : value + value * SPREAD;
}

/** `cellUp` of a cell of which `cellDown` has just given `down`. */
export function cellUpAfterDown(column: Column, slot: number, down: Amount): Amount {
  if (column.lanes === 0) return down;
  if (column.signed && isNegative(column, slot)) return toDoubleUp(readBig(column, slot));
  // At least twice the error above. What was rounded down may have got a little below the doubles that round.
  return down < EXACT - ROUNDED_BELOW ? down : down + down * (3 * SPREAD);
}

function isNegative(column: Column, slot: number): boolean {
  return column.i32[(slot << column.shift) + column.lanes * 2 - 1] < 0;
}
