/** W1001 and its fix for counters: which count as one, and what a `sequence` in their place looks like. */
import { describe, expect, test } from "vitest";
import { found, lintsOf, mended } from "./door.ts";

const MADE = "state made: map<u64, address>;";

/** The members with the fix; nothing is left to warn of. */
function after(members: string): string {
  const { members: text, left, changes } = mended(`${MADE}\n${members}`);
  expect({ left, changes }).toEqual({ left: [], changes: "abi" });
  return text.slice(MADE.length + 1);
}

describe("a counter becomes a sequence", () => {
  test.each([
    [
      "state next: u64; pub fn f() { let id = self.next; self.next += 1; self.made[id] = caller; }",
      "state next: sequence<u64>; pub fn f() { let id = self.next.next(); self.made[id] = caller; }",
    ],
    [
      "state next: u64; pub fn f() -> u64 { let id = self.next; self.next = id + 1; return id; }",
      "state next: sequence<u64>; pub fn f() -> u64 { let id = self.next.next(); return id; }",
    ],
    [
      "state next: u64; pub fn f() { self.made[self.next] = caller; self.next = self.next + 1; }",
      "state next: sequence<u64>; pub fn f() { self.made[self.next.next()] = caller; }",
    ],
    [
      "state next: u32 = 1; pub fn f() -> u32 { let id = self.next; self.next += 1; return id; }",
      "state next: sequence<u32>; pub fn f() -> u32 { let id = self.next.next() + 1; return id; }",
    ],
    [
      "state next: u64; pub fn f() { self.next += 1; self.made[self.next] = caller; }",
      "state next: sequence<u64>; pub fn f() { self.made[self.next.next() + 1] = caller; }",
    ],
    [
      "state next: u256; state big: map<u256, address>; pub fn f() { let id = self.next; self.next += 1; self.big[id * 2] = caller; }",
      "state next: sequence<u64>; state big: map<u256, address>; pub fn f() { let id = u256(self.next.next()); self.big[id * 2] = caller; }",
    ],
    [
      "state next: u64; init() { self.next = 5; } fn draw() -> u64 { let id = self.next; self.next += 1; return id; } pub fn f() { self.made[self.draw()] = caller; }",
      "state next: sequence<u64>; init() { } fn draw() -> u64 { let id = self.next.next() + 5; return id; } pub fn f() { self.made[self.draw()] = caller; }",
    ],
  ])("%s", (before, text) => {
    expect(after(before)).toBe(text);
  });

  test("in every function that takes numbers, and says where they begin", () => {
    const take = (name: string): string => `pub fn ${name}() { let id = self.next; self.next += 1; self.made[id] = caller; }`;
    const [first, second] = lintsOf(`${MADE} state next: u64 = 7; ${take("f")} ${take("g")}`);
    expect(first.fixes).toEqual(second.fixes);
    expect(first.fixes[0].title).toBe(
      "make `next` a `sequence`: numbers begin at 7 as before, calls that fail leave gaps, and the getter goes",
    );
    expect(first.fixes[0].edits).toHaveLength(5);
  });
});

describe("a counter stays one where", () => {
  const take = "let id = self.next; self.next += 1; self.made[id] = caller;";
  test.each([
    [
      "its getter is called",
      `state next: u64; pub fn f() { ${take} } } test "t" { let c = deploy C(); assert c.next() == 0; } contract D {`,
    ],
    ["an assertion speaks of its getter", `state next: u64; pub fn f() { ${take} } pub fn p() {} parallel (a: p, b: next);`],
    ["something else reads it", `state next: u64; pub fn f() { ${take} } view fn count() -> u64 { return self.next; }`],
    [
      "something else sets it",
      `state next: u64; pub fn f() { ${take} } pub fn back() { require caller == @0x00000000000000000000000000000000000000aa; self.next = 0; }`,
    ],
    [
      "it is read twice",
      "state next: u64; pub fn f() { let id = self.next; self.next += 1; self.made[id] = caller; require self.next > 3; }",
    ],
    [
      "it is stepped under a condition",
      "state next: u64; pub fn f(b: bool) { let id = self.next; if b { self.next += 1; } self.made[id] = caller; }",
    ],
    ["it is taken behind a return", `state next: u64; pub fn f(b: bool) { if b { return; } ${take} }`],
    ["it is taken in a loop", `state next: u64; pub fn f() { for i in 0..3 { ${take} } }`],
    ["the helper is called under a condition", `state next: u64; fn take() { ${take} } pub fn f(b: bool) { if b { self.take(); } }`],
    [
      "the steps have an error of their own",
      "state next: u64; error Full(); pub fn f() { let id = self.next; self.next += 1 else Full(); self.made[id] = caller; }",
    ],
    [
      "it is too small",
      "state next: u16; state m: map<u16, address>; pub fn f() { let id = self.next; self.next += 1; self.m[id] = caller; }",
    ],
    ["it begins with what `init` takes", `state next: u64; init(n: u64) { self.next = n; } pub fn f() { ${take} }`],
    ["a comment would be lost", "state next: /* from 0 */ u64; pub fn f() { let id = self.next; self.next += 1; self.made[id] = caller; }"],
  ])("%s", (_, members) => {
    const chains = lintsOf(`${MADE} ${members}`).filter(({ code }) => code === "W1001");
    expect(chains.length).toBeGreaterThan(0);
    expect(chains.flatMap(({ fixes }) => fixes)).toEqual([]);
  });
});

test("what is written under the number follows from it, and isn't told", () => {
  const [warning] = lintsOf(`${MADE} state n: u64; pub fn f() { let id = self.n; self.n += 1; self.made[id] = caller; }`);
  expect(warning.message).toBe("all calls of `f` run one after another: each writes `n`");
});

test("a total that is told is no counter", () => {
  expect(found("state n: u64; pub fn f() -> u64 { self.n += 1; return self.n; }")).toEqual(["W1002 self.n"]);
  expect(found("state n: u64; pub fn f() { require self.n % 2 == 0; self.n += 1; }")).toEqual(["W1002 self.n"]);
});
