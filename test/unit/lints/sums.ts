/**
 * Contracts made of sums, written in all the ways that W1002 knows and in some that it must leave alone: cells, amounts, checks and what stands between
 * are thrown together. The numbers are small, so that overflows, checks that fail and calls that leave early are common, and two of them in one call,
 * too. Well typed by construction. The same seed gives the same text.
 */
import { Dice } from "../../footprints/random/dice.ts";

const FUNCTIONS = 6;
const CELLS = ["self.a", "self.b", "self.m[k]", "self.m[n % 3]", "self.p[to]", "self.w.x"];
const AMOUNTS = ["n", "d", "v", "v", "3", "n * d", "self.c", "self.m[d]", "(n + d)", "self.look(k)"];
const LIMITS = ["self.cap", "9", "d", "252", "self.c"];

const HEAD = `struct Wide { x: u8; y: u8; }
contract Sums {
  immutable cap: u8;
  state a: u8;
  state b: u8;
  state c: u8;
  state set: u8;
  state ids: u64;
  state w: Wide;
  state m: map<u8, u8>;
  state p: map<address, u8>;
  state made: map<u64, address>;
  error Low(a: u8, b: u8);
  error Other();
  event Told(a: u8);
  init(cap: u8) {
    self.cap = cap;
    self.set = cap;
    self.a = 250;
    self.b = 3;
    self.w.x = 252;
    self.c = 2;
  }
  fn look(k: u8) -> u8 {
    return self.m[k] + 1;
  }
  fn touch() {
    self.a -= 1;
    self.m[1] += 1;
  }
  pub fn tune(c: u8) {
    self.c = c;
  }
  pub fn read(k: u8, who: address) -> (u8, u8, u8, u8, u8) {
    return (self.a, self.b, self.m[k], self.p[who], self.w.x + self.set);
  }
`;

export function sumsProgram(seed: number): string {
  const dice = new Dice(seed);
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => {
    const lines = [...filler(dice), ...sum(dice), ...filler(dice)];
    const body = lines.map((line) => `    ${line}`).join("\n");
    return `  pub fn f${i}(n: u8, d: u8, k: u8, to: address) {\n    var v = d;\n${body}\n    emit Told(v);\n  }\n`;
  });
  const counter = dice.of([
    "let id = self.ids; self.ids += 1;",
    "let id = self.ids; self.ids = id + 1;",
    "self.ids += 1; let id = self.ids;",
  ]);
  const number = `  pub fn number() {\n    ${counter}\n    self.made[id] = caller;\n  }\n`;
  return `${HEAD}${functions.join("")}${number}}\n`;
}

/** A change of a cell, most often with the check that fits it, and now and then something in between. */
function sum(dice: Dice): readonly string[] {
  const cell = dice.of(CELLS);
  const amount = dice.of(AMOUNTS);
  const asked = dice.chance(0.15) ? dice.of(AMOUNTS) : amount;
  const down = dice.chance(0.5);
  const named = dice.chance(0.5);
  const old = named ? "old" : cell;
  const error = dice.of(["", " else Low(n, d)", ` else Low(${old}, n)`]);
  const isSum = !down && dice.chance(0.4);
  const checked = isSum ? "sum" : dice.chance(0.3) ? old : `${old} + ${asked}`;
  const limit = dice.of(LIMITS);
  const or = dice.of(["=", "=", ""]);
  const check = down
    ? dice.of([`require ${old} >${or} ${asked}${error};`, `require ${asked} <${or} ${old}${error};`])
    : dice.of([`require ${checked} <${or} ${limit}${error};`, `require ${limit} >${or} ${checked}${error};`]);
  const op = down ? "-" : "+";
  const change = isSum
    ? `${cell} = sum;`
    : dice.of([
        `${cell} = ${old} ${op} ${amount};`,
        `${cell} = ${old} ${op} ${amount};`,
        `${cell} ${op}= ${amount};`,
        `${cell} = ${old} + ${amount} - d;`,
        `${cell} = max(${old}, ${amount});`,
      ]);
  return [
    ...(named ? [`let old = ${cell};`, ...filler(dice)] : []),
    ...(isSum ? [`let sum = ${old} + ${amount};`, ...filler(dice)] : []),
    ...(dice.chance(0.7) ? [check, ...filler(dice)] : []),
    change,
  ];
}

/** What may stand between, and often is in the way. */
function filler(dice: Dice): readonly string[] {
  const lines = [
    "self.set += 1;",
    "v = 1;",
    "if n > 1 { v = n; }",
    "emit Told(v);",
    "require d < 2 else Other();",
    "if d > 1 { return; }",
    "self.touch();",
    "v = self.b;",
    "self.m[k] += 1;",
    "self.p[to] = d;",
    "self.a = 249;",
  ];
  return dice.chance(0.3) ? [dice.of(lines)] : [];
}
