/**
 * Assignments and `delete`. State places become `store`, `update` and `delete`; compound assignment to locals and to elements of lists is spelled
 * out, and a part of a local or of a list in state is set by making the whole anew.
 */
import type { AssignOp, AssignStmt, DeleteStmt, Expr as ExprNode, MemberExpr } from "../../grammar/ast.ts";
import { Bug } from "../core/bug.ts";
import { maxOf, minOf, showType } from "../core/types.ts";
import type { IntType, Type } from "../core/types.ts";
import type { Expr, Field, Local, StatePlace, Stmt, UpdateOp } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { BOOL, findLocal, literal, node as fresh, report, siteOf } from "./context.ts";
import type { Body } from "./context.ts";
import { keep } from "./copy.ts";
import { keepTarget, partAt, refuseChange, replaced, settle, targetOf } from "./lists.ts";
import type { KeptTarget, Target } from "./lists.ts";
import { unknownTarget } from "./lookup.ts";
import { checkPath, entry } from "./path.ts";
import { checkErrorUse } from "./uses.ts";

const UPDATE: Readonly<Record<Exclude<AssignOp, "=">, UpdateOp>> = {
  "+=": "+",
  "-=": "-",
  "*=": "*",
  "/=": "/",
  "%=": "%",
  "|=": "|",
  "&=": "&",
  "^=": "^",
  "min=": "min",
  "max=": "max",
};

export function checkAssign(body: Body, node: AssignStmt): Stmt[] {
  const op = node.op === "=" ? undefined : UPDATE[node.op];
  if (node.orElse !== undefined && op !== "+" && op !== "-") report(body, "E0329", node.orElse.span);
  const target = strip(node.target);
  const { root, first } = rootOf(target);
  if (root.kind === "name") {
    const local = findLocal(body, root.name);
    if (local !== undefined) return assignLocal(body, node, target, local, op);
  }
  if (root.kind === "self" && first !== undefined) {
    const field = body.members?.fields.get(first.name.text);
    if (field?.kind === "immutable") return assignImmutable(body, node, target, field);
    return assignState(body, node, target, op);
  }
  if (target.kind !== "name" || !unknownTarget(body, target)) notAssignable(body, target);
  return ignore(body, node);
}

function ignore(body: Body, node: AssignStmt): Stmt[] {
  body.program.check(body, node.value, undefined);
  if (node.orElse !== undefined) checkErrorUse(body, node.orElse);
  return [];
}

function notAssignable(body: Body, target: ExprNode): void {
  const expr = body.program.check(body, target, undefined);
  if (expr.type.kind !== "poison") report(body, "E0407", target.span);
}

function strip(node: ExprNode): ExprNode {
  let inner = node;
  while (inner.kind === "paren") inner = inner.inner;
  return inner;
}

function rootOf(target: ExprNode): { readonly root: ExprNode; readonly first: MemberExpr | undefined } {
  let root = target;
  let first: MemberExpr | undefined;
  while (root.kind === "member" || root.kind === "index") {
    first = root.kind === "member" ? root : undefined;
    root = root.object;
  }
  return { root, first };
}

// --- state ---------------------------------------------------------------------------------------------------------

function assignState(body: Body, node: AssignStmt, target: ExprNode, op: UpdateOp | undefined): Stmt[] {
  const path = checkPath(body, target);
  if (path.kind === "value") {
    if (path.expr.type.kind === "poison") return ignore(body, node);
    const part = targetOf(body, path.expr);
    if (part?.root.kind === "place") {
      noteWrite(body, part.root.place, target);
      return assignPart(body, node, part, path.expr.type, op);
    }
    report(body, "E0407", target.span);
    return ignore(body, node);
  }
  const place = entry(body, path);
  if (place === undefined) return ignore(body, node);
  noteWrite(body, place, target);
  return [...path.lets, ...(op === undefined ? storePlace(body, node, place) : updatePlace(body, node, place, op))];
}

function noteWrite(body: Body, place: StatePlace, target: ExprNode): void {
  body.facts.writes.push({ does: `writes \`self.${place.field.name}\``, site: siteOf(body.file, target.span) });
}

function storePlace(body: Body, node: AssignStmt, place: StatePlace): Stmt[] {
  const value = checkAs(body, node.value, place.type);
  if (node.orElse !== undefined) checkErrorUse(body, node.orElse);
  return [{ ...fresh(body, node.span), kind: "store", place, value }];
}

function updatePlace(body: Body, node: AssignStmt, place: StatePlace, op: UpdateOp): Stmt[] {
  const value = checkAmount(body, node, place.type, op);
  if (value === undefined) return [];
  const orElse = node.orElse === undefined ? undefined : checkErrorUse(body, node.orElse);
  return [{ ...fresh(body, node.span), kind: "update", place, op, value, orElse }];
}

/** The right side of a compound assignment; undefined where the left one is no integer, which is reported. */
function checkAmount(body: Body, node: AssignStmt, type: Type, op: UpdateOp): Expr | undefined {
  if (type.kind !== "int") {
    report(body, "E0302", node.span, { op: node.op, type: showType(type) });
    ignore(body, node);
    return undefined;
  }
  const value = checkAs(body, node.value, type);
  refuseZero(body, node, op, value);
  return value;
}

function refuseZero(body: Body, node: AssignStmt, op: UpdateOp, value: Expr): void {
  if ((op !== "/" && op !== "%") || value.kind !== "literal" || value.value.kind !== "int" || value.value.value !== 0n) return;
  report(body, "E0310", node.span, { reason: "division by zero" });
}

function assignImmutable(body: Body, node: AssignStmt, target: ExprNode, field: Field): Stmt[] {
  const site = siteOf(body.file, target.span);
  if (body.kind !== "init") {
    body.program.reporter.report("E0405", site, { name: field.name }, { notes: [{ ...field.site, text: "declared here" }] });
    return ignore(body, node);
  }
  if (node.op !== "=" || target.kind !== "member" || target.object.kind !== "self") {
    body.program.reporter.report("E0411", site, { name: field.name });
    return ignore(body, node);
  }
  return storePlace(body, node, { field, keys: [], path: [], type: field.type, site });
}

export function checkDelete(body: Body, node: DeleteStmt): Stmt[] {
  const target = strip(node.target);
  const { root, first } = rootOf(target);
  if (root.kind !== "self" || first === undefined) {
    notAssignable(body, target);
    return [];
  }
  const field = body.members?.fields.get(first.name.text);
  if (field?.kind === "immutable") {
    report(body, "E0411", target.span, { name: field.name });
    return [];
  }
  const path = checkPath(body, target);
  if (path.kind === "value") return refuseDelete(body, target, path.expr);
  if (path.type.kind === "map" || path.type.kind === "set") {
    const help = path.type.kind === "map" ? "delete one entry: `delete self.m[key]`" : "remove members one by one: `self.s.remove(x)`";
    report(body, "E0341", target.span, { op: "delete", what: `a whole ${path.type.kind}` }, { help });
    return [];
  }
  const place = entry(body, path);
  if (place === undefined) return [];
  noteWrite(body, place, target);
  return [...path.lets, { ...fresh(body, node.span), kind: "delete", place }];
}

function refuseDelete(body: Body, target: ExprNode, expr: Expr): Stmt[] {
  if (expr.type.kind === "poison") return [];
  if (targetOf(body, expr)?.root.kind === "place") {
    report(
      body,
      "E0341",
      target.span,
      { op: "delete", what: "a part of a list" },
      { help: "assign a value to it, or take the last one off with `.pop()`" },
    );
  } else report(body, "E0407", target.span);
  return [];
}

// --- locals --------------------------------------------------------------------------------------------------------

function assignLocal(body: Body, node: AssignStmt, target: ExprNode, local: Local, op: UpdateOp | undefined): Stmt[] {
  if (!local.mutable) {
    refuseChange(body, target.span, local);
    return ignore(body, node);
  }
  const current = body.program.check(body, target, undefined);
  if (current.type.kind === "poison") return ignore(body, node);
  const part = targetOf(body, current);
  if (part === undefined) {
    report(body, "E0407", target.span);
    return ignore(body, node);
  }
  if (body.kind === "test" && part.steps.some((step) => step.kind === "element")) {
    report(body, "E0602", target.span, { construct: "an assignment to an element of a list" });
    return ignore(body, node);
  }
  return assignPart(body, node, part, current.type, op);
}

// --- parts of values -----------------------------------------------------------------------------------------------

/** A local, a member of one, or an element of a list: the whole is read, changed and put back. */
function assignPart(body: Body, node: AssignStmt, target: Target, type: Type, op: UpdateOp | undefined): Stmt[] {
  const given = op === undefined ? checkAs(body, node.value, type) : checkAmount(body, node, type, op);
  if (given === undefined) return [];
  const orElse = node.orElse === undefined ? undefined : checkErrorUse(body, node.orElse);
  const stmts: Stmt[] = [];
  const kept = keepTarget(body, target, node.target.span, stmts);
  if (op === undefined) {
    // What replaces the whole needs nothing of it.
    const value = target.steps.length === 0 ? given : settle(body, given, stmts);
    return [...stmts, putPart(body, node, kept, kept.load, value)];
  }
  if (type.kind !== "int") throw new Bug("assignPart: a compound assignment to something else than an integer");
  const amount = orElse === undefined ? once(settle(body, given, stmts)) : keep(body, given, "amount", stmts);
  // A cell is read once.
  const whole = target.root.kind === "place" ? keep(body, kept.load(), "whole", stmts) : kept.load;
  const current = (): Expr => partAt(body, whole(), kept.steps());
  if (orElse !== undefined && (op === "+" || op === "-")) {
    const cond = roomFor({ body, span: node.span, type, op, current, amount });
    stmts.push({ ...fresh(body, node.span), kind: "require", cond, orElse });
  }
  return [...stmts, putPart(body, node, kept, whole, compute(body, node, op, current(), amount()))];
}

function putPart(body: Body, node: AssignStmt, kept: KeptTarget, whole: () => Expr, value: Expr): Stmt {
  return { ...kept.put(replaced(body, whole, kept.steps(), value, node.target.span)), site: siteOf(body.file, node.span) };
}

function once(expr: Expr): () => Expr {
  return () => expr;
}

function compute(body: Body, node: AssignStmt, op: UpdateOp, current: Expr, value: Expr): Expr {
  const type = current.type;
  if (op === "min" || op === "max") return { ...fresh(body, node.span), kind: "builtin", type, name: op, args: [current, value] };
  return { ...fresh(body, node.span), kind: "binary", type, op, left: current, right: value };
}

interface Room {
  readonly body: Body;
  readonly span: AssignStmt["span"];
  readonly type: IntType;
  readonly op: "+" | "-";
  readonly current: () => Expr;
  readonly amount: () => Expr;
}

/** Whether `current op amount` fits the type. Nothing in it overflows, so it can be asked before. */
function roomFor(room: Room): Expr {
  const { body, span, type, op, current, amount } = room;
  const number = (value: bigint): Expr => literal(body, span, type, { kind: "int", value });
  const binary = (result: Type, by: "+" | "-" | ">=" | "<=", left: Expr, right: Expr): Expr => ({
    ...fresh(body, span),
    kind: "binary",
    type: result,
    op: by,
    left,
    right,
  });
  if (!type.signed) {
    const left = op === "-" ? current() : binary(type, "-", number(maxOf(type)), current());
    return binary(BOOL, ">=", left, amount());
  }
  const opposite = op === "+" ? "-" : "+";
  const above = (limit: bigint): Expr => binary(BOOL, ">=", current(), binary(type, opposite, number(limit), amount()));
  const below = (limit: bigint): Expr => binary(BOOL, "<=", current(), binary(type, opposite, number(limit), amount()));
  // x - a of a positive a is too small at worst, of a negative one too large; x + a the other way round.
  const [then, otherwise] = op === "-" ? [above(minOf(type)), below(maxOf(type))] : [below(maxOf(type)), above(minOf(type))];
  const cond = binary(BOOL, ">=", amount(), number(0n));
  return { ...fresh(body, span), kind: "ifExpr", type: BOOL, cond, then, otherwise };
}
