/**
 * Statements that add to a cell, and how each is written so that it commutes: one update, with the check right beside it. What a rewriting changes is
 * nothing but the cost.
 */
import type { Edit } from "../diagnostics/diagnostic.ts";
import { absorptionAt } from "../footprint/absorb.ts";
import type { Expr, Site, Stmt, TypedId } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";
import { positionOf, type Body } from "./bodies.ts";
import { aliasOf, changeOf, checkOf, isNeutral, isValueOf, partsWhere, type Change, type Check, type Code } from "./changes.ts";
import { hasComment, type Source } from "./source.ts";

/** `place op= amount`, for each part in turn. */
export interface Add {
  readonly stmt: Stmt;
  readonly parts: Change["parts"];
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

/** Undefined when the statement does something else to the cell. */
export function addOf(code: Code, stmt: Stmt): Add | undefined {
  const change = changeOf(code, stmt);
  if (change === undefined) return undefined;
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
    text: textOf(code, change, check),
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
      if (expr.kind === "load" && isValueOf(body, expr, change)) reads.set(expr.id, expr.site);
    },
  });
  return reads;
}

function rewritten(code: Code, change: Change, check: Check | undefined): readonly Edit[] | undefined {
  const { body, source } = code;
  const { block, index } = positionOf(body, change.stmt);
  const involved: readonly Stmt[] = [...change.lets, ...(check === undefined ? [] : [check.stmt])];
  if (!involved.every((stmt) => positionOf(body, stmt).block === block)) return undefined;
  const first = Math.min(index, ...involved.map((stmt) => positionOf(body, stmt).index));
  const between = block.slice(first, index).filter((stmt) => !involved.includes(stmt));
  if (!between.every((stmt) => isNeutral(code, stmt, change))) return undefined;
  // A sum that fails has to fail before what comes behind it, and one that failed behind that must not fail before.
  const moves = change.lets.some(({ value }) => value.kind !== "load") || check?.covers === false;
  if (between.length > 0 && moves) return undefined;
  const replaced = [change.stmt, ...involved];
  if (replaced.some((stmt) => hasComment(source.textOf(stmt.site)))) return undefined;
  const lines = linesOf(code, change, check);
  const removals = change.lets.map((stmt) => source.remove(stmt.site));
  if (check === undefined) return [...removals, source.instead(change.stmt.site, lines)];
  return [...removals, source.instead(check.stmt.site, lines), source.remove(change.stmt.site)];
}

function keptUses(body: Body, change: Change, used: readonly Stmt[]): readonly Expr[] {
  const here = new Set<Expr>();
  visitBlock([change.stmt, ...used], { expr: (expr) => here.add(expr) });
  return change.lets.flatMap(({ local }) => (body.uses.get(local) ?? []).filter((use) => !here.has(use)));
}

function linesOf({ body, source }: Code, change: Change, check: Check | undefined): readonly string[] {
  const updates = updatesOf(source, change).map((update) => `${update};`);
  if (check === undefined) return updates;
  const { stmt, isExact } = check;
  const { orElse } = stmt;
  if (isExact && orElse !== undefined && (change.stmt.kind === "store" || change.stmt.orElse === undefined)) {
    const error = withoutVariables(orElse.site, orElse.args, { body, source }, change);
    return updates.map((update) => `${update.slice(0, -1)} else ${error};`);
  }
  return [withoutVariables(stmt.site, [stmt.cond, ...(orElse?.args ?? [])], { body, source }, change), ...updates];
}

function updatesOf(source: Source, { stmt, place, parts }: Change): readonly string[] {
  if (stmt.kind === "update") return [source.textOf(stmt.site).replace(/;$/, "")];
  const cell = source.textOf(place.site);
  return parts.map(({ op, amount }) => `${cell} ${op}= ${source.textOf(amount.site)}`);
}

/** The text at a place, with the variables that go written as what they stand for. */
function withoutVariables(at: Site, exprs: readonly Expr[], { body, source }: Pick<Code, "body" | "source">, change: Change): string {
  const { start } = at.span;
  const uses = exprs.flatMap((expr) => partsWhere(expr, (part) => aliasOf(body, part, change) !== undefined));
  let text = source.textOf(at);
  for (const use of uses.sort((a, b) => b.site.span.start - a.site.span.start)) {
    const value = aliasOf(body, use, change)?.value;
    if (value === undefined) continue;
    const inner = withoutVariables(value.site, [value], { body, source }, change);
    // Sums bind closer than comparisons, and than what stands between arguments.
    const isWhole = exprs.some((expr) => expr === use || (expr.kind === "binary" && isCompared(expr, use)));
    const replacement = value.kind === "load" || isWhole ? inner : `(${inner})`;
    text = text.slice(0, use.site.span.start - start) + replacement + text.slice(use.site.span.end - start);
  }
  return text;
}

function isCompared({ op, left, right }: Extract<Expr, { kind: "binary" }>, side: Expr): boolean {
  return /^[<>]=?$/.test(op) && (left === side || right === side);
}

/** Without its error, which may be long. */
function textOf(code: Code, change: Change, check: Check | undefined): string {
  const update = updatesOf(code.source, change).join("; ");
  if (check === undefined) return update;
  const error = check.stmt.orElse === undefined ? "" : " else …";
  if (check.isExact && error !== "") return `${update}${error}`;
  const { cond } = check.stmt;
  return `require ${withoutVariables(cond.site, [cond], code, change)}${error}; ${update}`;
}
