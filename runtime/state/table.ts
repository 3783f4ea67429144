/**
 * An entry table maps the key of a keyed field (instance, key words) to a slot, 1-based. Any thread may look up and insert at any time;
 * growing and sweeping happen only while one thread runs. Slots never move, and no result depends on their numbers.
 */
import type { Buckets, BucketBuffers } from "./buckets.ts";
import { attachBuckets, createBuckets, crowded, HEADER_COUNT, HEADER_FREE, HEADER_MASK, resetBuckets, used } from "./buckets.ts";
import { CapacityError } from "./capacity-error.ts";
import type { HashSeed } from "./hash.ts";
import { hash2, hashWords } from "./hash.ts";

/** What can be sent to a worker. */
export interface TableBuffers {
  readonly name: string;
  /** 32-bit words of a key, the instance included. */
  readonly keyWords: number;
  readonly buckets: BucketBuffers;
  readonly keys: SharedArrayBuffer;
  readonly free: SharedArrayBuffer;
}

export class Table {
  readonly name: string;
  readonly keyWords: number;
  readonly capacity: number;
  /** Key words of slot s from `s * keyWords`; the first is the instance, 0 in slots that aren't in use. */
  readonly keys: Uint32Array;
  readonly buffers: TableBuffers;
  private readonly buckets: Buckets;
  private readonly header: Int32Array;
  private readonly slots: Int32Array;
  private readonly free: Int32Array;
  private readonly k0: number;
  private readonly k1: number;
  private readonly pair: Uint32Array;

  constructor(buffers: TableBuffers, seed: HashSeed) {
    this.name = buffers.name;
    this.keyWords = buffers.keyWords;
    this.capacity = buffers.buckets.capacity;
    this.keys = new Uint32Array(buffers.keys);
    this.buffers = buffers;
    this.buckets = attachBuckets(buffers.buckets);
    this.header = this.buckets.header;
    this.slots = this.buckets.slots;
    this.free = new Int32Array(buffers.free);
    this.k0 = seed.k0;
    this.k1 = seed.k1;
    this.pair = new Uint32Array(2);
  }

  /** The slot of the key at `key[at…]` (`keyWords` words, the instance first), 0 when there is none. */
  find(key: Uint32Array, at: number): number {
    const words = this.keyWords;
    const mask = this.header[HEADER_MASK];
    let bucket = hashWords(key, at, words, this.k0, this.k1) & mask;
    for (;;) {
      const slot = Atomics.load(this.slots, bucket);
      if (slot === 0) return 0;
      if (this.matches(slot, key, at)) return slot;
      bucket = (bucket + 1) & mask;
    }
  }

  /** The slot of the key, made when there is none. Throws CapacityError when the table is full. */
  insert(key: Uint32Array, at: number): number {
    const mask = this.header[HEADER_MASK];
    let bucket = hashWords(key, at, this.keyWords, this.k0, this.k1) & mask;
    for (;;) {
      const slot = Atomics.load(this.slots, bucket);
      if (slot === 0) return this.claim(key, at, bucket, mask);
      if (this.matches(slot, key, at)) return slot;
      bucket = (bucket + 1) & mask;
    }
  }

  /** `insert` for keys of two words: the instance and one 32-bit key. */
  insert2(instance: number, a: number): number {
    const mask = this.header[HEADER_MASK];
    const keys = this.keys;
    let bucket = hash2(instance, a, this.k0, this.k1) & mask;
    for (;;) {
      const slot = Atomics.load(this.slots, bucket);
      if (slot === 0) {
        this.pair[0] = instance;
        this.pair[1] = a;
        return this.claim(this.pair, 0, bucket, mask);
      }
      if ((keys[slot * 2 + 1] ^ a) === 0 && keys[slot * 2] === instance) return slot;
      bucket = (bucket + 1) & mask;
    }
  }

  /** `find` for keys of two words. */
  find2(instance: number, a: number): number {
    this.pair[0] = instance;
    this.pair[1] = a;
    return this.find(this.pair, 0);
  }

  /** Highest slot handed out; slots up to it may be free or abandoned (`isLive`). */
  highest(): number {
    return Atomics.load(this.header, HEADER_COUNT);
  }

  /** Entries in use. */
  size(): number {
    return used(this.buckets);
  }

  isLive(slot: number): boolean {
    return this.keys[slot * this.keyWords] !== 0;
  }

  /** Whether the owner should call `ensureRoom` before `extra` more insertions. One look at two words of memory. */
  crowded(extra: number): boolean {
    return crowded(this.buckets, extra);
  }

  /** Grows the bucket array for `extra` more entries. Only while no other thread uses the table. */
  ensureRoom(extra: number): void {
    if (crowded(this.buckets, extra)) this.rebuild(used(this.buckets) + extra);
  }

  /** Frees the slots that `keep` says no to, for reuse. Only while no other thread uses the table, and between blocks. */
  sweep(keep: (slot: number) => boolean): number {
    const highest = this.highest();
    let freed = 0;
    for (let slot = 1; slot <= highest; slot++) {
      if (this.isLive(slot) && keep(slot)) continue;
      this.keys[slot * this.keyWords] = 0;
      this.free[freed++] = slot;
    }
    this.header[HEADER_FREE] = freed;
    this.rebuild(highest - freed);
    return freed;
  }

  private matches(slot: number, key: Uint32Array, at: number): boolean {
    const words = this.keyWords;
    const keys = this.keys;
    const from = slot * words;
    for (let i = words - 1; i >= 0; i--) if (keys[from + i] !== key[at + i]) return false;
    return true;
  }

  /** Writes the key into a new slot and tries to put it into the bucket; whoever comes second takes the winner's slot or moves on. */
  private claim(key: Uint32Array, at: number, from: number, mask: number): number {
    const slot = this.allocate(mask);
    const words = this.keyWords;
    for (let i = 0; i < words; i++) this.keys[slot * words + i] = key[at + i];
    let bucket = from;
    for (;;) {
      const other = Atomics.compareExchange(this.slots, bucket, 0, slot);
      if (other === 0) return slot;
      if (this.matches(other, key, at)) {
        // Lost the race for this very key: the slot stays unused until the next sweep.
        this.keys[slot * words] = 0;
        return other;
      }
      bucket = (bucket + 1) & mask;
    }
  }

  private allocate(mask: number): number {
    // A bucket array that is full to the last would never end a search, so it is refused at 15/16.
    if (used(this.buckets) >= mask - (mask >>> 4)) throw new CapacityError(`entries of ${this.name}`, this.capacity);
    for (;;) {
      const free = Atomics.load(this.header, HEADER_FREE);
      if (free === 0) break;
      const slot = this.free[free - 1];
      if (Atomics.compareExchange(this.header, HEADER_FREE, free, free - 1) === free) return slot;
    }
    const slot = Atomics.add(this.header, HEADER_COUNT, 1) + 1;
    if (slot <= this.capacity) return slot;
    Atomics.sub(this.header, HEADER_COUNT, 1);
    throw new CapacityError(`entries of ${this.name}`, this.capacity);
  }

  private rebuild(entries: number): void {
    resetBuckets(this.buckets, entries);
    const mask = this.header[HEADER_MASK];
    const highest = this.highest();
    for (let slot = 1; slot <= highest; slot++) {
      if (!this.isLive(slot)) continue;
      let bucket = hashWords(this.keys, slot * this.keyWords, this.keyWords, this.k0, this.k1) & mask;
      while (this.slots[bucket] !== 0) bucket = (bucket + 1) & mask;
      this.slots[bucket] = slot;
    }
  }
}

export function createTable(name: string, keyWords: number, capacity: number): TableBuffers {
  return {
    name,
    keyWords,
    buckets: createBuckets(capacity),
    keys: new SharedArrayBuffer((capacity + 1) * keyWords * 4),
    free: new SharedArrayBuffer((capacity + 1) * 4),
  };
}
