/** Which values `==` and `contains` compare. */
import { hasPayload } from "../core/types.ts";
import type { Type } from "../core/types.ts";

/** What to do instead of comparing values of a type; undefined if they can be compared. */
export function whyNotEqual(type: Type): string | undefined {
  switch (type.kind) {
    case "struct":
    case "tuple":
      return "compare their members one by one";
    case "list":
      return "compare their elements in a loop, or hashes of both: `keccak256(encode(a)) == keccak256(encode(b))`";
    case "option":
      return "take it apart with `match` or `if let`";
    case "enum":
      return hasPayload(type) ? "take it apart with `match` or `if let`" : undefined;
    case "map":
    case "set":
    case "sequence":
    case "history":
      return "compare single entries";
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "string":
    case "bytes":
    case "handle":
    case "unit":
    case "poison":
      return undefined;
  }
}
