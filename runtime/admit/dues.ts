/**
 * Sums of coin by address: what the calls of a block may take from it, then what they take. Exact; four 32-bit words each, least significant first, since
 * adding numbers makes no objects. Sums of 2^127 and more, which hardly anybody has, are kept as bigints. Main thread only.
 */
import { readBigAt } from "../abi/calldata.ts";
import type { AddressId } from "../module.ts";
import type { Column } from "../state/column.ts";
import { readBig, writeBig } from "../state/column.ts";

const WORDS = 4;
/** Stands in the last word of a sum that is kept as a bigint. */
const LARGE = 0xffff_ffff;
const SIGN = 0x8000_0000;
const TWO_32 = 4294967296;
const MAX_EXACT = 2 ** 53;
/** Below 2^64 by more than its doubles are off. */
const MAX_SCRATCH = 2 ** 63;

/** An amount of coin: 128 bits in words, or above. */
export class Amount {
  readonly words = new Uint32Array(WORDS);
  large: bigint | undefined = undefined;
  private readonly product = new BigUint64Array(1);
  private readonly productWords = new Uint32Array(this.product.buffer);

  clear(): void {
    const { words } = this;
    this.large = undefined;
    words[0] = 0;
    words[1] = 0;
    words[2] = 0;
    words[3] = 0;
  }

  /** A 32-byte big-endian word, as calldata has them. */
  setWord(view: DataView, at: number): void {
    const { words } = this;
    this.large = undefined;
    for (let i = 0; i < WORDS; i++) words[i] = view.getUint32(at + 28 - i * 4);
    const isSmall = (view.getUint32(at) | view.getUint32(at + 4) | view.getUint32(at + 8) | view.getUint32(at + 12)) === 0;
    if (!isSmall || words[3] >= SIGN) this.large = readBigAt(view, at, "u256");
  }

  /** Adds the product of two integers of 64 bits, given as halves. */
  addProduct(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
    const a = aHigh * TWO_32 + aLow;
    const b = bHigh * TWO_32 + bLow;
    const rounded = a * b;
    if (rounded === 0) return;
    if (rounded < MAX_EXACT) this.addWords(rounded >>> 0, Math.floor(rounded / TWO_32));
    else if (rounded < MAX_SCRATCH && a < MAX_EXACT && b < MAX_EXACT) {
      this.product[0] = BigInt.asUintN(64, BigInt(a) * BigInt(b));
      this.addWords(this.productWords[0], this.productWords[1]);
    } else this.addLarge(exact(aLow, aHigh) * exact(bLow, bHigh));
  }

  private addWords(low: number, high: number): void {
    if (this.large !== undefined) {
      this.large += exact(low, high);
      return;
    }
    const { words } = this;
    const first = words[0] + low;
    const second = words[1] + high + (first >= TWO_32 ? 1 : 0);
    const third = words[2] + (second >= TWO_32 ? 1 : 0);
    words[0] = first;
    words[1] = second;
    words[2] = third;
    if (third >= TWO_32) words[3]++;
    if (words[3] >= SIGN) this.large = this.toBig();
  }

  private addLarge(value: bigint): void {
    this.large = (this.large ?? this.toBig()) + value;
  }

  toBig(): bigint {
    return this.large ?? bigOf(this.words, 0);
  }
}

function exact(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function bigOf(words: Uint32Array, at: number): bigint {
  return (exact(words[at + 2], words[at + 3]) << 64n) | exact(words[at], words[at + 1]);
}

export class Dues {
  private readonly words: Uint32Array;
  private readonly larges = new Map<AddressId, bigint>();

  /** `capacity`: largest address id. */
  constructor(capacity: number) {
    this.words = new Uint32Array(new SharedArrayBuffer((capacity + 1) * WORDS * 4));
  }

  /** Adds an amount to the sum of an address; where it would then be above what its cell in `within` holds: false, and nothing is done. */
  add(id: AddressId, amount: Amount, within: Column | undefined): boolean {
    const at = id * WORDS;
    const { words } = this;
    if (amount.large !== undefined || words[at + 3] === LARGE) return this.addBig(id, amount, within);
    const first = words[at] + amount.words[0];
    const second = words[at + 1] + amount.words[1] + (first >= TWO_32 ? 1 : 0);
    const third = words[at + 2] + amount.words[2] + (second >= TWO_32 ? 1 : 0);
    const fourth = words[at + 3] + amount.words[3] + (third >= TWO_32 ? 1 : 0);
    if (fourth >= SIGN) return this.addBig(id, amount, within);
    if (within !== undefined && !isWithin(first >>> 0, second >>> 0, third >>> 0, fourth, within.u32, id * 8)) return false;
    words[at] = first;
    words[at + 1] = second;
    words[at + 2] = third;
    words[at + 3] = fourth;
    return true;
  }

  private addBig(id: AddressId, amount: Amount, within: Column | undefined): boolean {
    const sum = this.of(id) + amount.toBig();
    if (within !== undefined && sum > readBig(within, id)) return false;
    const at = id * WORDS;
    if (sum >> 127n !== 0n) {
      this.larges.set(id, sum);
      this.words[at + 3] = LARGE;
      return true;
    }
    for (let i = 0; i < WORDS; i++) this.words[at + i] = Number((sum >> BigInt(32 * i)) & 0xffff_ffffn);
    return true;
  }

  /** The sum of an address. Not for hot paths. */
  of(id: AddressId): bigint {
    return this.words[id * WORDS + 3] === LARGE ? (this.larges.get(id) ?? 0n) : bigOf(this.words, id * WORDS);
  }

  isZero(id: AddressId): boolean {
    const at = id * WORDS;
    return (this.words[at] | this.words[at + 1] | this.words[at + 2] | this.words[at + 3]) === 0;
  }

  forget(id: AddressId): void {
    const at = id * WORDS;
    if (this.words[at + 3] === LARGE) this.larges.delete(id);
    this.words[at] = 0;
    this.words[at + 1] = 0;
    this.words[at + 2] = 0;
    this.words[at + 3] = 0;
  }

  /** Takes the sum of an address from its cell, which holds as much, and forgets it. */
  take(id: AddressId, coin: Column): void {
    if (this.words[id * WORDS + 3] === LARGE) writeBig(coin, id, readBig(coin, id) - this.of(id));
    else {
      const { u32 } = coin;
      let borrow = 0;
      for (let i = 0; i < 8 && (i < WORDS || borrow > 0); i++) {
        const left = u32[id * 8 + i] - (i < WORDS ? this.words[id * WORDS + i] : 0) - borrow;
        borrow = left < 0 ? 1 : 0;
        u32[id * 8 + i] = left;
      }
    }
    this.forget(id);
  }
}

/** Whether a sum is at most what is in the eight words from `at`. */
function isWithin(first: number, second: number, third: number, fourth: number, coin: Uint32Array, at: number): boolean {
  if ((coin[at + 4] | coin[at + 5] | coin[at + 6] | coin[at + 7]) !== 0) return true;
  if (fourth !== coin[at + 3]) return fourth < coin[at + 3];
  if (third !== coin[at + 2]) return third < coin[at + 2];
  if (second !== coin[at + 1]) return second < coin[at + 1];
  return first <= coin[at];
}
