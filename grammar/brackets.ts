/**
 * One pass over the tokens before the parser runs: how deep brackets nest (the parser recurses on them, so this bound
 * keeps it off the end of the stack), which openers have no closer, and where a brace was probably forgotten.
 */
import type { IToken } from "chevrotain";

import { lineAt, lineStarts } from "./lines.ts";
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
  readonly indentOf: (offset: number) => Indent;
}

export function matchBrackets(text: string, tokens: readonly IToken[], maxDepth: number): Brackets {
  const open: IToken[] = [];
  const unclosed = new Set<number>();
  let extraBraces = 0;
  let deepest: IToken | undefined;
  let maximum = 0;
  let suspect: IToken | undefined;
  const indentOf = createIndents(text);
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === LBrace || type === LParen || type === LBracket) {
      open.push(token);
      if (open.length > maximum) {
        maximum = open.length;
        deepest = token;
      }
      if (open.length > maxDepth) {
        return { tooDeep: token, deepest, unclosed, missingBraces: 0, extraBraces: 0, suspect: undefined, indentOf };
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
        if (suspect === undefined && opener !== undefined) {
          const indent = indentOf(token.startOffset);
          if (indent.isFirst && indent.width < indentOf(opener.startOffset).width) suspect = opener;
        }
      }
    }
  }
  for (const token of open) {
    unclosed.add(token.startOffset);
  }
  const missingBraces = open.filter((token) => token.tokenType === LBrace).length;
  return { tooDeep: undefined, deepest, unclosed, missingBraces, extraBraces, suspect, indentOf };
}

/** The width of the white space that starts a line, and whether an offset comes right after it. */
export interface Indent {
  readonly width: number;
  readonly isFirst: boolean;
}

/** However long lines are, each is measured once: texts of one line with thousands of braces must not cost their square. */
function createIndents(text: string): (offset: number) => Indent {
  let starts: readonly number[] | undefined;
  const firsts = new Map<number, number>();
  return (offset) => {
    starts ??= lineStarts(text);
    const line = lineAt(starts, offset);
    const start = starts[line] ?? 0;
    const first = firsts.get(line) ?? firstFrom(text, start);
    firsts.set(line, first);
    return { width: Math.min(first, offset) - start, isFirst: first === offset };
  };
}

function firstFrom(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  return at;
}
