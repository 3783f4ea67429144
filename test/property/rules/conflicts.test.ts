/** Rules D1 to D4 of the semantics: what conditions of the conflict matrix assume of terms, on blocks that go wrong when more is assumed. */
import { describe, expect, it } from "vitest";
import { analyseConflicts } from "../../../compiler/conflicts/analyse.ts";
import { conflictMatrix } from "../../../compiler/conflicts/matrix.ts";
import { compile } from "../../../compiler/pipeline.ts";
import { by, tell } from "../../helpers/story.ts";
import { compileText } from "../../helpers/suites.ts";

/** The condition of two functions of the first contract, as it is shown. */
function conditionOf(source: string, left: string, right: string): string | undefined {
  const { program, footprints } = compileText(source);
  const [footprint] = footprints.contracts;
  const { rows } = conflictMatrix(footprint, program, analyseConflicts(footprint, program));
  return rows.flat().find((cell) => cell.left === left && cell.right === right)?.text;
}

function codesOf(source: string): readonly string[] {
  return compile("main.weft", (path) => (path === "main.weft" ? source : undefined))
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code }) => code);
}

describe("conditions", () => {
  const SUMS = `contract C { state m: map<u256, u64>; state k: map<bytes32, u64>; state e: map<(u64, u64), u64>;
    pub fn plain(a: u256) { self.m[a] = 1; } pub fn cast(a: u64) { self.m[u256(a)] = 2; } pub fn next(a: u256) { self.m[a + 1] = 3; } pub fn before(a: u256) { self.m[a - 1] = 4; }
    pub fn double(a: u256) { self.m[a * 2] = 5; } pub fn one() { self.m[1] = 6; } pub fn two() { self.m[2] = 7; }
    pub fn hash(a: u64) { self.k[keccak256(encode(a))] = 1; } pub fn other(a: u64) { self.k[sha256(encode(a))] = 2; }
    pub fn pair(a: u64, b: u64) { self.e[(a, b)] = 1; } }`;

  it.each([
    ["cast", "cast", "a.a == b.a"],
    ["plain", "next", "a.a == b.a + 1"],
    ["next", "before", "a.a + 2 == b.a"],
    ["one", "two", "never"],
    ["next", "one", "a.a == 0"],
    ["hash", "hash", "a.a == b.a"],
    ["pair", "pair", "a.a == b.a ∧ a.b == b.b"],
  ])("D1: %s × %s waits when %s", (left, right, condition) => {
    expect(conditionOf(SUMS, left, right)).toBe(condition);
  });

  it("D1: other arithmetic, and hashes of different kinds, say nothing", async () => {
    expect(conditionOf(SUMS, "double", "two")).not.toBe("never");
    expect(conditionOf(SUMS, "hash", "other")).not.toBe("never");
    const { cells, waiting } = await tell(SUMS, [
      [by("alice", "double", [1n]), by("bob", "two"), by("carol", "next", [1n]), by("dave", "before", [3n])],
    ]);
    expect(cells).toEqual({ "m[2]": 4n });
    expect(waiting).toBe(3);
  });

  const ENCODED = `const THREE: address = @0x0000000000000000000000000000000000000003; const WORD: bytes32 = bytes32(3);
    contract C { state k: map<bytes32, u64>; state b: map<bytes<64>, u64>;
    pub fn number(a: u256) { self.k[keccak256(encode(a))] = 1; } pub fn home() { self.k[keccak256(encode(THREE))] = 2; } pub fn word() { self.k[keccak256(encode(WORD))] = 3; }
    pub fn two(a: u8, b: u8) { self.b[concat(a, b)] = 1; } pub fn wide(a: u16) { self.b[concat(a)] = 2; } }`;

  it("D2: encodings over different types can be equal", async () => {
    for (const [left, right] of [
      ["number", "home"],
      ["home", "word"],
      ["two", "wide"],
    ])
      expect(conditionOf(ENCODED, left, right), `${left} × ${right}`).not.toBe("never");
    const { cells, waiting } = await tell(ENCODED, [
      [by("alice", "number", [3n]), by("bob", "home"), by("carol", "word"), by("dave", "two", [1n, 2n]), by("alice", "wide", [258n])],
    ]);
    expect(Object.values(cells)).toEqual([3n, 2n]);
    expect(waiting).toBe(3);
  });

  it("D3: what one call reads from state tells nothing of what another one finds", async () => {
    const source = `contract C { state at: map<u64, u64>; state m: map<u64, u64>; pub fn set(k: u64, n: u64) { self.at[k] = n; } pub fn put(k: u64) { self.m[self.at[k]] += self.m[self.at[k]] + 1; }
      pub fn next(k: u64) { self.m[self.at[k] + 1] = 50; } }`;
    expect(conditionOf(source, "put", "next")).not.toBe("never");
    const { cells } = await tell(source, [
      [by("alice", "set", [1n, 5n]), by("alice", "next", [1n]), by("bob", "set", [1n, 6n]), by("carol", "put", [1n])],
    ]);
    expect(cells).toMatchObject({ "m[6]": 101n });
  });

  it("D3: a claim is about modes: adds that meet count as independent, reads beside adds don't", () => {
    const source = (claim: string): string =>
      `contract C { state n: u64; pub fn add(by: u64) { self.n += by; } view fn get() -> u64 { return self.n; } ${claim} }`;
    expect(codesOf(source("parallel (a: add, b: add);"))).toEqual([]);
    expect(codesOf(source("parallel (a: get, b: get);"))).toEqual([]);
    expect(codesOf(source("parallel (a: add, b: get);"))).toEqual(["E0501"]);
  });

  it("D4: nothing can be claimed of calls that may meet in another contract", () => {
    const source = (
      claim: string,
    ): string => `interface Peer { pub fn go(); } contract C { state n: map<u64, u64>; pub fn out(at: Peer) { at.go(); } pub fn keep(k: u64) { self.n[k] = 1; }
      pub fn send(to: address) { pay(to, 1); } ${claim} }`;
    expect(codesOf(source("parallel (a: out, b: keep);"))).toEqual([]);
    expect(codesOf(source("parallel (a: out, b: out) when a.at != b.at;"))).toEqual(["E0504"]);
    expect(codesOf(source("parallel (a: out, b: send);"))).toEqual(["E0504"]);
  });

  it("D4: a parameter called `value` is the parameter", () => {
    const source = `contract C { state m: map<u256, u64>; payable fn put(value: u256) { self.m[value] = 1; } parallel (a: put, b: put) when a.value != b.value; }`;
    expect(codesOf(source)).toEqual([]);
  });
});
