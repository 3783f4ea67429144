/** Calls of functions that stand outside contracts, evaluated on values: they depend on their arguments alone. */
import { unreachable } from "../../compiler/core/bug.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { Expr, Func, FuncId, LocalId, Site, Stmt, TypedId, Value } from "../../compiler/typed/tree.ts";
import { cannotEvaluate } from "./failure.ts";
import type { Reached } from "./coverage.ts";
import { concatValues, decodeValue, encodeValues } from "./bytes.ts";
import { applyBinary, applyBuiltin, applyUnary, convertValue } from "./operators.ts";
import { contains, elementAt, lengthOf, memberAt, popped, pushed, withPart } from "./parts.ts";
import { asInteger, equalValues, membersOf } from "./values.ts";
import type { TestValue } from "./values.ts";

/** Every function ends, but nested loops may take long: a test isn't the place for it. */
const MAX_STEPS = 5_000_000;

type Locals = Map<LocalId, TestValue>;
type Loop = Extract<Stmt, { kind: "forList" | "forRange" }>;
type Flow = { readonly kind: "next" } | { readonly kind: "return"; readonly value: TestValue };

const NEXT: Flow = { kind: "next" };

/** `reached` is told what of the functions runs. */
export function callFunction(
  functions: ReadonlyMap<FuncId, Func>,
  id: FuncId,
  args: readonly TestValue[],
  site: Site,
  reached: Reached | undefined,
): TestValue {
  let steps = 0;
  return call(id, args, site);

  function call(callee: FuncId, values: readonly TestValue[], from: Site): TestValue {
    const func = functions.get(callee);
    if (func === undefined) throw cannotEvaluate(from, "the function has no body");
    reached?.enter(callee);
    const locals: Locals = new Map(func.params.map((param, index) => [param.id, values[index]]));
    const flow = block(func.body, locals);
    return flow.kind === "return" ? flow.value : [];
  }

  function block(body: readonly Stmt[], locals: Locals): Flow {
    for (const stmt of body) {
      const flow = statement(stmt, locals);
      if (flow.kind === "return") return flow;
    }
    return NEXT;
  }

  function statement(stmt: Stmt, locals: Locals): Flow {
    if (++steps > MAX_STEPS) throw cannotEvaluate(site, `it takes more than ${MAX_STEPS} steps`);
    reached?.step(stmt.id);
    switch (stmt.kind) {
      case "let":
      case "set":
        locals.set(stmt.local, evaluate(stmt.value, locals));
        return NEXT;
      case "letTuple": {
        const value = evaluate(stmt.value, locals);
        stmt.locals.forEach((local, index) => local !== undefined && locals.set(local, memberAt(value, index)));
        return NEXT;
      }
      case "if":
        return block(holds(stmt.id, stmt.cond, locals) ? stmt.then : stmt.otherwise, locals);
      case "forList": {
        return loop(stmt, membersOf(evaluate(stmt.list, locals)), locals);
      }
      case "forRange": {
        const from = asInteger(evaluate(stmt.from, locals));
        const items = rangeOf(from, asInteger(evaluate(stmt.to, locals)), stmt.max);
        if (items === undefined) throw cannotEvaluate(site, "a loop goes beyond its cap");
        return loop(stmt, items, locals);
      }
      case "require":
        if (!holds(stmt.id, stmt.cond, locals)) throw cannotEvaluate(site, `it reverts${named(stmt.orElse?.error.name)}`);
        return NEXT;
      case "revert":
        throw cannotEvaluate(site, `it reverts${named(stmt.error?.error.name)}`);
      case "return":
        return { kind: "return", value: stmt.value === undefined ? [] : evaluate(stmt.value, locals) };
      case "expr":
        evaluate(stmt.expr, locals);
        return NEXT;
      case "store":
      case "update":
      case "delete":
      case "emit":
        throw cannotEvaluate(site, "it touches a contract");
      default:
        return unreachable(stmt, "statement");
    }
  }

  function loop({ id: loopId, local, body }: Loop, items: readonly TestValue[], locals: Locals): Flow {
    reached?.choice(loopId, items.length > 0);
    for (const item of items) {
      locals.set(local, item);
      const flow = block(body, locals);
      if (flow.kind === "return") return flow;
    }
    return NEXT;
  }

  function holds(node: TypedId, cond: Expr, locals: Locals): boolean {
    const held = evaluate(cond, locals) === true;
    reached?.choice(node, held);
    return held;
  }

  function evaluateAll(exprs: readonly Expr[], locals: Locals): readonly TestValue[] {
    return exprs.map((expr) => evaluate(expr, locals));
  }

  function evaluate(expr: Expr, locals: Locals): TestValue {
    if (++steps > MAX_STEPS) throw cannotEvaluate(site, `it takes more than ${MAX_STEPS} steps`);
    switch (expr.kind) {
      case "literal":
        return literalValue(expr.value);
      case "local":
        return locals.get(expr.local) ?? [];
      case "member":
        return memberAt(evaluate(expr.object, locals), expr.index);
      case "element":
        return elementAt(evaluate(expr.list, locals), evaluate(expr.index, locals), site);
      case "length":
        return lengthOf(evaluate(expr.of, locals), expr.of.type);
      case "contains": {
        const list = evaluate(expr.list, locals);
        return contains(list, evaluate(expr.item, locals));
      }
      case "unary":
        return applyUnary(expr.op, expr.type, evaluate(expr.operand, locals), site);
      case "binary": {
        if (expr.op === "&&") return holds(expr.id, expr.left, locals) && evaluate(expr.right, locals);
        if (expr.op === "||") return holds(expr.id, expr.left, locals) || evaluate(expr.right, locals);
        return applyBinary(expr.op, expr.left.type, evaluate(expr.left, locals), evaluate(expr.right, locals), site);
      }
      case "convert":
        return convertValue(evaluate(expr.operand, locals), expr.operand.type, expr.type, site);
      case "tuple":
      case "list":
        return evaluateAll(expr.elements, locals);
      case "struct": {
        const values: TestValue[] = [];
        for (const index of expr.order) values[index] = evaluate(expr.values[index], locals);
        return values;
      }
      case "ifExpr":
        return evaluate(holds(expr.id, expr.cond, locals) ? expr.then : expr.otherwise, locals);
      case "builtin":
        return applyBuiltin(expr.name, { types: typesOf(expr.args), result: expr.type }, evaluateAll(expr.args, locals), site);
      case "call":
        return call(expr.func, evaluateAll(expr.args, locals), site);
      case "variant":
        return [BigInt(expr.variant), ...evaluateAll(expr.args, locals)];
      case "isVariant":
        return equalValues(memberAt(evaluate(expr.of, locals), 0), BigInt(expr.variant));
      case "payload":
        return memberAt(evaluate(expr.of, locals), expr.index + 1);
      case "seq":
        block(expr.body, locals);
        return evaluate(expr.value, locals);
      case "with": {
        const base = evaluate(expr.base, locals);
        const steps = expr.path.map((step) => (step.kind === "member" ? step.index : asInteger(evaluate(step.index, locals))));
        return withPart(base, steps, evaluate(expr.value, locals), site);
      }
      case "push": {
        const list = evaluate(expr.list, locals);
        return pushed(list, evaluate(expr.item, locals), expr.type, site);
      }
      case "pop":
        return popped(evaluate(expr.list, locals), site);
      case "encode":
        return encodeValues(typesOf(expr.args), evaluateAll(expr.args, locals));
      case "decode":
        return decodeValue(expr.type, evaluate(expr.data, locals), site);
      case "concat":
        return concatValues(typesOf(expr.args), evaluateAll(expr.args, locals), expr.type);
      case "context":
      case "load":
      case "immutable":
      case "selfBalance":
      case "next":
      case "pay":
      case "has":
      case "setChange":
      case "past":
      case "external":
      case "rawCall":
      case "create":
        throw cannotEvaluate(site, "it needs a contract");
      default:
        return unreachable(expr, "evaluate");
    }
  }
}

/** The numbers that a loop over a range runs through; undefined when they are more than its cap. */
export function rangeOf(from: bigint, to: bigint, max: number): readonly bigint[] | undefined {
  if (to - from > BigInt(max)) return undefined;
  return Array.from({ length: Math.max(0, Number(to - from)) }, (_, index) => from + BigInt(index));
}

function typesOf(exprs: readonly Expr[]): readonly Type[] {
  return exprs.map((expr) => expr.type);
}

export function literalValue(value: Value): TestValue {
  return value.kind === "enum" ? BigInt(value.value) : value.value;
}

function named(name: string | undefined): string {
  return name === undefined ? "" : ` with \`${name}\``;
}
