/** `weft test`: runs the `test` blocks of files and reports each. Exit code 1 when one fails. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { lineStarts, positionAt } from "../../compiler/diagnostics/lines.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { count } from "../failure.ts";
import type { Context, Json, Outcome } from "../outcome.ts";
import { printable } from "../render/width.ts";
import type { Theme } from "../render/theme.ts";
import { prepareSuite, runTest } from "../test-runner/run-tests.ts";
import type { Skipped } from "../test-runner/fuzz/automatic.ts";
import type { FuzzOptions, FuzzReport } from "../test-runner/fuzz/campaign.ts";
import { fuzzJson, fuzzNote, fuzzText } from "../test-runner/fuzz/report.ts";
import { createFuzzer, testsOf } from "../test-runner/fuzz/run-fuzzed.ts";
import { distinctFiles, worst } from "./check.ts";

interface FinishedTest {
  readonly file: string;
  readonly title: string;
  readonly line: number;
  readonly ms: number;
  readonly failure: Diagnostic | undefined;
  /** Of tests with made-up values. */
  readonly fuzz: FuzzReport | undefined;
}

export interface TestOptions {
  readonly filter: string;
  readonly fuzz: FuzzOptions;
}

export async function test(given: readonly string[], options: TestOptions, context: Context): Promise<Outcome> {
  const { filter } = options;
  const compiled: CompiledFile[] = [];
  const paths = distinctFiles(given);
  for (const path of paths) compiled.push(await compileFile(path));
  const finished: FinishedTest[] = [];
  const skipped: (Skipped & { readonly file: string })[] = [];
  for (const file of compiled) {
    if (file.compiled === undefined) continue;
    const ran = await runFile(file.path, file.compiled, options, context);
    finished.push(...ran.finished);
    skipped.push(...ran.skipped.map((one) => ({ ...one, file: file.path })));
  }
  const failed = finished.filter((result) => result.failure !== undefined);
  const failures = failed.flatMap((result) => (result.failure === undefined ? [] : [result.failure]));
  const diagnostics = [...compiled.flatMap((file) => file.diagnostics), ...failures];
  const noneFound = filter !== "" && finished.length === 0 ? `, none with \`${filter}\` in its title` : "";
  return {
    // A filter that matches nothing is a slip, and must not pass for success.
    exit: worst([...compiled.map((file) => file.exit), failed.length > 0 ? EXIT.failed : noneFound === "" ? EXIT.ok : EXIT.usage]),
    json: {
      summary: { files: paths.length, tests: finished.length, passed: finished.length - failed.length, failed: failed.length },
      tests: finished.map(testJson),
      ...(skipped.length === 0 ? {} : { skipped }),
    },
    timing: { tests: finished.map((result) => ({ title: result.title, ms: result.ms })) },
    text: (theme) => [...finished.map((result) => line(result, theme)), ...skipped.map((one) => skippedLine(one, theme))].join(""),
    note: `${count(finished.length, "test")}${noneFound}: ${finished.length - failed.length} passed, ${failed.length} failed`,
    diagnostics,
    files: new Map(compiled.flatMap((file) => [...file.files])),
  };
}

interface FileRun {
  readonly finished: readonly FinishedTest[];
  /** Contracts with invariants that no random calls were made on. */
  readonly skipped: readonly Skipped[];
}

async function runFile(file: string, compiled: Compiled, { filter, fuzz }: TestOptions, context: Context): Promise<FileRun> {
  const all = testsOf(compiled);
  const chosen = all.tests.filter((one) => one.test.title.includes(filter));
  const skipped = filter === "" ? all.skipped : [];
  if (chosen.length === 0) return { finished: [], skipped };
  const suite = await prepareSuite(compiled);
  const tests = chosen.map(({ test }) => test);
  const fuzzer = createFuzzer(tests, suite, context);
  const finished: FinishedTest[] = [];
  try {
    for (const { test, fuzzed } of chosen) {
      const label = `${file}: test ${finished.length + 1} of ${chosen.length}`;
      context.progress(label);
      const started = context.now();
      const report = fuzzed === undefined ? undefined : await fuzzer.run(fuzzed, fuzz, label);
      const failure = report === undefined ? await runTest(test, suite) : report.failure;
      const text = compiled.program.files.find((source) => source.path === test.site.path)?.text ?? "";
      const { line: number } = positionAt(lineStarts(text), test.site.span.start);
      finished.push({ file, title: test.title, line: number, ms: Math.round(context.now() - started), failure, fuzz: report });
    }
  } finally {
    await fuzzer.close();
  }
  return { finished, skipped };
}

function testJson({ file, title, line: number, failure, fuzz }: FinishedTest): Json {
  const found = fuzz === undefined ? {} : { fuzz: fuzzJson(fuzz, { file, title }) };
  return { file, title, line: number, ok: failure === undefined, code: failure?.code ?? null, ...found };
}

function line({ file, title, failure, fuzz }: FinishedTest, theme: Theme): string {
  const mark = failure === undefined ? theme("good", "ok") : theme("bad", "FAILED");
  const note = fuzz === undefined || failure !== undefined ? "" : ` ${theme("dim", fuzzNote(fuzz))}`;
  const found = fuzz === undefined ? "" : fuzzText(fuzz, { file, title }, theme);
  return `${mark} ${theme("dim", `${file}:`)} ${printable(title)}${note}\n${found}`;
}

function skippedLine({ file, contract, reason }: Skipped & { readonly file: string }, theme: Theme): string {
  return `${theme("dim", `skipped ${file}:`)} invariants of ${printable(contract)}: ${printable(reason)}; a test that deploys it can \`fuzz\` it\n`;
}
