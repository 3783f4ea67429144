/** Profiles of real blocks: what calls wait for, the graph, and that nothing is left of them. */
import { afterEach, expect, test } from "vitest";
import type { AbiInput } from "../../../runtime/abi/encode.ts";
import { encodeCall } from "../../../runtime/abi/encode.ts";
import { findFunction } from "../../../runtime/abi/receipt.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import { BARRIER_ALONE } from "../../../runtime/simulate/profile.ts";
import { simulate, waitsOf } from "../../../runtime/simulate/simulate.ts";
import type { Cause } from "../../../runtime/simulate/waits.ts";
import { CAUSES, findWaits } from "../../../runtime/simulate/waits.ts";
import type { BlockBuffer, BlockProfile, Chain, Hex } from "../../../runtime/types.ts";
import { loadAll, openChain } from "../../helpers/chains.ts";
import { account } from "../../helpers/hand-chain.ts";
import { compileText } from "../../helpers/suites.ts";

const SOURCE = `
contract Jar {
  state owner: address;
  init() { self.owner = caller; }
}

contract Shelf {
  state sums: map<address, u64>;
  state owners: map<u64, address>;

  pub fn add(to: address, n: u64) { self.sums[to] += n; }
  pub fn take(of: address, n: u64) { self.sums[of] -= n; }
  pub fn sum(of: address) -> u64 { return self.sums[of]; }
  pub fn set(of: address, n: u64) { self.sums[of] = n; }
  pub fn own(id: u64, who: address) { self.owners[id] = who; }
  pub fn addTo(id: u64) { self.sums[self.owners[id]] += 1; }
  pub fn make() -> address { return address(create Jar()); }
}
`;

interface Shelf {
  readonly chain: Chain;
  readonly to: Hex;
  block(calls: readonly (readonly [name: string, ...args: AbiInput[]])[]): BlockBuffer;
}

const opened: Chain[] = [];

afterEach(async () => {
  for (const chain of opened.splice(0)) await chain.close();
});

async function openShelf(workers: number): Promise<Shelf> {
  const modules = await loadAll(compileText(SOURCE));
  const chain = await openChain({ workers });
  opened.push(chain);
  const [jar, shelf] = [modules.get("Jar"), modules.get("Shelf")];
  if (jar === undefined || shelf === undefined) throw new Error("no module");
  await chain.load(jar);
  const { address: to } = await chain.deploy(shelf, { from: account(0), args: new Uint8Array(0), value: 0n, time: 0n });
  return {
    chain,
    to,
    block: (calls) =>
      blockBuffer(
        calls.map(([name, ...args], i) => {
          const entry = findFunction(shelf.module.abi, name);
          if (entry === undefined) throw new Error(`no function ${name}`);
          return { from: account(1 + i), to, data: encodeCall(entry, args), value: 0n, nonce: 0n, gasLimit: 1_000_000n, gasPrice: 0n };
        }),
      ),
  };
}

async function profileOf(shelf: Shelf, calls: Parameters<Shelf["block"]>[0]): Promise<BlockProfile> {
  return shelf.chain.profile(shelf.block(calls), { time: 1n });
}

function causesOf(profile: BlockProfile): Partial<Record<Cause, number>> {
  const { byCause } = findWaits(profile, profile.accesses, waitsOf(profile, 2), 10);
  return Object.fromEntries(CAUSES.filter((cause) => byCause[cause].edges > 0).map((cause) => [cause, byCause[cause].edges]));
}

const BOB = account(50);

test.each<readonly [Cause, Parameters<Shelf["block"]>[0]]>([
  [
    "read after write",
    [
      ["set", BOB, 1n],
      ["sum", BOB],
    ],
  ],
  [
    "write after read",
    [
      ["sum", BOB],
      ["set", BOB, 1n],
    ],
  ],
  [
    "write after read",
    [
      ["sum", BOB],
      ["add", BOB, 1n],
    ],
  ],
  [
    "write after write",
    [
      ["set", BOB, 1n],
      ["set", BOB, 1n],
    ],
  ],
  [
    "write after write",
    [
      ["add", BOB, 1n],
      ["set", BOB, 1n],
    ],
  ],
  [
    "uncleared add",
    [
      ["set", BOB, 9n],
      ["take", BOB, 1n],
    ],
  ],
  [
    "uncleared add",
    [
      ["take", BOB, 1n],
      ["sum", BOB],
    ],
  ],
  [
    "fold",
    [
      ["add", BOB, 1n],
      ["sum", BOB],
    ],
  ],
  [
    "whole field not known yet",
    [
      ["own", 1n, BOB],
      ["addTo", 1n],
      ["add", BOB, 1n],
    ],
  ],
  ["runs alone", [["set", BOB, 1n], ["make"]]],
])("a call waits: %s", async (cause, calls) => {
  const shelf = await openShelf(1);
  expect(Object.keys(causesOf(await profileOf(shelf, calls)))).toContain(cause);
});

test("adds to one cell, and calls of different cells, wait for nothing", async () => {
  const profile = await profileOf(await openShelf(1), [
    ["add", BOB, 1n],
    ["add", BOB, 2n],
    ["set", account(51), 2n],
    ["sum", account(52)],
  ]);
  expect(causesOf(profile)).toEqual({});
  expect([...profile.firstSuccessor]).toEqual([0, 0, 0, 0, 0]);
});

test("cells are named, the one that most calls wait at first", async () => {
  const shelf = await openShelf(2);
  const profile = await profileOf(shelf, [
    ["set", account(51), 1n],
    ["set", BOB, 1n],
    ["set", BOB, 1n],
    ["set", BOB, 1n],
    ["set", account(51), 1n],
    ["add", account(52), 1n],
  ]);
  const { hottest } = findWaits(profile, profile.accesses, waitsOf(profile, 4), 10);
  expect(hottest.map(({ cell, accesses, edges }) => [profile.nameOf(cell), accesses, edges])).toEqual([
    [`${shelf.to}|sums[${BOB}]`, 3, 2],
    [`${shelf.to}|sums[${account(51)}]`, 2, 1],
    [`${shelf.to}|sums[${account(52)}]`, 1, 0],
  ]);
  const wholes = await profileOf(shelf, [
    ["own", 1n, BOB],
    ["addTo", 1n],
    ["add", BOB, 1n],
  ]);
  const waits = findWaits(wholes, wholes.accesses, waitsOf(wholes, 4), 10);
  expect(waits.hottest.map(({ cell }) => wholes.nameOf(cell))).toContain(`${shelf.to}|sums[*]`);
});

test("a call that runs alone is a barrier", async () => {
  const { barriers } = await profileOf(await openShelf(1), [["set", BOB, 1n], ["make"], ["set", BOB, 2n]]);
  expect([...barriers].map((barrier) => barrier === BARRIER_ALONE)).toEqual([false, true, false]);
});

test("nothing is left of it, and a block runs afterwards as if it hadn't been", async () => {
  const [first, second] = [await openShelf(2), await openShelf(1)];
  const calls: Parameters<Shelf["block"]>[0] = [
    ["add", BOB, 4n],
    ["take", BOB, 3n],
    ["make"],
    ["own", 1n, BOB],
    ["addTo", 1n],
    ["sum", BOB],
  ];
  const before = first.chain.digest();
  await profileOf(first, calls);
  expect(first.chain.digest()).toBe(before);
  expect(first.chain.height).toBe(second.chain.height);
  for (const { chain, block } of [first, second]) await chain.run(block(calls), { time: 1n, mode: "parallel", trace: false });
  expect(first.chain.digest()).toBe(second.chain.digest());
});

test("costs are those of the calls, whatever the clock costs", async () => {
  const shelf = await openShelf(1);
  const profile = await profileOf(
    shelf,
    Array.from({ length: 2_000 }, (_, i) => ["add", account(60 + i), 1n] as const),
  );
  const { planning, ordering, executing, fixed } = profile;
  for (const times of [planning, ordering, executing]) {
    expect(times.length).toBe(2_000);
    expect(times.every((ns) => ns >= 0 && ns < 1e6)).toBe(true);
  }
  const steps = [planning, executing].reduce((sum, times) => sum + times.reduce((a, b) => a + b, 0), 0);
  // Of a machine that does something else meanwhile nothing closer can be said.
  expect(steps / fixed.serialNs).toBeGreaterThan(0.3);
  expect(steps / fixed.serialNs).toBeLessThan(3);
  expect(simulate(profile, 1).block.ns).toBe(fixed.serialNs);
});

test("a profile of no calls can be simulated", async () => {
  const profile = await profileOf(await openShelf(1), []);
  for (const workers of [1, 4]) expect(simulate(profile, workers).execute.ns).toBe(0);
});
