/**
 * Assignments and `delete`. State places become `store`, `update` and `delete`; compound assignment to locals is spelled out, and a
 * member of a local struct is set by making the struct anew.
 */
import type { AssignOp, AssignStmt, DeleteStmt, ErrorUse, Expr as ExprNode, MemberExpr } from "../../grammar/ast.ts";
import { Bug } from "../core/bug.ts";
import { maxOf, showType } from "../core/types.ts";
import type { IntType, Type } from "../core/types.ts";
import type { Expr, Field, Local, LocalId, StatePlace, Stmt, UpdateOp } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { addHidden, BOOL, findLocal, literal, node as fresh, report, siteOf, useLocal } from "./context.ts";
import type { Body } from "./context.ts";
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
    const place = checkPlace(body, target);
    if (place === undefined) return ignore(body, node);
    return op === undefined ? storePlace(body, node, place) : updatePlace(body, node, place, op);
  }
  notAssignable(body, target);
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

function checkPlace(body: Body, target: ExprNode): StatePlace | undefined {
  const path = checkPath(body, target);
  if (path.kind === "value") {
    if (path.expr.type.kind !== "poison") report(body, "E0407", target.span);
    return undefined;
  }
  const place = entry(body, path);
  if (place !== undefined) body.facts.writes.push({ does: `writes \`self.${place.field.name}\``, site: siteOf(body.file, target.span) });
  return place;
}

function storePlace(body: Body, node: AssignStmt, place: StatePlace): Stmt[] {
  const value = checkAs(body, node.value, place.type);
  if (node.orElse !== undefined) checkErrorUse(body, node.orElse);
  return [{ ...fresh(body, node.span), kind: "store", place, value }];
}

function updatePlace(body: Body, node: AssignStmt, place: StatePlace, op: UpdateOp): Stmt[] {
  if (place.type.kind !== "int") {
    report(body, "E0302", node.span, { op: node.op, type: showType(place.type) });
    return ignore(body, node);
  }
  const value = checkAs(body, node.value, place.type);
  refuseZero(body, node, op, value);
  const orElse = node.orElse === undefined ? undefined : checkErrorUse(body, node.orElse);
  return [{ ...fresh(body, node.span), kind: "update", place, op, value, orElse }];
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
  const place = checkPlace(body, target);
  return place === undefined ? [] : [{ ...fresh(body, node.span), kind: "delete", place }];
}

// --- locals --------------------------------------------------------------------------------------------------------

function assignLocal(body: Body, node: AssignStmt, target: ExprNode, local: Local, op: UpdateOp | undefined): Stmt[] {
  if (!local.mutable) {
    refuseAssignment(body, target, local);
    return ignore(body, node);
  }
  const current = body.program.check(body, target, undefined);
  if (current.type.kind === "poison") return ignore(body, node);
  const path = memberPath(current);
  if (path === undefined) {
    report(body, "E0390", target.span, { construct: "an assignment to an element of a list" });
    return ignore(body, node);
  }
  if (op === undefined) {
    const value = checkAs(body, node.value, current.type);
    if (node.orElse !== undefined) checkErrorUse(body, node.orElse);
    return [setLocal(body, node, local.id, path, value)];
  }
  if (current.type.kind !== "int") {
    report(body, "E0302", node.span, { op: node.op, type: showType(current.type) });
    return ignore(body, node);
  }
  const value = checkAs(body, node.value, current.type);
  refuseZero(body, node, op, value);
  if (node.orElse === undefined) return [setLocal(body, node, local.id, path, compute(body, node, op, current, value))];
  return checkedUpdate(body, node, node.orElse, { local, path, current, type: current.type, op, value });
}

function refuseAssignment(body: Body, target: ExprNode, local: Local): void {
  const declared = { ...local.site, text: "declared here" };
  report(body, "E0406", target.span, { name: local.name }, { notes: [declared] });
}

/** Indexes of the members from the local to the expression; undefined if it leads through a list. */
function memberPath(expr: Expr): number[] | undefined {
  const path: number[] = [];
  let inner = expr;
  for (; inner.kind === "member"; inner = inner.object) path.push(inner.index);
  return inner.kind === "local" ? path.reverse() : undefined;
}

function setLocal(body: Body, node: AssignStmt, local: LocalId, path: readonly number[], value: Expr): Stmt {
  const whole = rebuild(body, node, () => useLocal(body, local, node.target.span), path, value);
  return { ...fresh(body, node.span), kind: "set", local, value: whole };
}

/** The object that `make` gives with the member at `path` replaced. Every use is made anew: nodes have ids of their own. */
function rebuild(body: Body, node: AssignStmt, make: () => Expr, path: readonly number[], value: Expr): Expr {
  const index = path.at(0);
  if (index === undefined) return value;
  const at = node.target.span;
  const part = (type: Type, i: number) => (): Expr => ({ ...fresh(body, at), kind: "member", type, object: make(), index: i });
  const replace = (type: Type, i: number): Expr =>
    i === index ? rebuild(body, node, part(type, i), path.slice(1), value) : part(type, i)();
  const type = make().type;
  if (type.kind === "tuple") {
    return { ...fresh(body, at), kind: "tuple", type, elements: type.elements.map((element, i) => replace(element.type, i)) };
  }
  if (type.kind !== "struct") throw new Bug(`rebuild: ${type.kind} has no members`);
  const values = type.fields.map((field, i) => replace(field.type, i));
  return { ...fresh(body, at), kind: "struct", type, struct: type, values, order: type.fields.map((_, i) => i) };
}

/** The same member of a local under ids of its own. */
function again(body: Body, expr: Expr): Expr {
  const id = body.program.nextTypedId();
  return expr.kind === "member" ? { ...expr, id, object: again(body, expr.object) } : { ...expr, id };
}

function compute(body: Body, node: AssignStmt, op: UpdateOp, current: Expr, value: Expr): Expr {
  const type = current.type;
  if (op === "min" || op === "max") return { ...fresh(body, node.span), kind: "builtin", type, name: op, args: [current, value] };
  return { ...fresh(body, node.span), kind: "binary", type, op, left: current, right: value };
}

interface CheckedUpdate {
  readonly local: Local;
  readonly path: readonly number[];
  readonly current: Expr;
  readonly type: IntType;
  readonly op: UpdateOp;
  readonly value: Expr;
}

/** `x -= e else Err(…)` of a local: the amount is kept, checked, then applied. */
function checkedUpdate(body: Body, node: AssignStmt, orElse: ErrorUse, update: CheckedUpdate): Stmt[] {
  const { type, op, current } = update;
  const error = checkErrorUse(body, orElse);
  if (type.signed) {
    report(body, "E0390", node.span, { construct: "`else` after an assignment to a signed local" });
    return [];
  }
  if (error === undefined || (op !== "+" && op !== "-")) return [];
  const kept = addHidden(body, "amount", type, node.value.span);
  const amount = (): Expr => useLocal(body, kept, node.value.span);
  const room: Expr =
    op === "-"
      ? current
      : {
          ...fresh(body, node.span),
          kind: "binary",
          type,
          op: "-",
          left: literal(body, node.span, type, { kind: "int", value: maxOf(type) }),
          right: current,
        };
  const cond: Expr = { ...fresh(body, node.span), kind: "binary", type: BOOL, op: ">=", left: room, right: amount() };
  return [
    { ...fresh(body, node.span), kind: "let", local: kept, value: update.value },
    { ...fresh(body, node.span), kind: "require", cond, orElse: error },
    setLocal(body, node, update.local.id, update.path, compute(body, node, op, again(body, current), amount())),
  ];
}
