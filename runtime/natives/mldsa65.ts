/**
 * ML-DSA-65 of FIPS 204, pure mode with an empty context. Keys and signatures of another length are invalid.
 */
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";

const KEY_BYTES = 1952;
const SIGNATURE_BYTES = 3309;

export function verifyMldsa65(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return ml_dsa65.verify(signature, message, key);
  } catch {
    return false;
  }
}
