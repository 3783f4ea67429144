/** How a function looks from outside: its canonical ABI signature and the 4-byte selector made of it. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { Bug } from "./bug.ts";
import type { Type } from "./types.ts";

/** The ABI's name of a type: structs and tuples in parentheses, enums as uint8, typed addresses as address. */
export function abiType(type: Type): string {
  switch (type.kind) {
    case "bool":
    case "address":
    case "bytes32":
    case "string":
    case "bytes":
      return type.kind;
    case "int":
      return `${type.signed ? "int" : "uint"}${type.bits}`;
    case "enum":
      return "uint8";
    case "handle":
      return "address";
    case "list":
      return `${abiType(type.element)}[]`;
    case "struct":
      return `(${type.fields.map((field) => abiType(field.type)).join(",")})`;
    case "tuple":
      return `(${type.elements.map((element) => abiType(element.type)).join(",")})`;
    case "map":
    case "sequence":
    case "history":
    case "set":
    case "option":
    case "unit":
    case "poison":
      throw new Bug(`abiType: ${type.kind} never crosses the ABI`);
  }
}

export function abiSignature(name: string, params: readonly Type[]): string {
  return `${name}(${params.map(abiType).join(",")})`;
}

/** An editor asks for the same ones at each edit. */
const MAX_KNOWN = 8_192;
const known = new Map<string, string>();

/** Lower case, `0x` and 8 digits. */
export function selectorOf(signature: string): string {
  const found = known.get(signature);
  if (found !== undefined) return found;
  const selector = `0x${bytesToHex(keccak_256(new TextEncoder().encode(signature)).subarray(0, 4))}`;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(signature, selector);
  return selector;
}
