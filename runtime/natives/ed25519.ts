/**
 * Ed25519 as RFC 8032 and FIPS 186-5 have it, strictly: encodings are canonical, s is below the order, and keys of small order are refused. So no
 * signature can be changed into another valid one, and none is valid for every message; the laxer ZIP 215 allows the latter.
 */
import { ed25519 } from "@noble/curves/ed25519.js";

const SIGNATURE_BYTES = 64;

export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
