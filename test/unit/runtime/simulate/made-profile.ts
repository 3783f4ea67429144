/** Profiles made by hand. */
import type { Profile } from "../../../../runtime/simulate/profile.ts";

export interface Made {
  /** Nanoseconds of running, by call. */
  readonly executing: readonly number[];
  /** Pairs: the later call waits for the earlier one. */
  readonly edges: readonly (readonly [earlier: number, later: number])[];
  readonly planning: number;
  readonly ordering: number;
  readonly barriers: readonly (readonly [call: number, barrier: number])[];
  readonly fold: Profile["fold"];
  readonly blockNs: number;
  readonly chunkNs: number;
  readonly chunk: number;
}

const NOTHING: Omit<Made, "executing"> = {
  edges: [],
  planning: 0,
  ordering: 0,
  barriers: [],
  fold: { ns: 0, nodes: 0, threads: 1 },
  blockNs: 0,
  chunkNs: 0,
  chunk: 1,
};

export function profileOf(made: Partial<Made> & Pick<Made, "executing">): Profile {
  const { executing, edges, planning, ordering, barriers, fold, blockNs, chunkNs, chunk } = {
    ...NOTHING,
    ...made,
  };
  const calls = executing.length;
  const all = (ns: number): Float64Array => new Float64Array(calls).fill(ns);
  const bars = new Uint8Array(calls);
  for (const [call, barrier] of barriers) bars[call] = barrier;
  // As the runtime lists them: the edge made last comes first.
  const later = executing.map((_, call) =>
    edges
      .filter(([from]) => from === call)
      .map(([, to]) => to)
      .sort((a, b) => b - a),
  );
  const firstSuccessor = new Int32Array(calls + 1);
  later.forEach((some, call) => (firstSuccessor[call + 1] = firstSuccessor[call] + some.length));
  const running = executing.reduce((sum, ns) => sum + ns, 0);
  return {
    calls,
    planning: all(planning),
    ordering: all(ordering),
    executing: Float64Array.from(executing),
    barriers: bars,
    firstSuccessor,
    successors: Int32Array.from(later.flat()),
    fold,
    fixed: { serialNs: running + calls * planning + blockNs, blockNs, chunkNs },
    chunks: { read: chunk, run: chunk, fold: 1, publish: chunk },
  };
}

export function same(count: number, ns: number): readonly number[] {
  return Array.from({ length: count }, () => ns);
}
