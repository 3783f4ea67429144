/**
 * Computes operators on literals, with the ranges and failures the running contract has. `fails` says the operation always
 * reverts; undefined that it is left to run time.
 */
import { maxOf, minOf } from "../core/types.ts";
import type { IntType } from "../core/types.ts";
import type { BinaryOp } from "../typed/tree.ts";

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

function foldShift(op: "<<" | ">>", type: IntType, a: bigint, b: bigint): Folded {
  if (b >= BigInt(type.bits)) return { kind: "fails", reason: `a shift by ${String(b)} of a type of ${type.bits} bits` };
  if (op === ">>") return ranged(type, a >> b);
  // Bits that fall out are gone.
  return { kind: "int", value: type.signed ? BigInt.asIntN(type.bits, a << b) : BigInt.asUintN(type.bits, a << b) };
}

export function foldUnary(op: "-" | "~", type: IntType, a: bigint): Folded {
  if (op === "-") return ranged(type, -a);
  return { kind: "int", value: type.signed ? ~a : maxOf(type) - a };
}

export function ranged(type: IntType, value: bigint): Folded {
  return value < minOf(type) || value > maxOf(type) ? { kind: "outside", value } : { kind: "int", value };
}
