/** Random programs through the formatter: how they are made, what must hold of the result, and how a program is made small that shows a fault. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { formatRead, readText } from "../../format/format.ts";
import { differenceBetween } from "../../format/same.ts";
import { parseFile } from "../../grammar/parse.ts";
import { randomOf } from "./random.ts";
import { spaced, tokensOf } from "./spacing.ts";
import { randomTokens } from "./weft-tokens.ts";

export interface FormatRun {
  readonly seed: number;
  readonly from: number;
  readonly programs: number;
  /** Called every so many programs, and once more at the end. */
  readonly report: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  /** Of all texts together. */
  readonly characters: number;
  /** The first of each kind, with the number of its case and as few tokens as still show it. */
  readonly faults: readonly string[];
}

const REPORT_EVERY = 10_000;
/** A run with more kinds of faults has seen enough. */
const MAX_FAULTS = 10;
/** Longer declarations take the time of many. */
const MAX_LENGTH = 1000;
/** So many characters of a text that is refused are enough to see why. */
const SHOWN = 150;
/** One in so many programs is from the corpus. */
const CORPUS_EVERY = 8;
const FOLDERS = [
  "docs",
  "examples",
  "std",
  "templates",
  "test/contracts",
  "test/corpus",
  "test/footprints",
  "test/fuzzed",
  "test/soundness",
  "test/std",
];

export type Corpus = readonly (readonly string[])[];

/** The declarations of all programs that we have, each as its tokens. */
export function readCorpus(root: string): Corpus {
  const declarations = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  )
    .sort()
    .flatMap((path) => {
      if (path.endsWith(".weft")) return [readFileSync(join(root, path), "utf8")];
      return path.endsWith(".md")
        ? [...readFileSync(join(root, path), "utf8").matchAll(/^```weft.*\n([^]*?)^```$/gm)].map(([, text]) => text)
        : [];
    })
    .flatMap((text) => {
      const { file, problems } = parseFile("", text);
      return problems.length > 0 ? [] : file.items.map(({ span }) => text.slice(span.start, span.end));
    });
  return [...new Set(declarations)].filter((text) => text.length < MAX_LENGTH).map(tokensOf);
}

/** Pieces of text: a token with what stands behind it. */
function programOf(seed: number, index: number, corpus: Corpus): readonly string[] {
  const random = randomOf(seed, index);
  return spaced(index % CORPUS_EVERY === CORPUS_EVERY - 1 ? random.pick(corpus) : randomTokens(random), random);
}

/** A mistake of the generator's, most likely: what it made isn't in the language. */
const REFUSED = "refused";

/** What is wrong with the formatted text; undefined for nothing. Each text is read only once, since that is what takes the time. */
export function faultOf(text: string): string | undefined {
  try {
    const before = readText(text);
    if (before.kind === "broken") return `${REFUSED}: ${before.problems[0].code}`;
    const once = formatRead(before);
    if (once.kind === "broken") return "too long";
    const after = readText(once.text);
    if (after.kind === "broken") return "syntax errors in the new text";
    if (differenceBetween(before.plain, after.plain) !== undefined) return "another program";
    const twice = formatRead(after);
    return twice.kind === "formatted" && twice.text === once.text ? undefined : "another text the second time";
  } catch (error) {
    return `thrown: ${String(error).replaceAll(/\d+/g, "n")}`;
  }
}

/** As few pieces as still show it. Of a text that is refused, what stands before the place: fewer pieces would be refused for other reasons. */
function smallest(parts: readonly string[], cause: string): string {
  if (cause.startsWith(REFUSED)) {
    const read = readText(parts.join(""));
    return read.kind === "broken" ? parts.join("").slice(0, read.problems[0].span.end).slice(-SHOWN) : "";
  }
  let kept = [...parts];
  for (let size = kept.length >> 1; size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (faultOf(fewer.join("")) === cause) kept = fewer;
      else at += size;
    }
  }
  return kept.join("");
}

export function runFormatting({ seed, from, programs, report }: FormatRun, corpus: Corpus): Progress {
  const faults = new Map<string, string>();
  let [done, characters] = [0, 0];
  const progress = (): Progress => ({ done, characters, faults: [...faults.values()] });
  while (done < programs && faults.size < MAX_FAULTS) {
    const parts = programOf(seed, from + done, corpus);
    const text = parts.join("");
    characters += text.length;
    const cause = faultOf(text);
    if (cause !== undefined && !faults.has(cause))
      faults.set(cause, `case ${from + done}: ${cause}: ${JSON.stringify(smallest(parts, cause))}`);
    done++;
    if (done % REPORT_EVERY === 0) report(progress());
  }
  report(progress());
  return progress();
}
