/**
 * The intervals of the ordering pass under random calls, beside the values that the cells really have in serial order (rules E2, E6): what is cleared holds,
 * and where nothing fails and all amounts are exact, what holds is cleared.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCESS_CLEARED, CALL_STRIDE } from "../../../runtime/execute/memory.ts";
import { AccessList, AMOUNTS, MODE_DELTA } from "../../../runtime/plan/access-list.ts";
import { createGraphBuffers, Graph } from "../../../runtime/schedule/graph.ts";
import { NODE_STRIDE, Nodes } from "../../../runtime/schedule/nodes.ts";
import { Order } from "../../../runtime/schedule/order.ts";
import { createColumn, writeBig } from "../../../runtime/state/column.ts";
import { MAX_U256, toDoubleDown, toDoubleUp } from "../../../runtime/values/big.ts";
import { runSettings } from "../../helpers/runs.ts";

const CALLS = 40;
const CELLS = 3;
/** The cell that the coin of a call goes to. */
const PURSE = 1;

interface Add {
  readonly slot: number;
  /** Negative: a debit. */
  readonly by: bigint;
  /** Greatest value afterwards: a check of its own. */
  readonly most: bigint;
}

interface Call {
  readonly coin: bigint;
  readonly adds: readonly Add[];
  /** Told by its plan; such a call fails only at its checks. */
  readonly sure: boolean;
  readonly fails: boolean;
}

const SMALL = fc.bigInt(0n, 12n);
const LARGE = fc.oneof(
  SMALL,
  fc.bigInt(0n, MAX_U256),
  fc.tuple(fc.nat(255), fc.bigInt(-2n, 2n)).map(([bit, more]) => (1n << BigInt(bit)) + (bit < 2 ? 0n : more)),
);

/** Between two doubles, in sums as well. */
const ROUNDED = fc.tuple(fc.constantFrom(53, 53, 54), fc.bigInt(-1n, 3n)).map(([bit, more]) => (1n << BigInt(bit)) + more);

function calls(amount: fc.Arbitrary<bigint>): fc.Arbitrary<Call[]> {
  const add = fc.record({
    slot: fc.integer({ min: 1, max: CELLS }),
    by: fc.tuple(amount, fc.boolean()).map(([n, down]) => (down ? -n : n)),
    limit: fc.oneof({ weight: 3, arbitrary: fc.constant(MAX_U256) }, { weight: 1, arbitrary: amount }),
  });
  // Only credits have an upper bound of their own, and those of coin none.
  const bounded = add.map(({ slot, by, limit }): Add => ({ slot, by, most: by > 0n && slot !== PURSE ? limit : MAX_U256 }));
  const call = fc.record({
    coin: fc.oneof(fc.constant(0n), amount),
    adds: fc.array(bounded, { minLength: 1, maxLength: 4 }),
    sure: fc.boolean(),
    fails: fc.boolean(),
  });
  return fc.array(call, { minLength: 1, maxLength: CALLS, size: "max" });
}

/** Orders calls over cells of one column, as any call or as plain ones; gives for each add, the coin first, whether it was cleared. */
function pass(start: readonly bigint[], way: "any" | "plain" = "any"): (call: Call) => boolean[] {
  const column = createColumn(0, "u256", 0, 8);
  start.forEach((value, i) => {
    writeBig(column, i + 1, value);
  });
  const graph = new Graph(createGraphBuffers({ threads: 2, calls: CALLS, edges: 4096, chores: 1024 }));
  const nodes = new Nodes(new SharedArrayBuffer(64 * NODE_STRIDE * 4), new SharedArrayBuffer(64 * 4));
  nodes.addColumn(column);
  const records = new Int32Array(new SharedArrayBuffer(CALLS * CALL_STRIDE * 4));
  const words = new Int32Array(new SharedArrayBuffer(CALLS * 32));
  const order = new Order(nodes, graph, [column], { calls: records, words }, { calls: CALLS, links: 1024 });
  order.setFields(1);
  order.begin(false);
  const list = new AccessList(undefined);
  let number = 0;
  return (call) => {
    list.clear();
    const first = number * 8 + 1;
    for (const { slot, by, most } of addsOf(call)) {
      const at = list.add(first + list.count, 0, slot, -1, MODE_DELTA) * AMOUNTS;
      list.amounts.set([by < 0n ? toDoubleUp(-by) : 0, by > 0n ? toDoubleUp(by) : 0, 0, toDoubleDown(most)], at);
      list.deltas++;
    }
    list.credit = toDoubleDown(call.coin);
    list.sure = call.sure;
    if (way === "any") order.order(number++, list, 1);
    else order.orderPlain(number++, list, 0, list.count, call.sure, 1);
    return addsOf(call).map((_, i) => (words[first + i] & ACCESS_CLEARED) !== 0);
  };
}

function addsOf({ coin, adds }: Call): readonly Add[] {
  return coin === 0n ? adds : [{ slot: PURSE, by: coin, most: MAX_U256 }, ...adds];
}

/** What serial execution does: the values after the call, and the add whose check failed, if one did. */
function execute(cells: readonly bigint[], call: Call): { readonly after: readonly bigint[]; readonly failed: number } {
  const after = [...cells];
  for (const [i, { slot, by, most }] of addsOf(call).entries()) {
    const value = after[slot - 1] + by;
    if (value < 0n || value > MAX_U256 || value > most) return { after: cells, failed: i };
    after[slot - 1] = value;
  }
  return { after: call.fails && !call.sure ? cells : after, failed: -1 };
}

/** Without coin, and one add per cell at most. */
function plain(block: readonly Call[]): readonly Call[] {
  return block.map((call) => ({
    ...call,
    coin: 0n,
    adds: call.adds.filter(({ slot }, i) => call.adds.findIndex((add) => add.slot === slot) === i),
  }));
}

describe("intervals", () => {
  it.each([
    ["small amounts", SMALL],
    ["amounts that doubles round", ROUNDED],
    ["amounts of all sizes", LARGE],
  ])("are the same for calls that are ordered in one pass: %s", (name, amount) => {
    const value = fc.oneof(fc.constant(0n), amount);
    let cleared = 0;
    let held = 0;
    fc.assert(
      fc.property(fc.tuple(value, value, value), calls(amount), (start, block) => {
        const any = pass(start);
        const onePass = pass(start, "plain");
        for (const call of plain(block)) {
          const words = any(call);
          expect(onePass(call)).toEqual(words);
          cleared += words.filter(Boolean).length;
          held += words.filter((word) => !word).length;
        }
      }),
      runSettings(`plain intervals, ${name}`, 1000),
    );
    expect(Math.min(cleared, held)).toBeGreaterThan(100);
  });

  it.each([
    ["small amounts", SMALL],
    ["amounts that doubles round", ROUNDED],
    ["amounts of all sizes", LARGE],
  ])("clear nothing that may fail: %s", (name, amount) => {
    let cleared = 0;
    const value = fc.oneof(fc.constant(0n), amount);
    const start = fc.tuple(value, value, value);
    fc.assert(
      fc.property(start, calls(amount), (values, block) => {
        const order = pass(values);
        let cells: readonly bigint[] = values;
        for (const call of block) {
          const words = order(call);
          cleared += words.filter(Boolean).length;
          const { after, failed } = execute(cells, call);
          expect(failed >= 0 && words[failed]).toBe(false);
          cells = after;
        }
      }),
      runSettings(`intervals, ${name}`, 1000),
    );
    expect(cleared).toBeGreaterThan(0);
  });

  it("clear all that holds, as long as nothing fails", () => {
    // One add per cell: inside of a call only the coin counts before what follows.
    const single = calls(SMALL).map((block) =>
      block.map((call) => ({
        ...call,
        sure: true,
        adds: call.adds.filter(({ slot }, i) => call.adds.findIndex((add) => add.slot === slot) === i),
      })),
    );
    const start = [20n, 20n, 20n];
    let succeeded = 0;
    fc.assert(
      fc.property(single, (block) => {
        const order = pass(start);
        let cells: readonly bigint[] = start;
        for (const call of block) {
          const words = order(call);
          const { after, failed } = execute(cells, call);
          if (failed >= 0) return;
          succeeded++;
          expect(words).not.toContain(false);
          cells = after;
        }
      }),
      runSettings("intervals, nothing fails", 400),
    );
    expect(succeeded).toBeGreaterThan(1000);
  });
});
