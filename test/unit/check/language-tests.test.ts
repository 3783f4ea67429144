/** The `test` blocks of the language, as the tree shows them. */
import { describe, expect, test } from "vitest";
import { showType } from "../../../compiler/core/types.ts";
import type { Test } from "../../../compiler/typed/tree.ts";
import { check, programOf } from "./door.ts";

const CONTRACT = `
  error Far(); error Taken(id: u64);
  contract C {
    error No(who: address, n: u8);
    state x: u8;
    init(start: u8) { self.x = start; }
    pub fn set(n: u8) -> (old: u8, new: u8) { require n > 0 else Taken(1); return (0, n); }
    payable fn give(to: address) {}
    view fn get(of: address) -> u8 { return self.x; }
    fn hidden() {}
  }
  const N: u8 = 3;
`;

function tested(body: string): Test {
  const program = programOf(`${CONTRACT} test "t" { let c = deploy C(1) as @alice; ${body} }`);
  return program.tests[0];
}

function codes(body: string): readonly string[] {
  return check(`${CONTRACT} test "t" { let c = deploy C(1) as @alice; ${body} }`).found;
}

describe("calls", () => {
  test("a deployment gives a typed address", () => {
    const [made] = tested("").body;
    expect(made).toMatchObject({
      kind: "let",
      destructure: false,
      value: {
        kind: "call",
        type: { kind: "handle", name: "C" },
        call: { target: { kind: "deploy", contract: { name: "C" } }, from: { name: "alice" } },
      },
    });
  });

  test("a call has its caller and coin, arguments of its parameters' types", () => {
    const [, call] = tested("c.give(c) as @bob value u256(N);").body;
    expect(call).toMatchObject({
      kind: "call",
      call: {
        target: { kind: "call", func: { name: "give" } },
        args: [{ kind: "pure", type: { kind: "address" }, expr: { kind: "convert" } }],
        from: { kind: "account", name: "bob" },
        value: { kind: "pure", type: { bits: 256 } },
      },
    });
  });

  test("a caller belongs to the call it is written after", () => {
    const [, call] = tested("c.set(c.get(@eve)) as @bob;").body;
    expect(call).toMatchObject({ call: { from: { name: "bob" }, args: [{ kind: "call", call: { from: undefined } }] } });
  });

  test("results can be taken apart and named", () => {
    const found = tested("let (old, _) = c.set(2) as @bob; assert c.set(3).new == old + N;");
    expect(found.locals.map((local) => `${local.name}: ${showType(local.type)}`)).toEqual(["c: C", "old: u8"]);
    expect(found.body[1]).toMatchObject({ kind: "let", destructure: true, locals: [1, undefined] });
    expect(found.body[2]).toMatchObject({
      kind: "assert",
      cond: { expr: { kind: "binary", left: { expr: { kind: "member", index: 1 } } } },
    });
  });

  test("only functions open to callers are there", () => {
    expect(codes("c.hidden() as @bob;")).toEqual(["E0203 hidden"]);
    expect(codes("c.sett(1) as @bob;")).toEqual(["E0203 sett"]);
    expect(codes("let d = deploy D();")).toEqual(["E0202 D"]);
    expect(codes("let d = deploy C();")).toEqual(["E0304 deploy C()"]);
    expect(codes("c.set(256) as @bob;")).toEqual(["E0308 256"]);
  });
});

describe("expectations", () => {
  test("name errors of the called contract, of the file, and of the runtime", () => {
    const { body } = tested(`
      expect c.set(0) revert No(@alice, 3);
      expect c.set(0) as @bob revert Taken(1);
      expect c.set(0) revert Far();
      expect c.set(0) revert C.No(c, 1);
      expect c.give(@bob) value 3 revert InsufficientFunds(3);
      expect c.set(0) revert;
    `);
    const names = body.slice(1).map((stmt) => (stmt.kind === "expect" ? stmt.error?.error.key : "none"));
    expect(names).toEqual(["main.weft#C.No", "main.weft#Taken", "main.weft#Far", "main.weft#C.No", "#InsufficientFunds", undefined]);
  });

  test("check the error's arguments", () => {
    expect(codes("expect c.set(0) revert No(1, 2);")).toEqual(["E0301 1"]);
    expect(codes("expect c.set(0) revert No(@alice);")).toEqual(["E0304 No(@alice)"]);
    expect(codes("expect c.set(0) revert Nope();")).toEqual(["E0202 Nope"]);
  });
});

describe("blocks and time", () => {
  test("hold calls and expectations", () => {
    const { body } = tested(
      "parallel block { c.set(1) as @a; expect c.set(0) as @b revert; } block { c.set(1) as @a; } advance time 3; advance height 2;",
    );
    expect(
      body.slice(1).map((stmt) => (stmt.kind === "block" ? [stmt.parallel, stmt.body.map((inner) => inner.kind)] : stmt.kind)),
    ).toEqual([[true, ["call", "expect"]], [false, ["call"]], "advance", "advance"]);
  });

  test("and nothing else", () => {
    expect(codes("block { let y = 1; c.set(1) as @a; assert true; }")).toEqual(["E0603 let y = 1;", "E0603 assert true;"]);
  });
});

describe("words that stand elsewhere only", () => {
  test.each([
    ["let a = caller;", "E0313 caller"],
    ["let a = block.time;", "E0313 block.time"],
    ["let a = self.x;", "E0213 self"],
    ["pay(@bob, 1);", "E0313 pay(@bob, 1)"],
    ["require true;", "E0602 require true;"],
    ["emit X();", "E0602 emit X();"],
    ["match true { _ => { c.set(1); }, }", "E0602 match true { _ => { c.set(1); }, }"],
    ["if let some(x) = 1 { c.set(x); }", "E0602 if let some(x) = 1 { c.set(x); }"],
    ["let d: u8 = decode(encode(1));", "E0602 decode(encode(1))"],
    ["var l = [1]; l[0] = 2;", "E0602 l[0]"],
    ["var l = [1]; l.push(2);", "E0602 l.push(2)"],
    ["let d = create C(1);", "E0313 create C(1)"],
    ["c.get(@a) == 1;", "E0408 c.get(@a) == 1"],
    ["let a = 1; a = 2;", "E0406 a"],
    ["let a = balance(c) as @bob;", "E0604 balance(c) as @bob"],
  ])("%s", (source, found) => {
    expect(codes(source)).toEqual([found]);
  });

  test("locals can be set, and branches taken", () => {
    const { body } = tested("var n = 1; n += balance(c); if n == 1 { c.set(1) as @a; } else { n = 2; }");
    expect(body.slice(2)).toMatchObject([
      { kind: "set", value: { expr: { kind: "binary", op: "+", right: { kind: "balance" } } } },
      { kind: "if", then: [{ kind: "call" }], otherwise: [{ kind: "set" }] },
    ]);
  });
});

describe("loops", () => {
  test("run over lists and ranges", () => {
    const { body, locals } = tested(
      "for who in [@a, @b] { c.give(who) as who; } for i in 0..3 { c.set(u8(i)); } for _ in 0..c.get(@a) max 9 {}",
    );
    expect(body.slice(1)).toMatchObject([
      {
        kind: "forList",
        local: 1,
        list: { expr: { kind: "list" } },
        body: [{ kind: "call", call: { from: { expr: { kind: "local" } } } }],
      },
      { kind: "forRange", local: 2, from: { type: { bits: 64 } }, max: 3, body: [{ kind: "call" }] },
      { kind: "forRange", max: 9, to: { kind: "call" } },
    ]);
    expect(locals.map((local) => `${local.name}: ${showType(local.type)}`)).toEqual(["c: C", "who: address", "i: u64", "_: u8"]);
  });

  test("have a bound, and something to run over", () => {
    expect(codes("for i in 0..c.get(@a) { }")).toEqual(["E0327 0..c.get(@a)"]);
    expect(codes("for i in c { let x: u8 = i; }")).toEqual(["E0334 c"]);
    expect(codes("for i in 0..3 { i = 1; } let x = i;")).toEqual(["E0406 i", "E0202 i"]);
    expect(codes("block { for i in 0..3 { c.set(1); } }")).toEqual(["E0603 for i in 0..3 { c.set(1); }"]);
  });
});

describe("values", () => {
  test("lists, structs and tuples are passed, taken apart and compared as wholes", () => {
    const text = `struct P { x: u8; y: bool; }
      contract D { state p: P; view fn f(ps: list<P, 4>, t: (u8, bool)) -> list<P, 4> { return ps; } view fn g() -> (u8, P) { return (1, self.p); } }
      test "t" {
        let d = deploy D();
        let p = P { x: 1, y: true };
        assert d.f([p, P { x: 2, y: false }], (1, true)) == [p] && d.p() == (1, true);
        let (n, q) = d.g();
        assert q == p && (n, q) != (2, p) && d.f([], (0, true)).len() == 0;
        let ((a, _), _) = ((1, 2), 3);
        assert [1, 2].contains(a) && encode(p) == encode(u8(1), true) && concat("a", "b") == "ab" && keccak256("a") != sha256("a");
      }`;
    expect(check(text).found).toEqual([]);
  });

  test("nested patterns are taken apart one after the other", () => {
    const { body } = tested("let ((a, b), d) = ((1, 2), 3); assert a + b == d;");
    expect(body.slice(1, 3)).toMatchObject([
      { kind: "let", destructure: true },
      { kind: "let", destructure: true, value: { expr: { kind: "local" } } },
    ]);
  });
});

describe("calls through interfaces", () => {
  const text = (body: string): string => `${CONTRACT} interface I { view fn x() -> u8; pub fn set(n: u8) -> (old: u8, new: u8); }
    test "t" { let c = deploy C(1) as @alice; let i = I(c); ${body} }`;

  test("name whatever contract stands there", () => {
    const program = programOf(text("i.set(2) as @bob; assert i.x() == 2; expect I(@eve).set(1) revert; expect i.set(0) revert Taken(1);"));
    expect(program.tests[0].body.slice(2)).toMatchObject([
      { kind: "call", call: { target: { kind: "method", method: { owner: "I", name: "set", view: false } }, from: { name: "bob" } } },
      { kind: "assert" },
      { kind: "expect", call: { target: { kind: "method", handle: { expr: { kind: "convert" } } } }, error: undefined },
      { kind: "expect", error: { error: { name: "Taken" } } },
    ]);
  });

  test("are checked like others", () => {
    expect(check(text("i.give(@bob); i.set(true); i.set();")).found).toEqual(["E0203 give", "E0301 true", "E0304 i.set()"]);
  });
});

describe("parameters of tests", () => {
  test("are of any type but contracts", () => {
    const good = "a: u8, b: address, c: list<(bool, bytes32), 3>, d: u8?, e: string<4>, f: bytes<2>, g: i256";
    expect(check(`${CONTRACT} test "t" (${good}) { require a < 5; let c1 = deploy C(a) as b; c1.set(a + 1); }`).found).toEqual([]);
    expect(check(`${CONTRACT} test "t" (a: C, b: list<C, 2>, m: map<u8, u8>) {}`).found).toEqual([
      "E0606 C",
      "E0606 list<C, 2>",
      "E0305 map<u8, u8>",
    ]);
  });

  test("let `require` drop cases; it has no error there", () => {
    expect(check(`${CONTRACT} test "t" (a: u8) { require a < 5 else Taken(1); }`).found).toEqual(["E0602 require a < 5 else Taken(1);"]);
    expect(check(`${CONTRACT} test "t" { require true; }`).found).toEqual(["E0602 require true;"]);
  });
});

describe("random calls", () => {
  const text = (body: string): string => `${CONTRACT} test "t" { let c = deploy C(1) as @alice; let n: u8 = 1; ${body} }`;

  test("name deployed contracts and functions that write", () => {
    const program = programOf(text("fuzz c; fuzz c only set calls 2 * 50 { assert c.x() < 9; }"));
    expect(program.tests[0].body.slice(2)).toMatchObject([
      { kind: "fuzz", targets: [{ name: "c" }], only: [], calls: undefined, body: [] },
      { kind: "fuzz", targets: [{ name: "c" }], only: ["set"], calls: 100, body: [{ kind: "assert" }] },
    ]);
  });

  test("are checked", () => {
    expect(check(text("fuzz n; fuzz d; fuzz c only x; fuzz c only gone; fuzz c calls 0; fuzz c calls n;")).found).toEqual([
      "E0301 n",
      "E0202 d",
      "E0203 x",
      "E0203 gone",
      "E0301 0",
      "E0301 n",
    ]);
    expect(check(text("if n == 1 { fuzz c; } fuzz c { fuzz c; }")).found).toEqual(["E0602 fuzz c;", "E0602 fuzz c;"]);
  });

  test("leave the word to variables", () => {
    expect(
      check(text("var fuzz: u8 = 1; fuzz = 2; assert fuzz == 2; let only = fuzz; let calls = only; assert calls == 2;")).found,
    ).toEqual([]);
  });
});

describe("invariants", () => {
  const text = (body: string): string =>
    `contract D { state a: u8; state o: list<u8, 2>; view fn two() -> u8 { return 2; } invariant i { ${body} } }`;

  test("take `assert` and `require`, and call views", () => {
    expect(
      check(text("assert self.a <= self.two() && self.o.len() < 3; require self.a != 9; for x in self.o { assert x > 0 || x < 5; }")).found,
    ).toEqual([]);
  });

  test("write nothing and know no caller", () => {
    expect(check(text("assert self.a == 1 && caller == self.address; self.a = 1;")).found).toEqual(["E0313 caller", "E0403 self.a"]);
  });

  test("are the only place for `assert` outside of tests", () => {
    expect(check("contract D { state a: u8; pub fn f() { assert self.a == 1; } }").found).not.toEqual([]);
  });
});

test("errors can be named by the mixin that declares them, and those of the runtime", () => {
  const mixin =
    'mixin M { error Poor(); pub fn f() { revert Poor(); } } contract D uses M {} test "t" { let d = deploy D(); expect d.f() revert M.Poor();';
  expect(
    check(`${mixin} expect d.f() revert CallTooDeep(); expect d.f() revert DynamicTicket(); expect d.f() revert M.Por(); }`).found,
  ).toEqual(["E0203 Por"]);
});

test("contracts of imported files can be deployed and their errors named", () => {
  const others = { "coin.weft": "mixin M { error Poor(); } contract Coin uses M { pub fn f() { revert Poor(); } }" };
  const text = `import { Coin as Gold } from "./coin.weft"; test "t" { let g = deploy Gold() as @a; expect g.f() as @a revert Poor(); expect g.f() as @a revert Gold.Poor(); }`;
  expect(check(text, others).found).toEqual([]);
});
