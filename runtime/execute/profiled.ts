/**
 * A block run in the way of `parallel.ts` by this thread alone, with its steps timed: all calls of a segment are read, planned and ordered before the
 * first of them runs, so that every edge of the graph is there. A clock costs a tenth of what a small call does; so calls are timed in strips, and in each
 * round of a strip one call for itself, the next one in the next round: strips say how long, single calls say how it is spread (`meter.ts`).
 */
import { READ_SLICE } from "../admit/call-reader.ts";
import { PLAN_ALONE, PLAN_MADE } from "../plan/roles.ts";
import { PREFETCH_CALLS } from "../plan/prefetch.ts";
import { CALL_PENDING, CALL_SUCCESSORS } from "../schedule/call-words.ts";
import type { AccessRecord } from "./access-record.ts";
import { CALL_STRIDE } from "./memory.ts";
import type { Meter } from "./meter.ts";
import { STRIP } from "./meter.ts";
import { READ_CHUNK } from "./parallel.ts";
import type { Workspace } from "./workspace.ts";

/** What the engine does, see `engine.ts`. */
export interface ProfiledSteps {
  /** PLAN_MADE and PLAN_ALONE as they are; anything else: the call doesn't run. */
  readonly plan: (call: number) => number;
  readonly lookAhead: (call: number) => void;
  readonly addressRoom: () => void;
  /** Whether the segment is full; gives tables room. */
  readonly isCrowded: () => boolean;
  readonly endSegment: () => void;
  readonly runAlone: (call: number) => void;
  readonly runSerial: (tick: (call: number) => void) => void;
}

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

/** Blocks in the way of a chain without workers. */
export function profileSerial(steps: ProfiledSteps, space: Workspace, { length, meter }: ProfiledBlock): void {
  const { admission } = space;
  const began = meter.now();
  readAll(steps, space, length, (first, end, ns) => {
    const before = meter.now();
    admission.admitUpTo(end);
    meter.noteSerial("read", first, ns + meter.now() - before);
  });
  let from = 0;
  let last = meter.now();
  steps.runSerial((call) => {
    if (call % STRIP !== 0 || call === 0) return;
    const now = meter.now();
    meter.noteSerial("run", from, now - last);
    from = call;
    last = now;
  });
  const ended = meter.now();
  meter.noteSerial("run", from, ended - last);
  meter.noteSteps(ended - began);
}

/** In chunks; `done` takes nanoseconds. */
function readAll(
  steps: ProfiledSteps,
  { runner }: Workspace,
  length: number,
  done: (first: number, end: number, ns: number) => void,
): void {
  for (let first = 0; first < length; first += READ_CHUNK) {
    const end = Math.min(length, first + READ_CHUNK);
    const before = performance.now();
    if (first % READ_SLICE === 0) steps.addressRoom();
    runner.readCalls(first, end);
    done(first, end, (performance.now() - before) * 1e6);
  }
}

/** In the way of `parallel.ts`. */
export function profileOrdered(steps: ProfiledSteps, space: Workspace, block: ProfiledBlock): void {
  const { order, graph, nodes, runner, admission, memory } = space;
  const { length, meter } = block;
  order.begin(false);
  runner.openBlock(undefined);
  const began = meter.now();
  readAll(steps, space, length, (first, end, ns) => meter.noteRead(first, end, ns));
  const read = meter.now();
  if (graph.hasCoin()) admission.admitUpTo(length);
  meter.noteAdmission(meter.now() - read);
  for (let first = 0; first < length;) {
    const { end, lonely } = planSegment(steps, space, block, first);
    if (block.record !== undefined) meter.noteEdges(first, end, successorsOf(space));
    runSegment(space, block, first, end);
    first = end;
    if (end >= length) break;
    const before = meter.now();
    steps.endSegment();
    meter.noteBarrier(end, meter.now() - before);
    if (!lonely) continue;
    const alone = meter.now();
    steps.runAlone(end);
    meter.noteAlone(end, meter.now() - alone);
    first = end + 1;
  }
  for (let node = 0; node < nodes.count; node += FOLD_STRIP) {
    const before = meter.now();
    runner.foldNodes(node, Math.min(nodes.count, node + FOLD_STRIP));
    meter.noteFold(node / FOLD_STRIP, meter.now() - before);
  }
  meter.setFold(nodes.count, memory.partials.length);
  meter.noteSteps(meter.now() - began);
}

interface Segment {
  readonly end: number;
  /** Its end is a call that must run alone. */
  readonly lonely: boolean;
}

/** Plans and orders calls from `first` on, until the segment is full or a call must run alone. */
function planSegment(steps: ProfiledSteps, space: Workspace, block: ProfiledBlock, first: number): Segment {
  const { length, meter } = block;
  for (let call = first; call < length;) {
    const end = Math.min(length, (Math.floor(call / STRIP) + 1) * STRIP);
    const began = meter.now();
    const stop = planStrip(steps, space, block, { first: call, end, single: meter.singleOf(call) });
    if (stop.end > call) meter.notePlanStrip(call, meter.now() - began);
    if (stop.end < end) return stop;
    call = end;
  }
  return { end: length, lonely: false };
}

interface Strip {
  readonly first: number;
  readonly end: number;
  /** The call that is timed for itself. */
  readonly single: number;
}

function planStrip(steps: ProfiledSteps, space: Workspace, { meter, record }: ProfiledBlock, { first, end, single }: Strip): Segment {
  const { planner, order, memory, admission } = space;
  for (let call = first; call < end; call++) {
    if (call % PREFETCH_CALLS === 0) steps.lookAhead(call);
    if (steps.isCrowded()) return { end: call, lonely: false };
    const before = call === single ? meter.now() : 0;
    admission.admitUpTo(call + 1);
    const admitted = call === single ? meter.now() : 0;
    const plan = steps.plan(call);
    if (plan === PLAN_ALONE) return { end: call, lonely: true };
    const planned = call === single ? meter.now() : 0;
    if (plan === PLAN_MADE) order.order(call, planner.list, planner.weight);
    else memory.calls[call * CALL_STRIDE + CALL_PENDING] = 1;
    if (call === single) meter.notePlanSingle(call, planned - admitted, admitted - before + meter.now() - planned);
    if (plan === PLAN_MADE) record?.note(call, planner.list, order);
  }
  return { end, lonely: false };
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
