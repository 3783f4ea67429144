import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";

const DAO = "examples/dao/dao.weft";
const EXAMPLES = ["examples/dao/dao.weft", "examples/nft/nft.weft", "examples/token/token.weft"];

/** Only what doesn't depend on clocks. */
function withoutTiming({ timing: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

describe("weft check", () => {
  test("accepts the examples and counts what it proved", () => {
    const finished = weft(["check", ...EXAMPLES, "--json"]);
    expect(finished.code).toBe(0);
    expect(jsonOf(finished)).toMatchObject({
      schema: 1,
      tool: { name: "weft" },
      command: "check",
      ok: true,
      summary: { files: 3, errors: 0, warnings: 0 },
      contracts: [
        { name: "Dao", proved: 6 },
        { name: "Collectible", proved: 5 },
        { name: "Token", proved: 7 },
      ],
      diagnostics: [],
    });
  });

  test("a file given twice counts once", () => {
    const cwd = folderWith({ "a.weft": "contract C {}\n" });
    expect(jsonOf(weft(["check", "a.weft", "./a.weft", "--json"], { cwd }))).toMatchObject({ summary: { files: 1 } });
  });

  test("gives the same document for the same input, but for the timing", () => {
    const once = withoutTiming(jsonOf(weft(["check", ...EXAMPLES, "--json"])));
    expect(withoutTiming(jsonOf(weft(["check", ...EXAMPLES, "--json"])))).toEqual(once);
  });

  test("a false parallel assertion fails with both places", () => {
    const source = readFileSync(join(ROOT, DAO), "utf8").replace(
      "let power = self.members[caller];",
      "let power = self.members[caller] + self.totalPower;",
    );
    const cwd = folderWith({ "dao.weft": source });
    const finished = weft(["check", "dao.weft"], { cwd });
    expect(finished.code).toBe(1);
    expect(finished.err).toContain("totalPower");
    expect(finished.err).toContain("parallel (a: join, b: vote) when a.caller != b.caller;");
  });

  test("JSON diagnostics carry spans, lines and columns", () => {
    const cwd = folderWith({ "a.weft": "contract C {\n  state x: nothing;\n}\n" });
    const finished = weft(["check", "a.weft", "--json"], { cwd });
    expect(finished).toMatchObject({ code: 1, err: "" });
    expect(jsonOf(finished)).toMatchObject({
      ok: false,
      diagnostics: [
        { code: "E0202", severity: "error", file: "a.weft", span: { start: 24, end: 31, line: 2, col: 12, endLine: 2, endCol: 19 } },
      ],
    });
  });
});

describe("weft build", () => {
  test("writes the module, the client, the ABI and the layout of each contract", () => {
    const cwd = folderWith({ "dao.weft": readFileSync(join(ROOT, DAO), "utf8") });
    const finished = weft(["build", "dao.weft", "--out", "deep/out"], { cwd });
    expect(finished.code).toBe(0);
    const names = ["Dao.abi.json", "Dao.client.ts", "Dao.devdoc.json", "Dao.js", "Dao.layout.json", "Dao.ts", "Dao.userdoc.json"];
    expect(readdirSync(join(cwd, "deep/out")).sort()).toEqual(names);
    expect(finished.out.trim().split("\n").sort()).toEqual(names.map((name) => `deep/out/${name}`));
    const abi = JSON.parse(readFileSync(join(cwd, "deep/out/Dao.abi.json"), "utf8")) as readonly { readonly name?: string }[];
    expect(abi.map((entry) => entry.name)).toContain("propose");
  });

  test("gives the same bytes every time", () => {
    const cwd = folderWith({ "dao.weft": readFileSync(join(ROOT, DAO), "utf8") });
    for (const out of ["one", "two"]) expect(weft(["build", "dao.weft", "--out", out], { cwd }).code).toBe(0);
    for (const name of readdirSync(join(cwd, "one"))) {
      expect(readFileSync(join(cwd, "one", name), "utf8")).toBe(readFileSync(join(cwd, "two", name), "utf8"));
    }
  });

  test("a program with errors writes nothing", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x: nothing; }" });
    expect(weft(["build", "a.weft", "--out", "out"], { cwd }).code).toBe(1);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  test("an output folder that is a file exits with 2 and says so", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x: u8; }", out: "" });
    const { code, err } = weft(["build", "a.weft", "--out", "out"], { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^error\[E0814\]: can't write `out`: it is a file/);
  });

  test("a folder without a name is wrong usage", () => {
    const cwd = folderWith({ "a.weft": "contract C {}\n" });
    expect(weft(["build", "a.weft", "--out", ""], { cwd })).toMatchObject({ code: 2 });
    expect(readdirSync(cwd)).toEqual(["a.weft"]);
  });

  test("a file where the folder belongs is called that", () => {
    const cwd = folderWith({ "a.weft": "contract C {}\n" });
    const finished = weft(["build", "a.weft", "--out", "a.weft"], { cwd });
    expect(finished.code).toBe(2);
    expect(finished.err).toContain("can't write `a.weft`: it is a file, not a folder");
  });

  test("contracts whose names differ only in case are refused", () => {
    const cwd = folderWith({ "a.weft": "contract Coin {}\ncontract COIN {}\n" });
    const finished = weft(["build", "a.weft", "--out", "build"], { cwd });
    expect(finished.code).toBe(2);
    expect(finished.err).toContain("differ only in case");
    expect(existsSync(join(cwd, "build"))).toBe(false);
  });

  test("no temporary file stays behind when a file can't be replaced", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x: u8; }" });
    mkdirSync(join(cwd, "out", "C.ts"), { recursive: true });
    expect(weft(["build", "a.weft", "--out", "out"], { cwd }).code).toBe(2);
    expect(readdirSync(join(cwd, "out"))).toEqual(["C.ts"]);
  });

  test("writes all files or none: what an earlier build wrote stays when one of the new ones can't be written", () => {
    const cwd = folderWith({ "a.weft": "contract A { state x: u8; }\ncontract B { state x: u8; }" });
    expect(weft(["build", "a.weft", "--out", "out"], { cwd }).code).toBe(0);
    const before = readFileSync(join(cwd, "out/A.js"), "utf8");
    rmSync(join(cwd, "out/B.js"));
    mkdirSync(join(cwd, "out/B.js"));
    writeFileSync(join(cwd, "a.weft"), "contract A { state x: u16; }\ncontract B { state x: u8; }");
    const { code, err } = weft(["build", "a.weft", "--out", "out"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("can't write `out/B.js`: EISDIR");
    expect(readFileSync(join(cwd, "out/A.js"), "utf8")).toBe(before);
    expect(readdirSync(join(cwd, "out")).filter((name) => !/^[AB]\./.test(name) || /\.(?:tmp|old)$/.test(name))).toEqual([]);
  });

  test("a second build replaces the files of the first and leaves nothing else", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x: u8; }" });
    expect(weft(["build", "a.weft", "--out", "out"], { cwd }).code).toBe(0);
    writeFileSync(join(cwd, "a.weft"), "contract C { state renamed: u16; }");
    expect(weft(["build", "a.weft", "--out", "out"], { cwd }).code).toBe(0);
    expect(readFileSync(join(cwd, "out/C.layout.json"), "utf8")).toContain("renamed");
    expect(readdirSync(join(cwd, "out")).sort()).toEqual([
      "C.abi.json",
      "C.client.ts",
      "C.devdoc.json",
      "C.js",
      "C.layout.json",
      "C.ts",
      "C.userdoc.json",
    ]);
  });

  test.runIf(existsSync("/proc/self"))("a folder where none can be made is refused and never waited for", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x: u8; }" });
    for (const out of ["/proc/x", "/proc/self/x/y"]) {
      const { code, err } = weft(["build", "a.weft", "--out", out], { cwd });
      expect({ out, code }).toEqual({ out, code: 2 });
      expect(err).toMatch(/^error\[E0814\]: can't write `\/proc\/.*`: E[A-Z]+\n/);
    }
  });
});

describe("weft footprint", () => {
  test("shows one function's cells with their modes", () => {
    const { code, out } = weft(["footprint", DAO, "Dao.vote"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Dao\.vote\(id: u64, support: bool\) {2}cost \d+\n/);
    expect(out).toMatch(/^ {2}W {2}voted\[id\]\[caller\]/m);
    expect(out).toMatch(/^ {2}Δ {2}proposals\[id\]\.yes +\+self\.members\[caller\] +if support/m);
    expect(out).not.toContain("Dao.join");
  });

  test("--json has one contract with its functions", () => {
    const found = jsonOf(weft(["footprint", DAO, "Dao.join", "--json"]));
    expect(found).toMatchObject({ ok: true, contracts: [{ contract: "Dao", functions: [{ name: "join" }] }] });
  });

  test("unknown contracts and functions are wrong usage, with the nearest name", () => {
    expect(weft(["footprint", DAO, "Doa"])).toMatchObject({ code: 2, err: expect.stringContaining("did you mean `Dao`?") as string });
    expect(weft(["footprint", DAO, "Dao.vot"])).toMatchObject({ code: 2, err: expect.stringContaining("did you mean `vote`?") as string });
  });
});

describe("weft conflicts", () => {
  test("explains every symbol that it shows", () => {
    const { out } = weft(["conflicts", "test/corpus/contracts/market.weft", "Market"]);
    const [grid, legend] = out.split("\n\n");
    const marks = new Set([...grid.matchAll(/(?<= )[·+?#!](?= |$)/gm)].map(([mark]) => mark));
    expect([...marks].sort()).toEqual(["!", "?"]);
    expect(legend.split("\n").map((line) => line.trim()[0])).toEqual(["?", "!"]);
  });

  test("the matrix of the DAO says when votes, proposals and joins wait", () => {
    const { code, out } = weft(["conflicts", DAO]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}vote × vote +a\.id == b\.id ∧ a\.caller == b\.caller/m);
    expect(out).toMatch(/^ {2}join × join +never \(escrow\)$/m);
    expect(out).not.toMatch(/^ {2}propose × propose/m);
    expect(out).toContain("·  never wait for each other");
  });

  test("--json says it for every pair", () => {
    const { contracts } = jsonOf(weft(["conflicts", DAO, "Dao", "--json"])) as {
      contracts: { pairs: { left: string; right: string; verdict: string }[] }[];
    };
    const verdict = (left: string, right: string): string | undefined =>
      contracts[0].pairs.find((pair) => pair.left === left && pair.right === right)?.verdict;
    expect(verdict("vote", "vote")).toBe("sometimes");
    expect(verdict("propose", "propose")).toBe("never");
    expect(verdict("join", "join")).toBe("escrow");
  });
});

describe("weft test", () => {
  test("all tests of the examples pass", () => {
    const finished = weft(["test", ...EXAMPLES, "--json"]);
    expect(finished.code).toBe(0);
    expect(jsonOf(finished)).toMatchObject({ ok: true, summary: { files: 3, tests: 5, passed: 5, failed: 0 } });
  });

  test("a test that fills its chain's memory fails alone", () => {
    const source = `contract Filler {
  state marks: map<u64, u64>;
  pub fn fill(from: u64) { for i in 0..10000 { self.marks[from + i] = 1; } }
  pub fn one() -> u64 { return 1; }
}
test "fills" {
  let c = deploy Filler();
${Array.from({ length: 12 }, (_, i) => `  c.fill(${i * 10_000}) as @bob;`).join("\n")}
}
test "doesn't" { let c = deploy Filler(); assert c.one() == 1; }
`;
    const finished = weft(["test", "a.weft"], { cwd: folderWith({ "a.weft": source }) });
    expect(finished.code).toBe(1);
    expect(finished.err).toContain("ran out of reserved memory");
    expect(finished.err).toContain("1 passed, 1 failed");
  });

  test("--filter chooses by title and says when nothing matches", () => {
    expect(weft(["test", DAO, "--filter", "passes"]).out.split("\n")).toHaveLength(2);
    expect(weft(["test", DAO, "--filter", "zzz"])).toMatchObject({
      code: 2,
      out: "",
      err: "0 tests, none with `zzz` in its title: 0 passed, 0 failed\n",
    });
  });

  test.each([
    ["assert c.n() == 2;", "E0611", "is 1"],
    ["assert balance(@bob) == 0 || c.n() > 5;", "E0611", "assertion failed"],
    ["expect c.fail(3) revert Wrong(4);", "E0613", "expected a revert with Wrong(4), found Wrong(3)"],
    ["expect c.add(1) revert Wrong(4);", "E0613", "found no revert"],
    ["c.fail(3);", "E0612", "the call reverted with Wrong(3)"],
    ["c.overflow();", "E0612", "the call reverted with Panic(0x11)"],
    ["let x = c.n() - 5;", "E0616", "overflow"],
    ["c.add(1) value 1;", "E0612", "empty data"],
    ["c.take() value 2_000_000_000_000_000_000_000_000;", "E0617", "too little coin"],
    ["parallel block { c.set(1) as @bob; c.set(2) as @carol; }", "E0614", "one call of this block waited for an earlier one"],
  ])("%s fails with %s", (statement, code, message) => {
    const source = `contract C {
  state n: u64;
  error Wrong(code: u64);
  pub fn add(by: u64) { self.n += by; }
  pub fn set(to: u64) { self.n = to; }
  pub fn fail(code: u64) { revert Wrong(code); }
  pub fn overflow() -> u64 { let x: u64 = self.n; return x - 2; }
  payable fn take() { }
}
test "it" {
  let c = deploy C() as @alice;
  c.add(1);
  ${statement}
}
`;
    const cwd = folderWith({ "a.weft": source });
    const finished = weft(["test", "a.weft"], { cwd });
    expect({ statement, exit: finished.code, code: /E\d{4}/.exec(finished.err)?.[0] }).toEqual({ statement, exit: 1, code });
    expect(finished.err).toContain(message);
    expect(finished.out).toMatch(/^FAILED a\.weft: it \(\d+ ms\)\n/);
  });

  test("statements of tests mean what the language says", () => {
    const source = `enum Colour { Red, Green }
fn twice(x: u64) -> u64 { var sum: u64 = 0; for i in 0..2 { sum += x; } return sum; }
contract Clock {
  immutable owner: address;
  immutable colour: Colour;
  state last: u64;
  error NotOwner(who: address);
  init() { self.owner = caller; self.colour = Colour.Green; }
  // weft-allow W1001: it shows when it ran
  pub fn tick() -> (height: u64, time: u64) { self.last = block.height; return (block.height, block.time); }
  pub fn own() { require caller == self.owner else NotOwner(caller); }
  payable fn take() { }
  pub fn give(to: address, amount: u256) { pay(to, amount); }
  view fn now() -> u64 { return block.time; }
}
test "time, height, accounts and coin" {
  let c = deploy Clock() as @alice;
  let (height, time) = c.tick();
  assert time == 1_700_000_000;
  advance time 60;
  assert c.now() == time + 60;
  let (next, later) = c.tick() as @bob;
  assert next == height + 1 && later == time + 60;
  assert c.owner() == @alice && c.owner() != @bob && c.colour() == Colour.Green;
  expect c.own() as @bob revert NotOwner(@bob);
  c.own() as @alice;
  c.take() as @bob value 1_000;
  assert balance(c) == 1_000;
  let before = balance(@carol);
  block {
    c.give(@carol, 400);
    expect c.give(@carol, 601) as @bob revert InsufficientFunds(601);
    c.give(@carol, 600);
  }
  assert balance(@carol) == before + 1_000 && balance(@bob) + 1_000 == 1_000_000_000_000_000_000_000_000;
  assert twice(21) == 42 && min(3, 4) == 3 && (if time > 5 { 1 } else { 2 }) == 1;
}
`;
    const cwd = folderWith({ "a.weft": source });
    const finished = weft(["test", "a.weft"], { cwd });
    expect(finished.err).toBe("1 test: 1 passed, 0 failed\n");
  });
});

describe("weft run", () => {
  test.each(["dao", "nft", "token"])("the %s example gives the same state serially and in parallel", (name) => {
    const finished = weft(["run", `examples/${name}`, "--calls", "3000", "--workers", "2", "--json"]);
    expect(finished.code).toBe(0);
    const found = jsonOf(finished) as {
      calls: { total: number; succeeded: number; reverted: number; rejected: number };
      identical: boolean;
      timing: unknown;
    };
    expect(found.identical).toBe(true);
    const { total, succeeded, reverted, rejected } = found.calls;
    expect(total).toBeGreaterThanOrEqual(2_990);
    expect(succeeded + reverted + rejected).toBe(total);
    for (const number of [succeeded, reverted, rejected]) expect(number).toBeGreaterThan(0);
    expect(found.timing).toMatchObject({
      serial: { callsPerSecond: expect.any(Number) as number },
      parallel: { totalMs: expect.any(Number) as number },
    });
  });

  test("the same seed gives the same state, another one another, and neither workers nor blocks' cut change what a seed makes", () => {
    const digest = (...args: readonly string[]): unknown =>
      (jsonOf(weft(["run", "small", ...args, "--json"], { cwd })).state as { digest: string }).digest;
    const cwd = folderWith({});
    mkdirSync(join(cwd, "small"));
    writeFileSync(join(cwd, "small", "token.weft"), readFileSync(join(ROOT, "examples/token/token.weft"), "utf8"));
    const scenario = {
      accounts: { users: { count: 50 } },
      contracts: [{ label: "t", file: "token.weft", contract: "Token", from: "@issuer", args: ["Gold", "GLD", "1e30"] }],
      setup: [{ each: "users", call: { call: "t.mint", from: "@issuer", args: [{ each: true }, 1000] } }],
      blocks: [
        {
          calls: 500,
          mix: [{ call: "t.transfer", from: { account: "users" }, args: [{ account: "users", pick: { zipf: 1 } }, { int: [0, 300] }] }],
        },
      ],
    };
    writeFileSync(join(cwd, "small", "scenario.json"), JSON.stringify(scenario));
    const first = digest();
    expect(digest("--workers", "1")).toBe(first);
    expect(digest("--workers", "4")).toBe(first);
    expect(digest("--block-size", "7")).toBe(first);
    expect(digest("--seed", "2")).not.toBe(first);
    expect(digest("--calls", "100")).not.toBe(first);
  });

  test("the text for people names the calls, the errors, the speed and the verdict", () => {
    const { code, out, err } = weft(["run", "examples/dao", "--calls", "2000"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const part of [
      "calls/s",
      "speed-up",
      "conflicts:",
      "critical path",
      "AlreadyVoted",
      "NotMember",
      "execute ms",
      "digest 0x",
      "identical: ",
    ]) {
      expect(out).toContain(part);
    }
  });
});
