/** Every contract can be scored, and its figures keep within their bounds: contracts of the corpus, and random ones that use all of the language. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/pipeline.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { checkSites } from "../../compiler/score/checks.ts";
import { callable, kindOf, plainEntry } from "../../compiler/score/kinds.ts";
import { scoreOf } from "../../compiler/score/score.ts";
import { randomProgram } from "../footprints/programs.ts";
import { ROOT } from "../helpers/cli.ts";

const FOLDERS = ["test/contracts", "test/corpus/ok", "test/corpus/contracts"];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".weft"))
    .map((name) => `${folder}/${name}`),
);
const PROGRAMS = 6;
const CALLS = 60;

/** Views and getters too: all that a mix can name. */
function checkScores({ program, footprints, costs }: Compiled): number {
  const population = { accounts: 20, ids: 20, skew: 1 };
  const sites = checkSites(program);
  let waits = 0;
  for (const footprint of footprints.contracts) {
    const kinds = callable(footprint, program).map((func) => kindOf(plainEntry(func, 1), footprint, sites, population));
    if (kinds.length === 0) continue;
    const request = { footprint, costs, kinds, population, calls: CALLS, seed: 1, workers: [2, 16] };
    const outcome = scoreOf(request);
    if (outcome.kind === "tooMuch") throw new Error(`${footprint.contract.name} touches too much`);
    const { score } = outcome;
    for (const { workers, least, greatest } of score.speedUps) {
      expect(least).toBeGreaterThanOrEqual(1);
      expect(greatest).toBeLessThanOrEqual(Math.min(workers, score.limit.greatest));
    }
    expect(score.limits.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(score.sampled.reduce((sum, { calls }) => sum + calls, 0)).toBe(score.blocks * CALLS);
    expect(scoreOf(request)).toEqual(outcome);
    if (score.waiting.greatest > 0) waits++;
  }
  return waits;
}

describe("a score of", () => {
  test.each(files)("%s", (path) => {
    const { compiled } = compile(path, (wanted) => readFileSync(join(ROOT, wanted), "utf8"));
    if (compiled === undefined) throw new Error(`${path} doesn't compile`);
    checkScores(compiled);
  });

  test(`${PROGRAMS} random programs`, { timeout: 120_000 }, () => {
    let waits = 0;
    for (let seed = 1; seed <= PROGRAMS; seed++) waits += checkScores(randomProgram(seed).compiled);
    expect(waits).toBeGreaterThan(PROGRAMS);
  });
});
