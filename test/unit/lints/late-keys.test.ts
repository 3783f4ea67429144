/** W1003 and W1004: keys that are found late, how the notes lead to the cause, and the parameter that the fix adds. */
import { describe, expect, test } from "vitest";
import { fixesOf, found, lintsOf, mended, notesOf, warnings } from "./door.ts";

const STATE =
  "state m: map<address, u64>; state n: map<address, u64>; state queue: list<address, 8>; state on: bool; immutable boss: address;";
const INIT = "init() { self.boss = caller; self.on = true; }";
/** Somebody changes `on`, so that it isn't W1006. */
const TOGGLE = "pub fn toggle() { require caller == self.boss; self.on = !self.on; }";

/** What the list was is known, what it has become isn't. */
const LATE = "var q = self.queue; q.push(caller);";

function wide(functions: string): string {
  return `${STATE} ${INIT} ${TOGGLE}\n${functions}`;
}

describe("W1003: a key nobody knows before", () => {
  test.each([
    [
      "a loop builds it up",
      "pub fn f(l: list<u64, 4>) { var k: u64 = 0; for x in l { k += x; } self.k[k] += 1; } state k: map<u64, u64>;",
      "self.k[k]",
    ],
    [
      "an element of a list that the call has changed",
      "pub fn f() { var q = self.queue; q.push(caller); self.m[q[0]] += 1; }",
      "self.m[q[0]]",
    ],
    [
      "a loop picks it by what is in state",
      "pub fn f(a: address, b: address) { var who = a; for x in [a, b] { if self.m[x] > 3 { who = x; } } self.m[who] += 1; }",
      "self.m[who]",
    ],
    [
      "another contract",
      "pub fn f(o: O) { self.m[o.who()] += 1; } } interface O { view fn who() -> address; } contract D {",
      "self.m[o.who()]",
    ],
    [
      "a function that plans can't compute",
      "pub fn f(h: bytes32) { self.m[ecrecover(h, 27, h, h)] += 1; }",
      "self.m[ecrecover(h, 27, h, h)]",
    ],
    [
      "coin for somebody found late",
      "pub fn f(o: O) { pay(o.who(), 1); } } interface O { view fn who() -> address; } contract D {",
      "pay(o.who(), 1)",
    ],
  ])("%s", (_, functions, place) => {
    expect(found(wide(functions))).toEqual([`W1003 ${place}`]);
  });

  test.each([
    ["a list that is passed", "pub fn f(l: list<address, 4>) { for who in l { self.m[who] += 1; } }"],
    ["a condition on arguments", "pub fn f(a: address, b: bool) { var who = a; if b { who = caller; } self.m[who] += 1; }"],
    ["an element of a list in state", "pub fn f() { self.m[self.queue[0]] += 1; }"],
    ["a loop over a list in state", "pub fn f() { for who in self.queue { self.m[who] += 1; } }"],
    ["a condition on state", "pub fn f(a: address) { var who = a; if self.on { who = caller; } self.m[who] += 1; }"],
    ["an option", "state last: address?; pub fn f() { if let some(who) = self.last { self.m[who] += 1; } }"],
    ["one account", `pub fn f() { require caller == self.boss; ${LATE} self.m[q[0]] += 1; }`],
    ["a view", `view fn f() -> u64 { ${LATE} return self.m[q[0]]; } pub fn g() { self.m[caller] = 1; }`],
    ["a read of what only owners change", `pub fn f() { ${LATE} require self.m[q[0]] > 1; } pub fn g() { self.m[caller] = 1; }`],
    ["init", "state k: map<address, u64>; pub fn g() { self.k[caller] += 1; }"],
  ])("not: %s", (_, functions) => {
    expect(found(wide(functions)).filter((one) => one.startsWith("W1003"))).toEqual([]);
  });

  test("a read of what others change", () => {
    expect(found(wide(`pub fn f() { ${LATE} require self.m[q[0]] > 1; } pub fn g(to: address) { self.m[to] = 1; }`))).toEqual([
      "W1003 self.m[q[0]]",
    ]);
  });

  test("notes lead from the key through variables, arguments and results to the cause", () => {
    const functions = `pub fn f(l: list<address, 4>) { let who = self.first(l); self.give(who); }
      fn first(l: list<address, 4>) -> address { var best = caller; for x in l { if self.n[x] > 3 { best = x; } } return best; }
      fn give(to: address) { self.m[to] += 1; }`;
    expect(notesOf(wide(functions))).toEqual([
      "self.give(who): `f` gets there through this call",
      "who: the key gets its value here",
      "let who = self.first(l);: the key gets its value here",
      "for x in l { if self.n[x] > 3 { best = x; } }: it depends on a value that a loop changes",
    ]);
  });

  test("one warning per function, however many places, and one per place, however many functions", () => {
    const functions =
      "pub fn f(o: O) { self.give(o.who()); } pub fn g(o: O) { self.give(o.who()); } fn give(to: address) { self.m[to] += 1; self.n[to] += 1; } } interface O { view fn who() -> address; } contract D {";
    const [warning, ...others] = lintsOf(wide(functions));
    expect(others).toEqual([]);
    expect(warning.message).toBe("`f` takes all of `m`, all of `n`: a key isn't known before the call runs");
  });
});

describe("W1004: a key read from state that others change", () => {
  const state = "state owner: map<u64, address>; state m: map<address, u64>; immutable boss: address; init() { self.boss = caller; }";
  const set = "pub fn set(id: u64, to: address) { self.owner[id] = to; }";

  test("names who changes it", () => {
    const members = `${state} ${set} pub fn f(id: u64) { self.m[self.owner[id]] += 1; }`;
    expect(lintsOf(members).map(({ message }) => message)).toEqual(["`f` reads a key of `m[]` from state that `set` may change"]);
    expect(notesOf(members)).toEqual(["self.owner[id]: the key is read from `owner[]` here", "self.owner[id]: `set` changes that here"]);
  });

  test.each([
    [
      "one account changes it",
      "pub fn set(id: u64, to: address) { require caller == self.boss; self.owner[id] = to; }",
      "self.m[self.owner[id]] += 1;",
    ],
    ["nobody changes it", "", "self.m[self.owner[id]] += 1;"],
    [
      "only cells with new numbers are written",
      "state ids: sequence<u64>; pub fn set(to: address) { self.owner[self.ids.next()] = to; }",
      "self.m[self.owner[id]] += 1;",
    ],
    [
      "other cells are written",
      "pub fn set(to: address) { self.owner[7] = to; require to != caller; }  // weft-allow W1001: a test",
      "self.m[self.owner[3]] += 1;",
    ],
    ["the check makes it the caller", set, "require self.owner[id] == caller; self.m[self.owner[id]] += 1;"],
    ["one account reads it", set, "require caller == self.boss; self.m[self.owner[id]] += 1;"],
    ["it is a read of what owners change", `${set} pub fn mine() { self.m[caller] = 1; }`, "require self.m[self.owner[id]] > 1;"],
  ])("quiet where %s", (_, other, statements) => {
    expect(found(`${state} ${other}\npub fn f(id: u64) { ${statements} }`).filter((one) => one.startsWith("W1004"))).toEqual([]);
  });

  test("quiet where the key is a number that the function itself hands out, or a cell of all calls", () => {
    const members = "state next: u64; state m: map<u64, address>; pub fn f() { let id = self.next; self.next += 1; self.m[id] = caller; }";
    expect(found(members)).toEqual(["W1001 f"]);
    expect(
      found("state at: u64; state m: map<u64, address>; pub fn go(to: u64) { self.at = to; } pub fn f() { self.m[self.at] = caller; }"),
    ).toEqual(["W1001 go", "W1001 f", "W1005 self.at"]);
  });
});

describe("the fix takes the key as a parameter", () => {
  const state = "state owner: map<u64, address>; state m: map<address, u64>; pub fn set(id: u64, to: address) { self.owner[id] = to; }";
  const f = (members: string): string => /pub fn f[^]*$/.exec(members)?.[0] ?? "";
  const after = (functions: string): string => {
    const { members, left, changes } = mended(`${state}\n${functions}`);
    expect({ left, changes }).toEqual({ left: [], changes: "abi" });
    return f(members);
  };

  test("named after the place, the variable, or neither", () => {
    expect(after("pub fn f(id: u64) { self.m[self.owner[id]] += 1; }")).toBe(
      "pub fn f(id: u64, owner: address) { require self.owner[id] == owner; self.m[owner] += 1; }",
    );
    expect(after("pub fn f(id: u64) {\n  let to = self.owner[id];\n  self.m[to] += 1;\n  self.m[to] -= 1 else E();\n}\nerror E();")).toBe(
      "pub fn f(id: u64, givenTo: address) {\n  let to = self.owner[id];\n  require to == givenTo;\n  self.m[to] += 1;\n  self.m[to] -= 1 else E();\n}\nerror E();",
    );
    expect(after("pub fn f(id: u64, owner: u64, givenOwner: u64) { self.m[self.owner[id]] += 1; }")).toContain("givenOwner2: address");
    expect(
      after(
        "state k: map<u64, u64>; state at: map<u64, u64>; pub fn g(x: u64) { self.at[x] = 1; } pub fn f(x: u64) { self.k[self.at[x] + 1] += 1; }",
      ),
    ).toBe("pub fn f(x: u64, key: u64) { require (self.at[x] + 1) == key; self.k[key] += 1; }");
  });

  test("only of what others may change", () => {
    const functions =
      "state o: map<u64, u64?>; state k: map<u64, u64>; pub fn f(x: u64) { let y = match self.o[x] { some(v) => self.k[v], none => 0, }; self.k[y] += 1; }";
    expect(notesOf(`${state} ${functions}`)).toEqual(["self.k[v]: the key is read from `k[]` here", "self.k[y]: `f` changes that here"]);
    expect(after(functions)).toContain("require y == givenY; self.k[givenY] += 1;");
  });

  test("first of none, and where the access stands", () => {
    expect(after("state one: map<u64, u64>; pub fn f() { if self.m[caller] > 3 { self.m[self.owner[1]] += 1; } }")).toBe(
      "pub fn f(owner: address) { if self.m[caller] > 3 { require self.owner[1] == owner; self.m[owner] += 1; } }",
    );
  });

  test("and leaves a check beside its add", () => {
    expect(after("pub fn f(id: u64) {\n  require self.m[self.owner[id]] >= 2;\n  self.m[self.owner[id]] -= 2;\n}")).toContain("require");
  });

  test.each([
    [
      "the function is called in a test",
      'pub fn f(id: u64) { self.m[self.owner[id]] += 1; } } test "t" { let c = deploy C(); c.f(1); } contract D {',
    ],
    ["the contract calls it", "pub fn f(id: u64) { self.m[self.owner[id]] += 1; } pub fn g(id: u64) { self.f(id); }"],
    ["an interface asks for it", "pub fn f(id: u64) { self.m[self.owner[id]] += 1; } } interface I { pub fn f(id: u64); } contract D {"],
    [
      "it is found in a function that is called",
      "pub fn f(id: u64) { self.give(self.owner[id]); } fn give(to: address) { self.m[to] += 1; }",
    ],
    ["each round has its own", "pub fn f(l: list<u64, 4>) { for id in l { self.m[self.owner[id]] += 1; } }"],
    [
      "a key stands within a key",
      "state at: map<u64, u64>; pub fn g(x: u64) { self.at[x] = 1; } pub fn f(x: u64) { self.m[self.owner[self.at[x]]] += 1; }",
    ],
    [
      "it can't be compared",
      "state s: map<(u64, u64), u64>; state p: (a: u64, b: u64); pub fn g(a: u64) { self.p = (a, a); } pub fn f() { self.s[self.p] += 1; }",
    ],
    [
      "a pattern binds it",
      "state o: map<u64, u64?>; state k: map<u64, u64>; pub fn s(x: u64) { self.o[x] = some(x); } pub fn f(x: u64) { let y = match self.o[x] { some(v) => self.k[v], none => 0, }; self.k[y] += 1; }",
    ],
  ])("not where %s", (_, functions) => {
    const text = `contract C {\n${state}\n${functions}\n}\n`;
    const late = warnings(text).filter(({ code }) => code === "W1003" || code === "W1004");
    expect(late.length).toBeGreaterThan(0);
    expect(late.flatMap(({ fixes }) => fixes)).toEqual([]);
  });

  test("on an `if` behind an `else` it would be no statement", () => {
    expect(
      fixesOf(
        `${state} pub fn f(id: u64) { if id > 3 { } else if self.m[self.owner[id]] > 1 { self.m[caller] = 1; } } pub fn g(to: address) { self.m[to] = 1; }`,
      ),
    ).toEqual([]);
  });
});
