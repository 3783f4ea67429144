/**
 * The door of the grammar: a file's text in, its syntax tree and what is wrong with it out. Never throws, whatever the
 * text; time and depth are bounded before the parser starts. Knows no files and resolves no names.
 */
import type { IToken } from "chevrotain";

import type { Comment, Item, Member, NodeId, SourceFile, Span } from "./ast.ts";
import { matchBrackets } from "./brackets.ts";
import { hintFor, isAboutLetter } from "./hints.ts";
import { scan } from "./lexer.ts";
import type { Scan } from "./lexer.ts";
import { MAX_BRACKETS } from "./parser-base.ts";
import { WeftParser } from "./parser.ts";
import type { ParseResult, RunPlace } from "./parsed.ts";
import type { HintedProblem, SyntaxProblem } from "./problem.ts";

export const MAX_FILE_BYTES = 1024 * 1024;
/** More errors than this help nobody, and bound what hostile input can cost. */
const MAX_PROBLEMS = 50;

export interface TokenizedResult extends ParseResult {
  /** Those of the whole text, if it was looked at. Comments are in the tree. */
  readonly tokens: readonly IToken[];
}

// Recording the grammar takes milliseconds; one that never parses shouldn't pay for it.
let parser: WeftParser | undefined;

function sharedParser(): WeftParser {
  parser ??= new WeftParser(true);
  return parser;
}

export function parseFile(path: string, text: string): ParseResult {
  const { file, problems, isBalanced } = parseWithTokens(path, text);
  return { file, problems, isBalanced };
}

/** For what works on the words of a text as well as on its tree. */
export function parseWithTokens(path: string, text: string): TokenizedResult {
  if (utf8LengthExceeds(text, MAX_FILE_BYTES)) {
    const span = { start: 0, end: 0 };
    const tooLarge = { code: "E0108", span, args: { limit: String(MAX_FILE_BYTES) }, notes: [], help: undefined, isFollowUp: false };
    return { file: emptyFile(path, text, undefined), problems: [tooLarge], isBalanced: false, tokens: [] };
  }
  const scanned = scan(text, MAX_PROBLEMS);
  const { tokens } = scanned;
  const brackets = matchBrackets(text, tokens, MAX_BRACKETS);
  if (brackets.tooDeep !== undefined) {
    const problems = [...scanned.problems, tooDeep(brackets.tooDeep)];
    return { file: emptyFile(path, text, scanned), problems: limited(problems, text, scanned, false), isBalanced: false, tokens };
  }
  const budget = MAX_PROBLEMS - scanned.problems.length;
  if (budget < 0) {
    return { file: emptyFile(path, text, scanned), problems: limited(scanned.problems, text, scanned, true), isBalanced: false, tokens };
  }
  try {
    const { file, problems, isCut } = sharedParser().parse(path, text, scanned, brackets, budget);
    const isBalanced = brackets.missingBraces === 0 && brackets.extraBraces === 0;
    return { file, problems: limited([...scanned.problems, ...problems], text, scanned, isCut), isBalanced, tokens };
  } catch (error) {
    if (!(error instanceof RangeError) || brackets.deepest === undefined) {
      throw error;
    }
    // The stack was nearly used up before we were called. The parser's own state can't be trusted after that.
    parser = undefined;
    return {
      file: emptyFile(path, text, scanned),
      problems: limited([tooDeep(brackets.deepest)], text, scanned, false),
      isBalanced: false,
      tokens,
    };
  }
}

/** A declaration with a body, read again after an edit inside of its body. */
export interface Reread {
  readonly node: Item | Member;
  readonly comments: readonly Comment[];
  readonly problems: readonly HintedProblem[];
}

/**
 * Reads the declaration that stands at `span` of the text, whose doc is `doc`, without the rest of the file. Undefined when only the whole file
 * tells what it is: braces that don't pair, text that no token begins with.
 */
export function parseDeclaration(text: string, span: Span, doc: string, kind: "item" | "member"): Reread | undefined {
  const scanned = scan(text.slice(span.start, span.end), MAX_PROBLEMS);
  if (scanned.problems.length > 0) return undefined;
  const { tokens, comments, docs: found } = shifted(scanned, span.start);
  const docs = new Map(found);
  if (doc !== "") docs.set(span.start, doc);
  const brackets = matchBrackets(text, tokens, MAX_BRACKETS - (kind === "member" ? 1 : 0));
  const last = tokens.at(-1);
  const isWhole = tokens.at(0)?.startOffset === span.start && last !== undefined && last.startOffset + last.image.length === span.end;
  if (!isWhole || brackets.tooDeep !== undefined || brackets.missingBraces + brackets.extraBraces > 0 || !endsOnce(tokens))
    return undefined;
  const alone: Scan = { tokens, comments, docs, problems: [] };
  const one = sharedParser().parseOne(text, alone, brackets, MAX_PROBLEMS, kind);
  if (one?.node.span.start !== span.start || one.node.span.end !== span.end) return undefined;
  return { node: one.node, comments, problems: limited(one.problems, text, alone, false) };
}

/** Declarations that stand one after the other, read again after an edit among them. */
export interface RereadRun {
  readonly nodes: readonly (Item | Member)[];
  readonly comments: readonly Comment[];
}

/**
 * Reads the declarations at `span` of the text without the rest of the file. The span begins where a declaration ends (or the brace around all opens); it
 * ends with the last one, or, if `isTail`, where nothing follows but the closing brace or the end of the file. Undefined when anything is wrong with them: then
 * only the whole file tells what they are.
 */
export function parseRun(text: string, span: Span, place: RunPlace, isTail: boolean): RereadRun | undefined {
  const own = text.slice(span.start, span.end);
  // At the beginning of a file, and only there, a byte order mark is let through.
  if (span.start > 0 && own.startsWith("\ufeff")) return undefined;
  const alone = shifted(scan(own, 0), span.start);
  const last = alone.tokens.at(-1);
  const brackets = matchBrackets(text, alone.tokens, MAX_BRACKETS - (place.kind === "file" ? 0 : 1));
  if (alone.problems.length > 0 || brackets.tooDeep !== undefined || brackets.missingBraces + brackets.extraBraces > 0) return undefined;
  const end = last === undefined ? span.start : last.startOffset + last.image.length;
  // A comment that ends with its line must not reach what stands behind.
  const open = alone.comments.at(-1);
  if (isTail ? open !== undefined && open.kind !== "block" && open.span.end === span.end && place.kind !== "file" : end !== span.end)
    return undefined;
  const nodes = sharedParser().parseRun(text, alone, brackets, place);
  return nodes === undefined ? undefined : { nodes, comments: alone.comments };
}

/** What was found in a part of a text, at its places in the whole. */
function shifted({ tokens, comments, docs, problems }: Scan, by: number): Scan {
  for (const token of tokens) token.startOffset += by;
  return {
    tokens,
    comments: comments.map((comment) => ({ ...comment, span: { start: comment.span.start + by, end: comment.span.end + by } })),
    docs: new Map([...docs].map(([offset, words]) => [offset + by, words])),
    problems,
  };
}

/** The last brace closes the first one. */
function endsOnce(tokens: readonly IToken[]): boolean {
  let depth = 0;
  for (const [i, { image }] of tokens.entries()) {
    if (image === "{") depth++;
    else if (image === "}" && --depth === 0 && i < tokens.length - 1) return false;
  }
  return depth === 0;
}

function tooDeep({ startOffset: start, image }: IToken): SyntaxProblem {
  const args = { what: "brackets", limit: String(MAX_BRACKETS) };
  return { code: "E0107", span: { start, end: start + image.length }, args, notes: [] };
}

/** In the order of the text, at most as many as anyone reads, and then a last one that says so. */
function limited(problems: readonly SyntaxProblem[], text: string, scanned: Scan, isCut: boolean): readonly HintedProblem[] {
  const sorted = [...problems].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const kept = withoutFollowUps(
    sorted.slice(0, MAX_PROBLEMS).map((problem) => ({ ...problem, help: hintFor(problem, scanned.tokens), isFollowUp: false })),
    text,
  );
  if (!isCut && sorted.length <= MAX_PROBLEMS) {
    return kept;
  }
  const start = kept.at(-1)?.span.end ?? 0;
  const span = { start, end: Math.min(start + 1, text.length) };
  return [...kept, { code: "E0109", span, args: { limit: String(MAX_PROBLEMS) }, notes: [], help: undefined, isFollowUp: false }];
}

function withoutFollowUps(problems: readonly HintedProblem[], text: string): readonly HintedProblem[] {
  let root: HintedProblem | undefined;
  return problems.map((problem) => {
    const between = root === undefined ? "\n" : text.slice(root.span.start, problem.span.start);
    // A statement of its own on the line may have a slip of its own.
    const isSame = !between.includes("\n") && (isForHead(text, root?.span.start ?? 0) ? /^[^{}]*$/ : /^[^;{}]*$/).test(between);
    if (isSame && problem.code.startsWith("E010") && !isAboutLetter(problem)) {
      return { ...problem, isFollowUp: true };
    }
    root = problem.help === undefined ? undefined : problem;
    return problem;
  });
}

/** The three parts in the brackets of another language's `for` are one mistake. */
function isForHead(text: string, start: number): boolean {
  return /\bfor\s*$/.test(text.slice(Math.max(0, start - 16), start));
}

function emptyFile(path: string, text: string, scanned: Scan | undefined): SourceFile {
  const span = { start: 0, end: text.length };
  return { kind: "file", id: 0 as NodeId, span, path, text, items: [], comments: scanned?.comments ?? [] };
}

function utf8LengthExceeds(text: string, limit: number): boolean {
  if (text.length > limit || text.length * 3 <= limit) {
    return text.length > limit;
  }
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // A surrogate is half of a character of four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes > limit;
}
