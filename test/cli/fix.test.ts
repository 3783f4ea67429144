/** `weft check --fix`: which fixes are applied, which files change, and what is left as it was. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, weft } from "../helpers/cli.ts";

const SUM = `contract Till {
  state total: u256;

  pub fn take(amount: u256) {
    let before = self.total;
    self.total = before + amount;
  }
}
`;
const SUM_FIXED = SUM.replace("    let before = self.total;\n", "").replace("self.total = before + amount", "self.total += amount");

const KEY = `contract Desk {
  state holder: map<u64, address>;
  state points: map<address, u64>;

  pub fn assign(id: u64, who: address) {
    self.holder[id] = who;
  }

  pub fn reward(id: u64) {
    self.points[self.holder[id]] += 1;
  }
}
`;

const read = (cwd: string, name: string): string => readFileSync(join(cwd, name), "utf8");

test("without it nothing is written, and a line says what there is", () => {
  const cwd = folderWith({ "till.weft": SUM, "desk.weft": KEY });
  const { err } = weft(["check", "till.weft", "desk.weft"], { cwd });
  expect(err).toContain("fix: write `self.total += amount` (--fix)\n");
  expect(err).toContain("fix: take the key as a parameter of `reward`, `holder: address`, and check it (--fix=all)\n");
  expect(read(cwd, "till.weft")).toBe(SUM);
});

test("applies what changes nothing for callers, and says what there is beside", () => {
  const cwd = folderWith({ "till.weft": SUM, "desk.weft": KEY });
  const { code, out, err } = weft(["check", "--fix", "till.weft", "desk.weft"], { cwd });
  expect(code).toBe(0);
  expect(out).toBe("fixed: till.weft: W1002: write `self.total += amount`\n");
  expect(err).toContain(
    "checked 2 files: no errors, 1 warning, 1 fix applied; 1 warning more can be fixed with --fix=all, which changes what callers see\n",
  );
  expect([read(cwd, "till.weft"), read(cwd, "desk.weft")]).toEqual([SUM_FIXED, KEY]);
  expect(readdirSync(cwd).sort()).toEqual(["desk.weft", "till.weft"]);
});

test("=all applies those that change the ABI", () => {
  const cwd = folderWith({ "desk.weft": KEY });
  const { code, err } = weft(["check", "desk.weft", "--fix=all"], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: "checked 1 file: no errors, 1 fix applied\n" });
  expect(read(cwd, "desk.weft")).toContain(
    "pub fn reward(id: u64, holder: address) {\n    require self.holder[id] == holder;\n    self.points[holder] += 1;",
  );
});

test("a second run finds nothing to do, and leaves the file alone", () => {
  const cwd = folderWith({ "till.weft": SUM });
  weft(["check", "till.weft", "--fix"], { cwd });
  const { mtimeMs } = statSync(join(cwd, "till.weft"));
  const { out, err } = weft(["check", "till.weft", "--fix"], { cwd });
  expect({ out, err }).toEqual({ out: "", err: "checked 1 file: no errors, 0 fixes applied\n" });
  expect(statSync(join(cwd, "till.weft")).mtimeMs).toBe(mtimeMs);
});

test("guesses are never applied: the name may be another one", () => {
  const broken = SUM.replace("self.total = before", "self.totals = before");
  const cwd = folderWith({ "till.weft": broken });
  for (const level of ["--fix", "--fix=all"]) {
    const { code, out } = weft(["check", "till.weft", level], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: "" });
  }
  expect(read(cwd, "till.weft")).toBe(broken);
});

test("only files on the command line change", () => {
  const files = {
    "lib.weft": SUM,
    "use.weft":
      'import { Till } from "./lib.weft";\ncontract Use {\n  immutable till: Till;\n  init(till: Till) {\n    self.till = till;\n  }\n}\n',
  };
  const cwd = folderWith(files);
  expect(weft(["check", "use.weft", "--fix"], { cwd }).out).toBe("");
  expect(read(cwd, "lib.weft")).toBe(SUM);
  expect(weft(["check", "use.weft", "lib.weft", "--fix"], { cwd }).out).toBe("fixed: lib.weft: W1002: write `self.total += amount`\n");
  expect(read(cwd, "lib.weft")).toBe(SUM_FIXED);
});

test("a fix that breaks what another file promises is undone, and said", () => {
  // By itself the one file could change; with the parameter the call in the other is wrong.
  const caller = `import { Desk } from "./desk.weft";
contract Boss {
  pub fn praise(desk: Desk, id: u64) {
    desk.reward(id);
  }
}
`;
  const cwd = folderWith({ "desk.weft": KEY, "boss.weft": caller });
  const { code, out } = weft(["check", "boss.weft", "desk.weft", "--fix=all"], { cwd });
  expect({ code, out }).toEqual({
    code: 0,
    out: "not fixed: desk.weft: W1004: take the key as a parameter of `reward`, `holder: address`, and check it (the program wouldn't compile, or the warning would stay)\n",
  });
  expect(read(cwd, "desk.weft")).toBe(KEY);
});

test("several fixes in one function, one after another", () => {
  const two = `contract C {
  state a: u64;
  state fee: u64;
  state m: map<address, u64>;
  init(fee: u64) {
    self.fee = fee;
  }
  pub fn f(to: address) {
    require self.a + 1 <= self.fee;
    self.m[to] = self.m[to] + self.fee;
    self.a += 1;
  }
}
`;
  const cwd = folderWith({ "c.weft": two });
  const { out, err } = weft(["check", "c.weft", "--fix"], { cwd });
  expect(out.split("\n").length - 1).toBeGreaterThan(2);
  expect(err).toContain("no errors, ");
  expect(read(cwd, "c.weft")).toContain("immutable fee: u64;");
  // The limit became a plain value, and with it one that belongs to the add.
  expect(read(cwd, "c.weft")).toContain("    require self.a + 1 <= self.fee;\n    self.a += 1;\n    self.m[to] += self.fee;\n");
});

test("--json lists what was done", () => {
  const cwd = folderWith({ "till.weft": SUM });
  expect(jsonOf(weft(["check", "till.weft", "--fix", "--json"], { cwd }))).toMatchObject({
    ok: true,
    summary: { errors: 0, warnings: 0 },
    fixes: {
      applied: [{ code: "W1002", file: "till.weft", title: "write `self.total += amount`", changes: "nothing" }],
      refused: [],
      written: ["till.weft"],
    },
  });
});

test("wrong usage: another word than `all`, and `all` as a word of its own is a file", () => {
  expect(weft(["check", "a.weft", "--fix=some"]).code).toBe(2);
  expect(weft(["check", "--fix", "all"]).err).toContain("can't read `all`");
});

describe("the file keeps", () => {
  test("its line ends, its mark of the byte order and its permissions", () => {
    const cwd = folderWith({ "till.weft": `\ufeff${SUM.replaceAll("\n", "\r\n")}` });
    chmodSync(join(cwd, "till.weft"), 0o750);
    weft(["check", "till.weft", "--fix"], { cwd });
    expect(read(cwd, "till.weft")).toBe(`\ufeff${SUM_FIXED.replaceAll("\n", "\r\n")}`);
    expect(statSync(join(cwd, "till.weft")).mode & 0o777).toBe(0o750);
  });

  test("its place behind a link", () => {
    const cwd = folderWith({});
    mkdirSync(join(cwd, "real"));
    writeFileSync(join(cwd, "real", "till.weft"), SUM);
    symlinkSync("real/till.weft", join(cwd, "till.weft"));
    weft(["check", "till.weft", "--fix"], { cwd });
    expect(lstatSync(join(cwd, "till.weft")).isSymbolicLink()).toBe(true);
    expect(read(cwd, "real/till.weft")).toBe(SUM_FIXED);
    expect(readdirSync(cwd).sort()).toEqual(["real", "till.weft"]);
  });
});
