/**
 * `// weft-allow W1001: reason`, or several codes with commas between them, silences one warning at one place: on the comment's own line, or, where the comment has a line for itself,
 * on the next line that isn't a comment. Takes what the passes found and gives what is left, with warnings about allowances that lack a
 * reason or silence nothing. Errors can't be allowed.
 */
import type { Comment, SourceFile } from "../../grammar/ast.ts";
import { codeInfo, CODES, isCode } from "./codes.ts";
import type { Diagnostic, Edit } from "./diagnostic.ts";
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import { diagnose } from "./report.ts";
import { closest } from "../../grammar/closest.ts";

interface Allowance {
  readonly path: string;
  readonly span: Comment["span"];
  readonly code: string;
  readonly reason: string;
  /** The line it speaks of, from 1. */
  readonly line: number;
  /** Members of a mixin are checked only where a contract uses them, so nobody can say that it silences nothing. */
  readonly inMixin: boolean;
  /** Takes the whole comment away; undefined when it names other codes, too. */
  readonly removal: Edit | undefined;
}

interface Scanned {
  readonly starts: readonly number[];
  readonly allowances: readonly Allowance[];
}

/** Codes with commas between them, then a colon, then the reason. */
const ALLOW = /^\/\/\s*weft-allow\b\s*([A-Za-z0-9]*(?:\s*,\s*[A-Za-z0-9]*)*)\s*(:?)\s*(.*)$/;

/** `complete`: every pass has run, so what silences nothing now never will. */
export function applyAllowances(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
  complete: boolean,
): readonly Diagnostic[] {
  const scanned = new Map<string, Scanned>();
  for (const file of files) {
    const starts = lineStarts(file.text);
    const allowances = allowancesOf(file, starts);
    if (allowances.length > 0) scanned.set(file.path, { starts, allowances });
  }
  if (scanned.size === 0) return diagnostics;
  const used = new Set<Allowance>();
  const left = diagnostics.filter((found) => {
    const file = scanned.get(found.path);
    if (file === undefined || found.severity !== "warning") return true;
    const { line } = positionAt(file.starts, found.span.start);
    const matching = file.allowances.filter((one) => one.code === found.code && one.line === line);
    for (const one of matching) used.add(one);
    return matching.length === 0;
  });
  const all = [...scanned.values()].flatMap(({ allowances }) => allowances);
  return [...left, ...all.flatMap((one) => problemOf(one, used.has(one), complete))];
}

function problemOf(one: Allowance, isUsed: boolean, complete: boolean): readonly Diagnostic[] {
  const place = { path: one.path, span: one.span };
  const fixes = one.removal === undefined ? [] : [{ title: "remove the comment", changes: "nothing" as const, edits: [one.removal] }];
  const shown = one.code === "" ? "no code" : one.code;
  if (!isCode(one.code)) {
    const capitals = one.code.toUpperCase();
    const near = isCode(capitals) ? capitals : closest(capitals, Object.keys(CODES));
    const help = near === undefined ? "write `// weft-allow CODE: reason`" : `did you mean \`${near}\`?`;
    return [diagnose("W0101", place, { why: one.code === "" ? "it names no code" : `there is no code ${shown}` }, { help, fixes })];
  }
  if (codeInfo(one.code).severity === "error") {
    return [diagnose("W0101", place, { why: `${shown} is an error, and errors can't be allowed` }, { help: "mend the program", fixes })];
  }
  if (!isUsed && complete && !one.inMixin) {
    return [diagnose("W0101", place, { why: `nothing here reports ${shown}` }, { fixes })];
  }
  if (one.reason === "") return [diagnose("W0102", place, { code: shown })];
  return [];
}

function allowancesOf(file: SourceFile, starts: readonly number[]): readonly Allowance[] {
  const { path, text, comments } = file;
  return comments.flatMap((comment): readonly Allowance[] => {
    const match = comment.kind === "line" ? ALLOW.exec(comment.text) : null;
    if (match === null) return [];
    const { line } = positionAt(starts, comment.span.start);
    const lineStart = starts[line - 1];
    const isAlone = text.slice(lineStart, comment.span.start).trim() === "";
    const { start, end } = comment.span;
    const inMixin = file.items.some(({ kind, span }) => kind === "mixin" && span.start <= start && end <= span.end);
    const removal = { path, span: isAlone ? { start: lineStart, end: starts.at(line) ?? text.length } : { start, end }, text: "" };
    const codes = match[1].split(",");
    return codes.map((code) => ({
      path,
      span: { start, end },
      code: code.trim(),
      // Without the colon nobody can tell where the reason begins.
      reason: match[2] === "" ? "" : match[3].trim(),
      line: isAlone ? lineBelow(text, starts, line) : line,
      inMixin,
      removal: codes.length === 1 ? removal : undefined,
    }));
  });
}

/** The next line that is neither empty nor a line comment. */
function lineBelow(text: string, starts: readonly number[], line: number): number {
  let below = line + 1;
  while (below <= starts.length) {
    const content = text.slice(starts[below - 1], starts.at(below) ?? text.length).trim();
    if (content !== "" && !content.startsWith("//")) break;
    below++;
  }
  return below;
}
