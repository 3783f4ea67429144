/** Several expressions that should have one type, as branches of an `if`, arguments of `min`, elements of a list. */
import type { Expr as ExprNode } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import type { Body } from "./context.ts";
import { defaultInt, flexibility, intHint } from "./flexible.ts";

/** Literals among them take the type of the first that has one of its own. Whether all agree is the caller's question. */
export function checkSame(body: Body, nodes: readonly ExprNode[], hint: Type | undefined): Expr[] {
  if (hint !== undefined) return nodes.map((node) => body.program.check(body, node, hint));
  const found = nodes.map((node) => flexibility(body, node));
  // `none`, `[]` and `decode(…)` say nothing of their type either.
  const leads = found.findIndex((one, i) => one === "no" && !isOpen(nodes[i]));
  const first = leads === -1 ? found.indexOf("no") : leads;
  if (first === -1) {
    const type = defaultInt(found.includes("negative") ? "negative" : "plain");
    return nodes.map((node) => body.program.check(body, node, type));
  }
  const leader = body.program.check(body, nodes[first], undefined);
  const type = intHint(leader.type) ?? (leader.type.kind === "poison" ? undefined : leader.type);
  return nodes.map((node, i) => (i === first ? leader : body.program.check(body, node, roomFor(node, type))));
}

/** A list literal may be longer than the first one: the caller takes the longer type. */
function roomFor(node: ExprNode, type: Type | undefined): Type | undefined {
  let inner = node;
  while (inner.kind === "paren") inner = inner.inner;
  if (inner.kind !== "list" || type?.kind !== "list") return type;
  return { ...type, max: Math.max(type.max, inner.elements.length) };
}

/** Takes its type from around it, and has none to fall back on. */
export function isOpen(node: ExprNode): boolean {
  if (node.kind === "call") return node.callee.kind === "name" && node.callee.name === "decode";
  return node.kind === "none" || (node.kind === "list" && node.elements.length === 0);
}
