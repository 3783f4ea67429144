/** `weft footprint --diff`: files, revisions of a repository of its own, and what can't be compared. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import type { Finished } from "../helpers/cli.ts";
import { schemaProblems } from "../helpers/json-schema.ts";

const SCHEMA: unknown = JSON.parse(readFileSync(join(ROOT, "docs/schema/footprint-diff.schema.json"), "utf8"));

const COUNTS = "mixin Counted {\n  state total: u64;\n\n  fn count() {\n    self.total += 1;\n  }\n}\n";
const SLOW = COUNTS.replace("self.total += 1", "self.total = self.total + 1");
const JAR = `import { Counted } from "./lib/counted.weft";

contract Jar uses Counted {
  state coins: map<address, u64>;
  state owners: map<u64, address>;

  pub fn put(to: address, amount: u64) {
    self.coins[to] += amount;
    self.count();
  }

  pub fn own(id: u64, to: address) {
    self.owners[id] = to;
  }
}
`;

function git(cwd: string, ...args: readonly string[]): void {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const { status, stderr } = spawnSync("git", [...who, ...args], { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

/** Two commits: `v1`, and `feature/slow`, where the imported file is slower. The working tree is that of the second. */
function repository(): string {
  const cwd = folderWith({});
  mkdirSync(join(cwd, "src/lib"), { recursive: true });
  git(cwd, "init", "-q");
  writeFileSync(join(cwd, "src/jar.weft"), JAR);
  writeFileSync(join(cwd, "src/lib/counted.weft"), COUNTS);
  writeFileSync(join(cwd, "src/large.weft"), `//${"x".repeat(1024 * 1024)}`);
  writeFileSync(join(cwd, "src/bytes.weft"), new Uint8Array([0xff, 0xfe]));
  git(cwd, "add", ".");
  git(cwd, "commit", "-qm", "one");
  git(cwd, "tag", "v1");
  writeFileSync(join(cwd, "src/lib/counted.weft"), SLOW);
  git(cwd, "commit", "-qam", "two");
  git(cwd, "branch", "feature/slow");
  return cwd;
}

const cwd = repository();

function diff(args: readonly string[], folder = cwd): Finished {
  return weft(["footprint", "--diff", ...args], { cwd: folder });
}

describe("what is compared", () => {
  const LOSS = "put × put  never (escrow)  →  always (escrow)";

  test("a file at a revision and in the working tree, with the imports of each", () => {
    const finished = diff(["v1", "src/jar.weft"]);
    expect(finished).toMatchObject({ code: 0 });
    expect(finished.out).toContain(`less parallel\n    ${LOSS}`);
    expect(finished.out).toContain("now  Δ total  →  W total  less parallel  src/lib/counted.weft:5:18");
    expect(finished.err).toContain("1 pair of functions less parallel, 0 more, 0 otherwise changed");
    expect(weft(["footprint", "src/jar.weft", "--diff", "v1"], { cwd }).out).toBe(finished.out);
  });

  test("a file at two revisions", () => {
    const { out } = diff(["v1", "feature/slow", "src/jar.weft"]);
    expect(out).toContain(LOSS);
    expect(out).toContain("feature/slow:src/lib/counted.weft:5:18");
    expect(diff(["feature/slow", "v1", "src/jar.weft"]).out).toContain("more parallel\n    put × put  always (escrow)  →  never (escrow)");
    expect(diff(["HEAD~1", "HEAD", "src/jar.weft"]).out).toContain(LOSS);
  });

  test("REV:PATH, from the root or from the working folder", () => {
    expect(diff(["v1:src/jar.weft", "feature/slow:src/jar.weft"]).out).toContain(LOSS);
    expect(diff(["v1:./jar.weft", "jar.weft"], join(cwd, "src")).out).toContain(LOSS);
    expect(diff(["v1:../jar.weft", "../jar.weft"], join(cwd, "src/lib")).out).toContain(LOSS);
    expect(diff(["v1", "jar.weft"], join(cwd, "src")).out).toContain(LOSS);
    expect(diff(["v1", "HEAD", join(cwd, "src/jar.weft")], ROOT).out).toContain(LOSS);
  });

  test("what is staged", () => {
    const own = repository();
    writeFileSync(join(own, "src/lib/counted.weft"), COUNTS);
    git(own, "add", ".");
    expect(diff(["HEAD:src/jar.weft", ":src/jar.weft"], own).out).toContain("more parallel");
  });

  test("a file that is gone from the working tree", () => {
    const own = repository();
    git(own, "rm", "-rq", "src");
    git(own, "commit", "-qm", "three");
    expect(existsSync(join(own, "src"))).toBe(false);
    expect(diff(["v1", "feature/slow", "src/jar.weft"], own).out).toContain(LOSS);
  });

  test("two files; one of that name goes before a revision", () => {
    const own = folderWith({ v1: "contract A { pub fn f() {} }\n", "b.weft": "contract A { state x: u8; pub fn f() { self.x += 1; } }\n" });
    expect(diff(["v1", "b.weft"], own).out).toBe(
      ["A", "  less parallel", "    f × f  never  →  never (escrow)", "", "  f()  cost 4 → 10", "    new  Δ x  b.weft:1:40", ""].join("\n"),
    );
  });

  test("contracts that came, went, and got another name", () => {
    const [a, b] = ["contract A { pub fn f() {} }\n", "contract B { pub fn f() {} }\n"];
    const own = folderWith({ "a.weft": a, "b.weft": b, "ab.weft": a + b });
    expect(diff(["a.weft", "b.weft"], own).out).toBe("B, which was A\n  nothing changed in what calls touch, cost and wait for\n");
    expect(diff(["a.weft", "ab.weft"], own).out).toContain("B\n  a new contract\n");
    expect(diff(["ab.weft", "a.weft"], own).out).toContain("B\n  the contract is gone\n");
  });

  test("nothing, when nothing changed", () => {
    for (const file of ["examples/token/token.weft", "examples/dao/dao.weft", "test/corpus/contracts/amm.weft"]) {
      const { code, out } = diff([file, file, "--fail-on-loss"], ROOT);
      expect({ file, code, other: out.replaceAll(/^\w+\n {2}nothing changed in what calls touch, cost and wait for\n\n?/gm, "") }).toEqual({
        file,
        code: 0,
        other: "",
      });
    }
  });
});

describe("the exit code", () => {
  test("is 0 whatever changed, unless a loss is to fail", () => {
    expect(diff(["v1", "HEAD", "src/jar.weft"]).code).toBe(0);
    expect(diff(["v1", "HEAD", "src/jar.weft", "--fail-on-loss"]).code).toBe(1);
    expect(diff(["HEAD", "v1", "src/jar.weft", "--fail-on-loss"]).code).toBe(0);
  });

  test("is 1 for a key that is known later, too, and 0 for another key", () => {
    const jar = (body: string): string =>
      `contract J { state o: map<u64, address>; state c: map<address, u64>; pub fn f(id: u64, to: address) { ${body} } }\n`;
    const own = folderWith({
      "arg.weft": jar("self.c[to] += 1;"),
      "staged.weft": jar("self.c[self.o[id]] += 1;"),
      "caller.weft": jar("self.c[caller] += 1;"),
    });
    expect(diff(["arg.weft", "staged.weft", "--fail-on-loss"], own)).toMatchObject({ code: 1 });
    expect(diff(["arg.weft", "staged.weft"], own).err).toContain("1 key known later");
    expect(diff(["staged.weft", "arg.weft", "--fail-on-loss"], own)).toMatchObject({ code: 0 });
    const { code, out } = diff(["arg.weft", "caller.weft", "--fail-on-loss"], own);
    expect(code).toBe(0);
    expect(out).toContain("now  Δ c[to]  →  Δ c[caller]  another key");
  });
});

describe("as JSON", () => {
  test.each([
    [["v1", "src/jar.weft"]],
    [["HEAD", "v1", "src/jar.weft"]],
    [["v1", "v1", "src/jar.weft"]],
    [[join(ROOT, "examples/token/token.weft"), join(ROOT, "examples/dao/dao.weft")]],
    [[join(ROOT, "test/corpus/contracts/erc20.weft"), join(ROOT, "examples/token/token.weft")]],
    [[join(ROOT, "test/corpus/contracts/dao.weft"), join(ROOT, "examples/dao/dao.weft")]],
  ])("%j is what the schema says", (args) => {
    expect(schemaProblems(SCHEMA, jsonOf(diff([...args, "--json"])))).toEqual([]);
  });

  test("has all that is shown", () => {
    expect(jsonOf(diff(["v1", "HEAD", "src/jar.weft", "--json"]))).toMatchObject({
      command: "footprint",
      before: "v1:src/jar.weft",
      after: "HEAD:src/jar.weft",
      summary: { less: 1, more: 0, other: 0, later: 0 },
      contracts: [
        {
          name: "Jar",
          pairs: [{ left: "put", right: "put", judgement: "less", before: "never (escrow)", after: "always (escrow)" }],
          functions: [
            {
              name: "put",
              cost: { change: "higher" },
              accesses: [{ kind: "changed", judgement: { mode: "less", stage: "same", guard: "same", all: "less" } }],
            },
          ],
        },
      ],
    });
  });
});

describe("what can't be compared", () => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [["nowhere", "src/jar.weft"], "E0831", "there is no such revision"],
    [["v1", "nowhere", "src/jar.weft"], "E0831", "there is no such revision"],
    [["v1..HEAD", "HEAD", "src/jar.weft"], "E0831", "there is no such revision"],
    [["^v1", "HEAD", "src/jar.weft"], "E0831", "there is no such revision"],
    [["v1:src/none.weft", "src/jar.weft"], "E0831", "it has no such file"],
    [["v1:../outside.weft", "src/jar.weft"], "E0831", "it has no such file"],
    [["v1:src", "src/jar.weft"], "E0831", "it is no file there"],
    [["v1", "HEAD", "src/none.weft"], "E0831", "it has no such file"],
    [["v1:src/large.weft", "src/jar.weft"], "E0812", "is larger than 1 MiB"],
    [["v1:src/bytes.weft", "src/jar.weft"], "E0811", "is not UTF-8"],
    [["none.weft", "none-either.weft"], "E0801", "can't read `none-either.weft`"],
    [["src/jar.weft", "src/lib"], "E0813", "is not a file"],
  ];
  test.each(cases)("%j is %s: %s", (args, code, words) => {
    const finished = diff(args);
    expect({ args, code: finished.code, out: finished.out }).toEqual({ args, code: 2, out: "" });
    expect(finished.err).toContain(`error[${code}]`);
    expect(finished.err).toContain(words);
  });

  test("no argument becomes an option of git", () => {
    for (const name of ["--output=stolen", "-ostolen", "--help", "--exec-path=.", "--upload-pack=touch stolen", "-c"]) {
      for (const args of [
        [`--diff=${name}`, "src/jar.weft"],
        [`--diff=${name}`, "HEAD", "src/jar.weft"],
        [`--diff=${name}:src/jar.weft`, "src/jar.weft"],
      ]) {
        const { code, err } = weft(["footprint", ...args], { cwd });
        expect({ args, code }).toEqual({ args, code: 2 });
        expect(err).toContain("this is no revision");
      }
    }
    expect(existsSync(join(cwd, "stolen"))).toBe(false);
  });

  test("a file in no repository, and no git at all", () => {
    const own = folderWith({ "a.weft": "contract A {}\n" });
    expect(diff(["v1", "a.weft"], own).err).toContain("it is in no git repository");
    // The tests start their commands by the shell.
    symlinkSync("/bin/bash", join(own, "bash"));
    const alone = weft(["footprint", "--diff", "v1", "src/jar.weft"], { cwd, env: { PATH: own } });
    expect(alone.code).toBe(2);
    expect(alone.err).toContain("git isn't installed");
  });

  test("a version with errors shows them where they stand", () => {
    const own = repository();
    writeFileSync(join(own, "src/lib/counted.weft"), COUNTS.replace("u64", "u65"));
    git(own, "commit", "-qam", "three");
    const { code, err } = diff(["HEAD", "v1", "src/jar.weft"], own);
    expect(code).toBe(1);
    expect(err).toContain(" --> HEAD:src/lib/counted.weft:2:16");
    expect(err).toContain("state total: u65;");
  });

  test("an import that the revision doesn't have", () => {
    const own = repository();
    git(own, "rm", "-q", "--cached", "src/lib/counted.weft");
    git(own, "commit", "-qm", "three");
    const { code, err } = diff(["HEAD", "src/jar.weft"], own);
    expect(code).toBe(1);
    expect(err).toContain("error[E0802]: can't find `./lib/counted.weft`");
    expect(err).toContain(" --> HEAD:src/jar.weft:1:25");
  });
});
