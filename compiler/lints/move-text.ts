/** The edits that move statements before earlier ones of their blocks: with their lines and the comments right above it where they have lines of their own. */
import type { Edit } from "../diagnostics/diagnostic.ts";
import type { Move } from "./movable.ts";
import { lineStart } from "./source.ts";

export function moveEdits(text: string, moves: readonly Move[]): readonly Edit[] {
  const path = moves[0].check.site.path;
  const edit = (start: number, end: number, by: string): Edit => ({ path, span: { start, end }, text: by });
  const inserted = new Map<number, string>();
  const removed: Edit[] = [];
  for (const move of moves) {
    const { from, to, at, moved } = cutOf(text, move);
    // What goes to one place goes there in one piece, in the order in which it stood.
    inserted.set(at, (inserted.get(at) ?? "") + moved);
    removed.push(edit(from, to, ""));
  }
  return [...[...inserted].map(([at, moved]) => edit(at, at, moved)), ...removed];
}

interface Cut {
  /** What is taken out, and where what is put in goes. */
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly moved: string;
}

function cutOf(text: string, { check, target }: Move): Cut {
  const { span } = check.site;
  const place = target.site.span.start;
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  const goal = lineStart(text, place);
  const ownLines = isBlank(text.slice(start, span.start)) && /^[ \t]*(\/\/[^\n]*)?\r?$/.test(text.slice(span.end, end));
  if (!ownLines || !isBlank(text.slice(goal, place)) || end === text.length || start <= goal) {
    const after = /^[ \t]*/.exec(text.slice(span.end))?.[0].length ?? 0;
    return { from: span.start, to: span.end + after, at: place, moved: `${text.slice(span.start, span.end)} ` };
  }
  const from = withComments(text, start, goal);
  return { from, to: end + 1, at: goal, moved: text.slice(from, end + 1) };
}

/** Where the lines of comments begin that stand right above the line at `start`, behind `limit`. */
function withComments(text: string, start: number, limit: number): number {
  let from = start;
  for (;;) {
    const above = from === 0 ? 0 : lineStart(text, from - 1);
    if (above <= limit || !/^[ \t]*\/\//.test(text.slice(above, from))) return from;
    from = above;
  }
}

function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
