/**
 * The meaning of function bodies: a walk over the typed tree, from left to right, one node at a time. Serial, unoptimised, and
 * the definition of what generated code must do. It knows neither plans nor footprints.
 */
import { unreachable } from "../../compiler/core/bug.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { ErrorCall, Expr, Func, FuncId, LocalId, StatePlace, Stmt } from "../../compiler/typed/tree.ts";
import { encodeLog } from "./abi.ts";
import { along, clear, load, nextTicket, pay, peek, put, selfBalance, store } from "./machine.ts";
import type { Place, Run } from "./machine.ts";
import { binary, builtin, convert, unary, updated } from "./operators.ts";
import { PANIC_INDEX, PANIC_OVERFLOW, empty, failure, panic } from "./revert.ts";
import type { Reverted } from "./revert.ts";
import { asBool, asHex, asInt, asItems, asLeaf, fromConstant, membersOf, sameValue } from "./values.ts";
import type { Val } from "./values.ts";

type Locals = (Val | undefined)[];

/** Result of a call with these arguments; undefined results are those of functions without one. */
export function callFunction(run: Run, id: FuncId, args: readonly Val[]): Val {
  const func = functionOf(run, id);
  const locals: Locals = Array<Val | undefined>(func.locals.length).fill(undefined);
  args.forEach((arg, i) => {
    locals[i] = arg;
  });
  return execute(run, locals, func.body)?.value ?? [];
}

export function functionOf(run: Pick<Run, "program">, id: FuncId): Func {
  const func = run.program.functions.get(id);
  if (func === undefined) throw new Error(`interpreter: no function ${id}`);
  return func;
}

// --- statements ------------------------------------------------------------------------------------------------------

interface Returned {
  readonly value: Val;
}

/** What a body returned, or undefined when it ran to its end. */
function execute(run: Run, locals: Locals, body: readonly Stmt[]): Returned | undefined {
  for (const stmt of body) {
    const returned = executeOne(run, locals, stmt);
    if (returned !== undefined) return returned;
  }
  return undefined;
}

function executeOne(run: Run, locals: Locals, stmt: Stmt): Returned | undefined {
  run.step(stmt);
  switch (stmt.kind) {
    case "let":
    case "set":
      locals[stmt.local] = evaluate(run, locals, stmt.value);
      return undefined;
    case "letTuple": {
      const items = asItems(evaluate(run, locals, stmt.value));
      stmt.locals.forEach((local, i) => {
        if (local !== undefined) locals[local] = items[i];
      });
      return undefined;
    }
    case "store": {
      const place = placeOf(run, locals, stmt.place);
      store(run, place, evaluate(run, locals, stmt.value));
      return undefined;
    }
    case "update":
      update(run, locals, stmt);
      return undefined;
    case "delete":
      clear(run, placeOf(run, locals, stmt.place));
      return undefined;
    case "if":
      return execute(run, locals, asBool(evaluate(run, locals, stmt.cond)) ? stmt.then : stmt.otherwise);
    case "forList":
      return repeat(run, locals, stmt.local, asItems(evaluate(run, locals, stmt.list)), stmt.body);
    case "forRange":
      return repeat(run, locals, stmt.local, rangeOf(run, locals, stmt), stmt.body);
    case "require":
      if (!asBool(evaluate(run, locals, stmt.cond))) throw thrown(run, locals, stmt.orElse);
      return undefined;
    case "revert":
      throw thrown(run, locals, stmt.error);
    case "emit": {
      const log = encodeLog(stmt.event, evaluateAll(run, locals, stmt.args));
      run.logs.push({ address: run.self, ...log });
      return undefined;
    }
    case "return":
      return { value: stmt.value === undefined ? [] : evaluate(run, locals, stmt.value) };
    case "expr":
      evaluate(run, locals, stmt.expr);
      return undefined;
    default:
      return unreachable(stmt, "interpreter statement");
  }
}

function update(run: Run, locals: Locals, stmt: Extract<Stmt, { kind: "update" }>): void {
  const place = placeOf(run, locals, stmt.place);
  const by = evaluate(run, locals, stmt.value);
  const result = updated(stmt.op, place.type, peek(run, place), by);
  if (result === undefined) throw stmt.orElse === undefined ? panic(PANIC_OVERFLOW) : thrown(run, locals, stmt.orElse);
  put(run, place, asLeaf(result));
}

function thrown(run: Run, locals: Locals, error: ErrorCall | undefined): Reverted {
  return error === undefined ? empty() : failure(error.error, evaluateAll(run, locals, error.args));
}

function rangeOf(run: Run, locals: Locals, stmt: Extract<Stmt, { kind: "forRange" }>): readonly Val[] {
  const from = asInt(evaluate(run, locals, stmt.from));
  const to = asInt(evaluate(run, locals, stmt.to));
  if (to - from > BigInt(stmt.max)) throw panic(PANIC_INDEX);
  const values: bigint[] = [];
  for (let value = from; value < to; value++) values.push(value);
  return values;
}

function repeat(run: Run, locals: Locals, local: LocalId, items: readonly Val[], body: readonly Stmt[]): Returned | undefined {
  for (const [round, item] of items.entries()) {
    locals[local] = item;
    const returned = along(run.trail, `#${round}`, () => execute(run, locals, body));
    if (returned !== undefined) return returned;
  }
  return undefined;
}

// --- expressions -----------------------------------------------------------------------------------------------------

function evaluateAll(run: Run, locals: Locals, exprs: readonly Expr[]): Val[] {
  return exprs.map((expr) => evaluate(run, locals, expr));
}

function evaluate(run: Run, locals: Locals, expr: Expr): Val {
  run.step(expr);
  switch (expr.kind) {
    case "literal":
      return fromConstant(expr.value);
    case "local": {
      const value = locals[expr.local];
      if (value === undefined) throw new Error(`interpreter: local ${expr.local} has no value yet`);
      return value;
    }
    case "context":
      return contextWord(run, expr.name);
    case "load":
      return load(run, placeOf(run, locals, expr.place));
    case "immutable":
      return load(run, { field: expr.field, keys: [], path: [], type: expr.field.type });
    case "selfBalance":
      return selfBalance(run);
    case "next":
      return nextTicket(run, expr.field, expr.id);
    case "member":
      return asItems(evaluate(run, locals, expr.object))[expr.index];
    case "element": {
      const items = asItems(evaluate(run, locals, expr.list));
      const index = asInt(evaluate(run, locals, expr.index));
      if (index < 0n || index >= BigInt(items.length)) throw panic(PANIC_INDEX);
      return items[Number(index)];
    }
    case "length": {
      const value = evaluate(run, locals, expr.of);
      return BigInt(typeof value === "string" ? (value.length - 2) / 2 : asItems(value).length);
    }
    case "contains": {
      const items = asItems(evaluate(run, locals, expr.list));
      const wanted = evaluate(run, locals, expr.item);
      return items.some((item) => sameValue(item, wanted));
    }
    case "unary":
      return unary(expr.op, expr.type, evaluate(run, locals, expr.operand));
    case "binary":
      return binaryOf(run, locals, expr);
    case "convert":
      return convert(expr.operand.type, expr.type, evaluate(run, locals, expr.operand));
    case "tuple":
    case "list":
      return evaluateAll(run, locals, expr.elements);
    case "struct": {
      const values: Val[] = [];
      for (const index of expr.order) values[index] = evaluate(run, locals, expr.values[index]);
      return values;
    }
    case "ifExpr":
      return evaluate(run, locals, asBool(evaluate(run, locals, expr.cond)) ? expr.then : expr.otherwise);
    case "builtin":
      return builtin(expr.name, expr.type, evaluateAll(run, locals, expr.args));
    case "call": {
      const args = evaluateAll(run, locals, expr.args);
      return along(run.trail, String(expr.id), () => callFunction(run, expr.func, args));
    }
    case "pay": {
      const to = asHex(evaluate(run, locals, expr.to));
      pay(run, to, asInt(evaluate(run, locals, expr.amount)));
      return [];
    }
    default:
      return unreachable(expr, "interpreter expression");
  }
}

function binaryOf(run: Run, locals: Locals, expr: Extract<Expr, { kind: "binary" }>): Val {
  const left = evaluate(run, locals, expr.left);
  if (expr.op === "&&" && !asBool(left)) return false;
  if (expr.op === "||" && asBool(left)) return true;
  return binary(expr.op, expr.type, left, evaluate(run, locals, expr.right));
}

export function contextWord(run: Run, name: Extract<Expr, { kind: "context" }>["name"]): Val {
  switch (name) {
    case "caller":
      return run.caller;
    case "value":
      return run.value;
    case "self.address":
      return run.self;
    case "block.height":
      return run.height;
    case "block.time":
      return run.time;
    case "chain.id":
      return run.chainId;
  }
}

function placeOf(run: Run, locals: Locals, place: StatePlace): Place {
  const keys = evaluateAll(run, locals, place.keys).map(asLeaf);
  let type: Type = place.field.type;
  while (type.kind === "map") type = type.value;
  const path: string[] = [];
  for (const index of place.path) {
    const members: ReturnType<typeof membersOf> = membersOf(type);
    const member = members?.[index];
    if (member === undefined) throw new Error(`interpreter: ${place.field.name} has no member ${index}`);
    path.push(member.name);
    type = member.type;
  }
  return { field: place.field, keys, path, type };
}
