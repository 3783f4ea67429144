/** Test accounts: `@name` is the address of the secp256k1 key keccak256("weft:" + name). */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { hex } from "../interpreter/store.ts";
import { toHex } from "../interpreter/values.ts";
import type { Hex } from "../../runtime/types.ts";

const known = new Map<string, Hex>();

export function account(name: string): Hex {
  const address = known.get(name) ?? addressOf(keccak_256(new TextEncoder().encode(`weft:${name}`)));
  known.set(name, address);
  return address;
}

/** The last 20 bytes of the hash of the public key without its format byte. */
function addressOf(secretKey: Uint8Array): Hex {
  const publicKey = secp256k1.getPublicKey(secretKey, false);
  return hex(toHex(keccak_256(publicKey.subarray(1)).subarray(12)));
}
