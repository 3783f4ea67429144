/**
 * The formatter on random programs, and on those of the corpus, with random white space and comments between all tokens: the same program afterwards, with
 * all comments, and formatted twice is formatted once.
 *
 *     WEFT_FMT_PROGRAMS=1000000 WEFT_FUZZ_SEED=7 WEFT_FUZZ_LOG=fmt.log npx vitest run test/fuzz/format.test.ts
 *
 * WEFT_FUZZ_FROM begins at a later case, to look at one again.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { format } from "../../format/format.ts";
import { difference } from "../../format/same.ts";
import { ROOT } from "../helpers/cli.ts";
import { randomOf } from "./random.ts";
import { FROM, SEED } from "./settings.ts";
import { spaced, tokensOf } from "./spacing.ts";
import { randomTokens } from "./weft-tokens.ts";

const PROGRAMS = Number(process.env["WEFT_FMT_PROGRAMS"] ?? (process.env["CI"] === undefined ? 600 : 10_000));
const LOG = process.env["WEFT_FUZZ_LOG"];
const LOG_EVERY = 10_000;
/** A run with more faults has seen enough. */
const MAX_FAULTS = 10;
/** Longer programs of the corpus are for other tests. */
const MAX_LENGTH = 1500;

/** Each as its tokens. */
const corpus: readonly (readonly string[])[] = ["docs", "examples", "test/corpus", "test/footprints", "test/soundness"]
  .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)))
  .sort()
  .flatMap((path) => {
    if (path.endsWith(".weft")) return [readFileSync(join(ROOT, path), "utf8")];
    return path.endsWith(".md")
      ? [...readFileSync(join(ROOT, path), "utf8").matchAll(/^```weft.*\n([^]*?)^```$/gm)].map(([, text]) => text)
      : [];
  })
  .filter((text) => text.length < MAX_LENGTH && format(text).kind === "formatted")
  .map(tokensOf);

/** Pieces of text: a token with what stands behind it. */
function program(index: number): readonly string[] {
  const random = randomOf(SEED, index);
  return spaced(index % 4 === 3 ? random.pick(corpus) : randomTokens(random), random);
}

/** What is wrong with the result; undefined for nothing. */
function fault(text: string): string | undefined {
  try {
    const once = format(text);
    if (once.kind === "broken") return `refused: ${once.problems[0].code}`;
    const changed = difference(text, once.text);
    if (changed !== undefined) return "another program";
    const twice = format(once.text);
    return twice.kind === "formatted" && twice.text === once.text ? undefined : "another text the second time";
  } catch (error) {
    return `thrown: ${String(error).replaceAll(/\d+/g, "n")}`;
  }
}

/** As few pieces as still show it. */
function smallest(parts: readonly string[], cause: string): string {
  let kept = [...parts];
  for (let size = kept.length >> 1; size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fault(fewer.join("")) === cause) kept = fewer;
      else at += size;
    }
  }
  return kept.join("");
}

test(`${PROGRAMS} programs, seed ${SEED}`, { timeout: 120_000 + PROGRAMS * 50 }, () => {
  const started = performance.now();
  const faults = new Map<string, string>();
  let [done, length] = [0, 0];
  const log = (state: string): void => {
    if (LOG === undefined) return;
    const seconds = Math.round((performance.now() - started) / 1000);
    const head = `${state}: ${done} programs of seed ${SEED} from case ${FROM}, ${Math.round(length / Math.max(1, done))} characters each, ${seconds} s`;
    writeFileSync(LOG, `${[head, `faults: ${faults.size}`, ...faults.values()].join("\n")}\n`);
  };
  for (; done < PROGRAMS && faults.size < MAX_FAULTS; done++) {
    const parts = program(FROM + done);
    const text = parts.join("");
    length += text.length;
    const cause = fault(text);
    if (cause !== undefined && !faults.has(cause))
      faults.set(cause, `case ${FROM + done}: ${cause}: ${JSON.stringify(smallest(parts, cause))}`);
    if (done % LOG_EVERY === LOG_EVERY - 1) log("so far");
  }
  log("done");
  expect([...faults.values()]).toEqual([]);
});
