/**
 * Reads and plans slices of calls ahead, on any thread: what of a call's plan depends on nothing that earlier calls do. Owns no memory but the record words
 * that it has taken. What it gives up on is left to the ordering pass.
 */
import { READ_AHEAD } from "../admit/call-reader.ts";
import type { CallReader } from "../admit/call-reader.ts";
import { charge, chargeLimit } from "../execute/charge.ts";
import type { Environment } from "../execute/environment.ts";
import { ORDERED_WORDS } from "../execute/limits.ts";
import type { BlockMemory } from "../execute/memory.ts";
import { CALL_VERDICT, HEADER_BYTES, VERDICT_OUT_OF_GAS, VERDICT_RUN } from "../execute/memory.ts";
import type { Graph } from "../schedule/graph.ts";
import type { Forecast } from "./forecast.ts";
import type { CallPlanner } from "./planner.ts";
import { PLAN_MADE, PLAN_OUT_OF_GAS } from "./roles.ts";
import type { Slice } from "./slice.ts";
import { KEPT_ADDRESSES, LINE_STRIDE, SLICE_CALLS, sliceCallsOf } from "./slice.ts";

/** Record words taken at once. A call is only begun with room for the largest that is ordered. */
export const PLANNER_WORDS = ORDERED_WORDS * 4;

export interface PreparerParts {
  readonly graph: Graph;
  readonly reader: CallReader;
  /** One for plans that are made ahead, with the same forecast. */
  readonly planner: CallPlanner;
  readonly slices: readonly Slice[];
  readonly forecast: Forecast;
  readonly wordCount: number;
}

export class Preparer {
  private readonly graph: Graph;
  private readonly reader: CallReader;
  private readonly planner: CallPlanner;
  private readonly slices: readonly Slice[];
  private readonly forecast: Forecast;
  private readonly wordCount: number;
  private calls = 0;
  private size = SLICE_CALLS;
  /** In which the planner's record words were taken. */
  private era = -1;
  private input: Uint32Array = new Uint32Array(0);

  constructor({ graph, reader, planner, slices, forecast, wordCount }: PreparerParts) {
    this.graph = graph;
    this.reader = reader;
    this.planner = planner;
    this.slices = slices;
    this.forecast = forecast;
    this.wordCount = wordCount;
  }

  openBlock(memory: BlockMemory, input: SharedArrayBuffer, calls: number, environment: Environment): void {
    this.reader.open(input);
    this.planner.openBlock(memory.words, memory.calls, input, environment);
    this.era = -1;
    this.input = new Uint32Array(input, 0, calls * (HEADER_BYTES / 4));
    this.calls = calls;
    this.size = sliceCallsOf(input, calls);
  }

  /** Calls of each slice of the block but the last. */
  get sliceCalls(): number {
    return this.size;
  }

  /** A slice that this thread has claimed. */
  prepare(number: number): void {
    const slice = this.slices[number % this.slices.length];
    if (!slice.begin()) return;
    this.fill(slice, number);
    slice.finish();
  }

  /** Reads and plans the calls of slice `number` into this memory. */
  fill(slice: Slice, number: number): void {
    this.keepUp();
    const first = number * this.size;
    const count = Math.min(this.size, this.calls - first);
    const { reader, planner, forecast } = this;
    const { lines, kept } = slice;
    for (let i = 0; i < count; i++) {
      if (i % READ_AHEAD === 0) reader.lookAhead(first + i, first + Math.min(count, i + READ_AHEAD));
      reader.read(first + i, lines, i * LINE_STRIDE, kept, i * KEPT_ADDRESSES);
    }
    forecast.open(number, lines, count);
    planner.openSlice(slice, first);
    for (let i = 0; i < count; i++) {
      if (lines[i * LINE_STRIDE + CALL_VERDICT] === VERDICT_RUN) this.plan(first + i, slice, i);
      else slice.putNone(i);
    }
    slice.end(this.era);
  }

  private plan(call: number, slice: Slice, index: number): void {
    const { planner, forecast } = this;
    const at = index * LINE_STRIDE;
    forecast.beginCall();
    if (!takeWords(planner, this.graph, this.wordCount, ORDERED_WORDS)) {
      slice.putNone(index);
      forecast.endCall(slice.lines, at, true);
      return;
    }
    const plan = planner.planAhead(call, slice, index);
    forecast.endCall(slice.lines, at, plan !== PLAN_OUT_OF_GAS);
    slice.put(index, plan, planner.weight, planner.expected);
    if (plan === PLAN_MADE) charge(slice.lines, at, planner.costBound);
    else if (plan === PLAN_OUT_OF_GAS) {
      chargeLimit(slice.lines, at, this.input, call);
      slice.lines[at + CALL_VERDICT] = VERDICT_OUT_OF_GAS;
    }
  }

  /** In a new era the record words that this thread had may have been given to others. */
  private keepUp(): void {
    const era = this.graph.era();
    if (era === this.era) return;
    this.era = era;
    this.planner.next = 1;
    this.planner.limit = 1;
  }
}

/** Whether the planner has so many record words; takes more when it hasn't. */
export function takeWords(planner: CallPlanner, graph: Graph, wordCount: number, wanted: number): boolean {
  if (planner.next + wanted <= planner.limit) return true;
  if (graph.wordsTaken() + PLANNER_WORDS > wordCount) return false;
  const start = graph.takeWords(PLANNER_WORDS);
  if (start + PLANNER_WORDS > wordCount) return false;
  planner.next = start;
  planner.limit = start + PLANNER_WORDS;
  return true;
}
