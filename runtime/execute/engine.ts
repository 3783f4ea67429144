/**
 * Runs admitted calls from plan to receipt, in one of three ways that give the same results: serially, in order on this thread but with the
 * ordering pass (solo, for blocks too small to share), or streamed to the workers while this thread still plans. Owns the memory of blocks and what
 * plans and orders them. It keeps no results: values of before go to the journal.
 */
import { Admission } from "../admit/admission.ts";
import { ADDRESSES_PER_CALL, CallReader } from "../admit/call-reader.ts";
import { CellLog } from "../commit/cell-log.ts";
import { Journal } from "../commit/journal.ts";
import type { Generation } from "../commit/receipts.ts";
import type { FieldBases, PlannerCaches } from "../plan/planner.ts";
import { PREFETCH_CALLS, Prefetcher } from "../plan/prefetch.ts";
import { CallPlanner, ROLE_PLAN, ROLE_SERIAL } from "../plan/planner.ts";
import { CALL_PENDING } from "../schedule/call-words.ts";
import { Graph, PHASE_FOLD, PHASE_READ, PHASE_RUN } from "../schedule/graph.ts";
import { Nodes } from "../schedule/nodes.ts";
import type { OrderCounts } from "../schedule/order.ts";
import { Order } from "../schedule/order.ts";
import type { StateMemory } from "../state/state.ts";
import type { Environment } from "./context.ts";
import { ExecContext } from "./context.ts";
import { InternalError } from "./internal-error.ts";
import type { BlockMemory } from "./memory.ts";
import {
  attachBlockMemory, CALL_COST_HIGH, CALL_COST_LOW, CALL_STRIDE, CALL_VERDICT, HEADER_BYTES, HEADER_GAS_LIMIT, PARTIAL_LANES, VERDICT_OUT_OF_GAS,
  VERDICT_RUN,
} from "./memory.ts";
import type { Pool } from "./pool.ts";
import type { RoomBuffers } from "./room.ts";
import { createRoom } from "./room.ts";
import { Runner } from "./runner.ts";
import type { Trace } from "./trace.ts";

/** Planned calls are published in batches, so that the planning thread's cache lines aren't asked for all the time. */
const PUBLISH_EVERY = 256;
/** Tables are looked at this often, and must then have room for what the calls until the next look may insert. */
const LOOK_EVERY = 1024;
const TABLE_ROOM = 32_768;
/** A record of this many words always fits into what is left of a segment. */
const RECORD_ROOM = 1 << 17;
const SERIAL_NODE_ROOM = 1 << 15;
/** Looks for ready calls this often before sleeping for a moment. */
const SPINS = 2000;
const NAP_MS = 2;
const TWO_32 = 4294967296;
const PREFETCH_FROM = 1024;
/** Calls read, nodes folded at once by a thread. */
const READ_CHUNK = 256;
const FOLD_CHUNK = 2048;
/** Calls read between two looks at the address table, and the room that they may need there. */
const READ_SLICE = 8192;
const READ_ROOM = READ_SLICE * ADDRESSES_PER_CALL;

/** When the stages of a parallel run were done. */
export interface ParallelTimes {
  readonly admitted: number;
  readonly planned: number;
  readonly ran: number;
}

export interface EngineParts {
  readonly state: StateMemory;
  readonly fields: FieldBases;
  readonly threads: number;
  readonly chunk: number;
  readonly caches: Omit<PlannerCaches, "kept">;
  /** Whether calls are read from block buffers; else their lines are filled by hand. */
  readonly reads: boolean;
  /** Workers; undefined for an engine that runs everything here. */
  readonly pool: Pool | undefined;
}

export class Engine {
  readonly generation: Generation = { current: 0 };
  private readonly parts: EngineParts;
  private readonly state: StateMemory;
  private room: RoomBuffers;
  private columnCount = 0;
  private fieldCount = 1;
  memory: BlockMemory;
  admission: Admission;
  order: Order;
  private nodes: Nodes;
  private graph: Graph;
  private planner: CallPlanner;
  private context: ExecContext;
  private runner: Runner;
  private reader: CallReader;
  private prefetcher: Prefetcher;
  private logs: readonly CellLog[];
  private journal: Journal | undefined = undefined;
  private trace: Trace | undefined = undefined;

  constructor(parts: EngineParts, calls: number) {
    this.parts = parts;
    this.state = parts.state;
    this.room = createRoom(calls, parts.threads, undefined);
    const made = this.build();
    this.memory = made.memory;
    this.admission = made.admission;
    this.order = made.order;
    this.nodes = made.nodes;
    this.graph = made.graph;
    this.planner = made.planner;
    this.context = made.context;
    this.runner = made.runner;
    this.reader = made.reader;
    this.prefetcher = made.prefetcher;
    this.logs = made.logs;
  }

  private build() {
    const { state, fields, caches, reads } = this.parts;
    const { sizes } = this.room;
    const memory = attachBlockMemory(this.room.memory);
    const graph = new Graph(this.room.graph);
    const nodes = new Nodes(this.room.nodes);
    const order = new Order(nodes, graph, state.columns, memory.calls, memory.words, sizes.calls, sizes.links);
    const logs = this.room.logs.map((buffer) => new CellLog(buffer));
    const addresses = new Int32Array(this.room.addresses);
    const planner = new CallPlanner(state, fields, nodes, order, logs[0], { ...caches, kept: reads ? addresses : undefined });
    const prefetcher = new Prefetcher(state, fields, caches.slots, nodes, memory.calls, addresses);
    const reader = new CallReader(state, memory.calls, addresses, caches.addresses);
    const context = new ExecContext(state, 0);
    const runner = new Runner({ thread: 0, graph, memory, nodes: nodes.ints, columns: state.columns, context, planner, log: logs[0], reader });
    this.columnCount = 0;
    return { memory, graph, nodes, order, logs, planner, context, runner, reader, prefetcher, admission: new Admission(state, memory.calls, memory.receipts) };
  }

  control(): SharedArrayBuffer {
    return this.room.graph.control;
  }

  /** Tells the workers of the memory they will work in. */
  announceRoom(): void {
    this.parts.pool?.tell({ kind: "room", room: this.room });
  }

  /** Number of fields of all contracts. */
  setFields(count: number): void {
    this.fieldCount = count;
    this.order.setFields(count);
  }

  /** Makes ready for a block; the receipts of the one before are gone from here on. */
  open(input: SharedArrayBuffer, length: number, environment: Environment, journal: Journal, trace: Trace | undefined): void {
    this.generation.current++;
    if (length > this.room.sizes.calls) this.enlarge(length);
    for (; this.columnCount < this.state.columns.length; this.columnCount++) this.nodes.addColumn(this.state.columns[this.columnCount]);
    this.journal = journal;
    this.trace = trace;
    this.nodes.reset();
    for (const log of this.logs) log.clear();
    this.graph.reset();
    this.context.openBlock(this.memory, input, environment);
    this.planner.openBlock(this.memory.words, this.memory.calls, input, environment);
    this.planner.next = 1;
    this.planner.tracing = trace !== undefined;
    this.runner.openBlock(undefined);
    this.reader.open(input);
    this.admission.open(input);
    this.input = new Uint32Array(input, 0, length * (HEADER_BYTES / 4));
  }

  private input: Uint32Array = new Uint32Array(0);
  /** Units of work that had ended when the present phase began. */
  private told = 0;

  private enlarge(calls: number): void {
    this.room = createRoom(calls, this.parts.threads, this.room.graph.control);
    const made = this.build();
    this.memory = made.memory;
    this.admission = made.admission;
    this.order = made.order;
    this.nodes = made.nodes;
    this.graph = made.graph;
    this.planner = made.planner;
    this.context = made.context;
    this.runner = made.runner;
    this.reader = made.reader;
    this.prefetcher = made.prefetcher;
    this.logs = made.logs;
    this.order.setFields(this.fieldCount);
    this.announceRoom();
  }

  /** Reads and admits all calls on this thread. */
  admit(length: number): void {
    for (let first = 0; first < length; first += READ_SLICE) {
      const end = Math.min(length, first + READ_SLICE);
      this.state.addresses.ensureRoom(READ_ROOM);
      this.reader.read(first, end);
    }
    this.admission.admitUpTo(length);
  }

  // --- the three ways ---

  runSerial(length: number): void {
    this.order.begin(true);
    for (let call = 0; call < length; call++) {
      if (call % PREFETCH_CALLS === 0) this.lookAhead(call, length);
      if (call % LOOK_EVERY === 0 && this.state.crowded(TABLE_ROOM)) this.state.ensureRoom(TABLE_ROOM);
      if (this.planner.next > this.memory.words.length - RECORD_ROOM) this.planner.next = 1;
      if (this.nodes.count > this.nodes.capacity - SERIAL_NODE_ROOM) this.endSegment();
      if (!this.plan(call, ROLE_SERIAL)) continue;
      this.trace?.note(call, this.planner.list, undefined);
      this.context.run(call);
    }
  }

  /** The order stage on one thread: edges are found and counted, each call runs right after it was ordered. */
  runSolo(length: number): void {
    this.order.begin(true);
    for (let call = 0; call < length; call++) {
      if (call % LOOK_EVERY === 0 && this.state.crowded(TABLE_ROOM)) this.state.ensureRoom(TABLE_ROOM);
      if (this.planner.next > this.memory.words.length - RECORD_ROOM) this.planner.next = 1;
      if (!this.plan(call, ROLE_PLAN)) continue;
      if (this.order.crowded(RECORD_ROOM >>> 2)) this.endSegment();
      this.order.order(call, this.planner.list, this.planner.costBound);
      this.trace?.note(call, this.planner.list, this.order);
      this.runner.run(call);
    }
  }

  /** Reads, admits, plans and runs all calls together with the workers. */
  async runParallel(length: number, block: number, input: SharedArrayBuffer, environment: Environment, delays: SharedArrayBuffer | undefined): Promise<ParallelTimes> {
    const pool = this.parts.pool;
    if (pool === undefined) throw new InternalError("no workers");
    const started = performance.now();
    const times = { admitted: started, planned: started, ran: started };
    this.order.begin(false);
    this.runner.openBlock(delays === undefined ? undefined : new Int32Array(delays));
    this.told = 0;
    this.graph.beginPhase(PHASE_READ, READ_CHUNK);
    pool.tell({ kind: "block", block, input, environment, delays });
    this.graph.open(block);
    this.graph.wake(this.parts.threads);
    try {
      await this.readTogether(pool, length);
      // Balances are those at block start, so all calls that need one are admitted before anything runs. Else each is when it is planned.
      if (this.graph.hasCoin()) this.admission.admitUpTo(length);
      this.graph.beginPhase(PHASE_RUN, this.parts.chunk);
      times.admitted = performance.now();
      for (let call = 0; call < length; ) {
        call = this.planFrom(call, length);
        if (call < length) await this.drain(pool, call);
      }
      times.planned = performance.now();
      this.graph.publish(length);
      await this.finish(pool, length);
      times.ran = performance.now();
      await this.foldTogether(pool);
      this.journal?.endWith(this.nodes, this.logs);
    } catch (thrown) {
      this.graph.fail();
      throw thrown;
    } finally {
      this.graph.shut();
      await this.waitUntilEmpty(pool);
    }
    return times;
  }

  private async readTogether(pool: Pool, length: number): Promise<void> {
    for (let first = 0; first < length; first += READ_SLICE) {
      if (this.state.addresses.crowded(READ_ROOM)) {
        await this.finish(pool, first);
        this.told -= first;
        this.state.addresses.ensureRoom(READ_ROOM);
      }
      this.graph.publish(Math.min(length, first + READ_SLICE));
    }
    await this.finish(pool, length);
  }

  private async foldTogether(pool: Pool): Promise<void> {
    this.graph.beginPhase(PHASE_FOLD, FOLD_CHUNK);
    this.graph.publish(this.nodes.count);
    await this.finish(pool, this.nodes.count);
  }

  /** Plans and orders calls from `first` on; stops before one that needs everything so far to have ended. */
  private planFrom(first: number, length: number): number {
    const { planner, order, graph, memory } = this;
    const { calls } = memory;
    const limit = memory.words.length - RECORD_ROOM;
    for (let call = first; call < length; call++) {
      if (call % PREFETCH_CALLS === 0) this.lookAhead(call, length);
      if (call % PUBLISH_EVERY === 0) {
        graph.publish(call);
        if (graph.failed()) return call;
        if (call % LOOK_EVERY === 0 && call > first && this.state.crowded(TABLE_ROOM)) return call;
      }
      if (planner.next > limit || order.crowded(RECORD_ROOM >>> 2)) return call;
      this.admission.admitUpTo(call + 1);
      if (!this.plan(call, ROLE_PLAN)) {
        calls[call * CALL_STRIDE + CALL_PENDING] = 1;
        continue;
      }
      order.order(call, planner.list, planner.costBound);
      this.trace?.note(call, planner.list, order);
    }
    return length;
  }

  /** Small blocks stay in the caches anyway. */
  private lookAhead(call: number, length: number): void {
    if (this.parts.reads && length >= PREFETCH_FROM) this.prefetcher.look(call, Math.min(length, call + PREFETCH_CALLS));
  }

  /** Plans one call and decides what it is charged; false when it doesn't run, and then its receipt is written. */
  private plan(call: number, role: number): boolean {
    const { calls } = this.memory;
    const at = call * CALL_STRIDE;
    const verdict = calls[at + CALL_VERDICT];
    if (verdict !== VERDICT_RUN) {
      this.context.settle(call, verdict);
      return false;
    }
    if (this.planner.plan(call, role)) {
      const cost = this.planner.costBound;
      calls[at + CALL_COST_LOW] = cost % TWO_32;
      calls[at + CALL_COST_HIGH] = Math.floor(cost / TWO_32);
      return true;
    }
    // All of the gas limit is charged (rule N2).
    const header = (call * HEADER_BYTES + HEADER_GAS_LIMIT) >>> 2;
    calls[at + CALL_COST_LOW] = this.input[header];
    calls[at + CALL_COST_HIGH] = this.input[header + 1];
    calls[at + CALL_VERDICT] = VERDICT_OUT_OF_GAS;
    this.context.settle(call, VERDICT_OUT_OF_GAS);
    return false;
  }

  // --- waiting ---

  /** Ends a segment in the middle of a block: all planned calls run to their end, then records, nodes and edges are free again. */
  private async drain(pool: Pool, planned: number): Promise<void> {
    this.graph.publish(planned);
    await this.finish(pool, planned);
    this.told -= planned;
    this.endSegment();
    this.planner.next = 1;
    if (this.state.crowded(TABLE_ROOM)) this.state.ensureRoom(TABLE_ROOM);
  }

  /** Takes part until the first `units` of this phase have ended. Yields now and then, so that news of a dead thread gets through. */
  private async finish(pool: Pool, units: number): Promise<void> {
    const { graph, runner } = this;
    const wanted = this.told + units;
    this.told = wanted;
    for (;;) {
      for (let idle = 0; idle < SPINS; idle++) {
        if (runner.work()) idle = 0;
        if (graph.ended() === wanted) return;
        if (graph.failed()) throw pool.failure() ?? new InternalError("a worker failed without a report");
      }
      graph.waitForEnded(graph.ended(), NAP_MS);
      await yieldToEvents();
      const death = pool.death();
      if (death !== undefined) throw death;
    }
  }

  private async waitUntilEmpty(pool: Pool): Promise<void> {
    for (let round = 0; this.graph.present() > 0 && pool.death() === undefined; round++) {
      if (round % SPINS === SPINS - 1) await yieldToEvents();
    }
  }

  // --- the end of a segment, of a block ---

  /** In the middle of a block: partial sums are folded, old values handed to the journal, and nodes and edges are free again. No call runs. */
  private endSegment(): void {
    this.fold();
    this.journal?.addSegment(this.nodes, this.logs);
    this.nodes.reset();
    this.order.beginSegment();
    this.graph.recycle();
  }

  /** After the last call of a block. */
  close(): void {
    this.fold();
    this.journal?.endWith(this.nodes, this.logs);
  }

  private fold(): void {
    this.runner.foldNodes(0, this.nodes.count);
  }

  /** After a failure: partial sums are dropped, and the journal gets what is needed to restore all cells. */
  abandon(): void {
    for (const partial of this.memory.partials) partial.u64.fill(0n, 0, this.nodes.count * PARTIAL_LANES);
    this.journal?.endWith(this.nodes, this.logs);
  }

  /**
   * The counts that ordering the open block would have given, for one that ran without: plans and orders its calls again, without running them. The
   * cells must hold their values at block start. The journal must not read its entries from the nodes any more.
   */
  measure(length: number): OrderCounts {
    const { planner, order, nodes, memory } = this;
    const numbers = new Journal();
    nodes.reset();
    order.begin(true);
    for (let call = 0; call < length; call++) {
      if (memory.calls[call * CALL_STRIDE + CALL_VERDICT] !== VERDICT_RUN) continue;
      if (planner.next > memory.words.length - RECORD_ROOM) planner.next = 1;
      if (order.crowded(RECORD_ROOM >>> 2)) {
        numbers.addSegment(nodes, []);
        nodes.reset();
        order.beginSegment();
        this.graph.recycle();
      }
      planner.plan(call, ROLE_PLAN);
      order.order(call, planner.list, planner.costBound);
    }
    // Plans have drawn numbers from sequences.
    numbers.endWith(nodes, []);
    numbers.swap(this.state.columns);
    return order.counts;
  }

  /** Plans and runs one call alone, and takes back what it did; the journal gets what the plan did. */
  probe(call: number): { readonly success: boolean; readonly data: Uint8Array } | undefined {
    return this.plan(call, ROLE_SERIAL) ? this.context.probe(call) : undefined;
  }

}

function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
