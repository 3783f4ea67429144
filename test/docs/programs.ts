/** Compiling the programs of pages and of the corpus, and running the tests in them: all diagnostics that an author would see. */
import { createFuzzer, testsOf } from "../../cli/test-runner/fuzz/run-fuzzed.ts";
import { prepareSuite, runTest } from "../../cli/test-runner/run-tests.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { compile } from "../../compiler/pipeline.ts";
import type { Compilation, Compiled } from "../../compiler/pipeline.ts";

const FUZZ = { seed: 1, runs: 64, depth: 30, maxSeconds: 300 } as const;

export interface Found {
  /** Of the compiler, then of the tests that failed. */
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlyMap<string, string>;
  readonly compilation: Compilation;
}

export async function findAll(root: string, read: (path: string) => string | undefined): Promise<Found> {
  const compilation = compile(root, read);
  const failures = compilation.compiled === undefined ? [] : await failuresOf(compilation.compiled);
  return { diagnostics: [...compilation.diagnostics, ...failures], files: compilation.files, compilation };
}

async function failuresOf(compiled: Compiled): Promise<readonly Diagnostic[]> {
  const { tests } = testsOf(compiled);
  if (tests.length === 0) return [];
  const suite = await prepareSuite(compiled);
  const fuzzer = createFuzzer(
    tests.map(({ test }) => test),
    suite,
    { progress: () => undefined, now: () => performance.now(), show: () => undefined },
  );
  const failures: Diagnostic[] = [];
  for (const { test, fuzzed } of tests) {
    const failure = fuzzed === undefined ? await runTest(test, suite) : (await fuzzer.run(fuzzed, FUZZ, "")).failure;
    if (failure !== undefined) failures.push(failure);
  }
  await fuzzer.close();
  return failures;
}
