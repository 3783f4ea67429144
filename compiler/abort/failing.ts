/**
 * Which expressions may end the call, and which change state, by themselves: without their operands. What isn't sure not to fail counts as failing. Limits of
 * a single call's size (rule N3) are no part of it.
 */
import { minOf, maxOf } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { BuiltinName, Expr } from "../typed/tree.ts";

type Binary = Extract<Expr, { kind: "binary" }>;

export function failsItself(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "load":
    case "immutable":
    case "selfBalance":
    case "member":
    case "length":
    case "contains":
    case "tuple":
    case "list":
    case "struct":
    case "ifExpr":
    case "variant":
    case "isVariant":
    case "payload":
    case "seq":
    case "has":
    case "setChange":
    case "encode":
    case "concat":
    case "call":
    case "pay":
      // A payload stands only where its variant is known. The length of a set counts members, so it has room for one more and one less. What a
      // callee may fail with is told where it is called, and that a debit of coin may by who asks.
      return false;
    case "next":
    case "element":
    case "push":
    case "pop":
    case "past":
    case "decode":
    case "external":
    case "rawCall":
    case "create":
      // Also a number: none may be left, or none was drawn because another contract calls.
      return true;
    case "with":
      return expr.path.some((step) => step.kind === "element");
    case "unary":
      return expr.op === "-";
    case "binary":
      return operatorFails(expr);
    case "convert":
      return conversionFails(expr.operand.type, expr.type);
    case "builtin":
      return FAILING.has(expr.name);
  }
}

const FAILING: ReadonlySet<BuiltinName> = new Set<BuiltinName>(["abs", "mulDiv", "mulDivUp"]);

/** Division by a literal is by something else than 0; the least number by -1 has no result. */
function operatorFails({ op, right, type }: Binary): boolean {
  const by = right.kind === "literal" && right.value.kind === "int" ? right.value.value : undefined;
  switch (op) {
    case "+":
    case "-":
    case "*":
      return true;
    case "/":
    case "%":
      return by === undefined || by === 0n || by === -1n;
    case "<<":
    case ">>":
      return by === undefined || type.kind !== "int" || by < 0n || by >= BigInt(type.bits);
    case "||":
    case "&&":
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "|":
    case "^":
    case "&":
      return false;
  }
}

function conversionFails(from: Type, to: Type): boolean {
  if (to.kind === "enum") return true;
  if (to.kind !== "int") return false;
  if (from.kind === "enum") return BigInt(from.variants.length - 1) > maxOf(to);
  return from.kind === "int" && (minOf(from) < minOf(to) || maxOf(from) > maxOf(to));
}

/**
 * Whether the expression itself changes a cell that stays when the call succeeds. Numbers that a sequence hands out are gone either way, so `next` doesn't.
 */
export function changesItself(expr: Expr): boolean {
  switch (expr.kind) {
    case "setChange":
    case "pay":
    case "rawCall":
    case "create":
      return true;
    case "external":
      return !expr.method.view;
    default:
      return false;
  }
}
