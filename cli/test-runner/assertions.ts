/**
 * Conditions of `assert`, taken apart: which part decided, and the values on which it did. Each part is evaluated once, from left to right, as far as the
 * language evaluates it: a part may make calls.
 */
import type { Type } from "../../compiler/core/types.ts";
import type { Site, TestExpr } from "../../compiler/typed/tree.ts";
import type { TestNote } from "./failure.ts";
import { applyBinary } from "./operators.ts";
import { isList, showValue } from "./values.ts";
import type { Names, TestValue } from "./values.ts";

export interface Verdict {
  readonly holds: boolean;
  /** Of the part that decided. */
  readonly site: Site;
  readonly notes: readonly TestNote[];
}

type Evaluate = (expr: TestExpr) => Promise<TestValue>;

/** Longer values are cut; what differs is told. */
const MAX_SHOWN = 200;

export async function judge(cond: TestExpr, evaluate: Evaluate, names: Names): Promise<Verdict> {
  if (cond.kind === "pure" && cond.expr.kind === "unary" && cond.expr.op === "!") {
    const { operand } = cond.expr;
    const inner = await judge(operand, evaluate, names);
    const notes = inner.notes.length > 0 ? inner.notes : [{ site: operand.site, text: `is ${String(inner.holds)}` }];
    return { holds: !inner.holds, site: cond.site, notes };
  }
  if (cond.kind === "pure" && cond.expr.kind === "binary") {
    const { op, left, right } = cond.expr;
    if (op === "&&" || op === "||") {
      const first = await judge(left, evaluate, names);
      // The left side decides alone where it doesn't hold of `&&`, or holds of `||`.
      if (first.holds === (op === "||")) return first;
      const second = await judge(right, evaluate, names);
      if (op === "&&" && !second.holds) return second;
      return { holds: second.holds, site: cond.site, notes: [...labelled(first), ...labelled(second)] };
    }
    const [a, b] = [await evaluate(left), await evaluate(right)];
    const holds = applyBinary(op, left.type, a, b, cond.site) === true;
    const where = op === "==" ? differenceOf(a, b, left.type) : "";
    const differs = where === "" ? "" : `, which differs at \`${where}\``;
    return {
      holds,
      site: cond.site,
      notes: [
        { site: left.site, text: `is ${shown(a, left.type, names)}` },
        { site: right.site, text: `is ${shown(b, right.type, names)}${differs}` },
      ],
    };
  }
  const holds = (await evaluate(cond)) === true;
  const notes: TestNote[] = [];
  for (const arg of argumentsOf(cond)) {
    if (isQuiet(arg) && !isPlain(arg)) notes.push({ site: arg.site, text: `is ${shown(await evaluate(arg), arg.type, names)}` });
  }
  return { holds, site: cond.site, notes };
}

/** A part without values of its own is told by what it is. */
function labelled({ holds, site, notes }: Verdict): readonly TestNote[] {
  return notes.length > 0 ? notes : [{ site, text: `is ${String(holds)}` }];
}

function shown(value: TestValue, type: Type, names: Names): string {
  const text = showValue(value, type, names);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

/** `.owner`, `[2]`: the first part in which two values of several parts differ; empty for values without parts. */
function differenceOf(a: TestValue, b: TestValue, type: Type): string {
  if (!isList(a) || !isList(b)) return "";
  switch (type.kind) {
    case "struct":
      return firstDifference(a, b, (i) => ({ name: `.${type.fields[i].name}`, type: type.fields[i].type }));
    case "tuple":
      return firstDifference(a, b, (i) => ({ name: `.${type.elements[i].name ?? i}`, type: type.elements[i].type }));
    case "list":
      return a.length === b.length ? firstDifference(a, b, (i) => ({ name: `[${i}]`, type: type.element })) : ".len()";
    default:
      return "";
  }
}

function firstDifference(
  a: readonly TestValue[],
  b: readonly TestValue[],
  part: (index: number) => { readonly name: string; readonly type: Type },
): string {
  for (const [i, value] of a.entries()) {
    if (isSame(value, b[i])) continue;
    const { name, type } = part(i);
    return name + differenceOf(value, b[i], type);
  }
  return "";
}

function isSame(a: TestValue, b: TestValue): boolean {
  if (!isList(a) || !isList(b)) return a === b;
  return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
}

/** What the value of a condition that is no operator was made of. */
function argumentsOf(cond: TestExpr): readonly TestExpr[] {
  if (cond.kind === "call") return cond.call.args;
  if (cond.kind !== "pure") return [];
  const { expr } = cond;
  if (expr.kind === "contains") return [expr.list, expr.item];
  return expr.kind === "call" || expr.kind === "builtin" ? expr.args : [];
}

/** Shown as it is written. */
function isPlain(expr: TestExpr): boolean {
  if (expr.kind === "account") return true;
  if (expr.kind !== "pure") return false;
  const { expr: inner } = expr;
  return (
    inner.kind === "literal" ||
    (inner.kind === "list" && inner.elements.every(isPlain)) ||
    (inner.kind === "convert" && isPlain(inner.operand))
  );
}

/** Evaluated again it gives the same and does nothing: it makes no call. */
function isQuiet(expr: TestExpr): boolean {
  if (expr.kind === "call") return false;
  if (expr.kind !== "pure") return true;
  const { expr: inner } = expr;
  switch (inner.kind) {
    case "literal":
    case "local":
      return true;
    case "unary":
    case "convert":
      return isQuiet(inner.operand);
    case "binary":
      return isQuiet(inner.left) && isQuiet(inner.right);
    case "tuple":
    case "list":
      return inner.elements.every(isQuiet);
    case "struct":
      return inner.values.every(isQuiet);
    case "member":
      return isQuiet(inner.object);
    case "element":
      return isQuiet(inner.list) && isQuiet(inner.index);
    case "length":
      return isQuiet(inner.of);
    case "contains":
      return isQuiet(inner.list) && isQuiet(inner.item);
    case "ifExpr":
      return isQuiet(inner.cond) && isQuiet(inner.then) && isQuiet(inner.otherwise);
    case "variant":
    case "encode":
    case "concat":
    case "builtin":
    case "call":
      return inner.args.every(isQuiet);
  }
}
