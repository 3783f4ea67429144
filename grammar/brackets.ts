/**
 * One pass over the tokens before the parser runs: how deep brackets nest (the parser recurses on them, so this bound
 * keeps it off the end of the stack), which openers have no closer, and where a brace was probably forgotten.
 */
import type { IToken } from "chevrotain";

import { LBrace, LBracket, LParen, RBrace, RBracket, RParen, Semi } from "./tokens.ts";

export interface Brackets {
  /** The first opener that nests too deep. */
  readonly tooDeep: IToken | undefined;
  /** The opener that nests deepest. */
  readonly deepest: IToken | undefined;
  /** Offsets of `(`, `[` and `{` that are never closed. */
  readonly unclosed: ReadonlySet<number>;
  readonly missingBraces: number;
  readonly extraBraces: number;
  /** The innermost `{` whose `}` is indented less than its own line: the likely culprit when a brace is missing. */
  readonly suspect: IToken | undefined;
}

export function matchBrackets(text: string, tokens: readonly IToken[], maxDepth: number): Brackets {
  const open: IToken[] = [];
  const unclosed = new Set<number>();
  let extraBraces = 0;
  let deepest: IToken | undefined;
  let maximum = 0;
  let suspect: IToken | undefined;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === LBrace || type === LParen || type === LBracket) {
      open.push(token);
      if (open.length > maximum) {
        maximum = open.length;
        deepest = token;
      }
      if (open.length > maxDepth) {
        return { tooDeep: token, deepest, unclosed, missingBraces: 0, extraBraces: 0, suspect: undefined };
      }
    } else if (type === RParen || type === RBracket) {
      const wanted = type === RParen ? LParen : LBracket;
      if (open.at(-1)?.tokenType === wanted) {
        open.pop();
      }
    } else if (type === RBrace || type === Semi) {
      // Neither can stand inside round or square brackets, so those above the brace were never closed.
      for (let top = open.at(-1); top !== undefined && top.tokenType !== LBrace; top = open.at(-1)) {
        unclosed.add(top.startOffset);
        open.pop();
      }
      if (type === RBrace) {
        const opener = open.pop();
        extraBraces += opener === undefined ? 1 : 0;
        suspect ??= opener !== undefined && isOutdented(text, opener, token) ? opener : undefined;
      }
    }
  }
  for (const token of open) {
    unclosed.add(token.startOffset);
  }
  const missingBraces = open.filter((token) => token.tokenType === LBrace).length;
  return { tooDeep: undefined, deepest, unclosed, missingBraces, extraBraces, suspect };
}

function isOutdented(text: string, opener: IToken, closer: IToken): boolean {
  const indent = indentOf(text, closer.startOffset);
  return indent.isFirst && indent.width < indentOf(text, opener.startOffset).width;
}

/** Lines longer than this have no indentation to speak of; looking further back would make one long line quadratic. */
const MAX_LINE = 400;

/** The width of the white space that starts the line of `offset`, and whether `offset` comes right after it. */
export function indentOf(text: string, offset: number): { readonly width: number; readonly isFirst: boolean } {
  const from = Math.max(0, offset - MAX_LINE);
  const newline = text.slice(from, offset).lastIndexOf("\n");
  const lineStart = from + newline + 1;
  if (newline === -1 && from > 0) {
    return { width: 0, isFirst: false };
  }
  let at = lineStart;
  while (at < offset && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) {
    at += 1;
  }
  return { width: at - lineStart, isFirst: at === offset };
}
