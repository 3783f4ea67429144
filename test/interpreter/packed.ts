/**
 * Values that take one cell as a whole (lists, options, enums with payload) as the bytes that reports show: parts one after the other, each in as
 * many bytes as its type has, lengths in four, zeros at the end left out.
 */
import { payloadsOf } from "../../compiler/core/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import { concatAll } from "./concat.ts";
import { asHex, asItems, lengthOf, membersOf, variantParts } from "./values.ts";
import type { Val } from "./values.ts";

const COUNT_DIGITS = 8;

export function packedBytes(type: Type, value: Val): string {
  const digits = digitsOf(type, value);
  let { length } = digits;
  while (length > 0 && digits.slice(length - 2, length) === "00") length -= 2;
  return `0x${digits.slice(0, length)}`;
}

function digitsOf(type: Type, value: Val): string {
  switch (type.kind) {
    case "string":
    case "bytes":
      return count(lengthOf(value)) + asHex(value).slice(2);
    case "list":
      return (
        count(lengthOf(value)) +
        asItems(value)
          .map((item) => digitsOf(type.element, item))
          .join("")
      );
    case "struct":
    case "tuple":
      return (membersOf(type) ?? []).map((member, i) => digitsOf(member.type, asItems(value)[i])).join("");
    case "option":
    case "enum": {
      if (typeof value === "bigint") return concatAll([type], [value]).slice(2);
      const { variant, carried } = variantParts(value);
      const tag = variant.toString(16).padStart(2, "0");
      return (
        tag +
        payloadsOf(type)
          [variant].map((part, i) => digitsOf(part, carried[i]))
          .join("")
      );
    }
    default:
      return concatAll([type], [value]).slice(2);
  }
}

function count(length: bigint): string {
  return length.toString(16).padStart(COUNT_DIGITS, "0");
}
