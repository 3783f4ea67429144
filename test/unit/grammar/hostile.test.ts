import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { parseFile } from "../../../grammar/parse.ts";
import type { ParseResult } from "../../../grammar/parsed.ts";

const MIB = 1024 * 1024;
/** What the whole command may take for a file of 1 MB; the parser needs a fraction of it. */
const LIMIT_MS = 2000;

/** Numbers from 0 up to `below`, the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function fill(length: number, next: () => string): string {
  const parts: string[] = [];
  for (let size = 0; size < length;) {
    const part = next();
    parts.push(part);
    size += part.length;
  }
  return parts.join("").slice(0, length);
}

/** Time of the processor, not of the clock: other work on the machine is none of the parser's business. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function timed(text: string): ParseResult {
  const start = process.cpuUsage();
  const result = parseFile("hostile.weft", text);
  expect(cpuMs(start)).toBeLessThan(LIMIT_MS);
  for (const { span } of result.problems) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
  }
  return result;
}

const codes = ({ problems }: ParseResult): readonly string[] => [...new Set(problems.map(({ code }) => code))].sort();
const inFunction = (text: string): string => `fn f() { ${text} }`;

// The first call builds the lexer and the parser.
parseFile("warm.weft", "");

describe("a megabyte of", () => {
  test("noise stops after 50 problems", () => {
    const random = generator(1);
    const result = timed(fill(MIB, () => String.fromCharCode(32 + random(95))));
    expect(result.problems).toHaveLength(51);
    expect(result.problems.at(-1)).toMatchObject({ code: "E0109", args: { limit: "50" } });
    timed(fill(MIB / 3, () => String.fromCharCode(random(0x10000))));
    timed(fill(MIB / 2, () => String.fromCharCode(random(256))));
  });

  const words = [
    ..."import const struct enum interface mixin contract fn pub view payable guard self let var if else match return".split(" "),
    ..."for in require revert emit delete true false none some uses implements with as state event error test init".split(" "),
    ..."{ } ( ) [ ] < > , ; : . .. -> => ? = == != <= += -= + - * / % & | ^ && || ! ~ _ foo bar 12 1e18 @alice".split(" "),
    '"abc"',
    "// c\n",
  ];

  test.each([
    ["valid tokens in random order", words],
    ["the same without brackets", words.filter((word) => !"{}()[]".includes(word))],
  ])("%s stops after 50 problems", (_name, some) => {
    const random = generator(2);
    const text = fill(MIB - 100, () => `${some[random(some.length)]} `);
    expect(timed(text).problems).toHaveLength(51);
    expect(timed(inFunction(text)).problems).toHaveLength(51);
    expect(timed(`contract C { ${text}}`).problems).toHaveLength(51);
  });

  test.each([
    ["(", ["E0107"]],
    ["{", ["E0107"]],
    ["[", ["E0107"]],
    [")", ["E0102"]],
    ["}", ["E0102"]],
    ["(;", ["E0102"]],
    [";", ["E0102"]],
    ["x", ["E0102"]],
    ["@", ["E0102"]],
    ["/*", ["E0102", "E0105"]],
    ["/* */", []],
    ["///\n", []],
    ["/// a\n\n", []],
    ['"\n', ["E0105", "E0109"]],
    ['"', ["E0102"]],
    ["\\", ["E0101"]],
    ["contract C { ", ["E0107"]],
    ['test "x" {', ["E0107"]],
    ["fn ", ["E0102", "E0109"]],
    ["let ", ["E0102"]],
    ["#", ["E0101"]],
    ["\n", []],
  ])("%j", (part, expected) => {
    expect(codes(timed(part.repeat(Math.floor(MIB / part.length))))).toEqual(expected);
  });

  test("digits, escapes and one long string", () => {
    expect(codes(timed(`const X: u8 = ${"9".repeat(1_000_000)};`))).toEqual(["E0106"]);
    expect(codes(timed(`const X: u8 = "${"\\q".repeat(500_000)}";`))).toEqual(["E0109", "E0110"]);
    expect(codes(timed(`const X: u8 = "${"\\".repeat(1_000_000)}";`))).toEqual([]);
  });

  test("valid contracts is simply parsed", () => {
    const token = readFileSync(new URL("../../corpus/contracts/token.weft", import.meta.url), "utf8");
    const { file, problems } = parseFile("t", token.repeat(Math.floor(MIB / token.length)));
    expect(problems).toEqual([]);
    expect(file.items.length).toBeGreaterThan(1500);
  });
});

describe("size", () => {
  test("a file of 1 MiB is read, one of a byte more is not", () => {
    expect(codes(timed(" ".repeat(MIB)))).toEqual([]);
    expect(parseFile("t", " ".repeat(MIB + 1))).toMatchObject({ file: { items: [] }, problems: [{ code: "E0108" }] });
  });

  test("it is counted in bytes of UTF-8", () => {
    expect(codes(timed(`//${"é".repeat((MIB - 2) / 2)}`))).toEqual([]);
    expect(codes(timed(`//${"é".repeat((MIB - 2) / 2)} `))).toEqual(["E0108"]);
    expect(codes(timed(`//${"😀".repeat((MIB - 4) / 4)}`))).toEqual([]);
    expect(codes(timed(`//${"😀".repeat(MIB / 4)}`))).toEqual(["E0108"]);
    expect(codes(timed(`//${"€".repeat(MIB / 3)}`))).toEqual(["E0108"]);
  });
});

describe("depth", () => {
  const inside = 255;

  test.each([
    ["parentheses", "let x = ", "(", "1", ")", ";"],
    ["calls", "let x = ", "f(", "1", ")", ";"],
    ["sums in calls", "let x = ", "1+f(", "1", ")", ";"],
    ["indices", "let x = ", "a[", "1", "]", ";"],
    ["lists", "let x = ", "[", "1", "]", ";"],
    ["if expressions", "let x = ", "if a { ", "1", " } else { 2 }", ";"],
    ["match expressions", "let x = ", "match a { _ => ", "1", " }", ";"],
    ["struct literals", "let x = ", "A { a: ", "1", " }", ";"],
    ["blocks", "", "if x { ", "", " }", ""],
    ["loops", "", "for x in y { ", "", " }", ""],
    ["patterns", "let ", "(", "a", ")", "= 1;"],
  ])("256 nested %s are read, one more is E0107 at the one too many", (_name, before, open, middle, close, after) => {
    const nested = (levels: number): string => inFunction(before + open.repeat(levels) + middle + close.repeat(levels) + after);
    expect(codes(timed(nested(inside)))).toEqual([]);
    const { problems } = timed(nested(inside + 1));
    expect(problems).toMatchObject([{ code: "E0107", args: { what: "brackets", limit: "256" } }]);
    const bracket = open.search(/[([{]/);
    expect(problems[0].span.start).toBe("fn f() { ".length + before.length + open.length * inside + bracket);
  });

  test("10,000 nested parentheses", () => {
    expect(codes(timed(inFunction(`let x = ${"(".repeat(10_000)}1${")".repeat(10_000)};`)))).toEqual(["E0107"]);
  });

  test.each([
    ["1+1+…", `let x = 1${"+1".repeat(100_000)};`],
    ["a.b.b…", `let x = a${".b".repeat(100_000)};`],
    ["a()()…", `let x = a${"()".repeat(100_000)};`],
    ["a[1][1]…", `let x = a${"[1]".repeat(100_000)};`],
    ["!!!…", `let x = ${"!".repeat(100_000)}a;`],
    ["else if …", `if a { } ${"else if a { } ".repeat(50_000)}`],
    ["else if … as an expression", `let x = if a { 1 } ${"else if a { 1 } ".repeat(50_000)} else { 2 };`],
    ["map<map<…", `let x: ${"map<".repeat(100_000)}u8${">".repeat(100_000)} = 1;`],
    ["T???…", `let x: u8${"?".repeat(100_000)} = 1;`],
  ])("%s is one error, and what follows is read", (_name, text) => {
    const source = `${inFunction(`${text} last();`)}\nfn g() { }`;
    const { file, problems } = timed(source);
    expect(problems).toMatchObject([{ code: "E0107" }]);
    expect(file.items).toMatchObject([{ body: { statements: [{ kind: "expr" }] } }, { kind: "function" }]);
  });

  test.each([
    ["sum", (n: number) => `let x = 1${"+1".repeat(n)};`, 599],
    ["chain", (n: number) => `let x = a${".b".repeat(n)};`, 599],
    ["types", (n: number) => `let x: ${"list<".repeat(n)}u8${">".repeat(n)} = 1;`, 63],
  ])("a %s up to the limit is read", (_name, make, most) => {
    // The statement, the block, the function and the file stand above it.
    expect(codes(timed(inFunction(make(most - 4))))).toEqual([]);
    expect(codes(timed(inFunction(make(most + 1))))).toEqual(["E0107"]);
  });

  test("levels add up where brackets and chains alternate", () => {
    const text = `let x = ${"(".repeat(200)}1${`${"+1".repeat(100)})`.repeat(200)};`;
    expect(codes(timed(inFunction(text)))).toEqual(["E0107"]);
  });

  test("half a million arguments are no nesting", () => {
    const { problems } = parseFile("t", inFunction(`f(${"1,".repeat(400_000)});`));
    expect(problems).toEqual([]);
  });

  test("a stack that is nearly used up is reported, and the next file is parsed as always", () => {
    const deep = inFunction(`let x = ${"(".repeat(250)}1${")".repeat(250)};`);
    const outcomes = new Set<string>();
    const sink = (levels: number): number => {
      try {
        return sink(levels + 1) + 1;
      } catch (error) {
        if (!(error instanceof RangeError)) {
          throw error;
        }
        return 0;
      }
    };
    const available = sink(0);
    const descend = (levels: number): void => {
      if (levels === 0) {
        outcomes.add(codes(parseFile("t", deep)).join());
      } else {
        descend(levels - 1);
      }
    };
    descend(Math.floor(available * 0.7));
    expect(codes(parseFile("t", deep))).toEqual([]);
    expect([...outcomes].every((outcome) => outcome === "" || outcome === "E0107")).toBe(true);
  });
});

describe("mutated contracts", () => {
  const folder = new URL("../../corpus/contracts/", import.meta.url);
  const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
  const inserts = [
    ..."{}()[];:,.<>=+-*/!@#\"'\\\n0a_",
    "//",
    "/*",
    "*/",
    "=>",
    "->",
    "..",
    "fn ",
    "let ",
    "if ",
    "match ",
    "state ",
    "contract ",
  ];

  function mutate(text: string, random: (below: number) => number): string {
    const at = random(text.length);
    const length = random(4) === 0 ? random(200) : random(8);
    switch (random(5)) {
      case 0:
        return text.slice(0, at) + text.slice(at + length);
      case 1:
        return text.slice(0, at) + inserts[random(inserts.length)] + text.slice(at);
      case 2:
        return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
      case 3:
        return text.slice(0, at);
      default: {
        const from = random(text.length);
        return text.slice(0, at) + text.slice(from, from + length) + text.slice(at + length);
      }
    }
  }

  test("never throw, report within the text, in its order and at most 51 times", () => {
    const random = generator(20260);
    const start = process.cpuUsage();
    for (let round = 0; round < 3000; round += 1) {
      let text = sources[round % sources.length];
      for (let count = 1 + random(3); count > 0; count -= 1) {
        text = mutate(text, random);
      }
      const { file, problems } = parseFile("m", text);
      let last = 0;
      for (const { span, code } of problems) {
        const isInside = span.start >= 0 && span.start <= span.end && span.end <= text.length;
        expect(isInside && (code === "E0109" || span.start >= last), `round ${String(round)}`).toBe(true);
        last = span.start;
      }
      expect(problems.length).toBeLessThanOrEqual(51);
      expect(file.text).toBe(text);
    }
    expect(cpuMs(start)).toBeLessThan(30_000);
  });

  test("one deleted token is one or two problems, rarely more", () => {
    const random = generator(7);
    let total = 0;
    const rounds = 1000;
    for (let round = 0; round < rounds; round += 1) {
      const text = sources[round % sources.length];
      const tokens = [...text.matchAll(/\/\/[^\n]*|"[^"\n]*"|\w+|[^\s\w]/g)].filter(([token]) => !token.startsWith("//"));
      const token = tokens[random(tokens.length)];
      const { problems } = parseFile("m", text.slice(0, token.index) + text.slice(token.index + token[0].length));
      expect(problems.length, `round ${String(round)}`).toBeLessThanOrEqual(12);
      total += problems.length;
    }
    expect(total / rounds).toBeLessThan(1.3);
  });
});
