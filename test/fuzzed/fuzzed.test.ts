/**
 * Seeded bugs are found by the fuzz tests and invariants of the contracts in this folder, within what `weft test` does by itself and for several seeds, with a
 * counterexample that fails in the same way as a plain test; and the contracts without bugs pass. UPDATE_GOLDEN=1 writes the table of docs/fuzzing.md anew.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { isUpdating } from "../docs/pages.ts";
import { BUGS } from "./bugs.ts";
import { contractText, named, play, subjectOf, withBug } from "./hunt.ts";

const SEEDS = process.env["CI"] === "1" ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 3];
/** All cases are played then. */
const QUIET_SEEDS = SEEDS.slice(0, process.env["CI"] === "1" ? 4 : 1);
const TIMEOUT_MS = 600_000;

const PAGE = join(ROOT, "docs/fuzzing.md");
const BEGIN = "<!-- bugs: checked by test/fuzzed/fuzzed.test.ts -->\n";
const END = "<!-- end of bugs -->\n";

describe("found, with a counterexample that can be pasted", () => {
  test.each(BUGS.map((bug) => [bug.what, bug] as const))(
    "%s",
    async (_, bug) => {
      const text = withBug(bug);
      const subject = await subjectOf(text);
      const reports = await play(subject, named(subject, bug.by), SEEDS);
      for (const { options, failure, counterexample, runs } of reports) {
        const { seed } = options;
        expect({ seed, found: failure !== undefined, runs: runs <= 256 }).toEqual({ seed, found: true, runs: true });
        if (counterexample === undefined) throw new Error(`seed ${seed}: no counterexample`);
        expect(counterexample.reproduced).toBe(true);
        expect(counterexample.calls).toBeLessThanOrEqual(6);
        const pasted = await subjectOf(`${text}\n${counterexample.code}`);
        expect(await pasted.codeOf(`${bug.by}: counterexample`)).toBe(failure?.code);
      }
    },
    TIMEOUT_MS,
  );
});

describe("quiet without a bug", () => {
  test.each(readdirSync(import.meta.dirname).filter((name) => name.endsWith(".weft")))(
    "%s",
    async (file) => {
      const subject = await subjectOf(contractText(file));
      expect(subject.fuzzed.length).toBeGreaterThan(0);
      for (const fuzzed of subject.fuzzed) {
        for (const { failure, options, runs } of await play(subject, fuzzed, QUIET_SEEDS)) {
          expect({ title: fuzzed.test.title, seed: options.seed, failure, runs }).toEqual({
            title: fuzzed.test.title,
            seed: options.seed,
            failure: undefined,
            runs: 256,
          });
        }
      }
    },
    TIMEOUT_MS,
  );
});

test("the same seed gives the same counterexample", { timeout: TIMEOUT_MS }, async () => {
  const [bug] = BUGS.filter(({ file }) => file === "registry.weft");
  const subject = await subjectOf(withBug(bug));
  const reports = await play(subject, named(subject, bug.by), [11, 11]);
  expect(reports[0].counterexample).toBeDefined();
  expect(reports[1]).toEqual(reports[0]);
});

test("the table of the page says what is found here", async () => {
  const rows = BUGS.map(({ what, file, by }) => `| ${what} | \`${file}\` | ${by} |\n`);
  const table = await format(`| bug | contract | found by |\n| --- | --- | --- |\n${rows.join("")}`, {
    parser: "markdown",
  });
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  expect(to).toBeGreaterThan(from);
  if (isUpdating) writeFileSync(PAGE, `${page.slice(0, from)}\n${table}\n${page.slice(to)}`);
  else expect(page.slice(from, to).trim()).toBe(table.trim());
});
