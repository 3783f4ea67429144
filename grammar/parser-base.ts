/**
 * What all parts of the grammar stand on: node ids and spans, problems, and what the next tokens begin. A rule's code
 * also runs once without input, when Chevrotain records the grammar (`RECORDING_PHASE`): results of subrules are
 * dummies then, so nothing may look into them, and places and problems mean nothing.
 */
import { EOF, EmbeddedActionsParser } from "chevrotain";
import type { IParserErrorMessageProvider, IToken, TokenType } from "chevrotain";

import type { NodeId, Span } from "./ast.ts";
import { matchBrackets } from "./brackets.ts";
import type { Brackets } from "./brackets.ts";
import { shorten } from "./build-literals.ts";
import type { Bad } from "./build-literals.ts";
import type { Scan } from "./lexer.ts";
import { LazyLookahead } from "./lookahead.ts";
import type { SyntaxProblem } from "./problem.ts";
import * as t from "./tokens.ts";

/** Brackets within brackets. */
export const MAX_BRACKETS = 256;
/**
 * Levels of the tree, however they come about: `a.b.c…`, `1+1+…`, `else if` chains. Twice what brackets can nest, and
 * some: a pass that recurses with three frames per level stays within half of Node's stack.
 */
const MAX_TREE_DEPTH = 600;
const MAX_TYPE_DEPTH = 64;

/** Thrown to leave a list item, statement or member; its problem was reported already. */
export class Abandoned extends Error {}
/** Thrown when the file has as many problems as anyone wants to read. */
export class TooMany extends Error {}

/** The message of Chevrotain's errors is used as the `expected` of E0102. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labelOf(expected),
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
};

interface Sized {
  readonly id: NodeId;
}
interface NodeHead extends Sized {
  readonly span: Span;
}

const hardMemberStarts: ReadonlySet<TokenType> = new Set([
  ...[t.Import, t.Const, t.Struct, t.Enum, t.Interface, t.Mixin, t.Contract, t.Fn, t.Pub, t.View, t.Payable, t.Guard],
]);
export const statementWords: ReadonlySet<TokenType> = new Set([...[t.Let, t.Var, t.Return, t.For, t.Require, t.Emit, t.Delete]]);
const firstOnLineStarts: ReadonlySet<TokenType> = new Set([t.If, t.Match, t.Revert]);
export const closers: ReadonlySet<TokenType> = new Set([t.RBrace, t.RParen, t.RBracket]);
/** Tokens an item of a list, an initial value or a type can start with; brackets left out on purpose. */
export const itemStarts: ReadonlySet<TokenType> = new Set([
  ...[...t.nameTokens, t.Int, t.At, t.StringToken, t.Self, t.True, t.False, t.None, t.Some, t.Underscore],
]);

const emptyScan: Scan = { tokens: [], comments: [], docs: new Map(), problems: [] };

export abstract class ParserBase extends EmbeddedActionsParser {
  /** `as`, `value`, `deploy`, `assert` and their like mean something only in there. */
  protected inTest = false;
  /** `assert` means something there too. */
  protected inInvariant = false;
  protected text = "";
  private scan: Scan = emptyScan;
  protected brackets: Brackets = matchBrackets("", [], MAX_BRACKETS);
  private problems: SyntaxProblem[] = [];
  private budget = 0;
  protected lastComplaint = -1;
  protected typeDepth = 0;
  /** By node id: levels of the tree from there down. */
  private depths: number[] = [];

  constructor(skipValidations: boolean) {
    super(t.allTokens, {
      recoveryEnabled: false,
      maxLookahead: 1,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: 1 }),
      skipValidations,
      errorMessageProvider: expectations,
    });
  }

  protected begin(text: string, scan: Scan, brackets: Brackets, budget: number): SyntaxProblem[] {
    this.input = scan.tokens;
    this.text = text;
    this.scan = scan;
    this.brackets = brackets;
    this.problems = [];
    this.budget = budget;
    this.lastComplaint = -1;
    this.typeDepth = 0;
    this.inTest = false;
    this.inInvariant = false;
    this.depths = [];
    return this.problems;
  }

  /** Lets go of the file, so that it can be collected. */
  protected end(): void {
    this.input = [];
    this.scan = emptyScan;
    this.text = "";
    this.depths = [];
  }

  // --- nodes and places ----------------------------------------------------------------------------------------------

  /** The common part of a node that reaches from `start` to the last token consumed. */
  protected node(start: number, ...children: readonly (readonly (Sized | undefined)[])[]): NodeHead {
    const span = { start, end: Math.max(start, this.previousEnd()) };
    return this.nodeAt(span, children, this.lastTokenSpan());
  }

  /** `blame` is pointed at when the tree gets too deep here. */
  protected nodeAt(span: Span, children: readonly (readonly (Sized | undefined)[])[], blame: Span): NodeHead {
    const id = this.depths.length as NodeId;
    if (this.RECORDING_PHASE) {
      return { id, span };
    }
    let depth = 0;
    for (const group of children) {
      for (const child of group) {
        if (child !== undefined) {
          depth = Math.max(depth, this.depths[child.id] ?? 0);
        }
      }
    }
    this.depths.push(depth + 1);
    if (depth >= MAX_TREE_DEPTH) {
      this.report("E0107", blame, { what: "expressions and branches", limit: String(MAX_TREE_DEPTH) });
      throw new Abandoned();
    }
    return { id, span };
  }

  protected offset(ahead = 1): number {
    const token = this.LA(ahead);
    return token.tokenType === EOF ? this.text.length : token.startOffset;
  }

  protected previousEnd(): number {
    const token = this.LA(0);
    return token.tokenType === EOF ? 0 : token.startOffset + token.image.length;
  }

  private lastTokenSpan(): Span {
    return this.spanOf(this.LA(0));
  }

  protected spanOf(token: IToken): Span {
    if (this.RECORDING_PHASE) {
      return { start: 0, end: 0 };
    }
    const start = token.tokenType === EOF ? this.text.length : token.startOffset;
    return { start, end: token.tokenType === EOF ? start : start + token.image.length };
  }

  protected docHere(): string {
    return this.scan.docs.get(this.offset()) ?? "";
  }

  protected is(type: TokenType, ahead = 1): boolean {
    return this.LA(ahead).tokenType === type;
  }

  protected isName(ahead = 1): boolean {
    return t.nameTokens.has(this.LA(ahead).tokenType);
  }

  /** No white space between the last token and the next one. */
  protected isGlued(ahead = 1): boolean {
    const token = this.LA(ahead - 1);
    return this.offset(ahead) === token.startOffset + token.image.length;
  }

  /** The next token starts a line. */
  protected isOnNewLine(): boolean {
    return this.text.slice(this.previousEnd(), this.offset()).includes("\n");
  }

  // --- problems ------------------------------------------------------------------------------------------------------

  protected report(code: string, span: Span, args: Record<string, string>, notes: SyntaxProblem["notes"] = []): void {
    if (this.problems.length >= this.budget) {
      throw new TooMany();
    }
    this.problems.push({ code, span, args, notes });
  }

  /** Reports what is wrong with the next token, once per token and not beside what the lexer left out there. */
  protected complain(code: string, span: Span, args: Record<string, string>, notes: SyntaxProblem["notes"] = []): void {
    const at = this.offset();
    const from = this.previousEnd();
    const known = this.scan.problems.some(({ span: { start, end } }) => end >= from && start <= at);
    if (at !== this.lastComplaint && !known) {
      this.report(code, span, args, notes);
    }
    this.lastComplaint = at;
  }

  protected unexpected(expected: string): void {
    const token = this.LA(1);
    const span = this.spanOf(token);
    const isReserved = expected === "a name" && t.isReserved(token.tokenType);
    const notes = isReserved ? [{ span, text: `\`${token.image}\` is a reserved word` }] : [];
    this.complain("E0102", span, { expected, found: this.found() }, notes);
  }

  private found(): string {
    const token = this.LA(1);
    return token.tokenType === EOF ? "the end of the file" : `\`${shorten(token.image)}\``;
  }

  protected missing(type: TokenType): void {
    const end = this.previousEnd();
    this.complain("E0103", { start: end, end }, { missing: labelOf(type) });
  }

  protected reportBad(code: string, token: IToken, bad: Bad | undefined): void {
    if (bad !== undefined && !this.RECORDING_PHASE) {
      const span = { start: token.startOffset + bad.start, end: token.startOffset + bad.end };
      this.report(code, span, { text: `\`${bad.text}\``, reason: bad.reason });
    }
  }

  // --- what a token begins --------------------------------------------------------------------------------------------

  /** Where no list and no expression goes on. */
  protected isStop(): boolean {
    return this.is(EOF) || this.is(t.Semi) || this.startsStatement() || this.startsMember();
  }

  protected startsStatement = (): boolean => {
    const type = this.LA(1).tokenType;
    return statementWords.has(type) || (firstOnLineStarts.has(type) && this.isOnNewLine());
  };

  /** The beginning of a declaration, as far as two or three tokens tell, that can't be the one of a statement. */
  protected startsMember = (): boolean => {
    const type = this.LA(1).tokenType;
    if (hardMemberStarts.has(type)) {
      return true;
    }
    if (type === t.State || type === t.Immutable || type === t.Event || type === t.ErrorWord || type === t.Invariant) {
      return this.isName(2);
    }
    if (type === t.Parallel) {
      return this.is(t.LParen, 2) && this.isName(3) && this.is(t.Colon, 4);
    }
    if (type === t.Init) {
      return this.is(t.LParen, 2) && (this.is(t.RParen, 3) ? this.is(t.LBrace, 4) : this.is(t.Colon, 4));
    }
    return this.startsTest();
  };

  protected startsItem = (): boolean => {
    const type = this.LA(1).tokenType;
    if (type === t.Guard || type === t.State || type === t.Immutable || type === t.Invariant) {
      return false;
    }
    return type !== t.Parallel && type !== t.Init && this.startsMember();
  };

  /** The beginning of what stands in files only. */
  protected startsFileItem = (): boolean => {
    const type = this.LA(1).tokenType;
    const isShared = type === t.Fn || type === t.Pub || type === t.View || type === t.Payable;
    return this.startsItem() && !isShared && type !== t.Event && type !== t.ErrorWord;
  };

  private startsTest(): boolean {
    return this.is(t.Test) && this.is(t.StringToken, 2);
  }

  // --- depth ---------------------------------------------------------------------------------------------------------

  /** Types nest without brackets the bracket count knows (`<` is an operator too), so they are counted here. */
  protected nestType<T>(body: () => T): T {
    this.typeDepth += 1;
    if (this.typeDepth > MAX_TYPE_DEPTH && !this.RECORDING_PHASE) {
      this.typeTooDeep(this.LA(1));
    }
    const result = body();
    this.typeDepth -= 1;
    return result;
  }

  /** A `?` behind a type nests it too, and is read only when the type is. */
  protected checkTypeDepth(inner: Sized): void {
    if (!this.RECORDING_PHASE && this.typeDepth + (this.depths[inner.id] ?? 0) >= MAX_TYPE_DEPTH) {
      this.typeTooDeep(this.LA(0));
    }
  }

  private typeTooDeep(at: IToken): never {
    this.report("E0107", this.spanOf(at), { what: "types", limit: String(MAX_TYPE_DEPTH) });
    throw new Abandoned();
  }
}

export function labelOf(type: TokenType): string {
  return type.LABEL ?? type.name;
}
