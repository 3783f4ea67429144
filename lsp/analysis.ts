/**
 * Compiles open programs again after edits, in steps between which messages come in, and tells the client what they say. Clients that pull are told that
 * there is something to pull; to others diagnostics are pushed.
 */
import type { Diagnostic as Shown } from "vscode-languageserver/node";
import { mergeDiagnostics, shownDiagnostics } from "./features/diagnostics.ts";
import { shownOf } from "./host.ts";
import type { Host } from "./host.ts";
import type { Snapshot } from "./state/snapshot.ts";
import { createPlainText } from "./text/source-text.ts";

export interface Analysis {
  /** Something changed: what was begun is about an older text. */
  readonly schedule: () => void;
  /** What is shown changed, though no text did. */
  readonly showAgain: () => void;
}

/** So long after the last analysis nobody is typing. */
const IDLE_MS = 100;

export function createAnalysis(host: Host): Analysis {
  const { connection, workspace, addresses, client } = host;
  /** What was pushed last, by path. */
  const published = new Map<string, string>();
  let running: ReturnType<typeof setImmediate> | undefined;

  let idle: ReturnType<typeof setTimeout> | undefined;

  const schedule = (): void => {
    if (running !== undefined) clearImmediate(running);
    clearTimeout(idle);
    running = setImmediate(() => {
      step(workspace.work());
    });
  };
  const step = (work: ReturnType<typeof workspace.work>): void => {
    try {
      const next = work.next();
      if (next.done === true) {
        running = undefined;
        whenIdle(workspace.warmUp(), IDLE_MS);
        return;
      }
      if (next.value !== undefined) analysed(next.value);
      // Messages that came in meanwhile go first.
      running = setImmediate(() => {
        step(work);
      });
    } catch (error) {
      running = undefined;
      fail(error);
    }
  };
  const fail = (error: unknown): void => {
    connection.console.error(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };

  /** Goes on whenever nothing else is to do; an edit puts it off. */
  const whenIdle = (work: ReturnType<typeof workspace.warmUp>, waitMs: number): void => {
    idle = setTimeout(() => {
      try {
        if (work.next().done !== true) whenIdle(work, 0);
      } catch (error) {
        fail(error);
      }
    }, waitMs).unref();
  };

  const push = (path: string, diagnostics: readonly Shown[]): void => {
    const uri = addresses.uriOf(path);
    const version = host.versionOf(uri);
    // Of a new version it is told also that nothing changed.
    const text = `${version} ${JSON.stringify(diagnostics)}`;
    if (published.get(path) === text || (diagnostics.length === 0 && version === undefined && !published.has(path))) return;
    published.set(path, text);
    if (diagnostics.length === 0 && !workspace.isOpen(path)) published.delete(path);
    void connection.sendDiagnostics({ uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) });
  };
  const publish = (paths: Iterable<string>): void => {
    const broken = new Map(projectDiagnostics(host));
    // Who pulls asks for sources alone, unless it is for all files of the workspace.
    const shown = client.can.pull ? (client.pullsAll ? new Map<string, readonly Shown[]>() : broken) : undefined;
    if (shown !== undefined) for (const path of new Set([...published.keys(), ...shown.keys()])) push(path, shown.get(path) ?? []);
    else for (const path of new Set([...paths, ...broken.keys()])) push(path, broken.get(path) ?? diagnosticsOf(host, path, undefined));
  };

  const refresh = (method: string, isKnown: boolean): void => {
    if (isKnown) void connection.sendRequest(method).catch(() => undefined);
  };
  const refreshMarks = (): void => {
    refresh("workspace/codeLens/refresh", client.can.lensRefresh);
    refresh("workspace/inlayHint/refresh", client.can.hintRefresh);
  };
  const analysed = (snapshot: Snapshot): void => {
    publish(new Set([...published.keys(), ...snapshot.files.keys(), snapshot.root]));
    // The client asks again by itself about the file that it changed.
    if (workspace.openPaths().length > 1 && !workspace.isStale()) {
      refresh("workspace/diagnostic/refresh", client.can.pull && client.can.diagnosticRefresh);
      refresh("workspace/semanticTokens/refresh", client.can.tokenRefresh);
    }
    refreshMarks();
    if (client.hearsAnalysed) void connection.sendNotification("weft/analysed", { uri: addresses.uriOf(snapshot.root) });
  };

  return {
    schedule,
    showAgain: () => {
      publish([...published.keys(), ...workspace.openPaths()]);
      refresh("workspace/diagnostic/refresh", client.can.pull && client.can.diagnosticRefresh);
      refreshMarks();
    },
  };
}

/** What all programs say about a file that know it: its own, if that is given, and open ones. */
export function diagnosticsOf(host: Host, path: string, own: Snapshot | undefined): readonly Shown[] {
  return mergeDiagnostics(host.workspace.snapshotsAbout(path, own).map((snapshot) => shownIn(host, snapshot, path)));
}

export function shownIn(host: Host, snapshot: Snapshot, path: string): readonly Shown[] {
  return shownDiagnostics({ ...snapshot, diagnostics: shownOf(host, snapshot, path) }, path, host.addresses);
}

/** What is wrong with project files, by their paths. */
export function projectDiagnostics({ projects, workspace }: Host): readonly (readonly [string, readonly Shown[]])[] {
  const inFolders = workspace.folders().map((folder) => `${folder}/_.weft`);
  return projects.broken([...workspace.openPaths(), ...inFolders]).map(({ path, text, diagnostics }) => {
    const source = createPlainText(text);
    const shown = diagnostics.map(({ span, code, message, help }): Shown => ({
      range: source.range(span),
      severity: 1,
      code,
      source: "weft",
      message: help === undefined ? message : `${message}\n${help}`,
    }));
    return [path, shown];
  });
}
