/** `match` and `if let`: what they become, and what they ask of their arms. */
import { describe, expect, test } from "vitest";
import { showType } from "../../../compiler/core/types.ts";
import { bodyOf, brief, check, returned, show } from "./door.ts";

const BEFORE = "enum Kind { A, B, C } enum Shape { Dot, Circle(u32), Box { w: u8, h: u8 }, Pair((u8, (bool, u8)), u8) } error E();";

function lines(body: string, params = "", members = ""): string[] {
  return bodyOf(`${members} pub fn g(x: u8) {} fn f(${params}) { ${body} }`, BEFORE).map(brief);
}

describe("statements", () => {
  test("an enum without payload is compared; the last arm needs no question", () => {
    const shown = lines("match k { Kind.A => self.g(0), Kind.C => {} Kind.B => { revert E(); } }", "k: Kind");
    expect(shown).toEqual(["if (== $0 0) {(call 0)} {if (== $0 2) {} {revert E}}"]);
  });

  test("a subject that is no local is evaluated once", () => {
    expect(lines("match self.s { Shape.Dot => {} _ => self.g(1) }", "", "state s: Shape;")).toEqual([
      "let $0 s",
      "if (is 0 $0) {} {(call 1)}",
    ]);
  });

  test("what a variant carries is bound at the start of its arm", () => {
    const shown = lines("match s { Shape.Circle(r) => self.g(u8(r)), Shape.Box { h, w } => self.g(w - h), _ => {} }", "s: Shape");
    expect(shown).toEqual([
      "if (is 1 $0) {let $1 $0!1.0; (call (int $1))} {if (is 2 $0) {let $2 $0!2.1; let $3 $0!2.0; (call (- $3 $2))} {}}",
    ]);
  });

  test("tuples within are taken apart", () => {
    const shown = lines("if let Shape.Pair((a, (_, b)), c) = s { self.g(a + b + c); }", "s: Shape");
    expect(shown).toEqual(["if (is 3 $0) {let ($1 $2) $0!3.0; let (_ $3) $2; let $4 $0!3.1; (call (+ (+ $1 $3) $4))} {}"]);
  });

  test("`if let` stands in a chain, its value computed when it is reached", () => {
    const shown = lines(
      "if c { self.g(1); } else if let some(x) = self.o { self.g(x); } else if let none = o { self.g(2); } else { self.g(3); }",
      "c: bool, o: u8?",
      "state o: u8?;",
    );
    expect(shown).toEqual(["if $0 {(call 1)} {let $2 o; if (is 1 $2) {let $3 $2!1.0; (call $3)} {if (is 0 $1) {(call 2)} {(call 3)}}}"]);
  });

  test("a match that ends in every arm ends", () => {
    expect(check(`${BEFORE} fn f(k: Kind) -> u8 { match k { Kind.A => { return 1; } _ => { revert E(); } } }`).codes).toEqual([]);
    expect(check(`${BEFORE} fn f(k: Kind) -> u8 { match k { Kind.A => { return 1; } _ => {} } }`).codes).toEqual(["E0401"]);
  });

  test("nested tuples in `let`", () => {
    expect(lines("let (a, (b, (c, _))) = t; self.g(a + b + c);", "t: (u8, (u8, (u8, bool)))")).toEqual([
      "let ($1 $2) $0",
      "let ($3 $4) $2",
      "let ($5 _) $4",
      "(call (+ (+ $1 $3) $5))",
    ]);
  });
});

describe("expressions", () => {
  const value = (params: string, result: string, source: string): string =>
    show(returned(`fn f(${params}) -> ${result} { return ${source}; }`, BEFORE));

  test.each([
    ["o: u8?", "u8", "match o { some(x) => x, none => 0 }", "(if (is 1 $0) (seq let $1 $0!1.0; $1) 0)"],
    ["k: Kind", "u16", "match k { Kind.A => 1, _ => 2 }", "(if (== $0 0) 1 2)"],
    ["o: u8?", "u8", "match o { none => { revert E(); } some(x) => x }", "(if (is 0 $0) (seq revert E; 0) (seq let $1 $0!1.0; $1))"],
    ["o: u8?", "bool", "match o { some(_) => 5, none => 3 } == 4", "(== (if (is 1 $0) 5 3) 4)"],
    ["o: u8?", "string<8>", 'match o { none => "a", _ => "abc" }', '(if (is 0 $0) "a" "abc")'],
    [
      "o: u8?",
      "u8?",
      "match o { none => none, some(x) => some(x + 1) }",
      "(if (is 0 $0) (variant 0) (seq let $1 $0!1.0; (variant 1 (+ $1 1))))",
    ],
  ])("%s -> %s: %s", (params, result, source, shown) => {
    expect(value(params, result, source)).toBe(shown);
  });

  test("literals among the arms take the type of the arm that has one", () => {
    const before = "enum S { A, B(u32) }";
    const expr = returned("fn f(s: S) -> bool { let x = match s { S.A => 1, S.B(r) => r }; return x == 2; }", before);
    expect(expr.kind === "binary" ? showType(expr.left.type) : "").toBe("u32");
  });
});

describe("values of variants", () => {
  test.each([
    ["Shape", "Shape.Dot", "(variant 0)"],
    ["Shape", "Shape.Circle(3)", "(variant 1 3)"],
    ["Shape", "Shape.Box { w: 1, h: 2 }", "(variant 2 1 2)"],
    ["Shape", "Shape.Pair((1, (true, 2)), 3)", "(variant 3 (tuple 1 (tuple true 2)) 3)"],
    ["u8?", "some(1)", "(variant 1 1)"],
    ["u8??", "some(none)", "(variant 1 (variant 0))"],
    ["list<u8?, 2>", "[none, some(1)]", "(list (variant 0) (variant 1 1))"],
    ["Kind", "Kind.B", "1"],
  ])("%s: %s", (type, source, shown) => {
    expect(show(returned(`fn f() -> ${type} { return ${source}; }`, BEFORE))).toBe(shown);
  });

  test("are computed in the order in which they are written", () => {
    const members = "fn g(x: u8) -> u8 { return x; } fn f() -> Shape { return Shape.Box { h: self.g(1), w: self.g(2) }; }";
    expect(show(returned(members, BEFORE))).toBe("(seq let $0 (call 1); let $1 (call 2); (variant 2 $1 $0))");
  });

  test("options tell their type from what stands beside them", () => {
    expect(check("fn f(c: bool, x: u8?) -> u8? { let a = if c { none } else { x }; let b = [none, x]; return a; }").codes).toEqual([]);
    expect(check("fn f() { let a = [none, none]; }").codes).toEqual(["E0311", "E0311"]);
  });
});

describe("one mistake, one error", () => {
  test.each([
    ["an unknown enum in a pattern", "match k { Nope.A => {} _ => {} }", ["E0202 Nope"]],
    ["an unknown variant", "match k { Kind.Z => {} Kind.A => {} }", ["E0203 Z"]],
    ["a subject with a mistake of its own", "match nope { some(x) => self.g(x), none => {} }", ["E0202 nope"]],
    [
      "a wrong payload binds its names all the same",
      "if let Shape.Circle(p, q) = s { self.g(p); self.g(q); }",
      ["E0340 Shape.Circle(p, q)"],
    ],
    ["a field that isn't there", "if let Shape.Box { w, hh } = s { self.g(hh); }", ["E0203 hh"]],
    ["a broken enum", "match b { Broken.A => {} Broken.B(x) => self.g(x) }", []],
  ])("%s", (_, body, found) => {
    const text = `${BEFORE} enum Broken { A, B(Nope2) } contract C { pub fn g(x: u8) {} fn f(k: Kind, s: Shape, b: Broken) { ${body} } }`;
    expect(check(text).found.filter((one) => one !== "E0202 Nope2")).toEqual(found);
  });

  test("notes point at the arm that covers another", () => {
    const { diagnostics } = check("fn f(x: u8?) { match x { none => {} none => {} _ => {} } }");
    expect(diagnostics.map(({ code, notes }) => [code, notes.map((note) => note.text)])).toEqual([["E0336", ["this one matches it"]]]);
  });
});
