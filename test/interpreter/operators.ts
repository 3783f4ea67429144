/**
 * Operators, conversions and built-in functions on values, with the panics the language prescribes.
 * Pure: the evaluator and the counting walk of tickets use the same ones.
 */
import { maxOf, minOf } from "../../compiler/core/types.ts";
import type { IntType, Type } from "../../compiler/core/types.ts";
import type { BinaryOp, BuiltinName, UpdateOp } from "../../compiler/typed/tree.ts";
import { hashOf, recover, verifyEd25519, verifyMlDsa65 } from "./crypto.ts";
import { PANIC_DIVISION, PANIC_ENUM, PANIC_OVERFLOW, panic } from "./revert.ts";
import { asBool, asHex, asInt, fitsInt, sameValue } from "./values.ts";
import type { Val } from "./values.ts";

/** All but the one that asks the chain. */
export type PureBuiltin = Exclude<BuiltinName, "hasCode">;
type Numeric = Exclude<PureBuiltin, "sha256" | "keccak256" | "blake3" | "ecrecover" | "ed25519.verify" | "mldsa65.verify">;

/** All binary operators; both sides evaluated (`&&` and `||` are cut short by who calls this). `type` is that of the result. */
export function binary(op: BinaryOp, type: Type, left: Val, right: Val): Val {
  switch (op) {
    case "||":
      return asBool(left) || asBool(right);
    case "&&":
      return asBool(left) && asBool(right);
    case "==":
      return sameValue(left, right);
    case "!=":
      return !sameValue(left, right);
    case "<":
      return asInt(left) < asInt(right);
    case "<=":
      return asInt(left) <= asInt(right);
    case ">":
      return asInt(left) > asInt(right);
    case ">=":
      return asInt(left) >= asInt(right);
    case "|":
    case "&":
    case "^":
      return typeof left === "boolean" ? logical(op, left, asBool(right)) : arithmetic(op, type, asInt(left), asInt(right));
    case "<<":
    case ">>":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(op, type, asInt(left), asInt(right));
  }
}

function logical(op: "|" | "&" | "^", left: boolean, right: boolean): boolean {
  if (op === "|") return left || right;
  return op === "&" ? left && right : left !== right;
}

export function arithmetic(op: "|" | "&" | "^" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%", type: Type, a: bigint, b: bigint): bigint {
  return checked(type, exact(op, type, a, b));
}

function exact(op: "|" | "&" | "^" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%", type: Type, a: bigint, b: bigint): bigint {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0n) throw panic(PANIC_DIVISION);
      return a / b;
    case "%":
      if (b === 0n) throw panic(PANIC_DIVISION);
      return a % b;
    case "|":
      return a | b;
    case "&":
      return a & b;
    case "^":
      return a ^ b;
    case "<<":
    case ">>":
      if (type.kind !== "int") throw new Error(`interpreter: shift of ${type.kind}`);
      if (b >= BigInt(type.bits)) throw panic(PANIC_OVERFLOW);
      return op === "<<" ? wrapped(type, a << b) : a >> b;
  }
}

function checked(type: Type, value: bigint): bigint {
  if (!fitsInt(type, value)) throw panic(PANIC_OVERFLOW);
  return value;
}

export function unary(op: "-" | "!" | "~", type: Type, operand: Val): Val {
  if (op === "!") return !asBool(operand);
  const value = asInt(operand);
  if (op === "-") return checked(type, -value);
  // Signed: -x - 1. Unsigned: all bits turned over, which is the distance from the largest value.
  return type.kind === "int" && type.signed ? ~value : BigInt.asUintN(type.kind === "int" ? type.bits : 256, ~value);
}

export function convert(from: Type, to: Type, value: Val): Val {
  if (typeof value === "bigint" && to.kind === "enum") {
    if (value < 0n || value >= BigInt(to.variants.length)) throw panic(PANIC_ENUM);
    return value;
  }
  if (typeof value === "bigint" && to.kind === "int") return checked(to, value);
  if ((from.kind === "address" || from.kind === "handle") && (to.kind === "address" || to.kind === "handle")) return value;
  if (from.kind === to.kind || (from.kind === "string" && to.kind === "bytes")) return value;
  // The 256 bits as they are.
  if (from.kind === "bytes32" && to.kind === "int") return checked(to, BigInt(asHex(value)));
  if (from.kind === "int" && to.kind === "bytes32") return `0x${asInt(value).toString(16).padStart(64, "0")}`;
  throw new Error(`interpreter: no conversion from ${from.kind} to ${to.kind}`);
}

/** The new value of a cell, or undefined when it doesn't fit (the statement says what happens then). Division by zero panics at once. */
export function updated(op: UpdateOp, type: Type, old: Val, by: Val): Val | undefined {
  if (typeof old === "boolean") {
    if (op !== "|" && op !== "&" && op !== "^") throw new Error(`interpreter: ${op}= on bool`);
    return logical(op, old, asBool(by));
  }
  const a = asInt(old);
  const b = asInt(by);
  if (op === "min" || op === "max") return (op === "min") === a < b ? a : b;
  const result = exact(op, type, a, b);
  return fitsInt(type, result) ? result : undefined;
}

/** The built-in functions that depend on their arguments alone; `type` is that of the result. */
export function builtin(name: PureBuiltin, type: Type, args: readonly Val[]): Val {
  switch (name) {
    case "sha256":
    case "keccak256":
    case "blake3":
      return hashOf(name, asHex(args[0]));
    case "ecrecover":
      return recover(asHex(args[0]), asInt(args[1]), asHex(args[2]), asHex(args[3]));
    case "ed25519.verify":
      return verifyEd25519(asHex(args[0]), asHex(args[1]), asHex(args[2]));
    case "mldsa65.verify":
      return verifyMlDsa65(asHex(args[0]), asHex(args[1]), asHex(args[2]));
    default:
      return numeric(name, type, args.map(asInt));
  }
}

function numeric(name: Numeric, type: Type, [a, b, c]: readonly bigint[]): bigint {
  switch (name) {
    case "min":
      return a < b ? a : b;
    case "max":
      return a > b ? a : b;
    case "abs":
      return checked(type, a < 0n ? -a : a);
    case "mulDiv":
    case "mulDivUp": {
      if (c === 0n) throw panic(PANIC_DIVISION);
      const product = a * b;
      const exactly = product % c === 0n;
      // BigInt division truncates; rounding up moves away from zero.
      const away = product < 0n === c < 0n ? 1n : -1n;
      return checked(type, product / c + (name === "mulDivUp" && !exactly ? away : 0n));
    }
    case "sqrt":
      return squareRoot(a);
    case "wrappingAdd":
      return wrapped(type, a + b);
    case "wrappingSub":
      return wrapped(type, a - b);
    case "wrappingMul":
      return wrapped(type, a * b);
    case "saturatingAdd":
      return clamped(type, a + b);
    case "saturatingSub":
      return clamped(type, a - b);
    case "saturatingMul":
      return clamped(type, a * b);
  }
}

function wrapped(type: Type, value: bigint): bigint {
  const { bits, signed } = intType(type);
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function clamped(type: Type, value: bigint): bigint {
  const int = intType(type);
  if (value < minOf(int)) return minOf(int);
  return value > maxOf(int) ? maxOf(int) : value;
}

function intType(type: Type): IntType {
  if (type.kind !== "int") throw new Error(`interpreter: ${type.kind} is no integer type`);
  return type;
}

/** The largest integer whose square is at most `value`, by bisection. */
function squareRoot(value: bigint): bigint {
  let low = 0n;
  let high = 1n << 129n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= value) low = middle;
    else high = middle;
  }
  return low;
}
