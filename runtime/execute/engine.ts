/**
 * Runs the calls of a block from plan to receipt: serially; or in block order on this thread but with the ordering pass (solo); or, by way of
 * `ParallelRun`, with workers. All give the same results. Owns the memory of blocks; values of before go to the journal.
 */
import type { Admission } from "../admit/admission.ts";
import { READ_ROOM, READ_SLICE } from "../admit/call-reader.ts";
import { Journal } from "../commit/journal.ts";
import type { Generation } from "../commit/receipts.ts";
import { PLAN_ALONE, PLAN_MADE, PLAN_OUT_OF_GAS, ROLE_PLAN, ROLE_SERIAL } from "../plan/roles.ts";
import { PREFETCH_CALLS } from "../plan/prefetch.ts";
import { CALL_PENDING } from "../schedule/call-words.ts";
import type { OrderCounts } from "../schedule/order.ts";
import type { StateMemory } from "../state/state.ts";
import type { Outcome } from "./context.ts";
import type { Environment } from "./environment.ts";
import { InternalError } from "./internal-error.ts";
import { CALL_CELLS, CALL_WORDS, ORDERED_WORDS } from "./limits.ts";
import type { BlockMemory } from "./memory.ts";
import {
  CALL_COST_HIGH,
  CALL_COST_LOW,
  CALL_STRIDE,
  CALL_VERDICT,
  HEADER_BYTES,
  HEADER_GAS_LIMIT,
  PARTIAL_LANES,
  VERDICT_ALONE,
  VERDICT_OUT_OF_GAS,
  VERDICT_RUN,
} from "./memory.ts";
import type { ParallelBlock, ParallelTimes } from "./parallel.ts";
import { ParallelRun } from "./parallel.ts";
import type { ProfiledBlock, ProfiledSteps } from "./profiled.ts";
import { profileOrdered, profileSerial } from "./profiled.ts";
import { createRoom } from "./room.ts";
import type { Trace } from "./trace.ts";
import type { EngineParts, Workspace } from "./workspace.ts";
import { createWorkspace } from "./workspace.ts";

/** Planned calls are published in batches, so that waking a thread that sleeps is worth it. */
export const PUBLISH_EVERY = 256;
/** Tables are looked at after so many insertions, and must then have room for those until the next look: as many again, and a single call's. */
const LOOK_EVERY = 16_384;
const TABLE_ROOM = 65_536;
/** What is left of a segment when a call is planned: a record, nodes and edges of a call that is ordered, cells of one that runs alone. */
const RECORD_ROOM = CALL_WORDS;
const ACCESS_ROOM = ORDERED_WORDS;
const CELL_ROOM = CALL_CELLS;
/** Smaller blocks stay in the caches anyway. */
const PREFETCH_FROM = 1024;
/** Every so manieth call planning and ordering are timed apart. */
const SAMPLE_EVERY = 64;
const TWO_32 = 4294967296;

/** Beside PLAN_…: the call doesn't run, and its receipt is written. */
const SETTLED = -1;

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
  /** Cost bounds of the calls of this block that were planned. */
  costSum = 0;
  /** The call that `planFrom` has stopped at because it must run alone; -1 none. */
  private lonely = -1;
  // Sampled milliseconds.
  private planSample = 0;
  private orderSample = 0;

  constructor(parts: EngineParts, calls: number) {
    this.parts = parts;
    this.state = parts.state;
    this.space = createWorkspace(parts, createRoom(calls, parts.threads, undefined));
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
  open(input: SharedArrayBuffer, length: number, environment: Environment, journal: Journal, trace: Trace | undefined): void {
    this.generation.current++;
    if (length > this.space.room.sizes.calls) this.enlarge(length);
    const { memory, nodes, graph, logs, context, planner, runner, reader, admission, awaited } = this.space;
    for (; this.columnCount < this.state.columns.length; this.columnCount++) nodes.addColumn(this.state.columns[this.columnCount]);
    this.journal = journal;
    this.trace = trace;
    this.costSum = 0;
    this.lonely = -1;
    this.planSample = 0;
    this.orderSample = 0;
    nodes.reset();
    for (const log of logs) log.clear();
    graph.reset();
    this.makeRoom();
    context.openBlock(memory, input, environment);
    planner.openBlock(memory.words, memory.calls, input, environment);
    planner.next = 1;
    planner.tracing = trace !== undefined;
    runner.openBlock(undefined);
    reader.open(input);
    awaited.clear();
    admission.open(input);
    this.input = new Uint32Array(input, 0, length * (HEADER_BYTES / 4));
  }

  private enlarge(calls: number): void {
    this.space = createWorkspace(this.parts, createRoom(calls, this.parts.threads, this.control()));
    this.columnCount = 0;
    this.space.order.setFields(this.fieldCount);
    this.announceRoom();
  }

  /** Reads and admits all calls on this thread. */
  admit(length: number): void {
    const { reader, admission } = this.space;
    for (let first = 0; first < length; first += READ_SLICE) {
      this.state.addresses.ensureRoom(READ_ROOM);
      reader.read(first, Math.min(length, first + READ_SLICE));
    }
    admission.admitUpTo(length);
  }

  /** `tick` is told of each call before it is planned, when the block is profiled. */
  runSerial(length: number, tick: ((call: number) => void) | undefined): void {
    const { order, nodes, planner, context, memory } = this.space;
    const limit = memory.words.length - RECORD_ROOM;
    order.begin(true);
    context.keepOldValuesIn(nodes);
    context.setAlone(true);
    for (let call = 0; call < length; call++) {
      if (call % PREFETCH_CALLS === 0) this.lookAhead(call, length);
      if (planner.asked > LOOK_EVERY) this.makeRoom();
      if (planner.next > limit) planner.next = 1;
      if (tick !== undefined) tick(call);
      if (nodes.count > nodes.capacity - CELL_ROOM) this.endSegment();
      if (this.plan(call, ROLE_SERIAL) === SETTLED) continue;
      this.runMaking(call, length);
      this.trace?.note(call, planner.list, undefined);
    }
    this.close();
  }

  /** The order stage on one thread: edges are found and counted, each call runs right after it was ordered. */
  runSolo(length: number): void {
    const { order, planner, runner, memory, context, logs } = this.space;
    const limit = memory.words.length - RECORD_ROOM;
    order.begin(true);
    context.keepOldValuesIn(logs[0]);
    context.setAlone(false);
    for (let call = 0; call < length; call++) {
      if (planner.asked > LOOK_EVERY) this.makeRoom();
      if (planner.next > limit || order.crowded(ACCESS_ROOM)) this.endSegment();
      const plan = this.plan(call, ROLE_PLAN);
      if (plan === SETTLED) continue;
      if (plan === PLAN_ALONE) {
        this.endSegment();
        this.runAlone(call, length);
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
    const { order, planner, memory, context, logs, nodes } = this.space;
    const { length } = block;
    const limit = memory.words.length - RECORD_ROOM;
    const steps: ProfiledSteps = {
      plan: (call) => this.plan(call, ROLE_PLAN),
      lookAhead: (call) => this.lookAhead(call, length),
      addressRoom: () => this.state.addresses.ensureRoom(READ_ROOM),
      isCrowded: () => {
        if (planner.asked > LOOK_EVERY) this.makeRoom();
        return planner.next > limit || order.crowded(ACCESS_ROOM);
      },
      endSegment: () => this.endSegment(),
      runAlone: (call) => this.runAlone(call, length),
      runSerial: (tick) => this.runSerial(length, tick),
    };
    if (block.way === "serial") {
      profileSerial(steps, this.space, block);
      return;
    }
    context.keepOldValuesIn(logs[0]);
    context.setAlone(false);
    profileOrdered(steps, this.space, block);
    this.journal.endWith(nodes, logs);
  }

  runParallel(block: ParallelBlock): Promise<ParallelTimes> {
    const { pool, chunk } = this.parts;
    if (pool === undefined) throw new InternalError("no workers");
    this.space.context.keepOldValuesIn(this.space.logs[0]);
    this.space.context.setAlone(false);
    return new ParallelRun(this, this.space, pool, chunk).run(block);
  }

  /**
   * Runs a call that can't be planned before it runs. All earlier ones have ended and a segment has begun; another one begins after it, so that later
   * calls find nothing of it but the cells.
   */
  runAlone(call: number, length: number): void {
    const { order, planner, context, memory, nodes, logs, admission } = this.space;
    // Who may send is judged by the state at block start (rule N1), and this call may make a contract.
    admission.admitUpTo(length);
    const at = call * CALL_STRIDE;
    if (this.plan(call, ROLE_SERIAL) !== SETTLED) {
      order.alone(call, planner.weight);
      context.keepOldValuesIn(nodes);
      context.setAlone(true);
      this.runMaking(call, length);
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
  private runMaking(call: number, length: number): void {
    const { context, reader, awaited } = this.space;
    const { maker } = this.parts;
    const made = maker.count;
    context.run(call);
    if (maker.count === made) return;
    for (const address of maker.since(made)) {
      const later = awaited.to(this.state.addresses.hexOf(address), new Uint8Array(this.input.buffer), call + 1, length);
      for (const each of later) if (each > call) reader.read(each, each + 1);
    }
  }

  /**
   * Plans and orders calls from `first` on for threads to run; stops before one that needs all so far to have ended, and maybe to run alone then
   * (`isAlone`).
   */
  planFrom(first: number, length: number): number {
    const { planner, order, graph, memory, admission } = this.space;
    const { calls } = memory;
    const limit = memory.words.length - RECORD_ROOM;
    for (let call = first; call < length; call++) {
      if (call % PREFETCH_CALLS === 0) this.lookAhead(call, length);
      if (call % PUBLISH_EVERY === 0) {
        graph.publish(call);
        if (graph.failed()) return call;
      }
      if (planner.asked > LOOK_EVERY) {
        if (this.state.crowded(TABLE_ROOM + planner.expected)) return call;
        planner.asked = 0;
      }
      if (planner.next > limit || order.crowded(ACCESS_ROOM)) return call;
      admission.admitUpTo(call + 1);
      const began = call % SAMPLE_EVERY === 0 ? performance.now() : 0;
      const plan = this.plan(call, ROLE_PLAN);
      if (plan === SETTLED) {
        calls[call * CALL_STRIDE + CALL_PENDING] = 1;
        continue;
      }
      if (plan === PLAN_ALONE) {
        this.lonely = call;
        return call;
      }
      const between = began === 0 ? 0 : performance.now();
      order.order(call, planner.list, planner.weight);
      if (began !== 0) this.sample(began, between);
      this.trace?.note(call, planner.list, order);
    }
    return length;
  }

  /** Whether `planFrom` has stopped at this call because it must run alone. */
  isAlone(call: number): boolean {
    return this.lonely === call;
  }

  private sample(began: number, between: number): void {
    this.planSample += between - began;
    this.orderSample += performance.now() - between;
  }

  /** Share of the order in the time of planning and ordering, as sampled. */
  orderShare(): number {
    const sum = this.planSample + this.orderSample;
    return sum > 0 ? this.orderSample / sum : 0;
  }

  private lookAhead(call: number, length: number): void {
    if (this.parts.reads && length >= PREFETCH_FROM) this.space.prefetcher.look(call, Math.min(length, call + PREFETCH_CALLS));
  }

  /** Plans one call and decides what it is charged: SETTLED, PLAN_MADE or PLAN_ALONE. */
  private plan(call: number, role: number): number {
    const { planner, context, memory } = this.space;
    const { calls } = memory;
    const at = call * CALL_STRIDE;
    const verdict = calls[at + CALL_VERDICT];
    if (verdict !== VERDICT_RUN) {
      context.settle(call, verdict);
      return SETTLED;
    }
    const plan = planner.plan(call, role);
    if (plan === PLAN_ALONE) return plan;
    if (plan !== PLAN_OUT_OF_GAS) {
      const cost = planner.costBound;
      this.costSum += cost;
      calls[at + CALL_COST_LOW] = cost % TWO_32;
      calls[at + CALL_COST_HIGH] = Math.floor(cost / TWO_32);
      return plan;
    }
    // All of the gas limit is charged (rule N2).
    const header = (call * HEADER_BYTES + HEADER_GAS_LIMIT) >>> 2;
    calls[at + CALL_COST_LOW] = this.input[header];
    calls[at + CALL_COST_HIGH] = this.input[header + 1];
    calls[at + CALL_VERDICT] = VERDICT_OUT_OF_GAS;
    context.settle(call, VERDICT_OUT_OF_GAS);
    return SETTLED;
  }

  /** Only while no other thread uses the tables. */
  private makeRoom(): void {
    const { planner } = this.space;
    planner.asked = 0;
    // What was expected has been asked for by now; there may be as much again.
    const room = TABLE_ROOM + planner.expected;
    planner.expected = 0;
    if (this.state.crowded(room)) this.state.ensureRoom(room);
  }

  /**
   * In the middle of a block: partial sums are folded, old values handed to the journal, and records, nodes and edges are free again. All calls so
   * far have ended.
   */
  endSegment(): void {
    const { nodes, order, graph, runner, planner, logs } = this.space;
    runner.foldNodes(0, nodes.count);
    this.journal.addSegment(nodes, logs);
    nodes.reset();
    order.beginSegment();
    graph.recycle();
    planner.next = 1;
    this.makeRoom();
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
    const { planner, order, nodes, memory, graph } = this.space;
    const limit = memory.words.length - RECORD_ROOM;
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
      if (planner.asked > LOOK_EVERY) this.makeRoom();
      if (planner.next > limit || order.crowded(ACCESS_ROOM)) next();
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
