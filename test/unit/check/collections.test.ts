/** Lists, sets, histories and keys: what changing a part of them becomes in the tree. */
import { describe, expect, test } from "vitest";
import { showType } from "../../../compiler/core/types.ts";
import { bodyOf, brief, check, funcOf, programOf, returned, show } from "./door.ts";

const MEMBERS = `
  error E();
  state q: list<u8, 8>;
  state p: list<P, 4>;
  state m: map<u8, list<u8, 4>>;
  state s: set<u8>;
  state sm: map<u8, set<(u8, u8)>>;
  state h: map<u8, history<u64>>;
  state t: map<(u8, (u8, bool)), u64>;
  fn next() -> u8 { self.q.push(1); return 1; }
  fn key() -> (u8, (u8, bool)) { return (1, (2, true)); }
`;
const BEFORE = "struct P { x: u8; l: list<u8, 4>; }";

function lines(body: string, params = ""): string[] {
  return bodyOf(`${MEMBERS} pub fn f(${params}) { ${body} }`, BEFORE).map(brief);
}

describe("a list in state is read, changed and put back as a whole", () => {
  test.each([
    ["self.q.push(i);", ["store q (push q $0)"]],
    ["self.m[i].push(1);", ["store m[$0] (push m[$0] 1)"]],
    ["self.q[0] = i;", ["store q (with q[0] $0)"]],
    ["self.p[1].x = i;", ["store p (with p[1].0 $0)"]],
    ["self.p[1].l[2] = i;", ["store p (with p[1].1[2] $0)"]],
    ["self.p[1].l.push(i);", ["store p (with p[1].1 (push p[1].1 $0))"]],
    ["let x = self.q.pop();", ["let $1 q", "let $2 (pop $1)", "let $3 $1[(len $2)]", "store q $2", "let $4 $3"]],
    ["self.q.pop();", ["let $1 q", "let $2 (pop $1)", "let $3 $1[(len $2)]", "store q $2"]],
    ["delete self.q;", ["delete q"]],
    ["self.q = [];", ["store q (list )"]],
  ])("%s", (source, shown) => {
    expect(lines(source, "i: u8")).toEqual(shown);
  });

  test("a compound assignment reads it once, and asks before it fails", () => {
    expect(lines("self.q[0] += i;", "i: u8")).toEqual(["let $1 q", "store q (with $1[0] (+ $1[0] $0))"]);
    expect(lines("self.q[0] -= i else E();", "i: u8")).toEqual([
      "let $1 q",
      "require (>= $1[0] $0) else E",
      "store q (with $1[0] (- $1[0] $0))",
    ]);
    expect(lines("self.q[0] max= i;", "i: u8")).toEqual(["let $1 q", "store q (with $1[0] (max $1[0] $0))"]);
  });

  test("what has effects is computed once and before the list is read", () => {
    expect(lines("self.q[0] = self.next();")).toEqual(["let $0 (call )", "store q (with q[0] $0)"]);
    expect(lines("self.q.push(self.next());")).toEqual(["let $0 (call )", "store q (push q $0)"]);
    expect(lines("self.m[self.next()][u64(self.next())] = 1;")).toEqual([
      "let $0 (call )",
      "let $1 (int (call ))",
      "store m[$0] (with m[$0][$1] 1)",
    ]);
  });
});

describe("a list in a local", () => {
  test.each([
    ["v[1] = 2;", ["set $1 (with $1[1] 2)"]],
    ["v.push(3);", ["set $1 (push $1 3)"]],
    ["v[1] += 2;", ["set $1 (with $1[1] (+ $1[1] 2))"]],
    ["v[0] = v.pop();", ["let $5 (seq let $2 $1; let $3 (pop $2); let $4 $2[(len $3)]; set $1 $3; $4)", "set $1 (with $1[0] $5)"]],
  ])("%s", (source, shown) => {
    expect(lines(`var v = l; ${source}`, "l: list<u8, 4>").slice(1)).toEqual(shown);
  });

  test("within a struct leaves the other members as they are", () => {
    expect(lines("var v = p; v.l[1] = 2; v.l.push(3);", "p: P").slice(1)).toEqual([
      "set $1 (P $1.0 (with $1.1[1] 2))",
      "set $1 (P $1.0 (push $1.1 3))",
    ]);
  });

  test("a signed amount is asked on both sides", () => {
    const body = bodyOf("error E(); fn f(a: i8, b: i8) { var x = a; x -= b else E(); x += b else E(); }").map(brief);
    expect(body.slice(1)).toEqual([
      "require (if (>= $1 0) (>= $2 (+ -128 $1)) (<= $2 (+ 127 $1))) else E",
      "set $2 (- $2 $1)",
      "require (if (>= $1 0) (<= $2 (- 127 $1)) (>= $2 (- -128 $1))) else E",
      "set $2 (+ $2 $1)",
    ]);
  });
});

describe("sets and histories", () => {
  test.each([
    ["self.s.has(1)", "s[1]", "bool"],
    ["self.s.len()", "s", "u64"],
    ["self.s.add(1)", "(add s[1] s)", "bool"],
    ["self.sm[2].remove((3, 4))", "(remove sm[2][3][4] sm[2])", "bool"],
    ["self.sm[self.next()].add((3, 4))", "(seq let $0 (call ); (add sm[$0][3][4] sm[$0]))", "bool"],
    ["self.h[1]", "h[1]", "u64"],
    ["self.h[1].at(5)", "(past h[1] 5)", "u64"],
    ["self.h.has(1)", "(has h[1])", "bool"],
    ["self.m.has(1)", "(has m[1])", "bool"],
  ])("%s", (source, shown, type) => {
    const expr = returned(`${MEMBERS} pub fn f() -> ${type} { return ${source}; }`, BEFORE);
    expect([show(expr), showType(expr.type)]).toEqual([shown, type]);
  });
});

describe("a tuple as key is spelled out", () => {
  test.each([
    ["self.t[(1, (2, true))]", "t[1][2][true]"],
    ["self.t[k]", "t[$0.0][$0.1.0][$0.1.1]"],
    ["self.t[(1, k.tail)]", "t[1][$0.1.0][$0.1.1]"],
    ["self.t[self.key()]", "(seq let $1 (call ); t[$1.0][$1.1.0][$1.1.1])"],
  ])("%s", (source, shown) => {
    expect(show(returned(`${MEMBERS} pub fn f(k: (head: u8, tail: (u8, bool))) -> u64 { return ${source}; }`, BEFORE))).toBe(shown);
  });

  test("keys on its left are computed before it", () => {
    const members = "state a: map<u8, map<(u8, u8), u8>>; fn k() -> u8 { return 1; } fn t() -> (u8, u8) { return (1, 2); }";
    expect(bodyOf(`${members} pub fn f() { self.a[self.k()][self.t()] += 1; }`).map(brief)).toEqual([
      "let $1 (call )",
      "let $0 (call )",
      "update a[$1][$0.0][$0.1] + 1",
    ]);
  });
});

describe("getters", () => {
  const program = programOf(`
    struct P { x: u8; at: (low: u8, high: u8); l: list<u8, 4>; }
    enum Shape { Dot, Circle(u8) }
    struct Q { shape: Shape; }
    contract C {
      state s: set<address>;
      state ms: map<u8, set<(u8, bool)>>;
      state h: history<u64>;
      state q: map<u8, list<list<P, 2>, 2>>;
      state p: P;
      state shape: Shape;
      state maybe: u8?;
      state inner: Q;
      immutable l: list<u8, 2>;
      init() { self.l = [1]; }
    }
  `);

  test.each([
    ["s", ["key: address"], "bool", "s[$0]"],
    ["ms", ["key1: u8", "key2: (u8, bool)"], "bool", "ms[$0][$1.0][$1.1]"],
    ["h", [], "u64", "h"],
    ["p", [], "(x: u8, low: u8, high: u8, l: list<u8, 4>)", "(tuple p.0 p.1.0 p.1.1 p.2)"],
    ["l", ["index: u64"], "u8", "immutable l[$0]"],
    [
      "q",
      ["key: u8", "index1: u64", "index2: u64"],
      "(x: u8, low: u8, high: u8, l: list<u8, 4>)",
      "(tuple q[$0][$1][$2].0 q[$0][$1][$2].1.0 q[$0][$1][$2].1.1 q[$0][$1][$2].2)",
    ],
  ])("%s", (name, params, result, value) => {
    const func = funcOf(program, name);
    const [stmt] = func.body;
    expect(func.params.map((param) => `${param.name}: ${showType(param.type)}`)).toEqual(params);
    expect(showType(func.result)).toBe(result);
    expect(stmt.kind === "return" && stmt.value !== undefined ? show(stmt.value) : "").toBe(value);
  });

  test("there is none for what has no form in the ABI", () => {
    const names = program.contracts[0].external.map((id) => program.functions.get(id)?.name);
    expect(names).toEqual(["s", "ms", "h", "q", "p", "l"]);
  });
});

describe("constants", () => {
  test.each([
    ["const A: list<u8, 3> = [1, 2]; const B: u64 = A.len();", "u64", "2"],
    ["const A: list<list<u8, 2>, 2> = [[1], [2, 3]]; const B: u8 = A[1][1];", "u8", "3"],
    ["struct S { a: u8; b: (c: u16, d: bool); } const A: S = S { a: 1, b: (2, true) }; const B: u16 = A.b.c;", "u16", "2"],
    ["const B: u8? = some(3);", "u8?", "(variant 1 3)"],
    ["const A: list<u8, 2> = [1]; const B: list<u8, 8> = A;", "list<u8, 8>", "(list 1)"],
    ["const B: bytes<3> = 0xaabb;", "bytes<3>", '"0xaabb"'],
    ['const B: bytes<8> = bytes("ab");', "bytes<8>", '"0x6162"'],
    ["const B: u256 = u256(bytes32(0xff));", "u256", "255"],
    ["const B: (u8, u8) = if 1 < 2 { (1, 2) } else { (3, 4) };", "(u8, u8)", "(tuple 1 2)"],
  ])("%s", (source, type, value) => {
    expect(show(returned(`fn f() -> ${type} { return B; }`, source))).toBe(value);
  });

  test("sizes are computed from them", () => {
    const func = funcOf(
      programOf("const L: list<u64, 2> = [3, 5]; fn f(a: list<u8, L0>, b: string<N>) {} const L0: u64 = L[0]; const N: u64 = L[1] * 2;"),
      "f",
    );
    expect(func.params.map((param) => showType(param.type))).toEqual(["list<u8, 3>", "string<10>"]);
  });

  test("that grow with each use are refused before they fill the memory", () => {
    const doubling = Array.from({ length: 24 }, (_, i) => `struct S${i + 1} { a: S${i}; b: S${i}; }`);
    expect(check(`struct S0 { a: u8; } ${doubling.join(" ")}`).codes).toContain("E0307");
    const long = `const A: list<u8, 60000> = [${"1,".repeat(60_000)}]; fn f() { ${Array.from({ length: 30 }, (_, i) => `let a${i} = A;`).join(" ")} }`;
    expect(new Set(check(long).codes)).toEqual(new Set(["E0391"]));
  });
});
