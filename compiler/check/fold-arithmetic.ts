/** Computes the arithmetic built-ins on literals, with the ranges and failures that the running contract has. */
import { maxOf, minOf } from "../core/types.ts";
import type { IntType } from "../core/types.ts";
import type { ArithmeticName } from "../typed/tree.ts";
import { ranged } from "./fold.ts";
import type { Folded } from "./fold.ts";

export function foldArithmetic(name: ArithmeticName, type: IntType, args: readonly bigint[]): Folded {
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
    case "wrappingAdd":
      return wrapped(type, a + b);
    case "wrappingSub":
      return wrapped(type, a - b);
    case "wrappingMul":
      return wrapped(type, a * b);
    case "saturatingAdd":
      return saturated(type, a + b);
    case "saturatingSub":
      return saturated(type, a - b);
    case "saturatingMul":
      return saturated(type, a * b);
  }
}

function wrapped(type: IntType, value: bigint): Folded {
  return { kind: "int", value: type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value) };
}

function saturated(type: IntType, value: bigint): Folded {
  const [min, max] = [minOf(type), maxOf(type)];
  return { kind: "int", value: value < min ? min : value > max ? max : value };
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
