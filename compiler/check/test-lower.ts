/** Turns checked expressions of tests into `TestExpr`s: placeholders become what they stand for, everything else is pure. */
import { Bug } from "../core/bug.ts";
import type { Expr, PureExpr, Site, TestExpr, TypedId } from "../typed/tree.ts";

interface Nodes {
  readonly nodes: ReadonlyMap<TypedId, TestExpr>;
  readonly refuse: (site: Site, construct: string) => void;
}

export function lower(state: Nodes, expr: Expr): TestExpr {
  const known = state.nodes.get(expr.id);
  if (known !== undefined) return known;
  // Chains of operators lean to the left and can be long.
  const chain: Extract<Expr, { kind: "binary" }>[] = [];
  let leaf = expr;
  while (leaf.kind === "binary") {
    chain.push(leaf);
    leaf = leaf.left;
  }
  let lowered = state.nodes.get(leaf.id) ?? pure(leaf, lowerLeaf(state, leaf));
  for (const node of chain.reverse()) {
    lowered = pure(node, { kind: "binary", op: node.op, left: lowered, right: lower(state, node.right) });
  }
  return lowered;
}

function pure(expr: Expr, lowered: PureExpr): TestExpr {
  return { kind: "pure", expr: lowered, type: expr.type, site: expr.site };
}

function lowerLeaf(state: Nodes, expr: Expr): PureExpr {
  switch (expr.kind) {
    case "literal":
      return { kind: "literal", value: expr.value };
    case "local":
      return { kind: "local", local: expr.local };
    case "unary":
      return { kind: "unary", op: expr.op, operand: lower(state, expr.operand) };
    case "convert":
      return { kind: "convert", operand: lower(state, expr.operand) };
    case "tuple":
    case "list":
      return { kind: expr.kind, elements: expr.elements.map((element) => lower(state, element)) };
    case "struct":
      return { kind: "struct", struct: expr.struct, values: expr.values.map((value) => lower(state, value)) };
    case "member":
      return { kind: "member", object: lower(state, expr.object), index: expr.index };
    case "element":
      return { kind: "element", list: lower(state, expr.list), index: lower(state, expr.index) };
    case "length":
      return { kind: "length", of: lower(state, expr.of) };
    case "ifExpr":
      return { kind: "ifExpr", cond: lower(state, expr.cond), then: lower(state, expr.then), otherwise: lower(state, expr.otherwise) };
    case "builtin":
      return { kind: "builtin", name: expr.name, args: expr.args.map((arg) => lower(state, arg)) };
    case "call":
      return { kind: "call", func: expr.func, args: expr.args.map((arg) => lower(state, arg)) };
    case "contains":
      return { kind: "contains", list: lower(state, expr.list), item: lower(state, expr.item) };
    case "variant":
      return { kind: "variant", variant: expr.variant, args: expr.args.map((arg) => lower(state, arg)) };
    case "encode":
    case "concat":
      return { kind: expr.kind, args: expr.args.map((arg) => lower(state, arg)) };
    case "decode":
      return refused(state, expr, "`decode`");
    case "seq":
    case "isVariant":
    case "payload":
      return refused(state, expr, "`match`");
    case "with":
      return refused(state, expr, "an assignment to an element of a list");
    case "push":
    case "pop":
      return refused(state, expr, `\`.${expr.kind}(…)\``);
    case "binary":
    case "context":
    case "load":
    case "immutable":
    case "selfBalance":
    case "next":
    case "has":
    case "setChange":
    case "past":
    case "external":
    case "rawCall":
    case "create":
    case "pay":
      throw new Bug(`lower: \`${expr.kind}\` in a test`);
  }
}

/** The words of contracts that a test has no use for. The tree isn't used then, so anything may stand in it. */
function refused(state: Nodes, expr: Expr, construct: string): PureExpr {
  state.refuse(expr.site, construct);
  return { kind: "literal", value: { kind: "bool", value: false } };
}
