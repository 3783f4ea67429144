/** A profiled block leaves no trace, and its graph is the one that the parallel run has: each edge has a cell at which the two calls meet, or one of them runs alone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockBuffer } from "../../runtime/block.ts";
import { ACCESS_WHOLE, CAUSES, findWaits } from "../../runtime/simulate/waits.ts";
import type { Cause } from "../../runtime/simulate/waits.ts";
import { simulate, waitsOf } from "../../runtime/simulate/simulate.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import { loadAll } from "../helpers/chains.ts";
import { compareReceipt, createTally } from "../helpers/compare.ts";
import { closeArena, contractNamed, functionsOf, openArena, playHistory } from "../helpers/differential.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { runSettings } from "../helpers/runs.ts";
import { ACCOUNTS, compileFile, DAO, DESK, MAZE, MILL, SHOP, TOKEN } from "../helpers/suites.ts";

const HISTORIES = 3;
const BLOCKS = 6;

describe.each([DAO, DESK, MAZE, MILL, SHOP, TOKEN].map((suite) => [suite.name, suite] as const))("of %s", (name, suite) => {
  test("random blocks", { timeout: 600_000 }, async () => {
    const compiled = compileFile(suite.path);
    const modules = await loadAll(compiled);
    const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
    const habits = { ...suite.habits, accounts: ACCOUNTS.length, contracts, blocks: { min: 1, max: BLOCKS } };
    const found = new Map<Cause, number>();
    await fc.assert(
      fc.asyncProperty(arbitraryBlocks(habits), async (blocks) => {
        const arena = await openArena([{ name: "profiled", workers: 1, mode: "parallel", chunk: 4, delay: undefined, trace: false }]);
        try {
          const setting = await playHistory(arena, { suite, compiled, modules, blocks: [] }, createTally(), 1);
          const { world } = arena;
          const [{ chain }] = arena.contenders;
          for (const spec of blocks) {
            const time = world.time() + spec.advance;
            const calls = resolveBlock(setting, world, spec);
            const block = blockBuffer(calls);
            const before = chain.digest();
            const profile = await chain.profile(block, { time });
            expect(chain.digest()).toBe(before);
            const waits = findWaits(profile, profile.accesses, waitsOf(profile, 3), 1_000);
            const atCells = waits.hottest.reduce((sum, cell) => sum + cell.edges, 0);
            expect(atCells).toBe(edgesOf(waits.byCause) - waits.byCause["runs alone"].edges);
            const names = waits.hottest.map(({ cell }) => profile.nameOf(cell));

            const outcomes = world.runBlock(calls, time);
            const traced = await chain.execute(block, { time, mode: "parallel", trace: true });
            // The runtime counts the edges to a call that ran alone, too, from all later ones.
            const edges = edgesOf(waits.byCause);
            if (waits.byCause["runs alone"].edges === 0) expect(edges).toBe(traced.stats.edges);
            else expect(edges).toBeLessThanOrEqual(traced.stats.edges + 1);
            const planned = calls.flatMap((_, call) => traced.plannedCells(call).map(({ cell }) => cell));
            // Plans with whole fields name them in another way when only some leaf of it is meant.
            for (const [i, cell] of names.entries()) if (!isWhole(profile, waits.hottest[i].cell)) expect(planned).toContain(cell);
            chain.discard();
            const { receipts } = await chain.run(block, { time, mode: "serial", trace: false });
            outcomes.forEach(({ receipt }, call) => compareReceipt(`call ${call}`, receipt, receipts.at(call)));
            for (const workers of [1, 2, 8]) expect(simulate(profile, workers).block.ns).toBeGreaterThan(0);
            for (const cause of CAUSES) found.set(cause, (found.get(cause) ?? 0) + waits.byCause[cause].edges);
          }
        } finally {
          await closeArena(arena);
        }
      }),
      runSettings(`profiles of ${name}`, HISTORIES),
    );
    console.log(name, [...found].map(([cause, edges]) => `${cause} ${edges}`).join(", "));
  });
});

type Profile = Awaited<ReturnType<Parameters<typeof closeArena>[0]["contenders"][number]["chain"]["profile"]>>;

function isWhole({ accesses }: Profile, cell: number): boolean {
  return accesses.cells.some((each, i) => each === cell && (accesses.modes[i] & ACCESS_WHOLE) !== 0);
}

function edgesOf(byCause: Readonly<Record<Cause, { readonly edges: number }>>): number {
  return CAUSES.reduce((sum, cause) => sum + byCause[cause].edges, 0);
}
