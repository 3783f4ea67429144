/** Byte strings that tests compute: ABI encoding and decoding, `concat`, hashes. */
import { foldConcat, foldHash } from "../../compiler/check/fold-bytes.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { HashName, Site, Value } from "../../compiler/typed/tree.ts";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import { hexToBytes } from "../../runtime/values/hex.ts";
import { cannotEvaluate } from "./failure.ts";
import { abiParam, asHex, asInteger, decodeResult, toHex } from "./values.ts";
import type { TestValue } from "./values.ts";

export function encodeValues(types: readonly Type[], values: readonly TestValue[]): TestValue {
  const params = types.map((type) => abiParam("", type));
  return toHex(encodeArgs(params, values));
}

export function decodeValue(type: Type, data: TestValue, site: Site): TestValue {
  const value = decodeResult(type, hexToBytes(asHex(data), -1));
  if (value === undefined) throw cannotEvaluate(site, "the data isn't an encoding of this type");
  return value;
}

export function concatValues(types: readonly Type[], values: readonly TestValue[], result: Type): TestValue {
  const parts = types.map((type, i) => ({ value: constantOf(type, values[i]), type }));
  return String(foldConcat(parts, result.kind === "string").value);
}

export function hashOf(name: HashName, type: Type, data: TestValue): TestValue {
  return String(foldHash(name, constantOf(type, data), type).value);
}

/** A single value as a constant of the compiler. */
function constantOf(type: Type, value: TestValue): Value {
  switch (type.kind) {
    case "bool":
      return { kind: "bool", value: value === true };
    case "int":
      return { kind: "int", value: asInteger(value) };
    case "enum":
      return { kind: "enum", value: Number(asInteger(value)) };
    case "address":
    case "handle":
      return { kind: "address", value: String(value) };
    case "bytes32":
      return { kind: "bytes32", value: String(value) };
    case "string":
      return { kind: "string", value: String(value) };
    default:
      return { kind: "bytes", value: asHex(value) };
  }
}
