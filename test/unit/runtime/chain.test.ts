import { afterEach, describe, expect, test } from "vitest";
import type { Hand } from "../../helpers/hand-chain.ts";
import { account, openHand } from "../../helpers/hand-chain.ts";

const opened: Hand[] = [];

async function open(...args: Parameters<typeof openHand>): Promise<Hand> {
  const hand = await openHand(...args);
  opened.push(hand);
  return hand;
}

afterEach(async () => {
  for (const hand of opened.splice(0)) await hand.chain.close();
});

describe("a chain", () => {
  test("runs a block of transfers serially and answers views", async () => {
    const hand = await open("token", [1_000_000n], {});
    const block = hand.block([
      { from: 0, func: "mint", args: [account(1), 1000n] },
      { from: 1, func: "transfer", args: [account(2), 250n] },
      { from: 1, func: "transfer", args: [account(2), 751n] },
      { from: 1, func: "mint", args: [account(2), 751n] },
    ]);
    const result = await hand.chain.run(block, { time: 1n, mode: "serial", trace: false });
    expect([0, 1, 2, 3].map((call) => result.receipts.at(call).status)).toEqual(["success", "success", "reverted", "reverted"]);
    expect(hand.view("balanceOf", [account(1)])).toBe(750n);
    expect(hand.view("balanceOf", [account(2)])).toBe(250n);
    expect(result.receipts.at(1).logs).toHaveLength(1);
    expect(result.receipts.at(1).cost).toBe(20n);
    expect(hand.chain.height).toBe(2n);
  });

  test("gives the same in parallel with workers", async () => {
    const serial = await open("token", [1_000_000n], {});
    const parallel = await open("token", [1_000_000n], { workers: 2, delay: () => 0 });
    const calls = [
      { from: 0, func: "mint", args: [account(1), 1000n] },
      { from: 1, func: "transfer", args: [account(2), 250n] },
      { from: 1, func: "transfer", args: [account(2), 751n] },
      { from: 2, func: "transfer", args: [account(1), 51n] },
    ] as const;
    const a = await serial.chain.run(serial.block(calls), { time: 1n, mode: "serial", trace: false });
    const b = await parallel.chain.run(parallel.block(calls), { time: 1n, mode: "parallel", trace: false });
    for (let call = 0; call < calls.length; call++) expect(b.receipts.at(call)).toEqual(a.receipts.at(call));
    expect(parallel.chain.digest()).toBe(serial.chain.digest());
  });
});
