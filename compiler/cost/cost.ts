/**
 * The static cost bound of every function: a formula over the lengths of its list parameters (rule N2). Of branches the dearer one counts,
 * loops over list parameters stay symbolic, also through calls; ranges count their `max`, other lists their type's maximum. What a callee in another
 * contract costs isn't in it: that is added when the call is reached.
 * Uses the table of `steps.ts`, as does the reference interpreter, which checks that what it really did stays below.
 */
import { Bug, unreachable } from "../core/bug.ts";
import type { ErrorCall, Expr, Func, FuncId, LocalId, Program, Stmt } from "../typed/tree.ts";
import { calleesFirst } from "../typed/order.ts";
import { blocksOf, childrenOf, operandsOf } from "../typed/walk.ts";
import { add, larger, NOTHING, steps, substitute, times } from "./polynomial.ts";
import type { Caps, CostBound, Length } from "./polynomial.ts";
import { DECODE_WORD, ENTRY, RECEIVE, ROUND, stepCost, wordsOf } from "./steps.ts";

export { evaluateCost, MAX_COST } from "./polynomial.ts";
export type { CostBound } from "./polynomial.ts";

/** For functions that are called from outside the bound includes `entryCost`. */
export function boundCosts(program: Program): ReadonlyMap<FuncId, CostBound> {
  const bodies = new Map<FuncId, CostBound>();
  for (const id of calleesFirst(program, program.functions.keys())) {
    const func = functionOf(program, id);
    bodies.set(id, bodyCost(program, func, bodies));
  }
  const bounds = new Map<FuncId, CostBound>();
  for (const [id, func] of program.functions) {
    bounds.set(id, add(entryCost(func), bodies.get(id) ?? NOTHING));
  }
  return bounds;
}

/** What a call from outside costs before its body: dispatch, decoding of arguments, attached coin. Nothing for other functions. */
export function entryCost(func: Func): CostBound {
  if (func.role !== "external" && func.role !== "getter" && func.role !== "init") return NOTHING;
  let cost = steps(ENTRY + (func.mutability === "payable" ? RECEIVE : 0));
  for (const param of func.params) {
    const { type } = param;
    if (type.kind === "list") {
      const elements = times(steps(wordsOf(type.element) * DECODE_WORD), { kind: "param", index: param.id }, capsOf(func));
      cost = add(cost, add(steps(DECODE_WORD), elements));
    } else {
      cost = add(cost, steps(wordsOf(type) * DECODE_WORD));
    }
  }
  return cost;
}

/** `12 + 9·to.len` */
export function showCost(bound: CostBound, func: Func): string {
  const products = bound.terms.map(({ coefficient, lengths }) => {
    const names = lengths.map((index) => `${func.params[index].name}.len`);
    return [...(coefficient === 1n ? [] : [String(coefficient)]), ...names].join("·");
  });
  return bound.constant === 0n && products.length > 0 ? products.join(" + ") : [String(bound.constant), ...products].join(" + ");
}

function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`unknown function ${id}`);
  return func;
}

function capsOf(func: Func): Caps {
  return (index) => {
    const { type } = func.params[index];
    return type.kind === "list" ? type.max : 0;
  };
}

// --- bodies ----------------------------------------------------------------------------------------------------------

interface Scope {
  readonly program: Program;
  readonly caps: Caps;
  readonly bodies: ReadonlyMap<FuncId, CostBound>;
  /** List parameters and locals that are another name for one. */
  readonly lists: ReadonlyMap<LocalId, number>;
}

function bodyCost(program: Program, func: Func, bodies: ReadonlyMap<FuncId, CostBound>): CostBound {
  const lists = new Map<LocalId, number>();
  for (const param of func.params) if (param.type.kind === "list" && !param.mutable) lists.set(param.id, param.id);
  noteAliases(func, func.body, lists);
  return blockCost({ program, caps: capsOf(func), bodies, lists }, func.body, NOTHING);
}

function noteAliases(func: Func, body: readonly Stmt[], lists: Map<LocalId, number>): void {
  for (const stmt of body) {
    if (stmt.kind === "let" && stmt.value.kind === "local" && !func.locals[stmt.local].mutable) {
      const param = lists.get(stmt.value.local);
      if (param !== undefined) lists.set(stmt.local, param);
    }
    for (const block of blocksOf(stmt)) noteAliases(func, block, lists);
  }
}

/** The dearest way through the block and then on, where `rest` is what follows it. */
function blockCost(scope: Scope, body: readonly Stmt[], rest: CostBound): CostBound {
  let cost = rest;
  for (const stmt of body.toReversed()) cost = stmtCost(scope, stmt, cost);
  return cost;
}

function stmtCost(scope: Scope, stmt: Stmt, rest: CostBound): CostBound {
  let own = steps(stepCost(stmt));
  for (const expr of operandsOf(stmt)) own = add(own, exprCost(scope, expr));
  switch (stmt.kind) {
    case "let":
    case "letTuple":
    case "set":
    case "store":
    case "delete":
    case "emit":
    case "expr":
      return add(own, rest);
    case "if":
      return add(own, larger(blockCost(scope, stmt.then, rest), blockCost(scope, stmt.otherwise, rest)));
    case "forList":
    case "forRange": {
      const rounds: Length = stmt.kind === "forList" ? lengthOf(scope, stmt.list) : { kind: "cap", rounds: stmt.max };
      const round = add(steps(ROUND), blockCost(scope, stmt.body, NOTHING));
      return add(own, add(times(round, rounds, scope.caps), rest));
    }
    case "require":
    case "update":
      return add(own, larger(errorArgs(scope, stmt.orElse), rest));
    case "revert":
      return add(own, errorArgs(scope, stmt.error));
    case "return":
      return own;
    default:
      return unreachable(stmt, "stmtCost");
  }
}

function errorArgs(scope: Scope, error: ErrorCall | undefined): CostBound {
  return error === undefined ? NOTHING : sumOf(scope, error.args);
}

function exprCost(scope: Scope, expr: Expr): CostBound {
  const own = steps(stepCost(expr));
  if (expr.kind === "ifExpr") {
    const chosen = larger(exprCost(scope, expr.then), exprCost(scope, expr.otherwise));
    return add(add(own, exprCost(scope, expr.cond)), chosen);
  }
  const cost = add(own, sumOf(scope, childrenOf(expr)));
  if (expr.kind === "seq") return add(cost, blockCost(scope, expr.body, NOTHING));
  if (expr.kind !== "call") return cost;
  const body = scope.bodies.get(expr.func);
  if (body === undefined) throw new Bug("a callee has no bound yet");
  return add(
    cost,
    substitute(body, (param) => lengthOf(scope, expr.args[param]), scope.caps),
  );
}

function sumOf(scope: Scope, exprs: readonly Expr[]): CostBound {
  let cost = NOTHING;
  for (const expr of exprs) cost = add(cost, exprCost(scope, expr));
  return cost;
}

function lengthOf(scope: Scope, list: Expr): Length {
  if (list.kind === "local") {
    const index = scope.lists.get(list.local);
    if (index !== undefined) return { kind: "param", index };
  }
  if (list.kind === "list") return { kind: "cap", rounds: list.elements.length };
  return { kind: "cap", rounds: list.type.kind === "list" ? list.type.max : 0 };
}
