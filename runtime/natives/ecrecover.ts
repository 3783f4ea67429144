/**
 * The signer of a hash, as Ethereum's precompiled contract 1 finds it: v is 27 or 28, r and s are from 1 to the order of the curve less 1, large s included.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytes32Of } from "../values/bytes32.ts";
import { keccak } from "../values/keccak.ts";

const ORDER = secp256k1.Point.Fn.ORDER;

export function recoverSigner(hash: bigint, v: number, r: bigint, s: bigint): Uint8Array | undefined {
  if ((v !== 27 && v !== 28) || r <= 0n || r >= ORDER || s <= 0n || s >= ORDER) return undefined;
  try {
    const key = new secp256k1.Signature(r, s, v - 27).recoverPublicKey(bytes32Of(hash)).toBytes(false);
    return keccak(key.subarray(1)).subarray(12);
  } catch {
    // No point of the curve has this r, or the key would be the point at infinity.
    return undefined;
  }
}
