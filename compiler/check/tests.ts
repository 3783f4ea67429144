/** Checks the tests of a file: statements that deploy, call, expect and compare. Expressions are those of contracts with a few words more. */
import type { Block, ErrorUse, Expr as ExprNode, LetStmt, Stmt as StmtNode, TestDecl } from "../../grammar/ast.ts";
import type { ErrorDef, Expr, Func, FuncId, Test, TestCall, TestExpr, TestStmt } from "../typed/tree.ts";
import { checkAssign } from "./assign.ts";
import { checkAs } from "./coerce.ts";
import { addLocal, BOOL, createBody, report, siteOf, U64 } from "./context.ts";
import type { Body, FileScope, ProgramContext } from "./context.ts";
import type { BuiltContract } from "./contracts.ts";
import { bindTuple, checkInitial } from "./statements.ts";
import { findTestError } from "./test-errors.ts";
import { lower } from "./test-lower.ts";
import { createWords } from "./test-words.ts";
import type { TestState } from "./test-words.ts";

export function checkTests(
  program: ProgramContext,
  file: FileScope,
  contracts: readonly BuiltContract[],
  functions: ReadonlyMap<FuncId, Func>,
): Test[] {
  const state: TestState = {
    byDecl: new Map(contracts.map((built) => [built.decl, built])),
    byName: new Map(contracts.map((built) => [built.contract.name, built])),
    functions,
    nodes: new Map(),
  };
  return file.tree.items.flatMap((item) => (item.kind === "test" ? [checkTest(program, file, state, item)] : []));
}

interface Scope {
  readonly body: Body;
  readonly state: TestState;
}

function checkTest(program: ProgramContext, file: FileScope, state: TestState, node: TestDecl): Test {
  const body = createBody(program, file, "test", { tests: createWords(state) });
  if (node.params.length > 0) report(body, "E0390", node.params[0].span, { construct: "a test with parameters" });
  const stmts = checkBlock({ body, state }, node.body);
  return { title: node.title, site: siteOf(file, node.titleSpan), locals: body.locals, body: stmts };
}

function checkBlock(scope: Scope, block: Block): TestStmt[] {
  scope.body.scopes.push(new Map());
  const stmts = block.statements.flatMap((node) => checkStatement(scope, node));
  scope.body.scopes.pop();
  return stmts;
}

function checkStatement(scope: Scope, node: StmtNode): TestStmt[] {
  const { body, state } = scope;
  const site = siteOf(body.file, node.span);
  switch (node.kind) {
    case "let":
      return checkLet(scope, node);
    case "assign":
      if (node.orElse !== undefined) return refuse(scope, node, "`else` after an assignment");
      return checkAssign(body, node).flatMap((stmt): TestStmt[] =>
        stmt.kind === "set" ? [{ kind: "set", local: stmt.local, value: lower(state, stmt.value), site }] : [],
      );
    case "if":
      return checkIf(scope, node);
    case "expr":
      return checkCallStmt(scope, node.expr);
    case "assert":
      return [{ kind: "assert", cond: lower(state, checkAs(body, node.cond, BOOL)), site }];
    case "expect":
      return checkExpect(scope, node);
    case "advance":
      return [{ kind: "advance", what: node.what, by: lower(state, checkAs(body, node.by, U64)), site }];
    case "blockOfCalls":
      return [{ kind: "block", parallel: node.parallel, body: checkCalls(scope, node.body), site }];
    case "return":
    case "require":
    case "revert":
    case "emit":
    case "delete":
      return refuse(scope, node, `\`${node.kind}\``);
    case "for":
      report(body, "E0390", node.span, { construct: "a loop in a test" });
      return [];
    case "ifLet":
    case "match":
      report(body, "E0390", node.span, { construct: node.kind === "match" ? "`match`" : "`if let`" });
      return [];
  }
}

function refuse(scope: Scope, node: StmtNode, construct: string): TestStmt[] {
  const help = node.kind === "require" ? "use `assert`" : undefined;
  report(scope.body, "E0602", node.span, { construct }, { help });
  return [];
}

function checkLet(scope: Scope, node: LetStmt): TestStmt[] {
  const { body, state } = scope;
  const site = siteOf(body.file, node.span);
  const checked = checkInitial(body, node);
  const value = lower(state, checked);
  const { pattern } = node;
  switch (pattern.kind) {
    case "bind":
      return [{ kind: "let", locals: [addLocal(body, pattern.name, checked.type, node.mutable)], destructure: false, value, site }];
    case "ignore":
      return [{ kind: "let", locals: [undefined], destructure: false, value, site }];
    case "tuple":
      return [{ kind: "let", locals: bindTuple(body, pattern, checked.type, node.mutable), destructure: true, value, site }];
  }
}

/** Branches of one `if … else if …`: the typed tree nests them. */
const MAX_BRANCHES = 256;

function checkIf(scope: Scope, first: Extract<StmtNode, { kind: "if" }>): TestStmt[] {
  const { body, state } = scope;
  const branches: { readonly node: typeof first; readonly cond: TestExpr; readonly then: TestStmt[] }[] = [];
  let rest: (typeof first)["otherwise"] = first;
  while (rest?.kind === "if") {
    const cond = lower(state, checkAs(body, rest.cond, BOOL));
    branches.push({ node: rest, cond, then: checkBlock(scope, rest.then) });
    rest = rest.otherwise;
  }
  if (branches.length > MAX_BRANCHES) report(body, "E0391", first.span, { what: "the number of branches", limit: MAX_BRANCHES });
  let otherwise: TestStmt[] = [];
  if (rest?.kind === "block") otherwise = checkBlock(scope, rest);
  else if (rest !== undefined) report(body, "E0390", rest.span, { construct: "`if let`" });
  for (const { node, cond, then } of branches.reverse()) {
    otherwise = [{ kind: "if", cond, then, otherwise, site: siteOf(body.file, node.span) }];
  }
  return otherwise;
}

// --- calls ---------------------------------------------------------------------------------------------------------

/** The call an expression is, if it is nothing else. */
function callOf(state: TestState, expr: Expr): TestCall | undefined {
  const found = state.nodes.get(expr.id);
  return found?.kind === "call" ? found.call : undefined;
}

function checkCallStmt(scope: Scope, node: ExprNode): Extract<TestStmt, { kind: "call" }>[] {
  const { body, state } = scope;
  const expr = body.program.check(body, node, undefined);
  const call = callOf(state, expr);
  if (call !== undefined) return [{ kind: "call", call, site: siteOf(body.file, node.span) }];
  if (expr.type.kind !== "poison") report(body, "E0408", node.span);
  return [];
}

function checkExpect(scope: Scope, node: Extract<StmtNode, { kind: "expect" }>): Extract<TestStmt, { kind: "expect" }>[] {
  const { body, state } = scope;
  const expr = body.program.check(body, node.call, undefined);
  const call = callOf(state, expr);
  if (call === undefined && expr.type.kind !== "poison") report(body, "E0605", node.call.span);
  const error = node.error === undefined ? undefined : checkExpected(scope, node.error, call);
  if (call === undefined || (node.error !== undefined && error === undefined)) return [];
  return [{ kind: "expect", call, error, site: siteOf(body.file, node.span) }];
}

interface Expected {
  readonly error: ErrorDef;
  readonly args: readonly TestExpr[];
}

function checkExpected(scope: Scope, use: ErrorUse, call: TestCall | undefined): Expected | undefined {
  const { body, state } = scope;
  const error = findTestError(body, state, use, call);
  if (error === undefined || error.params.length !== use.args.length) {
    for (const arg of use.args) body.program.check(body, arg, undefined);
    if (error === undefined) return undefined;
    const expected = error.params.length === 1 ? "1 argument" : `${error.params.length} arguments`;
    report(body, "E0304", use.span, { name: error.name, expected, found: use.args.length });
    return undefined;
  }
  return { error, args: error.params.map((param, i) => lower(state, checkAs(body, use.args[i], param.type))) };
}

function checkCalls(scope: Scope, block: Block): Extract<TestStmt, { kind: "call" | "expect" }>[] {
  return block.statements.flatMap((node): Extract<TestStmt, { kind: "call" | "expect" }>[] => {
    if (node.kind === "expr") return checkCallStmt(scope, node.expr);
    if (node.kind === "expect") return checkExpect(scope, node);
    report(scope.body, "E0603", node.span);
    return [];
  });
}
