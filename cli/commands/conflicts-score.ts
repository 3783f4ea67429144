/** `weft conflicts --mix`: how parallel a mix of calls runs, and what limits it. */
import { diagnose } from "../../compiler/diagnostics/report.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { checkSites } from "../../compiler/score/checks.ts";
import type { CheckSites } from "../../compiler/score/checks.ts";
import { kindOf } from "../../compiler/score/kinds.ts";
import { scoreOf } from "../../compiler/score/score.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import type { Outcome } from "../outcome.ts";
import { DEFAULT_WORKERS } from "../score/options.ts";
import type { ScoreOptions } from "../score/options.ts";
import { readMix } from "../score/read-mix.ts";
import type { Mix } from "../score/read-mix.ts";
import { scoreJson, scoreText } from "../score/report.ts";
import type { Scored } from "../score/report.ts";
import { resolveMix, suggestion } from "../score/resolve-mix.ts";
import type { ContractMix, Resolved } from "../score/resolve-mix.ts";
import { selectContracts, unknownName } from "../select.ts";

export async function conflictsScore(path: string, name: string | undefined, options: ScoreOptions): Promise<Outcome> {
  const read = readMix(options);
  if (read.kind === "failed") return read.outcome;
  const { mix } = read;
  const file = await compileFile(path);
  if (file.analysed === undefined) return failure(file.exit, file.diagnostics, file.files);
  const compiled = file.analysed;
  const chosen = selectContracts(file, compiled.linked, name);
  if (chosen.kind === "unknown") return chosen.outcome;
  const resolved = resolveMix(mix, chosen.contracts, compiled.program);
  if (resolved.kind === "failed") return failure(EXIT.usage, mix.issues.diagnostics(), mix.files);
  if (resolved.kind === "unknown") return unknownFunction(file, mix, resolved);

  const sites = checkSites(compiled.program);
  const scores: Scored[] = [];
  for (const contract of resolved.contracts.filter(({ entries }) => entries.length > 0)) {
    const scored = scoreContract(compiled, contract, { mix, sites, file, workers: options.workers ?? DEFAULT_WORKERS });
    if (scored === undefined) return tooMuch(contract.footprint.contract.name);
    scores.push(scored);
  }
  const unchanging = resolved.contracts.filter(({ entries }) => entries.length === 0).map(({ footprint }) => footprint.contract.name);
  return {
    exit: file.exit,
    json: { file: file.path, scores: scores.map(scoreJson), unchanging },
    timing: {},
    text: (theme) =>
      [
        ...scores.map((scored) => scoreText(scored, theme)),
        ...unchanging.map((contract) => `${theme("strong", contract)}  no function changes state, so no call waits\n`),
      ].join("\n"),
    note: "",
    diagnostics: file.diagnostics,
    files: file.files,
  };
}

interface Scoring {
  readonly mix: Mix;
  readonly sites: CheckSites;
  readonly file: CompiledFile;
  readonly workers: readonly number[];
}

/** Undefined when sampling takes too much work. */
function scoreContract(
  { costs }: Compiled,
  { footprint, entries }: ContractMix,
  { mix: { settings }, sites, file, workers }: Scoring,
): Scored | undefined {
  const kinds = entries.map((entry) => kindOf(entry, footprint, sites, settings));
  const { calls, seed } = settings;
  const outcome = scoreOf({ footprint, costs, kinds, population: settings, calls, seed, workers });
  if (outcome.kind === "tooMuch") return undefined;
  return { contract: footprint.contract.name, kinds, settings, score: outcome.score, warnings: file.diagnostics };
}

function unknownFunction(file: CompiledFile, mix: Mix, { entry, known }: Extract<Resolved, { kind: "unknown" }>): Outcome {
  if (mix.files.size === 0) return unknownName(file, "function", entry.name, known);
  mix.issues.report("E0823", entry.at, { what: "function", name: entry.name }, suggestion(entry.name, known));
  return failure(EXIT.usage, mix.issues.diagnostics(), mix.files);
}

function tooMuch(contract: string): Outcome {
  const problem = `the calls of \`${contract}\` touch too many cells to sample`;
  const extra = { help: "ask for fewer calls with `--calls`, or for shorter lists in a mix file" };
  return failure(EXIT.usage, [diagnose("E0830", { path: "", span: { start: 0, end: 0 } }, { where: "--mix", problem }, extra)], new Map());
}
