/**
 * The open-addressing part that the entry tables and the address table share: reserved bucket arrays that hold slots, the header with
 * counters, and growth. Rows (the keys) belong to the table. Buckets grow only while no other thread touches the table.
 *
 * A bucket is 0 or a slot in its low bits and, above them, a tag: the same bits of the key's hash. A search looks at a key only when the tag
 * fits, so that it misses the cache once for the bucket and once for the right key.
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
  /** The low bits of a bucket, as many as the largest slot needs. */
  readonly slotMask: number;
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
  const slotMask = 2 ** Math.ceil(Math.log2(from.capacity + 1)) - 1;
  return { header: new Int32Array(from.header), slots: new Int32Array(from.slots), capacity: from.capacity, slotMask };
}

/** A power of two that holds the capacity at the load below. */
function maxBuckets(capacity: number): number {
  return sizeFor(capacity, Infinity);
}

/** At most three quarters of the buckets are used: searches stay short, and a smaller array misses the cache less often. */
function sizeFor(entries: number, limit: number): number {
  let size = MIN_BUCKETS;
  while (size * 3 < entries * 4 && size < limit) size *= 2;
  return size;
}

/** Entries in use. */
export function used(buckets: Buckets): number {
  return Atomics.load(buckets.header, HEADER_COUNT) - Atomics.load(buckets.header, HEADER_FREE);
}

/** Whether the load is above three quarters (after `extra` more entries) and the array can still grow. */
export function crowded(buckets: Buckets, extra: number): boolean {
  const size = buckets.header[HEADER_MASK] + 1;
  return size < buckets.slots.length && (used(buckets) + extra) * 4 > size * 3;
}

/** Empties the bucket array and makes it large enough for `entries`. The caller puts its live slots back. */
export function resetBuckets(buckets: Buckets, entries: number): void {
  const size = sizeFor(entries, buckets.slots.length);
  buckets.slots.fill(0, 0, Math.max(size, buckets.header[HEADER_MASK] + 1));
  buckets.header[HEADER_MASK] = size - 1;
}
