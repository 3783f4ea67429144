/** What names stand for: a symbol is a declaration by its place; names of the language itself have none. */
import type {
  FunctionDecl,
  GuardDecl,
  InitDecl,
  InvariantDecl,
  Item,
  Member,
  Name,
  ParamDecl,
  SourceFile,
  Span,
} from "../../grammar/ast.ts";
import type { FieldDecl, VariantDecl } from "../../grammar/ast.ts";
import type { Decl, MemberScope, ProgramContext, Signature } from "../../compiler/check/context.ts";
import type { Local } from "../../compiler/typed/tree.ts";

export type SymbolKind =
  | "const"
  | "struct"
  | "enum"
  | "variant"
  | "field"
  | "interface"
  | "mixin"
  | "contract"
  | "function"
  | "guard"
  | "init"
  | "invariant"
  | "event"
  | "error"
  | "state"
  | "immutable"
  | "param"
  | "local"
  | "test"
  | "builtin";

export interface Symbol {
  readonly kind: SymbolKind;
  readonly name: string;
  /** Where it is declared; undefined for names of the language. */
  readonly place: { readonly path: string; readonly span: Span } | undefined;
  /** The contract, mixin, interface, struct or enum around it; empty if none. */
  readonly owner: string;
  readonly source: SymbolSource;
}

/** What hovers and signatures are made of. */
export type SymbolSource =
  | { readonly kind: "item"; readonly node: Exclude<Item, { kind: "import" }> }
  | { readonly kind: "member"; readonly node: Member }
  | { readonly kind: "field"; readonly node: FieldDecl }
  | { readonly kind: "variant"; readonly node: VariantDecl }
  | { readonly kind: "param"; readonly node: ParamDecl }
  | { readonly kind: "local"; readonly name: Name; readonly local: Local | undefined; readonly mutable: boolean }
  | { readonly kind: "builtin"; readonly text: string };

export type Role = "declaration" | "read" | "write" | "call" | "type" | "import";

export interface Occurrence {
  readonly span: Span;
  readonly symbol: Symbol;
  readonly role: Role;
}

/** The same for all that is declared at one place, whichever tree it was read from. */
export function keyOf({ place, kind, name }: Symbol): string {
  return place === undefined ? `${kind} ${name}` : `${place.path} ${place.span.start}`;
}

export function builtin(name: string, text: string): Symbol {
  return { kind: "builtin", name, place: undefined, owner: "", source: { kind: "builtin", text } };
}

export function itemSymbol(path: string, node: Exclude<Item, { kind: "import" }>): Symbol {
  const name = node.kind === "test" ? { text: node.title, ...node.titleSpan } : node.name;
  return { kind: node.kind, name: name.text, place: { path, span: name }, owner: "", source: { kind: "item", node } };
}

export function memberSymbol(path: string, owner: string, node: Exclude<Member, { kind: "parallel" }>): Symbol {
  const name: Name = node.kind === "init" ? initName(node) : node.name;
  return { kind: node.kind, name: name.text, place: { path, span: name }, owner, source: { kind: "member", node } };
}

/** `init` has no name of its own: the word stands for it. */
function initName({ span, payable }: InitDecl): Name {
  const start = span.start + (payable ? "payable ".length : 0);
  return { text: "init", start, end: start + "init".length };
}

export function fieldSymbol(path: string, owner: string, node: FieldDecl): Symbol {
  return { kind: "field", name: node.name.text, place: { path, span: node.name }, owner, source: { kind: "field", node } };
}

export function variantSymbol(path: string, owner: string, node: VariantDecl): Symbol {
  return { kind: "variant", name: node.name.text, place: { path, span: node.name }, owner, source: { kind: "variant", node } };
}

/** What a literal of the struct, or of a variant of the enum, has to name. */
export function structLiteralFields(decl: Decl, name: string): readonly FieldDecl[] | undefined {
  if (decl.kind === "struct") return decl.node.fields;
  const variant = decl.kind === "enum" ? decl.node.variants.find((one) => one.name.text === name) : undefined;
  return variant?.payload.kind === "record" ? variant.payload.fields : undefined;
}

export function paramSymbol(path: string, owner: string, node: ParamDecl): Symbol {
  return { kind: "param", name: node.name.text, place: { path, span: node.name }, owner, source: { kind: "param", node } };
}

export function localSymbol(path: string, name: Name, local: Local | undefined, mutable: boolean): Symbol {
  return { kind: "local", name: name.text, place: { path, span: name }, owner: "", source: { kind: "local", name, local, mutable } };
}

export function declSymbol(decl: Decl | undefined): Symbol | undefined {
  return decl === undefined || decl.kind === "poison" ? undefined : itemSymbol(decl.file.path, decl.node);
}

/** The declaration behind a signature. */
export function signatureSymbol(signature: Signature): Symbol {
  const { node, file, contract } = signature;
  const owner = contract ?? "";
  if (node.kind === "function" && contract === undefined) return itemSymbol(file.path, node);
  return memberSymbol(file.path, owner, memberNode(node));
}

function memberNode(node: FunctionDecl | GuardDecl | InitDecl | InvariantDecl): Exclude<Member, { kind: "parallel" }> {
  return node;
}

/** Members by name, those of mixins too. A function wins over state of the same name: it takes the place of the getter. */
export function findMember(context: ProgramContext, scope: MemberScope, name: string): Symbol | undefined {
  const signature = scope.functions.get(name) ?? scope.guards.get(name);
  if (signature !== undefined) return signatureSymbol(signature);
  const field = scope.fields.get(name);
  return field === undefined ? undefined : fieldOfState(context, scope.name, field.site);
}

export function fieldOfState(
  context: ProgramContext,
  owner: string,
  site: { readonly path: string; readonly span: Span },
): Symbol | undefined {
  const tree = context.files.get(site.path)?.tree;
  const found = tree === undefined ? undefined : statesOf(tree).get(site.span.start);
  return found === undefined ? undefined : memberSymbol(site.path, found.container === "" ? owner : found.container, found.node);
}

interface StateOf {
  readonly node: Extract<Member, { kind: "state" | "immutable" }>;
  readonly container: string;
}

/** By where they begin; asked for at each name of a file. */
const states = new WeakMap<SourceFile, ReadonlyMap<number, StateOf>>();

function statesOf(tree: SourceFile): ReadonlyMap<number, StateOf> {
  const known = states.get(tree);
  if (known !== undefined) return known;
  const found = new Map<number, StateOf>();
  for (const item of tree.items) {
    if (item.kind !== "contract" && item.kind !== "mixin") continue;
    for (const node of item.members)
      if (node.kind === "state" || node.kind === "immutable") found.set(node.span.start, { node, container: item.name.text });
  }
  states.set(tree, found);
  return found;
}
