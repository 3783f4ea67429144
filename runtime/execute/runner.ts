/**
 * Runs the calls of a block on one thread: what has to be done before a call (folds, late values, missing slots), the call itself, and the loop
 * that takes calls from the task graph until none is left for now. The same code on the main thread and on workers.
 * It waits for nothing: a call that isn't ready is left to whoever ends its last predecessor.
 */
import type { CellLog } from "../commit/cell-log.ts";
import type { CallPlanner } from "../plan/planner.ts";
import type { Preparer } from "../plan/preparer.ts";
import { CALL_CHORES, CALL_UNRESOLVED, isLong } from "../schedule/call-words.ts";
import type { Graph } from "../schedule/graph.ts";
import { CHORE_FOLD, PHASE_RUN } from "../schedule/graph.ts";
import { NODE_COLUMN, NODE_SLOT, NODE_STRIDE } from "../schedule/nodes.ts";
import type { Column } from "../state/column.ts";
import type { ExecContext } from "./context.ts";
import { foldListed, foldNode } from "./fold.ts";
import type { Foldable } from "./fold.ts";
import type { BlockMemory } from "./memory.ts";
import { CALL_STRIDE, CALL_VERDICT, VERDICT_RUN } from "./memory.ts";

/** Ended calls are told to the others in batches: each telling costs a cache line. */
const TELL_EVERY = 64;

export interface RunnerParts {
  readonly thread: number;
  readonly graph: Graph;
  readonly memory: BlockMemory;
  /** Words of the nodes. */
  readonly nodes: Int32Array;
  /** Numbers of the nodes that had partial sums. */
  readonly folds: Int32Array;
  readonly columns: readonly Column[];
  readonly context: ExecContext;
  readonly planner: CallPlanner;
  readonly log: CellLog;
  /** Undefined where calls aren't read from blocks. */
  readonly preparer: Preparer | undefined;
}

export class Runner {
  private readonly thread: number;
  private readonly graph: Graph;
  private readonly memory: BlockMemory;
  private readonly calls: Int32Array;
  private readonly nodes: Int32Array;
  private readonly foldable: Foldable;
  private readonly columns: readonly Column[];
  private readonly context: ExecContext;
  private readonly planner: CallPlanner;
  private readonly log: CellLog;
  private readonly preparer: Preparer | undefined;
  private ended = 0;
  private told = 0;
  /** Microseconds to idle before each call, for tests of the scheduler. */
  private delays: Int32Array | undefined = undefined;

  constructor(parts: RunnerParts) {
    this.thread = parts.thread;
    this.graph = parts.graph;
    this.memory = parts.memory;
    this.calls = parts.memory.calls;
    this.nodes = parts.nodes;
    this.foldable = { nodes: parts.nodes, listed: parts.folds, columns: parts.columns, partials: parts.memory.partials };
    this.columns = parts.columns;
    this.context = parts.context;
    this.planner = parts.planner;
    this.log = parts.log;
    this.preparer = parts.preparer;
  }

  openBlock(delays: Int32Array | undefined): void {
    this.ended = 0;
    this.told = 0;
    this.context.executions = 0;
    this.delays = delays;
  }

  /** Runs one call that is ready. */
  run(call: number): void {
    const { calls } = this;
    const at = call * CALL_STRIDE;
    if (this.delays !== undefined) this.idle(this.delays[call]);
    if (calls[at + CALL_VERDICT] !== VERDICT_RUN) return;
    if (calls[at + CALL_CHORES] !== 0) this.doChores(call, calls[at + CALL_CHORES]);
    if (calls[at + CALL_UNRESOLVED] !== 0) this.planner.resolve(call);
    this.context.run(call);
  }

  private doChores(call: number, first: number): void {
    const { chores } = this.graph;
    for (let chore = first; chore !== 0; chore = chores[chore * 2 + 1]) {
      const node = chores[chore * 2] >>> 1;
      const at = node * NODE_STRIDE;
      const column = this.columns[this.nodes[at + NODE_COLUMN]];
      const slot = this.nodes[at + NODE_SLOT];
      if ((chores[chore * 2] & 1) === CHORE_FOLD) foldNode(column, slot, node, this.memory.partials);
      else this.log.keep(call, column, slot);
    }
  }

  /** Folds what is still in partial sums of nodes: of those listed from `first` up to `end`, when no call runs. */
  foldNodes(first: number, end: number): void {
    foldListed(this.foldable, first, end);
  }

  /** Does what there is to do; returns when that is nothing for now, with true if it did anything. */
  work(): boolean {
    let did = false;
    while (this.step()) did = true;
    return did;
  }

  /** Runs some calls that are ready or folds some nodes; where there are none, plans a slice of calls ahead. False when there is nothing to do for now. */
  step(): boolean {
    const { graph } = this;
    if (graph.failed()) return false;
    // Others wait for these, or they are long.
    const ready = graph.pop();
    if (ready >= 0) {
      this.runChain(ready);
      return true;
    }
    const claimed = graph.claim();
    if (claimed >= 0) {
      const first = Math.floor(claimed / 65536);
      this.doChunk(first, first + (claimed & 65535));
      return true;
    }
    this.tell();
    const slice = this.preparer === undefined ? -1 : graph.claimSlice();
    if (slice < 0) return false;
    this.preparer?.prepare(slice);
    return true;
  }

  private doChunk(first: number, end: number): void {
    // A claim can't outlive its phase: the next one begins when all of this has been told as ended.
    if (this.graph.phase() === PHASE_RUN) {
      this.runChunk(this.calls, first, end);
      return;
    }
    this.foldNodes(first, end);
    this.ended += end - first;
    this.tell();
  }

  private runChunk(calls: Int32Array, first: number, end: number): void {
    const { graph } = this;
    for (let call = first; call < end; call++) {
      if (!graph.release(calls, call)) continue;
      // What may take long comes when the rest of the chunk has been given free.
      if (isLong(calls, call * CALL_STRIDE)) {
        this.freeRest(calls, call + 1, end);
        this.runChain(call);
        return;
      }
      this.run(call);
      const next = this.end(call);
      if (next < 0) continue;
      this.freeRest(calls, call + 1, end);
      this.runChain(next);
      return;
    }
  }

  private freeRest(calls: Int32Array, first: number, end: number): void {
    const { graph } = this;
    for (let rest = first; rest < end; rest++) if (graph.release(calls, rest)) graph.push(rest);
  }

  private runChain(first: number): void {
    for (let call = first; call >= 0 && !this.graph.failed(); call = this.end(call)) this.run(call);
  }

  private end(call: number): number {
    this.ended++;
    if (this.ended - this.told >= TELL_EVERY) this.tell();
    return this.graph.complete(this.calls, call);
  }

  private tell(): void {
    if (this.told === this.ended) return;
    this.told = this.ended;
    this.graph.tellEnded(this.thread, this.ended, this.context.executions);
  }

  private idle(microseconds: number): void {
    if (microseconds <= 0) return;
    const until = performance.now() + microseconds / 1000;
    while (performance.now() < until);
  }
}
