/**
 * Values of the language's tests: integers and enums as bigint, addresses, bytes32 and bytes as hex, lists, tuples and structs as arrays
 * in order of their members. Knows how they cross the ABI and how they are shown.
 */
import { abiType } from "../../compiler/core/selector.ts";
import type { EnumType, Type } from "../../compiler/core/types.ts";
import { decodeArgs } from "../../runtime/abi/decode.ts";
import type { AbiValue } from "../../runtime/abi/decode.ts";
import type { AbiParam } from "../../runtime/module.ts";
import type { Hex } from "../../runtime/types.ts";

export type TestValue = boolean | bigint | string | readonly TestValue[];

export function equalValues(a: TestValue, b: TestValue): boolean {
  if (!isList(a) || !isList(b)) return a === b;
  return a.length === b.length && a.every((item, index) => equalValues(item, b[index]));
}

export function isList(value: TestValue): value is readonly TestValue[] {
  return Array.isArray(value);
}

/** The type as an ABI parameter. */
export function abiParam(name: string, type: Type): AbiParam {
  if (type.kind === "list") {
    const element = abiParam(name, type.element);
    return { ...element, type: `${element.type}[]` };
  }
  if (type.kind === "struct") return { name, type: "tuple", components: type.fields.map((field) => abiParam(field.name, field.type)) };
  if (type.kind === "tuple")
    return { name, type: "tuple", components: type.elements.map((element) => abiParam(element.name ?? "", element.type)) };
  return { name, type: abiType(type) };
}

/** The outputs of a function with this result: a tuple stands for several. */
export function outputsOf(result: Type): readonly AbiParam[] {
  if (result.kind === "unit") return [];
  if (result.kind === "tuple") return result.elements.map((element) => abiParam(element.name ?? "", element.type));
  return [abiParam("", result)];
}

/** Undefined when the data isn't what the ABI says. */
export function decodeTestValues(params: readonly AbiParam[], data: Uint8Array): readonly TestValue[] | undefined {
  return decodeArgs(params, data)?.map((argument) => fromAbi(argument.value));
}

export function decodeResult(result: Type, data: Uint8Array): TestValue | undefined {
  const values = decodeTestValues(outputsOf(result), data);
  if (values === undefined) return undefined;
  return result.kind === "tuple" || result.kind === "unit" ? values : values[0];
}

function fromAbi(value: AbiValue): TestValue {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "object") return value.map(fromAbi);
  return value;
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

export function asHex(value: TestValue): Hex {
  return typeof value === "string" && value.startsWith("0x") ? `0x${value.slice(2)}` : "0x";
}

export function asInteger(value: TestValue): bigint {
  return typeof value === "bigint" ? value : 0n;
}

/** Names of addresses, as in `@alice`. */
export type Names = ReadonlyMap<string, string>;

/** As the author would write it, accounts by name. */
export function showValue(value: TestValue, type: Type, names: Names): string {
  switch (type.kind) {
    case "address":
    case "handle":
      return names.get(String(value)) ?? `@${String(value)}`;
    case "string":
      return JSON.stringify(value);
    case "enum":
      return showEnum(value, type, names);
    case "option": {
      const [tag, ...carried] = membersOf(value);
      return tag === 0n ? "none" : `some(${showAll(carried, [type.inner], names)})`;
    }
    case "list":
      return `[${membersOf(value)
        .map((item) => showValue(item, type.element, names))
        .join(", ")}]`;
    case "struct":
      return `${type.name} { ${membersOf(value)
        .map((item, i) => `${type.fields[i].name}: ${showValue(item, type.fields[i].type, names)}`)
        .join(", ")} }`;
    case "tuple":
      return `(${membersOf(value)
        .map((item, i) => showValue(item, type.elements[i].type, names))
        .join(", ")})`;
    case "int":
      return groupDigits(String(value));
    default:
      return String(value);
  }
}

/** Elements of a list, members of a struct or tuple, tag and payload of an option or enum. */
export function membersOf(value: TestValue): readonly TestValue[] {
  return isList(value) ? value : [];
}

function showEnum(value: TestValue, type: EnumType, names: Names): string {
  const [tag, ...carried] = isList(value) ? value : [value];
  const variant = Number(asInteger(tag));
  const name = `${type.name}.${type.variants[variant] ?? String(variant)}`;
  const payload = type.payloads[variant] ?? [];
  if (payload.length === 0) return name;
  const shown = showAll(
    carried,
    payload.map((part) => part.type),
    names,
  );
  return `${name}(${shown})`;
}

function showAll(values: readonly TestValue[], types: readonly Type[], names: Names): string {
  return values.map((value, i) => showValue(value, types[i], names)).join(", ");
}

/** `1_000_000`, as the language writes it. */
function groupDigits(text: string): string {
  return text.replace(/\B(?=(?:[0-9]{3})+$)/g, "_");
}
