/** Fuzz runs at the command line: what people and programs read, exit codes, that a seed gives the same again, and tests made to waste time. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, weft } from "../helpers/cli.ts";
import { asObject, publishedSchema, schemaProblems } from "../helpers/json-schema.ts";

const LEAK = `contract Purse {
  state coins: u256;
  payable fn put() { self.coins += value; }
  pub fn leak(n: u8) { require n < 9; pay(caller, u256(n)); }
  invariant covered { assert self.coins <= self.balance; }
}
`;
const TIMEOUT_MS = 300_000;

interface Fuzz {
  readonly seed: number;
  readonly runs: number;
  readonly counterexample: { readonly code: string } | null;
}

function run(
  text: string,
  args: readonly string[],
): { readonly code: number | null; readonly out: string; readonly err: string; readonly cwd: string } {
  const cwd = folderWith({ "a.weft": text });
  return { ...weft(["test", "a.weft", ...args], { cwd }), cwd };
}

function fuzzOf(
  text: string,
  args: readonly string[],
): { readonly code: number | null; readonly fuzz: Fuzz; readonly document: Record<string, unknown> } {
  const { code, out } = run(text, [...args, "--json"]);
  const document = asObject(JSON.parse(out));
  const tests: unknown = document["tests"];
  const first = asObject(Array.isArray(tests) ? tests[0] : undefined);
  const fuzz = asObject(first["fuzz"]);
  expect(schemaProblems(publishedSchema("fuzz.schema.json"), fuzz)).toEqual([]);
  expect(schemaProblems(publishedSchema("diagnostics.schema.json"), document)).toEqual([]);
  const counterexample = fuzz["counterexample"] === null ? null : { code: String(asObject(fuzz["counterexample"])["code"]) };
  return { code, document, fuzz: { seed: Number(fuzz["seed"]), runs: Number(fuzz["runs"]), counterexample } };
}

describe("invariants", { timeout: TIMEOUT_MS }, () => {
  test("are tried without a test, and the counterexample can be pasted", () => {
    const { code, out, err, cwd } = run(LEAK, ["--seed", "5"]);
    expect(code).toBe(1);
    expect(err).toContain("error[E0618]: invariant `covered` of `Purse` doesn't hold: this is false");
    expect(out).toContain("FAILED a.weft: invariants of Purse");
    expect(out).toContain("weft test a.weft --filter 'invariants of Purse' --seed 5");
    const pasted = out.slice(out.indexOf("    test "), out.lastIndexOf("    }") + 6);
    expect(pasted).toContain("purse.put() as @alice value 1;\n");
    writeFileSync(join(cwd, "b.weft"), `${readFileSync(join(cwd, "a.weft"), "utf8")}${pasted}\n`);
    const again = weft(["test", "b.weft", "--filter", "counterexample"], { cwd });
    expect(again.code).toBe(1);
    expect(again.err).toContain("error[E0618]: invariant `covered` of `Purse` doesn't hold: this is false");
  });

  test("fail again with the seed that is printed", () => {
    const first = fuzzOf(LEAK, []);
    expect(first.code).toBe(1);
    const second = fuzzOf(LEAK, ["--seed", String(first.fuzz.seed)]);
    expect(second.fuzz).toEqual(first.fuzz);
  });

  test("fail again with the command that is printed, whatever was asked for", () => {
    const asked = ["--seed", "3", "--runs", "20", "--depth", "7", "--max-time", "90"];
    expect(run(LEAK, asked).out).toContain("--filter 'invariants of Purse' --seed 3 --runs 20 --depth 7 --max-time 90\n");
    const pattern = 'test "/a(/" (x: u8) { assert x < 5; }';
    expect(run(pattern, ["--seed", "3"]).out).toContain("weft test a.weft --filter 'a(/' --seed 3\n");
    expect(run(pattern, ["--seed", "3", "--filter", "a(/"]).out).toContain("FAILED a.weft: /a(/");
  });

  test("of a contract that needs another one are skipped, and this is said", () => {
    const text = `${LEAK}contract Other { immutable purse: Purse; state n: u8; init(purse: Purse) { self.purse = purse; } pub fn f() { self.n = 1; } invariant i { assert self.n < 2; } }`;
    const alone = run(text, ["--seed", "1"]);
    expect(alone.out).toContain("skipped a.weft: invariants of Other: its `init` takes a contract, `purse`");
    const tested = run(`${text} test "o" { let p = deploy Purse(); let o = deploy Other(p); fuzz o; }`, ["--seed", "1"]);
    expect(tested.out).toContain("ok a.weft: o (256 runs, 12800 calls, ");
    expect(tested.out).not.toContain("skipped");
  });

  test("that can't be tried because `init` refuses everything fail", () => {
    const refusing =
      "contract A { state n: u8; init(n: u256) { require n == u256(block.height) + 987_654_321_987; } pub fn f() { self.n = 1; } invariant i { assert self.n < 2; } }";
    const { code, err } = run(refusing, ["--seed", "1"]);
    expect(code).toBe(1);
    expect(err).toContain("error[E0619]: `init` accepted too few of its made-up arguments: 0 of 201 were played");
  });
});

describe("parameters", { timeout: TIMEOUT_MS }, () => {
  test("are made up, and shrunk to the smallest that fail", () => {
    const { code, fuzz } = fuzzOf('test "small" (x: u64, y: i16, z: list<bool, 4>) { require y != 3; assert x < 1_234 || y > -7; }', [
      "--seed",
      "2",
    ]);
    expect(code).toBe(1);
    expect(fuzz.counterexample?.code).toBe(
      'test "small: counterexample" {\n  let x: u64 = 1_234;\n  let y: i16 = -7;\n  let z: list<bool, 4> = [];\n  assert y != 3; assert x < 1_234 || y > -7;\n}\n',
    );
  });

  test("are also the numbers that stand in the test itself", () => {
    const { code, fuzz } = fuzzOf('test "rare" (x: u32) { assert x != 1_040_001; }', ["--seed", "2"]);
    expect(code).toBe(1);
    expect(fuzz.counterexample?.code).toContain("let x: u32 = 1_040_001;");
  });

  test("come as often as is asked for", () => {
    const { code, fuzz } = fuzzOf('test "t" (x: u64) { assert x >= 0; }', ["--seed", "2", "--runs", "31"]);
    expect({ code, runs: fuzz.runs }).toEqual({ code: 0, runs: 31 });
  });

  test("show calls that wait although a block claims that none does", () => {
    const text = `contract C { state a: map<u8, u8>; pub fn set(k: u8, v: u8) { self.a[k] = v; } }
      test "keys" (x: u8, y: u8) { let c = deploy C(); parallel block { c.set(x, 1) as @alice; c.set(y, 2) as @bob; } }`;
    const { code, out, err } = run(text, ["--seed", "1"]);
    expect(code).toBe(1);
    expect(err).toContain("E0614");
    expect(out).toContain("parallel block { c.set(x, 1) as @alice; c.set(y, 2) as @bob; }");
  });
});

describe("hostile tests", { timeout: TIMEOUT_MS }, () => {
  const LOOP = 'test "long" (x: u8) { for i in 0..65_536 { for j in 0..65_536 { for k in 0..65_536 { let y = k; } } } }';

  test("end when their time is over", () => {
    const { code, err } = run(LOOP, ["--max-time", "1"]);
    expect(code).toBe(1);
    expect(err).toContain("error[E0619]: no case came to its end within 1 s");
  });

  test("that make endless calls are cut, and what was played counts", () => {
    const text = 'contract A { state n: u64; pub fn f() { self.n += 1; } } test "deep" { let a = deploy A(); fuzz a calls 10_000; }';
    const { code, out } = run(text, ["--runs", "1000000", "--max-time", "4"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok a\.weft: deep \([0-9]+ runs?, [0-9]+ calls, out of time, [0-9]+ ms\)\n/);
  });

  test("that fill the chain fail with a reason", () => {
    const text =
      'contract A { state n: map<(u64, u64), u64>; pub fn f(k: u64) { for i in 0..1_000 { self.n[(k, i)] = 1; } } } test "full" { let a = deploy A(); fuzz a calls 1_000; }';
    const { code, err } = run(text, ["--max-time", "100"]);
    expect(code).toBe(1);
    expect(err).toContain("error[E0616]");
    expect(err).toContain("ran out of reserved memory");
  });

  test.each([
    ["--seed", "-1"],
    ["--seed", "x"],
    ["--runs", "0"],
    ["--depth", "10001"],
    ["--max-time", "1e9"],
  ])("%s %s is wrong usage", (option, value) => {
    expect(run(LEAK, [option, value]).code).toBe(2);
  });
});

test("each case begins with nobody having coin but the accounts: what an earlier one paid out is gone", { timeout: TIMEOUT_MS }, () => {
  const somebody = `@0x${"0".repeat(38)}aa`;
  const { code, out } = run(
    `contract Payer { payable fn send(to: address) { pay(to, value); } }
test "paid once" (n: u8) {
  let p = deploy Payer();
  assert balance(${somebody}) == 0;
  p.send(${somebody}) value 5;
  assert balance(${somebody}) == 5;
}`,
    ["--runs", "20", "--seed", "3"],
  );
  expect(out).toContain("ok a.weft: paid once");
  expect(code).toBe(0);
});
