/**
 * The shared memory that blocks up to some number of calls run in: records, receipts, output, nodes, edges, late values. Made by the main
 * thread, attached to by workers. Plain reservation: what isn't touched costs nothing.
 */
import { createCellLog } from "../commit/cell-log.ts";
import { forecastWords } from "../plan/forecast.ts";
import { PLANNER_WORDS } from "../plan/preparer.ts";
import type { SliceBuffers } from "../plan/slice.ts";
import { createSliceBuffers } from "../plan/slice.ts";
import type { GraphBuffers } from "../schedule/graph.ts";
import { createGraphBuffers } from "../schedule/graph.ts";
import { NODE_STRIDE } from "../schedule/nodes.ts";
import type { BlockBuffers } from "./memory.ts";
import { createBlockMemory } from "./memory.ts";

/** Smallest room, in calls. */
const MIN_CALLS = 64;
/** Room that a single call always finds, whatever the block's size. */
const SPARE_WORDS = 1 << 18;
const SPARE_NODES = 1 << 18;
const SPARE_OUTPUT = 1 << 22;
const SPARE_LATE = 1 << 18;
/** Averages per call that fill the room only if all calls are large; then the block runs in segments. */
const WORDS_PER_CALL = 32;
const NODES_PER_CALL = 8;
const OUTPUT_PER_CALL = 16_384;
/** Offsets in an output are kept in 31 bits. */
const MAX_OUTPUT = 2 ** 30;
/** Slices planned ahead beside one for each thread. */
const SLICES = 6;

export interface RoomSizes {
  readonly threads: number;
  readonly calls: number;
  readonly words: number;
  readonly nodes: number;
  readonly links: number;
}

/** What can be sent to a worker. */
export interface RoomBuffers {
  readonly sizes: RoomSizes;
  readonly memory: BlockBuffers;
  readonly graph: GraphBuffers;
  readonly nodes: SharedArrayBuffer;
  /** Which of them are to be folded. */
  readonly folds: SharedArrayBuffer;
  /** That calls are planned ahead in; none where they aren't read from blocks. */
  readonly slices: readonly SliceBuffers[];
  /** Which numbers they will draw. */
  readonly forecast: SharedArrayBuffer;
  /** By thread. */
  readonly logs: readonly SharedArrayBuffer[];
}

/** The counters that threads meet at stay when a room is replaced by a larger one. `reads`: whether calls are read from blocks. */
export function createRoom(calls: number, threads: number, reads: boolean, control: SharedArrayBuffer | undefined): RoomBuffers {
  let capacity = MIN_CALLS;
  while (capacity < calls) capacity *= 2;
  const words = capacity * WORDS_PER_CALL + SPARE_WORDS + (threads + 1) * PLANNER_WORDS;
  const nodes = capacity * NODES_PER_CALL + SPARE_NODES;
  const links = nodes * 2;
  const outputBytes = Math.min(MAX_OUTPUT, capacity * OUTPUT_PER_CALL + SPARE_OUTPUT);
  const graph = createGraphBuffers({ threads, calls: capacity, edges: links + nodes * 4, chores: nodes * 3 });
  return {
    sizes: { threads, calls: capacity, words, nodes, links },
    memory: createBlockMemory({ threads, calls: capacity, words, nodes, outputBytes }).buffers,
    graph: control === undefined ? graph : { ...graph, control },
    nodes: new SharedArrayBuffer(nodes * NODE_STRIDE * 4),
    folds: new SharedArrayBuffer(nodes * 4),
    slices: Array.from({ length: reads ? SLICES + threads : 0 }, createSliceBuffers),
    forecast: new SharedArrayBuffer(forecastWords(reads ? capacity : 0) * 4),
    // A thread may record a value for each node, and for as many accesses that have none. More only a call that changes very many cells under keys
    // of its own.
    logs: Array.from({ length: threads }, () => createCellLog(nodes * 2 + SPARE_LATE)),
  };
}
