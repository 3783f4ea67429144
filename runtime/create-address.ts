/**
 * The address of a contract that an account deploys: Ethereum's CREATE, the last 20 bytes of keccak-256 of rlp([sender, nonce]).
 */
import type { Hex } from "./types.ts";
import { bytesToHex, hexToBytes } from "./values/hex.ts";
import { keccak } from "./values/keccak.ts";

export function createAddress(sender: Hex, nonce: bigint): Hex {
  const content = [0x80 + 20, ...hexToBytes(sender, 20), ...rlpNumber(nonce)];
  return bytesToHex(keccak(Uint8Array.from([0xc0 + content.length, ...content])).subarray(12));
}

/** Numbers are big-endian without leading zeros; those from 1 to 127 stand for themselves. */
function rlpNumber(value: bigint): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return bytes.length === 1 && bytes[0] < 0x80 ? bytes : [0x80 + bytes.length, ...bytes];
}
