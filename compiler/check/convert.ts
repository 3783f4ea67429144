/** Conversions written as calls: `u64(x)`, `address(token)`, `Erc20(a)`, `Status(n)`. Those of literals are computed here. */
import type { CallExpr, Expr as ExprNode } from "../../grammar/ast.ts";
import { sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { foldedExpr } from "./binary.ts";
import { literal, node as fresh, poison, report, U256, U8 } from "./context.ts";
import type { Body } from "./context.ts";
import { flexibility } from "./flexible.ts";
import { ranged } from "./fold.ts";

export function checkConversion(body: Body, call: CallExpr, to: Type): Expr {
  if (call.args.length !== 1) {
    for (const arg of call.args) body.program.check(body, arg, undefined);
    report(body, "E0304", call.span, { name: showType(to), expected: "1 argument", found: String(call.args.length) });
    return poison(body, call.span);
  }
  const operand = body.program.check(body, call.args[0], operandHint(body, call.args[0], to));
  const from = operand.type;
  if (from.kind === "poison" || to.kind === "poison") return poison(body, call.span);
  if (from.kind === "unit") {
    body.program.reporter.report("E0320", operand.site);
    return poison(body, call.span);
  }
  if (sameType(from, to)) return operand;
  if (operand.kind === "literal") {
    const folded = convertLiteral(body, call, operand, to);
    if (folded !== undefined) return folded;
  }
  if ((from.kind === "bytes32" && to.kind === "int") || (from.kind === "int" && to.kind === "bytes32")) {
    report(body, "E0390", call.span, { construct: `a conversion from \`${showType(from)}\` to \`${showType(to)}\`` });
    return poison(body, call.span);
  }
  if (!converts(from, to)) {
    report(body, "E0312", call.span, { from: showType(from), to: showType(to) });
    return poison(body, call.span);
  }
  return { ...fresh(body, call.span), kind: "convert", type: to, operand };
}

function operandHint(body: Body, arg: ExprNode, to: Type): Type | undefined {
  if (flexibility(body, arg) === "no") return undefined;
  if (to.kind === "int") return to;
  if (to.kind === "enum") return U8;
  return to.kind === "bytes32" ? U256 : undefined;
}

function converts(from: Type, to: Type): boolean {
  switch (to.kind) {
    case "int":
      return from.kind === "int" || from.kind === "enum";
    case "enum":
      return from.kind === "int";
    case "address":
      return from.kind === "handle";
    case "handle":
      return from.kind === "address" || from.kind === "handle";
    default:
      return false;
  }
}

/** Undefined where the literal converts like any other value, or not at all. */
function convertLiteral(body: Body, call: CallExpr, operand: Extract<Expr, { kind: "literal" }>, to: Type): Expr | undefined {
  const value = operand.value;
  const from = operand.type;
  if (to.kind === "int" && (value.kind === "int" || value.kind === "enum")) {
    return foldedExpr(body, call, to, ranged(to, BigInt(value.value)));
  }
  if (to.kind === "enum" && value.kind === "int") {
    if (value.value >= 0n && value.value < BigInt(to.variants.length)) {
      return literal(body, call.span, to, { kind: "enum", value: Number(value.value) });
    }
    report(body, "E0308", call.span, { value: String(value.value), type: to.name });
    return poison(body, call.span);
  }
  if (to.kind === "bytes32" && value.kind === "int" && from.kind === "int" && !from.signed && from.bits === 256) {
    return literal(body, call.span, to, { kind: "bytes32", value: `0x${value.value.toString(16).padStart(64, "0")}` });
  }
  if (to.kind === "int" && !to.signed && to.bits === 256 && value.kind === "bytes32") {
    return literal(body, call.span, to, { kind: "int", value: BigInt(value.value) });
  }
  return undefined;
}
