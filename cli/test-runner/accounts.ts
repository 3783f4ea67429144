/** What a test names: accounts, which get their coin before its first block, contracts, values. */
import { unreachable } from "../../compiler/core/bug.ts";
import type { PureExpr, Test, TestCall, TestExpr, TestStmt } from "../../compiler/typed/tree.ts";

/** In order of their first mention. */
export function accountsOf(test: Test): readonly string[] {
  return [...mentionsOf(test).accounts];
}

/** Names of the contracts it deploys. */
export function deploymentsOf(test: Test): ReadonlySet<string> {
  return mentionsOf(test).deployed;
}

/** Values that stand in its text. */
export function literalsOf(test: Test): readonly Literal[] {
  return mentionsOf(test).literals;
}

type Literal = Extract<PureExpr, { kind: "literal" }>["value"];

interface Mentions {
  readonly accounts: ReadonlySet<string>;
  readonly deployed: ReadonlySet<string>;
  readonly literals: readonly Literal[];
}

function mentionsOf(test: Test): Mentions {
  const literals: Literal[] = [];
  const names = new Set<string>();
  const deployed = new Set<string>();
  const visitAll = (exprs: readonly (TestExpr | undefined)[]): void => exprs.forEach((expr) => expr !== undefined && visit(expr));
  test.body.forEach(statement);
  return { accounts: names, deployed, literals };

  function statement(stmt: TestStmt): void {
    switch (stmt.kind) {
      case "let":
      case "set":
        return visit(stmt.value);
      case "call":
        return call(stmt.call);
      case "expect":
        call(stmt.call);
        return visitAll([...(stmt.error?.args ?? []), ...(stmt.events ?? []).flatMap((event) => event.args)]);
      case "assert":
        return visit(stmt.cond);
      case "advance":
        return visit(stmt.by);
      case "require":
        return visit(stmt.cond);
      case "fuzz":
        return stmt.body.forEach(statement);
      case "block":
        return stmt.body.forEach(statement);
      case "if":
        visit(stmt.cond);
        return [...stmt.then, ...stmt.otherwise].forEach(statement);
      case "forList":
        visit(stmt.list);
        return stmt.body.forEach(statement);
      case "forRange":
        visitAll([stmt.from, stmt.to]);
        return stmt.body.forEach(statement);
      default:
        return unreachable(stmt, "accounts");
    }
  }

  function call({ target, args, from, value }: TestCall): void {
    if (target.kind === "deploy") deployed.add(target.contract.name);
    visitAll([target.kind === "deploy" ? undefined : target.handle, ...args, from, value]);
  }

  function visit(expr: TestExpr): void {
    switch (expr.kind) {
      case "account":
        names.add(expr.name);
        return;
      case "balance":
        return visit(expr.of);
      case "call":
        return call(expr.call);
      case "pure":
        if (expr.expr.kind === "literal") literals.push(expr.expr.value);
        return visitAll(operandsOf(expr.expr));
      default:
        return unreachable(expr, "accounts");
    }
  }
}

function operandsOf(expr: PureExpr): readonly TestExpr[] {
  switch (expr.kind) {
    case "literal":
    case "local":
      return [];
    case "unary":
    case "convert":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "tuple":
    case "list":
      return expr.elements;
    case "struct":
      return expr.values;
    case "member":
      return [expr.object];
    case "element":
      return [expr.list, expr.index];
    case "length":
      return [expr.of];
    case "contains":
      return [expr.list, expr.item];
    case "ifExpr":
      return [expr.cond, expr.then, expr.otherwise];
    case "builtin":
    case "call":
    case "variant":
    case "encode":
    case "concat":
      return expr.args;
    default:
      return unreachable(expr, "accounts");
  }
}
