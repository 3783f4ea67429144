/** What is done again after an edit: no more than the edit can have changed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createChecker } from "../../compiler/check/incremental.ts";
import { LIBRARY_PATHS } from "../../compiler/modules/library.ts";
import { loadModules } from "../../compiler/modules/load.ts";
import { shownDiagnostics } from "../../lsp/features/diagnostics.ts";
import { createWorkspace } from "../../lsp/state/workspace.ts";
import { editSource, readSource } from "../../lsp/text/source-file.ts";
import { createAddresses } from "../../lsp/text/uri.ts";

const TEXT = `const MOST: u64 = 10;

struct Pair {
  a: u64;
  b: u64;
}

fn free(n: u64) -> u64 {
  return n + MOST;
}

contract C {
  state first: u64;
  state pairs: map<u64, Pair>;
  state last: u64;

  event Told(n: u64);
  error Bad(n: u64);

  pub fn one(n: u64) {
    self.first += n;
  }

  pub fn two(n: u64) {
    self.pairs[n].a = n;
  }

  pub fn three(n: u64) {
    require n > free(n) else Bad(n);
    self.helper(n);
  }

  fn helper(n: u64) {
    self.last = n;
    emit Told(n);
  }

  pub fn four() {
    let d = D(caller);
    d.go(1);
  }
}

contract D {
  state n: u64;

  pub fn go(n: u64) {
    self.n = n;
  }

  pub fn stay() {
    self.n = MOST;
  }
}

test "a test" {
  let c = deploy C();
  c.one(1);
}

test "nothing of the sort" {
  assert MOST > 2;
}
`;

function workOf(from: string, to: string): ReturnType<ReturnType<typeof createChecker>["work"]> {
  expect(TEXT).toContain(from);
  const checker = createChecker(undefined);
  let file = readSource("/a.weft", TEXT);
  const check = (): void => {
    const { parsed, source } = file;
    checker.check(
      loadModules(
        "/a.weft",
        () => source.padded,
        () => parsed,
      ),
    );
  };
  check();
  expect(checker.work().checked.length).toBe(checker.work().bodies);
  file = editSource(
    file,
    TEXT.replace(from, () => to),
  );
  check();
  return checker.work();
}

test.each([
  ["a body", "self.first += n;", "self.first -= n;", ["one"]],
  ["the text of a declaration nobody names", "  error Bad(n: u64);\n", "  error Bad(n: u64);\n  error Worse();\n", []],
  ["a new field behind the others", "  state last: u64;\n", "  state last: u64;\n  state more: u64;\n", []],
  ["a new field before one", "  state last: u64;\n", "  state more: u64;\n  state last: u64;\n", ["helper"]],
  ["the type of a field", "  state first: u64;", "  state first: u128;", ["one"]],
  ["an event", "event Told(n: u64);", "event Told(m: u64);", ["helper"]],
  ["an error's parameter", "error Bad(n: u64);", "error Bad(n: u256);", ["three"]],
  ["the head of a function that others call", "fn helper(n: u64) {", "fn helper(n: u128) {", ["three", "helper"]],
  ["the doc of a function", "  fn helper", "  /// Helps.\n  fn helper", ["helper"]],
  ["a new function", "  pub fn two", "  pub fn more() {\n  }\n\n  pub fn two", ["more"]],
  ["a function taken out", "  pub fn one(n: u64) {\n    self.first += n;\n  }\n\n", "", []],
  ["a function outside contracts", "-> u64 {\n  return n + MOST;", "-> u256 {\n  return u256(n + MOST);", ["free", "three"]],
  ["the body of a function outside contracts", "return n + MOST;", "return MOST + n;", ["free"]],
  ["a constant", "MOST: u64 = 10", "MOST: u64 = 11", ["free", "stay"]],
  ["a constant's type", "MOST: u64 = 10", "MOST: u32 = 10", ["free", "stay"]],
  ["a struct", "  b: u64;\n}", "  c: u64;\n}", ["two"]],
  ["a function of another contract that is called", "pub fn go(n: u64)", "pub fn go(n: u128)", ["four", "go"]],
  ["a function of another contract that isn't", "self.n = MOST;", "self.n = MOST + 1;", ["stay"]],
  ["a new constant", "const MOST", "const LEAST: u64 = 1;\nconst MOST", []],
])("an edit of %s checks what depends on it", (_, from, to, names) => {
  expect([...workOf(from, to).checked].sort()).toEqual([...names].sort());
});

test.each([
  ["a contract that a test deploys", "self.first += n;", "self.first -= n;", 1, ["C"]],
  ["a contract that no test deploys", "self.n = MOST;", "self.n = 1;", 0, ["D"]],
  ["a constant that a test names", "MOST: u64 = 10", "MOST: u64 = 12", 2, ["C", "D"]],
  ["a test", "assert MOST > 2;", "assert MOST > 3;", 1, []],
])("an edit of %s checks the tests that depend on it", (_, from, to, tests, built) => {
  const work = workOf(from, to);
  expect(work.tests).toBe(tests);
  expect(work.built).toEqual(built);
});

test("a function that nothing calls counts for the warnings", () => {
  const fixed = `contract C {
  state owner: address;
  state n: u64;

  init() {
    self.owner = caller;
  }

  pub fn add(n: u64) {
    require caller == self.owner;
    self.n = n;
  }

  fn unused() {
    HERE
  }
}
`;
  const addresses = createAddresses("/std");
  const workspace = createWorkspace();
  const codes = (text: string): readonly unknown[] => {
    workspace.change("/a.weft", text);
    const snapshot = workspace.snapshot("/a.weft");
    return snapshot === undefined ? [] : shownDiagnostics(snapshot, "/a.weft", addresses).map(({ code }) => code);
  };
  workspace.open("/a.weft", fixed.replace("HERE", ""));
  expect(codes(fixed.replace("HERE", "let a = 1; require a == 1;"))).toContain("W1006");
  expect(codes(fixed.replace("HERE", "self.owner = caller;"))).not.toContain("W1006");
  expect(codes(fixed.replace("HERE", "let a = 2; require a == 2;"))).toContain("W1006");
});

test("files are read ahead one at a time, each once", () => {
  const folder = mkdtempSync(join(tmpdir(), "weft-warm-"));
  try {
    for (const name of ["a", "b", "c"]) writeFileSync(join(folder, `${name}.weft`), TEXT);
    const workspace = createWorkspace();
    workspace.setFolders([folder]);
    workspace.open(join(folder, "a.weft"), TEXT);
    expect([...workspace.warmUp()].length).toBe(LIBRARY_PATHS.length + 2);
    expect([...workspace.warmUp()]).toEqual([]);
    workspace.touch([join(folder, "b.weft")]);
    expect([...workspace.warmUp()].length).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
