/**
 * `npm run bench:analysis`: how long the analysis of a contract takes once it is parsed and checked: footprints, the conflicts of all pairs, and `parallel`
 * assertions; in a process that has done it before, as an editor has, and in a fresh one. Then how it grows with the number of functions. `-- --rounds N`,
 * `-- --json`, or files to measure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkProgram } from "../compiler/check/check.ts";
import { analyseConflicts } from "../compiler/conflicts/analyse.ts";
import { conflictMatrix } from "../compiler/conflicts/matrix.ts";
import { analyseFootprints } from "../compiler/footprint/analyse.ts";
import { loadModules } from "../compiler/modules/load.ts";
import type { Program } from "../compiler/typed/tree.ts";
import { spreadOf } from "./statistics.ts";

const ROOT = new URL("../", import.meta.url);
/** The contracts that the language is accepted by, and others. */
const ACCEPTANCE = "test/corpus/contracts";
const FOLDERS = [ACCEPTANCE, "examples/token", "examples/nft", "examples/dao", "examples/cosplit"];
const ROUNDS = 25;
/** What this project promises for each acceptance contract, on a machine that does nothing else. */
const GOAL_MS = 5;
/** Functions of the programs that show growth. */
const SIZES = [16, 32, 64, 128];

interface Stages {
  readonly footprints: number;
  /** All pairs of functions, and the assertions. */
  readonly conflicts: number;
}

interface Row extends Stages {
  readonly path: string;
  readonly functions: number;
  readonly total: number;
  /** All of it, the first time in a process. */
  readonly cold: number;
}

interface Growth extends Stages {
  readonly functions: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: String(ROUNDS) },
    json: { type: "boolean", default: false },
    once: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("usage: npm run bench:analysis -- [--rounds N] [--json] [FILE…]");
  process.exit(2);
}

const files = positionals.length > 0 ? positionals : FOLDERS.flatMap(filesIn);
if (values.once) console.log(totalOf(analyse(programOf(files[0]))));
else report();

function filesIn(folder: string): readonly string[] {
  const url = new URL(`${folder}/`, ROOT);
  if (!existsSync(url)) return [];
  const names = readdirSync(url).filter((name) => name.endsWith(".weft"));
  return names.sort().map((name) => `${folder}/${name}`);
}

function programOf(path: string): Program {
  const read = (file: string): string | undefined => {
    const url = new URL(file, ROOT);
    return existsSync(url) ? readFileSync(url, "utf8") : undefined;
  };
  return checked(path, read);
}

function checked(path: string, read: (path: string) => string | undefined): Program {
  const { program } = checkProgram(loadModules(path, read));
  if (program === undefined) throw new Error(`${path} has errors`);
  return program;
}

function analyse(program: Program): Stages {
  const start = performance.now();
  const footprints = analyseFootprints(program);
  const analysed = performance.now();
  for (const footprint of footprints.contracts) conflictMatrix(footprint, program, analyseConflicts(footprint, program));
  return { footprints: analysed - start, conflicts: performance.now() - analysed };
}

function totalOf({ footprints, conflicts }: Stages): number {
  return footprints + conflicts;
}

/** Medians of each stage. */
function repeated(program: Program): Stages {
  const runs = Array.from({ length: rounds }, () => analyse(program));
  const of = (stage: keyof Stages): number => spreadOf(runs.map((run) => run[stage])).median;
  return { footprints: of("footprints"), conflicts: of("conflicts") };
}

function measured(path: string): Row {
  const program = programOf(path);
  const functions = program.contracts.reduce((sum, { external }) => sum + external.length, 0);
  const stages = repeated(program);
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--once", path], { encoding: "utf8" });
  return { path, functions, ...stages, total: totalOf(stages), cold: Number(child.stdout) };
}

/** As many functions as asked for, `external` of them to be called from outside, over as many fields as one in ten. */
function grown(functions: number, external: number): Program {
  const fields = Array.from({ length: Math.ceil(functions / 10) }, (_, i) => `  state m${i}: map<address, u64>;`);
  const bodies = Array.from({ length: functions }, (_, i) => {
    const field = `self.m${Math.floor(i / 10)}`;
    const next = i >= external && i + 1 < functions && i % 10 !== 9 ? `\n    self.f${i + 1}(to, n);` : "";
    return `  ${i < external ? "pub fn" : "fn"} f${i}(to: address, n: u64) {\n    ${field}[caller] -= n;\n    ${field}[to] += n;${next}\n  }`;
  });
  const text = `contract C {\n${fields.join("\n")}\n${bodies.join("\n")}\n  pub fn last(to: address) {\n    self.f${external}(to, 1);\n  }\n}\n`;
  return checked("grown.weft", () => text);
}

function growth(externalOf: (functions: number) => number): readonly Growth[] {
  return SIZES.map((functions) => ({ functions, ...repeated(grown(functions + 1, externalOf(functions))) }));
}

function report(): void {
  // Twice: what is compiled while it runs is compiled by then.
  files.forEach(programOf);
  for (const path of files) repeated(programOf(path));
  const rows = files.map(measured);
  const external = growth((functions) => functions);
  const internal = growth(() => 10);
  const judged = rows.filter(({ path }) => path.startsWith(ACCEPTANCE) || positionals.length > 0);
  const slowest = judged.reduce((a, b) => (b.total > a.total ? b : a));
  if (values.json) {
    console.log(
      JSON.stringify(
        { rounds, rows, growth: { external, internal }, goal: { ms: GOAL_MS, reached: slowest.total < GOAL_MS } },
        undefined,
        2,
      ),
    );
    return;
  }
  console.log(`milliseconds, medians of ${rounds} runs in one process; cold: the first run of a process\n`);
  const width = Math.max(...files.map((file) => file.length));
  console.log(`${"".padEnd(width)}  functions  footprints  conflicts   total    cold`);
  for (const { path, functions, footprints, conflicts, total, cold } of rows) {
    const cells = [String(functions).padStart(9), ms(footprints, 10), ms(conflicts, 9), ms(total, 6), ms(cold, 6)];
    console.log(`${path.padEnd(width)}  ${cells.join("  ")}`);
  }
  console.log(
    `\nslowest of the contracts ${positionals.length > 0 ? "given" : `in ${ACCEPTANCE}`}: ${slowest.path}, ${slowest.total.toFixed(2)} ms; below ${GOAL_MS} ms: ${slowest.total < GOAL_MS ? "yes" : "no"}`,
  );
  growthTable("functions that can be called from outside", external);
  growthTable("functions, ten of them to be called from outside", internal);
}

function growthTable(title: string, table: readonly Growth[]): void {
  console.log(`\n${title}; time to that of half as many\n`);
  console.log("functions  footprints         conflicts");
  table.forEach(({ functions, footprints, conflicts }, i) => {
    const before = i === 0 ? undefined : table[i - 1];
    const times = (now: number, then: number | undefined): string => (then === undefined ? "" : `${(now / then).toFixed(1)}x`).padStart(7);
    console.log(
      `${String(functions).padStart(9)}${ms(footprints, 12)}${times(footprints, before?.footprints)}${ms(conflicts, 10)}${times(conflicts, before?.conflicts)}`,
    );
  });
}

function ms(time: number, width: number): string {
  return time.toFixed(2).padStart(width);
}
