/**
 * Results as JUnit XML, in the form that the common schemas agree on: a suite for each file with properties, cases and the two (empty) streams. Whatever a
 * title holds, the document is well-formed.
 */
import type { FinishedFile, FinishedTest } from "./run.ts";

interface JunitSettings {
  /** When the run began. */
  readonly started: Date;
  readonly version: string;
}

export function junitText(files: readonly FinishedFile[], { started, version }: JunitSettings): string {
  const suites = files.filter(({ tests, errors }) => tests.length > 0 || errors.length > 0);
  const timestamp = started.toISOString().slice(0, 19);
  const totals = suites.map(countsOf);
  const sum = (of: (counts: Counts) => number): number => totals.reduce((before, counts) => before + of(counts), 0);
  const head = attributes({
    name: "weft test",
    tests: sum(({ tests }) => tests),
    failures: sum(({ failures }) => failures),
    errors: sum(({ errors }) => errors),
    time: seconds(sum(({ ms }) => ms)),
  });
  const body = suites.map((file, id) => suiteText(file, id, timestamp, version));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${head}>\n${body.join("")}</testsuites>\n`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly ms: number;
}

function countsOf({ tests, errors }: FinishedFile): Counts {
  return {
    // What keeps a file from being compiled is a case of its own: a suite without cases would look as if all were well.
    tests: tests.length + (errors.length > 0 ? 1 : 0),
    failures: tests.filter(({ failure }) => failure !== undefined).length,
    errors: errors.length > 0 ? 1 : 0,
    ms: tests.reduce((sum, { ms }) => sum + ms, 0),
  };
}

function suiteText(file: FinishedFile, id: number, timestamp: string, version: string): string {
  const { path, tests, errors } = file;
  const { ms, ...counts } = countsOf(file);
  const head = attributes({ name: path, timestamp, hostname: "localhost", ...counts, time: seconds(ms), id, package: path });
  const cases = tests.map((test) => caseText(path, test));
  const broken = errors.map(({ code, message }) => `${code}: ${message}`).join("\n");
  const compiles = `    <testcase ${attributes({ name: "compiles", classname: path, time: seconds(0) })}>\n      <error ${attributes({ message: errors.at(0)?.message ?? "", type: errors.at(0)?.code ?? "" })}>${text(broken)}</error>\n    </testcase>\n`;
  return [
    `  <testsuite ${head}>\n`,
    `    <properties>\n      <property ${attributes({ name: "weft", value: version })}/>\n    </properties>\n`,
    ...(errors.length > 0 ? [compiles] : []),
    ...cases,
    "    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n",
  ].join("");
}

function caseText(path: string, { title, line, ms, failure, chain }: FinishedTest): string {
  const head = attributes({ name: title, classname: path, time: seconds(ms) });
  if (failure === undefined) return `    <testcase ${head}/>\n`;
  const calls = chain.map(
    (row) => `${"  ".repeat(row.depth + 1)}${row.text}${row.place === undefined ? "" : ` (${row.place.file}:${row.place.line})`}`,
  );
  const notes = failure.notes.map((note) => `  ${note.text}`);
  const details = [`${failure.code}: ${failure.message}`, `  at ${path}:${line}`, ...notes, ...calls].join("\n");
  const inner = `<failure ${attributes({ message: failure.message, type: failure.code })}>${text(details)}</failure>`;
  return `    <testcase ${head}>\n      ${inner}\n    </testcase>\n`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name}="${text(String(value))
          .replaceAll('"', "&quot;")
          .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`)}"`,
    )
    .join(" ");
}

/** What XML 1.0 can't hold, halves of surrogate pairs among it, becomes the replacement character. */
function text(raw: string): string {
  return raw
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
