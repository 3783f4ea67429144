/** Statements and expressions as summaries, in the order of execution. What a callee does counts at the call. */
import { unreachable } from "../core/bug.ts";
import { absorptionAt } from "../footprint/absorb.ts";
import { COIN } from "../footprint/footprint.ts";
import type { LeafIndex } from "../footprint/footprint.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import type { LeafTable } from "../footprint/leaves.ts";
import type { Expr, FuncId, StatePlace, Stmt, TypedId } from "../typed/tree.ts";
import { childrenOf, operandsOf } from "../typed/walk.ts";
import { changesItself, failsItself } from "./failing.ts";
import { addAt, effectAt, eitherOf, failureAt, inOrder, NOTHING, RETURNED, REVERTED, rounds } from "./summary.ts";
import type { Summary } from "./summary.ts";

type Of<K extends Stmt["kind"]> = Extract<Stmt, { kind: K }>;

export interface Walk {
  readonly table: LeafTable;
  /** Of functions that are called; they come first. */
  readonly functions: ReadonlyMap<FuncId, Summary>;
}

export function blockSummary(walk: Walk, body: readonly Stmt[]): Summary {
  const absorbed = absorbedIn(walk, body);
  return inOrder(lazily(body, (stmt) => stmtSummary(walk, stmt, absorbed)));
}

/** What isn't reached isn't walked. */
function* lazily<T>(items: readonly T[], summaryOf: (item: T) => Summary): Iterable<Summary> {
  for (const item of items) yield summaryOf(item);
}

/** Checks that belong to an add (rule E1), with the leaf that it changes: the first one beside each add, as everywhere. */
function absorbedIn({ table }: Walk, body: readonly Stmt[]): ReadonlyMap<TypedId, LeafIndex> {
  const absorbed = new Map<TypedId, LeafIndex>();
  const taken = new Set<TypedId>();
  body.forEach((_, i) => {
    const absorption = absorptionAt(body, i);
    if (absorption === undefined || taken.has(absorption.update.id)) return;
    taken.add(absorption.update.id);
    absorbed.set(absorption.check.id, leafOf(table, absorption.update.place));
  });
  return absorbed;
}

function leafOf(table: LeafTable, place: StatePlace): LeafIndex {
  return leavesOfPlace(table, place)[0].index;
}

function stmtSummary(walk: Walk, stmt: Stmt, absorbed: ReadonlyMap<TypedId, LeafIndex>): Summary {
  if (stmt.kind === "require") {
    const leaf = absorbed.get(stmt.id);
    // It runs only when the add isn't cleared; then it, or what it compares, may fail.
    if (leaf !== undefined) return addAt(leaf, stmt.site);
  }
  return inOrder([...operandsOf(stmt).map((expr) => exprSummary(walk, expr)), afterOperands(walk, stmt)]);
}

/** What follows the evaluation of the operands. Arguments of errors are left out: the call fails in any case. */
function afterOperands(walk: Walk, stmt: Stmt): Summary {
  switch (stmt.kind) {
    case "let":
    case "letTuple":
    case "set":
    case "expr":
    case "emit":
      // The logs of a failed call are dropped, not undone.
      return NOTHING;
    case "store":
    case "delete":
      return effectAt(stmt.site);
    case "update":
      return inOrder([updateFailure(walk, stmt), effectAt(stmt.site)]);
    case "if":
      return eitherOf(blockSummary(walk, stmt.then), blockSummary(walk, stmt.otherwise));
    case "forList":
      return rounds(blockSummary(walk, stmt.body));
    case "forRange":
      return inOrder([mayExceed(stmt) ? failureAt(stmt.site) : NOTHING, rounds(blockSummary(walk, stmt.body))]);
    case "require":
      return isTrue(stmt.cond) ? NOTHING : failureAt(stmt.site);
    case "revert":
      return inOrder([failureAt(stmt.site), REVERTED]);
    case "return":
      return RETURNED;
    default:
      return unreachable(stmt, "abort points");
  }
}

function updateFailure({ table }: Walk, stmt: Of<"update">): Summary {
  switch (stmt.op) {
    case "+":
    case "-":
      return addAt(leafOf(table, stmt.place), stmt.site);
    case "*":
    case "/":
    case "%":
      return failureAt(stmt.site);
    case "|":
    case "&":
    case "^":
    case "min":
    case "max":
      return NOTHING;
  }
}

/** Between literals the number of rounds is known. */
function mayExceed({ from, to, max }: Of<"forRange">): boolean {
  if (from.kind !== "literal" || from.value.kind !== "int" || to.kind !== "literal" || to.value.kind !== "int") return true;
  return to.value.value - from.value.value > BigInt(max);
}

function isTrue(cond: Expr): boolean {
  return cond.kind === "literal" && cond.value.kind === "bool" && cond.value.value;
}

function exprSummary(walk: Walk, expr: Expr): Summary {
  switch (expr.kind) {
    case "binary":
      return spineSummary(walk, expr);
    case "ifExpr":
      return inOrder([exprSummary(walk, expr.cond), eitherOf(exprSummary(walk, expr.then), exprSummary(walk, expr.otherwise))]);
    case "seq":
      return inOrder([blockSummary(walk, expr.body), exprSummary(walk, expr.value)]);
    case "call":
      return inOrder([...childSummaries(walk, expr), walk.functions.get(expr.func) ?? NOTHING]);
    default:
      return inOrder([...childSummaries(walk, expr), itself(expr)]);
  }
}

function childSummaries(walk: Walk, expr: Expr): readonly Summary[] {
  return childrenOf(expr).map((child) => exprSummary(walk, child));
}

/** Code of another contract may change something and fail after that, so such a call is a pair in itself. */
function itself(expr: Expr): Summary {
  if (expr.kind === "pay") return inOrder([addAt(COIN, expr.site), effectAt(expr.site)]);
  const fails = failsItself(expr) ? failureAt(expr.site) : NOTHING;
  if (!changesItself(expr)) return fails;
  return inOrder([fails, effectAt(expr.site), fails]);
}

/** Long chains lean left: a loop down the left spine keeps the stack flat. The right side of `&&` and `||` may be left out, which makes no difference here. */
function spineSummary(walk: Walk, expr: Extract<Expr, { kind: "binary" }>): Summary {
  const spine = [expr];
  let left = expr.left;
  for (; left.kind === "binary"; left = left.left) spine.push(left);
  const rest = spine.reverse().flatMap((node) => [exprSummary(walk, node.right), itself(node)]);
  return inOrder([exprSummary(walk, left), ...rest]);
}
