/** What emission of one function's body shares: its frame, the names of its locals, and where its words start. */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { Frame } from "../footprint/footprint.ts";
import { visitBlock, visitExpr } from "../typed/walk.ts";
import type { BuiltinName, Expr, Func, LocalId, StatePlace, Stmt, TypedId } from "../typed/tree.ts";
import type { Code } from "./code.ts";
import type { Line } from "./lines.ts";
import { functionNames, type FunctionNames } from "./names.ts";
import { representationOf, widens } from "./representation.ts";
import { frameOf, type ModuleScope } from "./scope.ts";

/** How parts call the whole: expressions within expressions, statements within expressions. */
export interface Emit {
  readonly expr: (scope: ExecScope, expr: Expr) => Code;
  readonly block: (scope: ExecScope, statements: readonly Stmt[]) => readonly Line[];
}

export interface ExecScope {
  readonly module: ModuleScope;
  readonly func: Func;
  readonly frame: Frame;
  readonly emit: Emit;
  readonly names: FunctionNames;
  /** By `LocalId`: those of the function, then the temporaries that stand for parts of expressions. */
  readonly locals: string[];
  /** Mutable locals that some expression reads: the others are never kept. */
  readonly readLocals: ReadonlySet<LocalId>;
  /** Accesses whose slot exec finds itself. */
  readonly wide: ReadonlySet<TypedId>;
  /** Whether statements stand in some expression of the function. */
  readonly hasSeq: boolean;
  /** Start of the region of the function, or of the current round of a loop. */
  readonly region: string;
  /** Inside of a loop whose rounds share their words. */
  readonly once: boolean;
}

export function execScope(module: ModuleScope, func: Func, emit: Emit): ExecScope {
  const names = functionNames(module.names, ["x", "b"]);
  const frame = frameOf(module, func.id);
  const readLocals = new Set<LocalId>();
  const wide = new Set(frame.wide);
  let hasSeq = false;
  visitBlock(func.body, {
    expr: (expr) => {
      if (expr.kind === "local") readLocals.add(expr.local);
      hasSeq ||= expr.kind === "seq";
    },
    stmt: (stmt) => {
      if (frame.wide.size > 0 && stmt.kind === "require") noteAbsorbedLoad(module, frame, stmt, wide);
    },
  });
  const locals = func.locals.map((local) => names.take(local.name));
  return { module, func, frame, emit, names, locals, readLocals, wide, hasSeq, region: "b", once: false };
}

/** The load in a check that belongs to an update has that update's word: it is as wide as that one. */
function noteAbsorbedLoad(module: ModuleScope, frame: Frame, check: Extract<Stmt, { kind: "require" }>, wide: Set<TypedId>): void {
  const update = module.footprints.absorbed.get(check.id);
  if (update === undefined || !frame.wide.has(update)) return;
  visitExpr(check.cond, {
    expr: (expr) => {
      if (expr.kind === "load" && frame.words.get(expr.id) === frame.words.get(update)) wide.add(expr.id);
    },
  });
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

/** A local that keeps its value. */
export function isFixed(scope: ExecScope, local: LocalId): boolean {
  return local >= scope.func.locals.length || !scope.func.locals[local].mutable;
}

/** Evaluating it earlier or later, once or twice, is the same. */
export function isStable(scope: ExecScope, expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
    case "context":
      return true;
    case "local":
      return isFixed(scope, expr.local);
    case "member":
      return isStable(scope, expr.object);
    default:
      return false;
  }
}

/**
 * Whether leaving the expression out would be noticed: it may revert, or it has an effect. Reading a cell is no effect: keys and other
 * values that only the plan needs are not computed again.
 */
export function matters({ module }: ExecScope, expr: Expr): boolean {
  let found = false;
  visitExpr(expr, {
    expr: (part) => {
      found ||= mattersItself(part) || (module.probes !== undefined && isProbed(part));
    },
  });
  return found;
}

/** Whether a probe is told something when the expression is computed. */
function isProbed(expr: Expr): boolean {
  return expr.kind === "ifExpr" || expr.kind === "seq" || (expr.kind === "binary" && (expr.op === "&&" || expr.op === "||"));
}

const FAILING: ReadonlySet<BuiltinName> = new Set<BuiltinName>(["abs", "mulDiv", "mulDivUp"]);

function mattersItself(expr: Expr): boolean {
  switch (expr.kind) {
    case "next":
    case "element":
    case "call":
    case "pay":
    case "with":
    case "push":
    case "pop":
    case "setChange":
    case "past":
    case "decode":
    case "external":
    case "rawCall":
    case "create":
      return true;
    case "seq":
      return expr.body.some((stmt) => stmt.kind !== "let" && stmt.kind !== "letTuple");
    case "unary":
      return expr.op === "-";
    case "binary":
      return ["+", "-", "*", "/", "%", "<<", ">>"].includes(expr.op);
    case "convert":
      return mayFail(expr.operand.type, expr.type);
    case "builtin":
      return FAILING.has(expr.name);
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
export function noticedKeys(scope: ExecScope, place: Pick<StatePlace, "keys">): readonly Expr[] {
  return place.keys.filter((key) => matters(scope, key));
}

export function isScalar(type: Type): boolean {
  return ["bool", "number", "big", "bytes"].includes(representationOf(type));
}
