/**
 * A block run together with the workers, in phases that all threads share in: calls are read; then this thread plans and orders them while the
 * others already run what is ready; at last partial sums are folded. This thread helps with whatever is left, and only ever waits for calls that have begun.
 */
import { READ_ROOM, READ_SLICE } from "../admit/call-reader.ts";
import type { Journal } from "../commit/journal.ts";
import { PHASE_FOLD, PHASE_READ, PHASE_RUN } from "../schedule/graph.ts";
import type { StateMemory } from "../state/state.ts";
import type { Environment } from "./environment.ts";
import type { StopSignal } from "../types.ts";
import type { StageTimes } from "../types.ts";
import { InternalError } from "./internal-error.ts";
import type { Pool } from "./pool.ts";
import type { Workspace } from "./workspace.ts";

/** Calls read, nodes folded at once by a thread. */
export const READ_CHUNK = 256;
export const FOLD_CHUNK = 2048;
/** Looks for ready calls this often before sleeping for a moment. */
const SPINS = 2000;
const NAP_MS = 2;

/** When the stages of a parallel run were done, and which share of planning was spent on the order. */
export interface ParallelTimes {
  readonly admitted: number;
  readonly planned: number;
  readonly ran: number;
  readonly orderShare: number;
}

export interface ParallelBlock {
  readonly length: number;
  /** Counts the chain's blocks. */
  readonly number: number;
  readonly input: SharedArrayBuffer;
  readonly environment: Environment;
  readonly delays: SharedArrayBuffer | undefined;
  readonly journal: Journal;
  readonly signal: StopSignal | undefined;
}

/** What planning does on this thread, see `engine.ts`. */
export interface Planning {
  readonly state: StateMemory;
  /** Plans and orders calls from `first` on; returns the first that needs all before it to have ended. */
  planFrom(first: number, length: number): number;
  endSegment(): void;
  /** Whether planning has stopped at this call because it must run alone. */
  isAlone(call: number): boolean;
  /** Runs it, in a segment of its own. */
  runAlone(call: number, length: number): void;
  orderShare(): number;
}

export class ParallelRun {
  private readonly engine: Planning;
  private readonly space: Workspace;
  private readonly pool: Pool;
  private readonly chunk: number;
  /** Units of work that had ended when the present phase began. */
  private before = 0;

  constructor(engine: Planning, space: Workspace, pool: Pool, chunk: number) {
    this.engine = engine;
    this.space = space;
    this.pool = pool;
    this.chunk = chunk;
  }

  async run(block: ParallelBlock): Promise<ParallelTimes> {
    const { graph, order, runner, nodes, logs } = this.space;
    const { number, input, environment, delays } = block;
    order.begin(false);
    runner.openBlock(delays === undefined ? undefined : new Int32Array(delays));
    graph.beginPhase(PHASE_READ, READ_CHUNK);
    this.pool.tell({ kind: "block", block: number, input, environment, delays });
    graph.open(number);
    graph.wake(graph.threads);
    try {
      const times = await this.stages(block.length, block.signal);
      block.journal.endWith(nodes, logs);
      return times;
    } catch (thrown) {
      graph.fail();
      throw thrown;
    } finally {
      graph.shut();
      await this.waitUntilEmpty();
      // What was reported of this block must not be taken for news of a later one.
      this.pool.failure();
    }
  }

  private async stages(length: number, signal: StopSignal | undefined): Promise<ParallelTimes> {
    const { engine } = this;
    const { graph, nodes, admission } = this.space;
    await this.read(length);
    // Balances are those at block start, so when some call needs one all are admitted before anything runs. Else each is when it is planned.
    if (graph.hasCoin()) admission.admitUpTo(length);
    await pause(signal);
    const admitted = performance.now();
    graph.beginPhase(PHASE_RUN, this.chunk);
    for (let call = 0; call < length;) {
      call = engine.planFrom(call, length);
      if (call >= length) break;
      await this.drain(call);
      await pause(signal);
      if (engine.isAlone(call)) engine.runAlone(call++, length);
    }
    const planned = performance.now();
    graph.publish(length);
    await this.finish(length);
    await pause(signal);
    const ran = performance.now();
    graph.beginPhase(PHASE_FOLD, FOLD_CHUNK);
    graph.publish(nodes.count);
    await this.finish(nodes.count);
    return { admitted, planned, ran, orderShare: engine.orderShare() };
  }

  private async read(length: number): Promise<void> {
    const { graph } = this.space;
    const { addresses } = this.engine.state;
    for (let first = 0; first < length; first += READ_SLICE) {
      if (addresses.crowded(READ_ROOM)) {
        await this.finish(first);
        this.before -= first;
        addresses.ensureRoom(READ_ROOM);
      }
      graph.publish(Math.min(length, first + READ_SLICE));
    }
    await this.finish(length);
  }

  /** Ends a segment in the middle of a block: all planned calls run to their end, then records, nodes and edges are free again. */
  private async drain(planned: number): Promise<void> {
    this.space.graph.publish(planned);
    await this.finish(planned);
    this.before -= planned;
    this.engine.endSegment();
  }

  /** Takes part until the first `units` of this phase have ended. Yields now and then, so that news of a dead thread gets through. */
  private async finish(units: number): Promise<void> {
    const { graph, runner } = this.space;
    const wanted = this.before + units;
    this.before = wanted;
    for (;;) {
      for (let idle = 0; idle < SPINS; idle++) {
        if (runner.work()) idle = 0;
        if (graph.ended() === wanted) return;
        if (graph.failed()) throw this.pool.failure() ?? new InternalError("a worker failed without a report");
      }
      graph.waitForEnded(graph.ended(), NAP_MS);
      await yieldToEvents();
      const death = this.pool.death();
      if (death !== undefined) throw death;
    }
  }

  private async waitUntilEmpty(): Promise<void> {
    for (let round = 1; this.space.graph.present() > 0 && this.pool.death() === undefined; round++) {
      if (round % SPINS === 0) await yieldToEvents();
    }
  }
}

/** Planning and ordering are one pass, told apart by the share of each in samples. */
export function stageTimes(times: ParallelTimes, started: number): StageTimes {
  const planned = times.planned - times.admitted;
  const scheduleMs = planned * times.orderShare;
  const admitMs = times.admitted - started;
  return { admitMs, planMs: planned - scheduleMs, scheduleMs, executeMs: times.ran - times.admitted, commitMs: 0, totalMs: 0 };
}

/** Microseconds to idle before each call, for tests of the scheduler. */
export function delaysOf(delay: ((call: number) => number) | undefined, length: number): SharedArrayBuffer | undefined {
  if (delay === undefined) return undefined;
  const buffer = new SharedArrayBuffer(length * 4);
  const delays = new Int32Array(buffer);
  for (let call = 0; call < length; call++) delays[call] = delay(call);
  return buffer;
}

/** Between stages: lets whoever wants to end the block do so. */
export async function pause(signal: StopSignal | undefined): Promise<void> {
  if (signal === undefined) return;
  await yieldToEvents();
  signal.throwIfAborted();
}

function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
