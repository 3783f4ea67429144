/**
 * Terms of plans: the checked arithmetic of exec over values that may be unknown. Unknown in or failure gives unknown (rule P1); nothing throws.
 * Pure functions; the planner's methods of the same names lead here.
 */
import type { Maybe } from "../module.ts";
import { mulDiv as mulDivOf, sqrt as sqrtOf } from "../values/big.ts";

type Value = bigint | number | boolean | Uint8Array;

export function inRange(value: Maybe<number>, min: number, max: number): Maybe<number> {
  return value === undefined || value < min || value > max ? undefined : value;
}

export function inRangeBig(value: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint> {
  return value === undefined || value < min || value > max ? undefined : value;
}

/** Width of the type with this largest value, given whether it has a sign. */
function bitsOf(min: number, max: number): number {
  return Math.round(Math.log2(max + 1)) + (min < 0 ? 1 : 0);
}

/** A 32-bit pattern cut to the width of the type. */
function lowBits(pattern: number, min: number, max: number): number {
  const above = 32 - bitsOf(min, max);
  return min < 0 ? (pattern << above) >> above : (pattern << above) >>> above;
}

export function arith(
  op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>",
  a: Maybe<number>,
  b: Maybe<number>,
  min: number,
  max: number,
): Maybe<number> {
  if (a === undefined || b === undefined) return undefined;
  switch (op) {
    case "+":
      return inRange(a + b, min, max);
    case "-":
      return inRange(a - b, min, max);
    case "*":
      // Up to 64 bits, rounded: out of range stays out of range, and in range is exact.
      return inRange(a * b + 0, min, max);
    case "/":
      return b === 0 ? undefined : inRange(Math.trunc(a / b) + 0, min, max);
    case "%":
      return b === 0 ? undefined : inRange((a % b) + 0, min, max);
    case "&":
      return min < 0 ? a & b : (a & b) >>> 0;
    case "|":
      return min < 0 ? a | b : (a | b) >>> 0;
    case "^":
      return min < 0 ? a ^ b : (a ^ b) >>> 0;
    case "<<":
      return b < 0 || b >= bitsOf(min, max) ? undefined : lowBits(a << b, min, max);
    case ">>":
      return b < 0 || b >= bitsOf(min, max) ? undefined : inRange(Math.floor(a / 2 ** b), min, max);
  }
}

export function arithBig(
  op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^",
  a: Maybe<bigint>,
  b: Maybe<bigint>,
  min: bigint,
  max: bigint,
): Maybe<bigint> {
  if (a === undefined || b === undefined) return undefined;
  switch (op) {
    case "+":
      return inRangeBig(a + b, min, max);
    case "-":
      return inRangeBig(a - b, min, max);
    case "*":
      return inRangeBig(a * b, min, max);
    case "/":
      return b === 0n ? undefined : inRangeBig(a / b, min, max);
    case "%":
      return b === 0n ? undefined : inRangeBig(a % b, min, max);
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
  }
}

export function shiftBig(op: "<<" | ">>", a: Maybe<bigint>, b: Maybe<bigint | number>, min: bigint, max: bigint): Maybe<bigint> {
  if (a === undefined || b === undefined) return undefined;
  const bits = (max + 1n).toString(2).length - 1 + (min < 0n ? 1 : 0);
  if (b < 0 || b >= bits) return undefined;
  const by = BigInt(b);
  if (op === ">>") return a >> by;
  return min < 0n ? BigInt.asIntN(bits, a << by) : BigInt.asUintN(bits, a << by);
}

export function compare(op: "<" | "<=" | ">" | ">=", a: Maybe<bigint | number>, b: Maybe<bigint | number>): Maybe<boolean> {
  if (a === undefined || b === undefined) return undefined;
  switch (op) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

export function equal(a: Maybe<Value>, b: Maybe<Value>): Maybe<boolean> {
  if (a === undefined || b === undefined) return undefined;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && sameBytes(a, b);
  if (b instanceof Uint8Array) return false;
  return typeof a === typeof b ? a === b : BigInt(a) === BigInt(b);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function and(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean> {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

export function or(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean> {
  if (a === true || b === true) return true;
  return a === undefined || b === undefined ? undefined : false;
}

export function toNumber(a: Maybe<bigint>, min: number, max: number): Maybe<number> {
  return a === undefined || a < min || a > max ? undefined : Number(a);
}

export function mulDiv(a: Maybe<bigint>, b: Maybe<bigint>, c: Maybe<bigint>, up: boolean): Maybe<bigint> {
  return a === undefined || b === undefined || c === undefined ? undefined : mulDivOf(a, b, c, up);
}

export function sqrt(a: Maybe<bigint>): Maybe<bigint> {
  return a === undefined ? undefined : sqrtOf(a);
}
