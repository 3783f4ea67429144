/** Values of past blocks: what calls and views find, and what is left of blocks that aren't committed. */
import { afterEach, describe, expect, test } from "vitest";
import type { Chain, Mode } from "../../../runtime/types.ts";
import { History, createHistory } from "../../../runtime/state/history.ts";
import type { Column } from "../../../runtime/state/column.ts";
import { createColumn, writeBig } from "../../../runtime/state/column.ts";
import type { Hand, HandCall } from "../../helpers/hand-chain.ts";
import { openHand } from "../../helpers/hand-chain.ts";

const opened: Chain[] = [];

async function ledger(options: Parameters<typeof openHand>[2] = {}): Promise<Hand> {
  const hand = await openHand("ledger", [], options);
  opened.push(hand.chain);
  return hand;
}

afterEach(async () => {
  for (const chain of opened.splice(0)) await chain.close();
});

const call = (func: string, ...args: readonly bigint[]): HandCall => ({ from: 1, func, args });

async function run(hand: Hand, calls: readonly HandCall[], mode: Mode = "serial"): Promise<void> {
  await hand.chain.run(hand.block(calls), { time: 1n, mode, trace: false });
}

/** What a call at the present end of the chain finds for a height; undefined when it reverts. */
async function found(hand: Hand, func: string, args: readonly bigint[], mode: Mode = "serial"): Promise<bigint | undefined> {
  const result = await hand.chain.execute(hand.block([call(func, ...args)]), { time: 1n, mode, trace: false });
  const { status, data } = result.receipts.at(0);
  hand.chain.discard();
  return status === "success" ? BigInt.asIntN(256, BigInt(`0x${Buffer.from(data).toString("hex")}`)) : undefined;
}

describe("past values", () => {
  test("are those at the end of each block, in calls of any mode", async () => {
    // The contract is deployed in block 1.
    const hand = await ledger({ workers: 2 });
    await run(hand, [call("weigh", 7n, 10n), call("weigh", 7n, 20n)]);
    await run(hand, [call("weigh", 8n, 1n)]);
    await run(hand, [call("gain", 7n, 5n), call("gain", 7n, 1n)], "parallel");
    for (const mode of ["serial", "parallel"] as const) {
      const values = [];
      for (let height = 0n; height <= 5n; height++) values.push(await found(hand, "weightAt", [7n, height], mode));
      expect(values).toEqual([0n, 0n, 20n, 20n, 26n, undefined]);
      expect(await found(hand, "weightAt", [9n, 4n], mode)).toBe(0n);
    }
  });

  test("of signed cells keep their sign, and those of a constructor count", async () => {
    const hand = await ledger();
    await run(hand, [call("weigh", 1n, 0n)]);
    for (let block = 0; block < 25; block++) await run(hand, [call("weigh", 1n, 0n)]);
    expect(await found(hand, "totalAt", [0n])).toBe(0n);
    expect(await found(hand, "totalAt", [1n])).toBe(100n);
    expect(await found(hand, "totalAt", [2n])).toBe(95n);
    expect(await found(hand, "totalAt", [27n])).toBe(-30n);
  });

  test("of the present block and later ones are an index out of bounds", async () => {
    const hand = await ledger();
    await run(hand, [call("weigh", 1n, 4n)]);
    const block = hand.block([call("weightAt", 1n, 3n)]);
    const result = await hand.chain.execute(block, { time: 1n, mode: "serial", trace: false });
    expect(Buffer.from(result.receipts.at(0).data).toString("hex")).toBe(`4e487b71${(0x32).toString(16).padStart(64, "0")}`);
    hand.chain.discard();
    expect(await found(hand, "weightAt", [1n, 2n ** 64n - 1n])).toBeUndefined();
  });

  test("are no accesses: writers of the cell neither wait nor are waited for", async () => {
    const hand = await ledger({ workers: 2 });
    await run(hand, [call("weigh", 1n, 4n), call("point", 3n, 1n)]);
    const calls = [call("gain", 1n, 2n), call("weightAt", 1n, 2n), call("gain", 1n, 2n), call("stagedAt", 3n, 2n), call("wideAt", 3n, 2n)];
    const result = await hand.chain.run(hand.block(calls), { time: 1n, mode: "parallel", trace: false });
    expect(result.stats.edges).toBe(0);
    for (const at of [1, 3, 4]) expect(BigInt(`0x${Buffer.from(result.receipts.at(at).data).toString("hex")}`)).toBe(4n);
  });

  test("are found by keys that earlier calls of the block change, and by keys of exec", async () => {
    for (const mode of ["serial", "parallel"] as const) {
      const hand = await ledger({ workers: 2 });
      await run(hand, [call("weigh", 1n, 4n), call("weigh", 2n, 8n)]);
      const calls = [
        call("point", 3n, 2n),
        call("stagedAt", 3n, 2n),
        call("wideAt", 3n, 2n),
        call("point", 3n, 1n),
        call("stagedAt", 3n, 2n),
      ];
      const result = await hand.chain.run(hand.block(calls), { time: 1n, mode, trace: false });
      const data = [1, 2, 4].map((at) => BigInt(`0x${Buffer.from(result.receipts.at(at).data).toString("hex")}`));
      expect(data).toEqual([8n, 8n, 4n]);
    }
  });

  test("give no way to the cell itself", async () => {
    const hand = await ledger();
    await expect(run(hand, [call("cheat", 1n)])).rejects.toThrow("footprint violation");
  });
});

describe("blocks that aren't committed", () => {
  test("leave no past values, and views see those of the committed state meanwhile", async () => {
    const hand = await ledger({ workers: 2 });
    await run(hand, [call("weigh", 1n, 4n)]);
    await run(hand, []);
    const digest = hand.chain.digest();
    for (const mode of ["serial", "parallel"] as const) {
      await hand.chain.execute(hand.block([call("weigh", 1n, 8n), call("gain", 2n, 8n)]), { time: 1n, mode, trace: false });
      expect(hand.view("weightAt", [1n, 2n])).toBe(4n);
      expect(hand.chain.digest()).toBe(digest);
      hand.chain.discard();
      expect(hand.chain.digest()).toBe(digest);
    }
    await run(hand, []);
    expect(await found(hand, "weightAt", [1n, 3n])).toBe(4n);
    expect(await found(hand, "weightAt", [2n, 3n])).toBe(0n);
  });

  test("nor do calls that fail, or writes of what was there", async () => {
    const idle = await ledger();
    const busy = await ledger({ workers: 2 });
    for (const hand of [idle, busy]) await run(hand, [call("weigh", 1n, 4n)]);
    await run(idle, [call("weightAt", 1n, 2n), call("weightAt", 1n, 2n), call("weightAt", 1n, 2n)]);
    await run(busy, [call("weigh", 1n, 7n), call("gain", 1n, 0n), call("gain", 2n, 0n)], "parallel");
    expect(busy.chain.digest()).toBe(idle.chain.digest());
    expect(await found(busy, "weightAt", [1n, 3n])).toBe(4n);
  });

  test("nor do cells that are back at the block's start in its end, wherever it wrote down their values", async () => {
    const serial = await ledger();
    const parallel = await ledger({ workers: 2 });
    for (const hand of [serial, parallel]) {
      await run(hand, [call("weigh", 1n, 4n)]);
      // The keys of the writes are known only when they run: the journal has each of the values in between.
      const calls = [call("point", 3n, 1n), call("weighStaged", 3n, 8n), call("weighStaged", 3n, 6n), call("weighStaged", 3n, 4n)];
      await run(hand, calls, hand === serial ? "serial" : "parallel");
      await run(
        hand,
        [call("point", 3n, 2n), call("weighStaged", 3n, 5n), call("weighStaged", 3n, 9n)],
        hand === serial ? "serial" : "parallel",
      );
    }
    expect(parallel.chain.digest()).toBe(serial.chain.digest());
    expect(await found(parallel, "weightAt", [2n, 4n])).toBe(9n);
  });
});

describe("the digest", () => {
  test("tells apart states that are alike now and weren't before", async () => {
    const straight = await ledger();
    const detour = await ledger();
    await run(straight, [call("weigh", 1n, 0n), call("weigh", 1n, 5n)]);
    await run(straight, [call("weigh", 1n, 5n), call("weigh", 1n, 5n)]);
    await run(detour, [call("weigh", 1n, 5n), call("weigh", 1n, 0n)]);
    await run(detour, [call("weigh", 1n, 5n), call("weigh", 1n, 5n)]);
    expect([...detour.chain.cells()].map(String).sort()).toEqual([...straight.chain.cells()].map(String).sort());
    expect(detour.chain.digest()).not.toBe(straight.chain.digest());
  });

  test("is equal for equal histories, whatever happened inside of the blocks", async () => {
    const straight = await ledger();
    const detour = await ledger({ workers: 2 });
    await run(straight, [call("gain", 1n, 6n), call("gain", 2n, 1n), call("gain", 1n, 0n)]);
    await run(detour, [call("gain", 2n, 1n), call("gain", 1n, 2n), call("gain", 1n, 4n)], "parallel");
    expect(detour.chain.digest()).toBe(straight.chain.digest());
  });
});

describe("checkpoints", () => {
  const make = (capacity: number): { readonly column: Column; readonly history: History } => {
    const column = createColumn(0, "i64", 0, 8);
    return { column, history: new History(createHistory("h", column, capacity), column) };
  };

  test("are found as by looking at all of them, at every height", () => {
    const { column, history } = make(4000);
    const heights: number[] = [];
    for (let i = 0; i < 3000; i++) {
      heights.push((heights[i - 1] ?? 2 ** 33) + 1 + ((i * 7919) % 5));
      writeBig(column, 1 + (i % 2), BigInt(i) - 1500n);
      history.append(1 + (i % 2), heights[i]);
    }
    for (let slot = 1; slot <= 2; slot++) {
      const own = heights.flatMap((height, i) => (1 + (i % 2) === slot ? [{ height, value: BigInt(i) - 1500n }] : []));
      expect([...history.checkpointsOf(slot)].reverse()).toEqual(own);
      let at = -1;
      for (let height = 2 ** 33; height < heights[2999] + 3; height++) {
        while (at + 1 < own.length && own[at + 1].height <= height) at++;
        expect(history.valueAt(slot, height)).toBe(at < 0 ? 0n : own[at].value);
      }
    }
    expect(history.valueAt(3, 2 ** 40)).toBe(0n);
  });

  test("are found in a number of steps that grows with the logarithm of their count", () => {
    const { column, history } = make(4000);
    const count = 5000;
    for (let height = 1; height <= count; height++) {
      writeBig(column, 1, BigInt(height));
      history.append(1, height);
    }
    // Words of a checkpoint of an i64: the one before, the jump, depth, height in two words, value in two; number and height are equal here.
    const words = new Uint32Array(history.buffers.checkpoints);
    let most = 0;
    for (let height = 1; height <= count; height++) {
      let steps = 0;
      for (let at = count; at > height; steps++) at = words[at * 7 + 1] > height ? words[at * 7 + 1] : words[at * 7];
      most = Math.max(most, steps);
      expect(history.valueAt(1, height)).toBe(BigInt(height));
    }
    expect(most).toBeLessThanOrEqual(3 * Math.ceil(Math.log2(count)));
  });

  test("beyond the capacity are refused, before any is made", () => {
    const { column, history } = make(0);
    for (let height = 1; height <= history.capacity; height++) {
      writeBig(column, 1, BigInt(height));
      history.append(1, height);
    }
    expect(() => history.checkRoom(1)).toThrow("out of reserved memory: past values of h");
    expect(() => history.append(1, history.capacity + 1)).toThrow("out of reserved memory");
    expect(history.valueAt(1, history.capacity + 9)).toBe(BigInt(history.capacity));
  });
});
