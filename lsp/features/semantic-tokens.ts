/** Semantic tokens: names coloured by what they stand for. What words, strings and comments are, the editor's own grammar tells. */
import type { Range, SemanticTokens, SemanticTokensDelta } from "vscode-languageserver";
import type { Occurrence, SymbolKind } from "../symbols/symbol.ts";
import type { View } from "./view.ts";

export const TOKEN_TYPES = [
  "namespace",
  "type",
  "class",
  "enum",
  "interface",
  "struct",
  "parameter",
  "variable",
  "property",
  "enumMember",
  "event",
  "function",
  "method",
  "decorator",
] as const;
export const TOKEN_MODIFIERS = ["declaration", "readonly", "modification", "defaultLibrary"] as const;

type TokenType = (typeof TOKEN_TYPES)[number];

const TYPES: Readonly<Record<SymbolKind, TokenType>> = {
  const: "variable",
  struct: "struct",
  enum: "enum",
  variant: "enumMember",
  field: "property",
  interface: "interface",
  mixin: "class",
  contract: "class",
  function: "function",
  guard: "decorator",
  init: "method",
  invariant: "method",
  event: "event",
  error: "event",
  state: "property",
  immutable: "property",
  param: "parameter",
  local: "variable",
  test: "namespace",
  builtin: "variable",
};

export function semanticTokens(view: View): readonly number[] {
  const data: number[] = [];
  let line = 0;
  let character = 0;
  let end = -1;
  for (const found of view.snapshot.names(view.path)) {
    const { span, symbol } = found;
    // `init` and words of the language are coloured as words.
    if (symbol.kind === "init" || span.start < end || (symbol.kind === "builtin" && symbol.name === "self")) continue;
    const { start, end: stop } = view.file.source.range(span);
    if (start.line !== stop.line) continue;
    data.push(start.line - line, start.line === line ? start.character - character : start.character, stop.character - start.character);
    data.push(TOKEN_TYPES.indexOf(typeOf(found)), modifiersOf(found));
    ({ line, character } = start);
    end = span.end;
  }
  return data;
}

function typeOf({ symbol, role }: Occurrence): TokenType {
  if (symbol.kind === "builtin") return role === "type" ? "type" : role === "call" ? "function" : "variable";
  if (symbol.kind === "function" && symbol.owner !== "") return "method";
  return TYPES[symbol.kind];
}

function modifiersOf({ symbol, role }: Occurrence): number {
  const isFixed =
    symbol.kind === "const" ||
    symbol.kind === "immutable" ||
    symbol.kind === "param" ||
    (symbol.source.kind === "local" && !symbol.source.mutable);
  return (role === "declaration" ? 1 : 0) | (isFixed ? 2 : 0) | (role === "write" ? 4 : 0) | (symbol.kind === "builtin" ? 8 : 0);
}

/** One edit: what is between the common beginning and the common end. */
export function tokensDelta(before: readonly number[], after: readonly number[], resultId: string): SemanticTokensDelta {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (start === before.length && start === after.length) return { resultId, edits: [] };
  return { resultId, edits: [{ start, deleteCount: before.length - tail - start, data: after.slice(start, after.length - tail) }] };
}

export function fullTokens(data: readonly number[], resultId: string): SemanticTokens {
  return { resultId, data: [...data] };
}

/** Of a part of the file. */
export function tokensWithin(data: readonly number[], { start, end }: Range): readonly number[] {
  const kept: number[] = [];
  let line = 0;
  let character = 0;
  let keptLine = 0;
  let keptCharacter = 0;
  for (let i = 0; i < data.length; i += 5) {
    character = data[i] === 0 ? character + data[i + 1] : data[i + 1];
    line += data[i];
    const isBefore = line < start.line || (line === start.line && character + data[i + 2] <= start.character);
    if (isBefore || line > end.line || (line === end.line && character >= end.character)) continue;
    kept.push(line - keptLine, line === keptLine ? character - keptCharacter : character, data[i + 2], data[i + 3], data[i + 4]);
    keptLine = line;
    keptCharacter = character;
  }
  return kept;
}
