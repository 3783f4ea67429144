/** A real client of the protocol that speaks with the built server over its standard input and output, or over Node's channel. A `|` in a text marks the cursor. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import type {
  ClientCapabilities,
  Diagnostic,
  InitializeResult,
  Position,
  ProtocolConnection,
  PublishDiagnosticsParams,
  TextDocumentContentChangeEvent,
} from "vscode-languageserver-protocol";

export const WEFT = join(import.meta.dirname, "../../dist/weft.js");

export interface Client {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcess;
  readonly initialized: InitializeResult;
  readonly open: (uri: string, text: string) => Promise<void>;
  readonly change: (uri: string, text: string) => Promise<void>;
  /** As editors do: several events in one message, each about the text that the one before it left. */
  readonly edit: (uri: string, events: readonly TextDocumentContentChangeEvent[]) => Promise<void>;
  readonly close: (uri: string) => Promise<void>;
  readonly request: (method: string, params: unknown) => Promise<unknown>;
  /** Those of the newest text of the document. */
  readonly diagnostics: (uri: string) => Promise<readonly Diagnostic[]>;
  readonly errors: readonly string[];
  /** All that was pushed, in order. */
  readonly published: readonly PublishDiagnosticsParams[];
  /** What the server asked the client to register, in order. */
  readonly registered: readonly string[];
  /** How often the server asked for something to be shown anew, by method. */
  readonly refreshed: ReadonlyMap<string, number>;
  /** The exit code once the process has ended. */
  readonly exit: Promise<number | null>;
  readonly stop: () => Promise<number | null>;
}

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly folders?: readonly string[];
  /** Asked for whenever the server pulls its configuration. */
  readonly settings?: () => unknown;
  readonly initializationOptions?: unknown;
  readonly transport?: "stdio" | "node-ipc";
  /** Arguments of Node. Over stdio the process has a channel beside it when there are any. */
  readonly execArgv?: readonly string[];
}

const RICH: ClientCapabilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true } },
    definition: { linkSupport: true },
    typeDefinition: { linkSupport: true },
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
  workspace: { workspaceFolders: true },
};

export function spawnServer({ transport = "stdio", execArgv = [] }: ClientOptions = {}): ChildProcess {
  const isIpc = transport === "node-ipc" || execArgv.length > 0;
  return spawn(process.execPath, [...execArgv, WEFT, "lsp", `--${transport}`], {
    stdio: isIpc ? ["pipe", "pipe", "pipe", "ipc"] : ["pipe", "pipe", "pipe"],
  });
}

export function connectTo(child: ChildProcess, transport: "stdio" | "node-ipc" = "stdio"): ProtocolConnection {
  if (transport === "node-ipc") return createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("a server without pipes");
  // Who writes to a server that is gone is told so by its exit code.
  stdin.on("error", () => undefined);
  return createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
}

export async function startClient(options: ClientOptions = {}): Promise<Client> {
  const child = spawnServer(options);
  const connection = connectTo(child, options.transport);
  const errors: string[] = [];
  const versions = new Map<string, number>();
  const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
  child.stderr?.on("data", (data: Buffer) => errors.push(data.toString()));
  connection.onNotification("window/logMessage", ({ message }: { readonly message: string }) => void errors.push(message));
  const published: PublishDiagnosticsParams[] = [];
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => void published.push(params));
  connection.onRequest("workspace/configuration", () => [options.settings?.() ?? null]);
  const registered: string[] = [];
  connection.onRequest(
    "client/registerCapability",
    ({ registrations }: { readonly registrations: readonly { readonly method: string }[] }) => {
      registered.push(...registrations.map(({ method }) => method));
      return null;
    },
  );
  const refreshed = new Map<string, number>();
  for (const what of ["diagnostic", "codeLens", "inlayHint", "semanticTokens"])
    connection.onRequest(`workspace/${what}/refresh`, () => {
      refreshed.set(what, (refreshed.get(what) ?? 0) + 1);
      return null;
    });
  connection.listen();
  const folders = options.folders?.map((uri) => ({ uri, name: uri })) ?? null;
  const initialized: InitializeResult = await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? RICH,
    workspaceFolders: folders,
    initializationOptions: options.initializationOptions,
  });
  await connection.sendNotification("initialized", {});
  const edit: Client["edit"] = async (uri, events) => {
    const version = (versions.get(uri) ?? 0) + 1;
    versions.set(uri, version);
    await connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [...events] });
  };
  return {
    connection,
    child,
    initialized,
    errors,
    published,
    registered,
    refreshed,
    exit,
    open: async (uri, text) => {
      versions.set(uri, 1);
      await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "weft", version: 1, text } });
    },
    change: (uri, text) => edit(uri, [{ text }]),
    edit,
    close: async (uri) => {
      await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    },
    request: (method, params) => connection.sendRequest<unknown>(method, params),
    // The same diagnostics aren't published twice, so what is asked for is pulled.
    diagnostics: async (uri) => {
      const found = await connection.sendRequest<{ readonly items?: readonly Diagnostic[] }>("textDocument/diagnostic", {
        textDocument: { uri },
      });
      return found.items ?? [];
    },
    stop: async () => {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const code = await exit;
      connection.dispose();
      return code;
    },
  };
}

/** The text without its mark, and where the mark was. */
export function marked(text: string): { readonly text: string; readonly position: Position } {
  const at = text.indexOf("|");
  const lines = text.slice(0, at).split("\n");
  return { text: text.slice(0, at) + text.slice(at + 1), position: { line: lines.length - 1, character: lines[lines.length - 1].length } };
}

export function positionOf(text: string, wanted: string, nth = 0): Position {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = text.indexOf(wanted, at + 1);
  if (at === -1) throw new Error(`no ${wanted}`);
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length - 1, character: lines[lines.length - 1].length };
}
