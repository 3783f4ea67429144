/**
 * How exact the plans are: for the acceptance contracts line by line, and for small programs that once had a plan that was wrong or too large.
 * That plans are large enough is for `soundness.test.ts` to show.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/pipeline.ts";
import { compileFile, compileText } from "../helpers/suites.ts";
import { planText } from "./plan-text.ts";

const dao = compileFile("test/corpus/contracts/dao.weft");
const nft = compileFile("test/corpus/contracts/nft.weft");
const token = compileFile("test/corpus/contracts/token.weft");

describe("plans of the acceptance contracts", () => {
  it("put accesses behind the static require that they need", () => {
    expect(planText(dao, "join")).toEqual([
      "Δ self.balance += value",
      "if u128(value / 1000000000) > 0",
      "  Δ members[caller] += u128(value / 1000000000)",
      "  Δ totalPower += u128(value / 1000000000)",
    ]);
  });
  it("have each side of a static branch under its condition, and adds of what a cell holds", () => {
    expect(planText(dao, "vote")).toEqual([
      "R members[caller]",
      "R proposals[id].deadline",
      "R voted[id][caller]",
      "R members[caller]",
      "W voted[id][caller]",
      "if support",
      "  Δ proposals[id].yes += self.members[caller]",
      "else",
      "  Δ proposals[id].no += self.members[caller]",
    ]);
  });
  it("read only the members of a struct that are used, and follow its address to the coin", () => {
    expect(planText(dao, "execute")).toEqual([
      "R proposals[id].recipient",
      "R proposals[id].amount",
      "R proposals[id].yes",
      "R proposals[id].no",
      "R proposals[id].deadline",
      "R proposals[id].status",
      "W proposals[id].status",
      "Δ self.balance -= self.proposals[id].amount",
      "Δ balance(self.proposals[id].recipient) += self.proposals[id].amount staged",
    ]);
  });
  it("draw numbers whatever state says, and end where arithmetic on arguments fails", () => {
    const lines = planText(dao, "propose");
    expect(lines.slice(0, 3)).toEqual(["R members[caller]", "T ids", "stop unless block.time + 259200"]);
    expect(lines.slice(3).every((line) => line.startsWith("W proposals[self.ids.next()]."))).toBe(true);
    expect(lines).toHaveLength(11);
  });
  it("draw no number where a static require fails", () => {
    expect(planText(nft, "mint")).toEqual([
      "if caller == self.minter",
      "  T ids",
      "  W owners[u256(self.ids.next())]",
      "  W uris[u256(self.ids.next())]",
      "  Δ balances[to] += 1",
    ]);
  });
  it("make a key static that a require proves to be the caller", () => {
    expect(planText(nft, "burn")).toEqual(["R owners[id]", "W owners[id]", "W approvals[id]", "W uris[id]", "Δ balances[caller] -= 1"]);
  });
  it("leave out what a short circuit skips for these arguments", () => {
    expect(planText(nft, "transferFrom")).toEqual([
      "R owners[id]",
      "if ? && (from != @0x0000000000000000000000000000000000000000)",
      "  if caller == from",
      "  else",
      "    R approvals[id]",
      "  if (caller == from) || (self.approvals[id] == caller)",
      "  else",
      "    R operators[from][caller]",
      "  W approvals[id]",
      "  W owners[id]",
      "  Δ balances[from] -= 1",
      "  Δ balances[to] += 1",
    ]);
  });
  it("stage a key that nothing proves", () => {
    expect(planText(nft, "approve")).toEqual([
      "R owners[id]",
      "if self.owners[id] != @0x0000000000000000000000000000000000000000",
      "  if caller == self.owners[id]",
      "  else",
      "    R operators[self.owners[id]][caller] staged",
      "  W approvals[id]",
    ]);
  });
  it("give an add the limit of the check behind it", () => {
    expect(planText(token, "mint")).toEqual(["R owner", "Δ totalSupply += value ceiling self.cap", "Δ balances[to] += value"]);
  });
  it("have one access per element of a list", () => {
    expect(planText(token, "airdrop")).toEqual([
      "if to.len() > 0",
      "  for i in to",
      "    Δ balances[caller] -= value",
      "    Δ balances[to[i]] += value",
    ]);
  });
});

function plan(members: string, name = "f"): string[] {
  return planText(compileText(`contract C { ${FIELDS} ${members} }`), name);
}

function codesOf(members: string): string[] {
  const text = `contract C { ${FIELDS} ${members} }`;
  return compile("main.weft", (path) => (path === "main.weft" ? text : undefined))
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code }) => code);
}

const FIELDS = `state x: u64; state on: bool; state m: map<u64, u64>; state ptr: map<u64, u64>; state who: map<u64, address>;
  state points: map<address, u64>; state ids: sequence<u64>; error Bad(n: u64);`;

describe("what never happens", () => {
  it("isn't planned behind a condition that is always false", () => {
    expect(plan("pub fn f() { if false { self.x = 1; } else { self.on = true; } require 1 > 2; self.m[1] = 2; }")).toEqual(["W on"]);
  });
  it("isn't planned behind a call that always reverts", () => {
    expect(plan("fn g() { revert Bad(1); } pub fn f() { self.x = 1; self.g(); self.on = true; }")).toEqual(["W x"]);
  });
  it("isn't planned where a value known from a check rules it out", () => {
    expect(plan("pub fn f(k: u64) { require self.x == 1; if self.x == 2 { self.on = true; } else { self.m[k] = 1; } }")).toEqual([
      "R x",
      "R x",
      "W m[k]",
    ]);
  });
});

describe("an amount that nobody knows before", () => {
  const amount = (expr: string): string[] =>
    planText(
      compileText(`contract C {
        state rates: map<u64, u64>; state count: u64; state total: u256; init() {}
        pub fn f() { var n: u64 = 1; for i in 0..self.count max 1000 { n = self.rates[i]; } self.total += ${expr}; }
      }`),
      "f",
    ).slice(-1);

  it("keeps its type, and with it its bound, when it is made wider", () => {
    expect(amount("u256(n)")).toEqual(["Δ total += u256(?)"]);
    expect(amount("u256(u32(n))")).toEqual(["Δ total += u256(?)"]);
  });
});

describe("keys made from what the call wrote", () => {
  it("follow an add", () => {
    expect(plan("pub fn f(n: u64) { self.x += n; self.m[self.x] = 1; }")).toEqual(["Δ x += n", "R x", "W m[self.x + n] staged"]);
  });
  it("choose between what was written and what was there", () => {
    expect(plan("pub fn f(a: u64, b: u64) { self.ptr[a] = 7; self.m[self.ptr[b]] = 1; }")).toEqual([
      "W ptr[a]",
      "R ptr[b]",
      "W m[(if b == a { 7 } else { self.ptr[b] })] staged",
    ]);
  });
  it("know on which side of a static branch it was written", () => {
    expect(plan("pub fn f(a: u64, yes: bool) { if yes { self.ptr[a] = 7; } self.m[self.ptr[a]] = 1; }")).toEqual([
      "if yes",
      "  W ptr[a]",
      "R ptr[a]",
      "W m[(if yes { 7 } else { self.ptr[a] })] staged",
    ]);
  });
  it("are chosen by a condition on state", () => {
    expect(plan("pub fn f(a: u64) { if self.on { self.ptr[a] = 7; } self.m[self.ptr[a]] = 1; }").at(-1)).toBe(
      "W m[(if self.on { 7 } else { self.ptr[a] })] staged",
    );
  });
  it("count the coin that came with the call", () => {
    expect(plan("payable fn f() { self.m[u64(self.balance)] = 1; }")).toEqual([
      "Δ self.balance += value",
      "R self.balance",
      "W m[u64(self.balance + value)] staged",
    ]);
  });
  it("are those before the update in the error of an update", () => {
    const lines = plan("pub fn f(n: u64) { require self.x >= n else Bad(self.m[self.x]); self.x -= n; }");
    expect(lines).toEqual(["Δ x -= n floor 0", "R x if not cleared", "R m[self.x] if not cleared staged"]);
  });
});

describe("values of early returns", () => {
  it("are chosen by static conditions", () => {
    expect(plan("fn g(n: u64) -> u64 { if n > 3 { return 3; } return n; } pub fn f(n: u64) { self.m[self.g(n)] = 1; }")).toEqual([
      "W m[(if n > 3 { 3 } else { n })]",
    ]);
  });
  it("are chosen by what state decides", () => {
    const lines = plan("fn g(n: u64) -> u64 { if self.on { return 3; } return n; } pub fn f(n: u64) { self.m[self.g(n)] = 1; }");
    expect(lines).toEqual(["R on", "W m[(if self.on { 3 } else { n })] staged"]);
  });
  it("leave what follows inside of the branch that gets there", () => {
    const source =
      "fn g(a: bool, b: bool) { if a { if b { return; } self.x = 1; } self.on = true; } pub fn f(a: bool, b: bool) { self.g(a, b); self.m[1] = 1; }";
    const lines = plan(source);
    expect(lines.at(-1)).toBe("W m[1]");
    expect(lines).toContain("  W on");
  });
});

describe("plans of calls that draw numbers", () => {
  it("don't end at arithmetic of an error that may not be thrown", () => {
    expect(plan("pub fn f(a: u64) { require self.on else Bad(a - 1); self.x = 1; self.ids.next(); }")).toEqual(["R on", "W x", "T ids"]);
  });
  it("don't end behind a return that depends on state", () => {
    const lines = plan(
      "fn g(a: u64) { if self.on { return; } self.x = a - 1; } pub fn f(a: u64) { self.g(a); self.m[1] = 1; self.ids.next(); }",
    );
    expect(lines.filter((line) => line.includes("stop"))).toEqual([]);
    expect(lines.slice(-2)).toEqual(["W m[1]", "T ids"]);
  });
  it("end at a static revert inside of a branch", () => {
    expect(plan("pub fn f(a: u64, b: bool) { if b { require a > 1; } self.ids.next(); }")).toEqual([
      "if b",
      "  if a > 1",
      "  else",
      "    stop unless ?",
      "T ids",
    ]);
  });
  it("end where a loop has too many rounds", () => {
    expect(plan("pub fn f(n: u64) { for i in 0..n max 3 { self.m[i] = 1; } self.ids.next(); }")).toEqual([
      "if n <= 3",
      "  for i in 0..n max 3",
      "    W m[i]",
      "  T ids",
    ]);
  });
  it("plan the side that reverts before the one that goes on, which may end the plan", () => {
    const lines = plan(
      "pub fn f(a: u64) { if self.on { self.x = 1; } else { revert Bad(self.m[2]); } self.m[3] = a - 1; self.ids.next(); }",
    );
    expect(lines.indexOf("  R m[2]")).toBeLessThan(lines.indexOf("  stop unless a - 1"));
    expect(lines.indexOf("  R m[2]")).toBeGreaterThanOrEqual(0);
  });
  it("are refused where a number stands in an error, under what was read, or behind a loop that may return", () => {
    expect(codesOf("pub fn f() { require self.on else Bad(self.ids.next()); }")).toEqual(["E0510"]);
    expect(codesOf("pub fn f() { self.x -= 1 else Bad(self.ids.next()); }")).toEqual(["E0510"]);
    expect(codesOf("pub fn f(p: bool) { self.on = p; if self.on { self.ids.next(); } }")).toEqual(["E0510"]);
    expect(codesOf("pub fn f(n: u64) { require self.x == n; if self.x == n { self.ids.next(); } }")).toEqual(["E0510"]);
    expect(codesOf("pub fn f(xs: list<u64, 3>) { for x in xs { if x == 1 { return; } } self.ids.next(); }")).toEqual(["E0510"]);
  });
});

describe("lists", () => {
  const pick = "pub fn f(a: list<u64, 3>, b: list<u64, 3>, yes: bool)";
  it("that the call chooses make keys", () => {
    expect(plan(`${pick} { let l = if yes { a } else { b }; self.m[l[0]] = 1; }`)).toEqual(["W m[(if yes { a } else { b })[0]]"]);
    expect(plan(`${pick} { let l = if yes { a } else { b }; self.m[l.len()] = 1; }`)).toEqual(["W m[(if yes { a } else { b }).len()]"]);
  });
});

describe("terms that would grow without bound", () => {
  const within = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  it("are given up, also behind an equality and through branches", () => {
    const doubled = `pub fn f(p: u64) { require self.x == p; var y = p; ${"y = y + y; ".repeat(300)} self.m[y] = 1; }`;
    const chosen = `pub fn f(p: u64, q: u64) { var y = p; ${"if q > 3 { y += 1; } else { y += 2; } ".repeat(300)} self.m[y] = 1; }`;
    expect(within(() => expect(plan(doubled).at(-1)).toMatch(/W m\[\?\]$/))).toBeLessThan(5_000);
    expect(within(() => expect(plan(chosen).at(-1)).toBe("W m[?]"))).toBeLessThan(5_000);
  });
  it("and paths of tens of thousands of accesses are refused in time", () => {
    expect(within(() => expect(codesOf(`pub fn f(p: u64) { ${"self.m[p] = 1; ".repeat(25_000)} }`)).toEqual(["E0513"]))).toBeLessThan(
      10_000,
    );
  });
  it("and so are functions that call each other many times and touch nothing", () => {
    const sums = Array.from(
      { length: 13 },
      (_, i) => `fn f${i + 1}(a: u64) -> u64 { return ${Array(8).fill(`self.f${i}(a)`).join(" + ")}; }`,
    );
    const source = `fn f0(a: u64) -> u64 { return a; } ${sums.join(" ")} pub fn go(a: u64) { self.m[a] = self.f13(a); }`;
    expect(within(() => expect(codesOf(source)).toEqual(["E0513"]))).toBeLessThan(10_000);
  });
});
