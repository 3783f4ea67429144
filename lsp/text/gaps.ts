/**
 * Gaps that have come to stand where they would be seen: after some edits a gap isn't between declarations any more. Inside of one it would be in what is
 * quoted of it; between two words, or within a comment or a line end, the compiler would read something else than the author wrote.
 */
import type { Item, Member, Span } from "../../grammar/ast.ts";
import type { ParseResult } from "../../grammar/parsed.ts";
import type { SourceText } from "./source-text.ts";

/** Their places in the author's text. */
export function gapsInTheWay({ gaps, real, padded, toReal }: SourceText, parsed: ParseResult): ReadonlySet<number> {
  const found = new Set<number>();
  const solid = solidParts(parsed);
  let part = 0;
  for (const { at, length } of gaps) {
    const place = toReal(at);
    while (part < solid.length && solid[part].end <= at) part++;
    const isInside = part < solid.length && solid[part].start < at;
    if (isInside || isJoint(real, place) || isInLineComment(padded, parsed, at, at + length)) found.add(place);
  }
  return found;
}

/** Whether what stands on both sides could be one word, or one line end. */
function isJoint(real: string, place: number): boolean {
  if (place === 0 || place === real.length) return false;
  const [before, behind] = [real[place - 1], real[place]];
  if (before === "\r" && behind === "\n") return true;
  if (isIndentation(real, place)) return true;
  return !/[\s;{}]/.test(before) && !/\s/.test(behind);
}

/** White space in front of a line's first word tells where a brace was forgotten. */
function isIndentation(real: string, place: number): boolean {
  let at = place;
  while (at > 0 && (real[at - 1] === " " || real[at - 1] === "\t")) at--;
  if (at > 0 && real[at - 1] !== "\n") return false;
  let end = place;
  while (real[end] === " " || real[end] === "\t") end++;
  return end < real.length && real[end] !== "\n" && real[end] !== "\r";
}

/** Line comments are read: docs, and warnings that are allowed. */
function isInLineComment(padded: string, { file: { comments } }: ParseResult, start: number, end: number): boolean {
  // Comments are in order.
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comments[middle].span.start < start) low = middle + 1;
    else high = middle;
  }
  const comment = low === 0 ? undefined : comments[low - 1];
  return comment?.kind !== "block" && comment !== undefined && padded.slice(end, comment.span.end).trim() !== "";
}

/** Declarations that nothing is wrong with, but for those that have others inside; in order. */
function solidParts({ file, problems, isBalanced }: ParseResult): readonly Span[] {
  // Where braces don't pair a declaration may have swallowed others, which will be back.
  if (!isBalanced) return [];
  const parts = file.items.flatMap((item) => [item, ...(item.kind === "contract" || item.kind === "mixin" ? item.members : [])]);
  return parts.flatMap((node) => {
    const span = solidPart(node);
    return problems.some((problem) => problem.span.start <= span.end && problem.span.end >= span.start) ? [] : [span];
  });
}

function solidPart(node: Item | Member): Span {
  if (node.kind !== "contract" && node.kind !== "mixin") return node.span;
  // Its head.
  const asked = node.kind === "contract" ? node.implements : [];
  return { start: node.span.start, end: Math.max(...[node.name, ...node.uses, ...asked].map(({ end }) => end)) };
}
