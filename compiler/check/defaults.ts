/** The default value of a type, as unset state has it. */
import type { Span } from "../../grammar/ast.ts";
import { Bug } from "../core/bug.ts";
import { hasPayload, NONE, payloadsOf } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { literal, node as fresh } from "./context.ts";
import type { Body } from "./context.ts";

export function defaultOf(body: Body, type: Type, span: Span): Expr {
  const inner = (part: { readonly type: Type }): Expr => defaultOf(body, part.type, span);
  switch (type.kind) {
    case "bool":
      return literal(body, span, type, { kind: "bool", value: false });
    case "int":
      return literal(body, span, type, { kind: "int", value: 0n });
    case "address":
    case "handle":
      return literal(body, span, type, { kind: "address", value: `0x${"0".repeat(40)}` });
    case "bytes32":
      return literal(body, span, type, { kind: "bytes32", value: `0x${"0".repeat(64)}` });
    case "string":
      return literal(body, span, type, { kind: "string", value: "" });
    case "bytes":
      return literal(body, span, type, { kind: "bytes", value: "0x" });
    case "list":
      return { ...fresh(body, span), kind: "list", type, elements: [] };
    case "tuple":
      return { ...fresh(body, span), kind: "tuple", type, elements: type.elements.map(inner) };
    case "struct":
      return {
        ...fresh(body, span),
        kind: "struct",
        type,
        struct: type,
        values: type.fields.map(inner),
        order: type.fields.map((_, i) => i),
      };
    case "option":
      return { ...fresh(body, span), kind: "variant", type, variant: NONE, args: [] };
    case "enum":
      if (!hasPayload(type)) return literal(body, span, type, { kind: "enum", value: 0 });
      return {
        ...fresh(body, span),
        kind: "variant",
        type,
        variant: 0,
        args: payloadsOf(type)[0].map((part) => defaultOf(body, part, span)),
      };
    case "map":
    case "set":
    case "sequence":
    case "history":
    case "unit":
    case "poison":
      throw new Bug(`defaultOf: ${type.kind} has no values`);
  }
}
