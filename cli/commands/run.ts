/** `weft run`: a scenario, serially and in parallel. Exit code 1 when the two differ, which is a bug of ours that the user must see. */
import { availableParallelism } from "node:os";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import type { Context, Outcome } from "../outcome.ts";
import { executeScenario } from "../scenario/execute.ts";
import { prepareScenario } from "../scenario/prepare.ts";
import { reportJson, reportText, reportTiming } from "../scenario/report.ts";
import type { RunFacts } from "../scenario/report.ts";

export interface RunRequest {
  readonly path: string;
  readonly workers: number | undefined;
  readonly calls: number | undefined;
  readonly seed: number | undefined;
  readonly blockSize: number | undefined;
}

const MAX_DEFAULT_WORKERS = 16;

export async function run(request: RunRequest, context: Context): Promise<Outcome> {
  const workers = request.workers ?? Math.min(MAX_DEFAULT_WORKERS, availableParallelism());
  context.progress("compiling");
  const sizing = { calls: request.calls, blockSize: request.blockSize };
  const { prepared, diagnostics, files, path, exit } = await prepareScenario({ path: request.path, seed: request.seed, sizing });
  if (prepared === undefined) return failure(exit, diagnostics, files);
  const report = await executeScenario(prepared, {
    workers,
    onBlock: (done, total) => context.progress(done < total ? `block ${done + 1} of ${total}` : "comparing all cells"),
  });
  if (report.kind === "stopped") {
    prepared.issues.report(report.code, report.at, report.values);
    return failure(EXIT.failed, prepared.issues.diagnostics(), files);
  }
  const facts: RunFacts = { title: prepared.scenario.title || path, seed: prepared.seed, workers, report };
  return {
    exit: report.identical ? EXIT.ok : EXIT.failed,
    json: { scenario: path, ...reportJson(facts) },
    timing: reportTiming(facts),
    text: (theme) => reportText(facts, theme),
    note: "",
    diagnostics: [],
    files,
  };
}
