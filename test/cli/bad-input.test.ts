import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, weft } from "../helpers/cli.ts";
import type { Finished } from "../helpers/cli.ts";

const LIMIT_MS = 2_000;

function quickly(args: readonly string[], cwd: string): Finished {
  const finished = weft(args, { cwd });
  expect(finished.cpuMs).toBeGreaterThan(0);
  expect(finished.cpuMs).toBeLessThan(LIMIT_MS);
  return finished;
}

function expectClear({ out, err }: Finished): void {
  expect(out).toBe("");
  expect(err).toMatch(/^error\[E0\d{3}\]: .+\n *--> \S+/);
  expect(err).not.toMatch(/\n\s+at .+:\d+:\d+/);
  expect(err).not.toContain("internal error");
  expect(err.length).toBeLessThan(60_000);
}

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff);
}

function noise(length: number): string {
  const next = random(7);
  return Array.from({ length }, () => String.fromCharCode(32 + ((next() >> 8) % 95))).join("");
}

function shuffledTokens(length: number): string {
  const tokens =
    'contract A { } ( ) fn pub let x = 1 ; + state : u256 map < > , "a" require else if return self . [ ] @alice test && == match =>'.split(
      " ",
    );
  const next = random(11);
  let text = "";
  while (text.length < length) text += `${tokens[(next() >> 8) % tokens.length]} `;
  return text.slice(0, length);
}

const HOSTILE: Readonly<Record<string, string>> = {
  "1 MB of noise": noise(1_000_000),
  "1 MB of valid tokens in random order": shuffledTokens(1_000_000),
  "1 MB of opening braces": "{".repeat(1_000_000),
  "10,000 nested parentheses": `const A: u256 = ${"(".repeat(10_000)}1${")".repeat(10_000)};`,
  "10,000 nested blocks": `contract C { pub fn f() { ${"if true { ".repeat(10_000)}${"}".repeat(10_000)} } }`,
  "10,000 nested negations": `const A: bool = ${"!".repeat(10_000)}true;`,
  "1+1+… with 100,000 terms": `const A: u256 = ${new Array(100_000).fill("1").join("+")};`,
  "1+1+… with 100,000 terms in a function": `contract C { pub fn f() -> u256 { return ${new Array(100_000).fill("1").join("+")}; } }`,
  "a comment without end": `contract C { /* ${"*".repeat(900_000)}`,
  "a string without end": `const A: string<8> = "${"a".repeat(900_000)}`,
  "20,000 errors": `contract C { pub fn f() { ${"self.a = b; ".repeat(20_000)} } }`,
  "a number of 100,000 digits": `const A: u256 = ${"9".repeat(100_000)};`,
  "a type nested 5,000 deep": `contract C { state m: ${"map<u8, ".repeat(5_000)}u8${">".repeat(5_000)}; }`,
};

describe("bad source", () => {
  test.each(Object.keys(HOSTILE))("%s gives a clear error quickly", (name) => {
    const cwd = folderWith({ "a.weft": HOSTILE[name] });
    const finished = quickly(["check", "a.weft"], cwd);
    expect(finished.code).toBe(1);
    expectClear(finished);
  });

  test("several syntax errors of one file are reported in one run", () => {
    const cwd = folderWith({ "a.weft": "contract C {\n  state x: u256\n  pub fn g() { let = 3; }\n  pub fn h() { self.x = ; }\n}\n" });
    const finished = quickly(["check", "a.weft"], cwd);
    expect(finished.code).toBe(1);
    expectClear(finished);
    expect(finished.err.match(/^error\[E01\d\d\]/gm)?.length).toBeGreaterThanOrEqual(3);
    for (const line of [2, 3, 4]) expect(finished.err).toContain(`a.weft:${line}:`);
  });

  test("type errors and unknown names point at their places", () => {
    const cwd = folderWith({
      "a.weft": "contract C {\n  state total: u256;\n  pub fn f(a: bool) {\n    self.total = a;\n    self.totl += 1;\n  }\n}\n",
    });
    const finished = quickly(["check", "a.weft"], cwd);
    expect(finished.code).toBe(1);
    expectClear(finished);
    expect(finished.err).toContain("expected `u256`, found `bool`\n --> a.weft:4:18");
    expect(finished.err).toContain("did you mean `total`?");
  });

  test("more than fifty errors end in a count", () => {
    const cwd = folderWith({ "a.weft": `contract C { pub fn f() { ${"self.a = b;\n".repeat(500)} } }` });
    const { err } = quickly(["check", "a.weft"], cwd);
    expect(err.match(/^error\[/gm)?.length).toBeLessThanOrEqual(50);
  });
});

describe("bad files", () => {
  test.each([
    ["a missing file", "missing.weft", "E0801"],
    ["bytes that aren't UTF-8", "bytes.weft", "E0811"],
    ["a file above 1 MiB", "large.weft", "E0812"],
    ["a device", "/dev/zero", "E0813"],
  ])("%s exits with 2 and code", (_what, path, code) => {
    const cwd = folderWith({ "bytes.weft": Uint8Array.of(0x61, 0xff, 0xfe), "large.weft": " ".repeat(1024 * 1024 + 1) });
    for (const command of [
      ["check", path],
      ["test", path],
      ["footprint", path],
      ["conflicts", path],
      ["build", path, "--out", "out"],
    ]) {
      const finished = quickly(command, cwd);
      expect({ command, exit: finished.code, code: /E\d{4}/.exec(finished.err)?.[0] }).toEqual({ command, exit: 2, code });
    }
  });

  test("a folder where one file is wanted, and one without sources", () => {
    const cwd = folderWith({ "a.txt": "" });
    for (const command of ["footprint", "conflicts"]) {
      const finished = quickly([command, "."], cwd);
      expect({ command, exit: finished.code, code: /E\d{4}/.exec(finished.err)?.[0] }).toEqual({ command, exit: 2, code: "E0813" });
    }
    for (const command of ["check", "test", "build"]) {
      const finished = quickly([command, ".", ...(command === "build" ? ["--out", "out"] : [])], cwd);
      expect({ command, exit: finished.code, code: /E\d{4}/.exec(finished.err)?.[0] }).toEqual({ command, exit: 2, code: "E0842" });
    }
  });

  test("a missing import is an error of the program, at the import", () => {
    const cwd = folderWith({ "a.weft": 'import { B } from "./b.weft";\ncontract A { state x: u8; }\n' });
    const finished = quickly(["check", "a.weft"], cwd);
    expect(finished.code).toBe(1);
    expectClear(finished);
    expect(finished.err).toContain("a.weft:1:");
  });

  test("an import that can't be read as text says why", () => {
    const cwd = folderWith({ "a.weft": 'import { B } from "./b.weft";\n', "b.weft": Uint8Array.of(0xff) });
    const { code, err } = quickly(["check", "a.weft"], cwd);
    expect(code).toBe(1);
    expect(err).toContain("`b.weft` is not UTF-8 text");
  });

  test("control characters of a file never reach the terminal", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x\u001b[2J\u0007: \u202eu8; }\n" });
    const { err } = weft(["check", "a.weft"], { cwd });
    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

const CONTRACT = "contract C {\n  state n: map<address, u64>;\n  pub fn put(who: address, by: u64) { self.n[who] += by; }\n}\n";

function scenario(change: Readonly<Record<string, unknown>>): string {
  const base = {
    accounts: { users: { count: 5 } },
    contracts: [{ label: "c", file: "c.weft", contract: "C" }],
    blocks: [{ calls: 5, mix: [{ call: "c.put", args: ["@alice", 1] }] }],
  };
  return JSON.stringify({ ...base, ...change });
}

const mix = (...calls: unknown[]): Readonly<Record<string, unknown>> => ({ blocks: [{ calls: 5, mix: calls }] });

const BAD_SCENARIOS: readonly (readonly [string, string, string, string])[] = [
  ["text that isn't JSON", "{ blocks: 1 }", "E0820", "expected a name in double quotes"],
  ["an empty file", "", "E0820", "expected a value, found the end of the file"],
  ["JSON nested too deep", "[".repeat(100_000), "E0820", "nested deeper than"],
  ["a list at the top", "[]", "E0821", "the scenario: expected an object, found a list"],
  [
    "a wrong type",
    scenario({ blocks: [{ calls: "many", mix: [{ call: "c.put", args: ["@alice", 1] }] }] }),
    "E0821",
    "blocks[0].calls: expected a whole number",
  ],
  ["a number out of range", scenario({ seed: -1 }), "E0821", "seed: expected a whole number from 0"],
  ["an unknown setting", scenario({ blokcs: [] }), "E0822", "the scenario has no setting `blokcs`"],
  ["blocks missing", JSON.stringify({ contracts: [] }), "E0824", "`blocks` is missing"],
  ["a block of two kinds", scenario({ blocks: [{ list: [], mix: [] }] }), "E0824", "exactly one of `list`, `each` and `mix`"],
  ["an unknown contract", scenario({ contracts: [{ label: "c", file: "c.weft", contract: "D" }] }), "E0815", "has no contract `D`"],
  ["an unknown label", scenario(mix({ call: "d.put", args: [] })), "E0823", "blocks[0].mix[0].call: unknown contract `d`"],
  ["an unknown function", scenario(mix({ call: "c.putt", args: [] })), "E0823", "unknown function `putt`"],
  ["too few arguments", scenario(mix({ call: "c.put", args: [] })), "E0821", "expected 2 arguments"],
  [
    "an argument of the wrong type",
    scenario(mix({ call: "c.put", args: [true, 1] })),
    "E0821",
    "blocks[0].mix[0].args[0]: expected an address",
  ],
  [
    "an argument out of range",
    scenario(mix({ call: "c.put", args: ["@alice", "1e30"] })),
    "E0821",
    "blocks[0].mix[0].args[1]: expected a whole number",
  ],
  ["an unknown group", scenario(mix({ call: "c.put", args: [{ account: "nobody" }, 1] })), "E0823", "unknown group of accounts `nobody`"],
  ["an account beyond its group", scenario(mix({ call: "c.put", args: ["@users[5]", 1] })), "E0824", "group `users` has 5 accounts"],
  ["an unknown variable", scenario(mix({ call: "c.put", args: ["@alice", { var: "n" }] })), "E0823", "unknown variable `n`"],
  [
    "a variable of the wrong type",
    scenario(mix({ let: { n: 5 }, call: "c.put", args: [{ var: "n" }, 1] })),
    "E0821",
    "expected an address",
  ],
  ["an unknown template", scenario(mix({ again: "vote" })), "E0823", "unknown template `vote`"],
  ["a weight of zero", scenario(mix({ weight: 0, call: "c.put", args: ["@alice", 1] })), "E0821", "blocks[0].mix[0].weight"],
  ["half a surrogate", scenario({}).replace('"@alice"', '"\\ud800"'), "E0821", "expected an address"],
  [
    "too many calls",
    scenario({ blocks: [{ repeat: 10_000, calls: 1_000_000, mix: [{ call: "c.put", args: ["@alice", 1] }] }] }),
    "E0824",
    "more than",
  ],
  ["too many accounts", scenario({ accounts: { users: { count: 900_000 }, more: { count: 900_000 } } }), "E0824", "more than"],
];

describe("bad scenarios", () => {
  test.each(BAD_SCENARIOS)("%s is pointed at, with exit 2", (_what, text, code, message) => {
    const cwd = folderWith({ "c.weft": CONTRACT, "scenario.json": text });
    const finished = quickly(["run", "scenario.json"], cwd);
    expect({ exit: finished.code, code: /E\d{4}/.exec(finished.err)?.[0] }).toEqual({ exit: 2, code });
    expectClear(finished);
    expect(finished.err).toContain(message);
  });

  test("a missing scenario, and a folder without one", () => {
    const cwd = folderWith({});
    for (const path of ["scenario.json", "."]) expect(quickly(["run", path], cwd)).toMatchObject({ code: 2, out: "" });
  });

  test("all mistakes are reported in one run", () => {
    const cwd = folderWith({
      "c.weft": CONTRACT,
      "scenario.json": scenario({ seed: "x", title: 5, ...mix({ weight: "much", call: "c" }) }),
    });
    const finished = weft(["run", ".", "--json"], { cwd });
    const { diagnostics } = jsonOf(finished);
    expect(diagnostics).toHaveLength(4);
  });

  test("a contract with errors makes the run fail with them", () => {
    const cwd = folderWith({ "c.weft": "contract C { state x: nothing; }", "scenario.json": scenario({}) });
    const finished = weft(["run", "."], { cwd });
    expect(finished.code).toBe(1);
    expect(finished.err).toContain("c.weft:1:");
  });

  test("a constructor that reverts stops the run and names its error", () => {
    const source =
      "contract C {\n  error Never();\n  state n: map<address, u64>;\n  init() { revert Never(); }\n  pub fn put(who: address, by: u64) { self.n[who] += by; }\n}\n";
    const cwd = folderWith({ "c.weft": source, "scenario.json": scenario({}) });
    const finished = weft(["run", "."], { cwd });
    expect(finished.code).toBe(1);
    expect(finished.err).toContain("deploying `c` fails with Never");
  });
});
