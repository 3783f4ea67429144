/**
 * What a simulation needs to know of a block: how long the steps of each call took on one thread, and who waits for whom. Plain arrays, so that a
 * profile can be made by hand as well as measured (`runtime/execute/profiled.ts`).
 */

/** How units of work are handed to threads. */
export interface ChunkSizes {
  /** Calls read and planned at once. */
  readonly read: number;
  readonly run: number;
  /** Nodes. */
  readonly fold: number;
  /** Ordered calls are let go in batches of so many. */
  readonly publish: number;
}

/** The call can be ordered once it is planned. */
export const BARRIER_NONE = 0;
/** All earlier calls must have ended before it is ordered. */
export const BARRIER_SEGMENT = 1;
/** So they must, and all later ones wait for it: it runs alone. */
export const BARRIER_ALONE = 2;

export interface Profile {
  readonly calls: number;
  /**
   * Nanoseconds by call: reading it from the block and planning it ahead, on any thread; the ordered pass, with admission and with plans that had to be made
   * there; running it.
   */
  readonly planning: Float64Array;
  readonly ordering: Float64Array;
  readonly executing: Float64Array;
  /** By call: one of BARRIER_…. */
  readonly barriers: Uint8Array;
  /** Calls that wait for call `c` are `successors` from `firstSuccessor[c]` up to `firstSuccessor[c + 1]`, in the order in which the end of `c` frees them. */
  readonly firstSuccessor: Int32Array;
  readonly successors: Int32Array;
  /** `ns` on one thread with partial sums of `threads` threads. Per node the cell and each thread's sum are looked at, and each of these costs the same. */
  readonly fold: { readonly ns: number; readonly nodes: number; readonly threads: number };
  /** `serialNs`: the whole block on one thread without any order. `blockNs`: what one thread does once a block. `chunkNs`: the counter of a claim is held. */
  readonly fixed: { readonly serialNs: number; readonly blockNs: number; readonly chunkNs: number };
  readonly chunks: ChunkSizes;
}

export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Sums of all values before each. */
export function sumsBefore(count: number, valueOf: (index: number) => number): Float64Array {
  const sums = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) sums[i + 1] = sums[i] + valueOf(i);
  return sums;
}

/** The longest chain of waits through the block, in nanoseconds of running; calls that run alone are in every chain. */
export function criticalPathOf(profile: Profile): number {
  const { calls, executing, barriers, firstSuccessor, successors } = profile;
  const start = new Float64Array(calls);
  let longest = 0;
  /** What all calls of the present segment wait for. */
  let floor = 0;
  for (let call = 0; call < calls; call++) {
    if (barriers[call] !== BARRIER_NONE) floor = longest;
    const end = Math.max(start[call], floor) + executing[call];
    if (end > longest) longest = end;
    if (barriers[call] === BARRIER_ALONE) floor = end;
    for (let edge = firstSuccessor[call]; edge < firstSuccessor[call + 1]; edge++)
      if (start[successors[edge]] < end) start[successors[edge]] = end;
  }
  return longest;
}
