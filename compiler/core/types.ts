/** The types of Weft as the checker resolved them. Structs and enums are compared by identity of their declaration. */

export type Type =
  | { readonly kind: "bool" }
  | { readonly kind: "int"; readonly signed: boolean; readonly bits: 8 | 16 | 32 | 64 | 128 | 256 }
  | { readonly kind: "address" }
  | { readonly kind: "bytes32" }
  | { readonly kind: "string"; readonly max: number }
  | { readonly kind: "bytes"; readonly max: number }
  | { readonly kind: "list"; readonly element: Type; readonly max: number }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "sequence"; readonly bits: 32 | 64 }
  /** Values of past blocks are kept; assigned and read like its value. */
  | { readonly kind: "history"; readonly value: IntType }
  | { readonly kind: "set"; readonly key: Type }
  /** `T?` */
  | { readonly kind: "option"; readonly inner: Type }
  | StructType
  | EnumType
  | { readonly kind: "tuple"; readonly elements: readonly { readonly name: string | undefined; readonly type: Type }[] }
  /** A contract or interface name: an address with functions. */
  | { readonly kind: "handle"; readonly name: string }
  /** What a call without result gives. */
  | { readonly kind: "unit" }
  /** The type of an expression that already has an error: compatible with everything, never reported again. */
  | { readonly kind: "poison" };

export type IntType = Extract<Type, { kind: "int" }>;

export interface StructType {
  readonly kind: "struct";
  readonly name: string;
  /** Unique in a program: path and name of the declaration. */
  readonly key: string;
  readonly fields: readonly { readonly name: string; readonly type: Type }[];
}

export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly key: string;
  readonly variants: readonly string[];
  /** By variant: what it carries, empty for most. Names only in the record form. */
  readonly payloads: readonly (readonly { readonly name: string | undefined; readonly type: Type }[])[];
}

export function sameType(a: Type, b: Type): boolean {
  switch (a.kind) {
    case "bool":
    case "address":
    case "bytes32":
    case "unit":
    case "poison":
      return a.kind === b.kind;
    case "int":
      return b.kind === "int" && a.signed === b.signed && a.bits === b.bits;
    case "string":
    case "bytes":
      return b.kind === a.kind && a.max === b.max;
    case "list":
      return b.kind === "list" && a.max === b.max && sameType(a.element, b.element);
    case "map":
      return b.kind === "map" && sameType(a.key, b.key) && sameType(a.value, b.value);
    case "sequence":
      return b.kind === "sequence" && a.bits === b.bits;
    case "history":
      return b.kind === "history" && sameType(a.value, b.value);
    case "set":
      return b.kind === "set" && sameType(a.key, b.key);
    case "option":
      return b.kind === "option" && sameType(a.inner, b.inner);
    case "struct":
    case "enum":
      return b.kind === a.kind && a.key === b.key;
    case "handle":
      return b.kind === "handle" && a.name === b.name;
    case "tuple":
      return (
        b.kind === "tuple" &&
        a.elements.length === b.elements.length &&
        a.elements.every((element, i) => sameType(element.type, b.elements[i].type))
      );
  }
}

/** How the author would write it. */
export function showType(type: Type): string {
  switch (type.kind) {
    case "bool":
    case "address":
    case "bytes32":
      return type.kind;
    case "int":
      return `${type.signed ? "i" : "u"}${type.bits}`;
    case "string":
    case "bytes":
      return `${type.kind}<${type.max}>`;
    case "list":
      return `list<${showType(type.element)}, ${type.max}>`;
    case "map":
      return `map<${showType(type.key)}, ${showType(type.value)}>`;
    case "sequence":
      return `sequence<u${type.bits}>`;
    case "history":
      return `history<${showType(type.value)}>`;
    case "set":
      return `set<${showType(type.key)}>`;
    case "option":
      return `${showType(type.inner)}?`;
    case "struct":
    case "enum":
    case "handle":
      return type.name;
    case "tuple":
      return `(${type.elements.map((e) => (e.name === undefined ? showType(e.type) : `${e.name}: ${showType(e.type)}`)).join(", ")})`;
    case "unit":
      return "nothing";
    case "poison":
      return "?";
  }
}

export function minOf(type: IntType): bigint {
  return type.signed ? -(1n << BigInt(type.bits - 1)) : 0n;
}

export function maxOf(type: IntType): bigint {
  return type.signed ? (1n << BigInt(type.bits - 1)) - 1n : (1n << BigInt(type.bits)) - 1n;
}

/** Whether some variant carries values: such an enum is used through `match`, takes one cell, and can't cross the ABI. */
export function hasPayload(type: EnumType): boolean {
  return type.payloads.some((payload) => payload.length > 0);
}

/** Options and enums with payload: a tag and the values that its variant carries. */
export type VariantType = Extract<Type, { kind: "option" }> | EnumType;

/** What each variant of a tagged value carries; an option has `none` and `some`. */
export function payloadsOf(type: VariantType): readonly (readonly Type[])[] {
  return type.kind === "option" ? [[], [type.inner]] : type.payloads.map((payload) => payload.map((part) => part.type));
}

export const NONE = 0;
export const SOME = 1;

/**
 * Types whose value takes one cell as packed bytes: lists, options, enums with payload. Structs and tuples are taken apart into cells,
 * all others have cells of their own kind.
 */
export function isPacked(type: Type): boolean {
  return type.kind === "list" || type.kind === "option" || (type.kind === "enum" && hasPayload(type));
}

/** Dynamic in the sense of the contract ABI: its encoding has a tail. */
export function isDynamic(type: Type): boolean {
  switch (type.kind) {
    case "string":
    case "bytes":
    case "list":
      return true;
    case "struct":
      return type.fields.some((field) => isDynamic(field.type));
    case "tuple":
      return type.elements.some((element) => isDynamic(element.type));
    default:
      return false;
  }
}
