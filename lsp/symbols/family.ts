/**
 * Declarations that have to have the same name: a function of an interface and what implements it, a function that a mixin asks for and the one that fills it in,
 * a field of a variant and the local that a pattern makes of it.
 */
import type { ContractDecl, MixinDecl } from "../../grammar/ast.ts";
import type { Decl, ProgramContext } from "../../compiler/check/context.ts";
import { fileName } from "./names.ts";
import { findMember, keyOf, memberSymbol } from "./symbol.ts";
import type { Occurrence, Symbol } from "./symbol.ts";

export type Link = readonly [Symbol, Symbol];

type Composed = Extract<Decl, { kind: "contract" | "mixin" }>;

/** Those of all contracts and mixins of a program. */
export function memberLinks(context: ProgramContext): readonly Link[] {
  const links: Link[] = [];
  for (const file of context.files.values()) {
    for (const decl of file.own.values()) if (decl.kind === "contract" || decl.kind === "mixin") links.push(...linksOf(context, decl));
  }
  return links;
}

function linksOf(context: ProgramContext, whole: Composed): readonly Link[] {
  const links: Link[] = [];
  const scope = context.scopes.get(whole.node);
  if (scope === undefined) return [];
  const link = (asked: Symbol): void => {
    const own = findMember(context, scope, asked.name);
    if (own !== undefined && keyOf(own) !== keyOf(asked)) links.push([asked, own]);
  };
  const { node, file } = whole;
  for (const name of node.kind === "contract" ? node.implements : []) {
    const decl = fileName(context, file.path, name.text);
    if (decl?.kind !== "interface") continue;
    for (const one of decl.node.functions) link(memberSymbol(decl.file.path, decl.node.name.text, one));
  }
  for (const part of partsOf(context, whole, new Set())) {
    for (const member of part.node.members) {
      if (member.kind === "function" && member.body === undefined) link(memberSymbol(part.file.path, part.node.name.text, member));
    }
  }
  return links;
}

/** The mixins it is made of, those of mixins too, and itself. */
function partsOf(context: ProgramContext, whole: Composed, seen: Set<ContractDecl | MixinDecl>): readonly Composed[] {
  if (seen.has(whole.node)) return [];
  seen.add(whole.node);
  const used = whole.node.uses.flatMap((name) => {
    const decl = fileName(context, whole.file.path, name.text);
    return decl?.kind === "mixin" ? partsOf(context, decl, seen) : [];
  });
  return [whole, ...used];
}

/** Two names at one place: what a pattern names is a field, and declares a local. */
export function patternLinks(names: readonly Occurrence[]): readonly Link[] {
  return names.flatMap((one, i): readonly Link[] => {
    const next = names.at(i + 1);
    return next?.span.start === one.span.start && next.span.end === one.span.end ? [[one.symbol, next.symbol]] : [];
  });
}
