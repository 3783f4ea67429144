/** Declarations as one line of the language, and with their words as Markdown. */
import type { Item, ParamDecl, Span } from "../../grammar/ast.ts";
import { showType } from "../../compiler/core/types.ts";
import type { Symbol } from "../symbols/symbol.ts";
import type { Snapshot } from "../state/snapshot.ts";

/** Longer declarations are cut. */
const MAX_HEAD = 1_000;

/** `pub fn vote(id: u64, support: bool) -> u64`; empty where the words of the language say it. */
export function headOf(snapshot: Snapshot, symbol: Symbol): string {
  const { source } = symbol;
  const file = snapshot.files.get(symbol.place?.path ?? "")?.source;
  const cut = ({ start, end }: Span): string => file?.textOf({ start, end: Math.min(end, start + MAX_HEAD) }) ?? "";
  const slice = (span: Span): string =>
    cut(span)
      .replace(/[\s;]+$/, "")
      .replace(/\s+/g, " ");
  switch (source.kind) {
    case "builtin":
      return "";
    case "local": {
      const type = source.local === undefined || source.local.type.kind === "poison" ? "" : `: ${showType(source.local.type)}`;
      return `${source.mutable ? "var" : "let"} ${symbol.name}${type}`;
    }
    case "param":
      return `(parameter) ${slice(source.node.span)}`;
    case "field":
    case "variant":
      return `${symbol.owner}.${slice(source.node.span)}`;
    case "member":
    case "item": {
      const { node } = source;
      switch (node.kind) {
        case "function":
        case "guard":
        case "init":
        case "invariant":
          return slice({ start: node.span.start, end: node.body === undefined ? node.span.end : node.body.span.start });
        case "contract":
        case "mixin": {
          const brace = file?.padded.indexOf("{", node.name.end) ?? -1;
          return slice({ start: node.span.start, end: brace === -1 || brace > node.span.end ? node.name.end : brace });
        }
        case "interface":
          return `interface ${symbol.name}`;
        case "struct":
        case "enum":
          return cut(node.span);
        case "test":
          return `test "${node.title}"`;
        case "const":
        case "state":
        case "immutable":
        case "event":
        case "error":
        case "parallel":
          return slice(node.span);
      }
    }
  }
}

/** The declaration of a file that a symbol's place is in; the symbol itself may be it. */
export function itemAround(snapshot: Snapshot, { place }: Symbol): Item | undefined {
  const items = snapshot.files.get(place?.path ?? "")?.parsed.file.items ?? [];
  return items.find(({ span }) => place !== undefined && span.start <= place.span.start && place.span.end <= span.end);
}

export function docOf(symbol: Symbol): string {
  const { source } = symbol;
  switch (source.kind) {
    case "item":
    case "member":
    case "field":
    case "variant":
      return source.node.doc;
    case "builtin":
      return source.text;
    case "param":
    case "local":
      return "";
  }
}

/** The parameters that a call of this symbol takes; undefined if it can't be called. */
export function paramsOf(symbol: Symbol): readonly ParamDecl[] | undefined {
  const { source } = symbol;
  if (source.kind !== "item" && source.kind !== "member") return undefined;
  const { node } = source;
  switch (node.kind) {
    case "function":
    case "guard":
    case "init":
    case "event":
    case "error":
      return node.params;
    case "contract": {
      const init = node.members.find((member) => member.kind === "init");
      return init?.kind === "init" ? init.params : [];
    }
    default:
      return undefined;
  }
}

export function fenced(code: string): string {
  return `\`\`\`weft\n${code}\n\`\`\``;
}
