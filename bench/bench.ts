/**
 * `npm run bench`: serial and parallel mode, plain `Map` ledgers, a typed-array loop and what the machine has to give, side by side in one run; as tables, as
 * JSON and as plots. `--help` by any wrong option; see docs/performance.md.
 */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { judge } from "./goals.ts";
import { BLOCK_SIZES, measureBlocks, measureOneCoreBusy, SMALL_SIZES } from "./sizes.ts";
import { BUSY_BELOW, GainMeter } from "./machine.ts";
import { measureWorkload, type Measuring } from "./measure.ts";
import { listLines, parseOptions, USAGE, type BenchOptions } from "./options.ts";
import { plotsOf } from "./plots.ts";
import type { BlockRow, BusyRow, Report, Row } from "./report.ts";
import type { Setting } from "./stage.ts";
import { blockHeader, blockLine, busyHeader, busyLine, digestLines, goalLines, rowHeader, rowLine } from "./table.ts";
import { count } from "./text.ts";
import { WORKLOADS } from "./workloads/all.ts";

/** Rounds of one workload, those to warm up included, end after this long. */
const BUDGET_MS = { full: 8_000, quick: 1_500 };
/** Blocks above this size are left out of quick runs. */
const QUICK_BLOCK = 100_000;
/** Making ready and comparing 100,000 accounts takes longer than quick runs may. */
const QUICK_ACCOUNTS = 20_000;
/** Characters of one report. */
const OUTPUT_LIMIT = 2 ** 24;
/** Run beside a busy process: one that gains much from a second core, and one that gains less. */
const BESIDE_A_HOG = ["transfers", "one-hash"];

const options = parseOptions(process.argv.slice(2));
if (typeof options === "string") {
  console.error(`${options}\n${USAGE}`);
  process.exit(2);
}
if (options.list) for (const line of listLines()) console.log(line);
else await main(options);

async function main(given: BenchOptions): Promise<void> {
  // In JSON mode standard output has one document, and progress goes elsewhere.
  const say = given.json ? console.error : console.log;
  const report = await run(given, say);
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  if (given.json) process.stdout.write(text);
  if (given.out !== undefined) writeFileSync(given.out, text);
  if (given.plots === undefined) return;
  mkdirSync(given.plots, { recursive: true });
  for (const { file, svg } of plotsOf(report)) {
    writeFileSync(join(given.plots, file), svg);
    say(`wrote ${join(given.plots, file)}`);
  }
}

async function run(given: BenchOptions, say: (line: string) => void): Promise<Report> {
  const { workers, sharing, calls, rounds, quick } = given;
  say(
    `${count(calls)} calls a block, medians of up to ${rounds} rounds in calls/s, ${workers} workers, from the block buffer to the receipts`,
  );
  say(
    `s: what two independent loops gained right before and after; below ${BUSY_BELOW} the machine was busy, and parallel figures aren't judged`,
  );
  if (quick) say(`quick: whatever a workload says, at most ${count(QUICK_ACCOUNTS)} accounts, and the goals aren't judged`);
  const { rows, blocks, oneCoreBusy } =
    given.workloads.length + given.sections.size > 1 ? await runApart(given, say) : await runHere(given, say);
  const goals = quick ? [] : judge({ rows, blocks, oneCoreBusy, workers });
  if (rows.length > 0) say(`\n${digestLines(rows).join("\n")}`);
  if (goals.length > 0) say(`\ngoals\n${goalLines(goals).join("\n")}`);
  const processors = cpus();
  return {
    schema: 2,
    tool: "weft",
    command: "bench",
    machine: { node: process.versions.node, processor: processors[0]?.model ?? "unknown", cores: processors.length },
    settings: { workers, sharing, calls, rounds, quick },
    rows,
    blocks,
    oneCoreBusy,
    goals,
  };
}

type Figures = Pick<Report, "rows" | "blocks" | "oneCoreBusy">;

/**
 * Each workload and section in a process of its own, one after the other: nobody's chain runs thirty unrelated contracts, and what V8 learnt from the
 * ones before would slow down the next. Serial mode, the ledgers and what they are compared with still share the same seconds.
 */
async function runApart(given: BenchOptions, say: (line: string) => void): Promise<Figures> {
  const all: Figures[] = [];
  if (given.workloads.length > 0) say(`\n${rowHeader()}`);
  for (const name of [...given.workloads.map((workload) => workload.name), ...given.sections]) {
    const found = await runChild(name, given);
    all.push(found);
    for (const row of found.rows) say(rowLine(row));
    if (found.blocks.length > 0) say(`\n${[blockHeader(), ...found.blocks.map(blockLine)].join("\n")}`);
    if (found.oneCoreBusy.length > 0) say(`\n${[busyHeader(), ...found.oneCoreBusy.map(busyLine)].join("\n")}`);
  }
  return {
    rows: all.flatMap(({ rows }) => rows),
    blocks: all.flatMap(({ blocks }) => blocks),
    oneCoreBusy: all.flatMap(({ oneCoreBusy }) => oneCoreBusy),
  };
}

async function runChild(name: string, { calls, rounds, workers, sharing, quick }: BenchOptions): Promise<Figures> {
  const numbers = { calls, rounds, workers };
  const args = [
    ...["--only", name, "--json"],
    ...Object.entries(numbers).flatMap(([option, value]) => [`--${option}`, String(value)]),
    ...(sharing === undefined ? [] : ["--sharing", sharing]),
    ...(quick ? ["--quick"] : []),
  ];
  const script = process.argv[1] ?? "";
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, script, ...args], { maxBuffer: OUTPUT_LIMIT });
  return JSON.parse(stdout) as Report;
}

async function runHere(given: BenchOptions, say: (line: string) => void): Promise<Figures> {
  const { workers, sharing, calls, rounds, quick } = given;
  const setting: Setting = { workers, sharing, accountsAtMost: quick ? QUICK_ACCOUNTS : Infinity };
  const meter = await GainMeter.open();
  const measuring: Measuring = { rounds, budgetMs: quick ? BUDGET_MS.quick : BUDGET_MS.full, meter };
  const rows: Row[] = [];
  if (given.workloads.length > 0) say(`\n${rowHeader()}`);
  for (const workload of given.workloads) {
    const row = await measureWorkload(workload, calls, setting, measuring);
    rows.push(row);
    say(rowLine(row));
  }
  const blocks = await runBlocks(given, setting, measuring, say);
  const oneCoreBusy = await runBesideHog(given, setting, measuring, say);
  await meter.close();
  return { rows, blocks, oneCoreBusy };
}

async function runBlocks(
  { sections, quick }: BenchOptions,
  setting: Setting,
  measuring: Measuring,
  say: (line: string) => void,
): Promise<readonly BlockRow[]> {
  if (!sections.has("blocks") && !sections.has("small-blocks")) return [];
  const sizes = sections.has("blocks") ? BLOCK_SIZES.filter((size) => !quick || size <= QUICK_BLOCK) : SMALL_SIZES;
  say(`\n${blockHeader()}`);
  return measureBlocks(sizes, setting, measuring, (row) => {
    say(blockLine(row));
  });
}

async function runBesideHog(
  { sections, calls }: BenchOptions,
  setting: Setting,
  measuring: Measuring,
  say: (line: string) => void,
): Promise<readonly BusyRow[]> {
  if (!sections.has("one-core-busy")) return [];
  say(`\n${busyHeader()}`);
  const rows: BusyRow[] = [];
  for (const workload of WORKLOADS.filter(({ name }) => BESIDE_A_HOG.includes(name))) {
    const row = await measureOneCoreBusy(workload, calls, setting, measuring);
    rows.push(row);
    say(busyLine(row));
  }
  return rows;
}
