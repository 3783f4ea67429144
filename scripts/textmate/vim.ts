/**
 * The colours for Vim and Neovim, made from the same tables as the TextMate grammar. Words that are names elsewhere are looked for by what stands
 * behind them, less exactly than there; in Neovim the language server's colours of names lie on top.
 */
import { FUNCTION_NAMES } from "../../compiler/check/builtins.ts";
import { CONTEXT_WORDS } from "../../compiler/check/declare.ts";
import { TYPE_NAMES } from "../../compiler/check/resolve-type.ts";
import { reservedWords } from "./scopes.ts";

/** Scopes, and the group of Vim for them: every colour scheme has these groups. */
const GROUPS: readonly (readonly [scope: string, group: string])[] = [
  ["keyword.control.import", "Include"],
  ["storage.type", "Structure"],
  ["storage.modifier", "StorageClass"],
  ["keyword.control.conditional", "Conditional"],
  ["keyword.control.loop", "Repeat"],
  ["keyword.control", "Statement"],
  ["keyword.operator", "Keyword"],
  ["constant.language.boolean", "Boolean"],
  ["constant.language", "Constant"],
  ["variable.language", "Special"],
];

/** Words that may be names: where they are taken for the keyword. In very magic patterns of Vim. */
const CONTEXTUAL: readonly (readonly [group: string, pattern: string])[] = [
  ["StorageClass", "<(state|immutable|indexed)>(\\s+\\w+\\s*:)@="],
  ["Structure", "<(event|error)>(\\s+\\w+\\s*\\()@="],
  ["Structure", '<test>(\\s*")@='],
  ["Structure", "<invariant>(\\s+\\w+\\s*(\\{|$))@="],
  ["Structure", "^\\s*\\zs<init>(\\s*\\()@="],
  ["Structure", "^\\s*\\zs<parallel>(\\s*\\(|\\s+block>)@="],
  ["Include", '<from>(\\s*")@='],
  ["Keyword", "<(create|deploy)>(\\s+\\h)@="],
  ["Statement", "^\\s*\\zs<(assert|expect|advance|fuzz)>(\\s+[^=.,;:])@="],
  ["Statement", "<block>(\\s*\\{)@="],
  ["Conditional", "(\\)\\s*)@<=<when>"],
  ["Repeat", "(\\S\\s+)@<=<max>(\\s+[0-9A-Za-z_(])@="],
  ["Keyword", "(\\S\\s+)@<=<(only|calls|value)>(\\s+[0-9A-Za-z_(@])@="],
  ["Operator", "(\\S\\s+)@<=<(min|max)>(\\=[^=>])@="],
];

export function vimSyntax(): string {
  const words = reservedWords.map(({ scope, texts }) => keywords(groupOf(scope), texts));
  const matches = CONTEXTUAL.map(([group, pattern]) => `syn match weft${group} /\\v${pattern.replaceAll("/", "\\/")}/`);
  const groups = [...GROUPS.map(([, group]) => group), "Type", "Function", "Operator"];
  const others = ["Comment", "SpecialComment", "String", "SpecialChar", "Number"];
  return `${[
    '" Weft. Written by scripts/textmate from the tokens of the lexer; not to be edited.',
    'if exists("b:current_syntax")',
    "  finish",
    "endif",
    "syn case match",
    "syn iskeyword @,48-57,_",
    ...words,
    keywords("Type", TYPE_NAMES),
    // No keywords, which would come before the patterns below.
    `syn match weftSpecial /\\v<(${[...CONTEXT_WORDS].sort().join("|")})>/`,
    `syn match weftFunction /\\v<(${[...FUNCTION_NAMES].sort().join("|")})>(\\s*\\()@=/`,
    ...matches,
    "syn match weftOperator /[-+*%<>=!&|^~?]/",
    "syn match weftMember /\\v\\.\\s*\\zs\\h\\w*/",
    "syn match weftNumber /\\v<\\d\\w*(\\.\\d\\w*)?/",
    "syn match weftNumber /@\\w*/",
    'syn match weftSpecialChar /\\v\\\\([nrt0\\\\"]|u\\{\\x{1,6}\\})/ contained',
    'syn region weftString start=/"/ skip=/\\\\./ end=/"/ end=/$/ oneline contains=weftSpecialChar,@Spell',
    'syn match weftOperator "/"',
    'syn match weftComment "//.*$" contains=@Spell',
    'syn match weftSpecialComment "///\\%(/\\)\\@!.*$" contains=@Spell',
    'syn region weftComment start="/\\*" end="\\*/" contains=@Spell',
    "syn sync minlines=200",
    ...[...new Set([...groups, ...others])].map((group) => `hi def link weft${group} ${group}`),
    'let b:current_syntax = "weft"',
  ].join("\n")}\n`;
}

function groupOf(scope: string): string {
  const found = GROUPS.find(([known]) => scope === known || scope.startsWith(`${known}.`));
  if (found === undefined) throw new Error(`no group of Vim for ${scope}`);
  return found[1];
}

function keywords(group: string, words: readonly string[]): string {
  return `syn keyword weft${group} ${[...words].sort().join(" ")}`;
}
