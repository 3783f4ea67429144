/** How a typed client sees Weft types: which TypeScript type, how a value becomes an ABI input, how an ABI value becomes one. */
import { Bug } from "../core/bug.ts";
import type { EnumType, StructType, Type } from "../core/types.ts";
import { dataText } from "./literals.ts";
import { constantCase, lowerFirst } from "./names.ts";

/** Structs and enums that the client declares, by key; each has a name of its own. */
export interface Declared {
  readonly structs: Map<string, { readonly name: string; readonly type: StructType }>;
  readonly enums: Map<string, { readonly name: string; readonly type: EnumType }>;
  readonly take: (wish: string) => string;
}

export function clientType(declared: Declared, type: Type): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "int":
      return type.bits <= 32 ? "number" : "bigint";
    case "address":
    case "handle":
    case "bytes32":
      return "Hex";
    case "string":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "list": {
      const element = clientType(declared, type.element);
      return `readonly ${element.startsWith("readonly ") ? `(${element})` : element}[]`;
    }
    case "enum":
      return enumName(declared, type);
    case "struct":
      return structName(declared, type);
    case "tuple":
      return membersType(declared, type.elements);
    case "unit":
      return "void";
    case "map":
    case "set":
    case "history":
    case "option":
    case "sequence":
    case "poison":
      throw new Bug(`clientType: ${type.kind}`);
  }
}

/** An object where every element has a name, else a tuple. */
function membersType(declared: Declared, elements: Extract<Type, { kind: "tuple" }>["elements"]): string {
  if (areNamed(elements))
    return `{ ${elements.map(({ name, type }) => `readonly ${clientKey(name ?? "")}: ${clientType(declared, type)}`).join("; ")} }`;
  return `readonly [${elements.map(({ type }) => clientType(declared, type)).join(", ")}]`;
}

export function areNamed(elements: readonly { readonly name: string | undefined }[]): boolean {
  return elements.every(({ name }) => name !== undefined) && new Set(elements.map(({ name }) => name)).size === elements.length;
}

/** A property: any identifier may be one, but this one would set the prototype. */
export function clientKey(name: string): string {
  return name === "__proto__" ? "__proto__$" : name;
}

function enumName(declared: Declared, type: EnumType): string {
  const known = declared.enums.get(type.key);
  if (known !== undefined) return known.name;
  const name = declared.take(type.name);
  declared.enums.set(type.key, { name, type });
  return name;
}

function structName(declared: Declared, type: StructType): string {
  const known = declared.structs.get(type.key);
  if (known !== undefined) return known.name;
  const name = declared.take(type.name);
  declared.structs.set(type.key, { name, type });
  return name;
}

export function variantsName(name: string): string {
  return `${constantCase([name])}_VARIANTS`;
}

export function variantsText(type: EnumType): string {
  return dataText(type.variants);
}

/** The value as the encoder takes it. */
export function toInput(declared: Declared, type: Type, value: string): string {
  switch (type.kind) {
    case "enum":
      return `${variantsName(enumName(declared, type))}.indexOf(${value})`;
    case "struct":
      return `[${type.fields.map((field) => toInput(declared, field.type, `${value}.${clientKey(field.name)}`)).join(", ")}]`;
    case "tuple": {
      const named = areNamed(type.elements);
      return `[${type.elements.map((element, i) => toInput(declared, element.type, named ? `${value}.${clientKey(element.name ?? "")}` : `${value}[${String(i)}]`)).join(", ")}]`;
    }
    case "list": {
      const item = toInput(declared, type.element, "item");
      return item === "item" ? value : `${value}.map((item) => ${item})`;
    }
    default:
      return value;
  }
}

/** A decoded ABI value as the client's type; a value of another shape throws. */
export function fromValue(declared: Declared, type: Type, value: string): string {
  switch (type.kind) {
    case "bool":
      return `booleanOf(${value})`;
    case "int":
      return type.bits <= 32 ? `Number(bigintOf(${value}))` : `bigintOf(${value})`;
    case "address":
    case "handle":
    case "bytes32":
      return `hexOf(${value})`;
    case "string":
      return `textOf(${value})`;
    case "bytes":
      return `bytesOf(${value})`;
    case "enum":
      return `variantOf(${variantsName(enumName(declared, type))}, ${value})`;
    case "struct":
      return `${readerName(structName(declared, type))}(${value})`;
    case "list":
      return `itemsOf(${value}).map((item) => ${fromValue(declared, type.element, "item")})`;
    case "tuple": {
      const elements = type.elements.map((element, i) => fromValue(declared, element.type, `itemsOf(${value})[${String(i)}]`));
      return areNamed(type.elements)
        ? `{ ${type.elements.map((element, i) => `${clientKey(element.name ?? "")}: ${elements[i]}`).join(", ")} }`
        : `[${elements.join(", ")}]`;
    }
    case "unit":
    case "map":
    case "set":
    case "history":
    case "option":
    case "sequence":
    case "poison":
      throw new Bug(`fromValue: ${type.kind}`);
  }
}

export function readerName(struct: string): string {
  return `${lowerFirst(struct)}Of`;
}
