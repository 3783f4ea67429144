/** What emission of one function's body shares: its frame, the names of its locals, and where its words start. */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { Frame } from "../footprint/footprint.ts";
import { visitBlock, visitExpr } from "../footprint/walk.ts";
import type { Expr, Func, LocalId, StatePlace, TypedId } from "../typed/tree.ts";
import { functionNames, type FunctionNames } from "./names.ts";
import { representationOf, widens } from "./representation.ts";
import { frameOf, type ModuleScope } from "./scope.ts";

export interface ExecScope {
  readonly module: ModuleScope;
  readonly func: Func;
  readonly frame: Frame;
  readonly names: FunctionNames;
  readonly locals: readonly string[];
  /** Mutable locals that some expression reads: the others are never kept. */
  readonly readLocals: ReadonlySet<LocalId>;
  /** Start of the region of the function, or of the current round of a loop. */
  readonly region: string;
}

export function execScope(module: ModuleScope, func: Func): ExecScope {
  const names = functionNames(module.names, ["x", "b"]);
  const readLocals = new Set<LocalId>();
  visitBlock(func.body, {
    expr: (expr) => {
      if (expr.kind === "local") readLocals.add(expr.local);
    },
  });
  const locals = func.locals.map((local) => names.take(local.name));
  return { module, func, frame: frameOf(module, func.id), names, locals, readLocals, region: "b" };
}

/** `b + 3`, the word of an access by its node, `index` further on. */
export function wordText(scope: ExecScope, id: TypedId, index = 0): string {
  const word = scope.frame.words.get(id);
  if (word === undefined) throw new Bug(`codegen: no word for node ${String(id)} of ${scope.func.name}`);
  return offsetText(scope.region, word + index);
}

export function offsetText(region: string, offset: number): string {
  return offset === 0 ? region : `${region} + ${String(offset)}`;
}

export function localName(scope: ExecScope, local: LocalId): string {
  return scope.locals[local];
}

/**
 * Whether leaving the expression out would be noticed: it may revert, or it has an effect. Reading a cell is no effect: keys and other
 * values that only the plan needs are not computed again.
 */
export function matters(expr: Expr): boolean {
  let found = false;
  visitExpr(expr, {
    expr: (part) => {
      found ||= mattersItself(part);
    },
  });
  return found;
}

function mattersItself(expr: Expr): boolean {
  switch (expr.kind) {
    case "next":
    case "element":
    case "call":
    case "pay":
      return true;
    case "unary":
      return expr.op === "-";
    case "binary":
      return ["+", "-", "*", "/", "%", "<<", ">>"].includes(expr.op);
    case "convert":
      return mayFail(expr.operand.type, expr.type);
    case "builtin":
      return expr.name !== "min" && expr.name !== "max";
    default:
      return false;
  }
}

/** Whether a conversion can panic. */
export function mayFail(from: Type, to: Type): boolean {
  if (to.kind !== "int" && to.kind !== "enum") return false;
  return !widens(from, to);
}

/** Keys that must be computed before the access although the plan already used them: they may revert. */
export function noticedKeys(place: Pick<StatePlace, "keys">): readonly Expr[] {
  return place.keys.filter(matters);
}

export function isScalar(type: Type): boolean {
  return ["bool", "number", "big", "bytes"].includes(representationOf(type));
}
