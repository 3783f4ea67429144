/** Holds the TextMate grammar against lexer and parser, on one text. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { IGrammar } from "vscode-textmate";
import { matchBrackets } from "../../grammar/brackets.ts";
import { scan } from "../../grammar/lexer.ts";
import { MAX_BRACKETS } from "../../grammar/parser-base.ts";
import { WeftParser } from "../../grammar/parser.ts";
import { isReserved } from "../../grammar/tokens.ts";
import { scopesOf } from "../../scripts/textmate/scopes.ts";
import { ROOT } from "./cli.ts";
import { tokenize, within } from "./textmate.ts";
import type { Scoped } from "./textmate.ts";

/** Paths of all programs in a folder of the project, in order. */
export function weftFiles(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".weft"))
    .sort()
    .map((name) => join(folder, name));
}

export type Depth = "keywords too" | "literals only";

/** Where the grammar and the compiler see different things. */
export function faultsOf(grammar: IGrammar, text: string, depth: Depth): readonly string[] {
  const { tokens, comments } = scan(text, 50);
  const found = tokenize(grammar, text);
  const faults: string[] = [];
  const demand = (start: number, end: number, wanted: (scopes: readonly string[]) => boolean, what: string): void => {
    for (const run of within(found, start, end)) {
      const seen = text.slice(run.start, run.end);
      if (seen.trim() !== "" && !wanted(run.scopes))
        faults.push(`${String(start)} ${text.slice(start, end)}: ${what}, not ${run.scopes.join(" ")}`);
    }
  };
  const lexical: Lexical[] = comments.map(({ span }) => ({ ...span, scope: "comment" }));
  const roles = depth === "keywords too" ? rolesOf(text) : new Map<number, Role>();
  for (const { tokenType, startOffset: start, image } of tokens) {
    const end = start + image.length;
    const scopes = scopesOf(tokenType);
    if (tokenType.name === "Int" || tokenType.name === "At" || tokenType.name === "String") {
      lexical.push({ start, end, scope: scopes[0] });
    } else if (tokenType.name.startsWith("word_")) {
      const role = roles.get(start);
      if (role === "keyword") demand(start, end, (given) => hasOne(given, scopes), `a keyword (${scopes.join(", ")})`);
      if (role === "name") demand(start, end, (given) => !hasOne(given, scopes), "a name");
    } else if (isReserved(tokenType) || scopes.length > 0) {
      const wanted = image === "=" && text[start - 1] === ">" ? [...scopes, "keyword.operator.comparison"] : scopes;
      demand(start, end, (given) => hasOne(given, wanted), wanted.join(", "));
    }
  }
  for (const { start, end, scope } of lexical) demand(start, end, (given) => hasOne(given, [scope]), scope);
  return [...faults, ...strays(text, found, lexical)];
}

interface Lexical {
  readonly start: number;
  readonly end: number;
  readonly scope: string;
}

/** Text that looks like a literal or a comment and is none. */
function strays(text: string, found: readonly Scoped[], lexical: readonly Lexical[]): readonly string[] {
  const covered = new Map<string, Uint8Array>();
  for (const { start, end, scope } of lexical) {
    const marks = covered.get(scope) ?? new Uint8Array(text.length);
    marks.fill(1, start, end);
    covered.set(scope, marks);
  }
  return found.flatMap(({ start, end, scopes }) => {
    const scope = ["comment", "string.quoted.double", "constant.numeric.address", "constant.numeric"].find((known) =>
      hasOne(scopes, [known]),
    );
    if (scope === undefined || text.slice(start, end).trim() === "") return [];
    const marks = covered.get(scope);
    // White space at the end of a line is nobody's.
    const last = start + text.slice(start, end).trimEnd().length;
    return marks !== undefined && marks.subarray(start, last).every((mark) => mark === 1)
      ? []
      : [`${text.slice(start, end)} is no ${scope}`];
  });
}

function hasOne(scopes: readonly string[], wanted: readonly string[]): boolean {
  return scopes.some((scope) => wanted.some((one) => scope === `${one}.weft` || scope.startsWith(`${one}.`)));
}

type Role = "keyword" | "name";

let parser: WeftParser | undefined;
let roles = new Map<number, Role>();

/** By offset: whether the parser took a word like `state` for a keyword or for a name. Words that it skipped are missing. */
function rolesOf(text: string): ReadonlyMap<number, Role> {
  const scanned = scan(text, 50);
  const brackets = matchBrackets(text, scanned.tokens, MAX_BRACKETS);
  roles = new Map();
  if (brackets.tooDeep !== undefined) return roles;
  parser ??= listeningParser();
  parser.parse("roles.weft", text, scanned, brackets, 50);
  return roles;
}

/** Chevrotain calls the hook with the kind of token that was asked for, and the token that came. */
function listeningParser(): WeftParser {
  const made = new WeftParser(true);
  Object.defineProperty(made, "cstPostTerminal", {
    value: (asked: string, token: { readonly startOffset: number }) => {
      roles.set(token.startOffset, asked.startsWith("word_") ? "keyword" : "name");
    },
  });
  return made;
}
