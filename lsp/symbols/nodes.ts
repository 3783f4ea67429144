/** Ways through the syntax tree for features that ask what stands at a place. */
import type { Block, Expr, Item, MatchArm, Member, SourceFile, Span, Stmt } from "../../grammar/ast.ts";

/** A node with a place; `children` are in order of the text. */
export type AnyNode = Item | Member | Block | Stmt | Expr | MatchArm;

export function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** Nodes around an offset, outermost first. */
export function nodesAt(tree: SourceFile, offset: number): readonly AnyNode[] {
  const path: AnyNode[] = [];
  let level: readonly AnyNode[] = tree.items;
  for (;;) {
    // Where two meet, the later one is what is being written.
    const found: AnyNode | undefined = level.filter(({ span }) => contains(span, offset)).at(-1);
    if (found === undefined) return path;
    path.push(found);
    level = childrenOf(found);
  }
}

export function exprAt(tree: SourceFile, offset: number): Expr | undefined {
  const last = nodesAt(tree, offset).at(-1);
  return last !== undefined && isExpr(last) ? last : undefined;
}

const EXPRESSIONS: ReadonlySet<string> = new Set(
  "int bool string address account name self paren tuple list struct none member index call unary binary ifExpr matchExpr create deploy as missing".split(
    " ",
  ),
);
const ITEMS: ReadonlySet<string> = new Set("const struct enum interface mixin contract event error test import".split(" "));

export function isExpr(node: AnyNode): node is Expr {
  if (node.kind === "struct") return "qualifier" in node;
  return EXPRESSIONS.has(node.kind) && !ITEMS.has(node.kind);
}

export function childrenOf(node: AnyNode): readonly AnyNode[] {
  switch (node.kind) {
    case "contract":
    case "mixin":
      return node.members;
    case "interface":
      return node.functions;
    case "function":
      return [...node.guards.flatMap(({ args }) => args), ...(node.body === undefined ? [] : [node.body])];
    case "guard":
    case "init":
    case "invariant":
    case "test":
      return [node.body];
    case "const":
      return [node.value];
    case "state":
      return node.initial === undefined ? [] : [node.initial];
    case "parallel":
      return node.when === undefined ? [] : [node.when];
    case "import":
    case "enum":
    case "event":
    case "error":
    case "immutable":
      return [];
    case "struct":
      return "qualifier" in node ? node.fields.map(({ value }) => value) : [];
    case "block":
      return node.statements;
    case "let":
      return [node.value];
    case "assign":
      return [node.target, node.value, ...(node.orElse?.args ?? [])];
    case "if":
      return [node.cond, node.then, ...(node.otherwise === undefined ? [] : [node.otherwise])];
    case "ifLet":
      return [node.value, node.then, ...(node.otherwise === undefined ? [] : [node.otherwise])];
    case "match":
    case "matchExpr":
      return [node.subject, ...node.arms];
    case "arm":
      return [node.body];
    case "return":
      return node.value === undefined ? [] : [node.value];
    case "for": {
      const { over } = node;
      return over.kind === "list" ? [over.list, node.body] : [over.from, over.to, ...(over.max === undefined ? [] : [over.max]), node.body];
    }
    case "require":
      return [node.cond, ...(node.orElse?.args ?? [])];
    case "revert":
      return node.error?.args ?? [];
    case "emit":
      return node.args;
    case "delete":
      return [node.target];
    case "expr":
      return [node.expr];
    case "assert":
      return [node.cond];
    case "expect":
      return [node.call, ...(node.error?.args ?? []), ...(node.events ?? []).flatMap(({ args }) => args)];
    case "advance":
      return [node.by];
    case "fuzz":
      return [...(node.calls === undefined ? [] : [node.calls]), ...(node.body === undefined ? [] : [node.body])];
    case "blockOfCalls":
      return [node.body];
    case "int":
    case "bool":
    case "string":
    case "address":
    case "account":
    case "name":
    case "self":
    case "none":
    case "missing":
      return [];
    case "paren":
      return [node.inner];
    case "tuple":
    case "list":
      return node.elements;
    case "member":
      return [node.object];
    case "index":
      return [node.object, node.index];
    case "call":
      return [node.callee, ...node.args];
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "ifExpr":
      return [node.cond, node.then, node.otherwise];
    case "create":
    case "deploy":
      return node.args;
    case "as":
      return [node.call, ...(node.account === undefined ? [] : [node.account]), ...(node.value === undefined ? [] : [node.value])];
  }
}
