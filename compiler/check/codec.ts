/**
 * `encode`, `decode`, `concat` and `selector`: what can be encoded, how long it gets at most, what a decoded value is taken for.
 * Bytes themselves are made at run time; only `concat` of constants and selectors are computed here.
 */
import type { CallExpr, Expr as ExprNode, MemberExpr } from "../../grammar/ast.ts";
import { outsideAbi } from "../core/members.ts";
import { abiSignature, selectorOf } from "../core/selector.ts";
import { hasPayload, isDynamic, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { checkBytes, checkCount, MAX_BYTES } from "./arguments.ts";
import { findLocal, literal, node as fresh, poison, report } from "./context.ts";
import type { Body, Decl } from "./context.ts";
import { findMethod } from "./external.ts";
import { foldConcat } from "./fold-bytes.ts";

// --- lengths -----------------------------------------------------------------------------------------------------------

/** Bytes of the longest ABI encoding of these values as a tuple. */
export function longestEncoding(types: readonly Type[]): number {
  return types.reduce((sum, type) => sum + (isDynamic(type) ? 32 : 0) + longest(type), 0);
}

/** Without the offset that points at a dynamic value. */
function longest(type: Type): number {
  switch (type.kind) {
    case "string":
    case "bytes":
      return 32 + Math.ceil(type.max / 32) * 32;
    case "list":
      return 32 + type.max * longestEncoding([type.element]);
    case "struct":
      return longestEncoding(type.fields.map((field) => field.type));
    case "tuple":
      return longestEncoding(type.elements.map((element) => element.type));
    default:
      return 32;
  }
}

// --- encode and decode -----------------------------------------------------------------------------------------------

export function checkEncode(body: Body, call: CallExpr): Expr {
  const args = checkParts(body, call);
  if (args === undefined) return poison(body, call.span);
  for (const arg of args) {
    const bad = outsideAbi(arg.type);
    if (bad === undefined) continue;
    body.program.reporter.report("E0339", arg.site, { type: showType(bad), where: "in `encode`" });
    return poison(body, call.span);
  }
  const max = longestEncoding(args.map((arg) => arg.type));
  if (tooLong(body, call, "this encoding", max)) return poison(body, call.span);
  return { ...fresh(body, call.span), kind: "encode", type: { kind: "bytes", max }, args };
}

/** At least one value, none of them broken or empty. */
function checkParts(body: Body, call: CallExpr): Expr[] | undefined {
  const args = call.args.map((arg) => body.program.check(body, arg, undefined));
  if (args.length === 0) {
    const name = call.callee.kind === "name" ? call.callee.name : "this";
    report(body, "E0304", call.span, { name, expected: "at least 1 argument", found: 0 });
    return undefined;
  }
  const empty = args.find((arg) => arg.type.kind === "unit");
  if (empty !== undefined) body.program.reporter.report("E0320", empty.site);
  return empty !== undefined || args.some((arg) => arg.type.kind === "poison") ? undefined : args;
}

function tooLong(body: Body, call: CallExpr, what: string, max: number): boolean {
  if (max <= MAX_BYTES) return false;
  report(body, "E0391", call.span, { what: `the length of ${what}, ${max} bytes at most,`, limit: `${MAX_BYTES} bytes` });
  return true;
}

/** The type comes from around it: `let (a, b): (u256, address) = decode(data);`. */
export function checkDecode(body: Body, call: CallExpr, hint: Type | undefined): Expr {
  if (!checkCount(body, call, "decode", 1)) return poison(body, call.span);
  const data = checkBytes(body, call.args[0]);
  if (data.type.kind === "poison" || hint?.kind === "poison") return poison(body, call.span);
  if (hint === undefined) {
    report(
      body,
      "E0311",
      call.span,
      { what: "what `decode` gives" },
      { help: "write the type: `let (a, b): (u256, address) = decode(data);`" },
    );
    return poison(body, call.span);
  }
  const bad = outsideAbi(hint);
  if (bad !== undefined) {
    report(body, "E0339", call.span, { type: showType(bad), where: "out of `decode`" });
    return poison(body, call.span);
  }
  return { ...fresh(body, call.span), kind: "decode", type: hint, data };
}

// --- concat ----------------------------------------------------------------------------------------------------------

export function checkConcat(body: Body, call: CallExpr): Expr {
  const args = checkParts(body, call);
  if (args === undefined) return poison(body, call.span);
  const lengths = args.map((arg) => packedLength(arg.type));
  const bad = lengths.indexOf(undefined);
  if (bad !== -1) {
    const { site, type } = args[bad];
    const expected = "a single value: an integer, a string, bytes, an address";
    body.program.reporter.report("E0301", site, { expected, found: showType(type) });
    return poison(body, call.span);
  }
  const max = lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0);
  if (tooLong(body, call, "this text", max)) return poison(body, call.span);
  const asText = args.every((arg) => arg.type.kind === "string");
  const type: Type = asText ? { kind: "string", max } : { kind: "bytes", max };
  const known = args.flatMap((arg) => (arg.kind === "literal" ? [arg] : []));
  if (known.length === args.length) return literal(body, call.span, type, foldConcat(known, asText));
  return { ...fresh(body, call.span), kind: "concat", type, args };
}

/** Undefined for what has parts of its own. */
function packedLength(type: Type): number | undefined {
  switch (type.kind) {
    case "bool":
      return 1;
    case "int":
      return type.bits / 8;
    case "enum":
      return hasPayload(type) ? undefined : 1;
    case "address":
    case "handle":
      return 20;
    case "bytes32":
      return 32;
    case "string":
    case "bytes":
      return type.max;
    default:
      return undefined;
  }
}

// --- selector --------------------------------------------------------------------------------------------------------

/** `name(type,…)` as the ABI writes it: no spaces, no names, no short forms. */
const SIGNATURE = /^[A-Za-z_$][A-Za-z0-9_$]*\((?:[a-z0-9(),[\]]*)\)$/;
const TYPE =
  /^(?:bool|address|string|bytes(?:[1-9]|[12][0-9]|3[0-2])?|u?int(?:8|16|24|32|40|48|56|64|72|80|88|96|104|112|120|128|136|144|152|160|168|176|184|192|200|208|216|224|232|240|248|256))(?:\[[0-9]*\])*$/;

/** `selector("transfer(address,uint256)")`, `selector(Erc20.transfer)`: a constant. */
export function checkSelector(body: Body, call: CallExpr): Expr {
  if (!checkCount(body, call, "selector", 1)) return poison(body, call.span);
  const [arg] = call.args;
  const signature = arg.kind === "member" ? methodSignature(body, arg) : textSignature(body, arg);
  if (signature === undefined) return poison(body, call.span);
  return literal(body, call.span, { kind: "bytes", max: 4 }, { kind: "bytes", value: selectorOf(signature) });
}

function textSignature(body: Body, arg: ExprNode): string | undefined {
  const expr = body.program.check(body, arg, undefined);
  if (expr.type.kind === "poison") return undefined;
  if (expr.kind !== "literal" || expr.value.kind !== "string") {
    const help = 'write `selector(Erc20.transfer)` or `selector("transfer(address,uint256)")`';
    report(body, "E0350", arg.span, { problem: "a selector is that of a named function" }, { help });
    return undefined;
  }
  const text = expr.value.value;
  if (isSignature(text)) return text;
  report(body, "E0350", arg.span, { problem: `\`${text}\` is not a function's signature` });
  return undefined;
}

/** Long enough for any function, and short enough to be looked at bracket by bracket. */
const MAX_SIGNATURE = 1_024;

function isSignature(text: string): boolean {
  if (text.length > MAX_SIGNATURE || !SIGNATURE.test(text)) return false;
  // Brackets of nested tuples are taken away level by level; what is left must be types and commas.
  let rest = text.slice(text.indexOf("("));
  for (let inner = innermost(rest); inner !== undefined; inner = innermost(rest)) {
    if (inner.types !== "" && !inner.types.split(",").every((type) => TYPE.test(type))) return false;
    rest = `${rest.slice(0, inner.start)}bool${rest.slice(inner.end)}`;
  }
  return rest === "bool";
}

function innermost(text: string): { readonly start: number; readonly end: number; readonly types: string } | undefined {
  const close = text.indexOf(")");
  const open = text.lastIndexOf("(", close);
  return close === -1 || open === -1 ? undefined : { start: open, end: close + 1, types: text.slice(open + 1, close) };
}

function methodSignature(body: Body, arg: MemberExpr): string | undefined {
  const owner = ownerOf(body, arg.object);
  if (owner === undefined) return textSignature(body, arg);
  if (owner.kind === "contract" && body.kind === "constant") {
    // Constants are computed before contracts are put together.
    const help = 'write the signature as text: `selector("transfer(address,uint256)")`';
    report(body, "E0309", arg.span, {}, { help });
    return undefined;
  }
  const method = findMethod(body, owner, arg.name);
  if (method === undefined) return undefined;
  const types = method.params.map((param) => param.type);
  return types.some((type) => type.kind === "poison") ? undefined : abiSignature(method.name, types);
}

function ownerOf(body: Body, object: ExprNode): Extract<Decl, { kind: "contract" | "interface" }> | undefined {
  if (object.kind !== "name" || findLocal(body, object.name) !== undefined) return undefined;
  const decl = body.file.names.get(object.name);
  return decl?.kind === "contract" || decl?.kind === "interface" ? decl : undefined;
}
