/**
 * What a command hands back: plain data, printed in one place (`output.ts`). Commands never write to the console themselves,
 * so that human output, JSON, colours and exit codes are the same everywhere.
 */
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { ExitCode } from "./exit.ts";
import type { Theme } from "./render/theme.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Outcome {
  readonly exit: ExitCode;
  /** Fields of the JSON document beside schema, tool, command, ok, diagnostics and timing. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Everything measured by a clock, so that comparisons drop one key. */
  readonly timing: Readonly<Record<string, Json>>;
  /** The result for people, for stdout. */
  readonly text: (theme: Theme) => string;
  /** Closing words for people, for stderr; `--quiet` hides them. Empty for none. */
  readonly note: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files that diagnostics point into. */
  readonly files: ReadonlyMap<string, string>;
}

/** Everything a command learns from the command line beside its own arguments. */
export interface Context {
  /** Shows what is going on, on a terminal only; an empty text clears the line. */
  readonly progress: (text: string) => void;
  /** Milliseconds, for measuring only. */
  readonly now: () => number;
  /** Prints an outcome at once, for commands that have several. */
  readonly show: (outcome: Outcome) => void;
}
