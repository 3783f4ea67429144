/**
 * Amounts: integers of up to 256 bits as doubles, rounded to a chosen side, for the intervals of rule E2. A result is exact below 2^53
 * and otherwise off by one unit of the last place at most, on the promised side.
 * Pure functions over numbers; used by the planner and by the ordering pass, never by exec.
 */
import type { Amount } from "../module.ts";
import type { Column } from "../state/column.ts";
import { readBig } from "../state/column.ts";
import { toDoubleDown, toDoubleUp } from "../values/big.ts";

const EXACT = 2 ** 53;
const WORD = 2 ** 32;
/** Powers of two, so that scaling is one exact multiplication. */
const POWER = Float64Array.from({ length: 260 }, (_, exponent) => 2 ** exponent);

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

/** a + b, not above the true sum. */
export function addDown(a: number, b: number): number {
  const sum = a + b;
  if (sum < EXACT && sum > -EXACT && a < EXACT && a > -EXACT) return sum;
  return sumError(a, b, sum) < 0 ? nextDown(sum) : sum;
}

/** a + b, not below the true sum. */
export function addUp(a: number, b: number): number {
  const sum = a + b;
  if (sum < EXACT && sum > -EXACT && a < EXACT && a > -EXACT) return sum;
  return sumError(a, b, sum) > 0 ? nextUp(sum) : sum;
}

/** What rounding took from a + b (Knuth's TwoSum): the true sum is `sum` plus this. */
function sumError(a: number, b: number, sum: number): number {
  const partOfB = sum - a;
  return a - (sum - partOfB) + (b - partOfB);
}

/** Not 0 when the last call of `topBits` dropped bits that were set. */
let rest = 0;

/**
 * The 53 leading bits of an unsigned integer given as eight 32-bit words, least significant first, from `at` on; sets `rest`.
 */
function topBits(words: Uint32Array, at: number, count: number): number {
  let top = count - 1;
  while (top > 0 && words[at + top] === 0) top--;
  rest = 0;
  if (top === 0) return words[at];
  const high = words[at + top];
  const next = words[at + top - 1];
  if (top === 1 && high < 2097152) return high * WORD + next;
  const bits = 32 - Math.clz32(high);
  let wanted = 53 - bits;
  let value: number;
  let low: number;
  if (wanted <= 32) {
    value = high * POWER[wanted] + (wanted === 32 ? next : next >>> (32 - wanted));
    rest = wanted === 32 ? 0 : (next << wanted) >>> 0;
    low = top - 2;
    value *= POWER[32 * (top - 1) + (32 - wanted)];
  } else {
    wanted -= 32;
    const third = words[at + top - 2];
    value = (high * WORD + next) * POWER[wanted] + (third >>> (32 - wanted));
    rest = (third << wanted) >>> 0;
    low = top - 3;
    value *= POWER[32 * (top - 2) + (32 - wanted)];
  }
  for (; low >= 0 && rest === 0; low--) rest = words[at + low];
  return value;
}

/** Value of the cell, rounded down. Integer kinds only. */
export function cellDown(column: Column, slot: number): Amount {
  if (column.lanes === 0) return column.signed ? column.i32[slot] : column.u32[slot];
  if (column.signed && isNegative(column, slot)) return toDoubleDown(readBig(column, slot));
  return topBits(column.u32, slot << column.shift, column.lanes * 2);
}

/** Value of the cell, rounded up. */
export function cellUp(column: Column, slot: number): Amount {
  if (column.lanes === 0) return column.signed ? column.i32[slot] : column.u32[slot];
  if (column.signed && isNegative(column, slot)) return toDoubleUp(readBig(column, slot));
  const value = topBits(column.u32, slot << column.shift, column.lanes * 2);
  return rest === 0 ? value : nextUp(value);
}

/** `cellUp` right after `cellDown` of the same cell gave `down`: what was dropped is still known. */
export function cellUpAfterDown(column: Column, slot: number, down: Amount): Amount {
  if (column.lanes === 0) return down;
  if (column.signed && isNegative(column, slot)) return toDoubleUp(readBig(column, slot));
  return rest === 0 ? down : nextUp(down);
}

function isNegative(column: Column, slot: number): boolean {
  return column.i32[(slot << column.shift) + column.lanes * 2 - 1] < 0;
}
