/**
 * Finds the checks that belong to a Δ (rule E1): `require x >= e; x -= e` and `x += e; require x <= t`, two statements in a row
 * on one place. Such a `require` runs only when its Δ isn't cleared, and its read of x is part of the Δ.
 */
import { sameType } from "../core/types.ts";
import type { Expr, StatePlace, Stmt } from "../typed/tree.ts";

type Update = Extract<Stmt, { kind: "update" }>;
type Require = Extract<Stmt, { kind: "require" }>;

export interface Absorption {
  readonly check: Require;
  readonly update: Update;
  /** `floor`: the check comes first and asks x >= amount. `ceiling`: it comes after and asks x <= limit. */
  readonly kind: "floor" | "ceiling";
  /** The load of x in the check. */
  readonly load: Extract<Expr, { kind: "load" }>;
  /** The other side of the comparison. */
  readonly limit: Expr;
}

/** Pairs within one list of statements, by index of the first of the two. */
export function absorptionAt(statements: readonly Stmt[], index: number): Absorption | undefined {
  const first = statements[index];
  const second = statements[index + 1];
  if (second === undefined) return undefined;
  if (first.kind === "require" && second.kind === "update" && second.op === "-") return match(first, second, "floor");
  if (first.kind === "update" && second.kind === "require" && first.op === "+") return match(second, first, "ceiling");
  return undefined;
}

function match(check: Require, update: Update, kind: "floor" | "ceiling"): Absorption | undefined {
  const { cond } = check;
  if (cond.kind !== "binary" || (cond.op !== ">=" && cond.op !== "<=")) return undefined;
  // Written either way round: `x >= e` and `e <= x`, `x <= t` and `t >= x`.
  const loadFirst = (kind === "floor") === (cond.op === ">=");
  const load = loadFirst ? cond.left : cond.right;
  const limit = loadFirst ? cond.right : cond.left;
  if (load.kind !== "load" || !samePlace(load.place, update.place) || !isPlain(limit) || !isPlain(update.value)) return undefined;
  if (kind === "floor" && !sameExpr(limit, update.value)) return undefined;
  // A limit that fails on its own has to fail in a cleared call too.
  if (kind === "ceiling" && limit.kind === "convert") return undefined;
  return { check, update, kind, load, limit };
}

export function samePlace(a: StatePlace, b: StatePlace): boolean {
  return (
    a.field.index === b.field.index &&
    a.path.length === b.path.length &&
    a.path.every((member, i) => member === b.path[i]) &&
    a.keys.every((key, i) => isPlain(key) && sameExpr(key, b.keys[i]))
  );
}

/** Touches no state and has no effect: evaluating it twice, or not at all, changes nothing but a failure that the other one has too. */
export function isPlain(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "immutable":
      return true;
    case "member":
      return isPlain(expr.object);
    case "convert":
      return isPlain(expr.operand);
    default:
      return false;
  }
}

export function sameExpr(a: Expr, b: Expr): boolean {
  switch (a.kind) {
    case "literal":
      return b.kind === "literal" && a.value.kind === b.value.kind && a.value.value === b.value.value;
    case "local":
      return b.kind === "local" && a.local === b.local;
    case "context":
      return b.kind === "context" && a.name === b.name;
    case "immutable":
      return b.kind === "immutable" && a.field.index === b.field.index;
    case "member":
      return b.kind === "member" && a.index === b.index && sameExpr(a.object, b.object);
    case "convert":
      // A narrower one fails where a wider one doesn't, and the check's isn't computed in a cleared call.
      return b.kind === "convert" && sameType(a.type, b.type) && sameExpr(a.operand, b.operand);
    default:
      return false;
  }
}
