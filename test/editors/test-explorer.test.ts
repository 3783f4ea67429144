/** What the test explorer knows without an editor: where tests are, how they are run, whose result is whose, and what was covered. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mergeCoverage, readLcov } from "../../editors/vscode/src/tests/lcov.ts";
import { batchesOf, resultsOf } from "../../editors/vscode/src/tests/plan.ts";
import { readReport, sayFailure } from "../../editors/vscode/src/tests/results.ts";
import { runTests } from "../../editors/vscode/src/tests/run.ts";
import { findTests } from "../../editors/vscode/src/tests/scan.ts";
import { parseFile } from "../../grammar/parse.ts";
import { damaged } from "../fuzz/mutate.ts";
import { ROOT, folderWith } from "../helpers/cli.ts";

const PROGRAMS = ["examples", "std", "test/contracts", "test/corpus", "test/footprints"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".weft"))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
);

describe("finding tests", () => {
  test("agrees with the parser on every program of the project", () => {
    let count = 0;
    for (const text of PROGRAMS) {
      const { file, problems } = parseFile("a.weft", text);
      if (problems.length > 0) continue;
      const parsed = file.items.flatMap((item) => (item.kind === "test" ? [{ title: item.title, ...item.span, at: item.titleSpan }] : []));
      const found = findTests(text).tests.map(({ title, start, end, titleStart, titleEnd }) => {
        return { title, start, end, at: { start: titleStart, end: titleEnd } };
      });
      expect(found).toEqual(parsed);
      count += parsed.length;
      const contracts = file.items.flatMap((item) => {
        if (item.kind !== "contract") return [];
        return [{ name: item.name.text, ...item.span, hasInvariants: item.members.some(({ kind }) => kind === "invariant") }];
      });
      expect(findTests(text).contracts).toEqual(contracts);
    }
    expect(count).toBeGreaterThan(50);
  });

  test("agrees with the parser on damaged programs that still parse", () => {
    let parsed = 0;
    for (let index = 0; index < 3_000; index += 1) {
      const text = damaged(PROGRAMS, 11, index);
      const { file, problems } = parseFile("a.weft", text);
      const found = findTests(text).tests;
      for (const { start, end } of found) expect(start >= 0 && end > start && end <= text.length).toBe(true);
      if (problems.length > 0) continue;
      parsed += 1;
      expect(found.map(({ start, end }) => [start, end])).toEqual(
        file.items.flatMap((item) => (item.kind === "test" ? [[item.span.start, item.span.end]] : [])),
      );
    }
    expect(parsed).toBeGreaterThan(200);
  });

  test("looks past comments, strings and half-written code", () => {
    const text = `// test "no" {}
/* test "no" {} */
contract A { error E(x: string<9>); pub fn f() { require false else E("test \\"no\\" {}"); } // }
test /* with */ "yes \\"1\\" \\u{1F600}" (x: u256) { if true { } }
test "open" {
  let s = "}";
test "last"`;
    expect(findTests(text).tests.map(({ title }) => title)).toEqual(['yes "1" 😀', "open", "last"]);
  });

  test.each([
    ["quotes", '"'.repeat(1_000_000)],
    ["a comment that never ends", `test "a" {} /*${"*".repeat(1_000_000)}`],
    ["comments", `test ${"/**/".repeat(250_000)}"a"`],
    ["braces", `test "a" ${"{".repeat(1_000_000)}`],
    ["backslashes", `"${"\\".repeat(1_000_000)}`],
    ["tests", 'test "a"{}'.repeat(100_000)],
  ])("a megabyte of %s takes its time once", (_, text) => {
    const started = process.cpuUsage();
    expect(findTests(text).tests.length).toBeLessThanOrEqual(10_000);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });
});

const CONTRACT = "contract C {\n  state n: u256;\n  pub fn inc() {\n    self.n += 1;\n  }\n  pub fn never() {\n    self.n = 7;\n  }\n}\n";
const TESTS = `import { C } from "./c.weft";
test "passes" { let c = deploy C(); c.inc(); assert c.n() == 1; }
test "fails 😀" {
  let c = deploy C();
  c.inc();
  assert c.n() == 2; // 😀
}
test "twice" { let c = deploy C(); c.inc(); }
test "twice" { let c = deploy C(); c.never(); assert c.n() == 8; }
`;

const PROGRAM = { command: process.execPath, args: [join(ROOT, "dist/weft.js")], env: {}, file: "weft.js" };

async function run(cwd: string, targets: readonly string[], coverage: boolean) {
  const finished = await runTests({ program: PROGRAM, cwd, targets, coverage, env: process.env, onStart: () => undefined });
  if (finished.kind !== "report") throw new Error(JSON.stringify(finished));
  return finished;
}

describe("running tests with the real tool", () => {
  const folder = folderWith({ "c.weft": CONTRACT, "t.weft": TESTS });
  const file = join(folder, "t.weft");
  writeFileSync(join(folder, "broken.weft"), 'test "b" { let x = ; }\n');

  test("results carry their failures, with both values", async () => {
    const { report } = await run(folder, [file], false);
    expect(report.errors).toEqual([]);
    expect(report.tests.map(({ title, ok, line }) => [title, ok, line])).toEqual([
      ["passes", true, 2],
      ["fails 😀", false, 3],
      ["twice", true, 8],
      ["twice", false, 9],
    ]);
    const [failure] = report.tests[1].failures;
    expect(failure.span).toEqual({ line: 6, col: 10, endLine: 6, endCol: 20 });
    expect(sayFailure(failure)).toEqual({ text: "E0611: assertion failed", actual: "1", expected: "2" });
    expect(report.tests.every(({ ms }) => ms !== undefined)).toBe(true);
  });

  test("one test by its line, and the result goes to it among those of its title", async () => {
    const found = findTests(TESTS).tests;
    const lines = found.map(({ start }) => TESTS.slice(0, start).split("\n").length);
    const tests = found.map(({ title }, at) => ({ item: at, title, line: lines[at] }));
    const [batch] = batchesOf([{ path: file, tests: [tests[3]], whole: false }]);
    expect(batch.targets).toEqual([`${file}:9`]);
    const { report } = await run(folder, batch.targets, false);
    expect([...resultsOf(batch.files[0], report.tests)].map(([item, { ok }]) => [item, ok])).toEqual([[3, false]]);
    const all = await run(folder, [file], false);
    const results = resultsOf({ path: file, tests, whole: true }, all.report.tests);
    expect([...results].map(([item, { ok }]) => [item, ok])).toEqual([
      [0, true],
      [1, false],
      [2, true],
      [3, false],
    ]);
  });

  test("made-up values that fail come with a test that shows it, and the calls with their way", async () => {
    const text =
      "contract P {\n  state n: u64;\n  pub fn add(x: u64) { require x < 9; self.n += x; }\n  invariant small { assert self.n < 5; }\n}\n";
    writeFileSync(join(folder, "p.weft"), `${text}test "made up" (x: u64) { let p = deploy P(); p.add(x) as @alice; }\n`);
    const { report } = await run(folder, [join(folder, "p.weft")], false);
    expect(report.tests.map(({ title, ok }) => [title, ok])).toEqual([
      ["made up", false],
      ["invariants of P", false],
    ]);
    for (const { title, story, failures } of report.tests) {
      expect(failures).toHaveLength(1);
      expect(story.join("\n")).toContain(`test "${title}: counterexample" {`);
      expect(story.at(-1)).toMatch(/^the same again: weft test p\.weft --filter .* --seed \d+$/);
    }
  });

  test("a program with errors gives them, and no results", async () => {
    const { report } = await run(folder, [join(folder, "broken.weft")], false);
    expect(report.tests).toEqual([]);
    expect(report.errors.map(({ code, file: where }) => [code, where])).toEqual([["E0102", "broken.weft"]]);
  });

  test("coverage tells lines and functions", async () => {
    const { coverage } = await run(folder, [`${file}:2`], true);
    expect(coverage).toEqual([
      {
        file: "c.weft",
        lines: [
          { line: 4, hits: 1 },
          { line: 7, hits: 0 },
        ],
        functions: [
          { name: "C.inc", line: 3, hits: 1 },
          { name: "C.never", line: 6, hits: 0 },
        ],
        branches: [],
      },
    ]);
  });

  test("a run can be ended", async () => {
    const ended = runTests({
      program: PROGRAM,
      cwd: folder,
      targets: [file],
      coverage: false,
      env: process.env,
      onStart: (cancel) => cancel(),
    });
    expect(await ended).toEqual({ kind: "cancelled" });
  });

  test("a program that can't be started, or that says something else, is a failure with words", async () => {
    const base = { cwd: folder, targets: [file], coverage: false, env: process.env, onStart: () => undefined };
    const gone = await runTests({ ...base, program: { ...PROGRAM, command: join(folder, "gone") } });
    expect(gone.kind === "failed" && gone.reason).toMatch(/gone can't be started: .*ENOENT/);
    const other = await runTests({ ...base, program: { ...PROGRAM, args: ["-e", "console.log('hello'); process.exit(3)", "--"] } });
    expect(other).toEqual({ kind: "failed", reason: "weft test ended with exit code 3 and printed no results" });
  });
});

describe("the document of results", () => {
  test.each(["", "null", "[]", "{}", '{"schema":2,"command":"test"}', '{"schema":1,"command":"check"}', "{"])("%s is none", (text) => {
    expect(readReport(text)).toBeUndefined();
  });

  test("a failure that two tests share is shown at both, and one within a test is its own", () => {
    const span = (line: number) => ({ line, col: 1, endLine: line, endCol: 2 });
    const failure = (code: string, line: number) => ({ code, severity: "error", message: "m", file: "a", span: span(line), notes: [] });
    const one = (title: string, line: number, code: string | null) => ({ file: "a", title, line, ok: code === null, code });
    const text = JSON.stringify({
      schema: 1,
      command: "test",
      tests: [one("invariants of C", 1, "E0618"), one("p", 10, null), one("q", 20, "E0618"), one("r", 30, "E0611"), one("s", 40, "E0618")],
      diagnostics: [failure("E0618", 4), failure("E0611", 31), failure("E0102", 50), failure("E0618", 41)],
    });
    const report = readReport(text);
    expect(report?.tests.map(({ failures }) => failures.map((failed) => failed.span?.line))).toEqual([[4], [], [4], [31], [41, 50]]);
    expect(report?.errors).toEqual([]);
  });

  test("what doesn't fit is left out", () => {
    const text = JSON.stringify({
      schema: 1,
      command: "test",
      tests: [null, 7, { file: "a", title: "t", line: 1, ok: false, code: "E0611" }, { file: "a", title: 3, line: 1, ok: true }],
      diagnostics: [
        {
          code: "E0611",
          severity: "error",
          message: "m",
          file: "other.weft",
          span: { line: 0, col: 1, endLine: 1, endCol: 1 },
          notes: "x",
        },
        { code: "W1001", severity: "warning", message: "m", file: "a", notes: [] },
      ],
      timing: { tests: [{ title: "t", ms: -1 }] },
    });
    const report = readReport(text);
    expect(report?.tests.map(({ title, ms }) => [title, ms])).toEqual([["t", undefined]]);
    // It lies in another file, but only this test can have meant it.
    expect(report?.tests[0].failures.map(({ file }) => file)).toEqual(["other.weft"]);
    expect(report?.errors).toEqual([]);
  });
});

test("command lines stay short, and no test is lost", () => {
  const files = Array.from({ length: 500 }, (_, at) => {
    const tests = Array.from({ length: at % 7 === 0 ? 400 : 2 }, (__, line) => ({ item: `${at}:${line}`, title: "t", line: line + 1 }));
    return { path: `/a/rather/long/folder/name/file-${at}.weft`, tests, whole: at % 2 === 0 };
  });
  const batches = batchesOf(files);
  expect(batches.length).toBeGreaterThan(10);
  for (const { targets } of batches) expect(targets.join(" ").length).toBeLessThan(25_000);
  const planned = batches.flatMap((batch) => batch.files.flatMap(({ tests }) => tests.map(({ item }) => item)));
  expect(planned.sort()).toEqual(files.flatMap(({ tests }) => tests.map(({ item }) => item)).sort());
});

test("coverage of several runs adds up, and rubbish is skipped", () => {
  const one = readLcov(
    "TN:\nSF:a.weft\nFN:1,C.f(u256,u8)\nFNDA:2,C.f(u256,u8)\nDA:1,2\nDA:x,y\nBRDA:1,0,0,-\nBRDA:1,0,1,3\nend_of_record\nDA:1,1\r\nSF:lost\n",
  );
  expect(one).toEqual([
    {
      file: "a.weft",
      lines: [{ line: 1, hits: 2 }],
      functions: [{ name: "C.f(u256,u8)", line: 1, hits: 2 }],
      branches: [
        { line: 1, hits: 0, name: "0.0" },
        { line: 1, hits: 3, name: "0.1" },
      ],
    },
  ]);
  const [both] = mergeCoverage([...one, ...one]);
  expect(both.lines).toEqual([{ line: 1, hits: 4 }]);
  expect(both.branches.map(({ hits }) => hits)).toEqual([0, 6]);
});
