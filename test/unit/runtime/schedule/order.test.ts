/** The ordering pass alone: places, edges and pending counts of hand-made accesses. */
import { describe, expect, test } from "vitest";
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, CALL_STRIDE } from "../../../../runtime/execute/memory.ts";
import { AccessList, AMOUNTS, MODE_DELTA, MODE_READ, MODE_WRITE } from "../../../../runtime/plan/access-list.ts";
import { CALL_CHORES, CALL_DEPTH, CALL_PENDING } from "../../../../runtime/schedule/call-words.ts";
import { createGraphBuffers, Graph } from "../../../../runtime/schedule/graph.ts";
import { NODE_STRIDE, Nodes } from "../../../../runtime/schedule/nodes.ts";
import { Order } from "../../../../runtime/schedule/order.ts";
import { createColumn, writeBig } from "../../../../runtime/state/column.ts";

const CALLS = 512;

type Access = readonly ["R" | "W" | "add" | "sub", number, number?];

/** One u64 column, all cells 100; field 1 may be accessed without a slot. */
function bench(edges = 4096) {
  const column = createColumn(0, "u64", 0, 32);
  for (let slot = 1; slot < 32; slot++) writeBig(column, slot, 100n);
  const graph = new Graph(createGraphBuffers({ threads: 2, calls: CALLS, edges, chores: 1024 }));
  const nodes = new Nodes(new SharedArrayBuffer(256 * NODE_STRIDE * 4), new SharedArrayBuffer(256 * 4));
  nodes.addColumn(column);
  const calls = new Int32Array(new SharedArrayBuffer(CALLS * CALL_STRIDE * 4));
  const words = new Int32Array(new SharedArrayBuffer(CALLS * 8 * 4));
  const order = new Order(nodes, graph, [column], { calls, words }, { calls: CALLS, links: 1024 });
  order.setFields(2);
  order.begin(false);
  const list = new AccessList(undefined);
  let call = 0;
  return {
    order,
    /** Orders the next call; gives its access words. */
    add(...accesses: readonly Access[]): number[] {
      list.clear();
      for (const [kind, slot, amount = 1] of accesses) {
        const mode = kind === "R" ? MODE_READ : kind === "W" ? MODE_WRITE : MODE_DELTA;
        const at = list.add(call * 8 + list.count + 1, 0, slot, 1, mode) * AMOUNTS;
        list.amounts.set([kind === "sub" ? amount : 0, kind === "add" ? amount : 0, 0, 1000], at);
        if (mode === MODE_DELTA) list.deltas++;
      }
      order.order(call, list, 1);
      call++;
      return accesses.map((_, i) => words[(call - 1) * 8 + i + 1]);
    },
    pending: (of: number): number => calls[of * CALL_STRIDE + CALL_PENDING],
    depth: (of: number): number => calls[of * CALL_STRIDE + CALL_DEPTH],
    hasChore: (of: number): boolean => calls[of * CALL_STRIDE + CALL_CHORES] !== 0,
    /** Ends a call as an executing thread does. */
    end: (of: number): number => graph.complete(calls, of),
  };
}

const inPlace = (slot: number): number => (slot << ACCESS_SHIFT) | ACCESS_CLEARED;
const partial = (node: number): number => (node << ACCESS_SHIFT) | ACCESS_CLEARED | ACCESS_PARTIAL;

describe("the ordering pass", () => {
  test("lets the first cleared Δ add in place and the others add to partial sums", () => {
    const { add, pending } = bench();
    expect(add(["add", 5, 10])).toEqual([inPlace(5)]);
    expect(add(["add", 5, 10])).toEqual([partial(0)]);
    expect(add(["sub", 5, 10])).toEqual([partial(0)]);
    expect([0, 1, 2].map(pending)).toEqual([1, 1, 1]);
  });

  test("lets one Δ at a time add in place: the next one when it has ended", () => {
    const { add, end } = bench();
    add(["add", 5, 10]);
    end(0);
    expect(add(["sub", 5, 10])).toEqual([inPlace(5)]);
    expect(add(["add", 5, 10])).toEqual([partial(0)]);
    end(1);
    end(2);
    // Two have met there.
    expect(add(["add", 5, 10])).toEqual([partial(0)]);
    expect(add(["R", 5])).toEqual([5 << ACCESS_SHIFT]);
    expect(add(["add", 5, 10])).toEqual([inPlace(5)]);
    end(5);
    expect(add(["add", 5, 10])).toEqual([inPlace(5)]);
    expect(add(["add", 5, 10])).toEqual([partial(0)]);
  });

  test("makes a reader wait for all Δs and fold, and later Δs for that reader only", () => {
    const { add, pending, hasChore, order } = bench();
    for (let i = 0; i < 5; i++) add(["add", 5]);
    expect(add(["R", 5])).toEqual([5 << ACCESS_SHIFT]);
    expect([pending(5), hasChore(5)]).toEqual([6, true]);
    expect(add(["add", 5])).toEqual([inPlace(5)]);
    expect(add(["add", 5])).toEqual([partial(0)]);
    expect([pending(6), pending(7)]).toEqual([2, 2]);
    expect(order.counts.edges).toBe(7);
  });

  test("needs few edges for many readers followed by many Δs", () => {
    const { add, order } = bench();
    for (let i = 0; i < 20; i++) add(["R", 5]);
    for (let i = 0; i < 20; i++) add(["add", 5]);
    expect(order.counts.edges).toBe(39);
  });

  test("orders what isn't cleared, checked and in the cell", () => {
    const { add, pending, order } = bench();
    expect(add(["sub", 5, 60])).toEqual([inPlace(5)]);
    expect(add(["sub", 5, 60])).toEqual([5 << ACCESS_SHIFT]);
    expect(pending(1)).toBe(2);
    expect(order.counts.uncleared).toBe(1);
  });

  test("joins the accesses of a call to one cell: all Δ are cleared together or not at all", () => {
    const { add } = bench();
    expect(add(["sub", 5, 60], ["sub", 5, 60])).toEqual([5 << ACCESS_SHIFT, 5 << ACCESS_SHIFT]);
    expect(add(["sub", 6, 60], ["sub", 6, 40])).toEqual([inPlace(6), inPlace(6)]);
    expect(add(["add", 7], ["R", 7])).toEqual([7 << ACCESS_SHIFT, 7 << ACCESS_SHIFT]);
    expect(add(["add", 8], ["add", 9])).toEqual([inPlace(8), inPlace(9)]);
  });

  test("takes reads and writes of one cell as one write", () => {
    const { add, pending, order } = bench();
    expect(add(["R", 5], ["R", 5])).toEqual([5 << ACCESS_SHIFT, 5 << ACCESS_SHIFT]);
    expect(add(["R", 5], ["W", 5], ["R", 6])).toEqual([5 << ACCESS_SHIFT, 5 << ACCESS_SHIFT, 6 << ACCESS_SHIFT]);
    add(["R", 5]);
    add(["R", 6]);
    add(["W", 7], ["R", 7]);
    add(["R", 7]);
    expect([1, 2, 3, 4, 5].map(pending)).toEqual([2, 2, 1, 1, 2]);
    expect(order.counts.edges).toBe(3);
  });

  test("gives one edge to a call that waits for another one because of several cells", () => {
    const { add, pending, order, depth } = bench();
    add(["W", 5], ["W", 6]);
    add(["R", 5], ["W", 6]);
    expect([pending(1), order.counts.edges, depth(1)]).toEqual([2, 1, 2]);
  });

  test("doesn't wait for calls that have ended, but counts the edge", () => {
    const { add, pending, order, end } = bench();
    add(["W", 5]);
    end(0);
    add(["R", 5]);
    expect([pending(1), order.counts.edges]).toEqual([1, 1]);
  });

  test("makes a write without a slot exclusive in its field", () => {
    const { add, pending, order } = bench();
    add(["add", 5]);
    add(["add", 5]);
    add(["R", 6]);
    expect(add(["W", -1], ["R", 5])).toEqual([-1, 5 << ACCESS_SHIFT]);
    expect(pending(3)).toBe(4);
    expect(add(["sub", 5, 1])).toEqual([5 << ACCESS_SHIFT]);
    expect(add(["R", 7])).toEqual([7 << ACCESS_SHIFT]);
    expect([pending(4), pending(5)]).toEqual([2, 2]);
    // A read without a slot waits for who may have changed a cell, not for those that read, and not for the first ones again.
    expect(add(["R", -1], ["R", 6])).toEqual([-1, 6 << ACCESS_SHIFT]);
    expect(pending(6)).toBe(3);
    // Another exclusive call waits for them all.
    add(["add", -1]);
    expect(pending(7)).toBe(5);
    expect(order.counts.unresolved).toBe(3);
  });

  test("lets reads without a slot share their field, and orders changes of its cells behind them", () => {
    const { add, pending, hasChore } = bench();
    add(["R", 5]);
    add(["R", -1]);
    add(["R", -1]);
    add(["R", 6]);
    expect([0, 1, 2, 3].map(pending)).toEqual([1, 1, 1, 1]);
    add(["W", 5]);
    expect(add(["add", 6])).toEqual([inPlace(6)]);
    add(["add", 6]);
    add(["add", 6]);
    expect([4, 5, 6, 7].map(pending)).toEqual([4, 4, 4, 4]);
    // The next one waits for those changes, folds what is in sums, and is then waited for itself.
    add(["R", -1]);
    expect([pending(8), hasChore(8)]).toEqual([4, true]);
    add(["R", -1]);
    expect([pending(9), hasChore(9)]).toEqual([3, false]);
    add(["W", 7]);
    expect(pending(10)).toBe(5);
  });

  test("needs few edges for many reads without a slot followed by many changes", () => {
    const { add, pending, order } = bench();
    for (let i = 0; i < 20; i++) add(["R", -1]);
    expect(order.counts.edges).toBe(0);
    for (let i = 0; i < 20; i++) expect(add(["W", 1 + i])).toEqual([(1 + i) << ACCESS_SHIFT]);
    // The first has the field for itself, and the others wait for it.
    expect([pending(20), pending(21), order.counts.edges]).toEqual([21, 2, 39]);
  });

  test("doesn't look at all cells of a field for each of very many reads without a slot", () => {
    const { add, order, pending } = bench(8192);
    for (let i = 1; i < 32; i++) add(["W", i]);
    for (let i = 0; i < 400; i++) add(["R", -1]);
    // After a few reads one has the field for itself, and those behind it wait for it alone.
    expect(pending(430)).toBe(2);
    expect(order.counts.edges).toBeLessThan(6000);
  });

  test("keeps intervals over an access without a slot that only reads", () => {
    const { add } = bench();
    add(["sub", 5, 30]);
    add(["R", -1]);
    expect(add(["sub", 5, 70])).toEqual([inPlace(5)]);
    expect(add(["sub", 5, 1])).toEqual([5 << ACCESS_SHIFT]);
    expect(add(["sub", 6, 100])).toEqual([inPlace(6)]);
  });
});
