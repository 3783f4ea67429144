/**
 * Runs the calls of a block from plan to receipt: serially; or in block order on this thread but with the ordering pass (solo); or, by way of
 * `ParallelRun`, with workers. All give the same results. Owns the memory of blocks; values of before go to the journal.
 */
import type { Admission } from "../admit/admission.ts";
import { READ_AHEAD, READ_ROOM } from "../admit/call-reader.ts";
import type { CallReader } from "../admit/call-reader.ts";
import { Journal } from "../commit/journal.ts";
import type { Generation } from "../commit/receipts.ts";
import { AHEAD_CALLS } from "../plan/prefetch.ts";
import { PLAN_ALONE, PLAN_MADE, PLAN_OUT_OF_GAS, ROLE_PLAN, ROLE_SERIAL } from "../plan/roles.ts";
import { KEPT_ADDRESSES, SLICE_CALLS } from "../plan/slice.ts";
import { CALL_PENDING } from "../schedule/call-words.ts";
import { takeWords } from "../plan/preparer.ts";
import type { OrderCounts } from "../schedule/order.ts";
import type { StateMemory } from "../state/state.ts";
import { charge, chargeLimit } from "./charge.ts";
import type { Outcome } from "./context.ts";
import type { Environment } from "./environment.ts";
import { InternalError } from "./internal-error.ts";
import { CALL_CELLS, CALL_WORDS, ORDERED_WORDS } from "./limits.ts";
import type { BlockMemory } from "./memory.ts";
import {
  CALL_CODE,
  CALL_STRIDE,
  CALL_VERDICT,
  HEADER_BYTES,
  PARTIAL_LANES,
  VERDICT_ALONE,
  VERDICT_EMPTY,
  VERDICT_OUT_OF_GAS,
  VERDICT_RUN,
} from "./memory.ts";
import { admitLine, Ordered, SETTLED } from "./ordered.ts";
import type { ParallelBlock, ParallelTimes } from "./parallel.ts";
import { ParallelRun } from "./parallel.ts";
import type { ProfiledBlock, ProfiledSteps } from "./profiled.ts";
import { profileOrdered, profileSerial } from "./profiled.ts";
import { createRoom } from "./room.ts";
import type { Trace } from "./trace.ts";
import type { EngineParts, Workspace } from "./workspace.ts";
import { createWorkspace } from "./workspace.ts";

/** What is left of a segment when a call is planned: a record, nodes and edges of a call that is ordered, cells of one that runs alone. */
const RECORD_ROOM = CALL_WORDS;
const CELL_ROOM = CALL_CELLS;
/** Smaller blocks stay in the caches anyway. */
const PREFETCH_FROM = 1024;

export interface OpenedBlock {
  readonly input: SharedArrayBuffer;
  readonly length: number;
  /** Whether some call has value or pays for gas. */
  readonly pays: boolean;
  readonly environment: Environment;
  readonly journal: Journal;
  readonly trace: Trace | undefined;
}

export class Engine {
  readonly generation: Generation = { current: 0 };
  readonly state: StateMemory;
  private readonly parts: EngineParts;
  private space: Workspace;
  /** Columns and fields that the workspace knows of. */
  private columnCount = 0;
  private fieldCount = 1;
  private input: Uint32Array = new Uint32Array(0);
  private journal = new Journal();
  private trace: Trace | undefined = undefined;
  /** Cost bounds of the calls that were planned when their turn came. */
  private costSum = 0;
  /** Calls that were read on this thread, and ids of address arguments of the last slice of them. */
  private readUpTo = 0;
  private readonly kept = new Int32Array(SLICE_CALLS * KEPT_ADDRESSES);
  private pays = false;
  /** Whether the block at hand is run together with workers. */
  private isShared = false;
  private orderedPass: Ordered | undefined = undefined;

  constructor(parts: EngineParts, calls: number) {
    this.parts = parts;
    this.state = parts.state;
    this.space = createWorkspace(parts, createRoom(calls, parts.threads, parts.reads, undefined));
    this.orderedPass = this.createOrdered();
  }

  private createOrdered(): Ordered | undefined {
    const { ahead, tables, ...parts } = this.space;
    if (ahead === undefined) return undefined;
    return new Ordered({ ...parts, feed: ahead.feed, room: tables, plan: (call) => this.planAdmitted(call, ROLE_PLAN) });
  }

  get ordered(): Ordered {
    if (this.orderedPass === undefined) throw new InternalError("no workers");
    return this.orderedPass;
  }

  get memory(): BlockMemory {
    return this.space.memory;
  }

  get admission(): Admission {
    return this.space.admission;
  }

  counts(): OrderCounts {
    return { ...this.space.order.counts };
  }

  /** Sum of the cost bounds of this block's calls. */
  cost(): number {
    return this.costSum + (this.isShared ? this.ordered.costSum : 0);
  }

  /** How often calls of this block were run, on all threads. */
  executions(): number {
    return this.space.context.executions + this.space.graph.executionsOfOthers();
  }

  control(): SharedArrayBuffer {
    return this.space.room.graph.control;
  }

  /** Tells the workers of the memory they will work in. */
  announceRoom(): void {
    this.parts.pool?.tell({ kind: "room", room: this.space.room });
  }

  /** Number of fields of all contracts. */
  setFields(count: number): void {
    this.fieldCount = count;
    this.space.order.setFields(count);
  }

  /** Makes ready for a block; the receipts of the one before are gone from here on. */
  open({ input, length, pays, environment, journal, trace }: OpenedBlock): void {
    this.generation.current++;
    if (length > this.space.room.sizes.calls) this.enlarge(length);
    const { memory, nodes, graph, logs, context, planner, runner, reader, admission, tables, ahead } = this.space;
    for (; this.columnCount < this.state.columns.length; this.columnCount++) nodes.addColumn(this.state.columns[this.columnCount]);
    this.journal = journal;
    this.trace = trace;
    this.costSum = 0;
    this.readUpTo = 0;
    this.isShared = false;
    nodes.reset();
    for (const log of logs) log.clear();
    graph.reset(length);
    tables.make();
    context.openBlock(memory, input, environment);
    planner.openBlock(memory.words, memory.calls, input, environment);
    planner.tracing = trace !== undefined;
    runner.openBlock(undefined);
    this.useAllWords();
    this.input = new Uint32Array(input, 0, length * (HEADER_BYTES / 4));
    this.pays = pays;
    if (ahead === undefined) reader.open(input);
    else ahead.preparer.openBlock(memory, input, length, environment);
    admission.open(input, this.pays);
    this.orderedPass?.open(length, trace);
  }

  /** This thread plans all calls. */
  private useAllWords(): void {
    const { planner, memory } = this.space;
    planner.next = 1;
    planner.limit = memory.words.length;
  }

  private enlarge(calls: number): void {
    this.space = createWorkspace(this.parts, createRoom(calls, this.parts.threads, this.parts.reads, this.control()));
    this.orderedPass = this.createOrdered();
    this.columnCount = 0;
    this.space.order.setFields(this.fieldCount);
    this.announceRoom();
  }

  /**
   * Judges nonces and balances of the whole block before anything of it runs, when what runs could change who may send (rule N1): balances, and contracts that
   * are made. Else each call is judged when its turn comes.
   */
  admitFirst(length: number): void {
    if (this.pays || this.state.codes.some(({ module }) => module.creates.length > 0)) this.space.admission.admitUpTo(length);
  }

  /** Reads calls up to this one, a slice at a time. */
  private comeTo(call: number, length: number): void {
    if (call % AHEAD_CALLS !== 0 || !this.parts.reads) return;
    const { reader, memory, planner, prefetcher } = this.space;
    const { calls } = memory;
    const { kept } = this;
    if (call === this.readUpTo) {
      this.state.addresses.ensureRoom(READ_ROOM);
      this.readUpTo = Math.min(length, call + SLICE_CALLS);
      for (let each = call; each < this.readUpTo; each++) {
        if (each % READ_AHEAD === 0 && length >= PREFETCH_FROM) reader.lookAhead(each, Math.min(this.readUpTo, each + READ_AHEAD));
        this.read(reader, calls, each);
      }
      planner.useKept(kept, call);
    }
    if (length < PREFETCH_FROM) return;
    prefetcher.lookAtCalls(calls, call, Math.min(this.readUpTo, call + AHEAD_CALLS), kept, (call % SLICE_CALLS) * KEPT_ADDRESSES);
  }

  private read(reader: CallReader, calls: Int32Array, call: number): void {
    reader.read(call, calls, call * CALL_STRIDE, this.kept, (call % SLICE_CALLS) * KEPT_ADDRESSES);
  }

  /** `tick` is told of each call before it is planned, when the block is profiled. */
  runSerial(length: number, tick: ((call: number) => void) | undefined): void {
    const { order, nodes, planner, context, memory, tables } = this.space;
    const limit = memory.words.length - RECORD_ROOM;
    order.begin(true);
    context.keepOldValuesIn(nodes);
    context.setAlone(true);
    for (let call = 0; call < length; call++) {
      if (tick !== undefined) tick(call);
      if (tables.wantsLook()) tables.make();
      this.comeTo(call, length);
      if (planner.next > limit) planner.next = 1;
      if (nodes.count > nodes.capacity - CELL_ROOM) this.endSegment();
      if (this.plan(call, ROLE_SERIAL) === SETTLED) continue;
      this.runMaking(call);
      this.trace?.note(call, planner.list, undefined);
    }
    this.close();
  }

  /** The order stage on one thread: edges are found and counted, each call runs right after it was ordered. */
  runSolo(length: number): void {
    const { order, planner, runner, memory, context, logs, tables } = this.space;
    const limit = memory.words.length - RECORD_ROOM;
    order.begin(true);
    context.keepOldValuesIn(logs[0]);
    context.setAlone(false);
    for (let call = 0; call < length; call++) {
      if (tables.wantsLook()) tables.make();
      this.comeTo(call, length);
      if (planner.next > limit || order.crowded(ORDERED_WORDS)) this.endSegment();
      const plan = this.plan(call, ROLE_PLAN);
      if (plan === SETTLED) continue;
      if (plan === PLAN_ALONE) {
        this.endSegment();
        this.runAlone(call);
        continue;
      }
      order.order(call, planner.list, planner.weight);
      this.trace?.note(call, planner.list, order);
      runner.run(call);
    }
    this.close();
  }

  /** On one thread with its steps timed: without an order, or with all calls of a segment ordered before the first of them runs. */
  runProfiled(block: ProfiledBlock): void {
    const { length } = block;
    if (block.way === "serial") {
      profileSerial(block, (tick) => {
        this.admitFirst(length);
        this.runSerial(length, tick);
      });
      return;
    }
    this.beginShared();
    const steps: ProfiledSteps = {
      admitFirst: () => this.admitFirst(length),
      ordered: this.ordered,
      endSegment: () => this.endSegment(),
      runAlone: (call) => this.runAlone(call),
    };
    profileOrdered(steps, this.space, block);
    this.journal.endWith(this.space.nodes, this.space.logs);
  }

  /** Before a block whose calls are planned ahead. */
  private beginShared(): void {
    const { planner, context, logs } = this.space;
    this.isShared = true;
    planner.limit = planner.next;
    this.renewWords();
    context.keepOldValuesIn(logs[0]);
    context.setAlone(false);
  }

  runParallel(block: ParallelBlock): Promise<ParallelTimes> {
    const { pool, chunk } = this.parts;
    if (pool === undefined) throw new InternalError("no workers");
    this.beginShared();
    return new ParallelRun(this, this.space, pool, chunk).run(block);
  }

  /**
   * Runs a call that can't be planned before it runs. All earlier ones have ended and a segment has begun; another one begins after it, so that later
   * calls find nothing of it but the cells.
   */
  runAlone(call: number): void {
    const { order, planner, context, memory, nodes, logs } = this.space;
    const at = call * CALL_STRIDE;
    if (this.planAdmitted(call, ROLE_SERIAL) !== SETTLED) {
      order.alone(call, planner.weight);
      context.keepOldValuesIn(nodes);
      context.setAlone(true);
      this.runMaking(call);
      context.setAlone(false);
      context.keepOldValuesIn(logs[0]);
      this.trace?.note(call, planner.list, undefined);
      memory.calls[at + CALL_VERDICT] = VERDICT_ALONE;
    }
    // Threads will claim it, and leave it at that.
    memory.calls[at + CALL_PENDING] = 1;
    this.endSegment();
  }

  /** Runs a call beside which nothing else runs. Later calls of the block to contracts that it created are read again: there is something to call now. */
  private runMaking(call: number): void {
    const { context, reader, memory, graph } = this.space;
    const { calls } = memory;
    const { maker } = this.parts;
    const made = maker.count;
    context.run(call);
    if (maker.count === made) return;
    if (this.isShared) graph.nextEra();
    for (let later = call + 1; later < this.readUpTo; later++) {
      const at = later * CALL_STRIDE;
      if (calls[at + CALL_VERDICT] === VERDICT_EMPTY && calls[at + CALL_CODE] < 0) this.read(reader, calls, later);
    }
  }

  /** Judges one call by its line, plans it and decides what it is charged: SETTLED, PLAN_MADE or PLAN_ALONE. */
  private plan(call: number, role: number): number {
    const { context, memory, admission } = this.space;
    const { calls } = memory;
    const at = call * CALL_STRIDE;
    if (this.parts.reads) {
      const admitted = admitLine(admission, call, calls, at, calls, at);
      if (admitted !== VERDICT_RUN) calls[at + CALL_VERDICT] = admitted;
    }
    const verdict = calls[at + CALL_VERDICT];
    if (verdict === VERDICT_RUN) return this.planAdmitted(call, role);
    context.settle(call, verdict);
    return SETTLED;
  }

  private planAdmitted(call: number, role: number): number {
    const { planner, context, memory } = this.space;
    const { calls } = memory;
    const at = call * CALL_STRIDE;
    const plan = planner.plan(call, role);
    if (plan === PLAN_ALONE) return plan;
    if (plan !== PLAN_OUT_OF_GAS) {
      this.costSum += planner.costBound;
      charge(calls, at, planner.costBound);
      return plan;
    }
    chargeLimit(calls, at, this.input, call);
    calls[at + CALL_VERDICT] = VERDICT_OUT_OF_GAS;
    context.settle(call, VERDICT_OUT_OF_GAS);
    return SETTLED;
  }

  /**
   * In the middle of a block: partial sums are folded, old values handed to the journal, and records, nodes and edges are free again. All calls so
   * far have ended.
   */
  endSegment(): void {
    const { nodes, order, graph, runner, planner, logs, tables } = this.space;
    runner.foldNodes(0, nodes.foldCount);
    this.journal.addSegment(nodes, logs);
    nodes.reset();
    order.beginSegment();
    graph.recycle();
    if (this.isShared) this.renewWords();
    else planner.next = 1;
    tables.make();
  }

  /** Record words for the main thread's planner, when nobody plans ahead: enough for a call that runs alone. */
  private renewWords(): void {
    const { graph, planner, memory } = this.space;
    const wordCount = memory.words.length;
    if (graph.wordsTaken() * 2 > wordCount) {
      graph.freeWords();
      graph.nextEra();
      planner.next = 1;
      planner.limit = 1;
    }
    if (!takeWords(planner, graph, wordCount, CALL_WORDS)) throw new InternalError("no record words in an empty segment");
  }

  /** After the last call of a block that this thread ran alone: nothing is in partial sums. */
  private close(): void {
    this.journal.endWith(this.space.nodes, this.space.logs);
  }

  /** After a failure: partial sums are dropped, and the journal gets what is needed to restore all cells. */
  abandon(): void {
    const { memory, nodes, logs } = this.space;
    for (const partial of memory.partials) partial.u64.fill(0n, 0, nodes.count * PARTIAL_LANES);
    this.journal.endWith(nodes, logs);
  }

  /** Plans and runs one call alone, and takes back what it did; the journal gets what the plan did. */
  probe(call: number): Outcome | undefined {
    const { context, nodes } = this.space;
    context.keepOldValuesIn(nodes);
    context.setAlone(true);
    return this.plan(call, ROLE_SERIAL) === PLAN_MADE ? context.probe(call) : undefined;
  }

  /**
   * The counts that ordering the open block would have given, for one that ran without: plans and orders its calls again, without running them. The
   * cells must hold their values at block start, and the journal must not read from the nodes any more.
   */
  measure(length: number): OrderCounts {
    const { planner, order, nodes, memory, graph, tables } = this.space;
    const limit = memory.words.length - RECORD_ROOM;
    planner.useKept(undefined, 0);
    const drawn = new Journal();
    nodes.reset();
    order.begin(true);
    const next = (): void => {
      drawn.addSegment(nodes, []);
      nodes.reset();
      order.beginSegment();
      graph.recycle();
      planner.next = 1;
    };
    for (let call = 0; call < length; call++) {
      if (memory.calls[call * CALL_STRIDE + CALL_VERDICT] !== VERDICT_RUN) continue;
      if (tables.wantsLook()) tables.make();
      if (planner.next > limit || order.crowded(ORDERED_WORDS)) next();
      if (planner.plan(call, ROLE_PLAN) === PLAN_MADE) {
        order.order(call, planner.list, planner.weight);
        continue;
      }
      next();
      if (planner.plan(call, ROLE_SERIAL) === PLAN_MADE) order.alone(call, planner.weight);
      next();
    }
    // Plans have drawn numbers from sequences.
    drawn.endWith(nodes, []);
    drawn.swap(this.state.columns);
    return this.counts();
  }
}
