/**
 * Measures one block: serial and parallel mode, the ledger and the typed-array loop in turn, round by round, so that all of them see the same
 * seconds of the machine. What isn't timed checks that the work was done: statuses, equal state and receipts of both modes, the ledger's state.
 */
import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { BlockBuffer, BlockResult, BlockStats, Chain, Mode } from "../runtime/types.ts";
import type { TransferLimit } from "./limit.ts";
import { BUSY_BELOW, type GainMeter } from "./machine.ts";
import type { Gain, Pair, Row } from "./report.ts";
import { TIME, type Setting } from "./stage.ts";
import { spreadOf } from "./statistics.ts";
import type { Prepared, Workload } from "./workloads/workload.ts";

export interface Measuring {
  readonly rounds: number;
  /** A block that takes long is measured in fewer rounds, but at least LEAST_ROUNDS. */
  readonly budgetMs: number;
  readonly meter: Pick<GainMeter, "measure">;
}

/** Enough for V8 to compile on every thread, and for the chain to learn whether sharing pays. */
const WARM_UP = 4;
const LEAST_ROUNDS = 3;
/** Executions of a small block that are timed together hold this many calls, or take this long if that is less. */
const SAMPLE_CALLS = 3_000;
const SAMPLE_MS = 20;
/** Calls whose cells are counted: so few that they are never shared, and their plans are traced in order. */
const COUNTED = 1_000;

interface Samples {
  /** Milliseconds, of as many executions as `repeats`. */
  readonly serial: number[];
  readonly parallel: number[];
  readonly ledger: number[];
  readonly limit: number[];
  readonly scheduleMs: number[];
  shared: number;
  stats: BlockStats | undefined;
  unexpected: number;
}

/** One execution, in milliseconds; the state is as before after `discard`. */
async function time(chain: Chain, block: BlockBuffer, mode: Mode): Promise<{ readonly ms: number; readonly result: BlockResult }> {
  const start = performance.now();
  const result = await chain.execute(block, { time: TIME, mode, trace: false });
  return { ms: performance.now() - start, result };
}

/** Both modes and what else there is, for `rounds` rounds or as many as the time allows. */
async function sample(prepared: Prepared, { rounds, budgetMs }: Measuring): Promise<Samples> {
  const { stage, block, expected } = prepared;
  const limit = prepared.limit?.();
  const samples: Samples = { serial: [], parallel: [], ledger: [], limit: [], scheduleMs: [], shared: 0, stats: undefined, unexpected: 0 };
  const repeats = await repeatsFor(stage.chain, block);
  const started = performance.now();
  for (let round = -WARM_UP; round < rounds; round++) {
    const spent = performance.now() - started;
    if (round >= LEAST_ROUNDS && spent > budgetMs) break;
    // Half of the time at most is for warming up.
    if (round < -1 && spent > budgetMs / 2) round = -1;
    const modes: readonly Mode[] = round % 2 === 0 ? ["serial", "parallel"] : ["parallel", "serial"];
    for (const mode of modes) {
      let sum = 0;
      for (let repeat = 0; repeat < repeats; repeat++) {
        const { ms, result } = await time(stage.chain, block, mode);
        sum += ms;
        const isLast = repeat === repeats - 1;
        if (isLast) samples.unexpected += countUnexpected(result, expected);
        if (isLast && mode === "parallel") note(samples, result.stats, round);
        stage.chain.discard();
      }
      if (round >= 0) samples[mode].push(sum / repeats);
    }
    runLedger(prepared, samples, round);
    if (limit !== undefined) runLimit(limit, block.length, samples, round);
  }
  return samples;
}

/** By the quickest of the executions that fit in a sample: the first ones run cold code. */
async function repeatsFor(chain: Chain, block: BlockBuffer): Promise<number> {
  const most = Math.ceil(SAMPLE_CALLS / block.length);
  let quickest = Infinity;
  for (let i = 0, spent = 0; i < most && spent < SAMPLE_MS; i++) {
    const { ms } = await time(chain, block, "serial");
    chain.discard();
    spent += ms;
    quickest = Math.min(quickest, ms);
  }
  return Math.min(most, Math.ceil(SAMPLE_MS / quickest));
}

function note(samples: Samples, stats: BlockStats, round: number): void {
  samples.stats = stats;
  if (round < 0 || !stats.shared) return;
  samples.shared++;
  samples.scheduleMs.push(stats.times.scheduleMs);
}

function runLedger({ ledger, block, expected }: Prepared, samples: Samples, round: number): void {
  if (ledger === undefined) return;
  const made = ledger();
  const start = performance.now();
  const receipts = made.run(block);
  const ms = performance.now() - start;
  if (receipts.some(({ ok }) => ok !== (expected === 0))) throw new Error("a call failed in the ledger: the workload is wrong");
  if (round >= 0) samples.ledger.push(ms);
}

function runLimit(limit: TransferLimit, calls: number, samples: Samples, round: number): void {
  limit.reset();
  const start = performance.now();
  const succeeded = limit.run();
  const ms = performance.now() - start;
  if (succeeded !== calls) throw new Error("a call failed in the typed-array loop: the workload is wrong");
  if (round >= 0) samples.limit.push(ms);
}

function countUnexpected({ receipts }: BlockResult, expected: number): number {
  let count = 0;
  for (let call = 0; call < receipts.length; call++) if (receipts.statusOf(call) !== expected) count++;
  return count;
}

function gainOf(before: number, after: number): Gain {
  const least = Math.min(before, after);
  return { before, after, least, busy: least < BUSY_BELOW };
}

function pairOf(samples: Samples, calls: number, gain: Gain): Pair {
  const rate = (ms: number): number => (calls / ms) * 1000;
  const parallelToSerial = spreadOf(samples.serial.map((ms, i) => ms / samples.parallel[i]));
  return {
    calls,
    rounds: samples.serial.length,
    serial: spreadOf(samples.serial.map(rate)),
    parallel: spreadOf(samples.parallel.map(rate)),
    parallelToSerial,
    shared: samples.shared / samples.parallel.length,
    gain,
    shareOfGain: parallelToSerial.median / gain.least,
  };
}

/** Measures a block of a chain that stays as it is. */
export async function measurePair(prepared: Prepared, measuring: Measuring): Promise<Pair> {
  const before = await measuring.meter.measure();
  const samples = await sample(prepared, measuring);
  const gain = gainOf(before, await measuring.meter.measure());
  if (samples.unexpected > 0) throw new Error(`${samples.unexpected} calls ended otherwise than they should`);
  return pairOf(samples, prepared.block.length, gain);
}

/** Makes a workload ready, measures and checks it, and closes its chain. */
export async function measureWorkload(workload: Workload, calls: number, setting: Setting, measuring: Measuring): Promise<Row> {
  collectGarbage();
  const prepared = await workload.prepare(Math.max(1, Math.round(calls * workload.share)), setting);
  try {
    const before = await measuring.meter.measure();
    const samples = await sample(prepared, measuring);
    const gain = gainOf(before, await measuring.meter.measure());
    return await rowOf(workload, prepared, samples, gain, setting);
  } finally {
    await prepared.stage.chain.close();
  }
}

/** The shared memory of closed chains counts for nothing in the eyes of V8: left alone, it would keep gigabytes of them. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

async function rowOf(workload: Workload, prepared: Prepared, samples: Samples, gain: Gain, setting: Setting): Promise<Row> {
  const { block } = prepared;
  const { stats } = samples;
  if (stats === undefined) throw new Error("no round was run");
  const rate = (ms: number): number => (block.length / ms) * 1000;
  const pair = pairOf(samples, block.length, gain);
  const cellsPerCall = await countCells(prepared);
  const scheduleNs = samples.scheduleMs.length === 0 ? null : (spreadOf(samples.scheduleMs).median * 1e6) / block.length;
  const { dearest, ...outcome } = await sameOutcome(prepared);
  // The longest chain is one of calls that wait; where none does it is the dearest call.
  const workToSpan = Number(stats.totalCost) / Math.max(Number(stats.criticalCost), dearest, 1);
  const ledger = samples.ledger.length === 0 ? null : spreadOf(samples.ledger.map(rate));
  const parallelToLedger = ledger === null ? null : spreadOf(samples.ledger.map((ms, i) => ms / samples.parallel[i])).median;
  return {
    name: workload.name,
    group: workload.group,
    title: workload.title,
    ...pair,
    ledger,
    limit: samples.limit.length === 0 ? null : spreadOf(samples.limit.map(rate)),
    parallelToLedger,
    workToSpan,
    achieved: pair.parallelToSerial.median / Math.min(setting.workers, workToSpan),
    executionsPerCall: stats.executions / stats.calls,
    cellsPerCall,
    scheduleNsPerCall: scheduleNs,
    scheduleNsPerCell: scheduleNs === null || cellsPerCall === 0 ? null : scheduleNs / cellsPerCall,
    unexpectedStatuses: samples.unexpected,
    edges: stats.edges,
    waiting: stats.waiting,
    uncleared: stats.uncleared,
    ...outcome,
  };
}

/** The first calls of a block are a block too. */
async function countCells({ stage, block }: Prepared): Promise<number> {
  const length = Math.min(COUNTED, block.length);
  const result = await stage.chain.execute({ length, buffer: block.buffer }, { time: TIME, mode: "serial", trace: true });
  let cells = 0;
  for (let call = 0; call < length; call++) cells += result.plannedCells(call).length;
  stage.chain.discard();
  return cells / length;
}

/** Serial, parallel and the ledger end in the same state, and both modes give the same receipts. The chain keeps that state. */
async function sameOutcome({ stage, block, ledger }: Prepared): Promise<Pick<Row, "digest" | "receipts"> & { readonly dearest: number }> {
  const { chain } = stage;
  const inOrder = (await time(chain, block, "serial")).result;
  const changed = inOrder.changedCells();
  const receipts = digestReceipts(inOrder);
  chain.discard();
  const { result } = await time(chain, block, "parallel");
  const changedToo = result.changedCells();
  if (
    changedToo.length !== changed.length ||
    changedToo.some((cell, i) => cell.cell !== changed[i].cell || cell.after !== changed[i].after)
  )
    throw new Error("serial and parallel execution differ in state");
  if (digestReceipts(result).digest !== receipts.digest) throw new Error("serial and parallel execution differ in receipts");
  chain.commit();
  if (ledger !== undefined) {
    const made = ledger();
    made.run(block);
    if (!made.agrees(chain.cells())) throw new Error("the ledger ends in another state");
  }
  return { digest: chain.digest(), receipts: receipts.digest, dearest: receipts.dearest };
}

/** A hash of all receipts, and the highest cost among them. */
function digestReceipts({ receipts }: BlockResult): { readonly digest: string; readonly dearest: number } {
  let dearest = 0;
  const hash = createHash("sha256");
  for (let call = 0; call < receipts.length; call++) {
    const { status, data, logs, cost, rejection } = receipts.at(call);
    dearest = Math.max(dearest, Number(cost));
    hash.update(`${status} ${rejection ?? ""} ${cost} ${logs.length} ${data.length} `).update(data);
    for (const log of logs) hash.update(`${log.address} ${log.topics.join()} ${log.data.length} `).update(log.data);
  }
  return { digest: `0x${hash.digest("hex")}`, dearest };
}
