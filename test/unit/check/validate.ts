/**
 * Walks a typed program and checks what the tree promises to the passes behind the checker: no poisoned type, ids that exist and
 * are unique, operands of one type, places that end at entries. Used by tests of the checker; reports the first broken promise.
 */
import { membersBelow } from "../../../compiler/core/members.ts";
import { hasPayload, payloadsOf, sameType, showType } from "../../../compiler/core/types.ts";
import type { Type, VariantType } from "../../../compiler/core/types.ts";
import type { Contract, Expr, Func, Program, StatePlace, Stmt, TestExpr, TestStmt } from "../../../compiler/typed/tree.ts";

interface Scope {
  readonly program: Program;
  readonly func: Func;
  readonly ids: Set<number>;
}

export function validate(program: Program): void {
  const ids = new Set<number>();
  for (const [id, func] of program.functions) {
    assert(id === func.id, `function ${func.name} stands under another id`);
    for (const [i, local] of func.locals.entries()) {
      assert(local.id === i, `local ${local.name} of ${func.name} has id ${local.id}`);
      clean(local.type, `local ${local.name}`);
    }
    for (const [i, param] of func.params.entries()) assert(func.locals[i] === param, `parameter ${param.name} is no local`);
    clean(func.result, func.name);
    statements({ program, func, ids }, func.body);
  }
  for (const contract of program.contracts) validateContract(program, contract);
  for (const test of program.tests) for (const stmt of test.body) testStatement(stmt, test.locals.length);
}

function validateContract(program: Program, contract: Contract): void {
  for (const id of [contract.init, ...contract.external, ...contract.invariants]) {
    const func = program.functions.get(id);
    assert(func?.contract === contract.name, `${contract.name} lists a function that isn't its own`);
  }
  for (const [i, field] of contract.fields.entries()) {
    assert(field.index === i, `field ${field.name} has index ${field.index}`);
    clean(field.type, field.name);
  }
  for (const def of [...contract.errors, ...contract.events]) for (const param of def.params) clean(param.type, def.name);
}

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken tree: ${what}`);
}

function clean(type: Type, what: string): void {
  assert(type.kind !== "poison", `${what} is poisoned`);
  if (type.kind === "list") clean(type.element, what);
  if (type.kind === "map") for (const part of [type.key, type.value]) clean(part, what);
  if (type.kind === "struct") for (const field of type.fields) clean(field.type, what);
  if (type.kind === "tuple") for (const element of type.elements) clean(element.type, what);
  if (type.kind === "option") clean(type.inner, what);
  if (type.kind === "set") clean(type.key, what);
  if (type.kind === "enum") for (const payload of payloadsOf(type)) for (const part of payload) clean(part, what);
}

function is(expr: Expr, type: Type): void {
  assert(sameType(expr.type, type), `expected ${showType(type)}, found ${showType(expr.type)} at ${expr.site.span.start}`);
}

const BOOL: Type = { kind: "bool" };
const U64: Type = { kind: "int", signed: false, bits: 64 };
const U256: Type = { kind: "int", signed: false, bits: 256 };

function statements(scope: Scope, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) statement(scope, stmt);
}

function statement(scope: Scope, stmt: Stmt): void {
  fresh(scope, stmt);
  const { func } = scope;
  switch (stmt.kind) {
    case "let":
    case "set":
      assert(func.locals.at(stmt.local) !== undefined, "unknown local");
      is(expression(scope, stmt.value), func.locals[stmt.local].type);
      return;
    case "letTuple": {
      const { type } = expression(scope, stmt.value);
      assert(type.kind === "tuple" && type.elements.length === stmt.locals.length, "a pattern that doesn't match");
      for (const [i, local] of stmt.locals.entries()) {
        if (local !== undefined) assert(sameType(func.locals[local].type, type.elements[i].type), "an element of another type");
      }
      return;
    }
    case "store":
      place(scope, stmt.place);
      is(expression(scope, stmt.value), stmt.place.type);
      return;
    case "update":
      place(scope, stmt.place);
      is(expression(scope, stmt.value), stmt.place.type);
      args(scope, stmt.orElse?.args ?? [], stmt.orElse?.error.params ?? []);
      return;
    case "delete":
      place(scope, stmt.place);
      return;
    case "if":
      is(expression(scope, stmt.cond), BOOL);
      statements(scope, stmt.then);
      statements(scope, stmt.otherwise);
      return;
    case "forList": {
      const { type } = expression(scope, stmt.list);
      assert(type.kind === "list" && sameType(type.element, func.locals[stmt.local].type), "a loop over something else than a list");
      statements(scope, stmt.body);
      return;
    }
    case "forRange":
      for (const bound of [stmt.from, stmt.to]) is(expression(scope, bound), func.locals[stmt.local].type);
      assert(Number.isSafeInteger(stmt.max) && stmt.max >= 0, "a loop without a cap");
      statements(scope, stmt.body);
      return;
    case "require":
      is(expression(scope, stmt.cond), BOOL);
      args(scope, stmt.orElse?.args ?? [], stmt.orElse?.error.params ?? []);
      return;
    case "revert":
      args(scope, stmt.error?.args ?? [], stmt.error?.error.params ?? []);
      return;
    case "emit":
      args(scope, stmt.args, stmt.event.params);
      return;
    case "return":
      if (stmt.value === undefined) assert(func.result.kind === "unit", "a return without a value");
      else is(expression(scope, stmt.value), func.result);
      return;
    case "expr":
      expression(scope, stmt.expr);
      return;
  }
}

function fresh(scope: Scope, node: { readonly id: number }): void {
  assert(!scope.ids.has(node.id), `id ${node.id} is used twice`);
  scope.ids.add(node.id);
}

function args(scope: Scope, values: readonly Expr[], params: readonly { readonly type: Type }[]): void {
  assert(values.length === params.length, "a wrong number of arguments");
  for (const [i, value] of values.entries()) is(expression(scope, value), params[i].type);
}

function place(scope: Scope, where: StatePlace): void {
  const keys = [...where.keys];
  let type = where.field.type;
  const take = (key: Type): void => {
    // A key of tuple type is spelled out.
    for (const part of membersBelow(key)) {
      const expr = keys.shift();
      assert(expr !== undefined, "a key is missing");
      is(expression(scope, expr), part.type);
    }
  };
  while (type.kind === "map") {
    take(type.key);
    type = type.value;
  }
  if (type.kind === "set") {
    const isEntry = keys.length > 0;
    if (isEntry) take(type.key);
    type = isEntry ? BOOL : U64;
  }
  assert(keys.length === 0, "a key into something else than a map");
  if (type.kind === "history") type = type.value;
  for (const index of where.path) {
    assert(type.kind === "struct" || type.kind === "tuple", "a path through something without members");
    type = type.kind === "struct" ? type.fields[index].type : type.elements[index].type;
  }
  assert(sameType(type, where.type) && type.kind !== "sequence", "a place that is no entry");
}

function tagged(expr: Expr): VariantType {
  const { type } = expr;
  assert(type.kind === "option" || (type.kind === "enum" && hasPayload(type)), "variants of a value that has none");
  return type;
}

function listed(expr: Expr): Extract<Type, { kind: "list" }> {
  assert(expr.type.kind === "list", "an element of something else than a list");
  return expr.type;
}

function values(scope: Scope, given: readonly Expr[], types: readonly Type[]): void {
  args(
    scope,
    given,
    types.map((type) => ({ type })),
  );
}

function expression(scope: Scope, expr: Expr): Expr {
  fresh(scope, expr);
  clean(expr.type, `an expression at ${expr.site.span.start}`);
  switch (expr.kind) {
    case "literal":
    case "context":
    case "immutable":
    case "selfBalance":
    case "next":
      break;
    case "local":
      assert(sameType(expr.type, scope.func.locals[expr.local].type), "a local of another type");
      break;
    case "load":
      place(scope, expr.place);
      is(expr, expr.place.type);
      break;
    case "member": {
      const { type } = expression(scope, expr.object);
      assert(type.kind === "struct" || type.kind === "tuple", "a member of something without members");
      is(expr, type.kind === "struct" ? type.fields[expr.index].type : type.elements[expr.index].type);
      break;
    }
    case "element": {
      const { type } = expression(scope, expr.list);
      is(expression(scope, expr.index), U64);
      assert(type.kind === "list", "an element of something else than a list");
      is(expr, type.element);
      break;
    }
    case "length":
      expression(scope, expr.of);
      is(expr, U64);
      break;
    case "contains": {
      const { type } = expression(scope, expr.list);
      assert(type.kind === "list", "contains of something else than a list");
      is(expression(scope, expr.item), type.element);
      break;
    }
    case "unary":
      is(expression(scope, expr.operand), expr.type);
      break;
    case "binary":
      binary(scope, expr);
      break;
    case "convert":
      expression(scope, expr.operand);
      break;
    case "tuple":
      args(scope, expr.elements, expr.type.kind === "tuple" ? expr.type.elements : []);
      break;
    case "list": {
      const { type } = expr;
      assert(type.kind === "list", "a list of another type");
      args(
        scope,
        expr.elements,
        expr.elements.map(() => ({ type: type.element })),
      );
      break;
    }
    case "struct":
      args(scope, expr.values, expr.struct.fields);
      assert(
        [...expr.order].sort((a, b) => a - b).every((index, i) => index === i),
        "an order that isn't one",
      );
      break;
    case "ifExpr":
      is(expression(scope, expr.cond), BOOL);
      is(expression(scope, expr.then), expr.type);
      is(expression(scope, expr.otherwise), expr.type);
      break;
    case "builtin":
      for (const arg of expr.args) {
        const { type } = expression(scope, arg);
        if (expr.type.kind === "int") is(arg, expr.type);
        else assert(type.kind !== "unit", "an argument without a value");
      }
      break;
    case "variant":
      values(scope, expr.args, payloadsOf(tagged(expr))[expr.variant]);
      break;
    case "isVariant":
      assert(payloadsOf(tagged(expression(scope, expr.of))).length > expr.variant, "a variant that doesn't exist");
      is(expr, BOOL);
      break;
    case "payload":
      assert(expr.of.kind === "local", "a payload of something else than a local");
      is(expr, payloadsOf(tagged(expression(scope, expr.of)))[expr.variant][expr.index]);
      break;
    case "seq":
      statements(scope, expr.body);
      is(expression(scope, expr.value), expr.type);
      break;
    case "with": {
      let type = expression(scope, expr.base).type;
      is(expr, type);
      for (const step of expr.path) {
        if (step.kind === "element") {
          is(expression(scope, step.index), U64);
          assert(type.kind === "list", "an element of something else than a list");
          type = type.element;
        } else {
          assert(type.kind === "struct" || type.kind === "tuple", "a member of something without members");
          type = type.kind === "struct" ? type.fields[step.index].type : type.elements[step.index].type;
        }
      }
      is(expression(scope, expr.value), type);
      break;
    }
    case "push":
      is(expression(scope, expr.list), expr.type);
      is(expression(scope, expr.item), listed(expr).element);
      break;
    case "pop":
      listed(expr);
      is(expression(scope, expr.list), expr.type);
      break;
    case "has":
      place(scope, expr.place);
      is(expr, BOOL);
      break;
    case "setChange":
      place(scope, expr.entry);
      place(scope, expr.length);
      is(expr, BOOL);
      break;
    case "past":
      place(scope, expr.place);
      is(expr, expr.place.type);
      is(expression(scope, expr.height), U64);
      break;
    case "encode":
    case "concat":
      for (const arg of expr.args) expression(scope, arg);
      assert(expr.type.kind === "bytes" || expr.type.kind === "string", "bytes of another type");
      break;
    case "decode":
      assert(expression(scope, expr.data).type.kind === "bytes", "something else than bytes is decoded");
      break;
    case "external":
      assert(expression(scope, expr.target).type.kind === "handle", "a call of something that is no typed address");
      args(scope, expr.args, expr.method.params);
      is(expr, expr.method.result);
      break;
    case "rawCall":
      is(expression(scope, expr.target), { kind: "address" });
      is(expression(scope, expr.value), U256);
      assert(expression(scope, expr.data).type.kind === "bytes" && expr.type.kind === "bytes", "a raw call takes and gives bytes");
      break;
    case "create": {
      const init = scope.program.contracts.find((contract) => contract.name === expr.contract)?.init;
      const func = init === undefined ? undefined : scope.program.functions.get(init);
      assert(func !== undefined, "an unknown contract is created");
      args(scope, expr.args, func.params);
      is(expr, { kind: "handle", name: expr.contract });
      break;
    }
    case "call": {
      const callee = scope.program.functions.get(expr.func);
      assert(callee !== undefined, "a call of an unknown function");
      args(scope, expr.args, callee.params);
      is(expr, callee.result);
      break;
    }
    case "pay":
      is(expression(scope, expr.to), { kind: "address" });
      is(expression(scope, expr.amount), U256);
      break;
  }
  return expr;
}

function binary(scope: Scope, top: Extract<Expr, { kind: "binary" }>): void {
  let node: Expr = top;
  while (node.kind === "binary") {
    const right = expression(scope, node.right);
    if (node.op === "<<" || node.op === ">>") assert(right.type.kind === "int" && !right.type.signed, "a shift by something signed");
    else is(right, node.left.type);
    node = node.left;
    if (node.kind === "binary") fresh(scope, node);
  }
  expression(scope, node);
}

function testStatement(stmt: TestStmt, locals: number): void {
  const walk = (expr: TestExpr | undefined): void => {
    if (expr !== undefined) testExpression(expr, locals);
  };
  switch (stmt.kind) {
    case "let":
      for (const local of stmt.locals) assert(local === undefined || local < locals, "unknown local in a test");
      return walk(stmt.value);
    case "set":
      return walk(stmt.value);
    case "call":
      return testCall(stmt.call, locals);
    case "expect":
      testCall(stmt.call, locals);
      stmt.error?.args.forEach(walk);
      stmt.events?.forEach(({ args }) => {
        args.forEach(walk);
      });
      return;
    case "assert":
    case "require":
      return walk(stmt.cond);
    case "fuzz":
      for (const { local } of stmt.targets) assert(local < locals, "unknown local in a test");
      for (const inner of stmt.body) testStatement(inner, locals);
      return;
    case "advance":
      return walk(stmt.by);
    case "block":
      for (const inner of stmt.body) testStatement(inner, locals);
      return;
    case "forList":
      walk(stmt.list);
      for (const inner of stmt.body) testStatement(inner, locals);
      return;
    case "forRange":
      walk(stmt.from);
      walk(stmt.to);
      for (const inner of stmt.body) testStatement(inner, locals);
      return;
    case "if":
      walk(stmt.cond);
      for (const inner of [...stmt.then, ...stmt.otherwise]) testStatement(inner, locals);
      return;
  }
}

function testCall(call: Extract<TestStmt, { kind: "call" }>["call"], locals: number): void {
  if (call.target.kind === "call") {
    assert(call.args.length === call.target.func.params.length, "a wrong number of arguments in a test");
    testExpression(call.target.handle, locals);
  }
  if (call.target.kind === "method") {
    assert(call.args.length === call.target.method.params.length, "a wrong number of arguments in a test");
    testExpression(call.target.handle, locals);
  }
  for (const expr of [...call.args, call.from, call.value]) if (expr !== undefined) testExpression(expr, locals);
}

function testExpression(expr: TestExpr, locals: number): void {
  clean(expr.type, "an expression of a test");
  if (expr.kind === "balance") testExpression(expr.of, locals);
  if (expr.kind === "call") testCall(expr.call, locals);
  if (expr.kind !== "pure") return;
  const { expr: inner } = expr;
  if (inner.kind === "local") assert(inner.local >= 0 && inner.local < locals, "a placeholder is left in a test");
  for (const value of Object.values(inner)) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (isTestExpr(part)) testExpression(part, locals);
    }
  }
}

function isTestExpr(value: unknown): value is TestExpr {
  return typeof value === "object" && value !== null && "site" in value && "kind" in value && "type" in value;
}
