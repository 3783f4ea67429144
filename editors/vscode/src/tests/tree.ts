/** The tree of the test explorer: files, and the tests in them. Kept in step with what is written and what lies on the disk. */
import * as vscode from "vscode";
import { delayed } from "../timer.ts";
import { findTests } from "./scan.ts";
import type { FoundTest } from "./scan.ts";

const PATTERN = "**/*.weft";
const EXCLUDED = "**/{node_modules,.git}/**";
const MAX_FILES = 5_000;
const MAX_BYTES = 1024 * 1024;
const EDIT_MS = 300;

export class TestTree implements vscode.Disposable {
  private readonly controller: vscode.TestController;
  private readonly listeners: vscode.Disposable[];
  /** By file: titles of tests of invariants that come from mixins. */
  private readonly inherited = new Map<string, Set<string>>();
  private readonly edited = new Map<string, vscode.TextDocument>();
  private readonly soon = delayed(EDIT_MS, () => this.readEdited());
  /** Whether files that nobody has opened were looked at. */
  private isWhole = false;

  constructor(controller: vscode.TestController) {
    this.controller = controller;
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    this.listeners = [
      watcher,
      watcher.onDidCreate((uri) => void this.read(uri)),
      watcher.onDidChange((uri) => void this.read(uri)),
      watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString())),
      vscode.workspace.onDidOpenTextDocument((document) => this.see(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.see(document)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.readAll()),
      this.soon,
    ];
  }

  /** Reads every file of the workspace anew. */
  async readAll(token?: vscode.CancellationToken): Promise<void> {
    const files = await vscode.workspace.findFiles(PATTERN, EXCLUDED, MAX_FILES, token);
    // One that was ended finds nothing.
    if (isCancelled(token)) return;
    const known = new Set(files.map(String));
    for (const [id] of [...this.controller.items]) if (!known.has(id)) this.controller.items.delete(id);
    for (const uri of files) {
      if (isCancelled(token)) return;
      await this.read(uri);
    }
    this.isWhole = true;
  }

  /** All tests are asked for: those of files that are open are not all. */
  async complete(token: vscode.CancellationToken): Promise<void> {
    if (!this.isWhole) await this.readAll(token);
  }

  async read(uri: vscode.Uri): Promise<void> {
    // Of a file that is open, what is written counts, not what is saved.
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open !== undefined) {
      this.show(open.uri, open.getText());
      return;
    }
    if (uri.path.includes("/node_modules/")) return;
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      if (size > MAX_BYTES) return;
      this.show(uri, new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
    } catch {
      // Gone again, or not ours to read.
      this.controller.items.delete(uri.toString());
    }
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  private see(document: vscode.TextDocument): void {
    if (document.languageId !== "weft" || document.uri.scheme !== "file") return;
    this.edited.set(document.uri.toString(), document);
    this.soon.ask();
  }

  private readEdited(): void {
    const documents = [...this.edited.values()];
    this.edited.clear();
    for (const document of documents) if (!document.isClosed) this.show(document.uri, document.getText());
  }

  /** The tool tested invariants that no text here declares, since they come from mixins: from now on they are in the tree. */
  async remember(file: vscode.TestItem, title: string): Promise<vscode.TestItem | undefined> {
    if (file.uri === undefined) return undefined;
    this.inherited.set(file.id, (this.inherited.get(file.id) ?? new Set<string>()).add(title));
    await this.read(file.uri);
    return [...file.children].map(([, item]) => item).find(({ label }) => label === title);
  }

  private show(uri: vscode.Uri, text: string): void {
    const id = uri.toString();
    const tests = text.length > MAX_BYTES ? [] : this.testsOf(id, text);
    if (tests.length === 0) {
      this.controller.items.delete(id);
      return;
    }
    const file = this.controller.items.get(id) ?? this.controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    const placeOf = placesOf(text);
    const seen = new Map<string, number>();
    const children = tests.map((test) => {
      // Results of a test stay with it while others are written around it.
      const count = (seen.get(test.title) ?? 0) + 1;
      seen.set(test.title, count);
      return this.itemOf(file, `${id}#${String(count)}#${test.title}`, test, placeOf);
    });
    file.children.replace(children);
    this.controller.items.add(file);
  }

  /** Tests, and contracts with invariants, in order of the text. */
  private testsOf(id: string, text: string): readonly Pick<FoundTest, "title" | "start" | "end">[] {
    const { tests, contracts } = findTests(text);
    const inherited = this.inherited.get(id);
    const invariants = contracts.map(({ name, hasInvariants, ...place }) => ({ title: invariantsOf(name), hasInvariants, ...place }));
    const tested = invariants.filter(({ title, hasInvariants }) => hasInvariants || inherited?.has(title) === true);
    return [...tests, ...tested].sort((a, b) => a.start - b.start);
  }

  private itemOf(
    file: vscode.TestItem,
    id: string,
    { title, start, end }: Pick<FoundTest, "title" | "start" | "end">,
    placeOf: (offset: number) => vscode.Position,
  ): vscode.TestItem {
    const item = file.children.get(id) ?? this.controller.createTestItem(id, title === "" ? "(no title)" : title, file.uri);
    item.range = new vscode.Range(placeOf(start), placeOf(end));
    return item;
  }
}

function isCancelled(token: vscode.CancellationToken | undefined): boolean {
  return token?.isCancellationRequested === true;
}

const INVARIANTS = "invariants of ";

function invariantsOf(contract: string): string {
  return `${INVARIANTS}${contract}`;
}

/** Invariants are tested only where the tool can deploy the contract by itself: no result isn't a failure. */
export function isInvariants(title: string): boolean {
  return title.startsWith(INVARIANTS);
}

function placesOf(text: string): (offset: number) => vscode.Position {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index + match[0].length)];
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return new vscode.Position(low, offset - starts[low]);
  };
}
