/** Reads what `weft test --json` prints, and says which failure belongs to which test. */
import { countOf, fieldsOf, listOf, parseJson, textOf } from "../decode.ts";

/** As the document has them: lines and columns from 1, columns in UTF-16 units, the end exclusive. */
export interface Span {
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

export interface Note {
  readonly file: string;
  readonly span: Span | undefined;
  readonly text: string;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly span: Span | undefined;
  readonly notes: readonly Note[];
  readonly help: string | undefined;
}

export interface TestResult {
  readonly file: string;
  readonly title: string;
  readonly line: number;
  readonly ok: boolean;
  readonly ms: number | undefined;
  /** Why it failed; empty if it passed. */
  readonly failures: readonly Failure[];
  /** More lines about a failure: the calls that led there, and of made-up values the simplest that fail. */
  readonly story: readonly string[];
}

export interface TestReport {
  readonly tests: readonly TestResult[];
  /** Errors that are no test's: of programs that don't compile, or of the command line. */
  readonly errors: readonly Failure[];
  /** Lines about a fault of the tool itself. */
  readonly internal: readonly string[];
}

const MAX_RESULTS = 100_000;
const MAX_NOTES = 100;

/** Undefined if the text isn't such a document. */
export function readReport(text: string): TestReport | undefined {
  const document = fieldsOf(parseJson(text));
  if (document === undefined || document["schema"] !== 1 || document["command"] !== "test") return undefined;
  const bare = listOf(document["tests"], readTest, MAX_RESULTS);
  const errors = listOf(document["diagnostics"], readFailure, MAX_RESULTS);
  const internal = listOf(document["internal"], textOf, MAX_NOTES);
  const times = listOf(fieldsOf(document["timing"])?.["tests"], readTime, MAX_RESULTS);
  const failures = failuresOf(bare, errors);
  const owned = new Set([...failures.values()].flat());
  const tests = bare.map((test, at) => {
    // Times come in the order of the tests; a title that differs means that they don't.
    const ms = times.length === bare.length && times[at].title === test.title ? times[at].ms : undefined;
    return { ...test, ms, failures: failures.get(at) ?? [] };
  });
  return { tests, errors: errors.filter((error) => !owned.has(error)), internal };
}

interface BareTest {
  readonly file: string;
  readonly title: string;
  readonly line: number;
  readonly ok: boolean;
  readonly code: string | undefined;
  readonly story: readonly string[];
}

/**
 * By test, its failures. Each that failed has a diagnostic with its code: the one within it, or else one elsewhere, as where an invariant stands that it
 * broke; several tests may share that one. What else is told of places within a test that failed is its, too.
 */
function failuresOf(tests: readonly BareTest[], failures: readonly Failure[]): ReadonlyMap<number, readonly Failure[]> {
  const around = aroundOf(tests, failures);
  const owned = new Set<Failure>();
  const found = new Map<number, Failure[]>();
  const give = (at: number, failure: Failure | undefined): boolean => {
    if (failure === undefined) return false;
    owned.add(failure);
    found.set(at, [...(found.get(at) ?? []), failure]);
    return true;
  };
  const failed = [...tests.keys()].filter((at) => !tests[at].ok);
  const isFree = (failure: Failure): boolean => !owned.has(failure);
  const left = failed.filter((at) => {
    return !give(
      at,
      failures.find((one) => isFree(one) && one.code === tests[at].code && around.get(one) === at),
    );
  });
  for (const at of left) {
    const those = failures.filter(({ code }) => code === tests[at].code);
    const inFile = those.filter(({ file }) => file === tests[at].file);
    give(at, inFile.find(isFree) ?? those.find(isFree) ?? inFile.at(0) ?? those.at(0));
  }
  for (const [failure, at] of around) if (isFree(failure) && !tests[at].ok) give(at, failure);
  return found;
}

/** The last test of the file that begins at or before the failure. */
function aroundOf(tests: readonly BareTest[], failures: readonly Failure[]): ReadonlyMap<Failure, number> {
  const byFile = new Map<string, number[]>();
  for (const [at, test] of tests.entries()) {
    const members = byFile.get(test.file) ?? [];
    members.push(at);
    byFile.set(test.file, members);
  }
  for (const members of byFile.values()) members.sort((a, b) => tests[a].line - tests[b].line);
  const around = new Map<Failure, number>();
  for (const failure of failures) {
    const line = failure.span?.line ?? 0;
    const at = byFile.get(failure.file)?.findLast((member) => tests[member].line <= line);
    if (at !== undefined) around.set(failure, at);
  }
  return around;
}

// --- parts of the document -----------------------------------------------------------------------------------------

function readTest(value: unknown): BareTest | undefined {
  const fields = fieldsOf(value);
  const file = textOf(fields?.["file"]);
  const title = textOf(fields?.["title"]);
  const line = countOf(fields?.["line"]);
  const ok = fields?.["ok"];
  if (file === undefined || title === undefined || line === undefined || typeof ok !== "boolean") return undefined;
  const story = ok ? [] : [...readTrace(fields?.["trace"]), ...readFuzz(fields?.["fuzz"])];
  return { file, title, line, ok, code: textOf(fields?.["code"]), story };
}

const MAX_TRACE = 200;

/** Calls, events and changes, each as far in as it is deep. */
function readTrace(value: unknown): readonly string[] {
  return listOf(
    value,
    (step) => {
      const fields = fieldsOf(step);
      const text = textOf(fields?.["text"]);
      return text === undefined ? undefined : `${"  ".repeat(Math.min(20, countOf(fields?.["depth"]) ?? 0))}${text}`;
    },
    MAX_TRACE,
  );
}

/** The counterexample as a test that can be pasted, and how to see it again. */
function readFuzz(value: unknown): readonly string[] {
  const fields = fieldsOf(value);
  const code = textOf(fieldsOf(fields?.["counterexample"])?.["code"]);
  const replay = textOf(fields?.["replay"]);
  return [...(code === undefined ? [] : [code.trimEnd()]), ...(replay === undefined ? [] : [`the same again: ${replay}`])];
}

function readTime(value: unknown): { readonly title: string; readonly ms: number } | undefined {
  const fields = fieldsOf(value);
  const title = textOf(fields?.["title"]);
  const ms = fields?.["ms"];
  return title === undefined || typeof ms !== "number" || !(ms >= 0) ? undefined : { title, ms };
}

function readFailure(value: unknown): Failure | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined || fields["severity"] !== "error") return undefined;
  const code = textOf(fields["code"]);
  const message = textOf(fields["message"]);
  const file = textOf(fields["file"]);
  if (code === undefined || message === undefined || file === undefined) return undefined;
  const notes = listOf(fields["notes"], readNote, MAX_NOTES);
  return { code, message, file, span: readSpan(fields["span"]), notes, help: textOf(fields["help"]) };
}

function readNote(value: unknown): Note | undefined {
  const fields = fieldsOf(value);
  const file = textOf(fields?.["file"]);
  const text = textOf(fields?.["text"]);
  return file === undefined || text === undefined ? undefined : { file, text, span: readSpan(fields?.["span"]) };
}

function readSpan(value: unknown): Span | undefined {
  const fields = fieldsOf(value);
  const [line, col, endLine, endCol] = ["line", "col", "endLine", "endCol"].map((name) => countOf(fields?.[name]));
  if (line === undefined || col === undefined || endLine === undefined || endCol === undefined) return undefined;
  return line < 1 || col < 1 || endLine < line || endCol < 1 ? undefined : { line, col, endLine, endCol };
}

// --- for people ----------------------------------------------------------------------------------------------------

export interface Said {
  readonly text: string;
  /** What an assertion compared: both sides, where the failure says them. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** A failure as one text, and both values of a comparison that didn't hold. */
export function sayFailure(failure: Failure): Said {
  const values = failure.notes.filter(({ text, span }) => span !== undefined && text.startsWith("is ")).map(({ text }) => text.slice(3));
  const others = failure.notes.filter(({ text, span }) => span === undefined || !text.startsWith("is ")).map(({ text }) => text);
  const isPair = values.length === 2 && values[0] !== values[1];
  const lines = [`${failure.code}: ${failure.message}`, ...(isPair ? [] : values.map((value) => `is ${value}`)), ...others];
  const text = [...lines, ...(failure.help === undefined ? [] : [`help: ${failure.help}`])].join("\n");
  return { text, actual: isPair ? values[0] : undefined, expected: isPair ? values[1] : undefined };
}
