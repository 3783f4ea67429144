/** `weft test` as its users meet it: what runs, what is printed and written, and what the exit code says. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { publishedSchema, schemaGaps, schemaProblems } from "../helpers/json-schema.ts";

const JAR = `contract Jar {
  state coins: map<address, u256>;
  error Empty(who: address);

  pub fn put(amount: u256) {
    self.coins[caller] += amount;
  }

  pub fn take(amount: u256) {
    self.coins[caller] -= amount else Empty(caller);
  }
}
`;
const PASSES = `import { Jar } from "./jar.weft";

test "puts" {
  let jar = deploy Jar();
  jar.put(5) as @bob;
}

test "takes" {
  let jar = deploy Jar();
  jar.put(5) as @bob;
  jar.take(5) as @bob;
}
`;
const FAILS = `import { Jar } from "./jar.weft";

test "fails <first> & \\"loud\\" \\u{7} \\u{1F600}" {
  let jar = deploy Jar();
  jar.take(5) as @bob;
}

test "fails again" {
  let jar = deploy Jar();
  assert jar.coins(@bob) == 1;
}

test "is well" {
  let jar = deploy Jar();
}
`;

const lines = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => /^(?:ok|FAILED) /.test(line))
    .map((line) => line.replace(/ \([0-9]+ ms\)$/, ""));

describe("what runs", () => {
  const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES, "a.weft": FAILS });
  mkdirSync(join(cwd, "sub/.hidden"), { recursive: true });
  mkdirSync(join(cwd, "sub/node_modules"));
  writeFileSync(join(cwd, "sub/c.weft"), `test "below" { assert 1 < 2; }`);
  writeFileSync(join(cwd, "sub/.hidden/d.weft"), `test "hidden" { assert false; }`);
  writeFileSync(join(cwd, "sub/node_modules/e.weft"), `test "foreign" { assert false; }`);
  symlinkSync("..", join(cwd, "sub/up"));

  test("without arguments all below the current folder, in order", () => {
    const { code, out, err } = weft(["test"], { cwd });
    expect(code).toBe(1);
    expect(lines(out)).toEqual([
      'FAILED a.weft: fails <first> & "loud" · 😀',
      "FAILED a.weft: fails again",
      "ok a.weft: is well",
      "ok b.weft: puts",
      "ok b.weft: takes",
      "ok sub/c.weft: below",
    ]);
    expect(err).toContain("6 tests: 4 passed, 2 failed\n");
    expect(out).toContain("    Jar.take(5) as @bob ");
    expect(out).toMatch(/ {6}reverts with Empty\(@bob\) +jar\.weft:10\n/);
    expect(err).toContain("fails here");
  });

  test.each<readonly [string, readonly string[], readonly string[], number]>([
    ["a line", ["b.weft:11"], ["ok b.weft: takes"], 0],
    ["lines", ["b.weft:11", "b.weft:3"], ["ok b.weft: puts", "ok b.weft: takes"], 0],
    ["the line where a test ends", ["b.weft:6"], ["ok b.weft: puts"], 0],
    ["a line before all", ["b.weft:1"], [], 2],
    ["a line between tests", ["b.weft:7"], [], 2],
    ["a line behind the end", ["b.weft:999"], [], 2],
    ["a folder", ["sub"], ["ok sub/c.weft: below"], 0],
    ["a file twice", ["b.weft", "./b.weft"], ["ok b.weft: puts", "ok b.weft: takes"], 0],
    ["a text", ["b.weft", "--filter", "put"], ["ok b.weft: puts"], 0],
    ["a pattern", ["b.weft", "--filter", "/^T.KES$/i"], ["ok b.weft: takes"], 0],
    ["a contract", ["--contract", "Jar", "b.weft", "sub"], ["ok b.weft: puts", "ok b.weft: takes"], 0],
    ["a contract that nobody deploys", ["--contract", "Nobody", "b.weft"], [], 2],
    ["the first failure", ["a.weft", "b.weft", "--bail"], ['FAILED a.weft: fails <first> & "loud" · 😀'], 1],
  ])("%s", (_, args, expected, code) => {
    const finished = weft(["test", ...args], { cwd });
    expect(lines(finished.out)).toEqual(expected);
    expect(finished.code).toBe(code);
    if (code === 2 && args[0].includes(":")) expect(finished.err).toContain(`0 tests, none at line ${args[0].slice(7)}: 0 passed`);
    if (args.includes("--bail")) expect(finished.err).toContain("1 test: 0 passed, 1 failed, 4 not run\n");
  });

  test.each([
    [["nothing"], "E0801"],
    [["--filter", "/(/"], "E0810"],
    [["--check"], "E0801"],
    [["--tolerance", "1"], "E0810"],
    [["--check", "--tolerance", "-1"], "E0810"],
    [["b.weft:3", "--snapshot"], "E0810"],
    [["--snapshot", "--check"], "E0810"],
    [["--watch", "--json"], "E0810"],
    [["b.weft", "--junit", "b.weft"], "E0814"],
    [["b.weft", "--lcov", "sub"], "E0814"],
    [["b.weft", "--snapshot=jar.weft"], "E0814"],
  ])("%j is wrong usage", (args, code) => {
    const finished = weft(["test", ...args], { cwd });
    expect(finished.err + finished.out).toContain(code);
    expect(finished.code).toBe(2);
    expect(finished.err).not.toContain("costs written");
    expect(readFileSync(join(cwd, "b.weft"), "utf8")).toBe(PASSES);
    expect(readFileSync(join(cwd, "jar.weft"), "utf8")).toBe(JAR);
  });
});

test("files that aren't compiled are counted, so that the last line doesn't read as if all were well", () => {
  const cwd = folderWith({ "a.weft": `test "t" { assert 1 < 2; }`, "broken.weft": "contract {" });
  const { code, err } = weft(["test"], { cwd });
  expect(code).toBe(1);
  expect(err).toContain("1 test: 1 passed, 0 failed, 1 file not compiled\n");
});

describe("what is written", () => {
  test("JUnit XML, whatever the titles hold", () => {
    const cwd = folderWith({ "jar.weft": JAR, "a.weft": FAILS, "broken.weft": "contract {" });
    expect(weft(["test", "a.weft", "broken.weft", "--junit", "j.xml"], { cwd }).code).toBe(1);
    const text = readFileSync(join(cwd, "j.xml"), "utf8");
    expect(text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="weft test" tests="4" failures="2" errors="1" time="[0-9.]+">\n/,
    );
    expect(text).toContain('name="fails &lt;first&gt; &amp; &quot;loud&quot; \ufffd 😀"');
    expect(text).toContain('<failure message="the call reverted with Empty(@bob)" type="E0612">E0612: ');
    expect(text).toContain("reverts with Empty(@bob) (jar.weft:10)</failure>");
    expect(text).toContain('<testcase name="compiles" classname="broken.weft" time="0.000">\n      <error ');
    const stack: string[] = [];
    for (const [, close, name, open] of text.replace(/^<\?.*\?>/, "").matchAll(/<(\/?)([a-z-]+)(?: [a-z]+="[^"<]*")*(\/?)>/g)) {
      if (close === "/") expect(stack.pop()).toBe(name);
      else if (open !== "/") stack.push(name);
    }
    expect(stack).toEqual([]);
    // Outside of tags no `<`, and no `&` but in entities.
    expect(text.replaceAll(/<[^<>]*>/g, "")).not.toContain("<");
    expect(text).not.toMatch(/&(?!(?:amp|lt|gt|quot|#\d+);)/);
  });

  test("coverage as a table, as JSON and as lcov", () => {
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES });
    const shown = weft(["test", "b.weft", "--coverage", "--lcov", "l.info"], { cwd });
    expect(shown.code).toBe(0);
    expect(shown.out.split("\n").slice(2).join("\n")).toBe(
      "\ncoverage     functions         lines     branches  not reached\njar.weft  100.0% (2/2)  100.0% (2/2)  50.0% (1/2)  10 (branch)\n",
    );
    expect(readFileSync(join(cwd, "l.info"), "utf8")).toBe(
      "TN:\nSF:jar.weft\nFN:5,Jar.put\nFN:9,Jar.take\nFNDA:2,Jar.put\nFNDA:1,Jar.take\nFNF:2\nFNH:2\n" +
        "BRDA:10,0,0,1\nBRDA:10,0,1,0\nBRF:2\nBRH:1\nDA:6,2\nDA:10,1\nLF:2\nLH:2\nend_of_record\n",
    );
    const half = { hit: 1, found: 2 };
    expect(jsonOf(weft(["test", "b.weft", "--coverage", "--json"], { cwd }))).toMatchObject({
      coverage: { branches: half, files: [{ file: "jar.weft", branches: half, missed: [] }] },
    });
  });

  test("a document that fits the published schema", () => {
    const made = `contract V { state n: u64 = 0; init(a: address) {} pub fn f() { self.n += 1; } invariant few { assert self.n < 3; } }
      contract W { init(data: bytes<9>) {} invariant ok { assert 1 < 2; } }
      test "t" (x: u8) { assert x < 200; }`;
    const cwd = folderWith({ "jar.weft": JAR, "a.weft": FAILS, "b.weft": PASSES, "made.weft": made });
    const schema = publishedSchema("test.schema.json");
    expect(schemaGaps(schema)).toEqual([]);
    weft(["test", "b.weft", "--snapshot"], { cwd });
    for (const args of [
      ["a.weft", "--trace", "--coverage", "--costs"],
      ["b.weft", "--check"],
      ["jar.weft"],
      ["b.weft", "--filter", "zz"],
      ["made.weft", "--seed", "1"],
    ]) {
      const document = jsonOf(weft(["test", ...args, "--json"], { cwd }));
      expect(schemaProblems(schema, document)).toEqual([]);
      expect(schemaProblems(publishedSchema("diagnostics.schema.json"), document)).toEqual([]);
    }
  });
});

describe("costs", () => {
  const KEPT = ".weft-costs.json";

  test("are kept in the same bytes, compared, and told apart by percent", () => {
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES });
    expect(weft(["test", "b.weft", "--snapshot", "-q"], { cwd }).code).toBe(0);
    const kept = readFileSync(join(cwd, KEPT), "utf8");
    expect(weft(["test", "b.weft", "--snapshot=again.json"], { cwd }).err).toContain("costs written to again.json");
    expect(readFileSync(join(cwd, "again.json"), "utf8")).toBe(kept);
    expect(kept.split("\n").filter((line) => line.includes("Jar.put(uint256)"))).toHaveLength(1);
    expect(weft(["test", "b.weft", "--check"], { cwd })).toMatchObject({ code: 0 });

    const [, before] = /"Jar\.put\(uint256\)","cost":\["([0-9]+)"/.exec(kept) ?? [];
    writeFileSync(join(cwd, "jar.weft"), JAR.replace("+= amount;", "+= amount;\n    self.coins[caller] += 1;"));
    const changed = weft(["test", "b.weft", "--check"], { cwd });
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(new RegExp(`Jar\\.put\\(uint256\\) +cost, min +${before} +[0-9]+ +\\+[0-9.]+%`));
    expect(changed.err).toContain("costs differ from .weft-costs.json; if that is meant: --snapshot");
    expect(weft(["test", "b.weft", "--check", "--tolerance", "300"], { cwd }).code).toBe(0);
  });

  test("of functions that are new or gone differ, but not where only some tests ran", () => {
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES });
    weft(["test", "b.weft", "--snapshot"], { cwd });
    expect(weft(["test", "b.weft:3", "--check"], { cwd }).code).toBe(0);
    writeFileSync(join(cwd, "b.weft"), PASSES.replace("jar.take(5) as @bob;", "assert jar.coins(@bob) == 5;"));
    const { code, out } = weft(["test", "b.weft", "--check"], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/Jar\.coins\(address\) +new +- +[0-9]+/);
    expect(out).toMatch(/Jar\.take\(uint256\) +gone +[0-9]+ +-/);
  });

  test("of files that weren't looked at aren't gone", () => {
    const other = `contract Other { state n: u8; pub fn f() { self.n = 1; } } test "o" { let o = deploy Other(); o.f(); }`;
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES, "o.weft": other });
    weft(["test", "b.weft", "o.weft", "--snapshot"], { cwd });
    expect(weft(["test", "b.weft", "--check"], { cwd }).code).toBe(0);
    rmSync(join(cwd, "o.weft"));
    const { code, out } = weft(["test", "b.weft", "--check"], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/Other\.f\(\) +gone/);
  });

  test("aren't written or compared where a test fails", () => {
    const cwd = folderWith({ "jar.weft": JAR, "a.weft": FAILS });
    expect(weft(["test", "a.weft", "--snapshot"], { cwd }).err).toContain("costs not written");
    expect(existsSync(join(cwd, KEPT))).toBe(false);
  });

  test.each([
    ["", "it is not JSON"],
    ["\u0000", "it is not JSON"],
    ["null", "it has no `weftCosts`"],
    ["[[[[", "it is not JSON"],
    ['{"weftCosts":2,"functions":[]}', "its `weftCosts` is not 1"],
    ['{"weftCosts":1,"functions":{"length":9}}', "`functions` is no list"],
    ['{"weftCosts":1,"functions":[null]}', "`functions[0]` isn't what `--snapshot` writes"],
    ['{"weftCosts":1,"functions":[{"file":"a","function":"b","cost":["1","2","3"],"statements":["1","2","-3"]}]}', "`functions[0]`"],
    ['{"weftCosts":1,"functions":[{"file":"a","function":"b","cost":["1","2","9e99"],"statements":["1","2","3"]}]}', "`functions[0]`"],
    [`${"[".repeat(200_000)}`, "it is not JSON"],
  ])("in a file that is none (%#)", (text, message) => {
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES, [KEPT]: text });
    const { code, err } = weft(["test", "b.weft", "--check"], { cwd });
    expect(err).toContain(`error[E0832]: \`${KEPT}\` is no file of costs: ${message}`);
    expect(code).toBe(2);
  });

  test("with names of functions that do harm are names", () => {
    const row = `{"file":"__proto__","function":"constructor\\u001b[31m","cost":["1","1","1"],"statements":["1","1","1"]}`;
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES, [KEPT]: `{"weftCosts":1,"functions":[${row}]}` });
    const { code, out } = weft(["test", "b.weft", "--check"], { cwd });
    expect(code).toBe(1);
    expect(out).not.toContain("\u001b");
    expect(out).toMatch(/constructor.* gone/);
  });
});

/** `weft test --watch` in a folder of its own, until it is killed. */
function watching(cwd: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [join(ROOT, "dist/weft.js"), "test", ...args, "--watch"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let from = 0;
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  /** What is printed up to the next time that it waits. */
  const next = async (): Promise<string> => {
    const WAITS = "waiting for changes\n";
    for (let i = 0; i < 600; i++) {
      const end = printed.indexOf(WAITS, from);
      if (end >= 0) {
        // Both streams have said what they had to.
        await new Promise((resolve) => setTimeout(resolve, 100));
        const text = printed.slice(from);
        from = printed.length;
        return text;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`nothing more came: ${printed}`);
  };
  return { child, next, printed: () => printed };
}

describe("--watch", () => {
  test("runs nothing twice for want of a change: imports and the library count as read", { timeout: 180_000 }, async () => {
    const withLibrary = PASSES.replace('test "puts"', 'import { Ownable } from "weft/std/ownable.weft";\ntest "puts"');
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": withLibrary });
    const { child, next } = watching(cwd, "b.weft");
    try {
      expect([...lines(await next())].sort()).toEqual(["ok b.weft: puts", "ok b.weft: takes"]);
      // The next run is of this change, and of no other file's.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      writeFileSync(join(cwd, "b.weft"), `import { Jar } from "./jar.weft";\ntest "other" { let jar = deploy Jar(); }`);
      expect(lines(await next())).toEqual(["ok b.weft: other"]);
      writeFileSync(join(cwd, "jar.weft"), `${JAR}\n`);
      expect(lines(await next())).toEqual(["ok b.weft: other"]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("runs what a change concerns, outlives errors, and ends with the signal", { timeout: 180_000 }, async () => {
    const cwd = folderWith({ "jar.weft": JAR, "b.weft": PASSES, "c.weft": `test "alone" { assert 1 < 2; }` });
    const { child, next, printed } = watching(cwd);
    const left = new Promise<number | null>((resolve) => child.once("exit", resolve));
    try {
      expect([...lines(await next())].sort()).toEqual(["ok b.weft: puts", "ok b.weft: takes", "ok c.weft: alone"]);
      // What b.weft imports; c.weft has nothing to do with it.
      writeFileSync(join(cwd, "jar.weft"), JAR.replace("-= amount", "-= amount + 1"));
      const broken = await next();
      expect([...lines(broken)].sort()).toEqual(["FAILED b.weft: takes", "ok b.weft: puts"]);
      writeFileSync(join(cwd, "c.weft"), `test "alone" { assert 1 < ; }`);
      expect(await next()).toContain("error[E01");
      writeFileSync(join(cwd, "c.weft"), `test "alone again" { assert 2 < 3; }`);
      expect(lines(await next())).toEqual(["ok c.weft: alone again"]);
      writeFileSync(join(cwd, "d.weft"), `test "new" { assert 2 < 3; }`);
      expect(lines(await next())).toEqual(["ok d.weft: new"]);
      // Who imports a file that went missing is run again when it is back.
      rmSync(join(cwd, "jar.weft"));
      expect(await next()).toContain("error[E0802]");
      writeFileSync(join(cwd, "jar.weft"), JAR);
      expect(lines(await next())).toEqual(["ok b.weft: puts", "ok b.weft: takes"]);
      expect(printed()).not.toContain("\u001b");
      child.kill("SIGINT");
      expect(await left).toBe(130);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
