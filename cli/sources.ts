/**
 * Which source files a command is about: files as they are named, and all below the folders that are named, or below those of the project, or below the
 * working folder. Below a folder these are left out: hidden files and folders, `node_modules`, folders behind links, what the project excludes, and where
 * it writes its results.
 */
import { readdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { displayPath, isFolder, isSystemError } from "./files.ts";
import { activeProject } from "./project/active.ts";
import { fits } from "./project/glob.ts";
import type { Project } from "./project/project.ts";

export interface Sources {
  /** In order of the arguments; those of a folder sorted. */
  readonly files: readonly string[];
  /** Folders that were gone through. */
  readonly folders: readonly string[];
  readonly problem: Diagnostic | undefined;
}

const ENDING = ".weft";
/** More is a folder given by mistake. */
const MAX_FILES = 10_000;
const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 64;

/** `code`: without the project's tests. */
export function sourceFiles(given: readonly string[], which: "all" | "code"): Sources {
  const project = activeProject();
  const named = given.length > 0 ? given : foldersOf(project, which);
  const files: string[] = [];
  const walk: Walk = { project, folders: [], entries: 0, found: 0 };
  for (const path of named) {
    if (!isNamedFolder(path)) {
      files.push(path);
      continue;
    }
    const problem = addBelow(resolve(path), 0, files, walk);
    if (problem !== undefined) return { files: [], folders: walk.folders, problem: unusable(path, problem) };
  }
  const { folders } = walk;
  if (files.length > 0) return { files, folders, problem: undefined };
  const [only = "."] = named;
  return {
    files,
    folders,
    problem: unusable(only, named.length > 1 ? "and the other folders hold no `.weft` file" : "holds no `.weft` file"),
  };
}

function foldersOf(project: Project | undefined, which: "all" | "code"): readonly string[] {
  if (project === undefined) return ["."];
  const { sources, tests } = project;
  return (which === "all" ? [...sources, ...tests] : sources).map((path) => (path === process.cwd() ? "." : displayPath(path)));
}

function isNamedFolder(path: string): boolean {
  try {
    return !path.includes("\0") && isFolder(path);
  } catch (error) {
    // Below a file, or not to be looked at: whoever reads it says so.
    if (!isSystemError(error)) throw error;
    return false;
  }
}

function unusable(path: string, problem: string): Diagnostic {
  const help =
    activeProject() === undefined
      ? "name files or folders, or make a project with `weft init`"
      : "name files or folders, or mend `sources` in weft.json";
  return diagnose(
    "E0842",
    { path: "", span: { start: 0, end: 0 } },
    { path: path === "." ? "the working folder" : path, problem },
    { help },
  );
}

interface Walk {
  readonly project: Project | undefined;
  readonly folders: string[];
  entries: number;
  found: number;
}

/** A problem in words, if there is one. */
function addBelow(folder: string, depth: number, files: string[], walk: Walk): string | undefined {
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} folders`;
  walk.folders.push(folder);
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return `can't be read: ${error.code}`;
  }
  walk.entries += entries.length;
  if (walk.entries > MAX_ENTRIES) return `holds more than ${MAX_ENTRIES} files`;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "node_modules" || isExcluded(path, walk.project)) continue;
    if (entry.isDirectory()) {
      const problem = addBelow(path, depth + 1, files, walk);
      if (problem !== undefined) return problem;
    } else if (entry.name.endsWith(ENDING) && (entry.isFile() || entry.isSymbolicLink())) {
      if (++walk.found > MAX_FILES) return `holds more than ${MAX_FILES} \`.weft\` files`;
      files.push(displayPath(path));
    }
  }
  return undefined;
}

function isExcluded(path: string, project: Project | undefined): boolean {
  if (project === undefined) return false;
  const { root, exclude, outputs } = project;
  if (outputs.includes(path)) return true;
  if (exclude.length === 0) return false;
  const within = relative(root, path).split(sep).join("/");
  return exclude.some((pattern) => fits(pattern, within));
}
