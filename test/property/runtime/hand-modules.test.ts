/**
 * Random blocks over the modules written by hand, with few accounts so that conflicts abound: every way of running a block must leave the same
 * receipts and the same changes as the serial one.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlockResult, Mode } from "../../../runtime/types.ts";
import type { Hand, HandCall } from "../../helpers/hand-chain.ts";
import { account, openHand } from "../../helpers/hand-chain.ts";

const RUNS = process.env["CI"] === undefined ? 300 : 1500;
/** Calls of a block that is shared without being asked for. */
const LARGE = 4000;
const ACCOUNTS = 4;
const COIN = 1000n;
const genesis = Array.from({ length: ACCOUNTS }, (_, i) => ({ address: account(i), balance: COIN }));
const MAX64 = 2n ** 64n - 1n;
const MAX256 = 2n ** 256n - 1n;

const who = fc.integer({ min: 0, max: ACCOUNTS - 1 });
const address = fc.integer({ min: 0, max: ACCOUNTS }).map(account);
const small = fc.bigInt({ min: 0n, max: 120n });
const id = fc.bigInt({ min: 0n, max: 3n });
const amount64 = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(MAX64, MAX64 - 50n, 2n ** 63n, 2n ** 53n + 1n) },
);
const amount256 = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(MAX256, MAX256 - 100n, 2n ** 255n, 2n ** 64n, 2n ** 53n + 1n) },
);

const signed = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: -40n, max: 40n }) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 31n - 1n, -(2n ** 31n)) },
);

type Args = fc.Arbitrary<HandCall["args"]>;
const args = (...parts: readonly fc.Arbitrary<bigint | `0x${string}`>[]): Args => fc.tuple(...parts);

interface Suite {
  readonly name: "token" | "registry" | "counter" | "ledger";
  readonly init: readonly bigint[];
  readonly functions: Readonly<Record<string, Args>>;
  readonly setup: readonly HandCall[];
}

const SUITES: readonly Suite[] = [
  {
    name: "token",
    init: [1000n],
    functions: {
      transfer: args(address, amount256),
      mint: args(address, amount256),
      balanceOf: args(address),
      set: args(address, amount256),
      move: args(address, amount256),
      spend: args(address, amount256),
      creditThenFail: args(address, amount256),
      sweep: args(address),
      spendTelling: args(address, amount256),
    },
    setup: [0, 1, 2].map((i) => ({ from: 0, func: "mint", args: [account(i), 100n] })),
  },
  {
    name: "registry",
    init: [],
    functions: {
      assign: args(id, address),
      award: args(id, amount64),
      zero: args(id),
      spend: args(address, amount64),
      double: args(address),
      audit: args(id),
      pointsOf: args(address),
      link: args(id, address, id),
      settle: args(id, small),
      reserve: args(fc.bigInt({ min: 8n, max: 13n })),
      fund: args(small),
      payout: args(id, small),
      annotate: args(id, small),
      rate: args(id, fc.bigInt({ min: -80n, max: 80n })),
      lower: args(id, fc.bigInt({ min: -10n, max: 80n })),
      copy: args(address, address),
      grow: args(address, address, amount64),
    },
    setup: [
      ...[0, 1, 2].map((i) => ({ from: 0, func: "assign", args: [BigInt(i), account(i)] })),
      ...[0, 1, 2].map((i) => ({ from: 0, func: "award", args: [BigInt(i), 100n] })),
      { from: 0, func: "fund", args: [5n], value: 100n },
    ],
  },
  {
    name: "counter",
    init: [],
    functions: {
      propose: args(fc.constantFrom(0n, 1n)),
      vote: args(fc.bigInt({ min: 0n, max: 6n })),
      votesOf: args(id),
      many: args(fc.bigInt({ min: 0n, max: 9n })),
    },
    setup: [{ from: 0, func: "propose", args: [1n] }],
  },
  {
    name: "ledger",
    init: [],
    functions: {
      orFlags: args(id, amount256),
      andFlags: args(id, amount256),
      minFlags: args(id, amount256),
      maxFlags: args(id, amount256),
      maxAndRead: args(id, amount256, id),
      twoKinds: args(id, id, id, amount256),
      addFlags: args(id, amount256),
      subFlags: args(id, amount256),
      setFlags: args(id, amount256),
      zeroStaged: args(id),
      flagsOf: args(id),
      orMarks: args(id, signed),
      andMarks: args(id, signed),
      minMarks: args(id, signed),
      maxMarks: args(id, signed),
      takeMarks: args(id, signed),
      addMarks: args(id, signed),
      peak: args(id, signed),
      point: args(id, id),
      bump: args(id, amount64),
      andWide: args(id, amount256),
      peek: args(id),
      walk: args(fc.bigInt({ min: 0n, max: 9n })),
      spread: args(id, fc.bigInt({ min: 0n, max: 5n })),
      both: args(id, id),
      take: args(id, amount64),
      dataOf: args(id),
      place: args(id, id, signed),
      payTo: args(id, small),
      wallet: args(id, address),
      fund: args(),
      rename: args(id, small),
      renameAt: args(id, small),
      invite: args(id),
      weigh: args(id, small),
      gain: args(id, small),
      weighStaged: args(id, small),
      weightAt: args(id, fc.bigInt({ min: 0n, max: 4n })),
      stagedAt: args(id, fc.bigInt({ min: 0n, max: 4n })),
      wideAt: args(id, fc.bigInt({ min: 0n, max: 4n })),
    },
    setup: [
      ...[0n, 1n, 2n].map((i) => ({ from: 0, func: "point", args: [i, i + 1n] })),
      ...[0n, 1n, 2n].map((i) => ({ from: 0, func: "weigh", args: [i, i + 4n] })),
      ...[0n, 1n, 2n].map((i) => ({ from: 0, func: "setFlags", args: [i, 100n] })),
      { from: 0, func: "wallet", args: [1n, account(1)] },
      { from: 0, func: "fund", args: [], value: 100n },
    ],
  },
];

function callOf(suite: Suite): fc.Arbitrary<HandCall> {
  return fc.constantFrom(...Object.keys(suite.functions)).chain((func) =>
    fc.record({
      from: who,
      func: fc.constant(func),
      args: suite.functions[func],
      value: func === "fund" ? fc.bigInt({ min: 0n, max: 300n }) : fc.constantFrom(0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n),
      gasLimit: func === "spread" ? fc.constant(10_000n) : fc.constantFrom(200n, 200n, 200n, 15n),
      gasPrice: fc.constantFrom(0n, 0n, 1n, 2n),
      nonceOff: fc.constantFrom(0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n),
    }),
  );
}

interface Entrant {
  readonly name: string;
  readonly mode: Mode;
  readonly hand: Hand;
}

function everything(result: BlockResult): unknown {
  const receipts = Array.from({ length: result.receipts.length }, (_, call) => result.receipts.at(call));
  return { receipts, changes: result.changedCells() };
}

/** Stats that describe the block, not the run. */
function shape(result: BlockResult): unknown {
  const { edges, waiting, criticalPath, criticalCost, totalCost, deltas, uncleared, unresolved } = result.stats;
  return { edges, waiting, criticalPath, criticalCost, totalCost, deltas, uncleared, unresolved };
}

describe.each(SUITES)("random blocks of the $name module", (suite) => {
  const entrants: Entrant[] = [];
  let pauses = 0;

  beforeAll(async () => {
    const feeRecipient = account(99);
    const base = { genesis, feeRecipient };
    const delay = (call: number): number => ((call * 7919 + pauses) % 5 === 0 ? (call * 31 + pauses) % 60 : 0);
    const add = async (name: string, mode: Mode, options: Parameters<typeof openHand>[2]): Promise<void> => {
      const hand = await openHand(suite.name, suite.init, { ...base, ...options });
      await hand.chain.run(hand.block(suite.setup), { time: 0n, mode: "serial", trace: false });
      entrants.push({ name, mode, hand });
    };
    await add("serial", "serial", {});
    await add("1 worker", "parallel", { workers: 1 });
    await add("2 workers, chunk 1", "parallel", { workers: 2, chunk: 1, delay });
    await add("2 workers, chunk 64", "parallel", { workers: 2, chunk: 64, delay: () => 0 });
    await add("4 workers, chunk 3", "parallel", { workers: 4, chunk: 3, delay });
  });

  afterAll(async () => {
    for (const { hand } of entrants) await hand.chain.close();
  });

  test("leave the same receipts and changes however they are run, and none once discarded", async () => {
    const digest = entrants[0].hand.chain.digest();
    await fc.assert(
      fc.asyncProperty(fc.array(callOf(suite), { minLength: 1, maxLength: 40 }), fc.nat(1000), async (calls, pause) => {
        pauses = pause;
        let wanted: unknown;
        let graph: unknown;
        for (const { name, mode, hand } of entrants) {
          const result = await hand.chain.execute(hand.block(calls), { time: 1n, mode, trace: false });
          try {
            const found = everything(result);
            wanted ??= found;
            expect(found, name).toEqual(wanted);
            if (mode === "serial") continue;
            graph ??= shape(result);
            expect(shape(result), name).toEqual(graph);
          } finally {
            hand.chain.discard();
          }
        }
      }),
      { numRuns: RUNS },
    );
    for (const { name, hand } of entrants) expect(hand.chain.digest(), name).toBe(digest);
  }, 600_000);

  test("lead to the same state over a history of committed blocks", async () => {
    const blocks = fc.sample(fc.array(callOf(suite), { minLength: 1, maxLength: 60 }), { numRuns: 30, seed: 7 });
    for (const calls of blocks) {
      const digests: string[] = [];
      for (const { mode, hand } of entrants) {
        await hand.chain.run(hand.block(calls), { time: 2n, mode, trace: false });
        digests.push(hand.chain.digest());
      }
      expect(new Set(digests).size).toBe(1);
    }
  }, 600_000);

  test("are the same at full speed in large blocks", async () => {
    const calls = fc.sample(callOf(suite), { numRuns: LARGE, seed: 11 });
    for (const workers of [2, 4]) {
      const hand = await openHand(suite.name, suite.init, { genesis, feeRecipient: account(99), workers });
      try {
        await hand.chain.run(hand.block(suite.setup), { time: 0n, mode: "serial", trace: false });
        const start = hand.chain.digest();
        const alone = everything(await hand.chain.execute(hand.block(calls), { time: 3n, mode: "serial", trace: false }));
        hand.chain.discard();
        for (let round = 0; round < 3; round++) {
          expect(everything(await hand.chain.execute(hand.block(calls), { time: 3n, mode: "parallel", trace: false }))).toEqual(alone);
          hand.chain.discard();
        }
        expect(hand.chain.digest()).toBe(start);
      } finally {
        await hand.chain.close();
      }
    }
  }, 600_000);
});
