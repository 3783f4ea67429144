/** `weft test`: runs the `test` blocks of files and reports each. Exit code 1 when one fails. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { lineStarts, positionAt } from "../../compiler/diagnostics/lines.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { count, failure } from "../failure.ts";
import type { Context, Json, Outcome } from "../outcome.ts";
import { printable } from "../render/width.ts";
import type { Theme } from "../render/theme.ts";
import { sourceFiles } from "../sources.ts";
import { prepareSuite, runTest } from "../test-runner/run-tests.ts";
import { distinctFiles, worst } from "./check.ts";

interface FinishedTest {
  readonly file: string;
  readonly title: string;
  readonly line: number;
  readonly ms: number;
  readonly failure: Diagnostic | undefined;
}

export async function test(given: readonly string[], filter: string, context: Context): Promise<Outcome> {
  const sources = sourceFiles(given, "all");
  if (sources.problem !== undefined) return failure(EXIT.usage, [sources.problem], new Map());
  const compiled: CompiledFile[] = [];
  const paths = distinctFiles(sources.files);
  for (const path of paths) compiled.push(await compileFile(path));
  const finished: FinishedTest[] = [];
  for (const file of compiled) {
    if (file.compiled !== undefined) finished.push(...(await runFile(file.path, file.compiled, filter, context)));
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
    },
    timing: { tests: finished.map((result) => ({ title: result.title, ms: result.ms })) },
    text: (theme) => finished.map((result) => line(result, theme)).join(""),
    note: `${count(finished.length, "test")}${noneFound}: ${finished.length - failed.length} passed, ${failed.length} failed`,
    diagnostics,
    files: new Map(compiled.flatMap((file) => [...file.files])),
  };
}

async function runFile(file: string, compiled: Compiled, filter: string, context: Context): Promise<readonly FinishedTest[]> {
  const chosen = compiled.program.tests.filter((candidate) => candidate.title.includes(filter));
  if (chosen.length === 0) return [];
  const suite = await prepareSuite(compiled);
  const finished: FinishedTest[] = [];
  for (const candidate of chosen) {
    context.progress(`${file}: test ${finished.length + 1} of ${chosen.length}`);
    const started = context.now();
    const failure = await runTest(candidate, suite);
    const text = compiled.program.files.find((source) => source.path === candidate.site.path)?.text ?? "";
    const { line: number } = positionAt(lineStarts(text), candidate.site.span.start);
    finished.push({ file, title: candidate.title, line: number, ms: Math.round(context.now() - started), failure });
  }
  return finished;
}

function testJson({ file, title, line: number, failure }: FinishedTest): Json {
  return { file, title, line: number, ok: failure === undefined, code: failure?.code ?? null };
}

function line({ file, title, failure }: FinishedTest, theme: Theme): string {
  const mark = failure === undefined ? theme("good", "ok") : theme("bad", "FAILED");
  return `${mark} ${theme("dim", `${file}:`)} ${printable(title)}\n`;
}
