/**
 * Whether a value fits where it is used. Two things fit without being written: a typed address where an address is
 * expected, and a string, bytes or list where a longer one is. Everything else must have the very type.
 */
import type { Expr as ExprNode } from "../../grammar/ast.ts";
import { sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { poison, POISON } from "./context.ts";
import type { Body } from "./context.ts";
import { isConstant } from "./copy.ts";
import { isOpen } from "./same.ts";

/** `expr` as a value of `type`, or a poisoned one with E0301 reported. */
export function coerce(body: Body, expr: Expr, type: Type): Expr {
  if (expr.type.kind === "poison" || type.kind === "poison" || sameType(expr.type, type)) return expr;
  if (fits(expr.type, type)) {
    if (isConstant(expr)) return { ...expr, type };
    return { kind: "convert", id: body.program.nextTypedId(), site: expr.site, type, operand: expr };
  }
  if (expr.type.kind === "unit") body.program.reporter.report("E0320", expr.site);
  else {
    const help = aboutOptions(expr.type, type) ?? aboutAddresses(body, expr, type);
    const values = { expected: `\`${showType(type)}\``, found: showType(expr.type) };
    body.program.reporter.report("E0301", expr.site, values, help === undefined ? {} : { help });
  }
  return { ...expr, type: POISON };
}

function aboutOptions(from: Type, to: Type): string | undefined {
  if (to.kind === "option" && from.kind !== "option") return "write `some(…)`";
  return from.kind === "option" && to.kind !== "option" ? "take it apart with `match` or `if let`" : undefined;
}

/** Solidity writes addresses as numbers. */
function aboutAddresses(body: Body, expr: Expr, to: Type): string | undefined {
  if (expr.type.kind !== "int" || (to.kind !== "address" && to.kind !== "handle")) return undefined;
  const text = body.program.files.get(expr.site.path)?.tree.text.slice(expr.site.span.start, expr.site.span.end) ?? "";
  const literal = /^0x[0-9a-fA-F]{40}$/.test(text) ? `@${text}` : "@0x…";
  return `an address is written \`${literal}\`${literal === "@0x…" ? " with 40 digits; it is no number" : ""}`;
}

/** Checks `node` as a value of `type`. */
export function checkAs(body: Body, node: ExprNode, type: Type): Expr {
  // `none` and `decode(…)` say nothing of their type: where that is broken there is nothing to check.
  if (type.kind === "poison" && isOpen(node)) return poison(body, node.span);
  return coerce(body, body.program.check(body, node, type.kind === "poison" ? undefined : type), type);
}

function fits(from: Type, to: Type): boolean {
  switch (to.kind) {
    case "address":
      return from.kind === "handle";
    case "string":
    case "bytes":
      return from.kind === to.kind && from.max <= to.max;
    case "list":
      return from.kind === "list" && from.max <= to.max && sameType(from.element, to.element);
    default:
      return false;
  }
}

/** The type that values of both fit, if one of the two is it. */
export function wider(a: Type, b: Type): Type | undefined {
  if (sameType(a, b) || fits(b, a)) return a;
  return fits(a, b) ? b : undefined;
}
