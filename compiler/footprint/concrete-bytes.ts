/**
 * Byte strings that terms compute from known values: ABI encoding, `concat`, hashes, byte for byte as the running contract would.
 * Used by the evaluator of terms (`concrete.ts`).
 */
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { foldConcat, foldHash } from "../check/fold-bytes.ts";
import type { HashName, Value } from "../typed/tree.ts";
import type { Concrete } from "./concrete-value.ts";

/** A value without members as the compiler's constants have it; undefined for lists, structs and the like. */
export function valueOf(type: Type, value: Concrete): Value | undefined {
  if (typeof value === "boolean") return { kind: "bool", value };
  if (typeof value === "bigint") return type.kind === "enum" ? { kind: "enum", value: Number(value) } : { kind: "int", value };
  if (typeof value !== "string") return undefined;
  if (type.kind === "address" || type.kind === "handle") return { kind: "address", value };
  if (type.kind === "string") return { kind: "string", value: new TextDecoder().decode(hexToBytes(value.slice(2))) };
  return type.kind === "bytes32" ? { kind: "bytes32", value } : { kind: "bytes", value };
}

export function textBytes(text: string): string {
  return `0x${bytesToHex(utf8ToBytes(text))}`;
}

export function hashOf(name: HashName, type: Type, value: Concrete): Concrete {
  return String(foldHash(name, single(type, value), type).value);
}

/** Values one after the other without padding. */
export function packedBytes(types: readonly Type[], values: readonly Concrete[]): Concrete {
  const parts = types.map((type, i) => ({ value: single(type, values[i]), type }));
  return String(foldConcat(parts, false).value);
}

/** As a tuple of single values: heads, then the tails of strings and bytes. */
export function encodedBytes(types: readonly Type[], values: readonly Concrete[]): Concrete {
  let heads = "";
  let tails = "";
  for (const [i, type] of types.entries()) {
    if (type.kind !== "string" && type.kind !== "bytes") {
      heads += word(single(type, values[i]).value);
      continue;
    }
    const digits = String(values[i]).slice(2);
    heads += word(BigInt(types.length * 32 + tails.length / 2));
    tails += word(BigInt(digits.length / 2)) + digits.padEnd(Math.ceil(digits.length / 64) * 64, "0");
  }
  return `0x${heads}${tails}`;
}

function word(value: Value["value"]): string {
  const number = typeof value === "boolean" ? (value ? 1n : 0n) : BigInt(value);
  return BigInt.asUintN(256, number).toString(16).padStart(64, "0");
}

function single(type: Type, value: Concrete): Value {
  const made = valueOf(type, value);
  if (made === undefined) throw new Bug(`a ${type.kind} isn't packed into bytes by a term`);
  return made;
}
