/**
 * The colours of whole texts: a golden file for a text with every construct, one for words across all programs, and random texts made of tokens, on which
 * grammar and lexer must agree. UPDATE_GOLDEN=1 writes the golden files anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { IGrammar } from "vscode-textmate";
import { scan } from "../../grammar/lexer.ts";
import { WeftParser } from "../../grammar/parser.ts";
import { matchBrackets } from "../../grammar/brackets.ts";
import { MAX_BRACKETS } from "../../grammar/parser-base.ts";
import { allTokens } from "../../grammar/tokens.ts";
import { textOf } from "../../scripts/textmate/scopes.ts";
import { isUpdating } from "../docs/pages.ts";
import { randomOf } from "../fuzz/random.ts";
import type { Random } from "../fuzz/random.ts";
import { ROOT } from "../helpers/cli.ts";
import { faultsOf, weftFiles } from "../helpers/colours.ts";
import { SYNTAXES, loadGrammar, tokenize } from "../helpers/textmate.ts";
import type { Scoped } from "../helpers/textmate.ts";

const FOLDER = join(ROOT, "test/editors/colours");
const RUNS = 2_000 * Number(process.env["WEFT_RUNS"] ?? "1");

let grammar: IGrammar;
beforeAll(async () => {
  grammar = await loadGrammar("source.weft", { "source.weft": join(SYNTAXES, "weft.tmLanguage.json") });
});

function matchGolden(name: string, text: string): void {
  const path = join(FOLDER, name);
  if (isUpdating) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Each line, and below it what its parts are. */
function drawn(text: string): string {
  const found = tokenize(grammar, text);
  let [offset, at] = [0, 0];
  const rows: string[] = [];
  for (const line of text.split("\n")) {
    rows.push(`| ${line}`);
    for (; at < found.length && found[at].start < offset + line.length; at += 1) {
      const { start, end, scopes } = found[at];
      const inner = scopes.slice(1).map((scope) => scope.replace(/\.weft$/, ""));
      if (inner.length === 0 || text.slice(start, end).trim() === "") continue;
      rows.push(`  ${" ".repeat(start - offset)}${"^".repeat(end - start)} ${inner.join(" ")}`);
    }
    offset += line.length + 1;
  }
  return `${rows.map((row) => row.trimEnd()).join("\n")}\n`;
}

test("a text with every construct is coloured as it was", () => {
  matchGolden("specimen.txt", drawn(readFileSync(join(FOLDER, "specimen.weft"), "utf8")));
});

test("the text with every construct has each token that isn't junk, and its syntax is right", () => {
  const text = readFileSync(join(FOLDER, "specimen.weft"), "utf8").replace("\\q", "");
  const scanned = scan(text, 50);
  const brackets = matchBrackets(text, scanned.tokens, MAX_BRACKETS);
  const parsed = new WeftParser(false).parse("specimen.weft", text, scanned, brackets, 50);
  expect(parsed.problems).toEqual([]);
  const words = new Set(scanned.tokens.map(({ image }) => image));
  const missing = allTokens.map(textOf).filter((word) => /^[a-z]+$/.test(word) && !words.has(word));
  expect(missing).toEqual([]);
});

/** Scopes of words that are the language's, not the program's. */
const OWN = /^(?:keyword|storage|support|constant\.language|variable\.language)/;

test("across examples, standard library and corpus the words of each scope are these", () => {
  const words = new Map<string, Set<string>>();
  const note = (text: string, { start, end, scopes }: Scoped): void => {
    const scope = scopes[scopes.length - 1].replace(/\.weft$/, "");
    if (OWN.test(scope)) words.set(scope, (words.get(scope) ?? new Set()).add(text.slice(start, end)));
  };
  const paths = ["examples", "std", "test/contracts", "test/corpus/contracts", "test/corpus/ok", "templates"].flatMap((folder) =>
    weftFiles(folder),
  );
  expect(paths.length).toBeGreaterThan(100);
  for (const path of paths) {
    const text = readFileSync(join(ROOT, path), "utf8");
    for (const run of tokenize(grammar, text)) note(text, run);
  }
  const rows = [...words].map(([scope, texts]) => `${scope}: ${[...texts].sort().join(" ")}`).sort();
  matchGolden("words.txt", `${rows.join("\n")}\n`);
});

// --- random texts --------------------------------------------------------------------------------------------------

const FIXED = allTokens.map(textOf).filter((text) => text !== "");
const STRINGS = [
  '""',
  '"a b"',
  '"\\n\\t\\0\\r\\\\\\""',
  '"\\u{1F600}é😀"',
  '"\\q\\u{}"',
  '"// /* no comment"',
  '"open',
  '"open\\',
  '"\\u{12',
];
const COMMENTS = ["// x", "/// x `y`", "//// x", "//", "///", "/* x */", "/**/", "/* a\nb */", '/* // " */', "/*/", "/* open"];
const NUMBERS = ["0", "1_000", "0x1F", "0xZZ", "0x", "12ab", "1.5", "0b1", "007", "1__2_"];
const OTHERS = [
  "name",
  "Name",
  "LIMIT",
  "_x",
  "x9",
  "u256",
  "address",
  "mulDiv",
  "@alice",
  "@0x12",
  "@",
  "@@",
  "é",
  "😀",
  "#",
  "$",
  "`",
  "'",
  "\\",
  "\u00a0",
  "\u2028",
];

function piece(random: Random): string {
  const from = random.below(10);
  if (from < 5) return random.pick(FIXED);
  if (from === 5) return random.pick(STRINGS);
  if (from === 6) return random.pick(COMMENTS);
  return random.pick(from === 7 ? NUMBERS : OTHERS);
}

function randomText(seed: number, index: number): string {
  const random = randomOf(seed, index);
  let text = "";
  for (let left = 1 + random.below(30); left > 0; left -= 1)
    text += piece(random) + random.pick(["", " ", " ", "\n", "\t", "\n  ", "\r\n"]);
  return text;
}

test(`${String(RUNS)} random texts made of tokens have the scopes that the lexer tells`, () => {
  const faults: string[] = [];
  for (let index = 0; index < RUNS && faults.length < 5; index += 1) {
    const text = randomText(11, index);
    faults.push(...faultsOf(grammar, text, "literals only").map((fault) => `${JSON.stringify(text)}: ${fault}`));
  }
  expect(faults).toEqual([]);
});

test("every kind of literal beside every token has the scopes that the lexer tells", () => {
  const faults: string[] = [];
  for (const token of FIXED) {
    for (const other of [...STRINGS, ...COMMENTS, ...NUMBERS, ...OTHERS]) {
      for (const text of [`${token}${other}`, `${other}${token}`, `${token} ${other}\n${token}`])
        faults.push(...faultsOf(grammar, text, "literals only").map((fault) => `${JSON.stringify(text)}: ${fault}`));
    }
  }
  expect(faults.slice(0, 5)).toEqual([]);
});
