/**
 * Diagnostics that the client asks for: of one file, or of all files below the workspace's folders. What a program said is remembered as long as none of its
 * files changed, so that asking for all again costs next to nothing.
 */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Diagnostic as Shown, WorkspaceDocumentDiagnosticReport } from "vscode-languageserver/node";
import { diagnosticsOf, projectDiagnostics, shownIn } from "../analysis.ts";
import { mergeDiagnostics } from "../features/diagnostics.ts";
import { followImports } from "../state/imports.ts";
import { createPauses, pathsForAnswer } from "../host.ts";
import type { Host } from "../host.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Snapshot } from "../state/snapshot.ts";
import type { SourceFile } from "../text/source-file.ts";

/** What a program said, and the files it was made of; undefined for imports that weren't there. */
interface Said {
  readonly files: ReadonlyMap<string, SourceFile | undefined>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Programs remembered: more than a workspace has files. */
const MAX_SAID = 4_000;

export function registerDiagnostics(host: Host): void {
  const { connection, workspace, addresses, projects, client } = host;
  const said = new Map<string, Said>();

  connection.languages.diagnostics.on(({ textDocument, previousResultId }) => {
    const path = addresses.pathOf(textDocument.uri);
    // What other programs have to say is told as soon as they are compiled, to whom it can be told.
    if (!client.can.diagnosticRefresh) workspace.catchUp();
    const items = diagnosticsOf(host, path, workspace.snapshot(path));
    const resultId = resultIdOf(items);
    return resultId === previousResultId ? { kind: "unchanged", resultId } : { kind: "full", resultId, items: [...items] };
  });

  const programOf = (path: string): Said | undefined => {
    const known = said.get(path);
    if (known !== undefined && [...known.files].every(([file, was]) => workspace.source(file) === was)) return known;
    const snapshot = workspace.snapshot(path);
    if (snapshot === undefined) return undefined;
    const found: Said = { files: filesOf(host, snapshot), diagnostics: snapshot.diagnostics };
    if (said.size >= MAX_SAID) said.clear();
    said.set(path, found);
    return found;
  };

  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token) => {
    client.pullsAll = true;
    const goOn = createPauses(token);
    const byPath = new Map<string, Map<string, Shown>>();
    const wanted = pathsForAnswer(host).filter((path) => workspace.isOpen(path) || !projects.isExcluded(path));
    for (const path of wanted) {
      if (!(await goOn())) return new ResponseError(LSPErrorCodes.ServerCancelled, "cancelled", { retriggerRequest: false });
      const program = programOf(path);
      if (program === undefined) continue;
      const files = new Map([...program.files].flatMap(([name, file]) => (file === undefined ? [] : [[name, file] as const])));
      for (const name of new Set([path, ...program.diagnostics.map((one) => one.path)])) {
        const known = byPath.get(name) ?? new Map<string, Shown>();
        for (const one of shownIn(host, { ...EMPTY, root: path, files, diagnostics: program.diagnostics }, name))
          known.set(JSON.stringify(one), one);
        byPath.set(name, known);
      }
    }
    const before = new Map(previousResultIds.map(({ uri, value }) => [addresses.pathOf(uri), value]));
    const all = new Map([...byPath].map(([path, found]) => [path, mergeDiagnostics([[...found.values()]])]));
    for (const [path, shown] of projectDiagnostics(host)) all.set(path, shown);
    // What was reported of files that are gone is taken back.
    for (const path of before.keys()) if (!all.has(path)) all.set(path, []);
    const items = [...all].map(([path, shown]): WorkspaceDocumentDiagnosticReport => {
      const uri = addresses.uriOf(path);
      const version = host.versionOf(uri) ?? null;
      const resultId = resultIdOf(shown);
      return before.get(path) === resultId
        ? { kind: "unchanged", uri, version, resultId }
        : { kind: "full", uri, version, resultId, items: [...shown] };
    });
    return { items };
  });
}

const EMPTY: Omit<Snapshot, "root" | "files" | "diagnostics"> = {
  analysed: undefined,
  last: undefined,
  facts: () => undefined,
  names: () => [],
};

/** The files of a program, and those that it would have if they were there. */
function filesOf({ workspace }: Host, { files }: Snapshot): ReadonlyMap<string, SourceFile | undefined> {
  const known = new Map(files);
  const asked = followImports(known, workspace.source);
  const found = new Map<string, SourceFile | undefined>(known);
  for (const path of asked) if (!found.has(path)) found.set(path, undefined);
  return found;
}

/** FNV-1a: tells one answer from another. */
function resultIdOf(items: readonly Shown[]): string {
  const text = JSON.stringify(items);
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return `${(value >>> 0).toString(16)}-${text.length}`;
}
