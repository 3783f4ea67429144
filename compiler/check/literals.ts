/** Values written out: tuples, lists, structs. */
import type { ListExpr, StructExpr, TupleExpr } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { MAX_BYTES } from "./arguments.ts";
import { checkAs, coerce, wider } from "./coerce.ts";
import { node as fresh, poison, report } from "./context.ts";
import type { Body } from "./context.ts";
import { checkFields, ignoreFields, wrongDecl } from "./fields.ts";
import { structType } from "./resolve-type.ts";
import { checkSame } from "./same.ts";
import { checkRecordVariant } from "./variants.ts";

export function checkTuple(body: Body, node: TupleExpr, hint: Type | undefined): Expr {
  const wanted = hint?.kind === "tuple" && hint.elements.length === node.elements.length ? hint.elements : undefined;
  const elements = node.elements.map((element, i) => {
    const type = wanted?.[i].type;
    if (type !== undefined) return checkAs(body, element, type);
    return body.program.check(body, element, undefined);
  });
  if (elements.some((element) => element.type.kind === "poison")) return poison(body, node.span);
  const empty = elements.find((element) => element.type.kind === "unit");
  if (empty !== undefined) {
    body.program.reporter.report("E0320", empty.site);
    return poison(body, node.span);
  }
  const type: Type = { kind: "tuple", elements: elements.map((element, i) => ({ name: wanted?.[i].name, type: element.type })) };
  return { ...fresh(body, node.span), kind: "tuple", type, elements };
}

export function checkList(body: Body, node: ListExpr, hint: Type | undefined): Expr {
  if (hint?.kind === "list") {
    const elements = node.elements.map((element) => checkAs(body, element, hint.element));
    if (elements.some((element) => element.type.kind === "poison")) return poison(body, node.span);
    if (elements.length > hint.max) {
      report(body, "E0314", node.span, { found: elements.length, type: showType(hint) });
      return poison(body, node.span);
    }
    return { ...fresh(body, node.span), kind: "list", type: hint, elements };
  }
  if (node.elements.length === 0) {
    report(body, "E0311", node.span, { what: "an empty list" });
    return poison(body, node.span);
  }
  if (node.elements.length > MAX_BYTES) {
    report(body, "E0391", node.span, { what: "the number of elements", limit: MAX_BYTES });
    return poison(body, node.span);
  }
  const checked = checkSame(body, node.elements, undefined);
  const empty = checked.find((one) => one.type.kind === "unit");
  if (empty !== undefined) body.program.reporter.report("E0320", empty.site);
  if (empty !== undefined || checked.some((one) => one.type.kind === "poison")) return poison(body, node.span);
  let element = checked[0].type;
  for (const one of checked) element = wider(element, one.type) ?? element;
  const type: Type = { kind: "list", element, max: checked.length };
  const elements = checked.map((one) => coerce(body, one, element));
  if (elements.some((one) => one.type.kind === "poison")) return poison(body, node.span);
  return { ...fresh(body, node.span), kind: "list", type, elements };
}

export function checkStruct(body: Body, node: StructExpr): Expr {
  if (node.qualifier !== undefined) return checkRecordVariant(body, node, node.qualifier);
  const decl = body.file.names.get(node.name.text);
  const type = decl?.kind === "struct" ? structType(body.program, decl.file, decl.node, node.name) : undefined;
  if (type?.kind !== "struct") {
    wrongDecl(body, node.name, decl, "struct");
    return ignoreFields(body, node);
  }
  const fields = checkFields(body, node, type.fields, `struct \`${type.name}\``, type.name);
  if (fields === undefined) return poison(body, node.span);
  return { ...fresh(body, node.span), kind: "struct", type, struct: type, ...fields };
}
