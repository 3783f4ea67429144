/**
 * What the files of the checker share: declarations by name, the members a body may use, the state of one body being
 * checked. Nothing here decides anything; it only looks up and creates.
 */
import type {
  ConstDecl,
  ContractDecl,
  EnumDecl,
  ErrorDecl,
  EventDecl,
  Expr as ExprNode,
  FunctionDecl,
  GuardDecl,
  InitDecl,
  InterfaceDecl,
  InvariantDecl,
  MixinDecl,
  Name,
  SourceFile,
  Span,
  StructDecl,
} from "../../grammar/ast.ts";
import type { IntType, Type } from "../core/types.ts";
import type { Code } from "../diagnostics/codes.ts";
import type { Extra, Reporter, Values } from "../diagnostics/report.ts";
import type {
  ErrorDef,
  EventDef,
  Expr,
  ExternalMethod,
  Field,
  FuncId,
  Local,
  LocalId,
  Param,
  Site,
  TypedId,
  Value,
} from "../typed/tree.ts";
import type { Identities } from "./identities.ts";

// --- declarations --------------------------------------------------------------------------------------------------

/** A top-level declaration with the file whose names it sees. `poison` stands for an import that failed. */
export type Decl =
  | { readonly kind: "const"; readonly file: FileScope; readonly node: ConstDecl }
  | { readonly kind: "struct"; readonly file: FileScope; readonly node: StructDecl }
  | { readonly kind: "enum"; readonly file: FileScope; readonly node: EnumDecl }
  | { readonly kind: "interface"; readonly file: FileScope; readonly node: InterfaceDecl }
  | { readonly kind: "mixin"; readonly file: FileScope; readonly node: MixinDecl }
  | { readonly kind: "contract"; readonly file: FileScope; readonly node: ContractDecl }
  | { readonly kind: "function"; readonly file: FileScope; readonly node: FunctionDecl }
  | { readonly kind: "event"; readonly file: FileScope; readonly node: EventDecl }
  | { readonly kind: "error"; readonly file: FileScope; readonly node: ErrorDecl }
  | { readonly kind: "poison" };

export interface FileScope {
  readonly path: string;
  readonly tree: SourceFile;
  /** Own declarations and imports. */
  readonly names: Map<string, Decl>;
  /** Own declarations only: what other files may import. */
  readonly own: Map<string, Decl>;
}

/** How a function is called: all that a call site needs before any body is checked. */
export interface Signature {
  readonly id: FuncId;
  readonly name: string;
  readonly role: "external" | "internal" | "guard" | "init" | "invariant" | "free";
  readonly access: "internal" | "view" | "pub" | "payable";
  readonly params: readonly Param[];
  readonly result: Type;
  readonly node: FunctionDecl | GuardDecl | InitDecl | InvariantDecl;
  readonly file: FileScope;
  readonly contract: string | undefined;
}

/** The members that one contract or mixin, with the mixins it uses, can name. */
export interface MemberScope {
  readonly name: string;
  readonly fields: Map<string, Field>;
  readonly functions: Map<string, Signature>;
  readonly guards: Map<string, Signature>;
  readonly errors: Map<string, ErrorDef>;
  readonly events: Map<string, EventDef>;
}

/** What a typed address offers to callers. */
export interface Methods {
  readonly known: ReadonlyMap<string, ExternalMethod>;
  /** Functions that exist but aren't open to callers. */
  readonly internal: ReadonlySet<string>;
  /** State whose type is wrong: it has no getter, and that isn't a further mistake. */
  readonly broken: ReadonlySet<string>;
}

// --- the program ---------------------------------------------------------------------------------------------------

export interface ProgramContext {
  readonly reporter: Reporter;
  readonly files: ReadonlyMap<string, FileScope>;
  readonly structs: Map<StructDecl, Type>;
  readonly enums: Map<EnumDecl, Type>;
  readonly constants: Map<ConstDecl, Constant>;
  /** Structs, enums and constants being resolved right now, outermost first. */
  readonly resolving: (StructDecl | EnumDecl | ConstDecl)[];
  readonly errors: Map<ErrorDecl, ErrorDef>;
  readonly events: Map<EventDecl, EventDef>;
  /** Signatures of functions outside contracts. */
  readonly free: Map<FunctionDecl, Signature>;
  /** Kept by `flexibility`. */
  readonly flexible: WeakMap<ExprNode, "no" | "plain" | "negative">;
  /** Contracts and mixins once their members are known, for errors named `Contract.Name`. */
  readonly scopes: Map<ContractDecl | MixinDecl, MemberScope>;
  /** Kept by `external`. */
  readonly methods: Map<ContractDecl | InterfaceDecl, Methods>;
  /** The value of a constant, computed on first use. Tied here because types need constants and constants need types. */
  readonly constant: (file: FileScope, node: ConstDecl, use: Span) => Constant;
  /** Checks an expression; `hint` is the type its literals should take, never a demand. */
  readonly check: (body: Body, node: ExprNode, hint: Type | undefined) => Expr;
  /** Characters of mixins copied into contracts so far, and parts of constants copied to where they are used. */
  readonly budget: { copied: number; parts: number };
  /** Told what each expression and local turned out to be; for editors. */
  readonly observer: Observer | undefined;
  readonly nextTypedId: () => TypedId;
  readonly identities: Identities;
}

/** Hears of syntax nodes what the typed tree doesn't keep of them, in programs with errors too. */
export interface Observer {
  readonly expr: (node: ExprNode, type: Type) => void;
  readonly local: (name: Name, local: Local) => void;
  /** What was said of this node and all in it no longer holds. */
  readonly forget: (node: object) => void;
}

/** `value` is undefined when an error was reported for the constant. It is made of literals only; each use takes a copy. */
export interface Constant {
  readonly type: Type;
  readonly value: Expr | undefined;
}

// --- one body ------------------------------------------------------------------------------------------------------

/** What a body does, noted while it is checked and judged when all bodies are known. */
export interface Facts {
  /** The first write of each kind, in words: "writes `self.x`". */
  readonly writes: { readonly does: string; readonly site: Site }[];
  readonly calls: { readonly callee: FuncId; readonly site: Site }[];
  /** Calls that leave the contract; `direct` is what to write where it is the target itself. */
  readonly outward: { readonly target: Expr; readonly direct: string | undefined; readonly site: Site }[];
  readonly creates: { readonly contract: string; readonly site: Site }[];
  readonly errors: Set<ErrorDef>;
  readonly events: Set<EventDef>;
}

/** What only tests can say; absent elsewhere. Results stand in expressions as placeholders that tests replace. */
export interface TestWords {
  readonly word: (body: Body, node: Extract<ExprNode, { kind: "account" | "deploy" | "as" }>) => Expr;
  readonly balance: (body: Body, node: Extract<ExprNode, { kind: "call" }>) => Expr;
  readonly call: (body: Body, node: Extract<ExprNode, { kind: "call" }>, handle: Expr, name: Name) => Expr;
}

export type BodyKind = Signature["role"] | "constant" | "test";

export interface Body {
  readonly program: ProgramContext;
  readonly file: FileScope;
  readonly members: MemberScope | undefined;
  readonly kind: BodyKind;
  readonly access: Signature["access"];
  readonly result: Type;
  readonly locals: Local[];
  /** Innermost last. */
  readonly scopes: Map<string, LocalId>[];
  readonly facts: Facts;
  readonly tests: TestWords | undefined;
  depth: number;
}

// --- helpers -------------------------------------------------------------------------------------------------------

export const POISON: Type = { kind: "poison" };
export const UNIT: Type = { kind: "unit" };
export const BOOL: Type = { kind: "bool" };
export const ADDRESS: Type = { kind: "address" };
export const U8: IntType = { kind: "int", signed: false, bits: 8 };
export const U16: IntType = { kind: "int", signed: false, bits: 16 };
export const U64: IntType = { kind: "int", signed: false, bits: 64 };
export const U256: IntType = { kind: "int", signed: false, bits: 256 };
export const I256: IntType = { kind: "int", signed: true, bits: 256 };

const SILENT: Reporter = { report: () => undefined, diagnostics: () => [], errorCount: () => 0, isFull: () => true };

/** For what is worked out again, and was reported where it is declared. */
export function silently(program: ProgramContext): ProgramContext {
  return { ...program, reporter: SILENT };
}

export function siteOf(file: FileScope, span: Span): Site {
  return { path: file.path, span: { start: span.start, end: span.end } };
}

export function report(body: Body, code: Code, span: Span, values?: Values, extra?: Extra): void {
  body.program.reporter.report(code, siteOf(body.file, span), values, extra);
}

/** Stands where an error was reported; its type silences everything around it. */
export function poison(body: Body, span: Span): Expr {
  return literal(body, span, POISON, { kind: "bool", value: false });
}

export function literal(body: Body, span: Span, type: Type, value: Value): Expr {
  return { kind: "literal", id: body.program.nextTypedId(), site: siteOf(body.file, span), type, value };
}

export function node(body: Body, span: Span): { readonly id: TypedId; readonly site: Site } {
  return { id: body.program.nextTypedId(), site: siteOf(body.file, span) };
}

/** What differs between bodies that have no members, result or callers of their own and those that do. */
type BodyOptions = Partial<Pick<Body, "members" | "access" | "result" | "tests">>;

export function createBody(program: ProgramContext, file: FileScope, kind: BodyKind, options: BodyOptions = {}): Body {
  return {
    program,
    file,
    kind,
    members: options.members,
    access: options.access ?? "internal",
    result: options.result ?? UNIT,
    locals: [],
    scopes: [new Map<string, LocalId>()],
    facts: { writes: [], calls: [], outward: [], creates: [], errors: new Set(), events: new Set() },
    tests: options.tests,
    depth: 0,
  };
}

export function findLocal(body: Body, name: string): Local | undefined {
  for (let i = body.scopes.length - 1; i >= 0; i--) {
    const id = body.scopes[i].get(name);
    if (id !== undefined) return body.locals[id];
  }
  return undefined;
}

/** Adds a local to the innermost scope; a second one of the same name there is an error. */
export function addLocal(body: Body, name: Name, type: Type, mutable: boolean): LocalId {
  const id = localId(body.locals.length);
  const inner = body.scopes[body.scopes.length - 1];
  // The parser may recover with an empty name; it has reported that.
  const known = name.text === "" ? undefined : inner.get(name.text);
  if (known !== undefined) {
    report(body, "E0201", name, { name: name.text }, { notes: [{ ...body.locals[known].site, text: "first declared here" }] });
  } else {
    const outer = findLocal(body, name.text);
    if (outer !== undefined) {
      report(body, "W0302", name, { name: name.text }, { notes: [{ ...outer.site, text: "the outer one" }] });
    }
  }
  const local: Local = { id, name: name.text, type, mutable, site: siteOf(body.file, name) };
  body.locals.push(local);
  body.program.observer?.local(name, local);
  inner.set(name.text, id);
  return id;
}

/** A local no name reaches: the checker's own, for what is evaluated once and used twice. */
export function addHidden(body: Body, name: string, type: Type, span: Span): LocalId {
  const id = localId(body.locals.length);
  body.locals.push({ id, name, type, mutable: false, site: siteOf(body.file, span) });
  return id;
}

function localId(index: number): LocalId {
  return index as LocalId;
}

export function useLocal(body: Body, id: LocalId, span: Span): Expr {
  return { ...node(body, span), kind: "local", type: body.locals[id].type, local: id };
}

/** How a body's kind reads in "… is not available in a guard". */
export function showPlace(body: Body): string {
  switch (body.kind) {
    case "free":
      return "in a function outside contracts";
    case "constant":
      return "in a constant";
    case "test":
      return "in a test";
    case "guard":
      return "in a guard";
    case "init":
      return "in `init`";
    case "invariant":
      return "in an invariant";
    case "external":
    case "internal":
      return "in a function";
  }
}
