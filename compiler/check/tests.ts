/** Checks the tests of a file: statements that deploy, call, expect and compare. Expressions are those of contracts with a few words more. */
import type { Block, ErrorUse, EventUse, Expr as ExprNode, ForStmt, LetStmt, Stmt as StmtNode, TestDecl } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr, Func, FuncId, LocalId, Param, Stmt, Test, TestCall, TestEvent, TestExpr, TestStmt } from "../typed/tree.ts";
import { checkAssign } from "./assign.ts";
import { checkAs } from "./coerce.ts";
import { addLocal, BOOL, createBody, POISON, report, siteOf, U64 } from "./context.ts";
import type { Body, FileScope, ProgramContext } from "./context.ts";
import type { BuiltContract } from "./contracts.ts";
import { bindTuple } from "./patterns.ts";
import { checkFuzz, checkTestParams } from "./test-fuzz.ts";
import { checkRange } from "./ranges.ts";
import { checkInitial } from "./statements.ts";
import { findTestError, findTestEvent } from "./test-expected.ts";
import { lower } from "./test-lower.ts";
import { createWords } from "./test-words.ts";
import type { TestState } from "./test-words.ts";

export function checkTests(
  program: ProgramContext,
  file: FileScope,
  contracts: readonly BuiltContract[],
  functions: ReadonlyMap<FuncId, Func>,
): Test[] {
  const { check } = testChecker(program, file, contracts, functions);
  return file.tree.items.flatMap((item) => (item.kind === "test" ? [check(item)] : []));
}

/** The same test by test, and the maps in which they look for contracts. */
export function testChecker(
  program: ProgramContext,
  file: FileScope,
  contracts: readonly BuiltContract[],
  functions: ReadonlyMap<FuncId, Func>,
): { readonly check: (node: TestDecl) => Test; readonly contracts: Pick<TestState, "byDecl" | "byName"> } {
  const byDecl = new Map(contracts.map((built) => [built.decl, built]));
  const byName = new Map(contracts.map((built) => [built.contract.name, built]));
  const state: TestState = {
    byDecl,
    byName,
    functions,
    nodes: new Map(),
    refuse: (site, construct) => {
      program.reporter.report("E0602", site, { construct }, { help: undefined });
    },
  };
  return { check: (node) => checkTest(program, file, state, node), contracts: { byDecl, byName } };
}

interface Scope {
  readonly body: Body;
  readonly state: TestState;
  /** Whether the test has parameters, so that `require` can drop a case. */
  readonly fuzzing: boolean;
  /** Not within a branch, a loop or a `fuzz`: there, random calls can be written down as the calls they were. */
  readonly outermost: boolean;
}

function checkTest(program: ProgramContext, file: FileScope, state: TestState, node: TestDecl): Test {
  const body = createBody(program, file, "test", { tests: createWords(state) });
  checkTestParams(body, node);
  const stmts = checkBlock({ body, state, fuzzing: node.params.length > 0, outermost: true }, node.body);
  const params = body.locals.slice(0, node.params.length);
  return {
    title: node.title,
    site: siteOf(file, node.titleSpan),
    bodySite: siteOf(file, node.body.span),
    params,
    locals: body.locals,
    body: stmts,
  };
}

function checkBlock(scope: Scope, block: Block): TestStmt[] {
  scope.body.scopes.push(new Map());
  const stmts = block.statements.flatMap((node) => checkStatement(scope, node));
  scope.body.scopes.pop();
  return stmts;
}

/** A branch, or the body of a loop. */
function checkInner(scope: Scope, block: Block): TestStmt[] {
  return checkBlock({ ...scope, outermost: false }, block);
}

function checkStatement(scope: Scope, node: StmtNode): TestStmt[] {
  const { body, state } = scope;
  const site = siteOf(body.file, node.span);
  switch (node.kind) {
    case "let":
      return checkLet(scope, node);
    case "assign":
      if (node.orElse !== undefined) return refuse(scope, node, "`else` after an assignment");
      return checkAssign(body, node).flatMap((stmt): TestStmt[] => {
        if (stmt.kind === "let") return [{ kind: "let", locals: [stmt.local], destructure: false, value: lower(state, stmt.value), site }];
        return stmt.kind === "set" ? [{ kind: "set", local: stmt.local, value: lower(state, stmt.value), site }] : [];
      });
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
    case "fuzz":
      if (!scope.outermost) return refuse(scope, node, "`fuzz` within a branch, a loop or another `fuzz`");
      return checkFuzz(body, state, node, (block) => checkInner(scope, block));
    case "require":
      if (!scope.fuzzing || node.orElse !== undefined) return refuse(scope, node, "`require`");
      return [{ kind: "require", cond: lower(state, checkAs(body, node.cond, BOOL)), site }];
    case "return":
    case "revert":
    case "emit":
    case "delete":
      return refuse(scope, node, `\`${node.kind}\``);
    case "ifLet":
      return refuse(scope, node, "`if let`");
    case "match":
      return refuse(scope, node, "`match`");
    case "for":
      return checkFor(scope, node);
  }
}

function refuse(scope: Scope, node: StmtNode, construct: string): TestStmt[] {
  report(scope.body, "E0602", node.span, { construct }, { help: INSTEAD.get(node.kind) });
  return [];
}

const INSTEAD: ReadonlyMap<StmtNode["kind"], string> = new Map([
  ["require", "use `assert`; in a test with parameters `require condition;` drops a case"],
  ["ifLet", "compare with `==`"],
  ["match", "compare with `==` in an `if`"],
]);

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
    case "tuple": {
      const { locals, rest } = bindTuple(body, pattern, checked.type, node.mutable);
      return [{ kind: "let", locals, destructure: true, value, site }, ...rest.map((inner) => takenApart(state, inner))];
    }
  }
}

/** A pattern inside of another. */
function takenApart(state: TestState, inner: Extract<Stmt, { kind: "letTuple" }>): TestStmt {
  return { kind: "let", locals: inner.locals, destructure: true, value: lower(state, inner.value), site: inner.site };
}

/** Branches of one `if … else if …`: the typed tree nests them. */
const MAX_BRANCHES = 256;

function checkIf(scope: Scope, first: Extract<StmtNode, { kind: "if" }>): TestStmt[] {
  const { body, state } = scope;
  const branches: { readonly node: typeof first; readonly cond: TestExpr; readonly then: TestStmt[] }[] = [];
  let rest: (typeof first)["otherwise"] = first;
  while (rest?.kind === "if") {
    const cond = lower(state, checkAs(body, rest.cond, BOOL));
    branches.push({ node: rest, cond, then: checkInner(scope, rest.then) });
    rest = rest.otherwise;
  }
  if (branches.length > MAX_BRANCHES) report(body, "E0391", first.span, { what: "the number of branches", limit: MAX_BRANCHES });
  let otherwise: TestStmt[] = [];
  if (rest?.kind === "block") otherwise = checkInner(scope, rest);
  else if (rest !== undefined) refuse(scope, rest, "`if let`");
  for (const { node, cond, then } of branches.reverse()) {
    otherwise = [{ kind: "if", cond, then, otherwise, site: siteOf(body.file, node.span) }];
  }
  return otherwise;
}

function checkFor(scope: Scope, node: ForStmt): TestStmt[] {
  const { body, state } = scope;
  const site = siteOf(body.file, node.span);
  if (node.over.kind === "range") {
    const { from, to, max, type } = checkRange(body, node.span, node.over);
    const [local, stmts] = checkRounds(scope, node, type);
    return [{ kind: "forRange", local, from: lower(state, from), to: lower(state, to), max, body: stmts, site }];
  }
  const list = body.program.check(body, node.over.list, undefined);
  const isList = list.type.kind === "list";
  if (!isList && list.type.kind !== "poison") report(body, "E0334", node.over.list.span, { type: showType(list.type) });
  const [local, stmts] = checkRounds(scope, node, list.type.kind === "list" ? list.type.element : POISON);
  return [{ kind: "forList", local, list: lower(state, list), body: stmts, site }];
}

function checkRounds(scope: Scope, node: ForStmt, type: Type): [LocalId, TestStmt[]] {
  const { body } = scope;
  body.scopes.push(new Map());
  const local = addLocal(body, node.name, type, false);
  const stmts = checkInner(scope, node.body);
  body.scopes.pop();
  return [local, stmts];
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
  const site = siteOf(body.file, node.span);
  if (node.events !== undefined) {
    const events = node.events.map((use) => checkEvent(scope, use, call));
    const known = events.filter((event) => event !== undefined);
    return call === undefined || known.length < events.length ? [] : [{ kind: "expect", call, error: undefined, events: known, site }];
  }
  const error = node.error === undefined ? undefined : checkError(scope, node.error, call);
  if (call === undefined || (node.error !== undefined && error === undefined)) return [];
  return [{ kind: "expect", call, error, events: undefined, site }];
}

function checkError(scope: Scope, use: ErrorUse, call: TestCall | undefined): ExpectedErrorOf | undefined {
  const error = findTestError(scope.body, scope.state, use, call);
  const args = checkNamed(scope, use, error);
  return error === undefined || args === undefined ? undefined : { error, args };
}

function checkEvent(scope: Scope, use: EventUse, call: TestCall | undefined): TestEvent | undefined {
  const event = findTestEvent(scope.body, scope.state, use, call);
  const args = checkNamed(scope, use, event);
  return event === undefined || args === undefined ? undefined : { event, args, site: siteOf(scope.body.file, use.span) };
}

type ExpectedErrorOf = Exclude<Extract<TestStmt, { kind: "expect" }>["error"], undefined>;

/** The arguments behind the name of an error or event; undefined with the mistake reported. */
function checkNamed(
  { body, state }: Scope,
  use: ErrorUse | EventUse,
  named: { readonly name: string; readonly params: readonly Param[] } | undefined,
): readonly TestExpr[] | undefined {
  if (named === undefined || named.params.length !== use.args.length) {
    for (const arg of use.args) body.program.check(body, arg, undefined);
    if (named === undefined) return undefined;
    const expected = named.params.length === 1 ? "1 argument" : `${named.params.length} arguments`;
    report(body, "E0304", use.span, { name: named.name, expected, found: use.args.length });
    return undefined;
  }
  return named.params.map((param, i) => lower(state, checkAs(body, use.args[i], param.type)));
}

function checkCalls(scope: Scope, block: Block): Extract<TestStmt, { kind: "call" | "expect" }>[] {
  return block.statements.flatMap((node): Extract<TestStmt, { kind: "call" | "expect" }>[] => {
    if (node.kind === "expr") return checkCallStmt(scope, node.expr);
    if (node.kind === "expect") return checkExpect(scope, node);
    report(scope.body, "E0603", node.span);
    return [];
  });
}
