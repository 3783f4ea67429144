import { expect, test } from "vitest";
import { createGraphBuffers, Graph, PHASE_FOLD, PHASE_RUN } from "../../../../runtime/schedule/graph.ts";

function graphOf(): Graph {
  const graph = new Graph(createGraphBuffers({ threads: 2, calls: 64, edges: 64, chores: 64 }));
  graph.reset(64);
  return graph;
}

function claimAll(graph: Graph): (readonly [number, number])[] {
  const claims: (readonly [number, number])[] = [];
  for (let claimed = graph.claim(); claimed >= 0; claimed = graph.claim()) claims.push([Math.floor(claimed / 65536), claimed & 65535]);
  return claims;
}

test("units are numbered from 0 in every phase, and each is claimed once", () => {
  const graph = graphOf();
  graph.beginPhase(PHASE_RUN, 8);
  graph.publish(19);
  expect(claimAll(graph)).toEqual([
    [0, 8],
    [8, 8],
    [16, 3],
  ]);
  graph.beginPhase(PHASE_FOLD, 4);
  expect(claimAll(graph)).toEqual([]);
  graph.publish(5);
  expect(claimAll(graph)).toEqual([
    [0, 4],
    [4, 1],
  ]);
});

test("a claim begun in one phase can't succeed in the next: no counter goes back within a block", () => {
  const graph = graphOf();
  const seen: Int32Array[] = [];
  for (const [phase, units] of [
    [PHASE_RUN, 19],
    [PHASE_FOLD, 19],
  ] as const) {
    graph.beginPhase(phase, 8);
    // What a thread may hold that read the counters and then lost its core.
    seen.push(graph.control.slice());
    graph.publish(units);
    seen.push(graph.control.slice());
    claimAll(graph);
  }
  const CLAIMED = 16;
  graph.beginPhase(PHASE_FOLD, 8);
  const now = graph.control[CLAIMED];
  for (const { [CLAIMED]: claimed } of seen) expect(claimed).toBeLessThan(now);
  expect(new Set([seen[1][CLAIMED], seen[3][CLAIMED], now]).size).toBe(3);
});
