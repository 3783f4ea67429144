/** Loads the bundled extension as an editor does, with the stand-in for the editor in the place of the module `vscode`. */
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildExtension } from "../../scripts/vscode.mjs";
import { ROOT } from "./cli.ts";
import { Uri } from "./fake-editor.ts";
import type { FakeEditor, TestItem } from "./fake-editor.ts";

interface Extension {
  readonly activate: (context: object) => { readonly started: Promise<void> };
  readonly deactivate: () => Promise<void>;
}

export interface ExtensionHost {
  readonly build: () => Promise<void>;
  /** Loads the bundle anew, so that each test has an extension of its own; waits until it has started. */
  readonly activate: (editor: FakeEditor) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** `home`: an empty folder that is or will be there. */
export function extensionHost(home: string): ExtensionHost {
  let running: Extension | undefined;
  let subscriptions: { readonly dispose: () => void }[] = [];
  const module = join(home, "node_modules/vscode");
  return {
    build: async () => {
      await buildExtension();
      mkdirSync(module, { recursive: true });
      writeFileSync(join(module, "index.js"), "module.exports = globalThis.weftFakeEditor;");
    },
    activate: async (editor) => {
      const copy = mkdtempSync(join(home, "copy-"));
      const file = join(copy, "extension.cjs");
      copyFileSync(join(ROOT, "editors/vscode/dist/extension.cjs"), file);
      Reflect.set(globalThis, "weftFakeEditor", editor.api);
      const require = createRequire(file);
      delete require.cache[join(module, "index.js")];
      const loaded: unknown = require(file);
      if (!isExtension(loaded)) throw new Error("no extension");
      subscriptions = [];
      running = loaded;
      await loaded.activate({ extensionUri: Uri.file(home), subscriptions }).started;
    },
    stop: async () => {
      await running?.deactivate();
      for (const one of subscriptions) one.dispose();
      running = undefined;
      subscriptions = [];
    },
  };
}

function isExtension(value: unknown): value is Extension {
  return typeof value === "object" && value !== null && "activate" in value && "deactivate" in value;
}

export interface View {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly receive: (message: object) => void;
  readonly html: () => string;
}

/** Opens the panel. */
export function openView(editor: FakeEditor): View {
  const messages: Readonly<Record<string, unknown>>[] = [];
  let listener: (message: object) => void = () => undefined;
  const webview = {
    cspSource: "vscode-webview:",
    html: "",
    options: {},
    asWebviewUri: (uri: object) => uri,
    onDidReceiveMessage: (given: (message: object) => void) => void (listener = given),
    postMessage: (message: Readonly<Record<string, unknown>>) => Promise.resolve(messages.push(message)),
  };
  const none = (): object => ({ dispose: () => undefined });
  editor.views.get("weft.conflicts")?.resolveWebviewView({ visible: true, webview, onDidChangeVisibility: none, onDidDispose: none });
  return { messages, receive: (message) => listener(message), html: () => webview.html };
}

/** The content that the panel shows. */
export function lastOf(view: View): string {
  return String(view.messages.at(-1)?.["html"]);
}

/** All tests of the explorer, file by file. */
export function testsOf(editor: FakeEditor): readonly TestItem[] {
  return [...editor.tests.items].flatMap(([, file]) => [...file.children].map(([, item]) => item));
}
