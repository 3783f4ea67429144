/** Expressions of function bodies as JavaScript, evaluated from left to right with the checks of the language. */
import { Bug, unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { COIN } from "../footprint/footprint.ts";
import type { Expr, Value } from "../typed/tree.ts";
import { callCode, memberCode, numberCode, primary, sequenceCode, ternaryCode, unaryCode, type Code } from "./code.ts";
import { binaryExpr } from "./exec-binary.ts";
import { builtinCode, complement, convertCode } from "./exec-builtin.ts";
import { callOutCode } from "./exec-call.ts";
import { fitted } from "./exec-arithmetic.ts";
import { localName, offsetText, wordText, type ExecScope } from "./exec-scope.ts";
import { hasCode, immutableCode, loadCode, located, noticed, pastCode, setChangeCode } from "./exec-state.ts";
import {
  containsCode,
  elementCode,
  isVariantCode,
  listText,
  memberText,
  payloadCode,
  popCode,
  pushCode,
  variantCode,
  withCode,
} from "./exec-value.ts";
import { intText } from "./literals.ts";
import { propertyName } from "./names.ts";
import { castCode } from "./neutral.ts";
import { chosen } from "./probes.ts";
import { representationOf } from "./representation.ts";
import { addressIndex, bytesName, functionName, leafName, textName, typeText, type ModuleScope } from "./scope.ts";

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
      return containsCode(scope, expr);
    case "unary":
      return unaryExpr(scope, expr);
    case "binary":
      return binaryExpr(scope, expr, exprCode);
    case "convert":
      return convertCode(scope, expr.operand.type, expr.type, exprCode(scope, expr.operand));
    case "tuple":
      return castCode(scope.module, listText(scope, expr.elements), typeText(scope.module, expr.type));
    case "list":
      return listText(scope, expr.elements);
    case "struct": {
      // In the order in which the author wrote them: it is the order of evaluation.
      const members = expr.order.map((i) => `${propertyName(expr.struct.fields[i].name)}: ${exprCode(scope, expr.values[i]).text}`);
      return primary(`{ ${members.join(", ")} }`);
    }
    case "ifExpr":
      return ternaryCode(chosen(scope, expr.id, exprCode(scope, expr.cond)), exprCode(scope, expr.then), exprCode(scope, expr.otherwise));
    case "builtin":
      return builtinCode(scope, expr);
    case "call": {
      const base = offsetText(scope.region, scope.frame.calls.get(expr.id) ?? 0);
      return callCode(functionName(scope.module, expr.func), ["x", base, ...expr.args.map((arg) => exprCode(scope, arg))]);
    }
    case "pay":
      return payCode(scope, expr);
    case "variant":
      return variantCode(scope, expr);
    case "isVariant":
      return isVariantCode(scope, expr);
    case "payload":
      return payloadCode(scope, expr);
    case "with":
      return withCode(scope, expr);
    case "push":
      return pushCode(scope, expr);
    case "pop":
      return popCode(scope, expr);
    case "has":
      return hasCode(scope, expr);
    case "setChange":
      return setChangeCode(scope, expr);
    case "past":
      return pastCode(scope, expr);
    case "external":
    case "rawCall":
    case "create":
    case "encode":
    case "decode":
    case "concat":
      return callOutCode(scope, expr);
    case "seq":
      throw new Bug("codegen: statements inside an expression stand before the statement around it");
    default:
      return unreachable(expr, "exec expression");
  }
}

function payCode(scope: ExecScope, expr: Extract<Expr, { kind: "pay" }>): Code {
  const from = wordText(scope, expr.id);
  const to = wordText(scope, expr.id, 1);
  if (!scope.wide.has(expr.id)) {
    const receiver = noticed(scope, [expr.to]);
    return sequenceCode(receiver, callCode("x.pay", [from, to, exprCode(scope, expr.amount)]));
  }
  const coin = scope.module.footprint.leaves[COIN];
  return callCode("x.pay", [from, located(scope, coin, to, 1, true, [exprCode(scope, expr.to)]), exprCode(scope, expr.amount)]);
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
    case "bytes":
      return primary(bytesName(module, value.value));
    default:
      return unreachable(value, "literal");
  }
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
