/** Calls of built-in functions, and the words that name one that isn't built yet. */
import type { CallExpr } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { IntType, Type } from "../core/types.ts";
import type { BuiltinName, Expr } from "../typed/tree.ts";
import { foldedExpr } from "./binary.ts";
import { checkAs } from "./coerce.ts";
import { ADDRESS, node as fresh, poison, report, showPlace, siteOf, U256, UNIT } from "./context.ts";
import type { Body } from "./context.ts";
import { defaultInt, flexibility, intHint } from "./flexible.ts";
import type { Flexibility } from "./flexible.ts";
import { foldBuiltin } from "./fold.ts";
import { checkSame } from "./same.ts";

interface BuiltinInfo {
  readonly arity: number;
  /** Which integers it takes; its result has the type of its arguments. */
  readonly takes: "any" | "unsigned" | "signed";
}

const BUILTINS: ReadonlyMap<string, BuiltinInfo & { readonly name: BuiltinName }> = new Map(
  (
    [
      { name: "min", arity: 2, takes: "any" },
      { name: "max", arity: 2, takes: "any" },
      { name: "abs", arity: 1, takes: "signed" },
      { name: "mulDiv", arity: 3, takes: "unsigned" },
      { name: "mulDivUp", arity: 3, takes: "unsigned" },
      { name: "sqrt", arity: 1, takes: "unsigned" },
    ] as const
  ).map((info) => [info.name, info]),
);

/** Built-in functions and modules of the language that are designed but not built. */
const LATER: ReadonlySet<string> = new Set([
  ...["sha256", "keccak256", "blake3", "encode", "decode", "concat", "selector", "ecrecover", "hasCode", "call", "ed25519", "mldsa65"],
  ...["wrappingAdd", "wrappingSub", "wrappingMul", "saturatingAdd", "saturatingSub", "saturatingMul", "some"],
]);

export const FUNCTION_NAMES: readonly string[] = [...BUILTINS.keys(), "pay"];

export function isLater(name: string): boolean {
  return LATER.has(name);
}

/** Undefined if no built-in has this name. */
export function checkBuiltin(body: Body, call: CallExpr, name: string, hint: Type | undefined): Expr | undefined {
  if (name === "pay") return checkPay(body, call);
  const info = BUILTINS.get(name);
  return info === undefined ? undefined : checkArithmetic(body, call, info, hint);
}

function checkPay(body: Body, call: CallExpr): Expr {
  if (!checkCount(body, call, "pay", 2)) return poison(body, call.span);
  const to = checkAs(body, call.args[0], ADDRESS);
  const amount = checkAs(body, call.args[1], U256);
  if (body.kind === "free" || body.kind === "constant" || body.kind === "test") {
    report(body, "E0313", call.span, { name: "pay", where: showPlace(body) });
    return poison(body, call.span);
  }
  body.facts.writes.push({ does: "pays coin", site: siteOf(body.file, call.span) });
  return { ...fresh(body, call.span), kind: "pay", type: UNIT, to, amount };
}

function checkArithmetic(body: Body, call: CallExpr, info: BuiltinInfo & { readonly name: BuiltinName }, hint: Type | undefined): Expr {
  if (!checkCount(body, call, info.name, info.arity)) return poison(body, call.span);
  const args = checkSame(body, call.args, intHint(hint) ?? signedDefault(body, call, info));
  if (args.some((arg) => arg.type.kind === "poison")) return poison(body, call.span);
  const type = args[0].type;
  if (type.kind !== "int" || (info.takes === "unsigned" && type.signed) || (info.takes === "signed" && !type.signed)) {
    const expected = info.takes === "any" ? "an integer" : `${info.takes === "signed" ? "a signed" : "an unsigned"} integer`;
    report(body, "E0301", call.args[0].span, { expected, found: showType(type) });
    return poison(body, call.span);
  }
  for (const arg of args) {
    if (arg.type.kind !== "int" || arg.type.bits !== type.bits || arg.type.signed !== type.signed) {
      body.program.reporter.report("E0301", arg.site, { expected: `\`${showType(type)}\``, found: showType(arg.type) });
      return poison(body, call.span);
    }
  }
  const values = args.flatMap((arg) => (arg.kind === "literal" && arg.value.kind === "int" ? [arg.value.value] : []));
  if (values.length === args.length) return foldedExpr(body, call, type, foldBuiltin(info.name, type, values));
  return { ...fresh(body, call.span), kind: "builtin", type, name: info.name, args };
}

/** `abs(5)` needs a signed type though nothing in it says so. */
function signedDefault(body: Body, call: CallExpr, info: BuiltinInfo): IntType | undefined {
  if (info.takes !== "signed") return undefined;
  const found: Flexibility = flexibility(body, call.args[0]);
  return found === "no" ? undefined : defaultInt("negative");
}

/** Counts arguments; on a mismatch the arguments are still checked for mistakes of their own. */
export function checkCount(body: Body, call: CallExpr, name: string, expected: number): boolean {
  const found = call.args.length;
  if (found === expected) return true;
  for (const arg of call.args) body.program.check(body, arg, undefined);
  report(body, "E0304", call.span, { name, expected: expected === 1 ? "1 argument" : `${expected} arguments`, found });
  return false;
}
