/** Expressions of function bodies as JavaScript, evaluated from left to right with the checks of the language. */
import { Bug, unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import type { Expr, Value } from "../typed/tree.ts";
import { callCode, memberCode, numberCode, primary, sequenceCode, ternaryCode, unaryCode, type Code } from "./code.ts";
import { binaryExpr } from "./exec-binary.ts";
import { fitted } from "./exec-arithmetic.ts";
import { localName, mayFail, noticedKeys, offsetText, wordText, type ExecScope } from "./exec-scope.ts";
import { intText } from "./literals.ts";
import { propertyName } from "./names.ts";
import { loadMethod, representationOf, rangeOf, widthSuffix } from "./representation.ts";
import { addressIndex, annotation, functionName, helper, leafName, textName, typeText, type ModuleScope } from "./scope.ts";

export function exprCode(scope: ExecScope, expr: Expr): Code {
  switch (expr.kind) {
    case "literal":
      return literalCode(scope.module, expr.type, expr.value, "x");
    case "local":
      return primary(localName(scope, expr.local));
    case "context":
      return primary(CONTEXT[expr.name]);
    case "load":
      return loadCode(scope, expr);
    case "immutable":
      return immutableCode(scope, expr);
    case "selfBalance":
      return primary(`x.loadU256(${leafName(scope.module, 0)}, ${wordText(scope, expr.id)})`);
    case "next":
      return primary(`x.${representationOf(expr.type) === "number" ? "ticket32" : "ticket64"}(${wordText(scope, expr.id)})`);
    case "member":
      return memberCode(exprCode(scope, expr.object), memberText(expr.object.type, expr.index));
    case "element":
      return elementCode(scope, expr);
    case "length": {
      const length = memberCode(exprCode(scope, expr.of), ".length");
      return { ...callCode("BigInt", [length]), small: length.text };
    }
    case "contains":
      return memberCode(exprCode(scope, expr.list), `.includes(${exprCode(scope, expr.item).text})`);
    case "unary":
      return unaryExpr(scope, expr);
    case "binary":
      return binaryExpr(scope, expr, exprCode);
    case "convert":
      return convertCode(scope, expr.operand.type, expr.type, exprCode(scope, expr.operand));
    case "tuple": {
      const type = annotation(scope.module, ` as ${typeText(scope.module, expr.type)}`);
      const list = tupleText(scope, expr.elements);
      return type === "" ? list : { text: list.text + type, binds: 1, small: undefined };
    }
    case "list":
      return tupleText(scope, expr.elements);
    case "struct": {
      // In the order in which the author wrote them: it is the order of evaluation.
      const members = expr.order.map((i) => `${propertyName(expr.struct.fields[i].name)}: ${exprCode(scope, expr.values[i]).text}`);
      return primary(`{ ${members.join(", ")} }`);
    }
    case "ifExpr":
      return ternaryCode(exprCode(scope, expr.cond), exprCode(scope, expr.then), exprCode(scope, expr.otherwise));
    case "builtin":
      return builtinCode(scope, expr);
    case "call": {
      const base = offsetText(scope.region, scope.frame.calls.get(expr.id) ?? 0);
      return callCode(functionName(scope.module, expr.func), ["x", base, ...expr.args.map((arg) => exprCode(scope, arg))]);
    }
    case "pay": {
      const amount = exprCode(scope, expr.amount);
      const pay = callCode("x.pay", [wordText(scope, expr.id), wordText(scope, expr.id, 1), amount]);
      const to = noticed(scope, [expr.to]);
      return sequenceCode(to, pay);
    }
    default:
      return unreachable(expr, "exec expression");
  }
}

export function tupleText(scope: ExecScope, elements: readonly Expr[]): Code {
  return primary(`[${elements.map((element) => exprCode(scope, element).text).join(", ")}]`);
}

const CONTEXT = {
  caller: "x.caller",
  value: "x.value()",
  "self.address": "x.self",
  "block.height": "x.height",
  "block.time": "x.time",
  "chain.id": "x.chainId",
} as const;

export function literalCode(module: ModuleScope, type: Type, value: Value, runtime: "x" | "p"): Code {
  switch (value.kind) {
    case "bool":
      return primary(String(value.value));
    case "int": {
      const small = value.value >= 0n && value.value < 1n << 31n ? String(value.value) : undefined;
      return numberCode(intText(type, value.value), small);
    }
    case "enum":
      return primary(String(value.value));
    case "address":
      return primary(`${runtime}.address(${String(addressIndex(module, value.value))})`);
    case "bytes32":
      return primary(`${value.value}n`);
    case "string":
      return primary(textName(module, value.value));
    default:
      return unreachable(value, "literal");
  }
}

/** `.yes` or `[1]` */
export function memberText(type: Type, index: number): string {
  if (type.kind === "struct") return `.${propertyName(type.fields[index].name)}`;
  if (type.kind === "tuple") return `[${String(index)}]`;
  throw new Bug(`codegen: a member of ${type.kind}`);
}

/** Keys and receivers whose computation may revert, as expressions that stand before the access. */
export function noticed(scope: ExecScope, exprs: readonly Expr[]): readonly Code[] {
  return exprs.filter((expr) => noticedKeys({ keys: [expr] }).length > 0).map((expr) => exprCode(scope, expr));
}

// --- reading state -------------------------------------------------------------------------------------------------

function loadCode(scope: ExecScope, expr: Extract<Expr, { kind: "load" }>): Code {
  const leaves = leavesOfPlace(scope.module.leaves, expr.place);
  const used = scope.module.footprints.usedLeaves.get(expr.id);
  let next = 0;
  const value = build(scope, expr.type, () => {
    const leaf = leaves[next];
    const word = wordText(scope, expr.id, next);
    next += 1;
    if (leaves.length > 1 && used?.has(leaf.index) === false) return undefined;
    return primary(`x.${loadMethod(leaf.type)}(${leafName(scope.module, leaf)}, ${word})`);
  });
  return sequenceCode(noticed(scope, expr.place.keys), value ?? primary("{}"));
}

function immutableCode(scope: ExecScope, expr: Extract<Expr, { kind: "immutable" }>): Code {
  const leaves = scope.module.leaves.byField[expr.field.index];
  let next = 0;
  const value = build(scope, expr.type, () => {
    const leaf = leaves[next];
    next += 1;
    return primary(`x.immutable${widthSuffix(leaf.type)}(${leafName(scope.module, leaf)})`);
  });
  return value ?? primary("{}");
}

/** A value put together from its leaves; members none of whose leaves are used are left out. */
function build(scope: ExecScope, type: Type, leaf: () => Code | undefined): Code | undefined {
  if (type.kind === "struct") {
    const members = type.fields.flatMap((field) => {
      const value = build(scope, field.type, leaf);
      return value === undefined ? [] : [`${propertyName(field.name)}: ${value.text}`];
    });
    return members.length === 0 ? undefined : primary(`{ ${members.join(", ")} }`);
  }
  if (type.kind === "tuple") {
    const elements = type.elements.map((element) => build(scope, element.type, leaf));
    if (elements.every((element) => element === undefined)) return undefined;
    const types = type.elements.map((element, i) => (elements[i] === undefined ? "undefined" : typeText(scope.module, element.type)));
    const cast = annotation(scope.module, ` as readonly [${types.join(", ")}]`);
    return {
      text: `[${elements.map((element) => element?.text ?? "undefined").join(", ")}]${cast}`,
      binds: cast === "" ? 20 : 1,
      small: undefined,
    };
  }
  return leaf();
}

function elementCode(scope: ExecScope, expr: Extract<Expr, { kind: "element" }>): Code {
  const index = exprCode(scope, expr.index);
  const list = exprCode(scope, expr.list);
  if (expr.list.kind === "local") return primary(`${list.text}[x.index(${index.small ?? index.text}, ${list.text}.length)]`);
  return callCode(helper("elementOf"), ["x", list, index.small ?? index]);
}

// --- operators -----------------------------------------------------------------------------------------------------

function unaryExpr(scope: ExecScope, expr: Extract<Expr, { kind: "unary" }>): Code {
  const operand = exprCode(scope, expr.operand);
  switch (expr.op) {
    case "!":
      return unaryCode("!", operand);
    case "-":
      return fitted(scope.module, expr.type, unaryCode("-", operand));
    case "~":
      return complement(expr.type, operand);
  }
}

/** All bits turned over: for unsigned types that is the distance from the largest value. */
export function complement(type: Type, operand: Code): Code {
  if (type.kind === "int" && type.signed) return unaryCode("~", operand);
  const largest = numberCode(intText(type, rangeOf(type).max), undefined);
  return { text: `${largest.text} - ${operand.binds >= 13 ? operand.text : `(${operand.text})`}`, binds: 12, small: undefined };
}

export function convertCode(scope: ExecScope, from: Type, to: Type, operand: Code): Code {
  if (to.kind === "enum" && from.kind === "int") return callCode("x.enumOf", [operand, String(to.variants.length)]);
  if (to.kind !== "int") return operand;
  const narrow = representationOf(from) === "number";
  const fits = !mayFail(from, to);
  if (representationOf(to) === "number") {
    if (fits) return operand;
    const { min, max } = rangeOf(to);
    return callCode(narrow ? "x.fit" : "x.toNumber", [operand, String(min), String(max)]);
  }
  const wide = narrow ? callCode("BigInt", [operand]) : operand;
  return fits ? wide : fitted(scope.module, to, wide);
}

function builtinCode(scope: ExecScope, expr: Extract<Expr, { kind: "builtin" }>): Code {
  const { module } = scope;
  const { type } = expr;
  const args = expr.args.map((arg) => exprCode(scope, arg));
  const narrow = representationOf(type) === "number";
  switch (expr.name) {
    case "min":
      return callCode(narrow ? "Math.min" : helper("lesser"), args);
    case "max":
      return callCode(narrow ? "Math.max" : helper("greater"), args);
    case "abs":
      return fitted(module, type, callCode(narrow ? "Math.abs" : helper("magnitude"), args));
    case "sqrt":
      // Square roots of doubles are rounded correctly, so below 2^32 the floor is exact.
      return narrow ? primary(`Math.floor(Math.sqrt(${args[0].text}))`) : callCode("x.sqrt", args);
    case "mulDiv":
    case "mulDivUp": {
      const wide = narrow ? args.map((arg) => callCode("BigInt", [arg])) : args;
      const result = callCode("x.mulDiv", [...wide, String(expr.name === "mulDivUp")]);
      if (!narrow) return fitted(module, type, result);
      const { min, max } = rangeOf(type);
      return callCode("x.toNumber", [result, String(min), String(max)]);
    }
    default:
      return unreachable(expr.name, "builtin");
  }
}
