/**
 * The scopes of locals while the names of a file are gone through: who declares what, what patterns bind, and the names in types.
 */
import type { MatchPattern, Name, ParamDecl, Pattern, Span, TypeExpr } from "../../grammar/ast.ts";
import type { MemberScope, ProgramContext } from "../../compiler/check/context.ts";
import type { Facts } from "../state/facts.ts";
import { CONTEXT_WORDS } from "./builtins.ts";
import { fileName, topName, variantOf } from "./names.ts";
import { builtin, declSymbol, fieldSymbol, localSymbol, paramSymbol } from "./symbol.ts";
import type { Occurrence, Role, Symbol } from "./symbol.ts";

/** Names that can be seen from a place, innermost scope last. */
export type Locals = readonly ReadonlyMap<string, Symbol>[];

export interface Walk {
  readonly path: string;
  readonly context: ProgramContext;
  readonly facts: Facts;
  readonly found: Occurrence[];
  readonly scopes: Map<string, Symbol>[];
  /** The members that the present body can name. */
  members: MemberScope | undefined;
  owner: string;
  /** Called where a block begins to be over, to catch the locals at a place. */
  readonly leave: (block: Span, scopes: Locals) => void;
}

export function add(walk: Walk, span: Span, symbol: Symbol | undefined, role: Role): void {
  if (symbol !== undefined) walk.found.push({ span: { start: span.start, end: span.end }, symbol, role });
}

export function languageWord(name: string): Symbol | undefined {
  const text = CONTEXT_WORDS.get(name);
  return text === undefined ? undefined : builtin(name, text);
}

export function inScope(walk: Walk, span: Span, body: () => void): void {
  walk.scopes.push(new Map());
  body();
  walk.leave(span, walk.scopes);
  walk.scopes.pop();
}

export function declareParams(walk: Walk, owner: string, params: readonly ParamDecl[]): void {
  for (const param of params) {
    const symbol = paramSymbol(walk.path, owner, param);
    add(walk, param.name, symbol, "declaration");
    walk.scopes.at(-1)?.set(param.name.text, symbol);
    visitType(walk, param.type);
  }
}

export function declareLocal(walk: Walk, name: Name, mutable: boolean): void {
  const symbol = localSymbol(walk.path, name, walk.facts.localOf(name), mutable);
  add(walk, name, symbol, "declaration");
  walk.scopes.at(-1)?.set(name.text, symbol);
}

export function findLocal(walk: Walk, name: string): Symbol | undefined {
  for (let i = walk.scopes.length - 1; i >= 0; i--) {
    const symbol = walk.scopes[i].get(name);
    if (symbol !== undefined) return symbol;
  }
  return undefined;
}

export function visitType(walk: Walk, type: TypeExpr): void {
  switch (type.kind) {
    case "namedType":
      add(walk, type.name, topName(walk.context, walk.path, type.name.text), "type");
      for (const arg of type.args) if (arg.kind !== "size") visitType(walk, arg);
      return;
    case "tupleType":
      for (const element of type.elements) visitType(walk, element.type);
      return;
    case "optionType":
      return visitType(walk, type.inner);
  }
}

export function bind(walk: Walk, pattern: Pattern, mutable: boolean): void {
  if (pattern.kind === "bind") declareLocal(walk, pattern.name, mutable);
  else if (pattern.kind === "tuple") for (const element of pattern.elements) bind(walk, element, mutable);
}

export function visitPattern(walk: Walk, pattern: MatchPattern): void {
  if (pattern.kind === "some") return bind(walk, pattern.inner, false);
  if (pattern.kind !== "variant") return;
  const decl = fileName(walk.context, walk.path, pattern.enumName.text);
  add(walk, pattern.enumName, declSymbol(decl), "type");
  if (decl?.kind === "enum") add(walk, pattern.variant, variantOf(decl.file.path, decl.node, pattern.variant.text), "read");
  if (pattern.payload.kind === "tuple") for (const element of pattern.payload.elements) bind(walk, element, false);
  if (pattern.payload.kind !== "record") return;
  const variant = decl?.kind === "enum" ? decl.node.variants.find((one) => one.name.text === pattern.variant.text) : undefined;
  for (const name of pattern.payload.names) {
    declareLocal(walk, name, false);
    // The name stands for the field as well.
    if (variant?.payload.kind !== "record" || decl?.kind !== "enum") continue;
    const field = variant.payload.fields.find((one) => one.name.text === name.text);
    if (field !== undefined) add(walk, name, fieldSymbol(decl.file.path, variant.name.text, field), "read");
  }
}
