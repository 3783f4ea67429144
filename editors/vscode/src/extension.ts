/** What the editor calls when a Weft file or project is opened. */
import * as vscode from "vscode";
import { countOf, fieldsOf, textOf } from "./decode.ts";
import { MatrixView, VIEW } from "./matrix/view.ts";
import { Server } from "./server/client.ts";
import { TestExplorer } from "./tests/explorer.ts";

let server: Server | undefined;

/** What other extensions see of this one. */
export interface Api {
  /** Settled when the server runs, or when it is clear that it won't. */
  readonly started: Promise<void>;
}

export function activate(context: vscode.ExtensionContext): Api {
  const started = new Server();
  server = started;
  const matrix = new MatrixView(context.extensionUri, started);
  const tests = new TestExplorer();
  context.subscriptions.push(
    started,
    matrix,
    tests,
    vscode.window.registerWebviewViewProvider(VIEW, matrix),
    vscode.commands.registerCommand("weft.restartServer", () => started.restart()),
    vscode.commands.registerCommand("weft.showOutput", () => started.showOutput()),
    vscode.commands.registerCommand("weft.showConflicts", (uri: unknown, position: unknown, other: unknown) =>
      showConflicts(matrix, uri, position, other),
    ),
    vscode.commands.registerCommand("weft.runTest", async (uri: unknown, title: unknown) => {
      const file = textOf(uri);
      const named = textOf(title);
      if (file !== undefined && named !== undefined) await tests.runNamed(vscode.Uri.parse(file), named);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void started.restart()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void started.start()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("weft.server")) void started.restart();
    }),
  );
  // Not waited for: the commands must work while a server takes its time.
  return { started: started.start() };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** From the palette without arguments: at the cursor. From a code lens: at its function, beside the other one that it names. */
async function showConflicts(matrix: MatrixView, uri: unknown, position: unknown, other: unknown): Promise<void> {
  const file = textOf(uri);
  const line = countOf(fieldsOf(position)?.["line"]);
  const character = countOf(fieldsOf(position)?.["character"]);
  if (file !== undefined && line !== undefined && character !== undefined) {
    const at = new vscode.Position(line, character);
    await vscode.window.showTextDocument(vscode.Uri.parse(file), { selection: new vscode.Range(at, at) });
  }
  await matrix.open(textOf(other));
}
