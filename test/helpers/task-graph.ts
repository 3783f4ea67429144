/** Who waits for whom in a task graph, as a table of pairs of calls. */
import type { TaskGraph, Wait } from "../../compiler/score/graph.ts";

/** By the later call, then by the earlier one. */
export type Relation = readonly (readonly boolean[])[];

export function relation(count: number, related: (earlier: number, later: number) => boolean): Relation {
  return Array.from({ length: count }, (_, later) =>
    Array.from({ length: count }, (__, earlier) => earlier < later && related(earlier, later)),
  );
}

/** The calls that a call waits for, each once. */
export function callsBefore({ calls, joins }: TaskGraph, waits: readonly Wait[]): ReadonlySet<number> {
  return new Set(waits.flatMap(({ node }) => (node < calls ? [node] : joins[node - calls])));
}

export function edgesOf(graph: TaskGraph): Relation {
  const before = graph.waits.map((waits) => callsBefore(graph, waits));
  return relation(graph.calls, (earlier, later) => before[later].has(earlier));
}

/** Waiting for a call that waits is waiting. */
export function closed(direct: Relation): Relation {
  const reach = direct.map((row) => [...row]);
  reach.forEach((row, later) => {
    for (let middle = later - 1; middle >= 0; middle--)
      if (row[middle]) reach[middle].forEach((found, earlier) => (row[earlier] ||= found));
  });
  return reach;
}
