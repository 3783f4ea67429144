import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calldata } from "../../../../runtime/abi/calldata.ts";
import type { AbiValue } from "../../../../runtime/abi/decode.ts";
import { decodeArgs } from "../../../../runtime/abi/decode.ts";
import { encodeArgs } from "../../../../runtime/abi/encode.ts";
import { compileShape } from "../../../../runtime/abi/shape.ts";
import { isUtf8, validateCalldata } from "../../../../runtime/abi/validate.ts";
import type { Shape, WordKind } from "../../../../runtime/module.ts";
import { newState, wordHex } from "../fixture.ts";

const word = (type: WordKind, variants = 0): Shape => ({ kind: "word", type, variants });
const bytes = (max: number, utf8 = false): Shape => ({ kind: "bytes", max, utf8 });
const list = (element: WordKind, max: number, variants = 0): Shape => ({ kind: "list", max, element: word(element, variants) });

/** Validates these bytes as arguments inside a larger buffer, whose other bytes must not matter. */
function valid(args: readonly Shape[], data: Uint8Array): boolean {
  const [zeros, noise] = [0, 0xee].map((filler) => {
    const buffer = new SharedArrayBuffer(64 + data.length + 64);
    const u8 = new Uint8Array(buffer).fill(filler);
    u8.set(data, 64);
    return validateCalldata(new DataView(buffer), u8, 64, data.length, compileShape(args));
  });
  expect(noise).toBe(zeros);
  return zeros;
}

/** Bytes of a string or bytes, elements of a list. */
function sizeOf(value: AbiValue): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "object") return value.length;
  throw new Error("no size");
}

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

const LIMITS: readonly (readonly [WordKind, bigint, bigint])[] = [
  ["bool", 0n, 1n],
  ["u8", 0n, 255n],
  ["u16", 0n, 65535n],
  ["u32", 0n, 2n ** 32n - 1n],
  ["u64", 0n, 2n ** 64n - 1n],
  ["u128", 0n, 2n ** 128n - 1n],
  ["u256", 0n, 2n ** 256n - 1n],
  ["i8", -128n, 127n],
  ["i16", -(2n ** 15n), 2n ** 15n - 1n],
  ["i32", -(2n ** 31n), 2n ** 31n - 1n],
  ["i64", -(2n ** 63n), 2n ** 63n - 1n],
  ["i128", -(2n ** 127n), 2n ** 127n - 1n],
  ["i256", -(2n ** 255n), 2n ** 255n - 1n],
  ["enum", 0n, 4n],
  ["address", 0n, 2n ** 160n - 1n],
  ["bytes32", 0n, 2n ** 256n - 1n],
];

describe.each(LIMITS)("a word of %s", (kind, low, high) => {
  it("is accepted exactly within the type's range, and so are elements of a list", () => {
    const check = (raw: bigint): void => {
      const signed = low < 0n ? BigInt.asIntN(256, raw) : raw;
      const fits = signed >= low && signed <= high;
      expect(valid([word(kind, 5)], fromHex(wordHex(raw)))).toBe(fits);
      expect(valid([list(kind, 1, 5)], fromHex(wordHex(32) + wordHex(1) + wordHex(raw)))).toBe(fits);
    };
    for (const value of [low, low - 1n, low + 1n, high, high + 1n, high - 1n, 0n]) check(BigInt.asUintN(256, value));
    for (let bit = 0n; bit < 256n; bit++) check(2n ** bit);
    for (let bit = 0n; bit < 256n; bit++) check(BigInt.asUintN(256, -(2n ** bit)));
  });
});

describe("strings and lists", () => {
  const one = [bytes(40)];
  const rest = (length: bigint | number, body: string): string => wordHex(32) + wordHex(length) + body;
  it.each<[string, readonly Shape[], string, boolean]>([
    ["a string within its limit", one, rest(3, "aabbcc".padEnd(64, "0")), true],
    ["a string of exactly the limit", one, rest(40, "aa".repeat(64)), true],
    ["a string above its limit", one, rest(41, "aa".repeat(64)), false],
    ["a string without its padding, as Solidity accepts it", one, rest(3, "aabbcc"), true],
    ["a string cut off by a byte", one, rest(3, "aabb"), false],
    ["an empty string", one, rest(0, ""), true],
    ["dirty padding, as Solidity accepts it", one, rest(3, "aabbcc".padEnd(64, "f")), true],
    ["no length word", one, wordHex(32), false],
    ["a length word cut off", one, wordHex(32) + wordHex(0).slice(2), false],
    ["an offset just beyond the data", one, wordHex(64) + wordHex(0), false],
    ["an offset of 2^32, which 32 bits would take for 0", one, wordHex(2n ** 32n) + wordHex(0), false],
    ["an offset of 2^64", one, wordHex(2n ** 64n) + wordHex(0), false],
    ["an offset of 2^256 - 1", one, "ff".repeat(32) + wordHex(0), false],
    ["an offset of 2^256 - 32, which wraps to before the head", one, wordHex(-32) + wordHex(0), false],
    ["an offset of 2^32 - 1", one, wordHex(2n ** 32n - 1n) + wordHex(0), false],
    ["a length of 2^32", one, rest(2n ** 32n, ""), false],
    ["a length of 2^32 - 1", one, rest(2n ** 32n - 1n, ""), false],
    ["a length of 2^256 - 1", one, wordHex(32) + "ff".repeat(32), false],
    ["an offset that points at the head itself", one, wordHex(0), true],
    ["two tails that overlap", [bytes(40), bytes(40)], wordHex(64) + wordHex(64) + wordHex(2) + "aabb".padEnd(64, "0"), true],
    ["an offset that is no multiple of 32", one, wordHex(33) + "00" + wordHex(2) + "aabb", true],
    ["bytes behind the arguments", one, rest(0, "12345678"), true],
    ["no data at all", one, "", false],
    ["nothing for a function without parameters", [], "", true],
    ["something for a function without parameters", [], "1234", true],
    ["a head cut off by a byte", [word("u256"), word("u256")], "00".repeat(63), false],
    ["a list within its limit", [list("u8", 2)], rest(2, wordHex(1) + wordHex(255)), true],
    ["a list above its limit", [list("u8", 2)], rest(3, wordHex(1) + wordHex(2) + wordHex(3)), false],
    ["a list cut off", [list("u8", 2)], rest(2, wordHex(1) + wordHex(2).slice(2)), false],
    ["a list with a bad element", [list("u8", 2)], rest(2, wordHex(1) + wordHex(256)), false],
    ["a list whose length times 32 exceeds 32 bits", [list("u8", 0x7fffffff)], rest(0x0800_0000, ""), false],
    ["a string that isn't UTF-8", [bytes(40, true)], rest(1, "ff".padEnd(64, "0")), false],
    ["bytes that aren't UTF-8", [bytes(40)], rest(1, "ff".padEnd(64, "0")), true],
  ])("%s", (_, args, data, expected) => {
    expect(valid(args, fromHex(data))).toBe(expected);
  });

  it("random edits of good calldata are judged as the users' decoder judges them", () => {
    const args = [word("u64"), bytes(64, true), list("i16", 4), word("address"), bytes(64)];
    const params = ["uint64", "string", "int16[]", "address", "bytes"].map((type) => ({ name: "", type }));
    const good = encodeArgs(params, [7n, "grüße", [-1, 2], `0x${"11".repeat(20)}`, "0x0102"]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255))), { maxLength: 3 }),
        fc.nat(40),
        (edits, cut) => {
          const data = good.slice(0, good.length - (cut > 20 ? cut : 0));
          for (const [at, byte] of edits) if (at < data.length) data[at] = byte;
          const values = decodeArgs(params, data);
          const within =
            values !== undefined && sizeOf(values[1].value) <= 64 && sizeOf(values[2].value) <= 4 && sizeOf(values[4].value) <= 64;
          expect(valid(args, data)).toBe(within);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("UTF-8", () => {
  it("is what a strict decoder takes, for all two-byte and many longer sequences", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const check = (...sequence: readonly number[]): void => {
      const data = Uint8Array.from([0x41, ...sequence, 0x42]);
      let expected = true;
      try {
        decoder.decode(data);
      } catch {
        expected = false;
      }
      expect(isUtf8(data, 0, data.length)).toBe(expected);
      expect(isUtf8(data, 1, sequence.length)).toBe(expected);
    };
    const tails = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let lead = 0x80; lead < 0x100; lead++) {
      check(lead);
      for (const a of tails) {
        check(lead, a);
        for (const b of tails) {
          check(lead, a, b);
          for (const c of tails) check(lead, a, b, c);
        }
      }
    }
  });
});

describe("reading arguments", () => {
  it("gives the values that were encoded, heads and tails, aligned or not", () => {
    const state = newState();
    const params = ["bool", "int8", "uint32", "int64", "uint256", "int256", "address", "bytes", "int16[]", "uint128[]", "address[]"].map(
      (type) => ({ name: "", type }),
    );
    const who = `0x${"1234567890".repeat(4)}`;
    const encoded = encodeArgs(params, [
      true,
      -5,
      4294967295,
      -(2n ** 63n),
      2n ** 256n - 1n,
      -(2n ** 255n),
      who,
      "0x010203",
      [-2, 3],
      [2n ** 128n - 1n, 1n],
      [who, who],
    ]);
    const buffer = new SharedArrayBuffer(8 + encoded.length + 8);
    new Uint8Array(buffer).set(encoded, 8);
    const input = new Calldata(buffer);
    input.open(8);
    expect(input.bool(0)).toBe(true);
    expect([input.number(1), input.number(2)]).toEqual([-5, 4294967295]);
    expect([input.big(3, "i64"), input.big(4, "u256"), input.big(5, "i256")]).toEqual([-(2n ** 63n), 2n ** 256n - 1n, -(2n ** 255n)]);
    const id = input.address(6, state.addresses);
    expect(state.addresses.hexOf(id)).toBe(who);
    expect(input.bytes(7)).toEqual(Uint8Array.of(1, 2, 3));
    expect([input.length(7), input.length(8)]).toEqual([3, 2]);
    expect([input.elementNumber(8, 0), input.elementNumber(8, 1)]).toEqual([-2, 3]);
    expect([input.elementBig(9, 0, "u128"), input.elementBig(9, 1, "u128")]).toEqual([2n ** 128n - 1n, 1n]);
    expect(input.elementAddress(10, 1, state.addresses)).toBe(id);
    // The list of addresses again, from an offset that isn't even a multiple of 4.
    const shifted = fromHex(wordHex(33) + "00" + wordHex(1) + who.slice(2).padStart(64, "0") + "00".repeat(7));
    const other = new Calldata(new SharedArrayBuffer(104));
    other.u8.set(shifted, 0);
    other.open(0);
    expect(other.elementAddress(0, 0, state.addresses)).toBe(id);
  });
});
