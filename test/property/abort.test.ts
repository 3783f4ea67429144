/**
 * What the compiler says of abort points, held against the reference interpreter: a failing call of a function whose checks come first has written nothing,
 * and one where only adds can fail later ends at an add when it has. On the example contracts and on contracts put together at random.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { abortPoints } from "../../compiler/abort/abort.ts";
import type { AbortPoints } from "../../compiler/abort/abort.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { FuncId, Stmt } from "../../compiler/typed/tree.ts";
import { visitExpr } from "../../compiler/typed/walk.ts";
import { smallBlocks } from "../footprints/blocks.ts";
import { RANDOM_SUITE, randomProgram } from "../footprints/programs.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import type { BlockSpec } from "../helpers/call-spec.ts";
import { contractNamed, functionsOf } from "../helpers/differential.ts";
import { populate } from "../helpers/populate.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { runSettings } from "../helpers/runs.ts";
import { ACCOUNTS, DAO, DESK, NFT, TOKEN, compileFile } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";
import type { Failure } from "../interpreter/world-state.ts";

type Verdicts = ReadonlyMap<FuncId, AbortPoints>;

/** Failing calls by what is said of their function, and how many of them had written something. */
interface Counts {
  readonly calls: Record<AbortPoints["verdict"], number>;
  readonly undone: Record<AbortPoints["verdict"], number>;
}

function noCounts(): Counts {
  const zero = { checksFirst: 0, addsOnly: 0, needsUndo: 0 };
  return { calls: { ...zero }, undone: { ...zero } };
}

function verdictsOf({ program, footprints }: Compiled): Verdicts {
  return new Map(footprints.contracts.flatMap((footprint) => [...abortPoints(footprint, program)]));
}

/** Throws where a failing call did more than the compiler says. */
function checkBlocks(suite: Suite, compiled: Compiled, blocks: readonly BlockSpec[], verdicts: Verdicts, counts: Counts): void {
  const { world, setting } = populate(suite, compiled);
  for (const block of blocks) {
    const calls = resolveBlock(setting, world, block);
    for (const { failure } of world.runBlock(calls, world.time() + block.advance)) {
      if (failure !== undefined) checkFailure(compiled, failure, verdicts, counts);
    }
  }
}

function checkFailure(compiled: Compiled, { func, undone, last }: Failure, verdicts: Verdicts, counts: Counts): void {
  const verdict = verdicts.get(func)?.verdict ?? "needsUndo";
  counts.calls[verdict] += 1;
  if (undone === 0) return;
  counts.undone[verdict] += 1;
  const { name, site } = compiled.program.functions.get(func) ?? { name: "", site: undefined };
  if (verdict === "checksFirst") throw new Error(`${name} had written something when it failed (${JSON.stringify(site)})`);
  if (verdict === "addsOnly" && !isAdd(compiled, last))
    throw new Error(`${name} failed at something else than an add (${JSON.stringify(last?.site)})`);
}

function isAdd({ footprints }: Compiled, stmt: Stmt | undefined): boolean {
  if (stmt === undefined) return false;
  if (stmt.kind === "update") return stmt.op === "+" || stmt.op === "-";
  if (stmt.kind === "require") return footprints.absorbed.has(stmt.id);
  if (stmt.kind !== "expr") return false;
  let pays = false;
  visitExpr(stmt.expr, { expr: ({ kind }) => (pays ||= kind === "pay") });
  return pays;
}

const HISTORIES = 40;
const PROGRAMS = 12;

function historiesOf(suite: Suite, compiled: Compiled): fc.Arbitrary<readonly BlockSpec[]> {
  const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  return arbitraryBlocks({ ...suite.habits, accounts: ACCOUNTS.length, contracts, calls: 30, blocks: { min: 2, max: 4 } });
}

describe("what a failing call has done by then", () => {
  for (const suite of [TOKEN, NFT, DAO, DESK]) {
    test(`in the ${suite.name}`, { timeout: 600_000 }, () => {
      const compiled = compileFile(suite.path);
      const counts = noCounts();
      const verdicts = verdictsOf(compiled);
      fc.assert(
        fc.property(historiesOf(suite, compiled), (blocks) => {
          checkBlocks(suite, compiled, blocks, verdicts, counts);
        }),
        runSettings(`abort points of the ${suite.name}`, HISTORIES),
      );
      expect(counts.calls.checksFirst + counts.calls.addsOnly).toBeGreaterThan(0);
    });
  }

  test("in contracts put together at random", { timeout: 600_000 }, () => {
    const counts = noCounts();
    fc.assert(
      fc.property(fc.noShrink(fc.nat()), fc.nat(), (seed, blockSeed) => {
        const { source, compiled } = randomProgram(seed);
        const functions = RANDOM_SUITE.deployments.map(({ contract }) => functionsOf(compiled, contractNamed(compiled, contract)));
        const [blocks] = fc.sample(smallBlocks(functions, { blocks: { min: 1, max: 8 }, calls: 24 }), { seed: blockSeed, numRuns: 1 });
        try {
          checkBlocks(RANDOM_SUITE, compiled, blocks, verdictsOf(compiled), counts);
        } catch (error) {
          throw new Error(`${String(error)} in\n${source}`, { cause: error });
        }
      }),
      runSettings("abort points of random contracts", PROGRAMS),
    );
    console.log(`failing calls ${JSON.stringify(counts.calls)}, with something to undo ${JSON.stringify(counts.undone)}`);
    expect(counts.calls.checksFirst).toBeGreaterThan(0);
    expect(counts.undone.needsUndo).toBeGreaterThan(0);
  });
});

describe("a wrong word shows", () => {
  test("when all functions of the token are said to check first", () => {
    const compiled = compileFile(TOKEN.path);
    const verdicts: Verdicts = new Map(
      [...verdictsOf(compiled)].map(([id, points]) => [id, { ...points, verdict: "checksFirst" as const }]),
    );
    const histories = fc.sample(historiesOf(TOKEN, compiled), { seed: 1, numRuns: HISTORIES });
    const run = (): void => {
      for (const blocks of histories) checkBlocks(TOKEN, compiled, blocks, verdicts, noCounts());
    };
    expect(run).toThrow("had written something");
  });
});
