/** Rules N1 and N2: who is let in, and who pays what. Each with the block that breaks it when the rule is dropped. */
import { afterEach, describe, expect, test } from "vitest";
import { account } from "../../helpers/hand-chain.ts";
import type { Pair } from "../../helpers/hand-pair.ts";
import { ALICE, BOB, CAROL, COIN, EVE, openPair } from "../../helpers/hand-pair.ts";

const opened: Pair[] = [];

async function registry(): Promise<Pair> {
  const pair = await openPair(
    "registry",
    [],
    [
      { from: 0, func: "assign", args: [1n, account(BOB)] },
      { from: 0, func: "fund", args: [0n], value: 504n },
    ],
  );
  opened.push(pair);
  return pair;
}

afterEach(async () => {
  for (const pair of opened.splice(0)) await pair.close();
});

describe("N1: admission", () => {
  test("coin received in a block can't be spent by an account in it", async () => {
    const pair = await registry();
    const block = await pair.run([
      { from: EVE, func: "payout", args: [1n, 100n] },
      { from: BOB, func: "fund", args: [0n], value: 50n },
    ]);
    expect(block.statuses).toEqual(["success", "rejected"]);
    expect(block.receipts[1].rejection).toBe("balance");
    expect(pair.nonceOf(account(BOB))).toBe(0n);
    const next = await pair.run([{ from: BOB, func: "fund", args: [0n], value: 50n }]);
    expect(next.statuses).toEqual(["success"]);
    expect(pair.balanceOf(account(BOB))).toBe(50n);
  });

  test("the balance must cover the most that all admitted calls of the sender may take", async () => {
    const pair = await registry();
    const block = await pair.run([
      { from: ALICE, func: "fund", args: [0n], value: COIN - 100n, gasLimit: 50n, gasPrice: 1n },
      { from: ALICE, func: "fund", args: [0n], value: 51n },
      { from: ALICE, func: "fund", args: [0n], value: 50n, nonceOff: -1n },
      { from: CAROL, func: "fund", args: [0n], value: COIN, gasLimit: 20n, gasPrice: 1n },
    ]);
    // The first took 20 of its 50, but that's known only afterwards.
    expect(block.receipts.map((receipt) => receipt.rejection)).toEqual([undefined, "balance", undefined, "balance"]);
  });

  test("rejected calls step no nonce and pay nothing, reverted ones do both", async () => {
    const pair = await registry();
    const block = await pair.run([
      { from: ALICE, func: "spend", args: [account(BOB), 1n], gasPrice: 2n, gasLimit: 100n },
      { from: ALICE, func: "spend", args: [account(BOB), 1n], gasPrice: 2n, gasLimit: 100n, nonceOff: 1n },
      { from: ALICE, func: "fund", args: [0n], gasPrice: 2n, gasLimit: 100n, value: 3n },
    ]);
    expect(block.statuses).toEqual(["reverted", "rejected", "reverted"]);
    expect(pair.nonceOf(account(ALICE))).toBe(2n);
    expect(pair.balanceOf(account(ALICE))).toBe(COIN - 24n - 40n);
    expect(pair.balanceOf(account(99))).toBe(64n);
  });

  test("the value of a call that fails stays with its sender", async () => {
    const pair = await registry();
    const before = pair.balanceOf(pair.contract);
    await pair.run([
      { from: ALICE, func: "fund", args: [0n], value: 10n },
      { from: ALICE, func: "fund", args: [0n], value: 5n },
    ]);
    // The first one fails in its body.
    expect(pair.balanceOf(account(ALICE))).toBe(COIN - 5n);
    expect(pair.balanceOf(pair.contract)).toBe(before + 5n);
  });

  test("value sent to a function that takes none ends with empty data", async () => {
    const pair = await registry();
    const block = await pair.run([{ from: ALICE, func: "double", args: [account(BOB)], value: 1n }]);
    expect(block.statuses).toEqual(["reverted"]);
    expect(block.receipts[0].data.length).toBe(0);
    expect(pair.balanceOf(account(ALICE))).toBe(COIN);
  });

  test("a contract can't be the sender", async () => {
    const pair = await registry();
    const block = await pair.run([{ from: 0, sender: pair.contract, func: "double", args: [account(BOB)] }]);
    expect(block.receipts[0].rejection).toBe("nonce");
  });
});

describe("N2: cost", () => {
  test("a bound above the gas limit reverts with OutOfGas before anything is done, at the price of the limit", async () => {
    const pair = await registry();
    const block = await pair.run([
      { from: ALICE, func: "assign", args: [1n, account(CAROL)], gasLimit: 9n, gasPrice: 3n },
      { from: EVE, func: "assign", args: [2n, account(CAROL)], gasLimit: 10n },
    ]);
    expect(block.statuses).toEqual(["reverted", "success"]);
    expect(block.receipts.map((receipt) => receipt.cost)).toEqual([9n, 10n]);
    expect(block.receipts[0].data.length).toBe(4);
    expect(block.stats.edges).toBe(0);
    expect(pair.balanceOf(account(ALICE))).toBe(COIN - 27n);
    expect(block.after("holder[1]")).toBeUndefined();
  });
});
