/** Compiles the files, runs the tests that were chosen, one after another in a stable order, and gathers what was seen. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import type { Context } from "../outcome.ts";
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
}

export interface FinishedFile {
  readonly path: string;
  readonly tests: readonly FinishedTest[];
  /** What keeps it from being compiled. */
  readonly errors: readonly Diagnostic[];
  readonly compiled: CompiledFile;
}

export interface RunSettings extends Observers {
  readonly selection: Omit<Selection, "lines">;
  /** After a failure. */
  readonly bail: "stop" | "go on";
  readonly trace: "all" | "chain";
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
    const errors = file.compiled === undefined ? file.diagnostics.filter(({ severity }) => severity === "error") : [];
    const chosen =
      file.compiled === undefined ? [] : selectTests(file.compiled.program, { ...settings.selection, lines: sources[index].lines });
    const tests: FinishedTest[] = [];
    if (file.compiled !== undefined && chosen.length > 0 && !stopped) {
      const suite = await prepareSuite(file.compiled);
      const observed = observeSuite(file.compiled, suite, settings);
      for (const each of chosen) {
        context.progress(`${file.path}: test ${tests.length + 1} of ${chosen.length}`);
        const started = context.now();
        const failure = await runTest(each.test, suite, observed.watching);
        const finished = await looked(each, failure, observed, settings);
        tests.push({ file: file.path, title: each.test.title, line: each.line, ms: Math.round(context.now() - started), ...finished });
        stopped = failure !== undefined && settings.bail === "stop";
        if (stopped) break;
      }
    }
    left += chosen.length - tests.length;
    files.push({ path: file.path, tests, errors, compiled: file });
  }
  return { files, left };
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
