/** Values with parts: elements and copies of lists, tagged values, members, and a value with one part replaced. Nothing is ever changed in place. */
import { Bug } from "../core/bug.ts";
import { payloadsOf, showType, type Type } from "../core/types.ts";
import type { Expr, ValueStep } from "../typed/tree.ts";
import { appliedCode, binaryCode, callCode, memberCode, primary, type Code } from "./code.ts";
import { isFixed, isScalar, type ExecScope } from "./exec-scope.ts";
import { propertyName } from "./names.ts";
import { castCode } from "./neutral.ts";
import { representationOf } from "./representation.ts";
import { annotation, helper, typeText, variantText } from "./scope.ts";

type Kind<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;

/** `.yes` or `[1]` */
export function memberText(type: Type, index: number): string {
  if (type.kind === "struct") return `.${propertyName(type.fields[index].name)}`;
  if (type.kind === "tuple") return `[${String(index)}]`;
  throw new Bug(`codegen: a member of ${type.kind}`);
}

export function listText(scope: ExecScope, elements: readonly Expr[]): Code {
  return primary(`[${elements.map((element) => scope.emit.expr(scope, element).text).join(", ")}]`);
}

// --- lists -----------------------------------------------------------------------------------------------------------

export function elementCode(scope: ExecScope, expr: Kind<"element">): Code {
  const list = scope.emit.expr(scope, expr.list);
  const index = scope.emit.expr(scope, expr.index);
  if (expr.list.kind === "local") {
    const element = primary(`${list.text}[x.index(${index.small ?? index.text}, ${list.text}.length)]`);
    return castCode(scope.module, element, typeText(scope.module, expr.type));
  }
  return callCode(helper("elementOf"), ["x", list, index.small ?? index]);
}

export function containsCode(scope: ExecScope, expr: Kind<"contains">): Code {
  const list = scope.emit.expr(scope, expr.list);
  const item = scope.emit.expr(scope, expr.item);
  if (isScalar(expr.item.type) && representationOf(expr.item.type) !== "bytes") return memberCode(list, `.includes(${item.text})`);
  return callCode(helper("containsValue"), ["x", list, item]);
}

export function pushCode(scope: ExecScope, expr: Kind<"push">): Code {
  if (expr.type.kind !== "list") throw new Bug(`codegen: push to ${showType(expr.type)}`);
  const list = typedList(scope, expr.list);
  return callCode(helper("pushed"), ["x", list, scope.emit.expr(scope, expr.item), String(expr.type.max)]);
}

export function popCode(scope: ExecScope, expr: Kind<"pop">): Code {
  return callCode(helper("popped"), ["x", typedList(scope, expr.list)]);
}

/** An empty list by itself has no type that a helper could go by. */
function typedList(scope: ExecScope, list: Expr): Code {
  const code = scope.emit.expr(scope, list);
  return list.kind === "list" ? castCode(scope.module, code, typeText(scope.module, list.type)) : code;
}

// --- tagged values ---------------------------------------------------------------------------------------------------

export function variantCode(scope: ExecScope, expr: Kind<"variant">): Code {
  const parts = expr.args.map((arg) => scope.emit.expr(scope, arg).text);
  return castCode(scope.module, primary(`[${[String(expr.variant), ...parts].join(", ")}]`), typeText(scope.module, expr.type));
}

export function isVariantCode(scope: ExecScope, expr: Kind<"isVariant">): Code {
  return binaryCode("===", memberCode(scope.emit.expr(scope, expr.of), "[0]"), primary(String(expr.variant)));
}

export function payloadCode(scope: ExecScope, expr: Kind<"payload">): Code {
  const { type } = expr.of;
  if (type.kind !== "option" && type.kind !== "enum") throw new Bug(`codegen: what ${showType(type)} carries`);
  const value = scope.emit.expr(scope, expr.of);
  const variant = castCode(scope.module, value, variantText(scope.module, payloadsOf(type)[expr.variant]));
  return memberCode(variant, `[${String(expr.index + 1)}]`);
}

// --- a part replaced -------------------------------------------------------------------------------------------------

/**
 * `base`, the indexes and the value are computed once and in this order; where that isn't plain to see they become the parameters of a function that is
 * called on the spot.
 */
export function withCode(scope: ExecScope, expr: Kind<"with">): Code {
  const steps: { readonly step: ValueStep; readonly index: Code | undefined }[] = [];
  const params: string[] = [];
  const args: Code[] = [];
  const single = expr.path.length === 1;
  const operand = (wish: string, part: Expr, type: string): Code => {
    const code = scope.emit.expr(scope, part);
    // Indexes alone may be plain numbers whatever their type.
    const short = wish === "at" && code.small !== undefined ? primary(code.small) : code;
    if (single || isPlain(scope, part)) return short;
    const name = scope.names.temporary(wish);
    params.push(name + annotation(scope.module, `: ${type}`));
    args.push(code);
    return primary(name);
  };
  const base = operand("base", expr.base, typeText(scope.module, expr.base.type));
  for (const step of expr.path) {
    steps.push({ step, index: step.kind === "element" ? operand("at", step.index, "bigint") : undefined });
  }
  const value = operand("part", expr.value, typeText(scope.module, expr.value.type));
  const result = replaced(scope, expr.base.type, base, steps, value);
  return params.length === 0 ? result : appliedCode(params, result, args);
}

/** Short to write several times, and the same each time. */
function isPlain(scope: ExecScope, expr: Expr): boolean {
  return expr.kind === "literal" || (expr.kind === "local" && isFixed(scope, expr.local));
}

function replaced(
  scope: ExecScope,
  type: Type,
  base: Code,
  path: readonly { readonly step: ValueStep; readonly index: Code | undefined }[],
  value: Code,
): Code {
  const first = path.at(0);
  if (first === undefined) return value;
  const rest = path.slice(1);
  if (first.step.kind === "element") {
    if (type.kind !== "list" || first.index === undefined) throw new Bug(`codegen: an element of ${showType(type)}`);
    const old = callCode(helper("elementOf"), ["x", base, first.index]);
    return callCode(helper("withElement"), ["x", base, first.index, replaced(scope, type.element, old, rest, value)]);
  }
  const { index } = first.step;
  const inner = type.kind === "struct" ? type.fields[index].type : type.kind === "tuple" ? type.elements[index].type : undefined;
  if (inner === undefined) throw new Bug(`codegen: a member of ${showType(type)}`);
  const part = replaced(scope, inner, memberCode(base, memberText(type, index)), rest, value);
  if (type.kind === "struct") return primary(`{ ...${base.text}, ${propertyName(type.fields[index].name)}: ${part.text} }`);
  return castCode(scope.module, memberCode(base, `.with(${String(index)}, ${part.text})`), typeText(scope.module, type));
}
