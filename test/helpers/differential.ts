/**
 * One history, told by all engines: the reference interpreter, the serial runtime, and the parallel runtime with several numbers of
 * workers. After every block receipts, digests and cells must be the same, and no call may have touched a cell its plan doesn't name.
 */
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract } from "../../compiler/typed/tree.ts";
import { blockBuffer } from "../../runtime/block.ts";
import type { BlockBuffer, BlockResult, CallRequest, Cell, Chain, Hex, LoadedModule, Mode, Receipt } from "../../runtime/types.ts";
import { encodeAll } from "../interpreter/abi.ts";
import { fullName } from "../interpreter/store.ts";
import { fromHex, toHex } from "../interpreter/values.ts";
import { createWorld } from "../interpreter/world.ts";
import type { CallOutcome, World } from "../interpreter/world.ts";
import { resolveBlock } from "./call-spec.ts";
import type { BlockSpec, Setting } from "./call-spec.ts";
import { openChain } from "./chains.ts";
import { COST_MODEL } from "./cost-model.ts";
import { ACCOUNTS } from "./suites.ts";
import type { Suite } from "./suites.ts";

/** A chain that takes part. */
export interface Entrant {
  readonly name: string;
  readonly workers: number;
  readonly mode: Mode;
  readonly chunk: number;
  readonly delay: ((call: number) => number) | undefined;
  /** Also checks that touched cells are planned ones. */
  readonly trace: boolean;
}

/** What one history had to show; for the tests that ask whether random blocks are worth anything. */
export interface Tally {
  blocks: number;
  readonly statuses: Map<string, number>;
  edges: number;
  cleared: number;
  uncleared: number;
  unresolved: number;
  planned: number;
  touched: number;
}

export function createTally(): Tally {
  return { blocks: 0, statuses: new Map(), edges: 0, cleared: 0, uncleared: 0, unresolved: 0, planned: 0, touched: 0 };
}

const START_TIME = 1_700_000_000n;
const FEES: Hex = `0x${"fe".repeat(20)}`;
const CHAIN_ID = 1337n;

export interface History {
  readonly suite: Suite;
  readonly compiled: Compiled;
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly blocks: readonly BlockSpec[];
  readonly entrants: readonly Entrant[];
}

/** The first difference found, in words that say where. */
export class Difference extends Error {
  override readonly name = "Difference";
}

export async function compareEngines(history: History, tally: Tally): Promise<void> {
  const world = newWorld();
  const lone = [...history.modules.values()].some(({ module }) => module.callees.length + module.creates.length > 0);
  const chains: { readonly entrant: Entrant; readonly chain: Chain }[] = [];
  try {
    for (const entrant of history.entrants) chains.push({ entrant, chain: await openChain({ ...chainOptions(), ...entrant }) });
    // Codes that contracts make others of must be known before.
    for (const { chain } of chains) for (const loaded of history.modules.values()) await chain.load(loaded);
    const setting = await deployAll(history, world, chains);
    const { suite } = history;
    let time = START_TIME;
    for (const [number, spec] of [...suite.setup, ...history.blocks].entries()) {
      time += spec.advance;
      const calls = resolveBlock(setting, world, spec);
      const before = cellTable(world.cells());
      const outcomes = world.runBlock(calls, time);
      if (number < suite.setup.length) demandSuccess(suite, calls, outcomes);
      tally.blocks += 1;
      for (const { receipt } of outcomes) count(tally.statuses, statusText(receipt));
      await compareBlock({ where: `block ${number}`, world, before, outcomes, calls, time, chains, tally, lone });
    }
  } finally {
    // A chain that hangs can't be closed; what it did wrong is on its way up.
    for (const { chain } of chains) await chain.close().catch(() => undefined);
  }
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

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function statusText(receipt: Receipt): string {
  if (receipt.status !== "reverted") return receipt.rejection === undefined ? receipt.status : `rejected: ${receipt.rejection}`;
  return `reverted: ${receipt.data.length === 0 ? "no data" : toHex(receipt.data.subarray(0, 4))}`;
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

async function deployAll(
  history: History,
  world: World,
  chains: readonly { readonly entrant: Entrant; readonly chain: Chain }[],
): Promise<Setting> {
  const contracts: Setting["contracts"][number][] = [];
  for (const { contract: name, args } of history.suite.deployments) {
    const contract = contractNamed(history.compiled, name);
    const given = typeof args === "function" ? args(contracts.map(({ address }) => address)) : args;
    const request = { from: ACCOUNTS[0].address, args: constructorArgs(history.compiled, contract, given), value: 0n, time: START_TIME };
    const wanted = world.deploy({ ...request, program: history.compiled.program, contract });
    const loaded = history.modules.get(name);
    if (loaded === undefined) throw new Error(`no module of ${name}`);
    for (const { entrant, chain } of chains) {
      const found = await chain.deploy(loaded, request);
      const where = `${entrant.name}, deployment of ${name}`;
      same(where, "address", wanted.address, found.address);
      compareReceipt(where, wanted.outcome.receipt, found.receipt);
      compareCells(where, world, chain);
    }
    if (wanted.outcome.receipt.status !== "success") throw new Error(`the deployment of ${name} fails`);
    contracts.push({ address: wanted.address, functions: functionsOf(history.compiled, contract) });
  }
  return settingOf(history.suite, history.compiled, contracts);
}

/** A block as it was run. */
export interface Played {
  readonly calls: readonly CallRequest[];
  readonly time: bigint;
}

/** A world with the suite's contracts deployed and its setup done; `history` is how it was done. */
export function populate(
  suite: Suite,
  compiled: Compiled,
): { readonly world: World; readonly setting: Setting; readonly history: Played[] } {
  const world = newWorld();
  const contracts: Setting["contracts"][number][] = [];
  for (const { contract: name, args } of suite.deployments) {
    const contract = contractNamed(compiled, name);
    const given = typeof args === "function" ? args(contracts.map(({ address }) => address)) : args;
    const request = { from: ACCOUNTS[0].address, args: constructorArgs(compiled, contract, given), value: 0n, time: START_TIME };
    const { address } = world.deploy({ ...request, program: compiled.program, contract });
    contracts.push({ address, functions: functionsOf(compiled, contract) });
  }
  const setting = settingOf(suite, compiled, contracts);
  const history: Played[] = [];
  for (const block of suite.setup) {
    const calls = resolveBlock(setting, world, block);
    const time = world.time() + block.advance;
    history.push({ calls, time });
    demandSuccess(suite, calls, world.runBlock(calls, time));
  }
  return { world, setting, history };
}

export function settingOf(suite: Suite, compiled: Compiled, contracts: Setting["contracts"]): Setting {
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

// --- comparison ------------------------------------------------------------------------------------------------------

export interface Round {
  readonly where: string;
  readonly world: World;
  /** Cells before the block; `world` has what is after it. */
  readonly before: ReadonlyMap<string, string>;
  readonly outcomes: readonly CallOutcome[];
  readonly calls: readonly CallRequest[];
  readonly time: bigint;
  readonly chains: readonly { readonly entrant: Entrant; readonly chain: Chain }[];
  readonly tally: Tally;
  /** Some calls may run alone between the others, without an edge that says so. */
  readonly lone: boolean;
}

export async function compareBlock(round: Round): Promise<void> {
  const buffer = blockBuffer(round.calls);
  let digest: Hex | undefined;
  for (const { entrant, chain } of round.chains) {
    const where = `${entrant.name}, ${round.where}`;
    if (entrant.workers === 1) await checkPending(where, chain, buffer, entrant, round);
    const running = chain.run(buffer, { time: round.time, mode: entrant.mode, trace: entrant.trace });
    const result = await inTime(running, `${where}: the block doesn't end`);
    same(where, "number of receipts", round.calls.length, result.receipts.length);
    round.outcomes.forEach((outcome, i) => {
      compareReceipt(`${where}, call ${i}`, outcome.receipt, result.receipts.at(i));
    });
    // Equal digests mean equal cells, so one chain is compared at length, and any other that differs from it.
    const own = chain.digest();
    if (own !== digest) compareCells(where, round.world, chain);
    digest ??= own;
    same(where, "digest", digest, own);
    same(where, "height", round.world.height(), result.height);
    checkStats(where, entrant, result, round);
    if (entrant.trace) checkTouched(where, result, round);
  }
}

/** A block of these tests takes milliseconds: one that takes so long waits for something that never comes. */
const PATIENCE_MS = 60_000;

function inTime<T>(work: Promise<T>, complaint: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Difference(complaint));
    }, PATIENCE_MS);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/** Executes the block without keeping it: what was committed stays visible, the changes are those of the interpreter, and discarding leaves nothing. */
async function checkPending(where: string, chain: Chain, buffer: BlockBuffer, entrant: Entrant, round: Round): Promise<void> {
  const digest = chain.digest();
  const result = await chain.execute(buffer, { time: round.time, mode: entrant.mode, trace: false });
  same(where, "digest while a block is pending", digest, chain.digest());
  const changed = new Map<string, string>();
  for (const { contract, cell, before, after } of result.changedCells()) {
    if (before !== after && showValue(before) === showValue(after)) continue;
    changed.set(`${contract ?? ""}|${cell}`, `${showValue(before)} -> ${showValue(after)}`);
  }
  const after = cellTable(round.world.cells());
  for (const name of new Set([...round.before.keys(), ...after.keys()])) {
    const [old, now] = [showText(round.before.get(name)), showText(after.get(name))];
    same(where, `change of ${name}`, old === now ? undefined : `${old} -> ${now}`, changed.get(name));
    changed.delete(name);
  }
  same(where, "changes of cells that stay at their default", "", [...changed.keys()].join(" "));
  chain.discard();
  same(where, "digest after discarding", digest, chain.digest());
}

/** Defaults read as `none`, as if absent. A string of 20 or 32 zero bytes looks like an address or a hash and does so too. */
function showValue(value: Cell["value"] | undefined): string {
  if (value === undefined || value === false || value === 0n) return "none";
  return typeof value === "string" && /^0x(0{40}|0{64})?$/.test(value) ? "none" : tableText(value);
}

function showText(text: string | undefined): string {
  return text === undefined || /^string 0x(0{40}|0{64})$/.test(text) ? "none" : text;
}

function tableText(value: Cell["value"]): string {
  return `${typeof value} ${String(value)}`;
}

function same(where: string, what: string, wanted: unknown, found: unknown): void {
  if (wanted !== found) throw new Difference(`${where}: ${what}: expected ${String(wanted)}, found ${String(found)}`);
}

export function compareReceipt(where: string, wanted: Receipt, found: Receipt): void {
  same(where, "status", wanted.status, found.status);
  same(where, "rejection", wanted.rejection, found.rejection);
  same(where, "data", toHex(wanted.data), toHex(found.data));
  same(where, "logs", showLogs(wanted), showLogs(found));
  same(where, "cost", wanted.cost, found.cost);
}

function showLogs(receipt: Receipt): string {
  return receipt.logs.map((log) => `${log.address} ${log.topics.join(",")} ${toHex(log.data)}`).join("; ");
}

export function compareCells(where: string, world: Pick<World, "cells">, chain: Pick<Chain, "cells">): void {
  const wanted = cellTable(world.cells());
  const found = cellTable(chain.cells());
  for (const [name, value] of wanted) same(where, name, value, found.get(name));
  for (const [name, value] of found) same(where, name, wanted.get(name), value);
}

export function cellTable(cells: Iterable<Cell>): Map<string, string> {
  const table = new Map<string, string>();
  for (const cell of cells) {
    const name = fullName(cell);
    if (table.has(name)) throw new Difference(`cell ${name} is listed twice`);
    table.set(name, tableText(cell.value));
  }
  return table;
}

/** What must hold of the figures whatever the schedule was. */
function checkStats(where: string, entrant: Entrant, { stats }: BlockResult, round: Round): void {
  const { calls, tally } = round;
  same(where, "calls", calls.length, stats.calls);
  if (stats.edges === 0) same(where, "waiting calls of a block without edges", 0, stats.waiting);
  if (entrant.mode === "parallel" && stats.edges > 0 && stats.waiting === 0) throw new Difference(`${where}: edges, but nobody waits`);
  if (stats.waiting >= Math.max(1, calls.length)) throw new Difference(`${where}: ${stats.waiting} of ${calls.length} calls wait`);
  if (stats.criticalPath > calls.length) throw new Difference(`${where}: a chain of ${stats.criticalPath} in ${calls.length} calls`);
  if (stats.uncleared > stats.deltas) throw new Difference(`${where}: ${stats.uncleared} of ${stats.deltas} adds not cleared`);
  if (entrant.mode === "parallel" && !round.lone && mustWait(round.outcomes) && stats.waiting === 0) {
    throw new Difference(`${where}: two calls write one cell and neither waits`);
  }
  tally.edges += stats.edges;
  tally.cleared += stats.deltas - stats.uncleared;
  tally.uncleared += stats.uncleared;
  tally.unresolved += stats.unresolved;
}

/** Whether some cell was written by one call and touched by another. */
function mustWait(outcomes: readonly CallOutcome[]): boolean {
  const writers = new Map<string, number>();
  outcomes.forEach(({ touched }, i) => {
    for (const [cell, how] of touched) if (how.has("write")) writers.set(cell, i);
  });
  return outcomes.some(({ touched }, i) => [...touched.keys()].some((cell) => (writers.get(cell) ?? i) !== i));
}

/** Touched ⊆ planned: every cell by name, or its field as a whole; and nothing is written that is planned as read only. */
function checkTouched(where: string, result: BlockResult, round: Round): void {
  round.outcomes.forEach((outcome, i) => {
    if (outcome.touched.size === 0) return;
    const planned = new Map<string, string>();
    for (const { cell, mode } of result.plannedCells(i)) {
      const known = planned.get(cell);
      planned.set(cell, known === undefined || known === mode ? mode : `${known} and ${mode}`);
    }
    for (const [cell, how] of outcome.touched) {
      // A cell that is read by name may also be one of those of its field that are only known right before the call.
      const known = planned.get(cell);
      const wide = planned.get(wideName(cell));
      const mode = known === undefined || known === "R" ? (wide ?? known) : known;
      // A contract that an undone call made is gone, and the trace has no name for its cells any more.
      const [contract] = cell.split("|");
      if (mode === undefined && contract !== "" && round.chains.every(({ chain }) => chain.abiOf(`0x${contract.slice(2)}`) === undefined))
        continue;
      if (mode === undefined) throw new Difference(`${where}, call ${i}: touches ${cell}, planned are ${[...planned.keys()].join(" ")}`);
      if (mode === "R" && !(how.has("read") && how.size === 1)) throw new Difference(`${where}, call ${i}: changes ${cell}, planned as R`);
    }
    round.tally.planned += planned.size;
    round.tally.touched += outcome.touched.size;
  });
}

/** `0x…|points[0x…]` as `0x…|points[*]`. */
function wideName(cell: string): string {
  return `${cell.replace(/\[.*$/s, "")}[*]`;
}
