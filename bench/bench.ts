/**
 * `npm run bench`: throughput from the block buffer to the receipts, serial and parallel and a plain `Map` ledger side by side in one run, and
 * small blocks, where parallel execution has nothing to gain and must lose nothing. `-- --only NAME`, `-- --rounds N`, `-- --json`.
 */
import { parseArgs } from "node:util";
import type { BlockResult, Chain, BlockBuffer, Mode } from "../runtime/types.ts";
import { BUSY_BELOW, gainOfTwoLoops } from "./machine.ts";
import { spreadOf, type Spread } from "./statistics.ts";
import { WORKLOADS, type Prepared, type Workload } from "./workloads.ts";

const CALLS = 100_000;
const ROUNDS = 7;
const WARM_UP = 2;
const SMALL_BLOCKS = [1, 10, 100];
/** Calls per sample of a small block: enough to time. */
const SMALL_SAMPLE = 3000;

interface Row {
  readonly name: string;
  readonly title: string;
  readonly calls: number;
  /** Calls per second. */
  readonly serial: Spread;
  readonly parallel: Spread;
  readonly map: Spread;
  readonly parallelToSerial: number;
  readonly parallelToMap: number;
  /** Share of the rounds of parallel mode in which the chain found that sharing the block with the worker pays. */
  readonly shared: number;
  readonly edges: number;
  readonly uncleared: number;
  readonly digest: string;
}

interface SmallRow {
  readonly calls: number;
  readonly serial: Spread;
  readonly parallel: Spread;
  readonly parallelToSerial: number;
}

const { values } = parseArgs({
  options: { only: { type: "string" }, rounds: { type: "string" }, json: { type: "boolean", default: false } },
});
const rounds = values.rounds === undefined ? ROUNDS : Number(values.rounds);
const chosen = WORKLOADS.filter((workload) => values.only === undefined || workload.name === values.only);
const withSmall = values.only === undefined || values.only === "small-blocks";
if (!Number.isInteger(rounds) || rounds < 1 || (chosen.length === 0 && !withSmall)) {
  console.error(
    `usage: npm run bench -- [--only ${[...WORKLOADS.map((workload) => workload.name), "small-blocks"].join("|")}] [--rounds N] [--json]`,
  );
  process.exit(2);
}

function say(line: string): void {
  if (!values.json) console.log(line);
}

/** One execution, in milliseconds; the state is as before afterwards. */
async function time(
  chain: Chain,
  block: BlockBuffer,
  at: bigint,
  mode: Mode,
): Promise<{ readonly ms: number; readonly result: BlockResult }> {
  const start = performance.now();
  const result = await chain.execute(block, { time: at, mode, trace: false });
  return { ms: performance.now() - start, result };
}

function assertAllSucceeded(result: BlockResult): void {
  for (let call = 0; call < result.receipts.length; call++) {
    if (result.receipts.statusOf(call) !== 0) throw new Error(`call ${call} didn't succeed: the workload is wrong`);
  }
}

async function measure(workload: Workload): Promise<Row> {
  const prepared = await workload.prepare(CALLS);
  const { chain, block } = prepared;
  const rate = (ms: number): number => (block.length / ms) * 1000;
  const serial: number[] = [];
  const parallel: number[] = [];
  const map: number[] = [];
  let edges = 0;
  let shared = 0;
  let uncleared = 0;
  for (let round = -WARM_UP; round < rounds; round++) {
    const modes: readonly Mode[] = round % 2 === 0 ? ["serial", "parallel"] : ["parallel", "serial"];
    for (const mode of modes) {
      const { ms, result } = await time(chain, block, prepared.time, mode);
      if (round < 0) assertAllSucceeded(result);
      if (mode === "parallel") ({ edges, uncleared } = result.stats);
      if (mode === "parallel" && round >= 0 && result.stats.shared) shared += 1 / rounds;
      chain.discard();
      if (round >= 0) (mode === "serial" ? serial : parallel).push(rate(ms));
    }
    const ledger = prepared.ledger();
    const start = performance.now();
    const receipts = ledger.run(block);
    const ms = performance.now() - start;
    if (receipts.some((receipt) => !receipt.ok)) throw new Error("a call failed in the Map ledger: the workload is wrong");
    if (round >= 0) map.push(rate(ms));
  }
  const digest = await sameOutcome(prepared);
  await chain.close();
  const [s, p, m] = [spreadOf(serial), spreadOf(parallel), spreadOf(map)];
  const parallelToSerial = spreadOf(parallel.map((value, i) => value / serial[i])).median;
  const parallelToMap = spreadOf(parallel.map((value, i) => value / map[i])).median;
  return {
    name: workload.name,
    title: workload.title,
    calls: CALLS,
    serial: s,
    parallel: p,
    map: m,
    parallelToSerial,
    parallelToMap,
    shared,
    edges,
    uncleared,
    digest,
  };
}

/** Serial, parallel and the ledger end in the same state; its digest. */
async function sameOutcome(prepared: Prepared): Promise<string> {
  const { chain, block } = prepared;
  const inOrder = (await time(chain, block, prepared.time, "serial")).result.changedCells();
  chain.discard();
  const changed = (await time(chain, block, prepared.time, "parallel")).result.changedCells();
  const differs =
    changed.length !== inOrder.length || changed.some((cell, i) => cell.cell !== inOrder[i].cell || cell.after !== inOrder[i].after);
  if (differs) throw new Error("serial and parallel execution differ");
  chain.commit();
  const ledger = prepared.ledger();
  ledger.run(block);
  if (!ledger.agrees(chain.cells())) throw new Error("the Map ledger ends in another state");
  return chain.digest();
}

async function measureSmall(calls: number): Promise<SmallRow> {
  const prepared = await WORKLOADS[0].prepare(calls);
  const { chain, block } = prepared;
  const executions = Math.ceil(SMALL_SAMPLE / calls);
  const samples = { serial: [] as number[], parallel: [] as number[] };
  for (let round = -WARM_UP; round < rounds * 2; round++) {
    const modes: readonly Mode[] = round % 2 === 0 ? ["serial", "parallel"] : ["parallel", "serial"];
    for (const mode of modes) {
      let ms = 0;
      for (let i = 0; i < executions; i++) {
        ms += (await time(chain, block, prepared.time, mode)).ms;
        chain.discard();
      }
      if (round >= 0) samples[mode].push(((calls * executions) / ms) * 1000);
    }
  }
  await chain.close();
  const parallelToSerial = spreadOf(samples.parallel.map((value, i) => value / samples.serial[i])).median;
  return { calls, serial: spreadOf(samples.serial), parallel: spreadOf(samples.parallel), parallelToSerial };
}

const show = (value: number): string => Math.round(value).toLocaleString("en-US").padStart(11);
const ratio = (value: number): string => `${value.toFixed(2)}x`.padStart(8);

const gainBefore = await gainOfTwoLoops();
say(
  `${CALLS.toLocaleString("en-US")} calls a block, median of ${rounds} rounds in calls/s, 2 workers, from the block buffer to the receipts\n`,
);
say(
  `${"".padEnd(14)}${"serial".padStart(11)}${"parallel".padStart(11)}${"Map ledger".padStart(11)}${"par/ser".padStart(8)}${"par/Map".padStart(8)}${"shared".padStart(8)}   spread of parallel     edges  uncleared`,
);
const rows: Row[] = [];
for (const workload of chosen) {
  const row = await measure(workload);
  rows.push(row);
  say(
    `${row.name.padEnd(14)}${show(row.serial.median)}${show(row.parallel.median)}${show(row.map.median)}${ratio(row.parallelToSerial)}${ratio(row.parallelToMap)}${`${Math.round(row.shared * 100)}%`.padStart(8)}` +
      `   ${show(row.parallel.min)}-${show(row.parallel.max).trim()}${String(row.edges).padStart(8)}${String(row.uncleared).padStart(9)}`,
  );
}
const small: SmallRow[] = [];
if (withSmall) {
  say(`\nsmall blocks of transfers   serial   parallel  par/ser`);
  for (const calls of SMALL_BLOCKS) {
    const row = await measureSmall(calls);
    small.push(row);
    say(`${String(calls).padStart(6)} calls a block ${show(row.serial.median)}${show(row.parallel.median)}${ratio(row.parallelToSerial)}`);
  }
}
const gainAfter = await gainOfTwoLoops();
const gain = Math.min(gainBefore, gainAfter);
const verdict =
  gain < BUSY_BELOW
    ? `machine busy (below ${BUSY_BELOW}): parallel figures can't be judged`
    : "machine idle enough to judge parallel figures";
if (values.json)
  console.log(
    JSON.stringify(
      { schema: 1, tool: "weft", command: "bench", rows, small, gainOfTwoLoops: { before: gainBefore, after: gainAfter }, verdict },
      undefined,
      2,
    ),
  );
else {
  say(`\ntwo independent loops gain ${gainBefore.toFixed(2)}x before and ${gainAfter.toFixed(2)}x after: ${verdict}`);
  for (const row of rows) say(`digest ${row.name.padEnd(14)}${row.digest}`);
}
