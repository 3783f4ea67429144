/**
 * Writes the tokens of a file, one after the other, into a document of Prettier's. Whoever walks the syntax tree says what may stand between two tokens
 * (`separate`) and asks for the next one (`token`); the writer puts the comments that stand there in the source to where they belong. So no comment
 * can be lost, and none passes a token but `,` and `;`.
 *
 * Two rules make that the second formatting finds what the first one left: a comment that is followed by a line break in the source is followed by one
 * afterwards, and one that begins a line begins one afterwards.
 */
import { builders } from "prettier/doc";
import type { Comment } from "../grammar/ast.ts";
import { asksToIgnore, commentDoc, firstComment, literal } from "./comments.ts";
import { createOutput } from "./output.ts";
import type { Source, Token } from "./source.ts";

/**
 * What stands between two tokens: `none` and `space` never break of themselves; `tight` and `cuddle` are the same before what closes or continues
 * something on the outer level. `soft` and `line` break with their group, `blankLine` too, but keeps an empty line. `hard` and `blank` always break.
 */
export type Separator = "none" | "space" | "tight" | "cuddle" | "soft" | "line" | "blankLine" | "hard" | "blank";

export interface Writer {
  /** The next token; `expected` guards against a walk that has lost its place. */
  token(expected?: string): void;
  /** Tokens with the same text, without a gap, as the two of `>>` and `min=`. */
  glued(text: string): void;
  separate(separator: Separator): void;
  /** The next token's text and place. */
  next(): Token;
  /** Leaves the next token out. Comments before it stay. */
  drop(): void;
  /** A comma that may be missing in the source. */
  comma(): void;
  /** At the end of a list: a comma if its group is broken, whether there is one in the source or not. */
  trailingComma(): void;
  /** Comments before what closes something, as part of the inside. True if there were any. */
  dangling(): boolean;
  group(body: () => void, isBroken?: boolean): void;
  indent(body: () => void): void;
  /** What is written by `body` breaks at comments only. */
  unbroken(body: () => void): void;
  /** After `separate`: whether a comment asks to leave what follows as it is. If so, it has been written up to `end`. */
  ignored(end: number): boolean;
  /** Whether there is a line break right after the next token, comments counting as something. */
  isExpanded(): boolean;
  isOneLine(start: number, end: number): boolean;
  hasComments(start: number, end: number): boolean;
  /** The whole text, when all tokens are written. */
  finish(): string;
}

const OPENERS: ReadonlySet<string> = new Set(["(", "[", "<", ""]);
/** Before these an inline comment belongs to what is before it. The empty one is the end of the file. */
const CLOSERS: ReadonlySet<string> = new Set([")", "]", "}", ">", ",", ";", ":", "?", ".", ""]);

const { ifBreak, line, lineSuffix, softline } = builders;
const commaIfBroken = ifBreak(",", "");

interface Pending {
  readonly comment: Comment;
  /** Line breaks between it and what stands before it. */
  readonly breaks: number;
}

export function createWriter(source: Source, maxLength: number): Writer {
  const { text, tokens, comments, lineOf, allowed } = source;
  const { push, newLine, breakable, widen, group, indent, finish } = createOutput(maxLength);
  /** The next token and the next comment. */
  let at = 0;
  /** The last token that was written where it stands in the source. */
  let lastAt = -1;
  let commentAt = 0;
  /** Where the last thing ends that was written or set aside. */
  let from = 0;
  let pending: Pending[] = [];
  /** The text of what was written last: a token's, or a comment's. */
  let last = "";
  let lastIsComment = false;
  /** A comment was written that only a line break can follow. */
  let needsBreak = false;
  /** All between the last token and the next one is written. */
  let isSeparated = false;
  let isIgnored = false;
  let unbrokenDepth = 0;

  function breaksTo(offset: number): number {
    return lineOf(offset) - lineOf(from);
  }

  /** Sets aside the comments before the next token. */
  function collect(): void {
    const { start } = tokens[at];
    while (commentAt < comments.length && comments[commentAt].span.start < start) {
      const comment = comments[commentAt++];
      pending.push({ comment, breaks: breaksTo(comment.span.start) });
      from = comment.span.end;
    }
  }

  function write(comment: Comment): void {
    push(commentDoc(comment));
    last = comment.text;
    lastIsComment = true;
    if (asksToIgnore(comment)) isIgnored = true;
  }

  /** Comments that stay on the line of the last token; the others are given back. */
  function writeTrailing(breaksToToken: number): readonly Pending[] {
    const list = pending;
    pending = [];
    let count = 0;
    if (at > 0) while (count < list.length && list[count].breaks === 0) count++;
    const isInline = count === list.length && breaksToToken === 0;
    if (isInline && !CLOSERS.has(tokens[at].text)) return list;
    for (let i = 0; i < count; i++) {
      const { comment } = list[i];
      const isFollowed = comment.kind !== "block" || (i + 1 < list.length ? list[i + 1].breaks : breaksToToken) > 0;
      const gap = OPENERS.has(last) && !lastIsComment && !isFollowed ? "" : " ";
      // The width of what ends a line anyway doesn't count. That of others has to: whether they end one depends on it.
      if (comment.kind === "block") push([gap, commentDoc(comment)]);
      else push(lineSuffix([gap, commentDoc(comment)]));
      needsBreak = isFollowed;
      last = comment.text;
      lastIsComment = true;
    }
    return count === 0 ? list : list.slice(count);
  }

  /** No break of its own may come here: the caller says so, or the line has to stay as it is. */
  function isBound(): boolean {
    if (unbrokenDepth > 0) return true;
    if (allowed.size === 0 || lastAt < 0) return false;
    const before = lineOf(tokens[lastAt].start);
    return allowed.has(before) && before === lineOf(tokens[at].start);
  }

  function breakLine(separator: Separator, breaks: number): void {
    const isOdd = separator === "none" || separator === "space";
    const keepsBlank = separator === "blank" || separator === "blankLine" || (lastIsComment && !CLOSERS.has(tokens[at].text));
    if (breaks > 1 && keepsBlank) newLine();
    newLine(isOdd);
    needsBreak = false;
  }

  function writeSeparator(separator: Separator, breaks: number, isForced: boolean, isBeforeComment: boolean): void {
    if (at === 0 && !lastIsComment) return;
    if (isForced) return breakLine(separator, breaks);
    switch (separator) {
      case "none":
      case "tight":
        if (isBeforeComment ? !OPENERS.has(last) : lastIsComment && !CLOSERS.has(tokens[at].text)) push(" ");
        return;
      case "space":
      case "cuddle":
        return push(" ");
      case "soft":
        return isBound() ? undefined : breakable(softline, 0);
      case "line":
        return isBound() ? push(" ") : breakable(line, 1);
      case "blankLine":
        if (breaks > 1) return breakLine(separator, breaks);
        return isBound() ? push(" ") : breakable(line, 1);
      case "hard":
      case "blank":
        return isBound() ? push(" ") : breakLine(separator, breaks);
      default:
        return impossible(separator);
    }
  }

  function separate(separator: Separator): void {
    collect();
    isIgnored = false;
    const breaksToToken = breaksTo(tokens[at].start);
    const leading = writeTrailing(breaksToToken);
    const breaks = leading.length > 0 ? leading[0].breaks : breaksToToken;
    writeSeparator(separator, breaks, needsBreak || (leading.length > 0 && breaks > 0), leading.length > 0);
    leading.forEach(({ comment }, i) => {
      write(comment);
      const after = i + 1 < leading.length ? leading[i + 1].breaks : breaksToToken;
      if (after > 0) breakLine(separator, after);
      else if (i + 1 < leading.length || !CLOSERS.has(tokens[at].text)) push(" ");
    });
    isSeparated = true;
  }

  function dangling(): boolean {
    collect();
    const had = pending.length > 0;
    const breaksToToken = breaksTo(tokens[at].start);
    writeTrailing(breaksToToken).forEach(({ comment, breaks }) => {
      const isFirst = at === 0 && !lastIsComment;
      if (!isFirst && (breaks > 0 || needsBreak)) {
        if (breaks > 1 && !OPENERS.has(last) && last !== "{") newLine();
        newLine();
      } else if (!isFirst) push(" ");
      write(comment);
      needsBreak = comment.kind !== "block";
    });
    if (had && breaksToToken > 0) needsBreak = true;
    return had;
  }

  function token(expected?: string): void {
    const { text: image, end } = tokens[at];
    if (expected !== undefined && image !== expected)
      throw new Error(`the formatter expected ${expected}, not ${image}, at ${tokens[at].start}`);
    if (!isSeparated && (image === "," || image === ";")) {
      collect();
      if (pending.length > 0 && breaksTo(tokens[at].start) > 0 && pending.every(({ comment }) => comment.kind !== "doc")) {
        // The comment comes behind: nobody wants a line for the comma alone. Doc comments would document what follows.
        push(image);
        at++;
        last = image;
        lastIsComment = false;
        return;
      }
    }
    if (!isSeparated) separate("none");
    push(image);
    // What isn't plain may be narrower than its length.
    if (!image.startsWith('"')) widen(image.length);
    last = image;
    lastIsComment = false;
    isSeparated = false;
    from = end;
    lastAt = at++;
  }

  function drop(): void {
    collect();
    at++;
  }

  return {
    token,
    glued(image) {
      let written = "";
      while (written.length < image.length) {
        written += tokens[at].text;
        token();
      }
    },
    separate,
    next: () => tokens[at],
    drop,
    comma() {
      if (tokens[at].text === ",") token();
      else push(",");
    },
    trailingComma() {
      if (tokens[at].text === ",") drop();
      if (!isBound()) push(commaIfBroken);
    },
    dangling,
    group(body, isBroken = false) {
      group(body, isBroken);
    },
    indent,
    unbroken(body) {
      unbrokenDepth++;
      body();
      unbrokenDepth--;
    },
    ignored(end) {
      if (!isIgnored || !isSeparated) return false;
      push(literal(text.slice(tokens[at].start, end)));
      while (tokens[at].start < end) at++;
      while (commentAt < comments.length && comments[commentAt].span.start < end) commentAt++;
      lastAt = at - 1;
      last = tokens[lastAt].text;
      lastIsComment = false;
      isSeparated = false;
      isIgnored = false;
      from = end;
      return true;
    },
    isExpanded() {
      const { end } = tokens[at];
      const comment = comments.at(firstComment(comments, end));
      const next = Math.min(tokens[at + 1].start, comment !== undefined && comment.span.start >= end ? comment.span.start : Infinity);
      return lineOf(next) > lineOf(end);
    },
    isOneLine: (start, end) => lineOf(start) === lineOf(end),
    hasComments(start, end) {
      const comment = comments.at(firstComment(comments, start));
      return comment !== undefined && comment.span.start >= start && comment.span.start < end;
    },
    finish() {
      if (at !== tokens.length - 1) throw new Error(`the formatter stopped at ${tokens[at].start}, before \`${tokens[at].text}\``);
      return finish();
    },
  };
}

function impossible(value: never): never {
  throw new Error(`unexpected ${String(value)}`);
}
