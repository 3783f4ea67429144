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
  private readonly slotMask: number;
  private readonly k0: number;
  private readonly k1: number;
  private readonly pair: Uint32Array;
  /** Entries at which a sweep is worth a pass over the table. */
  private sweepAt: number;

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
    this.slotMask = this.buckets.slotMask;
    this.k0 = seed.k0;
    this.k1 = seed.k1;
    this.pair = new Uint32Array(2);
    this.sweepAt = Math.floor(this.capacity / 2);
  }

  /** The slot of the key at `key[at…]` (`keyWords` words, the instance first), 0 when there is none. */
  find(key: Uint32Array, at: number): number {
    const mask = this.header[HEADER_MASK];
    const { slotMask } = this;
    const hash = hashWords(key, at, this.keyWords, this.k0, this.k1);
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const bucket = Atomics.load(this.slots, index);
      if (bucket === 0) return 0;
      const slot = bucket & slotMask;
      if (((bucket ^ hash) & ~slotMask) === 0 && this.matches(slot, key, at)) return slot;
    }
  }

  /** The slot of the key, made when there is none. Throws CapacityError when the table is full. */
  insert(key: Uint32Array, at: number): number {
    const mask = this.header[HEADER_MASK];
    const { slotMask } = this;
    const hash = hashWords(key, at, this.keyWords, this.k0, this.k1);
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const bucket = Atomics.load(this.slots, index);
      if (bucket === 0) return this.claim(key, at, hash, index, mask);
      const slot = bucket & slotMask;
      if (((bucket ^ hash) & ~slotMask) === 0 && this.matches(slot, key, at)) return slot;
    }
  }

  /** `insert` for keys of two words: the instance and one 32-bit key. */
  insert2(instance: number, a: number): number {
    const mask = this.header[HEADER_MASK];
    const { keys, slotMask } = this;
    const hash = hash2(instance, a, this.k0, this.k1);
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const bucket = Atomics.load(this.slots, index);
      if (bucket === 0) {
        this.pair[0] = instance;
        this.pair[1] = a;
        return this.claim(this.pair, 0, hash, index, mask);
      }
      const slot = bucket & slotMask;
      if (((bucket ^ hash) & ~slotMask) === 0 && (keys[slot * 2 + 1] ^ a) === 0 && keys[slot * 2] === instance) return slot;
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
    // Halfway to full again, so that sweeps of a table that is really full stay rare.
    this.sweepAt = Math.ceil((highest - freed + this.capacity) / 2);
    return freed;
  }

  wantsSweep(): boolean {
    return used(this.buckets) > this.sweepAt;
  }

  private matches(slot: number, key: Uint32Array, at: number): boolean {
    const words = this.keyWords;
    const keys = this.keys;
    const from = slot * words;
    for (let i = words - 1; i >= 0; i--) if (keys[from + i] !== key[at + i]) return false;
    return true;
  }

  /** Writes the key into a new slot and tries to put it into the bucket; whoever comes second takes the winner's slot or moves on. */
  private claim(key: Uint32Array, at: number, hash: number, from: number, mask: number): number {
    const slot = this.allocate(mask);
    const words = this.keyWords;
    for (let i = 0; i < words; i++) this.keys[slot * words + i] = key[at + i];
    const mine = (hash & ~this.slotMask) | slot;
    for (let index = from; ; index = (index + 1) & mask) {
      const other = Atomics.compareExchange(this.slots, index, 0, mine);
      if (other === 0) return slot;
      if (this.matches(other & this.slotMask, key, at)) {
        // Lost the race for this very key: the slot stays unused until the next sweep.
        this.keys[slot * words] = 0;
        return other & this.slotMask;
      }
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
      const hash = hashWords(this.keys, slot * this.keyWords, this.keyWords, this.k0, this.k1);
      let index = hash & mask;
      while (this.slots[index] !== 0) index = (index + 1) & mask;
      this.slots[index] = (hash & ~this.slotMask) | slot;
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
