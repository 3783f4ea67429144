/** Random numbers from a seed: the same seed gives the same values on every machine. (sfc32; not for secrets.) */

export interface Random {
  /** From 0 to `limit - 1`. */
  readonly below: (limit: number) => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
  /** Of a list that isn't empty. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** From 0 to 2^bits - 1. */
  readonly bits: (bits: number) => bigint;
}

/** Rounds until the state of the generator has nothing to do with the form of the seed any more. */
const WARM_UP = 12;

export function createRandom(seed: string): Random {
  let [a, b, c] = [hash(seed, 0x9e3779b9), hash(seed, 0x243f6a88), hash(seed, 0xb7e15162)];
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < WARM_UP; i++) next();
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: (items) => items[below(items.length)],
    bits(bits) {
      let value = 0n;
      for (let left = bits; left > 0; left -= 32) value = (value << 32n) | BigInt(next());
      return BigInt.asUintN(bits, value);
    },
  };
}

/** FNV-1a from a start of its own, mixed at the end. */
function hash(text: string, start: number): number {
  let value = start;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return value ^ (value >>> 13);
}
