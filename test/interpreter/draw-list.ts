/**
 * What a function draws for certain, as another contract must know it (rule T2): every `next()` that stands under no condition, in order of
 * evaluation, those of functions it calls included. Checks don't count. Undefined when how many it draws depends on something.
 */
import { unreachable } from "../../compiler/core/bug.ts";
import type { Expr, Field, FuncId, Program, Stmt } from "../../compiler/typed/tree.ts";
import { assignedIn } from "./assigned.ts";
import { functionOf } from "./evaluate.ts";
import { along, placeInRun } from "./machine.ts";

export interface Draw {
  readonly field: Field;
  /** See `placeInRun`; counted from the function. */
  readonly place: string;
}

export function certainDraws(program: Program, id: FuncId): readonly Draw[] | undefined {
  const draws: Draw[] = [];
  const trail: string[] = [];
  let varies = false;
  run(functionOf({ program }, id).body, false);
  return varies ? undefined : draws;

  /** Gives whether what follows may not be reached although nothing failed. */
  function run(body: readonly Stmt[], maybe: boolean): boolean {
    return body.reduce((unsure, stmt) => one(stmt, unsure), maybe);
  }

  function one(stmt: Stmt, maybe: boolean): boolean {
    const inside = (...bodies: readonly (readonly Stmt[])[]): boolean => {
      bodies.forEach((body) => run(body, true));
      return maybe || bodies.some((body) => assignedIn(body).returns);
    };
    switch (stmt.kind) {
      case "let":
      case "letTuple":
      case "set":
        return seen(maybe, stmt.value);
      case "store":
      case "update":
        return seen(maybe, ...stmt.place.keys, stmt.value);
      case "delete":
        return seen(maybe, ...stmt.place.keys);
      case "if":
        seen(maybe, stmt.cond);
        return inside(stmt.then, stmt.otherwise);
      case "forList":
        seen(maybe, stmt.list);
        return inside(stmt.body);
      case "forRange":
        seen(maybe, stmt.from, stmt.to);
        return inside(stmt.body);
      case "require":
        return seen(maybe, stmt.cond);
      case "revert":
        return maybe;
      case "emit":
        return seen(maybe, ...stmt.args);
      case "return":
        return stmt.value === undefined ? maybe : seen(maybe, stmt.value);
      case "expr":
        return seen(maybe, stmt.expr);
      default:
        return unreachable(stmt, "certain draws");
    }
  }

  function seen(maybe: boolean, ...exprs: readonly Expr[]): boolean {
    exprs.forEach((expr) => look(maybe, expr));
    return maybe;
  }

  function look(maybe: boolean, expr: Expr): void {
    switch (expr.kind) {
      case "next":
        if (maybe) varies = true;
        else draws.push({ field: expr.field, place: placeInRun(trail, expr.id) });
        return;
      case "ifExpr":
        look(maybe, expr.cond);
        seen(true, expr.then, expr.otherwise);
        return;
      case "binary":
        look(maybe, expr.left);
        look(maybe || expr.op === "&&" || expr.op === "||", expr.right);
        return;
      case "seq":
        look(run(expr.body, maybe), expr.value);
        return;
      case "call":
        seen(maybe, ...expr.args);
        along(trail, String(expr.id), () => run(functionOf({ program }, expr.func).body, maybe));
        return;
      default:
        seen(maybe, ...operandsOf(expr));
    }
  }
}

/** In order of evaluation. */
function operandsOf(expr: Exclude<Expr, { kind: "next" | "ifExpr" | "binary" | "seq" | "call" }>): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "immutable":
    case "selfBalance":
      return [];
    case "load":
    case "has":
      return expr.place.keys;
    case "setChange":
      return expr.entry.keys;
    case "past":
      return [...expr.place.keys, expr.height];
    case "member":
      return [expr.object];
    case "element":
      return [expr.list, expr.index];
    case "length":
    case "isVariant":
    case "payload":
      return [expr.of];
    case "contains":
    case "push":
      return [expr.list, expr.item];
    case "pop":
      return [expr.list];
    case "with":
      return [expr.base, ...expr.path.flatMap((step) => (step.kind === "element" ? [step.index] : [])), expr.value];
    case "unary":
    case "convert":
      return [expr.operand];
    case "tuple":
    case "list":
      return expr.elements;
    case "struct":
      return expr.order.map((index) => expr.values[index]);
    case "builtin":
    case "variant":
    case "encode":
    case "concat":
    case "create":
      return expr.args;
    case "decode":
      return [expr.data];
    case "external":
      return [expr.target, ...expr.args];
    case "rawCall":
      return [expr.target, expr.value, expr.data];
    case "pay":
      return [expr.to, expr.amount];
    default:
      return unreachable(expr, "operands");
  }
}
