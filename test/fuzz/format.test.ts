/**
 * The formatter on random programs, and on declarations of the corpus, with random white space and comments between all tokens: the same program
 * afterwards, with all comments, and formatted twice is formatted once. `npm run fuzz:format` does the same for a million.
 */
import { expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { readCorpus, runFormatting } from "./formatting.ts";
import { FROM, SEED } from "./settings.ts";

const PROGRAMS = Number(process.env["WEFT_FMT_PROGRAMS"] ?? (process.env["CI"] === undefined ? 2000 : 30_000));

test(`${PROGRAMS} programs, seed ${SEED}`, { timeout: 120_000 + PROGRAMS * 50 }, () => {
  const { done, faults } = runFormatting({ seed: SEED, from: FROM, programs: PROGRAMS, report: () => undefined }, readCorpus(ROOT));
  expect(faults).toEqual([]);
  expect(done).toBe(PROGRAMS);
});
