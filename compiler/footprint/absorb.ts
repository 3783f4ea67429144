/**
 * Finds the checks that belong to a Δ (rule E1): a `require` right before or behind an add that compares the same place with a plain value.
 * Such a `require` runs only when its Δ isn't cleared, and its read of the place is part of the Δ.
 */
import { sameType } from "../core/types.ts";
import type { Expr, StatePlace, Stmt } from "../typed/tree.ts";

type Update = Extract<Stmt, { kind: "update" }>;
type Require = Extract<Stmt, { kind: "require" }>;

export interface Absorption {
  readonly check: Require;
  readonly update: Update;
  /** `floor`: the check asks for at least something, `ceiling` for at most. */
  readonly kind: "floor" | "ceiling";
  /** What is compared: the cell before the update, or what it becomes (behind the update, or as `x + e` before it). */
  readonly of: "before" | "result";
  /** The check comes first: its error sees the cell as it was. */
  readonly first: boolean;
  /** `<` or `>`: the limit itself is too much. */
  readonly strict: boolean;
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
  if (first.kind === "require" && second.kind === "update") return match(first, second, true);
  if (first.kind === "update" && second.kind === "require") return match(second, first, false);
  return undefined;
}

const TURNED = { "<=": ">=", "<": ">", ">=": "<=", ">": "<" } as const;
type Comparison = keyof typeof TURNED;

function isComparison(op: string): op is Comparison {
  return op in TURNED;
}

/** Written either way round: `x >= e` and `e <= x`. */
function match(check: Require, update: Update, first: boolean): Absorption | undefined {
  const { cond } = check;
  if (cond.kind !== "binary" || !isComparison(cond.op) || !isPlain(update.value)) return undefined;
  return (
    compared(check, update, first, { left: cond.left, op: cond.op, right: cond.right }) ??
    compared(check, update, first, { left: cond.right, op: TURNED[cond.op], right: cond.left })
  );
}

function compared(
  check: Require,
  update: Update,
  first: boolean,
  { left, op, right }: { readonly left: Expr; readonly op: Comparison; readonly right: Expr },
): Absorption | undefined {
  const kind = op === ">=" || op === ">" ? "floor" : "ceiling";
  if (update.op !== (kind === "floor" ? "-" : "+")) return undefined;
  const sum = first ? resultOf(left, update) : undefined;
  const load = sum ?? left;
  if (load.kind !== "load" || !samePlace(load.place, update.place) || !isPlain(right)) return undefined;
  // A limit that fails on its own has to fail in a cleared call too, and bounds pass by conversions.
  if (right.kind === "convert" && !(first && sameExpr(right, update.value))) return undefined;
  const of = first && sum === undefined ? "before" : "result";
  return { check, update, kind, of, first, strict: op === "<" || op === ">", load, limit: right };
}

/** The cell in `x + e` or `e + x` where the update is `x += e`, in `x - e` where it is `x -= e`. */
function resultOf(expr: Expr, update: Update): Expr | undefined {
  if (expr.kind !== "binary" || expr.op !== update.op) return undefined;
  if (sameExpr(expr.right, update.value)) return expr.left;
  return update.op === "+" && sameExpr(expr.left, update.value) ? expr.right : undefined;
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
function isPlain(expr: Expr): boolean {
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
    case "binary":
      return isArithmetic(expr.op) && isPlain(expr.left) && isPlain(expr.right);
    default:
      return false;
  }
}

function isArithmetic(op: string): boolean {
  return op === "+" || op === "-" || op === "*";
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
      return b.kind === "convert" && sameType(a.type, b.type) && sameExpr(a.operand, b.operand);
    case "binary":
      return b.kind === "binary" && a.op === b.op && sameExpr(a.left, b.left) && sameExpr(a.right, b.right);
    default:
      return false;
  }
}
