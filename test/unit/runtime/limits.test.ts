/**
 * Rule N3: what a single call may use is bounded by constants. A call beyond them reverts with OutOfGas() and pays its gas limit, in every engine, and
 * whatever else is in its block isn't touched by that.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeCall } from "../../../runtime/abi/encode.ts";
import { findFunction } from "../../../runtime/abi/receipt.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import { openChain } from "../../../runtime/chain.ts";
import type { BlockResult, Chain, Hex, LoadedModule, Receipt } from "../../../runtime/types.ts";
import { account } from "../../helpers/accounts.ts";
import { loadAll } from "../../helpers/chains.ts";
import { compileText } from "../../helpers/suites.ts";

const SOURCE = `
contract Big {
  state n: u64;
  state x: u64;
  state flags: u64;
  state marks: map<u64, u64>;
  event Seen(round: u64);

  pub fn words() { for i in 0..100 { for j in 0..100 { for k in 0..100 { self.n += 1; } } } }
  pub fn many(rounds: u64) { for i in 0..rounds max 40000 { self.marks[i] += 1; } }
  pub fn found(rounds: u64) {
    let step = self.x;
    var key = step;
    for i in 0..rounds max 40000 {
      self.marks[key] = 1;
      key = key + step + 1;
    }
  }
  pub fn writes(rounds: u64) {
    for i in 0..rounds max 2000 { for j in 0..1000 { self.marks[self.x] = i + j; } }
  }
  pub fn updates(rounds: u64) {
    for i in 0..rounds max 40000 { self.flags |= i; }
  }
  pub fn events(rounds: u64) { for i in 0..rounds max 40000 { emit Seen(i); } }
  pub fn setX(value: u64) { self.x = value; }
  pub fn bump() { self.n += 1; }
}

interface IBig {
  pub fn many(rounds: u64);
  pub fn found(rounds: u64);
}

contract Caller {
  state big: address;
  pub fn callSome(rounds: u64) { IBig(self.big).many(rounds); }
  pub fn callFound(rounds: u64) { IBig(self.big).found(rounds); }
  pub fn set(big: address) { self.big = big; }
}
`;

const OUT_OF_GAS = "77ebef4d";
const GAS_LIMIT = 2n ** 40n;

interface Engines {
  /** Of the blocks run so far: how many calls waited. */
  readonly waiting: readonly number[];
  readonly chains: readonly Chain[];
  readonly contracts: readonly Hex[];
  /** Runs the block everywhere; all must agree. */
  run(calls: readonly (readonly [contract: number, func: string, ...args: readonly (bigint | Hex)[]])[]): Promise<readonly Receipt[]>;
}

let engines: Engines;
let modules: ReadonlyMap<string, LoadedModule>;

beforeAll(async () => {
  modules = await loadAll(compileText(SOURCE));
  engines = await openEngines(["Big", "Caller"]);
  await engines.run([[1, "set", engines.contracts[0]]]);
});

afterAll(async () => {
  for (const chain of engines.chains) await chain.close();
});

async function openEngines(names: readonly string[]): Promise<Engines> {
  const chains = [
    await openChain({ capacity: 2 ** 18 }),
    await openChain({ capacity: 2 ** 18, sharing: "adaptive" }),
    await openChain({ capacity: 2 ** 18, workers: 3, chunk: 1, sharing: "always" }),
  ];
  const contracts: Hex[] = [];
  const from = account("alice");
  for (const chain of chains) {
    for (const [i, name] of names.entries()) {
      const loaded = modules.get(name);
      if (loaded === undefined) throw new Error(`no module ${name}`);
      contracts[i] = (await chain.deploy(loaded, { from, args: new Uint8Array(0), value: 0n, time: 0n })).address;
    }
  }
  const [serial, solo] = chains;
  const waits: number[] = [];
  return {
    waiting: waits,
    chains,
    contracts,
    run: async (calls) => {
      const first = serial.nonceOf(from);
      const block = blockBuffer(
        calls.map(([to, func, ...args], i) => {
          const entry = findFunction(serial.abiOf(contracts[to]) ?? [], func);
          if (entry === undefined) throw new Error(`no function ${func}`);
          return {
            from,
            to: contracts[to],
            data: encodeCall(entry, args),
            value: 0n,
            nonce: first + BigInt(i),
            gasLimit: GAS_LIMIT,
            gasPrice: 0n,
          };
        }),
      );
      const results: BlockResult[] = [];
      for (const chain of chains) {
        results.push(await chain.run(block, { time: 0n, mode: chain === serial ? "serial" : "parallel", trace: chain === solo }));
      }
      const told = results.map(({ receipts }) => calls.map((_, i) => receipts.at(i)));
      expect(told[1]).toEqual(told[0]);
      expect(told[2]).toEqual(told[0]);
      expect(new Set(chains.map((chain) => chain.digest())).size).toBe(1);
      const { edges, waiting, criticalPath } = results[1].stats;
      expect(results[2].stats).toMatchObject({ edges, waiting, criticalPath });
      waits.push(results[1].stats.waiting);
      return told[0];
    },
  };
}

function expectOutOfGas(receipt: Receipt): void {
  expect(Buffer.from(receipt.data).toString("hex")).toBe(OUT_OF_GAS);
  expect(receipt).toMatchObject({ status: "reverted", cost: GAS_LIMIT, logs: [] });
}

describe("N3: a call beyond a limit", () => {
  test.each([
    ["words of record", 0, "words", []],
    ["words of record of a single loop", 0, "many", [40_000n]],
    ["cells found by keys of its own", 0, "found", [40_000n]],
    ["writes", 0, "writes", [2_000n]],
    ["bytes of events", 0, "events", [40_000n]],
    ["words of record of callees", 1, "callSome", [40_000n]],
    ["cells of callees that are planned late", 1, "callFound", [40_000n]],
  ] as const)("%s", async (_, to, func, args) => {
    const receipts = await engines.run([
      [0, "setX", 1n],
      [0, "bump"],
      [to, func, ...args],
      [0, "bump"],
    ]);
    expectOutOfGas(receipts[2]);
    expect([0, 1, 3].map((call) => receipts[call].status)).toEqual(["success", "success", "success"]);
  });

  test.each([
    ["many", 10_000n],
    ["found", 20_000n],
    ["writes", 5n],
    ["updates", 4_000n],
    ["events", 4_000n],
  ])("%s(%s) is below all of them", async (func, rounds) => {
    const receipts = await engines.run([
      [0, "setX", 1n],
      [0, func, rounds],
      [0, "bump"],
    ]);
    expect(receipts.map(({ status }) => status)).toEqual(["success", "success", "success"]);
  });

  test("many large calls of one block have room, one after the other", async () => {
    const receipts = await engines.run(
      Array.from({ length: 40 }, (_, i) => [0, i % 2 === 0 ? "many" : "found", 6_000n + BigInt(i)] as const),
    );
    expect(receipts.every(({ status }) => status === "success")).toBe(true);
  });

  test("a call with a large record runs alone: it waits, and those after it do", async () => {
    const receipts = await engines.run([
      [1, "set", engines.contracts[0]],
      [0, "many", 20_000n],
      [1, "set", engines.contracts[0]],
    ]);
    expect(receipts.map(({ status }) => status)).toEqual(["success", "success", "success"]);
    expect(engines.waiting.at(-1)).toBe(2);
  });

  test("a view is told the same", () => {
    const [chain] = engines.chains;
    const entry = findFunction(chain.abiOf(engines.contracts[0]) ?? [], "words");
    if (entry === undefined) throw new Error("no function words");
    const { status, data } = chain.view({ from: account("bob"), to: engines.contracts[0], data: encodeCall(entry, []), value: 0n });
    expect([status, Buffer.from(data).toString("hex")]).toEqual(["reverted", OUT_OF_GAS]);
  });
});
