/** Compiles the files, runs the tests that were chosen, one after another in a stable order, and gathers what was seen. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import type { Context } from "../outcome.ts";
import type { Skipped } from "../test-runner/fuzz/automatic.ts";
import type { FuzzOptions, FuzzReport } from "../test-runner/fuzz/campaign.ts";
import { createFuzzer, testsOf } from "../test-runner/fuzz/run-fuzzed.ts";
import { observeSuite } from "../test-runner/observe.ts";
import type { ObservedSuite, Observers } from "../test-runner/observe.ts";
import { prepareSuite, runTest } from "../test-runner/run-tests.ts";
import type { TraceLine } from "../test-runner/trace-text.ts";
import { selectTests } from "./select.ts";
import type { LocatedTest, Selection } from "./select.ts";
import type { TestSource } from "./sources.ts";

export interface FinishedTest {
  readonly file: string;
  readonly title: string;
  readonly line: number;
  readonly ms: number;
  readonly failure: Diagnostic | undefined;
  /** The calls down to the check that failed; empty when it passes, or fails by something else. */
  readonly chain: readonly TraceLine[];
  /** All calls; empty unless asked for. */
  readonly trace: readonly TraceLine[];
  /** Of a test with made-up values. */
  readonly fuzz: FuzzReport | undefined;
}

export interface FinishedFile {
  readonly path: string;
  readonly tests: readonly FinishedTest[];
  /** What keeps it from being compiled. */
  readonly errors: readonly Diagnostic[];
  readonly compiled: CompiledFile;
  /** Contracts with invariants that no random calls were made on. */
  readonly skipped: readonly Skipped[];
}

export interface RunSettings extends Observers {
  readonly selection: Omit<Selection, "lines">;
  /** After a failure. */
  readonly bail: "stop" | "go on";
  readonly trace: "all" | "chain";
  readonly fuzz: FuzzOptions;
}

export interface TestRun {
  readonly files: readonly FinishedFile[];
  /** Tests that a failure kept from running. */
  readonly left: number;
}

/** Those whose calls are worth a look: of a call that failed, or should have failed otherwise. */
const OF_CALLS: ReadonlySet<string> = new Set(["E0612", "E0613", "E0617"]);

export async function runFiles(sources: readonly TestSource[], settings: RunSettings, context: Context): Promise<TestRun> {
  const compiled: CompiledFile[] = [];
  for (const { path } of sources) {
    context.progress(`${path}: compiling`);
    compiled.push(await compileFile(path));
  }
  const files: FinishedFile[] = [];
  let left = 0;
  let stopped = false;
  for (const [index, file] of compiled.entries()) {
    const { path } = file;
    if (file.compiled === undefined) {
      const errors = file.diagnostics.filter(({ severity }) => severity === "error");
      files.push({ path, tests: [], errors, compiled: file, skipped: [] });
      continue;
    }
    const selection = { ...settings.selection, lines: sources[index].lines };
    const isAll = selection.filter === undefined && selection.contract === undefined && selection.lines.length === 0;
    const all = testsOf(file.compiled);
    const chosen = selectTests(all.tests, file.compiled.program, selection);
    const tests: readonly FinishedTest[] =
      stopped || chosen.length === 0 ? [] : await runChosen(path, file.compiled, chosen, settings, context);
    stopped ||= settings.bail === "stop" && tests.some(({ failure }) => failure !== undefined);
    left += chosen.length - tests.length;
    files.push({ path, tests, errors: [], compiled: file, skipped: isAll ? all.skipped : [] });
  }
  return { files, left };
}

async function runChosen(
  path: string,
  compiled: Compiled,
  chosen: readonly LocatedTest[],
  settings: RunSettings,
  context: Context,
): Promise<readonly FinishedTest[]> {
  const tests: FinishedTest[] = [];
  const suite = await prepareSuite(compiled);
  const observed = observeSuite(compiled, suite, settings);
  const fuzzer = createFuzzer(
    chosen.map(({ test }) => test),
    suite,
    context,
  );
  try {
    for (const each of chosen) {
      const label = `${path}: test ${tests.length + 1} of ${chosen.length}`;
      context.progress(label);
      const started = context.now();
      const { fuzzed } = each;
      const fuzz = fuzzed === undefined ? undefined : await fuzzer.run(fuzzed, settings.fuzz, label);
      const failure = fuzz === undefined ? await runTest(each.test, suite, observed.watching) : fuzz.failure;
      if (fuzzed !== undefined) await observed.observeFuzzed(fuzzed, settings.fuzz, context);
      const finished = fuzz === undefined ? await looked(each, failure, observed, settings) : { failure, chain: [], trace: [] };
      const ms = Math.round(context.now() - started);
      tests.push({ file: path, title: each.test.title, line: each.line, ms, ...finished, fuzz });
      if (failure !== undefined && settings.bail === "stop") break;
    }
  } finally {
    await fuzzer.close();
  }
  return tests;
}

async function looked(
  { test }: LocatedTest,
  failure: Diagnostic | undefined,
  observed: ObservedSuite,
  { trace }: RunSettings,
): Promise<Pick<FinishedTest, "failure" | "chain" | "trace">> {
  await observed.observe(test);
  if (failure === undefined || (trace === "chain" && !OF_CALLS.has(failure.code))) return { failure, chain: [], trace: [] };
  const traces = await observed.trace(test, failure);
  return { failure: withPlace(failure, traces.chain), chain: traces.chain, trace: trace === "all" ? traces.all : [] };
}

/** The check that failed is shown in its source, too. */
function withPlace(failure: Diagnostic, chain: readonly TraceLine[]): Diagnostic {
  const last = chain.at(-1);
  const inner = chain.at(-2);
  if (last?.place === undefined || inner === undefined) return failure;
  const { path, span } = last.place.site;
  const text = chain.length > 2 ? `fails here, in \`${inner.text}\`` : "fails here";
  return { ...failure, notes: [...failure.notes, { path, span, text }] };
}
