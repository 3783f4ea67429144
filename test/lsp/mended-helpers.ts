/** A project in a folder with a server on it; `‸` in a text marks the cursor. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ClientCapabilities, CompletionItem, Position, SignatureHelp } from "vscode-languageserver-protocol";
import { startClient } from "./client.ts";
import type { Client } from "./client.ts";

export interface Project {
  readonly folder: string;
  readonly client: Client;
  readonly uriOf: (name: string) => string;
  /** Opens the document, or changes it; gives where its mark is. */
  readonly show: (name: string, text: string) => Promise<Position>;
  readonly complete: (name: string, text: string) => Promise<readonly CompletionItem[]>;
  readonly labels: (name: string, text: string) => Promise<readonly string[]>;
  readonly signature: (name: string, text: string) => Promise<SignatureHelp | null>;
  /** The label of the signature with its active parameter between `«»`; empty if there is none. */
  readonly shownSignature: (name: string, text: string) => Promise<string>;
}

/** `folders`: those that the client names, by their names in the project; the whole project if it isn't said. */
export async function startProject(
  files: Readonly<Record<string, string>>,
  capabilities?: ClientCapabilities,
  folders: readonly string[] = ["."],
): Promise<Project> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft-mended-")));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const client = await startClient({
    folders: folders.map((name) => pathToFileURL(join(folder, name)).href),
    ...(capabilities === undefined ? {} : { capabilities }),
  });
  const opened = new Set<string>();
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  const show = async (name: string, text: string): Promise<Position> => {
    const at = text.indexOf("‸");
    const whole = text.replace("‸", "");
    await (opened.has(name) ? client.change(uriOf(name), whole) : client.open(uriOf(name), whole));
    opened.add(name);
    const lines = text.slice(0, Math.max(0, at)).split("\n");
    return { line: lines.length - 1, character: (lines.at(-1) ?? "").length };
  };
  const ask = async <T>(method: string, name: string, text: string): Promise<T> => {
    const position = await show(name, text);
    return client.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri: uriOf(name) }, position });
  };
  const complete: Project["complete"] = (name, text) => ask<readonly CompletionItem[]>("completion", name, text);
  const signature: Project["signature"] = (name, text) => ask<SignatureHelp | null>("signatureHelp", name, text);
  return {
    folder,
    client,
    uriOf,
    show,
    complete,
    labels: async (name, text) => (await complete(name, text)).map(({ label }) => label),
    signature,
    async shownSignature(name, text) {
      const found = (await signature(name, text))?.signatures.at(0);
      const active = (await signature(name, text))?.activeParameter ?? 0;
      const at = found?.parameters?.at(active)?.label;
      if (found === undefined) return "";
      return typeof at !== "object"
        ? found.label
        : `${found.label.slice(0, at[0])}«${found.label.slice(at[0], at[1])}»${found.label.slice(at[1])}`;
    },
  };
}
