/**
 * The ordered pass of a block that threads share: takes the calls in block order, judges their nonces, orders those that were planned ahead, plans those that
 * couldn't be, and lets the threads run them. Runs on the main thread, which helps the others whenever it would have to wait.
 */
import type { CallReader } from "../admit/call-reader.ts";
import type { Admission } from "../admit/admission.ts";
import { AHEAD_CALLS, MOST_LOOKS } from "../plan/prefetch.ts";
import type { Prefetcher } from "../plan/prefetch.ts";
import type { SliceFeed } from "../plan/feed.ts";
import type { CallPlanner } from "../plan/planner.ts";
import { takeWords } from "../plan/preparer.ts";
import { PLAN_ALONE, PLAN_LATER, PLAN_MADE } from "../plan/roles.ts";
import type { Slice } from "../plan/slice.ts";
import {
  KEPT_ADDRESSES,
  LINE_BOUNDS,
  LINE_COUNT,
  LINE_DRAWS,
  LINE_EXPECTED,
  LINE_FLAGS,
  LINE_FROM,
  LINE_IS_PLAIN,
  LINE_IS_SURE,
  LINE_PLAN,
  LINE_STRIDE,
  LINE_WEIGHT,
} from "../plan/slice.ts";
import {
  CALL_CHORES,
  CALL_DEPTH,
  CALL_EDGE_MARK,
  CALL_NONCE_HIGH,
  CALL_NONCE_LOW,
  CALL_PENDING,
  CALL_SUCCESSORS,
  CALL_UNRESOLVED,
  isLong,
} from "../schedule/call-words.ts";
import type { Graph } from "../schedule/graph.ts";
import type { Order } from "../schedule/order.ts";
import type { AccessRecord } from "./access-record.ts";
import { chargedTo } from "./charge.ts";
import type { ExecContext } from "./context.ts";
import { InternalError } from "./internal-error.ts";
import { ORDERED_WORDS } from "./limits.ts";
import type { BlockMemory } from "./memory.ts";
import {
  CALL_ARGS,
  CALL_BASE,
  CALL_CALLER,
  CALL_CODE,
  CALL_COST_HIGH,
  CALL_COST_LOW,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_STRIDE,
  CALL_VERDICT,
  VERDICT_NONCE,
  VERDICT_RUN,
} from "./memory.ts";
import type { Runner } from "./runner.ts";
import type { TableRoom } from "./table-room.ts";
import type { Trace } from "./trace.ts";

/** Looks for something else to do this often before the clock is asked. */
const LOOKS = 200;
/** Another thread is at most this long at a slice, unless it was taken away: some ten times what one takes. */
const PATIENCE_MS = 1;

/** Beside PLAN_…: the call doesn't run, and its receipt is written. */
export const SETTLED = -1;

export interface OrderedParts {
  readonly memory: BlockMemory;
  readonly graph: Graph;
  readonly order: Order;
  readonly planner: CallPlanner;
  readonly reader: CallReader;
  readonly admission: Admission;
  readonly context: ExecContext;
  readonly runner: Runner;
  readonly feed: SliceFeed;
  readonly prefetcher: Prefetcher;
  readonly room: TableRoom;
  /** Plans an admitted call whose turn has come and decides what it is charged: SETTLED or one of PLAN_…. */
  readonly plan: (call: number) => number;
}

export class Ordered {
  /** Cost bounds of the calls that were planned ahead. */
  costSum = 0;
  /** Milliseconds of the pass itself, without what was prepared or run meanwhile. */
  ms = 0;
  private readonly parts: OrderedParts;
  private readonly nothingKept = new Int32Array(KEPT_ADDRESSES);
  private trace: Pick<Trace, "note"> | undefined = undefined;
  /** The slice at hand, if any, and the number of the one after it. */
  private slice: Slice | undefined = undefined;
  private next = 0;
  /** Calls of the block; those below `looked` have room, and what they need is in the caches. */
  private calls = 0;
  private looked = 0;
  /** The call that `run` has stopped at because it must run alone; -1 none. */
  private lonely = -1;

  constructor(parts: OrderedParts) {
    this.parts = parts;
  }

  open(calls: number, trace: Trace | undefined): void {
    this.trace = trace;
    this.costSum = 0;
    this.ms = 0;
    this.slice = undefined;
    this.next = 0;
    this.calls = calls;
    this.looked = 0;
    this.lonely = -1;
    this.parts.feed.open(calls);
  }

  /** Whether `run` has stopped at this call because it must run alone. */
  isAlone(call: number): boolean {
    return this.lonely === call;
  }

  /** Nobody plans ahead until `run` goes on; true once nobody does. */
  isQuiet(): boolean {
    this.parts.feed.close();
    return this.parts.feed.isQuiet(this.next);
  }

  /** Orders calls from `first` on; stops before one that needs all so far to have ended, and maybe to run alone then (`isAlone`). */
  run(first: number, length: number): number {
    const { graph } = this.parts;
    for (let call = first; call < length;) {
      const slice = this.slice ?? this.take();
      if (slice === undefined) return call;
      const end = Math.min(length, this.next * this.parts.feed.sliceCalls);
      const began = performance.now();
      call = this.orderSlice(slice, call, end);
      this.ms += performance.now() - began;
      if (call < end) return call;
      this.slice = undefined;
      this.parts.feed.release(slice, this.next - 1);
      graph.publish(call);
      if (graph.failed()) return call;
    }
    return length;
  }

  /** Tells also this one of the accesses of calls that are ordered: for profiles. */
  recordInto(record: AccessRecord | undefined): void {
    this.trace = record;
  }

  /** The next slice, made by this thread: for profiles, when no other one takes part. */
  takeHere(): void {
    const slice = this.parts.feed.take(this.next);
    if (slice === undefined) throw new InternalError("somebody else is at a slice");
    this.took(slice);
  }

  /** Calls of each slice of the block but the last. */
  get sliceCalls(): number {
    return this.parts.feed.sliceCalls;
  }

  /** Whether this call is in the slice at hand. */
  hasTaken(call: number): boolean {
    return call < this.next * this.parts.feed.sliceCalls;
  }

  /** Orders calls of the slice at hand, as `run` does. */
  runTaken(first: number, end: number): number {
    if (this.slice === undefined) throw new InternalError("no slice at hand");
    return this.orderSlice(this.slice, first, end);
  }

  /** The next slice; meanwhile this thread does what others would do. Undefined when tables must grow first, or a thread has failed. */
  private take(): Slice | undefined {
    const { feed, graph, runner, room } = this.parts;
    if (room.isCrowded()) return undefined;
    feed.openFrom(this.next);
    let waitsSince = 0;
    for (let idle = 0; !graph.failed(); idle++) {
      const slice = feed.take(this.next);
      if (slice !== undefined) return this.took(slice);
      if (runner.step()) {
        idle = 0;
        waitsSince = 0;
        continue;
      }
      if (idle % LOOKS !== LOOKS - 1) continue;
      if (waitsSince === 0) waitsSince = performance.now();
      else if (performance.now() - waitsSince > PATIENCE_MS) return this.took(feed.steal(this.next));
    }
    return undefined;
  }

  private took(slice: Slice): Slice {
    this.slice = slice;
    this.next++;
    return slice;
  }

  private orderSlice(slice: Slice, first: number, end: number): number {
    const { graph, planner, memory } = this.parts;
    const origin = (this.next - 1) * this.parts.feed.sliceCalls;
    const isCurrent = slice.era === graph.era();
    planner.useKept(isCurrent ? slice.kept : undefined, origin);
    for (let call = first; call < end; call++) {
      const index = call - origin;
      if (!this.hasRoom(call, slice, index, isCurrent)) return call;
      const plan = isCurrent ? this.admit(call, slice, index) : this.readAgain(call);
      if (plan === SETTLED) continue;
      if (plan === PLAN_MADE) this.orderAhead(call, slice, index);
      else {
        const made = this.orderNow(call);
        if (made === PLAN_ALONE) return call;
        if (made === SETTLED) continue;
      }
      if (isLong(memory.calls, call * CALL_STRIDE)) graph.queueLong(memory.calls, call);
    }
    return end;
  }

  /** Whether there is room for what the call brings into the order and may ask of tables. Now and then looks ahead, too. */
  private hasRoom(call: number, slice: Slice, index: number, isCurrent: boolean): boolean {
    const { order, prefetcher, room } = this.parts;
    if (call >= this.looked) {
      const most = Math.min(index - (index % AHEAD_CALLS) + AHEAD_CALLS, this.calls - call + index, this.parts.feed.sliceCalls);
      const until = isCurrent ? slice.fewer(index, most, MOST_LOOKS) : most;
      if (order.crowded(ORDERED_WORDS + (isCurrent ? slice.accessesOf(index, until) : 0))) return false;
      if (isCurrent) prefetcher.lookAtAccesses(slice, index, until);
      this.looked = call - index + until;
    }
    const expected = isCurrent ? slice.lines[index * LINE_STRIDE + LINE_EXPECTED] : 0;
    if (expected === 0) return true;
    room.expect(expected);
    return !(room.wantsLook() && room.isCrowded());
  }

  /** A call that was planned ahead. */
  private orderAhead(call: number, slice: Slice, index: number): void {
    const { order } = this.parts;
    const { lines, list } = slice;
    const at = index * LINE_STRIDE;
    const weight = slice.doubles[(at >> 1) + LINE_WEIGHT];
    if (lines[at + LINE_BOUNDS] > 0) order.fillBounds(slice.take(index));
    const flags = lines[at + LINE_FLAGS];
    if ((flags & LINE_IS_PLAIN) !== 0)
      order.orderPlain(call, list, lines[at + LINE_FROM], lines[at + LINE_COUNT], (flags & LINE_IS_SURE) !== 0, weight);
    else order.order(call, slice.take(index), weight);
    if (this.trace !== undefined) this.trace.note(call, slice.take(index), order);
  }

  /** A call that is planned now that all before it are ordered: PLAN_MADE, SETTLED, or PLAN_ALONE when the pass must stop before it. */
  private orderNow(call: number): number {
    const { graph, order, planner, memory, room } = this.parts;
    const isFull = (room.wantsLook() && room.isCrowded()) || order.crowded(2 * ORDERED_WORDS);
    if (isFull || !takeWords(planner, graph, memory.words.length, ORDERED_WORDS)) return PLAN_ALONE;
    const made = this.parts.plan(call);
    if (made === PLAN_ALONE) this.lonely = call;
    else if (made === PLAN_MADE) {
      order.order(call, planner.list, planner.weight);
      this.trace?.note(call, planner.list, order);
    } else memory.calls[call * CALL_STRIDE + CALL_PENDING] = 1;
    return made;
  }

  /** Fills a call's line in the block memory and judges its nonce: SETTLED, or what became of its plan. */
  private admit(call: number, slice: Slice, index: number): number {
    const { memory, context, admission, planner } = this.parts;
    const { calls } = memory;
    const { lines } = slice;
    const at = call * CALL_STRIDE;
    const from = index * LINE_STRIDE;
    calls[at + CALL_CODE] = lines[from + CALL_CODE];
    calls[at + CALL_FUNCTION] = lines[from + CALL_FUNCTION];
    calls[at + CALL_INSTANCE] = lines[from + CALL_INSTANCE];
    calls[at + CALL_SELF] = lines[from + CALL_SELF];
    calls[at + CALL_CALLER] = lines[from + CALL_CALLER];
    calls[at + CALL_BASE] = lines[from + CALL_BASE];
    calls[at + CALL_VERDICT] = lines[from + CALL_VERDICT];
    calls[at + CALL_COST_LOW] = lines[from + CALL_COST_LOW];
    calls[at + CALL_COST_HIGH] = lines[from + CALL_COST_HIGH];
    calls[at + CALL_ARGS] = lines[from + CALL_ARGS];
    calls[at + CALL_CHORES] = 0;
    calls[at + CALL_UNRESOLVED] = 0;
    calls[at + CALL_DEPTH] = 0;
    calls[at + CALL_EDGE_MARK] = 0;
    const verdict = admitLine(admission, call, calls, at, lines, from);
    if (verdict !== VERDICT_RUN) {
      calls[at + CALL_VERDICT] = verdict;
      calls[at + CALL_COST_LOW] = 0;
      calls[at + CALL_COST_HIGH] = 0;
    }
    if (calls[at + CALL_VERDICT] !== VERDICT_RUN) {
      context.settle(call, calls[at + CALL_VERDICT]);
      calls[at + CALL_PENDING] = 1;
      return SETTLED;
    }
    const plan = lines[from + LINE_PLAN];
    if (plan !== PLAN_MADE) return plan;
    const drawn = slice.drawsFrom(index);
    if (lines[from + LINE_DRAWS] > drawn && !planner.confirm(slice.draws, drawn, lines[from + LINE_DRAWS])) return PLAN_LATER;
    this.costSum += chargedTo(calls, at);
    return plan;
  }

  /** The same for a call that was read before its contract was there, or whose record is gone. */
  private readAgain(call: number): number {
    const { memory, context, reader, admission } = this.parts;
    const { calls } = memory;
    const at = call * CALL_STRIDE;
    reader.read(call, calls, at, this.nothingKept, 0);
    const verdict = admitLine(admission, call, calls, at, calls, at);
    if (verdict !== VERDICT_RUN) calls[at + CALL_VERDICT] = verdict;
    if (calls[at + CALL_VERDICT] === VERDICT_RUN) return PLAN_LATER;
    context.settle(call, calls[at + CALL_VERDICT]);
    calls[at + CALL_PENDING] = 1;
    return SETTLED;
  }
}

/** Judges a call by the line from `from` of `lines`, and makes the words of its line in the block memory free that held its nonce. */
export function admitLine(admission: Admission, call: number, calls: Int32Array, at: number, lines: Int32Array, from: number): number {
  const low = lines[from + CALL_NONCE_LOW] >>> 0;
  const high = lines[from + CALL_NONCE_HIGH] >>> 0;
  const barred = lines[from + CALL_VERDICT] === VERDICT_NONCE;
  calls[at + CALL_PENDING] = 0;
  calls[at + CALL_SUCCESSORS] = 0;
  return admission.admit(call, lines[from + CALL_CALLER], barred, low, high);
}
