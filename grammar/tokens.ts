/**
 * Every token of the language. Reserved words are tokens of their own; words that mean something only in places
 * (`state`, `event`, `value` …) are tokens too, but of the category `Identifier`, so that the grammar takes them as
 * names everywhere else. No pattern here is worse than linear: comments and strings have hand-written matchers.
 */
import { Lexer, createToken } from "chevrotain";
import type { TokenType } from "chevrotain";

// --- names and words -----------------------------------------------------------------------------------------------

export const Identifier = createToken({ name: "Identifier", pattern: /[A-Za-z_][A-Za-z0-9_]*/, label: "a name" });

function reserved(word: string, categories: TokenType[] = []): TokenType {
  return createToken({ name: `reserved_${word}`, pattern: word, label: `\`${word}\``, longer_alt: Identifier, categories });
}

function contextual(word: string): TokenType {
  return createToken({
    name: `word_${word}`,
    pattern: word,
    label: `\`${word}\``,
    longer_alt: Identifier,
    categories: [Identifier],
  });
}

/** `pub`, `view`, `payable`: who may call a function and how. */
export const Access = createToken({ name: "Access", pattern: Lexer.NA, label: "`pub`, `view` or `payable`" });

export const Import = reserved("import");
export const Const = reserved("const");
export const Struct = reserved("struct");
export const Enum = reserved("enum");
export const Interface = reserved("interface");
export const Mixin = reserved("mixin");
export const Contract = reserved("contract");
export const Fn = reserved("fn");
export const Pub = reserved("pub", [Access]);
export const View = reserved("view", [Access]);
export const Payable = reserved("payable", [Access]);
export const Guard = reserved("guard");
export const Self = reserved("self");
export const Let = reserved("let");
export const Var = reserved("var");
export const If = reserved("if");
export const Else = reserved("else");
export const Match = reserved("match");
export const Return = reserved("return");
export const For = reserved("for");
export const In = reserved("in");
export const Require = reserved("require");
export const Revert = reserved("revert");
export const Emit = reserved("emit");
export const Delete = reserved("delete");
export const True = reserved("true");
export const False = reserved("false");
export const None = reserved("none");
export const Some = reserved("some");
export const Uses = reserved("uses");
export const Implements = reserved("implements");
export const With = reserved("with");
export const As = reserved("as");
/** Not a name: the pattern that ignores what it meets. */
export const Underscore = reserved("_");

export const From = contextual("from");
export const State = contextual("state");
export const Immutable = contextual("immutable");
export const Event = contextual("event");
export const ErrorWord = contextual("error");
export const Init = contextual("init");
export const Test = contextual("test");
export const Parallel = contextual("parallel");
export const When = contextual("when");
export const Indexed = contextual("indexed");
export const Min = contextual("min");
export const Max = contextual("max");
export const Invariant = contextual("invariant");
export const Create = contextual("create");
export const Deploy = contextual("deploy");
export const Assert = contextual("assert");
export const Expect = contextual("expect");
export const Advance = contextual("advance");
export const BlockWord = contextual("block");
export const Fuzz = contextual("fuzz");
export const Only = contextual("only");
export const Calls = contextual("calls");
export const ValueWord = contextual("value");

// --- literals ------------------------------------------------------------------------------------------------------

/** Takes the whole run of letters and digits, and a fraction: what is wrong with it is told in one piece later. */
export const Int = createToken({ name: "Int", pattern: /[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?/, label: "a number" });

/** `@0x…` and `@alice`; an `@` alone too, so that it is reported as what it was meant to be. */
export const At = createToken({ name: "At", pattern: /@[0-9A-Za-z_]*/, label: "an address" });

/** From the quote to the closing one, or to the end of the line when there is none. */
function matchString(text: string, start: number): [string] | null {
  if (text.charCodeAt(start) !== 0x22) {
    return null;
  }
  let at = start + 1;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === 0x22) {
      return [text.slice(start, at + 1)];
    }
    if (char === 0x0a || char === 0x0d) {
      break;
    }
    // A backslash takes its successor along, except a line break, which always ends a string.
    const next = text.charCodeAt(at + 1);
    at += char === 0x5c && next !== 0x0a && next !== 0x0d ? 2 : 1;
  }
  return [text.slice(start, Math.min(at, text.length))];
}

export const StringToken = createToken({
  name: "String",
  pattern: matchString,
  start_chars_hint: ['"'],
  line_breaks: false,
  label: "a string",
});

// --- comments ------------------------------------------------------------------------------------------------------

function matchLineComment(text: string, start: number): [string] | null {
  if (!text.startsWith("//", start)) {
    return null;
  }
  const newline = text.indexOf("\n", start);
  let end = newline === -1 ? text.length : newline;
  if (text.charCodeAt(end - 1) === 0x0d) {
    end -= 1;
  }
  return [text.slice(start, end)];
}

/** An unfinished one reaches to the end of the file, so no text is scanned twice. */
function matchBlockComment(text: string, start: number): [string] | null {
  if (!text.startsWith("/*", start)) {
    return null;
  }
  const close = text.indexOf("*/", start + 2);
  return [text.slice(start, close === -1 ? text.length : close + 2)];
}

const LineComment = createToken({
  name: "LineComment",
  pattern: matchLineComment,
  start_chars_hint: ["/"],
  line_breaks: false,
  group: "comments",
});
const BlockComment = createToken({
  name: "BlockComment",
  pattern: matchBlockComment,
  start_chars_hint: ["/"],
  line_breaks: true,
  group: "comments",
});
const WhiteSpace = createToken({ name: "WhiteSpace", pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED, line_breaks: true });

/** Runs of characters no token starts with. Keeping them out of the stream lets the parser see what is around them. */
const Junk = createToken({
  name: "Junk",
  pattern: /[\x00-\x08\x0b\x0c\x0e-\x1f#$'`\\\x7f-\uffff]+/,
  group: "junk",
  line_breaks: true,
});

// --- punctuation ---------------------------------------------------------------------------------------------------

function punctuation(name: string, pattern: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern, label: `\`${pattern}\``, categories });
}

export const BinaryOperator = createToken({ name: "BinaryOperator", pattern: Lexer.NA, label: "an operator" });
export const PrefixOperator = createToken({ name: "PrefixOperator", pattern: Lexer.NA, label: "an operator" });
export const AssignOperator = createToken({ name: "AssignOperator", pattern: Lexer.NA, label: "`=`" });

export const LBrace = punctuation("LBrace", "{");
export const RBrace = punctuation("RBrace", "}");
export const LParen = punctuation("LParen", "(");
export const RParen = punctuation("RParen", ")");
export const LBracket = punctuation("LBracket", "[");
export const RBracket = punctuation("RBracket", "]");
export const Comma = punctuation("Comma", ",");
export const Semi = punctuation("Semi", ";");
export const Colon = punctuation("Colon", ":");
export const DotDot = punctuation("DotDot", "..");
export const Dot = punctuation("Dot", ".");
export const Arrow = punctuation("Arrow", "->");
export const FatArrow = punctuation("FatArrow", "=>");
export const Question = punctuation("Question", "?");
export const Less = punctuation("Less", "<", [BinaryOperator]);
/** `>>` and `>=` are two tokens without a gap: so `list<list<u8, 2>, 2>` needs no special case. */
export const Greater = punctuation("Greater", ">");
export const Equals = punctuation("Equals", "=", [AssignOperator]);
const Minus = punctuation("Minus", "-", [BinaryOperator, PrefixOperator]);

const compound = ["+=", "-=", "*=", "/=", "%=", "|=", "&=", "^="].map((text) => punctuation(`assign ${text}`, text, [AssignOperator]));
const binary = ["||", "&&", "==", "!=", "<=", "<<", "+", "*", "/", "%", "|", "&", "^"].map((text) =>
  punctuation(`binary ${text}`, text, [BinaryOperator]),
);
const prefix = ["!", "~"].map((text) => punctuation(`prefix ${text}`, text, [PrefixOperator]));

/** What an expression can start with besides words, literals and brackets. */
export const prefixTokens: readonly TokenType[] = [Minus, ...prefix];

const twoCharacters = [DotDot, Arrow, FatArrow, ...compound, ...binary.slice(0, 6)];
const oneCharacter = [
  LBrace,
  RBrace,
  LParen,
  RParen,
  LBracket,
  RBracket,
  Comma,
  Semi,
  Colon,
  Dot,
  Question,
  Less,
  Greater,
  Equals,
  Minus,
  ...binary.slice(6),
  ...prefix,
];

// --- the vocabulary ------------------------------------------------------------------------------------------------

const reservedTokens: readonly TokenType[] = [
  ...[Import, Const, Struct, Enum, Interface, Mixin, Contract, Fn, Pub, View, Payable, Guard, Self, Let, Var, If, Else],
  ...[Match, Return, For, In, Require, Revert, Emit, Delete, True, False, None, Some, Uses, Implements, With, As],
  Underscore,
];
const contextualTokens: readonly TokenType[] = [
  ...[From, State, Immutable, Event, ErrorWord, Init, Test, Parallel, When, Indexed, Min, Max, Invariant, Create],
  ...[Deploy, Assert, Expect, Advance, BlockWord, ValueWord, Fuzz, Only, Calls],
];

/** Every token type that can stand where a name is expected. */
export const nameTokens: ReadonlySet<TokenType> = new Set([Identifier, ...contextualTokens]);

const reservedSet: ReadonlySet<TokenType> = new Set(reservedTokens);

export function isReserved(type: TokenType): boolean {
  return reservedSet.has(type);
}

/** Longer words first: the lexer would otherwise take `init` for an identifier that starts with `in`. */
function longestFirst(words: readonly TokenType[]): TokenType[] {
  return [...words].sort((a, b) => (b.LABEL ?? "").length - (a.LABEL ?? "").length);
}

/** In the order in which the lexer tries them. */
export const allTokens: TokenType[] = [
  WhiteSpace,
  ...longestFirst([...reservedTokens, ...contextualTokens]),
  Identifier,
  Int,
  At,
  StringToken,
  LineComment,
  BlockComment,
  ...twoCharacters,
  ...oneCharacter,
  Junk,
  Access,
  BinaryOperator,
  PrefixOperator,
  AssignOperator,
];
