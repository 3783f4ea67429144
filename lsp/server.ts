/**
 * The language server: its life, from the first message to the last, and what the client tells it about documents, folders, files and settings. What requests
 * do is in `requests/` and `features/`. A request that fails inside is answered with an error and logged; the server goes on.
 */
import {
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocuments,
} from "vscode-languageserver/node";
import type { Connection, InitializeResult } from "vscode-languageserver/node";
import { createAnalysis } from "./analysis.ts";
import { abilitiesOf, SERVER_CAPABILITIES } from "./capabilities.ts";
import { gate } from "./gate.ts";
import type { Host } from "./host.ts";
import { PROJECT_FILE } from "./projects.ts";
import type { Projects } from "./projects.ts";
import { registerDiagnostics } from "./requests/diagnostics.ts";
import { registerEditing } from "./requests/editing.ts";
import { registerOwn } from "./requests/own.ts";
import { registerReading } from "./requests/reading.ts";
import { registerTokens } from "./requests/tokens.ts";
import { property, readSettings } from "./settings.ts";
import { createWorkspace } from "./state/workspace.ts";
import { DOCUMENTS } from "./text/document.ts";
import { createAddresses } from "./text/uri.ts";
import { createWatch } from "./watch.ts";

export interface ServerOptions {
  readonly transport: "stdio" | "node-ipc";
  readonly version: string;
  /** Where the files of the standard library are, for those who look into them. */
  readonly libraryFolder: string;
  readonly projects: Projects;
}

/** Never ends by itself: the client ends the process by `exit`, or by going away. */
export function startServer(options: ServerOptions): void {
  const [reader, writer] =
    options.transport === "stdio"
      ? [new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)]
      : [new IPCMessageReader(process), new IPCMessageWriter(process)];
  serve(createConnection(ProposedFeatures.all, gate(reader, writer), writer), options);
  // A client that went away without a word; one that said `exit` is heard first.
  const leave = (): void => void setTimeout(() => process.exit(1), LEAVING_MS);
  if (options.transport === "stdio") process.stdin.once("end", leave).once("close", leave);
  else process.once("disconnect", leave);
}

const LEAVING_MS = 500;

function serve(connection: Connection, { version, libraryFolder, projects }: ServerOptions): void {
  const addresses = createAddresses(libraryFolder);
  const workspace = createWorkspace();
  const documents = new TextDocuments(DOCUMENTS);
  const host: Host = {
    connection,
    workspace,
    addresses,
    projects,
    client: {
      can: abilitiesOf({ capabilities: {} }),
      settings: readSettings(undefined),
      commands: new Set(),
      isToldOfCut: false,
      hearsAnalysed: false,
      pullsAll: false,
    },
    versionOf: (uri) => documents.get(uri)?.version,
  };
  const { client } = host;
  const analysis = createAnalysis(host);
  let folders = new Map<string, string>();
  /** Folders that the client names, and those of the projects of open files: who opened one file alone still renames in all of its project. */
  const setFolders = (): void => {
    const own = workspace.openPaths().flatMap((path) => projects.rootOf(path) ?? []);
    const wanted = [...new Set([...folders.values(), ...own])];
    if (wanted.join("\n") !== workspace.folders().join("\n")) workspace.setFolders(wanted);
  };
  const watch = createWatch(host, () => {
    setFolders();
    analysis.schedule();
    analysis.showAgain();
  });

  connection.onInitialize((params): InitializeResult => {
    client.can = abilitiesOf(params);
    const given = property(params.initializationOptions, "commands");
    client.commands = new Set(Array.isArray(given) ? given.filter((one) => typeof one === "string") : []);
    client.hearsAnalysed = property(params.initializationOptions, "analysed") === true;
    client.settings = readSettings(params.initializationOptions);
    const named = params.workspaceFolders?.map(({ uri }) => uri) ?? (isText(params.rootUri) ? [params.rootUri] : []);
    folders = new Map(named.map((uri) => [uri, addresses.pathOf(uri)]));
    setFolders();
    return { capabilities: SERVER_CAPABILITIES, serverInfo: { name: "weft", version } };
  });
  connection.onInitialized(() => {
    watch.start();
    if (client.can.configuration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: "weft" }).catch(() => undefined);
      void pullSettings();
    }
    if (client.can.watch) {
      // A folder that goes away or comes is told by its own name alone.
      const watchers = [{ globPattern: "**/*.weft" }, { globPattern: `**/${PROJECT_FILE}` }, { globPattern: "**/" }];
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
    }
    if (client.can.folders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) folders.delete(uri);
        for (const { uri } of added) folders.set(uri, addresses.pathOf(uri));
        setFolders();
        analysis.showAgain();
      });
  });

  // --- settings ----------------------------------------------------------------------------------------------------------

  const pullSettings = async (): Promise<void> => {
    try {
      const found: unknown = await connection.workspace.getConfiguration("weft");
      applySettings(found);
    } catch {
      // A client that has none.
    }
  };
  const applySettings = (given: unknown): void => {
    client.settings = readSettings(given);
    analysis.showAgain();
  };
  connection.onDidChangeConfiguration(({ settings: given }) => {
    if (client.can.configuration) void pullSettings();
    else applySettings(property(given, "weft"));
  });

  // --- files and documents -----------------------------------------------------------------------------------------------

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const paths = changes.map(({ uri }) => addresses.pathOf(uri));
    if (paths.some((path) => path.endsWith(`/${PROJECT_FILE}`) || !path.endsWith(".weft"))) projects.forget();
    // Of a folder that went away nobody names the files.
    const below = paths.flatMap((path) => (path.endsWith(".weft") ? [path] : filesBelow(path)));
    workspace.touch(below);
    setFolders();
    analysis.schedule();
    analysis.showAgain();
  });
  const filesBelow = (folder: string): readonly string[] =>
    workspace.snapshots().flatMap(({ files }) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)));
  documents.onDidOpen(({ document }) => {
    watch.look();
    workspace.open(addresses.pathOf(document.uri), document.getText());
    setFolders();
    analysis.schedule();
  });
  documents.onDidChangeContent(({ document }) => {
    workspace.change(addresses.pathOf(document.uri), document.getText());
    analysis.schedule();
  });
  documents.onDidSave(() => {
    watch.look();
  });
  documents.onDidClose(({ document }) => {
    const path = addresses.pathOf(document.uri);
    // The same file may be open by another address, written in another way.
    const same = documents.all().find(({ uri }) => addresses.pathOf(uri) === path);
    if (same === undefined) workspace.close(path);
    else workspace.change(path, same.getText());
    setFolders();
    forgetTokens(document.uri);
    analysis.schedule();
    analysis.showAgain();
  });

  registerReading(host);
  registerEditing(host);
  registerDiagnostics(host);
  registerOwn(host);
  const forgetTokens = registerTokens(host);
  documents.listen(connection);
  connection.listen();
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
