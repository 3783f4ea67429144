/**
 * ABI types parsed from their names in JSON ABI entries, and signatures. Refuses what isn't an ABI type; sizes are those of the Contract ABI specification.
 */
import type { AbiEntry, AbiParam } from "../module.ts";
import { selectorOf } from "../values/keccak.ts";

export type AbiType =
  | { readonly kind: "bool" }
  | { readonly kind: "address" }
  | { readonly kind: "uint"; readonly bits: number }
  | { readonly kind: "int"; readonly bits: number }
  /** `bytes1` to `bytes32`. */
  | { readonly kind: "fixedBytes"; readonly size: number }
  | { readonly kind: "bytes" }
  | { readonly kind: "string" }
  /** `length` is -1 for a dynamic array. */
  | { readonly kind: "array"; readonly element: AbiType; readonly length: number }
  | { readonly kind: "tuple"; readonly members: readonly AbiType[]; readonly names: readonly string[] };

/** A user's mistake in types, values or data of the ABI; the message names the place. */
export class AbiError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AbiError";
  }
}

/** Arrays and tuples inside each other; far beyond real interfaces, and safe for recursion. */
const MAX_NESTING = 32;
/** Elements of a fixed array: `T[n]` takes its size from the type alone, so it is bounded. */
const MAX_FIXED = 65_536;

export function parseType(param: AbiParam): AbiType {
  return parseNamed(param.type, param, 0);
}

function parseNamed(name: string, param: AbiParam, depth: number): AbiType {
  if (depth > MAX_NESTING) throw new AbiError(`type ${param.type.slice(0, 60)} nests too deeply`);
  const array = /^(.+)\[(\d{0,6})\]$/s.exec(name);
  if (array !== null) {
    const length = array[2] === "" ? -1 : Number(array[2]);
    if (length === 0 || length > MAX_FIXED) throw new AbiError(`bad length of array in ${name.slice(0, 60)}`);
    return { kind: "array", element: parseNamed(array[1], param, depth + 1), length };
  }
  switch (name) {
    case "bool":
    case "address":
    case "bytes":
    case "string":
      return { kind: name };
    case "tuple": {
      const components = param.components ?? [];
      if (components.length === 0) throw new AbiError("a tuple without components");
      return {
        kind: "tuple",
        members: components.map((part) => parseNamed(part.type, part, depth + 1)),
        names: components.map((part) => part.name),
      };
    }
    default:
      return parseSized(name);
  }
}

function parseSized(name: string): AbiType {
  const integer = /^(u?int)([1-9]\d{0,2})$/.exec(name);
  if (integer !== null) {
    const bits = Number(integer[2]);
    if (bits % 8 === 0 && bits <= 256) return { kind: integer[1] === "uint" ? "uint" : "int", bits };
  }
  const fixed = /^bytes([1-9]\d?)$/.exec(name);
  if (fixed !== null && Number(fixed[1]) <= 32) return { kind: "fixedBytes", size: Number(fixed[1]) };
  throw new AbiError(`\`${name.slice(0, 60)}\` isn't an ABI type`);
}

export function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case "bytes":
    case "string":
      return true;
    case "array":
      return type.length === -1 || isDynamic(type.element);
    case "tuple":
      return type.members.some(isDynamic);
    default:
      return false;
  }
}

/** Bytes a value takes in the head of its tuple or array. */
export function headBytes(type: AbiType): number {
  if (isDynamic(type)) return 32;
  switch (type.kind) {
    case "array":
      return type.length * headBytes(type.element);
    case "tuple":
      return type.members.reduce((sum, member) => sum + headBytes(member), 0);
    default:
      return 32;
  }
}

/** The name as in signatures: tuples written out. */
export function typeName(type: AbiType): string {
  switch (type.kind) {
    case "uint":
    case "int":
      return `${type.kind}${type.bits}`;
    case "fixedBytes":
      return `bytes${type.size}`;
    case "array":
      return `${typeName(type.element)}[${type.length === -1 ? "" : type.length}]`;
    case "tuple":
      return `(${type.members.map(typeName).join(",")})`;
    default:
      return type.kind;
  }
}

/** `transfer(address,uint256)` */
export function signatureOf(entry: AbiEntry): string {
  return `${entry.name ?? ""}(${entry.inputs.map((input) => typeName(parseType(input))).join(",")})`;
}

/** Selector of a function or error entry, as an unsigned number. */
export function selectorOfEntry(entry: AbiEntry): number {
  return selectorOf(signatureOf(entry));
}
