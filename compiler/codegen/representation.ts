/**
 * How values of Weft types look in generated code, and which runtime methods carry them: bool as boolean; integers up to 32 bits,
 * enums and addresses (interned ids) as number; wider integers and bytes32 as bigint; string and bytes as Uint8Array;
 * lists and tuples as arrays, structs as objects, options and enums with payload as arrays of tag and payload. Pure tables and numbers; no text is written here.
 */
import { Bug } from "../core/bug.ts";
import { isPacked, maxOf, minOf, type IntType, type Type } from "../core/types.ts";

export type Representation = "bool" | "number" | "big" | "bytes" | "list" | "struct" | "tuple" | "variant" | "unit";

export function representationOf(type: Type): Representation {
  switch (type.kind) {
    case "bool":
      return "bool";
    case "int":
      return type.bits <= 32 ? "number" : "big";
    case "enum":
      return isPacked(type) ? "variant" : "number";
    case "address":
    case "handle":
      return "number";
    case "bytes32":
      return "big";
    case "sequence":
      return type.bits === 32 ? "number" : "big";
    case "history":
      return representationOf(type.value);
    case "option":
      return "variant";
    case "string":
    case "bytes":
      return "bytes";
    case "list":
    case "struct":
    case "tuple":
    case "unit":
      return type.kind;
    case "map":
    case "set":
    case "poison":
      throw new Bug(`representationOf: ${type.kind} is no value`);
  }
}

/** Least and greatest value of a type that is a number inside. */
export function rangeOf(type: Type): { readonly min: bigint; readonly max: bigint } {
  switch (type.kind) {
    case "int":
      return { min: minOf(type), max: maxOf(type) };
    case "enum":
      return { min: 0n, max: BigInt(type.variants.length - 1) };
    case "bytes32":
      return { min: 0n, max: (1n << 256n) - 1n };
    default:
      throw new Bug(`rangeOf: ${type.kind}`);
  }
}

/** Whether every value of `from` is one of `to`: such a conversion can't fail. */
export function widens(from: Type, to: Type): boolean {
  const inner = rangeOf(from);
  const outer = rangeOf(to);
  return inner.min >= outer.min && inner.max <= outer.max;
}

/** `u64`, `bytes32`, `address`: the name of a one-word type towards the runtime (its `WordKind`). */
export function wordKind(type: Type): string {
  switch (type.kind) {
    case "int":
      return `${type.signed ? "i" : "u"}${type.bits}`;
    case "bool":
    case "enum":
    case "address":
    case "bytes32":
      return type.kind;
    case "handle":
      return "address";
    default:
      throw new Bug(`wordKind: ${type.kind} takes more than a word`);
  }
}

/** `KeyKind` of the runtime: strings and bytes are keys by their hash. */
export function keyKind(type: Type): string {
  return type.kind === "string" || type.kind === "bytes" ? "hash" : wordKind(type);
}

/** The planner's and the exec context's method that takes a key of this type. */
export function keyMethod(type: Type): string {
  return keyKind(type) === "hash" ? "keyBytes" : `key${String(widthOf(type))}`;
}

/** `CellKind` of the runtime. */
export function cellKind(type: Type): string {
  if (isPacked(type)) return "packed";
  switch (type.kind) {
    case "string":
    case "bytes":
      return type.kind;
    case "sequence":
      return `sequence${type.bits}`;
    case "history":
      return wordKind(type.value);
    default:
      return wordKind(type);
  }
}

/** `loadU64`, `load32` … */
export function loadMethod(type: Type): string {
  if (type.kind === "history") return loadMethod(type.value);
  switch (representationOf(type)) {
    case "bool":
      return "loadBool";
    case "number":
      return "load32";
    case "bytes":
    case "list":
    case "variant":
      return "loadBytes";
    case "big":
      return type.kind === "int" ? `load${type.signed ? "I" : "U"}${type.bits}` : "loadU256";
    default:
      throw new Bug(`loadMethod: ${type.kind} is no leaf`);
  }
}

/** `storeBool`, `store128` … */
export function storeMethod(type: Type): string {
  if (type.kind === "history") return storeMethod(type.value);
  switch (representationOf(type)) {
    case "bool":
      return "storeBool";
    case "number":
      return "store32";
    case "bytes":
    case "list":
    case "variant":
      return "storeBytes";
    case "big":
      return `store${type.kind === "int" ? type.bits : 256}`;
    default:
      throw new Bug(`storeMethod: ${type.kind} is no leaf`);
  }
}

/** `Bool`, `32`, `Big`, `Bytes`: the end of `immutable…` and `stage…`. */
export function widthSuffix(type: Type): string {
  switch (representationOf(type)) {
    case "bool":
      return "Bool";
    case "number":
      return "32";
    case "big":
      return "Big";
    case "bytes":
    case "list":
    case "variant":
      return "Bytes";
    default:
      throw new Bug(`widthSuffix: ${type.kind} is no leaf`);
  }
}

/** 32, 64, 128 or 256: which `key…`, `add…` and `sub…` take the type. */
export function widthOf(type: Type): 32 | 64 | 128 | 256 {
  if (type.kind === "history") return widthOf(type.value);
  if (type.kind === "int") return type.bits <= 32 ? 32 : type.bits === 64 ? 64 : type.bits === 128 ? 128 : 256;
  return type.kind === "bytes32" ? 256 : 32;
}

export function isInt(type: Type): type is IntType {
  return type.kind === "int";
}

// --- doubles -------------------------------------------------------------------------------------------------------

/** The least double that isn't below the value. */
export function doubleAbove(value: bigint): number {
  const near = Number(value);
  return BigInt(near) >= value ? near : nextUp(near);
}

/** The greatest double that isn't above the value. */
export function doubleBelow(value: bigint): number {
  return -doubleAbove(-value);
}

function nextUp(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  // The order of the bit patterns is that of the numbers for positive ones and the reverse for negative ones.
  view.setBigInt64(0, bits >= 0n ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}
