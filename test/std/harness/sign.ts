/** Signatures of the test accounts. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hashTypedData, hexToBytes } from "viem";
import type { Hex, TypedDataDefinition } from "viem";
import type { PEOPLE } from "./subject.ts";

export interface Signature {
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

export function sign(name: (typeof PEOPLE)[number], hash: Hex): Signature {
  const secret = keccak_256(new TextEncoder().encode(`weft:${name}`));
  // Recovery byte first, then r and s.
  const bytes = secp256k1.sign(hexToBytes(hash), secret, { prehash: false, format: "recovered" });
  return { v: 27 + bytes[0], r: bytesToHex(bytes.subarray(1, 33)), s: bytesToHex(bytes.subarray(33, 65)) };
}

/** EIP-712. */
export function signTyped(name: (typeof PEOPLE)[number], data: TypedDataDefinition): Signature {
  return sign(name, hashTypedData(data));
}
