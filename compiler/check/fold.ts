/**
 * Computes operators on literals, with the ranges and failures the running contract has. `fails` says the operation always
 * reverts; undefined that it is left to run time.
 */
import { maxOf, minOf } from "../core/types.ts";
import type { IntType } from "../core/types.ts";
import type { BinaryOp, BuiltinName } from "../typed/tree.ts";

export type Folded =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "outside"; readonly value: bigint }
  | { readonly kind: "fails"; readonly reason: string };

export function foldInts(op: BinaryOp, type: IntType, a: bigint, b: bigint): Folded | undefined {
  switch (op) {
    case "+":
      return ranged(type, a + b);
    case "-":
      return ranged(type, a - b);
    case "*":
      return ranged(type, a * b);
    case "/":
      return b === 0n ? { kind: "fails", reason: "division by zero" } : ranged(type, a / b);
    case "%":
      return b === 0n ? { kind: "fails", reason: "division by zero" } : ranged(type, a % b);
    case "&":
      return ranged(type, a & b);
    case "|":
      return ranged(type, a | b);
    case "^":
      return ranged(type, a ^ b);
    case "<<":
    case ">>":
      return foldShift(op, type, a, b);
    case "==":
      return { kind: "bool", value: a === b };
    case "!=":
      return { kind: "bool", value: a !== b };
    case "<":
      return { kind: "bool", value: a < b };
    case "<=":
      return { kind: "bool", value: a <= b };
    case ">":
      return { kind: "bool", value: a > b };
    case ">=":
      return { kind: "bool", value: a >= b };
    case "&&":
    case "||":
      return undefined;
  }
}

function foldShift(op: "<<" | ">>", type: IntType, a: bigint, b: bigint): Folded | undefined {
  if (b >= BigInt(type.bits)) return { kind: "fails", reason: `a shift by ${String(b)} of a type of ${type.bits} bits` };
  if (op === ">>") return ranged(type, a >> b);
  const shifted = a << b;
  // Bits that fall out are the business of run time.
  return shifted > maxOf(type) || shifted < minOf(type) ? undefined : { kind: "int", value: shifted };
}

export function foldUnary(op: "-" | "~", type: IntType, a: bigint): Folded {
  if (op === "-") return ranged(type, -a);
  return { kind: "int", value: type.signed ? ~a : maxOf(type) - a };
}

export function foldBuiltin(name: BuiltinName, type: IntType, args: readonly bigint[]): Folded {
  const [a, b, c] = args;
  switch (name) {
    case "min":
      return { kind: "int", value: a < b ? a : b };
    case "max":
      return { kind: "int", value: a > b ? a : b };
    case "abs":
      return ranged(type, a < 0n ? -a : a);
    case "mulDiv":
      return c === 0n ? { kind: "fails", reason: "division by zero" } : ranged(type, (a * b) / c);
    case "mulDivUp":
      return c === 0n ? { kind: "fails", reason: "division by zero" } : ranged(type, (a * b + c - 1n) / c);
    case "sqrt":
      return { kind: "int", value: squareRoot(a) };
  }
}

export function ranged(type: IntType, value: bigint): Folded {
  return value < minOf(type) || value > maxOf(type) ? { kind: "outside", value } : { kind: "int", value };
}

/** Newton's method from above, on integers. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
