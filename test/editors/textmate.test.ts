/**
 * The TextMate grammar against the lexer and the parser, on every program of the project and on damaged ones: what the lexer calls a number, a string, a
 * comment, an address or a reserved word has its scope at that place, and nothing else has; a word like `state` is a keyword exactly where the parser
 * took it for one. UPDATE_GOLDEN=1 writes the grammar anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { IGrammar } from "vscode-textmate";
import { scan } from "../../grammar/lexer.ts";
import { allTokens } from "../../grammar/tokens.ts";
import { grammarFiles } from "../../scripts/textmate/files.ts";
import { scopesOf, textOf } from "../../scripts/textmate/scopes.ts";
import { allPages, isUpdating } from "../docs/pages.ts";
import { damaged } from "../fuzz/mutate.ts";
import { ROOT } from "../helpers/cli.ts";
import { faultsOf, weftFiles } from "../helpers/colours.ts";
import { SYNTAXES, loadGrammar, tokenize, within } from "../helpers/textmate.ts";

const FILES = { "source.weft": join(SYNTAXES, "weft.tmLanguage.json") };
const PROGRAMS = ["examples", "std", "test/contracts", "test/corpus", "test/footprints"].flatMap((folder) => weftFiles(folder));
const FENCES = allPages().flatMap(({ fences }) => fences.filter(({ language }) => language === "weft"));
const NAMES = [...PROGRAMS, ...FENCES.map(({ page, line }) => `${page}:${String(line)}`)];
const TEXTS = [...PROGRAMS.map((path) => readFileSync(join(ROOT, path), "utf8")), ...FENCES.map(({ text }) => text)];
const RUNS = 1_000 * Number(process.env["WEFT_RUNS"] ?? "1");

let grammar: IGrammar;
beforeAll(async () => {
  if (isUpdating) {
    for (const { name, text } of grammarFiles()) writeFileSync(join(ROOT, "editors", name), text);
  }
  grammar = await loadGrammar("source.weft", FILES);
});

describe("the files of the grammar", () => {
  for (const { name, text } of grammarFiles()) {
    test(`${name} is what the tokens give`, () => {
      expect(readFileSync(join(ROOT, "editors", name), "utf8")).toBe(text);
    });
  }
});

test("every token kind has its scope where it stands in a program", () => {
  const missing = new Map(allTokens.filter((token) => scopesOf(token).length > 0).map((token) => [token.name, token]));
  for (const text of TEXTS) for (const { tokenType } of scan(text, 50).tokens) missing.delete(tokenType.name);
  // Comments are no tokens of the stream.
  expect([...missing.keys()].sort()).toEqual(["BlockComment", "LineComment"]);
});

test("all programs of the project have the scopes that lexer and parser tell", () => {
  expect(NAMES.length).toBeGreaterThan(400);
  const faults = NAMES.flatMap((path, at) => {
    // Where letters are no letters of the language, the lexer sees names in pieces.
    const what = scan(TEXTS[at], 1).problems.length === 0 ? "keywords too" : "literals only";
    return faultsOf(grammar, TEXTS[at], what).map((fault) => `${path}: ${fault}`);
  });
  expect(faults).toEqual([]);
});

test("no program has an invalid scope", () => {
  const invalid = TEXTS.flatMap((text) => tokenize(grammar, text)).filter(({ scopes }) =>
    scopes.some((scope) => scope.startsWith("invalid")),
  );
  expect(invalid).toEqual([]);
});

test(`${String(RUNS)} damaged programs have the scopes that the lexer tells`, () => {
  const faults: string[] = [];
  for (let index = 0; index < RUNS && faults.length < 5; index += 1) {
    const text = damaged(TEXTS, 7, index);
    faults.push(...faultsOf(grammar, text, "literals only").map((fault) => `${JSON.stringify(text)}: ${fault}`));
  }
  expect(faults).toEqual([]);
});

test("hostile lines take no longer than their length", () => {
  const lines = [
    "test ".repeat(20_000),
    '"'.repeat(20_001),
    "(".repeat(50_000),
    "a.".repeat(50_000),
    "state ".repeat(20_000),
    `${" ".repeat(50_000)}x`,
  ];
  const started = process.cpuUsage();
  for (const line of lines) tokenize(grammar, line);
  const spent = process.cpuUsage(started);
  expect((spent.user + spent.system) / 1_000).toBeLessThan(10_000);
});

/** Dark+, Light+, Monokai and Solarized all have rules for these, or for a part of them. */
const THEMED = [
  ...["comment", "string", "constant.numeric", "constant.language", "constant.character.escape", "keyword.control", "keyword.operator"],
  ...["storage.type", "storage.modifier", "entity.name.function", "entity.name.type", "support.type", "support.function"],
  ...["variable", "markup.inline.raw", "punctuation"],
];

describe("what themes see", () => {
  const PROGRAM = `/// Keeps \`coins\`.
contract Jar uses Owned {
  state deposits: map<address, u256>;
  payable fn fill(amount: u256) {
    self.deposits[caller] += min(amount, LIMIT);
    self.log.add("a\\n") else TooLow(0x1f);
    for i in 0..n max 10 { emit Filled(i); }
  }
  parallel (a: fill, b: fill) when a.caller != b.caller;
  invariant covered { assert self.total() == 0; }
}
test "t" { let jar = deploy Jar() as @alice; jar.state(value) value 5; parallel block { expect jar.f() revert Jar.TooLow(1); } }
const DAY: u64 = 86_400; // value
fn value(state: u64) -> u64 { return helper(state); }
`;

  test.each([
    ["/// Keeps", "comment.line.documentation.weft"],
    ["`coins`", "markup.inline.raw.weft"],
    ["Jar uses", "entity.name.type.contract.weft"],
    ["Owned", "entity.name.type.weft"],
    ["map<", "support.type.builtin.weft"],
    ["address,", "support.type.builtin.weft"],
    ["fill(amount", "entity.name.function.weft"],
    ["deposits[", "variable.other.member.weft"],
    ["caller]", "variable.language.context.weft"],
    ["+=", "keyword.operator.assignment.weft"],
    ["min(", "support.function.builtin.weft"],
    ["LIMIT", "variable.other.constant.weft"],
    ["add(", "entity.name.function.member.weft"],
    ["\\n", "constant.character.escape.weft"],
    ["TooLow(0x1f", "entity.name.type.weft"],
    ["0x1f", "constant.numeric.hex.weft"],
    ["max 10", "keyword.control.loop.weft"],
    ["when a", "keyword.control.conditional.weft"],
    ["covered", "entity.name.function.invariant.weft"],
    ["assert self", "keyword.control.test.weft"],
    ["deploy Jar", "keyword.operator.new.deploy.weft"],
    ["@alice", "constant.numeric.address.weft"],
    ["state(value", "entity.name.function.member.weft"],
    ["value) value", "variable.language.context.weft"],
    ["value 5", "keyword.operator.expression.value.weft"],
    ["block {", "keyword.control.test.weft"],
    ["TooLow(1", "entity.name.type.member.weft"],
    ["DAY", "variable.other.constant.weft"],
    ["86_400", "constant.numeric.decimal.weft"],
    ["value\n", "comment.line.double-slash.weft"],
    ["value(state", "entity.name.function.weft"],
    ["state: u64", "variable.other.weft"],
    ["helper(", "entity.name.function.weft"],
  ])("%j is %s", (part, scope) => {
    const at = PROGRAM.indexOf(part);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(within(tokenize(grammar, PROGRAM), at, at + 1)[0].scopes).toContain(scope);
  });

  test("is a scope that the themes of Visual Studio Code have a colour for", () => {
    const scopes = new Set<string>();
    JSON.stringify(JSON.parse(readFileSync(FILES["source.weft"], "utf8")), (key: string, value: unknown) => {
      if ((key === "name" || key === "contentName") && typeof value === "string" && value.endsWith(".weft")) scopes.add(value);
      return value;
    });
    expect(scopes.size).toBeGreaterThan(50);
    const plain = [...scopes].filter((scope) => !scope.startsWith("meta.") && !THEMED.some((known) => scope.startsWith(`${known}.`)));
    expect(plain).toEqual([]);
    // Of the operators only signs have the colour of the text.
    const words = allTokens.filter((token) => /^[a-z]/.test(textOf(token))).flatMap((token) => scopesOf(token));
    const dull = words.filter((scope) => scope.startsWith("keyword.operator") && !/^keyword\.operator\.(?:expression|new)\./.test(scope));
    expect(dull).toEqual([]);
  });

  test("a test or claim that isn't finished doesn't reach into the next contract for long", () => {
    const text =
      'contract A {\n  parallel (a: f, b: g)\n}\ncontract B { fn f() { let event = 1; } }\ntest "t" {\n}\ncontract C {\n  state assert: u8;\n}\n';
    const found = tokenize(grammar, text);
    const inner = (part: string): readonly string[] => within(found, text.indexOf(part), text.indexOf(part) + 1)[0].scopes;
    expect(inner("contract B").some((scope) => scope.startsWith("meta."))).toBe(false);
    expect(inner("contract C").some((scope) => scope.startsWith("meta."))).toBe(false);
  });

  test("fences of Markdown are Weft, and end where they end", async () => {
    // The grammar of Markdown itself comes with the editor; this one is injected into it.
    const markdown = await loadGrammar("markdown.weft.codeblock", {
      ...FILES,
      "markdown.weft.codeblock": join(SYNTAXES, "weft.markdown.tmLanguage.json"),
    });
    const text = 'Text.\n\n```weft fails E0105\nlet s = "open\n/* and open\n```\n\ncontract\n\n```ts\ncontract\n```\n';
    const found = tokenize(markdown, text);
    const scopesAt = (part: string, from = 0): readonly string[] =>
      within(found, text.indexOf(part, from), text.indexOf(part, from) + 1)[0].scopes;
    expect(scopesAt("let")).toContain("storage.type.weft");
    expect(scopesAt("and open")).toContain("comment.block.weft");
    expect(scopesAt("contract")).toEqual(["markdown.weft.codeblock"]);
    expect(scopesAt("contract", text.indexOf("```ts"))).toEqual(["markdown.weft.codeblock"]);
  });
});
