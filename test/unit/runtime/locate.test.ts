/** Keys that no plan can compute: the call has the whole field for itself and finds its cells when it gets there. */
import { keccak256, toBytes } from "viem";
import { afterEach, describe, expect, test } from "vitest";
import type { HandCall } from "../../helpers/hand-chain.ts";
import { account, openHand } from "../../helpers/hand-chain.ts";
import type { Pair } from "../../helpers/hand-pair.ts";
import { ALICE, BOB, CAROL, openPair } from "../../helpers/hand-pair.ts";

const opened: Pair[] = [];

async function ledger(setup: readonly HandCall[] = []): Promise<Pair> {
  const pair = await openPair("ledger", [], setup);
  opened.push(pair);
  return pair;
}

afterEach(async () => {
  for (const pair of opened.splice(0)) await pair.close();
});

const call = (func: string, ...args: readonly (bigint | `0x${string}`)[]): HandCall => ({ from: BOB, func, args });

describe("a key of exec", () => {
  test("reaches the cell that serial execution would, however often", async () => {
    const pair = await ledger([call("point", 1n, 12n)]);
    const block = await pair.run([call("bump", 1n, 4n), call("bump", 1n, 5n), call("peek", 1n), call("dataOf", 5n)]);
    expect([0, 1, 2, 3].map((each) => block.returned(each))).toEqual([4n, 9n, 9n, 9n]);
    expect(block.stats).toMatchObject({ unresolved: 3, deltas: 2, uncleared: 2 });
  });

  test("is read from what earlier calls have written", async () => {
    const pair = await ledger();
    const block = await pair.run([call("point", 1n, 3n), call("bump", 1n, 4n), call("point", 1n, 4n), call("bump", 1n, 8n)]);
    expect([block.after("data[3]"), block.after("data[4]")]).toEqual([4n, 8n]);
  });

  test("makes calls wait that know their cell, before and after it", async () => {
    const pair = await ledger([call("point", 1n, 2n), call("bump", 1n, 100n)]);
    const block = await pair.run([call("take", 2n, 10n), call("bump", 1n, 4n), call("take", 2n, 94n), call("take", 2n, 1n)]);
    expect(block.statuses).toEqual(["success", "success", "success", "reverted"]);
    expect(block.stats.edges).toBe(3);
  });

  test("E3: resets the intervals of the whole field, so that later debits aren't cleared from before", async () => {
    const pair = await ledger([call("point", 1n, 2n), call("bump", 1n, 100n)]);
    const block = await pair.run([call("walk", 3n), call("take", 2n, 50n), call("take", 2n, 51n)]);
    expect(block.statuses).toEqual(["success", "success", "reverted"]);
    expect(block.stats.uncleared).toBe(2);
  });

  test("names one cell with a known key of the same call: both are one place", async () => {
    const pair = await ledger([call("point", 1n, 2n), call("bump", 1n, 100n)]);
    const block = await pair.run([call("both", 2n, 1n), call("both", 3n, 1n), call("both", 2n, 1n)]);
    expect([block.returned(0), block.returned(1), block.returned(2)]).toEqual([210n, 0n, 450n]);
    expect(block.changes.find((change) => change.cell === "data[2]")).toMatchObject({ before: 100n, after: 450n });
  });

  test("in a loop of unknown length shares one round's words", async () => {
    const pair = await ledger();
    const block = await pair.run([call("walk", 20n), call("walk", 7n)]);
    const cells = Array.from({ length: 7 }, () => 0n);
    for (const rounds of [20, 7]) for (let i = 0; i < rounds; i++) cells[(i * i) % 7] = cells[i % 7] + 1n;
    expect(cells.map((_, i) => block.after(`data[${i}]`) ?? 0n)).toEqual(cells);
  });

  test("names all leaves of an entry at once", async () => {
    const pair = await ledger([call("point", 1n, 2n ** 63n)]);
    const block = await pair.run([call("place", 1n, 4n, -5n), call("place", 1n, 3n, 9n)]);
    expect(block.statuses).toEqual(["success", "reverted"]);
    expect([block.after(`points[${2n ** 63n}].x`), block.after(`points[${2n ** 63n}].y`)]).toEqual([4n, -5n]);
  });

  test("can be an account that coin is paid to", async () => {
    const pair = await ledger([call("wallet", 1n, account(CAROL)), { from: ALICE, func: "fund", args: [], value: 100n }]);
    const before = pair.balanceOf(account(CAROL));
    const block = await pair.run([
      call("payTo", 1n, 60n),
      call("payTo", 1n, 60n),
      call("wallet", 1n, account(BOB)),
      call("payTo", 1n, 40n),
    ]);
    expect(block.statuses).toEqual(["success", "reverted", "success", "success"]);
    expect([pair.balanceOf(account(CAROL)) - before, pair.balanceOf(account(BOB))]).toEqual([60n, 40n]);
  });

  test("can be a hash", async () => {
    const pair = await ledger([call("point", 1n, 5n)]);
    const block = await pair.run([call("rename", 5n, 3n), call("renameAt", 1n, 4n), call("rename", 6n, 9n)]);
    const names = block.changes.filter((change) => change.cell.startsWith("names["));
    expect(names.map((change) => [change.before, change.after])).toEqual(
      expect.arrayContaining([
        ["0x", `0x${"45".repeat(4)}`],
        ["0x", `0x${"4a".repeat(9)}`],
      ]),
    );
    expect(names).toHaveLength(2);
    expect(names.map((change) => change.cell)).toContain(`names[${keccak256(toBytes("FFFFF"))}]`);
  });
});

describe("a failed call", () => {
  test("takes back what it did under keys of its own", async () => {
    const pair = await ledger([call("point", 1n, 2n), call("bump", 1n, 100n)]);
    const block = await pair.run([call("bump", 1n, 7n), call("bump", 1n, 4n), call("bump", 1n, 2n ** 64n - 1n)]);
    expect(block.statuses).toEqual(["reverted", "success", "reverted"]);
    expect(block.changes.find((change) => change.cell === "data[2]")).toMatchObject({ before: 100n, after: 104n });
  });
});

describe("the journal", () => {
  test.each(["serial", "parallel"] as const)("takes back a discarded %s block, cells of exec included", async (mode) => {
    const hand = await openHand("ledger", [], { workers: 2 });
    try {
      const { chain } = hand;
      await chain.run(hand.block([call("point", 1n, 2n), call("bump", 1n, 100n)]), { time: 1n, mode: "serial", trace: false });
      const digest = chain.digest();
      const calls = [call("walk", 30n), call("bump", 1n, 4n), call("both", 3n, 1n), call("place", 1n, 8n, 1n), call("spread", 0n, 50n)];
      const result = await chain.execute(hand.block(calls), { time: 2n, mode, trace: false });
      const changes = result.changedCells().filter((change) => change.cell.startsWith("data["));
      expect(changes.find((change) => change.cell === "data[2]")?.before).toBe(100n);
      // The committed state can be read while the block is pending.
      expect(hand.view("dataOf", [2n])).toBe(100n);
      expect(hand.view("peek", [1n])).toBe(100n);
      chain.discard();
      expect(chain.digest()).toBe(digest);
    } finally {
      await hand.chain.close();
    }
  });

  test("shows each changed cell once, and the view of a wide write changes nothing", async () => {
    const hand = await openHand("ledger", [], {});
    try {
      const result = await hand.chain.run(hand.block([call("walk", 30n)]), { time: 1n, mode: "parallel", trace: true });
      const cells = result.changedCells().map((change) => change.cell);
      expect(new Set(cells).size).toBe(cells.length);
      expect(result.plannedCells(0)).toEqual([
        { cell: `${hand.contract}|data[*]`, mode: "wide" },
        { cell: `${hand.contract}|data[*]`, mode: "wide" },
      ]);
      const digest = hand.chain.digest();
      expect(hand.view("bump", [1n, 8n])).toBe(8n + hand.view("dataOf", [0n]));
      expect(hand.chain.digest()).toBe(digest);
    } finally {
      await hand.chain.close();
    }
  });
});

describe("many new entries", () => {
  test("of calls that plan none of them find room, in every mode", async () => {
    // The many others are there because a large block is planned far ahead, before any of these entries is made.
    const calls = Array.from({ length: 16_400 }, (_, i) => (i < 80 ? call("spread", BigInt(i * 1000), 1000n) : call("flagsOf", 1n)));
    const found = [];
    for (const mode of ["serial", "parallel"] as const) {
      const hand = await openHand("ledger", [], { workers: 2, capacity: 1 << 18 });
      try {
        found.push((await hand.chain.execute(hand.block(calls), { time: 1n, mode, trace: false })).changedCells());
      } finally {
        await hand.chain.close();
      }
    }
    expect(found[0]).toHaveLength(80 * 999 + 1);
    expect(found[1]).toEqual(found[0]);
  });

  test("beyond the capacity end the block, and nothing of it stays", async () => {
    const hand = await openHand("ledger", [], { workers: 2, capacity: 1024 });
    try {
      const digest = hand.chain.digest();
      for (const mode of ["serial", "parallel"] as const) {
        const block = hand.block([call("spread", 0n, 100n), call("spread", 1000n, 1000n)]);
        await expect(hand.chain.execute(block, { time: 1n, mode, trace: false })).rejects.toThrow("out of reserved memory");
        expect(hand.chain.digest()).toBe(digest);
      }
    } finally {
      await hand.chain.close();
    }
  });
});
