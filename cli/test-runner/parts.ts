/** Parts of values in tests: elements and members, lists one longer or shorter, values with one part replaced. */
import type { Type } from "../../compiler/core/types.ts";
import type { Site } from "../../compiler/typed/tree.ts";
import { cannotEvaluate } from "./failure.ts";
import { asInteger, equalValues, isList, membersOf } from "./values.ts";
import type { TestValue } from "./values.ts";

export function elementAt(list: TestValue, index: TestValue, site: Site): TestValue {
  const position = asInteger(index);
  if (!isList(list) || position < 0n || position >= BigInt(list.length)) throw cannotEvaluate(site, "the index is outside the list");
  return list[Number(position)];
}

export function contains(list: TestValue, item: TestValue): boolean {
  return membersOf(list).some((element) => equalValues(element, item));
}

/** A number is a member, a bigint the index of an element. */
export function withPart(base: TestValue, path: readonly (number | bigint)[], value: TestValue, site: Site): TestValue {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  const part = typeof step === "bigint" ? elementAt(base, step, site) : memberAt(base, step);
  return membersOf(base).with(Number(step), withPart(part, rest, value, site));
}

export function pushed(list: TestValue, item: TestValue, type: Type, site: Site): TestValue {
  const items = membersOf(list);
  if (type.kind === "list" && items.length >= type.max) throw cannotEvaluate(site, "the list is full");
  return [...items, item];
}

export function popped(list: TestValue, site: Site): TestValue {
  if (membersOf(list).length === 0) throw cannotEvaluate(site, "the list is empty");
  return membersOf(list).slice(0, -1);
}

export function memberAt(value: TestValue, index: number): TestValue {
  return isList(value) ? value[index] : value;
}

/** Elements of a list, bytes of a string (UTF-8) or of bytes (hex). */
export function lengthOf(value: TestValue, type: Type): bigint {
  if (isList(value)) return BigInt(value.length);
  const text = String(value);
  return BigInt(type.kind === "string" ? Buffer.byteLength(text) : (text.length - 2) / 2);
}
