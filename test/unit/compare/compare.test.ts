import { describe, expect, it } from "vitest";
import { judgeAccess, sideText } from "../../../compiler/compare/accesses.ts";
import { compareContracts } from "../../../compiler/compare/compare.ts";
import type { ContractChange } from "../../../compiler/compare/compare.ts";
import type { Version } from "../../../compiler/compare/versions.ts";
import { compileFile, compileText } from "../../helpers/suites.ts";

function versionOf(text: string): Version {
  const compiled = compileText(text);
  return { ...compiled, footprint: compiled.footprints.contracts[0] };
}

function compare(before: string, after: string): ContractChange {
  return compareContracts(versionOf(before), versionOf(after));
}

/** `buy × buy less: a.id == b.id → always` */
function pairsOf({ pairs }: ContractChange): readonly string[] {
  return pairs.map(({ left, right, judgement, before, after }) => `${left} × ${right} ${judgement}: ${before} → ${after}`);
}

/** `less W total` and the like, of all functions. */
function accessesOf({ functions }: ContractChange): readonly string[] {
  return functions.flatMap(({ name, accesses }) =>
    accesses.map((change) => {
      if (change.kind === "added") return `${name} + ${sideText(change.after)}`;
      if (change.kind === "removed") return `${name} - ${sideText(change.before)}`;
      return `${name} ${judgeAccess(change)} ${sideText(change.before)} → ${sideText(change.after)}`;
    }),
  );
}

const state = `
  state total: u128;
  state paused: bool;
  state coins: map<address, u128>;
  state votes: map<u64, map<address, u128>>;
  state owners: map<u64, address>;
`;

function contract(functions: string): string {
  return `contract Pot {${state}${functions}}\n`;
}

describe("two versions of a contract", () => {
  it("are the same when only the text differs", () => {
    const before = contract(
      "pub fn put(to: address, amount: u128) { self.coins[to] += amount; } pub fn clear(id: u64) { delete self.owners[id]; }",
    );
    const after = contract(
      "// moved\npub fn clear(key: u64) { delete self.owners[key]; }\npub fn put(to: address, n: u128) { let x = to; self.coins[x] += n; }",
    );
    const change = compare(before, after);
    expect(change.pairs).toEqual([]);
    expect(change.added).toEqual([]);
    expect(accessesOf(change)).toEqual([]);
  });

  it("are the same for every contract that is compared with itself", () => {
    for (const path of ["examples/token/token.weft", "examples/dao/dao.weft", "test/contracts/maze.weft", "test/contracts/desk.weft"]) {
      const [a, b] = [compileFile(path), compileFile(path)].map((each) => ({ ...each, footprint: each.footprints.contracts[0] }));
      const change = compareContracts(a, b);
      expect({ path, pairs: change.pairs, functions: change.functions }).toEqual({ path, pairs: [], functions: [] });
    }
  });

  it("tell functions that came, went, and got another signature", () => {
    const before = contract("pub fn put(amount: u128) { self.total += amount; } pub fn gone() { self.total += 1; }");
    const after = contract(
      "pub fn put(amount: u128, to: address) { self.total += amount; } pub fn come(id: u64) { delete self.owners[id]; }",
    );
    expect(compare(before, after)).toMatchObject({
      added: ["come(id: u64)"],
      removed: ["gone()"],
      functions: [{ name: "put", was: "put(amount: u128)", signature: "put(amount: u128, to: address)" }],
      pairs: [],
    });
  });

  it("match overloads by what they take", () => {
    const before = contract("pub fn put(to: address) { self.coins[to] += 1; }");
    const after = contract("pub fn put(id: u64) { delete self.owners[id]; }");
    expect(compare(before, after)).toMatchObject({ added: [], removed: [], functions: [{ was: "put(to: address)" }] });
  });
});

describe("what became of a pair", () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      "an add made a write",
      "pub fn put(n: u128) { self.total += n; }",
      "pub fn put(n: u128) { self.total = self.total + n; }",
      ["put × put less: never (escrow) → always"],
    ],
    [
      "a key dropped",
      "pub fn vote(id: u64) { self.votes[id][caller] = 1; }",
      "pub fn vote(id: u64) { self.coins[caller] = 1; }",
      ["vote × vote less: a.id == b.id ∧ a.caller == b.caller → a.caller == b.caller"],
    ],
    [
      "another key",
      "pub fn vote(id: u64, to: address) { self.coins[caller] = 1; }",
      "pub fn vote(id: u64, to: address) { self.coins[to] = 1; }",
      ["vote × vote other: a.caller == b.caller → a.to == b.to"],
    ],
    [
      "a guard dropped",
      "pub fn put(n: u128, rush: bool) { if rush { self.total = n; } }",
      "pub fn put(n: u128, rush: bool) { self.total = n; }",
      ["put × put less: a.rush == true ∧ b.rush == true → always"],
    ],
    [
      "a guard that isn't shown dropped",
      "pub fn put(id: u64, n: u128) { if n > 0 { self.owners[id] = caller; } }",
      "pub fn put(id: u64, n: u128) { self.owners[id] = caller; }",
      ["put × put less: a.id == b.id ∧ a.n > 0 == true ∧ b.n > 0 == true → a.id == b.id"],
    ],
    [
      "a read of a setting",
      "pub fn put(n: u128) { self.total += n; } pub fn stop() { self.paused = true; }",
      "pub fn put(n: u128) { require !self.paused; self.total += n; } pub fn stop() { self.paused = true; }",
      ["put × stop less: never → always"],
    ],
    [
      "adds that meet now",
      "pub fn put(n: u128) { self.coins[caller] = n; } pub fn count() { self.owners[1] = caller; }",
      "pub fn put(n: u128) { self.coins[caller] = n; self.total += 1; } pub fn count() { self.owners[1] = caller; self.total += 1; }",
      ["put × put less: a.caller == b.caller → a.caller == b.caller (escrow)", "put × count less: never → never (escrow)"],
    ],
    [
      "the same said in another way",
      "pub fn put(id: u64) { self.owners[id + 1] = caller; }",
      "pub fn put(id: u64) { let at = id + 2; self.owners[at] = caller; }",
      [],
    ],
    [
      "parameters in another order",
      "pub fn vote(id: u64, to: address) { self.votes[id][to] = 1; }",
      "pub fn vote(to: address, id: u64) { self.votes[id][to] = 1; }",
      [],
    ],
    [
      "parameters with other names",
      "pub fn move(from: address, to: address) { self.coins[from] = 1; }",
      "pub fn move(a: address, b: address) { self.coins[b] = 1; }",
      ["move × move other: a.from == b.from → a.b == b.b"],
    ],
    [
      "a loop over the same list",
      "pub fn drop(to: list<address, 4>) { for who in to { self.coins[who] = 1; } }",
      "pub fn drop(to: list<address, 4>) { for i in 0..1 { let x = i; } for who in to { self.coins[who] = 1; } }",
      [],
    ],
  ];
  it.each(cases)("%s", (_, before, after, expected) => {
    expect(pairsOf(compare(contract(before), contract(after)))).toEqual(expected);
    const opposite: Readonly<Record<string, string>> = { less: "more", more: "less", other: "other" };
    const back = compare(contract(after), contract(before)).pairs.map(({ judgement }) => judgement);
    expect(back).toEqual(compare(contract(before), contract(after)).pairs.map(({ judgement }) => opposite[judgement]));
  });
});

describe("what became of an access", () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ["came", "pub fn f() { self.total += 1; }", "pub fn f() { self.total += 1; self.coins[caller] += 1; }", ["f + Δ coins[caller]"]],
    ["went", "pub fn f() { self.total += 1; self.paused = true; }", "pub fn f() { self.total += 1; }", ["f - W paused"]],
    ["in another mode", "pub fn f() { self.total += 1; }", "pub fn f() { self.total = self.total + 1; }", ["f less Δ total → W total"]],
    [
      "of a key that is read from state",
      "pub fn f(id: u64, to: address) { self.coins[to] = 1; }",
      "pub fn f(id: u64, to: address) { self.coins[self.owners[id]] = 1; }",
      ["f + R owners[id]", "f less W coins[to] → W coins[self.owners[id]] staged"],
    ],
    [
      "of a key that nobody knows",
      "pub fn f(id: u64) { self.owners[id] = caller; }",
      "pub fn f(id: u64) { var at: u64 = id; for i in 0..3 { at = at * 3 + i; } self.owners[at] = caller; }",
      ["f less W owners[id] → W owners[?] wide"],
    ],
    [
      "under a condition less",
      "pub fn f(rush: bool) { if rush { self.total += 1; } }",
      "pub fn f(rush: bool) { self.total += 1; }",
      ["f less Δ total if rush → Δ total"],
    ],
  ];
  it.each(cases)("%s", (_, before, after, expected) => {
    expect(accessesOf(compare(contract(before), contract(after)))).toEqual(expected);
  });
});

describe("what became of the cost", () => {
  it("is compared over the lengths of the same parameters", () => {
    const before = contract(
      "pub fn f(a: list<u64, 8>, b: list<u64, 8>) { for i in a { self.total += 1; } for i in b { self.total += 1; } }",
    );
    const swapped = contract(
      "pub fn f(b: list<u64, 8>, a: list<u64, 8>) { for i in a { self.total += 1; } for i in b { self.total += 1; } }",
    );
    expect(compare(before, swapped).functions.map(({ cost }) => cost)).toEqual([undefined]);
    const more = contract(
      "pub fn f(a: list<u64, 8>, b: list<u64, 8>) { for i in a { self.total += 1; self.total += 1; } for i in b { self.total += 1; } }",
    );
    expect(compare(before, more).functions[0].cost).toMatchObject({ change: "higher" });
    expect(compare(more, before).functions[0].cost).toMatchObject({ change: "lower" });
    const other = contract("pub fn f(a: list<u64, 8>, b: list<u64, 8>) { for i in a { self.total += 1; self.total += 1; } }");
    expect(compare(before, other).functions[0].cost).toMatchObject({ change: "other" });
  });
});
