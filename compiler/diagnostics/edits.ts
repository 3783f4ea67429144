/** Edits of fixes, put into texts. Used by whoever applies a fix: the command line, tests, editors. */
import type { Edit } from "./diagnostic.ts";

/** Two that insert at one place would depend on their order. */
export function overlap(a: Edit, b: Edit): boolean {
  if (a.path !== b.path) return false;
  return (a.span.start < b.span.end && b.span.start < a.span.end) || a.span.start === b.span.start || a.span.end === b.span.end;
}

/** The text of one file with edits of it that don't overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { span, text: replacement } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    result = result.slice(0, span.start) + replacement + result.slice(span.end);
  }
  return result;
}
