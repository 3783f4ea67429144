/** Values known at compile time as JavaScript text. */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { representationOf } from "./representation.ts";

/** An integer in the representation of its type: `5`, `5n`. */
export function intText(type: Type, value: bigint): string {
  switch (representationOf(type)) {
    case "number":
      return String(value);
    case "big":
      return bigText(value);
    default:
      throw new Bug(`intText: ${type.kind}`);
  }
}

/** Decimal or hexadecimal, whichever is shorter. */
export function bigText(value: bigint): string {
  const decimal = `${String(value)}n`;
  const hex = `${value < 0n ? "-" : ""}0x${(value < 0n ? -value : value).toString(16)}n`;
  return decimal.length <= hex.length ? decimal : hex;
}

export function doubleText(value: number): string {
  return value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : String(value);
}

/** A string as a literal that stays on one line and is safe in any script. */
export function stringText(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}

export function bytesText(bytes: Uint8Array): string {
  return bytes.length === 0 ? "new Uint8Array(0)" : `Uint8Array.of(${bytes.join(", ")})`;
}

/** Plain data (layouts, ABI entries) as an object literal on one line. */
export function dataText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "number":
    case "boolean":
      return String(value);
    case "object": {
      if (Array.isArray(value)) return `[${value.map(dataText).join(", ")}]`;
      if (value === null) break;
      const members = Object.entries(value).filter(([, member]) => member !== undefined);
      return members.length === 0 ? "{}" : `{ ${members.map(([name, member]) => `${name}: ${dataText(member)}`).join(", ")} }`;
    }
    default:
      break;
  }
  throw new Bug(`dataText: ${typeof value}`);
}
