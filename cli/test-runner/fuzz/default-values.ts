/** The simplest value of each type. */
import { hasPayload } from "../../../compiler/core/types.ts";
import type { Type } from "../../../compiler/core/types.ts";
import { unreachable } from "../../../compiler/core/bug.ts";
import type { TestValue } from "../values.ts";

/** Of addresses it is the account. */
export function defaultOf(type: Type, account: string): TestValue {
  switch (type.kind) {
    case "bool":
      return false;
    case "int":
      return 0n;
    case "address":
    case "handle":
      return account;
    case "bytes32":
      return `0x${"0".repeat(64)}`;
    case "string":
      return "";
    case "bytes":
      return "0x";
    case "struct":
      return type.fields.map((field) => defaultOf(field.type, account));
    case "tuple":
      return type.elements.map((element) => defaultOf(element.type, account));
    case "option":
      return [0n];
    case "enum":
      return hasPayload(type) ? [0n, ...type.payloads[0].map((part) => defaultOf(part.type, account))] : 0n;
    case "list":
    case "map":
    case "set":
    case "sequence":
    case "history":
    case "unit":
    case "poison":
      return [];
    default:
      return unreachable(type, "defaultOf");
  }
}
