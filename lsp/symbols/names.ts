/** Looks up what a name or a member stands for, by what the checker knows: files, members of contracts, types of expressions. */
import type { EnumDecl, Name, StructDecl } from "../../grammar/ast.ts";
import type { Decl, MemberScope, ProgramContext } from "../../compiler/check/context.ts";
import type { Type } from "../../compiler/core/types.ts";
import { BUILTIN_ERRORS, BUILTIN_FUNCTIONS, BUILTIN_TYPES, CONTEXT_WORDS, METHODS, MODULES } from "./builtins.ts";
import { builtin, declSymbol, fieldOfState, fieldSymbol, findMember, itemSymbol, memberSymbol, variantSymbol } from "./symbol.ts";
import type { Symbol } from "./symbol.ts";

export function fileName(context: ProgramContext, path: string, name: string): Decl | undefined {
  return context.files.get(path)?.names.get(name);
}

/** The members that a contract or mixin of the file can name. */
export function scopeOf(context: ProgramContext, path: string, container: string): MemberScope | undefined {
  const decl = context.files.get(path)?.own.get(container);
  return decl?.kind === "contract" || decl?.kind === "mixin" ? context.scopes.get(decl.node) : undefined;
}

export function topName(context: ProgramContext, path: string, name: string): Symbol | undefined {
  return declSymbol(fileName(context, path, name)) ?? languageName(name);
}

export function languageName(name: string): Symbol | undefined {
  const text = CONTEXT_WORDS.get(name) ?? BUILTIN_FUNCTIONS.get(name)?.text ?? MODULES.get(name) ?? BUILTIN_TYPES.get(name);
  return text === undefined ? undefined : builtin(name, text);
}

/** A contract or interface by its name, which is unique in a program. */
export function handleDecl(context: ProgramContext, name: string): Extract<Decl, { kind: "contract" | "interface" }> | undefined {
  for (const file of context.files.values()) {
    const decl = file.own.get(name);
    if (decl?.kind === "contract" || decl?.kind === "interface") return decl;
  }
  return undefined;
}

/** A struct, enum, event or error by its key: path and name, with the contract's before it if it stands in one. */
export function byKey(context: ProgramContext, key: string): Symbol | undefined {
  const hash = key.lastIndexOf("#");
  const path = key.slice(0, hash);
  const [first, second] = key.slice(hash + 1).split(".");
  const decl = context.files.get(path)?.own.get(first);
  if (second === undefined) return declSymbol(decl);
  if (decl?.kind !== "contract" && decl?.kind !== "mixin") return undefined;
  const node = decl.node.members.find((member) => (member.kind === "event" || member.kind === "error") && member.name.text === second);
  return node?.kind === "event" || node?.kind === "error" ? memberSymbol(path, first, node) : undefined;
}

function declByKey(context: ProgramContext, key: string): Exclude<Decl, { kind: "poison" }> | undefined {
  const hash = key.lastIndexOf("#");
  const decl = context.files.get(key.slice(0, hash))?.own.get(key.slice(hash + 1));
  return decl === undefined || decl.kind === "poison" ? undefined : decl;
}

/** The declaration of a type, if somebody declared it. */
export function typeSymbol(context: ProgramContext, type: Type): Symbol | undefined {
  switch (type.kind) {
    case "struct":
    case "enum":
      return byKey(context, type.key);
    case "handle":
      return declSymbol(handleDecl(context, type.name));
    case "option":
      return typeSymbol(context, type.inner);
    case "list":
      return typeSymbol(context, type.element);
    case "map":
      return typeSymbol(context, type.value);
    case "set":
      return typeSymbol(context, type.key);
    default:
      return undefined;
  }
}

/** What stands behind the dot after a value of this type. */
export function memberOfType(context: ProgramContext, type: Type, name: string): Symbol | undefined {
  if (type.kind === "struct") {
    const decl = declByKey(context, type.key);
    return decl?.kind === "struct" ? structField(decl.file.path, decl.node, name) : undefined;
  }
  if (type.kind === "handle") return handleMember(context, type.name, name);
  const method = METHODS.get(type.kind)?.get(name);
  return method === undefined ? undefined : builtin(`.${name}`, method);
}

export function structField(path: string, node: StructDecl, name: string): Symbol | undefined {
  const field = node.fields.find((one) => one.name.text === name);
  return field === undefined ? undefined : fieldSymbol(path, node.name.text, field);
}

export function variantOf(path: string, node: EnumDecl, name: string): Symbol | undefined {
  const variant = node.variants.find((one) => one.name.text === name);
  return variant === undefined ? undefined : variantSymbol(path, node.name.text, variant);
}

/** A function or getter of a contract or interface, as others see it. */
export function handleMember(context: ProgramContext, owner: string, name: string): Symbol | undefined {
  const decl = handleDecl(context, owner);
  if (decl?.kind === "interface") {
    const node = decl.node.functions.find((one) => one.name.text === name);
    return node === undefined ? undefined : memberSymbol(decl.file.path, owner, node);
  }
  const scope = decl === undefined ? undefined : context.scopes.get(decl.node);
  return scope === undefined ? undefined : findMember(context, scope, name);
}

/** `self.name` */
export function selfMember(context: ProgramContext, scope: MemberScope, name: string): Symbol | undefined {
  if (name === "address" || name === "balance") return builtin(`self.${name}`, CONTEXT_WORDS.get(`self.${name}`) ?? "");
  return findMember(context, scope, name);
}

/** `name` behind a state or immutable: the declaration, though a function has the same name. */
export function stateMember(context: ProgramContext, scope: MemberScope, name: string): Symbol | undefined {
  const field = scope.fields.get(name);
  return field === undefined ? undefined : fieldOfState(context, scope.name, field.site);
}

export function guardOf(scope: MemberScope, name: string, context: ProgramContext): Symbol | undefined {
  return scope.guards.has(name) ? findMember(context, { ...scope, functions: new Map() }, name) : undefined;
}

interface Used {
  readonly path: string;
  readonly scope: MemberScope | undefined;
  readonly what: "error" | "event";
}

/** An error or event as it is named after `revert`, `else`, `emit`, or in an expectation. */
export function outcomeName(context: ProgramContext, used: Used, qualifier: Name | undefined, name: Name): Symbol | undefined {
  const { path, scope, what } = used;
  const from = (one: MemberScope | undefined): Symbol | undefined => {
    const def = what === "error" ? one?.errors.get(name.text) : one?.events.get(name.text);
    return def === undefined ? undefined : byKey(context, def.key);
  };
  if (qualifier !== undefined) {
    const decl = fileName(context, path, qualifier.text);
    return decl?.kind === "contract" || decl?.kind === "mixin" ? from(context.scopes.get(decl.node)) : undefined;
  }
  const own = from(scope);
  if (own !== undefined) return own;
  const top = fileName(context, path, name.text);
  if (top?.kind === what) return itemSymbol(top.file.path, top.node);
  if (scope !== undefined) return undefined;
  // In a test the contract that is called says which it is; nearly always only one has the name.
  for (const decl of context.files.get(path)?.names.values() ?? []) {
    const found = decl.kind === "contract" ? from(context.scopes.get(decl.node)) : undefined;
    if (found !== undefined) return found;
  }
  const known = what === "error" ? BUILTIN_ERRORS.get(name.text) : undefined;
  return known === undefined ? undefined : builtin(name.text, known.text);
}
