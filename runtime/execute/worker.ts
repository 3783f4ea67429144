/**
 * A worker thread: attaches to the chain's shared memory, loads the codes it hears of, and takes part in blocks while there is something to do.
 * It owns nothing; when idle it sleeps on a shared counter. The entry point of dist/worker.js.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { CallReader } from "../admit/call-reader.ts";
import { CellLog } from "../commit/cell-log.ts";
import { loadModule } from "../load.ts";
import { loadNatives } from "../natives/natives.ts";
import { AddressCache, SlotCache } from "../plan/caches.ts";
import { Forecast } from "../plan/forecast.ts";
import { CallPlanner } from "../plan/planner.ts";
import { Preparer } from "../plan/preparer.ts";
import { Slice } from "../plan/slice.ts";
import { Graph } from "../schedule/graph.ts";
import { CapacityError } from "../state/capacity-error.ts";
import type { StateMemory } from "../state/state.ts";
import { attachState } from "../state/state.ts";
import { ExecContext } from "./context.ts";
import { InternalError } from "./internal-error.ts";
import { attachBlockMemory } from "./memory.ts";
import type { News, Report, WorkerStart } from "./pool.ts";
import type { RoomBuffers } from "./room.ts";
import { Runner } from "./runner.ts";

/** Looks for work this often before sleeping, some 80 µs: spinning longer takes the core from the planning thread when cores are scarce. */
const SPINS = 6000;
/** Only a guard: threads are woken when there is something to do. */
const NAP_MS = 500;

interface Desk {
  readonly graph: Graph;
  readonly runner: Runner;
  readonly open: (news: Extract<News, { kind: "block" }>) => void;
}

interface Shop {
  readonly thread: number;
  readonly state: StateMemory;
  readonly port: MessagePort;
  readonly control: SharedArrayBuffer;
  readonly caches: { readonly addresses: AddressCache; readonly slots: SlotCache };
  desk: Desk | undefined;
  /** The block this thread is prepared for. */
  block: number;
}

function attachRoom(shop: Shop, room: RoomBuffers): Desk {
  const { state, thread, caches } = shop;
  const graph = new Graph(room.graph);
  const memory = attachBlockMemory(room.memory);
  const log = new CellLog(room.logs[thread]);
  const context = new ExecContext(state, thread);
  context.keepOldValuesIn(log);
  const planner = new CallPlanner(state, log, { kind: "late" });
  context.usePlans(planner);
  const nodes = new Int32Array(room.nodes);
  const folds = new Int32Array(room.folds);
  const forecast = new Forecast(state, room.forecast);
  const ahead = new CallPlanner(state, log, { kind: "ahead", caches, forecast });
  const slices = room.slices.map((each) => new Slice(each));
  const reader = new CallReader(state, caches.addresses);
  const preparer = new Preparer({ graph, reader, planner: ahead, slices, forecast, wordCount: memory.words.length });
  const runner = new Runner({ thread, graph, memory, nodes, folds, columns: state.columns, context, planner, log, preparer });
  return {
    graph,
    runner,
    open: ({ input, calls, environment, delays }) => {
      preparer.openBlock(memory, input, calls, environment);
      context.openBlock(memory, input, environment);
      planner.openBlock(memory.words, memory.calls, input, environment);
      runner.openBlock(delays === undefined ? undefined : new Int32Array(delays));
    },
  };
}

/** Takes in all news there are. */
async function hear(shop: Shop): Promise<void> {
  for (let received = receiveMessageOnPort(shop.port); received !== undefined; received = receiveMessageOnPort(shop.port)) {
    const news: unknown = received.message;
    if (!isNews(news)) continue;
    switch (news.kind) {
      case "code": {
        const { module } = await loadModule(news.text);
        await loadNatives(module.natives);
        shop.state.attach(news.buffers, module);
        break;
      }
      case "slots":
        shop.caches.slots.add(news.contract, news.slots);
        break;
      case "room":
        shop.desk = attachRoom(shop, news.room);
        break;
      case "block":
        shop.desk?.open(news);
        shop.block = news.block;
        break;
    }
  }
}

/** Works on the block it is prepared for, until there has been nothing to do for a while. */
function takePart(shop: Shop, desk: Desk): void {
  const { graph, runner } = desk;
  for (let idle = 0; idle < SPINS && graph.block() === shop.block && !graph.failed() && graph.isOpen(); idle++) {
    if (!graph.hasWork()) continue;
    // It is in the block only while it works: the block's end needn't wait for a thread that lost its core while it was looking.
    if (!graph.enter()) return;
    try {
      // Another block may have begun before this thread came in; none can while it is in.
      if (graph.block() === shop.block && runner.work()) idle = 0;
    } catch (thrown) {
      report(shop, thrown);
      graph.fail();
    } finally {
      graph.leave();
    }
  }
}

function report(shop: Shop, thrown: unknown): void {
  const told: Report =
    thrown instanceof CapacityError
      ? { kind: "capacity", what: thrown.what, limit: thrown.limit }
      : { kind: "failed", message: thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ""}` : String(thrown) };
  shop.port.postMessage(told);
}

/** What comes through the port was put there by `pool.ts`; these tell the compiler so. */
function isNews(value: unknown): value is News {
  return typeof value === "object" && value !== null && "kind" in value;
}

function isStart(value: unknown): value is WorkerStart {
  return typeof value === "object" && value !== null && "thread" in value && "port" in value && "state" in value;
}

async function main(): Promise<void> {
  const start: unknown = workerData;
  if (!isStart(start)) throw new InternalError("a worker was started by somebody else");
  const state = attachState(start.state);
  const caches = { addresses: new AddressCache(state.addresses), slots: new SlotCache(state.capacity, () => undefined) };
  const shop: Shop = { thread: start.thread, state, port: start.port, control: start.control, caches, desk: undefined, block: -1 };
  const door = new Graph({
    control: start.control,
    edges: new SharedArrayBuffer(8),
    chores: new SharedArrayBuffer(8),
    ready: new SharedArrayBuffer(4),
    done: new SharedArrayBuffer(1),
  });
  parentPort?.postMessage({ kind: "ready" });
  while (!door.exiting()) {
    const seen = door.wakeCount();
    await hear(shop);
    if (shop.desk !== undefined && shop.block === door.block() && door.hasOpenWork()) takePart(shop, shop.desk);
    if (!door.exiting() && !(shop.block === door.block() && door.hasOpenWork())) door.sleep(seen, NAP_MS);
  }
}

await main();
