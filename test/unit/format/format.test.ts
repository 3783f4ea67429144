/** The formatter on texts: the style by example, comments in odd places, what must never change, and how long hostile texts take. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { format, formatChecked } from "../../../format/format.ts";
import { difference } from "../../../format/same.ts";
import { ROOT } from "../../helpers/cli.ts";

/** What any text may take, in processor time: under two on a machine with nothing else to do. What grows with the square of a text takes minutes. */
const LIMIT_SECONDS = 8;
const GOLDEN = join(ROOT, "test/golden/format");

function formatted(text: string): string {
  const result = formatChecked(text);
  if (result.kind !== "formatted") throw new Error(JSON.stringify(result));
  return result.text;
}

/** Also that the second time changes nothing. */
function check(text: string, expected: string): void {
  expect(formatted(text)).toBe(expected);
  expect(formatted(expected)).toBe(expected);
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".weft"))
    .map((name) => join(folder, name))
    .sort();
}

describe("the style", () => {
  test("by the golden file", () => {
    const result = formatted(readFileSync(join(GOLDEN, "before.weft"), "utf8"));
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(GOLDEN, "after.weft"), result);
    check(result, readFileSync(join(GOLDEN, "after.weft"), "utf8"));
  });

  const STYLED = ["std", "templates", "examples", "bench/contracts", "test/contracts", "test/fuzzed", "test/goldens", "test/std"];
  test.each(STYLED)("the sources in %s have it", (folder) => {
    const others = sources(folder).filter((path) => {
      const text = readFileSync(join(ROOT, path), "utf8");
      return formatted(text) !== text;
    });
    expect(others).toEqual([]);
  });

  test("the programs in the documentation have it", () => {
    const pages = [
      "README.md",
      ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).map((name) => join("docs", name)),
    ];
    const others = pages
      .filter((name) => name.endsWith(".md"))
      .flatMap((page) =>
        [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```weft.*\n([^]*?)^```$/gm)].flatMap(([, text]) => {
          const result = format(text);
          return result.kind === "formatted" && result.text !== text ? [`${page}: ${text}`] : [];
        }),
      );
    expect(others).toEqual([]);
  });
});

describe("the whole corpus", () => {
  test.each(["test", "examples", "bench", "docs"])("%s: formatted is the same program, and formatted twice is formatted once", (folder) => {
    for (const path of sources(folder)) {
      const text = readFileSync(join(ROOT, path), "utf8");
      const result = format(text);
      if (result.kind === "broken") continue;
      expect(difference(text, result.text), path).toBeUndefined();
      expect(format(result.text), path).toEqual(result);
    }
  });
});

describe("comments", () => {
  test.each([
    ["between parameters", "fn f(a: u8, /* x */ b: u8, // y\n c: u8) {}", "fn f(\n  a: u8,\n  /* x */ b: u8, // y\n  c: u8,\n) {}\n"],
    [
      "before a comma and a semicolon",
      "fn f() { g(a // x\n, b); return 1 // y\n; }",
      "fn f() {\n  g(\n    a, // x\n    b,\n  );\n  return 1; // y\n}\n",
    ],
    [
      "before else",
      "fn f() { if a { b(); } // x\n else { c(); } }",
      "fn f() {\n  if a {\n    b();\n  } // x\n  else {\n    c();\n  }\n}\n",
    ],
    [
      "in empty braces",
      "contract A {\n // x\n}\nfn f() { /* y */ }\nenum E { // z\n}",
      "contract A {\n  // x\n}\nfn f() { /* y */ }\nenum E { // z\n}\n",
    ],
    ["behind an operator", "const A: u8 = 1 + // x\n 2;", "const A: u8 = 1\n  + // x\n    2;\n"],
    ["between words", "fn // x\n f() {}", "fn // x\n  f() {}\n"],
    ["at the end, without a line break", "// a\n\n\n\n// b", "// a\n\n// b\n"],
    ["alone", "/* a */", "/* a */\n"],
    [
      "before clauses that need lines of their own: then the only member does, too",
      `mixin A /* ${"long ".repeat(25)}*/ uses B { state x: u8; }`,
      `mixin A\n  /* ${"long ".repeat(25)}*/ uses B\n{\n  state x: u8;\n}\n`,
    ],
    [
      "docs stay apart from what they don't document",
      "/// a\n\n\nfn f() {}\nenum E { /// b\n\n A }",
      "/// a\n\nfn f() {}\nenum E { /// b\n\n  A,\n}\n",
    ],
    [
      "a doc before a semicolon documents nothing afterwards",
      "struct S { a: u8 /// x\n; b: u8; }",
      "struct S {\n  a: u8 /// x\n    ;\n  b: u8;\n}\n",
    ],
    ["with stars move along", "fn f() {\n/*\n* a\n  * b */\n}", "fn f() {\n  /*\n   * a\n   * b */\n}\n"],
    [
      "that ask to leave the next one alone",
      "// prettier-ignore\nfn  f( ) {\n}\nfn  g( ) {\n}",
      "// prettier-ignore\nfn  f( ) {\n}\nfn g() {}\n",
    ],
    [
      "that ask so before a field",
      "struct S {\n// weft-fmt-ignore\na :  u8; b :u8;}",
      "struct S {\n  // weft-fmt-ignore\n  a :  u8;\n  b: u8;\n}\n",
    ],
  ])("%s", (_, text, expected) => {
    check(text, expected);
  });

  test("a line that weft-allow speaks of stays one line, however long", () => {
    const line = `self.total[${"someLongName + ".repeat(9)}1] += value; // weft-allow W1001: it is so`;
    check(`contract A {\n  fn f() {\n    ${line}\n  }\n}\n`, `contract A {\n  fn f() {\n    ${line}\n  }\n}\n`);
  });
});

describe("texts", () => {
  test("line ends of Windows become those of others, also inside comments", () => {
    check("// a\r\ncontract A {\r\n\r\n\r\n  /* b\r\n  c */ state x: u8;\r\n}\r\n", "// a\ncontract A {\n  /* b\n  c */ state x: u8;\n}\n");
  });

  test("a mark of the byte order stays", () => {
    check("\ufeffcontract   A {}", "\ufeffcontract A {}\n");
  });

  test("nothing stays nothing", () => {
    check("", "");
    check("\n\n \t\n", "");
  });

  test("with syntax errors aren't formatted, and places are those of the text", () => {
    const result = format("\ufeff\r\ncontract A {\r\n  state x u8;\r\n}");
    expect(result).toMatchObject({ kind: "broken", problems: [{ code: "E0103", span: { start: 26 } }] });
  });

  test.each(["#!/usr/bin/env weft\ncontract A {}", "contract A { fn f() { x = 1 } }", '"', "/*"])("left alone: %s", (text) => {
    expect(format(text).kind).toBe("broken");
  });
});

describe("what differs is noticed", () => {
  test.each([
    ["a lost comment", "// a\nfn f() {}", "fn f() {}"],
    ["a comment elsewhere", "fn f() { /* a */ x(); }", "fn f() { x(/* a */); }"],
    ["another name", "fn f() {}", "fn g() {}"],
    ["lost brackets", "fn f() { x = (a + b) * c; }", "fn f() { x = a + b * c; }"],
    ["a comma that means something", "fn f() { x = [a, b]; }", "fn f() { x = [a b]; }"],
    ["a doc that belongs to nothing any more", "/// a\nfn f() {}", "/// a\n\nfn f() {}"],
    ["more than before", "fn f() {}", "fn f() {} fn g() {}"],
  ])("%s", (_, before, after) => {
    expect(difference(before, after)).toBeDefined();
    expect(difference(before, before)).toBeUndefined();
  });
});

describe("hostile texts", () => {
  const nest = (open: string, close: string, times: number): string => `fn f() { x = ${open.repeat(times)}1${close.repeat(times)}; }`;
  test.each([
    ["many members", `contract C { ${"pub fn f(a: u8) { x = a; } ".repeat(35_000)} }`],
    ["many line comments", `fn f() {}${"//\n".repeat(340_000)}`],
    ["a long block comment", `/*${"\n x".repeat(340_000)}*/ fn f() {}`],
    ["one long string", `const S: string<1> = "${"é".repeat(500_000)}";`],
    ["deep brackets", nest("(", ")", 255)],
    ["deep brackets around a long string", nest("(", `, "${"a".repeat(300_000)}")`, 1)],
    ["deep lists", nest("[1, ", "]", 255)],
    ["deep calls", nest("f(", ")", 255)],
    ["deep blocks", `fn f() { ${"if a { ".repeat(250)}${"}".repeat(250)} }`],
    ["deep values", nest("if a { ", " } else { 2 }", 250)],
    ["a long sum", nest("1 + ", "", 590)],
    ["many signs", nest("-", "", 590)],
    ["long lines in deep brackets, again and again", `fn f() { ${`x = ${"(".repeat(250)}1${")".repeat(250)}; `.repeat(2000)} }`],
    ["a million commas", `const A: list<u8, 9> = [${"1,".repeat(450_000)}];`],
    ["a million empty lines", "\n".repeat(1_000_000)],
    ["noise", "( [ { < \" ' @ \\ /* ".repeat(50_000)],
  ])("%s: within seconds", { timeout: 300_000 }, (_, text) => {
    const before = process.cpuUsage();
    const result = formatChecked(text);
    const { user, system } = process.cpuUsage(before);
    expect(result.kind).not.toBe("unsafe");
    expect((user + system) / 1e6).toBeLessThan(LIMIT_SECONDS);
    if (result.kind === "formatted" && result.text.length < 1024 * 1024) expect(format(result.text)).toEqual(result);
  });
});
