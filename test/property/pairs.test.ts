/**
 * What the conflict matrix promises, on concrete calls: where its condition can't hold for two calls, both orders of their bodies give
 * the same cells and the same receipts, and in a block of these two neither waits. Numbers are drawn in block order either way; pairs
 * that may both add to one cell are compared when all goes well in either order: where a check may fail, escrow runs them one after another.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import type { PairConflict } from "../../compiler/conflicts/conflict.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import { blockBuffer } from "../../runtime/block.ts";
import type { CallRequest, Chain, Hex, LoadedModule } from "../../runtime/types.ts";
import { decodeAll, selectorOf } from "../interpreter/abi.ts";
import { toHex } from "../interpreter/values.ts";
import type { World } from "../interpreter/world.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import type { BlockSpec, Setting } from "../helpers/call-spec.ts";
import { loadAll, openChain } from "../helpers/chains.ts";
import { cellTable, compareReceipt } from "../helpers/compare.ts";
import { chainOptions, constructorArgs, contractNamed, functionsOf, populate } from "../helpers/differential.ts";
import type { Played } from "../helpers/differential.ts";
import { canHold } from "../helpers/formula.ts";
import type { ConcreteCall } from "../helpers/formula.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import type { Habits } from "../helpers/generate.ts";
import { runSettings } from "../helpers/runs.ts";
import { ACCOUNTS, DAO, DESK, MAZE, NFT, TOKEN, compileFile } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";

interface Counts {
  independent: number;
  escrow: number;
  dependent: number;
  /** Blocks of two in which the runtime let neither wait. */
  together: number;
}

for (const suite of [TOKEN, NFT, DAO, DESK, MAZE]) {
  describe(suite.name, () => {
    it("independent calls give the same in both orders, and neither waits", { timeout: 600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const counts = noCounts();
      const modules = await loadAll(compiled);
      const matrix = matrixOf(compiled, suite);
      await fc.assert(
        fc.asyncProperty(arbitraryBlocks(habitsOf(suite, compiled)), async (blocks) => {
          await checkPairs({ suite, compiled, modules, matrix, counts }, blocks);
        }),
        runSettings(`pairs of ${suite.name}`, 120),
      );
      console.log(`pairs of ${suite.name}: ${JSON.stringify(counts)}`);
      expect(counts.independent).toBeGreaterThan(100);
      expect(counts.dependent).toBeGreaterThan(10);
      expect(counts.together).toBeGreaterThan(100);
    });

    it("shows a matrix that calls everything independent to be wrong", { timeout: 600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const modules = await loadAll(compiled);
      const matrix: Matrix = new Map([...matrixOf(compiled, suite)].map(([key, pair]) => [key, { ...pair, condition: [], escrow: false }]));
      const histories = fc.sample(arbitraryBlocks(habitsOf(suite, compiled)), { seed: 1, numRuns: 30 });
      const refute = async (): Promise<void> => {
        for (const blocks of histories) await checkPairs({ suite, compiled, modules, matrix, counts: noCounts() }, blocks);
      };
      await expect(refute()).rejects.toThrow();
    });
  });
}

function noCounts(): Counts {
  return { independent: 0, escrow: 0, dependent: 0, together: 0 };
}

function habitsOf(suite: Suite, compiled: Compiled): Habits {
  const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  return { ...suite.habits, accounts: ACCOUNTS.length, contracts, calls: 30, blocks: { min: 2, max: 4 } };
}

type Matrix = ReadonlyMap<string, PairConflict>;

function matrixOf(compiled: Compiled, suite: Suite): Matrix {
  const footprint = compiled.footprints.contracts.find((each) => each.contract.name === suite.deployments[0].contract);
  if (footprint === undefined) throw new Error("no footprint");
  const { pairs } = analyseConflicts(footprint, compiled.program, { getters: true });
  return new Map(pairs.map((pair) => [`${pair.left} ${pair.right}`, pair]));
}

interface Test {
  readonly suite: Suite;
  readonly compiled: Compiled;
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly matrix: Matrix;
  readonly counts: Counts;
}

/** Runs the blocks but the last, then takes each two calls of the last one that stand next to each other. */
async function checkPairs(test: Test, blocks: readonly BlockSpec[]): Promise<void> {
  const { world, setting, history } = populate(test.suite, test.compiled);
  const run = (block: BlockSpec): void => {
    const calls = resolveBlock(setting, world, block);
    history.push({ calls, time: world.time() + block.advance });
    world.runBlock(calls, world.time() + block.advance);
  };
  for (const block of blocks.slice(0, -1)) run(block);
  const chain = await openChain(chainOptions());
  try {
    await replay(test, chain, history);
    const { calls, advance } = blocks[blocks.length - 1];
    for (let i = 0; i + 1 < calls.length; i++) await checkPair(test, world, chain, setting, { calls: [calls[i], calls[i + 1]], advance });
  } finally {
    await chain.close();
  }
}

async function replay(test: Test, chain: Chain, history: readonly Played[]): Promise<void> {
  const deployed: Hex[] = [];
  for (const { contract: name, args } of test.suite.deployments) {
    const loaded = test.modules.get(name);
    if (loaded === undefined) throw new Error(`no module of ${name}`);
    const given = typeof args === "function" ? args(deployed) : args;
    const encoded = constructorArgs(test.compiled, contractNamed(test.compiled, name), given);
    const { address } = await chain.deploy(loaded, { from: ACCOUNTS[0].address, args: encoded, value: 0n, time: chain.time });
    deployed.push(address);
  }
  for (const { calls, time } of history) await chain.run(blockBuffer(calls), { time, mode: "parallel", trace: false });
}

async function checkPair(test: Test, world: World, chain: Chain, setting: Setting, block: BlockSpec): Promise<void> {
  const calls = resolveBlock(setting, world, block);
  const time = world.time() + block.advance;
  const [a, b] = calls.map((call) => concrete(setting, world, call, time));
  if (a === undefined || b === undefined) return;
  const swapped = !test.matrix.has(`${a.func.id} ${b.func.id}`);
  const pair = test.matrix.get(swapped ? `${b.func.id} ${a.func.id}` : `${a.func.id} ${b.func.id}`);
  if (pair === undefined) throw new Error(`no entry for ${a.func.name} and ${b.func.name}`);
  // Two instances of a contract share no cells but coin, of which the matrix of one contract says nothing.
  if (calls[0].to !== calls[1].to) return;
  if (swapped ? canHold(pair.condition, b, a) : canHold(pair.condition, a, b)) {
    test.counts.dependent += 1;
    return;
  }
  const where = `${a.func.name} and ${b.func.name}`;
  const { stats } = await chain.execute(blockBuffer(calls), { time, mode: "parallel", trace: false });
  chain.discard();
  // What isn't cleared, or waits for a key, is ordered whatever the matrix says.
  if (stats.uncleared === 0 && stats.unresolved === 0) {
    expect(stats.waiting, `${where} should not wait`).toBe(0);
    test.counts.together += 1;
  }
  const first = world.tryBlock(calls, time, [0, 1]);
  const second = world.tryBlock(calls, time, [1, 0]);
  const succeeds = [...first.outcomes, ...second.outcomes].every(({ receipt }) => receipt.status === "success");
  if (pair.escrow && !succeeds) return;
  test.counts[pair.escrow ? "escrow" : "independent"] += 1;
  first.outcomes.forEach((outcome, i) => {
    compareReceipt(`${where}, call ${i}`, outcome.receipt, second.outcomes[i].receipt);
  });
  expect(cellTable(second.cells), where).toEqual(cellTable(first.cells));
}

/** Undefined for calls that reach no function. */
function concrete(setting: Setting, world: World, call: CallRequest, time: bigint): (ConcreteCall & { readonly func: Func }) | undefined {
  const data = toHex(call.data);
  const contract = setting.contracts.find((each) => each.address === call.to);
  const func = contract?.functions.find((each) => selectorOf(each.name, typesOf(each)) === data.slice(0, 10));
  const args = func === undefined ? undefined : decodeAll(typesOf(func), data.slice(10));
  if (func === undefined || args === undefined) return undefined;
  const context = {
    caller: call.from,
    value: call.value,
    "self.address": call.to,
    "block.height": world.height() + 1n,
    "block.time": time,
    "chain.id": 1337n,
  };
  return { func, args, context };
}

function typesOf(func: Func): readonly Func["result"][] {
  return func.params.map((param) => param.type);
}
