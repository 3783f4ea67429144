/**
 * Random ABI types with values of them, as the runtime's public encoder, its neutral codec and viem each want them.
 */
import fc from "fast-check";
import type { AbiInput } from "../../runtime/abi/encode.ts";
import type { AbiParam, Neutral, Shape, WordKind } from "../../runtime/module.ts";
import type { Hex } from "../../runtime/types.ts";
import { bytesToHex } from "../../runtime/values/hex.ts";

export interface AbiCase {
  readonly param: AbiParam;
  readonly shape: Shape;
  readonly input: AbiInput;
  /** Addresses are interned by this. */
  readonly neutral: (intern: (address: Hex) => number) => Neutral;
  readonly viem: unknown;
}

const MAX_ITEMS = 4;
const MAX_BYTES = 80;
const NUMBERS = ["u8", "u16", "u32", "i8", "i16", "i32"] as const;
const BIGS = ["u64", "i64", "u128", "i128", "u256", "i256"] as const;

type Value = Pick<AbiCase, "input" | "neutral" | "viem">;
interface Typed {
  readonly param: Omit<AbiParam, "name">;
  readonly shape: Shape;
  readonly value: fc.Arbitrary<Value>;
}

const word = (type: WordKind, variants = 0): Shape => ({ kind: "word", type, variants });

function integer(type: (typeof NUMBERS)[number] | (typeof BIGS)[number]): Typed {
  const bits = Number(type.slice(1));
  const signed = type.startsWith("i");
  const limits = { min: signed ? -(1n << BigInt(bits - 1)) : 0n, max: (1n << BigInt(signed ? bits - 1 : bits)) - 1n };
  const values = fc.oneof(fc.bigInt(limits), fc.constantFrom(limits.min, limits.max, 0n, 1n));
  return {
    param: { type: `${signed ? "int" : "uint"}${bits}` },
    shape: word(type),
    value: values.map((big) => ({ input: big, neutral: () => (bits <= 32 ? Number(big) : big), viem: bits <= 48 ? Number(big) : big })),
  };
}

const words: fc.Arbitrary<Typed> = fc.oneof(
  fc.constantFrom(...NUMBERS, ...BIGS).map(integer),
  fc.constant({
    param: { type: "bool" },
    shape: word("bool"),
    value: fc.boolean().map((bool) => ({ input: bool, neutral: () => bool, viem: bool })),
  }),
  fc.constant({
    param: { type: "uint8" },
    shape: word("enum", 5),
    value: fc.nat(4).map((index) => ({ input: index, neutral: () => index, viem: index })),
  }),
  fc.constant({
    param: { type: "address" },
    shape: word("address"),
    value: bytesOf(20, 20).map((bytes) => {
      const hex = bytesToHex(bytes);
      return { input: hex, neutral: (intern: (address: Hex) => number) => intern(hex), viem: hex };
    }),
  }),
  fc.constant({
    param: { type: "bytes32" },
    shape: word("bytes32"),
    value: bytesOf(32, 32).map((bytes) => {
      const hex = bytesToHex(bytes);
      return { input: hex, neutral: () => BigInt(hex), viem: hex };
    }),
  }),
);

function bytesOf(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength, size: "max" });
}

const bytes: Typed = {
  param: { type: "bytes" },
  shape: { kind: "bytes", max: MAX_BYTES, utf8: false },
  value: bytesOf(0, MAX_BYTES).map((content) => ({ input: content, neutral: () => content, viem: bytesToHex(content) })),
};

const text: Typed = {
  param: { type: "string" },
  shape: { kind: "bytes", max: MAX_BYTES, utf8: true },
  value: fc
    .string({ unit: "grapheme", maxLength: 12 })
    .filter((each) => Buffer.byteLength(each) <= MAX_BYTES)
    .map((each) => ({ input: each, neutral: () => new TextEncoder().encode(each), viem: each })),
};

function listOf(element: Typed): Typed {
  return {
    param: { ...element.param, type: `${element.param.type}[]` },
    shape: { kind: "list", max: MAX_ITEMS, element: element.shape },
    value: fc.array(element.value, { maxLength: MAX_ITEMS }).map(together),
  };
}

function tupleOf(members: readonly Typed[]): Typed {
  return {
    param: { type: "tuple", components: members.map((member, index) => ({ ...member.param, name: `m${index}` })) },
    shape: { kind: "tuple", members: members.map((member) => member.shape) },
    value: fc.tuple(...members.map((member) => member.value)).map((values) => ({
      ...together(values),
      viem: Object.fromEntries(values.map((value, index) => [`m${index}`, value.viem])),
    })),
  };
}

function together(values: readonly Value[]): Value {
  return {
    input: values.map((value) => value.input),
    neutral: (intern) => values.map((value) => value.neutral(intern)),
    viem: values.map((value) => value.viem),
  };
}

const typed: fc.Arbitrary<Typed> = fc.letrec<{ any: Typed }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { weight: 5, arbitrary: words },
    { weight: 2, arbitrary: fc.constantFrom(bytes, text) },
    { weight: 2, arbitrary: tie("any").map(listOf) },
    { weight: 2, arbitrary: fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map(tupleOf) },
  ),
})).any;

/** Some parameters, each with a value. */
export const abiCases: fc.Arbitrary<readonly AbiCase[]> = fc
  .array(
    typed.chain(({ param, shape, value }) => value.map((each) => ({ param, shape, ...each }))),
    { maxLength: 5 },
  )
  .map((cases) => cases.map((each, index) => ({ ...each, param: { ...each.param, name: `p${index}` } })));
