/**
 * Fixes on programs that nobody chose: every fix compiles and settles something, and one that says it changes nothing leaves every result, error, log and
 * cell as it was, on random blocks in the reference interpreter. The programs: sums and checks thrown together, the random programs of the footprint
 * tests, and the corpus. WEFT_RUNS=20 runs longer, WEFT_SEED repeats a run.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic, FixChange } from "../../../compiler/diagnostics/diagnostic.ts";
import type { Compilation } from "../../../compiler/pipeline.ts";
import { RANDOM_SUITE, randomProgram } from "../../footprints/programs.ts";
import { ROOT } from "../../helpers/cli.ts";
import { blocksFor, compileText, fixedProgram, storyOf, suiteOf, warningsOf } from "../../helpers/fixes.ts";
import { runSettings } from "../../helpers/runs.ts";
import type { Suite } from "../../helpers/suites.ts";
import { sumsProgram } from "./sums.ts";

const SUMS = 60;
const PROGRAMS = 5;

/** How often the same is reported. A fix may bring others forth, so the number of all says nothing. */
function times({ code, message }: Diagnostic, compilation: Compilation): number {
  return warningsOf(compilation).filter((one) => one.code === code && one.message === message).length;
}

const KINDS = ["nothing", "errors", "abi"] as const;
type Count = Record<Exclude<FixChange, "guess">, number>;

/** Applies each fix by itself; those that change nothing are told apart by nobody. Gives how many there were of each kind. */
function checkFixes(text: string, suite: Suite, seed: number): Count {
  const before = compileText(text);
  if (before.compiled === undefined)
    throw new Error(`doesn't compile: ${before.diagnostics.map(({ message }) => message).join("; ")} in\n${text}`);
  const blocks = blocksFor(before.compiled, suite, seed);
  const count = { nothing: 0, errors: 0, abi: 0 };
  for (const warning of warningsOf(before)) {
    const { code, fixes } = warning;
    for (const fix of fixes) {
      if (fix.changes === "guess") throw new Error(`${code} guesses: ${fix.title}`);
      count[fix.changes]++;
      const { compilation, text: after } = fixedProgram(text, fix);
      if (times(warning, compilation) >= times(warning, before))
        throw new Error(`${code}: ${fix.title} settles nothing in\n${text}\n--- after\n${after}`);
      const { changes } = fix;
      if (changes === "abi" || compilation.compiled === undefined) continue;
      const [wanted, got] = [before.compiled, compilation.compiled].map((one) => storyOf(one, suite, blocks, changes));
      const i = wanted.findIndex((line, at) => line !== got[at]);
      if (i !== -1) throw new Error(`${code}: ${fix.title}:\n- ${wanted[i]}\n+ ${got[i]}\nin\n${text}\n--- after\n${after}`);
    }
  }
  return count;
}

describe("fixes of programs put together at random", () => {
  test("sums, checks and counters mean the same as before", { timeout: 600_000 }, () => {
    const count = { nothing: 0, errors: 0, abi: 0 };
    fc.assert(
      fc.property(fc.noShrink(fc.nat()), fc.nat(), (seed, blockSeed) => {
        const found = checkFixes(sumsProgram(seed), suiteOf("Sums", [7n]), blockSeed);
        for (const kind of KINDS) count[kind] += found[kind];
      }),
      runSettings("sums", SUMS),
    );
    console.log(`fixes: ${JSON.stringify(count)}`);
    expect(count.nothing).toBeGreaterThan(SUMS / 2);
    expect(count.abi).toBeGreaterThan(0);
  });

  test("programs of every construct are looked at without a fault", { timeout: 600_000 }, () => {
    const count = { nothing: 0, errors: 0, abi: 0 };
    fc.assert(
      fc.property(fc.noShrink(fc.nat()), fc.nat(), (seed, blockSeed) => {
        const found = checkFixes(randomProgram(seed).source, RANDOM_SUITE, blockSeed);
        for (const kind of KINDS) count[kind] += found[kind];
      }),
      runSettings("random programs", PROGRAMS),
    );
    console.log(`fixes: ${JSON.stringify(count)}`);
  });
});

describe("fixes of the corpus", () => {
  const folder = join(ROOT, "test/corpus/errors");
  const files = readdirSync(folder)
    .filter((code) => code.startsWith("W10"))
    .flatMap((code) => readdirSync(join(folder, code)).map((name) => join(code, name)));

  test.each(files)("%s", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const before = compileText(text);
    for (const warning of warningsOf(before)) {
      for (const fix of warning.fixes) {
        const { compilation } = fixedProgram(text, fix);
        expect(times(warning, compilation)).toBeLessThan(times(warning, before));
      }
    }
  });
});
