/** Values as emitted code has them, which probes are told, to values of tests. */
import type { Type } from "../../compiler/core/types.ts";
import { payloadsOf } from "../../compiler/core/types.ts";
import { propertyName } from "../../compiler/codegen/names.ts";
import type { AddressBytes } from "./probes.ts";
import { toHex } from "./values.ts";
import type { TestValue } from "./values.ts";

export function fromRaw(value: unknown, type: Type, bytesOf: AddressBytes): TestValue {
  switch (type.kind) {
    case "bool":
      return value === true;
    case "int":
      return integerOf(value);
    case "bytes32":
      return `0x${integerOf(value).toString(16).padStart(64, "0")}`;
    case "address":
    case "handle":
      return toHex(bytesOf(Number(value)));
    case "string":
      return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : "";
    case "bytes":
      return value instanceof Uint8Array ? toHex(value) : "0x";
    case "list":
      return itemsOf(value).map((item) => fromRaw(item, type.element, bytesOf));
    case "tuple":
      return type.elements.map((element, i) => fromRaw(itemsOf(value)[i], element.type, bytesOf));
    case "struct":
      return type.fields.map((field) => fromRaw(memberOf(value, propertyName(field.name)), field.type, bytesOf));
    case "enum":
    case "option": {
      if (!Array.isArray(value)) return integerOf(value);
      const [tag, ...carried] = itemsOf(value);
      const types = payloadsOf(type)[Number(tag)] ?? [];
      return [integerOf(tag), ...types.map((each, i) => fromRaw(carried[i], each, bytesOf))];
    }
    case "history":
      return fromRaw(value, type.value, bytesOf);
    case "unit":
    case "map":
    case "set":
    case "sequence":
    case "poison":
      return [];
  }
}

function integerOf(value: unknown): bigint {
  return typeof value === "bigint" || typeof value === "number" ? BigInt(value) : 0n;
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
