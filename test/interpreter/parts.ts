/** Parts of values: elements of lists, values with one part replaced, lists one longer or shorter. Values themselves never change. */
import type { Type } from "../../compiler/core/types.ts";
import { PANIC_INDEX, PANIC_POP, panic } from "./revert.ts";
import { asInt, asItems } from "./values.ts";
import type { Val } from "./values.ts";

export function elementAt(list: Val, index: Val): Val {
  const items = asItems(list);
  return items[checkedIndex(items, asInt(index))];
}

/** A number is a member, a bigint the index of an element. */
export function withPart(base: Val, path: readonly (number | bigint)[], value: Val): Val {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  const items = asItems(base);
  const at = typeof step === "bigint" ? checkedIndex(items, step) : step;
  return replaced(items, at, rest.length === 0 ? value : withPart(items[at], rest, value));
}

/** The other members aren't looked at: of a struct that was loaded, that would count as reading them. */
function replaced(items: readonly Val[], at: number, value: Val): Val {
  const copy: Val[] = [];
  for (let i = 0; i < items.length; i++) Object.defineProperty(copy, i, { enumerable: true, get: () => (i === at ? value : items[i]) });
  return copy;
}

export function pushed(type: Type, list: Val, item: Val): Val {
  const items = asItems(list);
  if (type.kind !== "list" || items.length >= type.max) throw panic(PANIC_INDEX);
  return [...items, item];
}

export function popped(list: Val): Val {
  const items = asItems(list);
  if (items.length === 0) throw panic(PANIC_POP);
  return items.slice(0, -1);
}

function checkedIndex(items: readonly Val[], index: bigint): number {
  if (index < 0n || index >= BigInt(items.length)) throw panic(PANIC_INDEX);
  return Number(index);
}
