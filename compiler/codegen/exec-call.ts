/** Calls of other contracts, codecs, hashes and signatures: what crosses over to the runtime as neutral values or bytes. */
import { unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { BuiltinName, Expr } from "../typed/tree.ts";
import { callCode, memberCode, primary, type Code } from "./code.ts";
import { wordText, type ExecScope } from "./exec-scope.ts";
import { resultTypes } from "./layout.ts";
import { castCode, fromNeutral, toNeutral } from "./neutral.ts";
import { calleeIndex, createIndex, hasStruct, neutralText, shapeIndex, typeText } from "./scope.ts";

type Kind<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;

export function callOutCode(scope: ExecScope, expr: Kind<"external" | "rawCall" | "create" | "encode" | "decode" | "concat">): Code {
  const { module } = scope;
  switch (expr.kind) {
    case "external": {
      const callee = String(calleeIndex(module, expr.method));
      const target = scope.emit.expr(scope, expr.target);
      const call = callCode("x.external", [wordText(scope, expr.id), target, callee, neutralList(scope, expr.args)]);
      return several(scope, expr.type, call);
    }
    case "rawCall": {
      const operands = [expr.target, expr.value, expr.data].map((operand) => scope.emit.expr(scope, operand));
      const max = expr.type.kind === "bytes" ? expr.type.max : 0;
      return callCode("x.rawCall", [wordText(scope, expr.id), ...operands, String(max)]);
    }
    case "create": {
      const code = String(createIndex(module, expr.contract));
      return callCode("x.create", [wordText(scope, expr.id), code, neutralList(scope, expr.args)]);
    }
    case "encode":
    case "concat": {
      const types = expr.args.map((arg) => arg.type);
      return callCode(`x.${expr.kind}`, [String(shapeIndex(module, types)), neutralList(scope, expr.args)]);
    }
    case "decode": {
      const shape = String(shapeIndex(module, resultTypes(expr.type)));
      return several(scope, expr.type, callCode("x.decode", [shape, scope.emit.expr(scope, expr.data)]));
    }
    default:
      return unreachable(expr, "call out");
  }
}

function neutralList(scope: ExecScope, args: readonly Expr[]): Code {
  return primary(`[${args.map((arg) => toNeutral(scope.module, arg.type, scope.emit.expr(scope, arg)).text).join(", ")}]`);
}

/** What the runtime gives as a list of values; a tuple stands for several. */
function several(scope: ExecScope, type: Type, values: Code): Code {
  const { module } = scope;
  if (type.kind === "unit") return values;
  if (type.kind === "tuple") return fromNeutral(module, type, values);
  if (!hasStruct(type)) return castCode(module, memberCode(values, "[0]"), typeText(module, type));
  const single = castCode(module, values, `readonly [${neutralText(type)}]`);
  return fromNeutral(module, type, memberCode(single, "[0]"));
}

/** Whether the builtin is the runtime's own work on bytes, addresses and signatures. */
const RUNTIME: ReadonlyMap<BuiltinName, string> = new Map<BuiltinName, string>([
  ["sha256", "x.sha256"],
  ["keccak256", "x.keccak256"],
  ["blake3", "x.blake3"],
  ["ecrecover", "x.ecrecover"],
  ["ed25519.verify", "x.ed25519Verify"],
  ["mldsa65.verify", "x.mldsa65Verify"],
  ["hasCode", "x.hasCode"],
]);

export function runtimeMethod(name: BuiltinName): string | undefined {
  return RUNTIME.get(name);
}
