/** Counting diagnostics, the same for every command: the notice that the parser stopped is no error of its own. */
import type { Diagnostic } from "./diagnostic.ts";

export interface Tally {
  readonly errors: number;
  readonly warnings: number;
}

/** Stands behind the last error that is shown, and only says that there are more. */
const NOTICE = "E0109";

export function tally(diagnostics: readonly Diagnostic[]): Tally {
  const counted = diagnostics.filter(({ code }) => code !== NOTICE);
  const errors = counted.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: counted.length - errors };
}
