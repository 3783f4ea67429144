/**
 * An entry table maps the key of a keyed field (instance, key words) to a slot, 1-based. Any thread may look up and insert at any time;
 * growing and sweeping happen only while one thread runs, each a piece at a time. Slots never move, and no result depends on their numbers.
 */
import type { Buckets, BucketBuffers } from "./buckets.ts";
import {
  attachBuckets,
  createBuckets,
  crowded,
  Foresight,
  HEADER_COUNT,
  HEADER_FREE,
  homeOf,
  nextOf,
  noteFull,
  remove,
  used,
} from "./buckets.ts";
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
  private readonly foresight: Foresight;
  private readonly header: Int32Array;
  private readonly slots: Int32Array;
  private readonly free: Int32Array;
  private readonly slotMask: number;
  private readonly k0: number;
  private readonly k1: number;
  private readonly pair: Uint32Array;
  /** A slot that this thread took and then didn't need, because another one was first to insert the same key; 0 none. */
  private spare = 0;
  // Of the owner only.
  /** Entries at which a sweep is worth a pass over the table. */
  private sweepAt: number;
  /** The slot that the present sweep looks at next; 0 when there is none. */
  private sweepNext = 0;

  constructor(buffers: TableBuffers, seed: HashSeed) {
    this.name = buffers.name;
    this.keyWords = buffers.keyWords;
    this.capacity = buffers.buckets.capacity;
    this.keys = new Uint32Array(buffers.keys);
    this.buffers = buffers;
    this.buckets = attachBuckets(buffers.buckets, this.keys, this.keyWords, seed);
    this.foresight = new Foresight(this.buckets);
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
    const { slots, slotMask } = this;
    const hash = hashWords(key, at, this.keyWords, this.k0, this.k1);
    const home = homeOf(this.header, hash);
    let index = home;
    do {
      const bucket = Atomics.load(slots, index);
      if (bucket === 0) return 0;
      const slot = bucket & slotMask;
      if (((bucket ^ hash) & ~slotMask) === 0 && this.matches(slot, key, at)) return slot;
      index = nextOf(index);
    } while (index !== home);
    return 0;
  }

  /** The slot of the key, made when there is none. Throws CapacityError when the table is full. */
  insert(key: Uint32Array, at: number): number {
    const { slots, slotMask } = this;
    const hash = hashWords(key, at, this.keyWords, this.k0, this.k1);
    const home = homeOf(this.header, hash);
    let index = home;
    do {
      const bucket = Atomics.load(slots, index);
      if (bucket === 0) return this.claim(key, at, hash, index, home);
      const slot = bucket & slotMask;
      if (((bucket ^ hash) & ~slotMask) === 0 && this.matches(slot, key, at)) return slot;
      index = nextOf(index);
    } while (index !== home);
    return this.refuse(home);
  }

  /** `insert` for keys of two words: the instance and one 32-bit key. */
  insert2(instance: number, a: number): number {
    const { keys, slots, slotMask } = this;
    const hash = hash2(instance, a, this.k0, this.k1);
    const home = homeOf(this.header, hash);
    let index = home;
    do {
      const bucket = Atomics.load(slots, index);
      if (bucket === 0) {
        this.pair[0] = instance;
        this.pair[1] = a;
        return this.claim(this.pair, 0, hash, index, home);
      }
      const slot = bucket & slotMask;
      if (((bucket ^ hash) & ~slotMask) === 0 && (keys[slot * 2 + 1] ^ a) === 0 && keys[slot * 2] === instance) return slot;
      index = nextOf(index);
    } while (index !== home);
    return this.refuse(home);
  }

  /** `find` for keys of two words. */
  find2(instance: number, a: number): number {
    this.pair[0] = instance;
    this.pair[1] = a;
    return this.find(this.pair, 0);
  }

  /** Highest slot handed out; slots up to it may be free (`isLive`). */
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

  /** Whether the owner should call `ensureRoom` before `extra` more insertions. One look at a few words of memory. */
  crowded(extra: number): boolean {
    return crowded(this.buckets, extra);
  }

  /** Makes room in the bucket array for `extra` more entries, by work in proportion to them. Only while no other thread uses the table. */
  ensureRoom(extra: number): void {
    this.foresight.grow(extra);
  }

  /** Entries made since the last call of this, which is the owner's, between blocks. Makes room for as many again. */
  tidy(): number {
    return this.foresight.tidy();
  }

  /** Whether a sweep has begun or should begin. */
  wantsSweep(): boolean {
    return this.sweepNext !== 0 || used(this.buckets) > this.sweepAt;
  }

  /**
   * How many slots a sweep should look at now, when so many entries were made since it did last: so many that it will be over before half of the room
   * that is left has been used up.
   */
  sweepPace(made: number): number {
    const left = this.highest() - this.sweepNext;
    const room = Math.max(1, this.capacity - used(this.buckets));
    return Math.ceil(left * Math.min(1, (2 * made) / room));
  }

  /**
   * Goes on with the sweep, or begins one: looks at `most` slots at most and frees those in use that `keep` says no to, for reuse, after `freed` was told. Returns how
   * many it looked at. Only while no other thread uses the table, and between blocks.
   */
  sweep(keep: (slot: number) => boolean, freed: (slot: number) => void, most: number): number {
    const first = this.sweepNext === 0 ? 1 : this.sweepNext;
    const highest = this.highest();
    const end = Math.min(highest + 1, first + most);
    for (let slot = first; slot < end; slot++) {
      // A slot that isn't live is free already, or another thread's spare one.
      if (!this.isLive(slot) || keep(slot)) continue;
      freed(slot);
      this.foresight.forget();
      this.release(slot);
    }
    this.sweepNext = end;
    if (end <= highest) return end - first;
    this.sweepNext = 0;
    // Halfway to full again, so that sweeps of a table that is really full stay rare.
    this.sweepAt = Math.ceil((used(this.buckets) + this.capacity) / 2);
    return end - first;
  }

  private release(slot: number): void {
    remove(this.buckets, slot);
    this.keys[slot * this.keyWords] = 0;
    this.free[this.header[HEADER_FREE]++] = slot;
  }

  private matches(slot: number, key: Uint32Array, at: number): boolean {
    const words = this.keyWords;
    const keys = this.keys;
    const from = slot * words;
    for (let i = words - 1; i >= 0; i--) if (keys[from + i] !== key[at + i]) return false;
    return true;
  }

  /** Writes the key into a new slot and tries to put it into the bucket; whoever comes second takes the winner's slot or moves on. */
  private claim(key: Uint32Array, at: number, hash: number, from: number, home: number): number {
    const { slots, slotMask } = this;
    const slot = this.allocate();
    const words = this.keyWords;
    for (let i = 0; i < words; i++) this.keys[slot * words + i] = key[at + i];
    const mine = (hash & ~slotMask) | slot;
    let index = from;
    do {
      const other = Atomics.compareExchange(slots, index, 0, mine);
      if (other === 0) return slot;
      if (this.matches(other & slotMask, key, at)) {
        this.putAside(slot);
        return other & slotMask;
      }
      index = nextOf(index);
    } while (index !== home);
    this.putAside(slot);
    return this.refuse(home);
  }

  /** Nobody else knows of the slot: this thread's next insertion takes it. */
  private putAside(slot: number): void {
    this.keys[slot * this.keyWords] = 0;
    this.spare = slot;
  }

  private refuse(home: number): never {
    noteFull(this.buckets, home);
    throw new CapacityError(`entries of ${this.name}`, this.capacity);
  }

  private allocate(): number {
    const { spare } = this;
    if (spare !== 0) {
      this.spare = 0;
      return spare;
    }
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
