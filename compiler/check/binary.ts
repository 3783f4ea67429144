/**
 * Binary operators. A chain like `1 + 1 + …` leans to the left and can be thousands long, so the left side is walked in a loop;
 * only right sides recurse, and their nesting is bounded.
 */
import type { BinaryExpr, Expr as ExprNode } from "../../grammar/ast.ts";
import { sameType, showType } from "../core/types.ts";
import type { IntType, Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { coerce, wider as widerType } from "./coerce.ts";
import { BOOL, literal, node as fresh, poison, report, U16 } from "./context.ts";
import type { Body } from "./context.ts";
import { whyNotEqual } from "./equality.ts";
import { defaultInt, flexibility, groupOf, intHint } from "./flexible.ts";
import type { Flexibility } from "./flexible.ts";
import { foldInts } from "./fold.ts";
import type { Folded } from "./fold.ts";

export function checkBinary(body: Body, top: BinaryExpr, hint: Type | undefined): Expr {
  const chain: BinaryExpr[] = [];
  let leaf: ExprNode = top;
  for (; leaf.kind === "binary"; leaf = leaf.left) chain.push(leaf);
  chain.reverse();
  return checkChain(body, leaf, chain, hint);
}

/**
 * From the leaf upwards. As long as everything so far takes its type from around it and nothing has said which, the part
 * is `pending`: it is checked once the first typed neighbour is known.
 */
function checkChain(body: Body, leaf: ExprNode, chain: readonly BinaryExpr[], hint: Type | undefined): Expr {
  const hints = leftHints(chain, hint);
  const leafHint = chain.length === 0 ? hint : hints[0];
  let pending: Flexibility = intHint(leafHint) === undefined ? flexibility(body, leaf) : "no";
  let acc = pending === "no" ? body.program.check(body, leaf, leafHint) : undefined;
  const settle = (count: number, type: Type | undefined): Expr =>
    checkChain(body, leaf, chain.slice(0, count), intHint(type) ?? defaultInt(pending));

  for (const [i, node] of chain.entries()) {
    const group = groupOf(node.op);
    if (acc === undefined) {
      if (group === "shift") continue;
      const right = flexibility(body, node.right);
      if (group === "arithmetic" && right !== "no") {
        if (right === "negative") pending = "negative";
        continue;
      }
      if (right === "no" && group !== "logic") {
        const checked = body.program.check(body, node.right, undefined);
        acc = combine(body, node, settle(i, checked.type), checked);
        continue;
      }
      if (right === "negative") pending = "negative";
      acc = settle(i, undefined);
    }
    acc = combine(body, node, acc, body.program.check(body, node.right, rightHint(group, node.right, hints[i], acc.type)));
  }
  return acc ?? settle(chain.length, undefined);
}

/** For each operator of the chain, what its left side should be. */
function leftHints(chain: readonly BinaryExpr[], hint: Type | undefined): (Type | undefined)[] {
  const hints: (Type | undefined)[] = new Array<Type | undefined>(chain.length).fill(undefined);
  let outer = hint;
  for (let i = chain.length - 1; i >= 0; i--) {
    const group = groupOf(chain[i].op);
    if (group === "logic") outer = BOOL;
    else if (group === "comparison" || group === "equality") outer = undefined;
    hints[i] = outer;
  }
  return hints;
}

function rightHint(group: ReturnType<typeof groupOf>, right: ExprNode, left: Type | undefined, found: Type): Type | undefined {
  // Any unsigned type will do, so only a literal alone needs to be told one.
  if (group === "shift") return right.kind === "int" ? U16 : undefined;
  if (group === "logic") return BOOL;
  return intHint(found) ?? (found.kind === "poison" ? left : found);
}

function combine(body: Body, node: BinaryExpr, left: Expr, right: Expr): Expr {
  for (const side of [left, right]) {
    if (side.type.kind === "unit") body.program.reporter.report("E0320", side.site);
  }
  if (isSilent(left.type) || isSilent(right.type)) return poison(body, node.span);
  const group = groupOf(node.op);
  if (group === "shift") return combineShift(body, node, left, right);
  const operands = unify(body, left, right);
  const type = operands?.[0].type ?? left.type;
  const wrong = [left.type, right.type].find((operand) => !works(body, group, operand));
  if (wrong !== undefined) {
    const help = group === "equality" ? whyNotEqual(wrong) : undefined;
    report(body, "E0302", node.span, { op: node.op, type: showType(wrong) }, help === undefined ? {} : { help });
    return poison(body, node.span);
  }
  if (operands === undefined) {
    report(
      body,
      "E0303",
      node.span,
      { op: node.op, left: showType(left.type), right: showType(right.type), wider: wider(left.type, right.type) ?? "" },
      wider(left.type, right.type) === undefined ? { help: undefined } : {},
    );
    return poison(body, node.span);
  }
  const [a, b] = operands;
  const result = group === "arithmetic" ? type : BOOL;
  const folded = fold(node, type, a, b);
  if (folded !== undefined) return foldedExpr(body, node, result, folded);
  return { ...fresh(body, node.span), kind: "binary", type: result, op: node.op, left: a, right: b };
}

/** The integer type to convert the other side to; undefined where no conversion helps. */
function wider(left: Type, right: Type): string | undefined {
  if (left.kind !== "int" || right.kind !== "int") return undefined;
  return showType(left.bits >= right.bits ? left : right);
}

function isSilent(type: Type): boolean {
  return type.kind === "poison" || type.kind === "unit";
}

function combineShift(body: Body, node: BinaryExpr, left: Expr, right: Expr): Expr {
  if (left.type.kind !== "int") {
    report(body, "E0302", node.span, { op: node.op, type: showType(left.type) });
    return poison(body, node.span);
  }
  if (right.type.kind !== "int" || right.type.signed) {
    report(body, "E0301", node.right.span, { expected: "an unsigned integer", found: showType(right.type) });
    return poison(body, node.span);
  }
  const folded = fold(node, left.type, left, right);
  if (folded !== undefined) return foldedExpr(body, node, left.type, folded);
  return { ...fresh(body, node.span), kind: "binary", type: left.type, op: node.op, left, right };
}

function works(body: Body, group: ReturnType<typeof groupOf>, type: Type): boolean {
  switch (group) {
    case "arithmetic":
    case "shift":
    case "comparison":
      return type.kind === "int";
    case "logic":
      return type.kind === "bool";
    case "equality":
      // Tests compare whole values: nobody pays for it, and nothing of it has to be planned.
      return body.tests !== undefined || whyNotEqual(type) === undefined;
  }
}

/** Both sides as one type, if they have one: a typed address meets an address, a short string a long one. */
export function unify(body: Body, left: Expr, right: Expr): readonly [Expr, Expr] | undefined {
  const [a, b] = [left.type, right.type];
  if (sameType(a, b) || a.kind === "poison" || b.kind === "poison") return [left, right];
  const type = widerType(a, b);
  return type === undefined ? undefined : [coerce(body, left, type), coerce(body, right, type)];
}

function fold(node: BinaryExpr, type: Type, left: Expr, right: Expr): Folded | undefined {
  if (left.kind !== "literal" || right.kind !== "literal") return undefined;
  const [a, b] = [left.value, right.value];
  if (a.kind === "int" && b.kind === "int" && type.kind === "int") return foldInts(node.op, type, a.value, b.value);
  if (node.op === "==" || node.op === "!=") return { kind: "bool", value: (a.value === b.value) === (node.op === "==") };
  if (a.kind !== "bool" || b.kind !== "bool") return undefined;
  return { kind: "bool", value: node.op === "&&" ? a.value && b.value : a.value || b.value };
}

/** A folded operation as a literal, or the error it stands for. */
export function foldedExpr(body: Body, at: Pick<ExprNode, "span">, type: Type | IntType, folded: Folded): Expr {
  switch (folded.kind) {
    case "int":
    case "bool":
      return literal(body, at.span, type, folded);
    case "outside":
      report(body, "E0308", at.span, { value: String(folded.value), type: showType(type) });
      return poison(body, at.span);
    case "fails":
      report(body, "E0310", at.span, { reason: folded.reason });
      return poison(body, at.span);
  }
}
