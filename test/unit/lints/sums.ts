/**
 * Contracts made of sums, written in all the ways that W1002 knows and in some that it must leave alone: cells, amounts, checks and what stands between
 * are thrown together. Well typed by construction. The same seed gives the same text.
 */
import { Dice } from "../../footprints/random/dice.ts";

const FUNCTIONS = 6;
const CELLS = ["self.a", "self.b", "self.m[k]", "self.m[n % 3]", "self.p[to]", "self.p[caller]", "self.w.x", "self.w.y"];
const AMOUNTS = ["n", "d", "3", "u64(small)", "n * d", "self.c", "self.m[d]", "min(n, d)", "(n + d)", "self.look(k)"];
const LIMITS = ["self.cap", "9", "d", "self.c", "self.cap + 1"];

const HEAD = `struct Wide { x: u64; y: u64; }
contract Sums {
  immutable cap: u64;
  state a: u64;
  state b: u64;
  state c: u64;
  state set: u64;
  state ids: u64;
  state w: Wide;
  state m: map<u64, u64>;
  state p: map<address, u64>;
  state made: map<u64, address>;
  error Low(a: u64, b: u64);
  event Told(a: u64);
  init(cap: u64) {
    self.cap = cap;
    self.set = cap;
    self.a = 4;
    self.c = 2;
  }
  fn look(k: u64) -> u64 {
    return self.m[k] + 1;
  }
  fn touch() {
    self.a += 1;
  }
`;

export function sumsProgram(seed: number): string {
  const dice = new Dice(seed);
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => {
    const lines = [...filler(dice), ...sum(dice, i), ...filler(dice)];
    const body = lines.map((line) => `    ${line}`).join("\n");
    return `  pub fn f${i}(n: u64, d: u64, k: u64, small: u8, to: address) {\n    var v = d;\n${body}\n    emit Told(v);\n  }\n`;
  });
  const counter = dice.of([
    "let id = self.ids; self.ids += 1;",
    "let id = self.ids; self.ids = id + 1;",
    "self.ids += 1; let id = self.ids;",
  ]);
  const number = `  pub fn number() {\n    ${counter}\n    self.made[id] = caller;\n  }\n`;
  return `${HEAD}${functions.join("")}${number}}\n`;
}

/** A change of a cell, with a check or without. */
function sum(dice: Dice, index: number): readonly string[] {
  const cell = dice.of(CELLS);
  const amount = dice.of(AMOUNTS);
  const error = dice.of(["", " else Low(n, d)", ` else Low(${cell}, n)`, " else Low(old, n)"]);
  const op = dice.of(["+", "-"]);
  const old = `let old = ${cell};`;
  const asOld = error.includes("old") || dice.chance(0.4);
  const value = asOld ? "old" : cell;
  const check = dice.of([
    `require ${value} >= ${amount}${error};`,
    `require ${amount} <= ${value}${error};`,
    `require ${value} + ${amount} <= ${dice.of(LIMITS)}${error};`,
    `require ${dice.of(LIMITS)} >= ${amount} + ${value}${error};`,
    `require ${value} < 40${error};`,
  ]);
  const change = dice.of([
    `${cell} = ${value} ${op} ${amount};`,
    `${cell} = ${amount} + ${value};`,
    `${cell} = ${value} + ${amount} - d;`,
    `${cell} ${op}= ${amount};`,
    `${cell} = max(${value}, ${amount});`,
    `${cell} = ${value} | ${amount};`,
    `let sum${index} = ${value} + ${amount}; ${cell} = sum${index};`,
  ]);
  return [...(asOld || error.includes("old") ? [old] : []), ...filler(dice), ...(dice.chance(0.6) ? [check] : []), ...filler(dice), change];
}

/** What may stand between, and often is in the way. */
function filler(dice: Dice): readonly string[] {
  const lines = [
    "self.c += 1;",
    "v += 1;",
    "emit Told(v);",
    "require d < 30;",
    "if d == 3 { return; }",
    "self.touch();",
    "v = self.b;",
    "self.m[k] += 1;",
    "self.p[to] = d;",
  ];
  return dice.chance(0.45) ? [dice.of(lines)] : [];
}
