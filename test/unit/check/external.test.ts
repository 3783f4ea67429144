/** Calls that leave the contract, as the tree shows them, and what is refused. */
import { describe, expect, test } from "vitest";
import { check, contractOf, programOf, returned, show } from "./door.ts";

const INTERFACE = `
  interface Coin {
    pub fn move(to: address, amount: u256) -> bool;
    view fn held(who: address) -> u256;
    payable fn fund();
  }
`;

function shown(members: string, before = INTERFACE): string {
  return show(returned(members, before));
}

function found(members: string, before = INTERFACE): readonly string[] {
  return check(`${before} contract C { ${members} }`).found;
}

describe("typed calls", () => {
  test.each([
    ["pub fn f(a: address) -> bool { return Coin(a).move(a, 1); }", "(Coin.move (handle $0) $0 1)"],
    ["pub fn f(a: Coin) -> bool { return a.move(a, 1); }", "(Coin.move $0 (address $0) 1)"],
    ["state coin: Coin; pub fn f() -> bool { return self.coin.move(caller, 1); }", "(Coin.move coin caller 1)"],
    ["state coins: map<u8, Coin>; view fn f() -> u256 { return self.coins[1].held(caller); }", "(view Coin.held coins[1] caller)"],
    ["immutable coin: Coin; init(c: Coin) { self.coin = c; } view fn f() -> u256 { return self.coin.held(self.coin); }"],
    ["view fn f() -> u256 { let c = Coin(caller); return c.held(caller); }", "(view Coin.held $0 caller)"],
    ["fn g() -> Coin { return Coin(caller); } view fn f() -> u256 { return self.g().held(caller); }", "(view Coin.held (call ) caller)"],
    ["view fn f(cs: list<Coin, 4>) -> u256 { return cs[0].held(caller); }", "(view Coin.held $0[0] caller)"],
    ["view fn f(a: address) -> u256 { return D(a).total(); } ", "(view D.total (handle $0))"],
    ["view fn f(a: address) -> u8 { return D(a).parts(3).b; } ", "(view D.parts (handle $0) 3).1"],
  ])("%s", (members, text = "(view Coin.held immutable coin (address immutable coin))") => {
    const other = "struct Parts { a: u8; b: u8; } contract D { state total: u256; state parts: map<u16, Parts>; }";
    expect(shown(members, INTERFACE + other)).toBe(text);
  });

  test("arguments are checked and converted as for calls inside", () => {
    expect(found("pub fn f(a: Coin) { a.move(1, 2); a.move(caller); a.move(caller, true); a.held(a, 1 + true); }")).toEqual([
      "E0301 1",
      "E0304 a.move(caller)",
      "E0301 true",
      "E0304 a.held(a, 1 + true)",
      "E0302 1 + true",
    ]);
  });

  test("only functions open to callers are there", () => {
    const other = "contract D { state x: u8; fn hidden() {} pub fn open() {} }";
    const { diagnostics } = check(`${other} contract C { pub fn f(d: D) { d.hidden(); d.opem(); d.x(1); D.open(); } }`);
    expect(diagnostics.map(({ code, message, help }) => [code, message, help])).toEqual([
      ["E0210", "`hidden` is an internal function, not one that can be called from outside", undefined],
      ["E0203", "contract `D` has no function `opem`", "did you mean `open`?"],
      ["E0304", "`x` takes 0 arguments, found 1", undefined],
      ["E0210", "`D` is a contract, not a value", "say at which address: `D(address).open(…)`"],
    ]);
  });

  test("a broken state of the other contract is one mistake", () => {
    expect(check("contract D { state x: Nope; } contract C { view fn f(d: D) -> u8 { return d.x(); } }").found).toEqual(["E0202 Nope"]);
  });

  test("a result that isn't used is dropped; a view whose result isn't used is a statement too", () => {
    expect(found("pub fn f(a: Coin) { a.move(caller, 1); a.held(caller); a.fund(); }")).toEqual([]);
  });
});

test("an assignment to a name that isn't declared says how to declare it", () => {
  const { diagnostics } = check(
    "contract C { state total: u8; pub fn f(amount: u8) { var sum = amount; x += 1; summ = 1; total += 1; f = 2; } }",
  );
  expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).toEqual([
    "E0202 declare it first: `var x = …;`",
    "E0202 did you mean `sum`?",
    "E0215 write `self.total`",
    "E0215 write `self.f`",
  ]);
});

describe("calls that others write", () => {
  const help = (statement: string): string | undefined =>
    check(`${INTERFACE} contract C { pub fn f(a: address, c: Coin) { ${statement} } }`).diagnostics[0]?.help;

  test.each([
    ["a.move(caller, 1);", "say what stands there: `Coin(…).move(…)`"],
    ["a.transfer(1);", "write `pay(to, amount)`"],
    ["a.call(1);", "write `call(target, value, data)`"],
    ["c.fund{value: 1}();", "typed calls attach no coin; `call(target, value, data)` does"],
  ])("%s", (statement, text) => {
    expect(help(statement)).toBe(text);
  });
});

describe("purity", () => {
  test("a view calls views only, also through others and in guards", () => {
    const { diagnostics } = check(`${INTERFACE} contract C {
      guard g(c: Coin) { c.fund(); }
      fn inner(c: Coin) { c.move(caller, 1); }
      view fn a(c: Coin) -> u256 { return c.held(caller); }
      view fn b(c: Coin) { c.fund(); }
      view fn d(c: Coin) { self.inner(c); }
      view fn e(c: Coin) with g(c) {}
      view fn h(a: address, d: bytes<8>) { call(a, 0, d); }
      view fn i() { create D(); }
      pub fn j(c: Coin) with g(c) { self.inner(c); }
    } contract D {}`);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "E0403 view function `b` calls `Coin.fund`, which may write",
      "E0403 view function `d` calls `inner`, which writes",
      "E0403 view function `e` calls `g`, which writes",
      "E0403 view function `h` makes a raw call, which may write",
      "E0403 view function `i` creates a `D`",
    ]);
    expect(diagnostics[1].notes.map(({ text }) => text)).toEqual(["the write: this calls `Coin.move`, which may write"]);
  });

  test("functions outside contracts, constants and tests make no such calls", () => {
    expect(check(`${INTERFACE} fn f(c: Coin) -> u256 { return c.held(@0x00000000000000000000000000000000000000aa); }`).found).toEqual([
      "E0313 c.held(@0x00000000000000000000000000000000000000aa)",
    ]);
    expect(check("contract D {} fn f(a: address, d: bytes<8>) { call(a, 0, d); create D(); }").found).toEqual([
      "E0313 call(a, 0, d)",
      "E0313 create D()",
    ]);
    expect(check("fn f(a: address) -> bool { return hasCode(a); }").found).toEqual(["E0313 hasCode(a)"]);
    expect(check('contract D {} test "t" { let d = create D(); let h = hasCode(@a); }').found).toEqual([
      "E0313 create D()",
      "E0313 hasCode(@a)",
    ]);
  });

  test("`init` may call and create", () => {
    expect(found("init(c: Coin) { c.move(caller, 1); create D(); } ", `${INTERFACE} contract D {}`)).toEqual([]);
  });
});

describe("calls of oneself", () => {
  const help = (members: string): readonly (string | undefined)[] =>
    check(
      `${INTERFACE} contract C { state x: u8; pub fn move(to: address, amount: u256) -> bool { return true; } ${members} }`,
    ).diagnostics.map((one) => `${one.code} ${one.help}`);

  test("are found where the target is known, and say what to write", () => {
    expect(help("pub fn f() { Coin(self.address).move(caller, 1); }")).toEqual(["E0420 write `self.move(…)`"]);
    expect(help("view fn f() -> u8 { return C(self.address).x(); }")).toEqual(["E0420 write `self.x`"]);
    expect(help("view fn f() -> u256 { return Coin(self.address).held(caller); }")).toEqual([
      "E0420 call the function directly, with `self.`",
    ]);
    expect(help("pub fn f(d: bytes<8>) { if d.len() > 0 { call(self.address, 0, d); } }")).toHaveLength(1);
    expect(help("pub fn f() { let a = self.address; for i in 0..3 { let c = Coin(a); c.fund(); } }")).toHaveLength(1);
  });

  test("are left to run time where it isn't", () => {
    expect(help("pub fn f() { var a = self.address; a = caller; Coin(a).fund(); Coin(caller).fund(); }")).toEqual([]);
    expect(help("pub fn f(a: address) { Coin(a).fund(); }")).toEqual([]);
  });
});

describe("raw calls", () => {
  test("take their length from around them, or a default", () => {
    expect(shown("pub fn f(a: address, d: bytes<8>) -> bytes<4> { return call(a, 1, d); }")).toBe("(raw $0 1 $1)");
    expect(returned("pub fn f(a: address, d: bytes<8>) -> bytes<4> { return call(a, 1, d); }").type).toEqual({ kind: "bytes", max: 4 });
    const program = programOf("contract C { pub fn f(a: address, d: bytes<8>) { let r = call(a, 0, d); } }");
    const [func] = [...program.functions.values()].filter(({ name }) => name === "f");
    expect(func.locals.at(-1)?.type).toEqual({ kind: "bytes", max: 1_024 });
  });

  test("take an address, coin and bytes", () => {
    expect(
      found('pub fn f(a: Coin, s: string<8>) { call(a, 1, s); call(1, 0, concat(a, "x")); call(a, true, encode(1)); call(a, 0); }'),
    ).toEqual(["E0301 s", "E0301 1", "E0301 true", "E0304 call(a, 0)"]);
  });
});

describe("create", () => {
  const CHILD = "contract Child { payable init(a: u8, to: address) {} } ";

  test("gives a typed address", () => {
    expect(shown("pub fn f() -> Child { return create Child(1, self.address); }", CHILD)).toBe("(create Child 1 self.address)");
    expect(shown("pub fn f() -> address { return create Child(1, caller); }", CHILD)).toBe("(address (create Child 1 caller))");
    const imported = 'import { Child as Kid } from "./kid.weft"; contract C { pub fn f() -> Kid { return create Kid(1, caller); } }';
    expect(check(imported, { "kid.weft": CHILD }).found).toEqual([]);
    expect(contractOf(programOf(imported, { "kid.weft": CHILD }), "Child").name).toBe("Child");
  });

  test("needs a contract and its arguments", () => {
    expect(
      found("pub fn f() { create Childd(1, caller); create Coin(1); create Child(1); create Child(256, 1); }", CHILD + INTERFACE),
    ).toEqual(["E0202 Childd", "E0210 Coin", "E0304 create Child(1)", "E0308 256", "E0301 1"]);
  });

  test("a contract that two others create is no cycle, one within a mixin is", () => {
    expect(check("contract A { init() { create D(); create B(); } } contract B { init() { create D(); } } contract D {}").found).toEqual(
      [],
    );
    const mixin = "mixin M { pub fn make() { create A(); } } contract A { pub fn f() { create B(); } } contract B uses M {}";
    const { diagnostics } = check(mixin);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "E0421 contracts create each other in a cycle: A -> B -> A",
    ]);
    expect(diagnostics[0].notes.map(({ text }) => text)).toEqual(["`A` creates `B` here"]);
  });

  test("long chains of creation are walked without recursion", () => {
    const count = 3_000;
    const chain = Array.from({ length: count }, (_, i) => `contract C${i} { init() { create C${i + 1}(); } }`).join("\n");
    expect(check(`${chain}\ncontract C${count} {}`).found).toEqual([]);
    expect(check(`${chain}\ncontract C${count} { init() { create C0(); } }`).codes).toEqual(["E0421"]);
  });
});

describe("interfaces", () => {
  test("a getter or a view may stand for a function, a typed address for an address", () => {
    const text = `interface I { view fn total() -> u256; pub fn look() -> u8; view fn coin() -> address; pub fn set(c: address); }
      interface Coin {}
      contract C implements I { state total: u256; state coin: Coin; view fn look() -> u8 { return 1; } pub fn set(c: Coin) {} }`;
    expect(check(text).found).toEqual([]);
  });

  test("all that is missing is told, with the places", () => {
    const { diagnostics } = check(
      "interface I { pub fn a(); view fn b() -> u8; pub fn c(x: u8); } contract C implements I { pub fn b() -> u8 { return 1; } pub fn c(x: u16) {} }",
    );
    expect(diagnostics.map(({ message }) => message)).toEqual(["`C` does not implement `I`: `a` is missing, and 2 more"]);
    expect(diagnostics[0].notes.map(({ text }) => text)).toEqual([
      "`a` is asked for here",
      "the interface has `view fn b() -> u8`",
      "the contract has this",
      "the interface has `pub fn c(x: u8)`",
      "the contract has this",
    ]);
  });

  test("hold what has a form in the ABI, each function once", () => {
    expect(check("interface I { pub fn a(x: u8?) -> u8; pub fn b(); pub fn b(); }").found).toEqual(["E0339 u8?", "E0201 b"]);
  });
});
