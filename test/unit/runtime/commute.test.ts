/** Updates that commute with their own kind (rule E5), each with the block that breaks a rule when it is dropped. */
import { afterEach, describe, expect, test } from "vitest";
import type { HandCall } from "../../helpers/hand-chain.ts";
import type { Pair } from "../../helpers/hand-pair.ts";
import { ALICE, BOB, openPair } from "../../helpers/hand-pair.ts";

const opened: Pair[] = [];

async function ledger(setup: readonly HandCall[] = []): Promise<Pair> {
  const pair = await openPair("ledger", [], setup);
  opened.push(pair);
  return pair;
}

afterEach(async () => {
  for (const pair of opened.splice(0)) await pair.close();
});

const call = (func: string, ...args: readonly bigint[]): HandCall => ({ from: BOB, func, args });
const HUGE = 2n ** 255n;

describe("updates of one kind", () => {
  test.each([
    ["orFlags", 0b0001n, [0b0010n, 0b0100n, HUGE, 0b0010n], HUGE | 0b0111n],
    ["andFlags", HUGE | 0b1111n, [HUGE | 0b1110n, HUGE | 0b1101n, HUGE | 0b1100n], HUGE | 0b1100n],
    ["minFlags", HUGE, [2n ** 200n, 2n ** 130n + 1n, 2n ** 130n, HUGE], 2n ** 130n],
    ["maxFlags", 2n ** 64n, [5n, 2n ** 64n + 4n, 2n ** 64n + 8n, 2n ** 64n + 5n], 2n ** 64n + 8n],
  ])("%s: none waits, and all count", async (func, start, values, wanted) => {
    const pair = await ledger([call("setFlags", 1n, start)]);
    const block = await pair.run(values.map((value) => call(func, 1n, value)));
    expect(block.stats).toMatchObject({ edges: 0, waiting: 0, deltas: values.length, uncleared: 0 });
    expect(pair.view("flagsOf", [1n])).toBe(wanted);
  });

  test.each([
    ["orMarks", 5n, [-8n, 2n], -1n],
    ["andMarks", -1n, [-8n, -2n], -8n],
    ["minMarks", 3n, [7n, -4n, 2n, -9n, -1n], -9n],
    ["maxMarks", -7n, [-9n, -3n, -5n], -3n],
  ])("%s of a signed cell go by value", async (func, start, values, wanted) => {
    const pair = await ledger([call(start < 0n ? "minMarks" : "maxMarks", 1n, start)]);
    const block = await pair.run(values.map((value) => call(func, 1n, value)));
    expect(block.stats).toMatchObject({ edges: 0, uncleared: 0 });
    expect(block.after("marks[1]")).toBe(wanted);
  });

  test("signed values of several lanes are compared by value too", async () => {
    const pair = await ledger();
    const values = [2n ** 100n, -(2n ** 100n), -(2n ** 100n) - 1n, 2n ** 100n + 1n, -1n, 1n];
    const block = await pair.run(values.map((value) => call("peak", 1n, value)));
    expect(block.stats).toMatchObject({ edges: 0, uncleared: 0 });
    expect([block.after("peaks[1]"), block.after("peaks[2]")]).toEqual([-(2n ** 100n) - 1n, 2n ** 100n + 1n]);
  });

  test("of many calls on many threads lose nothing", async () => {
    const pair = await ledger();
    const values = Array.from({ length: 4000 }, (_, i) => BigInt((i * 7919) % 4001) << 128n);
    const block = await pair.run(values.flatMap((value) => [call("maxFlags", 1n, value), call("orFlags", 2n, value)]));
    expect(block.stats.edges).toBe(0);
    expect(block.after("flags[1]")).toBe(values.reduce((a, b) => (a > b ? a : b)));
    expect(block.after("flags[2]")).toBe(values.reduce((a, b) => a | b));
  });
});

describe("updates of a call that fails", () => {
  test("leave nothing, while those beside it count", async () => {
    const pair = await ledger();
    const block = await pair.run([8n, 1003n, 16n, 3n, 12n].map((value) => call("maxFlags", 1n, value)));
    expect(block.statuses).toEqual(["success", "reverted", "success", "reverted", "success"]);
    expect(block.after("flags[1]")).toBe(16n);
    expect(block.stats.edges).toBe(0);
  });
});

describe("updates beside other accesses", () => {
  test("a reader waits for all of them, and later ones for that reader only", async () => {
    const pair = await ledger();
    const block = await pair.run([
      call("maxFlags", 1n, 4n),
      call("maxFlags", 1n, 12n),
      call("maxFlags", 1n, 8n),
      call("flagsOf", 1n),
      call("flagsOf", 1n),
      call("maxFlags", 1n, 16n),
      call("maxFlags", 1n, 20n),
    ]);
    expect([block.returned(3), block.returned(4)]).toEqual([12n, 12n]);
    // Three updates for the first reader, that one for the second, the second for the next update, and that one for the last.
    expect(block.stats.edges).toBe(3 + 1 + 1 + 1);
  });

  test("kinds wait for each other: `|=` then `&=` isn't `&=` then `|=`", async () => {
    const pair = await ledger();
    const block = await pair.run([call("orFlags", 1n, 12n), call("orFlags", 1n, 1n), call("andFlags", 1n, 4n), call("orFlags", 1n, 2n)]);
    expect(block.after("flags[1]")).toBe(6n);
    expect(block.stats).toMatchObject({ edges: 3, uncleared: 0 });
  });

  test("additions wait for them, and they for additions and their partial sums", async () => {
    const pair = await ledger([call("setFlags", 1n, 100n)]);
    const block = await pair.run([
      call("addFlags", 1n, 10n),
      call("addFlags", 1n, 10n),
      call("addFlags", 1n, 10n),
      call("maxFlags", 1n, 128n),
      call("maxFlags", 1n, 120n),
      call("addFlags", 1n, 1n),
    ]);
    expect(block.after("flags[1]")).toBe(131n);
    // Three additions for the first update, that one for the second, the second for the last addition.
    expect(block.stats.edges).toBe(3 + 1 + 1);
  });

  test("one that the same call reads is an ordered write, done in place", async () => {
    const pair = await ledger([call("setFlags", 1n, 4n)]);
    const block = await pair.run([
      call("maxFlags", 1n, 8n),
      call("maxAndRead", 1n, 12n, 1n),
      call("maxAndRead", 1n, 16n, 2n),
      call("maxAndRead", 1n, 6n, 1n),
    ]);
    expect([block.returned(1), block.returned(2), block.returned(3)]).toEqual([12n, 0n, 16n]);
    expect(block.stats).toMatchObject({ deltas: 4, uncleared: 2, edges: 3 });
  });

  test("two kinds of one call at one cell are one write, in program order", async () => {
    const pair = await ledger();
    const block = await pair.run([call("twoKinds", 1n, 1n, 1n, 4n), call("twoKinds", 1n, 2n, 3n, 8n), call("twoKinds", 1n, 2n, 1n, 16n)]);
    expect([block.after("flags[1]"), block.after("flags[2]"), block.after("flags[3]")]).toEqual([28n, 16n, 8n]);
    // The other two wait for the first, not for each other.
    expect(block.stats).toMatchObject({ deltas: 9, uncleared: 3, edges: 2 });
  });
});

describe("E2: intervals after updates of unknown values", () => {
  test("`min=` may lower the cell to anything: a debit after it isn't cleared from before", async () => {
    const pair = await ledger([call("setFlags", 1n, 100n)]);
    const block = await pair.run([call("minFlags", 1n, 40n), call("subFlags", 1n, 50n)]);
    expect(block.statuses).toEqual(["success", "reverted"]);
    expect(block.stats.uncleared).toBe(1);
  });

  test("`&=` likewise, and `|=` of a signed cell", async () => {
    const pair = await ledger([call("setFlags", 1n, 100n), call("maxMarks", 1n, 100n)]);
    const block = await pair.run([
      call("andFlags", 1n, 4n),
      call("subFlags", 1n, 50n),
      call("orMarks", 1n, -(2n ** 31n)),
      call("takeMarks", 1n, 50n),
    ]);
    expect(block.statuses).toEqual(["success", "reverted", "success", "reverted"]);
  });

  test("`max=` and `|=` may raise it to anything: a credit after them isn't cleared", async () => {
    const top = 2n ** 256n - 1n;
    const pair = await ledger([call("setFlags", 1n, 100n), call("setFlags", 2n, 100n)]);
    const block = await pair.run([
      call("maxFlags", 1n, top - 1n),
      call("addFlags", 1n, 50n),
      call("orFlags", 2n, top - 1n),
      call("addFlags", 2n, 50n),
    ]);
    expect(block.statuses).toEqual(["success", "reverted", "success", "reverted"]);
    expect(block.stats.uncleared).toBe(2);
  });

  test("`&=` may raise a signed cell: a credit after it isn't cleared", async () => {
    const pair = await ledger([call("minMarks", 1n, -10n)]);
    const block = await pair.run([call("andMarks", 1n, 2n ** 31n - 1n), call("addMarks", 1n, 20n)]);
    expect(block.statuses).toEqual(["success", "reverted"]);
    expect(block.stats.uncleared).toBe(1);
  });

  test("E3: one under a key of exec makes the intervals of its whole field the range of the type", async () => {
    const pair = await ledger([call("setFlags", 3n, 100n), call("point", 1n, 3n)]);
    const block = await pair.run([call("andWide", 1n, 4n), call("subFlags", 3n, 50n), call("maxFlags", 3n, 1n)]);
    expect(block.statuses).toEqual(["success", "reverted", "success"]);
    expect(block.after("flags[3]")).toBe(4n);
    expect(block.stats).toMatchObject({ deltas: 3, uncleared: 2, unresolved: 1 });
  });

  test("what they can't do keeps the other end: a debit after `max=` and a credit after `min=` are cleared", async () => {
    const pair = await ledger([call("setFlags", 1n, 100n), call("setFlags", 2n, 100n)]);
    const block = await pair.run([
      call("maxFlags", 1n, 40n),
      call("orFlags", 1n, 4n),
      call("subFlags", 1n, 100n),
      call("minFlags", 2n, 40n),
      call("andFlags", 2n, 12n),
      call("addFlags", 2n, 7n),
    ]);
    expect(block.statuses).not.toContain("reverted");
    expect(block.stats.uncleared).toBe(0);
  });

  test("one that isn't cleared leaves any value: a credit after it isn't cleared from before", async () => {
    const pair = await ledger([call("setFlags", 1n, 100n)]);
    const block = await pair.run([call("maxAndRead", 1n, 2n ** 256n - 2n, 1n), call("addFlags", 1n, 50n)]);
    expect(block.statuses).toEqual(["success", "reverted"]);
    expect(block.stats.uncleared).toBe(2);
  });
});

describe("the journal", () => {
  test.each([5n, 6n])("has the value of flags[%d] from before a staged write of its field", async (id) => {
    const pair = await ledger([call("setFlags", 5n, 77n), call("setFlags", 6n, 77n), call("point", 1n, 9n)]);
    const block = await pair.run([
      call("point", 1n, 5n),
      // Its key isn't known before it runs, so whoever updates a cell of the field next records the value, before any other update.
      call("zeroStaged", 1n),
      call("orFlags", id, 128n),
      call("orFlags", id, 256n),
      call("orFlags", id, 512n),
      call("orFlags", id, 1024n),
    ]);
    const after = id === 5n ? 1920n : 1997n;
    expect(block.changes.find((change) => change.cell === `flags[${id}]`)).toMatchObject({ before: 77n, after });
    const again = await pair.run([{ from: ALICE, func: "flagsOf", args: [id] }]);
    expect(again.returned(0)).toBe(after);
  });
});
