/** Rules E1 to E7 and P2 of the semantics, each with the block that breaks it when the rule is dropped. */
import { afterEach, describe, expect, test } from "vitest";
import { account } from "../../helpers/hand-chain.ts";
import type { Pair } from "../../helpers/hand-pair.ts";
import { ALICE, BOB, CAROL, EVE, openPair } from "../../helpers/hand-pair.ts";

const opened: Pair[] = [];

async function token(balances: Readonly<Record<number, bigint>>): Promise<Pair> {
  const setup = Object.entries(balances).map(([who, amount]) => ({ from: 0, func: "mint", args: [account(Number(who)), amount] }));
  const pair = await openPair("token", [2n ** 255n], setup);
  opened.push(pair);
  return pair;
}

async function registry(points: Readonly<Record<number, bigint>>): Promise<Pair> {
  const setup = Object.entries(points).flatMap(([who, amount]) => [
    { from: 0, func: "assign", args: [BigInt(who), account(Number(who))] },
    { from: 0, func: "award", args: [BigInt(who), amount] },
  ]);
  const pair = await openPair("registry", [], setup);
  opened.push(pair);
  return pair;
}

afterEach(async () => {
  for (const pair of opened.splice(0)) await pair.close();
});

describe("E1: bounds", () => {
  test("a check before a debit of a signed cell bounds it, the type's range does otherwise", async () => {
    const pair = await registry({});
    const block = await pair.run([
      { from: ALICE, func: "lower", args: [1n, 5n] },
      { from: ALICE, func: "rate", args: [1n, -5n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "success"]);
    expect(block.after("ratings[1]")).toBe(-5n);
  });

  test("mints stay within the cap, and those that surely do aren't ordered", async () => {
    const pair = await openPair("token", [100n], []);
    opened.push(pair);
    const block = await pair.run([30n, 30n, 30n, 30n, 10n].map((amount) => ({ from: 0, func: "mint", args: [account(ALICE), amount] })));
    expect(block.statuses).toEqual(["success", "success", "success", "reverted", "success"]);
    // The first three fit whatever happens; the fourth doesn't, and then the interval says 100 at most.
    expect(block.stats.uncleared).toBe(2);
  });
});

describe("E2: intervals", () => {
  test("debits that add up to more than the balance run in order", async () => {
    const pair = await token({ [ALICE]: 100n });
    const block = await pair.run([60n, 30n, 20n, 10n].map((amount) => ({ from: ALICE, func: "transfer", args: [account(BOB), amount] })));
    expect(block.statuses).toEqual(["success", "success", "reverted", "success"]);
    expect(block.stats.uncleared).toBe(2);
  });

  test("a write that may fail leaves any value: a base of 1000 would clear the debit and wrap", async () => {
    const pair = await token({ [ALICE]: 100n });
    const block = await pair.run([
      { from: EVE, func: "set", args: [account(ALICE), 1001n] },
      { from: ALICE, func: "transfer", args: [account(BOB), 500n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "reverted"]);
  });

  test("a write that lowers the cell is no base for later debits either", async () => {
    const pair = await token({ [ALICE]: 1000n });
    const block = await pair.run([
      { from: EVE, func: "set", args: [account(ALICE), 100n] },
      { from: ALICE, func: "transfer", args: [account(BOB), 500n] },
    ]);
    expect(block.statuses).toEqual(["success", "reverted"]);
  });

  test("a credit counts before later debits only as what may have come: lower ends don't rise", async () => {
    const pair = await token({ [ALICE]: 10n, [CAROL]: 100n });
    const block = await pair.run([
      { from: CAROL, func: "creditThenFail", args: [account(ALICE), 51n] },
      { from: ALICE, func: "transfer", args: [account(BOB), 50n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "reverted"]);
  });

  test("one attacker's debit of 2^255 is one barrier: credits after it are still cleared", async () => {
    const pair = await token({ [ALICE]: 100n, [CAROL]: 100n });
    const credits = Array.from({ length: 4 }, () => ({ from: CAROL, func: "transfer", args: [account(ALICE), 1n] }));
    const block = await pair.run([...credits, { from: ALICE, func: "transfer", args: [account(EVE), 2n ** 255n] }, ...credits]);
    expect(block.statuses[4]).toBe("reverted");
    expect(block.stats.uncleared).toBe(1);
    expect(block.after(`balances[${account(ALICE)}]`)).toBe(108n);
  });

  test("sums beyond 2^53 are rounded to the safe side", async () => {
    const start = 2n ** 70n + 3n;
    const pair = await token({ [ALICE]: start });
    const block = await pair.run([
      { from: ALICE, func: "transfer", args: [account(BOB), 2n ** 69n + 1n] },
      { from: ALICE, func: "transfer", args: [account(BOB), 2n ** 69n + 2n] },
      { from: ALICE, func: "transfer", args: [account(BOB), 1n] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "reverted"]);
  });

  test("a debit too small for a double still counts", async () => {
    const pair = await token({ [ALICE]: 2n ** 70n });
    const block = await pair.run([
      { from: ALICE, func: "transfer", args: [account(BOB), 1n] },
      { from: ALICE, func: "transfer", args: [account(BOB), 2n ** 70n] },
    ]);
    expect(block.statuses).toEqual(["success", "reverted"]);
  });

  test("a balance between two doubles counts as the upper one for credits", async () => {
    const pair = await openPair("token", [2n ** 60n], [{ from: 0, func: "mint", args: [account(ALICE), 2n ** 60n - 1n] }]);
    opened.push(pair);
    const block = await pair.run([
      { from: 0, func: "mint", args: [account(BOB), 100n] },
      { from: 0, func: "mint", args: [account(BOB), 1n] },
    ]);
    expect(block.statuses).toEqual(["reverted", "success"]);
  });

  test("a read changes nothing, and sees all credits before it", async () => {
    const pair = await token({ [ALICE]: 100n });
    const send = { from: ALICE, func: "transfer", args: [account(BOB), 10n] };
    const block = await pair.run([send, send, send, { from: EVE, func: "balanceOf", args: [account(BOB)] }, send, send]);
    expect(block.returned(3)).toBe(30n);
    expect(block.stats.uncleared).toBe(0);
  });
});

describe("E3: writes under keys that are unknown before execution", () => {
  test("reset every interval of the field", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "assign", args: [9n, account(BOB)] },
      { from: EVE, func: "zero", args: [9n] },
      { from: EVE, func: "spend", args: [account(BOB), 50n] },
      { from: EVE, func: "spend", args: [account(ALICE), 50n] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "reverted", "success"]);
    expect(block.stats.unresolved).toBe(1);
    expect(block.stats.uncleared).toBe(2);
  });

  test("also those of cells that the block touched before", async () => {
    const pair = await registry({ [BOB]: 100n });
    const block = await pair.run([
      { from: EVE, func: "spend", args: [account(BOB), 10n] },
      { from: EVE, func: "assign", args: [9n, account(BOB)] },
      { from: EVE, func: "zero", args: [9n] },
      { from: EVE, func: "spend", args: [account(BOB), 50n] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "success", "reverted"]);
  });
});

describe("E4: amounts read from cells", () => {
  test("are bounded by what the cell may hold by then, not by what it held at block start", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 700n });
    const block = await pair.run([
      { from: EVE, func: "double", args: [account(ALICE)] },
      { from: EVE, func: "double", args: [account(ALICE)] },
      { from: EVE, func: "copy", args: [account(BOB), account(ALICE)] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "reverted"]);
  });

  test("count at the upper end of the interval after credits", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 850n, [CAROL]: 1n });
    const block = await pair.run([
      { from: EVE, func: "copy", args: [account(CAROL), account(ALICE)] },
      { from: EVE, func: "copy", args: [account(ALICE), account(CAROL)] },
      { from: EVE, func: "copy", args: [account(BOB), account(ALICE)] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "reverted"]);
    expect(block.stats.uncleared).toBe(1);
  });

  test("count with what the call itself has added", async () => {
    const pair = await registry({ [ALICE]: 100n, [BOB]: 700n });
    const block = await pair.run([{ from: EVE, func: "grow", args: [account(BOB), account(ALICE), 300n] }]);
    expect(block.statuses).toEqual(["reverted"]);
  });
});

describe("E5: reads in the error of a debit", () => {
  test("are no reads when the debit is cleared", async () => {
    const pair = await token({ [ALICE]: 100n, [CAROL]: 100n });
    const block = await pair.run([
      { from: CAROL, func: "transfer", args: [account(BOB), 10n] },
      { from: ALICE, func: "spendTelling", args: [account(BOB), 10n] },
    ]);
    expect(block.stats.edges).toBe(0);
  });

  test("tell what serial execution would have found when it isn't", async () => {
    const pair = await token({ [ALICE]: 100n, [CAROL]: 100n });
    const block = await pair.run([
      { from: CAROL, func: "transfer", args: [account(BOB), 10n] },
      { from: CAROL, func: "transfer", args: [account(BOB), 10n] },
      { from: ALICE, func: "spendTelling", args: [account(BOB), 101n] },
      { from: CAROL, func: "transfer", args: [account(BOB), 10n] },
    ]);
    expect(Buffer.from(block.receipts[2].data).toString("hex")).toBe(`0000000b${(20).toString(16).padStart(64, "0")}`);
  });
});

describe("E7: partial sums", () => {
  test("undo of a failed credit leaves those of others", async () => {
    const pair = await token({});
    const credit = (value: bigint): { from: number; func: string; args: (bigint | `0x${string}`)[] } => ({
      from: EVE,
      func: "creditThenFail",
      args: [account(BOB), value],
    });
    const block = await pair.run([credit(2n), credit(5n), credit(8n), credit(5n), credit(8n), credit(7n), credit(8n)]);
    expect(block.after(`balances[${account(BOB)}]`)).toBe(26n);
    expect(block.stats.edges).toBe(0);
  });

  test("calls on many threads add to one cell without losing anything", async () => {
    const pair = await token({});
    const block = await pair.run(
      Array.from({ length: 4000 }, (_, i) => ({ from: EVE, func: "creditThenFail", args: [account(BOB), BigInt(2 + (i % 3))] })),
    );
    const wanted = Array.from({ length: 4000 }, (_, i) => 2 + (i % 3)).filter((value) => value % 2 === 0);
    expect(block.after(`balances[${account(BOB)}]`)).toBe(BigInt(wanted.reduce((sum, value) => sum + value, 0)));
    expect(block.stats.edges).toBe(0);
  });

  test("a credit waits for those who read the cell before", async () => {
    const pair = await token({ [ALICE]: 100n });
    const read = { from: EVE, func: "balanceOf", args: [account(BOB)] };
    const send = { from: ALICE, func: "transfer", args: [account(BOB), 10n] };
    const block = await pair.run([read, read, send, send]);
    expect([block.returned(0), block.returned(1)]).toEqual([0n, 0n]);
    // Both readers for the first credit, and that one for the second.
    expect(block.stats.edges).toBe(3);
  });

  test("negative sums fold as they should", async () => {
    const pair = await token({ [ALICE]: 2n ** 130n, [BOB]: 2n ** 130n });
    const calls = Array.from({ length: 12 }, (_, i) => ({
      from: i % 2 === 0 ? ALICE : BOB,
      func: "transfer",
      args: [account(i % 2 === 0 ? BOB : ALICE), BigInt(i)],
    }));
    const block = await pair.run(calls);
    expect(block.after(`balances[${account(BOB)}]`)).toBe(2n ** 130n - 6n);
    expect(block.stats.edges).toBe(0);
  });
});

describe("P2: accesses of one call to one cell", () => {
  test("loads before stores when both name the same cell", async () => {
    const pair = await token({ [ALICE]: 100n });
    const block = await pair.run([{ from: ALICE, func: "move", args: [account(ALICE), 30n] }]);
    expect(block.after(`balances[${account(ALICE)}]`)).toBe(130n);
  });

  test("a debit of a cell that is read later in the call is ordered and done in place", async () => {
    const pair = await token({ [ALICE]: 100n, [CAROL]: 100n });
    const block = await pair.run([
      { from: CAROL, func: "transfer", args: [account(ALICE), 1n] },
      { from: CAROL, func: "transfer", args: [account(ALICE), 1n] },
      { from: ALICE, func: "spend", args: [account(ALICE), 102n] },
      { from: ALICE, func: "spend", args: [account(ALICE), 101n] },
    ]);
    expect(block.statuses).toEqual(["success", "success", "reverted", "success"]);
  });

  test("two debits of a cell that their calls read too don't run beside each other", async () => {
    const pair = await token({ [ALICE]: 100n });
    // Both would be cleared if they didn't read.
    const spend = { from: ALICE, func: "spend", args: [account(ALICE), 40n] };
    const block = await pair.run([spend, spend]);
    expect(block.statuses).toEqual(["success", "success"]);
    expect(block.stats.edges).toBe(1);
  });

  test("a transfer to oneself moves nothing", async () => {
    const pair = await token({ [ALICE]: 100n });
    const block = await pair.run([100n, 100n, 101n].map((amount) => ({ from: ALICE, func: "transfer", args: [account(ALICE), amount] })));
    expect(block.statuses).toEqual(["success", "success", "reverted"]);
    expect(block.after(`balances[${account(ALICE)}]`)).toBeUndefined();
  });
});
