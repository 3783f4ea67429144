/**
 * `npm run mutants`: every mistake of the tables beside this file is made in the analysis, and must be noticed. A line per mutant says where, by which
 * comparison, and after how many blocks. `-- --everywhere` tries random programs first and all other places after them; `-- --only TEXT` takes the mutants
 * whose names contain the text, `-- --list` what docs/testing.md says. Ends with code 1 if one isn't noticed.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { WORKER, serve, startWorker } from "../processes.ts";
import type { Answer } from "../processes.ts";
import { writtenNames } from "../subjects.ts";
import { ACCESS_EDITS } from "./access-edits.ts";
import { attempt } from "./attempt.ts";
import type { Verdict } from "./attempt.ts";
import { CHANGES } from "./changes.ts";
import { CONFLICT_EDITS } from "./conflict-edits.ts";
import { familyNames } from "./families.ts";
import { CLAIMS, CONDITIONS, EXACT, PROVED, RANDOM } from "./mutant.ts";
import type { Mutant, Shown } from "./mutant.ts";
import { SOUND, openSeam } from "./seam.ts";
import type { Seam } from "./seam.ts";
import { VALUE_EDITS } from "./value-edits.ts";

const ENTRY = fileURLToPath(import.meta.url);
/** A mutant that never ends is noticed, too. */
const PATIENCE_MS = 120_000;
/** Modules that were loaded stay in a process. */
const MUTANTS_PER_PROCESS = 40;

const MUTANTS: readonly Mutant[] = [...CHANGES, ...ACCESS_EDITS, ...VALUE_EDITS, ...CONFLICT_EDITS];
const ALL_PLACES: readonly Shown[] = [RANDOM, CONDITIONS, EXACT, PROVED, CLAIMS, ...familyNames(), ...writtenNames()];
/** Nothing is changed: these must not be noticed. */
const CONTROLS: readonly Mutant[] = [...new Set(MUTANTS.map(({ shown }) => shown))].map((shown) => ({
  name: `no mistake, ${shown}`,
  shown,
  fault: { kind: "change", change: (footprints) => footprints },
}));
const ALL: readonly Mutant[] = [...CONTROLS, ...MUTANTS];

interface Task {
  readonly index: number;
  readonly everywhere: boolean;
}

function isTask(task: unknown): task is Task {
  return typeof task === "object" && task !== null && "everywhere" in task;
}

function isVerdict(answer: unknown): answer is Verdict {
  return typeof answer === "object" && answer !== null && "blocks" in answer;
}

let opened: Promise<Seam> | undefined;

async function work(task: unknown): Promise<Verdict> {
  if (!isTask(task)) throw new Error("no task");
  const mutant = ALL[task.index];
  // Where it is known to show comes first, unless random programs are asked.
  const places = task.everywhere && !CONTROLS.includes(mutant) ? ALL_PLACES.filter((place) => concerns(mutant, place)) : [mutant.shown];
  if (mutant.fault.kind === "change") return await attempt(mutant, SOUND, places);
  opened ??= openSeam();
  const seam = await opened;
  return await attempt(mutant, await seam.analysisWith(mutant.fault), places);
}

/** Made-up plans are there whatever the footprint pass finds. */
function concerns({ fault }: Mutant, place: Shown): boolean {
  const analysis = fault.kind === "edit" && (fault.file.includes("/conflicts/") || fault.file.endsWith("/flatten.ts"));
  return analysis || ![CONDITIONS, EXACT, PROVED, CLAIMS].includes(place);
}

interface Noticed {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

async function tryAll(chosen: readonly Mutant[], everywhere: boolean, processes: number): Promise<readonly Noticed[]> {
  const noticed: Noticed[] = [];
  let next = 0;
  const lead = async (): Promise<void> => {
    const worker = startWorker(ENTRY, PATIENCE_MS);
    for (let tried = 1; next < chosen.length; tried++) {
      const mutant = chosen[next++];
      const answer = await worker.ask({ index: ALL.indexOf(mutant), everywhere });
      const verdict = verdictOf(mutant, answer);
      noticed.push({ mutant, verdict });
      console.log(lineOf({ mutant, verdict }));
      if (tried % MUTANTS_PER_PROCESS === 0) worker.end();
    }
    worker.end();
  };
  await Promise.all(Array.from({ length: processes }, lead));
  return noticed;
}

function verdictOf({ shown }: Mutant, answer: Answer): Verdict {
  if (answer.kind === "given" && isVerdict(answer.value)) return answer.value;
  if (answer.kind === "late") return { where: shown, by: "no end of it", blocks: 0 };
  return { where: undefined, by: answer.kind === "failed" ? answer.message.split("\n")[0] : "no verdict", blocks: 0 };
}

/** Not noticed; or without a mistake and noticed; or the trial itself failed, which says so. */
function isWrong({ mutant, verdict: { where, by } }: Noticed): boolean {
  return where === undefined ? by !== "" || !CONTROLS.includes(mutant) : CONTROLS.includes(mutant);
}

function lineOf({ mutant, verdict: { where, by, blocks } }: Noticed): string {
  const found = where === undefined ? `NOT NOTICED ${by}`.trim() : `${where}${blocks === 0 ? "" : `, ${blocks} blocks`}: ${by}`;
  return `${mutant.name} | ${found}`;
}

/** As docs/testing.md has it: a table, its columns as wide as their longest cells. */
function list(): string {
  const rows = [["Mistake", "Made in", "Noticed by"], ...MUTANTS.map(rowOf)];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i], fill)).join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row, " "));
  return [head, line(["", "", ""], "-"), ...body].join("\n");
}

function rowOf({ name, shown, fault }: Mutant): readonly string[] {
  const where = fault.kind === "change" ? "footprints" : fault.file.replace("compiler/", "");
  return [name.replaceAll("|", "\\|"), where, shown];
}

/** `1/3`: every third, from the second on. */
function partOf(mutants: readonly Mutant[], part: string): readonly Mutant[] {
  const [index, count] = part.split("/").map(Number);
  return mutants.filter((_, i) => i % count === index);
}

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ options: { everywhere: flag, list: flag, only: text, part: text, processes: text } });
  const { only } = values;
  if (values.list) {
    console.log(list());
    return;
  }
  const named = only === undefined ? ALL : ALL.filter(({ name }) => name.includes(only));
  const chosen = values.part === undefined ? named : partOf(named, values.part);
  const noticed = await tryAll(chosen, values.everywhere, Number(values.processes ?? availableParallelism()));
  const wrong = noticed.filter(isWrong);
  const mutants = noticed.filter(({ mutant }) => !CONTROLS.includes(mutant));
  const missed = wrong.filter(({ mutant }) => !CONTROLS.includes(mutant));
  console.log(`${mutants.length - missed.length} of ${mutants.length} mutants noticed`);
  for (const each of wrong) console.log(`WRONG: ${lineOf(each)}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

async function close(): Promise<void> {
  await (await opened)?.close();
}

if (process.argv.includes(WORKER)) serve(work, close);
else await main();
