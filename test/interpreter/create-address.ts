/** The address of a contract that an account deploys: Ethereum's CREATE, the last 20 bytes of keccak-256 of rlp([sender, nonce]). */
import { keccakHex } from "./abi.ts";
import { hex } from "./store.ts";
import type { Hex } from "../../runtime/types.ts";

export function createAddress(sender: string, nonce: bigint): Hex {
  const content = `94${sender.slice(2)}${rlpNumber(nonce)}`;
  const prefix = (0xc0 + content.length / 2).toString(16);
  return hex(`0x${keccakHex(`0x${prefix}${content}`).slice(-40)}`);
}

/** Numbers are big-endian without leading zeros; below 128 they stand for themselves. */
function rlpNumber(value: bigint): string {
  if (value === 0n) return "80";
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return value < 128n ? even : `${(0x80 + even.length / 2).toString(16)}${even}`;
}
