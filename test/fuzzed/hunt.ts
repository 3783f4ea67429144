/** Runs the fuzz tests of a program, as `weft test` does, and one test of it as it stands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { FuzzOptions, FuzzReport } from "../../cli/test-runner/fuzz/campaign.ts";
import { createFuzzer, testsOf } from "../../cli/test-runner/fuzz/run-fuzzed.ts";
import type { FuzzedTest } from "../../cli/test-runner/fuzz/run-fuzzed.ts";
import { prepareSuite, runTest } from "../../cli/test-runner/run-tests.ts";
import type { Suite } from "../../cli/test-runner/run-tests.ts";
import { compile } from "../../compiler/pipeline.ts";
import type { Bug } from "./bugs.ts";

/** What the command line takes if nothing is said; the time is for a machine that does other things, too. */
export const DEFAULTS = { runs: 256, depth: 50, maxSeconds: 600 } as const;
const PATH = "fuzzed.weft";

export function contractText(file: string): string {
  return readFileSync(join(import.meta.dirname, file), "utf8");
}

export function withBug({ file, from, to }: Bug): string {
  const pieces = contractText(file).split(from);
  if (pieces.length !== 2) throw new Error(`${file}: \`${from}\` occurs ${pieces.length - 1} times`);
  return pieces.join(to);
}

export interface Subject {
  readonly suite: Suite;
  readonly fuzzed: readonly FuzzedTest[];
  /** The code with which a test that isn't fuzzed fails; undefined: it passes. */
  readonly codeOf: (title: string) => Promise<string | undefined>;
}

export async function subjectOf(text: string): Promise<Subject> {
  const { compiled, diagnostics } = compile(PATH, (path) => (path === PATH ? text : undefined));
  if (compiled === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  const suite = await prepareSuite(compiled);
  return {
    suite,
    fuzzed: testsOf(compiled).tests.flatMap((one) => one.fuzzed ?? []),
    async codeOf(title) {
      const test = compiled.program.tests.find((candidate) => candidate.title === title);
      if (test === undefined) throw new Error(`no test \`${title}\``);
      return (await runTest(test, suite))?.code;
    },
  };
}

setFlagsFromString("--expose-gc");
/** The collector doesn't see how much memory hundreds of closed chains hold together. */
const collector: unknown = runInNewContext("gc");

function collect(): void {
  if (typeof collector === "function") Reflect.apply(collector, undefined, []);
}

/** One test, with each of the seeds. */
export async function play(
  { suite }: Pick<Subject, "suite">,
  fuzzed: FuzzedTest,
  seeds: readonly number[],
  options: Partial<FuzzOptions> = {},
): Promise<readonly FuzzReport[]> {
  const reports: FuzzReport[] = [];
  const fuzzer = createFuzzer([fuzzed.test], suite, { progress: () => undefined, now: () => performance.now(), show: () => undefined });
  for (const seed of seeds) reports.push(await fuzzer.run(fuzzed, { ...DEFAULTS, seed, ...options }, ""));
  await fuzzer.close();
  collect();
  return reports;
}

export function named({ fuzzed }: Subject, title: string): FuzzedTest {
  const found = fuzzed.find(({ test }) => test.title === title);
  if (found === undefined) throw new Error(`no test \`${title}\``);
  return found;
}
