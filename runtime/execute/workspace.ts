/**
 * Everything the main thread needs to run blocks in one room: planner, order, graph, runner and the rest, wired to one another. Replaced as a
 * whole when a larger room is made.
 */
import { Admission } from "../admit/admission.ts";
import { Awaited } from "../admit/awaited.ts";
import { CallReader } from "../admit/call-reader.ts";
import { CellLog } from "../commit/cell-log.ts";
import type { PlannerCaches } from "../plan/caches.ts";
import type { FieldBases } from "../plan/plan-record.ts";
import { CallPlanner } from "../plan/planner.ts";
import { Prefetcher } from "../plan/prefetch.ts";
import { Graph } from "../schedule/graph.ts";
import { Nodes } from "../schedule/nodes.ts";
import { Order } from "../schedule/order.ts";
import type { StateMemory } from "../state/state.ts";
import { ExecContext } from "./context.ts";
import type { Maker } from "./frames.ts";
import type { BlockMemory } from "./memory.ts";
import { attachBlockMemory } from "./memory.ts";
import type { Pool } from "./pool.ts";
import type { RoomBuffers } from "./room.ts";
import { Runner } from "./runner.ts";

export interface EngineParts {
  readonly state: StateMemory;
  readonly fields: FieldBases;
  readonly threads: number;
  /** Calls claimed at once. */
  readonly chunk: number;
  readonly caches: Omit<PlannerCaches, "kept">;
  /** Whether calls are read from block buffers; else their lines are filled by hand. */
  readonly reads: boolean;
  /** Makes the contracts that calls create. */
  readonly maker: Maker;
  /** Workers; undefined for an engine that runs everything here. */
  readonly pool: Pool | undefined;
}

export interface Workspace {
  readonly room: RoomBuffers;
  readonly memory: BlockMemory;
  readonly graph: Graph;
  readonly nodes: Nodes;
  readonly order: Order;
  readonly planner: CallPlanner;
  readonly context: ExecContext;
  readonly runner: Runner;
  readonly reader: CallReader;
  readonly awaited: Awaited;
  readonly prefetcher: Prefetcher;
  readonly admission: Admission;
  /** By thread. */
  readonly logs: readonly CellLog[];
}

export function createWorkspace(parts: EngineParts, room: RoomBuffers): Workspace {
  const { state, fields, caches, reads } = parts;
  const { sizes } = room;
  const memory = attachBlockMemory(room.memory);
  const graph = new Graph(room.graph);
  const nodes = new Nodes(room.nodes);
  const order = new Order(nodes, graph, state.columns, memory, sizes);
  const logs = room.logs.map((buffer) => new CellLog(buffer));
  const addresses = new Int32Array(room.addresses);
  const planner = new CallPlanner(state, logs[0], { fields, nodes, order, caches: { ...caches, kept: reads ? addresses : undefined } });
  const prefetcher = new Prefetcher(state, fields, caches.slots, nodes, memory.calls, addresses);
  const reader = new CallReader(state, memory.calls, addresses, caches.addresses);
  const context = new ExecContext(state, 0);
  context.usePlans(planner);
  context.useMaker(parts.maker);
  const runner = new Runner({
    thread: 0,
    graph,
    memory,
    nodes: nodes.ints,
    columns: state.columns,
    context,
    planner,
    log: logs[0],
    reader,
  });
  const admission = new Admission(state, memory.calls, memory.receipts);
  return {
    room,
    memory,
    graph,
    nodes,
    order,
    planner,
    context,
    runner,
    reader,
    awaited: new Awaited(memory.calls),
    prefetcher,
    admission,
    logs,
  };
}
