/** Checks expressions: the switch over all kinds, and the kinds too small for a file of their own. */
import type { Expr as ExprNode, IfExpr, IntLiteral, NameExpr, UnaryExpr } from "../../grammar/ast.ts";
import { maxOf, sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { checkBinary, foldedExpr, unify } from "./binary.ts";
import { checkCall } from "./calls.ts";
import { checkAs, coerce } from "./coerce.ts";
import { useConstant } from "./constants.ts";
import { ADDRESS, BOOL, findLocal, literal, node as fresh, poison, report, siteOf, U256, useLocal } from "./context.ts";
import type { Body } from "./context.ts";
import { copyOf, isConstant } from "./copy.ts";
import { hexOf } from "./convert.ts";
import { checkCreate } from "./external.ts";
import { defaultInt, flexibility, intHint } from "./flexible.ts";
import { foldUnary, ranged } from "./fold.ts";
import { checkList, checkStruct, checkTuple } from "./literals.ts";
import { unknownName, withSelf } from "./lookup.ts";
import { checkMatchExpr } from "./match-expr.ts";
import { checkPath, context, toValue } from "./path.ts";
import { showDecl, simpleType } from "./resolve-type.ts";
import { checkSame } from "./same.ts";
import { checkNone } from "./variants.ts";

/** The parser bounds brackets at 256; this also bounds runs of prefix operators and the like. */
const MAX_DEPTH = 600;

export function checkExpr(body: Body, node: ExprNode, hint: Type | undefined): Expr {
  if (body.depth >= MAX_DEPTH) {
    report(body, "E0391", node.span, { what: "the nesting of this expression", limit: MAX_DEPTH });
    return poison(body, node.span);
  }
  body.depth++;
  const expr = dispatch(body, node, hint);
  body.depth--;
  body.program.observer?.expr(node, expr.type);
  return expr;
}

function dispatch(body: Body, node: ExprNode, hint: Type | undefined): Expr {
  switch (node.kind) {
    case "int": {
      const bytes = bytesLiteral(body, node, hint);
      if (bytes !== undefined) return bytes;
      const type = intHint(hint) ?? U256;
      return foldedExpr(body, node, type, ranged(type, node.value));
    }
    case "bool":
      return literal(body, node.span, BOOL, { kind: "bool", value: node.value });
    case "string":
      if (hint?.kind === "bytes") {
        return literal(body, node.span, { kind: "bytes", max: utf8Length(node.value) }, { kind: "bytes", value: hexOf(node.value) });
      }
      return literal(body, node.span, { kind: "string", max: utf8Length(node.value) }, { kind: "string", value: node.value });
    case "address":
      return literal(body, node.span, ADDRESS, { kind: "address", value: node.value });
    case "name":
      return checkName(body, node);
    case "self":
      report(body, "E0316", node.span);
      return poison(body, node.span);
    case "paren":
      return checkExpr(body, node.inner, hint);
    case "tuple":
      return checkTuple(body, node, hint);
    case "list":
      return checkList(body, node, hint);
    case "struct":
      return checkStruct(body, node);
    case "member":
    case "index":
      return toValue(body, checkPath(body, node));
    case "call":
      return checkCall(body, node, hint);
    case "unary":
      return checkUnary(body, node, hint);
    case "binary":
      return checkBinary(body, node, hint);
    case "ifExpr":
      return checkIf(body, node, hint);
    case "none":
      return checkNone(body, node, hint);
    case "matchExpr":
      return checkMatchExpr(body, node, hint);
    case "create":
      return checkCreate(body, node);
    case "account":
    case "deploy":
    case "as":
      if (body.tests !== undefined) return body.tests.word(body, node);
      report(body, "E0601", node.span, { construct: TEST_WORDS[node.kind] });
      return poison(body, node.span);
    case "missing":
      return poison(body, node.span);
  }
}

const TEST_WORDS = { account: "a test account", deploy: "`deploy`", as: "`as` or `value` after a call" } as const;

/** `0x` and an even number of digits, where bytes are expected; 64 digits where `bytes32` is. */
function bytesLiteral(body: Body, node: IntLiteral, hint: Type | undefined): Expr | undefined {
  if (hint?.kind !== "bytes" && hint?.kind !== "bytes32") return undefined;
  const digits = /^0x([0-9a-fA-F_]+)$/.exec(node.text)?.[1].replaceAll("_", "").toLowerCase();
  if (digits === undefined || digits.length % 2 !== 0) return undefined;
  if (hint.kind === "bytes")
    return literal(body, node.span, { kind: "bytes", max: digits.length / 2 }, { kind: "bytes", value: `0x${digits}` });
  return digits.length === 64 ? literal(body, node.span, hint, { kind: "bytes32", value: `0x${digits}` }) : undefined;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function checkName(body: Body, node: NameExpr): Expr {
  const { name, span } = node;
  const local = findLocal(body, name);
  if (local !== undefined) return useLocal(body, local.id, span);
  const decl = body.file.names.get(name);
  if (decl?.kind === "poison") return poison(body, span);
  if (decl?.kind === "const") {
    return useConstant(body, decl, span);
  }
  if (decl !== undefined) {
    report(body, "E0210", span, { name, found: showDecl(decl), expected: "a value" });
    return poison(body, span);
  }
  if (name === "caller") return context(body, span, "caller", ADDRESS);
  if (name === "value") return checkValue(body, node);
  if (name === "block" || name === "chain") {
    const help = name === "block" ? "write `block.time` or `block.height`" : "write `chain.id`";
    report(body, "E0210", span, { name, found: "a word of the context", expected: "a value" }, { help });
    return poison(body, span);
  }
  const type = simpleType(name);
  if (type !== undefined) {
    const help = type.kind === "int" ? { help: `write the number: its greatest value is ${String(maxOf(type))}` } : {};
    report(body, "E0210", span, { name, found: "a type", expected: "a value" }, help);
    return poison(body, span);
  }
  const member = body.members !== undefined && (body.members.fields.has(name) || body.members.functions.has(name));
  if (member) {
    report(body, "E0215", span, { name }, withSelf(body, span, name));
  } else unknownName(body, "name", { text: name, ...span }, valueNames(body));
  return poison(body, span);
}

function checkValue(body: Body, node: NameExpr): Expr {
  const refused = (body.kind === "external" || body.kind === "init") && body.access !== "payable";
  if (!refused) return context(body, node.span, "value", U256);
  report(body, "E0317", node.span);
  return poison(body, node.span);
}

function valueNames(body: Body): Set<string> {
  const names = new Set<string>(["caller", "value", "block", "chain"]);
  for (const scope of body.scopes) for (const name of scope.keys()) names.add(name);
  for (const [name, decl] of body.file.names) if (decl.kind === "const" || decl.kind === "enum") names.add(name);
  return names;
}

function checkUnary(body: Body, node: UnaryExpr, hint: Type | undefined): Expr {
  if (node.op === "!") {
    const operand = checkAs(body, node.operand, BOOL);
    if (operand.type.kind === "poison") return poison(body, node.span);
    if (operand.kind === "literal" && operand.value.kind === "bool")
      return foldedExpr(body, node, BOOL, { kind: "bool", value: !operand.value.value });
    return { ...fresh(body, node.span), kind: "unary", type: BOOL, op: "!", operand };
  }
  const flexible = flexibility(body, node);
  const wanted = intHint(hint) ?? (flexible === "no" ? undefined : defaultInt(flexible));
  // The least value of a signed type is written as a minus before a number that is itself out of range.
  if (node.op === "-" && node.operand.kind === "int" && wanted !== undefined)
    return foldedExpr(body, node, wanted, ranged(wanted, -node.operand.value));
  const operand = body.program.check(body, node.operand, wanted);
  const type = operand.type;
  if (type.kind === "poison") return poison(body, node.span);
  if (type.kind !== "int" || (node.op === "-" && !type.signed && operand.kind !== "literal")) {
    report(
      body,
      "E0302",
      node.span,
      { op: node.op, type: showType(type) },
      node.op === "-" ? { help: "only signed integers can be negated" } : {},
    );
    return poison(body, node.span);
  }
  if (operand.kind === "literal" && operand.value.kind === "int")
    return foldedExpr(body, node, type, foldUnary(node.op, type, operand.value.value));
  return { ...fresh(body, node.span), kind: "unary", type, op: node.op, operand };
}

function checkIf(body: Body, node: IfExpr, hint: Type | undefined): Expr {
  const cond = checkAs(body, node.cond, BOOL);
  const [left, right] = checkSame(body, [node.then, node.otherwise], hint);
  for (const branch of [left, right]) if (branch.type.kind === "unit") body.program.reporter.report("E0320", branch.site);
  const kinds = [cond.type.kind, left.type.kind, right.type.kind];
  if (kinds.includes("poison") || kinds.includes("unit")) return poison(body, node.span);
  const wanted =
    hint !== undefined && !sameType(left.type, right.type)
      ? ([coerce(body, left, hint), coerce(body, right, hint)] as const)
      : ([left, right] as const);
  if (wanted.some((branch) => branch.type.kind === "poison")) return poison(body, node.span);
  const branches = unify(body, wanted[0], wanted[1]);
  if (branches === undefined) {
    body.program.reporter.report(
      "E0301",
      right.site,
      { expected: `\`${showType(left.type)}\``, found: showType(right.type) },
      {
        notes: [{ ...left.site, text: `this branch gives \`${showType(left.type)}\`` }],
      },
    );
    return poison(body, node.span);
  }
  const [then, otherwise] = branches;
  if (cond.kind === "literal" && cond.value.kind === "bool" && isConstant(then) && isConstant(otherwise)) {
    return copyOf(body.program, cond.value.value ? then : otherwise, siteOf(body.file, node.span));
  }
  return { ...fresh(body, node.span), kind: "ifExpr", type: then.type, cond, then, otherwise };
}
