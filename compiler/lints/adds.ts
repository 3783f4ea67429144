/**
 * Statements that add to a cell, and how each is written so that it commutes: one update, with the check right beside it. What a rewriting changes is
 * nothing but the cost.
 */
import type { Edit } from "../diagnostics/diagnostic.ts";
import { absorptionAt } from "../footprint/absorb.ts";
import type { ErrorCall, Expr, Site, Stmt, TypedId } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";
import { positionOf, type Body } from "./bodies.ts";
import { changeOf, checkOf, isNeutral, partsWhere, someExpr, standsFor, type Change, type Check, type Code } from "./changes.ts";
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
  const { body, source } = code;
  const { block, index } = positionOf(body, change.stmt);
  const involved: readonly Stmt[] = [...change.lets, ...(check === undefined ? [] : [check.stmt])];
  if (!involved.every((stmt) => positionOf(body, stmt).block === block)) return undefined;
  const first = Math.min(index, ...involved.map((stmt) => positionOf(body, stmt).index));
  const between = block.slice(first, index).filter((stmt) => !involved.includes(stmt));
  if (!between.every((stmt) => isNeutral(code, stmt, change))) return undefined;
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
