/** Built-in functions: what they take, what they give, what the compiler computes itself. */
import { describe, expect, test } from "vitest";
import { encodeAbiParameters, encodePacked, keccak256, parseAbiParameters, sha256, toFunctionSelector, toHex } from "viem";
import { showType } from "../../../compiler/core/types.ts";
import type { Value } from "../../../compiler/typed/tree.ts";
import { check, returned, show } from "./door.ts";

/** The value a constant expression has; the function it stands in is never run. */
function constant(type: string, text: string, before = ""): Value["value"] | string {
  const expr = returned(`view fn f() -> ${type} { return ${text}; }`, before);
  return expr.kind === "literal" ? expr.value.value : show(expr);
}

function found(text: string, params = "", before = ""): readonly string[] {
  return check(`${before} contract C { view fn f(${params}) { ${text} } }`).found;
}

/** The type of an expression, as a local takes it. */
function typeOf(text: string, params = "", before = ""): string {
  const program = check(`${before} fn f(${params}) { let it = ${text}; }`).program;
  const local = [...(program?.functions.values() ?? [])].find(({ name }) => name === "f")?.locals.at(-1);
  return local === undefined ? "?" : showType(local.type);
}

describe("wrapping and saturating arithmetic", () => {
  const limits = (bits: number, signed: boolean): [bigint, bigint] =>
    signed ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n] : [0n, (1n << BigInt(bits)) - 1n];
  const exact = { Add: (a: bigint, b: bigint) => a + b, Sub: (a: bigint, b: bigint) => a - b, Mul: (a: bigint, b: bigint) => a * b };

  for (const bits of [8, 16, 32, 64, 128, 256]) {
    for (const signed of [false, true]) {
      test(`${signed ? "i" : "u"}${bits}: every result around the limits is that of big numbers`, () => {
        const type = `${signed ? "i" : "u"}${bits}`;
        const [min, max] = limits(bits, signed);
        const samples = [...new Set([min, min + 1n, 0n, 1n, 3n, max - 1n, max])];
        for (const [name, op] of Object.entries(exact)) {
          for (const a of samples) {
            for (const b of samples) {
              const result = op(a, b);
              const wrapped = signed ? BigInt.asIntN(bits, result) : BigInt.asUintN(bits, result);
              const saturated = result < min ? min : result > max ? max : result;
              expect(constant(type, `wrapping${name}(${a}, ${b})`)).toBe(wrapped);
              expect(constant(type, `saturating${name}(${a}, ${b})`)).toBe(saturated);
            }
          }
        }
      });
    }
  }

  test("take two integers of one type", () => {
    expect(found("let x = wrappingAdd(a, b);", "a: u8, b: u16")).toEqual(["E0301 b"]);
    expect(found("let x = saturatingMul(a);", "a: u8")).toEqual(["E0304 saturatingMul(a)"]);
    expect(found("let x = wrappingSub(a, a);", "a: bool")).toEqual(["E0301 a"]);
    expect(typeOf("wrappingAdd(a, 1)", "a: i32")).toBe("i32");
  });
});

describe("hashes", () => {
  test.each(["", "a", "Weft", "ćź😀", "x".repeat(200)])("of the text %j are computed by the compiler", (text) => {
    const bytes = toHex(new TextEncoder().encode(text));
    expect(constant("bytes32", `keccak256(${JSON.stringify(text)})`)).toBe(keccak256(bytes));
    expect(constant("bytes32", `sha256(${JSON.stringify(text)})`)).toBe(sha256(bytes));
  });

  test("blake3 has the value of its specification for no input", () => {
    expect(constant("bytes32", 'blake3("")')).toBe("0xaf1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  });

  test("of what is known at run time are left to it", () => {
    const expr = returned("view fn f(a: string<8>) -> bytes32 { return sha256(a); }");
    expect(show(expr)).toBe("(sha256 $0)");
  });

  test("take a string or bytes", () => {
    const { diagnostics } = check("fn f(a: u8, b: bytes32) { let x = keccak256(a); let y = sha256(b); let z = blake3(); }");
    expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).toEqual([
      "E0301 hash its encoding: `keccak256(encode(…))`",
      "E0301 hash its encoding: `sha256(encode(…))`",
      "E0304 undefined",
    ]);
  });
});

describe("encode", () => {
  const STRUCTS = "struct P { a: u8; b: bool; } struct Q { p: P; s: string<40>; } enum E { A, B }";
  const long = "x".repeat(40);

  // The longest value of each type, and its types in the ABI, for an encoder that isn't ours.
  const CASES: readonly (readonly [string, string, string, readonly unknown[]])[] = [
    ["u8", "a", "uint8", [1]],
    ["E", "a, a", "uint8, uint8", [1, 1]],
    ["string<40>", "a", "string", [long]],
    ["bytes<32>", "a, 1", "bytes, uint256", [`0x${"11".repeat(32)}`, 1n]],
    ["list<u8, 3>", "a", "uint8[]", [[1, 2, 3]]],
    ["list<string<40>, 2>", "true, a", "bool, string[]", [true, [long, long]]],
    [
      "P",
      "a, a",
      "(uint8 a, bool b), (uint8 a, bool b)",
      [
        { a: 1, b: true },
        { a: 1, b: true },
      ],
    ],
    [
      "Q",
      "a, a.p",
      "((uint8 a, bool b) p, string s), (uint8 a, bool b)",
      [
        { p: { a: 1, b: true }, s: long },
        { a: 1, b: true },
      ],
    ],
    ["list<list<P, 2>, 2>", "a", "(uint8 a, bool b)[][]", [[0, 1].map(() => [0, 1].map(() => ({ a: 1, b: true })))]],
    ["(u8, string<40>)", "a", "(uint8 a, string b)", [{ a: 1, b: long }]],
  ];

  test.each(CASES)("of %s: its type is as long as the longest encoding", (type, args, abi, values) => {
    const bytes = encodeAbiParameters(parseAbiParameters(abi), values);
    expect(typeOf(`encode(${args})`, `a: ${type}`, STRUCTS)).toBe(`bytes<${(bytes.length - 2) / 2}>`);
  });

  test("literals are 256 bits wide, typed addresses are addresses", () => {
    expect(show(returned("view fn f(d: C) -> bytes<96> { return encode(1, d, self.address); }"))).toBe("(encode 1 $0 self.address)");
  });

  test("what can't cross the ABI can't be encoded", () => {
    const before = "enum Shape { Dot, Circle(u32) } struct S { a: u8?; }";
    expect(found("let x = encode(a); let y = encode(1, b); let z = encode(c); let w = encode();", "", before)).toContain("E0304 encode()");
    expect(
      check(`${before} fn f(a: u8?, b: list<Shape, 2>, c: S) { let x = encode(a); let y = encode(1, b); let z = encode(c); }`).found,
    ).toEqual(["E0339 a", "E0339 b", "E0339 c"]);
  });

  test("an encoding longer than any bytes is refused", () => {
    expect(check("fn f(a: list<u8, 4000>) { let x = encode(a); }").codes).toEqual(["E0391"]);
  });
});

describe("decode", () => {
  test("takes its type from around it", () => {
    const members = "view fn f(d: bytes<64>) -> (u8, address) { return decode(d); }";
    expect(show(returned(members))).toBe("(decode $0)");
    expect(showType(returned(members).type)).toBe("(u8, address)");
    expect(
      found("let (a, b): (u256, address) = decode(d); let s: string<4> = decode(d); var x: u8 = decode(d); x = decode(d);", "d: bytes"),
    ).toEqual([]);
    expect(check("fn g(a: u8) {} fn f(d: bytes<32>) { g(decode(d)); }").found).toEqual([]);
  });

  test("goes by its neighbours", () => {
    expect(
      check("fn f(d: bytes<32>, c: bool, a: u8) { let x = if c { decode(d) } else { a }; let y = a == decode(d); let z = [decode(d), a]; }")
        .found,
    ).toEqual([]);
    expect(check("fn f(d: bytes<32>) { let x: Nope = decode(d); }").found).toEqual(["E0202 Nope"]);
  });

  test("says when it is unknown, or can't cross the ABI", () => {
    const { diagnostics } = check("fn f(d: bytes<32>) { let x = decode(d); let y: u8? = decode(d); let z: u8 = decode(1); }");
    expect(diagnostics.map(({ code }) => code)).toEqual(["E0311", "E0339", "E0301"]);
    expect(diagnostics[0].help).toContain("write the type");
  });
});

describe("concat", () => {
  test("of strings is a string, of anything else bytes; the length is the sum", () => {
    expect(typeOf("concat(a, a)", "a: string<8>")).toBe("string<16>");
    expect(typeOf('concat(a, "xyz")', "a: string<8>")).toBe("string<11>");
    expect(typeOf("concat(a, b)", "a: string<8>, b: bytes<2>")).toBe("bytes<10>");
    expect(typeOf("concat(a, b, c, d, e)", "a: u8, b: i128, c: address, d: bytes32, e: bool")).toBe("bytes<70>");
  });

  test("of constants is computed, packed as others pack", () => {
    expect(constant("string<8>", 'concat("ab", "cd")')).toBe("abcd");
    const text = 'concat("ab", u16(258), i32(-2), true, @0x00000000000000000000000000000000000000aa)';
    const types = ["string", "uint16", "int32", "bool", "address"] as const;
    expect(constant("bytes<64>", text)).toBe(encodePacked(types, ["ab", 258, -2, true, "0x00000000000000000000000000000000000000aa"]));
  });

  test("takes single values", () => {
    expect(check("fn f(a: list<u8, 2>, b: u8?) { let x = concat(a); let y = concat(1, b); let z = concat(); }").found).toEqual([
      "E0301 a",
      "E0301 b",
      "E0304 concat()",
    ]);
  });
});

describe("selector", () => {
  const COIN = "interface Coin { pub fn move(to: address, parts: list<u8, 4>) -> bool; }";

  test("is a constant: of a text or of a function", () => {
    expect(constant("bytes<4>", 'selector("transfer(address,uint256)")')).toBe(toFunctionSelector("transfer(address,uint256)"));
    expect(constant("bytes<4>", "selector(Coin.move)", COIN)).toBe(toFunctionSelector("move(address,uint8[])"));
    expect(check("contract D { pub fn g() {} } const G: bytes<4> = selector(D.g);").found).toEqual(["E0309 D.g"]);
    const free =
      "contract D { pub fn g() {} } fn f() -> bytes<4> { return selector(D.g); } fn h(d: D) { d.g(); } contract E { pub fn i(d: D) { d.g(); } }";
    expect(check(free).found).toEqual(["E0313 d.g()"]);
    expect(check(`${COIN} const MOVE: bytes<4> = selector(Coin.move);`).found).toEqual([]);
    const own = "struct P { a: u8; b: bool; } contract D { state m: map<u8, address>; pub fn g(p: P) {} }";
    expect(constant("bytes<4>", "selector(D.g)", own)).toBe(toFunctionSelector("g((uint8,bool))"));
    expect(constant("bytes<4>", "selector(D.m)", own)).toBe(toFunctionSelector("m(uint8)"));
  });

  test.each(["f()", "f(bool)", "f((uint8,bytes[])[],int256[2])", "_x$(address,(bytes32,(string,bool)))"])("of %s is taken", (text) => {
    expect(constant("bytes<4>", `selector("${text}")`)).toBe(toFunctionSelector(text));
  });

  test.each([
    "",
    "f",
    "f(",
    "f)",
    "f(a)",
    "f(uint)",
    "f(uint7)",
    "f(bytes33)",
    "f(bool, bool)",
    "f(bool,)",
    "f(())x",
    "f()()",
    "1f()",
    "f((bool)",
  ])("of %j is refused", (text) => {
    expect(found(`let x = selector("${text}");`)).toEqual([`E0350 "${text}"`]);
  });

  test("a function that isn't there is named", () => {
    expect(check(`${COIN} fn f() { let x = selector(Coin.mov); }`).found).toEqual(["E0203 mov"]);
  });
});

describe("signatures and code", () => {
  const PARAMS = "h: bytes32, v: u8, s: bytes<64>, m: bytes<10>, k: bytes<1952>, q: bytes<3309>";

  test("have their types", () => {
    expect(typeOf("ecrecover(h, v, h, h)", PARAMS)).toBe("address");
    expect(typeOf("ed25519.verify(h, m, s)", PARAMS)).toBe("bool");
    expect(typeOf("mldsa65.verify(k, m, q)", PARAMS)).toBe("bool");
  });

  test("are checked argument by argument", () => {
    expect(found("let a = ecrecover(h, h, h, h);", PARAMS)).toEqual(["E0301 h"]);
    expect(found("let a = ed25519.verify(h, v, q);", PARAMS)).toEqual(["E0301 v", "E0301 q"]);
    expect(found("let a = mldsa65.verify(k, m);", PARAMS)).toEqual(["E0304 mldsa65.verify(k, m)"]);
    expect(found("let a = ed25519.verfy(h, m, s);", PARAMS)).toEqual(["E0203 verfy"]);
  });
});

test("names of built-ins can be taken by an author, who is then understood", () => {
  expect(check("fn encode(a: u8) -> u8 { return a; } fn f() -> u8 { return encode(1); }").found).toEqual([]);
  expect(check("fn f(a: u8) -> bytes32 { let x = 1; return keccak25(x); }").diagnostics[0].help).toBe("did you mean `keccak256`?");
});
