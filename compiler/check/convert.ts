/** Conversions written as calls: `u64(x)`, `address(token)`, `Erc20(a)`, `Status(n)`. Those of literals are computed here. */
import type { CallExpr, Expr as ExprNode } from "../../grammar/ast.ts";
import { hasPayload, sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { checkCount } from "./arguments.ts";
import { foldedExpr } from "./binary.ts";
import { literal, node as fresh, poison, report, U256, U8 } from "./context.ts";
import type { Body } from "./context.ts";
import { flexibility } from "./flexible.ts";
import { ranged } from "./fold.ts";

export function checkConversion(body: Body, call: CallExpr, to: Type): Expr {
  if (call.args.length !== 1) {
    for (const arg of call.args) body.program.check(body, arg, undefined);
    // `Token(a, b)`, where a new one is meant.
    const help =
      to.kind === "handle" ? { help: `for a new contract write \`${body.tests === undefined ? "create" : "deploy"} ${to.name}(…)\`` } : {};
    report(body, "E0304", call.span, { name: showType(to), expected: "1 argument", found: String(call.args.length) }, help);
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
  if (!converts(from, to)) {
    const help = noConversion(body, from, to);
    report(body, "E0312", call.span, { from: showType(from), to: showType(to) }, help === undefined ? {} : { help });
    return poison(body, call.span);
  }
  return { ...fresh(body, call.span), kind: "convert", type: to, operand };
}

/** `bytes(s)`: the UTF-8 bytes of a string. */
export function checkToBytes(body: Body, call: CallExpr): Expr {
  if (!checkCount(body, call, "bytes", 1)) return poison(body, call.span);
  const operand = body.program.check(body, call.args[0], undefined);
  const from = operand.type;
  if (from.kind === "unit") body.program.reporter.report("E0320", operand.site);
  if (from.kind === "poison" || from.kind === "unit" || from.kind === "bytes")
    return from.kind === "bytes" ? operand : poison(body, call.span);
  if (from.kind !== "string") {
    report(body, "E0312", call.span, { from: showType(from), to: "bytes" }, { help: "write `concat(…)` for the bytes of other values" });
    return poison(body, call.span);
  }
  const type: Type = { kind: "bytes", max: from.max };
  if (operand.kind === "literal" && operand.value.kind === "string") {
    return literal(body, call.span, type, { kind: "bytes", value: hexOf(operand.value.value) });
  }
  return { ...fresh(body, call.span), kind: "convert", type, operand };
}

/** The UTF-8 bytes of a text, as bytes literals are kept. */
export function hexOf(text: string): string {
  return `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function noConversion(body: Body, from: Type, to: Type): string | undefined {
  if (to.kind === "handle" && from.kind !== "bytes32")
    return `for a new contract write \`${body.tests === undefined ? "create" : "deploy"} ${to.name}(…)\``;
  if (to.kind === "address")
    return "an address is no number: write `@0x…` with 40 digits, and `address?` with `none` where there may be none";
  if (isAddress(from)) {
    return to.kind === "bytes32"
      ? "an address has no other form: use it as it is, also as a key, or write `keccak256(encode(a))`"
      : "an address is no number: use it as it is, also as a key";
  }
  if (to.kind === "bytes32" && from.kind === "int") return "`bytes32` is made of a `u256`: write `bytes32(u256(x))`";
  if (from.kind === "bytes32" && to.kind === "int") return `\`bytes32\` converts to \`u256\`: write \`${showType(to)}(u256(x))\``;
  if (to.kind === "bytes32") return "`bytes32` is made of a `u256`; `keccak256(encode(x))` gives one for other values";
  if (from.kind === "enum" && hasPayload(from)) return "take it apart with `match`";
  if (from.kind === "option") return "take it apart with `match` or `if let`";
  return from.kind === "bool" && to.kind === "int" ? "write `if b { 1 } else { 0 }`" : undefined;
}

function isAddress(type: Type): boolean {
  return type.kind === "address" || type.kind === "handle";
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
      if (from.kind === "bytes32") return isWord(to);
      return from.kind === "int" || (from.kind === "enum" && !hasPayload(from));
    case "enum":
      return from.kind === "int" && !hasPayload(to);
    case "bytes32":
      return isWord(from);
    case "address":
      return from.kind === "handle";
    case "handle":
      return from.kind === "address" || from.kind === "handle";
    default:
      return false;
  }
}

function isWord(type: Type): boolean {
  return type.kind === "int" && !type.signed && type.bits === 256;
}

/** Undefined where the literal converts like any other value, or not at all. */
function convertLiteral(body: Body, call: CallExpr, operand: Extract<Expr, { kind: "literal" }>, to: Type): Expr | undefined {
  const value = operand.value;
  const from = operand.type;
  if (to.kind === "int" && (value.kind === "int" || value.kind === "enum")) {
    return foldedExpr(body, call, to, ranged(to, BigInt(value.value)));
  }
  if (to.kind === "enum" && value.kind === "int" && !hasPayload(to)) {
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
