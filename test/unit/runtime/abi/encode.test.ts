import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AbiValue } from "../../../../runtime/abi/decode.ts";
import { decodeArgs, decodeValues } from "../../../../runtime/abi/decode.ts";
import type { AbiInput } from "../../../../runtime/abi/encode.ts";
import { encodeArgs, encodeCall } from "../../../../runtime/abi/encode.ts";
import { AbiError, parseType, selectorOfEntry, signatureOf, typeName } from "../../../../runtime/abi/type.ts";
import type { AbiEntry, AbiParam } from "../../../../runtime/module.ts";
import { hex, wordHex } from "../fixture.ts";

function fn(name: string, ...types: readonly string[]): AbiEntry {
  return {
    type: "function",
    name,
    inputs: types.map((type, index) => ({ name: `p${index}`, type })),
    outputs: [],
    stateMutability: "nonpayable",
  };
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Lines of 32 bytes as the specification prints them. */
const lines = (...words: readonly string[]): string => words.join("");
const textWord = (text: string): string => hex(ascii(text)).padEnd(64, "0");

describe("the examples of the Contract ABI specification", () => {
  it.each<[string, AbiEntry, readonly AbiInput[], string]>([
    ["baz", fn("baz", "uint32", "bool"), [69, true], lines("cdcd77c0", wordHex(69), wordHex(1))],
    ["bar", fn("bar", "bytes3[2]"), [["0x616263", "0x646566"]], lines("fce353f6", textWord("abc"), textWord("def"))],
    [
      "sam",
      fn("sam", "bytes", "bool", "uint256[]"),
      [ascii("dave"), true, [1, 2, 3]],
      lines(
        "a5643bf2",
        wordHex(0x60),
        wordHex(1),
        wordHex(0xa0),
        wordHex(4),
        textWord("dave"),
        wordHex(3),
        wordHex(1),
        wordHex(2),
        wordHex(3),
      ),
    ],
    [
      "f",
      fn("f", "uint256", "uint32[]", "bytes10", "bytes"),
      [0x123, [0x456, 0x789], ascii("1234567890"), ascii("Hello, world!")],
      lines(
        "8be65246",
        wordHex(0x123),
        wordHex(0x80),
        textWord("1234567890"),
        wordHex(0xe0),
        wordHex(2),
        wordHex(0x456),
        wordHex(0x789),
        wordHex(0xd),
        textWord("Hello, world!"),
      ),
    ],
    [
      "g",
      fn("g", "uint256[][]", "string[]"),
      [
        [[1, 2], [3]],
        ["one", "two", "three"],
      ],
      lines(
        "2289b18c",
        wordHex(0x40),
        wordHex(0x140),
        wordHex(2),
        wordHex(0x40),
        wordHex(0xa0),
        wordHex(2),
        wordHex(1),
        wordHex(2),
        wordHex(1),
        wordHex(3),
        wordHex(3),
        wordHex(0x60),
        wordHex(0xa0),
        wordHex(0xe0),
        wordHex(3),
        textWord("one"),
        wordHex(3),
        textWord("two"),
        wordHex(5),
        textWord("three"),
      ),
    ],
  ])("%s", (_, entry, args, expected) => {
    expect(hex(encodeCall(entry, args))).toBe(expected);
  });
});

describe("signatures and selectors", () => {
  it("are those that everyone knows", () => {
    expect(selectorOfEntry(fn("transfer", "address", "uint256")).toString(16)).toBe("a9059cbb");
    expect(selectorOfEntry(fn("transferFrom", "address", "address", "uint256")).toString(16)).toBe("23b872dd");
    expect(selectorOfEntry(fn("balanceOf", "address")).toString(16)).toBe("70a08231");
    expect(selectorOfEntry({ ...fn("Panic", "uint256"), type: "error" }).toString(16)).toBe("4e487b71");
    expect(selectorOfEntry({ ...fn("Error", "string"), type: "error" }).toString(16)).toBe("8c379a0");
  });

  it("write tuples out", () => {
    const components: AbiParam[] = [
      { name: "a", type: "uint8" },
      { name: "b", type: "bytes" },
    ];
    expect(signatureOf({ ...fn("f"), inputs: [{ name: "t", type: "tuple[2][]", components }] })).toBe("f((uint8,bytes)[2][])");
  });

  it.each([
    "uint",
    "uint7",
    "uint264",
    "uint0",
    "int",
    "bytes0",
    "bytes33",
    "bytes01",
    "uint08",
    "address payable",
    "uint8[0]",
    "uint8[99999999]",
    "foo",
    "",
    "[]",
    "tuple",
    `uint8${"[]".repeat(40)}`,
  ])("`%s` is no type", (type) => {
    expect(() => parseType({ name: "x", type })).toThrow(AbiError);
  });
});

/** A type with values of it. */
interface Sample {
  readonly param: AbiParam;
  readonly value: AbiValue;
}

const leafSample: fc.Arbitrary<Sample> = fc.oneof(
  fc.boolean().map((value): Sample => ({ param: { name: "", type: "bool" }, value })),
  fc
    .integer({ min: 1, max: 32 })
    .chain((bytes) =>
      fc
        .bigInt({ min: 0n, max: 2n ** BigInt(8 * bytes) - 1n })
        .map((value): Sample => ({ param: { name: "", type: `uint${8 * bytes}` }, value })),
    ),
  fc
    .integer({ min: 1, max: 32 })
    .chain((bytes) =>
      fc
        .bigInt({ min: -(2n ** BigInt(8 * bytes - 1)), max: 2n ** BigInt(8 * bytes - 1) - 1n })
        .map((value): Sample => ({ param: { name: "", type: `int${8 * bytes}` }, value })),
    ),
  fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((value): Sample => ({ param: { name: "", type: "address" }, value: `0x${hex(value)}` })),
  fc
    .uint8Array({ minLength: 1, maxLength: 32 })
    .map((value): Sample => ({ param: { name: "", type: `bytes${value.length}` }, value: `0x${hex(value)}` })),
  fc.uint8Array({ maxLength: 70 }).map((value): Sample => ({ param: { name: "", type: "bytes" }, value })),
  fc.string({ unit: "grapheme", maxLength: 40 }).map((value): Sample => ({ param: { name: "", type: "string" }, value })),
);

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3 },
    leafSample,
    fc.tuple(tie("sample"), fc.integer({ min: 0, max: 3 })).map(([{ param, value }, count]): Sample => ({
      param: { ...param, type: `${param.type}[]` },
      value: new Array<AbiValue>(count).fill(value),
    })),
    fc.tuple(tie("sample"), fc.integer({ min: 1, max: 3 })).map(([{ param, value }, count]): Sample => ({
      param: { ...param, type: `${param.type}[${count}]` },
      value: new Array<AbiValue>(count).fill(value),
    })),
    fc.array(tie("sample"), { minLength: 1, maxLength: 3 }).map((members): Sample => ({
      param: { name: "", type: "tuple", components: members.map(({ param }, index) => ({ ...param, name: `m${index}` })) },
      value: members.map((member) => member.value),
    })),
  ),
}));

describe("encoding and decoding", () => {
  it("are inverse to each other for all types", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 4 }), (samples) => {
        const params = samples.map(({ param }) => param);
        const data = encodeArgs(
          params,
          samples.map(({ value }) => value),
        );
        expect(data.length % 32).toBe(0);
        expect(decodeArgs(params, data)?.map(({ value }) => value)).toEqual(samples.map(({ value }) => value));
      }),
      { numRuns: 300 },
    );
  });

  it("never fail on hostile data, and never take long", () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 3 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        (samples, noise, edits) => {
          const params = samples.map(({ param }) => param);
          decodeArgs(params, noise);
          const data = encodeArgs(
            params,
            samples.map(({ value }) => value),
          );
          for (const [word, byte] of edits) if (word * 32 + 31 < data.length) data[word * 32 + 31] = byte;
          decodeArgs(params, data);
          // Every word of an encoding is needed, though the padding in the last one isn't.
          if (edits.length === 0) expect(decodeArgs(params, data.subarray(0, data.length - 32))).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  it("refuse data whose arrays share tails so as to grow without limit", () => {
    // Each of 8 levels holds 32 offsets to one and the same next level: 32^8 values from 8.5 KB.
    const levels = 8;
    const width = 32;
    const words: bigint[] = [32n];
    for (let level = 0; level < levels; level++) {
      words.push(BigInt(width));
      for (let i = 0; i < width; i++) words.push(level === levels - 1 ? 7n : BigInt(width * 32));
    }
    const data = Buffer.from(words.map(wordHex).join(""), "hex");
    const started = performance.now();
    expect(decodeValues([parseType({ name: "", type: `uint8${"[]".repeat(levels)}` })], data)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each<[string, string, string]>([
    ["bool", "a bool above 1", wordHex(2)],
    ["uint8", "dirty bits of a uint8", wordHex(256)],
    ["int8", "an int8 without its sign", wordHex(128)],
    ["address", "dirty bits of an address", wordHex(2n ** 160n)],
    ["bytes3", "dirty bits of bytes3", wordHex(1)],
    ["string", "an offset beyond the data", wordHex(64)],
    ["string", "a huge offset", wordHex(2n ** 255n)],
    ["string", "a huge length", wordHex(32) + wordHex(2n ** 64n)],
    ["string", "text that isn't UTF-8", wordHex(32) + wordHex(1) + "ff".padEnd(64, "0")],
    ["uint8[]", "more elements than there are", wordHex(32) + wordHex(2) + wordHex(1)],
    ["uint8[]", "nothing", ""],
  ])("as %s: %s is refused", (type, _, data) => {
    expect(decodeArgs([{ name: "x", type }], Buffer.from(data, "hex"))).toBeUndefined();
  });
});

describe("values that don't fit their type", () => {
  const components: AbiParam[] = [
    { name: "a", type: "uint8" },
    { name: "b", type: "string" },
  ];
  const hostile = JSON.parse('{"__proto__": 1, "b": "x"}') as AbiInput;
  it.each<[string, AbiParam, AbiInput, RegExp]>([
    ["a number too large", { name: "x", type: "uint8" }, 256, /x: 256 doesn't fit uint8/],
    ["a negative number", { name: "x", type: "uint256" }, -1n, /doesn't fit/],
    ["a number below int8", { name: "x", type: "int8" }, -129, /doesn't fit/],
    ["a fraction", { name: "x", type: "uint8" }, 1.5, /expected an integer/],
    ["a number that lost digits", { name: "x", type: "uint256" }, 1e20, /expected an integer/],
    ["text for a number", { name: "x", type: "uint256" }, "12x", /expected an integer/],
    ["endless digits", { name: "x", type: "uint256" }, "9".repeat(100_000), /expected an integer/],
    ["a number for a bool", { name: "x", type: "bool" }, 1, /expected true or false/],
    ["a short address", { name: "x", type: "address" }, "0x12", /expected 20 bytes/],
    ["text for an address", { name: "x", type: "address" }, "alice", /expected 20 bytes as hex/],
    ["too many bytes", { name: "x", type: "bytes4" }, "0x1234567890", /expected 4 bytes/],
    ["half a surrogate pair", { name: "x", type: "string" }, "\ud800", /surrogate/],
    ["a list of wrong length", { name: "x", type: "uint8[2]" }, [1], /expected 2 elements/],
    ["a text for a list", { name: "x", type: "uint8[]" }, "12", /expected a list/],
    ["a wrong element", { name: "x", type: "uint8[]" }, [1, 2, 999], /x\[2\]: 999/],
    ["an unknown member", { name: "x", type: "tuple", components }, { a: 1, b: "", c: 2 }, /no member is called `c`/],
    ["a missing member", { name: "x", type: "tuple", components }, { a: 1 }, /member `b` is missing/],
    [
      "an inherited member",
      { name: "x", type: "tuple", components: [{ name: "toString", type: "uint8" }] },
      {},
      /member `toString` is missing/,
    ],
    ["a member named like a prototype", { name: "x", type: "tuple", components }, hostile, /no member is called|member `a` is missing/],
    ["nothing", { name: "x", type: "uint8" }, JSON.parse("null") as AbiInput, /found null/],
  ])("%s is refused with its place", (_, param, value, message) => {
    expect(() => encodeArgs([param], [value])).toThrow(AbiError);
    expect(() => encodeArgs([param], [value])).toThrow(message);
  });

  it("the number of arguments must be right", () => {
    expect(() => encodeCall(fn("f", "uint8"), [])).toThrow("expected 1 arguments, found 0");
  });

  it("names of types come back as written", () => {
    for (const type of ["uint8", "int256[2][]", "bytes32", "string[]"]) expect(typeName(parseType({ name: "", type }))).toBe(type);
  });
});
