/** Outcomes that consist of diagnostics alone. */
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { tally } from "../compiler/diagnostics/tally.ts";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import type { Outcome } from "./outcome.ts";

export function failure(exit: ExitCode, diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, string>): Outcome {
  const { errors } = tally(diagnostics);
  return { exit, json: {}, timing: {}, text: () => "", note: errors < 2 ? "" : count(errors, "error"), diagnostics, files };
}

/** The arguments don't say what to do. */
export function wrongUsage(problem: string, help: string): Outcome {
  return failure(EXIT.usage, [diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem }, { help })], new Map());
}

/** `1 error`, `2 errors`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
