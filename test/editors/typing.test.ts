/** What helps while one types: snippets that compile as they stand, indentation, and comments that go on. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/pipeline.ts";
import { ROOT } from "../helpers/cli.ts";
import { asObject } from "../helpers/json-schema.ts";

const FOLDER = join(ROOT, "editors/vscode");

function readJson(path: string): Readonly<Record<string, unknown>> {
  return asObject(JSON.parse(readFileSync(join(FOLDER, path), "utf8")));
}

/** As the editor inserts it, with every placeholder left as it is. */
function expand(body: unknown): string {
  const text = (Array.isArray(body) ? body : [body]).join("\n");
  return text.replaceAll(/\$\{\d+:([^{}]*)\}/g, "$1").replaceAll(/\$\d+/g, "");
}

const MEMBERS = "state count: u256; pub fn bump() { self.count += 1; }";
const inContract = (text: string): string => `contract Counter { state count: u256; ${text} }`;
const beside = (text: string): string => `contract Counter { ${MEMBERS} ${text} }`;
const inFunction = (text: string): string => beside(`pub fn g(n: u32) { ${text} }`);
const inTest = (text: string): string => `contract Counter { ${MEMBERS} } test "t" { let counter = deploy Counter() as @alice; ${text} }`;

/** Where a snippet belongs, by its title. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  Contract: (text) => text,
  Interface: (text) => text,
  Mixin: (text) => text,
  Struct: (text) => text,
  Enum: (text) => text,
  Constant: (text) => text,
  Test: (text) => `contract Counter { ${MEMBERS} } ${text}`,
  State: (text) => `contract Counter { ${text} }`,
  Map: beside,
  Function: inContract,
  View: beside,
  Payable: beside,
  Init: beside,
  Guard: beside,
  Event: beside,
  Error: beside,
  Invariant: beside,
  Parallel: beside,
  "Parallel when": (text) => `contract Counter { state of: map<address, u256>; pub fn bump() { self.of[caller] = 1; } ${text} }`,
  Require: inFunction,
  If: inFunction,
  Match: inFunction,
  For: inFunction,
  "For max": inFunction,
  "Expect revert": (text) => `contract Counter { pub fn bump() { revert; } } test "t" { let counter = deploy Counter(); ${text} }`,
  "Expect event": inTest,
  "Fuzzed test": (text) => `contract Counter { ${MEMBERS} } ${text}`,
  Fuzz: inTest,
  "Parallel block": inTest,
};

describe("snippets", () => {
  const snippets = Object.entries(readJson("snippets/weft.json"));

  test("all have a place to be tried at", () => {
    expect(snippets.map(([title]) => title).sort()).toEqual(Object.keys(PLACES).sort());
    const prefixes = snippets.map(([, snippet]) => String(asObject(snippet)["prefix"]));
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });

  test.each(snippets)("%s compiles as it is inserted", (title, snippet) => {
    const text = PLACES[title](expand(asObject(snippet)["body"]));
    const { diagnostics } = compile("a.weft", (path) => (path === "a.weft" ? text : undefined));
    expect(diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message}\n${text}`)).toEqual(
      [],
    );
  });
});

describe("indentation", () => {
  const rules = asObject(readJson("language-configuration.json")["indentationRules"]);
  const increase = new RegExp(String(rules["increaseIndentPattern"]));
  const decrease = new RegExp(String(rules["decreaseIndentPattern"]));

  test("is that of the formatter in all contracts of the corpus", () => {
    let lines = 0;
    for (const name of readdirSync(join(ROOT, "test/corpus/contracts"))) {
      let depth = 0;
      let inComment = false;
      for (const line of readFileSync(join(ROOT, "test/corpus/contracts", name), "utf8").split("\n")) {
        if (line.trim() === "") continue;
        if (inComment || line.trimStart().startsWith("/*")) {
          inComment = !line.includes("*/");
          continue;
        }
        if (decrease.test(line)) depth -= 1;
        const actual = (line.length - line.trimStart().length) / 2;
        // A statement that goes on in the next line is further in, and nobody's business here.
        if (actual !== depth && actual === depth + 1) continue;
        expect([name, line, actual]).toEqual([name, line, depth]);
        if (increase.test(line)) depth += 1;
        lines += 1;
      }
    }
    expect(lines).toBeGreaterThan(500);
  });

  test.each([
    ["  pub fn f() {", true],
    ["  let x = Point { // why", true],
    ["  f(", true],
    ['  let s = "{', false],
    ['  let s = "a\\"{";', false],
    ["  // {", false],
    ["  let p = Point { x: 1 };", false],
    ['test "{" {', true],
    ["  x = a / b + [", true],
  ])("after %j one goes in: %j", (line, wanted) => {
    expect(increase.test(line)).toBe(wanted);
  });

  test("hostile lines take no longer than their length", () => {
    const started = process.cpuUsage();
    for (const line of ['"\\'.repeat(50_000), `${'"a"'.repeat(50_000)}`, " ".repeat(100_000), "/".repeat(100_000)]) increase.test(line);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});

describe("after Enter", () => {
  const value = readJson("language-configuration.json")["onEnterRules"];
  const rules = (Array.isArray(value) ? value : []).map((rule) => {
    const { beforeText, afterText, action } = asObject(rule);
    const { appendText } = asObject(action);
    const after = typeof afterText === "string" ? new RegExp(afterText) : undefined;
    return { before: new RegExp(String(beforeText)), after, insert: typeof appendText === "string" ? appendText : "" };
  });
  const inserted = (before: string, after: string): string | undefined => {
    return rules.find((rule) => rule.before.test(before) && (rule.after?.test(after) ?? true))?.insert;
  };

  test.each([
    ["  /// What it does", "", "/// "],
    ["  ///", "", "/// "],
    ["  //// no doc", "", undefined],
    ["  // a remark", "", undefined],
    ["  // a remark ", "cut in two", "// "],
    ["  /* a block", " */", " * "],
    ["  /* a block", "", " * "],
    ["   * more", "", "* "],
    ["  /* closed */", "", undefined],
    ["  let x = a", "", undefined],
    ["  x = a * b", "", undefined],
  ])("%j and %j gives %j", (before, after, wanted) => {
    expect(inserted(before, after)).toBe(wanted);
  });
});
