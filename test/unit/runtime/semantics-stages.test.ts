/** Rules S1 to S4, P1, T1 to T4, each with the block that breaks it when the rule is dropped. */
import { afterEach, describe, expect, test } from "vitest";
import { account } from "../../helpers/hand-chain.ts";
import type { Pair } from "../../helpers/hand-pair.ts";
import { ALICE, BOB, CAROL, EVE, openPair } from "../../helpers/hand-pair.ts";

const opened: Pair[] = [];

async function registry(points: Readonly<Record<number, bigint>>): Promise<Pair> {
  const setup = Object.entries(points).flatMap(([who, amount]) => [
    { from: 0, func: "assign", args: [BigInt(who), account(Number(who))] },
    { from: 0, func: "award", args: [BigInt(who), amount] },
  ]);
  const pair = await openPair("registry", [], [...setup, { from: 0, func: "fund", args: [0n], value: 504n }]);
  opened.push(pair);
  return pair;
}

async function counter(): Promise<Pair> {
  const pair = await openPair("counter", [], []);
  opened.push(pair);
  return pair;
}

afterEach(async () => {
  for (const pair of opened.splice(0)) await pair.close();
});

describe("S1: keys read from state", () => {
  test("a call whose key an earlier call changes is waited for by all later ones of the field", async () => {
    const pair = await registry({ [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "assign", args: [1n, account(BOB)] },
      { from: EVE, func: "zero", args: [1n] },
      { from: EVE, func: "double", args: [account(BOB)] },
    ]);
    expect(block.returned(2)).toBe(0n);
    expect(block.stats.unresolved).toBe(1);
    expect(block.stats.edges).toBe(2);
  });

  test("a key that no earlier call may change is known, and nobody waits", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "award", args: [BigInt(ALICE), 5n] },
      { from: EVE, func: "award", args: [BigInt(BOB), 5n] },
      { from: EVE, func: "award", args: [BigInt(ALICE), 5n] },
    ]);
    expect(block.stats.unresolved).toBe(0);
    expect(block.stats.edges).toBe(0);
  });

  test("a call with an unknown key waits for all earlier ones of the field and folds their sums", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "award", args: [BigInt(BOB), 5n] },
      { from: EVE, func: "award", args: [BigInt(BOB), 6n] },
      { from: EVE, func: "award", args: [BigInt(BOB), 7n] },
      { from: EVE, func: "assign", args: [9n, account(BOB)] },
      { from: EVE, func: "audit", args: [9n] },
      { from: EVE, func: "award", args: [BigInt(BOB), 8n] },
      { from: EVE, func: "audit", args: [9n] },
    ]);
    expect(block.returned(4)).toBe(118n);
    expect(block.returned(6)).toBe(126n);
    // The first audit waits for three awards and the assignment, the fourth award for that audit, the last audit for that award and the assignment.
    expect(block.stats.edges).toBe(7);
  });

  test("the native coin can be reached by an unknown key too", async () => {
    const pair = await registry({});
    const block = await pair.run([
      { from: ALICE, func: "fund", args: [0n], value: 11n },
      { from: EVE, func: "assign", args: [1n, account(BOB)] },
      { from: EVE, func: "payout", args: [1n, 510n] },
      { from: EVE, func: "payout", args: [1n, 6n] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "success", "reverted"]);
    expect(pair.balanceOf(account(BOB))).toBe(510n);
  });

  test("what an unknown key wrote is taken back when the block is discarded, and told as a change", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "assign", args: [9n, account(BOB)] },
      { from: EVE, func: "zero", args: [9n] },
      { from: EVE, func: "annotate", args: [9n, 9n] },
      { from: EVE, func: "award", args: [9n, 3n] },
      { from: EVE, func: "spend", args: [account(ALICE), 30n] },
    ]);
    expect(block.changes.find((change) => change.cell === `points[${account(ALICE)}]`)).toMatchObject({ before: 100n, after: 70n });
    expect(block.after(`points[${account(BOB)}]`)).toBe(3n);
    expect(block.changes.find((change) => change.cell === `points[${account(BOB)}]`)?.before).toBe(100n);
    expect(block.after(`notes[${account(BOB)}]`)).toBe(`0x${"4a".repeat(9)}`);
  });
});

describe("S2: the cell a key was read from", () => {
  test("is held until the call ends: a later change of it waits", async () => {
    const pair = await registry({ [ALICE]: 100n });
    const block = await pair.run([
      { from: EVE, func: "award", args: [BigInt(ALICE), 5n] },
      { from: EVE, func: "assign", args: [BigInt(ALICE), account(CAROL)] },
    ]);
    expect(block.returned(0)).toBe(BigInt(account(ALICE)));
    expect(block.stats.edges).toBe(1);
  });
});

describe("S3: a debit before the require that would refine its key", () => {
  test("keeps the staged key", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 100n });
    const block = await pair.run([
      { from: BOB, func: "settle", args: [BigInt(ALICE), 101n] },
      { from: BOB, func: "settle", args: [BigInt(ALICE), 10n] },
      { from: ALICE, func: "settle", args: [BigInt(ALICE), 10n] },
      { from: EVE, func: "assign", args: [BigInt(BOB), account(CAROL)] },
      { from: CAROL, func: "settle", args: [BigInt(BOB), 10n] },
    ]);
    expect(block.receipts[0].data.length).toBe(36);
    expect(block.receipts[1].data.length).toBe(0);
    expect(block.statuses).toEqual(["reverted", "reverted", "success", "success", "reverted"]);
    expect(block.after(`points[${account(ALICE)}]`)).toBe(91n);
  });
});

describe("S4: a read after an own write", () => {
  test("sees what was written when the keys are equal", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "link", args: [BigInt(ALICE), account(CAROL), BigInt(ALICE)] },
      { from: EVE, func: "link", args: [BigInt(BOB), account(CAROL), BigInt(ALICE)] },
    ]);
    expect(block.after(`points[${account(CAROL)}]`)).toBe(2n);
    expect(block.after(`points[${account(ALICE)}]`)).toBeUndefined();
  });
});

describe("P1: a term that fails in the plan", () => {
  test("ends the planned path, and the call fails as it would serially", async () => {
    const pair = await registry({});
    const block = await pair.run([
      { from: ALICE, func: "reserve", args: [9n] },
      { from: BOB, func: "reserve", args: [9n] },
      { from: CAROL, func: "reserve", args: [10n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "reverted", "success"]);
    expect(Buffer.from(block.receipts[0].data).toString("hex")).toBe(`4e487b71${(0x11).toString(16).padStart(64, "0")}`);
    expect(block.stats.edges).toBe(0);
  });
});

describe("T1 and T4: numbers of a sequence", () => {
  test("are drawn on entry, before guards: a failed call leaves a gap", async () => {
    const pair = await counter();
    const block = await pair.run([
      { from: EVE, func: "propose", args: [0n] },
      { from: ALICE, func: "propose", args: [1n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "success"]);
    expect(block.returned(1)).toBe(1n);
    expect(block.stats.edges).toBe(0);
  });

  test("name ordinary cells: votes before and after the proposal of that number are told apart", async () => {
    const pair = await counter();
    const block = await pair.run([
      { from: BOB, func: "vote", args: [0n] },
      { from: ALICE, func: "propose", args: [1n] },
      { from: BOB, func: "vote", args: [0n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "success", "success"]);
    expect(block.stats.edges).toBe(2);
  });

  test("aren't drawn by calls that can't pay for their bound", async () => {
    const pair = await counter();
    const block = await pair.run([
      { from: EVE, func: "propose", args: [1n], gasLimit: 19n },
      { from: ALICE, func: "propose", args: [1n], gasLimit: 20n },
    ]);
    expect(block.statuses).toEqual(["reverted", "success"]);
    expect(block.returned(1)).toBe(0n);
  });

  test("are drawn in loops, one per round", async () => {
    const pair = await counter();
    const block = await pair.run([
      { from: EVE, func: "many", args: [3n] },
      { from: EVE, func: "many", args: [2n] },
    ]);
    expect([block.returned(0), block.returned(1)]).toEqual([3n, 7n]);
  });
});
