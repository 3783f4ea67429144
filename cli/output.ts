/** The one place that turns an outcome into what is printed: text and frames for people, or one JSON document for programs. */
import type { Diagnostic, Place } from "../compiler/diagnostics/diagnostic.ts";
import { lineStarts, positionAt } from "../compiler/diagnostics/lines.ts";
import { EXIT } from "./exit.ts";
import type { Json, Outcome } from "./outcome.ts";
import { renderDiagnostics, sortDiagnostics } from "./render/frame.ts";
import type { Theme } from "./render/theme.ts";

interface HumanSettings {
  readonly out: Theme;
  readonly err: Theme;
  readonly quiet: boolean;
}

export function renderHuman(outcome: Outcome, { out, err, quiet }: HumanSettings): { readonly out: string; readonly err: string } {
  const frames = renderDiagnostics(outcome.diagnostics, outcome.files, err);
  const note = quiet || outcome.note === "" ? "" : `${outcome.note}\n`;
  return { out: outcome.text(out), err: frames === "" ? note : note === "" ? frames : `${frames}\n${note}` };
}

interface JsonSettings {
  readonly tool: { readonly name: string; readonly version: string };
  readonly command: string;
  readonly ms: number;
}

/** One document, always with schema, tool, command, ok, diagnostics and timing. */
export function renderJson(outcome: Outcome, { tool, command, ms }: JsonSettings): string {
  const document = {
    schema: 1,
    tool,
    command,
    ok: outcome.exit === EXIT.ok,
    ...outcome.json,
    diagnostics: diagnosticsJson(outcome),
    timing: { ms, ...outcome.timing },
  };
  return JSON.stringify(document, undefined, 2);
}

function diagnosticsJson(outcome: Outcome): readonly Json[] {
  const starts = new Map<string, readonly number[]>();
  const place = ({ path, span }: Place): { readonly [key: string]: Json } => {
    const text = outcome.files.get(path);
    if (text === undefined) return { file: path };
    const table = starts.get(path) ?? lineStarts(text);
    starts.set(path, table);
    const from = positionAt(table, span.start);
    const to = positionAt(table, span.end);
    return {
      file: path,
      span: { start: span.start, end: span.end, line: from.line, col: from.column, endLine: to.line, endCol: to.column },
    };
  };
  return sortDiagnostics(outcome.diagnostics).map((diagnostic: Diagnostic): Json => {
    return {
      code: diagnostic.code,
      severity: diagnostic.severity,
      message: diagnostic.message,
      ...place(diagnostic),
      notes: diagnostic.notes.map((note) => ({ ...place(note), text: note.text })),
      help: diagnostic.help ?? null,
      fixes: diagnostic.fixes.map((fix) => ({ title: fix.title, edits: fix.edits.map((edit) => ({ ...place(edit), text: edit.text })) })),
    };
  });
}
