/** The laws of the score's schedule, on random blocks of calls that touch a few cells in all ways. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGraph } from "../../compiler/score/graph.ts";
import type { TaskGraph } from "../../compiler/score/graph.ts";
import { costliestChain, createScheduler } from "../../compiler/score/schedule.ts";
import type { Mode, Touched } from "../../compiler/score/touches.ts";
import { U64, handmade } from "../helpers/plans.ts";
import { edgesOf } from "../helpers/task-graph.ts";

interface RandomCall {
  readonly touched: Touched;
  readonly cost: number;
}

const { footprint: HAND } = handmade(
  [1, 2].map((n) => ({ name: `cells${n}`, keys: [U64], type: U64 })),
  [],
);
const modes = fc.constantFrom<Mode>("R", "R", "W", "D", "D", "min");
const randomCall: fc.Arbitrary<RandomCall> = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), modes), { maxLength: 3 }),
    fc.integer({ min: 0, max: 19 }),
    fc.integer({ min: 0, max: 29 }),
    fc.integer({ min: 1, max: 50 }),
  )
  .map(([cells, field, alone, cost]) => ({
    touched: {
      cells: new Map(cells.map(([id, mode]) => [id, { leaf: 2, mode }])),
      fields: field === 0 ? new Map([[2, true]]) : new Map<number, boolean>(),
      alone: alone === 0,
      steps: 1,
    },
    cost,
  }));
const randomBlock = fc.array(randomCall, { minLength: 1, maxLength: 60 });

function graphFrom(calls: readonly RandomCall[]): TaskGraph {
  const graph = createGraph(HAND.leaves, calls.length);
  for (const { touched, cost } of calls) graph.add(touched, cost);
  return graph.finish();
}

function touching(...cells: readonly (readonly [number, Mode])[]): Touched {
  return { cells: new Map(cells.map(([id, mode]) => [id, { leaf: 2, mode }])), fields: new Map(), alone: false, steps: 1 };
}

describe("the schedule of a block", () => {
  it("is never faster than its workers or its costliest chain allow, and never slower than list schedules are", () => {
    fc.assert(
      fc.property(randomBlock, fc.integer({ min: 1, max: 70 }), (calls, workers) => {
        const graph = graphFrom(calls);
        const work = calls.reduce((sum, { cost }) => sum + cost, 0);
        const chain = costliestChain(graph);
        const time = createScheduler(graph).timeOn(workers);
        expect(time).toBeGreaterThanOrEqual(Math.max(chain.cost, work / workers));
        // R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969.
        expect(time).toBeLessThanOrEqual(work / workers + chain.cost * (1 - 1 / workers) + 1e-6);
        expect(createScheduler(graph).timeOn(1)).toBe(work);
        expect(createScheduler(graph).timeOn(calls.length)).toBe(chain.cost);
      }),
      { numRuns: 300 },
    );
  });

  it("has the longest path as its chain, along edges", () => {
    fc.assert(
      fc.property(randomBlock, (calls) => {
        const graph = graphFrom(calls);
        const edges = edgesOf(graph);
        const ends: number[] = [];
        edges.forEach((row, call) => ends.push(calls[call].cost + Math.max(0, ...ends.filter((_, earlier) => row[earlier]))));
        const { links, cost } = costliestChain(graph);
        expect(cost).toBe(Math.max(...ends));
        expect(links.reduce((sum, { call }) => sum + calls[call].cost, 0)).toBe(cost);
        links.slice(1).forEach(({ call, waits }, i) => {
          expect(edges[call][links[i].call]).toBe(true);
          expect(waits.length).toBeGreaterThan(0);
        });
        expect(links[0].waits).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("speeds independent calls up by the number of workers, and one hot writer not at all", () => {
    const independent = graphFrom(Array.from({ length: 960 }, (_, i) => ({ touched: touching([i, "W"]), cost: 10 })));
    const hot = graphFrom(Array.from({ length: 960 }, () => ({ touched: touching([0, "W"]), cost: 10 })));
    for (const workers of [1, 4, 16, 64]) {
      expect(9_600 / createScheduler(independent).timeOn(workers)).toBe(workers);
      expect(createScheduler(hot).timeOn(workers)).toBe(9_600);
    }
    expect(costliestChain(independent)).toMatchObject({ cost: 10, links: [{ call: 0 }] });
    expect(costliestChain(hot).links).toHaveLength(960);
  });

  it("stays as large as what its calls touch, however often readers and adders take turns", () => {
    const calls = Array.from({ length: 20_000 }, (_, i) => ({ touched: touching([0, i % 2_000 < 1_000 ? "R" : "D"]), cost: 1 }));
    const { waits, joins } = graphFrom(calls);
    expect(waits.flat().length + joins.flat().length).toBeLessThanOrEqual(2 * calls.length);
  });
});

describe("two calls at one cell", () => {
  const commuting: readonly Mode[] = ["R", "D", "|", "&", "min", "max"];
  const pairs = [...commuting, "W" as const].flatMap((a) => [...commuting, "W" as const].map((b) => [a, b] as const));

  it.each(pairs)("%s and then %s", (a, b) => {
    const { waits } = graphFrom([
      { touched: touching([0, a]), cost: 1 },
      { touched: touching([0, b]), cost: 1 },
    ]);
    expect(waits[1].map(({ node }) => node)).toEqual(a === b && a !== "W" ? [] : [0]);
  });
});
