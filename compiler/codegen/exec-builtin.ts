/** Builtin functions and conversions as JavaScript. */
import { Bug, unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { callCode, numberCode, primary, unaryCode, type Code } from "./code.ts";
import { exactly, fitted, lowBits } from "./exec-arithmetic.ts";
import { runtimeMethod } from "./exec-call.ts";
import { mayFail, type ExecScope } from "./exec-scope.ts";
import { intText } from "./literals.ts";
import { rangeOf, representationOf } from "./representation.ts";
import { helper, limit, type ModuleScope } from "./scope.ts";

/** All bits turned over: for unsigned types that is the distance from the largest value. */
export function complement(type: Type, operand: Code): Code {
  if (type.kind === "int" && type.signed) return unaryCode("~", operand);
  const largest = numberCode(intText(type, rangeOf(type).max), undefined);
  return { text: `${largest.text} - ${operand.binds >= 13 ? operand.text : `(${operand.text})`}`, binds: 12, small: undefined };
}

export function convertCode(scope: ExecScope, from: Type, to: Type, operand: Code): Code {
  if (to.kind === "enum" && from.kind === "int") return callCode("x.enumOf", [operand, String(to.variants.length)]);
  if (to.kind === "bytes32" && representationOf(from) === "number") return callCode("BigInt", [operand]);
  if (to.kind !== "int") return operand;
  const narrow = representationOf(from) === "number";
  const fits = !mayFail(from, to);
  if (representationOf(to) === "number") {
    if (fits) return operand;
    const { min, max } = rangeOf(to);
    return callCode(narrow ? "x.fit" : "x.toNumber", [operand, String(min), String(max)]);
  }
  const wide = narrow ? callCode("BigInt", [operand]) : operand;
  return fits ? wide : fitted(scope.module, to, wide);
}

export function builtinCode(scope: ExecScope, expr: Extract<Expr, { kind: "builtin" }>): Code {
  const { module } = scope;
  const { type } = expr;
  const args = expr.args.map((arg) => scope.emit.expr(scope, arg));
  const narrow = representationOf(type) === "number";
  switch (expr.name) {
    case "min":
      return callCode(narrow ? "Math.min" : helper("lesser"), args);
    case "max":
      return callCode(narrow ? "Math.max" : helper("greater"), args);
    case "abs":
      return fitted(module, type, callCode(narrow ? "Math.abs" : helper("magnitude"), args));
    case "sqrt":
      // Square roots of doubles are rounded correctly, so below 2^32 the floor is exact.
      return narrow ? primary(`Math.floor(Math.sqrt(${args[0].text}))`) : callCode("x.sqrt", args);
    case "mulDiv":
    case "mulDivUp": {
      const wide = narrow ? args.map((arg) => callCode("BigInt", [arg])) : args;
      const result = callCode("x.mulDiv", [...wide, String(expr.name === "mulDivUp")]);
      if (!narrow) return fitted(module, type, result);
      const { min, max } = rangeOf(type);
      return callCode("x.toNumber", [result, String(min), String(max)]);
    }
    case "wrappingAdd":
    case "saturatingAdd":
      return bounded(module, expr.name, "+", type, args);
    case "wrappingSub":
    case "saturatingSub":
      return bounded(module, expr.name, "-", type, args);
    case "wrappingMul":
    case "saturatingMul":
      return bounded(module, expr.name, "*", type, args);
    case "sha256":
    case "keccak256":
    case "blake3":
    case "ecrecover":
    case "ed25519.verify":
    case "mldsa65.verify":
    case "hasCode": {
      const method = runtimeMethod(expr.name);
      if (method === undefined) throw new Bug(`codegen: no method for ${expr.name}`);
      return callCode(method, args);
    }
    default:
      return unreachable(expr.name, "builtin");
  }
}

function bounded(module: ModuleScope, name: string, op: "+" | "-" | "*", type: Type, [left, right]: readonly Code[]): Code {
  if (type.kind !== "int") throw new Bug(`codegen: ${name} of ${type.kind}`);
  const { signed, bits } = type;
  const exact = exactly(op, type, left, right);
  if (name.startsWith("wrapping")) {
    if (bits > 32) return callCode(signed ? "BigInt.asIntN" : "BigInt.asUintN", [String(bits), exact]);
    // A product of 32-bit numbers doesn't fit a double; this one gives its low bits.
    return lowBits(op === "*" ? callCode("Math.imul", [left, right]) : exact, signed, bits);
  }
  const narrow = bits <= 32;
  const lesser = narrow ? "Math.min" : helper("lesser");
  const greater = narrow ? "Math.max" : helper("greater");
  const { min, max } = rangeOf(type);
  const least = narrow ? String(min) : min === 0n ? "0n" : limit(module, "MIN", type);
  const most = narrow ? String(max) : limit(module, "MAX", type);
  const above = !signed && op !== "-" ? exact : callCode(greater, [exact, least]);
  return !signed && op === "-" ? above : callCode(lesser, [above, most]);
}
