/**
 * As much of Visual Studio Code as the extension and its language client touch, to run the bundled extension without the editor: documents are
 * texts, events are lists of listeners, and what the extension shows is kept for tests to look at. Names that nobody needs are classes that do nothing.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

type Listener = (value: unknown) => unknown;

export class Emitter {
  private readonly listeners = new Set<Listener>();
  readonly event = (listener: Listener, self?: unknown, disposables?: unknown[]): Disposable => {
    const bound = self === undefined ? listener : (value: unknown): unknown => Reflect.apply(listener, self, [value]);
    this.listeners.add(bound);
    const disposable = new Disposable(() => this.listeners.delete(bound));
    disposables?.push(disposable);
    return disposable;
  };
  fire(value: unknown): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

class Disposable {
  private readonly end: () => unknown;
  constructor(end: () => unknown = () => undefined) {
    this.end = end;
  }
  dispose(): void {
    this.end();
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(a: Position | number, b: Position | number, c = 0, d = 0) {
    this.start = typeof a === "number" ? new Position(a, typeof b === "number" ? b : 0) : a;
    this.end = typeof b === "number" ? new Position(c, d) : b;
  }
}

export class Uri {
  readonly scheme: string;
  readonly path: string;
  private readonly text: string;
  private constructor(text: string) {
    this.text = text;

    this.scheme = text.slice(0, text.indexOf(":"));
    this.path = decodeURIComponent(new URL(text).pathname);
  }
  static parse = (text: string): Uri => new Uri(text);
  static file = (path: string): Uri => new Uri(pathToFileURL(path).href);
  static joinPath = (base: Uri, ...parts: readonly string[]): Uri => new Uri([base.text, ...parts].join("/"));
  get fsPath(): string {
    return fileURLToPath(this.text);
  }
  toString(): string {
    return this.text;
  }
}

class Token {
  isCancellationRequested = false;
  private readonly emitter = new Emitter();
  readonly onCancellationRequested = this.emitter.event;
  cancel(): void {
    if (this.isCancellationRequested) return;
    this.isCancellationRequested = true;
    this.emitter.fire(undefined);
  }
}

class TokenSource {
  readonly token = new Token();
  cancel(): void {
    this.token.cancel();
  }
  dispose(): void {
    // Nothing is kept.
  }
}

export interface FakeDocument {
  readonly uri: Uri;
  readonly fileName: string;
  readonly languageId: string;
  readonly version: number;
  readonly isClosed: boolean;
  readonly isDirty: boolean;
  readonly getText: () => string;
  readonly save: () => Promise<boolean>;
}

export class TestItems {
  private readonly items = new Map<string, TestItem>();
  private readonly owner: TestItem | undefined;
  constructor(owner: TestItem | undefined) {
    this.owner = owner;
  }
  get size(): number {
    return this.items.size;
  }
  get(id: string): TestItem | undefined {
    return this.items.get(id);
  }
  add(item: TestItem): void {
    item.parent = this.owner;
    this.items.set(item.id, item);
  }
  delete(id: string): void {
    this.items.delete(id);
  }
  replace(items: readonly TestItem[]): void {
    this.items.clear();
    for (const item of items) this.add(item);
  }
  [Symbol.iterator](): Iterator<[string, TestItem]> {
    return this.items.entries();
  }
}

export class TestItem {
  readonly children: TestItems = new TestItems(this);
  parent: TestItem | undefined;
  range: Range | undefined;
  readonly id: string;
  readonly label: string;
  readonly uri: Uri;
  constructor(id: string, label: string, uri: Uri) {
    this.id = id;
    this.label = label;
    this.uri = uri;
  }
}

export interface RunProfile {
  readonly kind: number;
  readonly handler: (request: object, token: Token) => Promise<void>;
  loadDetailedCoverage?: (run: unknown, file: unknown) => Promise<readonly unknown[]>;
}

class TestMessage {
  location: unknown;
  expectedOutput: string | undefined;
  actualOutput: string | undefined;
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
  static diff = (message: string, expected: string, actual: string): TestMessage => {
    const made = new TestMessage(message);
    made.expectedOutput = expected;
    made.actualOutput = actual;
    return made;
  };
}

/** Kinds of code actions are paths that grow. */
class ActionKind {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
  append(part: string): ActionKind {
    return new ActionKind(`${this.value}.${part}`);
  }
}

export interface FakeEditor {
  readonly api: object;
  readonly commands: ReadonlyMap<string, (...args: readonly unknown[]) => unknown>;
  readonly tests: {
    readonly items: TestItems;
    readonly profiles: readonly RunProfile[];
    readonly log: readonly (readonly unknown[])[];
    readonly coverage: readonly unknown[];
  };
  /** What was said to people, and what was asked to be opened. */
  readonly said: readonly string[];
  readonly opened: readonly string[];
  readonly views: ReadonlyMap<string, { readonly resolveWebviewView: (view: object) => void }>;
  /** Makes a document the one in front, with the cursor at a place. */
  readonly show: (path: string, line: number, character: number) => void;
  /** Replaces the text of a document that was shown, as if it had been typed. */
  readonly edit: (path: string, text: string) => void;
  readonly fire: (event: string, value: unknown) => void;
  readonly token: () => Token;
}

export interface EditorSettings {
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly trusted: boolean;
}

export function fakeEditor({ folder, settings, trusted }: EditorSettings): FakeEditor {
  const events = new Map<string, Emitter>();
  const eventOf = (name: string): Emitter => {
    const known = events.get(name) ?? new Emitter();
    events.set(name, known);
    return known;
  };
  const commands = new Map<string, (...args: readonly unknown[]) => unknown>();
  const views = new Map<string, { readonly resolveWebviewView: (view: object) => void }>();
  const [said, opened]: [string[], string[]] = [[], []];
  const [log, coverage]: [unknown[][], unknown[]] = [[], []];
  const items = new TestItems(undefined);
  const profiles: RunProfile[] = [];
  const documents = new Map<string, FakeDocument>();
  const workspaceFolder = { uri: Uri.file(folder), name: "work", index: 0 };
  const settingOf = (section: string): unknown => settings[section];
  const say = (message: string): Promise<undefined> => {
    said.push(message);
    return Promise.resolve(undefined);
  };
  const namespace = (members: object): object => {
    return new Proxy(members, {
      get: (target, name) => {
        const known: unknown = Reflect.get(target, name);
        if (name in target || typeof name === "symbol") return known;
        if (name.startsWith("on")) return eventOf(name).event;
        return () => new Disposable();
      },
    });
  };
  const window = namespace({
    activeTextEditor: undefined,
    visibleTextEditors: [],
    tabGroups: namespace({ all: [], activeTabGroup: namespace({}) }),
    createOutputChannel: () => namespace({ name: "Weft", dispose: () => undefined, logLevel: 3 }),
    showWarningMessage: say,
    showErrorMessage: say,
    showInformationMessage: say,
    registerWebviewViewProvider: (id: string, provider: { resolveWebviewView: (view: object) => void }) => {
      views.set(id, provider);
      return new Disposable();
    },
    showTextDocument: (uri: Uri, options: { selection: Range }) => {
      opened.push(`${uri.toString()}:${options.selection.start.line}:${options.selection.start.character}`);
      return Promise.resolve();
    },
  });
  const api = {
    version: "1.91.0",
    Disposable: Object.assign(Disposable, { from: (...all: Disposable[]) => new Disposable(() => all.forEach((one) => one.dispose())) }),
    EventEmitter: Emitter,
    Position,
    Range,
    Selection: Range,
    Uri,
    Location: class {
      readonly uri: Uri;
      readonly range: Range;
      constructor(uri: Uri, range: Range) {
        this.uri = uri;
        this.range = range;
      }
    },
    CancellationTokenSource: TokenSource,
    TestMessage,
    TestRunRequest: class {
      readonly include: readonly TestItem[] | undefined;
      readonly exclude: readonly TestItem[] | undefined;
      constructor(include: readonly TestItem[] | undefined, exclude: readonly TestItem[] | undefined) {
        this.include = include;
        this.exclude = exclude;
      }
    },
    TestRunProfileKind: { Run: 1, Debug: 2, Coverage: 3 },
    FileCoverage: { fromDetails: (uri: Uri, details: readonly unknown[]) => ({ uri, details }) },
    StatementCoverage: class {
      readonly hits: number;
      readonly location: Position;
      readonly branches: readonly unknown[];
      constructor(hits: number, location: Position, branches: readonly unknown[]) {
        this.hits = hits;
        this.location = location;
        this.branches = branches;
      }
    },
    BranchCoverage: class {
      readonly hits: number;
      readonly location: Position;
      constructor(hits: number, location: Position) {
        this.hits = hits;
        this.location = location;
      }
    },
    DeclarationCoverage: class {
      readonly name: string;
      readonly hits: number;
      readonly location: Position;
      constructor(name: string, hits: number, location: Position) {
        this.name = name;
        this.hits = hits;
        this.location = location;
      }
    },
    CodeActionKind: new Proxy({}, { get: (_target, name) => new ActionKind(String(name)) }),
    LanguageStatusSeverity: { Information: 0, Warning: 1, Error: 2 },
    ViewColumn: { Active: -1 },
    env: { language: "en", appName: "fake", uiKind: 1 },
    window,
    workspace: namespace({
      isTrusted: trusted,
      workspaceFolders: [workspaceFolder],
      notebookDocuments: [],
      get textDocuments() {
        return [...documents.values()];
      },
      getConfiguration: (section?: string) => {
        const name = (key: string): string => (section === undefined ? key : `${section}.${key}`);
        return { get: (key: string, fallback: unknown) => settingOf(name(key)) ?? fallback, inspect: () => undefined };
      },
      getWorkspaceFolder: () => workspaceFolder,
      asRelativePath: (uri: Uri) => relative(folder, uri.fsPath),
      createFileSystemWatcher: () => namespace({ dispose: () => undefined }),
      findFiles: () => Promise.resolve(weftFiles(folder).map((path) => Uri.file(path))),
      fs: {
        stat: (uri: Uri) => Promise.resolve(statSync(uri.fsPath)),
        readFile: (uri: Uri) => Promise.resolve(readFileSync(uri.fsPath)),
      },
    }),
    languages: namespace({ match: () => 10, createLanguageStatusItem: () => ({ dispose: () => undefined }) }),
    commands: namespace({
      registerCommand: (name: string, run: (...args: readonly unknown[]) => unknown) => {
        commands.set(name, run);
        return new Disposable();
      },
      executeCommand: () => Promise.resolve(undefined),
    }),
    tests: {
      createTestController: () => ({
        items,
        createTestItem: (id: string, label: string, uri: Uri) => new TestItem(id, label, uri),
        createRunProfile: (_label: string, kind: number, handler: RunProfile["handler"]) => {
          const profile: RunProfile = { kind, handler };
          profiles.push(profile);
          return profile;
        },
        createTestRun: () => {
          const note =
            (what: string) =>
            (item: TestItem, ...rest: readonly unknown[]): void =>
              void log.push([what, item.label, ...rest]);
          const silent = { end: () => log.push(["end"]), appendOutput: () => undefined, addCoverage: (one: unknown) => coverage.push(one) };
          const notes = ["enqueued", "started", "passed", "failed", "errored", "skipped"].map((what) => [what, note(what)] as const);
          return { ...Object.fromEntries(notes), ...silent };
        },
        dispose: () => undefined,
      }),
    },
  };
  const whole = new Proxy(api, {
    get: (target, name) => {
      const known: unknown = Reflect.get(target, name);
      if (name in target || typeof name === "symbol") return known;
      // Kinds and classes that only translate what servers send.
      const made: unknown = /Kind$|Tag$|State$|Reason$|Severity$|Level$/.test(name) ? {} : class {};
      Reflect.set(target, name, made);
      return made;
    },
  });
  const documentOf = (uri: Uri, version: number, text: string): FakeDocument => {
    const made = {
      ...{ uri, fileName: uri.fsPath, languageId: "weft", version, isClosed: false, isDirty: false },
      ...{ getText: () => text, save: () => Promise.resolve(true) },
    };
    documents.set(uri.toString(), made);
    return made;
  };
  const show = (path: string, line: number, character: number): void => {
    const uri = Uri.file(join(folder, path));
    const known = documents.get(uri.toString());
    const isNew = known === undefined;
    const document = known ?? documentOf(uri, 1, readFileSync(uri.fsPath, "utf8"));
    const at = new Position(line, character);
    const editor = { document, selection: { active: at, start: at, end: at } };
    Reflect.set(window, "activeTextEditor", editor);
    if (isNew) eventOf("onDidOpenTextDocument").fire(document);
    eventOf("onDidChangeActiveTextEditor").fire(editor);
  };
  const edit = (path: string, text: string): void => {
    const uri = Uri.file(join(folder, path));
    const before = documents.get(uri.toString());
    if (before === undefined) throw new Error(`${path} isn't shown`);
    const lines = before.getText().split("\n");
    const range = new Range(0, 0, lines.length - 1, lines[lines.length - 1].length);
    const document = documentOf(uri, before.version + 1, text);
    const shown: unknown = Reflect.get(window, "activeTextEditor");
    if (typeof shown === "object" && shown !== null) Reflect.set(window, "activeTextEditor", { ...shown, document });
    const change = { range, rangeOffset: 0, rangeLength: before.getText().length, text };
    eventOf("onDidChangeTextDocument").fire({ document, contentChanges: [change], reason: undefined });
  };
  const fire = (event: string, value: unknown): void => eventOf(event).fire(value);
  return {
    api: whole,
    commands,
    tests: { items, profiles, log, coverage },
    said,
    opened,
    views,
    show,
    edit,
    fire,
    token: () => new Token(),
  };
}

function weftFiles(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".weft"));
  return names.sort().map((name) => join(folder, name));
}
