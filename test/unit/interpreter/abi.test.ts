/** The interpreter's own ABI codec against vectors of the ABI specification and against what Solidity's decoder refuses. */
import { describe, expect, it } from "vitest";
import type { Type } from "../../../compiler/core/types.ts";
import { decodeAll, encodeAll, encodeCall, encodeLog, encodeResult, decodeResult, selectorOf } from "../../interpreter/abi.ts";
import { createAddress } from "../../interpreter/create-address.ts";
import { textHex } from "../../interpreter/values.ts";

const U256: Type = { kind: "int", signed: false, bits: 256 };
const U8: Type = { kind: "int", signed: false, bits: 8 };
const I16: Type = { kind: "int", signed: true, bits: 16 };
const BOOL: Type = { kind: "bool" };
const ADDRESS: Type = { kind: "address" };
const STRING: Type = { kind: "string", max: 5 };
const LIST: Type = { kind: "list", element: U256, max: 3 };
const COLOUR: Type = { kind: "enum", name: "Colour", key: "Colour", variants: ["Red", "Green"], payloads: [[], []] };
const PAIR: Type = {
  kind: "struct",
  name: "Pair",
  key: "Pair",
  fields: [
    { name: "a", type: U8 },
    { name: "b", type: STRING },
  ],
};

const word = (value: bigint | number): string => BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, "0");
const right = (text: string): string => textHex(text).slice(2).padEnd(64, "0");
const ALICE = `0x${"a1".repeat(20)}`;

describe("encoding", () => {
  it("gives the selectors everyone knows", () => {
    expect(selectorOf("transfer", [ADDRESS, U256])).toBe("0xa9059cbb");
    expect(selectorOf("Panic", [U256])).toBe("0x4e487b71");
    expect(selectorOf("baz", [{ kind: "int", signed: false, bits: 32 }, BOOL])).toBe("0xcdcd77c0");
  });

  it("encodes the specification's example of dynamic arguments", () => {
    const list: Type = { kind: "list", element: U256, max: 9 };
    expect(encodeCall("sam", [{ kind: "bytes", max: 9 }, BOOL, list], [textHex("dave"), true, [1n, 2n, 3n]])).toBe(
      `0xa5643bf2${word(0x60)}${word(1)}${word(0xa0)}${word(4)}${right("dave")}${word(3)}${word(1)}${word(2)}${word(3)}`,
    );
  });

  it("puts a struct with a string behind an offset, and several results side by side", () => {
    expect(encodeResult(PAIR, [7n, textHex("hi")])).toBe(`0x${word(0x20)}${word(7)}${word(0x40)}${word(2)}${right("hi")}`);
    const both: Type = {
      kind: "tuple",
      elements: [
        { name: "a", type: U8 },
        { name: undefined, type: STRING },
      ],
    };
    expect(encodeResult(both, [7n, textHex("hi")])).toBe(`0x${word(7)}${word(0x40)}${word(2)}${right("hi")}`);
    expect(encodeResult({ kind: "unit" }, [])).toBe("0x");
    expect(decodeResult(both, encodeResult(both, [7n, textHex("hi")]))).toEqual([7n, textHex("hi")]);
    expect(decodeResult(PAIR, encodeResult(PAIR, [7n, textHex("hi")]))).toEqual([7n, textHex("hi")]);
  });

  it("makes the topics of an ERC-20 transfer, and hashes indexed strings", () => {
    const params = [
      { name: "from", type: ADDRESS, indexed: true },
      { name: "to", type: ADDRESS, indexed: true },
      { name: "value", type: U256, indexed: false },
    ];
    const log = encodeLog({ name: "Transfer", key: "", params, doc: "" }, [ALICE, ALICE, 5n]);
    expect(log.topics).toEqual([
      "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
      `0x${"0".repeat(24)}${"a1".repeat(20)}`,
      `0x${"0".repeat(24)}${"a1".repeat(20)}`,
    ]);
    expect(log.data).toBe(`0x${word(5)}`);
    const named = encodeLog({ name: "N", key: "", params: [{ name: "n", type: STRING, indexed: true }], doc: "" }, ["0x"]);
    expect(named.topics[1]).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  });

  it("sign-extends negative numbers", () => {
    expect(encodeAll([I16], [-2n])).toBe(`${"f".repeat(63)}e`);
  });

  it("knows the address of a deployed contract", () => {
    expect(createAddress("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 0n)).toBe("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    expect(createAddress("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 1n)).toBe("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
  });
});

describe("decoding", () => {
  it("gives back what was encoded", () => {
    const types = [U8, I16, BOOL, ADDRESS, COLOUR, STRING, LIST, PAIR];
    const values = [255n, -32768n, true, ALICE, 1n, textHex("héll"), [1n, 2n], [3n, textHex("")]];
    expect(decodeAll(types, encodeAll(types, values))).toEqual(values);
    expect(decodeAll(types, `${encodeAll(types, values)}abcdef`)).toEqual(values);
  });

  it.each<readonly [string, Type, string]>([
    ["nothing at all", U256, ""],
    ["a word cut short", U256, word(1).slice(2)],
    ["a bool of 2", BOOL, word(2)],
    ["dirty upper bits of a small integer", U8, word(256)],
    ["a small negative number that isn't sign-extended", I16, word(0xffff)],
    ["a signed number out of range", I16, word(32768)],
    ["dirty upper bits of an address", ADDRESS, `${"0".repeat(23)}1${"a1".repeat(20)}`],
    ["an enum out of range", COLOUR, word(2)],
    ["an offset behind the end", STRING, word(0x40)],
    ["an offset at the end", STRING, word(0x20)],
    ["an offset of 2^64", STRING, word(1n << 64n) + word(0)],
    ["an offset that wraps", STRING, word(-32) + word(0)],
    ["a string longer than its type", STRING, word(0x20) + word(6) + right("123456")],
    ["a string longer than the data", STRING, word(0x20) + word(5) + "31323334"],
    ["a string that isn't UTF-8", STRING, word(0x20) + word(1) + "ff".padEnd(64, "0")],
    ["a string with half of a surrogate pair", STRING, word(0x20) + word(3) + "eda080".padEnd(64, "0")],
    ["a list longer than its type", LIST, word(0x20) + word(4) + word(1).repeat(4)],
    ["a list longer than the data", LIST, word(0x20) + word(2) + word(1)],
    ["a length of 2^256 - 1", LIST, word(0x20) + word(-1)],
  ])("refuses %s", (_name, type, digits) => {
    expect(decodeAll([type], digits)).toBeUndefined();
  });

  it.each<readonly [string, Type, string]>([
    ["a string without padding", STRING, word(0x20) + word(4) + "31323334"],
    ["a string with dirty padding", STRING, word(0x20) + word(4) + "31323334".padEnd(64, "f")],
    ["an offset that isn't a multiple of 32", STRING, word(0x21) + "00" + word(4) + "31323334"],
    ["an offset back into the head", STRING, word(0)],
  ])("accepts %s, as Solidity does", (_name, type, digits) => {
    expect(decodeAll([type], digits)).toBeDefined();
  });
});
