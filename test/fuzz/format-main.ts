/**
 * `npm run fuzz:format`: random programs through the formatter, as many as asked for, in one process. Writes a line every ten thousand programs, to a file too
 * if there is to be one. Ends with code 1 if there was a fault.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readCorpus, runFormatting } from "./formatting.ts";
import type { Progress } from "./formatting.ts";

const USAGE = "usage: npm run fuzz:format -- [--programs N] [--seed N] [--from N] [--log FILE]";

function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text)) return Number(text);
  console.error(USAGE);
  process.exit(2);
}

const string = { type: "string" } as const;
const { values } = parseArgs({ options: { programs: string, seed: string, from: string, log: string } });
const seed = numberOf(values.seed, 1);
const from = numberOf(values.from, 0);
const started = process.cpuUsage();

function report({ done, characters, faults }: Progress): void {
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  const mean = Math.round(characters / Math.max(1, done));
  const head = `${done} programs of seed ${seed} from case ${from}, ${mean} characters each, ${Math.round(done / seconds)} a second of processor time, faults: ${faults.length}`;
  console.log(head);
  if (values.log !== undefined) writeFileSync(values.log, `${[head, ...faults].join("\n")}\n`);
}

const { faults } = runFormatting({ seed, from, programs: numberOf(values.programs, 1_000_000), report }, readCorpus(process.cwd()));
for (const fault of faults) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
