/** One run of the tests of some files: what is refused, what is written beside the report, and the report. */
import { existsSync } from "node:fs";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { EXIT } from "../exit.ts";
import type { ExitCode } from "../exit.ts";
import { count, failure } from "../failure.ts";
import type { Context, Json, Outcome } from "../outcome.ts";
import { createCosts } from "../test-runner/costs.ts";
import { createCoverage } from "../test-runner/coverage.ts";
import { costFileText, differencesOf, readCostFile } from "./cost-file.ts";
import type { Difference } from "./cost-file.ts";
import { costJson, costTable, differenceJson, differenceTable } from "./cost-report.ts";
import { coverageJson, coverageTable } from "./coverage-report.ts";
import { junitText } from "./junit.ts";
import { lcovText } from "./lcov.ts";
import { fuzzOptions } from "./options.ts";
import type { TestOptions } from "./options.ts";
import { closingWords, skippedLines, testJson, testLines } from "./report.ts";
import { runFiles } from "./run.ts";
import type { RunSettings, TestRun } from "./run.ts";
import type { TestSource } from "./sources.ts";
import { version } from "../version.ts";
import { writeOne } from "../write-files.ts";
import { distinct, worst } from "../results.ts";

interface TestedOnce {
  readonly outcome: Outcome;
  /** The files that each file's program is made of. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
  /** Files whose programs have errors. */
  readonly broken: readonly string[];
}

export async function testOnce(sources: readonly TestSource[], options: TestOptions, context: Context): Promise<TestedOnce> {
  const started = new Date();
  const kept = options.check === undefined ? undefined : readCostFile(options.check);
  const isSome = options.filter !== undefined || options.contract !== undefined || sources.some(({ lines }) => lines.length > 0);
  const refused = refusal(options, kept?.kind === "problem" ? kept.diagnostic : undefined, isSome);
  if (refused !== undefined) return { outcome: failure(EXIT.usage, [refused], new Map()), parts: new Map(), broken: [] };

  const settings: RunSettings = {
    selection: { filter: options.filter, contract: options.contract },
    bail: options.bail === true ? "stop" : "go on",
    trace: options.trace === true ? "all" : "chain",
    fuzz: fuzzOptions(options),
    coverage: options.coverage === true || options.lcov !== undefined ? createCoverage() : undefined,
    costs: options.costs === true || options.snapshot !== undefined || kept !== undefined ? createCosts() : undefined,
  };
  const run = await runFiles(sources, settings, context);
  const tests = run.files.flatMap((file) => file.tests);
  const failed = tests.filter((each) => each.failure !== undefined);
  const isComplete = failed.length === 0 && run.files.every((file) => file.errors.length === 0);

  const read = [...new Set(run.files.flatMap((file) => [...file.compiled.files.keys()]))];
  const isLookedAt = (path: string): boolean => read.includes(path) || !existsSync(path);

  const coverage = settings.coverage?.files();
  const costs = settings.costs?.functions();
  const differences =
    kept?.kind === "costs" && costs !== undefined && isComplete
      ? differencesOf({ kept: kept.costs, now: costs, tolerance: options.tolerance ?? 0n, ran: isSome ? "some" : "all", isLookedAt })
      : undefined;

  const outputs: readonly (readonly [string | undefined, () => string])[] = [
    [options.lcov, () => lcovText(coverage ?? [])],
    [options.junit, () => junitText(run.files, { started, version: version() })],
  ];
  const lines = [...new Set(sources.flatMap((source) => source.lines))];
  const unkept = options.snapshot === undefined || !isComplete ? undefined : writeOne(options.snapshot, costFileText(costs ?? []), read);
  const unwritten = outputs
    .flatMap(([path, text]) => (path === undefined ? [] : (writeOne(path, text(), read) ?? [])))
    .concat(unkept ?? []);

  const outcome: Outcome = {
    exit: exitOf(run, differences, unwritten, isSome),
    json: {
      summary: { files: sources.length, tests: tests.length, passed: tests.length - failed.length, failed: failed.length, left: run.left },
      tests: tests.map(testJson),
      ...skippedJson(run),
      ...(coverage === undefined ? {} : { coverage: coverageJson(coverage) }),
      ...(costs === undefined ? {} : { costs: costJson(costs) }),
      ...(differences === undefined ? {} : { costDifferences: differenceJson(differences) }),
    },
    timing: { tests: tests.map((each) => ({ title: each.title, ms: each.ms })) },
    text: (theme) =>
      [
        testLines(tests, theme),
        skippedLines(run.files, theme),
        coverage === undefined || options.coverage !== true ? "" : coverageTable(coverage, theme),
        costs === undefined || options.costs !== true ? "" : costTable(costs, theme),
        differences === undefined ? "" : differenceTable(differences, theme),
      ].join(""),
    note: [
      closingWords(run, { ...settings.selection, lines }),
      ...costWords(options, differences, isComplete && unkept === undefined),
    ].join("\n"),
    diagnostics: distinct([
      ...run.files.flatMap((file) => file.compiled.diagnostics),
      ...failed.flatMap((each) => each.failure ?? []),
      ...unwritten,
    ]),
    files: new Map(run.files.flatMap((file) => [...file.compiled.files])),
  };
  return {
    outcome,
    parts: new Map(run.files.map((file) => [file.path, [...file.compiled.files.keys()]])),
    broken: run.files.filter(({ compiled }) => compiled.compiled === undefined).map(({ path }) => path),
  };
}

function skippedJson({ files }: TestRun): { readonly skipped?: Json } {
  const skipped = files.flatMap(({ path, skipped: of }) => of.map((each) => ({ ...each, file: path })));
  return skipped.length === 0 ? {} : { skipped };
}

/** What can't be asked for. */
function refusal(options: TestOptions, costFile: Diagnostic | undefined, isSome: boolean): Diagnostic | undefined {
  const wrong = (problem: string, help: string): Diagnostic =>
    diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem }, { help });
  if (options.tolerance !== undefined && options.check === undefined) return wrong("`--tolerance` goes with `--check`", "add `--check`");
  if (options.snapshot !== undefined && isSome)
    return wrong("`--snapshot` keeps the costs of all tests", "leave out what picks some of them: `--filter`, `--contract`, a line");
  return costFile;
}

function exitOf(run: TestRun, differences: readonly Difference[] | undefined, unwritten: readonly Diagnostic[], isSome: boolean): ExitCode {
  const tests = run.files.flatMap((file) => file.tests);
  const failed = tests.some((each) => each.failure !== undefined) || (differences !== undefined && differences.length > 0);
  // A filter that matches nothing is a slip, and must not pass for success.
  const slip = unwritten.length > 0 || (isSome && tests.length === 0);
  return worst([...run.files.map((file) => file.compiled.exit), failed ? EXIT.failed : slip ? EXIT.usage : EXIT.ok]);
}

function costWords(options: TestOptions, differences: readonly Difference[] | undefined, isComplete: boolean): readonly string[] {
  if (options.snapshot !== undefined) return [isComplete ? `costs written to ${options.snapshot}` : "costs not written: not all is well"];
  if (options.check === undefined) return [];
  if (differences === undefined) return ["costs not compared: not all is well"];
  if (differences.length === 0) return [`costs are those of ${options.check}`];
  return [`${count(differences.length, "cost differs", "costs differ")} from ${options.check}; if that is meant: --snapshot`];
}
