/** W1005 and W1006: reads that wait for every call of another function, and fields that never change. */
import { describe, expect, test } from "vitest";
import { found, lintsOf, mended, notesOf } from "./door.ts";

const STATE =
  "state total: u64; state on: bool; state m: map<address, u64>; immutable boss: address; init() { self.boss = caller; self.on = true; }";
const READ = "pub fn f() { require self.total > 3; self.m[caller] += 1; }";

describe("W1005: a read of a cell that others change in each call", () => {
  test("by an add, a write or an update", () => {
    for (const change of ["self.total += 1;", "self.total max= 7;", "self.total = 7; // weft-allow W1001: a test\n"]) {
      const members = `${STATE}\n// weft-allow W1001: a test\npub fn g() { ${change} }\n${READ}`;
      expect(found(members).filter((one) => one.startsWith("W1005"))).toEqual(["W1005 self.total"]);
    }
  });

  test("in a guard, or in a view that a function calls, and told once", () => {
    const guard = `${STATE} guard enough { require self.total > 3; } pub fn g() { self.total += 1; } pub fn f() with enough { } pub fn h() with enough { self.m[caller] = 1; }`;
    expect(found(guard)).toEqual(["W1005 self.total"]);
    expect(notesOf(guard)).toEqual(["enough: `f` gets there through this call", "self.total: `g` changes it here"]);
    expect(
      found(`${STATE} view fn sum() -> u64 { return self.total; } pub fn g() { self.total += 1; } pub fn f() { require self.sum() > 1; }`),
    ).toEqual(["W1005 self.total"]);
  });

  test("names who changes it, and all cells at once", () => {
    const members = `${STATE} state sum: u64; pub fn g() { self.total += 1; } pub fn h() { self.total += 2; self.sum += 1; } pub fn f() { require self.total > self.sum; }`;
    expect(lintsOf(members).map(({ message }) => message)).toEqual(["`f` waits for every call of `g`, `h`: it reads `total`, `sum`"]);
  });

  test("once per cell that is written, with all who read it; where others add each read is told", () => {
    const by = (change: string): string =>
      `${STATE}\n// weft-allow W1001: a test\npub fn g() { ${change} } ${READ} pub fn h() { require self.total > 5; }`;
    expect(found(by("self.total = 7;"))).toEqual(["W1005 self.total"]);
    expect(notesOf(by("self.total = 7;"))).toEqual(["self.total: `h` reads it here", "self.total: `g` changes it here"]);
    expect(found(by("self.total += 7;")).filter((one) => one.startsWith("W1005"))).toEqual(["W1005 self.total", "W1005 self.total"]);
  });

  test("the coin that others bring or take", () => {
    expect(found(`${STATE} payable fn give() { } pub fn f() { require self.balance > 3; }`)).toEqual(["W1005 self.balance"]);
    expect(found(`${STATE} pub fn take(n: u256) { pay(caller, n); } pub fn f() { require self.balance > 3; }`)).toEqual([
      "W1005 self.balance",
    ]);
  });

  test("a view that another contract of the program calls from a function that changes state", () => {
    const text = (body: string): string =>
      `${STATE} pub fn g() { self.total += 1; } view fn sum() -> u64 { return self.total; } } contract D { state n: map<address, u64>; ${body}`;
    expect(found(text("pub fn h(c: C) { self.n[caller] = c.sum(); }"))).toEqual(["W1005 self.total"]);
    expect(found(text("view fn h(c: C) -> u64 { return c.sum(); }"))).toEqual([]);
  });

  test.each([
    ["a view", "pub fn g() { self.total += 1; } view fn v() -> u64 { return self.total; }"],
    ["one account changes it", "pub fn g() { require caller == self.boss; self.total += 1; }"],
    ["one account reads it", "pub fn g() { self.total += 1; } pub fn f() { require caller == self.boss; require self.total > 3; }"],
    ["it changes under a condition", "pub fn g(x: u64) { if x > 3 { self.total += 1; } }"],
    ["it changes behind a return", "pub fn g(x: u64) { if x > 3 { return; } self.total += 1; }"],
    [
      "it changes on one side of an `if`",
      "pub fn g(x: u64) -> bool { return x > 3 && self.bump(); } fn bump() -> bool { self.total += 1; return true; }",
    ],
    ["it happens once", "pub fn g() { require self.total == 0; self.total = 1; }"],
    [
      "it is told in an error only",
      "pub fn g() { self.total += 1; } error E(n: u64); pub fn h() { self.m[caller] -= 1 else E(self.total); }",
    ],
  ])("quiet: %s", (_, functions) => {
    const reader = functions.includes("pub fn f") || functions.includes("view fn v") || functions.includes("error E") ? "" : READ;
    expect(found(`${STATE}\n${functions}\n${reader}`)).toEqual([]);
  });

  test("quiet about what the function changes itself", () => {
    expect(found(`${STATE} pub fn g() { self.total += 1; } pub fn f() { self.total += 1; require self.total > 3; }`)).toEqual([
      "W1002 self.total",
    ]);
  });

  test("the help fits what is read", () => {
    const help = (members: string): string | undefined => lintsOf(`${STATE}\n${members}`).find(({ code }) => code === "W1005")?.help;
    expect(help(`pub fn g() { self.total += 1; } ${READ}`)).toContain("make it a `history`");
    expect(help(`pub fn g() { self.on = !self.on; } pub fn f() { require self.on; }`)).toContain("check `caller` in `g`");
    expect(help(`payable fn g() { } pub fn f() { require self.balance > 1; }`)).toContain("`pay` checks the balance itself");
  });
});

describe("W1006: state that only `init` sets", () => {
  const members = (init: string, more = ""): string =>
    `state fee: u64; state m: map<address, u64>; init(fee: u64) { ${init} } pub fn f() { self.m[caller] += self.fee; } ${more}`;

  test("is an immutable after the fix", () => {
    const { members: after, left, changes } = mended(members("self.fee = fee;"));
    expect({ left, changes }).toEqual({ left: [], changes: "nothing" });
    expect(after).toMatch(/^immutable fee: u64;/);
  });

  test.each([
    [
      "a function sets it",
      members("self.fee = fee;", "pub fn set(fee: u64) { require caller == @0x00000000000000000000000000000000000000aa; self.fee = fee; }"),
    ],
    ["a helper of `init` sets it", members("self.set(fee);", "fn set(fee: u64) { self.fee = fee; }")],
    ["`init` sets it on one path", members("if fee > 3 { self.fee = fee; }")],
    ["`init` sets it twice", members("self.fee = fee; self.fee = fee + 1;")],
    ["`init` adds to it", members("self.fee += fee;")],
    ["`init` reads it before", members("self.m[caller] = self.fee; self.fee = fee;")],
    ["`init` reads it while it sets it", members("self.fee = self.fee + fee;")],
    ["a function that `init` calls reads it before", members("self.look(); self.fee = fee;", "fn look() { require self.fee == 0; }")],
    ["`init` may return before", members("if fee > 3 { return; } self.fee = fee;")],
    ["nothing sets it", "state fee: u64; state m: map<address, u64>; pub fn f() { self.m[caller] += self.fee; }"],
    ["it has an initial value", "state fee: u64 = 3; state m: map<address, u64>; pub fn f() { self.m[caller] += self.fee; }"],
    ["nobody reads it", "state fee: u64; init(fee: u64) { self.fee = fee; }"],
    [
      "it is one for each key",
      "state fee: map<u64, u64>; state m: map<address, u64>; init() { self.fee[1] = 3; } pub fn f() { self.m[caller] += self.fee[1]; }",
    ],
    [
      "it is a part of a struct",
      "state p: (a: u64, b: u64); state m: map<address, u64>; init() { self.p.a = 3; } pub fn f() { self.m[caller] += self.p.a; }",
    ],
  ])("not where %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test("not in a mixin, which other contracts use in their own way", () => {
    const text = `state m: map<address, u64>; init() { self.owner = caller; } pub fn f() { require self.owner != caller; }`;
    expect(lintsOf(`${text} state owner: address;`).map(({ code }) => code)).toEqual(["W1006"]);
    expect(lintsOf(`} mixin Owned { state owner: address; } contract D uses Owned { ${text}`)).toEqual([]);
  });
});
