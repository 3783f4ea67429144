/**
 * Diagnostics for people: headline, the lines of source it is about with the places underlined, notes in other files, help.
 * Pure text in, text out. Everything that came from a file is made safe for a terminal, and long lines are cut around the place.
 */
import type { Diagnostic, Fix, Place } from "../../compiler/diagnostics/diagnostic.ts";
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import { drawLine } from "./line.ts";
import type { Label } from "./line.ts";
import type { Theme } from "./theme.ts";
import { printable } from "./width.ts";

/** More than an author reads at once. */
const MAX_SHOWN = 50;

/** All of them in order, then a count; empty for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, string>, theme: Theme): string {
  const sorted = sortDiagnostics(diagnostics);
  const lines = lineTable(files);
  // One more takes as much room as a line that says so; most often it is the notice that the parser stopped.
  const shown = sorted.length <= MAX_SHOWN + 1 ? sorted : sorted.slice(0, MAX_SHOWN);
  const parts = shown.map((diagnostic) => renderOne(diagnostic, files, lines, theme));
  if (sorted.length > shown.length) parts.push(`… and ${sorted.length - shown.length} more\n`);
  return parts.join("\n");
}

/** By file, offset, code: never by the order in which passes or threads found them. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => compareText(a.path, b.path) || a.span.start - b.span.start || compareText(a.code, b.code));
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type LineTable = (path: string) => readonly number[];

function lineTable(files: ReadonlyMap<string, string>): LineTable {
  const known = new Map<string, readonly number[]>();
  return (path) => {
    const found = known.get(path) ?? lineStarts(files.get(path) ?? "");
    known.set(path, found);
    return found;
  };
}

interface Marked extends Place {
  readonly text: string;
  readonly primary: boolean;
}

function renderOne(diagnostic: Diagnostic, files: ReadonlyMap<string, string>, lines: LineTable, colours: Theme): string {
  const role = diagnostic.severity;
  // Marks of the place have the colour of the headline.
  const theme: Theme = (wanted, text) => colours(wanted === "error" ? role : wanted, text);
  const out = [`${theme(role, `${role}[${diagnostic.code}]`)}${theme("headline", `: ${printable(diagnostic.message)}`)}`];
  const marks: Marked[] = [
    { path: diagnostic.path, span: diagnostic.span, text: "", primary: true },
    ...diagnostic.notes.map((note) => ({ path: note.path, span: note.span, text: note.text, primary: false })),
  ];
  const paths = [...new Set(marks.map((mark) => mark.path))];
  const width = gutterWidth(marks, files, lines);
  paths.forEach((path, index) => {
    const here = marks.filter((mark) => mark.path === path);
    out.push(...renderFile({ path, marks: here, first: index === 0, width, text: files.get(path), starts: lines(path), theme }));
  });
  if (diagnostic.help !== undefined) out.push(`${theme("help", "help")}: ${printable(diagnostic.help)}`);
  out.push(...diagnostic.fixes.flatMap((fix) => fixLine(fix, theme)).slice(0, 1));
  return `${out.join("\n")}\n`;
}

/** What `--fix` would do; guesses are for editors, and the help tells of them. */
function fixLine({ title, changes }: Fix, theme: Theme): readonly string[] {
  if (changes === "guess") return [];
  return [`${theme("help", "fix")}: ${printable(title)} (${changes === "nothing" ? "--fix" : "--fix=all"})`];
}

/** Digits of the greatest line number shown. */
function gutterWidth(marks: readonly Marked[], files: ReadonlyMap<string, string>, lines: LineTable): number {
  let greatest = 1;
  for (const mark of marks) {
    if (files.has(mark.path)) greatest = Math.max(greatest, positionAt(lines(mark.path), mark.span.start).line);
  }
  return String(greatest).length;
}

interface FilePart {
  /** Empty for mistakes that are in no file, as on the command line. */
  readonly path: string;
  readonly marks: readonly Marked[];
  readonly first: boolean;
  readonly width: number;
  /** Undefined when the file couldn't be read: only its name is shown then. */
  readonly text: string | undefined;
  readonly starts: readonly number[];
  readonly theme: Theme;
}

function renderFile({ path, marks, first, width, text, starts, theme }: FilePart): readonly string[] {
  const pad = " ".repeat(width);
  if (path === "") return [];
  const arrow = theme("gutter", `${pad}${first ? "-->" : ":::"}`);
  const name = printable(path);
  if (text === undefined)
    return [`${arrow} ${name}`, ...marks.filter((mark) => mark.text !== "").map((mark) => noteLine(mark.text, pad, theme))];
  const place = positionAt(starts, marks[0].span.start);
  const bar = theme("gutter", `${pad} |`);
  const out = [`${arrow} ${name}:${place.line}:${place.column}`, bar];
  const byLine = groupByLine(marks, text, starts);
  let previous: number | undefined;
  for (const line of [...byLine.keys()].sort((a, b) => a - b)) {
    // A gap of one line is shown, since the mark of a gap would take as much room.
    if (previous !== undefined && line === previous + 2) out.push(...drawn(previous + 1, []));
    else if (previous !== undefined && line > previous + 2) out.push(theme("gutter", "..."));
    out.push(...drawn(line, byLine.get(line) ?? []));
    previous = line;
  }
  return out;

  function drawn(line: number, labels: readonly Label[]): readonly string[] {
    const [source, ...below] = drawLine(lineText(text ?? "", starts, line), labels, theme);
    return [
      `${theme("gutter", `${String(line).padStart(width)} |`)}${source === "" ? "" : ` ${source}`}`,
      ...below.map((row) => `${bar} ${row}`),
    ];
  }
}

function noteLine(text: string, pad: string, theme: Theme): string {
  return `${pad} ${theme("gutter", "=")} ${theme("note", "note")}: ${printable(text)}`;
}

function groupByLine(marks: readonly Marked[], text: string, starts: readonly number[]): ReadonlyMap<number, Label[]> {
  const byLine = new Map<number, Label[]>();
  for (const mark of marks) {
    const { line, column } = positionAt(starts, Math.min(mark.span.start, text.length));
    const length = lineText(text, starts, line).length;
    // A span over several lines is underlined on its first one.
    const start = Math.min(column - 1, length);
    const end = Math.max(start, Math.min(start + (mark.span.end - mark.span.start), length));
    const labels = byLine.get(line) ?? [];
    labels.push({ start, end, text: printable(mark.text), primary: mark.primary });
    byLine.set(line, labels);
  }
  return byLine;
}

function lineText(text: string, starts: readonly number[], line: number): string {
  const end = line < starts.length ? starts[line] - 1 : text.length;
  const raw = text.slice(starts[line - 1], end);
  return raw.endsWith("\r") ? raw.slice(0, -1) : raw;
}
