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
    ["for i in 0..3 {}", "E0390 for i in 0..3 {}"],
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

test("contracts of imported files can be deployed and their errors named", () => {
  const others = { "coin.weft": "mixin M { error Poor(); } contract Coin uses M { pub fn f() { revert Poor(); } }" };
  const text = `import { Coin as Gold } from "./coin.weft"; test "t" { let g = deploy Gold() as @a; expect g.f() as @a revert Poor(); expect g.f() as @a revert Gold.Poor(); }`;
  expect(check(text, others).found).toEqual([]);
});
