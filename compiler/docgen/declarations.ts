/** What the files of a program declare beside contracts, as plain data: for pages about it, and for the doc comments that functions take from it. */
import type { ContractDecl, FunctionDecl, GuardDecl, Item, Member, MixinDecl, ParamDecl, SourceFile, TypeExpr } from "../../grammar/ast.ts";
import { parseFile } from "../../grammar/parse.ts";
import { lineStarts, positionAt } from "../../grammar/lines.ts";

export interface DeclaredParam {
  readonly name: string;
  /** As the author wrote it. */
  readonly type: string;
  readonly indexed: boolean;
}

export interface Declared {
  readonly name: string;
  readonly doc: string;
  readonly path: string;
  readonly line: number;
}

export interface DeclaredFunction extends Declared {
  /** Where its name stands in the file. */
  readonly offset: number;
  /** `pub fn`, `view fn`, `payable fn`, `fn`, `guard`. */
  readonly start: string;
  readonly params: readonly DeclaredParam[];
  /** Empty for none. */
  readonly result: string;
  /** `onlyOwner`, `atLeast(5)` */
  readonly guards: readonly string[];
}

export interface DeclaredFields extends Declared {
  readonly kind: "struct" | "enum" | "event" | "error" | "const";
  /** Fields, variants or parameters; of a constant its value. */
  readonly parts: readonly { readonly name: string; readonly type: string; readonly doc: string }[];
  readonly owner: string | undefined;
}

export interface DeclaredState extends Declared {
  readonly start: "state" | "immutable";
  readonly type: string;
}

export interface DeclaredGroup extends Declared {
  readonly kind: "interface" | "mixin" | "contract";
  readonly uses: readonly string[];
  readonly implements: readonly string[];
  readonly functions: readonly DeclaredFunction[];
  readonly state: readonly DeclaredState[];
  readonly invariants: readonly Declared[];
  readonly events: readonly DeclaredFields[];
  readonly errors: readonly DeclaredFields[];
}

export interface FileDeclarations {
  readonly path: string;
  /** A doc comment at the top of the file that belongs to no declaration. */
  readonly doc: string;
  readonly groups: readonly DeclaredGroup[];
  readonly types: readonly DeclaredFields[];
  readonly functions: readonly DeclaredFunction[];
  /** Names from other files, as they are called there. */
  readonly imports: ReadonlyMap<string, string>;
}

export function declarationsOf(path: string, text: string): FileDeclarations {
  const { file: tree } = parseFile(path, text);
  const at = placer(tree, text);
  const groups = tree.items.flatMap((item) => groupOf(item, at));
  const types = tree.items.flatMap((item) => fieldsOf(item, at, undefined));
  const functions = tree.items.flatMap((item) => (item.kind === "function" ? [functionOf(item, at)] : []));
  const imports = tree.items.flatMap((item) =>
    item.kind === "import" ? item.names.map(({ name, alias }): [string, string] => [(alias ?? name).text, name.text]) : [],
  );
  return { path, doc: fileDoc(tree), groups, types, functions, imports: new Map(imports) };
}

function fileDoc({ comments, items, text }: SourceFile): string {
  const first = items.at(0)?.span.start ?? text.length;
  const before = comments.filter(({ kind, span }) => kind === "doc" && span.end <= first);
  const last = before.findIndex(({ span }, i) => !/^\r?\n[ \t]*$/.test(text.slice(span.end, before.at(i + 1)?.span.start)));
  const lines = before.slice(0, last + 1);
  const end = lines.at(-1)?.span.end ?? 0;
  // Right before a declaration it is that one's.
  if (lines.length === 0 || (lines.length === before.length && !/\n[ \t]*\n/.test(text.slice(end, first)))) return "";
  return lines
    .map((line) => line.text.slice(line.text.startsWith("/// ") ? 4 : 3))
    .join("\n")
    .trim();
}

interface Placer {
  readonly declared: (node: { readonly name: { readonly text: string; readonly start: number }; readonly doc: string }) => Declared;
  readonly text: (node: { readonly span: { readonly start: number; readonly end: number } } | undefined) => string;
}

function placer({ path }: SourceFile, text: string): Placer {
  const starts = lineStarts(text);
  return {
    declared: ({ name, doc }) => ({ name: name.text, doc, path, line: positionAt(starts, name.start).line }),
    text: (node) => (node === undefined ? "" : text.slice(node.span.start, node.span.end).replaceAll(/\s+/g, " ")),
  };
}

function groupOf(item: Item, at: Placer): readonly DeclaredGroup[] {
  if (item.kind !== "interface" && item.kind !== "mixin" && item.kind !== "contract") return [];
  const none = { uses: [], implements: [], state: [], invariants: [], events: [], errors: [] };
  const plain = { ...at.declared(item), kind: item.kind };
  if (item.kind === "interface") return [{ ...none, ...plain, functions: item.functions.map((func) => functionOf(func, at)) }];
  const fields = item.members.flatMap((member) =>
    member.kind === "event" || member.kind === "error" ? fieldsOf(member, at, item.name.text) : [],
  );
  return [
    {
      ...none,
      ...plain,
      uses: item.uses.map(({ text }) => text),
      implements: item.kind === "contract" ? item.implements.map(({ text }) => text) : [],
      functions: item.members.flatMap((member) => (member.kind === "function" || member.kind === "guard" ? [functionOf(member, at)] : [])),
      state: stateOf(item, at),
      invariants: item.members.flatMap((member) => (member.kind === "invariant" ? [at.declared(member)] : [])),
      events: fields.filter(({ kind }) => kind === "event"),
      errors: fields.filter(({ kind }) => kind === "error"),
    },
  ];
}

function stateOf(item: ContractDecl | MixinDecl, at: Placer): readonly DeclaredState[] {
  return item.members.flatMap((member) =>
    member.kind === "state" || member.kind === "immutable"
      ? [{ ...at.declared(member), start: member.kind, type: at.text(member.type) }]
      : [],
  );
}

function functionOf(func: FunctionDecl | GuardDecl, at: Placer): DeclaredFunction {
  const plain = { ...at.declared(func), offset: func.name.start, params: func.params.map((param) => paramOf(param, at)) };
  if (func.kind === "guard") return { ...plain, start: "guard", result: "", guards: [] };
  const start = func.access === "internal" ? "fn" : `${func.access} fn`;
  return { ...plain, start, result: at.text(func.result), guards: func.guards.map((guard) => at.text(guard)) };
}

function paramOf({ name, type, indexed }: ParamDecl, at: Placer): DeclaredParam {
  return { name: name.text, type: at.text(type), indexed };
}

function fieldsOf(item: Item | Member, at: Placer, owner: string | undefined): readonly DeclaredFields[] {
  const part = (node: {
    readonly name: { readonly text: string };
    readonly type: TypeExpr;
    readonly doc: string;
  }): DeclaredFields["parts"][number] => ({
    name: node.name.text,
    type: at.text(node.type),
    doc: node.doc,
  });
  switch (item.kind) {
    case "struct":
      return [{ ...at.declared(item), kind: "struct", owner, parts: item.fields.map(part) }];
    case "enum":
      return [
        {
          ...at.declared(item),
          kind: "enum",
          owner,
          parts: item.variants.map(({ name, payload, doc }) => ({ name: name.text, type: payloadText(payload, at), doc })),
        },
      ];
    case "event":
    case "error":
      return [
        {
          ...at.declared(item),
          kind: item.kind,
          owner,
          parts: item.params.map((param) => ({
            name: param.name.text,
            type: `${param.indexed ? "indexed " : ""}${at.text(param.type)}`,
            doc: "",
          })),
        },
      ];
    case "const":
      return [{ ...at.declared(item), kind: "const", owner, parts: [{ name: at.text(item.value), type: at.text(item.type), doc: "" }] }];
    default:
      return [];
  }
}

type Payload = Extract<Item, { kind: "enum" }>["variants"][number]["payload"];

function payloadText(payload: Payload, at: Placer): string {
  switch (payload.kind) {
    case "none":
      return "";
    case "tuple":
      return `(${payload.types.map((type) => at.text(type)).join(", ")})`;
    case "record":
      return `{ ${payload.fields.map(({ name, type }) => `${name.text}: ${at.text(type)}`).join(", ")} }`;
  }
}
