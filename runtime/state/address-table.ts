/**
 * Addresses and their ids. Id 1 is the zero address; 0 is none. Any thread may intern at any time; growth of the buckets happens only
 * while one thread runs. Ids are places in memory: no result depends on them.
 * The 20 bytes are handled as five 32-bit words in the order of memory, so that they can be compared with and copied from calldata as they are.
 */
import type { AddressId } from "../module.ts";
import type { Hex } from "../types.ts";
import type { Buckets, BucketBuffers } from "./buckets.ts";
import { attachBuckets, createBuckets, crowded, Foresight, HEADER_COUNT, homeOf, nextOf, noteFull } from "./buckets.ts";
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
  private readonly foresight: Foresight;
  private readonly header: Int32Array;
  private readonly slots: Int32Array;
  private readonly slotMask: number;
  private readonly k0: number;
  private readonly k1: number;
  private readonly scratch: Uint32Array;
  private readonly scratchBytes: Uint8Array;
  /** An id that this thread took and then didn't need; 0 none. */
  private spare = 0;

  constructor(buffers: AddressTableBuffers, seed: HashSeed) {
    this.capacity = buffers.buckets.capacity;
    this.buffers = buffers;
    this.rows = new Uint32Array(buffers.rows);
    this.buckets = attachBuckets(buffers.buckets, this.rows, ADDRESS_WORDS, seed);
    this.foresight = new Foresight(this.buckets);
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
    const { rows, slots, slotMask } = this;
    const hash = hashWords(words, at, ADDRESS_WORDS, this.k0, this.k1);
    const home = homeOf(this.header, hash);
    let index = home;
    do {
      const bucket = Atomics.load(slots, index);
      if (bucket === 0) return this.claim(words, at, hash, index, home);
      if (((bucket ^ hash) & ~slotMask) === 0) {
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
      index = nextOf(index);
    } while (index !== home);
    return this.refuse(home);
  }

  /** The same for 20 bytes at any byte offset. */
  internBytes(bytes: Uint8Array, at: number): AddressId {
    for (let i = 0; i < 20; i++) this.scratchBytes[i] = bytes[at + i];
    return this.intern(this.scratch, 0);
  }

  /** The id of an address that is known already, else 0. */
  findBytes(bytes: Uint8Array, at: number): AddressId {
    for (let i = 0; i < 20; i++) this.scratchBytes[i] = bytes[at + i];
    const hash = hashWords(this.scratch, 0, ADDRESS_WORDS, this.k0, this.k1);
    const home = homeOf(this.header, hash);
    let index = home;
    do {
      const bucket = Atomics.load(this.slots, index);
      if (bucket === 0) return 0;
      const id = bucket & this.slotMask;
      if (((bucket ^ hash) & ~this.slotMask) === 0 && this.matches(id, this.scratch, 0)) return id;
      index = nextOf(index);
    } while (index !== home);
    return 0;
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

  /** Highest id handed out; a row of zeros other than id 1's isn't in use. */
  highest(): number {
    return Atomics.load(this.header, HEADER_COUNT);
  }

  crowded(extra: number): boolean {
    return crowded(this.buckets, extra);
  }

  /** Makes room in the bucket array for `extra` more addresses, by work in proportion to them. Only while no other thread uses the table. */
  ensureRoom(extra: number): void {
    this.foresight.grow(extra);
  }

  /** Makes room for as many more as were made since the last call of this, which is the owner's, between blocks. */
  tidy(): void {
    this.foresight.tidy();
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

  private claim(words: Uint32Array, at: number, hash: number, from: number, home: number): AddressId {
    const id = this.allocate();
    for (let i = 0; i < ADDRESS_WORDS; i++) this.rows[id * ADDRESS_WORDS + i] = words[at + i];
    const mine = (hash & ~this.slotMask) | id;
    let index = from;
    do {
      const other = Atomics.compareExchange(this.slots, index, 0, mine);
      if (other === 0) return id;
      if (this.matches(other & this.slotMask, words, at)) {
        this.putAside(id);
        return other & this.slotMask;
      }
      index = nextOf(index);
    } while (index !== home);
    this.putAside(id);
    return this.refuse(home);
  }

  private allocate(): AddressId {
    const { spare } = this;
    if (spare !== 0) {
      this.spare = 0;
      return spare;
    }
    const id = Atomics.add(this.header, HEADER_COUNT, 1) + 1;
    if (id <= this.capacity) return id;
    Atomics.sub(this.header, HEADER_COUNT, 1);
    throw new CapacityError("addresses", this.capacity);
  }

  /** Nobody else knows of the id: the next address that this thread makes takes it. */
  private putAside(id: AddressId): void {
    this.rows.fill(0, id * ADDRESS_WORDS, (id + 1) * ADDRESS_WORDS);
    this.spare = id;
  }

  private refuse(home: number): never {
    noteFull(this.buckets, home);
    throw new CapacityError("addresses", this.capacity);
  }
}

export function createAddressTable(capacity: number): AddressTableBuffers {
  return { buckets: createBuckets(capacity), rows: new SharedArrayBuffer((capacity + 1) * ADDRESS_WORDS * 4) };
}
