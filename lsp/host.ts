/** What all requests share: the workspace, what the client can and wants, and the ways from an address to a view. */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { CancellationToken, Connection } from "vscode-languageserver/node";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { LIBRARY_PATHS } from "../compiler/modules/library.ts";
import type { ClientAbilities } from "./capabilities.ts";
import { exportsFor } from "./features/imports.ts";
import type { Exported } from "./features/imports.ts";
import { createView } from "./features/view.ts";
import type { View } from "./features/view.ts";
import type { Projects } from "./projects.ts";
import type { Settings } from "./settings.ts";
import { checkedProgram } from "./state/checked.ts";
import type { Snapshot } from "./state/snapshot.ts";
import type { Workspace } from "./state/workspace.ts";
import type { SourceFile } from "./text/source-file.ts";
import type { Addresses } from "./text/uri.ts";

/** Known once the client said hello; settings change later. */
export interface ClientState {
  can: ClientAbilities;
  settings: Settings;
  /** Commands of code lenses that the client carries out. */
  commands: ReadonlySet<string>;
  /** That not all files are looked at is said once. */
  isToldOfCut: boolean;
  /** Wants `weft/analysed`: others would write a message that they don't know into their logs. */
  hearsAnalysed: boolean;
  /** Asks for the diagnostics of all files, project files too: what is pushed as well would be shown twice. */
  pullsAll: boolean;
}

export interface Host {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly addresses: Addresses;
  readonly projects: Projects;
  readonly client: ClientState;
  readonly versionOf: (uri: string) => number | undefined;
}

/** Other programs that are asked about a file; the library is part of many. */
const MAX_OTHERS = 8;

export function viewOf(host: Host, uri: string): View | undefined {
  const { workspace, addresses } = host;
  const path = addresses.pathOf(uri);
  const snapshot = workspace.snapshot(path);
  if (snapshot === undefined) return undefined;
  const upToDate = workspace.snapshotsAbout(path, snapshot).slice(1);
  const others = upToDate.filter(({ files }) => files.get(path) === snapshot.files.get(path)).slice(0, MAX_OTHERS);
  return createView(snapshot, path, addresses, shownOf(host, snapshot, path), others);
}

export function fileOf({ workspace, addresses }: Host, uri: string): SourceFile | undefined {
  return workspace.source(addresses.pathOf(uri));
}

/** What a program says about a file, as far as project and author want to see it. */
export function shownOf({ projects, client }: Host, { diagnostics }: Pick<Snapshot, "diagnostics">, path: string): readonly Diagnostic[] {
  const own = projects.withLevels(diagnostics.filter((one) => one.path === path));
  return client.settings.diagnostics.parallelism ? own : own.filter(({ code }) => !code.startsWith("W10"));
}

/** All source files that are looked at; whoever asks for an answer about all files is told when there are more. */
export function pathsForAnswer({ workspace, connection, client }: Host): readonly string[] {
  if (workspace.isCut() && !client.isToldOfCut) {
    client.isToldOfCut = true;
    const message = "weft: the workspace has more files than are looked at, so that answers about all of them aren't whole";
    void connection.sendNotification("window/showMessage", { type: 2, message });
  }
  return workspace.allPaths();
}

/** What could be imported into a file. */
export function exportedTo({ workspace }: Host, path: string): readonly Exported[] {
  return exportsFor(
    path,
    [...workspace.allPaths(), ...LIBRARY_PATHS].flatMap((one) => workspace.source(one)?.parsed.file ?? []),
  );
}

// --- long requests -------------------------------------------------------------------------------------------------------

/** Works so long before it looks whether something else has come in. */
const SLICE_MS = 15;

/** Lets messages in that came meanwhile, the cancellation of this request too; false when there is nobody left to answer. */
export function createPauses(token: CancellationToken): () => Promise<boolean> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began >= SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
    return !token.isCancellationRequested;
  };
}

/**
 * All programs that may hold a name, one after the other: none is kept, there may be thousands. Undefined when the request was cancelled, or when the file it is about
 * has changed meanwhile, so that the answer would be about places of an older text.
 */
export async function eachProgramWith(
  host: Host,
  view: View,
  name: string,
  token: CancellationToken,
  visit: (snapshot: Snapshot) => void,
): Promise<ResponseError | undefined> {
  const { workspace } = host;
  const goOn = createPauses(token);
  const before = new Map(workspace.openPaths().map((path) => [path, workspace.source(path)]));
  const seen = new Set<Snapshot>([view.snapshot]);
  visit(view.snapshot);
  for (const path of pathsForAnswer(host)) {
    if (!(await goOn())) return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
    if ([...before].some(([open, file]) => workspace.source(open) !== file))
      return new ResponseError(LSPErrorCodes.ContentModified, "the text has changed");
    if (workspace.source(path)?.source.real.includes(name) !== true) continue;
    const snapshot = workspace.isOpen(path) ? workspace.snapshot(path) : checkedProgram(path, workspace.source);
    if (snapshot === undefined || seen.has(snapshot)) continue;
    // Only programs of open files come again.
    if (workspace.isOpen(snapshot.root)) seen.add(snapshot);
    visit(snapshot);
  }
  return undefined;
}
