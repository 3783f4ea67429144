/**
 * Statements that add to a cell, however they are written: `x += e`, `x = x + e`, `let old = x; … x = old + e`, with the check that belongs to
 * them; and how each is written so that it commutes. Looks at one function; what a rewriting changes is nothing but the cost.
 */
import { absorptionAt, isPlain, sameExpr, samePlace } from "../footprint/absorb.ts";
import type { Edit } from "../diagnostics/diagnostic.ts";
import type { ErrorCall, Expr, Field, LocalId, Program, Site, StatePlace, Stmt, TypedId } from "../typed/tree.ts";
import { operandsOf, returns, visitBlock, visitExpr } from "../typed/walk.ts";
import { positionOf, type Body } from "./bodies.ts";
import { hasComment, type Source } from "./source.ts";

type Store = Extract<Stmt, { kind: "store" }>;
type Update = Extract<Stmt, { kind: "update" }>;
type Let = Extract<Stmt, { kind: "let" }>;
type Require = Extract<Stmt, { kind: "require" }>;
type Op = "+" | "-" | "|" | "&" | "min" | "max";

/** `place op= amount`, for each part in turn. */
export interface Add {
  readonly stmt: Stmt;
  readonly parts: readonly { readonly op: Op; readonly amount: Expr }[];
  /** The check that could be one with the add. */
  readonly check: Check | undefined;
  /** Reads that are gone once it is written as one update. */
  readonly reads: ReadonlyMap<TypedId, Site>;
  /** Other uses of the variables that stand for the old or the new value. */
  readonly kept: readonly Expr[];
  /** None where it is written that way already, undefined where it can't be without changing what it means. */
  readonly edits: readonly Edit[] | undefined;
  /** As it would be written. */
  readonly text: string;
}

interface Check {
  readonly stmt: Require;
  readonly kind: "floor" | "ceiling";
  readonly limit: Expr;
}

/** The change itself, with the variables that only stand for the old or the new value. */
interface Change {
  readonly stmt: Store | Update;
  readonly place: StatePlace;
  readonly parts: Add["parts"];
  readonly lets: readonly Let[];
}

/** Statements looked at between a check and its add. */
const MAX_DISTANCE = 64;
const MAX_PARTS = 8;

export interface Code {
  readonly body: Body;
  readonly program: Program;
  readonly source: Source;
}

/** Undefined when the statement does something else to the cell. */
export function addOf(code: Code, stmt: Stmt): Add | undefined {
  const change = changeOf(code.body, stmt);
  if (change === undefined || !change.parts.every(({ amount }) => isHarmless(code, amount, change))) return undefined;
  const check = checkOf(code, change);
  const used = [...change.lets, ...(check === undefined ? [] : [check.stmt])];
  const reads = readsIn(code.body, change, used);
  const kept = keptUses(code.body, change, used);
  const edits = isSettled(code.body, change, check) ? [] : kept.length > 0 ? undefined : rewritten(code, change, check);
  return {
    stmt: change.stmt,
    parts: change.parts,
    check,
    reads,
    kept,
    edits,
    text: textOf(code.source, change, check),
  };
}

/** Expressions that add to a cell: the length of a set moves by one or not at all, coin goes. */
type Move = Extract<Expr, { kind: "setChange" | "pay" | "rawCall" }>;

export function isMove(node: Stmt | Expr): node is Move {
  return node.kind === "setChange" || node.kind === "pay" || node.kind === "rawCall";
}

export function moveOf(stmt: Stmt, change: Move): Add {
  const parts = [{ op: change.kind === "setChange" && change.op === "add" ? "+" : "-", amount: change }] as const;
  return { stmt, parts, check: undefined, reads: new Map(), kept: [], edits: [], text: "" };
}

/** `+= 1` */
export function isStep({ parts }: Add): boolean {
  const [{ op, amount }] = parts;
  return parts.length === 1 && op === "+" && amount.kind === "literal" && amount.value.kind === "int" && amount.value.value === 1n;
}

// --- recognising -----------------------------------------------------------------------------------------------------

function changeOf(body: Body, stmt: Stmt): Change | undefined {
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

function partsOf(value: Expr, isOld: (expr: Expr) => boolean): Add["parts"] | undefined {
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
function isHarmless({ body, program }: Pick<Code, "body" | "program">, amount: Expr, { place }: Change): boolean {
  if (!isQuietAll(program, amount)) return false;
  const seen = new Set<LocalId>();
  const todo: Expr[] = [amount];
  for (let expr = todo.pop(); expr !== undefined; expr = todo.pop()) {
    if (touchesField(program, [expr], [], place.field)) return false;
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
function isQuiet(program: Program, expr: Expr): boolean {
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
function checkOf(code: Code, change: Change): Check | undefined {
  const [part] = change.parts;
  const { place, stmt } = change;
  if (change.parts.length > 1 || place.type.kind !== "int" || place.type.signed || !isPlain(part.amount)) return undefined;
  const { block, index } = positionOf(code.body, stmt);
  for (let i = index - 1; i >= Math.max(0, index - MAX_DISTANCE); i--) {
    const before = block[i];
    if (before.kind === "let" && change.lets.includes(before)) continue;
    const isCheck = before.kind === "require" && looksAt(code.body, before.cond, change);
    if (isCheck) return fitting(code.body, before, change);
    if (!isNeutral(code.program, before, change)) return undefined;
  }
  return undefined;
}

function looksAt(body: Body, cond: Expr, change: Change): boolean {
  return someExpr(cond, (expr) => standsFor(body, expr, change) !== undefined);
}

function someExpr(root: Expr, test: (expr: Expr) => boolean): boolean {
  return partsWhere(root, test).length > 0;
}

function partsWhere(root: Expr, test: (expr: Expr) => boolean): readonly Expr[] {
  const found: Expr[] = [];
  visitExpr(root, {
    expr: (expr) => {
      if (test(expr)) found.push(expr);
    },
  });
  return found;
}

/** Whether an expression is the cell's old value, or the new one. */
function standsFor(body: Body, expr: Expr, { place, lets, stmt }: Change): "old" | "new" | undefined {
  if (expr.kind === "load") return samePlace(expr.place, place) ? "old" : undefined;
  const alias = letOf(body, expr);
  if (alias === undefined || !lets.includes(alias)) return undefined;
  return stmt.kind === "store" && letOf(body, stmt.value) === alias ? "new" : "old";
}

function fitting(body: Body, stmt: Require, change: Change): Check | undefined {
  const { cond } = stmt;
  if (cond.kind !== "binary" || (cond.op !== ">=" && cond.op !== "<=")) return undefined;
  const [part] = change.parts;
  const [large, small] = cond.op === ">=" ? [cond.left, cond.right] : [cond.right, cond.left];
  if (part.op === "-") {
    const fits = standsFor(body, large, change) === "old" && sameExpr(small, part.amount);
    return fits ? { stmt, kind: "floor", limit: small } : undefined;
  }
  // A limit that fails on its own has to fail in a cleared call too.
  if (part.op !== "+" || !isPlain(large) || large.kind === "convert" || standsFor(body, large, change) !== undefined) return undefined;
  const sums = small.kind === "binary" && small.op === "+" ? [small.left, small.right] : [];
  const isSum = sums.some((side, i) => standsFor(body, side, change) === "old" && sameExpr(sums[1 - i], part.amount));
  return isSum || standsFor(body, small, change) === "new" ? { stmt, kind: "ceiling", limit: large } : undefined;
}

/** Standing between the parts of a change, it neither sees nor changes what they work with, and doesn't leave the function. */
function isNeutral(program: Program, stmt: Stmt, change: Change): boolean {
  if (stmt.kind === "return" || stmt.kind === "revert" || returns([stmt]) || touchesField(program, [], [stmt], change.place.field))
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
function touchesField(program: Program, exprs: readonly Expr[], stmts: readonly Stmt[], field: Field): boolean {
  let found = false;
  const visited = new Set<number>();
  const at = (place: StatePlace): void => {
    found ||= place.field.index === field.index;
  };
  const visitor = {
    stmt: (stmt: Stmt): void => {
      if (stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete") at(stmt.place);
    },
    expr: (expr: Expr): void => {
      if (expr.kind === "load" || expr.kind === "has" || expr.kind === "past") at(expr.place);
      if (expr.kind === "setChange") at(expr.entry);
      if (expr.kind !== "call" || visited.has(expr.func)) return;
      visited.add(expr.func);
      const callee = program.functions.get(expr.func);
      if (callee !== undefined && callee.role !== "free") visitBlock(callee.body, visitor);
    },
  };
  for (const expr of exprs) visitExpr(expr, visitor);
  visitBlock(stmts, visitor);
  return found;
}

// --- rewriting -------------------------------------------------------------------------------------------------------

/** It is one update, with its check right beside it, if it has one. */
function isSettled(body: Body, { stmt }: Change, check: Check | undefined): boolean {
  if (stmt.kind === "store") return false;
  const { block, index } = positionOf(body, stmt);
  return check === undefined || (index > 0 && absorptionAt(block, index - 1)?.check === check.stmt);
}

/** Loads of the cell in the change, its variables and its check. */
function readsIn(body: Body, change: Change, others: readonly Stmt[]): ReadonlyMap<TypedId, Site> {
  const reads = new Map<TypedId, Site>();
  visitBlock([change.stmt, ...others], {
    expr: (expr) => {
      if (expr.kind === "load" && standsFor(body, expr, change) === "old") reads.set(expr.id, expr.site);
    },
  });
  return reads;
}

function rewritten(code: Code, change: Change, check: Check | undefined): readonly Edit[] | undefined {
  const { body, program, source } = code;
  const { block, index } = positionOf(body, change.stmt);
  const involved: readonly Stmt[] = [...change.lets, ...(check === undefined ? [] : [check.stmt])];
  if (!involved.every((stmt) => positionOf(body, stmt).block === block)) return undefined;
  const first = Math.min(index, ...involved.map((stmt) => positionOf(body, stmt).index));
  const between = block.slice(first, index).filter((stmt) => !involved.includes(stmt));
  if (!between.every((stmt) => isNeutral(program, stmt, change))) return undefined;
  // A sum that fails has to fail before what comes behind it.
  if (between.length > 0 && change.lets.some(({ value }) => value.kind !== "load")) return undefined;
  if (check?.kind === "ceiling" && tellsOldValue(body, change, check)) return undefined;
  const replaced = [change.stmt, ...involved];
  if (replaced.some((stmt) => hasComment(source.textOf(stmt.site)))) return undefined;
  const lines = linesOf(code, change, check);
  if (lines === undefined) return undefined;
  const removals = change.lets.map((stmt) => source.remove(stmt.site));
  if (check === undefined) return [...removals, source.instead(change.stmt.site, lines)];
  return [...removals, source.instead(check.stmt.site, lines), source.remove(change.stmt.site)];
}

function keptUses(body: Body, change: Change, used: readonly Stmt[]): readonly Expr[] {
  const here = new Set<Expr>();
  visitBlock([change.stmt, ...used], { expr: (expr) => here.add(expr) });
  return change.lets.flatMap(({ local }) => (body.uses.get(local) ?? []).filter((use) => !here.has(use)));
}

/** The error of a check that moves behind the add would tell another value. */
function tellsOldValue(body: Body, change: Change, { stmt }: Check): boolean {
  return (stmt.orElse?.args ?? []).some((arg) => someExpr(arg, (expr) => standsFor(body, expr, change) === "old"));
}

function linesOf({ body, source }: Code, change: Change, check: Check | undefined): readonly string[] | undefined {
  const cell = source.textOf(change.place.site);
  const updates = change.parts.map(({ op, amount }) => `${cell} ${op}= ${source.textOf(amount.site)}`);
  if (check === undefined) return updates.map((update) => `${update};`);
  const { orElse } = check.stmt;
  const error = orElse === undefined ? "" : ` else ${errorText(body, source, orElse, change, cell)}`;
  const limit = source.textOf(check.limit.site);
  if (check.kind === "ceiling") return [`${updates[0]};`, `require ${cell} <= ${limit}${error};`];
  return orElse === undefined ? [`require ${cell} >= ${limit};`, `${updates[0]};`] : [`${updates[0]}${error};`];
}

/** Variables that go are written as the cell they stand for. */
function errorText(body: Body, source: Source, error: ErrorCall, change: Change, cell: string): string {
  const { start } = error.site.span;
  let text = source.textOf(error.site);
  const isVariable = (expr: Expr): boolean => expr.kind === "local" && standsFor(body, expr, change) !== undefined;
  const uses = error.args.flatMap((arg) => partsWhere(arg, isVariable));
  for (const { site } of uses.sort((a, b) => b.site.span.start - a.site.span.start)) {
    text = text.slice(0, site.span.start - start) + cell + text.slice(site.span.end - start);
  }
  return text;
}

function textOf(source: Source, change: Change, check: Check | undefined): string {
  const cell = source.textOf(change.place.site);
  const update = change.parts.map(({ op, amount }) => `${cell} ${op}= ${source.textOf(amount.site)}`).join("; ");
  if (check?.kind === "ceiling") return `${update}; require ${cell} <= ${source.textOf(check.limit.site)}`;
  return check?.stmt.orElse === undefined ? update : `${update} else …`;
}
