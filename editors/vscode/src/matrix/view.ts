/** The side panel with the conflict matrix. It asks the server for the contract at the cursor, and follows the cursor from function to function. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { countOf, fieldsOf, textOf } from "../decode.ts";
import type { Server } from "../server/client.ts";
import { delayed } from "../timer.ts";
import { showMatrix, showMessage } from "./html.ts";
import type { Shown } from "./html.ts";
import { readMatrix } from "./model.ts";
import type { Matrix, Place } from "./model.ts";
import { panelPage } from "./page.ts";

export const VIEW = "weft.conflicts";
const REQUEST = "weft/conflicts";
/** The cursor moves faster than anyone reads. */
const CURSOR_MS = 120;
const EDIT_MS = 400;

export class MatrixView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private matrix: Matrix | undefined;
  private chosen: readonly [string, string] | undefined;
  /** Whose pair with the function at the cursor is to be opened, as soon as its matrix is there. */
  private wanted: string | undefined;
  private places: readonly Place[] = [];
  private running = new vscode.CancellationTokenSource();
  private readonly soon = delayed(CURSOR_MS, () => void this.refresh());
  private readonly later = delayed(EDIT_MS, () => void this.refresh());
  private readonly listeners: readonly vscode.Disposable[];
  private readonly extension: vscode.Uri;
  private readonly server: Server;

  constructor(extension: vscode.Uri, server: Server) {
    this.extension = extension;
    this.server = server;
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.soon.ask()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor.document.languageId === "weft") this.soon.ask();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === "weft") this.later.ask();
      }),
      server.onDidChange(() => this.soon.ask()),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    const media = vscode.Uri.joinPath(this.extension, "dist");
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [media], enableCommandUris: false };
    webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    view.onDidChangeVisibility(() => this.soon.ask());
    view.onDidDispose(() => {
      if (this.view === view) this.view = undefined;
    });
    webview.html = panelPage({
      origin: webview.cspSource,
      style: webview.asWebviewUri(vscode.Uri.joinPath(media, "panel.css")).toString(),
      script: webview.asWebviewUri(vscode.Uri.joinPath(media, "panel.js")).toString(),
      nonce: randomBytes(16).toString("hex"),
    });
  }

  /** Opens the panel, at the pair of the function at the cursor and another one if it is named. */
  async open(other: string | undefined): Promise<void> {
    // A panel that is opened for the first time asks for its content only when its page is ready.
    this.wanted = other;
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    await this.refresh();
  }

  dispose(): void {
    this.running.cancel();
    this.running.dispose();
    for (const listener of [this.soon, this.later, ...this.listeners]) listener.dispose();
  }

  private async refresh(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    // Where another editor is active, the last contract stays: one looks things up beside it.
    if (this.view?.visible !== true || (editor?.document.languageId !== "weft" && this.matrix !== undefined)) return;
    if (editor?.document.languageId !== "weft") {
      this.post(showMessage("Open a Weft file to see which of its calls wait for each other."));
      return;
    }
    this.running.cancel();
    this.running.dispose();
    const running = new vscode.CancellationTokenSource();
    this.running = running;
    const { document, selection } = editor;
    const { line, character } = selection.active;
    const answer = await this.server.request(
      REQUEST,
      { textDocument: { uri: document.uri.toString() }, position: { line, character } },
      running.token,
    );
    // A later question is under way, or was answered.
    if (this.running !== running || running.token.isCancellationRequested) return;
    const before = this.matrix;
    this.matrix = readMatrix(answer);
    if (before?.contract !== this.matrix?.contract || before?.current !== this.matrix?.current) this.chosen = undefined;
    const current = this.matrix?.current;
    if (current !== undefined && this.wanted !== undefined) this.chosen = [current, this.wanted];
    this.wanted = undefined;
    this.render();
  }

  private render(): void {
    const { matrix } = this;
    this.post(
      matrix === undefined
        ? showMessage("No contract of this file is analysed: it has none, it has errors, or the language server isn't running.")
        : showMatrix(matrix, { pair: this.chosen }),
    );
  }

  private post({ html, status, places }: Shown): void {
    this.places = places;
    void this.view?.webview.postMessage({ kind: "show", html, status });
  }

  private receive(message: unknown): void {
    const fields = fieldsOf(message);
    switch (fields?.["kind"]) {
      case "ready":
        void this.refresh();
        break;
      case "open":
        void this.reveal(this.places[countOf(fields["place"]) ?? this.places.length]);
        break;
      case "choose": {
        const left = textOf(fields["left"]);
        const right = textOf(fields["right"]);
        if (left === undefined || right === undefined) break;
        const isSame = this.chosen?.[0] === left && this.chosen[1] === right;
        this.chosen = isSame ? undefined : [left, right];
        this.render();
        break;
      }
      default:
        break;
    }
  }

  private async reveal(place: Place | undefined): Promise<void> {
    if (place === undefined) return;
    const uri = vscode.Uri.parse(place.uri);
    if (uri.scheme !== "file" && uri.scheme !== "untitled") return;
    const at = new vscode.Position(place.line, place.character);
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), viewColumn: vscode.ViewColumn.Active });
  }
}
