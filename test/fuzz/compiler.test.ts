/**
 * The compiler on damaged programs: nothing is thrown, nothing hangs, every file is done within two seconds, and diagnostics point into the text.
 *
 *     WEFT_FUZZ_INPUTS=1000000 WEFT_FUZZ_SEED=7 WEFT_FUZZ_LOG=fuzz.log npx vitest run test/fuzz/compiler.test.ts
 *
 * WEFT_FUZZ_FROM begins at a later case, to look at one again.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { judge, smallest } from "./front.ts";
import { damaged, MAX_BYTES } from "./mutate.ts";
import { FROM, INPUTS, SEED } from "./settings.ts";
import { startWatchdog } from "./watchdog.ts";

const LOG = process.env["WEFT_FUZZ_LOG"];
/** A log of a long run tells how far it is. */
const LOG_EVERY = 10_000;
/** Faults that are looked into; a run with more has seen enough. */
const MAX_FAULTS = 20;

/** The corpus, and the programs in the documentation: those are small. */
function sources(): ReadonlyMap<string, string> {
  const paths = ["docs", "examples", "test/contracts", "test/corpus", "test/footprints"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const texts = new Map<string, string>();
  for (const path of paths.sort()) {
    if (path.endsWith(".weft")) texts.set(path, readFileSync(join(ROOT, path), "utf8"));
    if (!path.endsWith(".md")) continue;
    const page = readFileSync(join(ROOT, path), "utf8");
    [...page.matchAll(/^```weft.*\n([^]*?)^```$/gm)].forEach(([, text], i) => texts.set(`${path}#${i}`, text));
  }
  return texts;
}

const programs = sources();
const others = new Map([...programs].map(([path, text]) => [basename(path), text]));
const seeds = weighted([...new Set(programs.values())]);

/** Half of the choices are small programs without an error: one change leaves many of them that, and only those get to the later passes. */
function weighted(texts: readonly string[]): readonly string[] {
  const sound = texts.filter((text) => {
    const verdict = Buffer.byteLength(text) <= MAX_BYTES ? judge(text, others) : undefined;
    return verdict?.kind === "fine" && verdict.compiled;
  });
  const times = Math.ceil(texts.length / Math.max(1, sound.length));
  return [...texts, ...Array.from({ length: times }, () => sound).flat()];
}

interface Fault {
  readonly index: number;
  readonly cause: string;
  readonly text: string;
}

test(`${INPUTS} damaged programs, seed ${SEED}`, { timeout: 120_000 + INPUTS * 20 }, async () => {
  const watchdog = startWatchdog();
  const started = performance.now();
  const faults = new Map<string, Fault>();
  let [compiled, slowest, slowestMs] = [0, FROM, 0];
  const log = (state: string, done: number): void => {
    if (LOG === undefined) return;
    const lines = [
      `${state}: ${done} inputs of seed ${SEED} from case ${FROM}, ${Math.round((performance.now() - started) / 1000)} s, node ${process.version}`,
      `${compiled} compiled without an error, the others were told why not`,
      `slowest: case ${slowest}, ${slowestMs.toFixed(1)} ms: ${JSON.stringify(damaged(seeds, SEED, slowest))}`,
      `faults: ${faults.size}`,
      ...[...faults.values()].map(({ index, cause, text }) => `case ${index}: ${cause}: ${JSON.stringify(text)}`),
    ];
    writeFileSync(LOG, `${lines.join("\n")}\n`);
  };
  let done = 0;
  for (; done < INPUTS && faults.size < MAX_FAULTS; done++) {
    const index = FROM + done;
    const text = damaged(seeds, SEED, index);
    watchdog.note(index, text);
    const verdict = judge(text, others);
    if (verdict.ms > slowestMs) [slowest, slowestMs] = [index, verdict.ms];
    if (verdict.kind === "fine") compiled += verdict.compiled ? 1 : 0;
    else if (!faults.has(verdict.cause)) {
      faults.set(verdict.cause, { index, cause: verdict.cause, text: smallest(text, others, verdict.cause) });
    }
    if (done % LOG_EVERY === LOG_EVERY - 1) log("so far", done + 1);
  }
  await watchdog.end();
  log("done", done);
  expect([...faults.values()].map(({ index, cause, text }) => ({ index, cause, text }))).toEqual([]);
  // Were all of them nonsense, the later passes would have seen nothing.
  expect(compiled).toBeGreaterThan(done / 1000);
});
