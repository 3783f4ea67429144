/** What `weft test` says to people: a line for each test, with its calls below where it failed. */
import { count } from "../failure.ts";
import type { Json } from "../outcome.ts";
import { displayWidth } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import type { Skipped } from "../test-runner/fuzz/automatic.ts";
import { fuzzJson, fuzzNote, fuzzText } from "../test-runner/fuzz/report.ts";
import type { TraceLine } from "../test-runner/trace-text.ts";
import type { FinishedTest, TestRun } from "./run.ts";
import { selectionText } from "./select.ts";
import type { Selection } from "./select.ts";

export function testLines(tests: readonly FinishedTest[], theme: Theme): string {
  return tests.map((test) => testLine(test, theme)).join("");
}

/** Contracts with invariants that no random calls were made on. */
export function skippedLines(files: TestRun["files"], theme: Theme): string {
  const line = (path: string, { contract, reason }: Skipped): string =>
    `${theme("dim", `skipped ${path}:`)} invariants of ${printable(contract)}: ${printable(reason)}; a test that deploys it can \`fuzz\` it\n`;
  return files.flatMap(({ path, skipped }) => skipped.map((each) => line(path, each))).join("");
}

function testLine({ file, title, ms, failure, chain, trace, fuzz }: FinishedTest, theme: Theme): string {
  const mark = failure === undefined ? theme("good", "ok") : theme("bad", "FAILED");
  const below = trace.length > 0 ? trace : chain;
  const note = theme("dim", fuzz === undefined || failure !== undefined ? `(${ms} ms)` : `(${fuzzNote(fuzz)}, ${ms} ms)`);
  const found = fuzz === undefined ? "" : fuzzText(fuzz, { file, title }, theme);
  return `${mark} ${theme("dim", `${file}:`)} ${printable(title)} ${note}\n${traceText(below, theme)}${found}`;
}

/** Places stand in one column, but for lines that are much longer than the others. */
const MAX_COLUMN = 72;

function traceText(lines: readonly TraceLine[], theme: Theme): string {
  const texts = lines.map(({ depth, text }) => `${"  ".repeat(depth + 2)}${printable(text)}`);
  const placed = texts.filter((text, i) => lines[i].place !== undefined && displayWidth(text) <= MAX_COLUMN);
  const column = Math.max(0, ...placed.map(displayWidth));
  return lines
    .map(({ kind, place }, i) => {
      const gap = " ".repeat(Math.max(0, column - displayWidth(texts[i])) + 2);
      const shown = kind === "failure" ? theme("bad", texts[i]) : kind === "change" || kind === "note" ? theme("dim", texts[i]) : texts[i];
      return place === undefined ? `${shown}\n` : `${shown}${gap}${theme("dim", `${printable(place.file)}:${place.line}`)}\n`;
    })
    .join("");
}

export function closingWords({ files, left }: TestRun, selection: Selection): string {
  const tests = files.flatMap((file) => file.tests);
  const failed = tests.filter(({ failure }) => failure !== undefined).length;
  const looked = selectionText(selection);
  const none = looked !== "" && tests.length === 0 ? `, none ${looked}` : "";
  const more = left === 0 ? "" : `, ${left} not run`;
  // Else the last line of a run with broken files would read as if all were well.
  const uncompiled = files.filter(({ compiled }) => compiled.compiled === undefined).length;
  const broken = uncompiled === 0 ? "" : `, ${count(uncompiled, "file")} not compiled`;
  return `${count(tests.length, "test")}${none}: ${tests.length - failed} passed, ${failed} failed${more}${broken}`;
}

export function testJson({ file, title, line, failure, chain, trace, fuzz }: FinishedTest): Json {
  const traced = trace.length > 0 ? trace : chain;
  return {
    file,
    title,
    line,
    ok: failure === undefined,
    code: failure?.code ?? null,
    ...(traced.length > 0 ? { trace: traced.map(traceJson) } : {}),
    ...(fuzz === undefined ? {} : { fuzz: fuzzJson(fuzz, { file, title }) }),
  };
}

function traceJson({ depth, kind, text, place }: TraceLine): Json {
  return { depth, kind, text, file: place?.file ?? null, line: place?.line ?? null };
}
