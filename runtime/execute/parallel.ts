/**
 * A block run together with the workers: all threads read calls and plan them ahead, this one orders them, and the others already run what is ready; at
 * last partial sums are folded. This thread helps with whatever is left, and only ever waits for calls that have begun.
 */
import type { Journal } from "../commit/journal.ts";
import { PHASE_FOLD, PHASE_RUN } from "../schedule/graph.ts";
import type { Environment } from "./environment.ts";
import type { StopSignal } from "../types.ts";
import type { StageTimes } from "../types.ts";
import { InternalError } from "./internal-error.ts";
import type { Ordered } from "./ordered.ts";
import type { Pool } from "./pool.ts";
import type { Workspace } from "./workspace.ts";

/** Nodes folded at once by a thread. */
export const FOLD_CHUNK = 2048;
/** Looks for ready calls this often before sleeping for a moment. */
const SPINS = 2000;
const NAP_MS = 2;

/** When the stages of a parallel run were done, and the milliseconds that the ordered pass took. */
export interface ParallelTimes {
  readonly admitted: number;
  readonly planned: number;
  readonly ran: number;
  readonly orderedMs: number;
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
  /** Judges nonces and balances before anything runs, where they must be judged by the state of then. */
  admitFirst(length: number): void;
  readonly ordered: Ordered;
  endSegment(): void;
  /** Runs a call in a segment of its own. */
  runAlone(call: number): void;
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
    graph.beginPhase(PHASE_RUN, this.chunk);
    this.pool.tell({ kind: "block", block: number, input, calls: block.length, environment, delays });
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
    const { graph, nodes } = this.space;
    const { ordered } = engine;
    engine.admitFirst(length);
    await pause(signal);
    const admitted = performance.now();
    for (let call = 0; call < length;) {
      call = ordered.run(call, length);
      if (call >= length) break;
      await this.drain(call);
      await pause(signal);
      if (ordered.isAlone(call)) engine.runAlone(call++);
    }
    const planned = performance.now();
    graph.publish(length);
    await this.finish(length);
    await pause(signal);
    const ran = performance.now();
    graph.beginPhase(PHASE_FOLD, FOLD_CHUNK);
    graph.publish(nodes.foldCount);
    await this.finish(nodes.foldCount);
    return { admitted, planned, ran, orderedMs: ordered.ms };
  }

  /** Ends a segment in the middle of a block: all planned calls run to their end, then records, nodes and edges are free again. */
  private async drain(planned: number): Promise<void> {
    this.space.graph.publish(planned);
    await this.finish(planned);
    this.before -= planned;
    await this.quiet();
    this.engine.endSegment();
  }

  /** Until no thread plans ahead. */
  private async quiet(): Promise<void> {
    const { graph } = this.space;
    for (let round = 1; !this.engine.ordered.isQuiet(); round++) {
      if (graph.failed()) throw this.pool.failure() ?? new InternalError("a worker failed without a report");
      if (round % SPINS !== 0) continue;
      await yieldToEvents();
      const death = this.pool.death();
      if (death !== undefined) throw death;
    }
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

/** Until all calls are ordered this thread plans, orders and runs some; what isn't ordering counts as planning. */
export function stageTimes(times: ParallelTimes, started: number): StageTimes {
  const scheduleMs = times.orderedMs;
  const admitMs = times.admitted - started;
  return {
    admitMs,
    planMs: times.planned - times.admitted - scheduleMs,
    scheduleMs,
    executeMs: times.ran - times.admitted,
    commitMs: 0,
    totalMs: 0,
  };
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
