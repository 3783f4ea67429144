/** What statements become in the tree. */
import { describe, expect, test } from "vitest";
import { bodyOf, brief, check } from "./door.ts";

function lines(body: string, params = "", members = "", before = ""): string[] {
  return bodyOf(`error E(); state x: u8; state s: i8; ${members} pub fn f(${params}) { ${body} }`, before).map(brief);
}

describe("assignments to state", () => {
  test.each([
    ["self.x = 1;", "store x 1"],
    ["self.x += 1;", "update x + 1"],
    ["self.x -= 1 else E();", "update x - 1 else E"],
    ["self.s -= 1 else E();", "update s - 1 else E"],
    ["self.x min= 1;", "update x min 1"],
    ["self.x max= 1;", "update x max 1"],
    ["self.x ^= 1;", "update x ^ 1"],
    ["delete self.x;", "delete x"],
  ])("%s", (source, shown) => {
    expect(lines(source)).toEqual([shown]);
  });
});

describe("assignments to locals are spelled out", () => {
  test.each([
    ["var a = x; a = 2;", ["let $1 $0", "set $1 2"]],
    ["var a = x; a *= 2;", ["let $1 $0", "set $1 (* $1 2)"]],
    ["var a = x; a max= 2;", ["let $1 $0", "set $1 (max $1 2)"]],
    ["var a = x; a -= x else E();", ["let $1 $0", "require (>= $1 $0) else E", "set $1 (- $1 $0)"]],
    ["var a = x; a += x else E();", ["let $1 $0", "require (>= (- 255 $1) $0) else E", "set $1 (+ $1 $0)"]],
    ["var a = x; a -= x / 2 else E();", ["let $1 $0", "let $2 (/ $0 2)", "require (>= $1 $2) else E", "set $1 (- $1 $2)"]],
  ])("%s", (source, shown) => {
    expect(lines(source, "x: u8")).toEqual(shown);
  });

  test("a member of a local is set by making the whole anew", () => {
    const shown = lines("var q = p; q.inner.b += 1;", "p: P", "", "struct I { a: u8; b: u8; } struct P { inner: I; c: bool; }");
    expect(shown).toEqual(["let $1 $0", "set $1 (P (I $1.0.0 (+ $1.0.1 1)) $1.1)"]);
  });

  test("what can't be assigned says why", () => {
    expect(check("fn f(a: u8, l: list<u8, 2>) { a = 1; l[0] = 1; for i in 0..2 { i = 1; } }").found).toEqual([
      "E0406 a",
      "E0406 l[0]",
      "E0406 i",
    ]);
  });
});

describe("loops", () => {
  test.each([
    ["for i in 0..3 {}", "for $2 in 0..3 max 3 {}"],
    ["for i in 3..0 {}", "for $2 in 3..0 max 0 {}"],
    ["for i in 0..n max 64 {}", "for $2 in 0..$0 max 64 {}"],
    ["for i in n..n + 3 max 3 {}", "for $2 in $0..(+ $0 3) max 3 {}"],
    ["for item in l {}", "for $2 in $1 {}"],
  ])("%s", (source, shown) => {
    expect(lines(source, "n: u16, l: list<u8, 4>")).toEqual([shown]);
  });

  test("the counter has the type of the bounds", () => {
    expect(check("fn f(n: u16) { for i in 0..n max 8 { let x: u16 = i; } }").found).toEqual([]);
    expect(check("fn f(l: list<u8, 8>) { for i in 0..8 { let x = l[i]; } }").found).toEqual([]);
  });
});

describe("branches and returns", () => {
  test("else-if nests", () => {
    expect(lines("if n == 1 { self.x = 1; } else if n == 2 { self.x = 2; } else { revert E(); }", "n: u8")).toEqual([
      "if (== $0 1) {store x 1} {if (== $0 2) {store x 2} {revert E}}",
    ]);
  });

  test("a function with a result ends in a return or revert on every path", () => {
    const codes = (body: string): readonly string[] => check(`fn f(c: bool) -> u8 { ${body} }`).codes;
    expect(codes("if c { return 1; } else { revert; }")).toEqual([]);
    expect(codes("if c { return 1; } else if !c { return 2; }")).toEqual(["E0401"]);
    expect(codes("for i in 0..3 { return 1; }")).toEqual(["E0401"]);
  });

  test("code behind the end of a path is warned about once, from there on", () => {
    expect(check("fn f() { return; let a = 1; let b = 2; }").found).toEqual(["W0401 let a = 1; let b = 2;"]);
  });
});

describe("patterns", () => {
  test("take tuples apart", () => {
    expect(lines("let (a, _) = (x, true); let _ = x; self.x = a;", "x: u8")).toEqual([
      "let ($1 _) (tuple $0 true)",
      "let $2 $0",
      "store x $1",
    ]);
  });
});

describe("scopes", () => {
  test("a block's names end with it", () => {
    expect(check("fn f(c: bool) -> u8 { if c { let a = 1; } return a; }").found).toEqual(["E0202 a"]);
    expect(check("fn f(c: bool) { if c { let a = 1; } let a = 2; }").found).toEqual([]);
  });

  test("a parameter hides `value`; in a payable function a warning says so", () => {
    expect(check("contract C { pub fn f(value: u8) -> u8 { return value; } payable fn g(value: u8) {} }").found).toEqual(["W0301 value"]);
  });
});

describe("nesting", () => {
  test("hundreds of else-ifs are fine, more are refused", () => {
    const chain = (count: number): string =>
      `fn f(x: u16) { if x == 0 {} ${Array.from({ length: count }, (_, i) => `else if x == ${i} {}`).join(" ")} }`;
    expect(check(chain(250)).found).toEqual([]);
    expect(check(chain(300)).codes).toEqual(["E0391"]);
  });
});
