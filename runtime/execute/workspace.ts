/**
 * Everything the main thread needs to run blocks in one room: planner, order, graph, runner and the rest, wired to one another. Replaced as a
 * whole when a larger room is made.
 */
import { Admission } from "../admit/admission.ts";
import { CallReader } from "../admit/call-reader.ts";
import { CellLog } from "../commit/cell-log.ts";
import type { PlannerCaches } from "../plan/caches.ts";
import { SliceFeed } from "../plan/feed.ts";
import { Forecast } from "../plan/forecast.ts";
import { CallPlanner } from "../plan/planner.ts";
import { Preparer } from "../plan/preparer.ts";
import { Prefetcher } from "../plan/prefetch.ts";
import { createSliceBuffers, Slice } from "../plan/slice.ts";
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
import { TableRoom } from "./table-room.ts";

export interface EngineParts {
  readonly state: StateMemory;
  readonly threads: number;
  /** Calls claimed at once. */
  readonly chunk: number;
  readonly caches: PlannerCaches;
  /** Whether calls are read from block buffers and admitted; else their lines are filled by hand. */
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
  readonly prefetcher: Prefetcher;
  readonly admission: Admission;
  readonly tables: TableRoom;
  /** Undefined where calls aren't read from blocks. */
  readonly ahead: { readonly preparer: Preparer; readonly feed: SliceFeed } | undefined;
  /** By thread. */
  readonly logs: readonly CellLog[];
}

export function createWorkspace(parts: EngineParts, room: RoomBuffers): Workspace {
  const { state, caches } = parts;
  const { sizes } = room;
  const memory = attachBlockMemory(room.memory);
  const graph = new Graph(room.graph);
  const nodes = new Nodes(room.nodes, room.folds);
  const order = new Order(nodes, graph, state.columns, memory, sizes);
  const logs = room.logs.map((buffer) => new CellLog(buffer));
  const planner = new CallPlanner(state, logs[0], { kind: "ordered", nodes, order, caches });
  const prefetcher = new Prefetcher(state, caches.slots, nodes);
  const reader = new CallReader(state, caches.addresses);
  const ahead = room.slices.length === 0 ? undefined : createAhead(parts, room, memory, graph, logs[0], reader);
  const context = new ExecContext(state, 0);
  context.usePlans(planner);
  context.useMaker(parts.maker);
  const runner = new Runner({
    thread: 0,
    graph,
    memory,
    nodes: nodes.ints,
    folds: nodes.folds,
    columns: state.columns,
    context,
    planner,
    log: logs[0],
    preparer: ahead?.preparer,
  });
  const admission = new Admission(state, caches.addresses, sizes.calls, memory.receipts);
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
    prefetcher,
    admission,
    tables: new TableRoom(state, planner, room.sizes.threads === 1 ? 0 : room.slices.length),
    ahead,
    logs,
  };
}

function createAhead(
  { state, caches }: EngineParts,
  room: RoomBuffers,
  memory: BlockMemory,
  graph: Graph,
  log: CellLog,
  reader: CallReader,
): { readonly preparer: Preparer; readonly feed: SliceFeed } {
  const slices = room.slices.map((each) => new Slice(each));
  const forecast = new Forecast(state, room.forecast);
  const planner = new CallPlanner(state, log, { kind: "ahead", caches, forecast });
  const preparer = new Preparer({ graph, reader, planner, slices, forecast, wordCount: memory.words.length });
  return { preparer, feed: new SliceFeed(graph, slices, new Slice(createSliceBuffers()), preparer, forecast) };
}
