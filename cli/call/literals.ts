/**
 * Values written as in the language's tests, read for a type: numbers, `true`, `"text"`, `@alice`, `Side.Left`, `[1, 2]`, `Point { x: 1, y: 2 }`.
 * Addresses may stand without the `@`. What doesn't fit is reported at its place in the argument.
 */
import type { Expr, Name, StructExpr } from "../../grammar/ast.ts";
import { closest } from "../../grammar/closest.ts";
import { maxOf, minOf, showType } from "../../compiler/core/types.ts";
import type { EnumType, IntType, StructType, Type } from "../../compiler/core/types.ts";
import type { Code } from "../../compiler/diagnostics/codes.ts";
import { textBytes } from "../../compiler/footprint/concrete-bytes.ts";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import { namedAccount } from "../accounts.ts";

export interface LiteralReader {
  /** Text of a node, as it was written. */
  readonly source: (span: Expr["span"]) => string;
  readonly report: (code: Code, span: Expr["span"], values: Readonly<Record<string, string | number>>, help?: string) => void;
  /** Told of every account that is named. */
  readonly account: (address: string, name: string) => void;
}

/** Undefined when it isn't a value of this type; why is reported. */
export function readLiteral(reader: LiteralReader, expr: Expr, type: Type): Concrete | undefined {
  switch (expr.kind) {
    case "paren":
      return readLiteral(reader, expr.inner, type);
    case "bool":
      return type.kind === "bool" ? expr.value : mismatch(reader, expr, type);
    case "int":
    case "unary":
      return numberLiteral(reader, expr, type);
    case "string":
      return type.kind === "string" ? sized(reader, expr, type, textBytes(expr.value)) : mismatch(reader, expr, type);
    case "address":
      return isAddress(type) ? expr.value : mismatch(reader, expr, type);
    case "account": {
      if (!isAddress(type)) return mismatch(reader, expr, type);
      const address = namedAccount(expr.name);
      reader.account(address, `@${expr.name}`);
      return address;
    }
    case "name":
      return type.kind === "enum" ? variant(reader, expr, type, { text: expr.name, ...expr.span }) : mismatch(reader, expr, type);
    case "member":
      if (type.kind !== "enum" || expr.object.kind !== "name" || expr.object.name !== type.name) return mismatch(reader, expr, type);
      return variant(reader, expr, type, expr.name);
    case "call":
      return conversion(reader, expr, type);
    case "list":
      return listLiteral(reader, expr, type);
    case "tuple":
      if (type.kind !== "tuple" || type.elements.length !== expr.elements.length) return mismatch(reader, expr, type);
      return together(expr.elements.map((element, i) => readLiteral(reader, element, type.elements[i].type)));
    case "struct":
      if (type.kind !== "struct" || expr.qualifier !== undefined || expr.name.text !== type.name) return mismatch(reader, expr, type);
      return structLiteral(reader, expr, type);
    default:
      return mismatch(reader, expr, type);
  }
}

function mismatch(reader: LiteralReader, expr: Expr, type: Type): undefined {
  const help = HELP[type.kind];
  reader.report("E0301", expr.span, { expected: `\`${showType(type)}\``, found: reader.source(expr.span) }, help);
}

const HELP: Partial<Record<Type["kind"], string>> = {
  address: "an address is `0x` and 40 digits, or an account as in tests: `@alice`",
  handle: "an address is `0x` and 40 digits, or an account as in tests: `@alice`",
  bytes32: "32 bytes are `0x` and 64 digits",
  bytes: 'bytes are `0x` and two digits each, or a text: `bytes("abc")`',
  bool: "write `true` or `false`",
  string: 'a string stands in quotes: `"abc"`',
};

function together(values: readonly (Concrete | undefined)[]): Concrete | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

// --- numbers, and what is written like them ------------------------------------------------------------------------

function numberLiteral(reader: LiteralReader, expr: Extract<Expr, { kind: "int" | "unary" }>, type: Type): Concrete | undefined {
  const negative = expr.kind === "unary" && expr.op === "-";
  const literal = expr.kind === "unary" ? expr.operand : expr;
  if (literal.kind !== "int" || (expr.kind === "unary" && !negative)) return mismatch(reader, expr, type);
  if (type.kind === "int") return integer(reader, expr, type, negative ? -literal.value : literal.value);
  const digits = literal.text.replaceAll("_", "").toLowerCase();
  if (negative || !digits.startsWith("0x")) return mismatch(reader, expr, type);
  if (isAddress(type)) return digits.length === 42 ? digits : mismatch(reader, expr, type);
  if (type.kind === "bytes32") return digits.length === 66 ? digits : mismatch(reader, expr, type);
  if (type.kind !== "bytes" || digits.length % 2 !== 0) return mismatch(reader, expr, type);
  return sized(reader, expr, type, digits);
}

function integer(reader: LiteralReader, expr: Expr, type: IntType, value: bigint): Concrete | undefined {
  if (value >= minOf(type) && value <= maxOf(type)) return value;
  reader.report("E0308", expr.span, { value: reader.source(expr.span), type: showType(type) });
  return undefined;
}

function sized(reader: LiteralReader, expr: Expr, type: Extract<Type, { kind: "string" | "bytes" }>, value: string): Concrete | undefined {
  const length = value.length / 2 - 1;
  if (length <= type.max) return value;
  reader.report("E0308", expr.span, { value: `a text of ${length} bytes`, type: showType(type) });
  return undefined;
}

/** `bytes("abc")`, and an address with the name of its contract: `Erc20(@token)`. */
function conversion(reader: LiteralReader, expr: Extract<Expr, { kind: "call" }>, type: Type): Concrete | undefined {
  const { callee, args } = expr;
  const of = callee.kind === "name" ? callee.name : undefined;
  if (args.length !== 1) return mismatch(reader, expr, type);
  const [inner] = args;
  if (type.kind === "bytes" && of === "bytes" && inner.kind === "string") return sized(reader, expr, type, textBytes(inner.value));
  const same = type.kind === "handle" ? of === type.name : of === type.kind;
  if (same && isAddress(type)) return readLiteral(reader, inner, type);
  return mismatch(reader, expr, type);
}

function isAddress(type: Type): boolean {
  return type.kind === "address" || type.kind === "handle";
}

// --- made of others ------------------------------------------------------------------------------------------------

function variant(reader: LiteralReader, expr: Expr, type: EnumType, name: Name): Concrete | undefined {
  const found = type.variants.indexOf(name.text);
  if (found >= 0) return BigInt(found);
  const near = closest(name.text, type.variants);
  const help = near === undefined ? `it has ${type.variants.map((each) => `\`${each}\``).join(", ")}` : `did you mean \`${near}\`?`;
  reader.report("E0203", expr.span, { owner: `enum \`${type.name}\``, what: "variant", name: name.text }, help);
  return undefined;
}

function listLiteral(reader: LiteralReader, expr: Extract<Expr, { kind: "list" }>, type: Type): Concrete | undefined {
  if (type.kind !== "list") return mismatch(reader, expr, type);
  if (expr.elements.length > type.max) {
    reader.report("E0314", expr.span, { found: expr.elements.length, type: showType(type) });
    return undefined;
  }
  return together(expr.elements.map((element) => readLiteral(reader, element, type.element)));
}

function structLiteral(reader: LiteralReader, expr: StructExpr, type: StructType): Concrete | undefined {
  const given = new Map<string, Expr>();
  let sound = true;
  for (const { name, value } of expr.fields) {
    const span = { start: name.start, end: name.end };
    const known = type.fields.some((field) => field.name === name.text);
    if (!known) {
      const near = closest(
        name.text,
        type.fields.map((field) => field.name),
      );
      const help = near === undefined ? undefined : `did you mean \`${near}\`?`;
      reader.report("E0203", span, { owner: `struct \`${type.name}\``, what: "field", name: name.text }, help);
    } else if (given.has(name.text)) reader.report("E0323", span, { name: name.text });
    else {
      given.set(name.text, value);
      continue;
    }
    sound = false;
  }
  const missing = type.fields.filter((field) => !given.has(field.name)).map((field) => `\`${field.name}\``);
  if (missing.length > 0) reader.report("E0315", expr.span, { name: type.name, fields: missing.join(", ") });
  const values = type.fields.map((field) => {
    const value = given.get(field.name);
    return value === undefined ? undefined : readLiteral(reader, value, field.type);
  });
  return sound ? together(values) : undefined;
}
