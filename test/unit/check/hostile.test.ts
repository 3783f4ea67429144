/** Broken and hostile programs: always diagnostics within bounds, never an exception, never a hang, never a broken tree. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check } from "./door.ts";
import { validate } from "./validate.ts";

const OK = new URL("../../corpus/ok/", import.meta.url).pathname;
const ROUNDS = 250;

/** A linear congruential generator: the same programs in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

function tokensOf(text: string): string[] {
  return text.match(/\s+|\w+|"[^"\n]*"|\/\/[^\n]*|./g) ?? [];
}

function mutate(tokens: readonly string[], pool: readonly string[], random: (below: number) => number): string {
  const made = [...tokens];
  for (let i = 1 + random(3); i > 0; i--) {
    const at = random(made.length);
    const word = pool[random(pool.length)];
    const kind = random(6);
    if (kind === 0) made.splice(at, 1);
    else if (kind === 1) made.splice(at, 0, ` ${word} `);
    else {
      const next = made.findIndex((token, j) => j >= at && /^\w/.test(token));
      if (next !== -1) made[next] = word;
    }
  }
  return made.join("");
}

describe("programs with random mistakes", () => {
  const texts = Object.fromEntries(readdirSync(OK).map((name) => [name, readFileSync(OK + name, "utf8")]));
  const pool = Object.values(texts)
    .flatMap(tokensOf)
    .filter((token) => token.trim() !== "");
  for (const [seed, [name, text]] of Object.entries(texts).entries()) {
    test(`${name}: every mutation gives errors or a sound tree`, () => {
      const random = randomOf(seed + 1);
      const tokens = tokensOf(text);
      for (let round = 0; round < ROUNDS / Object.keys(texts).length; round++) {
        const { program, diagnostics } = check(mutate(tokens, pool, random), texts);
        if (program === undefined) expect(diagnostics.length).toBeGreaterThan(0);
        else if (diagnostics.every(({ severity }) => severity === "warning")) validate(program);
      }
    });
  }
});

describe("large and deep programs", () => {
  const many = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join("\n");

  test("10,000 lines of functions are checked in one go", () => {
    const body = (i: number): string =>
      `  pub fn f${i}(to: address, amount: u128) -> u128 {\n    let before = self.m[to];\n    self.m[caller] -= amount else E(amount);\n` +
      `    self.m[to] += amount * 2 / 3;\n    if before > 5 && amount != ${i} {\n      self.total += amount;\n    }\n    return before + amount;\n  }`;
    const text = `error E(x: u128);\ncontract C {\n  state m: map<address, u128>;\n  state total: u128;\n${many(1_100, body)}\n}`;
    expect(check(text).found).toEqual([]);
  });

  test("a long chain of operators on names is checked without recursion", () => {
    const sum = Array.from({ length: 500 }, () => "x").join(" + ");
    expect(check(`fn f(x: u256) -> u256 {\n  return ${sum};\n}`).found).toEqual([]);
  });

  test("a sum of literals becomes one literal", () => {
    const sum = Array.from({ length: 500 }, () => "1").join(" + ");
    expect(check(`const A: u16 = ${sum};\nconst B: u8 = u8(A - 245);`).found).toEqual([]);
    expect(check(`const A: u8 = ${sum};`).codes).toEqual(["E0308"]);
  });

  test("thousands of constants in a row are fine, thousands that wait for each other are not", () => {
    expect(check(`const A0: u64 = 1;\n${many(5_000, (i) => `const A${i + 1}: u64 = A${i} + 1;`)}`).found).toEqual([]);
    const backwards = check(`${many(5_000, (i) => `const A${i}: u64 = A${i + 1} + 1;`)}\nconst A5000: u64 = 1;`);
    expect(new Set(backwards.codes)).toEqual(new Set(["E0391"]));
  });

  test("a chain of thousands of calls is refused, and walked without recursion", () => {
    const text = `contract C {\n${many(5_000, (i) => `  fn f${i}() { self.f${i + 1}(); self.f${i + 1}(); }`)}\n  fn f5000() {}\n}`;
    expect(check(text).found.map((line) => line.slice(0, 5))).toContain("E0391");
  });

  test("structs that double in size are refused before they grow", () => {
    const text = `struct A0 { x: u8; }\n${many(2_000, (i) => `struct A${i + 1} { a: A${i}; b: A${i}; }`)}`;
    expect(check(text).codes).toEqual(["E0307"]);
  });

  test("a mixin copied into thousands of contracts meets a limit", () => {
    const mixin = `mixin M {\n${many(1_000, (i) => `  fn f${i}() {}`)}\n}`;
    const { codes } = check(`${mixin}\n${many(2_000, (i) => `contract C${i} uses M {}`)}`);
    expect(new Set(codes)).toEqual(new Set(["E0391"]));
  });

  test("of thousands of mistakes fifty are reported", () => {
    const text = `contract C {\n${many(3_000, (i) => `  state abcdefgh${i}: u8;`)}\n  pub fn f() {\n${many(3_000, (i) => `    self.abcdefghx${i} = 1;`)}\n  }\n}`;
    expect(check(text).codes).toHaveLength(50);
  });
});
