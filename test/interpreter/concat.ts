/** `concat`: values one after the other without padding, as Solidity's packed mode for single values. */
import type { Type } from "../../compiler/core/types.ts";
import { asBool, asHex, asInt } from "./values.ts";
import type { Val } from "./values.ts";

export function concatAll(types: readonly Type[], values: readonly Val[]): string {
  return `0x${types.map((type, i) => digitsOf(type, values[i])).join("")}`;
}

function digitsOf(type: Type, value: Val): string {
  switch (type.kind) {
    case "bool":
      return asBool(value) ? "01" : "00";
    case "int":
      return BigInt.asUintN(type.bits, asInt(value))
        .toString(16)
        .padStart(type.bits / 4, "0");
    case "enum":
      return asInt(value).toString(16).padStart(2, "0");
    case "address":
    case "handle":
    case "bytes32":
    case "string":
    case "bytes":
      return asHex(value).slice(2);
    case "list":
    case "struct":
    case "tuple":
    case "option":
    case "map":
    case "set":
    case "history":
    case "sequence":
    case "unit":
    case "poison":
      throw new Error(`interpreter: ${type.kind} is never packed`);
  }
}
