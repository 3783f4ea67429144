/** How expressions get their types, and what the checker computes itself. */
import { describe, expect, test } from "vitest";
import { showType } from "../../../compiler/core/types.ts";
import { check, funcOf, programOf, returned, show } from "./door.ts";

const f = (params: string, result: string, value: string): string => `view fn f(${params}) -> ${result} { return ${value}; }`;

describe("integer literals take their type from around them", () => {
  test.each([
    ["from the result", "", "u8", "1", "u8"],
    ["from the other side", "x: u16", "bool", "1 < x", "bool"],
    ["through a sum on the left", "x: u16", "bool", "1 + 2 + x == 3 * 4", "bool"],
    ["through a sum on the right", "x: i64", "bool", "-1 != x - 2", "bool"],
    ["through a shift", "x: u128", "bool", "1 << 3 == x", "bool"],
    ["across branches", "c: bool, x: u32", "u32", "if c { 7 } else { x }", "u32"],
    ["among arguments", "x: u32", "bool", "min(7, x) == max(x, 9)", "bool"],
  ])("%s", (_, params, result, value, type) => {
    expect(showType(returned(f(params, result, value)).type)).toBe(type);
  });

  test("both sides of every operator have one type", () => {
    const expr = returned(f("x: u16", "bool", "1 + 2 + x == 3 * 4"));
    expect(show(expr)).toBe("(== (+ 3 $0) 12)");
    if (expr.kind !== "binary") throw new Error("not binary");
    expect([expr.left, expr.right].map((side) => showType(side.type))).toEqual(["u16", "u16"]);
  });

  test("without anything around them they are u256, negative ones i256, bounds of loops u64", () => {
    const func = funcOf(programOf("fn f() { let a = 1 + 2; let b = -1; for i in 0..3 { let c = i; } }"), "f");
    expect(func.locals.map((local) => showType(local.type))).toEqual(["u256", "i256", "u64", "u64"]);
  });

  test("the least value of a signed type can be written", () => {
    expect(show(returned(f("", "i8", "-128")))).toBe("-128");
    expect(check(`const A: i8 = -129;`).found).toEqual(["E0308 -129"]);
    expect(check(`const A: i8 = 128;`).found).toEqual(["E0308 128"]);
  });
});

describe("operators on constants are computed with the rules of run time", () => {
  test.each([
    ["-7 / 2", "-3"],
    ["-7 % 2", "-1"],
    ["7 / -2", "-3"],
    ["1 << 6", "64"],
    ["-8 >> 1", "-4"],
    ["~5", "-6"],
    ["5 ^ 3 & 1 | 8", "12"],
    ["if 1 < 2 { 3 } else { 4 }", "3"],
    ["min(-3, 2)", "-3"],
    ["abs(-3)", "3"],
  ])("%s is %s", (source, value) => {
    expect(show(returned(f("", "i8", source)))).toBe(value);
  });

  test.each([
    ["sqrt(99)", "9"],
    ["mulDiv(200, 200, 250)", "160"],
    ["mulDivUp(10, 10, 30)", "4"],
    ["~1", "254"],
    ["u8(Kind.B)", "1"],
  ])("%s is %s", (source, value) => {
    expect(show(returned(f("", "u8", source), "enum Kind { A, B }"))).toBe(value);
  });

  test.each([
    ["100 + 100", "E0308"],
    ["-128 - 1", "E0308"],
    ["-(-128)", "E0308"],
    ["abs(-128)", "E0308"],
    ["1 / 0", "E0310"],
    ["1 % 0", "E0310"],
    ["1 << 8", "E0310"],
  ])("%s is refused with %s", (source, code) => {
    expect(check(`const A: i8 = ${source};`).codes).toEqual([code]);
  });

  test("bits that a shift moves out are gone", () => {
    expect(show(returned(f("", "i8", "3 << 7")))).toBe("-128");
    expect(show(returned(f("", "u8", "200 << 1")))).toBe("144");
  });
});

describe("what stands where an address is expected", () => {
  test("a typed address, converted", () => {
    const expr = returned("state m: map<address, u8>; view fn f(c: C) -> u8 { return self.m[c]; }");
    expect(show(expr)).toBe("m[(address $0)]");
  });

  test("compared with one, too", () => {
    expect(show(returned(f("a: address, c: C", "bool", "a == c && c != a")))).toBe("(&& (== $0 (address $1)) (!= (address $1) $0))");
  });

  test("but no address is a typed one without saying so", () => {
    expect(check(`contract C { fn g(c: C) {} pub fn f(a: address) { self.g(a); self.g(C(a)); } }`).found).toEqual(["E0301 a"]);
  });
});

describe("places and values", () => {
  const members = `
    state one: P; state many: map<u64, map<address, P>>; immutable set: P;
    init(p: P) { self.set = p; }
  `;
  const before = "struct Q { a: u8; b: u16; } struct P { q: Q; c: bool; }";

  test.each([
    ["self.one.q.b", "one.0.1", "u16"],
    ["self.many[1][caller].c", "many[1][caller].1", "bool"],
    ["self.many[1][caller]", "many[1][caller]", "P"],
    ["self.set.q.a", "immutable set.0.0", "u8"],
    ["p.q", "$0.0", "Q"],
    ["self.address", "self.address", "address"],
    ["self.balance", "balance", "u256"],
    ["block.time", "block.time", "u64"],
    ["chain.id", "chain.id", "u256"],
    ["(self.one).c", "one.1", "bool"],
  ])("%s", (source, shown, type) => {
    const expr = returned(`${members} view fn f(p: P) -> ${type} { return ${source}; }`, before);
    expect([show(expr), showType(expr.type)]).toEqual([shown, type]);
  });

  test("a struct literal keeps the order in which it was written", () => {
    const expr = returned("view fn f(p: P) -> P { return P { c: true, q: Q { b: 2, a: 1 } }; }", before);
    expect(show(expr)).toBe("(P (Q 1 2) true)");
    if (expr.kind !== "struct") throw new Error("no struct");
    expect(expr.order).toEqual([1, 0]);
  });

  test("structs can be chosen by a condition", () => {
    const expr = returned(`${members} view fn f(c: bool, p: P) -> P { return if c { self.one } else { p }; }`, before);
    expect(show(expr)).toBe("(if $0 one $1)");
  });

  test("members of tuples go by name", () => {
    const expr = returned("fn g() -> (low: u8, high: u8) { return (1, 2); } view fn f() -> u8 { return self.g().high; }");
    expect(show(expr)).toBe("(call ).1");
  });

  test("a short string fits a longer place, a long one doesn't fit a shorter", () => {
    expect(
      check(`contract C { state s: string<8>; pub fn f(a: string<4>, b: string<9>) { self.s = a; self.s = "12345678"; self.s = b; } }`)
        .found,
    ).toEqual(["E0301 b"]);
    expect(check(`contract C { state s: string<4>; pub fn f() { self.s = "äöü"; } }`).found).toEqual(['E0301 "äöü"']);
  });
});

describe("one mistake, one error", () => {
  test.each([
    ["an unknown name poisons what is made of it", "let a = nope + 1; let b = a * 2; self.x = b; return;"],
    ["a wrong argument doesn't spoil the result", "let a = self.g(true); self.x = a; return;"],
    ["a wrong operand doesn't reach the condition", "if self.x && true == 1 { return; }"],
    ["an unknown struct", "let p = Nope { a: 1 }; self.x = p.a; return;"],
    ["an unknown method", "let n = caller.length(); self.x = n; return;"],
    ["a wrong initial value", "let n: u8 = true; self.x = n; return;"],
  ])("%s", (_, body) => {
    const { codes } = check(`contract C { state x: u8; fn g(a: u8) -> u8 { return a; } pub fn f() { ${body} } }`);
    expect(codes).toHaveLength(1);
  });

  test("state of a broken type is no unknown state", () => {
    const text = `
      contract C {
        state s: set<C?>;
        pub fn f() { self.s.add(caller); }
        view fn n() -> u64 { return self.s.len(); }
        parallel (a: s, b: s);
      }
      test "t" { let c = deploy C() as @a; assert c.s(@a); }
    `;
    expect(check(text).found).toEqual(["E0333 C?"]);
  });

  test("a failed import makes its names unknown to nobody", () => {
    const text = `
      import { Token, FEE } from "./nowhere.weft";
      contract C { state t: Token; pub fn f() { self.t.transfer(FEE); revert Token.No(); } }
      test "t" { let t = deploy Token() as @a; t.f() as @a; }
    `;
    expect(check(text).codes).toEqual(["E0802"]);
  });
});
