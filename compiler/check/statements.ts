/**
 * Checks statements of functions, guards and `init`. A statement becomes one or more typed statements; with them goes whether control
 * can come out at the end, which decides about missing returns and unreachable code.
 */
import type {
  Block,
  Expr as ExprNode,
  ForStmt,
  IfLetStmt,
  IfStmt,
  LetStmt,
  Pattern,
  ReturnStmt,
  Stmt as StmtNode,
  TupleExpr,
} from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { ErrorCall, Expr, LocalId, Stmt } from "../typed/tree.ts";
import { checkAssign, checkDelete } from "./assign.ts";
import { checkAs } from "./coerce.ts";
import { addHidden, addLocal, BOOL, node as fresh, POISON, report } from "./context.ts";
import type { Body } from "./context.ts";
import { checkIfLet, checkMatch } from "./match-stmt.ts";
import type { Branch, Checked } from "./match-stmt.ts";
import { claimOf } from "./invariant-claims.ts";
import { bindTuple } from "./patterns.ts";
import { checkRange } from "./ranges.ts";
import { resolveType } from "./resolve-type.ts";
import { checkEmit, checkErrorUse } from "./uses.ts";

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
      return open(body.kind === "invariant" ? checkClaim(body, node) : checkRequire(body, node));
    case "revert":
      return { stmts: checkRevert(body, node), ends: true };
    case "emit":
      return open(checkEmit(body, node));
    case "delete":
      return open(checkDelete(body, node));
    case "expr":
      return open(checkEffect(body, node.expr));
    case "ifLet":
      return checkIf(body, node);
    case "match":
      return checkMatch(body, node, checkArm);
    case "assert":
      if (body.kind === "invariant") return open(checkClaim(body, node));
      report(body, "E0601", node.span, { construct: "`assert`" }, { help: "use `require`" });
      return open([]);
    case "expect":
    case "advance":
    case "blockOfCalls":
    case "fuzz":
      report(body, "E0601", node.span, { construct: TEST_WORDS[node.kind] });
      return open([]);
  }
}

const TEST_WORDS = { fuzz: "`fuzz`", expect: "`expect`", advance: "`advance`", blockOfCalls: "a block of calls" } as const;

function open(stmts: Stmt[]): Checked {
  return { stmts, ends: false };
}

// --- let -----------------------------------------------------------------------------------------------------------

function checkLet(body: Body, node: LetStmt): Stmt[] {
  const initial = checkInitial(body, node);
  const { pattern } = node;
  // What comes before the value may as well come before the statement.
  const [before, value] = initial.kind === "seq" ? [initial.body, initial.value] : [[], initial];
  return [...before, ...bindValue(body, node, pattern, value)];
}

function bindValue(body: Body, node: LetStmt, pattern: Pattern, value: Expr): Stmt[] {
  if (pattern.kind === "bind") {
    const local = addLocal(body, pattern.name, value.type, node.mutable);
    return [{ ...fresh(body, node.span), kind: "let", local, value }];
  }
  if (pattern.kind === "ignore") {
    return [{ ...fresh(body, node.span), kind: "let", local: addHidden(body, "_", value.type, pattern.span), value }];
  }
  const { locals, rest } = bindTuple(body, pattern, value.type, node.mutable);
  return [{ ...fresh(body, node.span), kind: "letTuple", locals, value }, ...rest];
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

// --- branches and loops --------------------------------------------------------------------------------------------

function checkIf(body: Body, first: IfStmt | IfLetStmt): Checked {
  const branches: (Branch & { readonly node: IfStmt | IfLetStmt })[] = [];
  let rest: Block | IfStmt | IfLetStmt | undefined = first;
  while (rest !== undefined && rest.kind !== "block") {
    const branch: Branch =
      rest.kind === "ifLet"
        ? checkIfLet(body, rest, checkArm)
        : { lets: [], cond: checkAs(body, rest.cond, BOOL), then: checkBlock(body, rest.then) };
    branches.push({ ...branch, node: rest });
    rest = rest.otherwise;
  }
  if (branches.length > MAX_BRANCHES) report(body, "E0391", first.span, { what: "the number of branches", limit: MAX_BRANCHES });
  let otherwise: Checked = rest === undefined ? open([]) : checkBlock(body, rest);
  for (const { node, lets, cond, then } of branches.reverse()) {
    const stmt: Stmt = { ...fresh(body, node.span), kind: "if", cond, then: then.stmts, otherwise: otherwise.stmts };
    otherwise = { stmts: [...lets, stmt], ends: then.ends && otherwise.ends };
  }
  return otherwise;
}

/** What runs when a pattern fits; an expression stands there as a statement would. */
function checkArm(body: Body, node: Block | ExprNode): Checked {
  return node.kind === "block" ? checkBlock(body, node) : open(checkEffect(body, node));
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
  if (node.cond.kind === "tuple" && node.orElse === undefined) return checkSolidityRequire(body, node, node.cond);
  const cond = checkAs(body, node.cond, BOOL);
  const orElse: ErrorCall | undefined = node.orElse === undefined ? undefined : checkErrorUse(body, node.orElse);
  return [{ ...fresh(body, node.span), kind: "require", cond, orElse }];
}

/** `assert` and `require` of an invariant. */
function checkClaim(body: Body, node: Extract<StmtNode, { kind: "assert" | "require" }>): Stmt[] {
  if (node.kind === "require" && (node.orElse !== undefined || node.cond.kind === "tuple")) return checkRequire(body, node);
  return claimOf(body, checkAs(body, node.cond, BOOL));
}

function checkRevert(body: Body, node: Extract<StmtNode, { kind: "revert" }>): Stmt[] {
  const error = node.error === undefined ? undefined : checkErrorUse(body, node.error);
  return [{ ...fresh(body, node.span), kind: "revert", error }];
}

/** `require(condition, "reason")` reads as a `require` of a tuple. */
function checkSolidityRequire(body: Body, node: StmtNode, cond: TupleExpr): Stmt[] {
  const found = body.program.check(body, cond, undefined);
  if (found.type.kind === "poison") return [];
  const help = "write `require condition else Error(…);`, with an `error Error(…);` of the contract";
  report(body, "E0301", cond.span, { expected: "`bool`", found: showType(found.type) }, { help });
  return [];
}

/** An expression as a statement: its value is dropped. */
function checkEffect(body: Body, node: ExprNode): Stmt[] {
  const expr = body.program.check(body, node, undefined);
  if (expr.type.kind === "poison") return [];
  if (expr.kind === "seq" && (expr.type.kind === "unit" || changes(expr.body))) return [...expr.body];
  const [lets, last] = expr.kind === "seq" ? [expr.body, expr.value] : [[], expr];
  if (EFFECTS.has(last.kind)) return [...lets, { ...fresh(body, node.span), kind: "expr", expr: last }];
  report(body, "E0408", node.span);
  return [];
}

const EFFECTS: ReadonlySet<Expr["kind"]> = new Set(["call", "pay", "next", "setChange", "external", "rawCall", "create"]);

/** Whether the statements of an expression do something by themselves, as those of `.pop()` do. */
function changes(stmts: readonly Stmt[]): boolean {
  return stmts.some((stmt) => stmt.kind !== "let" && stmt.kind !== "letTuple");
}
