/**
 * Integer arithmetic that JavaScript lacks: rounding of bigints to doubles in a given direction, full-precision mulDiv, integer square root.
 * Pure; failure is `undefined`, so that exec can turn it into a panic and plans into "unknown".
 */

export const MAX_U64 = 0xffff_ffff_ffff_ffffn;
export const MAX_U128 = (1n << 128n) - 1n;
export const MAX_U256 = (1n << 256n) - 1n;

const MAX_EXACT = 9007199254740992n;
const MAX_DOUBLE = BigInt(Number.MAX_VALUE);

const doubles = new Float64Array(1);
const bits = new BigInt64Array(doubles.buffer);

/** The next larger double. */
export function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  if (value === Infinity || Number.isNaN(value)) return value;
  doubles[0] = value;
  bits[0] += value > 0 ? 1n : -1n;
  return doubles[0];
}

export function nextDown(value: number): number {
  return -nextUp(-value);
}

/** The smallest double not below the value; Infinity when there is none. */
export function toDoubleUp(value: bigint): number {
  if (value <= MAX_EXACT && value >= -MAX_EXACT) return Number(value);
  if (value > MAX_DOUBLE) return Infinity;
  if (value < -MAX_DOUBLE) return -Number.MAX_VALUE;
  const nearest = Number(value);
  return BigInt(nearest) >= value ? nearest : nextUp(nearest);
}

/** The largest double not above the value; -Infinity when there is none. */
export function toDoubleDown(value: bigint): number {
  // Adding 0 turns -0 into 0.
  return -toDoubleUp(-value) + 0;
}

/** Powers of two by exponent, up to 2^256; all exact. */
const POWERS: Float64Array = Float64Array.from({ length: 257 }, (_, exponent) => 2 ** exponent);
const TWO_32 = 4294967296;

/**
 * The unsigned 32-byte big-endian word at a byte offset, as the smallest double not below it (`up`) or the largest not above it.
 * No bigint is made: planning calls this for every amount.
 */
export function wordToDouble(view: DataView, at: number, up: boolean): number {
  let index = 0;
  while (index < 6 && view.getUint32(at + index * 4) === 0) index++;
  const first = view.getUint32(at + index * 4);
  const second = view.getUint32(at + index * 4 + 4);
  // Up to 53 bits are exact; `index` is 6 then, or the two words are followed by more.
  if (index === 6 && first < 0x20_0000) return first * TWO_32 + second;
  const third = index < 6 ? view.getUint32(at + index * 4 + 8) : 0;
  // Take the 53 highest bits of the three words from the highest one that isn't zero.
  const lead = Math.clz32(first);
  const fromRest = 21 + lead;
  let top: number;
  let lost: boolean;
  if (fromRest <= 32) {
    const dropped = 32 - fromRest;
    top = first * POWERS[fromRest] + (dropped === 32 ? 0 : second >>> dropped);
    lost = third !== 0 || (dropped > 0 && (second & (POWERS[dropped] - 1)) !== 0);
  } else {
    const dropped = 64 - fromRest;
    top = (first * TWO_32 + second) * POWERS[fromRest - 32] + (dropped === 32 ? 0 : third >>> dropped);
    lost = dropped > 0 && (third & (POWERS[dropped] - 1)) !== 0;
  }
  for (let rest = index + 3; !lost && rest < 8; rest++) lost = view.getUint32(at + rest * 4) !== 0;
  // The value has 256 - 32 * index - lead bits; 53 of them are in `top`.
  const scale = POWERS[203 - 32 * index - lead];
  return (up && lost ? top + 1 : top) * scale;
}

/** floor(a * b / c), or rounded away from zero when `up`; undefined when c is 0 or the result exceeds 256 bits. Unsigned. */
export function mulDiv(a: bigint, b: bigint, c: bigint, up: boolean): bigint | undefined {
  if (c === 0n) return undefined;
  const product = a * b;
  let result = product / c;
  if (up && result * c !== product) result += 1n;
  return result > MAX_U256 ? undefined : result;
}

/** The largest integer whose square isn't above the value; undefined for negative values. */
export function sqrt(value: bigint): bigint | undefined {
  if (value < 0n) return undefined;
  if (value < 2n) return value;
  // Newton from above; the first guess is at least the root, then the sequence falls until it is the floor.
  let guess = BigInt(Math.ceil(Math.sqrt(Number(value))));
  if (guess * guess < value) guess += guess >> 50n;
  if (guess * guess < value) guess += 1n;
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
