/**
 * The TextMate grammar of Weft, made from the lexer's tokens and the compiler's lists of built-in names. It is flat where it can be: only strings,
 * block comments, tests and claims reach over several tokens, so that a half-written line disturbs little of what follows.
 *
 * Rules consume whole tokens, as the lexer does, so nothing needs to look back at what stands before a word.
 */
import { FUNCTION_NAMES } from "../../compiler/check/builtins.ts";
import { CONTEXT_WORDS } from "../../compiler/check/declare.ts";
import { TYPE_NAMES } from "../../compiler/check/resolve-type.ts";
import { allTokens, isReserved } from "../../grammar/tokens.ts";
import { CONTEXTUAL, WRITTEN_OUT, punctuation, reservedWords, scopesOf, textOf } from "./scopes.ts";
import type { ContextualWord } from "./scopes.ts";

/** As the format of TextMate has it. */
export interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}
type Captures = Readonly<Record<string, { readonly name: string }>>;

export interface TextMateGrammar {
  readonly name: string;
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
  readonly fileTypes?: readonly string[];
  readonly injectionSelector?: string;
  readonly comment?: string;
}

const NOTE = "Written by scripts/textmate from the tokens of the lexer; not to be edited.";
const END = "(?![A-Za-z0-9_])";
const RESERVED = alternatives(allTokens.filter(isReserved).map(textOf));
const WORD = "[A-Za-z_][A-Za-z0-9_]*";
/** A name: no reserved word. */
const NAME = `(?!(?:${RESERVED})${END})${WORD}`;

export function weftGrammar(): TextMateGrammar {
  checkComplete();
  return {
    comment: NOTE,
    name: "Weft",
    scopeName: "source.weft",
    fileTypes: ["weft"],
    patterns: [{ include: "#tests" }, { include: "#code" }],
    repository: {
      code: {
        patterns: ["comments", "strings", "numbers", "addresses", "members", "claims", "declarations", "contextual", "reserved"]
          .concat(["builtins", "names", "punctuation"])
          .map((name) => ({ include: `#${name}` })),
      },
      comments: comments(),
      strings: strings(),
      numbers: numbers(),
      addresses: { name: "constant.numeric.address.weft", match: "@[0-9A-Za-z_]*" },
      members: members(),
      claims: claims(),
      declarations: declarations(),
      contextual: { patterns: contextual("anywhere") },
      reserved: { patterns: reservedWords.map(({ scope, texts }) => named(scope, `(?:${alternatives(texts)})${END}`)) },
      builtins: builtins(),
      names: names(),
      punctuation: punctuationRules(),
      tests: tests(),
      "test-code": testCode(),
    },
  };
}

/** Fences of `weft` in Markdown. */
export function markdownGrammar(): TextMateGrammar {
  return {
    comment: NOTE,
    name: "Weft in Markdown",
    scopeName: "markdown.weft.codeblock",
    injectionSelector: "L:text.html.markdown",
    patterns: [{ include: "#fence" }],
    repository: {
      fence: {
        name: "markup.fenced_code.block.markdown",
        begin: "(^|\\G)(\\s*)(`{3,}|~{3,})\\s*(?i:(weft)(?=[\\s,{:]|$)([^`]*))$",
        end: "(^|\\G)(\\2|\\s{0,3})(\\3)\\s*$",
        beginCaptures: {
          3: { name: "punctuation.definition.markdown" },
          4: { name: "fenced_code.block.language.markdown" },
          5: { name: "fenced_code.block.language.attributes.markdown" },
        },
        endCaptures: { 3: { name: "punctuation.definition.markdown" } },
        patterns: [
          {
            // Ends with the fence even where a string or comment of the program doesn't.
            begin: "(^|\\G)(\\s*)(.*)",
            while: "(^|\\G)(?!\\s*([`~]{3,})\\s*$)",
            contentName: "meta.embedded.block.weft",
            patterns: [{ include: "source.weft" }],
          },
        ],
      },
    },
  };
}

/** Throws if a token has no scope, or a word that may be a name has no rule. */
function checkComplete(): void {
  const ruled = new Set([...CONTEXTUAL.map(({ token }) => token), ...WRITTEN_OUT]);
  for (const token of allTokens) {
    scopesOf(token);
    if (token.name.startsWith("word_") && !ruled.has(token)) throw new Error(`no rule says where \`${textOf(token)}\` is a keyword`);
  }
}

// --- parts ---------------------------------------------------------------------------------------------------------

function comments(): Rule {
  const code = [{ name: "markup.inline.raw.weft", match: "`[^`]*`" }];
  return {
    patterns: [
      { name: "comment.line.documentation.weft", begin: "///(?!/)", end: "$", beginCaptures: comment(), patterns: code },
      { name: "comment.line.double-slash.weft", begin: "//", end: "$", beginCaptures: comment() },
      { name: "comment.block.weft", begin: "/\\*", end: "\\*/", beginCaptures: comment(), endCaptures: comment() },
    ],
  };
}

function comment(): Captures {
  return { 0: { name: "punctuation.definition.comment.weft" } };
}

/** A string ends with its line, closed or not. */
function strings(): Rule {
  return {
    name: "string.quoted.double.weft",
    begin: '"',
    end: '"|$',
    beginCaptures: { 0: { name: "punctuation.definition.string.begin.weft" } },
    endCaptures: { 0: { name: "punctuation.definition.string.end.weft" } },
    patterns: [
      { name: "constant.character.escape.weft", match: '\\\\(?:[nrt0\\\\"]|u\\{[0-9A-Fa-f]{1,6}\\})' },
      // An escape that doesn't exist: the compiler says so, and takes the next character along.
      { match: "\\\\." },
    ],
  };
}

function numbers(): Rule {
  return {
    patterns: [
      named("constant.numeric.hex", "0[xX][0-9A-Za-z_]*(?:\\.[0-9][0-9A-Za-z_]*)?"),
      named("constant.numeric.decimal", "[0-9][0-9A-Za-z_]*(?:\\.[0-9][0-9A-Za-z_]*)?"),
    ],
  };
}

/** Behind a dot even a word like `state` is a name. */
function members(): Rule {
  const dot = { name: "punctuation.accessor.weft" };
  return {
    patterns: [
      named("keyword.operator.range", "\\.\\."),
      { match: `(\\.)\\s*([A-Z]${NAME_REST}*[a-z]${NAME_REST}*)`, captures: { 1: dot, 2: { name: "entity.name.type.member.weft" } } },
      { match: `(\\.)\\s*(${NAME})(?=\\s*\\()`, captures: { 1: dot, 2: { name: "entity.name.function.member.weft" } } },
      { match: `(\\.)\\s*(${NAME})`, captures: { 1: dot, 2: { name: "variable.other.member.weft" } } },
    ],
  };
}
const NAME_REST = "[A-Za-z0-9_]";

/** `parallel (a: f, b: g) when …;` */
function claims(): Rule {
  return {
    name: "meta.claim.weft",
    begin: `parallel${END}(?=\\s*\\()`,
    // Members that follow a claim without its end are not part of it.
    end: "(?=;)|(?=[{}])",
    beginCaptures: { 0: { name: "storage.type.parallel.weft" } },
    patterns: [...contextual("claim"), { include: "#code" }],
  };
}

/** Names that are declared here. */
function declarations(): Rule {
  const kinds: readonly (readonly [words: readonly string[], scope: string])[] = [
    [["contract"], "entity.name.type.contract"],
    [["mixin"], "entity.name.type.mixin"],
    [["interface"], "entity.name.type.interface"],
    [["struct"], "entity.name.type.struct"],
    [["enum"], "entity.name.type.enum"],
    [["fn"], "entity.name.function"],
    [["guard"], "entity.name.function.guard"],
    [["const"], "variable.other.constant"],
    [["let", "var"], "variable.other.local"],
  ];
  return {
    patterns: kinds.map(([words, scope]) => ({
      match: `(${words.join("|")})\\s+(${NAME})`,
      captures: { 1: { name: "storage.type.weft" }, 2: { name: `${scope}.weft` } },
    })),
  };
}

function contextual(where: ContextualWord["where"]): readonly Rule[] {
  return CONTEXTUAL.filter((word) => word.where === where).map(({ token, scope, before, after }) => {
    const follows = after === "" ? "" : `(?=${after.replaceAll("NAME", NAME).replaceAll("WORD", WORD)})`;
    return named(scope, `${before}${textOf(token)}${END}${follows}`);
  });
}

function builtins(): Rule {
  return {
    patterns: [
      named("support.type.builtin", `(?:${alternatives(TYPE_NAMES)})${END}(?!\\s*:)`),
      named("support.function.builtin", `(?:${alternatives(FUNCTION_NAMES)})${END}(?=\\s*\\()`),
      named("variable.language.context", `(?:${alternatives([...CONTEXT_WORDS])})${END}(?!\\s*:)`),
    ],
  };
}

function names(): Rule {
  return {
    patterns: [
      named("variable.other.constant", `[A-Z][A-Z0-9_]+${END}`),
      named("entity.name.type", `[A-Z]${NAME_REST}*`),
      named("entity.name.function", `${NAME}(?=\\s*\\()`),
      named("variable.other", NAME),
    ],
  };
}

/** Longer ones first, so that `<=` isn't `<` and `=`. */
function punctuationRules(): Rule {
  const all = punctuation.flatMap(({ scope, texts }) => texts.map((text) => ({ scope, text })));
  const lengths = [...new Set(all.map(({ text }) => text.length))].sort((a, b) => b - a);
  const patterns = lengths.flatMap((length) => {
    return punctuation.flatMap(({ scope, texts }) => {
      const those = texts.filter((text) => text.length === length);
      return those.length === 0 ? [] : [named(scope, alternatives(those))];
    });
  });
  // To the lexer these are two tokens, since a type may end before `=`.
  return { patterns: [named("keyword.operator.comparison", ">=(?![=>])"), ...patterns] };
}

/** `test "…" (x: u256) { … }` and `invariant name { … }`: words that are names elsewhere mean something in there. */
function tests(): Rule {
  const brace = { 0: { name: "punctuation.section.braces.weft" } };
  const shared = {
    end: "\\}",
    endCaptures: brace,
    // The body leaves its brace to the test, which so ends with it and nowhere else.
    patterns: [{ begin: "\\{", end: "(?=\\})", beginCaptures: brace, patterns: [{ include: "#test-code" }] }, { include: "#code" }],
  };
  return {
    patterns: [
      { name: "meta.test.weft", begin: `test${END}(?=\\s*")`, beginCaptures: { 0: { name: "storage.type.test.weft" } }, ...shared },
      {
        name: "meta.invariant.weft",
        begin: `(invariant)\\s+(${NAME})(?=\\s*(?:\\{|$))`,
        beginCaptures: { 1: { name: "storage.type.invariant.weft" }, 2: { name: "entity.name.function.invariant.weft" } },
        ...shared,
      },
    ],
  };
}

function testCode(): Rule {
  const brace = { 0: { name: "punctuation.section.braces.weft" } };
  const blockWord = { name: "keyword.control.test.weft" };
  return {
    patterns: [
      { begin: "\\{", end: "\\}", beginCaptures: brace, endCaptures: brace, patterns: [{ include: "#test-code" }] },
      {
        match: "(parallel)\\s+(block)(?=\\s*(?:\\{|$))",
        captures: { 1: { name: "storage.type.parallel.weft" }, 2: blockWord },
      },
      { match: "(block)(?=\\s*\\{)", captures: { 1: blockWord } },
      ...contextual("test"),
      { include: "#code" },
    ],
  };
}

// --- helpers -------------------------------------------------------------------------------------------------------

function named(scope: string, match: string): Rule {
  return { name: `${scope}.weft`, match };
}

/** Longer texts first: the first that fits is taken. */
function alternatives(texts: readonly string[]): string {
  return [...texts]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("|");
}
