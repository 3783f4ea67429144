/**
 * keccak-256 as Ethereum uses it, and what is derived from it: selectors and topics.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";

export function keccak(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** keccak-256 of the signature's text, e.g. `Transfer(address,address,uint256)`: the first topic of an event. */
export function topicOf(signature: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(signature));
}

/** First four bytes of keccak-256 of the signature, as an unsigned number. */
export function selectorOf(signature: string): number {
  const hash = topicOf(signature);
  return ((hash[0] << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3]) >>> 0;
}
