/**
 * The open-addressing part that the entry tables and the address table share: a reserved bucket array that holds slots, the header with
 * counters, and growth. Rows (the keys) belong to the table. Any thread may look and claim at any time; growth and removal happen only while no
 * other thread touches the table.
 *
 * Buckets stand in groups. The low bits of a hash choose the bucket in a group, where a search begins; it goes on inside the group, around its
 * end. The bits above choose the group: as many as the groups of the last doubling have, and one more for groups that were split since. So a table
 * grows group by group (linear hashing; P. Larson, "Dynamic hash tables", CACM 31, 1988), by work in proportion to the entries that it
 * makes room for, and no block ever waits for all entries to be put elsewhere.
 *
 * A bucket is 0 or a slot in its low bits and, above them, a tag: the same bits of the key's hash. A search looks at a key only when the tag
 * fits, so that it misses the cache once for the bucket and once for the right key.
 */

import type { HashSeed } from "./hash.ts";
import { hashWords } from "./hash.ts";

/** Words of a table's shared header: two cache lines, as one changes with every claim and the other is read by every search. */
const HEADER_WORDS = 32;
/** Number of buckets. */
const HEADER_SIZE = 0;
/** Entries that so many buckets are for. */
const HEADER_LIMIT = 1;
/** A bucket of a group that had no empty one left for some entry, plus 1; 0 when there is none. */
const HEADER_FULL = 2;
/** Highest slot handed out so far. */
export const HEADER_COUNT = 16;
/** Slots freed by a sweep and not reused yet; they stand in the free list. */
export const HEADER_FREE = 17;

/**
 * Buckets of a group. At the load below, 3482 of them are used, give or take 59: that many more than all of them are 10 standard deviations away. Hashes are
 * keyed, so nobody can choose entries that meet in one group.
 */
const GROUP = 4096;
/** Bits of a bucket's number that tell it from the others of its group. */
export const GROUP_MASK = GROUP - 1;
/**
 * Smallest bucket array. Untouched pages cost nothing, and it leaves room for tens of thousands of insertions between two looks at
 * `crowded`, so that a single call can't fill a group before the owner had a chance to grow the array.
 */
const MIN_GROUPS = 16;
/**
 * Share of the buckets that are used when the first group is split, and in groups not split yet when the last one is. Later and faster splits would
 * need less memory but longer searches and more work at once: now one new entry makes three others move, at most.
 */
const SPLIT_FROM = 0.6;
const SPLIT_UNTIL = 0.85;
/** Room made beyond what is asked for: a part of the entries, so that looks at `crowded` seldom say yes, and so many at most, so that it takes few milliseconds. */
const SLACK_SHARE = 4;
const MAX_SLACK = 1 << 16;
/** Room made between blocks goes by what the last block took, but no further than this, for the same reason. */
const MAX_FORESIGHT = 1 << 17;
/** No block asks for more room before it looks again; who does fills a new table. */
const MAX_ASKED = 1 << 18;

export interface Buckets {
  readonly header: Int32Array;
  readonly slots: Int32Array;
  /** Largest slot there can be. */
  readonly capacity: number;
  /** The low bits of a bucket, as many as the largest slot needs. */
  readonly slotMask: number;
  /** The key of slot s is the `keyWords` words from `s * keyWords`. */
  readonly keys: Uint32Array;
  readonly keyWords: number;
  readonly seed: HashSeed;
}

export interface BucketBuffers {
  readonly header: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  readonly capacity: number;
}

export function createBuckets(capacity: number): BucketBuffers {
  const header = new SharedArrayBuffer(HEADER_WORDS * 4);
  setGroups(new Int32Array(header), MIN_GROUPS);
  return { header, slots: new SharedArrayBuffer(groupsFor(capacity) * GROUP * 4), capacity };
}

export function attachBuckets(from: BucketBuffers, keys: Uint32Array, keyWords: number, seed: HashSeed): Buckets {
  const slotMask = 2 ** Math.ceil(Math.log2(from.capacity + 1)) - 1;
  return {
    header: new Int32Array(from.header),
    slots: new Int32Array(from.slots),
    capacity: from.capacity,
    slotMask,
    keys,
    keyWords,
    seed,
  };
}

/** The bucket where a search for this hash begins. One word is read and nothing branched on, as hashes can't be predicted. */
export function homeOf(header: Int32Array, hash: number): number {
  const size = header[HEADER_SIZE];
  const mask = -1 >>> Math.clz32(size);
  const index = hash & mask;
  // Behind the last bucket: the group isn't split yet, so the highest bit doesn't count.
  return index & ((mask >>> 1) | ((index - size) >> 31));
}

/** The bucket where a search goes on after this one; when it is the first again, all of the group were looked at. */
export function nextOf(index: number): number {
  return (index & ~GROUP_MASK) | ((index + 1) & GROUP_MASK);
}

/** Notes that there was no bucket for an entry whose search begins here. The next `grow` splits the group, if it can. */
export function noteFull(buckets: Buckets, home: number): void {
  Atomics.store(buckets.header, HEADER_FULL, home + 1);
}

/** Entries in use. */
export function used(buckets: Buckets): number {
  return Atomics.load(buckets.header, HEADER_COUNT) - Atomics.load(buckets.header, HEADER_FREE);
}

/** Whether `extra` more entries are more than the groups were made for, and there can be more groups. */
export function crowded(buckets: Buckets, extra: number): boolean {
  const { header, slots } = buckets;
  return (used(buckets) + extra > header[HEADER_LIMIT] || header[HEADER_FULL] !== 0) && header[HEADER_SIZE] < slots.length;
}

/** If `extra` more entries need more groups, splits as many as these and `slack` need. */
function grow(buckets: Buckets, extra: number, slack: number): void {
  if (!crowded(buckets, extra)) return;
  const { header, slots } = buckets;
  const entries = used(buckets);
  const most = slots.length / GROUP;
  let wanted = groupsFor(entries + extra + slack);
  const full = header[HEADER_FULL];
  if (full !== 0) {
    const group = Math.floor((full - 1) / GROUP);
    const groups = header[HEADER_SIZE] / GROUP;
    const whole = wholeOf(groups);
    const next = groups - whole;
    // Groups are split in order. One that was split in this round has its turn in the next.
    const turn = group < next || group >= whole ? 2 * whole + group : whole + group;
    wanted = Math.max(wanted, turn + 1);
    header[HEADER_FULL] = 0;
  }
  wanted = Math.min(wanted, most);
  for (let groups = header[HEADER_SIZE] / GROUP; groups < wanted; groups++) splitNext(buckets, groups);
}

/** What a table's owner sees of its growth, to make room before a block rather than in the middle of it. */
export class Foresight {
  private readonly buckets: Buckets;
  /** Entries after the last block. */
  private seen = 0;
  /** Most room that was asked for at once. */
  private asked = 0;

  constructor(buckets: Buckets) {
    this.buckets = buckets;
  }

  /** Makes room for `extra` more entries, and some more. */
  grow(extra: number): void {
    if (extra <= MAX_ASKED && extra > this.asked) this.asked = extra;
    const slack = Math.floor((used(this.buckets) + extra) / SLACK_SHARE);
    grow(this.buckets, extra, Math.min(slack, MAX_SLACK));
  }

  /** Between blocks: makes room for as many entries as the last one made, beyond what will be asked for, and no more, so that all blocks take their share. Returns how many they were. */
  tidy(): number {
    const made = used(this.buckets) - this.seen;
    this.seen += made;
    grow(this.buckets, this.asked + Math.min(Math.max(made, 0), MAX_FORESIGHT), 0);
    return made;
  }

  /** An entry was freed. */
  forget(): void {
    this.seen--;
  }
}

/** Takes a slot out; those behind it that were pushed on by it move up, so that no search ends too early. */
export function remove(buckets: Buckets, slot: number): void {
  const { header, slots, slotMask } = buckets;
  const home = homeOf(header, hashOf(buckets, slot));
  let hole = home;
  while ((slots[hole] & slotMask) !== slot) {
    hole = nextOf(hole);
    if (hole === home) throw new Error("internal: an entry without a bucket");
  }
  const start = hole;
  for (let index = nextOf(hole); index !== start && slots[index] !== 0; index = nextOf(index)) {
    const wish = homeOf(header, hashOf(buckets, slots[index] & slotMask));
    // It may move to the hole unless its search begins behind it.
    if (((index - wish) & GROUP_MASK) < ((index - hole) & GROUP_MASK)) continue;
    slots[hole] = slots[index];
    hole = index;
  }
  slots[hole] = 0;
}

function hashOf({ keys, keyWords, seed }: Buckets, slot: number): number {
  return hashWords(keys, slot * keyWords, keyWords, seed.k0, seed.k1);
}

/** Buckets that a table of so many entries has when it made no more room than they needed. */
export function bucketsFor(entries: number): number {
  return groupsFor(entries) * GROUP;
}

/** Groups that so many entries should have: none is split until `SPLIT_FROM`, then at an even pace, all until `SPLIT_UNTIL`. */
function groupsFor(entries: number): number {
  let whole = MIN_GROUPS;
  while (entries > whole * GROUP * SPLIT_UNTIL) whole *= 2;
  const load = entries / (whole * GROUP);
  return load <= SPLIT_FROM ? whole : whole + Math.ceil((whole * (load - SPLIT_FROM)) / (SPLIT_UNTIL - SPLIT_FROM));
}

/** The other way round: entries that these groups are for. */
function entriesFor(groups: number): number {
  const whole = wholeOf(groups);
  return Math.floor(GROUP * (whole * SPLIT_FROM + (groups - whole) * (SPLIT_UNTIL - SPLIT_FROM)));
}

/** Groups after the last doubling. */
function wholeOf(groups: number): number {
  return 2 ** (31 - Math.clz32(groups));
}

function setGroups(header: Int32Array, groups: number): void {
  header[HEADER_SIZE] = groups * GROUP;
  header[HEADER_LIMIT] = entriesFor(groups);
}

/** What a group holds while it is split. */
const moving = new Int32Array(GROUP);
/** Keys copied at once. */
const BATCH = 256;
let batch = new Uint32Array(BATCH * 8);

/** Makes one more group, of what belongs to it in the one that is next to be split. */
function splitNext(buckets: Buckets, groups: number): void {
  const { header, slots, slotMask, keys, keyWords, seed } = buckets;
  const from = (groups - wholeOf(groups)) * GROUP;
  let count = 0;
  for (let index = from; index < from + GROUP; index++) {
    const bucket = slots[index];
    if (bucket === 0) continue;
    moving[count++] = bucket;
    slots[index] = 0;
  }
  setGroups(header, groups + 1);
  if (batch.length < BATCH * keyWords) batch = new Uint32Array(BATCH * keyWords);
  for (let first = 0; first < count; first += BATCH) {
    const end = Math.min(count, first + BATCH);
    // Keys lie anywhere in memory. Copied in a loop of nothing else, the processor fetches many at once; hashed one by one, it would wait for each.
    for (let i = first, to = 0; i < end; i++) {
      const at = (moving[i] & slotMask) * keyWords;
      for (let word = at; word < at + keyWords; word++) batch[to++] = keys[word];
    }
    for (let i = first; i < end; i++) {
      let index = homeOf(header, hashWords(batch, (i - first) * keyWords, keyWords, seed.k0, seed.k1));
      while (slots[index] !== 0) index = nextOf(index);
      slots[index] = moving[i];
    }
  }
}
