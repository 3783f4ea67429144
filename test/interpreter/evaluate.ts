/**
 * The meaning of function bodies: a walk over the typed tree, from left to right, one node at a time. Serial, unoptimised, and
 * the definition of what generated code must do. It knows neither plans nor footprints.
 */
import { unreachable } from "../../compiler/core/bug.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { ErrorCall, Expr, Field, Func, FuncId, LocalId, StatePlace, Stmt } from "../../compiler/typed/tree.ts";
import { decodeResult, encodeAll, encodeLog, keccakHex } from "./abi.ts";
import { concatAll } from "./concat.ts";
import { along, clear, has, load, nextTicket, past, pay, peek, put, selfBalance, setChange, store } from "./machine.ts";
import type { Touch, Place, Run } from "./machine.ts";
import { binary, builtin, convert, unary, updated } from "./operators.ts";
import { PANIC_INDEX, PANIC_OVERFLOW, empty, failure, panic } from "./revert.ts";
import type { Reverted } from "./revert.ts";
import { elementAt, popped, pushed, withPart } from "./parts.ts";
import { asBool, asHex, asInt, asItems, asKey, fromConstant, lengthOf, makeVariant, membersOf, sameValue, variantParts } from "./values.ts";
import type { Leaf, Val } from "./values.ts";

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
  run.transaction.step(stmt);
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
      run.transaction.logs.push({ address: run.self, ...log });
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
  const result = updated(stmt.op, stmt.place.type, peek(run, place, touchOf(stmt)), by);
  if (result === undefined) throw stmt.orElse === undefined ? panic(PANIC_OVERFLOW) : thrown(run, locals, stmt.orElse);
  put(run, place, result);
}

function touchOf({ op, orElse }: Extract<Stmt, { kind: "update" }>): Touch {
  if (op === "+" || op === "-") return "add";
  return (op === "|" || op === "&" || op === "min" || op === "max") && orElse === undefined ? op : "write";
}

/** Without an error of its own: empty data. */
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
    const returned = along(run.transaction.trail, `#${round}`, () => execute(run, locals, body));
    if (returned !== undefined) return returned;
  }
  return undefined;
}

// --- expressions -----------------------------------------------------------------------------------------------------

function evaluateAll(run: Run, locals: Locals, exprs: readonly Expr[]): Val[] {
  return exprs.map((expr) => evaluate(run, locals, expr));
}

function evaluate(run: Run, locals: Locals, expr: Expr): Val {
  run.transaction.step(expr);
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
      return immutableOf(run, expr.field);
    case "selfBalance":
      return selfBalance(run);
    case "next":
      return nextTicket(run, expr.field, expr.id);
    case "member":
      return asItems(evaluate(run, locals, expr.object))[expr.index];
    case "element": {
      const list = evaluate(run, locals, expr.list);
      return elementAt(list, evaluate(run, locals, expr.index));
    }
    case "length":
      return lengthOf(evaluate(run, locals, expr.of));
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
    case "builtin": {
      const args = evaluateAll(run, locals, expr.args);
      return expr.name === "hasCode" ? run.transaction.outside.hasCode(asHex(args[0])) : builtin(expr.name, expr.type, args);
    }
    case "call": {
      const args = evaluateAll(run, locals, expr.args);
      return along(run.transaction.trail, String(expr.id), () => callFunction(run, expr.func, args));
    }
    case "pay": {
      const to = asHex(evaluate(run, locals, expr.to));
      pay(run, to, asInt(evaluate(run, locals, expr.amount)));
      return [];
    }
    case "variant":
      return makeVariant(expr.variant, evaluateAll(run, locals, expr.args));
    case "isVariant":
      return variantParts(evaluate(run, locals, expr.of)).variant === expr.variant;
    case "payload": {
      const { variant, carried } = variantParts(evaluate(run, locals, expr.of));
      if (variant !== expr.variant) throw new Error(`interpreter: payload of variant ${expr.variant}, but it is ${variant}`);
      return carried[expr.index];
    }
    case "seq":
      if (execute(run, locals, expr.body) !== undefined) throw new Error("interpreter: a return within an expression");
      return evaluate(run, locals, expr.value);
    case "with": {
      const base = evaluate(run, locals, expr.base);
      const steps = expr.path.map((step) => (step.kind === "member" ? step.index : asInt(evaluate(run, locals, step.index))));
      return withPart(base, steps, evaluate(run, locals, expr.value));
    }
    case "push": {
      const list = evaluate(run, locals, expr.list);
      return pushed(expr.type, list, evaluate(run, locals, expr.item));
    }
    case "pop":
      return popped(evaluate(run, locals, expr.list));
    case "has":
      return has(run, placeOf(run, locals, expr.place));
    case "setChange": {
      const entry = placeOf(run, locals, expr.entry);
      const { length } = expr;
      const counter = { ...entry, name: `${entry.name}.len`, keys: entry.keys.slice(0, length.keys.length), type: length.type };
      return setChange(run, expr.op, entry, counter);
    }
    case "past": {
      const place = placeOf(run, locals, expr.place);
      return past(run, place, asInt(evaluate(run, locals, expr.height)));
    }
    case "encode":
      return `0x${encodeAll(typesOf(expr.args), evaluateAll(run, locals, expr.args))}`;
    case "decode": {
      const value = decodeResult(expr.type, asHex(evaluate(run, locals, expr.data)));
      if (value === undefined) throw empty();
      return value;
    }
    case "concat":
      return concatAll(typesOf(expr.args), evaluateAll(run, locals, expr.args));
    case "external": {
      const target = asHex(evaluate(run, locals, expr.target));
      const args = evaluateAll(run, locals, expr.args);
      return along(run.transaction.trail, String(expr.id), () => run.transaction.outside.call(run, target, expr.method, args));
    }
    case "rawCall": {
      const target = asHex(evaluate(run, locals, expr.target));
      const value = asInt(evaluate(run, locals, expr.value));
      const data = asHex(evaluate(run, locals, expr.data));
      const given = along(run.transaction.trail, String(expr.id), () => run.transaction.outside.rawCall(run, target, value, data));
      if (expr.type.kind !== "bytes" || lengthOf(given) > BigInt(expr.type.max)) throw empty();
      return given;
    }
    case "create": {
      const args = evaluateAll(run, locals, expr.args);
      return along(run.transaction.trail, String(expr.id), () => run.transaction.outside.create(run, expr.contract, args));
    }
    default:
      return unreachable(expr, "interpreter expression");
  }
}

function typesOf(exprs: readonly Expr[]): Type[] {
  return exprs.map((expr) => expr.type);
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
      return run.transaction.height;
    case "block.time":
      return run.transaction.time;
    case "chain.id":
      return run.transaction.chainId;
  }
}

export function immutableOf(run: Run, field: Field): Val {
  return load(run, { name: field.name, kind: field.kind, keys: [], path: [], type: field.type });
}

function placeOf(run: Run, locals: Locals, { field, keys, path, type }: StatePlace): Place {
  let entry: Type = field.type;
  let maps = 0;
  while (entry.kind === "map") {
    maps += leavesIn(entry.key);
    entry = entry.value;
  }
  const place = { name: field.name, kind: field.kind, keys: keys.map((key) => keyOf(key.type, evaluate(run, locals, key))), path: [] };
  // Of a set a place is an entry when it names the member too, else the length.
  if (entry.kind === "set") return { ...place, name: keys.length > maps ? field.name : `${field.name}.len`, type };
  if (entry.kind === "history") return { ...place, type: entry };
  const names: string[] = [];
  for (const index of path) {
    const members: ReturnType<typeof membersOf> = membersOf(entry);
    const member = members?.[index];
    if (member === undefined) throw new Error(`interpreter: ${field.name} has no member ${index}`);
    names.push(member.name);
    entry = member.type;
  }
  return { ...place, path: names, type: entry };
}

/** Keys that a key type is spelled out as: one for each leaf of a tuple. */
function leavesIn(type: Type): number {
  return membersOf(type)?.reduce((sum, member) => sum + leavesIn(member.type), 0) ?? 1;
}

/** Strings and bytes are known by their hash. */
function keyOf(type: Type, value: Val): Leaf {
  return type.kind === "string" || type.kind === "bytes" ? keccakHex(asHex(value)) : asKey(value);
}
