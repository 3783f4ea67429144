/**
 * Changes of a cell that add to what it held, however they are written, and the check that belongs to each: `let old = x; require old >= e; x = old - e`
 * is a change of `x` by `- e` with a floor. Recognised in the statements of one block; nothing is rewritten here.
 */
import { absorptionAt, sameExpr, samePlace } from "../footprint/absorb.ts";
import type { Expr, Field, LocalId, Program, StatePlace, Stmt } from "../typed/tree.ts";
import { operandsOf, returns, visitBlock, visitExpr } from "../typed/walk.ts";
import { positionOf, type Bodies, type Body } from "./bodies.ts";
import type { Source } from "./source.ts";

type Store = Extract<Stmt, { kind: "store" }>;
type Update = Extract<Stmt, { kind: "update" }>;
type Let = Extract<Stmt, { kind: "let" }>;
type Require = Extract<Stmt, { kind: "require" }>;
type Op = "+" | "-" | "|" | "&" | "min" | "max";

/** `place op= amount`, for each part in turn; with the variables that only stand for the old or the new value. */
export interface Change {
  readonly stmt: Store | Update;
  readonly place: StatePlace;
  readonly parts: readonly { readonly op: Op; readonly amount: Expr }[];
  readonly lets: readonly Let[];
}

/** A check that is one with the change as soon as it stands right before it (rule E1). */
export interface Check {
  readonly stmt: Require;
  /** `require x >= e else E; x -= e`: then `x -= e else E` says the same. */
  readonly isExact: boolean;
  /** Behind it the change itself can't fail. */
  readonly covers: boolean;
}

/** A function's body, and what it takes to look further. */
export interface Code {
  readonly body: Body;
  readonly bodies: Bodies;
  readonly program: Program;
  readonly source: Source;
}

/** Statements looked at between a check and its add. */
const MAX_DISTANCE = 64;
const MAX_PARTS = 8;

/** Undefined when the statement does something else to the cell, or when the amount follows from it. */
export function changeOf(code: Code, stmt: Stmt): Change | undefined {
  const change = changeAt(code.body, stmt);
  return change?.parts.every(({ amount }) => isHarmless(code, amount, change)) === true ? change : undefined;
}

function changeAt(body: Body, stmt: Stmt): Change | undefined {
  if (stmt.kind === "update") {
    const { op, place, value } = stmt;
    return isOp(op) ? { stmt, place, parts: [{ op, amount: value }], lets: [] } : undefined;
  }
  if (stmt.kind !== "store" || stmt.place.type.kind !== "int") return undefined;
  const named = letOf(body, stmt.value);
  const lets: Let[] = named === undefined ? [] : [named];
  const value = named === undefined ? stmt.value : named.value;
  const isOld = (expr: Expr): boolean => {
    const alias = letOf(body, expr);
    const read = alias === undefined ? expr : alias.value;
    if (read.kind !== "load" || !samePlace(read.place, stmt.place)) return false;
    if (alias !== undefined && !lets.includes(alias)) lets.push(alias);
    return true;
  };
  const parts = partsOf(value, isOld);
  return parts === undefined ? undefined : { stmt, place: stmt.place, parts, lets };
}

function isOp(op: Update["op"]): op is Op {
  return op === "+" || op === "-" || op === "|" || op === "&" || op === "min" || op === "max";
}

/** The `let` behind a local that is set nowhere else. */
function letOf(body: Body, expr: Expr): Let | undefined {
  if (expr.kind !== "local") return undefined;
  const sets = body.sets.get(expr.local) ?? [];
  return sets.length === 1 && sets[0].kind === "let" ? sets[0] : undefined;
}

function partsOf(value: Expr, isOld: (expr: Expr) => boolean): Change["parts"] | undefined {
  if (value.kind === "builtin" && (value.name === "min" || value.name === "max")) {
    const [a, b] = value.args;
    if (isOld(a)) return [{ op: value.name, amount: b }];
    return isOld(b) ? [{ op: value.name, amount: a }] : undefined;
  }
  if (value.kind !== "binary") return undefined;
  if (value.op === "+" || value.op === "|" || value.op === "&") {
    if (isOld(value.right)) return [{ op: value.op, amount: value.left }];
  }
  if (value.op === "|" || value.op === "&") return isOld(value.left) ? [{ op: value.op, amount: value.right }] : undefined;
  const parts: { readonly op: Op; readonly amount: Expr }[] = [];
  let left: Expr = value;
  while (left.kind === "binary" && (left.op === "+" || left.op === "-") && parts.length < MAX_PARTS) {
    parts.unshift({ op: left.op, amount: left.right });
    left = left.left;
  }
  return parts.length > 0 && isOld(left) ? parts : undefined;
}

/** The amount changes nothing, and doesn't depend on the cell, be it by way of variables. */
function isHarmless(code: Code, amount: Expr, { place }: Change): boolean {
  const { body, program } = code;
  if (!isQuietAll(program, amount)) return false;
  const seen = new Set<LocalId>();
  const todo: Expr[] = [amount];
  for (let expr = todo.pop(); expr !== undefined; expr = todo.pop()) {
    if (touchesField(code, [expr], [], place.field)) return false;
    for (const part of partsWhere(expr, ({ kind }) => kind === "local")) {
      if (part.kind !== "local" || seen.has(part.local)) continue;
      seen.add(part.local);
      todo.push(...(body.sets.get(part.local) ?? []).flatMap(operandsOf));
    }
  }
  return true;
}

/** The same of the expression and all its parts. */
export function isQuietAll(program: Program, root: Expr): boolean {
  return !someExpr(root, (expr) => expr.kind === "seq" || !isQuiet(program, expr));
}

/** Evaluating it changes nothing, and can be done a little earlier or later. */
export function isQuiet(program: Program, expr: Expr): boolean {
  switch (expr.kind) {
    case "next":
    case "setChange":
    case "external":
    case "rawCall":
    case "create":
    case "pay":
      return false;
    case "call":
      return program.functions.get(expr.func)?.mutability === "view";
    default:
      return true;
  }
}

// --- the check -------------------------------------------------------------------------------------------------------

/** The last statement before the change that looks at the cell, if it is a check that fits. */
export function checkOf(code: Code, change: Change): Check | undefined {
  const { place, stmt } = change;
  if (change.parts.length > 1 || place.type.kind !== "int" || place.type.signed) return undefined;
  const { block, index } = positionOf(code.body, stmt);
  for (let i = index - 1; i >= Math.max(0, index - MAX_DISTANCE); i--) {
    const before = block[i];
    if (before.kind === "let" && change.lets.includes(before)) continue;
    const isCheck = before.kind === "require" && looksAt(code.body, before.cond, change);
    if (isCheck) return fitting(code.body, before, change);
    if (!isNeutral(code, before, change)) return undefined;
  }
  return undefined;
}

function looksAt(body: Body, cond: Expr, change: Change): boolean {
  return someExpr(cond, (expr) => isValueOf(body, expr, change));
}

export function someExpr(root: Expr, test: (expr: Expr) => boolean): boolean {
  return partsWhere(root, test).length > 0;
}

export function partsWhere(root: Expr, test: (expr: Expr) => boolean): readonly Expr[] {
  const found: Expr[] = [];
  visitExpr(root, {
    expr: (expr) => {
      if (test(expr)) found.push(expr);
    },
  });
  return found;
}

/** Whether an expression is the cell, or one of the variables for its old or its new value. */
export function isValueOf(body: Body, expr: Expr, change: Change): boolean {
  return expr.kind === "load" ? samePlace(expr.place, change.place) : aliasOf(body, expr, change) !== undefined;
}

/** The variable for the old or the new value that an expression is. */
export function aliasOf(body: Body, expr: Expr, { lets }: Change): Let | undefined {
  const alias = letOf(body, expr);
  return alias !== undefined && lets.includes(alias) ? alias : undefined;
}

/** What the analysis says of the two when they stand together, without the variables. */
function fitting(body: Body, stmt: Require, change: Change): Check | undefined {
  const { cond } = stmt;
  const [{ op, amount }] = change.parts;
  if (cond.kind !== "binary") return undefined;
  const check: Require = { ...stmt, cond: { ...cond, left: written(body, cond.left, change), right: written(body, cond.right, change) } };
  const { id, site, place } = change.stmt;
  const found = absorptionAt([check, { kind: "update", id, site, place, op, value: amount, orElse: undefined }], 0);
  if (found === undefined) return undefined;
  const covers = found.of === "result" || (found.kind === "floor" && sameExpr(found.limit, amount));
  return { stmt, covers, isExact: found.of === "before" && covers && !found.strict };
}

/** A side of a comparison, or a sum in it, with what the variables stand for. */
function written(body: Body, expr: Expr, change: Change): Expr {
  const value = aliasOf(body, expr, change)?.value ?? expr;
  if (value !== expr) return written(body, value, change);
  if (expr.kind !== "binary") return expr;
  const [left, right] = [expr.left, expr.right].map((side) => aliasOf(body, side, change)?.value ?? side);
  return { ...expr, left, right };
}

/** Standing between the parts of a change, it neither sees nor changes what they work with, and doesn't leave the function. */
export function isNeutral(code: Code, stmt: Stmt, change: Change): boolean {
  if (stmt.kind === "return" || stmt.kind === "revert" || returns([stmt]) || touchesField(code, [], [stmt], change.place.field))
    return false;
  const needed = new Set<LocalId>();
  for (const expr of [...change.place.keys, ...change.parts.map(({ amount }) => amount)]) {
    for (const part of partsWhere(expr, ({ kind }) => kind === "local")) if (part.kind === "local") needed.add(part.local);
  }
  let neutral = true;
  visitBlock([stmt], {
    stmt: (each) => {
      if (each.kind === "set" && needed.has(each.local)) neutral = false;
    },
  });
  return neutral;
}

/** Whether the code, functions it calls included, reads or changes some cell of the field. */
function touchesField({ body, bodies, program }: Code, exprs: readonly Expr[], stmts: readonly Stmt[], { index }: Field): boolean {
  let found = false;
  const at = (place: StatePlace): void => {
    found ||= place.field.index === index;
  };
  const visitor = {
    stmt: (stmt: Stmt): void => {
      if (stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete") at(stmt.place);
    },
    expr: (expr: Expr): void => {
      if (expr.kind === "load" || expr.kind === "has" || expr.kind === "past") at(expr.place);
      if (expr.kind === "setChange") at(expr.entry);
      const callee = expr.kind === "call" ? program.functions.get(expr.func) : undefined;
      // What stands outside of contracts touches no state.
      if (callee?.contract === body.func.contract && callee !== undefined) found ||= bodies(callee).touched.has(index);
    },
  };
  for (const expr of exprs) visitExpr(expr, visitor);
  visitBlock(stmts, visitor);
  return found;
}
