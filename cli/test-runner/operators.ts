/** Operators on values of tests, with the checks the running contract has: what would revert there fails the test here. */
import { foldBuiltin, foldInts, foldUnary } from "../../compiler/check/fold.ts";
import type { Folded } from "../../compiler/check/fold.ts";
import { unreachable } from "../../compiler/core/bug.ts";
import { maxOf, minOf } from "../../compiler/core/types.ts";
import type { IntType, Type } from "../../compiler/core/types.ts";
import type { BinaryOp, BuiltinName, Site } from "../../compiler/typed/tree.ts";
import { cannotEvaluate } from "./failure.ts";
import { asInteger, equalValues, isList } from "./values.ts";
import type { TestValue } from "./values.ts";

/** `&&` and `||` short-circuit and are the evaluators' business. */
export function applyBinary(op: BinaryOp, type: Type, a: TestValue, b: TestValue, site: Site): TestValue {
  if (op === "==") return equalValues(a, b);
  if (op === "!=") return !equalValues(a, b);
  if (type.kind !== "int") throw cannotEvaluate(site, `\`${op}\` on something else than integers`);
  return folded(foldInts(op, type, asInteger(a), asInteger(b)), site);
}

export function applyUnary(op: "-" | "!" | "~", type: Type, operand: TestValue, site: Site): TestValue {
  if (op === "!") return operand !== true;
  if (type.kind !== "int") throw cannotEvaluate(site, `\`${op}\` on something else than an integer`);
  return folded(foldUnary(op, type, asInteger(operand)), site);
}

export function applyBuiltin(name: BuiltinName, type: Type, args: readonly TestValue[], site: Site): TestValue {
  if (type.kind !== "int") throw cannotEvaluate(site, `\`${name}\` of something else than integers`);
  return folded(foldBuiltin(name, type, args.map(asInteger)), site);
}

function folded(result: Folded | undefined, site: Site): TestValue {
  switch (result?.kind) {
    case "int":
    case "bool":
      return result.value;
    case "fails":
      throw cannotEvaluate(site, result.reason);
    case "outside":
    case undefined:
      throw cannotEvaluate(site, "overflow");
    default:
      return unreachable(result, "folded");
  }
}

export function convertValue(value: TestValue, to: Type, site: Site): TestValue {
  if (to.kind === "int") return inRange(asInteger(value), to, site);
  if (to.kind === "enum" && asInteger(value) >= BigInt(to.variants.length))
    throw cannotEvaluate(site, `\`${to.name}\` has no value ${String(value)}`);
  return value;
}

function inRange(value: bigint, type: IntType, site: Site): bigint {
  if (value < minOf(type) || value > maxOf(type)) throw cannotEvaluate(site, `${value} does not fit`);
  return value;
}

export function elementAt(list: TestValue, index: TestValue, site: Site): TestValue {
  const position = asInteger(index);
  if (!isList(list) || position < 0n || position >= BigInt(list.length)) throw cannotEvaluate(site, "the index is outside the list");
  return list[Number(position)];
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
