/**
 * The open-addressing part that the entry tables and the address table share: reserved bucket arrays that hold slots, the header with
 * counters, and growth. Rows (the keys) belong to the table. Buckets grow only while no other thread touches the table.
 */

/** Words of a table's shared header. */
export const HEADER_WORDS = 16;
/** Highest slot handed out so far. */
export const HEADER_COUNT = 0;
/** Number of buckets less one. */
export const HEADER_MASK = 1;
/** Slots freed by a sweep and not reused yet; they stand in the free list. */
export const HEADER_FREE = 2;

/**
 * Smallest bucket array. Untouched pages cost nothing, and it leaves room for tens of thousands of insertions between two looks at
 * `crowded`, so that a single call can't fill the array before the owner had a chance to grow it.
 */
const MIN_BUCKETS = 1 << 16;

export interface Buckets {
  readonly header: Int32Array;
  readonly slots: Int32Array;
  /** Largest slot there can be. */
  readonly capacity: number;
}

export interface BucketBuffers {
  readonly header: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  readonly capacity: number;
}

export function createBuckets(capacity: number): BucketBuffers {
  const header = new SharedArrayBuffer(HEADER_WORDS * 4);
  new Int32Array(header)[HEADER_MASK] = MIN_BUCKETS - 1;
  return { header, slots: new SharedArrayBuffer(maxBuckets(capacity) * 4), capacity };
}

export function attachBuckets(from: BucketBuffers): Buckets {
  return { header: new Int32Array(from.header), slots: new Int32Array(from.slots), capacity: from.capacity };
}

/** A power of two at least twice the capacity, so that the load stays at one half. */
function maxBuckets(capacity: number): number {
  let size = MIN_BUCKETS;
  while (size < capacity * 2) size *= 2;
  return size;
}

/** Entries in use. */
export function used(buckets: Buckets): number {
  return Atomics.load(buckets.header, HEADER_COUNT) - Atomics.load(buckets.header, HEADER_FREE);
}

/** Whether the load is above one half (after `extra` more entries) and the array can still grow. */
export function crowded(buckets: Buckets, extra: number): boolean {
  const size = buckets.header[HEADER_MASK] + 1;
  return size < buckets.slots.length && (used(buckets) + extra) * 2 > size;
}

/** Empties the bucket array and makes it large enough for `entries`. The caller puts its live slots back. */
export function resetBuckets(buckets: Buckets, entries: number): void {
  let size = MIN_BUCKETS;
  while (size < entries * 2 && size < buckets.slots.length) size *= 2;
  // A larger array from now on: one doubling ahead, so that growth stays rare.
  if (size < buckets.slots.length && entries * 4 > size) size *= 2;
  buckets.slots.fill(0, 0, Math.max(size, buckets.header[HEADER_MASK] + 1));
  buckets.header[HEADER_MASK] = size - 1;
}
