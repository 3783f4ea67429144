/**
 * Amounts: integers of up to 256 bits as doubles, rounded to a chosen side, for the intervals of rule E2. A result is exact below 2^53
 * and otherwise off by one unit of the last place at most, on the promised side.
 * Pure functions over numbers; used by the planner and by the ordering pass, never by exec.
 */
import type { Amount } from "../module.ts";
import type { Column } from "../state/column.ts";
import { readBig } from "../state/column.ts";
import { nextDown, nextUp, toDoubleDown, toDoubleUp } from "../values/big.ts";

const EXACT = 2 ** 53;
const WORD = 2 ** 32;
/** Powers of two, so that scaling is one exact multiplication. */
const POWER = Float64Array.from({ length: 260 }, (_, exponent) => 2 ** exponent);

const floatView = new Float64Array(2);
const wordsView = new Int32Array(floatView.buffer);

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

// --- in place: numbers that come and go between functions would each be an object ---

/** For `move`: the result isn't above the true one (else not below it); the amount is taken away; it counts as the least that it can be, rounded up as it is. */
export const MOVE_DOWNWARD = 1;
export const MOVE_AWAY = 2;
export const MOVE_LEAST = 4;

/** Adds `amounts[from]` to `doubles[at]`; `how` is a sum of MOVE_…. `words` is the memory of `doubles`, as 32-bit words. */
export function move(doubles: Float64Array, words: Int32Array, at: number, amounts: Float64Array, from: number, how: number): void {
  let by = amounts[from];
  if ((how & MOVE_LEAST) !== 0 && by > EXACT) {
    floatView[0] = by;
    stepDown(floatView, wordsView, 0);
    by = floatView[0];
  }
  if ((how & MOVE_AWAY) !== 0) by = -by;
  const before = doubles[at];
  const sum = before + by;
  doubles[at] = sum;
  if (sum < EXACT && sum > -EXACT && before < EXACT && before > -EXACT) return;
  const error = sumError(before, by, sum);
  if ((how & MOVE_DOWNWARD) !== 0) {
    if (error < 0) stepDown(doubles, words, at);
  } else if (error > 0) stepUp(doubles, words, at);
}

/** To the next double above. */
function stepUp(doubles: Float64Array, words: Int32Array, at: number): void {
  if (doubles[at] > 0) awayFromZero(words, at * 2);
  else if (doubles[at] < 0) towardsZero(words, at * 2);
  else if (doubles[at] === 0) doubles[at] = Number.MIN_VALUE;
}

function stepDown(doubles: Float64Array, words: Int32Array, at: number): void {
  if (doubles[at] > 0) towardsZero(words, at * 2);
  else if (doubles[at] < 0) awayFromZero(words, at * 2);
  else if (doubles[at] === 0) doubles[at] = -Number.MIN_VALUE;
}

function awayFromZero(words: Int32Array, at: number): void {
  const high = words[at + 1] & 0x7fff_ffff;
  // Infinity is the end.
  if (high === 0x7ff0_0000) return;
  words[at] = words[at] + 1;
  if (words[at] === 0) words[at + 1] = words[at + 1] + 1;
}

function towardsZero(words: Int32Array, at: number): void {
  if (words[at] === 0) words[at + 1] = words[at + 1] - 1;
  words[at] = words[at] - 1;
}

/** Not 0 when the last call of `topBits` dropped bits that were set. */
let rest = 0;

/**
 * The 53 leading bits of an unsigned integer given as `count` 32-bit words, least significant first, from `at` on, go to `out[to]`; sets `rest`.
 */
function topBits(words: Uint32Array, at: number, count: number, out: Float64Array, to: number): void {
  let top = count - 1;
  while (top > 0 && words[at + top] === 0) top--;
  rest = 0;
  const high = words[at + top];
  if (top === 0) {
    out[to] = high;
    return;
  }
  const next = words[at + top - 1];
  if (top === 1 && high < 2097152) {
    out[to] = high * WORD + next;
    return;
  }
  const bits = 32 - Math.clz32(high);
  let wanted = 53 - bits;
  let low: number;
  if (wanted <= 32) {
    out[to] = (high * POWER[wanted] + (wanted === 32 ? next : next >>> (32 - wanted))) * POWER[32 * (top - 1) + (32 - wanted)];
    rest = wanted === 32 ? 0 : (next << wanted) >>> 0;
    low = top - 2;
  } else {
    wanted -= 32;
    const third = words[at + top - 2];
    out[to] = ((high * WORD + next) * POWER[wanted] + (third >>> (32 - wanted))) * POWER[32 * (top - 2) + (32 - wanted)];
    rest = (third << wanted) >>> 0;
    low = top - 3;
  }
  for (; low >= 0 && rest === 0; low--) rest = words[at + low];
}

/** Value of the cell, rounded down to `doubles[at]` and up to the next. Integer kinds only. `words` as in `move`. */
export function cellBounds(column: Column, slot: number, doubles: Float64Array, words: Int32Array, at: number): void {
  if (column.lanes === 0) {
    doubles[at] = column.signed ? column.i32[slot] : column.u32[slot];
    doubles[at + 1] = doubles[at];
  } else if (column.signed && isNegative(column, slot)) {
    doubles[at] = toDoubleDown(readBig(column, slot));
    doubles[at + 1] = toDoubleUp(readBig(column, slot));
  } else {
    topBits(column.u32, slot << column.shift, column.lanes * 2, doubles, at);
    doubles[at + 1] = doubles[at];
    if (rest !== 0) stepUp(doubles, words, at + 1);
  }
}

/** Value of the cell, rounded down. Integer kinds only. */
export function cellDown(column: Column, slot: number): Amount {
  cellBounds(column, slot, floatView, wordsView, 0);
  return floatView[0];
}

/** Value of the cell, rounded up. */
export function cellUp(column: Column, slot: number): Amount {
  cellBounds(column, slot, floatView, wordsView, 0);
  return floatView[1];
}

function isNegative(column: Column, slot: number): boolean {
  return column.i32[(slot << column.shift) + column.lanes * 2 - 1] < 0;
}
