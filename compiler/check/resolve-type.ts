/**
 * Turns the types an author wrote into resolved types: names looked up, sizes computed, places respected (maps, sets, sequences and
 * histories stand only in state). Structs and enums are resolved on first use and kept by declaration.
 */
import type { ConstDecl, EnumDecl, NamedType, SizeExpr, Span, StructDecl, TupleType, TypeExpr, VariantDecl } from "../../grammar/ast.ts";
import { hasPayload, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Code } from "../diagnostics/codes.ts";
import type { Extra, Values } from "../diagnostics/report.ts";
import { POISON, siteOf } from "./context.ts";
import type { Decl, FileScope, ProgramContext } from "./context.ts";
import { unknownName } from "./lookup.ts";
import { checkSize } from "./type-limits.ts";

/** Where a type stands; decides what may stand there. */
export type Where = "param" | "result" | "local" | "state" | "mapValue" | "key" | "immutable" | "field" | "element" | "constant";

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
    case "optionType": {
      if (where === "key") return refuse(scope, expr.span, scope.file.tree.text.slice(expr.span.start, expr.span.end), where);
      const inner = resolveType(scope, expr.inner, partOf(where));
      if (inner.kind === "poison") return POISON;
      const type: Type = { kind: "option", inner };
      return checkSize(scope, expr.span, type, showType(type));
    }
    case "tupleType": {
      const elements = expr.elements.map((element) => ({
        name: element.name?.text,
        type: resolveType(scope, element.type, where === "key" ? "key" : partOf(where)),
      }));
      const named = distinctElements(scope, expr);
      if (!named || elements.some((element) => element.type.kind === "poison")) return POISON;
      const type: Type = { kind: "tuple", elements };
      return checkSize(scope, expr.span, type, "this tuple");
    }
    case "namedType":
      return resolveNamed(scope, expr, where);
  }
}

/** Where the parts of a type stand that itself stands there. */
function partOf(where: Where): Where {
  return where === "mapValue" || where === "state" || where === "immutable" ? "field" : where;
}

function distinctElements(scope: TypeScope, expr: TupleType): boolean {
  const names = new Set<string>();
  let distinct = true;
  for (const { name } of expr.elements) {
    if (name === undefined) continue;
    if (names.has(name.text)) {
      complain(scope, "E0201", name, { name: name.text });
      distinct = false;
    }
    names.add(name.text);
  }
  return distinct;
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
      if (where === "key") return refuse(scope, expr.span, expr.name.text, where);
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

/** Names of types that nobody declares. */
export const TYPE_NAMES: readonly string[] = [...SIMPLE.keys(), ...GENERIC];

/** Names no declaration can take: a type of this name would silently become another one. */
export function isBuiltinType(name: string): boolean {
  return SIMPLE.has(name) || GENERIC.some((generic) => generic === name);
}

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
      if (element.kind === "poison" || max === undefined) return POISON;
      const type: Type = { kind: "list", element, max };
      return checkSize(scope, expr.span, type, showType(type));
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
    case "set": {
      if (!takes(scope, expr, 1, "what it holds: `set<address>`")) return POISON;
      const key = resolveArgument(scope, expr.args[0], "key");
      return key.kind === "poison" ? POISON : { kind: "set", key };
    }
    case "history": {
      if (!takes(scope, expr, 1, "an integer type: `history<u128>`")) return POISON;
      const of = resolveArgument(scope, expr.args[0], "local");
      if (of.kind === "int") return { kind: "history", value: of };
      if (of.kind !== "poison") complain(scope, "E0306", expr.span, { problem: "`history` takes an integer type: `history<u128>`" });
      return POISON;
    }
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
      if (constant.value.kind === "literal" && constant.value.value.kind === "int") size = constant.value.value.value;
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
  switch (type.kind) {
    case "sequence":
      return where === "state" ? type : refuse(scope, span, showType(type), where);
    case "set":
    case "history":
      return where === "state" || where === "mapValue" ? type : refuse(scope, span, showType(type), where);
    case "list":
      return where === "key" ? refuse(scope, span, showType(type), where) : type;
    case "enum":
      return where === "key" && hasPayload(type) ? refuse(scope, span, type.name, where) : type;
    case "handle":
      return where === "constant" ? refuse(scope, span, type.name, where) : type;
    default:
      return type;
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
  const type = program.identities.type(key, checkSize(scope, decl.name, made, decl.name.text));
  // A struct with a broken field is poison as a whole: what it holds is unknown.
  program.structs.set(decl, type);
  program.resolving.pop();
  return type;
}

/** Constants and structs are resolved on first use; what is being resolved stands on a stack that finds cycles. */
export function startResolving(scope: TypeScope, decl: StructDecl | EnumDecl | ConstDecl, what: string, use: Span): boolean {
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
  if (!startResolving(scope, decl, "enum", decl.name)) return POISON;
  const payloads = new Map<string, Payload>();
  let broken = false;
  for (const variant of decl.variants) {
    if (payloads.has(variant.name.text)) complain(scope, "E0201", variant.name, { name: variant.name.text });
    const payload = payloadOf(scope, variant);
    broken ||= payload.some((part) => part.type.kind === "poison");
    payloads.set(variant.name.text, payload);
  }
  program.resolving.pop();
  const variants = [...payloads.keys()];
  if (variants.length === 0 || variants.length > 256) {
    complain(scope, "E0306", decl.name, { problem: `an enum has between 1 and 256 variants, found ${variants.length}` });
    broken = true;
  }
  const key = `${file.path}#${decl.name.text}`;
  const made: Type = broken ? POISON : { kind: "enum", name: decl.name.text, key, variants, payloads: [...payloads.values()] };
  const type = program.identities.type(key, checkSize(scope, decl.name, made, decl.name.text));
  program.enums.set(decl, type);
  return type;
}

type Payload = readonly { readonly name: string | undefined; readonly type: Type }[];

/** What a variant carries. A broken part stays as poison, which makes the whole enum one. */
function payloadOf(scope: TypeScope, variant: VariantDecl): Payload {
  switch (variant.payload.kind) {
    case "none":
      return [];
    case "tuple":
      if (variant.payload.types.length === 0) {
        complain(scope, "E0306", variant.span, { problem: "a variant with parentheses carries at least one value" });
        return [{ name: undefined, type: POISON }];
      }
      return variant.payload.types.map((type) => ({ name: undefined, type: resolveType(scope, type, "field") }));
    case "record": {
      const names = new Set<string>();
      if (variant.payload.fields.length === 0) {
        complain(scope, "E0306", variant.span, { problem: "a variant with braces carries at least one value" });
        return [{ name: undefined, type: POISON }];
      }
      return variant.payload.fields.map((field) => {
        if (names.has(field.name.text)) complain(scope, "E0201", field.name, { name: field.name.text });
        names.add(field.name.text);
        return { name: field.name.text, type: resolveType(scope, field.type, "field") };
      });
    }
  }
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
