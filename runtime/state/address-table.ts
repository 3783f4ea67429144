/**
 * Addresses and their ids. Id 1 is the zero address; 0 is none. Any thread may intern at any time; growth of the buckets happens only
 * while one thread runs. Ids are places in memory: no result depends on them.
 * The 20 bytes are handled as five 32-bit words in the order of memory, so that they can be compared with and copied from calldata as they are.
 */
import type { AddressId } from "../module.ts";
import type { Hex } from "../types.ts";
import type { Buckets, BucketBuffers } from "./buckets.ts";
import { attachBuckets, createBuckets, crowded, HEADER_COUNT, HEADER_MASK, resetBuckets, used } from "./buckets.ts";
import { CapacityError } from "./capacity-error.ts";
import type { HashSeed } from "./hash.ts";
import { hashWords } from "./hash.ts";
import { bytesToHex, hexToBytes } from "../values/hex.ts";

export const ZERO_ADDRESS: AddressId = 1;
/** 32-bit words of an address. */
export const ADDRESS_WORDS = 5;

export interface AddressTableBuffers {
  readonly buckets: BucketBuffers;
  readonly rows: SharedArrayBuffer;
}

export class AddressTable {
  readonly capacity: number;
  readonly buffers: AddressTableBuffers;
  /** The address with id i is the five words from `i * ADDRESS_WORDS`. */
  readonly rows: Uint32Array;
  private readonly buckets: Buckets;
  private readonly header: Int32Array;
  private readonly slots: Int32Array;
  private readonly slotMask: number;
  private readonly k0: number;
  private readonly k1: number;
  private readonly scratch: Uint32Array;
  private readonly scratchBytes: Uint8Array;

  constructor(buffers: AddressTableBuffers, seed: HashSeed) {
    this.capacity = buffers.buckets.capacity;
    this.buffers = buffers;
    this.rows = new Uint32Array(buffers.rows);
    this.buckets = attachBuckets(buffers.buckets);
    this.header = this.buckets.header;
    this.slots = this.buckets.slots;
    this.slotMask = this.buckets.slotMask;
    this.k0 = seed.k0;
    this.k1 = seed.k1;
    this.scratch = new Uint32Array(ADDRESS_WORDS);
    this.scratchBytes = new Uint8Array(this.scratch.buffer);
  }

  /** The id of the 20 bytes that `words[at]` to `words[at + 4]` hold in memory order, made when there is none. */
  intern(words: Uint32Array, at: number): AddressId {
    const mask = this.header[HEADER_MASK];
    const { rows, slotMask } = this;
    const hash = hashWords(words, at, ADDRESS_WORDS, this.k0, this.k1);
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const bucket = Atomics.load(this.slots, index);
      if (bucket === 0) return this.claim(words, at, hash, index, mask);
      if (((bucket ^ hash) & ~slotMask) !== 0) continue;
      const id = bucket & slotMask;
      const row = id * ADDRESS_WORDS;
      if (
        rows[row] === words[at] &&
        rows[row + 1] === words[at + 1] &&
        rows[row + 2] === words[at + 2] &&
        rows[row + 3] === words[at + 3] &&
        rows[row + 4] === words[at + 4]
      ) {
        return id;
      }
    }
  }

  /** The same for 20 bytes at any byte offset. */
  internBytes(bytes: Uint8Array, at: number): AddressId {
    for (let i = 0; i < 20; i++) this.scratchBytes[i] = bytes[at + i];
    return this.intern(this.scratch, 0);
  }

  /** The id of an address that is known already, else 0. */
  findBytes(bytes: Uint8Array, at: number): AddressId {
    for (let i = 0; i < 20; i++) this.scratchBytes[i] = bytes[at + i];
    const mask = this.header[HEADER_MASK];
    const hash = hashWords(this.scratch, 0, ADDRESS_WORDS, this.k0, this.k1);
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const bucket = Atomics.load(this.slots, index);
      const id = bucket & this.slotMask;
      if (bucket === 0 || this.matches(id, this.scratch, 0)) return id;
    }
  }

  internHex(address: string): AddressId {
    return this.internBytes(hexToBytes(address, 20), 0);
  }

  findHex(address: string): AddressId {
    return this.findBytes(hexToBytes(address, 20), 0);
  }

  hexOf(id: AddressId): Hex {
    return bytesToHex(this.bytesOf(id));
  }

  /** A copy of the 20 bytes. */
  bytesOf(id: AddressId): Uint8Array {
    return new Uint8Array(this.rows.slice(id * ADDRESS_WORDS, (id + 1) * ADDRESS_WORDS).buffer);
  }

  /** Highest id handed out; a row of zeros other than id 1's was abandoned in a race. */
  highest(): number {
    return Atomics.load(this.header, HEADER_COUNT);
  }

  crowded(extra: number): boolean {
    return crowded(this.buckets, extra);
  }

  /** Only while no other thread uses the table. */
  ensureRoom(extra: number): void {
    if (!crowded(this.buckets, extra)) return;
    resetBuckets(this.buckets, used(this.buckets) + extra);
    const mask = this.header[HEADER_MASK];
    const highest = this.highest();
    for (let id = 1; id <= highest; id++) {
      if (!this.isLive(id)) continue;
      const hash = hashWords(this.rows, id * ADDRESS_WORDS, ADDRESS_WORDS, this.k0, this.k1);
      let index = hash & mask;
      while (this.slots[index] !== 0) index = (index + 1) & mask;
      this.slots[index] = (hash & ~this.slotMask) | id;
    }
  }

  isLive(id: AddressId): boolean {
    if (id === ZERO_ADDRESS) return true;
    const row = id * ADDRESS_WORDS;
    return (this.rows[row] | this.rows[row + 1] | this.rows[row + 2] | this.rows[row + 3] | this.rows[row + 4]) !== 0;
  }

  private matches(id: AddressId, words: Uint32Array, at: number): boolean {
    for (let i = 0; i < ADDRESS_WORDS; i++) if (this.rows[id * ADDRESS_WORDS + i] !== words[at + i]) return false;
    return true;
  }

  private claim(words: Uint32Array, at: number, hash: number, from: number, mask: number): AddressId {
    if (used(this.buckets) >= mask - (mask >>> 4)) throw new CapacityError("addresses", this.capacity);
    const id = Atomics.add(this.header, HEADER_COUNT, 1) + 1;
    if (id > this.capacity) {
      Atomics.sub(this.header, HEADER_COUNT, 1);
      throw new CapacityError("addresses", this.capacity);
    }
    for (let i = 0; i < ADDRESS_WORDS; i++) this.rows[id * ADDRESS_WORDS + i] = words[at + i];
    const mine = (hash & ~this.slotMask) | id;
    for (let index = from; ; index = (index + 1) & mask) {
      const other = Atomics.compareExchange(this.slots, index, 0, mine);
      if (other === 0) return id;
      if (this.matches(other & this.slotMask, words, at)) {
        this.rows.fill(0, id * ADDRESS_WORDS, (id + 1) * ADDRESS_WORDS);
        return other & this.slotMask;
      }
    }
  }
}

export function createAddressTable(capacity: number): AddressTableBuffers {
  return { buckets: createBuckets(capacity), rows: new SharedArrayBuffer((capacity + 1) * ADDRESS_WORDS * 4) };
}
