/** Calls of built-in functions: what each takes and gives. Those on literals are computed here. */
import type { CallExpr, Expr as ExprNode } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { IntType, Type } from "../core/types.ts";
import type { ArithmeticName, BuiltinName, Expr, HashName } from "../typed/tree.ts";
import { checkBytes, checkCount } from "./arguments.ts";
import { foldedExpr } from "./binary.ts";
import { checkConcat, checkDecode, checkEncode, checkSelector } from "./codec.ts";
import { checkAs } from "./coerce.ts";
import { ADDRESS, BOOL, literal, node as fresh, poison, report, showPlace, siteOf, U256, U8, UNIT } from "./context.ts";
import type { Body } from "./context.ts";
import { checkHasCode, checkRawCall } from "./external.ts";
import { defaultInt, flexibility, intHint } from "./flexible.ts";
import type { Flexibility } from "./flexible.ts";
import { foldArithmetic } from "./fold-arithmetic.ts";
import { foldHash } from "./fold-bytes.ts";
import { checkSame } from "./same.ts";

type Check = (body: Body, call: CallExpr, hint: Type | undefined) => Expr;

interface Arithmetic {
  readonly name: ArithmeticName;
  readonly arity: number;
  /** Which integers it takes; its result has the type of its arguments. */
  readonly takes: "any" | "unsigned" | "signed";
}

const ARITHMETIC: readonly Arithmetic[] = [
  { name: "min", arity: 2, takes: "any" },
  { name: "max", arity: 2, takes: "any" },
  { name: "abs", arity: 1, takes: "signed" },
  { name: "mulDiv", arity: 3, takes: "unsigned" },
  { name: "mulDivUp", arity: 3, takes: "unsigned" },
  { name: "sqrt", arity: 1, takes: "unsigned" },
  { name: "wrappingAdd", arity: 2, takes: "any" },
  { name: "wrappingSub", arity: 2, takes: "any" },
  { name: "wrappingMul", arity: 2, takes: "any" },
  { name: "saturatingAdd", arity: 2, takes: "any" },
  { name: "saturatingSub", arity: 2, takes: "any" },
  { name: "saturatingMul", arity: 2, takes: "any" },
];

const HASHES: readonly HashName[] = ["sha256", "keccak256", "blake3"];

/** `"bytes"`: of any length. */
type Wanted = Type | "bytes";

interface Verification {
  readonly name: BuiltinName;
  readonly params: readonly Wanted[];
  readonly result: Type;
}

const BYTES32: Type = { kind: "bytes32" };

function bytes(max: number): Type {
  return { kind: "bytes", max };
}

const VERIFICATIONS: readonly Verification[] = [
  { name: "ecrecover", params: [BYTES32, U8, BYTES32, BYTES32], result: ADDRESS },
  { name: "ed25519.verify", params: [BYTES32, "bytes", bytes(64)], result: BOOL },
  { name: "mldsa65.verify", params: [bytes(1_952), "bytes", bytes(3_309)], result: BOOL },
];

const BUILTINS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...ARITHMETIC.map((info): [string, Check] => [info.name, (body, call, hint) => checkArithmetic(body, call, info, hint)]),
  ...HASHES.map((name): [string, Check] => [name, (body, call) => checkHash(body, call, name)]),
  ...VERIFICATIONS.map((info): [string, Check] => [info.name, (body, call) => checkVerification(body, call, info)]),
  ["pay", checkPay],
  ["encode", checkEncode],
  ["decode", checkDecode],
  ["concat", checkConcat],
  ["selector", checkSelector],
  ["hasCode", checkHasCode],
  ["call", checkRawCall],
]);

/** All that are called, those of modules with the module's name: `ed25519.verify`. */
export const BUILTIN_NAMES: readonly string[] = [...BUILTINS.keys()];

/** Built-ins that are called by a plain name. */
export const FUNCTION_NAMES: readonly string[] = [...BUILTINS.keys()].filter((name) => !name.includes("."));

/** Functions of a built-in module, as `verify` of `ed25519`; empty if there is no such module. */
export function functionsOfModule(module: string): readonly string[] {
  return [...BUILTINS.keys()].filter((name) => name.startsWith(`${module}.`)).map((name) => name.slice(module.length + 1));
}

/** Undefined if no built-in has this name. */
export function checkBuiltin(body: Body, call: CallExpr, name: string, hint: Type | undefined): Expr | undefined {
  return BUILTINS.get(name)?.(body, call, hint);
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

// --- arithmetic ------------------------------------------------------------------------------------------------------

function checkArithmetic(body: Body, call: CallExpr, info: Arithmetic, hint: Type | undefined): Expr {
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
  if (values.length === args.length) return foldedExpr(body, call, type, foldArithmetic(info.name, type, values));
  return { ...fresh(body, call.span), kind: "builtin", type, name: info.name, args };
}

/** `abs(5)` needs a signed type though nothing in it says so. */
function signedDefault(body: Body, call: CallExpr, info: Arithmetic): IntType | undefined {
  if (info.takes !== "signed") return undefined;
  const found: Flexibility = flexibility(body, call.args[0]);
  return found === "no" ? undefined : defaultInt("negative");
}

// --- hashes and signatures -------------------------------------------------------------------------------------------

function checkHash(body: Body, call: CallExpr, name: HashName): Expr {
  if (!checkCount(body, call, name, 1)) return poison(body, call.span);
  const arg = body.program.check(body, call.args[0], undefined);
  if (arg.type.kind === "poison") return poison(body, call.span);
  if (arg.type.kind === "unit") {
    body.program.reporter.report("E0320", arg.site);
    return poison(body, call.span);
  }
  if (arg.type.kind !== "string" && arg.type.kind !== "bytes") {
    const help = `hash its encoding: \`${name}(encode(…))\``;
    body.program.reporter.report("E0301", arg.site, { expected: "a string or bytes", found: showType(arg.type) }, { help });
    return poison(body, call.span);
  }
  if (arg.kind === "literal") return literal(body, call.span, BYTES32, foldHash(name, arg.value, arg.type));
  return { ...fresh(body, call.span), kind: "builtin", type: BYTES32, name, args: [arg] };
}

function checkVerification(body: Body, call: CallExpr, info: Verification): Expr {
  if (!checkCount(body, call, info.name, info.params.length)) return poison(body, call.span);
  const args = info.params.map((wanted, i) => checkWanted(body, call.args[i], wanted));
  if (args.some((arg) => arg.type.kind === "poison")) return poison(body, call.span);
  return { ...fresh(body, call.span), kind: "builtin", type: info.result, name: info.name, args };
}

function checkWanted(body: Body, node: ExprNode, wanted: Wanted): Expr {
  return wanted === "bytes" ? checkBytes(body, node) : checkAs(body, node, wanted);
}
