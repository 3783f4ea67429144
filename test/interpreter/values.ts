/**
 * Values of the reference interpreter: plain and slow on purpose. Integers and enum variants are bigint; addresses, bytes32,
 * strings and bytes are lower-case hex with 0x; lists, structs and tuples are arrays in order of their members; options and enums with
 * payload are arrays of the variant's number and what it carries. It knows types and nothing of storage.
 */
import { hasPayload, maxOf, minOf, payloadsOf } from "../../compiler/core/types.ts";
import type { Type, VariantType } from "../../compiler/core/types.ts";
import type { Value } from "../../compiler/typed/tree.ts";

export type Val = boolean | bigint | string | readonly Val[];
/** What a key is: a value without members. */
export type Leaf = boolean | bigint | string;

export function asBool(value: Val): boolean {
  if (typeof value !== "boolean") throw new Error(`interpreter: expected bool, found ${show(value)}`);
  return value;
}

export function asInt(value: Val): bigint {
  if (typeof value !== "bigint") throw new Error(`interpreter: expected integer, found ${show(value)}`);
  return value;
}

export function asHex(value: Val): string {
  if (typeof value !== "string") throw new Error(`interpreter: expected hex, found ${show(value)}`);
  return value;
}

export function asItems(value: Val): readonly Val[] {
  if (typeof value !== "object") throw new Error(`interpreter: expected members, found ${show(value)}`);
  return value;
}

export function asKey(value: Val): Leaf {
  if (typeof value === "object") throw new Error(`interpreter: expected a single value, found ${show(value)}`);
  return value;
}

export function show(value: Val | undefined): string {
  return typeof value === "object" ? `[${value.map(show).join(", ")}]` : String(value);
}

export function sameValue(a: Val, b: Val): boolean {
  if (typeof a === "object" && typeof b === "object") {
    return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  return a === b;
}

/** Members of a struct or tuple with their names; undefined for types without members. */
export function membersOf(type: Type): readonly { readonly name: string; readonly type: Type }[] | undefined {
  if (type.kind === "struct") return type.fields;
  if (type.kind === "tuple") return type.elements.map((element, i) => ({ name: element.name ?? String(i), type: element.type }));
  return undefined;
}

export function defaultOf(type: Type): Val {
  switch (type.kind) {
    case "bool":
      return false;
    case "int":
      return 0n;
    case "enum":
      return hasPayload(type) ? variantValue(type, 0) : 0n;
    case "option":
      return variantValue(type, 0);
    case "history":
      return 0n;
    case "address":
    case "handle":
      return `0x${"0".repeat(40)}`;
    case "bytes32":
      return `0x${"0".repeat(64)}`;
    case "string":
    case "bytes":
      return "0x";
    case "list":
      return [];
    case "struct":
      return type.fields.map((field) => defaultOf(field.type));
    case "tuple":
      return type.elements.map((element) => defaultOf(element.type));
    case "unit":
      return [];
    case "map":
    case "set":
    case "sequence":
    case "poison":
      throw new Error(`interpreter: ${type.kind} has no default value`);
  }
}

function variantValue(type: VariantType, variant: number): Val {
  return [BigInt(variant), ...payloadsOf(type)[variant].map(defaultOf)];
}

/** A value of an option or an enum with payload. */
export function makeVariant(variant: number, carried: readonly Val[]): Val {
  return [BigInt(variant), ...carried];
}

/** The number of its variant, and what it carries. */
export function variantParts(value: Val): { readonly variant: number; readonly carried: readonly Val[] } {
  const [tag, ...carried] = asItems(value);
  return { variant: Number(asInt(tag)), carried };
}

/** Whether a value of one type may stand as a value of another one with the same ABI type: lengths, ranges of enums. */
export function fitsType(type: Type, value: Val): boolean {
  switch (type.kind) {
    case "int":
      return fitsInt(type, asInt(value));
    case "enum":
      return asInt(value) >= 0n && asInt(value) < BigInt(type.variants.length);
    case "string":
    case "bytes":
      return (asHex(value).length - 2) / 2 <= type.max;
    case "list":
      return asItems(value).length <= type.max && asItems(value).every((item) => fitsType(type.element, item));
    case "struct":
    case "tuple":
      return (membersOf(type) ?? []).every((member, i) => fitsType(member.type, asItems(value)[i]));
    case "bool":
    case "address":
    case "handle":
    case "bytes32":
    case "unit":
      return true;
    case "option":
    case "history":
    case "map":
    case "set":
    case "sequence":
    case "poison":
      throw new Error(`interpreter: ${type.kind} doesn't cross from contract to contract`);
  }
}

/** A constant of the typed tree as a value of the interpreter. */
export function fromConstant(value: Value): Val {
  switch (value.kind) {
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "bytes":
      return value.value;
    case "string":
      return textHex(value.value);
    case "enum":
      return BigInt(value.value);
  }
}

export function fitsInt(type: Type, value: bigint): boolean {
  if (type.kind !== "int") throw new Error(`interpreter: ${type.kind} is no integer type`);
  return value >= minOf(type) && value <= maxOf(type);
}

/** Elements of a list, bytes of a string or bytes. */
export function lengthOf(value: Val): bigint {
  return BigInt(typeof value === "string" ? (value.length - 2) / 2 : asItems(value).length);
}

export function textHex(text: string): string {
  return toHex(new TextEncoder().encode(text));
}

export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.slice(2), "hex"));
}
