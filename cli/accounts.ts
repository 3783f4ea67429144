/**
 * Accounts that tests and scenarios name. `@name` is an Ethereum account: the address of the secp256k1 key keccak256("weft:" + name).
 * Accounts of generated groups are plain hashes instead, since a key costs a millisecond: nobody can sign for them.
 */
import { createHash } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Hex } from "../runtime/types.ts";

/** What every named account holds at the start, in units of the native coin. */
export const ACCOUNT_BALANCE = 10n ** 24n;
/** Calls, views and deployments that name no account are made by this one. */
export const DEFAULT_ACCOUNT = "default";

const known = new Map<string, Hex>();

export function namedAccount(name: string): Hex {
  const found = known.get(name);
  if (found !== undefined) return found;
  const key = keccak_256(utf8ToBytes(`weft:${name}`));
  const point = secp256k1.getPublicKey(key, false);
  // The first byte says that the point is uncompressed; the address is the end of the hash of its coordinates.
  const address: Hex = `0x${bytesToHex(keccak_256(point.subarray(1)).subarray(12))}`;
  known.set(name, address);
  return address;
}

export function generatedAccounts(group: string, count: number): readonly Hex[] {
  return Array.from({ length: count }, (_, index): Hex => {
    return `0x${createHash("sha256").update(`weft:${group}:${index}`).digest("hex").slice(0, 40)}`;
  });
}
