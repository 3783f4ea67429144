/** The type of what a name stands for, from what the checker found out. */
import type { Expr, TypeExpr } from "../../grammar/ast.ts";
import type { Type } from "../../compiler/core/types.ts";
import { nodesAt, isExpr } from "../symbols/nodes.ts";
import { fileName, scopeOf } from "../symbols/names.ts";
import type { Occurrence } from "../symbols/symbol.ts";
import type { View } from "./view.ts";

export function resolveType(view: View, { symbol, span }: Occurrence): Type | undefined {
  const facts = view.snapshot.facts();
  if (facts === undefined) return undefined;
  const { source } = symbol;
  if (source.kind === "local" && source.local !== undefined) return source.local.type;
  const used = exprNamed(view, span.end);
  const type = used === undefined ? undefined : facts.typeOf(used);
  if (type !== undefined && type.kind !== "poison") return type;
  const path = symbol.place?.path ?? "";
  if (source.kind === "member" && (source.node.kind === "state" || source.node.kind === "immutable"))
    return scopeOf(facts.context, path, symbol.owner)?.fields.get(symbol.name)?.type;
  if (source.kind === "param" || source.kind === "field") return written(view, path, source.node.type);
  if ((source.kind === "member" || source.kind === "item") && source.node.kind === "function" && source.node.result !== undefined)
    return written(view, path, source.node.result);
  return undefined;
}

/** Enough to find the declaration of a type that is written down. */
function written(view: View, path: string, type: TypeExpr): Type | undefined {
  const facts = view.snapshot.facts();
  if (type.kind === "optionType") return written(view, path, type.inner);
  if (type.kind !== "namedType" || facts === undefined) return undefined;
  const decl = fileName(facts.context, path, type.name.text);
  if (decl?.kind === "contract" || decl?.kind === "interface") return { kind: "handle", name: decl.node.name.text };
  if (decl?.kind === "struct") return facts.context.structs.get(decl.node);
  if (decl?.kind === "enum") return facts.context.enums.get(decl.node);
  const inner = type.args.flatMap((arg) => (arg.kind === "size" ? [] : [arg])).at(-1);
  return inner === undefined ? undefined : written(view, path, inner);
}

/** The expression whose name ends at the offset. */
function exprNamed(view: View, end: number): Expr | undefined {
  return nodesAt(view.tree, end)
    .filter(isExpr)
    .find((expr) => (expr.kind === "member" ? expr.name.end : expr.span.end) === end);
}
