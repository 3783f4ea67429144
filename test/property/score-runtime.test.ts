/**
 * The score's graph against the runtime's: the calls that a sample says wait are those that wait in a real block of the same calls. The two know the same
 * plans, but share no code: one evaluates terms and compares names of cells, the other runs emitted plan functions and orders slots of tables.
 */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import { compile } from "../../compiler/pipeline.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Type } from "../../compiler/core/types.ts";
import { checkSites } from "../../compiler/score/checks.ts";
import { accountAddress, createDrawer, reservedAddress } from "../../compiler/score/draw.ts";
import { callable, kindOf, plainEntry } from "../../compiler/score/kinds.ts";
import { createRandom } from "../../compiler/score/random.ts";
import { sampleCalls } from "../../compiler/score/sample.ts";
import type { Kind, SampledCall } from "../../compiler/score/sample.ts";
import { costliestChain } from "../../compiler/score/schedule.ts";
import { graphOf } from "../../compiler/score/score.ts";
import { createWorld } from "../../compiler/score/world.ts";
import type { AbiInput } from "../../runtime/abi/encode.ts";
import { encodeArgs, encodeCall } from "../../runtime/abi/encode.ts";
import { findFunction } from "../../runtime/abi/receipt.ts";
import { BlockBuilder } from "../../runtime/block.ts";
import type { BlockStats, Chain, Hex, LoadedModule } from "../../runtime/types.ts";
import { hex } from "../interpreter/store.ts";
import { openChain } from "../../runtime/chain.ts";
import { loadAll } from "../helpers/chains.ts";
import { callsBefore } from "../helpers/task-graph.ts";

const CALLS = 400;
const ACCOUNTS = 200;
const IDS = 150;
const PLENTY = 2n ** 60n;
const RICH = 10n ** 40n;
/** Cells of a table. */
const CAPACITY = 2 ** 15;

interface Case {
  readonly name: string;
  readonly path: string;
  readonly contract: string;
  readonly mix: Readonly<Record<string, number>>;
  /** In order; the last one is called. Arguments may name the contracts before. */
  readonly deploy: readonly {
    readonly contract: string;
    readonly from: string;
    readonly args: (before: readonly Hex[]) => readonly AbiInput[];
  }[];
  /** Calls to the last contract before the block. */
  readonly setup: readonly { readonly from: string; readonly func: string; readonly args: readonly AbiInput[]; readonly value: bigint }[];
  /** Share of the calls by which the count of waiting ones may be off. */
  readonly tolerance: number;
  /** It calls no other contract. */
  readonly alone: boolean;
}

const OWNER = accountAddress(0);
const everybody = Array.from({ length: ACCOUNTS }, (_, i) => accountAddress(i));

const CASES: readonly Case[] = [
  {
    name: "token",
    path: "test/corpus/contracts/token.weft",
    contract: "Token",
    mix: { transfer: 60, approve: 15, transferFrom: 10, mint: 5, airdrop: 5, balanceOf: 5 },
    deploy: [{ contract: "Token", from: OWNER, args: () => ["Gold", "GLD", 2n ** 200n] }],
    setup: everybody.map((to) => ({ from: OWNER, func: "mint", args: [to, 10n ** 30n], value: 0n })),
    tolerance: 0.01,
    alone: true,
  },
  {
    name: "nft",
    path: "test/corpus/contracts/nft.weft",
    contract: "Collectible",
    mix: { mint: 20, transferFrom: 40, approve: 15, setApprovalForAll: 15, burn: 10 },
    // The minter is an immutable, and its calls are made by nobody else.
    deploy: [{ contract: "Collectible", from: reservedAddress(2), args: () => ["Art"] }],
    // So many that everybody has some to send.
    setup: Array.from({ length: 60 * ACCOUNTS }, (_, i) => ({
      from: reservedAddress(2),
      func: "mint",
      args: [accountAddress(i % ACCOUNTS), ""],
      value: 0n,
    })),
    tolerance: 0.01,
    alone: true,
  },
  {
    name: "dao",
    path: "test/corpus/contracts/dao.weft",
    contract: "Dao",
    mix: { join: 15, propose: 10, vote: 60, execute: 5, cancel: 5, tally: 5 },
    deploy: [{ contract: "Dao", from: OWNER, args: () => ["Guild", 50n] }],
    setup: [
      ...everybody.map((from) => ({ from, func: "join", args: [], value: 10n ** 18n })),
      ...Array.from({ length: IDS }, (_, i) => ({
        from: accountAddress(i),
        func: "propose",
        args: [accountAddress(i), 1n, `Proposal ${i}`],
        value: 0n,
      })),
    ],
    tolerance: 0.01,
    alone: true,
  },
  {
    name: "amm",
    path: "test/corpus/contracts/amm.weft",
    contract: "Pool",
    mix: { swap: 90, add: 10 },
    deploy: [
      { contract: "Token", from: OWNER, args: () => ["Gold", "GLD", 2n ** 200n] },
      { contract: "Token", from: OWNER, args: () => ["Salt", "SLT", 2n ** 200n] },
      { contract: "Pool", from: OWNER, args: (before) => [...before] },
    ],
    setup: [],
    tolerance: 0.01,
    alone: false,
  },
];

const chains: Chain[] = [];
afterAll(async () => {
  for (const chain of chains) await chain.close();
});

describe.each(CASES)("$name", (one) => {
  test.each([
    ["all alike", 0],
    ["skewed", 1.1],
  ])("%s: as many calls wait as in a real block", { timeout: 60_000 }, async (_, skew) => {
    const compiled = compiledFrom(one.path);
    const { kinds, calls, graph } = sampled(compiled, one, skew);
    const stats = await ran(compiled, one, kinds, calls);
    const chain = costliestChain(graph);
    const waiting = graph.waits.filter((waits) => waits.length > 0).length;
    const edges = graph.waits.reduce((sum, waits) => sum + callsBefore(graph, waits).size, 0);
    expect(waiting).toBeGreaterThan(0);
    expect(Math.abs(waiting - stats.waiting)).toBeLessThanOrEqual(one.tolerance * CALLS);
    // The runtime lets one call of a run stand for the others, which saves edges and may make chains longer, but not twice as long; an add that isn't
    // cleared has more. Callees of other contracts are not in the prediction.
    if (one.alone) expect(Math.abs(edges - stats.edges) / stats.edges).toBeLessThan(0.1);
    expect(stats.criticalPath).toBeGreaterThanOrEqual(chain.links.length);
    expect(stats.criticalPath).toBeLessThanOrEqual(2 * chain.links.length);
  });
});

function compiledFrom(path: string): Compiled {
  const { compiled } = compile(path, (wanted) => readFileSync(wanted, "utf8"));
  if (compiled === undefined) throw new Error(`${path} doesn't compile`);
  return compiled;
}

function sampled(compiled: Compiled, { contract, mix }: Case, skew: number) {
  const footprint = compiled.footprints.contracts.find((each) => each.contract.name === contract);
  if (footprint === undefined) throw new Error(`no contract ${contract}`);
  const population = { accounts: ACCOUNTS, ids: IDS, skew };
  const sites = checkSites(compiled.program);
  const kinds = callable(footprint, compiled.program)
    .filter(({ name }) => Object.hasOwn(mix, name))
    .map((func) => kindOf(plainEntry(func, mix[func.name]), footprint, sites, population));
  expect(kinds).toHaveLength(Object.keys(mix).length);
  const random = createRandom(7);
  const budget = { left: 1_000_000 };
  const draw = createDrawer(random, budget);
  const world = createWorld(footprint, population, draw);
  const calls = sampleCalls({ kinds, world, random, draw }, CALLS);
  const graph = graphOf({ footprint, kinds, costs: compiled.costs, population }, calls, world, budget);
  if (graph === undefined) throw new Error("out of budget");
  return { kinds, calls, graph };
}

async function ran(
  compiled: Compiled,
  { deploy, setup }: Case,
  kinds: readonly Kind[],
  calls: readonly SampledCall[],
): Promise<BlockStats> {
  const modules = await loadAll(compiled);
  const senders = [...new Set([...everybody, ...deploy.map(({ from }) => from), ...calls.map(({ caller }) => String(caller))])];
  const chain = await openChain({
    workers: 1,
    capacity: CAPACITY,
    genesis: senders.map((address) => ({ address: hex(address), balance: RICH })),
  });
  chains.push(chain);
  const before: Hex[] = [];
  let last: LoadedModule | undefined;
  for (const { contract, from, args } of deploy) {
    const module = modules.get(contract);
    if (module === undefined) throw new Error(`no module ${contract}`);
    const inputs = module.module.abi.find(({ type }) => type === "constructor")?.inputs ?? [];
    const { address, receipt } = await chain.deploy(module, {
      from: hex(from),
      args: encodeArgs(inputs, args(before)),
      value: 0n,
      time: 1n,
    });
    expect(receipt.status).toBe("success");
    before.push(address);
    last = module;
  }
  const to = before[before.length - 1];
  const nonces = new Map<string, bigint>(deploy.map(({ from }) => [from, chain.nonceOf(hex(from))]));
  const block = (sketches: Case["setup"]): ReturnType<BlockBuilder["finish"]> => {
    const builder = new BlockBuilder(sketches.length, 200);
    for (const { from, func, args, value } of sketches) {
      const entry = last === undefined ? undefined : findFunction(last.module.abi, func);
      if (entry === undefined) throw new Error(`no function ${func}`);
      const nonce = nonces.get(from) ?? 0n;
      nonces.set(from, nonce + 1n);
      builder.add({ from: hex(from), to, data: encodeCall(entry, args), value, nonce, gasLimit: PLENTY, gasPrice: 0n });
    }
    return builder.finish();
  };
  const { receipts } = await chain.run(block(setup), { time: 2n, mode: "serial", trace: false });
  for (let i = 0; i < receipts.length; i++) expect(receipts.statusOf(i)).toBe(0);
  const sketches = calls.map(({ kind, args, caller, value }) => {
    const { func } = kinds[kind];
    const inputs = args.map((arg, i) => inputOf(arg, func.params[i].type));
    return { from: String(caller), func: func.name, args: inputs, value: typeof value === "bigint" ? value : 0n };
  });
  const result = await chain.run(block(sketches), { time: 3n, mode: "parallel", trace: false });
  for (let i = 0; i < sketches.length; i++) expect(result.receipts.statusOf(i)).not.toBe(2);
  return result.stats;
}

/** Texts are UTF-8 in samples. */
function inputOf(value: Concrete, type: Type): AbiInput {
  if (type.kind === "string") return Buffer.from(String(value).slice(2), "hex").toString("utf8");
  if (type.kind === "list" && typeof value === "object") return value.map((item) => inputOf(item, type.element));
  return typeof value === "object" ? value.map((item) => inputOf(item, type)) : value;
}
