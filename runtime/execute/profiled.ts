/**
 * A block run in the way of `parallel.ts` by this thread alone, with its steps timed: all calls of a segment are read, planned and ordered before the
 * first of them runs, so that every edge of the graph is there. A clock costs a tenth of what a small call does; so calls are timed in strips, and in each
 * round of a strip one call for itself, the next one in the next round: strips say how long, single calls say how it is spread (`meter.ts`).
 */
import { CALL_SUCCESSORS } from "../schedule/call-words.ts";
import type { AccessRecord } from "./access-record.ts";
import { CALL_STRIDE } from "./memory.ts";
import type { Meter } from "./meter.ts";
import { STRIP } from "./meter.ts";
import type { Ordered } from "./ordered.ts";
import type { Workspace } from "./workspace.ts";

/** What the engine does, see `engine.ts`. */
export interface ProfiledSteps {
  readonly admitFirst: () => void;
  readonly ordered: Ordered;
  readonly endSegment: () => void;
  readonly runAlone: (call: number) => void;
}

/** Calls that have been ordered and not ended, usually, when threads share a block: which Δs add in place depends on it. */
const UNDER_WAY = 1024;
/** Nodes folded between two looks at the clock. */
const FOLD_STRIP = 256;

export interface Profiling {
  /** Without an order; or ordered. */
  readonly way: "serial" | "ordered";
  readonly meter: Meter;
  /** In one of the rounds. */
  readonly record: AccessRecord | undefined;
}

export interface ProfiledBlock extends Profiling {
  readonly length: number;
}

/** Blocks in the way of a chain without workers. `run` takes whom to tell of each call before it is planned. */
export function profileSerial({ meter }: ProfiledBlock, run: (tick: (call: number) => void) => void): void {
  let from = 0;
  let last = meter.now();
  const began = last;
  run((call) => {
    if (call % STRIP !== 0 || call === 0) return;
    const now = meter.now();
    meter.noteSerial(from, now - last);
    from = call;
    last = now;
  });
  const ended = meter.now();
  meter.noteSerial(from, ended - last);
  meter.noteSteps(ended - began);
}

/** In the way of `parallel.ts`. */
export function profileOrdered(steps: ProfiledSteps, space: Workspace, block: ProfiledBlock): void {
  const { order, nodes, runner, memory } = space;
  const { length, meter } = block;
  order.begin(false);
  runner.openBlock(undefined);
  steps.ordered.recordInto(block.record);
  const began = meter.now();
  steps.admitFirst();
  meter.noteAdmission(meter.now() - began);
  for (let first = 0; first < length;) {
    const end = orderSegment(steps, space, block, first);
    if (block.record !== undefined) meter.noteEdges(first, end, successorsOf(space));
    runSegment(space, block, first, end);
    first = end;
    if (end >= length) break;
    const before = meter.now();
    steps.endSegment();
    meter.noteBarrier(end, meter.now() - before);
    if (!steps.ordered.isAlone(end)) continue;
    const alone = meter.now();
    steps.runAlone(end);
    meter.noteAlone(end, meter.now() - alone);
    first = end + 1;
  }
  for (let node = 0; node < nodes.foldCount; node += FOLD_STRIP) {
    const before = meter.now();
    runner.foldNodes(node, Math.min(nodes.foldCount, node + FOLD_STRIP));
    meter.noteFold(node / FOLD_STRIP, meter.now() - before);
  }
  meter.setFold(nodes.foldCount, memory.partials.length);
  meter.noteSteps(meter.now() - began);
}

/** Plans and orders calls from `first` on, until the segment is full or a call must run alone: the first that isn't ordered. */
function orderSegment({ ordered }: ProfiledSteps, { graph }: Workspace, { length, meter }: ProfiledBlock, first: number): number {
  for (let call = first; call < length;) {
    if (!ordered.hasTaken(call)) {
      graph.assumeEnded(call - UNDER_WAY);
      const before = meter.now();
      ordered.takeHere();
      meter.notePlan(call, Math.min(length, call + ordered.sliceCalls), meter.now() - before);
    }
    const end = Math.min(length, (Math.floor(call / STRIP) + 1) * STRIP);
    const stop = orderStrip(ordered, meter, call, end);
    if (stop < end) return stop;
    call = end;
  }
  return length;
}

function orderStrip(ordered: Ordered, meter: Meter, first: number, end: number): number {
  const single = meter.singleOf(first);
  const began = meter.now();
  // The strip may have been begun in an earlier segment, behind that call.
  let stop = ordered.runTaken(first, single >= first && single < end ? single : end);
  if (stop === single && single < end) {
    const before = meter.now();
    stop = ordered.runTaken(single, single + 1);
    if (stop > single) meter.noteOrderSingle(single, meter.now() - before);
    if (stop > single && stop < end) stop = ordered.runTaken(stop, end);
  }
  if (stop > first) meter.noteOrderStrip(first, meter.now() - began);
  return stop;
}

function runSegment({ graph, memory, runner }: Workspace, { meter }: ProfiledBlock, first: number, end: number): void {
  const { calls } = memory;
  for (let call = first; call < end;) {
    const stop = Math.min(end, (Math.floor(call / STRIP) + 1) * STRIP);
    const single = meter.singleOf(call);
    const began = meter.now();
    for (; call < stop; call++) {
      const before = call === single ? meter.now() : 0;
      graph.release(calls, call);
      runner.run(call);
      // In block order nobody is freed: later calls haven't been claimed.
      graph.complete(calls, call);
      if (call === single) meter.noteRunSingle(call, meter.now() - before);
    }
    meter.noteRunStrip(stop - 1, meter.now() - began);
  }
}

/** Of one call, in the order in which its end would free them. */
function successorsOf({ graph, memory }: Workspace): (call: number, add: (successor: number) => void) => void {
  return (call, add) => {
    for (let edge = memory.calls[call * CALL_STRIDE + CALL_SUCCESSORS]; edge > 0; edge = graph.edges[edge * 2 + 1])
      add(graph.edges[edge * 2]);
  };
}
