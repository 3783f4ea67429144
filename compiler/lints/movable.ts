/**
 * Which checks of a body can stand before the first effect of their block without another outcome of any call that succeeds: they read no cell that is
 * written in between and no local that is set there, nothing in between leaves the function, draws a number or runs code of another contract.
 */
import { COIN } from "../footprint/footprint.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import type { Expr, Stmt, TypedId } from "../typed/tree.ts";
import { blocksOf, returns, visitExpr } from "../typed/walk.ts";
import { deedsOf } from "./movable-facts.ts";
import type { Facts } from "./movable-facts.ts";

type Require = Extract<Stmt, { kind: "require" }>;

export interface Move {
  readonly check: Require;
  /** The first effect of the block. */
  readonly effect: Stmt;
  /** It goes right before this one: the effect, or the check that belongs to it (rule E1). */
  readonly target: Stmt;
}

export interface Moved {
  readonly body: readonly Stmt[];
  readonly moves: readonly Move[];
}

export interface Movable {
  readonly facts: Facts;
  /** Checks that belong to an add, and the add. */
  readonly absorbed: ReadonlyMap<TypedId, TypedId>;
  /** Of the file. */
  readonly text: string;
}

export function movedUp(body: readonly Stmt[], movable: Movable): Moved {
  const moves: Move[] = [];
  const inner = body.map((stmt) => {
    const parts = blocksOf(stmt).map((block) => movedUp(block, movable));
    for (const part of parts) moves.push(...part.moves);
    return parts.some((part) => part.moves.length > 0) ? withBlocks(stmt, parts) : stmt;
  });
  const own = movesOf(body, movable);
  if (own.length === 0) return { body: inner, moves };
  const checks = new Set<Stmt>(own.map(({ check }) => check));
  const at = body.indexOf(own[0].target);
  const rest = (from: number, to: number): readonly Stmt[] => inner.slice(from, to).filter((stmt) => !checks.has(stmt));
  return { body: [...inner.slice(0, at), ...checks, ...rest(at, inner.length)], moves: [...own, ...moves] };
}

function withBlocks(stmt: Stmt, parts: readonly Moved[]): Stmt {
  if (stmt.kind === "if") return { ...stmt, then: parts[0].body, otherwise: parts[1].body };
  return stmt.kind === "forList" || stmt.kind === "forRange" ? { ...stmt, body: parts[0].body } : stmt;
}

function movesOf(body: readonly Stmt[], { facts, absorbed, text }: Movable): readonly Move[] {
  const first = body.findIndex((stmt) => deedsOf(facts, [stmt]).writes.size > 0);
  if (first < 0) return [];
  const effect = body[first];
  const before = first === 0 ? undefined : body[first - 1];
  const target = before !== undefined && absorbed.get(before.id) === effect.id ? before : effect;
  const moves: Move[] = [];
  const writes = new Set<number>();
  const locals = new Set<number>();
  for (const stmt of body.slice(first)) {
    const deeds = deedsOf(facts, [stmt]);
    if (deeds.fixed || returns([stmt])) break;
    // A compound assignment to a local with an error of its own is a check too, but none that stands alone.
    const isOwn = stmt.kind === "require" && text.startsWith("require", stmt.site.span.start);
    if (isOwn && !absorbed.has(stmt.id) && isFree(stmt, facts, { writes, locals })) {
      moves.push({ check: stmt, effect, target });
      continue;
    }
    for (const leaf of deeds.writes) writes.add(leaf);
    for (const local of deeds.locals) locals.add(local);
  }
  return moves;
}

/** Whether the check has the same outcome before what was done. */
function isFree(
  check: Require,
  { table }: Facts,
  { writes, locals }: { readonly writes: ReadonlySet<number>; readonly locals: ReadonlySet<number> },
): boolean {
  let free = true;
  const see = (expr: Expr): void => {
    if (!PURE.has(expr.kind)) free = false;
    else if (expr.kind === "load" || expr.kind === "has")
      free &&= leavesOfPlace(table, expr.place).every(({ index }) => !writes.has(index));
    else if (expr.kind === "selfBalance") free &&= !writes.has(COIN);
    else if (expr.kind === "local") free &&= !locals.has(expr.local);
  };
  for (const expr of [check.cond, ...(check.orElse?.args ?? [])]) visitExpr(expr, { expr: see });
  return free;
}

/** Without effect, and told by their operands. What only a `match` around it makes sound isn't among them. */
const PURE: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>([
  ...(["literal", "local", "context", "load", "immutable", "selfBalance", "has", "past", "member", "element", "length"] as const),
  ...(["contains", "unary", "binary", "convert", "tuple", "list", "struct", "ifExpr", "variant", "isVariant"] as const),
  ...(["builtin", "encode", "concat"] as const),
]);
