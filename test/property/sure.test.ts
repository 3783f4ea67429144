/**
 * Calls that are sure to succeed, and coin that a call brings (rules E2, E6): blocks in which what was received is spent, told by all engines. A function that
 * may fail and is taken for one that is sure must show as a difference.
 */
import { describe, expect, it } from "vitest";
import { account } from "../helpers/accounts.ts";
import { moduleText } from "../helpers/chains.ts";
import { Difference } from "../helpers/compare.ts";
import { by, tell } from "../helpers/story.ts";
import type { StoryCall } from "../helpers/story.ts";
import { compileText } from "../helpers/suites.ts";

const [ALICE, BOB, CAROL, DAVE] = ["alice", "bob", "carol", "dave"].map(account);

const PURSE = `contract C {
  payable fn put() {}
  payable fn forward(to: address) { pay(to, value); }
  payable fn halves(a: address, b: address) { pay(a, value / 2); pay(b, value - value / 2); }
  payable fn part(to: address, n: u256) { pay(to, n); }
  pub fn send(to: address, n: u256) { pay(to, n); }
}`;

describe("E2: coin that a call brings", () => {
  it("covers what the call pays, at once or in parts", async () => {
    const { endings, uncleared, edges } = await tell(PURSE, [
      [by("alice", "forward", [CAROL], 7n), by("bob", "forward", [CAROL], 9n), by("carol", "halves", [ALICE, DAVE], 5n)],
      [by("alice", "part", [CAROL, 3n], 4n), by("bob", "forward", [ALICE], 1n << 60n)],
    ]);
    expect(endings).toEqual([
      ["=", "=", "="],
      ["=", "="],
    ]);
    expect([uncleared, edges]).toEqual([0, 0]);
  });

  it("counts once: what was paid out of it is there for nobody else", async () => {
    const { endings } = await tell(PURSE, [
      [by("alice", "forward", [CAROL], 7n), by("bob", "send", [CAROL, 1n])],
      [by("alice", "part", [CAROL, 4n], 7n), by("bob", "send", [CAROL, 4n]), by("bob", "send", [CAROL, 3n])],
      [by("alice", "halves", [CAROL, BOB], 7n), by("bob", "send", [CAROL, 1n])],
    ]);
    expect(endings.map((block) => block.map((ending) => ending === "="))).toEqual([
      [true, false],
      [true, false, true],
      [true, false],
    ]);
  });

  it("leaves the rest of a larger payment to what is there", async () => {
    const { endings, uncleared } = await tell(PURSE, [
      [by("alice", "put", [], 10n)],
      [by("alice", "part", [CAROL, 9n], 5n), by("bob", "part", [CAROL, 9n], 3n), by("bob", "part", [CAROL, 1n])],
    ]);
    expect(endings[1].map((ending) => ending === "=")).toEqual([true, true, false]);
    // The debit of the last one, and with it nothing else.
    expect(uncleared).toBe(1);
  });
});

const TOKEN = `contract C { state m: map<address, u256>; state paused: bool; error Paused();
  pub fn mint(to: address, n: u256) { self.m[to] += n; }
  pub fn give(to: address, n: u256) { self.m[caller] -= n; self.m[to] += n; }
  pub fn lower(n: u256) { self.m[caller] -= n; }
  pub fn raise(n: u256, most: u256) { self.m[caller] += n; require self.m[caller] <= most; }
  pub fn pause() { self.paused = true; }
  pub fn take(from: address, n: u256) { self.m[from] -= n; require !self.paused else Paused(); } }`;

describe("E6: calls that are sure to succeed", () => {
  it("give what can be spent in the same block without waiting", async () => {
    const { endings, uncleared, edges, cells } = await tell(TOKEN, [
      [by("bob", "mint", [BOB, 10n])],
      [by("bob", "give", [ALICE, 10n]), by("alice", "give", [CAROL, 10n]), by("carol", "give", [BOB, 10n])],
    ]);
    expect(endings[1]).toEqual(["=", "=", "="]);
    expect([uncleared, edges, cells]).toEqual([0, 0, { "m[bob]": 10n }]);
  });

  it("fail as in serial order where the first can't pay", async () => {
    const { endings, uncleared } = await tell(TOKEN, [
      [by("bob", "mint", [BOB, 9n])],
      [by("bob", "give", [ALICE, 10n]), by("alice", "give", [CAROL, 10n]), by("carol", "give", [BOB, 10n])],
    ]);
    expect(endings[1]).toEqual(["panic 17", "panic 17", "panic 17"]);
    expect(uncleared).toBe(3);
  });

  it("pass it on a hundred times", async () => {
    const names = ["alice", "bob", "carol", "dave"];
    const passes = Array.from({ length: 100 }, (_, i) => by(names[i % 4], "give", [account(names[(i + 1) % 4]), 5n]));
    const { endings, uncleared, edges, cells } = await tell(TOKEN, [[by("alice", "mint", [ALICE, 5n])], passes]);
    expect(new Set(endings[1])).toEqual(new Set(["="]));
    expect([uncleared, edges, cells]).toEqual([0, 0, { "m[alice]": 5n }]);
  });

  it("count amounts above 2^53 as the next double below", async () => {
    const n = 2n ** 60n + 1n;
    const { endings, uncleared } = await tell(TOKEN, [
      [by("bob", "mint", [BOB, n])],
      [by("bob", "give", [ALICE, n - 1n]), by("alice", "give", [CAROL, 2n ** 60n - 512n]), by("alice", "give", [CAROL, 512n])],
      [by("carol", "give", [ALICE, 2n ** 59n]), by("alice", "give", [BOB, 2n ** 59n + 1n])],
    ]);
    expect(endings.slice(1)).toEqual([
      ["=", "=", "="],
      ["=", "panic 17"],
    ]);
    expect(uncleared).toBe(2);
  });

  it("make room below a limit", async () => {
    const { endings, uncleared } = await tell(TOKEN, [
      [by("bob", "mint", [BOB, 10n])],
      [by("bob", "lower", [4n]), by("bob", "raise", [4n, 10n]), by("bob", "raise", [1n, 10n])],
    ]);
    expect(endings[1]).toEqual(["=", "=", "empty"]);
    expect(uncleared).toBe(1);
  });

  it("make no more room than the double below what they take", async () => {
    const { endings } = await tell(TOKEN, [
      [by("bob", "mint", [BOB, 2n ** 54n])],
      [by("bob", "lower", [2n ** 53n + 1n]), by("bob", "raise", [2n ** 53n, 2n ** 54n - 2n])],
    ]);
    expect(endings[1]).toEqual(["=", "empty"]);
  });

  it("make none below a limit of the author's where the cell may hold more than a double tells", async () => {
    const half = 2n ** 255n;
    const { endings } = await tell(TOKEN, [
      [by("bob", "mint", [BOB, half])],
      // The cell gets to its greatest value, which is 2^203 - 1 above the greatest double below it.
      [by("bob", "mint", [BOB, half - 1n]), by("bob", "lower", [half]), by("bob", "raise", [0n, half - 2n])],
    ]);
    expect(endings[1]).toEqual(["=", "=", "empty"]);
  });

  it("aren't those that a flag in state may stop", async () => {
    const { endings, uncleared, cells } = await tell(TOKEN, [
      [by("alice", "mint", [ALICE, 10n]), by("alice", "pause")],
      [by("alice", "take", [ALICE, 10n]), by("alice", "give", [BOB, 10n]), by("bob", "give", [CAROL, 10n])],
    ]);
    expect(endings[1]).toEqual(["Paused", "=", "="]);
    expect(cells).toMatchObject({ "m[carol]": 10n });
    expect(uncleared).toBe(2);
  });
});

/** A contract with one `give`, whose plan is looked at. */
function source(body: string, result = ""): string {
  return `enum Kind { one, two }
    contract C { state m: map<address, u64>; state names: map<u64, string<40>>; state x: u8; state w: u64; state on: bool; state never: bool; state items: list<u64, 1>;
      state members: set<address>; state ids: sequence<u64>; immutable cap: u64; error No(); event Named(name: string<40>); event Sent(n: u64);
      init() { self.cap = 50; }
      fn check() { require self.on; }
      guard positive(n: u64) { require n > 0 else No(); }
      fn half(n: u64) -> u64 { if n == 1 { return 0; } return n / 2; }
      pub fn mint(to: address, n: u64) { self.m[to] += n; self.x = 200; }
      pub fn touch() { self.on = false; self.w += 10; require self.never; }
      pub fn spend(n: u64) { self.m[caller] -= n; }
      pub fn give(to: address, n: u64, name: string<40>, list: list<u64, 4>)${result} { ${body} } }`;
}

const MOVE = "self.m[caller] -= n; self.m[to] += n;";
const ARGS = [BOB, 10n, `0x${"61".repeat(40)}`, [1n, 2n]] as const;

function planOf(text: string): string {
  return /^function planGive\(p\) \{\n[^]*?\n\}/m.exec(text)?.[0] ?? "";
}

/** At the end of the plan, whatever was asked before. */
function takenForSure(text: string): string {
  const plan = planOf(text);
  return text.replace(plan, plan.replace(/^(\s*)if \([^\n]*\) p\.sure\(\);/m, "").replace(/\n\}$/, "\n  p.sure();\n}"));
}

const SETUP: readonly StoryCall[] = [by("alice", "mint", [ALICE, 100n])];
const GIVEN: readonly StoryCall[] = [by("alice", "give", [...ARGS]), by("bob", "spend", [10n])];
/** What `give` reads of state isn't known to its plan. */
const BLOCKS = [SETUP, [by("dave", "touch"), ...GIVEN]];

describe("E6: what may fail for reasons of its own is never sure", () => {
  it.each([
    ["a require on state", `${MOVE} require self.on;`],
    ["a require on state in a function", `${MOVE} self.check();`],
    ["a require on state and arguments", `${MOVE} require n < 20 && self.on;`],
    ["a revert on state", `${MOVE} if !self.on { revert; }`],
    ["an expression that reverts on state", `${MOVE} let y = if self.on { 1 } else { self.x - 201 }; self.x = y;`],
    ["arithmetic on state", `${MOVE} self.x = self.x * 2;`],
    ["arithmetic on state that nobody uses", `${MOVE} let y = self.x + 100;`],
    ["an update that isn't an add", `${MOVE} self.x *= 2;`],
    ["an add under a condition on state", "self.m[caller] -= n; if self.on { self.m[to] += n; }"],
    ["an add behind a return on state", "self.m[caller] -= n; if !self.on { return; } self.m[to] += n;"],
    ["an amount from state", "let y = self.w; self.m[caller] -= n; self.m[to] += y;"],
    ["a loop", `${MOVE} for i in 0..n max 4 { self.x = 1; }`],
    ["a loop over a list", `${MOVE} for i in list { self.x = u8(i - 2); }`],
    ["a list that grows", `${MOVE} self.items.push(1); self.items.push(2);`],
    ["raw calls", `${MOVE} call(to, 0, concat(selector("f()")));`],
  ])("%s", async (_name, body) => {
    const text = source(body);
    expect(planOf(moduleText(compileText(text), "C"))).not.toContain("p.sure");
    await tell(text, BLOCKS);
    await expect(tell(text, BLOCKS, { change: takenForSure })).rejects.toThrow(Difference);
  });

  it.each([
    ["numbers drawn", `${MOVE} self.ids.next();`],
    ["a set that may change", "self.members.add(to);"],
    ["an event without a fixed size", `${MOVE} emit Named(name);`],
    ["text in state", `${MOVE} self.names[n] = name;`],
    ["an element of a list that state gives", `${MOVE} self.x = u8(self.items[n]);`],
    ["no adds at all", "self.x = 1;"],
    ["a function that always reverts", `${MOVE} revert;`],
  ])("%s", (_name, body) => {
    expect(planOf(moduleText(compileText(source(body)), "C"))).not.toContain("p.sure");
  });
});

describe("E6: what the arguments decide is asked by the plan", () => {
  it.each([
    ["a check", `${MOVE} require n > 10 else No();`],
    ["a revert", `${MOVE} if n < 20 { revert No(); }`],
    ["a revert behind a return", `${MOVE} if n > 20 { return; } revert No();`],
    ["a revert in a branch of a branch", `${MOVE} if n < 20 { if n > 5 { revert No(); } self.x = 1; }`],
    ["an overflow", `${MOVE} emit Sent(n - 11);`],
    ["a division", `${MOVE} emit Sent(n / (n - 10));`],
    ["a conversion", `${MOVE} self.x = u8(n * 100);`],
    ["an element", `${MOVE} emit Sent(list[n]);`],
    ["a check against an immutable", `${MOVE} require n * 6 < self.cap;`],
  ])("%s that fails", async (_name, body) => {
    const text = source(body);
    expect(planOf(moduleText(compileText(text), "C"))).toContain("p.sure");
    const { endings } = await tell(text, BLOCKS);
    expect(endings[1][1]).not.toBe("=");
    await expect(tell(text, BLOCKS, { change: takenForSure })).rejects.toThrow(Difference);
  });

  it.each([
    [
      "a plain transfer",
      `require to != @0x0000000000000000000000000000000000000000 else No(); ${MOVE} emit Sent(n); return true;`,
      " -> bool",
    ],
    ["a check that comes with its add", "require self.m[caller] >= n else No(); self.m[caller] -= n; self.m[to] += n;", ""],
    ["a cap", "self.m[caller] -= n; self.m[to] += n; require self.m[to] <= self.cap else No();", ""],
    ["arithmetic", "let y = self.half(n * 4) / 2; self.m[caller] -= y; self.m[to] += y;", ""],
    ["branches", "if n > 5 { self.m[caller] -= n; self.m[to] += n; } else { self.m[caller] -= 1; }", ""],
    ["a return", "if n == 0 { return; } self.m[caller] -= n; if n == 1 { return; } self.m[to] += n;", ""],
    ["a chosen amount", "let y = if n > 5 { n } else { 0 }; self.m[caller] -= y; self.m[to] += y;", ""],
    ["reads of state", `${MOVE} let y = self.on; self.on = true; return y;`, " -> bool"],
    ["updates that never fail", `${MOVE} self.x max= 3;`, ""],
  ])("%s that doesn't fail lets the next one go at once", async (_name, body, result) => {
    const text = source(body, result);
    const { endings, uncleared, edges } = await tell(text, [SETUP, GIVEN]);
    expect(endings[1].every((ending) => ending.startsWith("="))).toBe(true);
    expect([uncleared, edges]).toEqual([0, 0]);
  });
});
