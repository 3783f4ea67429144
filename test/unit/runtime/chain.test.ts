import { afterEach, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { BlockBuilder, blockBuffer } from "../../../runtime/block.ts";
import { openChain } from "../../../runtime/chain.ts";
import { InternalError } from "../../../runtime/execute/internal-error.ts";
import { HEADER_LENGTH, HEADER_OFFSET } from "../../../runtime/execute/memory.ts";
import { loadModule } from "../../../runtime/load.ts";
import { CapacityError } from "../../../runtime/state/capacity-error.ts";
import type { BlockBuffer, Chain, ChainOptions, LoadedModule } from "../../../runtime/types.ts";
import type { Hand, HandCall } from "../../helpers/hand-chain.ts";
import { account, argWords, callData, openHand } from "../../helpers/hand-chain.ts";

const opened: Chain[] = [];

async function open(...args: Parameters<typeof openHand>): Promise<Hand> {
  const hand = await openHand(...args);
  opened.push(hand.chain);
  return hand;
}

afterEach(async () => {
  for (const chain of opened.splice(0)) await chain.close();
});

const SERIAL = { time: 1n, mode: "serial", trace: false } as const;
const PARALLEL = { time: 1n, mode: "parallel", trace: false } as const;
/** Makes even small blocks go to the workers. */
const SHARED = { workers: 2, delay: (): number => 0 };

const mint = (to: number, amount: bigint): HandCall => ({ from: 0, func: "mint", args: [account(to), amount] });
const send = (from: number, to: number, amount: bigint): HandCall => ({ from, func: "transfer", args: [account(to), amount] });

describe("a chain", () => {
  test("runs blocks and answers views", async () => {
    const hand = await open("token", [1_000_000n], {});
    const result = await hand.chain.run(
      hand.block([mint(1, 1000n), send(1, 2, 250n), send(1, 2, 751n), { ...mint(2, 1n), from: 1 }]),
      SERIAL,
    );
    expect([0, 1, 2, 3].map((call) => result.receipts.at(call).status)).toEqual(["success", "success", "reverted", "reverted"]);
    expect(hand.view("balanceOf", [account(1)])).toBe(750n);
    expect(hand.view("balanceOf", [account(2)])).toBe(250n);
    expect(result.receipts.at(1)).toMatchObject({
      cost: 20n,
      logs: [{ address: hand.contract, topics: [expect.any(String), expect.any(String), expect.any(String)] }],
    });
    expect(hand.chain.height).toBe(2n);
    expect(result.changedCells().map(({ cell, before, after }) => [cell, before, after])).toEqual([
      [`balances[${account(1)}]`, 0n, 750n],
      [`balances[${account(2)}]`, 0n, 250n],
      ["totalSupply", 0n, 1000n],
      [`nonce[${account(0)}]`, 1n, 2n],
      [`nonce[${account(1)}]`, 0n, 3n],
    ]);
  });

  test("answers from the committed state while a block is pending", async () => {
    const hand = await open("token", [1_000_000n], SHARED);
    await hand.chain.run(hand.block([mint(1, 1000n)]), PARALLEL);
    const digest = hand.chain.digest();
    const cells = [...hand.chain.cells()].length;
    await hand.chain.execute(hand.block([send(1, 2, 250n), send(1, 3, 1n)]), PARALLEL);
    expect(hand.view("balanceOf", [account(1)])).toBe(1000n);
    expect(hand.chain.nonceOf(account(1))).toBe(0n);
    expect(hand.chain.digest()).toBe(digest);
    expect([...hand.chain.cells()].length).toBe(cells);
    expect(hand.chain.height).toBe(2n);
    hand.chain.commit();
    expect(hand.view("balanceOf", [account(1)])).toBe(749n);
    expect(hand.chain.nonceOf(account(1))).toBe(2n);
    expect(hand.chain.height).toBe(3n);
  });

  test("a discarded block leaves nothing, and the next one finds the old state", async () => {
    const hand = await open("counter", [], SHARED);
    const digest = hand.chain.digest();
    const calls: HandCall[] = [
      { from: 1, func: "propose", args: [1n] },
      { from: 1, func: "vote", args: [0n] },
      { from: 2, func: "many", args: [3n] },
    ];
    for (let round = 0; round < 3; round++) {
      const result = await hand.chain.execute(hand.block(calls), round === 1 ? SERIAL : PARALLEL);
      expect(result.receipts.at(0).data[31]).toBe(0);
      hand.chain.discard();
      expect(hand.chain.digest()).toBe(digest);
    }
  });

  test("tells the counts of the order also for blocks that one thread ran", async () => {
    const hand = await open("token", [1_000_000n], {});
    await hand.chain.run(hand.block([mint(1, 100n)]), SERIAL);
    const result = await hand.chain.execute(
      hand.block([send(1, 2, 60n), send(1, 3, 60n), { from: 4, func: "balanceOf", args: [account(2)] }]),
      PARALLEL,
    );
    const digest = hand.chain.digest();
    expect(result.stats).toMatchObject({ edges: 2, waiting: 2, criticalPath: 2, deltas: 4, uncleared: 1, calls: 3 });
    expect(hand.chain.digest()).toBe(digest);
    hand.chain.discard();
    expect(hand.view("balanceOf", [account(1)])).toBe(100n);
  });

  test("names the cells of plans when asked to", async () => {
    const hand = await open("registry", [], SHARED);
    const calls: HandCall[] = [
      { from: 1, func: "assign", args: [7n, account(2)] },
      { from: 1, func: "award", args: [7n, 5n] },
    ];
    const result = await hand.chain.run(hand.block(calls), { ...PARALLEL, trace: true });
    expect(result.plannedCells(0)).toEqual([{ cell: `${hand.contract}|holder[7]`, mode: "W" }]);
    expect(result.plannedCells(1)).toEqual([
      { cell: `${hand.contract}|holder[7]`, mode: "R" },
      { cell: `${hand.contract}|points[*]`, mode: "wide" },
      { cell: `${hand.contract}|total`, mode: "D" },
    ]);
  });

  test("runs empty blocks, and blocks of nothing but refused calls", async () => {
    const hand = await open("token", [1n], SHARED);
    expect((await hand.chain.run(hand.block([]), PARALLEL)).receipts.length).toBe(0);
    const refused = hand.block([
      { ...send(1, 2, 1n), nonceOff: 5n },
      { ...send(1, 2, 1n), to: account(77) },
    ]);
    const result = await hand.chain.run(refused, PARALLEL);
    expect([result.receipts.at(0).rejection, result.receipts.at(1).status]).toEqual(["nonce", "reverted"]);
  });

  test("deployments fail without a trace when the constructor does", async () => {
    const hand = await open("token", [1n], {});
    const before = [...hand.chain.cells()].length;
    const bad = await hand.chain.deploy(hand.loaded, { from: account(5), args: new Uint8Array(31), value: 0n, time: 1n });
    expect(bad.receipt.status).toBe("reverted");
    expect(hand.chain.abiOf(bad.address)).toBeUndefined();
    expect([...hand.chain.cells()].length).toBe(before + 1);
    const poor = await hand.chain.deploy(hand.loaded, { from: account(5), args: argWords([1n]), value: 1n, time: 1n });
    expect(poor.receipt.rejection).toBe("balance");
    expect(hand.chain.nonceOf(account(5))).toBe(1n);
  });

  test("two contracts of one code keep their cells apart", async () => {
    const hand = await open("token", [1000n], SHARED);
    const { address } = await hand.chain.deploy(hand.loaded, { from: account(0), args: argWords([5n]), value: 0n, time: 1n });
    const result = await hand.chain.run(
      hand.block([mint(1, 10n), { ...mint(1, 6n), to: address }, { ...mint(1, 5n), to: address }, send(1, 2, 6n)]),
      PARALLEL,
    );
    expect([0, 1, 2, 3].map((call) => result.receipts.at(call).status)).toEqual(["success", "reverted", "success", "success"]);
  });
});

describe("large blocks", () => {
  test("run in segments when their records don't fit", async () => {
    const calls: HandCall[] = Array.from({ length: 600 }, (_, i) => ({
      from: i % 5,
      func: i % 7 === 0 ? "propose" : "many",
      args: [BigInt(i % 7 === 0 ? i % 2 : 200 - (i % 3))],
      gasLimit: 5000n,
    }));
    const capacity = 200_000;
    const serial = await open("counter", [], { capacity });
    const parallel = await open("counter", [], { ...SHARED, workers: 3, capacity });
    const digest = parallel.chain.digest();
    const wanted = await serial.chain.run(serial.block(calls), SERIAL);
    const found = await parallel.chain.execute(parallel.block(calls), PARALLEL);
    expect(found.changedCells()).toEqual(wanted.changedCells());
    for (let call = 0; call < calls.length; call++) expect(found.receipts.at(call)).toEqual(wanted.receipts.at(call));
    parallel.chain.discard();
    expect(parallel.chain.digest()).toBe(digest);
  });

  test("may bring in more accounts than tables had room for", async () => {
    const options = { capacity: 200_000 };
    const serial = await open("token", [2n ** 200n], options);
    const parallel = await open("token", [2n ** 200n], { ...options, workers: 2 });
    const block = (hand: Hand): BlockBuffer =>
      hand.block(Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? mint(i, 1n) : { ...send(i + 100_000, i, 0n) })));
    const wanted = await serial.chain.run(block(serial), SERIAL);
    const found = await parallel.chain.run(block(parallel), PARALLEL);
    for (let call = 0; call < 40_000; call += 97) expect(found.receipts.at(call)).toEqual(wanted.receipts.at(call));
    expect(parallel.chain.digest()).toBe(serial.chain.digest());
  });
});

describe("a table that fills up with entries that hold nothing", () => {
  test.each(["serial", "parallel"] as const)("gives their places to other accounts, and new ones to them, in %s blocks", async (mode) => {
    const hand = await open("token", [1_000_000n], { capacity: 256, ...(mode === "parallel" ? SHARED : {}) });
    const run = (calls: readonly HandCall[]): Promise<unknown> => hand.chain.run(hand.block(calls), { ...SERIAL, mode });
    const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    for (let round = 0; round < 4; round++) {
      // Nobody has anything: all entries but those of rounds before are empty.
      await run(range(1, 180).map((i) => send(i, i, 0n)));
      await run([
        ...range(180, 220).map((i) => mint(i, BigInt(i))),
        ...range(round * 10 + 1, round * 10 + 11).map((i) => mint(i, BigInt(i))),
      ]);
    }
    for (const i of range(1, 220)) {
      const expected = i <= 40 ? i : i < 180 ? 0 : 4 * i;
      expect([i, hand.view("balanceOf", [account(i)])]).toEqual([i, BigInt(expected)]);
    }
    expect([...hand.chain.cells()].filter(({ field }) => field === "balances").length).toBe(80);
  });
});

describe("bad input", () => {
  test("steps out of order are refused", async () => {
    const hand = await open("token", [1n], {});
    expect(() => hand.chain.commit()).toThrow(RangeError);
    expect(() => hand.chain.discard()).toThrow(RangeError);
    const first = await hand.chain.execute(hand.block([mint(1, 1n)]), SERIAL);
    await expect(hand.chain.execute(hand.block([]), SERIAL)).rejects.toThrow(RangeError);
    await expect(hand.chain.deploy(hand.loaded, { from: account(0), args: argWords([1n]), value: 0n, time: 1n })).rejects.toThrow(
      RangeError,
    );
    hand.chain.commit();
    await expect(hand.chain.execute(hand.block([]), { ...SERIAL, time: 0n })).rejects.toThrow(RangeError);
    await hand.chain.run(hand.block([]), SERIAL);
    expect(() => first.receipts.at(0)).toThrow(RangeError);
    expect(() => first.changedCells()).toThrow(RangeError);
    await hand.chain.close();
    expect(() => hand.chain.digest()).toThrow(RangeError);
  });

  test("options out of range are refused", async () => {
    const bad: readonly Partial<ChainOptions>[] = [
      { workers: 0 },
      { workers: 1.5 },
      { capacity: 0 },
      { chunk: 0 },
      { time: -1n },
      { genesis: [{ address: account(1), balance: -1n }] },
      { genesis: [1, 2].map((n) => ({ address: account(n), balance: 2n ** 255n })) },
      { genesis: [{ address: "0x12", balance: 1n }] },
    ];
    for (const options of bad) await expect(openChain({ capacity: 64, ...options })).rejects.toThrow(RangeError);
  });

  test("block buffers that aren't well-formed are refused", async () => {
    const hand = await open("token", [1n], {});
    const damage = (change: (view: DataView) => void): BlockBuffer => {
      const block = hand.block([mint(1, 1n), mint(2, 1n)]);
      change(new DataView(block.buffer));
      return block;
    };
    const bad: readonly BlockBuffer[] = [
      damage((view) => view.setUint32(HEADER_OFFSET, 4, true)),
      damage((view) => view.setUint32(HEADER_OFFSET, view.getUint32(HEADER_OFFSET, true) + 1, true)),
      damage((view) => view.setUint32(HEADER_OFFSET, 0xffff_fff4, true)),
      damage((view) => view.setUint32(HEADER_LENGTH, 0x7fff_ffff, true)),
      { length: 100, buffer: hand.block([mint(1, 1n)]).buffer },
      { length: -1, buffer: new SharedArrayBuffer(8) },
      { length: 0, buffer: new SharedArrayBuffer(7) },
    ];
    for (const block of bad) await expect(hand.chain.execute(block, SERIAL)).rejects.toThrow(RangeError);
    expect((await hand.chain.run(hand.block([mint(1, 1n)]), SERIAL)).receipts.at(0).status).toBe("success");
  });

  test("requests that can't be put into a buffer are refused", () => {
    const good = { from: account(1), to: account(2), data: new Uint8Array(4), value: 0n, nonce: 0n, gasLimit: 0n, gasPrice: 0n };
    expect(() => blockBuffer([{ ...good, value: 2n ** 256n }])).toThrow(RangeError);
    expect(() => blockBuffer([{ ...good, nonce: -1n }])).toThrow(RangeError);
    expect(() => blockBuffer([{ ...good, from: "0xzz" }])).toThrow(RangeError);
    expect(() => blockBuffer([{ ...good, data: new Uint8Array(2_000_000) }])).toThrow(RangeError);
    const builder = new BlockBuilder(1, 0);
    expect(() => builder.finish()).toThrow(RangeError);
    builder.add({ ...good, data: new Uint8Array(5000) });
    expect(() => builder.add(good)).toThrow(RangeError);
  });

  test("calldata cut short or with dirty bits reverts without data", async () => {
    const hand = await open("token", [1n], SHARED);
    const [request] = hand.requests([mint(1, 1n)]);
    const dirty = request.data.slice();
    dirty[4] = 1;
    const variants = [request.data.slice(0, 67), dirty, new Uint8Array(3), new Uint8Array([1, 2, 3, 4])];
    const block = blockBuffer(variants.map((data, i) => ({ ...request, data, nonce: request.nonce + BigInt(i) })));
    const result = await hand.chain.run(block, PARALLEL);
    for (let call = 0; call < 4; call++)
      expect(result.receipts.at(call)).toMatchObject({ status: "reverted", data: new Uint8Array(0), cost: 0n });
  });
});

const TOKEN_TEXT = readFileSync(new URL("../../helpers/hand-modules/token.mjs", import.meta.url), "utf8");

async function deployChanged(
  change: (text: string) => string,
  options: Partial<ChainOptions>,
): Promise<{ chain: Chain; block: (calls: number) => BlockBuffer }> {
  const text = change(TOKEN_TEXT);
  expect(text).not.toBe(TOKEN_TEXT);
  const loaded: LoadedModule = await loadModule(text);
  const chain = await openChain({ capacity: 4096, sharing: "always", ...options });
  opened.push(chain);
  const { address } = await chain.deploy(loaded, { from: account(0), args: argWords([1000n]), value: 0n, time: 0n });
  const block = (calls: number): BlockBuffer => {
    const data = callData(loaded, "transfer", [account(2), 0n]);
    const first = chain.nonceOf(account(1));
    return blockBuffer(
      Array.from({ length: calls }, (_, i) => ({
        from: account(1),
        to: address,
        data,
        value: 0n,
        nonce: first + BigInt(i),
        gasLimit: 100n,
        gasPrice: 0n,
      })),
    );
  };
  return { chain, block };
}

describe("failures of our own", () => {
  const forgetful = (text: string): string =>
    text.replace(
      'p.delta(r + 2, BALANCES, p.entry1(T_BALANCES, to), 0, amount, 0, CEILING256);\n  },\n  exec(x) {\n    const r = x.base;\n    const to = x.word(r);\n    const value = x.argBig(1, "u256");\n    if (!x.sub256',
      '},\n  exec(x) {\n    const r = x.base;\n    const to = x.word(r);\n    const value = x.argBig(1, "u256");\n    if (!x.sub256',
    );

  test.each([
    ["serial", 1],
    ["parallel", 1],
    ["parallel", 3],
  ] as const)("an access outside the plan ends a %s block of %i workers with an error and no change", async (mode, workers) => {
    const { chain, block } = await deployChanged(forgetful, { workers, delay: workers > 1 ? () => 1 : undefined });
    const digest = chain.digest();
    for (let round = 0; round < 3; round++) {
      await expect(chain.execute(block(200), { ...SERIAL, mode })).rejects.toThrow(InternalError);
      expect(chain.digest()).toBe(digest);
    }
  });

  test("a thread that dies in a block is an error, not a hang", async () => {
    const { chain, block } = await deployChanged(
      (text) =>
        `import { isMainThread } from "node:worker_threads";\n${text.replace('const to = x.word(r);\n    const value = x.argBig(1, "u256");\n    if (!x.sub256', 'if (!isMainThread) process.exit(3);\n    const to = x.word(r);\n    const value = x.argBig(1, "u256");\n    if (!x.sub256')}`,
      { workers: 2, delay: () => 20 },
    );
    await expect(chain.execute(block(3000), PARALLEL)).rejects.toThrow(/worker thread 1 ended/);
    expect(() => chain.digest()).toThrow(InternalError);
  });

  test("a table that is full ends the block and leaves the state as it was", async () => {
    for (const mode of ["serial", "parallel"] as const) {
      const hand = await open("token", [1000n], { capacity: 100, ...SHARED });
      await hand.chain.run(hand.block([mint(1, 100n)]), { ...SERIAL, mode });
      const digest = hand.chain.digest();
      await expect(
        hand.chain.execute(hand.block(Array.from({ length: 300 }, (_, i) => send(1, i + 10, 1n))), { ...SERIAL, mode }),
      ).rejects.toThrow(CapacityError);
      expect(hand.chain.digest()).toBe(digest);
      const result = await hand.chain.run(hand.block([send(1, 0, 1n)]), { ...SERIAL, mode });
      expect(result.receipts.at(0).status).toBe("success");
    }
  });
});
