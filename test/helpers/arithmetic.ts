/**
 * What arithmetic means, said once more in plain big integers: each operation with how it is written, what it takes, and what it gives or how it
 * panics. Shares nothing with the compiler, the runtime or the interpreter.
 */
import type { IntType } from "../../compiler/core/types.ts";
import type { BinaryOp, BuiltinName } from "../../compiler/typed/tree.ts";

export type Outcome = { readonly kind: "value"; readonly value: bigint | boolean } | { readonly kind: "panic"; readonly code: number };

export type Form =
  | { readonly kind: "binary"; readonly op: BinaryOp }
  | { readonly kind: "unary"; readonly op: "-" | "~" }
  | { readonly kind: "builtin"; readonly name: Arithmetic }
  | { readonly kind: "convert" };

/** Built-in functions on integers alone. */
export type Arithmetic = Exclude<
  BuiltinName,
  "sha256" | "keccak256" | "blake3" | "ecrecover" | "ed25519.verify" | "mldsa65.verify" | "hasCode"
>;

export interface Operation {
  readonly form: Form;
  /** With `a`, `b`, `c` for the operands. */
  readonly text: string;
  /** Type names of the operands; `T` is the type under test. */
  readonly takes: readonly string[];
  /** Type name of the result, likewise. */
  readonly gives: string;
  readonly of: (type: IntType) => boolean;
  readonly result: (type: IntType, a: bigint, b: bigint, c: bigint) => Outcome;
}

const WIDTHS = [8, 16, 32, 64, 128, 256] as const;

export const INT_TYPES: readonly IntType[] = [false, true].flatMap((signed) =>
  WIDTHS.map((bits): IntType => ({ kind: "int", signed, bits })),
);

export function intName(type: IntType): string {
  return `${type.signed ? "i" : "u"}${type.bits}`;
}

function limits(type: IntType): { readonly min: bigint; readonly max: bigint } {
  const bits = BigInt(type.bits);
  return type.signed ? { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n } : { min: 0n, max: 2n ** bits - 1n };
}

/** Around zero, around the limits, and around the square root of the largest. */
export function telling(type: IntType): readonly bigint[] {
  const { min, max } = limits(type);
  const root = 2n ** BigInt(type.bits / 2);
  const middle = 2n ** BigInt(type.bits - 1);
  const all = [min, min + 1n, -root, -2n, -1n, 0n, 1n, 2n, 3n, root - 1n, root, middle - 1n, middle, max - 1n, max];
  return [...new Set(all)].filter((value) => value >= min && value <= max);
}

/** Fewer of them, for operations with three operands. */
export function mostTelling(type: IntType): readonly bigint[] {
  const { max } = limits(type);
  return [0n, 1n, 3n, 2n ** BigInt(type.bits / 2), max - 1n, max];
}

export function shiftAmounts(type: IntType): readonly bigint[] {
  const bits = BigInt(type.bits);
  return [0n, 1n, 3n, bits / 2n, bits - 1n, bits, bits + 1n, 65_535n];
}

const OVERFLOW: Outcome = { kind: "panic", code: 0x11 };
const DIVISION: Outcome = { kind: "panic", code: 0x12 };

function exactly(value: bigint | boolean): Outcome {
  return { kind: "value", value };
}

function checked(type: IntType, value: bigint): Outcome {
  const { min, max } = limits(type);
  return value < min || value > max ? OVERFLOW : exactly(value);
}

/** The number of the type that is the same modulo 2^bits. */
function wrapped(type: IntType, value: bigint): Outcome {
  const { min } = limits(type);
  const size = 2n ** BigInt(type.bits);
  return exactly(((((value - min) % size) + size) % size) + min);
}

function clamped(type: IntType, value: bigint): Outcome {
  const { min, max } = limits(type);
  return exactly(value < min ? min : value > max ? max : value);
}

function divided(type: IntType, value: bigint, by: bigint, up: boolean): Outcome {
  if (by === 0n) return DIVISION;
  return checked(type, up && value % by !== 0n ? value / by + 1n : value / by);
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = value;
  for (let next = (root + 1n) / 2n; next < root; next = (root + value / root) / 2n) root = next;
  return root;
}

const any = (): boolean => true;
const signed = (type: IntType): boolean => type.signed;
const unsigned = (type: IntType): boolean => !type.signed;

type Result = Operation["result"];

function binary(op: BinaryOp, result: Result, right = "T", gives = "T"): Operation {
  return { form: { kind: "binary", op }, text: `a ${op} b`, takes: ["T", right], gives, of: any, result };
}

function unary(op: "-" | "~", of: Operation["of"], result: Result): Operation {
  return { form: { kind: "unary", op }, text: `${op}a`, takes: ["T"], gives: "T", of, result };
}

function builtin(name: Arithmetic, operands: 1 | 2 | 3, of: Operation["of"], result: Result): Operation {
  const letters = ["a", "b", "c"].slice(0, operands);
  const form = { kind: "builtin", name } as const;
  return { form, text: `${name}(${letters.join(", ")})`, takes: letters.map(() => "T"), gives: "T", of, result };
}

function comparison(op: BinaryOp, result: (a: bigint, b: bigint) => boolean): Operation {
  return binary(op, (_type, a, b) => exactly(result(a, b)), "T", "bool");
}

function shift(op: "<<" | ">>", result: (type: IntType, a: bigint, by: bigint) => Outcome): Operation {
  return binary(op, (type, a, b) => (b >= BigInt(type.bits) ? OVERFLOW : result(type, a, b)), "u16");
}

function conversion(to: IntType): Operation {
  const of = (type: IntType): boolean => type.bits !== to.bits || type.signed !== to.signed;
  const name = intName(to);
  return { form: { kind: "convert" }, text: `${name}(a)`, takes: ["T"], gives: name, of, result: (_type, a) => checked(to, a) };
}

export const OPERATIONS: readonly Operation[] = [
  binary("+", (type, a, b) => checked(type, a + b)),
  binary("-", (type, a, b) => checked(type, a - b)),
  binary("*", (type, a, b) => checked(type, a * b)),
  binary("/", (type, a, b) => divided(type, a, b, false)),
  binary("%", (_type, a, b) => (b === 0n ? DIVISION : exactly(a - (a / b) * b))),
  binary("&", (type, a, b) => checked(type, a & b)),
  binary("|", (type, a, b) => checked(type, a | b)),
  binary("^", (type, a, b) => checked(type, a ^ b)),
  comparison("==", (a, b) => a === b),
  comparison("!=", (a, b) => a !== b),
  comparison("<", (a, b) => a < b),
  comparison("<=", (a, b) => a <= b),
  comparison(">", (a, b) => a > b),
  comparison(">=", (a, b) => a >= b),
  // Bits that fall out are gone; to the right the sign stays.
  shift("<<", (type, a, by) => wrapped(type, a * 2n ** by)),
  shift(">>", (_type, a, by) => exactly(a >= 0n ? a / 2n ** by : -((-a + 2n ** by - 1n) / 2n ** by))),
  unary("-", signed, (type, a) => checked(type, -a)),
  unary("~", any, (type, a) => exactly(type.signed ? -a - 1n : limits(type).max - a)),
  builtin("min", 2, any, (_type, a, b) => exactly(a < b ? a : b)),
  builtin("max", 2, any, (_type, a, b) => exactly(a < b ? b : a)),
  builtin("wrappingAdd", 2, any, (type, a, b) => wrapped(type, a + b)),
  builtin("wrappingSub", 2, any, (type, a, b) => wrapped(type, a - b)),
  builtin("wrappingMul", 2, any, (type, a, b) => wrapped(type, a * b)),
  builtin("saturatingAdd", 2, any, (type, a, b) => clamped(type, a + b)),
  builtin("saturatingSub", 2, any, (type, a, b) => clamped(type, a - b)),
  builtin("saturatingMul", 2, any, (type, a, b) => clamped(type, a * b)),
  builtin("abs", 1, signed, (type, a) => checked(type, a < 0n ? -a : a)),
  builtin("sqrt", 1, unsigned, (_type, a) => exactly(squareRoot(a))),
  builtin("mulDiv", 3, unsigned, (type, a, b, c) => divided(type, a * b, c, false)),
  builtin("mulDivUp", 3, unsigned, (type, a, b, c) => divided(type, a * b, c, true)),
  ...INT_TYPES.map(conversion),
];

/** `place op= b` after `place = a`. */
export const UPDATES: readonly { readonly op: string; readonly result: Operation["result"] }[] = [
  ...["+", "-", "*", "/", "%", "|", "&", "^"].map((op) => ({
    op,
    result: OPERATIONS.find((each) => each.text === `a ${op} b`)?.result ?? never,
  })),
  { op: "min", result: (_type, a, b) => exactly(a < b ? a : b) },
  { op: "max", result: (_type, a, b) => exactly(a < b ? b : a) },
];

function never(): Outcome {
  throw new Error("no such operation");
}
