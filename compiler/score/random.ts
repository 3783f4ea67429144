/**
 * Random numbers from a seed, the same on every machine: xoshiro128** (Blackman and Vigna), seeded by splitmix32. Only integer arithmetic and the four
 * operations on doubles, whose results the standard fixes to the last bit; powers are computed here, because those of engines differ.
 * Drawn from by samples of calls (`score.ts`) and by scenarios.
 */

export interface Random {
  /** 32 random bits as an unsigned number. */
  readonly bits: () => number;
  /** In [0, 1), 53 bits. */
  readonly fraction: () => number;
  /** In [0, limit), for limits up to 2^53. */
  readonly below: (limit: number) => number;
  /** In [min, max], of any size. */
  readonly between: (min: bigint, max: bigint) => bigint;
}

export function createRandom(seed: number): Random {
  let mixed = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
  const next = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  let [a, b, c, d] = [next(), next(), next(), next() | 1];

  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result >>> 0;
  };
  const fraction = (): number => ((bits() >>> 5) * 0x4000000 + (bits() >>> 6)) / 2 ** 53;
  return {
    bits,
    fraction,
    below: (limit) => Math.floor(fraction() * limit),
    between(min, max) {
      const range = max - min + 1n;
      if (range <= 0xffffffffn) return min + BigInt(Math.floor(fraction() * Number(range)));
      let value = 0n;
      // 64 bits more than the range has: the bias of the remainder is below 2^-64.
      for (let have = 0; have < range.toString(2).length + 64; have += 32) value = (value << 32n) | BigInt(bits());
      return min + (value % range);
    },
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** How an index below `size` is chosen. */
export type Pick =
  { readonly kind: "uniform" } | { readonly kind: "zipf"; readonly exponent: number } | { readonly kind: "hot"; readonly share: number };

export type Picker = (random: Random) => number;

export function createPicker(pick: Pick, size: number): Picker {
  switch (pick.kind) {
    case "uniform":
      return (random) => random.below(size);
    case "hot":
      return (random) => (random.fraction() < pick.share ? 0 : random.below(size));
    case "zipf": {
      const cumulative = zipfTable(pick.exponent, size);
      return (random) => search(cumulative, random.fraction() * cumulative[size - 1]);
    }
  }
}

/** Index i has the weight 1 / (i + 1)^exponent. */
function zipfTable(exponent: number, size: number): Float64Array {
  const cumulative = new Float64Array(size);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += powerBelow(i + 1, exponent);
    cumulative[i] = sum;
  }
  return cumulative;
}

const LN_2 = 0.6931471805599453;
/** Terms of the two series below: more change nothing in a double. */
const LOGARITHM_TERMS = 41;
const EXPONENTIAL_TERMS = 20;

/** 1 / base^exponent, for base ≥ 1 and exponent ≥ 0. */
function powerBelow(base: number, exponent: number): number {
  const power = -exponent * logarithm(base);
  const halvings = Math.floor(-power / LN_2);
  let result = exponential(power + halvings * LN_2);
  for (let i = 0; i < halvings; i++) result /= 2;
  return result;
}

/** Of x ≥ 1: ln(m · 2^k) = 2 · artanh((m - 1) / (m + 1)) + k · ln 2. */
function logarithm(x: number): number {
  let [mantissa, twos] = [x, 0];
  for (; mantissa > 1.5; twos++) mantissa /= 2;
  const t = (mantissa - 1) / (mantissa + 1);
  let [power, sum] = [t, 0];
  for (let i = 1; i <= LOGARITHM_TERMS; i += 2) {
    sum += power / i;
    power *= t * t;
  }
  return 2 * sum + twos * LN_2;
}

/** Of small x. */
function exponential(x: number): number {
  let [term, sum] = [1, 1];
  for (let i = 1; i <= EXPONENTIAL_TERMS; i++) {
    term *= x / i;
    sum += term;
  }
  return sum;
}

/** The first index whose cumulative weight is above `target`. */
function search(cumulative: Float64Array, target: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
