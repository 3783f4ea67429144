/**
 * `weft fmt`: source files in the one canonical style. Each text is read again before it is written; one that wouldn't be the same program any more is
 * a bug of ours, and its file stays as it is, as do files with syntax errors. All others are written together, or none.
 */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { createReporter, diagnose } from "../../compiler/diagnostics/report.ts";
import { reportSyntax } from "../../compiler/diagnostics/syntax.ts";
import { formatChecked } from "../../format/format.ts";
import type { Checked } from "../../format/format.ts";
import { EXIT } from "../exit.ts";
import type { ExitCode } from "../exit.ts";
import { count, failure } from "../failure.ts";
import { displayPath, readText, SOURCE_LIMIT } from "../files.ts";
import { lineDiff } from "../line-diff.ts";
import type { Context, Outcome } from "../outcome.ts";
import { PLAIN } from "../render/theme.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import { distinctFiles, worst } from "../results.ts";
import { sourceFiles } from "../sources.ts";
import { readStandardInput } from "../standard-input.ts";
import { rewriteAll } from "../write-files.ts";

export interface FmtRequest {
  /** Files and folders; none: the folder that we are in. */
  readonly paths: readonly string[];
  /** Changes nothing: names the files that aren't formatted. */
  readonly check: boolean;
  /** Changes nothing: shows what would change. */
  readonly diff: boolean;
  /** The name of the text on standard input; undefined: files. */
  readonly stdin: string | undefined;
}

interface Result {
  readonly path: string;
  readonly status: "formatted" | "changed" | "broken" | "unread";
  readonly before: string;
  readonly after: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly exit: ExitCode;
}

/** `formatText` is the formatter; only a test of what happens when it fails brings another one. */
export async function fmt(request: FmtRequest, context: Context, formatText: (text: string) => Checked = formatChecked): Promise<Outcome> {
  if (request.stdin !== undefined) return await fmtStandardInput(request.stdin, request, formatText);
  const { files, problem } = sourceFiles(request.paths, "all");
  const results: Result[] = [];
  for (const given of distinctFiles(files)) {
    context.progress(`formatting ${given}`);
    const path = displayPath(given);
    const read = readText(path, SOURCE_LIMIT);
    results.push(read.kind === "problem" ? unread(path, read.diagnostic) : formatOne(path, read.text, formatText));
  }
  const isDry = request.check || request.diff;
  const changed = results.filter(({ status }) => status === "changed");
  const written = isDry ? undefined : rewriteAll(new Map(changed.map(({ path, before, after }) => [path, { before, after }])));
  if (written !== undefined) return failure(EXIT.usage, [written], new Map());
  return outcomeOf(results, problem, request, closingWords(results, isDry));
}

async function fmtStandardInput(name: string, request: FmtRequest, formatText: (text: string) => Checked): Promise<Outcome> {
  const read = await readStandardInput(name);
  const result = read.kind === "problem" ? unread(name, read.diagnostic) : formatOne(name, read.text, formatText);
  const outcome = outcomeOf([result], undefined, request, "");
  if (request.check || request.diff || result.exit !== EXIT.ok) return outcome;
  return { ...outcome, json: { ...outcome.json, text: result.after }, text: () => result.after };
}

function unread(path: string, diagnostic: Diagnostic): Result {
  return { path, status: "unread", before: "", after: "", diagnostics: [diagnostic], exit: EXIT.usage };
}

function formatOne(path: string, before: string, formatText: (text: string) => Checked): Result {
  const result = formatText(before);
  const broken = (exit: ExitCode, diagnostics: readonly Diagnostic[]): Result => ({
    path,
    status: "broken",
    before,
    after: before,
    diagnostics,
    exit,
  });
  switch (result.kind) {
    case "formatted": {
      const status = result.text === before ? "formatted" : "changed";
      return { path, status, before, after: result.text, diagnostics: [], exit: EXIT.ok };
    }
    case "broken": {
      const reporter = createReporter();
      reportSyntax(reporter, path, result.problems);
      return broken(EXIT.failed, reporter.diagnostics());
    }
    case "unsafe": {
      const detail = `formatting would change the program, so the file stays as it is: ${result.detail}`;
      return broken(EXIT.internal, [diagnose("E0901", { path, span: { start: 0, end: 0 } }, { detail })]);
    }
  }
}

function outcomeOf(results: readonly Result[], problem: Diagnostic | undefined, { check, diff }: FmtRequest, note: string): Outcome {
  const changed = results.filter(({ status }) => status === "changed");
  const differs = (check || diff) && changed.length > 0 ? EXIT.failed : EXIT.ok;
  const diffOf = ({ path, before, after }: Result, theme: Theme): string => lineDiff(path, before, after, theme);
  const number = (status: Result["status"]): number => results.filter((one) => one.status === status).length;
  return {
    exit: worst([...results.map(({ exit }) => exit), differs, problem !== undefined ? EXIT.usage : EXIT.ok]),
    json: {
      files: results.map((one) => ({
        file: one.path,
        status: one.status,
        ...(diff && one.status === "changed" ? { diff: diffOf(one, PLAIN) } : {}),
      })),
      summary: {
        files: results.length,
        changed: changed.length,
        broken: number("broken"),
        unread: number("unread"),
        written: !check && !diff,
      },
    },
    timing: {},
    text: (theme) => changed.map((one) => (diff ? diffOf(one, theme) : `${printable(one.path)}\n`)).join(""),
    note,
    diagnostics: [...results.flatMap(({ diagnostics }) => diagnostics), ...(problem === undefined ? [] : [problem])],
    files: new Map(results.flatMap(({ path, status, before }) => (status === "unread" ? [] : [[path, before]]))),
  };
}

function closingWords(results: readonly Result[], isDry: boolean): string {
  const changed = results.filter(({ status }) => status === "changed").length;
  const left = results.filter(({ status }) => status === "broken" || status === "unread").length;
  const words = [isDry ? `${count(changed, "file")} would change` : `${count(changed, "file")} formatted`];
  if (results.length > changed + left) words.push(`${results.length - changed - left} already in style`);
  if (left > 0) words.push(`${left} left as ${left === 1 ? "it is" : "they are"}`);
  return words.join(", ");
}
