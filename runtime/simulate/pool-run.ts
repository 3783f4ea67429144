/**
 * Blocks on a simulated pool, event by event, with the algorithm of the real one (`runtime/execute/parallel.ts`, `runner.ts`, `runtime/schedule/graph.ts`):
 * threads claim chunks; thread 0 orders, and helps when it can't; a call whose predecessors haven't ended is left to whoever ends the last of them, who
 * goes on with the first call that it freed and queues the others. Time is a number here, there is no clock.
 */
import { InternalError } from "../execute/internal-error.ts";
import { ThreadHeap } from "./heap.ts";
import type { Profile } from "./profile.ts";
import { BARRIER_ALONE, BARRIER_NONE, sumsBefore } from "./profile.ts";

export const STAGES = ["plan", "order", "execute", "fold", "rest"] as const;
export type StageName = (typeof STAGES)[number];

const PLAN = 0;
const ORDER = 1;
const EXECUTE = 2;
const FOLD = 3;
const REST = 4;

// What a thread does until its next event.
const LOOKS = 0;
const PLANS = 1;
const ORDERS = 2;
const RUNS = 3;
const RUNS_ALONE = 4;
const FOLDS = 5;
const CLOSES = 6;

const NOBODY = -1;

export interface PoolSettings {
  readonly workers: number;
  /** The same block so many times; of the next one calls are read and planned whenever a thread has nothing else to do. */
  readonly blocks: number;
  /** `execute`: all calls are planned and ordered before, and nothing is folded. */
  readonly part: "all" | "execute";
  readonly notes: PoolNotes | undefined;
}

/** Filled in by call. */
export interface PoolNotes {
  /** When a thread came to the call and it could have begun, had nobody been before it; when it began. */
  readonly released: Float64Array;
  readonly started: Float64Array;
  /** The predecessor that ended last; -1 none. */
  readonly freedBy: Int32Array;
}

export interface PoolOutcome {
  readonly blockEnds: readonly number[];
  /** By stage: thread time, and from the first begin to the last end. */
  readonly busy: Float64Array;
  readonly wall: Float64Array;
  readonly claims: number;
}

/** The plan stage of one block. */
interface Planning {
  claimed: number;
  /** All calls below are planned. */
  ready: number;
  /** By chunk. */
  readonly done: Uint8Array;
}

export class PoolRun {
  private readonly profile: Profile;
  private readonly settings: PoolSettings;
  private readonly heap: ThreadHeap;
  // By thread.
  private readonly doing: Uint8Array;
  /** The call, the chunk's first call or the end of the batch, whichever it does. */
  private readonly item: Int32Array;
  private readonly chunkNext: Int32Array;
  private readonly chunkEnd: Int32Array;
  private readonly isIdle: Uint8Array;
  private readonly idle: number[] = [];
  // The whole run.
  private readonly planSums: Float64Array;
  private readonly orderSums: Float64Array;
  private readonly foldNs: number;
  private readonly predecessors: Int32Array;
  private readonly blockEnds: number[] = [];
  private readonly busy = new Float64Array(STAGES.length);
  private readonly first = new Float64Array(STAGES.length).fill(Infinity);
  private readonly last = new Float64Array(STAGES.length);
  private claims = 0;
  /** Until when the counters are held. */
  private claimHeld = 0;
  private readyHeld = 0;
  // The present block.
  private now: Planning;
  private next: Planning;
  private readonly pending: Int32Array;
  private readonly ready: Int32Array;
  private readyHead = 0;
  private readyTail = 0;
  private ordered = 0;
  private published = 0;
  private claimed = 0;
  private ended = 0;
  private foldClaimed = 0;
  private folded = 0;

  constructor(profile: Profile, settings: PoolSettings) {
    const { calls, planning, ordering, fold, firstSuccessor, successors } = profile;
    const { workers, part } = settings;
    const all = part === "all";
    this.profile = profile;
    this.settings = settings;
    this.heap = new ThreadHeap(workers);
    this.doing = new Uint8Array(workers);
    this.item = new Int32Array(workers);
    this.chunkNext = new Int32Array(workers);
    this.chunkEnd = new Int32Array(workers);
    this.isIdle = new Uint8Array(workers);
    this.planSums = sumsBefore(calls, (call) => (all ? planning[call] : 0));
    this.orderSums = sumsBefore(calls, (call) => (all ? ordering[call] : 0));
    this.foldNs = all && fold.nodes > 0 ? (fold.ns / fold.nodes) * ((workers + 1) / (fold.threads + 1)) : 0;
    this.predecessors = new Int32Array(calls).fill(1);
    for (let edge = 0; edge < firstSuccessor[calls]; edge++) this.predecessors[successors[edge]]++;
    this.pending = Int32Array.from(this.predecessors);
    this.ready = new Int32Array(calls);
    this.now = this.planningOfBlock();
    this.next = this.planningOfBlock();
  }

  run(): PoolOutcome {
    const { heap, settings } = this;
    for (let thread = 0; thread < settings.workers; thread++) heap.push(0, thread);
    while (heap.size > 0 && this.blockEnds.length < settings.blocks) {
      const thread = heap.earliest();
      const time = heap.earliestTime();
      heap.pop();
      this.step(thread, time);
    }
    if (this.blockEnds.length < settings.blocks) throw new InternalError("the simulated pool has nothing to do before the block's end");
    const wall = this.busy.map((busy, stage) => (busy > 0 ? this.last[stage] - this.first[stage] : 0));
    return { blockEnds: this.blockEnds, busy: this.busy, wall, claims: this.claims };
  }

  private planningOfBlock(): Planning {
    const { calls, chunks } = this.profile;
    const planned = this.settings.part === "execute" ? calls : 0;
    return { claimed: planned, ready: planned, done: new Uint8Array(Math.ceil(calls / chunks.read)) };
  }

  /** The thread, taken from the heap, has ended what it did; it goes back exactly if it begins something. */
  private step(thread: number, time: number): void {
    const item = this.item[thread];
    switch (this.doing[thread]) {
      case RUNS: {
        const own = this.endCall(item, time);
        if (own === NOBODY) break;
        // A chain may be long: the rest of the chunk is given free before following it.
        for (let rest = this.chunkNext[thread]; rest < this.chunkEnd[thread]; rest++)
          if (this.release(rest, time)) this.pushReady(rest, time);
        this.chunkNext[thread] = this.chunkEnd[thread];
        this.begin(thread, time, own);
        return;
      }
      case PLANS:
        this.endPlanning(item, time);
        break;
      case ORDERS:
        this.publish(item, time);
        break;
      case RUNS_ALONE:
        this.claimed = item + 1;
        this.publish(item + 1, time);
        this.endCall(item, time);
        break;
      case FOLDS:
        this.folded += Math.min(this.profile.chunks.fold, this.profile.fold.nodes - item);
        if (this.folded === this.profile.fold.nodes) this.wakeMain(time);
        break;
      case CLOSES:
        this.closeBlock(time);
        if (this.blockEnds.length === this.settings.blocks) return;
        break;
      default:
        break;
    }
    this.doing[thread] = LOOKS;
    if (this.goOnWithChunk(thread, time)) return;
    if (thread === 0 && this.lead(time)) return;
    if (this.help(thread, time)) return;
    this.isIdle[thread] = 1;
    this.idle.push(thread);
  }

  private goOnWithChunk(thread: number, time: number): boolean {
    while (this.chunkNext[thread] < this.chunkEnd[thread]) {
      const call = this.chunkNext[thread]++;
      if (!this.release(call, time)) continue;
      this.begin(thread, time, call);
      return true;
    }
    return false;
  }

  /** What only thread 0 does: the order, calls that run alone, the block's end. */
  private lead(time: number): boolean {
    const { calls, barriers, chunks, executing, fixed, fold } = this.profile;
    const { ordered, orderSums } = this;
    if (ordered === calls) {
      if (this.ended < calls || (this.foldNs > 0 && this.folded < fold.nodes)) return false;
      this.occupy(0, time, time + (this.settings.part === "all" ? fixed.blockNs : 0), CLOSES, REST);
      return true;
    }
    if (barriers[ordered] !== BARRIER_NONE && this.ended < ordered) return false;
    const limit = this.now.ready;
    if (ordered >= limit) return false;
    this.item[0] = ordered;
    if (barriers[ordered] === BARRIER_ALONE) {
      this.ordered = ordered + 1;
      this.note(ordered, time, time);
      this.occupy(0, time, time + orderSums[ordered + 1] - orderSums[ordered] + executing[ordered], RUNS_ALONE, EXECUTE);
      return true;
    }
    let end = Math.min(limit, (Math.floor(ordered / chunks.publish) + 1) * chunks.publish);
    for (let call = ordered + 1; call < end; call++) if (barriers[call] !== BARRIER_NONE) end = call;
    this.ordered = end;
    this.item[0] = end;
    this.occupy(0, time, time + orderSums[end] - orderSums[ordered], ORDERS, ORDER);
    return true;
  }

  /** What any thread does. */
  private help(thread: number, time: number): boolean {
    const { calls, chunks, fold } = this.profile;
    // The first thread plans what it would order next when nobody has claimed that; else running comes first.
    const isWanted = this.settings.part === "execute" || (thread === 0 && this.now.claimed === this.now.ready);
    if (isWanted && this.now.claimed < calls) {
      this.claimPlans(thread, time, this.now);
      return true;
    }
    if (this.readyHead < this.readyTail) {
      const at = Math.max(time, this.readyHeld) + this.profile.fixed.chunkNs;
      this.readyHeld = at;
      this.begin(thread, at, this.ready[this.readyHead++]);
      return true;
    }
    if (this.claimed < this.published) {
      this.chunkNext[thread] = this.claimed;
      this.claimed = Math.min(this.published, this.claimed + chunks.run);
      this.chunkEnd[thread] = this.claimed;
      this.heap.push(this.claimAt(time), thread);
      return true;
    }
    if (this.now.claimed < calls) {
      this.claimPlans(thread, time, this.now);
      return true;
    }
    if (this.foldNs > 0 && this.ended === calls && this.foldClaimed < fold.nodes) {
      const first = this.foldClaimed;
      this.foldClaimed = Math.min(fold.nodes, first + chunks.fold);
      this.item[thread] = first;
      const at = this.claimAt(time);
      this.occupy(thread, at, at + (this.foldClaimed - first) * this.foldNs, FOLDS, FOLD);
      return true;
    }
    if (this.blockEnds.length + 1 < this.settings.blocks && this.next.claimed < calls) {
      this.claimPlans(thread, time, this.next);
      return true;
    }
    return false;
  }

  private claimPlans(thread: number, time: number, planning: Planning): void {
    const first = planning.claimed;
    const end = Math.min(this.profile.calls, first + this.profile.chunks.read);
    planning.claimed = end;
    // Of the next block: those are numbered behind the present one's.
    this.item[thread] = planning === this.now ? first : first - this.profile.calls;
    const at = this.claimAt(time);
    this.occupy(thread, at, at + this.planSums[end] - this.planSums[first], PLANS, PLAN);
  }

  private endPlanning(item: number, time: number): void {
    const { calls, chunks } = this.profile;
    // A block may have ended since the chunk of the next one was claimed: that one is the present one now.
    const ofNext = item < 0;
    const planning = ofNext ? this.next : this.now;
    planning.done[(ofNext ? item + calls : item) / chunks.read] = 1;
    while (planning.ready < calls && planning.done[planning.ready / chunks.read] === 1)
      planning.ready = Math.min(calls, planning.ready + chunks.read);
    if (!ofNext) this.wakeMain(time);
  }

  /** One thread at a time moves the counter that chunks are claimed from. */
  private claimAt(time: number): number {
    this.claims++;
    this.claimHeld = Math.max(time, this.claimHeld) + this.profile.fixed.chunkNs;
    return this.claimHeld;
  }

  /** Gives back the claim token; true when the call is ready and this thread must see to it. */
  private release(call: number, time: number): boolean {
    this.note(call, time, NOBODY);
    return --this.pending[call] === 0;
  }

  private begin(thread: number, time: number, call: number): void {
    this.note(call, NOBODY, time);
    this.item[thread] = call;
    this.occupy(thread, time, time + this.profile.executing[call], RUNS, EXECUTE);
  }

  private note(call: number, released: number, started: number): void {
    const { notes } = this.settings;
    if (notes === undefined) return;
    if (released >= 0) notes.released[call] = released;
    if (started >= 0) notes.started[call] = started;
  }

  private occupy(thread: number, from: number, until: number, what: number, stage: number): void {
    this.doing[thread] = what;
    this.busy[stage] += until - from;
    if (from < this.first[stage]) this.first[stage] = from;
    if (until > this.last[stage]) this.last[stage] = until;
    this.heap.push(until, thread);
  }

  /** The first successor that became ready; the others are queued. */
  private endCall(call: number, time: number): number {
    const { firstSuccessor, successors, calls } = this.profile;
    const { pending } = this;
    const { notes } = this.settings;
    let own = NOBODY;
    for (let edge = firstSuccessor[call]; edge < firstSuccessor[call + 1]; edge++) {
      const successor = successors[edge];
      if (notes !== undefined) notes.freedBy[successor] = call;
      if (--pending[successor] !== 0) continue;
      if (own === NOBODY) own = successor;
      else this.pushReady(successor, time);
    }
    this.ended++;
    if (this.ended === this.ordered) this.wakeMain(time);
    if (this.ended === calls) this.wake(time, this.settings.workers);
    return own;
  }

  private pushReady(call: number, time: number): void {
    this.ready[this.readyTail++] = call;
    this.wake(time, 1);
  }

  private publish(end: number, time: number): void {
    this.published = end;
    this.wake(time, Math.ceil((end - this.claimed) / this.profile.chunks.run));
  }

  private wake(time: number, count: number): void {
    for (let woken = 0; woken < count;) {
      const thread = this.idle.pop();
      if (thread === undefined) return;
      if (this.isIdle[thread] === 0) continue;
      this.rouse(thread, time);
      woken++;
    }
  }

  private wakeMain(time: number): void {
    if (this.isIdle[0] === 1) this.rouse(0, time);
  }

  private rouse(thread: number, time: number): void {
    this.isIdle[thread] = 0;
    this.heap.push(time, thread);
  }

  private closeBlock(time: number): void {
    this.blockEnds.push(time);
    this.now = this.next;
    this.next = this.planningOfBlock();
    for (let thread = 0; thread < this.settings.workers; thread++)
      if (this.doing[thread] === PLANS && this.item[thread] < 0) this.item[thread] += this.profile.calls;
    this.pending.set(this.predecessors);
    this.readyHead = 0;
    this.readyTail = 0;
    this.ordered = 0;
    this.published = 0;
    this.claimed = 0;
    this.ended = 0;
    this.foldClaimed = 0;
    this.folded = 0;
    this.wake(time, this.settings.workers);
  }
}
