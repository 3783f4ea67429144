/** Computes hashes and `concat` of constants, byte for byte as the running contract would. */
import { blake3 } from "@noble/hashes/blake3.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import type { Type } from "../core/types.ts";
import type { HashName, Value } from "../typed/tree.ts";

const HASHES: Readonly<Record<HashName, (data: Uint8Array) => Uint8Array>> = { sha256, keccak256: keccak_256, blake3 };

export function foldHash(name: HashName, value: Value, type: Type): Value {
  return { kind: "bytes32", value: hex(HASHES[name](packed(value, type))) };
}

/** `asText`: all parts are strings, and so is the whole. */
export function foldConcat(parts: readonly { readonly value: Value; readonly type: Type }[], asText: boolean): Value {
  if (asText) return { kind: "string", value: parts.map(({ value }) => String(value.value)).join("") };
  return { kind: "bytes", value: hex(concatBytes(...parts.map(({ value, type }) => packed(value, type)))) };
}

function hex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}

/** The bytes of a single value in a row: integers and enums in as many as their type has. */
function packed(value: Value, type: Type): Uint8Array {
  switch (value.kind) {
    case "string":
      return new TextEncoder().encode(value.value);
    case "bytes":
    case "bytes32":
    case "address":
      return hexToBytes(value.value.slice(2));
    case "bool":
      return Uint8Array.of(value.value ? 1 : 0);
    case "enum":
      return Uint8Array.of(value.value);
    case "int": {
      const bits = type.kind === "int" ? type.bits : 256;
      return hexToBytes(
        BigInt.asUintN(bits, value.value)
          .toString(16)
          .padStart(bits / 4, "0"),
      );
    }
  }
}
