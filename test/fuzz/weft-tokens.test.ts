/** What random programs consist of: whatever isn't in any of them is never tried. */
import { Lexer } from "chevrotain";
import { beforeAll, expect, test } from "vitest";
import { parseFile, parseWithTokens } from "../../grammar/parse.ts";
import { allTokens } from "../../grammar/tokens.ts";
import { ROOT } from "../helpers/cli.ts";
import { readCorpus } from "./formatting.ts";
import { randomOf } from "./random.ts";
import { spaced } from "./spacing.ts";
import { randomTokens } from "./weft-tokens.ts";

const PROGRAMS = 1500;

const words = new Set<string>();
const shapes = new Set<string>();

beforeAll(() => {
  for (let i = 0; i < PROGRAMS; i++) {
    const random = randomOf(1, i);
    const text = spaced(randomTokens(random), random).join("");
    const { file, problems, tokens } = parseWithTokens("", text);
    expect(problems, text).toEqual([]);
    for (const { tokenType } of tokens) words.add(tokenType.name);
    collectShapes(file.items, shapes);
  }
}, 300_000);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Kinds of nodes, and for each of their parts whether it was there or not. */
function collectShapes(root: unknown, into: Set<string>): void {
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isObject(node)) continue;
    const { kind } = node;
    for (const [key, part] of Object.entries(node)) {
      const isAbsent = part === undefined || (Array.isArray(part) && part.length === 0);
      if (typeof kind === "string") into.add(`${kind} ${isAbsent ? "without" : "with"} ${key}`);
      if (isObject(part)) open.push(part);
    }
  }
}

test("they have all words and signs of the language", () => {
  const missing = allTokens.filter(({ PATTERN, LABEL, name }) => PATTERN !== Lexer.NA && LABEL !== undefined && !words.has(name));
  expect(missing.map(({ LABEL }) => LABEL)).toEqual([]);
});

test("they have all kinds of nodes that programs of the corpus have, with and without their parts", () => {
  const wanted = new Set<string>();
  for (const tokens of readCorpus(ROOT)) {
    const { file, problems } = parseFile("", tokens.join(" "));
    expect(problems, tokens.join(" ")).toEqual([]);
    collectShapes(file.items, wanted);
  }
  expect([...wanted].filter((shape) => !shapes.has(shape))).toEqual([]);
  expect(wanted.size).toBeGreaterThan(300);
});
