/**
 * What the differential tests are worth: mistakes of analysis and planning are put into emitted modules, one at a time, and random blocks must
 * show each of them, by a difference from the interpreter, a touched cell that isn't planned, or the trap on accesses without a place.
 * Each run takes a part of all mistakes, chosen by the seed; WEFT_RUNS=20 takes all and prints which was caught by what.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compiled } from "../../compiler/pipeline.ts";
import { InternalError } from "../../runtime/execute/internal-error.ts";
import { loadModule } from "../../runtime/load.ts";
import type { BlockSpec } from "../helpers/call-spec.ts";
import { moduleText } from "../helpers/chains.ts";
import { Difference, createTally } from "../helpers/compare.ts";
import { compareEngines, contractNamed, functionsOf } from "../helpers/differential.ts";
import type { Entrant } from "../helpers/compare.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { mutantsOf } from "../helpers/mutants.ts";
import type { Mutant } from "../helpers/mutants.ts";
import { runSettings } from "../helpers/runs.ts";
import { ACCOUNTS, DAO, DESK, NFT, TOKEN, compileFile } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";

/** Mistakes tried per contract, and histories tried per mistake. */
const MISTAKES = 24;
const HISTORIES = 12;
/** Always the same histories: that these show every mistake has been tried. */
const HISTORY_SEED = 7;

/** One worker shows all of these: they put calls in wrong places or order, whoever runs them. */
const ENTRANTS: readonly Entrant[] = [{ name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true }];

interface Harmless {
  readonly mutant: RegExp;
  readonly why: string;
}

const NO_LIMIT = "(Δ of no amount|Δ always cleared)";

/** Changes that no block can show. */
const HARMLESS: ReadonlyMap<string, readonly Harmless[]> = new Map([
  [
    "token",
    [
      {
        mutant: new RegExp(`${NO_LIMIT} in plan(Mint|Transfer|TransferFrom|Airdrop): .*BALANCES, \\w+, 0, `),
        why: "balances add up to the supply, which has a cap: no credit overflows",
      },
      { mutant: new RegExp(`${NO_LIMIT} in planBurn: .*self\\.totalSupply`), why: "the supply is never less than one balance" },
    ],
  ],
  [
    "nft",
    [
      {
        mutant: new RegExp(`${NO_LIMIT} in plan\\w+: .*self\\.balances\\[`),
        why: "a balance counts the tokens an account owns: it is 1 at least where one goes",
      },
      {
        mutant: /R taken for a Δ in planTransferFrom: APPROVALS/,
        why: "the same cell is written later in the call, and a Δ beside a W is a W",
      },
    ],
  ],
  [
    "dao",
    [
      {
        mutant: new RegExp(`${NO_LIMIT} in planJoin: .*self\\.members`),
        why: "a member's power overflows only where the total does, and that is checked too",
      },
      { mutant: new RegExp(`${NO_LIMIT} in planVote: .*self\\.proposals`), why: "votes add up to the total power at most" },
      { mutant: new RegExp(`${NO_LIMIT} in planExecute: .*COIN, \\w+, 0, `), why: "all coin together fits 256 bits" },
    ],
  ],
  [
    "desk",
    [
      {
        mutant: /R taken for a Δ in plan(Reward|Chase|Hop): (HOLDER|NEXT) at/,
        why: "the key was read while planning; the code doesn't read it again, and either mode waits for writers",
      },
      {
        mutant: /Δ weakened to R in planPass: .*self\.points\[holder\]$/,
        why: "the call debits the same cell before: the two make a W together either way",
      },
      {
        mutant: /W (weakened to R|taken for a Δ) in planFlag: FLAGS/,
        why: "the call changes the same cell by `|=` before: two kinds at one cell make a W together either way",
      },
      { mutant: /access lost in planPass: p\.read\(b \+ 2, HOLDER/, why: "the same cell is read again later in the call" },
      {
        mutant: new RegExp(`${NO_LIMIT} in planPass: .*self\\.points\\[holder\\]`),
        why: "the call debits the same cell before: it can't overflow by one",
      },
      { mutant: new RegExp(`${NO_LIMIT} in planDrain: .*COIN`), why: "the call reads its balance too, so that this is a W" },
      { mutant: new RegExp(`${NO_LIMIT} in plan(Deposit|Refund): .*(OWED|COIN)`), why: "all coin together fits 256 bits" },
      {
        mutant: new RegExp(`${NO_LIMIT} in plan(Refund|Grow): .*(POINTS|SMALL)`),
        why: "shows only where two calls of one block pass a limit together: too rare to ask for",
      },
    ],
  ],
]);

for (const suite of [TOKEN, NFT, DAO, DESK]) {
  describe(suite.name, () => {
    it("shows mistakes in plans on random blocks", { timeout: 3_600_000 }, async () => {
      const compiled = compileFile(suite.path);
      const harmless = HARMLESS.get(suite.name) ?? [];
      const all = mutantsOf(moduleText(compiled, suite.deployments[0].contract));
      const telling = all.filter((mutant) => !harmless.some((each) => each.mutant.test(mutant.name)));
      const { seed, numRuns } = runSettings(`mutations of ${suite.name}`, MISTAKES);
      const chosen = choose(telling, numRuns, seed);
      const histories = fc.sample(arbitraryHistory(suite, compiled), { seed: HISTORY_SEED, numRuns: HISTORIES });
      const unchanged = { kind: "none", name: "no mistake", text: moduleText(compiled, suite.deployments[0].contract) };
      expect(await caughtBy(unchanged, suite, compiled, histories)).toBeUndefined();
      const missed: string[] = [];
      for (const mutant of chosen) {
        const reason = await caughtBy(mutant, suite, compiled, histories);
        if (reason === undefined) missed.push(mutant.name);
        else if (chosen.length === telling.length) console.log(`${mutant.name}\n    caught by: ${reason}`);
      }
      console.log(
        `mutations of ${suite.name}: ${chosen.length - missed.length} of ${chosen.length} caught; ${telling.length} in all, ${all.length - telling.length} that mean nothing`,
      );
      expect(missed).toEqual([]);
    });

    it("has every change that is said to mean nothing", () => {
      const all = mutantsOf(moduleText(compileFile(suite.path), suite.deployments[0].contract));
      for (const { mutant } of HARMLESS.get(suite.name) ?? [])
        expect(
          all.some((each) => mutant.test(each.name)),
          String(mutant),
        ).toBe(true);
    });
  });
}

/** Some of them, evenly from all of the text. */
function choose(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  if (count >= mutants.length) return mutants;
  const stride = mutants.length / count;
  const first = seed % mutants.length;
  return Array.from({ length: count }, (_, i) => mutants[Math.floor(first + i * stride) % mutants.length]);
}

function arbitraryHistory(suite: Suite, compiled: Compiled): fc.Arbitrary<BlockSpec[]> {
  const contracts = suite.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  return arbitraryBlocks({ ...suite.habits, accounts: ACCOUNTS.length, contracts, blocks: { min: 10, max: 40 } });
}

/** What the first history that shows it says; undefined when none does. */
async function caughtBy(mutant: Mutant, suite: Suite, compiled: Compiled, histories: readonly BlockSpec[][]): Promise<string | undefined> {
  const modules = new Map([[suite.deployments[0].contract, await loadModule(mutant.text)]]);
  for (const blocks of histories) {
    try {
      await compareEngines({ suite, compiled, modules, blocks, entrants: ENTRANTS }, createTally());
    } catch (error) {
      // Anything else is a fault of the test.
      if (!(error instanceof Difference || error instanceof InternalError)) throw error;
      return `${error.name}: ${error.message}`.slice(0, 200);
    }
  }
  return undefined;
}
