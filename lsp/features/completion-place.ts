/** Where a completion is asked for, as the tokens before it tell: they are there in files that don't parse, too. */
import type { Position } from "vscode-languageserver";
import type { IToken } from "chevrotain";
import { scan } from "../../grammar/lexer.ts";
import type { MemberScope } from "../../compiler/check/context.ts";
import { scopeOf } from "../symbols/names.ts";
import type { Exported } from "./imports.ts";
import type { View } from "./view.ts";

export interface Completing {
  readonly view: View;
  readonly position: Position;
  /** The character that made the editor ask, if one did. */
  readonly typed: string | undefined;
  /** Declarations of other files that could be imported. */
  readonly exported: readonly Exported[];
  /** The client fills in placeholders. */
  readonly snippets: boolean;
}

export interface Place {
  readonly completing: Completing;
  readonly offset: number;
  /** Of the declaration around the place, without the word that is being written. */
  readonly before: readonly IToken[];
  /** The contract or mixin around the place; empty if none. */
  readonly container: string;
  readonly scope: MemberScope | undefined;
  /** In a string, or behind `@`: the token. */
  readonly within: IToken | undefined;
}

/** Undefined in comments. */
export function placeOf(completing: Completing): Place | undefined {
  const { view, position } = completing;
  const offset = view.file.source.offset(position);
  const text = view.file.source.padded;
  if (view.tree.comments.some(({ span, kind }) => span.start < offset && (offset < span.end || (kind !== "block" && offset === span.end))))
    return undefined;
  // What is before the declaration around the place doesn't matter.
  const from = view.tree.items.findLast(({ span }) => span.start <= offset && offset <= span.end)?.span.start ?? 0;
  const tokens = scan(text.slice(from, offset), 0).tokens;
  for (const token of tokens) token.startOffset += from;
  const last = tokens.at(-1);
  const isTouching = last !== undefined && last.startOffset + last.image.length === offset;
  const isWord = isTouching && /^[A-Za-z_]/.test(last.image);
  const isOpenString = last?.image.startsWith('"') === true && (isTouching || !/^"(?:[^"\\]|\\.)*"$/.test(last.image));
  const isClosed = isOpenString && isTouching && /^"(?:[^"\\]|\\.)*"$/.test(last.image) && last.image.length > 1;
  const within = (isOpenString && !isClosed) || (isTouching && last.image.startsWith("@")) ? last : undefined;
  const before = isWord || within !== undefined ? tokens.slice(0, -1) : tokens;
  const container = containerAt(view, offset);
  const facts = view.snapshot.facts();
  const scope = facts === undefined || container === "" ? undefined : scopeOf(facts.context, view.path, container);
  return { completing, offset, before, container, scope, within };
}

function containerAt(view: View, offset: number): string {
  const item = view.tree.items.findLast(
    (one) => (one.kind === "contract" || one.kind === "mixin") && one.span.start <= offset && offset <= one.span.end,
  );
  // In a file whose braces don't pair it is the last one that begins before.
  const near = item ?? view.tree.items.findLast((one) => one.span.start <= offset);
  return near?.kind === "contract" || near?.kind === "mixin" ? near.name.text : "";
}

export function depthOf(tokens: readonly IToken[]): number {
  let depth = 0;
  for (const { image } of tokens) depth = image === "{" ? depth + 1 : image === "}" ? Math.max(0, depth - 1) : depth;
  return depth;
}

const HEADS: ReadonlySet<string> = new Set(["contract", "mixin", "interface", "struct", "enum", "test", "fn", "import"]);

/** The word that began the top-level declaration around the end of the tokens. */
export function blockHead(tokens: readonly IToken[]): string {
  const depths: number[] = [];
  let within = 0;
  for (const { image } of tokens) {
    depths.push(within);
    within = image === "{" ? within + 1 : image === "}" ? Math.max(0, within - 1) : within;
  }
  let depth = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const { image } = tokens[i];
    if (image === "}") depth++;
    else if (image === "{") depth--;
    else if (depth <= -1 && HEADS.has(image) && depths[i] === 0) return image;
  }
  return "";
}

/** The bracket that is open at the end of the tokens, and the tokens before it. */
export function openBracket(
  tokens: readonly IToken[],
): { readonly image: string; readonly before: readonly IToken[]; readonly inside: readonly IToken[] } | undefined {
  let depth = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const { image } = tokens[i];
    if (image === ")" || image === "]" || image === "}") depth++;
    else if ((image === "(" || image === "[" || image === "{") && depth-- === 0)
      return { image, before: tokens.slice(0, i), inside: tokens.slice(i + 1) };
  }
  return undefined;
}

export function startsStatement(tokens: readonly IToken[]): boolean {
  const last = tokens.at(-1)?.image ?? "";
  return last === "{" || last === "}" || last === ";";
}

/** Words since the last end of a statement. */
export function statementHead(tokens: readonly IToken[]): readonly string[] {
  const words: string[] = [];
  for (let i = tokens.length - 1; i >= 0 && ![";", "{", "}"].includes(tokens[i].image); i--) words.push(tokens[i].image);
  return words.reverse();
}

/** `require … else`, `x -= y else`: not the `else` of an `if`. */
export function isAfterCondition(tokens: readonly IToken[]): boolean {
  const words = statementHead(tokens);
  return tokens.at(-2)?.image !== "}" && !words.includes("if");
}

const DECLARING = new Set(["fn", "state", "immutable", "const", "event", "error", "init", "guard", "let", "var", "test"]);

export function isTypePlace(tokens: readonly IToken[]): boolean {
  const last = tokens.at(-1)?.image;
  if (last === "->") return true;
  const words = statementHead(tokens);
  const isDeclaration = words.some((word) => DECLARING.has(word));
  if (last === ":") {
    const isField = words.length <= 2 && ["struct", "enum"].includes(blockHead(tokens));
    return isField || (isDeclaration && !words.includes("=")) || words.includes("const");
  }
  const open = Math.max(words.lastIndexOf("<"), -1);
  if (last === "<" || last === ",") return isDeclaration && open !== -1 && open > words.lastIndexOf("=") && open > words.lastIndexOf(">");
  // Elements of tuple types: `-> (`, `: (`.
  return last === "(" && (words.at(-2) === "->" || words.at(-2) === ":");
}
