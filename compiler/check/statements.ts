/**
 * Checks statements of functions, guards and `init`. A statement becomes one or more typed statements; with them goes whether control
 * can come out at the end, which decides about missing returns and unreachable code.
 */
import type { Block, ForStmt, IfLetStmt, IfStmt, LetStmt, Pattern, ReturnStmt, Stmt as StmtNode } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { ErrorCall, Expr, LocalId, Stmt } from "../typed/tree.ts";
import { checkAssign, checkDelete } from "./assign.ts";
import { checkAs } from "./coerce.ts";
import { addHidden, addLocal, BOOL, node as fresh, POISON, report } from "./context.ts";
import type { Body } from "./context.ts";
import { checkRange } from "./ranges.ts";
import { resolveType } from "./resolve-type.ts";
import { checkEmit, checkErrorUse } from "./uses.ts";

/** `ends`: control never comes out at the end. */
export interface Checked {
  readonly stmts: Stmt[];
  readonly ends: boolean;
}

/** Branches of one `if … else if …`: the typed tree nests them. */
const MAX_BRANCHES = 256;

export function checkBlock(body: Body, block: Block): Checked {
  body.scopes.push(new Map());
  const checked = checkStatements(body, block.statements);
  body.scopes.pop();
  return checked;
}

function checkStatements(body: Body, nodes: readonly StmtNode[]): Checked {
  const stmts: Stmt[] = [];
  let ends = false;
  let warned = false;
  for (const node of nodes) {
    // One warning covers the rest of the block.
    if (ends && !warned) {
      report(body, "W0401", { start: node.span.start, end: nodes[nodes.length - 1].span.end });
      warned = true;
    }
    const checked = checkStatement(body, node);
    stmts.push(...checked.stmts);
    ends ||= checked.ends;
  }
  return { stmts, ends };
}

function checkStatement(body: Body, node: StmtNode): Checked {
  switch (node.kind) {
    case "let":
      return open(checkLet(body, node));
    case "assign":
      return open(checkAssign(body, node));
    case "if":
      return checkIf(body, node);
    case "return":
      return { stmts: checkReturn(body, node), ends: true };
    case "for":
      return open(checkFor(body, node));
    case "require":
      return open(checkRequire(body, node));
    case "revert":
      return { stmts: checkRevert(body, node), ends: true };
    case "emit":
      return open(checkEmit(body, node));
    case "delete":
      return open(checkDelete(body, node));
    case "expr":
      return open(checkExprStmt(body, node));
    case "ifLet":
      return unsupported(body, node, "`if let`");
    case "match":
      return unsupported(body, node, "`match`");
    case "assert":
    case "expect":
    case "advance":
    case "blockOfCalls":
      report(body, "E0601", node.span, { construct: TEST_WORDS[node.kind] });
      return open([]);
  }
}

const TEST_WORDS = { assert: "`assert`", expect: "`expect`", advance: "`advance`", blockOfCalls: "a block of calls" } as const;

function open(stmts: Stmt[]): Checked {
  return { stmts, ends: false };
}

function unsupported(body: Body, node: StmtNode, construct: string): Checked {
  report(body, "E0390", node.span, { construct });
  return open([]);
}

// --- let -----------------------------------------------------------------------------------------------------------

function checkLet(body: Body, node: LetStmt): Stmt[] {
  const value = checkInitial(body, node);
  const { pattern } = node;
  if (pattern.kind === "bind") {
    const local = addLocal(body, pattern.name, value.type, node.mutable);
    return [{ ...fresh(body, node.span), kind: "let", local, value }];
  }
  if (pattern.kind === "ignore") {
    return [{ ...fresh(body, node.span), kind: "let", local: addHidden(body, "_", value.type, pattern.span), value }];
  }
  const locals = bindTuple(body, pattern, value.type, node.mutable);
  return [{ ...fresh(body, node.span), kind: "letTuple", locals, value }];
}

/** The value of a `let`, of its written type if there is one; never `unit`. */
export function checkInitial(body: Body, node: LetStmt): Expr {
  const written = node.type === undefined ? undefined : resolveType(body, node.type, "local");
  const value = written === undefined ? body.program.check(body, node.value, undefined) : checkAs(body, node.value, written);
  if (value.type.kind === "unit") {
    body.program.reporter.report("E0320", value.site);
    return { ...value, type: POISON };
  }
  return written !== undefined && value.type.kind === "poison" ? { ...value, type: written } : value;
}

/** Declares the names of a tuple pattern. */
export function bindTuple(body: Body, pattern: Extract<Pattern, { kind: "tuple" }>, type: Type, mutable: boolean): (LocalId | undefined)[] {
  const elements = type.kind === "tuple" && type.elements.length === pattern.elements.length ? type.elements : undefined;
  if (elements === undefined && type.kind !== "poison") {
    const found = type.kind === "tuple" ? `a tuple of ${type.elements.length}` : `\`${showType(type)}\``;
    report(body, "E0322", pattern.span, { found, expected: pattern.elements.length });
  }
  return pattern.elements.map((element, i) => {
    switch (element.kind) {
      case "bind":
        return addLocal(body, element.name, elements?.[i].type ?? POISON, mutable);
      case "ignore":
        return undefined;
      case "tuple":
        report(body, "E0390", element.span, { construct: "a tuple pattern inside another" });
        declarePoison(body, element, mutable);
        return undefined;
    }
  });
}

function declarePoison(body: Body, pattern: Pattern, mutable: boolean): void {
  if (pattern.kind === "bind") addLocal(body, pattern.name, POISON, mutable);
  if (pattern.kind === "tuple") for (const element of pattern.elements) declarePoison(body, element, mutable);
}

// --- branches and loops --------------------------------------------------------------------------------------------

function checkIf(body: Body, first: IfStmt): Checked {
  const branches: { readonly node: IfStmt; readonly cond: Expr; readonly then: Checked }[] = [];
  let rest: Block | IfStmt | IfLetStmt | undefined = first;
  while (rest?.kind === "if") {
    branches.push({ node: rest, cond: checkAs(body, rest.cond, BOOL), then: checkBlock(body, rest.then) });
    rest = rest.otherwise;
  }
  if (branches.length > MAX_BRANCHES) report(body, "E0391", first.span, { what: "the number of branches", limit: MAX_BRANCHES });
  let otherwise: Checked = open([]);
  if (rest?.kind === "block") otherwise = checkBlock(body, rest);
  else if (rest !== undefined) otherwise = unsupported(body, rest, "`if let`");
  for (const { node, cond, then } of branches.reverse()) {
    const stmt: Stmt = { ...fresh(body, node.span), kind: "if", cond, then: then.stmts, otherwise: otherwise.stmts };
    otherwise = { stmts: [stmt], ends: then.ends && otherwise.ends };
  }
  return otherwise;
}

function checkFor(body: Body, node: ForStmt): Stmt[] {
  if (node.over.kind === "range") {
    const range = checkRange(body, node.span, node.over);
    const [local, stmts] = checkLoopBody(body, node, range.type);
    const { from, to, max } = range;
    return [{ ...fresh(body, node.span), kind: "forRange", local, from, to, max, body: stmts }];
  }
  const list = body.program.check(body, node.over.list, undefined);
  const type = list.type.kind === "list" ? list.type.element : POISON;
  if (list.type.kind !== "list" && list.type.kind !== "poison") report(body, "E0334", node.over.list.span, { type: showType(list.type) });
  const [local, stmts] = checkLoopBody(body, node, type);
  return [{ ...fresh(body, node.span), kind: "forList", local, list, body: stmts }];
}

function checkLoopBody(body: Body, node: ForStmt, type: Type): [LocalId, Stmt[]] {
  body.scopes.push(new Map());
  const local = addLocal(body, node.name, type, false);
  const { stmts } = checkBlock(body, node.body);
  body.scopes.pop();
  return [local, stmts];
}

// --- the rest ------------------------------------------------------------------------------------------------------

function checkReturn(body: Body, node: ReturnStmt): Stmt[] {
  if (body.result.kind === "unit") {
    if (node.value === undefined) return [{ ...fresh(body, node.span), kind: "return", value: undefined }];
    body.program.check(body, node.value, undefined);
    report(body, "E0409", node.span, { problem: "`return` gives a value but the function declares no result" });
    return [];
  }
  if (node.value === undefined) {
    const problem = `\`return\` needs a value of type \`${showType(body.result)}\``;
    if (body.result.kind !== "poison") report(body, "E0409", node.span, { problem });
    return [];
  }
  return [{ ...fresh(body, node.span), kind: "return", value: checkAs(body, node.value, body.result) }];
}

function checkRequire(body: Body, node: Extract<StmtNode, { kind: "require" }>): Stmt[] {
  const cond = checkAs(body, node.cond, BOOL);
  const orElse: ErrorCall | undefined = node.orElse === undefined ? undefined : checkErrorUse(body, node.orElse);
  return [{ ...fresh(body, node.span), kind: "require", cond, orElse }];
}

function checkRevert(body: Body, node: Extract<StmtNode, { kind: "revert" }>): Stmt[] {
  const error = node.error === undefined ? undefined : checkErrorUse(body, node.error);
  return [{ ...fresh(body, node.span), kind: "revert", error }];
}

function checkExprStmt(body: Body, node: Extract<StmtNode, { kind: "expr" }>): Stmt[] {
  const expr = body.program.check(body, node.expr, undefined);
  if (expr.type.kind === "poison") return [];
  if (expr.kind !== "call" && expr.kind !== "pay" && expr.kind !== "next") {
    report(body, "E0408", node.span);
    return [];
  }
  return [{ ...fresh(body, node.span), kind: "expr", expr }];
}
