/**
 * The central claim: whatever the block, the interpreter, the serial runtime and the parallel one with 1, 2 and 4 workers tell the same
 * story, in state, statuses, return and error data, logs, costs and digests; and no call touches a cell its plan doesn't name.
 * Chunk sizes and delays of workers vary. WEFT_RUNS=20 runs twenty times longer, WEFT_SEED repeats a run.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compiled } from "../../compiler/pipeline.ts";
import { loadAll } from "../helpers/chains.ts";
import { createTally } from "../helpers/compare.ts";
import { compareEngines, contractNamed, functionsOf } from "../helpers/differential.ts";
import type { Entrant, Tally } from "../helpers/compare.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import type { Habits } from "../helpers/generate.ts";
import { runSettings } from "../helpers/runs.ts";
import { ACCOUNTS, DAO, DESK, MAZE, MILL, NFT, SHOP, TOKEN, compileFile } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";

/** Blocks per history at most: opening chains costs as much as a dozen blocks. */
const BLOCKS = 120;
/** Histories per contract. */
const SUITES: readonly { readonly suite: Suite; readonly histories: number }[] = [
  { suite: TOKEN, histories: 10 },
  { suite: NFT, histories: 10 },
  { suite: DAO, histories: 10 },
  { suite: DESK, histories: 4 },
  { suite: MAZE, histories: 4 },
  { suite: SHOP, histories: 4 },
  { suite: MILL, histories: 3 },
];
const HOLD_MICROS = 150;
/** Smaller blocks run on one thread unless there are delays. */
const LARGE = 1_500;

for (const { suite, histories } of SUITES) {
  describe(suite.name, () => {
    it("is the same in all engines on random blocks", { timeout: 3_600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const modules = await loadAll(compiled);
      const tally = createTally();
      await fc.assert(
        fc.asyncProperty(arbitraryBlocks(habitsOf(suite, compiled)), arbitraryKnobs(), async (blocks, knobs) => {
          await compareEngines({ suite, compiled, modules, blocks, entrants: entrants(knobs) }, tally);
        }),
        runSettings(`engines on ${suite.name}`, histories),
      );
      console.log(showTally(suite, tally));
      expectRich(tally);
    });

    it("is the same on a block large enough to wake workers", { timeout: 600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const { seed } = runSettings(`large block on ${suite.name}`, 1);
      const habits = { ...habitsOf(suite, compiled), calls: LARGE, blocks: { min: 8, max: 8 } };
      const [parts] = fc.sample(arbitraryBlocks(habits), { seed, numRuns: 1 });
      const blocks = [{ calls: parts.flatMap(({ calls }) => calls).slice(0, LARGE), advance: 1n }];
      const free = entrants({ chunk: 32, slow: 0, salt: 0 }).map((entrant) => ({ ...entrant, delay: undefined }));
      const tally = createTally();
      await compareEngines({ suite, compiled, modules: await loadAll(compiled), blocks, entrants: free }, tally);
      const calls = [...tally.statuses.values()].reduce((sum, times) => sum + times, 0);
      expect(calls).toBeGreaterThan(600);
    });
  });
}

function habitsOf(suite: Suite, compiled: Compiled): Habits {
  const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  return { ...suite.habits, accounts: ACCOUNTS.length, contracts, blocks: { min: 1, max: BLOCKS } };
}

interface Knobs {
  readonly chunk: number;
  /** 0: nobody is held up; else about one call in so many. */
  readonly slow: number;
  readonly salt: number;
}

function arbitraryKnobs(): fc.Arbitrary<Knobs> {
  return fc.record({
    chunk: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 64 })),
    slow: fc.constantFrom(0, 0, 5, 17),
    salt: fc.nat(1000),
  });
}

function entrants({ chunk, slow, salt }: Knobs): Entrant[] {
  // Chains with delays share even small blocks among their workers, so there is always one, if only of nothing.
  const delay = (call: number): number => (slow > 0 && ((call * 2_654_435_761 + salt * 40_503) >>> 7) % slow === 0 ? HOLD_MICROS : 0);
  return [
    { name: "serial", workers: 1, mode: "serial", chunk: 1, delay: undefined, trace: false },
    { name: "1 worker", workers: 1, mode: "parallel", chunk, delay: undefined, trace: true },
    { name: `2 workers, chunks of ${chunk}`, workers: 2, mode: "parallel", chunk, delay, trace: false },
    { name: `4 workers, chunks of ${chunk}`, workers: 4, mode: "parallel", chunk, delay, trace: true },
  ];
}

function showTally(suite: Suite, tally: Tally): string {
  const statuses = [...tally.statuses].sort(([, a], [, b]) => b - a).map(([status, times]) => `${times} ${status}`);
  const spare = ((100 * (tally.planned - tally.touched)) / Math.max(1, tally.planned)).toFixed(1);
  return [
    `${suite.name}: ${tally.blocks} blocks; ${statuses.join(", ")}`,
    `  edges ${tally.edges}, adds cleared ${tally.cleared}, not cleared ${tally.uncleared}, unresolved ${tally.unresolved}; planned but not touched ${spare} %`,
  ].join("\n");
}

/** Random blocks that only fail, or never meet, would show nothing. */
function expectRich(tally: Tally): void {
  const total = [...tally.statuses.values()].reduce((sum, times) => sum + times, 0);
  expect(tally.statuses.get("success") ?? 0).toBeGreaterThan(total / 4);
  for (const status of ["reverted: no data", "reverted: 0x77ebef4d", "rejected: nonce", "rejected: balance"]) {
    expect(tally.statuses.get(status), status).toBeGreaterThan(0);
  }
  expect(tally.edges).toBeGreaterThan(0);
  expect(tally.cleared).toBeGreaterThan(0);
  expect(tally.uncleared).toBeGreaterThan(0);
}
