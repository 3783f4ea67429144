/**
 * From text to tokens and comments. It never fails: characters that belong to no token are reported and left out,
 * unfinished strings end with their line. What literals mean is not its business (see build-literals.ts).
 */
import { Lexer } from "chevrotain";
import type { IToken } from "chevrotain";

import type { Comment, Span } from "./ast.ts";
import type { SyntaxProblem } from "./problem.ts";
import { StringToken, allTokens } from "./tokens.ts";

export interface Scan {
  readonly tokens: IToken[];
  readonly comments: readonly Comment[];
  /** Doc text by the offset of the token it stands right before. */
  readonly docs: ReadonlyMap<number, string>;
  readonly problems: readonly SyntaxProblem[];
}

// Building the lexer takes milliseconds; one that only prints its help shouldn't pay for it.
let lexer: Lexer | undefined;

function sharedLexer(): Lexer {
  // The tests validate the definitions; doing it here costs half of the time.
  lexer ??= new Lexer(allTokens, { positionTracking: "onlyOffset", ensureOptimizations: true, skipValidations: true });
  return lexer;
}

export function scan(text: string, maxProblems: number): Scan {
  const result = sharedLexer().tokenize(text);
  const comments = (result.groups["comments"] ?? []).map(toComment);
  const problems: SyntaxProblem[] = [];
  reportJunk(text, result.groups["junk"] ?? [], problems, maxProblems);
  reportInvisible(text, problems, maxProblems);
  reportUnfinished(result.tokens, comments, problems, maxProblems);
  return { tokens: result.tokens, comments, docs: attachDocs(text, result.tokens, comments), problems };
}

// --- comments ------------------------------------------------------------------------------------------------------

function toComment(token: IToken): Comment {
  const { image, startOffset } = token;
  const isDoc = image.startsWith("///") && !image.startsWith("////");
  const kind = image.startsWith("/*") ? "block" : isDoc ? "doc" : "line";
  return { kind, span: { start: startOffset, end: startOffset + image.length }, text: image };
}

/** Lines of doc belong together, and to the next token, as long as at most one line break lies between. */
function attachDocs(text: string, tokens: readonly IToken[], comments: readonly Comment[]): ReadonlyMap<number, string> {
  const docs = new Map<number, string>();
  let lines: string[] = [];
  let end = 0;
  let next = 0;
  const close = (): void => {
    const token = tokens[next];
    if (lines.length > 0 && token !== undefined && adjacent(text, end, token.startOffset)) {
      docs.set(token.startOffset, lines.join("\n").trimEnd());
    }
    lines = [];
  };
  for (const comment of comments) {
    if (next < tokens.length && tokens[next].startOffset < comment.span.start) {
      close();
      next = firstAfter(tokens, next, comment.span.start);
    }
    if (lines.length > 0 && !adjacent(text, end, comment.span.start)) {
      lines = [];
    }
    if (comment.kind === "doc") {
      lines.push(comment.text.slice(comment.text.startsWith("/// ") ? 4 : 3).trimEnd());
    }
    // An ordinary comment between doc and declaration (`// weft-allow …`) doesn't part them.
    end = comment.span.end;
  }
  close();
  return docs;
}

function firstAfter(tokens: readonly IToken[], from: number, offset: number): number {
  let at = from;
  while (at < tokens.length && tokens[at].startOffset < offset) {
    at += 1;
  }
  return at;
}

function adjacent(text: string, from: number, to: number): boolean {
  const first = text.indexOf("\n", from);
  if (first === -1 || first >= to) {
    return true;
  }
  const second = text.indexOf("\n", first + 1);
  return second === -1 || second >= to;
}

// --- problems ------------------------------------------------------------------------------------------------------

/** Half a surrogate pair, and the controls that make a text read otherwise than it runs ("Trojan source"). */
const suspicious = /[\ud800-\udfff\u202a-\u202e\u2066-\u2069]/gu;
const onlySuspicious = /^[\ud800-\udfff\u202a-\u202e\u2066-\u2069]+$/u;

function reportInvisible(text: string, problems: SyntaxProblem[], maxProblems: number): void {
  suspicious.lastIndex = 0;
  for (let found = suspicious.exec(text); found !== null && problems.length <= maxProblems; found = suspicious.exec(text)) {
    const code = found[0].charCodeAt(0);
    const span = { start: found.index, end: found.index + 1 };
    problems.push({ code: code >= 0xd800 ? "E0111" : "E0101", span, args: { char: codePoint(code) }, notes: [] });
  }
}

function reportJunk(text: string, junk: readonly IToken[], problems: SyntaxProblem[], maxProblems: number): void {
  let reported = 0;
  for (const { image, startOffset } of junk) {
    if (problems.length > maxProblems) {
      return;
    }
    const isMark = startOffset === 0 && image === "\ufeff";
    if (!isMark && !onlySuspicious.test(image) && startOffset >= reported) {
      const span = wordAround(text, startOffset, reported) ?? { start: startOffset, end: startOffset + image.length };
      reported = span.end;
      problems.push({ code: "E0101", span, args: { char: visible(image) }, notes: [] });
    }
  }
}

const asciiOfWord = /[A-Za-z0-9_]/;
const word = /[A-Za-z0-9_\p{L}\p{M}\p{N}]+/uy;

/** A name with letters that names don't have is one mistake, whatever of it is a token. Undefined where the character is of no word. */
function wordAround(text: string, offset: number, from: number): Span | undefined {
  word.lastIndex = offset;
  if (!word.test(text)) {
    return undefined;
  }
  let start = offset;
  while (start > from && asciiOfWord.test(text[start - 1])) {
    start -= 1;
  }
  return { start, end: word.lastIndex };
}

function visible(image: string): string {
  const first = String.fromCodePoint(image.codePointAt(0) ?? 0);
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(first) ? `\`${first}\`` : codePoint(first.codePointAt(0) ?? 0);
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function reportUnfinished(tokens: readonly IToken[], comments: readonly Comment[], problems: SyntaxProblem[], maxProblems: number): void {
  const last = comments.at(-1);
  if (last?.kind === "block" && (last.text.length < 4 || !last.text.endsWith("*/"))) {
    const span = { start: last.span.start, end: last.span.start + 2 };
    problems.push({ code: "E0105", span, args: { what: "block comment" }, notes: [] });
  }
  for (const token of tokens) {
    if (token.tokenType === StringToken && !isClosed(token.image)) {
      const span = { start: token.startOffset, end: token.startOffset + token.image.length };
      problems.push({ code: "E0105", span, args: { what: "string" }, notes: [] });
      if (problems.length > maxProblems) {
        return;
      }
    }
  }
}

function isClosed(image: string): boolean {
  if (image.length < 2 || !image.endsWith('"')) {
    return false;
  }
  let backslashes = 0;
  while (image.charCodeAt(image.length - 2 - backslashes) === 0x5c) {
    backslashes += 1;
  }
  return backslashes % 2 === 0;
}
