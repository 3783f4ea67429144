/**
 * Composes a contract from its mixins and its own members: fields in order, signatures, guards, errors, events, with conflicts
 * of names reported. Every part keeps a view of its own, so that a mixin sees its members and those it uses, and no others.
 */
import type {
  ContractDecl,
  ErrorDecl,
  EventDecl,
  FunctionDecl,
  GuardDecl,
  InitDecl,
  InvariantDecl,
  MixinDecl,
  Name,
  ParallelDecl,
  ParamDecl,
} from "../../grammar/ast.ts";
import type { Code } from "../diagnostics/codes.ts";
import type { Extra, Values } from "../diagnostics/report.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { ErrorDef, EventDef, Expr, Field, Site } from "../typed/tree.ts";
import { isAsked, settle } from "./asked.ts";
import type { Asked } from "./asked.ts";
import { evaluate } from "./constants.ts";
import { POISON, siteOf } from "./context.ts";
import type { FileScope, MemberScope, ProgramContext, Signature } from "./context.ts";
import { entryParams, functionSignature, guardSignature, initSignature, invariantSignature } from "./functions.ts";
import { isLibraryPath } from "../modules/library.ts";
import { linearize } from "./mixins.ts";
import { resolveType } from "./resolve-type.ts";
import { checkCells } from "./type-limits.ts";

export interface Composition {
  readonly decl: ContractDecl | MixinDecl;
  readonly file: FileScope;
  readonly scope: MemberScope;
  readonly fields: readonly Field[];
  /** Functions and guards in order, each with the members it sees. */
  readonly functions: readonly { readonly signature: Signature; readonly view: MemberScope }[];
  readonly init: { readonly signature: Signature; readonly view: MemberScope } | undefined;
  readonly invariants: readonly { readonly signature: Signature; readonly view: MemberScope }[];
  readonly parallels: readonly { readonly file: FileScope; readonly node: ParallelDecl }[];
  /** Constants that fields begin with. */
  readonly initials: ReadonlyMap<Field, Expr>;
}

interface Builder {
  readonly program: ProgramContext;
  readonly contract: string;
  readonly place: Site;
  readonly scope: MemberScope;
  /** Which part each name of the whole came from, by kind and name. */
  readonly origins: Map<string, { readonly part: string; readonly file: FileScope; readonly name: Name }>;
  readonly fields: Field[];
  readonly functions: { readonly signature: Signature; readonly view: MemberScope }[];
  readonly invariants: { readonly signature: Signature; readonly view: MemberScope }[];
  readonly parallels: { readonly file: FileScope; readonly node: ParallelDecl }[];
  readonly initials: Map<Field, Expr>;
  readonly asked: Asked[];
  init: { readonly signature: Signature; readonly view: MemberScope } | undefined;
  /** Two parts have a name in common: what else is said of the whole would only repeat that. */
  isTorn: boolean;
}

interface Part {
  readonly decl: ContractDecl | MixinDecl;
  readonly file: FileScope;
  readonly view: MemberScope;
}

export function compose(program: ProgramContext, file: FileScope, decl: ContractDecl | MixinDecl): Composition {
  const name = decl.name.text;
  const builder: Builder = {
    program,
    contract: name,
    place: siteOf(file, decl.name),
    scope: emptyScope(name),
    origins: new Map(),
    fields: [],
    functions: [],
    invariants: [],
    parallels: [],
    initials: new Map(),
    asked: [],
    init: undefined,
    isTorn: false,
  };
  const views = new Map<ContractDecl | MixinDecl, MemberScope>();
  for (const use of [...linearize(program, file, decl), { decl, file, uses: undefined }]) {
    const view = emptyScope(use.decl.name.text);
    for (const used of use.uses ?? []) {
      const inner = views.get(used);
      if (inner !== undefined) copyScope(inner, view);
    }
    // The contract itself sees all: every mixin it uses, directly or not, is part of it.
    if (use.decl === decl) copyScope(builder.scope, view);
    views.set(use.decl, view);
    program.scopes.set(use.decl, view);
    addPart(builder, { decl: use.decl, file: use.file, view });
  }
  const { scope, fields, functions, init, invariants, parallels, initials, asked } = builder;
  settle(program, { decl, file, scope }, asked, views.values());
  return { decl, file, scope, fields, functions, init, invariants, parallels: builder.isTorn ? [] : parallels, initials };
}

function emptyScope(name: string): MemberScope {
  return { name, fields: new Map(), functions: new Map(), guards: new Map(), errors: new Map(), events: new Map() };
}

function copyScope(from: MemberScope, to: MemberScope): void {
  for (const [name, field] of from.fields) to.fields.set(name, field);
  for (const [name, signature] of from.functions) to.functions.set(name, signature);
  for (const [name, signature] of from.guards) to.guards.set(name, signature);
  for (const [name, error] of from.errors) to.errors.set(name, error);
  for (const [name, event] of from.events) to.events.set(name, event);
}

function addPart(builder: Builder, part: Part): void {
  for (const member of part.decl.members) {
    switch (member.kind) {
      case "state":
      case "immutable":
        addField(builder, part, member);
        break;
      case "function":
        addFunction(builder, part, member);
        break;
      case "guard":
        addGuard(builder, part, member);
        break;
      case "error":
        place(builder, part, claim(builder, part, "error", member.name), (scope) =>
          scope.errors.set(member.name.text, errorDef(builder.program, part.file, member, part.decl.name.text)),
        );
        break;
      case "event":
        place(builder, part, claim(builder, part, "event", member.name), (scope) =>
          scope.events.set(member.name.text, eventDef(builder.program, part.file, member, part.decl.name.text)),
        );
        break;
      case "init":
        addInit(builder, part, member);
        break;
      case "parallel":
        builder.parallels.push({ file: part.file, node: member });
        break;
      case "invariant":
        addInvariant(builder, part, member);
        break;
    }
  }
}

/** Of a name: it is the part's, another part has it, or the part has it twice. */
type Claim = "own" | "of another" | "twice";

/** A part sees its own members, whoever else has their names, so that one conflict isn't told of again at each use. */
function place(builder: Builder, part: Part, claimed: Claim, set: (scope: MemberScope) => void): void {
  if (claimed === "own") set(builder.scope);
  if (claimed !== "twice") set(part.view);
}

/** Takes a name for a part. If it is taken, that is reported. */
function claim(builder: Builder, part: Part, kind: string, name: Name): Claim {
  const key = `${kind} ${name.text}`;
  const taken = builder.origins.get(key);
  const own = part.decl.name.text;
  if (taken === undefined) {
    builder.origins.set(key, { part: own, file: part.file, name });
    return "own";
  }
  const other = { ...siteOf(taken.file, taken.name), text: "the other one" };
  const site = siteOf(part.file, name);
  const { reporter } = builder.program;
  if (taken.part === own) {
    reporter.report("E0201", site, { name: name.text }, { notes: [other] });
    return "twice";
  }
  builder.isTorn = true;
  const notes = own === builder.contract ? [other] : [other, { ...builder.place, text: "uses both" }];
  const help = helpWithConflict(builder, part, name.text, taken);
  reporter.report("E0211", site, { name: name.text, first: taken.part, second: own }, help === undefined ? { notes } : { notes, help });
  return "of another";
}

/** Names of the library, and hooks, aren't there to be renamed. */
function helpWithConflict(
  { asked, contract }: Builder,
  part: Part,
  name: string,
  taken: { readonly part: string; readonly file: FileScope },
): string | undefined {
  const asks = asked.find(({ signature }) => signature.name === name)?.mixin;
  if (asks !== undefined && part.decl.name.text === contract) {
    return `\`${taken.part}\` has the \`${name}\` that \`${asks}\` asks for: use \`${asks}\` without \`${taken.part}\``;
  }
  if (asks !== undefined) return `both have the \`${name}\` that \`${asks}\` asks for: leave one of them out`;
  const areOfLibrary = isLibraryPath(taken.file.path) && isLibraryPath(part.file.path);
  return areOfLibrary ? "these two mixins are not for one contract" : undefined;
}

type FieldNode = Extract<ContractDecl["members"][number], { kind: "state" | "immutable" }>;

function addField(builder: Builder, part: Part, node: FieldNode): void {
  const { program } = builder;
  const resolved = resolveType({ program, file: part.file }, node.type, node.kind);
  const type = checkCells({ program, file: part.file }, node.type.span, resolved);
  if (node.name.text === "address" || node.name.text === "balance")
    complain(builder, part, "E0212", { span: node.name }, { name: node.name.text });
  const initial = node.kind === "state" && node.initial !== undefined ? initialOf(builder, part, node, type) : undefined;
  const claimed = claim(builder, part, "field", node.name);
  const field = program.identities.field(builder.contract, {
    index: builder.fields.length,
    name: node.name.text,
    kind: node.kind,
    type,
    initial: initial?.kind === "literal" ? initial.value : undefined,
    doc: node.doc,
    site: siteOf(part.file, node.span),
  });
  place(builder, part, claimed, (scope) => scope.fields.set(field.name, field));
  if (claimed !== "own") return;
  builder.fields.push(field);
  if (initial !== undefined) builder.initials.set(field, initial);
}

function initialOf(builder: Builder, part: Part, node: Extract<FieldNode, { kind: "state" }>, type: Type): Expr | undefined {
  if (node.initial === undefined || type.kind === "poison") return undefined;
  if (type.kind !== "map" && type.kind !== "set" && type.kind !== "sequence") {
    return evaluate(builder.program, part.file, node.initial, type.kind === "history" ? type.value : type);
  }
  complain(builder, part, "E0326", node.initial, { type: showType(type) });
  return undefined;
}

function addFunction(builder: Builder, part: Part, node: FunctionDecl): void {
  const signature = functionSignature(builder.program, part.file, node, builder.contract);
  if (isAsked(part.decl, node)) {
    // What a mixin that this one uses has is there already.
    if (!part.view.functions.has(signature.name)) part.view.functions.set(signature.name, signature);
    builder.asked.push({ signature, mixin: part.decl.name.text });
    return;
  }
  const claimed = claim(builder, part, "function", node.name);
  place(builder, part, claimed, (scope) => scope.functions.set(signature.name, signature));
  if (claimed === "own") builder.functions.push({ signature, view: part.view });
}

function addGuard(builder: Builder, part: Part, node: GuardDecl): void {
  const signature = guardSignature(builder.program, part.file, node, builder.contract);
  const claimed = claim(builder, part, "guard", node.name);
  place(builder, part, claimed, (scope) => scope.guards.set(signature.name, signature));
  if (claimed === "own") builder.functions.push({ signature, view: part.view });
}

function addInvariant(builder: Builder, part: Part, node: InvariantDecl): void {
  const signature = invariantSignature(builder.program, part.file, node, builder.contract);
  if (claim(builder, part, "invariant", node.name) === "own") builder.invariants.push({ signature, view: part.view });
}

function addInit(builder: Builder, part: Part, node: InitDecl): void {
  if (part.decl.kind === "mixin") {
    complain(builder, part, "E0410", node, { what: "`init`", where: "in a mixin" });
    return;
  }
  if (builder.init !== undefined) {
    complain(builder, part, "E0201", { span: { start: node.span.start, end: node.body.span.start } }, { name: "init" });
    return;
  }
  builder.init = { signature: initSignature(builder.program, part.file, node, builder.contract), view: part.view };
}

function complain(builder: Builder, part: Part, code: Code, at: Pick<FunctionDecl, "span">, values: Values, extra?: Extra): void {
  builder.program.reporter.report(code, siteOf(part.file, at.span), values, extra);
}

// --- errors and events ---------------------------------------------------------------------------------------------

export function errorDef(program: ProgramContext, file: FileScope, node: ErrorDecl, owner: string | undefined): ErrorDef {
  const known = program.errors.get(node);
  if (known !== undefined) return known;
  distinct(program, file, node.params);
  const def = program.identities.error({
    name: node.name.text,
    key: keyOf(file, owner, node.name),
    params: entryParams(program, file, node.params, "in an error"),
    doc: node.doc,
  });
  program.errors.set(node, def);
  return def;
}

const MAX_INDEXED = 3;

export function eventDef(program: ProgramContext, file: FileScope, node: EventDecl, owner: string | undefined): EventDef {
  const known = program.events.get(node);
  if (known !== undefined) return known;
  distinct(program, file, node.params);
  const plain = node.params.map((param) => ({ ...param, indexed: false }));
  const params = entryParams(program, file, plain, "in an event").map(({ name, type }, i) => {
    const { indexed, span } = node.params[i];
    const single = type.kind !== "struct" && type.kind !== "tuple" && type.kind !== "list";
    if (!indexed || single) return { name, type, indexed };
    const help = "a log would have only a hash of it: index its single values, or none";
    program.reporter.report("E0305", siteOf(file, span), { type: showType(type), where: "as an indexed parameter" }, { help });
    return { name, type: POISON, indexed };
  });
  if (params.filter((param) => param.indexed).length > MAX_INDEXED) program.reporter.report("E0325", siteOf(file, node.name));
  const def = program.identities.event({ name: node.name.text, key: keyOf(file, owner, node.name), params, doc: node.doc });
  program.events.set(node, def);
  return def;
}

function keyOf(file: FileScope, owner: string | undefined, name: Name): string {
  return owner === undefined ? `${file.path}#${name.text}` : `${file.path}#${owner}.${name.text}`;
}

export function distinct(program: ProgramContext, file: FileScope, params: readonly ParamDecl[]): void {
  const names = new Set<string>();
  for (const { name } of params) {
    if (names.has(name.text)) program.reporter.report("E0201", siteOf(file, name), { name: name.text });
    names.add(name.text);
  }
}
