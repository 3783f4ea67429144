/** W1002: sums that are written out or read as well: which are told, where the notes point, and what the fix writes. */
import { describe, expect, test } from "vitest";
import { fixesOf, found, lintsOf, mended, notesOf } from "./door.ts";

const STATE =
  "state x: u64; state y: u64; state m: map<address, u64>; immutable cap: u64; error E(a: u64); init(cap: u64) { self.cap = cap; }";

/** The body of `f(to: address, e: u64, d: u64)`, as it is and with its fix. */
function body(statements: string): string {
  return `${STATE}\npub fn f(to: address, e: u64, d: u64) {\n  ${statements.split("\n").join("\n  ")}\n}`;
}

function bodyAfter(statements: string): string {
  const { members, left, changes } = mended(body(statements));
  expect({ left, changes }).toEqual({ left: [], changes: "nothing" });
  const [, after] = /\{\n {2}([^]*)\n\}$/.exec(members.slice(members.indexOf("pub fn"))) ?? [];
  return after.split("\n").join("\n").replaceAll("\n  ", "\n");
}

describe("the fix writes", () => {
  test.each([
    ["self.x = self.x + e;", "self.x += e;"],
    ["self.x = self.x - e;", "self.x -= e;"],
    ["self.x = e + self.x;", "self.x += e;"],
    ["self.x = (self.x + (e + d));", "self.x += e + d;"],
    ["self.x = self.x + e - d;", "self.x += e;\nself.x -= d;"],
    ["self.x = max(self.x, e);", "self.x max= e;"],
    ["self.x = min(e, self.x);", "self.x min= e;"],
    ["self.x = self.x | e;", "self.x |= e;"],
    ["self.x = e & self.x;", "self.x &= e;"],
    ["self.m[to] = self.m[to] + e;", "self.m[to] += e;"],
    ["self.x = self.x + self.y * e;", "self.x += self.y * e;"],
  ])("%s", (before, after) => {
    expect(bodyAfter(before)).toBe(after);
  });

  test("one update for a variable that only stands for the old or the new value", () => {
    expect(bodyAfter("let old = self.x;\nself.y += d;\nself.x = old + e;")).toBe("self.y += d;\nself.x += e;");
    expect(bodyAfter("let old = self.m[to];\nlet sum = old - e;\nself.m[to] = sum;")).toBe("self.m[to] -= e;");
    expect(bodyAfter("let sum = self.x + e; self.x = sum;")).toBe("self.x += e;");
  });

  test("a check that comes first as part of the subtraction", () => {
    expect(bodyAfter("require self.x >= e else E(self.x);\nself.y += d;\nself.x -= e;")).toBe("self.x -= e else E(self.x);\nself.y += d;");
    expect(bodyAfter("require e <= self.x else E(1);\nself.x = self.x - e;")).toBe("self.x -= e else E(1);");
    expect(bodyAfter("let had = self.m[to];\nrequire had >= e else E(had);\nself.m[to] = had - e;")).toBe(
      "self.m[to] -= e else E(self.m[to]);",
    );
  });

  test("a check without an error right before it: its failure tells nothing, and so it stays", () => {
    expect(bodyAfter("require self.x >= e;\nself.y += d;\nself.x -= e;")).toBe("require self.x >= e;\nself.x -= e;\nself.y += d;");
  });

  test("a limit right before its add, with what variables stand for", () => {
    expect(bodyAfter("require self.x + e <= self.cap else E(self.x);\nself.y += d;\nself.x += e;")).toBe(
      "require self.x + e <= self.cap else E(self.x);\nself.x += e;\nself.y += d;",
    );
    expect(bodyAfter("let old = self.x;\nrequire self.cap > e + old else E(old * 2);\nself.x = e + old;")).toBe(
      "require self.cap > e + self.x else E(self.x * 2);\nself.x += e;",
    );
    expect(bodyAfter("let next = self.x + e;\nrequire next <= d else E(next * 2);\nself.x = next;")).toBe(
      "require self.x + e <= d else E((self.x + e) * 2);\nself.x += e;",
    );
    expect(bodyAfter("let old = self.x;\nlet next = old - e;\nrequire next >= d else E(next);\nself.x = next;")).toBe(
      "require self.x - e >= d else E(self.x - e);\nself.x -= e;",
    );
    expect(bodyAfter("let old = self.x;\nrequire old < self.cap;\nself.x = old + 1;")).toBe("require self.x < self.cap;\nself.x += 1;");
  });

  test("and leaves an error that the add has", () => {
    expect(bodyAfter("require self.x >= e else E(1);\nself.y += d;\nself.x -= e else E(2);")).toBe(
      "require self.x >= e else E(1);\nself.x -= e else E(2);\nself.y += d;",
    );
  });

  test("all cells of a function at once", () => {
    expect(bodyAfter("self.x = self.x + e;\nself.m[to] = self.m[to] + d;")).toBe("self.x += e;\nself.m[to] += d;");
  });

  test("lines as the file ends them, and what shares a line with others", () => {
    expect(bodyAfter("let old = self.x; self.y += d; self.x = old + e;")).toBe("self.y += d; self.x += e;");
    const [fix] = fixesOf(body("require self.x + e <= 9;\r\nself.y += d;\r\nself.x += e;\r\n"));
    expect(fix.edits[0].text).toBe("require self.x + e <= 9;\r\n  self.x += e;");
  });
});

describe("told without a fix is", () => {
  test.each([
    ["a value that is returned, told or decided on", "self.x += e; if self.x > 3 { self.y += 1; }"],
    ["a variable with other uses", "let old = self.x; self.x = old + e; emit N(old); }  event N(a: u64); pub fn g() {"],
    ["a difference to the limit: what overflows would fail in another way", "require self.cap - self.x >= e; self.x += e;"],
    ["a limit that isn't plain", "require self.x + e <= self.y; self.x += e;"],
    ["a limit that leaves the add to fail behind what stands between", "require self.x < self.cap; require d > 3; self.x += e;"],
    ["a limit of a difference in one of its sums", "require self.x - e <= self.cap; self.x += e;"],
    ["a check behind a `return`", "require self.x >= e; if d > 3 { return; } self.x -= e;"],
    ["a check of a variable that changes", "var n = e; require self.x >= n; n = 1; self.x -= n;"],
    ["a check with another amount, with something in between", "require self.x >= d; self.y += 1; self.x -= e;"],
    ["a check in another block", "require self.x >= e; if d > 1 { self.x -= e; }"],
    ["a sum that fails behind what comes first", "let next = self.x + e; require d > 3; self.x = next;"],
    ["a comment that would be lost", "self.x = self.x /* old */ + e;"],
    ["a length of a set", "self.s.add(to); require self.s.len() < 9; } state s: set<address>; pub fn g() {"],
    ["coin that is paid after a look at it", "require self.balance > 3; pay(to, 1);"],
  ])("%s", (_, statements) => {
    const [warning] = lintsOf(body(statements)).filter(({ code }) => code === "W1002");
    expect(warning.fixes).toEqual([]);
  });
});

describe("quiet", () => {
  test.each([
    ["adds alone", "self.x += e; self.x -= d; self.m[to] += e;"],
    ["a check right beside the add", "require self.x >= e; self.x -= e; self.y += e; require self.y <= self.cap;"],
    ["one with another amount", "require self.x > d; self.x -= e;"],
    ["one of the sum, which tells the old value", "require self.x + e < self.cap else E(self.x); self.x += e;"],
    ["what an error tells", "self.x -= e else E(self.x);"],
    ["what only the caller names", "self.m[caller] = self.m[caller] + e;"],
    ["reads of another cell of the field", "self.m[to] += self.m[caller];"],
  ])("%s", (_, statements) => {
    expect(found(body(statements))).toEqual([]);
  });

  test("about what follows from the value itself: that is a chain", () => {
    expect(found(body("self.x = self.x + self.x / 10;"))).toEqual(["W1001 f"]);
    expect(found(body("self.x += self.x / 10;"))).toEqual(["W1001 f"]);
    expect(found(body("let old = self.x; let more = old / 10 + e; self.x = old + more;"))).toEqual(["W1001 f"]);
    expect(found(body("self.x = e - self.x;"))).toEqual(["W1001 f"]);
  });

  test("without a fix where calls that meet there meet in a cell that they write, and nobody else adds", () => {
    const f =
      "pub fn f(to: address, e: u64) { self.last[to] = e; require self.m[to] < 9; self.m[to] += e; self.x += 1; require self.m[to] > 2; }";
    const state = `${STATE} state last: map<address, u64>;`;
    expect(found(`${state} ${f}`)).toEqual([]);
    expect(found(`${state} ${f} pub fn g(to: address) { self.m[to] = 1; }`)).toEqual([]);
    expect(found(`${state} ${f} pub fn g(to: address) { self.m[to] += 1; }`)).toEqual(["W1002 self.m[to]"]);
    expect(found(`${state} ${f.replace("self.last[to] = e;", "if e > 1 { self.last[to] = e; }")}`)).toEqual(["W1002 self.m[to]"]);
    expect(found(`${state} ${f.replace("self.last[to] = e;", "self.last[caller] = e;")}`)).toEqual(["W1002 self.m[to]"]);
  });

  test("without a fix where all calls wait for each other anyway, or one account makes them", () => {
    const read = "self.x += e; if self.x > 3 { self.m[to] += 1; }";
    expect(found(body(read))).toEqual(["W1002 self.x"]);
    expect(found(body(`${read} self.last = to; } state last: address; pub fn g() {`))).toEqual(["W1001 f"]);
    expect(
      found(
        body(`require caller == self.boss; ${read} } immutable boss: address; pub fn g() {`).replace(
          "self.cap = cap;",
          "self.cap = cap; self.boss = caller;",
        ),
      ),
    ).toEqual([]);
    const written = "require caller == self.boss; self.x = self.x + e; } immutable boss: address; pub fn g() {";
    expect(found(body(written).replace("self.cap = cap;", "self.cap = cap; self.boss = caller;"))).toEqual(["W1002 self.x"]);
  });
});

test("notes lead to the reads, through calls, and a helper that several functions share is told once", () => {
  const members = "state n: u64; fn count() { self.n += 1; } pub fn f() -> u64 { self.count(); return self.n; }";
  expect(found(members)).toEqual(["W1002 self.n"]);
  expect(notesOf(members)).toEqual(["self.n: the value is read here"]);
  const shared = "state n: u64; fn count() { self.n = self.n + 1; } pub fn f() { self.count(); } pub fn g() { self.count(); }";
  expect(found(shared)).toEqual(["W1002 self.n"]);
});
