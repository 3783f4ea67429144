/**
 * What the comparisons are worth: mistakes are put into the analysis one at a time (`mutants`), and each must be noticed where it is known to show. A
 * mutant whose line is gone from the compiler fails as stale. Continuous integration takes all, other runs a third, chosen by the seed; `npm run mutants`
 * takes all and prints by what each was noticed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runSettings } from "../helpers/runs.ts";
import { ROOT } from "../helpers/suites.ts";

const PAGE = new URL("docs/testing.md", ROOT);
const BEGIN = "<!-- mutants: checked by test/soundness/mutants.test.ts -->\n";
const END = "<!-- end of mutants -->\n";

function mutants(...args: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  const entry = fileURLToPath(new URL("dist/mutants.js", ROOT));
  return spawnSync(process.execPath, [entry, ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
}

it("every mistake in the analysis is noticed", { timeout: 1_800_000 }, () => {
  const { seed } = runSettings("mutants", 1);
  const parts = process.env["CI"] === undefined && process.env["WEFT_RUNS"] === undefined ? 3 : 1;
  const { status, stdout } = mutants("--part", `${seed % parts}/${parts}`);
  console.log(stdout);
  expect(stdout.split("\n").filter((line) => line.startsWith("WRONG"))).toEqual([]);
  expect(stdout).toMatch(/^(\d+) of \1 mutants noticed$/m);
  expect(status).toBe(0);
});

/** With UPDATE_GOLDEN=1 it is written anew. */
it("docs/testing.md lists the mistakes, and where each shows", () => {
  const { stdout } = mutants("--list");
  const table = stdout.trim();
  expect(table.split("\n").length).toBeGreaterThan(200);
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  expect(to).toBeGreaterThan(from);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(PAGE, `${page.slice(0, from)}\n${table}\n\n${page.slice(to)}`);
  else expect(page.slice(from, to).trim()).toBe(table);
});
