/**
 * One history, told by all engines: the reference interpreter, the serial runtime, and the parallel runtime with several numbers of
 * workers. What is compared after each block is in `compare.ts`. Opening chains takes as long as running dozens of blocks, so histories may share them.
 */
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract } from "../../compiler/typed/tree.ts";
import type { CallRequest, Hex, LoadedModule } from "../../runtime/types.ts";
import { encodeAll } from "../interpreter/abi.ts";
import { fromHex, toHex } from "../interpreter/values.ts";
import { createWorld } from "../interpreter/world.ts";
import type { CallOutcome, World } from "../interpreter/world.ts";
import { resolveBlock } from "./call-spec.ts";
import type { BlockSpec, Setting } from "./call-spec.ts";
import { openChain } from "./chains.ts";
import { cellTable, compareBlock, compareCells, compareReceipt, noteStatus, same } from "./compare.ts";
import type { Contender, Entrant, Tally } from "./compare.ts";
import { COST_MODEL } from "./cost-model.ts";
import { ACCOUNTS } from "./suites.ts";
import type { Suite } from "./suites.ts";

const START_TIME = 1_700_000_000n;
const FEES: Hex = `0x${"fe".repeat(20)}`;
const CHAIN_ID = 1337n;

export interface History {
  readonly suite: Suite;
  readonly compiled: Compiled;
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly blocks: readonly BlockSpec[];
}

/** A world and chains in which the same has happened. */
export interface Arena {
  readonly world: World;
  readonly contenders: readonly Contender[];
}

/** One history in an arena of its own, each block compared closely. */
export async function compareEngines(history: History & { readonly entrants: readonly Entrant[] }, tally: Tally): Promise<void> {
  const arena = await openArena(history.entrants);
  try {
    await playHistory(arena, history, tally, 1);
  } finally {
    await closeArena(arena);
  }
}

export async function openArena(entrants: readonly Entrant[]): Promise<Arena> {
  const opened = await Promise.all(
    entrants.map(async (entrant) => ({ entrant, chain: await openChain({ ...chainOptions(), ...entrant }) })),
  );
  return { world: newWorld(), contenders: opened };
}

export async function closeArena({ contenders }: Arena): Promise<void> {
  // A chain that hangs can't be closed; what it did wrong is on its way up.
  await Promise.all(contenders.map(({ chain }) => chain.close().catch(() => undefined)));
}

/**
 * Deploys the suite's contracts anew and runs the blocks. Every so manieth block is compared closely, and the last: what goes wrong with a cell
 * before is still wrong then. Gives the setting, for calls that follow.
 */
export async function playHistory(arena: Arena, history: History, tally: Tally, closelyEvery: number): Promise<Setting> {
  const { world, contenders } = arena;
  const { suite, modules } = history;
  const lone = [...modules.values()].some(({ module }) => module.callees.length + module.creates.length > 0);
  // Codes that contracts make others of must be known before.
  for (const { chain } of contenders) for (const loaded of modules.values()) await chain.load(loaded);
  const setting = await deployAll(arena, history, closelyEvery === 1);
  const blocks = [...suite.setup, ...history.blocks];
  for (const [number, spec] of blocks.entries()) {
    const time = world.time() + spec.advance;
    const calls = resolveBlock(setting, world, spec);
    const closely = number % closelyEvery === closelyEvery - 1 || number === blocks.length - 1;
    const before = closely ? cellTable(world.cells()) : undefined;
    const outcomes = world.runBlock(calls, time);
    if (number < suite.setup.length) demandSuccess(suite, calls, outcomes);
    tally.blocks += 1;
    for (const { receipt } of outcomes) noteStatus(tally, receipt);
    await compareBlock({ where: `block ${number}`, world, before, outcomes, calls, time, contenders, tally, lone });
  }
  return setting;
}

export function newWorld(): World {
  return createWorld({ chainId: CHAIN_ID, genesis: ACCOUNTS, time: START_TIME, feeRecipient: FEES, cost: COST_MODEL });
}

export function chainOptions(): {
  readonly chainId: bigint;
  readonly genesis: typeof ACCOUNTS;
  readonly time: bigint;
  readonly feeRecipient: Hex;
} {
  return { chainId: CHAIN_ID, genesis: ACCOUNTS, time: START_TIME, feeRecipient: FEES };
}

function demandSuccess(suite: Suite, calls: readonly CallRequest[], outcomes: readonly CallOutcome[]): void {
  outcomes.forEach(({ receipt }, i) => {
    if (receipt.status !== "success") {
      throw new Error(
        `the setup of ${suite.name} fails at ${toHex(calls[i].data)}: ${receipt.status} ${receipt.rejection ?? ""} ${toHex(receipt.data)}`,
      );
    }
  });
}

// --- deployments -----------------------------------------------------------------------------------------------------

async function deployAll({ world, contenders }: Arena, { suite, compiled, modules }: History, closely: boolean): Promise<Setting> {
  const contracts: Setting["contracts"][number][] = [];
  for (const { contract: name, args } of suite.deployments) {
    const contract = contractNamed(compiled, name);
    const given = typeof args === "function" ? args(contracts.map(({ address }) => address)) : args;
    const request = { from: ACCOUNTS[0].address, args: constructorArgs(compiled, contract, given), value: 0n, time: world.time() };
    const wanted = world.deploy({ ...request, program: compiled.program, contract });
    const loaded = modules.get(name);
    if (loaded === undefined) throw new Error(`no module of ${name}`);
    for (const { entrant, chain } of contenders) {
      const found = await chain.deploy(loaded, request);
      const where = `${entrant.name}, deployment of ${name}`;
      same(where, "address", wanted.address, found.address);
      compareReceipt(where, wanted.outcome.receipt, found.receipt);
      if (closely) compareCells(where, world, chain);
    }
    if (wanted.outcome.receipt.status !== "success") throw new Error(`the deployment of ${name} fails`);
    contracts.push({ address: wanted.address, functions: functionsOf(compiled, contract) });
  }
  return settingOf(suite, compiled, contracts);
}

function settingOf(suite: Suite, compiled: Compiled, contracts: Setting["contracts"]): Setting {
  return {
    accounts: ACCOUNTS.map((each) => each.address),
    contracts,
    holders: suite.holders,
    bound: (func, args) => COST_MODEL.bound(compiled.program, func, args),
  };
}

export function contractNamed(compiled: Compiled, name: string): Contract {
  const contract = compiled.program.contracts.find((each) => each.name === name);
  if (contract === undefined) throw new Error(`no contract ${name}`);
  return contract;
}

export function functionsOf(compiled: Compiled, contract: Contract): Setting["contracts"][number]["functions"] {
  return contract.external.flatMap((id) => compiled.program.functions.get(id) ?? []);
}

export function constructorArgs(compiled: Compiled, contract: Contract, args: Parameters<typeof encodeAll>[1]): Uint8Array {
  const params = compiled.program.functions.get(contract.init)?.params ?? [];
  return fromHex(
    `0x${encodeAll(
      params.map((param) => param.type),
      args,
    )}`,
  );
}
