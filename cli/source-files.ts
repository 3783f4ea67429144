/** Finds the source files below folders, and reads a source from standard input. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { isFolder, isSystemError, SOURCE_LIMIT } from "./files.ts";
import type { ReadResult } from "./files.ts";

export interface Found {
  /** Sorted, each once. */
  readonly paths: readonly string[];
  readonly problems: readonly Diagnostic[];
}

/** Files as they are, and of folders all `.weft` files below; hidden folders and `node_modules` aside. Links to folders aren't followed. */
export function sourceFiles(given: readonly string[]): Found {
  const paths = new Set<string>();
  const problems: Diagnostic[] = [];
  for (const path of given) {
    if (path.includes("\0") || !isFolder(path)) {
      paths.add(path);
      continue;
    }
    const before = paths.size;
    walk(path, paths, problems);
    if (paths.size === before && problems.length === 0) {
      problems.push(diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem: `there is no .weft file in \`${path}\`` }));
    }
  }
  return { paths: [...paths], problems };
}

function walk(top: string, paths: Set<string>, problems: Diagnostic[]): void {
  const open = [top];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    try {
      const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) if (entry.isFile() && entry.name.endsWith(".weft")) paths.add(join(folder, entry.name));
      const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules");
      for (const { name } of folders.reverse()) open.push(join(folder, name));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      problems.push(diagnose("E0801", { path: folder, span: { start: 0, end: 0 } }, { path: folder }));
    }
  }
}

/** A mark of the byte order stays, since the text goes back to where it came from. `name` stands in diagnostics. */
export async function readStandardInput(name: string): Promise<ReadResult> {
  const problem = (code: "E0811" | "E0812", values: Readonly<Record<string, string>>): ReadResult => ({
    kind: "problem",
    diagnostic: diagnose(code, { path: name, span: { start: 0, end: 0 } }, { path: name, ...values }),
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length > SOURCE_LIMIT) return problem("E0812", { limit: `${SOURCE_LIMIT / 1024 / 1024} MiB` });
  }
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return problem("E0811", {});
  }
}
