/** `match` and `if let` as statements: they become a `let` of what is taken apart, and `if`s. */
import type { Block, Expr as ExprNode, IfLetStmt, MatchStmt, Span } from "../../grammar/ast.ts";
import type { Expr, Stmt } from "../typed/tree.ts";
import { node as fresh, report } from "./context.ts";
import type { Body } from "./context.ts";
import { checkCoverage, checkPattern, checkSubject, isVariant } from "./patterns.ts";
import type { Asked } from "./patterns.ts";

/** `ends`: control never comes out at the end. */
export interface Checked {
  readonly stmts: Stmt[];
  readonly ends: boolean;
}

/** Checks the body of an arm or branch in a scope of its own. */
type CheckArm = (body: Body, node: Block | ExprNode) => Checked;

export function checkMatch(body: Body, node: MatchStmt, checkArm: CheckArm): Checked {
  const subject = checkSubject(body, node.subject);
  const arms = node.arms.map((arm) => {
    body.scopes.push(new Map());
    const { asked, lets } = checkPattern(body, arm.pattern, subject);
    const inner = checkArm(body, arm.body);
    body.scopes.pop();
    return { asked, span: arm.pattern.span, stmts: [...lets, ...inner.stmts], ends: inner.ends };
  });
  checkCoverage(body, { start: node.span.start, end: node.subject.span.end }, subject.type, arms);
  // Of arms that cover everything, the last one that is reached needs no question.
  let otherwise: Checked = { stmts: [], ends: arms.length > 0 };
  for (const [i, arm] of [...arms].reverse().entries()) {
    if (i === 0) otherwise = { stmts: arm.stmts, ends: arm.ends };
    else otherwise = branch(arm, conditionOf(arm), otherwise);
  }
  return { stmts: [...subject.lets, ...otherwise.stmts], ends: otherwise.ends };

  /** It stands where the pattern does. */
  function conditionOf({ asked, span }: { readonly asked: Asked; readonly span: Span }): Expr {
    return isVariant(body, span, subject, typeof asked === "number" ? asked : 0);
  }

  function branch(arm: Checked, cond: Expr, rest: Checked): Checked {
    const stmt: Stmt = { ...fresh(body, node.span), kind: "if", cond, then: arm.stmts, otherwise: rest.stmts };
    return { stmts: [stmt], ends: arm.ends && rest.ends };
  }
}

/** One branch of a chain: what is computed before its condition, the condition, and what runs when it holds. */
export interface Branch {
  readonly lets: readonly Stmt[];
  readonly cond: Expr;
  readonly then: Checked;
}

export function checkIfLet(body: Body, node: IfLetStmt, checkArm: CheckArm): Branch {
  const subject = checkSubject(body, node.value);
  body.scopes.push(new Map());
  const { asked, lets } = checkPattern(body, node.pattern, subject);
  if (asked === "all") report(body, "E0343", node.pattern.span);
  const inner = checkArm(body, node.then);
  body.scopes.pop();
  const cond = isVariant(body, node.pattern.span, subject, typeof asked === "number" ? asked : 0);
  return { lets: subject.lets, cond, then: { stmts: [...lets, ...inner.stmts], ends: inner.ends } };
}
