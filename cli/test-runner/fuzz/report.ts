/** What a fuzz run found, for people and for programs. */
import type { Json } from "../../outcome.ts";
import { count } from "../../failure.ts";
import { printable } from "../../render/width.ts";
import type { Theme } from "../../render/theme.ts";
import { shellWord } from "../../shell-word.ts";
import type { FuzzReport } from "./campaign.ts";
import { FUZZ_DEFAULTS } from "./defaults.ts";

/** What plays it again. */
export interface Replay {
  readonly file: string;
  readonly title: string;
}

export function fuzzJson(report: FuzzReport, replay: Replay): Json {
  const { options, runs, dropped, calls, outOfTime, counterexample } = report;
  return {
    ...{ seed: options.seed, runs, dropped, calls, outOfTime },
    replay: report.failure === undefined ? null : replayCommand(report, replay),
    counterexample: counterexample === undefined ? null : { ...counterexample },
  };
}

/** Behind the name of a test that passed. */
export function fuzzNote({ runs, calls, dropped, outOfTime }: FuzzReport): string {
  const parts = [count(runs, "run"), ...(calls === 0 ? [] : [count(calls, "call")]), ...(dropped === 0 ? [] : [`${dropped} dropped`])];
  return `${parts.join(", ")}${outOfTime ? ", out of time" : ""}`;
}

/** Below a test that failed: how to see it again. */
export function fuzzText(report: FuzzReport, replay: Replay, theme: Theme): string {
  const { counterexample, runs, options, failure } = report;
  if (failure === undefined) return "";
  const found = counterexample === undefined ? `  seed ${options.seed}` : `  found in run ${runs} with seed ${options.seed}`;
  const lines = [`${found}; the same again: ${replayCommand(report, replay)}`];
  if (counterexample !== undefined) {
    const { foundCalls, calls, tries, code, reproduced } = counterexample;
    const how =
      tries === 0
        ? ""
        : foundCalls > calls
          ? `, shrunk from ${count(foundCalls, "call")} to ${calls} in ${tries} tries`
          : `, shrunk in ${tries} tries`;
    lines.push(`  a test that fails in the same way${how}:`, "");
    lines.push(
      ...code
        .trimEnd()
        .split("\n")
        .map((line) => theme("dim", line === "" ? "" : `    ${printable(line)}`)),
    );
    if (!reproduced) lines.push("", "  on a chain of its own it doesn't fail: the contracts see more than calls, time, height and coin");
  }
  return `${lines.join("\n")}\n\n`;
}

/** The number of runs and of calls, and the time, decide what is found: the seed alone doesn't do the same again. */
function replayCommand({ options }: FuzzReport, { file, title }: Replay): string {
  const { seed, runs, depth, maxSeconds } = options;
  const others = [
    runs === FUZZ_DEFAULTS.runs ? "" : ` --runs ${runs}`,
    depth === FUZZ_DEFAULTS.depth ? "" : ` --depth ${depth}`,
    maxSeconds === FUZZ_DEFAULTS.maxSeconds ? "" : ` --max-time ${maxSeconds}`,
  ];
  return `weft test ${shellWord(file)} --filter ${shellWord(filterFor(title))} --seed ${seed}${others.join("")}`;
}

/** A title between slashes would be taken for a pattern. */
function filterFor(title: string): string {
  return /^\/.+\/[iu]*$/s.test(title) ? title.slice(1) : title;
}
