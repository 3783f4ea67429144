/** Checked arithmetic of exec code: results brought into the range of their type, or Panic(0x11). Only `<<` drops what doesn't fit. */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { BinaryOp, UpdateOp } from "../typed/tree.ts";
import { binaryCode, callCode, primary, type Code } from "./code.ts";
import { rangeOf, representationOf } from "./representation.ts";
import { helper, limit, type ModuleScope } from "./scope.ts";

export type ArithmeticOp = Extract<BinaryOp, UpdateOp | "<<" | ">>">;

/** The value itself when it is in the range of the type. */
export function fitted(module: ModuleScope, type: Type, value: Code): Code {
  const { min, max } = rangeOf(type);
  if (representationOf(type) === "number") return callCode("x.fit", [value, String(min), String(max)]);
  if (type.kind !== "int") throw new Bug(`fitted: ${type.kind}`);
  if (!type.signed) return callCode(`x.fitU${String(type.bits)}`, [value]);
  return callCode("x.fitBig", [value, limit(module, "MIN", type), limit(module, "MAX", type)]);
}

/** The result of an operation, checked. `by` is the type of the right side, which differs for shifts. */
export function arithmetic(module: ModuleScope, op: ArithmeticOp, type: Type, left: Code, right: Code): Code {
  const exact = exactly(op, type, left, right);
  switch (op) {
    case "|":
    case "&":
    case "^":
    case "<<":
    case ">>":
    case "%":
      return exact;
    case "/":
      // Only the least value of a signed type divided by -1 leaves the range.
      return type.kind === "int" && type.signed ? fitted(module, type, exact) : exact;
    case "+":
    case "-":
    case "*":
      return fitted(module, type, exact);
  }
}

/**
 * The result before the check. Products of 32-bit numbers may exceed 2^53 and are rounded then, but one that is out of range stays so;
 * everything in range is exact.
 */
export function exactly(op: ArithmeticOp, type: Type, left: Code, right: Code): Code {
  const narrow = representationOf(type) === "number";
  switch (op) {
    case "+":
    case "-":
    case "*":
      return binaryCode(op, left, right);
    case "/":
      return callCode(narrow ? "x.div" : "x.divBig", [left, right]);
    case "%":
      return callCode(narrow ? "x.mod" : "x.modBig", [left, right]);
    case "|":
    case "&":
    case "^": {
      const bits = binaryCode(op, left, right);
      // JavaScript's bit operators give signed 32-bit numbers.
      return narrow && type.kind === "int" && !type.signed && type.bits === 32 ? binaryCode(">>>", bits, primary("0")) : bits;
    }
    case "<<":
    case ">>":
      return shifted(op, type, left, right);
  }
}

function shifted(op: "<<" | ">>", type: Type, left: Code, right: Code): Code {
  if (type.kind !== "int") throw new Bug(`shift of ${type.kind}`);
  const by = callCode("x.shift", [right.small ?? right, String(type.bits)]);
  const { signed, bits } = type;
  if (representationOf(type) === "big") {
    const wide = binaryCode(op, left, callCode("BigInt", [by]));
    return op === ">>" ? wide : callCode(signed ? "BigInt.asIntN" : "BigInt.asUintN", [String(bits), wide]);
  }
  if (op === ">>") return binaryCode(signed ? ">>" : ">>>", left, by);
  const pattern = binaryCode("<<", left, by);
  // JavaScript's own shift is that of a signed 32-bit number.
  return signed && bits === 32 ? pattern : lowBits(pattern, signed, bits);
}

/** The low bits of a number of at most 33 bits and a sign, as a value of the type. */
export function lowBits(value: Code, signed: boolean, bits: number): Code {
  if (bits === 32) return signed ? binaryCode("|", value, primary("0")) : binaryCode(">>>", value, primary("0"));
  if (!signed) return binaryCode("&", value, primary(String(2 ** bits - 1)));
  const shift = primary(String(32 - bits));
  return binaryCode(">>", binaryCode("<<", value, shift), shift);
}

/** The smaller or the larger of two values. */
export function extreme(module: ModuleScope, op: "min" | "max", type: Type, left: Code, right: Code): Code {
  if (representationOf(type) === "number") return callCode(`Math.${op}`, [left, right]);
  return callCode(helper(op === "min" ? "lesser" : "greater"), [left, right]);
}
