/** What the compiler reports, as the protocol has it. */
import type { Diagnostic as Shown } from "vscode-languageserver";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { relativePath } from "./imports.ts";
import type { Addresses } from "../text/uri.ts";

/** What editors grey out or strike through. */
const UNNECESSARY: ReadonlySet<string> = new Set(["W0401", "W0101"]);

export function shownDiagnostics(snapshot: Snapshot, path: string, addresses: Addresses): readonly Shown[] {
  const file = snapshot.files.get(path);
  return snapshot.diagnostics.flatMap((found): Shown[] => {
    if (found.path !== path) return [];
    const { code, severity, span, notes } = found;
    const related = notes.flatMap((note) => {
      const other = snapshot.files.get(note.path);
      return other === undefined
        ? []
        : [
            {
              location: { uri: addresses.uriOf(note.path), range: other.source.range(note.span) },
              message: withShortPaths(note.text, snapshot, path),
            },
          ];
    });
    const range = file === undefined ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } : file.source.range(span);
    return [
      {
        range,
        severity: severity === "error" ? 1 : 2,
        code,
        source: "weft",
        message: withShortPaths(messageOf(found), snapshot, path),
        ...(related.length > 0 ? { relatedInformation: related } : {}),
        ...(UNNECESSARY.has(code) ? { tags: [1] } : {}),
      },
    ];
  });
}

/** The compiler names files by the paths it was given, which are long ones here: they are told as seen from the file. */
function withShortPaths(message: string, { files }: Snapshot, from: string): string {
  if (!message.includes("/")) return message;
  let text = message;
  for (const path of [...files.keys()].sort((a, b) => b.length - a.length)) {
    const short = text.includes(path) ? relativePath(from, path) : undefined;
    if (short !== undefined) text = text.replaceAll(path, short.replace(/^\.\//, ""));
  }
  return text;
}

function messageOf({ message, help }: Diagnostic): string {
  return help === undefined ? message : `${message}\n${help}`;
}

/** Of several programs: one that all report is told once. */
export function mergeDiagnostics(lists: readonly (readonly Shown[])[]): readonly Shown[] {
  const known = new Map<string, Shown>();
  for (const shown of lists.flat()) {
    const { start, end } = shown.range;
    known.set(`${shown.code} ${start.line} ${start.character} ${end.line} ${end.character} ${JSON.stringify(shown.message)}`, shown);
  }
  return [...known.values()].sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
}
