/**
 * The footprint analysis under attack: contracts written to be hard for it, random blocks in which calls meet all the time, and the same
 * question as everywhere: do interpreter, serial and parallel runs agree, and did no call touch a cell that its plan doesn't name.
 * Every `*.weft` file beside this one takes part, and contracts put together at random. WEFT_RUNS=20 runs longer, WEFT_SEED repeats a run
 * and makes what fails in it small, WEFT_ONLY=tickets takes the files whose names begin so.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadAll } from "../helpers/chains.ts";
import { compareEngines, contractNamed, createTally, functionsOf } from "../helpers/differential.ts";
import type { Entrant, Tally } from "../helpers/differential.ts";
import { runSettings } from "../helpers/runs.ts";
import { compileFile } from "../helpers/suites.ts";
import { smallBlocks } from "./blocks.ts";
import { FOLDER, hardFiles, RANDOM, suiteOf } from "./hard-suites.ts";
import { randomProgram } from "./programs.ts";

const SCALE = { blocks: 24, calls: 24 };
/** Histories per contract. */
const HISTORIES = 2;
const PROGRAMS = 12;

const ENTRANTS: readonly Entrant[] = [
  { name: "serial", workers: 1, mode: "serial", chunk: 1, delay: undefined, trace: true },
  { name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true },
  { name: "2 workers", workers: 2, mode: "parallel", chunk: 3, delay: (call) => (call % 7 === 3 ? 100 : 0), trace: true },
  { name: "4 workers", workers: 4, mode: "parallel", chunk: 1, delay: (call) => (call % 5 === 1 ? 60 : 0), trace: false },
];

/** Making an example small takes minutes, so only a run that repeats a seed does it. */
function shrunkOnRepeat<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return process.env["WEFT_SEED"] === undefined ? fc.noShrink(arbitrary) : arbitrary;
}

describe("contracts that are hard to plan", () => {
  for (const file of hardFiles()) {
    it(`${file}: all engines agree, and nothing unplanned is touched`, { timeout: 3_600_000 }, async () => {
      const compiled = compileFile(`${FOLDER}/${file}`);
      const suite = suiteOf(file, compiled);
      const modules = await loadAll(compiled);
      const tally = createTally();
      const functions = suite.deployments.map(() => functionsOf(compiled, compiled.program.contracts[0]));
      await fc.assert(
        fc.asyncProperty(shrunkOnRepeat(smallBlocks(functions, SCALE)), async (blocks) => {
          await compareEngines({ suite, compiled, modules, blocks, entrants: ENTRANTS }, tally);
        }),
        runSettings(file, HISTORIES),
      );
      console.log(showTally(file, tally));
      expect(tally.statuses.get("success") ?? 0).toBeGreaterThan(0);
      expect(tally.edges).toBeGreaterThan(0);
    });
  }
});

describe("contracts put together at random", () => {
  it("are the same in all engines, and touch nothing unplanned", { timeout: 3_600_000 }, async () => {
    const tally = createTally();
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), fc.nat(), async (seed, blockSeed) => {
        const { source, compiled } = randomProgram(seed);
        const functions = RANDOM.deployments.map(({ contract }) => functionsOf(compiled, contractNamed(compiled, contract)));
        const [blocks] = fc.sample(smallBlocks(functions, { blocks: 8, calls: 16 }), { seed: blockSeed, numRuns: 1 });
        const modules = await loadAll(compiled);
        try {
          await compareEngines({ suite: RANDOM, compiled, modules, blocks, entrants: ENTRANTS }, tally);
        } catch (error) {
          throw new Error(`${String(error)} in\n${source}`, { cause: error });
        }
      }),
      runSettings("random contracts", PROGRAMS),
    );
    console.log(showTally("random contracts", tally));
    expect(tally.edges).toBeGreaterThan(0);
  });
});

function showTally(file: string, tally: Tally): string {
  const total = [...tally.statuses.values()].reduce((sum, times) => sum + times, 0);
  const spare = ((100 * (tally.planned - tally.touched)) / Math.max(1, tally.planned)).toFixed(1);
  const { blocks, edges, cleared, uncleared, unresolved } = tally;
  const figures = `edges ${edges}, adds cleared ${cleared}, not cleared ${uncleared}, unresolved ${unresolved}, planned but not touched ${spare} %`;
  return `${file}: ${blocks} blocks, ${total} calls, ${tally.statuses.get("success") ?? 0} succeed; ${figures}`;
}
