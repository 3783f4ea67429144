/** Which parameters the call or literal around the cursor takes, and which of them is being written. Looks at the tokens, so that half a call is enough. */
import type { IToken } from "chevrotain";
import type { Position, SignatureHelp } from "vscode-languageserver";
import type { Span } from "../../grammar/ast.ts";
import { scan } from "../../grammar/lexer.ts";
import { isReserved } from "../../grammar/tokens.ts";
import { BUILTIN_ERRORS, BUILTIN_FUNCTIONS } from "../symbols/builtins.ts";
import { fileName } from "../symbols/names.ts";
import { structLiteralFields } from "../symbols/symbol.ts";
import type { Symbol } from "../symbols/symbol.ts";
import { docOf, headOf, paramsOf } from "./describe.ts";
import { nameAt } from "./view.ts";
import type { View } from "./view.ts";

/** Tokens looked at before the cursor. */
const MAX_BACK = 2_000;

export function signatureHelp(view: View, position: Position): SignatureHelp | undefined {
  const { source } = view.file;
  const offset = source.offset(position);
  if (view.tree.comments.some(({ span }) => span.start < offset && offset < span.end)) return undefined;
  const from = view.tree.items.findLast(({ span }) => span.start <= offset && offset <= span.end)?.span.start ?? 0;
  const tokens = scan(source.padded.slice(from, offset), 0).tokens;
  for (const token of tokens) token.startOffset += from;
  let depth = 0;
  let commas = 0;
  for (let i = tokens.length - 1; i > 0 && i > tokens.length - MAX_BACK; i--) {
    const { image } = tokens[i];
    if (image === ")" || image === "]" || image === "}") depth++;
    else if (image === "[") {
      // An index, or a list: it belongs to the argument that is being written.
      if (depth > 0) depth--;
      else commas = 0;
    } else if (image === "{") {
      if (depth-- > 0) continue;
      return literalHelp(view, tokens.slice(0, i), tokens.slice(i + 1), commas);
    } else if (image === ";" && depth === 0) return undefined;
    else if (image === "," && depth === 0) commas++;
    else if (image === "(" && depth-- === 0) {
      const found = callHelp(view, tokens.slice(0, i), commas);
      if (found !== undefined || !isGrouping(tokens.at(i - 1))) return found;
      // Parentheses within an argument.
      depth = 0;
      commas = 0;
    }
  }
  return undefined;
}

/** Whether `(` behind this token begins no list of arguments. */
function isGrouping(before: IToken | undefined): boolean {
  return before === undefined || !/^[A-Za-z_>\])]/.test(before.image) || isReserved(before.tokenType);
}

// --- calls ---------------------------------------------------------------------------------------------------------------

function callHelp(view: View, before: readonly IToken[], active: number): SignatureHelp | undefined {
  const name = before.at(-1);
  if (name === undefined || !/^[A-Za-z_]/.test(name.image)) return undefined;
  // Where a declaration is being written there is nothing to help with.
  const [second, third] = [before.at(-2)?.image ?? "", before.at(-3)?.image ?? ""];
  if (["fn", "event", "error", "guard"].includes(second) || name.image === "init") return undefined;
  const symbol = nameAt(view, view.file.source.position(name.startOffset))?.symbol ?? looseSymbol(view, before);
  if (symbol === undefined || symbol.kind === "builtin") {
    const known = second === "." ? `${third}.${name.image}` : name.image;
    const builtin = BUILTIN_FUNCTIONS.get(known) ?? (symbol === undefined ? undefined : BUILTIN_ERRORS.get(symbol.name));
    if (builtin === undefined) return symbol === undefined ? undefined : methodHelp(symbol, active);
    const variadic = builtin.parameters.at(-1) === "…" && active >= builtin.parameters.length - 1 ? builtin.parameters.length - 1 : active;
    return one(`${known}(${builtin.parameters.join(", ")})`, builtin.parameters, builtin.text.split("\n").at(-1) ?? "", variadic);
  }
  if (symbol.kind === "variant") return variantHelp(view, symbol, active);
  const getter = getterHelp(view, symbol, active);
  if (getter !== undefined) return getter;
  const isMade = second === "create" || second === "deploy";
  if (symbol.kind === "contract" && !isMade) return typedAddress(symbol, active);
  if (symbol.kind === "interface") return typedAddress(symbol, active);
  if (symbol.kind === "enum") return one(`${symbol.name}(index)`, ["index"], docOf(symbol), active);
  const params = paramsOf(symbol);
  if (params === undefined) return undefined;
  const shown = params.map(({ span }) => textAt(view, symbol.place?.path, span));
  const label = symbol.kind === "contract" ? `${symbol.name}(${shown.join(", ")})` : headOf(view.snapshot, symbol);
  return one(label, shown, docOf(symbol), active);
}

/** A name that the tree doesn't have, because what is around it isn't whole: a function or a contract of the file. */
function looseSymbol(view: View, before: readonly IToken[]): Symbol | undefined {
  const [name, dot] = [before.at(-1), before.at(-2)];
  if (name === undefined || dot?.image === ".") return undefined;
  return view.snapshot
    .names(view.path)
    .find(({ symbol, role }) => symbol.name === name.image && role !== "write" && symbol.place !== undefined)?.symbol;
}

function typedAddress(symbol: Symbol, active: number): SignatureHelp {
  return one(`${symbol.name}(at: address) -> ${symbol.name}`, ["at: address"], docOf(symbol), active);
}

function methodHelp({ name, source }: Symbol, active: number): SignatureHelp | undefined {
  const text = source.kind === "builtin" ? source.text : "";
  const inside = /^`\.\w+\((.*?)\)/.exec(text)?.[1];
  if (!name.startsWith(".") || inside === undefined) return undefined;
  return one(`${name.slice(1)}(${inside})`, inside === "" ? [] : [inside], text, active);
}

function variantHelp(view: View, symbol: Symbol, active: number): SignatureHelp | undefined {
  if (symbol.source.kind !== "variant" || symbol.source.node.payload.kind !== "tuple") return undefined;
  const shown = symbol.source.node.payload.types.map(({ span }) => textAt(view, symbol.place?.path, span));
  return one(`${symbol.owner}.${symbol.name}(${shown.join(", ")})`, shown, docOf(symbol), active);
}

/** State is called from outside by its keys. */
function getterHelp(view: View, symbol: Symbol, active: number): SignatureHelp | undefined {
  const { source } = symbol;
  if (source.kind !== "member" || (source.node.kind !== "state" && source.node.kind !== "immutable")) return undefined;
  const keys: string[] = [];
  let { type } = source.node;
  while (type.kind === "namedType" && ["map", "set", "list"].includes(type.name.text)) {
    const [first, second] = type.args;
    const isList = type.name.text === "list";
    keys.push(isList ? "index: u64" : `key: ${first === undefined ? "" : textAt(view, symbol.place?.path, first.span)}`);
    const inner = isList ? first : second;
    if (inner === undefined || inner.kind === "size") break;
    type = inner;
  }
  return one(`${symbol.name}(${keys.join(", ")})`, keys, docOf(symbol), active);
}

// --- literals ------------------------------------------------------------------------------------------------------------

/** `Task { owner: caller, | }`: the field whose name stands before the cursor, or the next that isn't written. */
function literalHelp(view: View, before: readonly IToken[], inside: readonly IToken[], commas: number): SignatureHelp | undefined {
  const { context } = view.snapshot.facts() ?? {};
  const [name, dot, qualifier] = [before.at(-1)?.image ?? "", before.at(-2)?.image ?? "", before.at(-3)?.image ?? ""];
  if (context === undefined || ["struct", "enum", "contract", "mixin", "interface", "uses", "implements", ","].includes(dot))
    return undefined;
  const decl = fileName(context, view.path, dot === "." ? qualifier : name);
  const fields = decl === undefined ? undefined : structLiteralFields(decl, name);
  if (decl === undefined || decl.kind === "poison" || fields === undefined) return undefined;
  const shown = fields.map(({ name: field, type }) => `${field.text}: ${textAt(view, decl.file.path, type.span)}`);
  const written = inside.flatMap(({ image }, i) => (inside.at(i + 1)?.image === ":" ? [image] : []));
  const isNamed = written.length > commas;
  const wanted = isNamed
    ? fields.findIndex((field) => field.name.text === written.at(-1))
    : fields.findIndex((field) => !written.includes(field.name.text));
  const head = dot === "." ? `${qualifier}.${name}` : name;
  return one(`${head} { ${shown.join(", ")} }`, shown, decl.node.doc, Math.max(0, wanted));
}

// --- parts ---------------------------------------------------------------------------------------------------------------

function textAt(view: View, path: string | undefined, span: Span): string {
  const text = view.snapshot.files.get(path ?? "")?.source.textOf(span) ?? "";
  return text.replace(/\s+/g, " ");
}

/** For clients that look for each parameter's text in the label by themselves. */
export function withPlainLabels(help: SignatureHelp): SignatureHelp {
  const signatures = help.signatures.map(({ parameters = [], ...signature }) => ({
    ...signature,
    parameters: parameters.map((parameter) => {
      const { label } = parameter;
      return { ...parameter, label: typeof label === "string" ? label : signature.label.slice(label[0], label[1]) };
    }),
  }));
  return { ...help, signatures };
}

/** Parameters are told by their places in the label: a name may stand in it twice. */
function one(label: string, parameters: readonly string[], doc: string, active: number): SignatureHelp {
  const documentation = doc === "" ? {} : { documentation: { kind: "markdown" as const, value: doc } };
  let from = Math.max(0, label.search(/[({]/));
  const places = parameters.map((parameter): { label: string | [number, number] } => {
    const at = label.indexOf(parameter, from);
    if (at === -1) return { label: parameter };
    from = at + parameter.length;
    return { label: [at, from] };
  });
  return {
    signatures: [{ label, parameters: places, ...documentation }],
    activeSignature: 0,
    activeParameter: Math.min(active, Math.max(0, parameters.length - 1)),
  };
}
