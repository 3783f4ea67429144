/** What can't be planned, as diagnostics for the author. */
import { unreachable } from "../core/bug.ts";
import type { Code } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { FootprintProblem } from "./footprint.ts";

export function footprintDiagnostics(problems: readonly FootprintProblem[]): readonly Diagnostic[] {
  const reporter = createReporter();
  for (const problem of problems) {
    const notes = problem.notes.map(({ site, text }) => ({ ...site, text }));
    reporter.report(codeOf(problem), problem.site, { subject: problem.subject }, { notes });
  }
  return reporter.diagnostics();
}

function codeOf(problem: FootprintProblem): Code {
  switch (problem.kind) {
    case "conditionalTicket":
      return "E0510";
    case "tooLarge":
      return "E0513";
    default:
      return unreachable(problem.kind, "codeOf");
  }
}
