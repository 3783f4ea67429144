/** Runs a prepared scenario on two chains, block by block: serially on one, in parallel on the other, the same bytes to both. */
import { BlockBuilder } from "../../runtime/block.ts";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import { decodeError } from "../../runtime/abi/receipt.ts";
import { openChain } from "../../runtime/chain.ts";
import { CapacityError } from "../../runtime/state/capacity-error.ts";
import type { AbiEntry } from "../../runtime/module.ts";
import type { BlockBuffer, BlockResult, BlockStats, CallRequest, Chain, Hex, Receipts } from "../../runtime/types.ts";
import type { Nonces, PlannedBlock } from "./blocks.ts";
import { compareCells, compareReceipts, createDifferences } from "./compare.ts";
import type { Differences } from "./compare.ts";
import type { PreparedScenario } from "./prepare.ts";
import type { Located } from "./reader.ts";
import { replayBlock } from "./replay.ts";
import type { Replay, ReplayOptions } from "./replay.ts";

export interface Tally {
  calls: number;
  succeeded: number;
  reverted: number;
  rejected: number;
  readonly reverts: Map<string, number>;
  readonly rejections: Map<string, number>;
}

export interface BlockReport {
  readonly title: string;
  readonly calls: number;
  readonly succeeded: number;
  readonly serial: BlockStats;
  readonly parallel: BlockStats;
  /** Where it was asked for. */
  readonly replay: Replay | undefined;
}

export interface ScenarioReport {
  readonly kind: "report";
  readonly setup: Tally;
  readonly measured: Tally;
  readonly blocks: readonly BlockReport[];
  readonly cells: number;
  readonly digest: Hex;
  readonly identical: boolean;
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

/** The scenario can't go on: a deployment failed, or a block is beyond what the runtime holds. */
export interface Stopped {
  readonly kind: "stopped";
  readonly code: "E0824" | "E0825";
  readonly at: Located;
  readonly values: Readonly<Record<string, string>>;
}

export interface ExecuteOptions {
  readonly workers: number;
  readonly replay: ReplayOptions | undefined;
  readonly onBlock: (done: number, total: number) => void;
}

/** Slots per table: room for every call to touch new cells, in blocks as large as scenarios may have. */
const CAPACITY = 2 ** 22;

export async function executeScenario(prepared: PreparedScenario, options: ExecuteOptions): Promise<ScenarioReport | Stopped> {
  const { workers } = options;
  const genesis = prepared.directory.genesis();
  const { time } = prepared.scenario;
  const serial = await openChain({ workers: 1, capacity: CAPACITY, genesis, time });
  const parallel = await openChain({ workers, sharing: "large", capacity: CAPACITY, genesis, time });
  try {
    const differences = createDifferences();
    const stopped = await deployAll(prepared, serial, parallel, differences);
    if (stopped !== undefined) return stopped;
    return await runBlocks(prepared, { serial, parallel, differences, options });
  } finally {
    await serial.close();
    await parallel.close();
  }
}

async function deployAll(
  prepared: PreparedScenario,
  serial: Chain,
  parallel: Chain,
  differences: Differences,
): Promise<Stopped | undefined> {
  for (const { at, label, module, made, from, args, value } of prepared.deployments) {
    const entry = module.module.abi.find((known) => known.type === "constructor");
    const encoded = encodeArgs(entry?.inputs ?? [], args());
    const options = { from: from(), args: encoded, value, time: prepared.scenario.time };
    for (const code of made) {
      await serial.load(code);
      await parallel.load(code);
    }
    const first = await serial.deploy(module, options);
    const second = await parallel.deploy(module, options);
    if (first.address !== second.address) differences.add(`${label}: deployed at ${first.address} serially, ${second.address} in parallel`);
    if (first.receipt.status !== "success") {
      return { kind: "stopped", code: "E0825", at, values: { label, failure: errorName(module.module.abi, first.receipt.data) } };
    }
    prepared.directory.deployed(label, first.address);
  }
  return undefined;
}

interface Pair {
  readonly serial: Chain;
  readonly parallel: Chain;
  readonly differences: Differences;
  readonly options: ExecuteOptions;
}

async function runBlocks(prepared: PreparedScenario, pair: Pair): Promise<ScenarioReport | Stopped> {
  const { serial, parallel, differences } = pair;
  const setup = createTally();
  const measured = createTally();
  const blocks: BlockReport[] = [];
  const nonces: Nonces = new Map();
  for (const { from } of prepared.deployments) nonces.set(from(), serial.nonceOf(from()));
  let { time } = prepared.scenario;
  for (const [index, block] of prepared.blocks.entries()) {
    pair.options.onBlock(index, prepared.blocks.length);
    time += prepared.scenario.blockTime + block.advanceTime;
    const outcome = await tryBlock(block, { nonces, time, index }, pair);
    if (outcome.kind === "stopped") return outcome;
    const { calls, first, second, replay } = outcome;
    compareReceipts(`block ${first.height}`, first.receipts, second.receipts, differences);
    const succeeded = tally(block.setup ? setup : measured, calls, first.receipts, serial);
    correctNonces(calls, first.receipts, nonces, serial);
    if (!block.setup)
      blocks.push({ title: block.title, calls: block.calls, succeeded, serial: first.stats, parallel: second.stats, replay });
  }
  pair.options.onBlock(prepared.blocks.length, prepared.blocks.length);
  const cells = compareCells(serial, parallel, differences);
  const digest = serial.digest();
  const other = parallel.digest();
  if (digest !== other) differences.add(`digest ${digest} serially, ${other} in parallel`);
  return {
    kind: "report",
    setup,
    measured,
    blocks,
    cells,
    digest,
    identical: differences.count() === 0,
    differences: differences.shown(),
    differenceCount: differences.count(),
  };
}

interface Turn {
  readonly nonces: Nonces;
  readonly time: bigint;
  readonly index: number;
}

interface Executed extends Both {
  readonly kind: "executed";
  readonly replay: Replay | undefined;
  readonly calls: readonly SentCall[];
}

/** Blocks that are too large for a buffer or for the tables are the scenario's mistake, found only when they are made. */
async function tryBlock(block: PlannedBlock, { nonces, time, index }: Turn, pair: Pair): Promise<Executed | Stopped> {
  try {
    const { calls, buffer } = buildBlock(block, nonces);
    const { replay: asked } = pair.options;
    const replay = asked === undefined || block.setup ? undefined : await replayBlock(buffer, time, asked, pair);
    return { kind: "executed", calls, replay, ...(await runBoth(buffer, { time, index, warmUps: block.setup ? 0 : WARM_UPS }, pair)) };
  } catch (error) {
    const tooLarge = error instanceof RangeError && /^(?:a block|calldata) of /.test(error.message);
    if (!(error instanceof CapacityError || tooLarge)) throw error;
    return { kind: "stopped", code: "E0824", at: block.at, values: { problem: error.message } };
  }
}

/** What is still asked of a call once it is in the buffer. */
type SentCall = Pick<CallRequest, "from" | "to">;

/** A guess: a selector and three arguments. */
const BYTES_PER_CALL = 100;

function buildBlock(block: PlannedBlock, nonces: Nonces): { readonly calls: readonly SentCall[]; readonly buffer: BlockBuffer } {
  const builder = new BlockBuilder(block.calls, BYTES_PER_CALL);
  const calls: SentCall[] = [];
  block.make(nonces, (call) => {
    builder.add(call);
    calls.push({ from: call.from, to: call.to });
  });
  return { calls, buffer: builder.finish() };
}

interface Both {
  readonly first: BlockResult;
  readonly second: BlockResult;
}

/** Times each measured block is executed and taken back before it counts: the first runs would measure V8's compilers. */
const WARM_UPS = 2;

/** Lets news from outside in, an interrupt above all: executing a block may not yield by itself. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The two take turns in going first, so that neither always finds warm caches. */
async function runBoth(
  buffer: BlockBuffer,
  { time, index, warmUps }: Omit<Turn, "nonces"> & { readonly warmUps: number },
  { serial, parallel }: Pair,
): Promise<Both> {
  for (let round = 0; round < warmUps; round++) {
    await breathe();
    await serial.execute(buffer, { time, mode: "serial", trace: false });
    serial.discard();
    await parallel.execute(buffer, { time, mode: "parallel", trace: false });
    parallel.discard();
  }
  const runSerial = (): Promise<BlockResult> => serial.run(buffer, { time, mode: "serial", trace: false });
  const runParallel = (): Promise<BlockResult> => parallel.run(buffer, { time, mode: "parallel", trace: false });
  await breathe();
  if (index % 2 === 0) {
    const first = await runSerial();
    await breathe();
    return { first, second: await runParallel() };
  }
  const second = await runParallel();
  await breathe();
  return { first: await runSerial(), second };
}

function createTally(): Tally {
  return { calls: 0, succeeded: 0, reverted: 0, rejected: 0, reverts: new Map(), rejections: new Map() };
}

function tally(into: Tally, calls: readonly SentCall[], receipts: Receipts, chain: Chain): number {
  const abis = new Map<Hex, readonly AbiEntry[]>();
  let succeeded = 0;
  calls.forEach((call, index) => {
    const status = receipts.statusOf(index);
    into.calls++;
    if (status === 0) succeeded++;
    else if (status === 1) {
      const abi = abis.get(call.to) ?? chain.abiOf(call.to) ?? [];
      abis.set(call.to, abi);
      into.reverted++;
      increment(into.reverts, errorName(abi, receipts.at(index).data));
    } else {
      into.rejected++;
      increment(into.rejections, receipts.at(index).rejection ?? "unknown");
    }
  });
  into.succeeded += succeeded;
  return succeeded;
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function errorName(abi: readonly AbiEntry[], data: Uint8Array): string {
  if (data.length === 0) return "empty data";
  const decoded = decodeError(abi, data);
  if (decoded === undefined) return "unknown error";
  const [code] = decoded.args;
  return decoded.name === "Panic" && typeof code.value === "bigint" ? `Panic(0x${code.value.toString(16).padStart(2, "0")})` : decoded.name;
}

/** A rejected call doesn't step its sender's nonce; the generator had counted on it. */
function correctNonces(calls: readonly SentCall[], receipts: Receipts, nonces: Nonces, chain: Chain): void {
  calls.forEach((call, index) => {
    if (receipts.statusOf(index) === 2) nonces.set(call.from, chain.nonceOf(call.from));
  });
}
