/** The JSON document: what docs/schema/diagnostics.schema.json describes, and the command's own fields beside it. */
import type { Diagnostic, Place } from "../../compiler/diagnostics/diagnostic.ts";
import { EXIT } from "../exit.ts";
import type { Json, Outcome } from "../outcome.ts";
import { sortDiagnostics } from "./frame.ts";
import { createRegions } from "./places.ts";

export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** The version of the document's form: it rises when a program that reads it would have to change. */
export const SCHEMA = 1;

interface JsonSettings {
  readonly tool: Tool;
  readonly command: string;
  readonly ms: number;
}

/** One document, always with schema, tool, command, ok, diagnostics and timing. */
export function renderJson(outcome: Outcome, { tool, command, ms }: JsonSettings): string {
  const document = {
    schema: SCHEMA,
    tool,
    command,
    ok: outcome.exit === EXIT.ok,
    ...outcome.json,
    diagnostics: diagnosticsJson(outcome),
    timing: { ms, ...outcome.timing },
  };
  return JSON.stringify(document, undefined, 2);
}

/** A fault of our own: no diagnostics, but lines to report. */
export function renderJsonFault(tool: Tool, lines: readonly string[]): string {
  return JSON.stringify({ schema: SCHEMA, tool, command: "", ok: false, internal: lines, diagnostics: [], timing: { ms: 0 } });
}

function diagnosticsJson({ diagnostics, files }: Outcome): readonly Json[] {
  const regionOf = createRegions(files);
  const place = (where: Place): { readonly [key: string]: Json } => {
    const region = regionOf(where);
    return region === undefined ? { file: where.path } : { file: where.path, span: { ...region } };
  };
  return sortDiagnostics(diagnostics).map((diagnostic: Diagnostic): Json => {
    return {
      code: diagnostic.code,
      severity: diagnostic.severity,
      message: diagnostic.message,
      ...place(diagnostic),
      notes: diagnostic.notes.map((note) => ({ ...place(note), text: note.text })),
      help: diagnostic.help ?? null,
      fixes: diagnostic.fixes.map(({ title, changes, edits }) => ({
        title,
        changes,
        edits: edits.map((edit) => ({ ...place(edit), text: edit.text })),
      })),
    };
  });
}
