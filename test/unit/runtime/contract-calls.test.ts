/** Calls between contracts, with every way of running a block: the same receipts, changes and state (see helpers/relays.ts). */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hex } from "../../../runtime/types.ts";
import { selectorOf } from "../../../runtime/values/keccak.ts";
import { createAddress } from "../../../runtime/create-address.ts";
import { account } from "../../helpers/hand-chain.ts";
import type { Relays } from "../../helpers/relays.ts";
import { COIN, openRelays } from "../../helpers/relays.ts";

const A = 0;
const B = 1;
const C = 2;
const D = 3;
const [ALICE, BOB, CAROL] = [account(1), account(2), account(3)];

function revertOf(signature: string, ...words: readonly bigint[]): string {
  const hex = [selectorOf(signature).toString(16).padStart(8, "0"), ...words.map((word) => word.toString(16).padStart(64, "0"))];
  return `reverted ${hex.join("")}`;
}
const EMPTY = "reverted ";

let relays: Relays;
const at = (index: number): Hex => relays.contracts[index];

beforeAll(async () => {
  relays = await openRelays(18);
});
afterAll(() => relays.close());

const fresh = (): void => {
  beforeAll(async () => {
    await relays.close();
    relays = await openRelays(18);
  });
};

describe("a call of another contract", () => {
  fresh();
  it("changes the callee's cells, logs in its name, and gives back what it returns", async () => {
    const { outcomes, receipts, changes } = await relays.run([{ from: 1, to: A, func: "relayAdd", args: [at(D), BOB, 7n] }]);
    expect(outcomes).toEqual([7n]);
    expect(receipts[0].logs).toHaveLength(1);
    expect(receipts[0].logs[0].address).toBe(at(D));
    // The caller that the callee sees is the contract.
    expect(receipts[0].logs[0].topics[2].slice(-40)).toBe(at(A).slice(2));
    expect(changes.filter(({ contract }) => contract === at(D)).map(({ cell, after }) => [cell, after])).toEqual([
      [`points[${BOB}]`, 7n],
      ["total", 7n],
    ]);
    // Its own bound and the callee's.
    expect(receipts[0].cost).toBe(20n);
  });

  it("runs beside others where their cells differ, and adds to one cell without waiting", async () => {
    const { result, outcomes } = await relays.run([
      { from: 1, to: A, func: "relayAdd", args: [at(D), BOB, 1n] },
      { from: 2, to: B, func: "relayAdd", args: [at(D), BOB, 2n] },
      { from: 3, to: C, func: "relayAdd", args: [at(D), CAROL, 3n] },
    ]);
    expect(outcomes).toEqual([1n, 2n, 3n]);
    expect(result.stats.waiting).toBe(0);
    expect(result.stats.uncleared).toBe(0);
  });

  it("reverts as the callee does, with its data, and leaves nothing of the caller either", async () => {
    const { outcomes, changes } = await relays.run([
      { from: 1, to: A, func: "hop", args: [[at(B)], 1n] },
      { from: 1, to: A, func: "relayAdd", args: [at(D), BOB, 1001n] },
    ]);
    expect(outcomes[1]).toBe(revertOf("Panic(uint256)", 0x11n));
    expect(changes.some(({ contract, cell }) => contract === at(D) && cell === "total")).toBe(false);
  });

  it.each<[string, string, () => Hex]>([
    ["no code", "relayAdd", () => BOB],
    ["other results than expected", "relayWrong", () => at(D)],
    ["a function that isn't a view where one is expected", "relayView", () => at(D)],
  ])("reverts with empty data for %s", async (_, func, target) => {
    const { outcomes } = await relays.run([{ from: 1, to: A, func, args: [target(), BOB, 1n] }]);
    expect(outcomes).toEqual([EMPTY]);
  });

  it("of itself or of who waits for it is refused", async () => {
    const { outcomes } = await relays.run([
      { from: 1, to: A, func: "hop", args: [[at(A)], 1n] },
      { from: 2, to: A, func: "hop", args: [[at(B), at(C), at(A)], 1n] },
      // Finished calls aren't active.
      { from: 3, to: A, func: "diamond", args: [at(B), at(C), at(D), BOB] },
    ]);
    expect(outcomes.slice(0, 2)).toEqual([revertOf("Reentrancy()"), revertOf("Reentrancy()")]);
    expect(outcomes[2]).toBeTypeOf("bigint");
  });

  it("goes 16 contracts deep, and no deeper", async () => {
    const path = relays.contracts.slice(1, 17);
    const { outcomes, receipts } = await relays.run([
      { from: 1, to: A, func: "hop", args: [path.slice(0, 15), 1n] },
      { from: 2, to: A, func: "hop", args: [path, 1n] },
    ]);
    expect(outcomes).toEqual([16n, revertOf("CallTooDeep()")]);
    expect(receipts[0].cost).toBe(160n);
  });

  it("runs out of gas where the bounds reached exceed the limit, and pays for all of it", async () => {
    const calls = [49n, 50n].map((gasLimit, i) => ({
      from: 1 + i,
      to: A,
      func: "hop",
      args: [[at(B), at(C), at(D), at(4)], 1n],
      gasLimit,
      gasPrice: 2n,
    }));
    const { outcomes, receipts } = await relays.run(calls);
    expect(outcomes).toEqual([revertOf("OutOfGas()"), 5n]);
    expect(receipts.map(({ cost }) => cost)).toEqual([49n, 50n]);
  });
});

describe("what a call passes on", () => {
  fresh();
  it("may depend on earlier calls: the amount does, the key doesn't, so nothing else waits", async () => {
    const { outcomes, result } = await relays.run([
      { from: 1, to: B, func: "add", args: [BOB, 5n] },
      { from: 2, to: B, func: "relayTotal", args: [at(D), CAROL] },
      { from: 3, to: C, func: "relayAdd", args: [at(4), CAROL, 1n] },
    ]);
    expect(outcomes).toEqual([5n, 5n, 1n]);
    expect(result.stats.waiting).toBe(1);
  });

  it("may be a key that depends on earlier calls: then the call runs alone", async () => {
    const { outcomes, changes } = await relays.run([
      { from: 1, to: A, func: "setNext", args: [CAROL] },
      { from: 2, to: A, func: "relayWho", args: [at(D), 4n] },
      { from: 3, to: B, func: "relayAdd", args: [at(D), CAROL, 1n] },
    ]);
    expect(outcomes.slice(1)).toEqual([4n, 1n]);
    expect(changes.find(({ contract, cell }) => contract === at(D) && cell.includes(CAROL))).toMatchObject({ before: 5n, after: 10n });
  });

  it("may be the very contract that is called", async () => {
    const { outcomes } = await relays.run([
      { from: 1, to: A, func: "setNext", args: [at(C)] },
      { from: 2, to: A, func: "relayNext", args: [BOB, 4n] },
      { from: 3, to: A, func: "setNext", args: [at(A)] },
      { from: 1, to: A, func: "relayNext", args: [BOB, 4n] },
      { from: 2, to: A, func: "setNext", args: [BOB] },
      { from: 3, to: A, func: "relayNext", args: [BOB, 4n] },
    ]);
    expect([outcomes[1], outcomes[3], outcomes[5]]).toEqual([4n, revertOf("Reentrancy()"), EMPTY]);
  });
});

describe("a contract called twice in one transaction", () => {
  fresh();
  it("shows the second call what the first one did", async () => {
    const { outcomes } = await relays.run([{ from: 1, to: A, func: "diamond", args: [at(B), at(C), at(D), BOB] }]);
    expect(outcomes).toEqual([3n]);
  });

  it("may be given the key of the second by the first", async () => {
    const { outcomes, changes } = await relays.run([
      { from: 1, to: A, func: "steer", args: [at(D), BOB, 4n] },
      { from: 2, to: B, func: "steer", args: [at(D), CAROL, 5n] },
      { from: 3, to: C, func: "steer", args: [at(D), ALICE, 13n] },
      { from: 1, to: D, func: "addNext", args: [6n] },
    ]);
    expect(outcomes).toEqual([4n, 5n, EMPTY, 6n]);
    const points = (who: Hex): unknown => changes.find(({ contract, cell }) => contract === at(D) && cell === `points[${who}]`)?.after;
    expect([points(BOB), points(CAROL), points(ALICE)]).toEqual([7n, 11n, undefined]);
  });

  it("plans a bounded part of it ahead, however often they call each other", async () => {
    const path = relays.contracts.slice(1, 12);
    const started = performance.now();
    const { outcomes, receipts } = await relays.run([
      { from: 1, to: A, func: "fan", args: [path, 1n] },
      { from: 2, to: 17, func: "fan", args: [relays.contracts.slice(1, 16), 1n], gasLimit: 2000n },
      { from: 3, to: 13, func: "add", args: [BOB, 1n] },
    ]);
    expect(outcomes).toEqual([4095n, revertOf("OutOfGas()"), 1n]);
    expect(receipts[0].cost).toBe(40_950n);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("numbers of another contract", () => {
  fresh();
  it("are drawn on entry where the target reads no state, and gaps where they aren't reached", async () => {
    const { outcomes } = await relays.run([
      { from: 1, to: A, func: "relayPropose", args: [at(D), 0n] },
      { from: 2, to: B, func: "relayPropose", args: [at(D), 13n] },
      { from: 3, to: D, func: "propose", args: [] },
    ]);
    expect(outcomes).toEqual([1n, EMPTY, 4n]);
  });

  it("can't be drawn by who is known at run time only", async () => {
    const { outcomes } = await relays.run([
      { from: 1, to: A, func: "setNext", args: [at(D)] },
      { from: 2, to: A, func: "nextPropose", args: [] },
      { from: 3, to: D, func: "propose", args: [] },
    ]);
    expect(outcomes.slice(1)).toEqual([revertOf("DynamicTicket()"), 5n]);
  });

  it("are drawn behind a call that is sure to fail, as gaps", async () => {
    const { outcomes } = await relays.run([
      { from: 1, to: D, func: "relayPropose", args: [at(D), 0n] },
      { from: 2, to: D, func: "relayPropose", args: [BOB, 0n] },
      { from: 3, to: D, func: "propose", args: [] },
    ]);
    expect(outcomes).toEqual([revertOf("Reentrancy()"), EMPTY, 6n]);
  });
});

describe("a raw call", () => {
  fresh();
  it("takes coin along, from the caller's own", async () => {
    const fund = (n: bigint): Uint8Array => relays.data("fund", [n]);
    const { outcomes } = await relays.run([
      { from: 1, to: A, func: "fund", args: [1n], value: 100n },
      { from: 2, to: A, func: "forward", args: [at(D), 60n, fund(2n)] },
      { from: 3, to: A, func: "forward", args: [at(D), 60n, fund(2n)] },
      { from: 1, to: A, func: "forward", args: [at(D), 40n, fund(2n)], gasPrice: 1n, gasLimit: 1000n },
    ]);
    expect(outcomes.map((outcome) => typeof outcome)).toEqual(["bigint", "bigint", "string", "bigint"]);
    expect(outcomes[2]).toBe(revertOf("InsufficientFunds(uint256)", 60n));
    for (const chain of relays.chains) {
      expect([chain.balanceOf(at(A)), chain.balanceOf(at(D)), chain.balanceOf(ALICE)]).toEqual([0n, 100n, COIN - 100n - 20n]);
    }
  });

  it("gives back the encoded results", async () => {
    const { receipts } = await relays.run([{ from: 2, to: A, func: "forward", args: [at(D), 0n, relays.data("add", [BOB, 9n])] }]);
    expect(Buffer.from(receipts[0].data).toString("hex").slice(128)).toBe(9n.toString(16).padStart(64, "0"));
  });

  it("reverts with empty data when nothing there takes this data or the coin", async () => {
    const add = relays.data("add", [BOB, 9n]);
    const { outcomes } = await relays.run([
      { from: 1, to: A, func: "fund", args: [1n], value: 100n },
      { from: 2, to: A, func: "forward", args: [at(D), 0n, add.subarray(0, 3)] },
      { from: 2, to: A, func: "forward", args: [at(D), 0n, add.subarray(0, 67)] },
      { from: 2, to: A, func: "forward", args: [at(D), 0n, Uint8Array.from([9, 9, 9, 9])] },
      { from: 2, to: A, func: "forward", args: [at(D), 5n, add] },
      { from: 2, to: A, func: "forward", args: [BOB, 0n, add] },
    ]);
    expect(outcomes.slice(1)).toEqual([EMPTY, EMPTY, EMPTY, EMPTY, EMPTY]);
  });
});

describe("a contract made by a call", () => {
  fresh();
  it("has the address of its creator and the creator's counter, and can be called in the same block", async () => {
    const first = createAddress(at(A), 1n);
    const second = createAddress(at(A), 2n);
    const { outcomes, changes } = await relays.run([
      { from: 1, to: first, func: "total", args: [] },
      { from: 1, to: B, func: "add", args: [BOB, 1n] },
      { from: 2, to: A, func: "make", args: [7n] },
      { from: 3, to: first, func: "add", args: [BOB, 2n] },
      { from: 1, to: A, func: "make", args: [13n] },
      { from: 2, to: second, func: "total", args: [] },
      { from: 3, to: A, func: "make", args: [8n] },
      { from: 1, to: B, func: "relayAdd", args: [second, CAROL, 3n] },
    ]);
    expect(outcomes).toEqual([EMPTY, 1n, BigInt(first), 2n, EMPTY, EMPTY, BigInt(second), 3n]);
    const shown = changes.filter(({ cell }) => cell.startsWith("nonce") && [at(A), first, second].some((each) => cell.includes(each)));
    expect(shown.map(({ before, after }) => [before, after]).sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      [0n, 1n],
      [0n, 1n],
      [1n, 3n],
    ]);
    for (const chain of relays.chains) {
      const view = chain.view({ from: BOB, to: second, data: relays.data("total", []), value: 0n });
      expect([view.status, view.data[31]]).toEqual(["success", 16]);
      expect(chain.nonceOf(at(A))).toBe(3n);
    }
  });

  it("isn't kept by a view, nor by a block that is discarded", async () => {
    const third = createAddress(at(A), 3n);
    for (const chain of relays.chains) {
      const before = chain.digest();
      expect(chain.view({ from: BOB, to: at(A), data: relays.data("make", [1n]), value: 0n }).status).toBe("success");
      expect(chain.view({ from: BOB, to: third, data: relays.data("total", []), value: 0n }).status).toBe("reverted");
      expect(chain.digest()).toBe(before);
    }
    await relays.run([{ from: 1, to: A, func: "make", args: [1n] }]);
  });
});
