/** Random numbers from a seed, the same on every machine: xoshiro128** (Blackman and Vigna), seeded by splitmix32. */

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
    sum += 1 / (i + 1) ** exponent;
    cumulative[i] = sum;
  }
  return cumulative;
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
