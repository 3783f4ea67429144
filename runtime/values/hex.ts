/**
 * Bytes and hex with 0x, lower case. Wrong input is an error of the caller, told as RangeError.
 */
import type { Hex } from "../types.ts";

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function bytesToHex(bytes: Uint8Array): Hex {
  let text = "";
  for (const byte of bytes) text += DIGITS[byte];
  return `0x${text}`;
}

/** `length` is the number of bytes expected; -1 takes any. */
export function hexToBytes(text: string, length: number): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) throw new RangeError(`not hex with 0x: ${text.slice(0, 80)}`);
  const count = (text.length - 2) / 2;
  if (length !== -1 && count !== length) throw new RangeError(`expected ${length} bytes of hex, found ${count}`);
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  return bytes;
}
