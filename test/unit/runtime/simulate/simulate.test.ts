/** Simulated pools on profiles where one can tell the answer. */
import { describe, expect, test } from "vitest";
import { BARRIER_ALONE, BARRIER_SEGMENT } from "../../../../runtime/simulate/profile.ts";
import { simulate } from "../../../../runtime/simulate/simulate.ts";
import { profileOf, same } from "./made-profile.ts";

const POOLS = [2, 3, 4, 8, 16, 64];

describe("the execute stage", () => {
  test.each(POOLS)("of independent calls takes their work over %i workers", (workers) => {
    const profile = profileOf({ executing: same(192, 100) });
    const { execute } = simulate(profile, workers);
    expect(execute).toMatchObject({ ns: (192 / workers) * 100, speedUp: workers, idle: 0, limitedBy: "workers" });
  });

  test("with chunks takes as long as the thread with most of them", () => {
    const profile = profileOf({ executing: same(100, 10), chunk: 32 });
    expect(simulate(profile, 2).execute.ns).toBe(640);
    expect(simulate(profile, 8).execute.ns).toBe(320);
  });

  test.each(POOLS)("of a chain gains nothing on %i workers", (workers) => {
    const executing = same(50, 100);
    const edges = executing.slice(1).map((_, i) => [i, i + 1] as const);
    const { execute, criticalPathNs } = simulate(profileOf({ executing, edges, chunk: 8 }), workers);
    expect(criticalPathNs).toBe(5_000);
    expect(execute).toMatchObject({ ns: 5_000, speedUp: 1, limitedBy: "critical path" });
    expect(execute.idle).toBeCloseTo(1 - 1 / workers);
  });

  test("of a star is its middle, and then the rest side by side", () => {
    const edges = same(64, 0).map((_, i) => [0, i + 1] as const);
    const profile = profileOf({ executing: [1_000, ...same(64, 100)], edges });
    expect(simulate(profile, 4).execute.ns).toBe(1_000 + 16 * 100);
    expect(simulate(profile, 64).execute.ns).toBe(1_100);
  });

  test("of many that one call waits for ends with that call", () => {
    const edges = same(64, 0).map((_, i) => [i, 64] as const);
    expect(simulate(profileOf({ executing: [...same(64, 100), 1_000], edges }), 4).execute.ns).toBe(16 * 100 + 1_000);
  });

  test("is no shorter than one long call", () => {
    const { execute } = simulate(profileOf({ executing: [10_000, ...same(90, 100)] }), 4);
    expect(execute).toMatchObject({ ns: 10_000, limitedBy: "critical path" });
  });

  test("of a long call that comes last is longer by it", () => {
    expect(simulate(profileOf({ executing: [...same(90, 100), 10_000] }), 3).execute.ns).toBe(3_000 + 10_000);
  });

  test.each([2, 8])("of two chains is as long as one of them on %i workers", (workers) => {
    // Calls of the two in turn.
    const executing = same(40, 100);
    const edges = executing.slice(2).map((_, i) => [i, i + 2] as const);
    const { execute } = simulate(profileOf({ executing, edges }), workers);
    expect(execute.ns).toBe(2_000);
    expect(execute.speedUp).toBe(2);
  });

  test("a chunk's later calls are free for others once its thread follows a chain", () => {
    // One thread has calls 0 and 1, the other 2 and 3; the end of 0 frees 2, and the other thread takes 1.
    const profile = profileOf({ executing: [100, 100, 500, 100], edges: [[0, 2]], chunk: 2 });
    expect(simulate(profile, 2).execute.ns).toBe(600);
  });

  test("a call that nobody has claimed yet isn't freed by the end of another", () => {
    // All four are in the chunk of one thread.
    const profile = profileOf({ executing: [100, 500, 100, 100], edges: [[0, 1]], chunk: 4 });
    expect(simulate(profile, 2).execute.ns).toBe(800);
  });

  test("waits for the counter that chunks are claimed from", () => {
    const { execute } = simulate(profileOf({ executing: same(1_000, 10), chunkNs: 100 }), 64);
    expect(execute.limitedBy).toBe("chunk claims");
    expect(execute.ns).toBeGreaterThanOrEqual(100_000);
    expect(execute.ns).toBeLessThanOrEqual(100_020);
  });

  test("calls behind a barrier wait for all before, and all for one that runs alone", () => {
    const executing = same(32, 100);
    const barred = profileOf({ executing, barriers: [[16, BARRIER_SEGMENT]] });
    expect(simulate(barred, 16).execute.ns).toBe(200);
    const alone = profileOf({ executing, barriers: [[8, BARRIER_ALONE]] });
    const { execute, criticalPathNs } = simulate(alone, 32);
    expect(execute.ns).toBe(300);
    expect(criticalPathNs).toBe(300);
  });
});

describe("the whole block", () => {
  test("on one worker is what was measured serially", () => {
    const { block, overlapped, execute } = simulate(profileOf({ executing: same(10, 100), planning: 50, ordering: 70, blockNs: 30 }), 1);
    expect(block).toMatchObject({ ns: 1_530, speedUp: 1, idle: 0 });
    expect([overlapped.ns, execute.ns]).toEqual([1_530, 1_000]);
  });

  test("of calls that are dearer to order than to run takes as long as the order", () => {
    const profile = profileOf({ executing: same(256, 10), ordering: 100, chunk: 8 });
    const { block, overlapped } = simulate(profile, 8);
    expect(block.limitedBy).toBe("ordered pass");
    expect(block.ns).toBeGreaterThanOrEqual(25_600);
    expect(block.ns).toBeLessThanOrEqual(25_600 + 8 * 10);
    expect(overlapped.limitedBy).toBe("ordered pass");
  });

  test("is ordered behind plans that others make", () => {
    const { block } = simulate(profileOf({ executing: same(64, 10), planning: 100, ordering: 10 }), 8);
    expect(block.ns).toBeLessThan(64 * 30);
    expect(block.ns).toBeGreaterThanOrEqual((64 * 120) / 8);
  });

  test("ends with the fold, shared by all, and what one thread does", () => {
    const profile = profileOf({ executing: same(4, 100), fold: { ns: 800, nodes: 8, threads: 4 }, blockNs: 50 });
    expect(simulate(profile, 4)).toMatchObject({
      block: { ns: 100 + 200 + 50 },
      stages: { fold: { wallNs: 200, busyNs: 800, idle: 0 }, rest: { wallNs: 50, idle: 0.75 } },
    });
    // Nine threads have nine partial sums to look at, and the cell.
    expect(simulate(profile, 9).stages.fold).toMatchObject({ wallNs: 200, busyNs: 1_600 });
  });

  test("tells the idle share of each stage", () => {
    const { stages } = simulate(profileOf({ executing: [...same(4, 100), 300] }), 4);
    expect(stages.execute).toEqual({ wallNs: 400, busyNs: 700, idle: 1 - 700 / 1_600 });
  });

  test("an empty one takes nothing but what every block takes", () => {
    expect(simulate(profileOf({ executing: [], blockNs: 7 }), 4)).toMatchObject({ block: { ns: 7 }, execute: { ns: 0, speedUp: 1 } });
  });
});

describe("blocks that overlap", () => {
  test("are read and planned while the one before runs", () => {
    const profile = profileOf({ executing: same(64, 100), planning: 100, ordering: 0 });
    const { block, overlapped } = simulate(profile, 8);
    // The last calls are planned while there is nothing else left to run.
    expect(block.ns).toBeGreaterThanOrEqual(1_600);
    expect(block.ns).toBeLessThanOrEqual(1_700);
    expect(overlapped.ns).toBeCloseTo(1_600);
    expect(overlapped.idle).toBeCloseTo(0);
  });

  test("take no longer each than the ordered pass, however dear their plans are", () => {
    const profile = profileOf({ executing: same(256, 100), planning: 300, ordering: 100, chunk: 8 });
    const { block, overlapped } = simulate(profile, 32);
    expect(block.ns).toBeGreaterThan(256 * 100 + 8 * 300);
    expect(overlapped.ns).toBeGreaterThanOrEqual(256 * 100);
    expect(overlapped.ns).toBeLessThan(256 * 100 * 1.1);
    expect(overlapped).toMatchObject({ limitedBy: "ordered pass" });
  });

  test("a chain is the limit of them, too", () => {
    const executing = same(64, 100);
    const edges = executing.slice(1).map((_, i) => [i, i + 1] as const);
    const { overlapped } = simulate(profileOf({ executing, edges, planning: 50, ordering: 1 }), 16);
    expect(overlapped.limitedBy).toBe("critical path");
    expect(overlapped.ns).toBeGreaterThanOrEqual(6_400);
  });
});

test("the same profile gives the same figures", () => {
  const executing = Array.from({ length: 500 }, (_, i) => 50 + ((i * 7919) % 313));
  const edges = executing.slice(5).map((_, i) => [(i * 31) % (i + 1), i + 5] as const);
  const profile = profileOf({ executing, edges, planning: 30, ordering: 3, chunk: 16, chunkNs: 5 });
  expect(simulate(profile, 16)).toEqual(simulate(profile, 16));
});

test("a large block on a large pool takes well under a second", () => {
  const calls = 100_000;
  const executing = Array.from({ length: calls }, (_, i) => 200 + (i % 97));
  const profile = profileOf({ executing, planning: 300, ordering: 100, chunk: 32, chunkNs: 100 });
  const began = process.cpuUsage();
  simulate(profile, 64);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(1_000);
});
