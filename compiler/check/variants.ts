/** Values of options and enums: `none`, `some(x)`, `Shape.Circle(3)`, `Shape.Box { w: 1, h: 2 }`. */
import type { CallExpr, Name, NoneExpr, StructExpr } from "../../grammar/ast.ts";
import { NONE, showType, SOME } from "../core/types.ts";
import type { EnumType, Type } from "../core/types.ts";
import type { Expr, Stmt } from "../typed/tree.ts";
import { checkCount, ignoreCall } from "./arguments.ts";
import { checkAs } from "./coerce.ts";
import { node as fresh, poison, report } from "./context.ts";
import type { Body } from "./context.ts";
import { keep } from "./copy.ts";
import { checkFields, ignoreFields, wrongDecl } from "./fields.ts";
import { unknownMember } from "./lookup.ts";
import { after, showVariant } from "./path.ts";
import { enumType } from "./resolve-type.ts";

export function checkNone(body: Body, node: NoneExpr, hint: Type | undefined): Expr {
  if (hint?.kind === "option") return { ...fresh(body, node.span), kind: "variant", type: hint, variant: NONE, args: [] };
  if (hint === undefined) report(body, "E0311", node.span, { what: "`none`" });
  else report(body, "E0301", node.span, { expected: `\`${showType(hint)}\``, found: "none" });
  return poison(body, node.span);
}

export function checkSome(body: Body, call: CallExpr, hint: Type | undefined): Expr {
  if (!checkCount(body, call, "some", 1)) return poison(body, call.span);
  const [node] = call.args;
  const inner = hint?.kind === "option" ? checkAs(body, node, hint.inner) : body.program.check(body, node, undefined);
  if (inner.type.kind === "unit") body.program.reporter.report("E0320", inner.site);
  if (inner.type.kind === "poison" || inner.type.kind === "unit") return poison(body, call.span);
  const type: Type = hint?.kind === "option" ? hint : { kind: "option", inner: inner.type };
  return { ...fresh(body, call.span), kind: "variant", type, variant: SOME, args: [inner] };
}

/** The index of a variant of the enum; undefined with the mistake reported. */
export function findVariant(body: Body, type: EnumType, name: Name): number | undefined {
  const index = type.variants.indexOf(name.text);
  if (index !== -1) return index;
  unknownMember(body, `enum \`${type.name}\``, "variant", name, type.variants);
  return undefined;
}

/** `Shape.Circle(3)` */
export function checkVariantCall(body: Body, call: CallExpr, type: Type, variant: Name): Expr {
  if (type.kind !== "enum") return ignoreCall(body, call);
  const index = findVariant(body, type, variant);
  if (index === undefined) return ignoreCall(body, call);
  const payload = type.payloads[index];
  const name = `${type.name}.${type.variants[index]}`;
  if (payload.length === 0 || payload[0].name !== undefined) {
    report(body, "E0340", call.span, { name, form: showVariant(type, index) });
    return ignoreCall(body, call);
  }
  if (!checkCount(body, call, name, payload.length)) return poison(body, call.span);
  const args = payload.map((part, i) => checkAs(body, call.args[i], part.type));
  return { ...fresh(body, call.span), kind: "variant", type, variant: index, args };
}

/** `Shape.Box { w: 1, h: 2 }` */
export function checkRecordVariant(body: Body, node: StructExpr, qualifier: Name): Expr {
  const decl = body.file.names.get(qualifier.text);
  const type = decl?.kind === "enum" ? enumType(body.program, decl.file, decl.node) : undefined;
  if (type?.kind !== "enum") {
    wrongDecl(body, qualifier, decl, "enum");
    return ignoreFields(body, node);
  }
  const index = findVariant(body, type, node.name);
  if (index === undefined) return ignoreFields(body, node);
  const payload = type.payloads[index];
  const name = `${type.name}.${type.variants[index]}`;
  if (payload.length === 0 || payload[0].name === undefined) {
    report(body, "E0340", node.span, { name, form: showVariant(type, index) });
    return ignoreFields(body, node);
  }
  const fields = checkFields(body, node, payload, `\`${name}\``, name);
  if (fields === undefined) return poison(body, node.span);
  const made = (lets: readonly Stmt[], args: readonly Expr[]): Expr =>
    after(body, lets, { ...fresh(body, node.span), kind: "variant", type, variant: index, args });
  if (fields.order.every((field, i) => field === i)) return made([], fields.values);
  // A variant has its values in order of declaration; they are computed in the order in which they are written.
  const lets: Stmt[] = [];
  const kept = new Map(fields.order.map((field) => [field, keep(body, fields.values[field], "part", lets)()]));
  return made(
    lets,
    fields.values.map((value, i) => kept.get(i) ?? value),
  );
}
