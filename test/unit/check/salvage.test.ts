/** A syntax error hides nothing of the other declarations, and makes no error of its own a second time. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";
import { check } from "./door.ts";

/** A contract with one damaged member, one broken member, and one that uses the damaged one. */
function found(damaged: string, user = ""): readonly string[] {
  return check(`contract C {\n  ${damaged}\n  pub fn wrong() -> u8 { return true; }\n  ${user}\n}`).found.map((line) => line.slice(0, 5));
}

describe("errors of other members are reported", () => {
  test.each([
    ["pub fn f() { let x = ; }", "pub fn g() { self.f(); }"],
    ["pub fn f() { let x = 1 2; x.y; unknown(); }", "pub fn g() { self.f(); }"],
    ["fn f(a: u8 b) -> u8 { return a; }", "pub fn g() -> bool { return self.f(1, 2, 3); }"],
    ["fn f(a: u8) returns (u8) { return a; }", "pub fn g() -> bool { return self.f(true); }"],
    ["function f(uint a) public { }", "pub fn g() { self.f(1); }"],
    ["state total = 5;", "pub fn g() { self.total += 1; let x: bool = self.total; }"],
    ["uint256 public total;", "view fn g() -> u256 { return self.total; }"],
    ["mapping(address => uint) public m;", "view fn g() -> u256 { return self.m[caller]; }"],
    ["error No(a: u8", "pub fn g() { require true else No(1); }"],
    ["event Moved(address to);", "pub fn g() { emit Moved(caller); }"],
    ["guard only( { require true; }", "pub fn g() with only { }"],
    ["modifier only { require true; }", "pub fn g() with only { }"],
    ["immutable owner: address; init() { self.owner = ; }", "view fn g() -> address { return self.owner; }"],
    ["immutable owner: address; constructor() { self.owner = caller; }", "view fn g() -> address { return self.owner; }"],
    ["pub fn f() { i++; }", "parallel (a: f, b: f);"],
  ])("%s", (damaged, user) => {
    const codes = found(damaged, user);
    expect(codes).toContain("E0301");
    expect(codes.filter((code) => !code.startsWith("E01"))).toEqual(["E0301"]);
    expect(codes.length).toBeGreaterThan(1);
  });
});

describe("errors of other declarations are reported", () => {
  const others = "fn wrong() -> u8 { return true; }";

  test.each([
    ["struct P { a u8 }", "fn f(p: P) -> u8 { return p.a + true; }"],
    ["struct P { a: u8; b: ; }", "fn f() -> P { return P { a: 1 }; }"],
    ["enum E { A B }", "fn f(e: E) -> bool { return e == E.B; }"],
    ["const N = 5;", "fn f(l: list<u8, N>) -> u8 { return N; }"],
    ["interface I { pub fn f( }", "contract C implements I { pub fn g(i: I) { i.f(); } }"],
    ["mixin M is N { state x: u8; }", "contract C uses M { pub fn g() { let x = 1; } }"],
    ["contract D(a: u8) { }", 'contract C { pub fn g(d: D) { d.f(); create D(1); } } test "t" { let d = deploy D(); }'],
    ["function f(uint x) { }", "fn g() { f(1); }"],
    ['test "t" { let c = new C(); }', ""],
    ['import * as Lib from "./lib.weft";', "fn f() { Lib(); }"],
    ['import { Lib } "./lib.weft";', "fn f(x: Lib) { }"],
  ])("%s", (damaged, user) => {
    const { codes } = check(`${damaged}\n${others}\n${user}`);
    expect(codes.filter((code) => !code.startsWith("E01"))).toEqual(["E0301"]);
    expect(codes.length).toBeGreaterThan(1);
  });

  test("in files that import damaged ones too", () => {
    const lib = "const N u8 = 1; const M: u8 = 2; struct P { a: u8 b: u8; }";
    const main = 'import { N, M, P } from "./lib.weft"; fn f(p: P) -> bool { return M; } const K: u8 = N;';
    expect(check(main, { "lib.weft": lib }).found.filter((line) => !line.startsWith("E01"))).toEqual(["E0301 M"]);
  });
});

describe("where braces don't pair", () => {
  test("nothing of the file is checked", () => {
    const { codes } = check("contract C { pub fn f() { if true { } pub fn g() -> u8 { return true; } ");
    expect(new Set(codes)).toEqual(new Set(["E0104"]));
  });

  test("what other files take from it is taken on trust", () => {
    const main = 'import { D, N } from "./lib.weft"; contract C { pub fn f(d: D) -> u8 { d.g(N); return true; } }';
    const { codes } = check(main, { "lib.weft": "contract D { pub fn g(a: u8) { " });
    expect(codes).toEqual(["E0104", "E0301"]);
  });
});

describe("a token too few or too many in a right program makes errors in the syntax only", () => {
  const OK = new URL("../../corpus/ok/", import.meta.url).pathname;
  const texts = Object.fromEntries(readdirSync(OK).map((name) => [name, readFileSync(OK + name, "utf8")]));
  const EXTRA = ["function", ",", ";", "x", "(", "public", ")", "=", ":", "{", "}"];

  test.each(["token.weft", "calls.weft"])("%s", (name) => {
    const tokens = texts[name].match(/\s+|\w+|"[^"\n]*"|\/\/[^\n]*|./g) ?? [];
    for (let at = 0; at < tokens.length; at += 9) {
      if (/^\s|^\/\//.test(tokens[at])) continue;
      const changed = [...tokens];
      if (at % 2 === 0) changed.splice(at, 1);
      else changed.splice(at, 0, ` ${EXTRA[at % EXTRA.length]} `);
      const { codes } = check(changed.join(""), texts);
      const isSyntax = (code: string): boolean => code.startsWith("E01");
      if (codes.some(isSyntax)) expect([at, codes.filter((code) => code.startsWith("E") && !isSyntax(code))]).toEqual([at, []]);
    }
  });
});

test("a program with a syntax error is never compiled, however much of it is right", () => {
  const { compiled, analysed, diagnostics } = compile("main.weft", () => "contract C { pub fn f() {} uint x; }");
  expect([compiled, analysed]).toEqual([undefined, undefined]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["E0102"]);
});

test("errors of both kinds come in order, fifty in all", () => {
  const text = `fn f() -> u8 { return true; }\nconst A = 1;\n${Array.from({ length: 60 }, (_, i) => `fn f${i}() -> u8 { return true; }`).join("\n")}`;
  const { diagnostics } = compile("main.weft", () => text);
  expect(diagnostics.map(({ code }) => code).slice(0, 3)).toEqual(["E0301", "E0102", "E0301"]);
  expect(diagnostics).toHaveLength(50);
});

test("thousands of damaged declarations take no longer than they should", () => {
  const text = Array.from({ length: 4_000 }, (_, i) => `const A${i} = ${i};\nfn f${i}() -> u8 { return A${i}; }`).join("\n");
  const start = performance.now();
  expect(check(text).codes.length).toBeGreaterThan(40);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("a space between a declaration and what is too much behind it changes nothing", () => {
  const text = (space: string): string => `struct S { a: u8; }${space}= b;\nfn g(s: S) -> u8 { revert Gone(); return s.a + true; }\n`;
  expect(check(text("")).codes).toEqual(check(text("   ")).codes);
});

test("where a brace was forgotten is seen in long lines, too", () => {
  const text = (space: string): string => `contract C {\n  fn f() { }${space} fn g() {\n}\n`;
  const notes = (space: string): readonly number[] => {
    const whole = text(space);
    const { diagnostics } = compile("/a.weft", (path) => (path === "/a.weft" ? whole : undefined));
    return diagnostics.flatMap(({ notes: all }) => all.map(({ span }) => whole.slice(0, span.start).split("\n").length));
  };
  expect(notes(" ".repeat(5_000))).toEqual(notes(""));
});
