/** Bounds of the amount of a Δ as doubles, rounded so that they hold (rule E4), and the limits of its check (rule E1). */
import type { IntType, Type } from "../core/types.ts";
import { Bug } from "../core/bug.ts";
import type { Access, Term } from "../footprint/footprint.ts";
import { doubleText } from "./literals.ts";
import { headOf } from "./plan-neutral.ts";
import { textOf, type PlanScope } from "./plan-scope.ts";
import { termCode } from "./plan-term.ts";
import { doubleAbove, doubleBelow, isInt, representationOf } from "./representation.ts";
import { leafName, limit } from "./scope.ts";

type Delta = Extract<Access["mode"], { kind: "delta" }>;

/** `down, up, floor, ceiling` of `p.delta`. */
export function deltaTexts(scope: PlanScope, mode: Delta, cell: Type): readonly string[] {
  if (!isInt(cell)) throw new Bug(`codegen: a Δ on ${cell.kind}`);
  const { down, up } =
    mode.atMost === undefined ? amountTexts(scope, mode.amount) : { down: "0", up: doubleText(doubleAbove(mode.atMost)) };
  return [
    ...(mode.sign === "+" ? [down, up] : [up, down]),
    mode.floor === undefined ? (cell.signed ? limit(scope.module, "FLOOR", cell) : "0") : bound(scope, mode.floor, "up"),
    mode.ceiling === undefined ? limit(scope.module, "CEILING", cell) : bound(scope, mode.ceiling, "down"),
  ];
}

/** A bound that isn't known clears nothing. */
function bound(scope: PlanScope, term: Term, direction: "up" | "down"): string {
  const inner = stripped(term);
  if (inner.kind === "constant" && inner.value.kind === "int") {
    return doubleText(direction === "up" ? doubleAbove(inner.value.value) : doubleBelow(inner.value.value));
  }
  const value = textOf(termCode(scope, inner));
  return direction === "up" ? `p.up(${value}, Infinity)` : `p.down(${value}, -Infinity)`;
}

/** Without the conversions an amount may look wider than it is. */
function narrower(a: IntType, b: IntType): IntType {
  return a.signed === b.signed && b.bits < a.bits ? b : a;
}

/** By how much adding the amount raises a cell at most, and lowers it at most. */
function amountTexts(scope: PlanScope, amount: Term): { readonly up: string; readonly down: string } {
  const term = stripped(amount);
  if (!isInt(term.type) || !isInt(amount.type)) throw new Bug(`codegen: an amount of type ${term.type.kind}`);
  const type = term.type;
  const limits = narrower(type, amount.type);
  if (term.kind === "constant" && term.value.kind === "int") {
    const { value } = term.value;
    return { up: doubleText(value > 0n ? doubleAbove(value) : 0), down: doubleText(value < 0n ? doubleAbove(-value) : 0) };
  }
  if (!type.signed) return { up: highest(scope, term, limits), down: "0" };
  return { up: `Math.max(0, ${highest(scope, term, limits)})`, down: `Math.max(0, -${lowest(scope, term, limits)})` };
}

/** `limits`: the type that bounds the amount when it isn't known. */
function highest(scope: PlanScope, term: Term, limits: IntType): string {
  if (term.kind === "param" && !limits.signed) {
    const { arg, rest } = headOf(scope, term);
    if (rest.length === 0) return arg.up;
  }
  if (term.kind === "read") {
    const read = scope.reads.get(term.read);
    if (read?.slot !== undefined) return `p.highOf(${leafName(scope.module, term.leaf)}, ${read.slot})`;
  }
  const code = termCode(scope, term);
  if (!code.maybe && representationOf(term.type) === "number") return textOf(code);
  return `p.up(${textOf(code)}, ${limit(scope.module, "LARGEST", limits)})`;
}

function lowest(scope: PlanScope, term: Term, limits: IntType): string {
  if (term.kind === "read") {
    const read = scope.reads.get(term.read);
    if (read?.slot !== undefined) return `p.lowOf(${leafName(scope.module, term.leaf)}, ${read.slot})`;
  }
  return `p.down(${textOf(termCode(scope, term))}, ${limit(scope.module, "SMALLEST", limits)})`;
}

/** Without conversions between integers: where they succeed, and only then the Δ happens, they keep the value. */
function stripped(term: Term): Term {
  let inner = term;
  while (inner.kind === "op" && inner.op === "convert" && isInt(inner.args[0].type)) inner = inner.args[0];
  return inner;
}
