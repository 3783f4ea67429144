/**
 * Statements inside expressions (`match`, `if let` and `.pop()` where a value is expected) move in front of the statement around them. What the
 * expression computes before them gets a name there, so that the order of evaluation stays, and what runs only under a condition stands in an `if`.
 * Functions without such expressions never come here.
 */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { childrenOf, visitExpr } from "../typed/walk.ts";
import type { Expr, LocalId, StatePlace } from "../typed/tree.ts";
import { isStable, matters, type ExecScope } from "./exec-scope.ts";
import { asStatement } from "./code.ts";
import { assignment, block, definition, type Line } from "./lines.ts";
import { chosen } from "./probes.ts";
import { annotation, typeText } from "./scope.ts";

export function containsSeq(scope: ExecScope, expr: Expr): boolean {
  if (!scope.hasSeq) return false;
  let found = expr.kind === "seq";
  visitExpr(expr, {
    expr: (part) => {
      found ||= part.kind === "seq";
    },
    seq: () => undefined,
  });
  return found;
}

type Choice = Extract<Expr, { kind: "ifExpr" }>;

/** Whether the branches have statements. */
function branches(scope: ExecScope, choice: Choice): boolean {
  return containsSeq(scope, choice.then) || containsSeq(scope, choice.otherwise);
}

/** Whether `valueLines` will take the value from several branches. */
export function isBranched(scope: ExecScope, expr: Expr): boolean {
  let inner = expr;
  while (inner.kind === "seq") inner = inner.value;
  return inner.kind === "ifExpr" && branches(scope, inner);
}

/** Lines that compute the value and hand it to `take`: once, or once in each branch that it may come from. */
export function valueLines(scope: ExecScope, expr: Expr, take: (value: Expr) => readonly Line[]): readonly Line[] {
  if (!containsSeq(scope, expr)) return take(expr);
  const lines: Line[] = [];
  let inner = expr;
  while (inner.kind === "seq") {
    lines.push(...scope.emit.block(scope, inner.body));
    inner = inner.value;
  }
  if (inner.kind !== "ifExpr" || !branches(scope, inner)) {
    const value = hoisted(scope, inner, lines);
    return [...lines, ...take(value)];
  }
  const cond = hoisted(scope, inner.cond, lines);
  const head = `if (${chosen(scope, inner.id, scope.emit.expr(scope, cond)).text})`;
  const otherwise = valueLines(scope, inner.otherwise, take);
  const next = otherwise.length === 0 ? undefined : elseOf(otherwise);
  const body = valueLines(scope, inner.then, take);
  lines.push({ kind: "block", head, body, next, optional: scope.module.probes === undefined && !matters(scope, cond) });
  return lines;
}

/** `else if` where the other side is one more choice. */
function elseOf(lines: readonly Line[]): Line {
  const [only] = lines;
  if (lines.length === 1 && only.kind === "block" && only.head.startsWith("if (")) return { ...only, head: `else ${only.head}` };
  return block("else", lines);
}

/** The expression without statements; they are added to `before`. */
export function hoisted(scope: ExecScope, expr: Expr, before: Line[]): Expr {
  if (!containsSeq(scope, expr)) return expr;
  switch (expr.kind) {
    case "seq":
      before.push(...scope.emit.block(scope, expr.body));
      return hoisted(scope, expr.value, before);
    case "ifExpr": {
      if (!branches(scope, expr)) return { ...expr, cond: hoisted(scope, expr.cond, before) };
      const { name, local } = temporary(scope, expr.type);
      before.push(declaration(scope, name, expr.type));
      before.push(...valueLines(scope, expr, (value) => assigned(scope, name, value)));
      return local(expr);
    }
    case "binary":
      return hoistedChain(scope, expr, before);
    default: {
      const parts = operandsOf(expr);
      const made = hoistedAll(scope, parts, before);
      return withOperands(expr, made);
    }
  }
}

/** Several expressions that are evaluated one after the other. */
export function hoistedAll(scope: ExecScope, exprs: readonly Expr[], before: Line[]): readonly Expr[] {
  let last = exprs.length - 1;
  while (last >= 0 && !containsSeq(scope, exprs[last])) last -= 1;
  return exprs.map((expr, i) => {
    if (i > last) return expr;
    const value = hoisted(scope, expr, before);
    return i === last ? value : kept(scope, value, before);
  });
}

/** Long chains lean left: operands are taken in a loop. */
function hoistedChain(scope: ExecScope, top: Extract<Expr, { kind: "binary" }>, before: Line[]): Expr {
  const chain: Extract<Expr, { kind: "binary" }>[] = [];
  let first: Expr = top;
  for (; first.kind === "binary"; first = first.left) chain.push(first);
  let value = hoisted(scope, first, before);
  for (const node of chain.reverse()) {
    if (!containsSeq(scope, node.right)) value = { ...node, left: value };
    else if (node.op === "&&" || node.op === "||") {
      // The right side runs only when the left one doesn't decide.
      const { name, local } = temporary(scope, node.type);
      const left = chosen(scope, node.id, scope.emit.expr(scope, value));
      const effect = scope.module.probes === undefined ? effectOf(scope, value) : asStatement(left);
      before.push(definition([name], `let ${name}${typeNote(scope, node.type)} = ${left.text};`, effect));
      const cond = node.op === "&&" ? name : `!${name}`;
      before.push(
        block(
          `if (${cond})`,
          valueLines(scope, node.right, (right) => assigned(scope, name, right)),
        ),
      );
      value = local(node);
    } else {
      const left = kept(scope, value, before);
      value = { ...node, left, right: hoisted(scope, node.right, before) };
    }
  }
  return value;
}

/** The value, computed here and now. */
export function kept(scope: ExecScope, value: Expr, before: Line[]): Expr {
  if (isStable(scope, value)) return value;
  const { name, local } = temporary(scope, value.type);
  before.push(
    definition(
      [name],
      `const ${name}${needsType(value) ? typeNote(scope, value.type) : ""} = ${scope.emit.expr(scope, value).text};`,
      effectOf(scope, value),
    ),
  );
  return local(value);
}

function effectOf(scope: ExecScope, value: Expr): string | undefined {
  return matters(scope, value) ? asStatement(scope.emit.expr(scope, value)) : undefined;
}

export function assigned(scope: ExecScope, name: string, value: Expr): readonly Line[] {
  return [assignment(name, scope.emit.expr(scope, value).text, effectOf(scope, value))];
}

export function declaration(scope: ExecScope, name: string, type: Type): Line {
  return definition([name], `let ${name}${typeNote(scope, type)};`, undefined);
}

/** TypeScript would give a literal the literal's type, and an empty list none. */
export function needsType(value: Expr): boolean {
  switch (value.kind) {
    case "literal":
    case "ifExpr":
    case "list":
    case "binary":
    case "unary":
      return true;
    default:
      return false;
  }
}

export function typeNote(scope: ExecScope, type: Type): string {
  return annotation(scope.module, `: ${typeText(scope.module, type)}`);
}

/** A local that the author's code doesn't have. */
function temporary(scope: ExecScope, type: Type): { readonly name: string; readonly local: (like: Expr) => Expr } {
  if (type.kind === "unit") throw new Bug("codegen: nothing can't be kept");
  const name = scope.names.temporary("t");
  const index = scope.locals.push(name) - 1;
  return { name, local: (like) => ({ kind: "local", id: like.id, site: like.site, type, local: asLocal(index) }) };
}

function asLocal(index: number): LocalId {
  return index as LocalId;
}

// --- operands --------------------------------------------------------------------------------------------------------

/** In the order of evaluation; those that aren't always computed are handled where they stand. */
function operandsOf(expr: Expr): readonly Expr[] {
  return expr.kind === "binary" || expr.kind === "ifExpr" || expr.kind === "seq" ? [] : childrenOf(expr);
}

function placeWith(place: StatePlace, keys: readonly Expr[]): StatePlace {
  return { ...place, keys: keys.slice(0, place.keys.length) };
}

function withOperands(expr: Expr, parts: readonly Expr[]): Expr {
  switch (expr.kind) {
    case "load":
    case "has":
      return { ...expr, place: placeWith(expr.place, parts) };
    case "past":
      return { ...expr, place: placeWith(expr.place, parts), height: parts[parts.length - 1] };
    case "setChange":
      return { ...expr, entry: placeWith(expr.entry, parts), length: placeWith(expr.length, parts) };
    case "member":
      return { ...expr, object: parts[0] };
    case "element":
      return { ...expr, list: parts[0], index: parts[1] };
    case "length":
    case "isVariant":
    case "payload":
      return { ...expr, of: parts[0] };
    case "contains":
      return { ...expr, list: parts[0], item: parts[1] };
    case "unary":
    case "convert":
      return { ...expr, operand: parts[0] };
    case "tuple":
    case "list":
      return { ...expr, elements: parts };
    case "struct":
      return { ...expr, values: expr.values.map((_, i) => parts[expr.order.indexOf(i)]) };
    case "with": {
      let next = 1;
      const path = expr.path.map((step) => (step.kind === "element" ? { ...step, index: parts[next++] } : step));
      return { ...expr, base: parts[0], path, value: parts[next] };
    }
    case "push":
      return { ...expr, list: parts[0], item: parts[1] };
    case "pop":
      return { ...expr, list: parts[0] };
    case "decode":
      return { ...expr, data: parts[0] };
    case "external":
      return { ...expr, target: parts[0], args: parts.slice(1) };
    case "rawCall":
      return { ...expr, target: parts[0], value: parts[1], data: parts[2] };
    case "pay":
      return { ...expr, to: parts[0], amount: parts[1] };
    case "builtin":
    case "call":
    case "variant":
    case "encode":
    case "concat":
    case "create":
      return { ...expr, args: parts };
    default:
      throw new Bug(`codegen: statements inside ${expr.kind}`);
  }
}
