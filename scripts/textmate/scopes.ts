/**
 * Which scope each token of the lexer gets, and where words that are also names are the keyword. Every token must be in one of these tables: a new
 * one without a scope is an error when the grammar is written, not a word that stays grey.
 */
import type { TokenType } from "chevrotain";
import * as t from "../../grammar/tokens.ts";

/**
 * Reserved words, and what an editor's theme should take them for. Scopes are those that the themes of Visual Studio Code have rules for; of words that
 * are operators these are `keyword.operator.expression` and `.new`: plain `keyword.operator` has the colour of the text, which is for signs.
 */
const RESERVED: readonly (readonly [scope: string, tokens: readonly TokenType[]])[] = [
  ["keyword.control.import", [t.Import]],
  ["storage.type", [t.Const, t.Struct, t.Enum, t.Interface, t.Mixin, t.Contract, t.Fn, t.Guard, t.Let, t.Var]],
  ["storage.modifier", [t.Pub, t.View, t.Payable, t.Uses, t.Implements, t.With]],
  ["keyword.control.conditional", [t.If, t.Else, t.Match]],
  ["keyword.control.loop", [t.For, t.In]],
  ["keyword.control.flow", [t.Return, t.Require, t.Revert]],
  ["keyword.control.effect", [t.Emit, t.Delete]],
  ["keyword.operator.expression.as", [t.As]],
  ["constant.language.boolean", [t.True, t.False]],
  ["constant.language.option", [t.None, t.Some]],
  ["variable.language.self", [t.Self]],
  ["variable.language.wildcard", [t.Underscore]],
];

/**
 * Words that are names elsewhere. `before` and `after` are regular expressions for what stands around the keyword; `NAME` stands for a name,
 * `WORD` for one that may be reserved: of `state fn: u8` only `fn` is wrong.
 * Those of tests are looked for only inside of tests and invariants.
 */
export interface ContextualWord {
  readonly token: TokenType;
  readonly scope: string;
  readonly where: "anywhere" | "test" | "claim";
  readonly before: string;
  readonly after: string;
}

function word(token: TokenType, scope: string, where: ContextualWord["where"], after: string, before = ""): ContextualWord {
  return { token, scope, where, before, after };
}

/** Behind an operand on the same line, or first on a line. */
const BEHIND_OPERAND = "(?<=[A-Za-z0-9_)\\]] |  |\\t)";

/** What an expression can begin with. */
const OPERAND = "\\s+(?:NAME|[0-9(@~!]|some|self|true|false|none)";

export const CONTEXTUAL: readonly ContextualWord[] = [
  word(t.From, "keyword.control.import", "anywhere", '\\s*"'),
  word(t.State, "storage.modifier", "anywhere", "\\s+WORD\\s*:"),
  word(t.Immutable, "storage.modifier", "anywhere", "\\s+WORD\\s*:"),
  word(t.Event, "storage.type", "anywhere", "\\s+WORD\\s*\\("),
  word(t.ErrorWord, "storage.type", "anywhere", "\\s+WORD\\s*\\("),
  // With its parameters on lines of their own, nothing follows on this one.
  word(t.Init, "storage.type", "anywhere", "\\s*\\((?:\\s*\\)\\s*(?:\\{|$)|\\s*NAME\\s*:|\\s*$)"),
  word(t.Indexed, "storage.modifier", "anywhere", "\\s+WORD\\s*:"),
  word(t.Create, "keyword.operator.new.create", "anywhere", "\\s+NAME\\s*[(.{]"),
  word(t.Min, "keyword.operator.expression.min", "anywhere", "=(?![=>])", BEHIND_OPERAND),
  word(t.Max, "keyword.operator.expression.max", "anywhere", "=(?![=>])", BEHIND_OPERAND),
  // The most rounds of a loop.
  word(t.Max, "keyword.control.loop", "anywhere", "\\s+(?:NAME|[0-9(])", BEHIND_OPERAND),
  word(t.When, "keyword.control.conditional", "claim", ""),
  word(t.Deploy, "keyword.operator.new.deploy", "test", "\\s+NAME\\s*[(.{]"),
  word(t.Assert, "keyword.control.test", "test", "\\s*[^\\s=.,;:)\\]]"),
  word(t.Expect, "keyword.control.test", "test", "\\s+[^\\s=.,;:)\\]]"),
  word(t.Advance, "keyword.control.test", "test", "\\s+(?:time|height)"),
  word(t.Fuzz, "keyword.control.test", "test", "\\s+NAME"),
  word(t.Only, "keyword.operator.expression.only", "test", "\\s+NAME", BEHIND_OPERAND),
  word(t.Calls, "keyword.operator.expression.calls", "test", OPERAND, BEHIND_OPERAND),
  word(t.ValueWord, "keyword.operator.expression.value", "test", OPERAND, BEHIND_OPERAND),
];

/** Words whose place takes more than a look around: the rules for these are written out in grammar.ts. */
export const WRITTEN_OUT: readonly TokenType[] = [t.Test, t.Invariant, t.Parallel, t.BlockWord];

/** `+` and its like; brackets and separators. By the text of the token. */
const PUNCTUATION: readonly (readonly [scope: string, texts: readonly string[]])[] = [
  ["keyword.operator.assignment", ["=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^="]],
  ["keyword.operator.comparison", ["==", "!=", "<=", "<", ">"]],
  ["keyword.operator.logical", ["&&", "||", "!"]],
  ["keyword.operator.bitwise", ["<<", "&", "|", "^", "~"]],
  ["keyword.operator.arithmetic", ["+", "-", "*", "/", "%"]],
  ["keyword.operator.range", [".."]],
  ["keyword.operator.arrow", ["->", "=>"]],
  ["keyword.operator.optional", ["?"]],
  ["punctuation.accessor", ["."]],
  ["punctuation.separator", [",", ":"]],
  ["punctuation.terminator", [";"]],
  ["punctuation.section.braces", ["{", "}"]],
  ["punctuation.section.parens", ["(", ")"]],
  ["punctuation.section.brackets", ["[", "]"]],
];

/** Tokens that are patterns; the rules are written out in grammar.ts. `String` has inner scopes for its escapes. */
const PATTERNS: ReadonlyMap<string, string> = new Map([
  ["Int", "constant.numeric"],
  ["At", "constant.numeric.address"],
  ["String", "string.quoted.double"],
  ["LineComment", "comment.line"],
  ["BlockComment", "comment.block"],
]);

/** Tokens that look like nothing: names are told apart by what stands around them. */
const UNSCOPED: ReadonlySet<string> = new Set([
  ...["WhiteSpace", "Junk", "Identifier"],
  ...["Access", "BinaryOperator", "PrefixOperator", "AssignOperator"],
]);

export interface ScopedWords {
  readonly scope: string;
  readonly texts: readonly string[];
}

export const reservedWords: readonly ScopedWords[] = RESERVED.map(([scope, tokens]) => ({ scope, texts: tokens.map(textOf) }));
export const punctuation: readonly ScopedWords[] = PUNCTUATION.map(([scope, texts]) => ({ scope, texts }));

const fixedScopes: ReadonlyMap<string, readonly string[]> = new Map([
  ...[...reservedWords, ...punctuation].flatMap(({ scope, texts }) => texts.map((text): [string, string[]] => [text, [scope]])),
  ...CONTEXTUAL.map(({ token }): [string, string[]] => [
    textOf(token),
    CONTEXTUAL.filter((other) => other.token === token).map(({ scope }) => scope),
  ]),
  ["test", ["storage.type.test"]],
  ["invariant", ["storage.type.invariant"]],
  ["parallel", ["storage.type.parallel"]],
  ["block", ["keyword.control.test"]],
]);

/** What the token is written as, if it is always written the same. */
export function textOf(token: TokenType): string {
  return typeof token.PATTERN === "string" ? token.PATTERN : "";
}

/** The scopes a token may have: of a word that may be a name, where it is the keyword. Empty for names, white space and junk. */
export function scopesOf(token: TokenType): readonly string[] {
  const pattern = PATTERNS.get(token.name);
  const scopes = fixedScopes.get(textOf(token)) ?? (pattern === undefined ? [] : [pattern]);
  if (scopes.length === 0 && !UNSCOPED.has(token.name))
    throw new Error(`the token ${token.name} has no scope in scripts/textmate/scopes.ts`);
  return scopes;
}
