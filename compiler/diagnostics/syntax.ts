/** From what the parser reports to diagnostics. */
import type { HintedProblem } from "../../grammar/problem.ts";
import { Bug } from "../core/bug.ts";
import { isCode } from "./codes.ts";
import type { Reporter } from "./report.ts";

/** What most likely follows from another problem isn't for the author to read. */
export function reportSyntax(reporter: Reporter, path: string, problems: readonly HintedProblem[]): void {
  for (const problem of problems) {
    if (problem.isFollowUp) continue;
    if (!isCode(problem.code)) throw new Bug(`the parser reported the unknown code ${problem.code}`);
    const notes = problem.notes.map((note) => ({ path, span: note.span, text: note.text }));
    const help = problem.help === undefined ? {} : { help: problem.help };
    reporter.report(problem.code, { path, span: problem.span }, problem.args, { notes, ...help });
  }
}
