/** Contracts as the tree shows them: composed, with getters, guards, purity and claims. */
import { describe, expect, test } from "vitest";
import { showType } from "../../../compiler/core/types.ts";
import type { Expr, Program } from "../../../compiler/typed/tree.ts";
import { check, contractOf, funcOf, programOf, show } from "./door.ts";

function externals(program: Program, name: string): string[] {
  return contractOf(program, name).external.map((id) => {
    const func = program.functions.get(id);
    return `${func?.mutability} ${func?.name} ${func?.role}`;
  });
}

describe("mixins", () => {
  const text = `
    mixin Base { state a: u8; event Set(by: u8); fn set(x: u8) { self.a = x; emit Set(x); } }
    mixin Left uses Base { state b: u8; pub fn left() { self.set(1); } }
    mixin Right uses Base { error No(); guard open { require self.a == 0 else No(); } }
    contract C uses Left, Right { state c: u8; pub fn right() with open { self.b = self.a; } }
    contract D uses Right { state c: u8; }
  `;

  test("are copied once each, used ones first", () => {
    const program = programOf(text);
    expect(contractOf(program, "C").fields.map((field) => `${field.index}${field.name}`)).toEqual(["0a", "1b", "2c"]);
    expect(contractOf(program, "D").fields.map((field) => field.name)).toEqual(["a", "c"]);
    expect(externals(program, "C")).toEqual([
      "write left external",
      "write right external",
      "view a getter",
      "view b getter",
      "view c getter",
    ]);
    expect(contractOf(program, "C").errors.map((error) => error.key)).toEqual(["main.weft#Right.No"]);
    expect(contractOf(program, "C").events.map((event) => event.name)).toEqual(["Set"]);
  });

  test("each contract has functions of its own", () => {
    const sets = [...programOf(text).functions.values()].filter((func) => func.name === "set");
    expect(new Set(sets.map((func) => func.contract))).toEqual(new Set(["C", "D"]));
    expect(sets).toHaveLength(2);
  });

  test("see their own members and those they use, not the contract's", () => {
    const { found } = check(`mixin M { pub fn f() { self.x = 1; } } contract C uses M { state x: u8; }`);
    expect(found).toEqual(["E0202 x"]);
  });

  test("mistakes in them are reported once, also when no contract uses them", () => {
    const mixin = "mixin M { pub fn f() -> u8 { return true; } }";
    expect(check(`${mixin} contract A uses M {} contract B uses M {}`).codes).toEqual(["E0301"]);
    expect(check(mixin).codes).toEqual(["E0301"]);
  });

  const asking = "mixin M { fn step(by: u64) -> u64; view fn least() -> u64; pub fn go() -> u64 { return self.step(self.least()); } }";
  const helper = "mixin N uses M { fn step(by: u64) -> u64 { return by + 1; } }";
  const least = "view fn least() -> u64 { return 7; }";

  test("call the contract's function, or another mixin's, where they ask for one", () => {
    const own = `fn step(by: u64) -> u64 { return by; } ${least}`;
    const program = programOf(`${asking} ${helper} contract A uses M { ${own} } contract B uses N { ${least} }`);
    expect(externals(program, "A")).toEqual(["write go external", "view least external"]);
    expect(externals(program, "B")).toEqual(["write go external", "view least external"]);
    const steps = [...program.functions.values()].filter(({ name }) => name === "step");
    expect(steps.map(({ contract }) => contract)).toEqual(["A", "B"]);
  });

  test("are complete by themselves when they ask for something", () => {
    expect(check(`${asking} ${helper}`).found).toEqual([]);
  });

  test("aren't part of a contract that lacks what they ask for, or has it otherwise", () => {
    const step = "fn step(by: u64) -> u64 { return by; }";
    const message = (members: string): string[] =>
      check(`${asking} contract C uses M { ${members} }`).diagnostics.map((one) => one.message);
    expect(message(step)).toEqual(["`C` does not implement `M`: `least` is missing"]);
    expect(message(`${step} fn least() -> u64 { return 1; }`)).toEqual(["`C` does not implement `M`: `least` is `view fn` there"]);
    expect(message(`fn step(by: u8) -> u64 { return 1; } ${least}`)).toEqual(["`C` does not implement `M`: `step` takes (u64) there"]);
    expect(message(`fn step(by: u64) -> u8 { return 1; } ${least}`)).toEqual(["`C` does not implement `M`: `step` gives `u64` there"]);
    expect(check("mixin M { pub fn f(); }").codes).toEqual(["E0410"]);
    expect(check("contract C { fn f(); }").codes).toEqual(["E0102"]);
  });
});

describe("getters", () => {
  const text = `
    enum Kind { A, B }
    struct In { x: u8; y: bool; }
    struct Out { inner: In; kind: Kind; x: u16; }
    contract C {
      immutable name: string<8>;
      immutable inner: In;
      state plain: u256;
      state nested: map<address, map<u64, bool>>;
      state outs: map<u64, Out>;
      state pair: (low: u8, high: u8);
      state ids: sequence<u64>;
      state own: u8;
      init() { self.name = "n"; self.inner = In { x: 1, y: true }; }
      view fn own(a: u8) -> u8 { return a; }
    }
  `;
  const program = programOf(text);
  const getter = (name: string): { params: string[]; result: string; value: string } => {
    const func = funcOf(program, name);
    const [stmt] = func.body;
    if (stmt.kind !== "return" || stmt.value === undefined) throw new Error("a getter returns");
    const params = func.params.map((param) => `${param.name}: ${showType(param.type)}`);
    return { params, result: showType(func.result), value: show(stmt.value) };
  };

  test.each([
    ["name", [], "string<8>", "immutable name"],
    ["inner", [], "(x: u8, y: bool)", "(tuple immutable inner.0 immutable inner.1)"],
    ["plain", [], "u256", "plain"],
    ["nested", ["key1: address", "key2: u64"], "bool", "nested[$0][$1]"],
    ["outs", ["key: u64"], "(x: u8, y: bool, kind: Kind, x2: u16)", "(tuple outs[$0].0.0 outs[$0].0.1 outs[$0].1 outs[$0].2)"],
    ["pair", [], "(low: u8, high: u8)", "(tuple pair.0 pair.1)"],
  ])("%s", (name, params, result, value) => {
    expect(getter(name)).toEqual({ params, result, value });
  });

  test("come last, none for a sequence, none where a function has the name", () => {
    expect(externals(program, "C").map((line) => line.split(" ")[1])).toEqual(["own", "name", "inner", "plain", "nested", "outs", "pair"]);
  });
});

describe("guards", () => {
  test("are called first, in the order of `with`, with their arguments", () => {
    const program = programOf(`
      contract C {
        state x: u8;
        guard first { require self.x == 0; }
        guard second(a: u8) { require a > 0; }
        pub fn f(n: u8) with first, second(n + 1) { self.x = n; }
      }
    `);
    const [first, second, store] = funcOf(program, "f").body;
    const called = [first, second].map((stmt) =>
      stmt.kind === "expr" && stmt.expr.kind === "call" ? program.functions.get(stmt.expr.func) : undefined,
    );
    expect(called.map((func) => `${func?.role} ${func?.name} ${func?.mutability}`)).toEqual(["guard first view", "guard second view"]);
    expect(second.kind === "expr" ? show(second.expr) : "").toBe("(call (+ $0 1))");
    expect(store.kind).toBe("store");
  });
});

describe("purity", () => {
  test("internal functions that write, also through others, are told apart from those that only read", () => {
    const program = programOf(`
      contract C {
        state x: u8;
        fn reads() -> u8 { return self.x; }
        fn writes() { self.x = 1; }
        fn through() { self.writes(); }
        pub fn f() { self.through(); }
        view fn v() -> u8 { return self.reads(); }
      }
    `);
    const mutability = (name: string): string => funcOf(program, name).mutability;
    expect(["reads", "writes", "through", "f", "v"].map(mutability)).toEqual(["view", "write", "write", "write", "view"]);
  });

  test("a view that writes through others is told where", () => {
    const { diagnostics } = check(`contract C { state x: u8; view fn v() { self.a(); } fn a() { self.b(); } fn b() { self.x = 1; } }`);
    expect(diagnostics.map(({ code, message, notes }) => [code, message, notes.length])).toEqual([
      ["E0403", "view function `v` calls `a`, which writes", 1],
    ]);
  });
});

describe("events and errors", () => {
  test("of the file count among a contract's when it uses them, also through functions outside contracts", () => {
    const program = programOf(`
      error Used(); error Unused(); event Seen(); event Unseen();
      fn check(x: u8) { require x > 0 else Used(); }
      contract C { error Own(); pub fn f() { check(1); emit Seen(); } }
      contract D {}
    `);
    expect(contractOf(program, "C").errors.map((error) => error.name)).toEqual(["Own", "Used"]);
    expect(contractOf(program, "C").events.map((event) => event.name)).toEqual(["Seen"]);
    expect(contractOf(program, "D").errors).toEqual([]);
  });

  test("a contract's own hides one of the file", () => {
    const program = programOf(`error No(a: u8); contract C { error No(); pub fn f() { revert No(); } }`);
    expect(contractOf(program, "C").errors.map((error) => error.key)).toEqual(["main.weft#C.No"]);
  });
});

describe("init", () => {
  test("is made where there is none", () => {
    const program = programOf("contract C {}");
    const init = program.functions.get(contractOf(program, "C").init);
    expect([init?.role, init?.mutability, init?.params.length, init?.body.length]).toEqual(["init", "write", 0, 0]);
  });

  test("sets immutables on every path that ends well", () => {
    const init = (body: string): string[] => [...check(`contract C { immutable x: u8; init(c: bool) { ${body} } }`).codes];
    expect(init("if c { self.x = 1; } else { self.x = 2; }")).toEqual([]);
    expect(init("if c { revert; } self.x = 2;")).toEqual([]);
    expect(init("if c { return; } self.x = 2;")).toEqual(["E0404"]);
    expect(init("for i in 0..3 { self.x = 2; }")).toEqual(["E0404"]);
  });

  test("`value` is known in a payable one only", () => {
    expect(check("contract C { payable init() { require value > 0; } }").codes).toEqual([]);
    expect(check("contract C { init() { require value > 0; } }").codes).toEqual(["E0317"]);
  });
});

describe("invariants", () => {
  test("are views of the contract, those of mixins included, which nobody can call", () => {
    const program = programOf(`
      mixin M { state m: u8; invariant small { require self.m < 10; } }
      contract C uses M { state x: u8; error Large(); invariant fine { require self.x < 10 else Large(); } pub fn fine() {} }
    `);
    const invariants = contractOf(program, "C").invariants.map((id) => program.functions.get(id));
    expect(invariants.map((func) => `${func?.role} ${func?.mutability} ${func?.name} ${func?.contract}`)).toEqual([
      "internal view small C",
      "internal view fine C",
    ]);
    expect(externals(program, "C")).toEqual(["write fine external", "view m getter", "view x getter"]);
    expect(check("contract C { invariant i { require true; } pub fn f() { self.i(); } }").found).toEqual(["E0202 i"]);
  });

  test("of one name are a mistake", () => {
    expect(check("contract C { invariant i { } invariant i { } }").codes).toEqual(["E0201"]);
  });
});

describe("independence assertions", () => {
  const claim = (when: string): ReturnType<typeof contractOf>["parallels"][number]["when"] =>
    contractOf(
      programOf(`enum E { A, B } const N: u8 = 3;
        contract C { pub fn f(x: u8, e: E, value: u8) {} payable fn g(to: address) {} parallel (a: f, b: g) when ${when}; }`),
      "C",
    ).parallels[0].when;

  test("compare parameters, caller, value and constants", () => {
    expect(claim("a.caller != b.to")).toMatchObject({
      kind: "differ",
      left: { kind: "caller", side: "left" },
      right: { kind: "param", side: "right", index: 0 },
    });
    expect(claim("N == a.x")).toMatchObject({ kind: "equal", left: { kind: "constant", value: { value: 3n }, type: { bits: 8 } } });
    expect(claim("a.e == E.B || (a.x != 1 && b.value == 7)")).toMatchObject({
      kind: "or",
      left: { right: { kind: "constant", value: { kind: "enum", value: 1 } } },
      right: { kind: "and", right: { left: { kind: "value", side: "right" } } },
    });
  });

  test("a parameter named `value` hides the coin", () => {
    expect(claim("a.value == 1")).toMatchObject({ left: { kind: "param", index: 2 } });
  });

  test("name functions open to callers, getters included", () => {
    expect(check("contract C { state x: u8; fn g() {} parallel (a: x, b: x); parallel (a: g, b: x); }").found).toEqual(["E0210 g"]);
  });
});

describe("several files", () => {
  test("imports bring declarations under their own names or others", () => {
    const program = programOf(
      `import { Token as Coin, FEE, quote } from "./lib/token.weft";
       contract C { state t: Coin; view fn f() -> u256 { return quote(FEE); } }`,
      {
        "lib/token.weft": `import { BASE } from "../base.weft"; const FEE: u256 = BASE + 1; fn quote(x: u256) -> u256 { return x * 2; } contract Token {} test "not mine" {}`,
        "base.weft": "const BASE: u256 = 4;",
      },
    );
    expect(program.contracts.map((contract) => contract.name)).toEqual(["C", "Token"]);
    expect(program.files.map((file) => file.path)).toEqual(["base.weft", "lib/token.weft", "main.weft"]);
    expect(contractOf(program, "C").fields[0].type).toEqual({ kind: "handle", name: "Token" });
    expect(program.tests).toEqual([]);
    const [stmt] = funcOf(program, "f").body;
    const value: Expr | undefined = stmt.kind === "return" ? stmt.value : undefined;
    expect(value === undefined ? "" : show(value)).toBe("(call 5)");
  });

  test("a mixin from another file sees the names of that file", () => {
    const program = programOf(`import { M } from "./m.weft"; const ONE: u8 = 9; contract C uses M {}`, {
      "m.weft": "const ONE: u8 = 1; error No(); mixin M { state x: u8 = ONE; pub fn f() { require self.x == ONE else No(); } }",
    });
    expect(contractOf(program, "C").fields[0].initial).toEqual({ kind: "int", value: 1n });
    expect(contractOf(program, "C").errors.map((error) => error.key)).toEqual(["m.weft#No"]);
    expect(funcOf(program, "f").site.path).toBe("m.weft");
  });

  test("tell apart types of one name", () => {
    const { found } = check(`import { make } from "./other.weft"; struct P { x: u8; } fn f() -> P { return make(); }`, {
      "other.weft": "struct P { x: u8; } fn make() -> P { return P { x: 1 }; }",
    });
    expect(found).toEqual(["E0301 make()"]);
  });
});
