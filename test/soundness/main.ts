/**
 * `npm run soundness`: random programs and random blocks in all engines, for as long as asked for. Touched cells are planned ones; serial and parallel runs
 * tell what the interpreter tells; pairs of calls that the conflict matrix calls independent commute. One process per core plays rounds;
 * this one hands them out, adds up, and writes a line a minute. A fault is printed with the command that repeats it, the program and the calls, and the run
 * goes on. Ends with code 1 if there was any.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isDone } from "./messages.ts";
import type { ToldFault } from "./messages.ts";
import { WORKER, serve, startWorker } from "./processes.ts";
import { addFigures, NO_FIGURES } from "./round.ts";
import type { Figures, Only } from "./round.ts";
import { writtenNames } from "./subjects.ts";
import { work } from "./worker.ts";

const ENTRY = fileURLToPath(import.meta.url);
/** A round takes seconds; making a fault small, minutes. */
const PATIENCE_MS = 1_200_000;
/** Modules that were loaded stay in a process, so that one is replaced after so many rounds. */
const ROUNDS_PER_PROCESS = 24;
const REPORT_MS = 60_000;
/** With so many there is nothing more to learn. */
const MAX_FAULTS = 20;
const USAGE = "usage: npm run soundness -- [--minutes N] [--calls N] [--seed N] [--round N] [--only NAME] [--processes N] [--log FILE]";

interface Limits {
  readonly seed: number;
  readonly firstRound: number;
  readonly rounds: number;
  readonly calls: number;
  readonly milliseconds: number;
  readonly processes: number;
  readonly only: Only;
  readonly log: string | undefined;
}

interface Run {
  readonly limits: Limits;
  readonly started: number;
  figures: Figures;
  faults: number;
  next: number;
  reported: number;
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  if (text === undefined) return otherwise;
  console.error(USAGE);
  process.exit(2);
}

function limitsOf(): Limits {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { minutes: text, calls: text, seed: text, round: text, processes: text, only: text, log: text },
  });
  const round = values.round === undefined ? undefined : numberOf(values.round, 0);
  const calls = numberOf(values.calls, Infinity);
  // Alone it runs for a minute.
  const minutes = numberOf(values.minutes, values.calls === undefined && round === undefined ? 1 : Infinity);
  return {
    seed: numberOf(values.seed, Date.now() % 2 ** 31),
    firstRound: round ?? 0,
    rounds: round === undefined ? Infinity : 1,
    calls,
    milliseconds: minutes * 60_000,
    processes: numberOf(values.processes, availableParallelism()),
    only: onlyOf(values.only),
    log: values.log,
  };
}

/** By the beginning of its name. */
function onlyOf(name: string | undefined): Only {
  const names = writtenNames();
  const found = name === undefined ? undefined : names.find((each) => each.startsWith(name));
  if (name === undefined || found !== undefined) return found;
  console.error(`no program ${name}: there are ${names.join(", ")}`);
  process.exit(2);
}

function isOver({ limits, figures, faults, next, started }: Run): boolean {
  if (faults >= MAX_FAULTS || next >= limits.firstRound + limits.rounds) return true;
  return figures.calls >= limits.calls || Date.now() - started >= limits.milliseconds;
}

function say({ limits }: Run, line: string): void {
  console.log(line);
  if (limits.log !== undefined) appendFileSync(limits.log, `${line}\n`);
}

function report(run: Run): void {
  const { figures: f, faults, started } = run;
  const seconds = (Date.now() - started) / 1000;
  const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  run.reported = Date.now();
  say(
    run,
    [
      `${(seconds / 60).toFixed(1)} min: ${f.programs} programs, ${f.histories} histories, ${f.blocks} blocks, ${f.calls} calls`,
      `(${Math.round(f.calls / Math.max(1, seconds))} a second, ${share(f.successes, f.calls)} succeed);`,
      `edges ${f.edges}, adds cleared ${f.cleared}, not cleared ${f.uncleared}, unresolved ${f.unresolved};`,
      `planned but not touched ${share(f.planned - f.touched, f.planned)};`,
      `pairs: ${f.independent + f.escrow} independent, ${f.dependent} not, ${f.together} ran together; faults ${faults}`,
    ].join(" "),
  );
}

function tell(run: Run, round: number, fault: ToldFault): void {
  run.faults += 1;
  const only = run.limits.only === undefined ? "" : ` --only ${run.limits.only}`;
  const repeat = `npm run soundness -- --seed ${run.limits.seed} --round ${round}${only}`;
  say(run, [`FAULT in ${fault.name}: ${fault.message}`, `repeat with: ${repeat}`, fault.history, "program:", fault.source].join("\n"));
}

/** One after another, until the run is over. */
async function lead(run: Run): Promise<void> {
  const worker = startWorker(ENTRY, PATIENCE_MS);
  for (let played = 1; !isOver(run); played++) {
    const round = run.next++;
    const { seed, only } = run.limits;
    const answer = await worker.ask({ seed, round, only });
    if (answer.kind === "given" && isDone(answer.value)) {
      run.figures = addFigures(run.figures, answer.value.figures);
      if (answer.value.fault !== undefined) tell(run, round, answer.value.fault);
    } else {
      const message = answer.kind === "failed" ? answer.message : "no end of it";
      tell(run, round, { message, name: "the round itself", source: "", history: "" });
    }
    if (Date.now() - run.reported >= REPORT_MS) report(run);
    if (played % ROUNDS_PER_PROCESS === 0) worker.end();
  }
  worker.end();
}

async function main(): Promise<void> {
  const limits = limitsOf();
  const now = Date.now();
  const run: Run = { limits, started: now, figures: NO_FIGURES, faults: 0, next: limits.firstRound, reported: now };
  if (limits.log !== undefined) writeFileSync(limits.log, "");
  say(run, `soundness: seed ${limits.seed}, ${limits.processes} processes`);
  await Promise.all(Array.from({ length: limits.processes }, () => lead(run)));
  report(run);
  process.exitCode = run.faults > 0 ? 1 : 0;
}

if (process.argv.includes(WORKER)) serve(work);
else await main();
