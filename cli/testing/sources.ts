/** From the arguments of `weft test` to source files: files, `file:line`, folders with all that is below them. In a stable order, each once. */
import { readdirSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { displayPath, isFolder, isSystemError } from "../files.ts";
import { compareText } from "../render/frame.ts";

export interface TestSource {
  /** As the file is named in diagnostics. */
  readonly path: string;
  /** Of the tests asked for; empty for all. */
  readonly lines: readonly number[];
}

export interface Sources {
  readonly files: readonly TestSource[];
  /** Folders that were gone through: new files may appear there. */
  readonly folders: readonly string[];
  readonly problems: readonly Diagnostic[];
}

const ENDING = ".weft";
/** What a folder is gone through for is a project, not a disk. */
const MAX_FILES = 10_000;
const MAX_DEPTH = 32;
const SKIPPED: ReadonlySet<string> = new Set(["node_modules"]);

/** Without arguments: the current folder. */
export function findSources(given: readonly string[]): Sources {
  const lines = new Map<string, number[] | "all">();
  const folders: string[] = [];
  const problems: Diagnostic[] = [];
  for (const argument of given.length === 0 ? ["."] : given) {
    if (safely(() => isFolder(argument))) {
      const found: string[] = [];
      walk(argument, 0, found, folders);
      if (found.length >= MAX_FILES)
        problems.push(wrong(`more than ${MAX_FILES} source files are below \`${argument}\``, "name a smaller folder"));
      else if (found.length === 0) problems.push(wrong(`no source file is below \`${argument}\``, "source files end in `.weft`"));
      for (const path of found.sort(compareText)) lines.set(path, "all");
      continue;
    }
    const [path, line] = withLine(argument);
    const before = lines.get(path);
    lines.set(path, line === undefined || before === "all" ? "all" : [...(before ?? []), line]);
  }
  return { files: [...lines].map(([path, asked]) => ({ path, lines: asked === "all" ? [] : asked })), folders, problems };
}

/** `token.weft:12`, unless there is a file of that name. */
function withLine(argument: string): readonly [string, number | undefined] {
  const found = /^(.+):([0-9]{1,7})$/s.exec(argument);
  if (found === null || safely(() => statSync(argument, { throwIfNoEntry: false }) !== undefined))
    return [displayPath(argument), undefined];
  return [displayPath(found[1]), Number(found[2])];
}

function walk(folder: string, depth: number, found: string[], folders: string[]): void {
  if (depth > MAX_DEPTH || found.length >= MAX_FILES || folders.length >= MAX_FILES) return;
  folders.push(folder);
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    // Links aren't followed: they could lead round in circles, or out of the project.
    if (entry.isDirectory() && !entry.name.startsWith(".") && !SKIPPED.has(entry.name)) walk(path, depth + 1, found, folders);
    else if (entry.isFile() && entry.name.endsWith(ENDING) && found.length < MAX_FILES) found.push(displayPath(path));
  }
}

/** None of a folder that can't be read, as when it has just gone. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}

/** Names that no file system has are no folders and no files. */
function safely(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

function wrong(problem: string, help: string): Diagnostic {
  return diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem }, { help });
}
