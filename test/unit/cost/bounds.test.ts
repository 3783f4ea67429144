import { describe, expect, it } from "vitest";
import { MAX_COST, boundCosts, evaluateCost, showCost } from "../../../compiler/cost/cost.ts";
import type { CostBound } from "../../../compiler/cost/cost.ts";
import type { Func } from "../../../compiler/typed/tree.ts";
import { programOf } from "../../helpers/program.ts";

interface Bounded {
  readonly func: Func;
  readonly bound: CostBound;
}

/** The bound of the function `f` of a contract with these members. */
function boundOf(members: string): Bounded {
  const program = programOf(`interface Other { pub fn take(s: string<640>); }
contract C {
  state total: u64;
  state scores: map<address, u64>;
  state label: string<200>;
  error Bad(a: u64, b: u64, c: u64, d: u64, e: u64, g: u64, h: u64, i: u64);
  ${members}
}`);
  const bounds = boundCosts(program);
  for (const func of program.functions.values()) {
    const bound = bounds.get(func.id);
    if (func.name === "f" && bound !== undefined) return { func, bound };
  }
  throw new Error("no function f");
}

function formula(members: string): string {
  const { func, bound } = boundOf(members);
  return showCost(bound, func);
}

function constant(members: string): bigint {
  const { bound } = boundOf(members);
  expect(bound.terms).toEqual([]);
  return bound.constant;
}

describe("the cost bound of a function", () => {
  it("is a number without loops", () => {
    expect(formula("pub fn f(x: u64) { self.total += x; }")).toMatch(/^\d+$/);
  });
  it("is a formula over the length of a list it loops over", () => {
    expect(formula("pub fn f(xs: list<u64, 9>) { for x in xs { self.total += x; } }")).toMatch(/^\d+ \+ \d+·xs\.len$/);
  });
  it("stays a formula when the list goes through a local and a call", () => {
    const direct = boundOf("pub fn f(xs: list<u64, 9>) { for x in xs { self.total += x; } }").bound;
    const passed = boundOf(`pub fn f(xs: list<u64, 9>) { let ys = xs; self.each(1, ys); }
  fn each(k: u64, zs: list<u64, 9>) { for x in zs { self.total += x; } }`).bound;
    expect(passed.terms).toEqual(direct.terms);
    expect(passed.constant).toBeGreaterThan(direct.constant);
  });
  it("multiplies the lengths of nested loops", () => {
    expect(formula("pub fn f(xs: list<u64, 9>, ys: list<u64, 9>) { for x in xs { for y in ys { self.total += x * y; } } }")).toMatch(
      /^\d+ \+ \d+·xs\.len \+ (\d+·)?ys\.len \+ \d+·xs\.len·ys\.len$/,
    );
    expect(
      formula(`pub fn f(xs: list<u64, 9>, ys: list<u64, 9>) { for x in xs { self.each(ys); } }
  fn each(zs: list<u64, 9>) { for z in zs { self.total += z; } }`),
    ).toMatch(/·xs\.len·ys\.len$/);
  });
  it("takes a list literal's own length and another list's cap", () => {
    const callee = "fn each(zs: list<u64, 9>) { for z in zs { self.total += z; } }";
    const two = constant(`pub fn f() { self.each([1, 2]); } ${callee}`);
    const four = constant(`pub fn f() { self.each([1, 2, 3, 4]); } ${callee}`);
    expect(four).toBeGreaterThan(two);
    const capped = constant(`pub fn f() { let zs: list<u64, 9> = [1, 2]; self.each(zs); } ${callee}`);
    expect(capped).toBeGreaterThan(four);
  });
  it("counts a range by its cap", () => {
    const range = (max: number): bigint => constant(`pub fn f(n: u64) { for i in 0..n max ${max} { self.total += i; } }`);
    expect(range(20) - range(10)).toBe(range(40) - range(30));
    expect(range(20)).toBeGreaterThan(range(10));
  });
  it("takes the dearer of two branches, not both", () => {
    const branch = (then: string, otherwise: string): bigint => constant(`pub fn f(c: bool) { if c { ${then} } else { ${otherwise} } }`);
    const dear = "self.total += 1; self.total += 2; self.total += 3;";
    const cheap = "self.total = 1;";
    expect(branch(dear, cheap)).toBe(branch(dear, ""));
    expect(branch(dear, cheap)).toBe(branch(cheap, dear));
    const either = (a: string, b: string): bigint => constant(`pub fn f(c: bool) { self.total = if c { ${a} } else { ${b} }; }`);
    expect(either("1 * 2 * 3 * self.total", "1")).toBe(either("1", "1 * 2 * 3 * self.total"));
  });
  it("doesn't add what follows to a path that ended", () => {
    const rest = "self.total += 1; self.total += 2;";
    const ending = constant(`pub fn f(c: bool) { if c { self.total += 7; self.total += 8; self.total += 9; return; } ${rest} }`);
    const running = constant(`pub fn f(c: bool) { if c { self.total += 7; self.total += 8; self.total += 9; } ${rest} }`);
    expect(ending).toBeLessThan(running);
  });
  it("takes the arguments of an error or the rest, whichever is dearer", () => {
    const sum = "self.total + self.total";
    const error = `Bad(${Array.from({ length: 8 }, () => sum).join(", ")})`;
    const short = constant(`pub fn f(c: bool) { require c else ${error}; self.total = 1; }`);
    const long = constant(`pub fn f(c: bool) { require c else ${error}; self.total = 1; self.total = 2; }`);
    expect(long).toBe(short);
  });
  it("grows with the greatest size of what is stored, returned or logged", () => {
    expect(constant("state short: string<32>; pub fn f(s: string<32>) { self.short = s; }")).toBeLessThan(
      constant("pub fn f(s: string<200>) { self.label = s; }"),
    );
  });
  it("includes decoding for functions called from outside, by length for lists", () => {
    expect(formula("pub fn f(xs: list<u64, 9>) {}")).toMatch(/^\d+ \+ xs\.len$/);
  });
  it("includes the guards, calls of functions that are also external, and getters", () => {
    const plain = constant("pub fn f() {}");
    expect(constant("guard even { require self.total % 2 == 0; } pub fn f() with even {}")).toBeGreaterThan(plain);
    const called = constant("view fn g() -> u64 { return self.total; } pub fn f() { let x = self.g(); }");
    expect(called).toBeGreaterThan(plain);
  });
  it("saturates instead of growing beyond any limit", () => {
    const chain = Array.from({ length: 14 }, (_, i) => `fn g${i}() { ${`self.g${i + 1}(); `.repeat(40)}}`).join("\n  ");
    const { bound } = boundOf(`pub fn f() { self.g0(); } ${chain} fn g14() { self.total += 1; }`);
    expect(evaluateCost(bound, [])).toBe(MAX_COST);
  });
  it("replaces lengths by their caps where a product gets too high, never below the truth", () => {
    const nest = (depth: number): string => (depth === 0 ? "self.total += 1;" : `for x${depth} in xs { ${nest(depth - 1)} }`);
    const { bound } = boundOf(`pub fn f(xs: list<u64, 9>) { ${nest(5)} }`);
    expect(Math.max(...bound.terms.map((term) => term.lengths.length))).toBe(3);
    expect(evaluateCost(bound, [4])).toBeGreaterThan(4n ** 5n);
  });
  it("counts the statements inside an expression, of its branches the dearer one", () => {
    const pick = (a: string, b: string): bigint =>
      constant(`state best: u64?; pub fn f() -> u64 { return 1 + match self.best { some(x) => ${a}, none => ${b}, }; }`);
    const dear = "x * x * x * self.total";
    expect(pick(dear, "2")).toBeGreaterThan(pick("x", "2"));
    expect(pick(dear, "2 * self.total")).toBe(pick(dear, "2"));
  });
  it("takes a list in state for full, wherever it is copied, searched or looped over", () => {
    const list = (max: number, body: string): bigint => constant(`state queue: list<u64, ${String(max)}>; pub fn f() { ${body} }`);
    for (const body of [
      "self.queue.push(1);",
      "let x = self.queue.pop();",
      "self.queue[0] = 1;",
      "for x in self.queue { self.total += x; }",
    ]) {
      expect(list(40, body)).toBeGreaterThan(list(4, body));
      expect(list(40, body) - list(30, body)).toBe(list(30, body) - list(20, body));
    }
  });
  it("grows with the greatest length of what is hashed, encoded or sent to another contract", () => {
    const hashed = (max: number, name: string): bigint => constant(`pub fn f(s: bytes<${String(max)}>) -> bytes32 { return ${name}(s); }`);
    for (const name of ["sha256", "keccak256", "blake3"]) expect(hashed(640, name)).toBeGreaterThan(hashed(32, name) + 200n);
    const sent = (max: number): bigint => constant(`pub fn f(to: address, s: string<${String(max)}>) { Other(to).take(s); }`);
    expect(sent(640)).toBeGreaterThan(sent(32));
    expect(constant("pub fn f(h: bytes32) -> address { return ecrecover(h, 27, h, h); }")).toBeGreaterThan(10_000n);
  });
});
