/** `weft run`: a scenario, serially and in parallel. Exit code 1 when the two differ, which is a bug of ours that the user must see. */
import { availableParallelism } from "node:os";
import { EXIT } from "../exit.ts";
import { failure, wrongUsage } from "../failure.ts";
import type { Context, Outcome } from "../outcome.ts";
import { activeProject } from "../project/active.ts";
import { executeScenario } from "../scenario/execute.ts";
import { prepareScenario } from "../scenario/prepare.ts";
import type { PreparedScenario } from "../scenario/prepare.ts";
import { replayJson, replayText, replayTiming } from "../scenario/replay-report.ts";
import { reportJson, reportText, reportTiming } from "../scenario/report.ts";
import type { RunFacts } from "../scenario/report.ts";

export interface RunRequest {
  /** Undefined: the project's. */
  readonly path: string | undefined;
  readonly workers: number | undefined;
  readonly calls: number | undefined;
  readonly seed: number | undefined;
  readonly blockSize: number | undefined;
  /** Sizes of simulated pools; undefined: nothing is simulated. */
  readonly simulateWorkers: readonly number[] | undefined;
  /** Cells to be shown; undefined: none. */
  readonly stats: number | undefined;
}

const MAX_DEFAULT_WORKERS = 16;

export async function run(request: RunRequest, context: Context): Promise<Outcome> {
  const workers = request.workers ?? Math.min(MAX_DEFAULT_WORKERS, availableParallelism());
  const scenario = request.path ?? activeProject()?.scenario;
  if (scenario === undefined) return wrongUsage("no scenario is named", "name its file, or set `run.scenario` in weft.json");
  context.progress("compiling");
  const sizing = { calls: request.calls, blockSize: request.blockSize };
  const { prepared, diagnostics, files, path, exit } = await prepareScenario({ path: scenario, seed: request.seed, sizing });
  if (prepared === undefined) return failure(exit, diagnostics, files);
  const { simulateWorkers: pools = [], stats: hottest = 0 } = request;
  const report = await executeScenario(prepared, {
    workers,
    replay: pools.length === 0 && hottest === 0 ? undefined : { pools, hottest },
    onBlock: (done, total) => context.progress(done < total ? `block ${done + 1} of ${total}` : "comparing all cells"),
  });
  if (report.kind === "stopped") {
    prepared.issues.report(report.code, report.at, report.values);
    return failure(EXIT.failed, prepared.issues.diagnostics(), files);
  }
  const facts: RunFacts = { title: prepared.scenario.title || path, seed: prepared.seed, workers, report };
  const asked = { pools, hottest, workers, label: labelsOf(prepared) };
  const blocks = report.blocks.flatMap(({ replay }) => replay ?? []);
  return {
    exit: report.identical ? EXIT.ok : EXIT.failed,
    json: { scenario: path, ...reportJson(facts), ...replayJson(blocks, asked) },
    timing: { ...reportTiming(facts), ...replayTiming(blocks, asked) },
    text: (theme) => [reportText(facts, theme), ...replayText(blocks, asked, theme)].join("\n"),
    note: "",
    diagnostics: [],
    files,
  };
}

/** What people call a contract whose address the runtime tells. */
function labelsOf({ deployments, directory }: PreparedScenario): (contract: string) => string {
  const labels = new Map<string, string>(deployments.map(({ label }) => [directory.contract(label), label]));
  return (contract) => labels.get(contract) ?? contract;
}
