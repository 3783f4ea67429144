/**
 * Small functions that a generated module defines for itself, each only when it is used, and the limits of types as constants.
 * `T` marks what stands in the TypeScript output only.
 */
import { maxOf, minOf, type IntType } from "../core/types.ts";
import { bigText, doubleText } from "./literals.ts";
import { doubleAbove, doubleBelow } from "./representation.ts";

/** Gives its text in TypeScript, nothing in JavaScript. */
export type Annotate = (text: string) => string;

const HELPERS = {
  greater: (T: Annotate) => `function greater(a${T(": bigint")}, b${T(": bigint")})${T(": bigint")} {\n  return a > b ? a : b;\n}`,
  lesser: (T: Annotate) => `function lesser(a${T(": bigint")}, b${T(": bigint")})${T(": bigint")} {\n  return a < b ? a : b;\n}`,
  magnitude: (T: Annotate) => `function magnitude(a${T(": bigint")})${T(": bigint")} {\n  return a < 0n ? -a : a;\n}`,
  elementOf: (T: Annotate) =>
    `function elementOf${T("<T>")}(x${T(": Exec")}, list${T(": readonly T[]")}, index${T(": bigint | number")})${T(": T")} {\n  return list[x.index(index, list.length)]${T(" as T")};\n}`,
  /** Structs are objects, whose members may stand in any order; everything else that has parts is an array. */
  sameValue: (T: Annotate) =>
    `function sameValue(x${T(": Exec")}, a${T(": unknown")}, b${T(": unknown")})${T(": boolean")} {\n  if (a instanceof Uint8Array && b instanceof Uint8Array) return x.sameBytes(a, b);\n  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;\n  const left = Object.entries(a);\n  const right = new Map${T("<string, unknown>")}(Object.entries(b));\n  return left.length === right.size && left.every(([name, part]) => sameValue(x, part, right.get(name)));\n}`,
  containsValue: (T: Annotate) =>
    `function containsValue(x${T(": Exec")}, list${T(": readonly unknown[]")}, item${T(": unknown")})${T(": boolean")} {\n  return list.some((each) => sameValue(x, each, item));\n}`,
  withElement: (T: Annotate) =>
    `function withElement${T("<T>")}(x${T(": Exec")}, list${T(": readonly T[]")}, index${T(": bigint | number")}, item${T(": T")})${T(": readonly T[]")} {\n  return list.with(x.index(index, list.length), item);\n}`,
  pushed: (T: Annotate) =>
    `function pushed${T("<T>")}(x${T(": Exec")}, list${T(": readonly T[]")}, item${T(": T")}, max${T(": number")})${T(": readonly T[]")} {\n  if (list.length >= max) throw x.panic(0x32);\n  return [...list, item];\n}`,
  popped: (T: Annotate) =>
    `function popped${T("<T>")}(x${T(": Exec")}, list${T(": readonly T[]")})${T(": readonly T[]")} {\n  if (list.length === 0) throw x.panic(0x31);\n  return list.slice(0, -1);\n}`,
  addMember: (T: Annotate) =>
    `function addMember(x${T(": Exec")}, entry${T(": number")}, entryWord${T(": number")}, length${T(": number")}, lengthWord${T(": number")})${T(": boolean")} {\n  if (x.loadBool(entry, entryWord)) return false;\n  x.storeBool(entry, entryWord, true);\n  if (!x.add64(length, lengthWord, 1n)) throw x.panic(0x11);\n  return true;\n}`,
  removeMember: (T: Annotate) =>
    `function removeMember(x${T(": Exec")}, entry${T(": number")}, entryWord${T(": number")}, length${T(": number")}, lengthWord${T(": number")})${T(": boolean")} {\n  if (!x.loadBool(entry, entryWord)) return false;\n  x.storeBool(entry, entryWord, false);\n  if (!x.sub64(length, lengthWord, 1n)) throw x.panic(0x11);\n  return true;\n}`,
  plannedMin: (T: Annotate) =>
    `function plannedMin${T("<T extends bigint | number>")}(a${T(": Maybe<T>")}, b${T(": Maybe<T>")})${T(": Maybe<T>")} {\n  return a === undefined || b === undefined ? undefined : a < b ? a : b;\n}`,
  plannedMax: (T: Annotate) =>
    `function plannedMax${T("<T extends bigint | number>")}(a${T(": Maybe<T>")}, b${T(": Maybe<T>")})${T(": Maybe<T>")} {\n  return a === undefined || b === undefined ? undefined : a > b ? a : b;\n}`,
  plannedMagnitude: (T: Annotate) =>
    `function plannedMagnitude(a${T(": Maybe<bigint>")})${T(": Maybe<bigint>")} {\n  return a === undefined ? undefined : a < 0n ? -a : a;\n}`,
  plannedLength: (T: Annotate) =>
    `function plannedLength(a${T(": Maybe<Uint8Array>")})${T(": Maybe<bigint>")} {\n  return a === undefined ? undefined : BigInt(a.length);\n}`,
  /** An index as a number; NaN, which is inside of no list, when it isn't known. */
  plannedIndex: (T: Annotate) =>
    `function plannedIndex(index${T(": Maybe<bigint | number>")})${T(": number")} {\n  return index === undefined ? NaN : Number(index);\n}`,
  addressAt: (T: Annotate) =>
    `function addressAt(p${T(": Planner")}, ids${T(": number")}, length${T(": number")}, index${T(": number")})${T(": Maybe<number>")} {\n  return index >= 0 && index < length ? p.wordAt(ids + index) : undefined;\n}`,
  /** Rounds of a loop over a range: none when it is empty, and none when it is too long, since exec panics then; `open` when a bound isn't known. */
  rounds: (T: Annotate) =>
    `function rounds(from${T(": Maybe<bigint | number>")}, to${T(": Maybe<bigint | number>")}, max${T(": number")}, open${T(": number")})${T(": number")} {\n  if (from === undefined || to === undefined) return open;\n  const count = Number(BigInt(to) - BigInt(from));\n  return count > 0 && count <= max ? count : 0;\n}`,
  /** A part of a list, struct or tuple; `undefined` outside of it, and where the whole isn't known. */
  partAt: (T: Annotate) =>
    `function partAt(value${T(": Maybe<Neutral>")}, index${T(": number")})${T(": Maybe<Neutral>")} {\n  return typeof value === "object" && !(value instanceof Uint8Array) ? value[index] : undefined;\n}`,
  isVariant: (T: Annotate) =>
    `function isVariant(value${T(": Maybe<Neutral>")}, variant${T(": number")})${T(": Maybe<boolean>")} {\n  return value === undefined ? undefined : partAt(value, 0) === variant;\n}`,
  /** What a tagged value carries if it is of that variant. */
  payloadOf: (T: Annotate) =>
    `function payloadOf(value${T(": Maybe<Neutral>")}, variant${T(": number")}, index${T(": number")})${T(": Maybe<Neutral>")} {\n  return partAt(value, 0) === variant ? partAt(value, index + 1) : undefined;\n}`,
  chosen: (T: Annotate) =>
    `function chosen(cond${T(": Maybe<boolean>")}, then${T(": Maybe<Neutral>")}, otherwise${T(": Maybe<Neutral>")})${T(": Maybe<Neutral>")} {\n  return cond === undefined ? undefined : cond ? then : otherwise;\n}`,
  containsPart: (T: Annotate) =>
    `function containsPart(p${T(": Planner")}, list${T(": Maybe<Neutral>")}, item${T(": Maybe<bigint | number | boolean | Uint8Array>")})${T(": Maybe<boolean>")} {\n  if (typeof list !== "object" || list instanceof Uint8Array || item === undefined) return undefined;\n  return list.some((part) => (typeof part !== "object" || part instanceof Uint8Array) && p.equal(part, item) === true);\n}`,
  lengthOfParts: (T: Annotate) =>
    `function lengthOfParts(value${T(": Maybe<Neutral>")})${T(": Maybe<bigint>")} {\n  return typeof value === "object" ? BigInt(value.length) : undefined;\n}`,
  /** Rounds of a loop over a list that isn't known until the call runs: as many as there can be. */
  openRounds: (T: Annotate) =>
    `function openRounds(list${T(": Maybe<Neutral>")}, most${T(": number")})${T(": number")} {\n  return typeof list === "object" ? list.length : most;\n}`,
  partsOf: (T: Annotate) =>
    `function partsOf(value${T(": Maybe<Neutral>")})${T(": number")} {\n  return typeof value === "object" ? value.length : 0;\n}`,
  /** A value of several parts, if all of them are known. */
  allKnown: (T: Annotate) =>
    `function allKnown(parts${T(": readonly Maybe<Neutral>[]")})${T(": Maybe<Neutral>")} {\n  return parts.includes(undefined) ? undefined : parts${T(" as readonly Neutral[]")};\n}`,
  plannedWrapped: (T: Annotate) =>
    `function plannedWrapped(op${T(': "+" | "-" | "*"')}, a${T(": Maybe<bigint | number>")}, b${T(": Maybe<bigint | number>")}, min${T(": bigint")}, max${T(": bigint")})${T(": Maybe<bigint>")} {\n  if (a === undefined || b === undefined) return undefined;\n  const [left, right] = [BigInt(a), BigInt(b)];\n  const result = op === "+" ? left + right : op === "-" ? left - right : left * right;\n  const size = max - min + 1n;\n  return ((((result - min) % size) + size) % size) + min;\n}`,
  plannedSaturated: (T: Annotate) =>
    `function plannedSaturated(op${T(': "+" | "-" | "*"')}, a${T(": Maybe<bigint | number>")}, b${T(": Maybe<bigint | number>")}, min${T(": bigint")}, max${T(": bigint")})${T(": Maybe<bigint>")} {\n  if (a === undefined || b === undefined) return undefined;\n  const [left, right] = [BigInt(a), BigInt(b)];\n  const result = op === "+" ? left + right : op === "-" ? left - right : left * right;\n  return result < min ? min : result > max ? max : result;\n}`,
  /** The region of a loop, reserved once: a plan that runs again right before exec finds it in the pointer. */
  loopRegion: (T: Annotate) =>
    `function loopRegion(p${T(": Planner")}, pointer${T(": number")}, words${T(": number")})${T(": number")} {\n  const known = p.wordAt(pointer);\n  if (known !== 0) return known;\n  const region = p.region(words);\n  p.setWord(pointer, region);\n  return region;\n}`,
} as const satisfies Record<string, (T: Annotate) => string>;

export type HelperName = keyof typeof HELPERS;

/** In the order in which they stand in a module. */
export const helperNames: readonly HelperName[] = [
  ...(["greater", "lesser", "magnitude", "elementOf", "sameValue", "containsValue", "withElement", "pushed", "popped"] as const),
  ...(["addMember", "removeMember", "plannedMin", "plannedMax", "plannedMagnitude", "plannedLength"] as const),
  ...(["plannedIndex", "addressAt", "rounds", "loopRegion"] as const),
  ...(["isVariant", "payloadOf", "chosen", "containsPart", "lengthOfParts", "openRounds"] as const),
  ...(["partAt", "partsOf", "allKnown", "plannedWrapped", "plannedSaturated"] as const),
];

export function helperText(name: HelperName, annotate: Annotate): string {
  return HELPERS[name](annotate);
}

// --- limits ----------------------------------------------------------------------------------------------------------

/**
 * `MAX`, `MIN`: the range of a type. As doubles inside the range: `CEILING`, `FLOOR`, where the check of a Δ ends.
 * As doubles outside of it: `LARGEST`, `SMALLEST`, the bounds of an amount that isn't known.
 */
export type LimitKind = "MAX" | "MIN" | "CEILING" | "FLOOR" | "LARGEST" | "SMALLEST";

export const LIMIT_KINDS: readonly LimitKind[] = ["MAX", "MIN", "CEILING", "FLOOR", "LARGEST", "SMALLEST"];

export function limitName(kind: LimitKind, type: IntType): string {
  return `${kind}_${type.signed ? "I" : "U"}${type.bits}`;
}

export function limitText(kind: LimitKind, type: IntType): string {
  switch (kind) {
    case "MAX":
      return bigText(maxOf(type));
    case "MIN":
      return bigText(minOf(type));
    case "CEILING":
      return doubleText(doubleBelow(maxOf(type)));
    case "FLOOR":
      return doubleText(doubleAbove(minOf(type)));
    case "LARGEST":
      return doubleText(doubleAbove(maxOf(type)));
    case "SMALLEST":
      return doubleText(doubleBelow(minOf(type)));
  }
}
