/** Hashes and signatures for the reference interpreter, by the audited noble packages. Values are hex; bad keys and signatures give false. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { blake3 } from "@noble/hashes/blake3.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { fromHex, toHex } from "./values.ts";

const HASHES = { sha256, keccak256: keccak_256, blake3 } as const;

export function hashOf(name: keyof typeof HASHES, data: string): string {
  return toHex(HASHES[name](fromHex(data)));
}

/** As Ethereum's precompile: `v` is 27 or 28, `s` may be in the upper half; the zero address if no key fits. */
export function recover(hash: string, v: bigint, r: string, s: string): string {
  const nobody = `0x${"0".repeat(40)}`;
  if (v !== 27n && v !== 28n) return nobody;
  try {
    const signature = new secp256k1.Signature(BigInt(r), BigInt(s), Number(v) - 27);
    const key = signature.recoverPublicKey(fromHex(hash)).toBytes(false);
    return `0x${toHex(keccak_256(key.subarray(1))).slice(-40)}`;
  } catch {
    // The numbers are out of range, or there is no such point.
    return nobody;
  }
}

/** By the strict rules of RFC 8032, not those of ZIP 215: keys of small order are refused. */
export function verifyEd25519(key: string, message: string, signature: string): boolean {
  return orFalse(() => ed25519.verify(fromHex(signature), fromHex(message), fromHex(key), { zip215: false }));
}

export function verifyMlDsa65(key: string, message: string, signature: string): boolean {
  return orFalse(() => ml_dsa65.verify(fromHex(signature), fromHex(message), fromHex(key)));
}

/** The packages throw at keys and signatures of another length or form. */
function orFalse(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}
