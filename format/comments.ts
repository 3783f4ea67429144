/** Comments as documents of Prettier's, and where they are in a file's list of them. */
import { builders } from "prettier/doc";
import type { Comment } from "../grammar/ast.ts";
import type { Doc } from "./output.ts";

const { hardline, literalline } = builders;

const IGNORE = /^(?:\/\/|\/\*)\s*(?:weft-fmt-ignore|prettier-ignore)\s*(?:\*\/)?$/;

/** Whether it asks to leave what follows as it is. */
export function asksToIgnore({ text }: Comment): boolean {
  return IGNORE.test(text);
}

/** The first one that begins at `offset` or later; the last one of all if there is none. */
export function firstComment(comments: readonly Comment[], offset: number): number {
  let low = 0;
  let high = comments.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comments[middle].span.start >= offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** As it is, whatever the indentation. */
export function literal(text: string): Doc {
  const lines = text.split("\n");
  return lines.length === 1 ? text : lines.flatMap((one, i): Doc[] => (i === 0 ? [one] : [literalline, one]));
}

/** Comments whose lines all begin with a star move with the code around; others may hold a drawing, and stay as they are. */
export function commentDoc({ kind, text }: Comment): Doc {
  if (kind !== "block") return text.trimEnd();
  const lines = text.split("\n");
  if (lines.length === 1) return text;
  const isStarred = lines.every((one, i) => i === 0 || one.trimStart().startsWith("*"));
  if (!isStarred) return literal(lines.map((one) => one.trimEnd()).join("\n"));
  return [lines[0].trimEnd(), ...lines.slice(1).flatMap((one): Doc[] => [hardline, ` ${one.trim()}`])];
}
