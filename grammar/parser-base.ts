/**
 * What all parts of the grammar stand on: node ids and spans, problems, and recovery. Chevrotain's own recovery is
 * off: it re-synchronises on any token that may follow, which yields one error per token in hostile input. Here a
 * missing token is inserted or a wrong one skipped on the spot, and what remains is skipped up to the end of the list
 * item, statement or member. A rule's code also runs once without input, when Chevrotain records the grammar
 * (`RECORDING_PHASE`): results of subrules are dummies then, so nothing here may look into them.
 */
import { EOF, EarlyExitException, EmbeddedActionsParser, MismatchedTokenException, NoViableAltException } from "chevrotain";
import type { IParserErrorMessageProvider, IToken, TokenType } from "chevrotain";

import type { Name, NodeId, Span } from "./ast.ts";
import { indentOf, matchBrackets } from "./brackets.ts";
import type { Brackets } from "./brackets.ts";
import { shorten } from "./build-literals.ts";
import type { Bad } from "./build-literals.ts";
import type { Scan } from "./lexer.ts";
import type { SyntaxProblem } from "./problem.ts";
import * as t from "./tokens.ts";

/** Brackets within brackets. */
export const MAX_BRACKETS = 256;
/**
 * Levels of the tree, however they come about: `a.b.c…`, `1+1+…`, `else if` chains. Twice what brackets can nest, and
 * some: a pass that recurses with three frames per level stays within half of Node's stack.
 */
export const MAX_TREE_DEPTH = 600;
const MAX_TYPE_DEPTH = 64;

/** Thrown to leave a list item, statement or member; its problem was reported already. */
class Abandoned extends Error {}
/** Thrown when the file has as many problems as anyone wants to read. */
export class TooMany extends Error {}

/** The message of Chevrotain's errors is used as the `expected` of E0102. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => label(expected),
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
const hardStatementStarts: ReadonlySet<TokenType> = new Set([
  ...[t.Let, t.Var, t.Return, t.For, t.Require, t.Emit, t.Delete],
]);
const firstOnLineStarts: ReadonlySet<TokenType> = new Set([t.If, t.Match, t.Revert]);
const closers: ReadonlySet<TokenType> = new Set([t.RBrace, t.RParen, t.RBracket]);
const reservedSet: ReadonlySet<TokenType> = new Set(t.reservedTokens);
/** Reserved words that more likely continue a declaration whose name is missing than that they were meant as a name. */
const connectives: ReadonlySet<TokenType> = new Set([t.Uses, t.Implements, t.With, t.As, t.In, t.Else]);
/** Tokens an item of a list, an initial value or a type can start with; brackets left out on purpose. */
const itemStarts: ReadonlySet<TokenType> = new Set([
  ...[...t.nameTokens, t.Int, t.At, t.StringToken, t.Self, t.True, t.False, t.None, t.Some, t.Underscore],
]);

/** Whether list items that end in `}` need a comma; arms of a match don't. */
type Commas = "needed" | "notAfterBrace";

const emptyScan: Scan = { tokens: [], comments: [], docs: new Map(), problems: [] };

export abstract class ParserBase extends EmbeddedActionsParser {
  /** `as`, `value`, `deploy`, `assert` and their like mean something only in there. */
  protected inTest = false;
  private text = "";
  private scan: Scan = emptyScan;
  private brackets: Brackets = matchBrackets("", [], MAX_BRACKETS);
  private problems: SyntaxProblem[] = [];
  private budget = 0;
  private lastComplaint = -1;
  private junkEnd = -1;
  private unclosedAtEnd = false;
  private typeDepth = 0;
  /** By node id: levels of the tree from there down. */
  private depths: number[] = [];

  constructor(skipValidations: boolean) {
    super(t.allTokens, {
      recoveryEnabled: false,
      maxLookahead: 1,
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
    this.junkEnd = -1;
    this.unclosedAtEnd = false;
    this.typeDepth = 0;
    this.inTest = false;
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
      this.report("E0107", blame, { what: "the syntax tree", limit: String(MAX_TREE_DEPTH) });
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
    const isReserved = expected === "a name" && reservedSet.has(token.tokenType);
    const notes = isReserved ? [{ span, text: `\`${token.image}\` is a reserved word` }] : [];
    this.complain("E0102", span, { expected, found: this.found() }, notes);
  }

  private found(): string {
    const token = this.LA(1);
    return token.tokenType === EOF ? "the end of the file" : `\`${shorten(token.image)}\``;
  }

  private missing(type: TokenType): void {
    const end = this.previousEnd();
    this.complain("E0103", { start: end, end }, { missing: label(type) });
  }

  protected reportBad(code: string, token: IToken, bad: Bad | undefined): void {
    if (bad !== undefined && !this.RECORDING_PHASE) {
      const span = { start: token.startOffset + bad.start, end: token.startOffset + bad.end };
      this.report(code, span, { text: `\`${bad.text}\``, reason: bad.reason });
    }
  }

  // --- single tokens -------------------------------------------------------------------------------------------------

  /** The token, or as if it were there. A single wrong token before it is skipped. */
  protected need(index: number, type: TokenType): void {
    if (this.RECORDING_PHASE || this.is(type)) {
      this.consume(index, type);
      return;
    }
    if (this.is(type, 2) && !this.isStop()) {
      this.unexpected(label(type));
      this.SKIP_TOKEN();
      this.consume(index, type);
    } else if (itemStarts.has(this.LA(1).tokenType) || this.isOnNewLine()) {
      this.missing(type);
    } else {
      this.unexpected(label(type));
    }
  }

  /** The `;` of a statement or member. */
  protected semi(index: number): void {
    if (this.RECORDING_PHASE || this.is(t.Semi)) {
      this.consume(index, t.Semi);
    } else if (this.is(t.RBrace) || this.is(EOF) || this.isOnNewLine() || this.isStop()) {
      this.missing(t.Semi);
    } else if (this.is(t.Comma)) {
      this.unexpected("`;`");
      this.SKIP_TOKEN();
    } else {
      this.unexpected("`;`");
      throw new Abandoned();
    }
  }

  /** A name; an empty one when there is none, so that the tree keeps its shape. */
  protected name(index: number): Name {
    if (this.RECORDING_PHASE || this.isName()) {
      const { image, startOffset } = this.consume(index, t.Identifier);
      return { text: image, start: startOffset, end: startOffset + image.length };
    }
    this.unexpected("a name");
    const token = this.LA(1);
    const start = this.previousEnd();
    if (reservedSet.has(token.tokenType) && !connectives.has(token.tokenType) && !this.isOnNewLine()) {
      this.SKIP_TOKEN();
      return { text: token.image, ...this.spanOf(token) };
    }
    return { text: "", start, end: start };
  }

  // --- brackets and lists --------------------------------------------------------------------------------------------

  /** The `{` of a body; what stands wrongly before it is skipped. */
  protected openBrace(index: number): IToken {
    if (this.RECORDING_PHASE || this.is(t.LBrace)) {
      return this.consume(index, t.LBrace);
    }
    if (this.brackets.extraBraces > 0 && itemStarts.has(this.LA(1).tokenType)) {
      // Somewhere a brace is too many: more likely this opener is missing than that what follows is wrong.
      this.missing(t.LBrace);
      return this.LA(0);
    }
    this.unexpected("`{`");
    while (!this.isStop() && !this.is(t.RBrace)) {
      if (this.is(t.LBrace)) {
        return this.consume(index, t.LBrace);
      }
      this.SKIP_TOKEN();
    }
    throw new Abandoned();
  }

  /** `open item, item, close`, a comma at the end allowed. Returns how many commas there were. */
  protected list(index: number, open: TokenType, close: TokenType, item: () => void, commas: Commas = "needed"): number {
    if (this.RECORDING_PHASE) {
      this.recordList(index, open, close, item);
      return 0;
    }
    if (open !== t.LBrace && !this.is(open)) {
      this.unexpected(label(open));
      return 0;
    }
    const opener = open === t.LBrace ? this.openBrace(index) : this.consume(index, open);
    let count = 0;
    while (this.listGoesOn(close)) {
      const before = this.offset();
      if (open === t.LBrace) {
        // Braces bound the damage: the rest of the list is read whatever happens in one item.
        this.attempt(item, () => this.skipToComma(close));
      } else {
        item();
      }
      if (this.is(t.Comma)) {
        this.consume(index, t.Comma);
        count += 1;
      } else if (commas === "needed" || this.LA(0).tokenType !== t.RBrace || this.offset() === before) {
        if (!this.repairComma(index, close, opener, this.offset() > before)) {
          break;
        }
      }
    }
    this.close(index, close, opener);
    return count;
  }

  /** What Chevrotain learns of a list. Its own loop takes five frames of the stack per level, ours none. */
  private recordList(index: number, open: TokenType, close: TokenType, item: () => void): void {
    this.consume(index, open);
    this.many(index, () => {
      item();
      this.option(index, () => this.consume(index, t.Comma));
    });
    this.consume(index, close);
  }

  private listGoesOn(close: TokenType): boolean {
    const type = this.LA(1).tokenType;
    if (closers.has(type) || type === EOF || type === t.Semi || (type === t.LBrace && close !== t.RBrace)) {
      return false;
    }
    return type !== close && !hardStatementStarts.has(type) && !this.startsMember();
  }

  /** No comma after an item. False when the list can't go on. */
  private repairComma(index: number, close: TokenType, opener: IToken, hasMoved: boolean): boolean {
    if (this.is(t.Semi) && close === t.RBrace) {
      this.unexpected("`,`");
      this.SKIP_TOKEN();
      return true;
    }
    if (!this.listGoesOn(close) || (this.isOnNewLine() && this.brackets.unclosed.has(opener.startOffset))) {
      return false;
    }
    if (hasMoved && itemStarts.has(this.LA(1).tokenType)) {
      this.missing(t.Comma);
      return true;
    }
    this.unexpected(`\`,\` or ${label(close)}`);
    this.SKIP_TOKEN();
    this.skipToComma(close);
    if (this.is(t.Comma)) {
      this.consume(index, t.Comma);
    }
    return true;
  }

  private skipToComma(close: TokenType): void {
    let depth = 0;
    while (depth > 0 || (!this.is(t.Comma) && !this.is(close))) {
      if (depth === 0 ? this.isStop() || this.is(t.RBrace) : this.isLost()) {
        return;
      }
      depth += this.bracketStep();
      this.SKIP_TOKEN();
    }
  }

  protected close(index: number, close: TokenType, opener: IToken | undefined): void {
    if (this.RECORDING_PHASE || this.is(close)) {
      this.consume(index, close);
    } else if (this.isStop() || this.is(t.LBrace) || closers.has(this.LA(1).tokenType) || this.isOnNewLine()) {
      this.complainUnclosed(close, opener);
    } else {
      this.unexpected(label(close));
      throw new Abandoned();
    }
  }

  private complainUnclosed(close: TokenType, opener: IToken | undefined): void {
    if (this.is(EOF)) {
      // All brackets around are unclosed then; one cause, one error.
      if (this.unclosedAtEnd) {
        return;
      }
      this.unclosedAtEnd = true;
    }
    const culprit = close === t.RBrace ? (this.brackets.suspect ?? opener) : opener;
    const open = close === t.RBrace ? t.LBrace : close === t.RParen ? t.LParen : close === t.RBracket ? t.LBracket : t.Less;
    const notes =
      culprit === undefined ? [] : [{ span: this.spanOf(culprit), text: `this ${label(open)} is not closed` }];
    this.complain("E0104", this.spanOf(this.LA(1)), { open: label(open), close: label(close) }, notes);
  }

  // --- bodies --------------------------------------------------------------------------------------------------------

  /** The `}` of a body whose loop has ended. */
  protected closeBody(index: number, opener: IToken | undefined): void {
    if (this.RECORDING_PHASE || this.is(t.RBrace)) {
      this.consume(index, t.RBrace);
    } else {
      this.complainUnclosed(t.RBrace, opener);
    }
  }

  /**
   * After a body's loop met something it can't start with. False when the body ends here: at its `}`, or where one was
   * forgotten (`endsBody` sees the beginning of what can't stand inside, and braces are missing in this file).
   */
  protected resumeBody(expected: string, endsBody: () => boolean, isStart: () => boolean): boolean {
    if (this.RECORDING_PHASE || this.is(t.RBrace) || this.is(EOF)) {
      return false;
    }
    if (endsBody() && this.brackets.missingBraces > 0) {
      return false;
    }
    this.skipJunk(expected, isStart);
    return true;
  }

  /** Junk right after junk that was reported is not reported again. */
  protected skipJunk(expected: string, isStart: () => boolean): void {
    if (this.offset() === this.junkEnd) {
      this.lastComplaint = this.junkEnd;
    }
    this.unexpected(expected);
    this.skip(this.offset(), isStart);
    this.junkEnd = this.offset();
  }

  /** A `}` too many in the file, and this one is indented deeper than the declaration it would close. */
  protected skipStrayBrace(declaration: number, expected: string): boolean {
    if (this.RECORDING_PHASE || !this.is(t.RBrace) || this.brackets.extraBraces === 0) {
      return false;
    }
    const brace = indentOf(this.text, this.offset());
    if (!brace.isFirst || brace.width <= indentOf(this.text, declaration).width) {
      return false;
    }
    this.unexpected(expected);
    this.SKIP_TOKEN();
    this.junkEnd = this.offset();
    return true;
  }

  /** `MANY` with its own condition, and without the four frames of the stack that `MANY` takes per level. */
  protected loop(index: number, goesOn: () => boolean, body: () => void): void {
    if (this.RECORDING_PHASE) {
      this.many(index, body);
      return;
    }
    while (goesOn()) {
      body();
    }
  }

  /** Runs `body`; when it is abandoned, `recover` moves to where parsing can go on. */
  protected attempt<T>(body: () => T, recover: (start: number) => void): T | undefined {
    const { typeDepth } = this;
    const start = this.offset();
    try {
      return body();
    } catch (error) {
      this.absorb(error);
      this.typeDepth = typeDepth;
      recover(start);
      return undefined;
    }
  }

  private absorb(error: unknown): void {
    if (
      error instanceof MismatchedTokenException ||
      error instanceof NoViableAltException ||
      error instanceof EarlyExitException
    ) {
      this.unexpected(error.message);
    } else if (!(error instanceof Abandoned)) {
      throw error;
    }
  }

  /** What stands between braces as an expression ends here, or is abandoned. */
  protected endOfBraced(): void {
    if (!this.is(t.RBrace) && !this.isLost()) {
      this.unexpected("`}`");
      throw new Abandoned();
    }
  }

  protected skipToBrace(): void {
    let depth = 0;
    while (!this.isLost() && (depth > 0 || !this.is(t.RBrace))) {
      depth += this.is(t.LBrace) ? 1 : this.is(t.RBrace) ? -1 : 0;
      this.SKIP_TOKEN();
    }
  }

  /** Skips the rest of a statement or member that began at `start`: over its `;` or its braces, at least one token. */
  protected skip(start: number, isStart: () => boolean): void {
    let depth = 0;
    while (!this.is(EOF)) {
      const hasMoved = this.offset() > start;
      if (depth === 0 && hasMoved && (this.is(t.RBrace) || isStart())) {
        return;
      }
      if (depth > 0 && this.isLost()) {
        return;
      }
      const isEnd = depth === 0 && this.is(t.Semi);
      const isBrace = this.is(t.RBrace);
      depth = Math.max(0, depth + (this.is(t.LBrace) ? 1 : isBrace ? -1 : 0));
      this.SKIP_TOKEN();
      if (isEnd || (isBrace && depth === 0 && !this.continuesAfterBrace())) {
        return;
      }
    }
  }

  private continuesAfterBrace(): boolean {
    const type = this.LA(1).tokenType;
    const goesOn = [t.Else, t.Semi, t.Comma, t.Dot, t.RParen, t.RBracket].includes(type);
    return goesOn && !(type === t.Semi && this.isOnNewLine());
  }

  private bracketStep(): number {
    const type = this.LA(1).tokenType;
    if (closers.has(type)) {
      return -1;
    }
    return type === t.LBrace || type === t.LParen || type === t.LBracket ? 1 : 0;
  }

  /** Within brackets that are being skipped: the file ends, or a brace is missing and the next declaration begins. */
  private isLost(): boolean {
    return this.is(EOF) || (this.brackets.missingBraces > 0 && this.startsMember());
  }

  /** Where no list and no expression goes on. */
  private isStop(): boolean {
    return this.is(EOF) || this.is(t.Semi) || this.startsStatement() || this.startsMember();
  }

  protected startsStatement = (): boolean => {
    const type = this.LA(1).tokenType;
    return hardStatementStarts.has(type) || (firstOnLineStarts.has(type) && this.isOnNewLine());
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
      this.report("E0107", this.spanOf(this.LA(1)), { what: "types", limit: String(MAX_TYPE_DEPTH) });
      throw new Abandoned();
    }
    const result = body();
    this.typeDepth -= 1;
    return result;
  }
}

function label(type: TokenType): string {
  return type.LABEL ?? type.name;
}
