/** Operators on values of tests, with the checks the running contract has: what would revert there fails the test here. */
import { foldInts, foldUnary } from "../../compiler/check/fold.ts";
import { foldArithmetic } from "../../compiler/check/fold-arithmetic.ts";
import type { Folded } from "../../compiler/check/fold.ts";
import { unreachable } from "../../compiler/core/bug.ts";
import { maxOf, minOf } from "../../compiler/core/types.ts";
import type { IntType, Type } from "../../compiler/core/types.ts";
import type { BinaryOp, BuiltinName, Site } from "../../compiler/typed/tree.ts";
import { cannotEvaluate } from "./failure.ts";
import { hashOf } from "./bytes.ts";
import { checkSignature } from "./signatures.ts";
import { asHex, asInteger, equalValues, toHex } from "./values.ts";
import type { TestValue } from "./values.ts";

/** `&&` and `||` short-circuit and are the evaluators' business. */
export function applyBinary(op: BinaryOp, type: Type, a: TestValue, b: TestValue, site: Site): TestValue {
  if (op === "==") return equalValues(a, b);
  if (op === "!=") return !equalValues(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return logical(op, a, b);
  if (type.kind !== "int") throw cannotEvaluate(site, `\`${op}\` on something else than integers`);
  return folded(foldInts(op, type, asInteger(a), asInteger(b)), site);
}

function logical(op: BinaryOp, a: boolean, b: boolean): boolean {
  if (op === "|") return a || b;
  return op === "&" ? a && b : a !== b;
}

export function applyUnary(op: "-" | "!" | "~", type: Type, operand: TestValue, site: Site): TestValue {
  if (op === "!") return operand !== true;
  if (type.kind !== "int") throw cannotEvaluate(site, `\`${op}\` on something else than an integer`);
  return folded(foldUnary(op, type, asInteger(operand)), site);
}

/** `hasCode` asks a chain and isn't among them. */
export function applyBuiltin(
  name: BuiltinName,
  of: { readonly types: readonly Type[]; readonly result: Type },
  args: readonly TestValue[],
  site: Site,
): TestValue {
  switch (name) {
    case "sha256":
    case "keccak256":
    case "blake3":
      return hashOf(name, of.types[0], args[0]);
    case "ecrecover":
    case "ed25519.verify":
    case "mldsa65.verify":
      return checkSignature(name, args);
    case "hasCode":
      throw cannotEvaluate(site, "it needs a chain");
    default:
      if (of.result.kind !== "int") throw cannotEvaluate(site, `\`${name}\` of something else than integers`);
      return folded(foldArithmetic(name, of.result, args.map(asInteger)), site);
  }
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

export function convertValue(value: TestValue, from: Type, to: Type, site: Site): TestValue {
  if (to.kind === "int") return inRange(from.kind === "bytes32" ? BigInt(asHex(value)) : asInteger(value), to, site);
  if (from.kind === "int" && to.kind === "bytes32") return `0x${asInteger(value).toString(16).padStart(64, "0")}`;
  if (from.kind === "string" && to.kind === "bytes") return toHex(Buffer.from(String(value)));
  if (to.kind === "enum" && asInteger(value) >= BigInt(to.variants.length))
    throw cannotEvaluate(site, `\`${to.name}\` has no value ${String(value)}`);
  return value;
}

function inRange(value: bigint, type: IntType, site: Site): bigint {
  if (value < minOf(type) || value > maxOf(type)) throw cannotEvaluate(site, `${value} does not fit`);
  return value;
}
