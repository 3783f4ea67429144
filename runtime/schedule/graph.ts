/**
 * The task graph of a block in shared memory: edges from calls to their successors, calls pending, a queue of ready calls, and the counters
 * that executing threads meet at. The planning thread adds edges while calls run; whoever ends a call closes its list.
 * Knows calls as numbers only.
 */
import { CALL_STRIDE } from "../execute/memory.ts";
import { CALL_CHORES, CALL_PENDING, CALL_SUCCESSORS, CLOSED, QUEUED } from "./call-words.ts";

/** A counter has a cache line of its own. */
const LINE = 16;
/**
 * Units of work below this number may be claimed. Both counters only rise within a block, over all its phases: else a thread that lost its core
 * between reading them and claiming could take units of a later phase for those it saw.
 */
const PLANNED = 0;
/** Units of work below this number are claimed. */
const CLAIMED = LINE;
const READY_HEAD = LINE * 2;
const READY_TAIL = LINE * 3;
/** Counts up when there may be something to do for threads that sleep. */
const WAKE = LINE * 4;
const SLEEPERS = LINE * 5;
/** Threads in the block, and the bit that closes it. */
const PRESENT = LINE * 6;
/** Set by the first thread that met an error. */
const FAILED = LINE * 7;
/** Set while the main thread sleeps until calls have ended. */
const MAIN_WAITS = LINE * 8;
const EXIT = LINE * 9;
/** Number of the block being run, so that a thread knows when to look for messages. */
const BLOCK = LINE * 10;
/** Calls claimed at once. */
const CHUNK = LINE * 11;
/** What claimed numbers mean: one of PHASE_…. */
const PHASE = LINE * 12;
/** Slices below this number may be claimed, to be planned ahead; and are claimed. */
const SLICES = LINE * 13;
const SLICES_CLAIMED = LINE * 14;
/** The unit that is number 0 of the present phase. */
const BASE = LINE * 15;
/** First record word that no planner has for itself. */
const WORDS = LINE * 16;
/** Times that what was planned ahead lost its worth in this block. */
const ERA = LINE * 17;
/** Units of work ended since the block's start, by thread. */
const ENDED = LINE * 18;

/** Claimed are calls to be run, or nodes to be folded. */
export const PHASE_RUN = 0;
export const PHASE_FOLD = 1;

const DOOR_CLOSED = 1 << 30;

/** A chore to be done before a call runs: fold a node's partial sums, or record the value its cell has then. */
export const CHORE_FOLD = 0;
export const CHORE_RECORD = 1;

export interface GraphBuffers {
  readonly control: SharedArrayBuffer;
  readonly edges: SharedArrayBuffer;
  readonly chores: SharedArrayBuffer;
  readonly ready: SharedArrayBuffer;
  readonly done: SharedArrayBuffer;
}

export interface GraphOptions {
  readonly threads: number;
  readonly calls: number;
  readonly edges: number;
  readonly chores: number;
}

export function createGraphBuffers(options: GraphOptions): GraphBuffers {
  const control = new SharedArrayBuffer((ENDED + LINE * options.threads) * 4);
  new Int32Array(control)[PRESENT] = DOOR_CLOSED;
  return {
    control,
    edges: new SharedArrayBuffer((options.edges + 1) * 8),
    chores: new SharedArrayBuffer((options.chores + 1) * 8),
    ready: new SharedArrayBuffer(options.calls * 4),
    done: new SharedArrayBuffer(options.calls),
  };
}

export class Graph {
  readonly control: Int32Array;
  /** Pairs: successor, next edge. */
  readonly edges: Int32Array;
  /** Pairs: node and kind (`node * 2 + kind`), next chore. */
  readonly chores: Int32Array;
  readonly ready: Int32Array;
  /** 1 for calls that have ended. Small, so that the planning thread can look a call up at little cost. Atomic. */
  readonly done: Uint8Array;
  readonly edgeCapacity: number;
  readonly choreCapacity: number;
  readonly threads: number;
  edgeCount = 0;
  choreCount = 0;
  /** The planning thread's copy of BASE. */
  private base = 0;
  private calls = 0;

  constructor(buffers: GraphBuffers) {
    this.control = new Int32Array(buffers.control);
    this.edges = new Int32Array(buffers.edges);
    this.chores = new Int32Array(buffers.chores);
    this.ready = new Int32Array(buffers.ready);
    this.done = new Uint8Array(buffers.done);
    this.edgeCapacity = this.edges.length / 2 - 1;
    this.choreCapacity = this.chores.length / 2 - 1;
    this.threads = this.control.length / LINE - ENDED / LINE;
  }

  // --- the planning thread ---

  /** Before a block of so many calls, while nobody is in. */
  reset(calls: number): void {
    const { control } = this;
    this.done.fill(0, 0, this.calls);
    this.calls = calls;
    this.ready.fill(0, 0, control[READY_TAIL]);
    control[PLANNED] = 0;
    control[CLAIMED] = 0;
    control[BASE] = 0;
    this.base = 0;
    control[READY_HEAD] = 0;
    control[READY_TAIL] = 0;
    control[FAILED] = 0;
    control[SLICES] = 0;
    control[SLICES_CLAIMED] = 0;
    control[WORDS] = 1;
    control[ERA] = 0;
    for (let thread = 0; thread < this.threads; thread++) control.fill(0, ENDED + thread * LINE, ENDED + thread * LINE + 2);
    this.edgeCount = 0;
    this.choreCount = 0;
  }

  /** From one kind of work to the next, when all of the one has ended: its units are numbered from 0 again. */
  beginPhase(phase: number, chunk: number): void {
    const { control } = this;
    this.base = Atomics.load(control, CLAIMED);
    Atomics.store(control, BASE, this.base);
    Atomics.store(control, CHUNK, chunk);
    Atomics.store(control, PHASE, phase);
  }

  /** Lets threads claim the slices below `end`. */
  openSlices(end: number): void {
    Atomics.store(this.control, SLICES, end);
    if (Atomics.load(this.control, SLEEPERS) > 0) this.wake(1);
  }

  /** Slices that were claimed. */
  slicesClaimed(): number {
    return Atomics.load(this.control, SLICES_CLAIMED);
  }

  /** Takes slice `number` for this thread whether or not it was open to others; false when another has it. */
  takeSlice(number: number): boolean {
    return Atomics.compareExchange(this.control, SLICES_CLAIMED, number, number + 1) === number;
  }

  /** What was planned ahead so far isn't worth anything any more. */
  nextEra(): void {
    Atomics.add(this.control, ERA, 1);
  }

  /** Nobody has record words any more. */
  freeWords(): void {
    Atomics.store(this.control, WORDS, 1);
  }

  /** Edges and chores of calls that have all ended may be forgotten. */
  recycle(): void {
    this.edgeCount = 0;
    this.choreCount = 0;
  }

  /** Whether what the call did can be seen from here. */
  hasEnded(call: number): boolean {
    return Atomics.load(this.done, call) !== 0;
  }

  /** Takes the calls below `end` for ended, though they are yet to run: for profiles, where they do so on this thread, in order. */
  assumeEnded(end: number): void {
    this.done.fill(1, 0, Math.max(0, end));
  }

  /** Makes `later` wait for `earlier`; false when that one has ended already. */
  link(calls: Int32Array, earlier: number, later: number): boolean {
    const at = earlier * CALL_STRIDE + CALL_SUCCESSORS;
    const edge = ++this.edgeCount;
    this.edges[edge * 2] = later;
    for (;;) {
      const first = Atomics.load(calls, at);
      if (first === CLOSED) {
        this.edgeCount = edge - 1;
        return false;
      }
      this.edges[edge * 2 + 1] = first;
      if (Atomics.compareExchange(calls, at, first, edge) === first) return true;
    }
  }

  addChore(calls: Int32Array, call: number, node: number, kind: number): void {
    const chore = ++this.choreCount;
    const at = call * CALL_STRIDE + CALL_CHORES;
    this.chores[chore * 2] = node * 2 + kind;
    this.chores[chore * 2 + 1] = calls[at];
    calls[at] = chore;
  }

  /** Lets threads claim the numbers below `planned`. */
  publish(planned: number): void {
    Atomics.store(this.control, PLANNED, this.base + planned);
    if (Atomics.load(this.control, SLEEPERS) > 0) this.wake(1);
  }

  open(block: number): void {
    this.control[BLOCK] = block;
    // Not a plain store: a late thread may be on its way in and out again.
    Atomics.and(this.control, PRESENT, ~DOOR_CLOSED);
  }

  /** Wakes up to so many sleeping threads. */
  wake(threads: number): void {
    Atomics.add(this.control, WAKE, 1);
    Atomics.notify(this.control, WAKE, threads);
  }

  /** Nobody may enter any more. */
  shut(): void {
    Atomics.or(this.control, PRESENT, DOOR_CLOSED);
  }

  /** Threads, other than the main one, that are in the block. */
  present(): number {
    return Atomics.load(this.control, PRESENT) & (DOOR_CLOSED - 1);
  }

  exit(): void {
    Atomics.store(this.control, EXIT, 1);
    this.wake(this.threads);
  }

  /** Units of work that have ended in this block, as far as threads have told. */
  ended(): number {
    let sum = 0;
    for (let thread = 0; thread < this.threads; thread++) sum += Atomics.load(this.control, ENDED + thread * LINE);
    return sum;
  }

  /** How often threads other than the main one have run a call in this block. */
  executionsOfOthers(): number {
    let sum = 0;
    for (let thread = 1; thread < this.threads; thread++) sum += Atomics.load(this.control, ENDED + thread * LINE + 1);
    return sum;
  }

  /** Sleeps until a thread tells of ended calls, at most `ms`. */
  waitForEnded(seen: number, ms: number): void {
    Atomics.store(this.control, MAIN_WAITS, 1);
    if (this.ended() === seen && !this.failed() && !this.hasWork()) Atomics.wait(this.control, MAIN_WAITS, 1, ms);
    Atomics.store(this.control, MAIN_WAITS, 0);
  }

  // --- any thread ---

  block(): number {
    return Atomics.load(this.control, BLOCK);
  }

  phase(): number {
    return Atomics.load(this.control, PHASE);
  }

  era(): number {
    return Atomics.load(this.control, ERA);
  }

  /** Claims the next open slice, or -1. */
  claimSlice(): number {
    const { control } = this;
    for (;;) {
      const number = Atomics.load(control, SLICES_CLAIMED);
      if (number >= Atomics.load(control, SLICES)) return -1;
      if (Atomics.compareExchange(control, SLICES_CLAIMED, number, number + 1) === number) return number;
    }
  }

  /** Takes so many record words; the first of them. */
  takeWords(count: number): number {
    return Atomics.add(this.control, WORDS, count);
  }

  /** First record word that nobody has taken. */
  wordsTaken(): number {
    return Atomics.load(this.control, WORDS);
  }

  exiting(): boolean {
    return Atomics.load(this.control, EXIT) !== 0;
  }

  failed(): boolean {
    return Atomics.load(this.control, FAILED) !== 0;
  }

  fail(): void {
    Atomics.store(this.control, FAILED, 1);
    this.tellMain();
  }

  /** Takes part in the block; false when it's over or hasn't begun. */
  enter(): boolean {
    if ((Atomics.add(this.control, PRESENT, 1) & DOOR_CLOSED) === 0) return true;
    Atomics.sub(this.control, PRESENT, 1);
    return false;
  }

  leave(): void {
    Atomics.sub(this.control, PRESENT, 1);
    this.tellMain();
  }

  wakeCount(): number {
    return Atomics.load(this.control, WAKE);
  }

  /** Sleeps until somebody wakes threads, unless that has happened since `seen` was read. */
  sleep(seen: number, ms: number): void {
    Atomics.add(this.control, SLEEPERS, 1);
    if (!this.hasOpenWork()) Atomics.wait(this.control, WAKE, seen, ms);
    Atomics.sub(this.control, SLEEPERS, 1);
  }

  isOpen(): boolean {
    return (Atomics.load(this.control, PRESENT) & DOOR_CLOSED) === 0;
  }

  hasOpenWork(): boolean {
    return this.isOpen() && !this.failed() && this.hasWork();
  }

  hasWork(): boolean {
    const { control } = this;
    return (
      Atomics.load(control, CLAIMED) < Atomics.load(control, PLANNED) ||
      Atomics.load(control, SLICES_CLAIMED) < Atomics.load(control, SLICES) ||
      Atomics.load(control, READY_HEAD) < Atomics.load(control, READY_TAIL)
    );
  }

  /** Claims a run of numbers: `first * 65536 + count`, or -1 when none is left for now. */
  claim(): number {
    const { control } = this;
    for (;;) {
      const first = Atomics.load(control, CLAIMED);
      const left = Atomics.load(control, PLANNED) - first;
      if (left <= 0) return -1;
      const count = left < control[CHUNK] ? left : control[CHUNK];
      // The phase can't end before what was claimed in it has, so its base is the one of this claim.
      if (Atomics.compareExchange(control, CLAIMED, first, first + count) === first)
        return (first - Atomics.load(control, BASE)) * 65536 + count;
    }
  }

  /** A long call is ordered and only needs to be claimed: it is put into the queue, so that a thread begins it before shorter ones that stand earlier. */
  queueLong(calls: Int32Array, call: number): void {
    const at = call * CALL_STRIDE + CALL_PENDING;
    // Nobody else knows of the call while it is neither claimed nor waits for another.
    if (Atomics.load(calls, at) !== 1) return;
    Atomics.store(calls, at, QUEUED);
    this.push(call);
  }

  /** Gives back the claim token; true when the call is ready and this thread must see to it. */
  release(calls: Int32Array, call: number): boolean {
    const at = call * CALL_STRIDE + CALL_PENDING;
    // Only the token is left: nobody else will touch the counter, so the dear atomic subtraction can be saved.
    if (Atomics.load(calls, at) === 1) return true;
    return Atomics.sub(calls, at, 1) === 1;
  }

  /** Ends a call: returns the first successor that became ready, or -1, and queues the others. */
  complete(calls: Int32Array, call: number): number {
    Atomics.store(this.done, call, 1);
    let edge = Atomics.exchange(calls, call * CALL_STRIDE + CALL_SUCCESSORS, CLOSED);
    let own = -1;
    while (edge > 0) {
      const successor = this.edges[edge * 2];
      edge = this.edges[edge * 2 + 1];
      if (Atomics.sub(calls, successor * CALL_STRIDE + CALL_PENDING, 1) !== 1) continue;
      if (own < 0) own = successor;
      else this.push(successor);
    }
    return own;
  }

  push(call: number): void {
    const at = Atomics.add(this.control, READY_TAIL, 1);
    Atomics.store(this.ready, at, call + 1);
    if (Atomics.load(this.control, SLEEPERS) > 0) this.wake(1);
    if (Atomics.load(this.control, MAIN_WAITS) !== 0) this.tellMain();
  }

  /** A ready call, or -1. */
  pop(): number {
    const { control } = this;
    for (;;) {
      const head = Atomics.load(control, READY_HEAD);
      if (head >= Atomics.load(control, READY_TAIL)) return -1;
      const call = Atomics.load(this.ready, head) - 1;
      // Its place is taken but not filled yet; the thread that does so will be here again.
      if (call < 0) return -1;
      if (Atomics.compareExchange(control, READY_HEAD, head, head + 1) === head) return call;
    }
  }

  /** Tells that so many units of this thread have ended since the block's start, and how often it has run a call. */
  tellEnded(thread: number, count: number, executions: number): void {
    Atomics.store(this.control, ENDED + thread * LINE + 1, executions);
    Atomics.store(this.control, ENDED + thread * LINE, count);
    if (Atomics.load(this.control, MAIN_WAITS) !== 0) this.tellMain();
  }

  private tellMain(): void {
    if (Atomics.compareExchange(this.control, MAIN_WAITS, 1, 0) === 1) Atomics.notify(this.control, MAIN_WAITS);
  }
}
