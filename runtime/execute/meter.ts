/**
 * Gathers the times of a block that is run again and again to be profiled, and makes the profile of them: of strips of calls the median of all rounds,
 * spread over their calls as single calls were timed, the quickest time of each. So neither the clock's own cost nor a thread that lost its core shows.
 */
import { medianOf } from "../simulate/median.ts";
import type { ChunkSizes, Profile } from "../simulate/profile.ts";
import { BARRIER_ALONE, BARRIER_SEGMENT, sumOf } from "../simulate/profile.ts";

/** Calls of a strip: a clock's cost is divided among them. */
export const STRIP = 8;
/** In so many rounds each call is timed for itself twice. */
export const ROUNDS = 2 * STRIP;

/** Nobody runs in less; keeps ratios finite. */
const LEAST_NS = 1;
const CLOCK_BATCHES = 51;
const CLOCK_READS = 100;
/** Clocks read for a single call inside a strip. */
const SINGLE_READS = 2;

/**
 * For so long one thread keeps the others from a counter that all of them change: the way of a cache line from core to core. Two threads of the machine
 * whose figures are in docs/performance.md took 16 to 18 ns; on processors with many cores it is said to be 50 to 150.
 */
const CONTENDED_NS = 100;

export class Meter {
  private readonly calls: number;
  private readonly strips: number;
  private round = 0;
  private readonly clockNs: number;
  /** By round, then by strip. */
  private readonly orderStrips: Float64Array;
  private readonly runStrips: Float64Array;
  private readonly orderSingles: Float64Array;
  private readonly runSingles: Float64Array;
  /** By slice that was read and planned, then by round. */
  /** By their first call. */
  private readonly plans = new Map<number, { readonly first: number; readonly end: number; readonly ns: number[] }>();
  private readonly admissions: number[] = [];
  /** By strip of nodes, then by round. */
  private readonly folds: number[][] = [];
  private readonly rests: number[] = [];
  /** Of serial rounds, by the first call of a strip, then by round. */
  private readonly serials = new Map<number, number[]>();
  private fold = { nodes: 0, threads: 1 };
  private stepsNs = 0;
  private readonly barriers: Uint8Array;
  private readonly barrierNs = new Map<number, number>();
  private readonly aloneNs = new Map<number, number>();
  private readonly firstSuccessor: Int32Array;
  private readonly successors: number[] = [];
  private edgesOf = 0;

  constructor(calls: number) {
    this.calls = calls;
    this.strips = Math.ceil(calls / STRIP);
    this.orderStrips = new Float64Array(this.strips * ROUNDS);
    this.runStrips = new Float64Array(this.strips * ROUNDS);
    this.orderSingles = new Float64Array(calls).fill(Infinity);
    this.runSingles = new Float64Array(calls).fill(Infinity);
    this.barriers = new Uint8Array(calls);
    this.firstSuccessor = new Int32Array(calls + 1);
    this.clockNs = this.calibrate();
  }

  /** Nanoseconds. */
  now(): number {
    return performance.now() * 1e6;
  }

  private calibrate(): number {
    return medianOf(
      Array.from({ length: CLOCK_BATCHES }, () => {
        const began = this.now();
        for (let i = 1; i < CLOCK_READS; i++) this.now();
        return (this.now() - began) / CLOCK_READS;
      }),
    );
  }

  /** The call of this strip that is timed for itself in this round. */
  singleOf(call: number): number {
    return Math.floor(call / STRIP) * STRIP + (this.round % STRIP);
  }

  /** Reading and planning calls ahead. */
  notePlan(first: number, end: number, ns: number): void {
    let slice = this.plans.get(first);
    if (slice === undefined) this.plans.set(first, (slice = { first, end, ns: [] }));
    slice.ns.push(ns - this.clockNs);
  }

  noteAdmission(ns: number): void {
    this.admissions.push(ns - this.clockNs);
  }

  /** A segment may begin or end inside a strip: its parts are summed up. */
  noteOrderStrip(call: number, ns: number): void {
    this.orderStrips[this.round * this.strips + Math.floor(call / STRIP)] += ns - this.clockNs;
  }

  noteRunStrip(call: number, ns: number): void {
    this.runStrips[this.round * this.strips + Math.floor(call / STRIP)] += ns - this.clockNs;
  }

  noteOrderSingle(call: number, ns: number): void {
    this.orderStrips[this.round * this.strips + Math.floor(call / STRIP)] -= SINGLE_READS * this.clockNs;
    this.orderSingles[call] = Math.min(this.orderSingles[call], Math.max(LEAST_NS, ns - this.clockNs));
  }

  noteRunSingle(call: number, ns: number): void {
    this.runStrips[this.round * this.strips + Math.floor(call / STRIP)] -= SINGLE_READS * this.clockNs;
    this.runSingles[call] = Math.min(this.runSingles[call], Math.max(LEAST_NS, ns - this.clockNs));
  }

  /** A segment has ended before this call. */
  noteBarrier(call: number, ns: number): void {
    this.barriers[call] = BARRIER_SEGMENT;
    this.barrierNs.set(call, Math.min(ns, this.barrierNs.get(call) ?? Infinity));
  }

  noteAlone(call: number, ns: number): void {
    this.barriers[call] = BARRIER_ALONE;
    this.aloneNs.set(call, Math.min(ns, this.aloneNs.get(call) ?? Infinity));
  }

  /** In one round only; segments come in order. */
  noteEdges(first: number, end: number, of: (call: number, add: (successor: number) => void) => void): void {
    this.fillEdges(first);
    const add = (successor: number): void => {
      this.successors.push(successor);
    };
    for (let call = first; call < end; call++) {
      this.fillEdges(call + 1);
      of(call, add);
    }
  }

  /** Calls below `end` have no more successors. */
  private fillEdges(end: number): void {
    while (this.edgesOf < end) this.firstSuccessor[this.edgesOf++] = this.successors.length;
  }

  noteFold(strip: number, ns: number): void {
    (this.folds[strip] ??= []).push(ns - this.clockNs);
  }

  setFold(nodes: number, threads: number): void {
    this.fold = { nodes, threads };
  }

  /** All that was timed in this round. */
  noteSteps(ns: number): void {
    this.stepsNs = ns;
  }

  endRound(totalNs: number): void {
    this.rests.push(Math.max(0, totalNs - this.stepsNs));
    this.round++;
  }

  noteSerial(first: number, ns: number): void {
    const known = this.serials.get(first);
    if (known === undefined) this.serials.set(first, [ns - this.clockNs]);
    else known.push(ns - this.clockNs);
  }

  private serialNs(): number {
    return [...this.serials.values()].reduce((sum, rounds) => sum + medianOf(rounds), 0) + medianOf(this.rests);
  }

  finish(chunks: ChunkSizes): Profile {
    const { calls, barriers, fold } = this;
    this.fillEdges(calls + 1);
    const planning = new Float64Array(calls);
    for (const { first, end, ns } of this.plans.values()) planning.fill(Math.max(LEAST_NS, medianOf(ns) / (end - first)), first, end);
    const ordering = this.spread(this.orderStrips, this.known(this.orderSingles));
    const executing = this.spread(this.runStrips, this.known(this.runSingles));
    const admission = medianOf(this.admissions) / Math.max(1, calls);
    for (let call = 0; call < calls; call++) {
      ordering[call] += admission + (this.barrierNs.get(call) ?? 0);
      const alone = this.aloneNs.get(call);
      if (alone === undefined) continue;
      ordering[call] = 0;
      executing[call] = alone;
    }
    const foldNs = this.folds.reduce((sum, rounds) => sum + Math.max(0, medianOf(rounds)), 0);
    return {
      calls,
      planning,
      ordering,
      executing,
      barriers,
      firstSuccessor: this.firstSuccessor,
      successors: Int32Array.from(this.successors),
      fold: { ns: foldNs, nodes: fold.nodes, threads: fold.threads },
      fixed: { serialNs: this.serialNs(), blockNs: medianOf(this.rests), chunkNs: CONTENDED_NS },
      chunks,
    };
  }

  /** Calls that nobody timed, such as those that ran alone, count as nothing. */
  private known(singles: Float64Array): Float64Array {
    return singles.map((ns) => (ns === Infinity ? 0 : ns));
  }

  /** Medians of strips, given out to their calls in the proportion of single times. */
  private spread(totals: Float64Array, singles: Float64Array): Float64Array {
    const spread = Float64Array.from(singles);
    const { strips, calls, round: rounds } = this;
    for (let strip = 0; strip < strips; strip++) {
      const first = strip * STRIP;
      const end = Math.min(calls, first + STRIP);
      const total = medianOf(Array.from({ length: rounds }, (_, round) => totals[round * strips + strip]));
      const timed = sumOf(singles.subarray(first, end));
      const factor = timed > 0 ? Math.max(0, total) / timed : 0;
      for (let call = first; call < end; call++) spread[call] *= factor;
    }
    return spread;
  }
}
