/**
 * How long a block takes: the costliest chain of calls that wait for each other, and the time on some number of workers when each takes the first call of
 * the block that waits for nobody any more, as the runtime does. Time is counted in units of cost.
 */
import type { TaskGraph, Wait } from "./graph.ts";
import { createHeap } from "./heap.ts";

export interface Chain {
  /** From the first to the last; each waits for the one before. */
  readonly links: readonly {
    readonly call: number;
    /** What it waited for last: at all of these at once. */ readonly waits: readonly Wait[];
  }[];
  readonly cost: number;
}

/** The costliest chain; of equal ones the one whose calls come first in the block. */
export function costliestChain(graph: TaskGraph): Chain {
  const { calls, costs, joins } = graph;
  const ends: number[] = [];
  const last: (number | undefined)[] = [];
  // The call of a node that ends last.
  const latest = (node: number): number => {
    if (node < calls) return node;
    const join = node - calls;
    last[join] ??= joins[join].reduce((best, call) => (ends[call] > ends[best] ? call : best));
    return last[join];
  };
  for (let call = 0; call < calls; call++) {
    let start = 0;
    for (const { node } of graph.waits[call]) start = Math.max(start, ends[latest(node)]);
    ends.push(start + costs[call]);
  }
  const links: Chain["links"][number][] = [];
  let call = ends.length === 0 ? undefined : ends.reduce((best, end, i) => (end > ends[best] ? i : best), 0);
  const cost = call === undefined ? 0 : ends[call];
  while (call !== undefined) {
    const start: number = ends[call] - costs[call];
    const waits = graph.waits[call].filter(({ node }) => ends[latest(node)] === start);
    links.push({ call, waits });
    call = waits.length === 0 ? undefined : Math.min(...waits.map(({ node }) => latest(node)));
  }
  return { links: links.reverse(), cost };
}

/** The graph by successors, for many runs. */
export interface Scheduler {
  /** Time until the last call has ended. */
  readonly timeOn: (workers: number) => number;
}

export function createScheduler(graph: TaskGraph): Scheduler {
  const { calls, costs, waits, joins } = graph;
  const successors: number[][] = Array.from({ length: calls + joins.length }, () => []);
  const pendingAtStart = new Int32Array(calls + joins.length);
  waits.forEach((own, call) => {
    pendingAtStart[call] = own.length;
    for (const { node } of own) successors[node].push(call);
  });
  joins.forEach((members, join) => {
    pendingAtStart[calls + join] = members.length;
    for (const member of members) successors[member].push(calls + join);
  });
  const timeOn = (workers: number): number => {
    const pending = pendingAtStart.slice();
    const ready = createHeap((a, b) => a - b);
    const ends = new Float64Array(calls);
    const running = createHeap((a, b) => ends[a] - ends[b] || a - b);
    for (let call = 0; call < calls; call++) if (pending[call] === 0) ready.push(call);
    let now = 0;
    const end = (node: number): void => {
      for (const successor of successors[node]) {
        if (--pending[successor] > 0) continue;
        if (successor < calls) ready.push(successor);
        // Joins stand for calls only, so this goes no deeper.
        else end(successor);
      }
    };
    for (;;) {
      while (running.size() < workers && ready.size() > 0) {
        const call = ready.pop();
        ends[call] = now + costs[call];
        running.push(call);
      }
      if (running.size() === 0) return now;
      now = ends[running.peek()];
      while (running.size() > 0 && ends[running.peek()] === now) end(running.pop());
    }
  };
  return { timeOn };
}
