/** What ends a test early: a diagnostic, thrown through the evaluator and caught by the runner. It never leaves this folder. */
import type { Code } from "../../compiler/diagnostics/codes.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import type { Values } from "../../compiler/diagnostics/report.ts";
import type { Site } from "../../compiler/typed/tree.ts";

export interface TestNote {
  readonly site: Site;
  readonly text: string;
}

export class TestFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(code: Code, site: Site, values: Values, notes: readonly TestNote[] = []) {
    super(code);
    this.diagnostic = diagnose(code, site, values, { notes: notes.map((note) => ({ ...note.site, text: note.text })) });
  }
}

/** A `require` of a test with parameters doesn't hold: these values say nothing. */
export class CaseDropped extends Error {}

export function cannotEvaluate(site: Site, reason: string): TestFailure {
  return new TestFailure("E0616", site, { reason });
}
