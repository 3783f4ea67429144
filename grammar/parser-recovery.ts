/**
 * Recovery: lists, bodies, and what happens where they don't go on. Chevrotain's own recovery is off: it
 * re-synchronises on any token that may follow, which yields one error per token in hostile input. Here a missing token
 * is inserted or a wrong one skipped on the spot, and what remains is skipped up to the end of the list item, statement
 * or member.
 */
import { EOF, EarlyExitException, MismatchedTokenException, NoViableAltException } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";

import type { Name } from "./ast.ts";
import type { Brackets } from "./brackets.ts";
import { closest } from "./closest.ts";
import type { Scan } from "./lexer.ts";
import { Abandoned, ParserBase, closers, itemStarts, labelOf, statementWords } from "./parser-base.ts";
import type { SyntaxProblem } from "./problem.ts";
import * as t from "./tokens.ts";

/** Reserved words that more likely continue a declaration whose name is missing than that they were meant as a name. */
const connectives: ReadonlySet<TokenType> = new Set([t.Uses, t.Implements, t.With, t.As, t.In, t.Else]);

/** Whether list items that end in `}` need a comma; arms of a match don't. */
type Commas = "needed" | "notAfterBrace";

export abstract class RecoveringParser extends ParserBase {
  private junkEnd = -1;
  private unclosedAtEnd = false;

  protected override begin(text: string, scan: Scan, brackets: Brackets, budget: number): SyntaxProblem[] {
    this.junkEnd = -1;
    this.unclosedAtEnd = false;
    return super.begin(text, scan, brackets, budget);
  }

  // --- single tokens -------------------------------------------------------------------------------------------------

  /** The token, or as if it were there. A single wrong token before it is skipped. */
  protected need(index: number, type: TokenType): void {
    if (this.RECORDING_PHASE || this.is(type)) {
      this.consume(index, type);
      return;
    }
    if ((this.is(type, 2) && !this.isStop()) || this.isMisspelt(type)) {
      this.unexpected(labelOf(type));
      this.SKIP_TOKEN();
      if (this.is(type)) {
        this.consume(index, type);
      }
    } else if (itemStarts.has(this.LA(1).tokenType) || this.isOnNewLine()) {
      this.missing(type);
    } else {
      this.unexpected(labelOf(type));
    }
  }

  /** A word with a slip in it stands where this one belongs. */
  private isMisspelt(type: TokenType): boolean {
    const word = labelOf(type).replaceAll("`", "");
    const { image } = this.LA(1);
    // `pub free(…)` is a function named so, and `fn` is missing.
    const isOwnName = type === t.Fn && !this.isName(2);
    return /^[a-z]+$/.test(word) && this.isName() && !isOwnName && closest(image, [word]) !== undefined;
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
    if (t.isReserved(token.tokenType) && !connectives.has(token.tokenType) && !this.isOnNewLine()) {
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
      this.unexpected(labelOf(open));
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
    return type !== close && !statementWords.has(type) && !this.startsMember();
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
    if (close === t.Greater && this.is(t.FatArrow)) {
      this.unexpected("`,`");
      this.SKIP_TOKEN();
      return true;
    }
    if (close === t.Greater) {
      // Angle brackets are short: what doesn't fit ends them.
      return false;
    }
    this.unexpected(`\`,\` or ${labelOf(close)}`);
    this.SKIP_TOKEN();
    this.skipToComma(close);
    if (this.is(t.Comma)) {
      this.consume(index, t.Comma);
    }
    return true;
  }

  protected skipToComma(close: TokenType): void {
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
    } else if (this.isStop() || this.is(t.LBrace) || this.isCloser() || this.isUnclosed(opener) || close === t.Greater) {
      this.complainUnclosed(close, opener);
    } else {
      this.unexpected(labelOf(close));
      throw new Abandoned();
    }
  }

  private isUnclosed(opener: IToken | undefined): boolean {
    return this.isOnNewLine() || (opener !== undefined && this.brackets.unclosed.has(opener.startOffset));
  }

  private isCloser(): boolean {
    return closers.has(this.LA(1).tokenType);
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
    const notes = culprit === undefined ? [] : [{ span: this.spanOf(culprit), text: `this ${labelOf(open)} is not closed` }];
    this.complain("E0104", this.spanOf(this.LA(1)), { open: labelOf(open), close: labelOf(close) }, notes);
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
    const brace = this.brackets.indentOf(this.offset());
    if (!brace.isFirst || brace.width <= this.brackets.indentOf(declaration).width) {
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
    if (error instanceof MismatchedTokenException || error instanceof NoViableAltException || error instanceof EarlyExitException) {
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
    const last = this.LA(0).tokenType;
    if (this.offset() > start && (last === t.Semi || (last === t.RBrace && !this.continuesAfterBrace()))) {
      // It was abandoned after its end.
      return;
    }
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
}
