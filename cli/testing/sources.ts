/** From the arguments of `weft test` to source files: files, `file:line`, folders with all that is below them. In a stable order, each once. */
import { statSync } from "node:fs";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { displayPath } from "../files.ts";
import { sourceFiles } from "../sources.ts";

export interface TestSource {
  /** As the file is named in diagnostics. */
  readonly path: string;
  /** Of the tests asked for; empty for all. */
  readonly lines: readonly number[];
}

export interface TestSources {
  readonly files: readonly TestSource[];
  /** Folders that were gone through: new files may appear there. */
  readonly folders: readonly string[];
  readonly problem: Diagnostic | undefined;
}

/** Without arguments: all of the project, or of the working folder. */
export function findSources(given: readonly string[]): TestSources {
  const lines = new Map<string, number[] | "all">();
  const folders: string[] = [];
  let problem: Diagnostic | undefined;
  const addAll = (paths: readonly string[]): void => {
    const found = sourceFiles(paths, "all");
    problem ??= found.problem;
    folders.push(...found.folders);
    for (const path of found.files) lines.set(displayPath(path), "all");
  };
  if (given.length === 0) addAll([]);
  for (const argument of given) {
    const [path, line] = withLine(argument);
    if (line === undefined) {
      addAll([argument]);
      continue;
    }
    const before = lines.get(path);
    if (before !== "all") lines.set(path, [...(before ?? []), line]);
  }
  return { files: [...lines].map(([path, asked]) => ({ path, lines: asked === "all" ? [] : asked })), folders, problem };
}

/** `token.weft:12`, unless there is a file of that name. */
function withLine(argument: string): readonly [string, number | undefined] {
  const found = /^(.+):([0-9]{1,7})$/s.exec(argument);
  if (found === null || exists(argument)) return [argument, undefined];
  return [displayPath(found[1]), Number(found[2])];
}

/** Names that no file system has are no files. */
function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
