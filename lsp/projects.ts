/** What project files say about warnings. Who starts the server knows how to read them; it may as well say nothing. */
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";

export interface BrokenProject {
  readonly path: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Projects {
  /** Warnings of source files as the project of each wants them: some are silent, some are errors. */
  readonly withLevels: (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];
  /** Whether the project leaves the file out of its sources. */
  readonly isExcluded: (path: string) => boolean;
  /** The folder of the project that a file belongs to, as far as there is a project file. */
  readonly rootOf: (path: string) => string | undefined;
  /** Project files that can't be used: of these source files, and of others that were asked about. */
  readonly broken: (about: readonly string[]) => readonly BrokenProject[];
  /** Something happened to files on the disk: what is known is forgotten. */
  readonly forget: () => void;
}

/** A file that says something about the files below its folder. */
export const PROJECT_FILE = "weft.json";
