/** Outcomes that consist of diagnostics alone. */
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { tally } from "../compiler/diagnostics/tally.ts";
import type { ExitCode } from "./exit.ts";
import type { Outcome } from "./outcome.ts";

export function failure(exit: ExitCode, diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, string>): Outcome {
  const { errors } = tally(diagnostics);
  return { exit, json: {}, timing: {}, text: () => "", note: errors < 2 ? "" : count(errors, "error"), diagnostics, files };
}

/** `1 error`, `2 errors`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
