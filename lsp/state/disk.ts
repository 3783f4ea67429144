/** Files as they are on the disk, read when asked for and remembered until somebody says that they changed. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MAX_FILE_BYTES } from "../../grammar/parse.ts";
import { readSource } from "../text/source-file.ts";
import type { SourceFile } from "../text/source-file.ts";

export interface Disk {
  /** Undefined for what isn't there, isn't a file, is too large or isn't UTF-8 text. */
  readonly read: (path: string) => SourceFile | undefined;
  /** Whether it was read already. */
  readonly knows: (path: string) => boolean;
  readonly forget: (path: string) => void;
  /** Of what was read, also of what wasn't there: what is another file by now. */
  readonly changed: () => readonly string[];
  /** All source files below the folders, if they aren't too many. */
  readonly below: (folders: readonly string[]) => Found;
}

export interface Found {
  readonly paths: readonly string[];
  /** There are more. */
  readonly isCut: boolean;
}

/** Found at most. */
const MAX_FOUND = 2_000;
/** Remembered at most: all that are found, and what they import from elsewhere. With fewer than that, going through all would read all again each time. */
const MAX_FILES = 2 * MAX_FOUND;
const MAX_ENTRIES = 50_000;
const MAX_DEPTH = 32;

export function createDisk(): Disk {
  const known = new Map<string, { readonly file: SourceFile | undefined; readonly stamp: string }>();
  return {
    read(path) {
      const before = known.get(path);
      if (before !== undefined) return before.file;
      // Taken first: what is written while the file is read counts as a change.
      const stamp = stampOf(path);
      const text = readText(path);
      const file = text === undefined ? undefined : readSource(path, text);
      if (known.size >= MAX_FILES) known.clear();
      known.set(path, { file, stamp });
      return file;
    },
    knows: (path) => known.has(path),
    forget: (path) => void known.delete(path),
    changed: () => [...known].flatMap(([path, { stamp }]) => (stampOf(path) === stamp ? [] : [path])),
    below(folders) {
      const search: Search = { found: [], entries: 0, isCut: false };
      for (const folder of folders) walk(folder, 0, search);
      return { paths: search.found.sort(), isCut: search.isCut };
    },
  };
}

/** Another one when the file was written since; empty if there is none. */
export function stampOf(path: string): string {
  if (!isPath(path)) return "";
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch {
    // Not there, or not to be looked at.
    return "";
  }
}

function isPath(path: string): boolean {
  return !path.includes("\0") && /^(?:\/|[A-Za-z]:\/)/.test(path);
}

function readText(path: string): string | undefined {
  if (!isPath(path)) return undefined;
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_FILE_BYTES) return undefined;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    // Not there, not to be read, or no text.
    return undefined;
  }
}

interface Search {
  readonly found: string[];
  entries: number;
  isCut: boolean;
}

function walk(folder: string, depth: number, search: Search): void {
  if (depth > MAX_DEPTH || search.isCut) {
    search.isCut = true;
    return;
  }
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  // Where there are too many it isn't chance which of them are seen.
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    search.entries++;
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    const isSource = entry.isFile() && entry.name.endsWith(".weft");
    if (search.entries > MAX_ENTRIES || (isSource && search.found.length >= MAX_FOUND)) search.isCut = true;
    if (search.isCut) return;
    if (entry.isDirectory()) walk(path, depth + 1, search);
    else if (isSource) search.found.push(path.replaceAll("\\", "/"));
  }
}
