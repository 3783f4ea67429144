/** Whatever the block, a simulated pool is no faster than its longest chain, its work over its workers and its ordered pass allow, and no slower than one thread. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Profile } from "../../runtime/simulate/profile.ts";
import { criticalPathOf, sumOf } from "../../runtime/simulate/profile.ts";
import { simulate, waitsOf } from "../../runtime/simulate/simulate.ts";
import { runSettings } from "../helpers/runs.ts";
import { profileOf } from "../unit/runtime/simulate/made-profile.ts";

const RUNS = 400;
/** Sums in another order differ in their last bits. */
const ROUNDING = 1e-6;
const cost = fc.integer({ min: 1, max: 1_000 });
const pool = fc.constantFrom(2, 3, 4, 8, 16, 64);

/** Edges are drawn as pairs of any numbers, and point backwards. */
function profiles(edges: number, barriers: number): fc.Arbitrary<Profile> {
  const place = fc.nat();
  return fc
    .record({
      executing: fc.array(cost, { minLength: 1, maxLength: 80 }),
      pairs: fc.array(fc.tuple(place, place), { maxLength: edges }),
      bars: fc.array(fc.tuple(place, fc.constantFrom(1, 2)), { maxLength: barriers }),
      planning: cost,
      ordering: fc.integer({ min: 0, max: 300 }),
      chunk: fc.constantFrom(1, 2, 4, 8),
      nodes: fc.integer({ min: 0, max: 9 }),
      blockNs: fc.integer({ min: 0, max: 500 }),
    })
    .map(({ pairs, bars, nodes, ...made }) => {
      const calls = made.executing.length;
      const cuts = bars.map(([call, kind]) => [call % calls, kind] as const);
      // Nobody waits for a call before a barrier: all of those have ended.
      const segment = (call: number): number => cuts.filter(([at, kind]) => at <= call || (kind === 2 && at + 1 <= call)).length;
      const drawn = pairs.map(([a, b]) => [Math.min(a % calls, b % calls), Math.max(a % calls, b % calls)] as const);
      const distinct = new Map(drawn.map((pair) => [pair.join(), pair]));
      const edgesOfCalls = [...distinct.values()].filter(
        ([a, b]) => a < b && segment(a) === segment(b) && !cuts.some(([at]) => at === a || at === b),
      );
      return profileOf({ ...made, barriers: cuts, edges: edgesOfCalls, fold: { ns: nodes * 50, nodes, threads: 1 } });
    });
}

const settings = runSettings("simulated pools", RUNS);

test("the execute stage lies between what it must take and what one thread takes", () => {
  fc.assert(
    fc.property(profiles(120, 3), pool, (profile, workers) => {
      const { execute } = simulate(profile, workers);
      const work = sumOf(profile.executing);
      expect(execute.ns).toBeGreaterThanOrEqual(criticalPathOf(profile));
      expect(execute.ns).toBeGreaterThanOrEqual(work / workers - ROUNDING);
      expect(execute.ns).toBeLessThanOrEqual(work + ROUNDING);
    }),
    settings,
  );
});

test("so does the whole block, and blocks that overlap gain nothing against the ordered pass", () => {
  fc.assert(
    fc.property(profiles(120, 3), pool, (profile, workers) => {
      const { block, overlapped, stages } = simulate(profile, workers);
      const work = stages.plan.busyNs + stages.order.busyNs + stages.execute.busyNs + stages.fold.busyNs + stages.rest.busyNs;
      for (const { ns, idle } of [block, overlapped]) {
        expect(ns).toBeGreaterThanOrEqual(criticalPathOf(profile) - ROUNDING);
        expect(ns).toBeGreaterThanOrEqual(stages.order.busyNs + stages.rest.busyNs - ROUNDING);
        expect(ns).toBeGreaterThanOrEqual(work / workers - ROUNDING);
        expect(ns).toBeLessThanOrEqual(work + ROUNDING);
        expect(idle).toBeGreaterThanOrEqual(0);
        expect(idle).toBeLessThan(1);
      }
    }),
    settings,
  );
});

test("no thread is idle while there is something to do, but for one chunk", () => {
  fc.assert(
    fc.property(profiles(120, 0), pool, (profile, workers) => {
      const { executing, chunks } = profile;
      let chunk = 0;
      for (let call = 0; call < profile.calls; call += chunks.run)
        chunk = Math.max(chunk, sumOf(executing.subarray(call, call + chunks.run)));
      const most = sumOf(executing) / workers + criticalPathOf(profile) + chunk;
      expect(simulate(profile, workers).execute.ns).toBeLessThanOrEqual(most + ROUNDING);
    }),
    settings,
  );
});

test("calls that don't wait are never slower on more workers, but for one chunk", () => {
  fc.assert(
    fc.property(profiles(0, 0), (profile) => {
      const { executing, chunks } = profile;
      let chunk = 0;
      for (let call = 0; call < profile.calls; call += chunks.run)
        chunk = Math.max(chunk, sumOf(executing.subarray(call, call + chunks.run)));
      let best = Infinity;
      for (const workers of [2, 3, 4, 8, 16, 64]) {
        const { ns } = simulate(profile, workers).execute;
        expect(ns).toBeLessThanOrEqual(best + chunk + ROUNDING);
        best = Math.min(best, ns);
      }
    }),
    settings,
  );
});

test("every call begins once, when those it waits for have ended", () => {
  fc.assert(
    fc.property(profiles(120, 3), pool, (profile, workers) => {
      const { released, started, freedBy } = waitsOf(profile, workers);
      const { firstSuccessor, successors, executing } = profile;
      for (let call = 0; call < profile.calls; call++) {
        expect(started[call]).toBeGreaterThanOrEqual(released[call]);
        for (let edge = firstSuccessor[call]; edge < firstSuccessor[call + 1]; edge++) {
          const later = successors[edge];
          expect(started[later]).toBeGreaterThanOrEqual(started[call] + executing[call] - ROUNDING);
          expect(started[freedBy[later]] + executing[freedBy[later]]).toBeGreaterThanOrEqual(started[call] + executing[call] - ROUNDING);
        }
      }
    }),
    settings,
  );
});
