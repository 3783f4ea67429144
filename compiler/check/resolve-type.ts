/**
 * Turns the types an author wrote into resolved types: names looked up, sizes computed, places respected (a map stands only in
 * state, a list not there yet). Structs and enums are resolved on first use and kept by declaration.
 */
import type { ConstDecl, EnumDecl, NamedType, SizeExpr, Span, StructDecl, TypeExpr } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Code } from "../diagnostics/codes.ts";
import type { Extra, Values } from "../diagnostics/report.ts";
import { POISON, siteOf } from "./context.ts";
import type { Decl, FileScope, ProgramContext } from "./context.ts";
import { unknownName } from "./lookup.ts";

/** Where a type stands; decides what may stand there. */
export type Where = "param" | "result" | "local" | "state" | "mapValue" | "key" | "immutable" | "field" | "element" | "constant";

/** Cells of one struct; each is a cell of its own in state, so this bounds what one access touches. */
const MAX_LEAVES = 256;
/** Structs within structs, and how far a struct may be resolved ahead of its declaration. */
const MAX_NESTING = 32;
/** Elements of a list, bytes of a string: a call's data stays small enough to plan. */
const MAX_SIZE = 65_536;
/** What `string` and `bytes` without a size mean in parameters. */
const DEFAULT_SIZE = 1_024;

export interface TypeScope {
  readonly program: ProgramContext;
  readonly file: FileScope;
}

export function resolveType(scope: TypeScope, expr: TypeExpr, where: Where): Type {
  switch (expr.kind) {
    case "optionType":
      complain(scope, "E0390", expr.span, { construct: "an optional type `T?`" });
      return POISON;
    case "tupleType": {
      if (where === "key") return unsupported(scope, expr.span, "a tuple as key of a map");
      if (where === "element") return unsupported(scope, expr.span, "a list of tuples");
      if (where === "constant") return refuse(scope, expr.span, "(…)", where);
      const inner = where === "mapValue" || where === "state" || where === "immutable" ? "field" : where;
      const elements = expr.elements.map((element) => ({ name: element.name?.text, type: resolveType(scope, element.type, inner) }));
      if (elements.some((element) => element.type.kind === "poison")) return POISON;
      const type: Type = { kind: "tuple", elements };
      return checkSize(scope, expr.span, type, "this tuple");
    }
    case "namedType":
      return resolveNamed(scope, expr, where);
  }
}

function resolveNamed(scope: TypeScope, expr: NamedType, where: Where): Type {
  const name = expr.name.text;
  const decl = scope.file.names.get(name);
  if (decl !== undefined) {
    const type = resolveDeclared(scope, expr, decl, where);
    return type.kind === "poison" ? type : place(scope, expr.span, type, where);
  }
  const type = resolveBuiltin(scope, expr, where);
  if (type === undefined) {
    unknownName(scope, "type", expr.name, typeNames(scope));
    return POISON;
  }
  return type.kind === "poison" ? type : place(scope, expr.span, type, where);
}

function resolveDeclared(scope: TypeScope, expr: NamedType, decl: Decl, where: Where): Type {
  if (decl.kind === "poison") return POISON;
  if (expr.args.length > 0) {
    complain(scope, "E0306", expr.span, { problem: `\`${expr.name.text}\` takes no type arguments` });
    return POISON;
  }
  switch (decl.kind) {
    case "struct":
      if (where === "key" || where === "constant") return refuse(scope, expr.span, expr.name.text, where);
      if (where === "element") return unsupported(scope, expr.span, "a list of structs");
      return structType(scope.program, decl.file, decl.node, expr.name);
    case "enum":
      return enumType(scope.program, decl.file, decl.node);
    case "contract":
    case "interface":
      return { kind: "handle", name: decl.node.name.text };
    case "const":
    case "mixin":
    case "function":
    case "event":
    case "error":
      complain(scope, "E0210", expr.name, { name: expr.name.text, found: showDecl(decl), expected: "a type" });
      return POISON;
  }
}

const WIDTHS: ReadonlyMap<string, Type> = new Map(
  ([8, 16, 32, 64, 128, 256] as const).flatMap((bits): [string, Type][] => [
    [`u${bits}`, { kind: "int", signed: false, bits }],
    [`i${bits}`, { kind: "int", signed: true, bits }],
  ]),
);
const SIMPLE: ReadonlyMap<string, Type> = new Map<string, Type>([
  ...WIDTHS,
  ["bool", { kind: "bool" }],
  ["address", { kind: "address" }],
  ["bytes32", { kind: "bytes32" }],
]);
const GENERIC = ["string", "bytes", "list", "map", "sequence", "set", "history"] as const;

/** The built-in type a conversion like `u64(x)` names, if it is one. */
export function simpleType(name: string): Type | undefined {
  return SIMPLE.get(name);
}

function resolveBuiltin(scope: TypeScope, expr: NamedType, where: Where): Type | undefined {
  const name = expr.name.text;
  const simple = SIMPLE.get(name);
  if (simple !== undefined) return takes(scope, expr, 0, "no type arguments") ? simple : POISON;
  switch (name) {
    case "string":
    case "bytes": {
      if (expr.args.length === 0 && where === "param") return { kind: name, max: DEFAULT_SIZE };
      if (!takes(scope, expr, 1, `a greatest length: \`${name}<64>\``)) return POISON;
      const max = resolveSize(scope, expr.args[0]);
      return max === undefined ? POISON : { kind: name, max };
    }
    case "list": {
      if (!takes(scope, expr, 2, "a type and a greatest length: `list<u64, 8>`")) return POISON;
      const element = resolveArgument(scope, expr.args[0], "element");
      const max = resolveSize(scope, expr.args[1]);
      return element.kind === "poison" || max === undefined ? POISON : { kind: "list", element, max };
    }
    case "map": {
      if (!takes(scope, expr, 2, "a key and a value: `map<address, u256>`")) return POISON;
      if (where !== "state" && where !== "mapValue") return refuse(scope, expr.span, "map", where);
      const key = resolveArgument(scope, expr.args[0], "key");
      const value = resolveArgument(scope, expr.args[1], "mapValue");
      return key.kind === "poison" || value.kind === "poison" ? POISON : { kind: "map", key, value };
    }
    case "sequence": {
      if (!takes(scope, expr, 1, "`u32` or `u64`: `sequence<u64>`")) return POISON;
      const of = resolveArgument(scope, expr.args[0], "local");
      if (of.kind === "poison") return POISON;
      if (of.kind === "int" && !of.signed && (of.bits === 32 || of.bits === 64)) return { kind: "sequence", bits: of.bits };
      complain(scope, "E0306", expr.span, { problem: "`sequence` takes `u32` or `u64`: `sequence<u64>`" });
      return POISON;
    }
    case "set":
    case "history":
      return unsupported(scope, expr.span, `\`${name}<…>\``);
    default:
      return undefined;
  }
}

function takes(scope: TypeScope, expr: NamedType, count: number, what: string): boolean {
  if (expr.args.length === count) return true;
  complain(scope, "E0306", expr.span, { problem: `\`${expr.name.text}\` takes ${what}` });
  return false;
}

function resolveArgument(scope: TypeScope, arg: TypeExpr | SizeExpr, where: Where): Type {
  if (arg.kind !== "size") return resolveType(scope, arg, where);
  complain(scope, "E0306", arg.span, { problem: `expected a type, found the number ${String(arg.value)}` });
  return POISON;
}

/** A literal or the name of a constant. */
function resolveSize(scope: TypeScope, arg: TypeExpr | SizeExpr): number | undefined {
  let size: bigint | undefined;
  if (arg.kind === "size") size = arg.value;
  else if (arg.kind === "namedType" && arg.args.length === 0) {
    const decl = scope.file.names.get(arg.name.text);
    if (decl?.kind === "poison") return undefined;
    if (decl?.kind === "const") {
      const constant = scope.program.constant(decl.file, decl.node, arg.name);
      if (constant.value === undefined) return undefined;
      if (constant.value.kind === "int") size = constant.value.value;
    }
  }
  if (size === undefined) {
    complain(scope, "E0306", arg.span, { problem: "a size is a number or the name of an integer constant" });
    return undefined;
  }
  if (size < 1n || size > BigInt(MAX_SIZE)) {
    complain(scope, "E0306", arg.span, { problem: `a size is between 1 and ${MAX_SIZE}, found ${String(size)}` });
    return undefined;
  }
  return Number(size);
}

/** Refuses a type that is fine by itself but not here. */
function place(scope: TypeScope, span: Span, type: Type, where: Where): Type {
  switch (where) {
    case "state":
    case "mapValue":
    case "immutable":
    case "field":
      if (type.kind === "list") return unsupported(scope, span, where === "field" ? "a list in a struct" : "a list in state");
      if (type.kind === "sequence" && where !== "state") return refuse(scope, span, "sequence", where);
      return type;
    case "key":
      if (type.kind === "string" || type.kind === "bytes") return unsupported(scope, span, `\`${type.kind}\` as key of a map`);
      if (type.kind === "list" || type.kind === "map" || type.kind === "sequence") {
        complain(scope, "E0333", span, { type: showType(type) });
        return POISON;
      }
      return type;
    case "element":
      if (type.kind === "string" || type.kind === "bytes" || type.kind === "list") {
        return unsupported(scope, span, `a list of ${type.kind === "bytes" ? "bytes" : `${type.kind}s`}`);
      }
      return type.kind === "sequence" ? refuse(scope, span, "sequence", where) : type;
    case "param":
    case "result":
    case "local":
      return type.kind === "sequence" ? refuse(scope, span, "sequence", where) : type;
    case "constant":
      return type.kind === "list" || type.kind === "bytes" || type.kind === "sequence" || type.kind === "handle"
        ? refuse(scope, span, showType(type), where)
        : type;
  }
}

function refuse(scope: TypeScope, span: Span, type: string, where: Where): Type {
  if (where === "key") complain(scope, "E0333", span, { type });
  else complain(scope, "E0305", span, { type, where: WHERE_TEXT[where] });
  return POISON;
}

const WHERE_TEXT: Readonly<Record<Where, string>> = {
  param: "as a parameter",
  result: "as a result",
  local: "here",
  state: "in state",
  mapValue: "as the value of a map",
  key: "as a key of a map",
  immutable: "as an immutable",
  field: "as a field or element",
  element: "as the element of a list",
  constant: "as a constant",
};

function unsupported(scope: TypeScope, span: Span, construct: string): Type {
  complain(scope, "E0390", span, { construct });
  return POISON;
}

function complain(scope: TypeScope, code: Code, span: Span, values: Values, extra?: Extra): void {
  scope.program.reporter.report(code, siteOf(scope.file, span), values, extra);
}

// --- structs and enums ---------------------------------------------------------------------------------------------

export function structType(program: ProgramContext, file: FileScope, decl: StructDecl, use: Span): Type {
  const known = program.structs.get(decl);
  if (known !== undefined) return known;
  const scope = { program, file };
  if (!startResolving(scope, decl, "struct", use)) return POISON;
  const names = new Set<string>();
  const fields: { readonly name: string; readonly type: Type }[] = [];
  for (const field of decl.fields) {
    const type = resolveType(scope, field.type, "field");
    if (names.has(field.name.text)) complain(scope, "E0201", field.name, { name: field.name.text });
    else fields.push({ name: field.name.text, type });
    names.add(field.name.text);
  }
  if (fields.length === 0) complain(scope, "E0306", decl.name, { problem: "a struct has at least one field" });
  const poisoned = fields.length === 0 || fields.some((field) => field.type.kind === "poison");
  const key = `${file.path}#${decl.name.text}`;
  const made: Type = poisoned ? POISON : { kind: "struct", name: decl.name.text, key, fields };
  const type = checkSize(scope, decl.name, made, decl.name.text);
  // A struct with a broken field is poison as a whole: what it holds is unknown.
  program.structs.set(decl, type);
  program.resolving.pop();
  return type;
}

/** Constants and structs are resolved on first use; what is being resolved stands on a stack that finds cycles. */
export function startResolving(scope: TypeScope, decl: StructDecl | ConstDecl, what: string, use: Span): boolean {
  const { program, file } = scope;
  const start = program.resolving.indexOf(decl);
  if (start !== -1) {
    const chain = [...program.resolving.slice(start), decl].map((one) => one.name.text).join(" -> ");
    program.reporter.report("E0207", siteOf(file, decl.name), { what, name: decl.name.text, chain });
    return false;
  }
  if (program.resolving.length >= MAX_NESTING) {
    program.reporter.report("E0391", siteOf(file, use), { what: `the nesting of ${what}s`, limit: MAX_NESTING });
    return false;
  }
  program.resolving.push(decl);
  return true;
}

export function enumType(program: ProgramContext, file: FileScope, decl: EnumDecl): Type {
  const known = program.enums.get(decl);
  if (known !== undefined) return known;
  const scope = { program, file };
  const names = new Set<string>();
  let broken = false;
  for (const variant of decl.variants) {
    if (names.has(variant.name.text)) complain(scope, "E0201", variant.name, { name: variant.name.text });
    names.add(variant.name.text);
    if (variant.payload.kind !== "none") {
      complain(scope, "E0390", variant.span, { construct: "an enum variant with a payload" });
      broken = true;
    }
  }
  const variants = [...names];
  if (variants.length === 0 || variants.length > 256) {
    complain(scope, "E0306", decl.name, { problem: `an enum has between 1 and 256 variants, found ${variants.length}` });
    broken = true;
  }
  const type: Type = broken ? POISON : { kind: "enum", name: decl.name.text, key: `${file.path}#${decl.name.text}`, variants };
  program.enums.set(decl, type);
  return type;
}

function checkSize(scope: TypeScope, span: Span, type: Type, name: string): Type {
  if (measure(type, MAX_LEAVES + 1) <= MAX_LEAVES) return type;
  complain(scope, "E0307", span, { name, limit: `${MAX_LEAVES} leaves` });
  return POISON;
}

/** Leaves of a type. Parts were measured when they were made, so the work stays below the limit times the fields. */
function measure(type: Type, enough: number): number {
  if (type.kind !== "struct" && type.kind !== "tuple") return 1;
  let leaves = 0;
  for (const part of type.kind === "struct" ? type.fields : type.elements) {
    leaves += measure(part.type, enough);
    if (leaves >= enough) return leaves;
  }
  return leaves;
}

// --- names ---------------------------------------------------------------------------------------------------------

function typeNames(scope: TypeScope): string[] {
  const names: string[] = [...SIMPLE.keys(), ...GENERIC];
  for (const [name, decl] of scope.file.names) {
    if (decl.kind === "struct" || decl.kind === "enum" || decl.kind === "contract" || decl.kind === "interface") names.push(name);
  }
  return names;
}

export function showDecl(decl: Decl): string {
  switch (decl.kind) {
    case "const":
      return "a constant";
    case "enum":
    case "interface":
    case "event":
    case "error":
      return `an ${decl.kind}`;
    case "poison":
      return "unknown";
    case "struct":
    case "mixin":
    case "contract":
    case "function":
      return `a ${decl.kind}`;
  }
}
