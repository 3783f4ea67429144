/** Emitted modules run for real: the example contracts by hand, and a contract full of oddities against the reference interpreter. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Receipt } from "../../../runtime/types.ts";
import { textHex } from "../../interpreter/values.ts";
import { loadAll } from "../../helpers/chains.ts";
import { createTally } from "../../helpers/compare.ts";
import { compareEngines, contractNamed, functionsOf } from "../../helpers/differential.ts";
import { arbitraryBlocks } from "../../helpers/generate.ts";
import { ACCOUNTS, compileFile, type Suite } from "../../helpers/suites.ts";
import { ALICE, block, BOB, CAROL, deploy, logsOf, said, START, view, type CallSpec } from "./deployed.ts";
import { CONSTRUCTS } from "./fixtures.ts";

for (const mode of ["serial", "parallel"] as const) {
  describe(`emitted modules, ${mode}`, () => {
    it("move tokens, refuse debits that aren't covered, and pay out lists", async () => {
      const token = await deploy("examples/token/token.weft", "Token", ["Gold", "GLD", 1_000n]);
      const calls: CallSpec[] = [
        { from: ALICE, name: "mint", args: [ALICE, 900n] },
        { from: ALICE, name: "transfer", args: [BOB, 250n] },
        { from: BOB, name: "transfer", args: [BOB, 251n] },
        { from: ALICE, name: "mint", args: [BOB, 101n] },
        { from: BOB, name: "mint", args: [BOB, 1n] },
        { from: ALICE, name: "airdrop", args: [[BOB, CAROL, ALICE], 10n] },
        { from: ALICE, name: "airdrop", args: [[], 10n] },
        { from: BOB, name: "transferFrom", args: [ALICE, CAROL, 1n] },
      ];
      const receipts = await block(token, mode, calls);
      expect(receipts.map((receipt, i) => said(token, calls[i].name, receipt))).toEqual([
        [],
        [true],
        { InsufficientBalance: [BOB, 251n] },
        { CapExceeded: [1_000n] },
        { NotOwner: [BOB] },
        [],
        { NoRecipients: [] },
        { InsufficientAllowance: [BOB, 1n] },
      ]);
      expect([ALICE, BOB, CAROL].map((who) => view(token, "balanceOf", [who]))).toEqual([[630n], [260n], [10n]]);
      expect(logsOf(token, receipts[5])).toEqual([BOB, CAROL, ALICE].map((to) => ["Transfer", ALICE, to, 10n]));
      expect(view(token, "symbol", [])).toEqual(["GLD"]);
    });

    it("leave out a check that the plan has cleared, though another entry names its cell by a key that nobody knows before", async () => {
      const shared = await deploy("test/footprints/shared.weft", "Shared", []);
      const calls: CallSpec[] = [
        { from: ALICE, name: "knownFill", args: [3n, 20n] },
        { from: BOB, name: "knownFill", args: [3n, 30n] },
        { from: ALICE, name: "knownFill", args: [3n, 1n] },
        { from: ALICE, name: "changedFill", args: [7n] },
        { from: BOB, name: "changedTake", args: [6n] },
        { from: BOB, name: "knownTake", args: [7n, 2n] },
        { from: ALICE, name: "knownTake", args: [3n, 10n] },
        { from: CAROL, name: "lateFill", args: [45n] },
        { from: CAROL, name: "lateFill", args: [40n] },
      ];
      // One block each: beside calls that may take any cell, nothing is cleared.
      const receipts: Receipt[] = [];
      for (const call of calls) receipts.push(...(await block(shared, mode, [call])));
      const succeeded = receipts.map(({ status }) => (status === "success" ? 1 : 0));
      expect(succeeded).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0]);
    });

    it("hand out ids in block order and keep them apart", async () => {
      const art = await deploy("examples/nft/nft.weft", "Collectible", ["Art"]);
      const calls: CallSpec[] = [
        { from: ALICE, name: "mint", args: [ALICE, "a"] },
        { from: BOB, name: "mint", args: [BOB, "b"] },
        { from: ALICE, name: "mint", args: [BOB, "ü".repeat(100)] },
        { from: ALICE, name: "transferFrom", args: [ALICE, CAROL, 0n] },
        { from: ALICE, name: "transferFrom", args: [ALICE, CAROL, 0n] },
        { from: BOB, name: "burn", args: [1n] },
      ];
      const receipts = await block(art, mode, calls);
      // Who may mint doesn't depend on state, so the refused call drew no number (rule T2).
      expect(receipts.map((receipt, i) => said(art, calls[i].name, receipt))).toEqual([
        [0n],
        { NotMinter: [BOB] },
        [1n],
        [],
        { NotTokenOwner: [ALICE, 0n] },
        [],
      ]);
      expect(view(art, "ownerOf", [0n])).toEqual([CAROL]);
      expect(view(art, "ownerOf", [1n])).toEqual({ NoSuchToken: [1n] });
      expect(view(art, "tokenUri", [0n])).toEqual(["a"]);
      expect([ALICE, BOB, CAROL].map((who) => view(art, "balanceOf", [who]))).toEqual([[0n], [0n], [1n]]);
    });

    it("take coin in, count votes, and pay a proposal once", async () => {
      const dao = await deploy("examples/dao/dao.weft", "Dao", ["Guild", 50n]);
      const joined: CallSpec[] = [
        { from: ALICE, name: "join", args: [], value: 60_000_000_000n },
        { from: BOB, name: "join", args: [], value: 40_000_000_000n },
        { from: CAROL, name: "join", args: [], value: 999n },
        { from: ALICE, name: "propose", args: [CAROL, 5_000_000_000n, "Fund the library"] },
        { from: ALICE, name: "vote", args: [0n, true] },
        { from: BOB, name: "vote", args: [0n, false] },
        { from: BOB, name: "vote", args: [0n, true] },
        { from: CAROL, name: "vote", args: [0n, true] },
        { from: BOB, name: "execute", args: [0n] },
      ];
      const first = await block(dao, mode, joined);
      expect(first.map((receipt, i) => said(dao, joined[i].name, receipt))).toEqual([
        [],
        [],
        { NothingPaid: [] },
        [0n],
        [],
        [],
        { AlreadyVoted: [0n, BOB] },
        { NotMember: [CAROL] },
        { VotingOpen: [0n] },
      ]);
      expect(view(dao, "tally", [0n])).toEqual([60n, 40n]);
      expect(dao.chain.balanceOf(dao.address)).toBe(100_000_000_000n);
      const before = dao.chain.balanceOf(CAROL);
      const executed: CallSpec[] = [
        { from: BOB, name: "execute", args: [0n] },
        { from: BOB, name: "execute", args: [0n] },
      ];
      const second = await block(dao, mode, executed, START + 5n * 86_400n);
      expect(second.map((receipt) => said(dao, "execute", receipt))).toEqual([[], { AlreadyClosed: [0n] }]);
      expect(logsOf(dao, second[0])).toEqual([["Executed", 0n]]);
      expect(dao.chain.balanceOf(CAROL) - before).toBe(5_000_000_000n);
      expect(view(dao, "proposals", [0n])).toEqual([ALICE, CAROL, 5_000_000_000n, 60n, 40n, START + 3n * 86_400n, 1n, "Fund the library"]);
    });
  });
}

// --- against the interpreter -----------------------------------------------------------------------------------------

const WORKOUT: Suite = {
  name: "workout",
  path: "test/unit/codegen/workout.weft",
  deployments: [{ contract: "Workout", args: [textHex("label"), 4n] }],
  setup: [],
  holders: {},
  habits: {
    weights: { put: 6, change: 6, parts: 4, keys: 6, loops: 6, wide: 4, logic: 4 },
    ids: new Set(["op", "id", "which", "mood", "i", "from", "to", "by"]),
    sequence: undefined,
    values: [0n, 5n],
    large: [7n],
    advances: [1n],
    calls: 40,
  },
};

const REST: Suite = {
  name: "constructs",
  path: CONSTRUCTS,
  deployments: [
    {
      contract: "Constructs",
      args: [
        [1n, 2n],
        [5n, textHex("home")],
      ],
    },
  ],
  setup: [],
  holders: {},
  habits: {
    weights: {
      push: 6,
      everywhere: 6,
      wide: 6,
      drain: 4,
      hire: 3,
      hireAll: 3,
      paint: 3,
      draw: 4,
      visit: 4,
      mark: 6,
      before: 2,
      crypt: 2,
      wrap: 2,
    },
    ids: new Set(["x", "id", "i", "h", "r", "room"]),
    sequence: undefined,
    values: [0n, 3n],
    large: [7n],
    advances: [1n],
    calls: 40,
  },
};

async function runAgainstInterpreter(suite: Suite, numRuns: number): Promise<ReturnType<typeof createTally>> {
  const compiled = compileFile(suite.path);
  const modules = await loadAll(compiled);
  const tally = createTally();
  const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  const blocks = arbitraryBlocks({ ...suite.habits, accounts: ACCOUNTS.length, contracts, blocks: { min: 10, max: 40 } });
  const entrants = (["serial", "parallel"] as const).map((mode) => ({
    name: mode,
    workers: 1,
    mode,
    chunk: 1,
    delay: undefined,
    trace: mode === "parallel",
  }));
  await fc.assert(
    fc.asyncProperty(blocks, async (history) => {
      await compareEngines({ suite, compiled, modules, blocks: history, entrants }, tally);
    }),
    { numRuns, seed: 20 },
  );
  return tally;
}

describe("a contract full of oddities", () => {
  it("does what the interpreter does, serially and in parallel", { timeout: 300_000 }, async () => {
    const tally = await runAgainstInterpreter(WORKOUT, 12);
    // Overflow, division, enum and index panics all have to come up.
    expect(tally.statuses.get("success") ?? 0).toBeGreaterThan(1_000);
    expect(tally.statuses.get("reverted: 0x4e487b71") ?? 0).toBeGreaterThan(200);
  });

  it("does so with lists, options, sets, histories and keys that only exec can know", { timeout: 300_000 }, async () => {
    const tally = await runAgainstInterpreter(REST, 6);
    expect(tally.statuses.get("success") ?? 0).toBeGreaterThan(500);
    expect(tally.statuses.get("reverted: 0x4e487b71") ?? 0).toBeGreaterThan(100);
  });
});
