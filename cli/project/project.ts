/** What a project file says, as plain data, and where it is. `read.ts` makes it, `active.ts` keeps the one that a command works in. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Located } from "../scenario/reader.ts";
import type { Pattern } from "./glob.ts";

export const PROJECT_FILE = "weft.json";

/** `off`: not shown; `error`: a program with it isn't compiled. */
export type Level = "off" | "warn" | "error";

export interface WarningRule {
  /** Relative to the project; empty for all files. */
  readonly files: readonly Pattern[];
  readonly levels: ReadonlyMap<string, Level>;
}

export interface Project {
  /** As shown in diagnostics. */
  readonly path: string;
  /** The folder of the project file: what all its paths are relative to. Absolute, without links. */
  readonly root: string;
  readonly text: string;
  /** Absolute: files, or folders of which all sources count. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  readonly exclude: readonly Pattern[];
  /** The last one that fits decides. */
  readonly rules: readonly WarningRule[];
  /** What `weft run` runs if nothing is named; absolute. */
  readonly scenario: string | undefined;
  /** Folders that are written to, absolute: no sources are looked for there. */
  readonly outputs: readonly string[];
  /** By command, then by option, as the option is given in code: what stands for it if the command line doesn't say. */
  readonly defaults: ReadonlyMap<string, ReadonlyMap<string, Default>>;
}

export interface Default {
  readonly at: Located;
  readonly value: unknown;
}

/** The nearest project file, from this folder upwards. */
export function findProjectFile(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, PROJECT_FILE);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
  }
}
