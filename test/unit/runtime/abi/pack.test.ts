import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatValues, packValue, unpackValue } from "../../../../runtime/abi/pack.ts";
import { decodeNeutral } from "../../../../runtime/abi/codec.ts";
import { compileShape, layoutOf } from "../../../../runtime/abi/shape.ts";
import type { Neutral, Shape, WordKind } from "../../../../runtime/module.ts";
import { abiCases } from "../../../helpers/abi-types.ts";
import { hex, newState, wordHex } from "../fixture.ts";

const { addresses } = newState(100_000);
const word = (type: WordKind, variants = 0): Shape => ({ kind: "word", type, variants });
const list = (element: Shape): Shape => ({ kind: "list", max: 10, element });
const bytes: Shape = { kind: "bytes", max: 20, utf8: false };
const option = (inner: Shape): Shape => ({ kind: "variant", variants: [[], [inner]] });
const ZERO = 1;

describe("packed values", () => {
  it.each<[string, Shape, Neutral, string]>([
    ["an empty list", list(word("u64")), [], ""],
    ["none", option(word("u256")), [0], ""],
    ["some zero", option(word("u256")), [1, 0n], "01"],
    ["a list of zeros keeps its length", list(word("u8")), [0, 0], "00000002"],
    ["numbers in as many bytes as their type", list(word("u16")), [1, 0x203, 0], "0000000300010203"],
    ["negative numbers", list(word("i32")), [-2], "00000001fffffffe"],
    ["wide numbers", option(word("u128")), [1, 2n ** 64n], "0100000000000000010000000000000000".slice(0, 18)],
    ["bytes with their length, zeros at the end left out", option(bytes), [1, Uint8Array.from([7, 0, 0])], "010000000307"],
    ["the zero address as zeros", option(word("address")), [1, ZERO], "01"],
    ["tuples member by member", option({ kind: "tuple", members: [word("bool"), word("u32")] }), [1, [true, 258]], "010100000102"],
    [
      "variants with several values",
      { kind: "variant", variants: [[], [word("u8")], [word("u32"), bytes]] },
      [2, 5, Uint8Array.from([1])],
      "02000000050000000101",
    ],
  ])("%s", (_, shape, value, text) => {
    const packed = packValue(shape, value, addresses);
    expect(hex(packed)).toBe(text);
    expect(unpackValue(shape, packed, addresses)).toEqual(value);
  });

  it("come back as they were, whatever they are", () => {
    fc.assert(
      fc.property(abiCases, fc.nat(3), (cases, tag) => {
        addresses.ensureRoom(1000);
        const members = cases.map(({ shape }) => shape);
        const values = cases.map(({ neutral }) => neutral((address) => addresses.internHex(address)));
        const shape: Shape = { kind: "variant", variants: [members, members, members, members] };
        expect(unpackValue(shape, packValue(shape, [tag, ...values], addresses), addresses)).toEqual([tag, ...values]);
      }),
      { numRuns: 300 },
    );
  });

  it("of `concat` stand side by side without lengths", () => {
    const shape: Shape = { kind: "tuple", members: [word("u16"), bytes, word("bool"), word("address"), word("i8")] };
    const address = addresses.internHex(`0x${"ab".repeat(20)}`);
    expect(hex(concatValues(shape, [1, Uint8Array.from([7, 0]), true, address, -1], addresses))).toBe(`0001070001${"ab".repeat(20)}ff`);
  });
});

describe("nested lists that share their tails", () => {
  const deep = list(list(list(list(list(word("u8"))))));

  it("are refused when they stand for more values than the data could hold", () => {
    // Each level has ten elements, and all of them are the same tail.
    const level = (inner: string): string => wordHex(10) + wordHex(320).repeat(10) + inner;
    let text = wordHex(10) + wordHex(1).repeat(10);
    for (let i = 0; i < 4; i++) text = level(text);
    const data = Uint8Array.from(Buffer.from(wordHex(32) + text, "hex"));
    const started = performance.now();
    expect(decodeNeutral(compileShape([deep]), [layoutOf(deep)], data, addresses)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(200);
  });

  it("are fine within that", () => {
    const shape = list(list(word("u8")));
    const text = wordHex(32) + wordHex(2) + wordHex(64).repeat(2) + wordHex(1) + wordHex(9);
    expect(decodeNeutral(compileShape([shape]), [layoutOf(shape)], Uint8Array.from(Buffer.from(text, "hex")), addresses)).toEqual([
      [[9], [9]],
    ]);
  });
});
