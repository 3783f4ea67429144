/**
 * The conflict matrix of the larger contracts, put to the test on concrete calls; see `helpers/pairs.ts`. Random programs have their turn in
 * `test/soundness`.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { LoadedModule } from "../../runtime/types.ts";
import type { BlockSpec } from "../helpers/call-spec.ts";
import { loadAll } from "../helpers/chains.ts";
import { createTally } from "../helpers/compare.ts";
import type { Entrant } from "../helpers/compare.ts";
import { closeArena, contractNamed, functionsOf, openArena, playHistory } from "../helpers/differential.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import type { Habits } from "../helpers/generate.ts";
import { checkPairs, matrixOf, noPairs } from "../helpers/pairs.ts";
import type { Matrix, PairCounts } from "../helpers/pairs.ts";
import { runSettings } from "../helpers/runs.ts";
import { ACCOUNTS, DAO, DESK, MAZE, NFT, SHOP, TOKEN, compileFile } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";

const ENTRANTS: readonly Entrant[] = [{ name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: false }];

for (const suite of [TOKEN, NFT, DAO, DESK, MAZE, SHOP]) {
  describe(suite.name, () => {
    it("independent calls give the same in both orders, and neither waits", { timeout: 600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const counts = noPairs();
      const modules = await loadAll(compiled);
      const matrix = matrixFor(suite, compiled);
      await fc.assert(
        fc.asyncProperty(arbitraryBlocks(habitsOf(suite, compiled)), async (blocks) => {
          await check({ suite, compiled, modules, matrix, counts }, blocks);
        }),
        runSettings(`pairs of ${suite.name}`, 120),
      );
      console.log(`pairs of ${suite.name}: ${JSON.stringify(counts)}`);
      expect(counts.independent).toBeGreaterThan(100);
      expect(counts.dependent).toBeGreaterThan(10);
      expect(counts.together).toBeGreaterThan(100);
    });

    it("shows a matrix that calls everything independent to be wrong", { timeout: 600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const modules = await loadAll(compiled);
      const entries = [...matrixFor(suite, compiled)];
      const matrix: Matrix = new Map(
        entries.map(([key, entry]) => [key, { ...entry, pair: { ...entry.pair, condition: [], escrow: false } }]),
      );
      const histories = fc.sample(arbitraryBlocks(habitsOf(suite, compiled)), { seed: 1, numRuns: 30 });
      const refute = async (): Promise<void> => {
        for (const blocks of histories) await check({ suite, compiled, modules, matrix, counts: noPairs() }, blocks);
      };
      await expect(refute()).rejects.toThrow();
    });
  });
}

function habitsOf(suite: Suite, compiled: Compiled): Habits {
  const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  return { ...suite.habits, accounts: ACCOUNTS.length, contracts, calls: 30, blocks: { min: 2, max: 4 } };
}

function matrixFor(suite: Suite, compiled: Compiled): Matrix {
  return matrixOf(compiled, suite.deployments[0].contract, { getters: true });
}

interface Test {
  readonly suite: Suite;
  readonly compiled: Compiled;
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly matrix: Matrix;
  readonly counts: PairCounts;
}

/** Runs the blocks but the last, then takes each two calls of the last one that stand next to each other. */
async function check({ suite, compiled, modules, matrix, counts }: Test, blocks: readonly BlockSpec[]): Promise<void> {
  const arena = await openArena(ENTRANTS);
  try {
    const setting = await playHistory(arena, { suite, compiled, modules, blocks: blocks.slice(0, -1) }, createTally(), Infinity);
    const matrices = suite.deployments.map(() => matrix);
    await checkPairs({ arena, setting, matrices, counts }, blocks[blocks.length - 1]);
  } finally {
    await closeArena(arena);
  }
}
