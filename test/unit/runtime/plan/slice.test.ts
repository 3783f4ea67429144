/** Slices of calls that are planned ahead: who has one, and what becomes of one that is done twice. */
import { describe, expect, test } from "vitest";
import { CALL_STRIDE } from "../../../../runtime/execute/memory.ts";
import { createSliceBuffers, Slice } from "../../../../runtime/plan/slice.ts";
import { CALL_PENDING, QUEUED } from "../../../../runtime/schedule/call-words.ts";
import { createGraphBuffers, Graph } from "../../../../runtime/schedule/graph.ts";

/** The same slice as two threads see it. */
function twoViews(): readonly [Slice, Slice] {
  const buffers = createSliceBuffers();
  return [new Slice(buffers), new Slice(buffers)];
}

describe("a slice", () => {
  test("is ready once its thread has done it, and free once it is ordered", () => {
    const [worker, main] = twoViews();
    expect(worker.begin()).toBe(true);
    expect([main.isFree(), main.isReady()]).toEqual([false, false]);
    worker.end(3);
    worker.finish();
    expect([main.isReady(), main.era]).toEqual([true, 3]);
    main.release();
    expect(worker.isFree()).toBe(true);
  });

  test("that is stolen in the middle is nobody's until its thread lets go", () => {
    const [worker, main] = twoViews();
    worker.begin();
    expect(main.steal()).toBe(true);
    expect([main.isFree(), main.isReady()]).toEqual([false, false]);
    worker.finish();
    expect([main.isFree(), main.isReady()]).toEqual([true, false]);
  });

  test("that is stolen before its thread has begun isn't begun any more", () => {
    const [worker, main] = twoViews();
    expect(main.steal()).toBe(true);
    expect(main.isFree()).toBe(false);
    expect(worker.begin()).toBe(false);
    expect(main.isFree()).toBe(true);
  });

  test("that is ready can't be stolen", () => {
    const [worker, main] = twoViews();
    worker.begin();
    worker.finish();
    expect(main.steal()).toBe(false);
    expect(main.isReady()).toBe(true);
  });
});

describe("a long call", () => {
  const CALLS = 4;
  const graphOf = (pending: readonly number[]): { readonly graph: Graph; readonly calls: Int32Array } => {
    const graph = new Graph(createGraphBuffers({ threads: 2, calls: CALLS, edges: 8, chores: 8 }));
    graph.reset(CALLS);
    const calls = new Int32Array(new SharedArrayBuffer(CALLS * CALL_STRIDE * 4));
    pending.forEach((count, call) => (calls[call * CALL_STRIDE + CALL_PENDING] = count));
    return { graph, calls };
  };

  test("that waits for nothing is in the queue, and whoever claims it leaves it there", () => {
    const { graph, calls } = graphOf([1, 1]);
    graph.queueLong(calls, 1);
    expect(calls[CALL_STRIDE + CALL_PENDING]).toBe(QUEUED);
    expect([graph.release(calls, 0), graph.release(calls, 1)]).toEqual([true, false]);
    expect([graph.pop(), graph.pop()]).toEqual([1, -1]);
  });

  test("that waits for another isn't", () => {
    const { graph, calls } = graphOf([1, 2]);
    graph.queueLong(calls, 1);
    expect(graph.pop()).toBe(-1);
    expect(graph.release(calls, 1)).toBe(false);
    expect(calls[CALL_STRIDE + CALL_PENDING]).toBe(1);
  });
});
