/**
 * `match` that stands for a value: a `let` of what is taken apart, then nested conditional expressions. An arm may be a block only if it reverts:
 * it has no value then, and needs none.
 */
import type { Block, Expr as ExprNode, MatchExpr } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr, Stmt } from "../typed/tree.ts";
import { coerce, wider } from "./coerce.ts";
import { node as fresh, poison, report } from "./context.ts";
import type { Body } from "./context.ts";
import { defaultOf } from "./defaults.ts";
import { flexibility, intHint } from "./flexible.ts";
import { after } from "./path.ts";
import { checkCoverage, checkPattern, checkSubject, isVariant } from "./patterns.ts";
import type { Asked, Subject } from "./patterns.ts";
import { checkBlock } from "./statements.ts";

interface Arm {
  readonly asked: Asked;
  readonly span: ExprNode["span"];
  readonly stmts: readonly Stmt[];
  /** Undefined of a block that reverts. */
  readonly value: Expr | undefined;
}

export function checkMatchExpr(body: Body, node: MatchExpr, hint: Type | undefined): Expr {
  if (body.kind === "test") {
    report(body, "E0602", node.span, { construct: "`match`" });
    return poison(body, node.span);
  }
  const subject = checkSubject(body, node.subject);
  const arms = checkArms(body, node, subject, hint);
  checkCoverage(body, { start: node.span.start, end: node.subject.span.end }, subject.type, arms);
  const type = commonType(body, arms, hint);
  // Without arms its coverage is what was wrong.
  const wrong = arms.length === 0 || subject.type.kind === "poison" || arms.some((arm) => arm.asked === "wrong");
  if (type === undefined || wrong) return poison(body, node.span);
  const values = arms.map((arm): Expr => {
    const value = arm.value === undefined ? defaultOf(body, type, arm.span) : coerce(body, arm.value, type);
    return after(body, arm.stmts, value);
  });
  if (values.some((value) => value.type.kind === "poison")) return poison(body, node.span);
  let chosen = values[values.length - 1];
  for (let i = values.length - 2; i >= 0; i--) {
    const { asked, span } = arms[i];
    const cond = isVariant(body, span, subject, typeof asked === "number" ? asked : 0);
    chosen = { ...fresh(body, node.span), kind: "ifExpr", type, cond, then: values[i], otherwise: chosen };
  }
  return after(body, subject.lets, chosen);
}

/** Literals among the arms take the type of the first arm that has one of its own, so that one is checked first. */
function checkArms(body: Body, node: MatchExpr, subject: Subject, hint: Type | undefined): readonly Arm[] {
  const leads = (arm: (typeof node.arms)[number]): boolean =>
    arm.body.kind !== "block" && arm.body.kind !== "none" && flexibility(body, arm.body) === "no";
  const first = hint === undefined ? Math.max(0, node.arms.findIndex(leads)) : 0;
  const checked = new Map<number, Arm>();
  let wanted = hint;
  for (const i of [first, ...node.arms.keys()]) {
    const arm = node.arms.at(i);
    if (arm === undefined || checked.has(i)) continue;
    body.scopes.push(new Map());
    const { asked, lets } = checkPattern(body, arm.pattern, subject);
    const inner = checkArm(body, arm.body, wanted);
    body.scopes.pop();
    checked.set(i, { asked, span: arm.pattern.span, stmts: [...lets, ...inner.stmts], value: inner.value });
    if (wanted === undefined && inner.value !== undefined) {
      wanted = intHint(inner.value.type) ?? (inner.value.type.kind === "poison" ? undefined : inner.value.type);
    }
  }
  return [...checked].sort(([a], [b]) => a - b).map(([, arm]) => arm);
}

function checkArm(body: Body, node: Block | ExprNode, hint: Type | undefined): Pick<Arm, "stmts" | "value"> {
  if (node.kind !== "block") return { stmts: [], value: body.program.check(body, node, hint) };
  const { stmts, ends } = checkBlock(body, node);
  if (ends && !returns(stmts)) return { stmts, value: undefined };
  report(body, "E0342", node.span);
  return { stmts, value: poison(body, node.span) };
}

/** Whether some path leaves the function with a `return`. */
function returns(stmts: readonly Stmt[]): boolean {
  return stmts.some((stmt) => {
    if (stmt.kind === "if") return returns(stmt.then) || returns(stmt.otherwise);
    if (stmt.kind === "forList" || stmt.kind === "forRange") return returns(stmt.body);
    return stmt.kind === "return";
  });
}

/** The one type of all arms; undefined with the mistake reported. */
function commonType(body: Body, arms: readonly Arm[], hint: Type | undefined): Type | undefined {
  const values = arms.flatMap((arm) => (arm.value === undefined ? [] : [arm.value]));
  for (const value of values) if (value.type.kind === "unit") body.program.reporter.report("E0320", value.site);
  if (values.some((value) => value.type.kind === "poison" || value.type.kind === "unit")) return undefined;
  const [first] = values;
  if (values.length === 0) return hint;
  if (hint !== undefined && values.every((value) => wider(hint, value.type) === hint)) return hint;
  let type = first.type;
  for (const value of values) {
    const both = wider(type, value.type);
    if (both === undefined) {
      const notes = [{ ...first.site, text: `this arm gives \`${showType(first.type)}\`` }];
      body.program.reporter.report("E0301", value.site, { expected: `\`${showType(type)}\``, found: showType(value.type) }, { notes });
      return undefined;
    }
    type = both;
  }
  return type;
}
