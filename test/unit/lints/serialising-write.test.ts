/** W1001: which functions are told that all their calls run one after another, and which are left alone. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";

const CONTRACTS = new URL("../../corpus/contracts/", import.meta.url);

/** The functions that are warned of, by the text at the place. */
function warned(text: string): readonly string[] {
  const { diagnostics } = compile("c.weft", (path) => (path === "c.weft" ? text : undefined));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return diagnostics.filter(({ code }) => code === "W1001").map(({ span }) => text.slice(span.start, span.end));
}

function members(text: string): readonly string[] {
  return warned(`contract C {\n${text}\n}\n`);
}

describe("a function is warned of that writes", () => {
  test("a cell without a key", () => {
    expect(members("state last: address; pub fn f() { self.last = caller; }")).toEqual(["f"]);
  });

  test("a cell under a constant key, or under one that is the same for the whole block", () => {
    expect(members("state m: map<u64, address>; pub fn f() { self.m[0] = caller; }")).toEqual(["f"]);
    expect(members("state m: map<u64, address>; pub fn f() { self.m[block.height] = caller; }")).toEqual(["f"]);
  });

  test("a cell under a key that is read from such a cell", () => {
    expect(members("state at: u64; state m: map<u64, address>; pub fn f() { self.m[self.at] = caller; }")).toEqual(["f"]);
  });

  test("cells that a loop counts through, from the same start in every call", () => {
    expect(members("state m: map<u64, u64>; pub fn f(n: u64) { for i in 0..n max 8 { self.m[i] = 1; } }")).toEqual(["f"]);
    expect(members("state m: map<u64, u64>; pub fn f(from: u64, to: u64) { for i in from..to max 8 { self.m[i] = 1; } }")).toEqual([]);
    expect(members("state m: map<u64, u64>; pub fn f(ids: list<u64, 8>) { for i in ids { self.m[i] = 1; } }")).toEqual([]);
  });

  test("on one path only", () => {
    expect(members("state x: u8; pub fn f(b: bool) { if b { self.x = 1; } }")).toEqual(["f"]);
  });

  test("through another function, each that gets there", () => {
    const source = "state x: u8; fn g() { self.x = 1; } pub fn f() { self.g(); } pub fn h() { self.g(); } pub fn i() {}";
    expect(members(source)).toEqual(["f", "h"]);
  });

  test("for members only, who are many", () => {
    expect(members("state x: u8; state m: map<address, bool>; pub fn f() { require self.m[caller]; self.x = 1; }")).toEqual(["f"]);
  });
});

describe("a function is left alone", () => {
  test("that adds", () => {
    expect(members("state total: u64; pub fn f(by: u64) { self.total += by; }")).toEqual([]);
  });

  test("whose key names a parameter, the caller, the coin or a drawn number", () => {
    for (const key of ["id", "u64(value)", "self.ids.next()", "id / 2 + 1"]) {
      expect(members(`state ids: sequence<u64>; state m: map<u64, address>; payable fn f(id: u64) { self.m[${key}] = caller; }`)).toEqual(
        [],
      );
    }
    expect(members("state m: map<address, u64>; pub fn f() { self.m[caller] = 1; }")).toEqual([]);
  });

  test("that only one account gets through", () => {
    const checks = [
      "require caller == self.owner;",
      "require self.owner == caller && x > 1;",
      "let owner = self.owner; require caller == owner;",
      "if caller != self.owner { revert; }",
      "require caller == self.founder;",
      "require caller == @0x00000000000000000000000000000000000000aa;",
    ];
    const state = "state owner: address; immutable founder: address; state x: u8; init() { self.founder = caller; }";
    for (const check of checks) expect(members(`${state} pub fn f(x: u8) { ${check} self.x = x; }`)).toEqual([]);
    expect(members(`${state} guard owned { require caller == self.owner; } pub fn f(x: u8) with owned { self.x = x; }`)).toEqual([]);
  });

  test("that only one account gets through, whoever says which", () => {
    const state = "state owner: address; immutable founder: address; state x: u8; init() { self.founder = caller; }";
    const only = "guard only(who: address) { require caller == who; }";
    const same = "fn same(who: address, boss: address) { let b = boss; require who == b; }";
    const changes = "{ self.x = x; }";
    for (const boss of ["self.founder", "self.owner", "@0x00000000000000000000000000000000000000aa"]) {
      expect(members(`${state} ${only} pub fn f(x: u8) with only(${boss}) ${changes}`)).toEqual([]);
      expect(members(`${state} ${same} pub fn f(x: u8) { self.same(caller, ${boss}); self.x = x; }`)).toEqual([]);
    }
    expect(members(`${state} ${only} pub fn f(x: u8, boss: address) with only(boss) ${changes}`)).toEqual(["f"]);
    expect(members(`${state} ${same} pub fn f(x: u8, boss: address) { self.same(boss, self.founder); self.x = x; }`)).toEqual(["f"]);
    expect(members(`${state} pub fn f(x: u8, to: address) { var b = self.founder; b = to; require caller == b; self.x = x; }`)).toEqual([
      "f",
    ]);
  });

  test("that succeeds once", () => {
    const state = "state on: bool; state phase: Phase; state n: u8; state x: u8;";
    const once = (body: string, more = ""): readonly string[] =>
      warned(`enum Phase { Open, Shut, Gone } contract C { ${state} ${more} pub fn f(x: u8) ${body} }`);
    expect(once("{ require !self.on; self.on = true; self.x = x; }")).toEqual([]);
    expect(once("{ require x > 1 && self.phase == Phase.Open; self.x = x; self.phase = Phase.Gone; }")).toEqual([]);
    expect(once("{ require 0 == self.n; self.n = 1; self.x = x; }")).toEqual([]);
    expect(once("with fresh { self.on = true; self.x = x; }", "guard fresh { require !self.on; }")).toEqual([]);
    expect(once("{ require !self.on; self.on = true; self.x = x; }", "pub fn g() { require !self.on; self.on = true; }")).toEqual([]);

    expect(once("{ require !self.on; if x > 1 { self.on = true; } self.x = x; }")).toEqual(["f"]);
    expect(once("{ require !self.on; if x > 1 { return; } self.on = true; self.x = x; }")).toEqual(["f"]);
    expect(once("{ require !self.on || x > 1; self.on = true; self.x = x; }")).toEqual(["f"]);
    expect(once("{ require !self.on; self.on = x > 1; self.x = x; }")).toEqual(["f"]);
    expect(once("{ require self.on; self.on = true; self.x = x; }")).toEqual(["f"]);
    expect(once("{ require self.n == 0; self.n = 1; self.x = x; }", "pub fn g() { self.n -= 1; }")).toEqual(["f"]);
    const reset = "pub fn g() { require caller == @0x00000000000000000000000000000000000000aa; delete self.on; }";
    expect(once("{ require !self.on; self.on = true; self.x = x; }", reset)).toEqual(["f"]);
  });

  test("that is the constructor, or a view", () => {
    expect(members("state x: u8; init() { self.x = 1; } view fn f() -> u8 { return self.x; }")).toEqual([]);
  });
});

describe("of the example contracts", () => {
  const names = (file: string): readonly string[] => {
    const read = (path: string): string => readFileSync(new URL(path, CONTRACTS), "utf8");
    const { diagnostics } = compile(file, read);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const found = diagnostics.filter(({ code, path }) => code === "W1001" && path === file);
    return found.map(({ span }) => read(file).slice(span.start, span.end));
  };

  test.each(["token.weft", "nft.weft", "dao.weft", "market.weft"])("%s is left alone", (file) => {
    expect(names(file)).toEqual([]);
  });

  test("swap and add of the pool are a true chain", () => {
    expect(names("amm.weft")).toEqual(["add", "swap"]);
  });
});

test("the advice fits what is written", () => {
  const helpFor = (text: string): string | undefined => {
    const { diagnostics } = compile("c.weft", () => `contract C {\n${text}\n}\n`);
    return diagnostics.find(({ code }) => code === "W1001")?.help;
  };
  expect(helpFor("state n: u64; state m: map<u64, u64>; pub fn f() { self.n = self.n * 2; }")).toMatch(/^if `n` sums up, use `\+=`/);
  expect(helpFor("state fee: u64; pub fn f(fee: u64) { self.fee = fee; }")).toMatch(/^if `fee` never changes, make it `immutable`/);
});
