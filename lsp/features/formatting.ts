/** Formatting through the one canonical style. Of a file with syntax errors only declarations without any are formatted, and only when a part of it is asked for. */
import type { Position, Range, TextEdit } from "vscode-languageserver";
import { formatChecked } from "../../format/format.ts";
import type { Span } from "../../grammar/ast.ts";
import type { SourceFile } from "../text/source-file.ts";
import { createPlainText } from "../text/source-text.ts";
import type { SourceText } from "../text/source-text.ts";

/** One edit per stretch of lines that differ, so that cursors and folds elsewhere stay. A file with syntax errors is left as it is. */
export function formatDocument({ source, parsed }: SourceFile): readonly TextEdit[] {
  if (parsed.problems.length > 0) return [];
  const formatted = formatChecked(source.real);
  if (formatted.kind !== "formatted" || formatted.text === source.real) return [];
  return lineEdits(source.real, formatted.text, 0);
}

/** In a file with syntax errors: the declarations that have none. */
export function formatRange(file: SourceFile, range: Range): readonly TextEdit[] {
  const isWhole = file.parsed.problems.length === 0;
  const edits = isWhole ? formatDocument(file) : unitsOf(file).flatMap((unit) => (meets(unit.lines, range) ? formatUnit(file, unit) : []));
  return edits.filter((edit) => meets(linesOf(edit.range), range));
}

interface Lines {
  readonly first: number;
  readonly last: number;
}

/** A range that ends where a line begins holds nothing of that line. */
function linesOf({ start, end }: Range): Lines {
  return { first: start.line, last: end.character === 0 && end.line > start.line ? end.line - 1 : end.line };
}

function meets({ first, last }: Lines, range: Range): boolean {
  const wanted = linesOf(range);
  return first <= wanted.last && last >= wanted.first;
}

// --- declarations of a file with errors ------------------------------------------------------------------------------------

/** Whole lines of the author's text that are a declaration by themselves, or a member of one. */
interface Unit {
  readonly lines: Lines;
  readonly isMember: boolean;
}

function unitsOf({ source, parsed }: SourceFile): readonly Unit[] {
  const { problems, file } = parsed;
  const isSound = ({ start, end }: Span): boolean => !problems.some(({ span }) => span.start <= end && span.end >= start);
  const unit = (span: Span, isMember: boolean): readonly Unit[] => {
    const lines = linesOf(source.range(span));
    const text = textOf(source, lines).trim();
    // Nothing else may stand on its lines.
    return text === source.real.slice(source.toReal(span.start), source.toReal(span.end)).trim() ? [{ lines, isMember }] : [];
  };
  return file.items.flatMap((item) => {
    if (isSound(item.span)) return unit(item.span, false);
    if (item.kind !== "contract" && item.kind !== "mixin") return [];
    return item.members.flatMap((member) => (isSound(member.span) ? unit(member.span, true) : []));
  });
}

function textOf(source: SourceText, { first, last }: Lines): string {
  const [start, end] = [source.offset({ line: first, character: 0 }), source.offset({ line: last + 1, character: 0 })];
  return source.real.slice(source.toReal(start), source.toReal(end));
}

function formatUnit({ source }: SourceFile, { lines, isMember }: Unit): readonly TextEdit[] {
  const text = textOf(source, lines);
  const [head, tail] = isMember ? ["contract C {\n", "}\n"] : ["", ""];
  const formatted = formatChecked(head + (text.endsWith("\n") ? text : `${text}\n`) + tail);
  if (formatted.kind !== "formatted" || !formatted.text.startsWith(head) || !formatted.text.endsWith(tail)) return [];
  const inner = formatted.text.slice(head.length, formatted.text.length - tail.length);
  return lineEdits(text, text.endsWith("\n") ? inner : inner.trimEnd(), lines.first);
}

/** After `}` and `;` what the last declaration or statement needs: the line of the cursor and those of the brackets it closes. */
export function formatOnType(file: SourceFile, position: Position, typed: string): readonly TextEdit[] {
  const line = typed === "\n" ? Math.max(0, position.line - 1) : position.line;
  let first = line;
  if (typed === "}") {
    const { source } = file;
    const offset = source.offset(position);
    let depth = 0;
    for (let at = offset - 1; at >= 0; at--) {
      const char = source.padded[at];
      if (char === "}") depth++;
      else if (char === "{" && --depth === 0) {
        first = source.position(at).line;
        break;
      }
    }
  }
  return formatRange(file, { start: { line: first, character: 0 }, end: { line, character: 0 } });
}

/** Lines that are the same in both are kept, found from both ends of what is left between unique lines in order. */
function lineEdits(before: string, after: string, firstLine: number): readonly TextEdit[] {
  const old = before.split(/(?<=\n)/);
  const now = after.split(/(?<=\n)/);
  const edits: TextEdit[] = [];
  const text = createPlainText(before);
  const starts = [0];
  for (const line of old) starts.push(starts[starts.length - 1] + line.length);
  const replace = (from: number, to: number, lines: readonly string[]): void => {
    if (from === to && lines.length === 0) return;
    // Line by line where only white space differs, so that a part can be taken.
    if (to - from === lines.length && lines.length > 1 && lines.every((line, i) => bare(line) === bare(old[from + i]))) {
      for (const [i, line] of lines.entries()) if (line !== old[from + i]) replace(from + i, from + i + 1, [line]);
      return;
    }
    const { start, end } = text.range({ start: starts[from], end: starts[to] });
    const range = { start: { ...start, line: start.line + firstLine }, end: { ...end, line: end.line + firstLine } };
    edits.push({ range, newText: lines.join("") });
  };
  const anchors = commonLines(old, now);
  let a = 0;
  let b = 0;
  for (const [i, j] of [...anchors, [old.length, now.length] as const]) {
    replace(a, i, now.slice(b, j));
    a = i + 1;
    b = j + 1;
  }
  return edits;
}

function bare(line: string): string {
  return line.replace(/\s/g, "");
}

/** Pairs of equal lines in order; greedy with a short look ahead, since formatting moves nothing far. */
function commonLines(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const LOOK = 60;
  const pairs: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      pairs.push([i++, j++]);
      continue;
    }
    let found = false;
    for (let sum = 1; sum <= LOOK && !found; sum++) {
      for (let di = 0; di <= sum && !found; di++) {
        const dj = sum - di;
        if (i + di < old.length && j + dj < now.length && old[i + di] === now[j + dj] && old[i + di].trim().length > 1) {
          i += di;
          j += dj;
          found = true;
        }
      }
    }
    if (!found) break;
  }
  return pairs;
}
