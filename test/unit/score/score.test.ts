/** Scores of small contracts: what should be parallel is, what should wait does, and calls are drawn as they can be expected to be made. */
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";
import { checkSites } from "../../../compiler/score/checks.ts";
import { callable, kindOf, plainEntry } from "../../../compiler/score/kinds.ts";
import type { Kind } from "../../../compiler/score/sample.ts";
import { createDrawer, drawByType } from "../../../compiler/score/draw.ts";
import { createPicker, createRandom } from "../../../compiler/score/random.ts";
import { scoreOf } from "../../../compiler/score/score.ts";
import type { Score, ScoreOutcome } from "../../../compiler/score/score.ts";

const POPULATION = { accounts: 10_000, ids: 10_000, skew: 0 };
const WORKERS = [1, 2, 3, 5, 8, 13, 16, 21, 64, 200];

interface Asked {
  readonly mix: Readonly<Record<string, number>>;
  readonly population: typeof POPULATION;
  readonly calls: number;
}

function outcomeOf(source: string, asked: Partial<Asked> = {}): ScoreOutcome {
  const { compiled, diagnostics } = compile("c.weft", (path) => (path === "c.weft" ? source : undefined));
  if (compiled === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const [footprint] = compiled.footprints.contracts;
  const population = asked.population ?? POPULATION;
  const { mix } = asked;
  const kinds = callable(footprint, compiled.program)
    .filter(({ name, role }) => (mix === undefined ? role === "external" : Object.hasOwn(mix, name)))
    .map((func): Kind => kindOf(plainEntry(func, mix?.[func.name] ?? 1), footprint, checkSites(compiled.program), population));
  return scoreOf({ footprint, costs: compiled.costs, kinds, population, calls: asked.calls ?? 320, seed: 5, workers: WORKERS });
}

function score(source: string, asked: Partial<Asked> = {}): Score {
  const outcome = outcomeOf(source, asked);
  if (outcome.kind === "tooMuch") throw new Error("too much");
  return outcome.score;
}

function speedUpOn(found: Score, workers: number): number {
  return found.speedUps.find((each) => each.workers === workers)?.median ?? NaN;
}

const INDEPENDENT =
  "contract C {\n  state n: map<u64, u64>;\n  state ids: sequence<u64>;\n  pub fn f() {\n    self.n[self.ids.next()] = 1;\n  }\n}\n";
const HOT = "contract C {\n  state n: u64;\n  pub fn f(x: u64) {\n    self.n = x;\n  }\n}\n";
const MIXED = `contract C {
  state total: u64;
  state own: map<address, u64>;
  state ids: map<u64, u64>;
  pub fn add(to: address, x: u64) {
    self.own[to] += x;
    self.total += x;
  }
  pub fn put(id: u64, x: u64) {
    self.ids[id] = x;
  }
  pub fn look(who: address) -> u64 {
    return self.own[who];
  }
}
`;

describe("a score", () => {
  it("is that of the number of workers where no call waits, and 1 where one cell is written by all", () => {
    const free = score(INDEPENDENT);
    for (const workers of [1, 2, 5, 8, 16, 64]) expect(speedUpOn(free, workers)).toBe(workers);
    expect(free).toMatchObject({ parallelism: 100, limit: { median: 320 }, waiting: { greatest: 0 }, chain: { greatest: 1 } });
    const hot = score(HOT);
    expect(hot.speedUps.every(({ least, greatest }) => least === 1 && greatest === 1)).toBe(true);
    expect(hot).toMatchObject({ parallelism: 6.25, limit: { median: 1 }, chain: { least: 320 }, waiting: { median: 319 / 320 } });
    expect(hot.limits).toMatchObject([{ func: { name: "f" }, share: 1, cells: [{ cell: "n", share: 1 }] }]);
  });

  it.each([0, 0.8, 1.5])("rises with the workers and stays below them and below its limit (skew %d)", (skew) => {
    const found = score(MIXED, { population: { accounts: 50, ids: 50, skew } });
    let last = 0;
    for (const { workers, median, least, greatest } of found.speedUps) {
      expect(median).toBeGreaterThanOrEqual(last);
      expect(greatest).toBeLessThanOrEqual(Math.min(workers, found.limit.greatest));
      expect(least).toBeGreaterThanOrEqual(1);
      last = median;
    }
  });

  it("falls as more calls meet: with a skew, and with fewer accounts and numbers", () => {
    const figures = [
      score(MIXED),
      score(MIXED, { population: { ...POPULATION, skew: 1.2 } }),
      score(MIXED, { population: { accounts: 2, ids: 2, skew: 1.2 } }),
    ].map(({ parallelism }) => parallelism);
    expect(figures[0]).toBeGreaterThan(90);
    expect(figures[1]).toBeLessThan(figures[0]);
    expect(figures[2]).toBeLessThan(figures[1] / 2);
  });

  it("doesn't see what is added", () => {
    expect(score(MIXED, { mix: { add: 1 }, population: { accounts: 1, ids: 1, skew: 0 } }).waiting.greatest).toBe(0);
    expect(score(MIXED, { mix: { add: 1, look: 1 }, population: { accounts: 1, ids: 1, skew: 0 } }).waiting.median).toBeGreaterThan(0.9);
  });
});

describe("keys", () => {
  const pointer = (body: string): string =>
    `contract C {\n  state to: map<u64, address>;\n  state got: map<address, u64>;\n  pub fn set(id: u64, who: address) {\n    self.to[id] = who;\n  }\n  pub fn give(${body}\n}\n`;

  it("read from cells that the block writes take the whole field", () => {
    const staged = score(pointer("id: u64) {\n    self.got[self.to[id]] = 1;\n  }"), {
      population: { accounts: 10_000, ids: 50, skew: 0 },
    });
    expect(staged.parallelism).toBeLessThan(20);
    expect(staged.limits[0].cells[0].cell).toBe("all of got");
    const named = "id: u64, who: address) {\n    require self.to[id] == who;\n    self.got[who] = 1;\n  }";
    const checked = score(pointer(named), { population: { accounts: 10_000, ids: 50, skew: 0 } });
    expect(checked.parallelism).toBeGreaterThan(2 * staged.parallelism);
    expect(checked.limits.flatMap(({ cells }) => cells.map(({ cell }) => cell)).some((cell) => cell.startsWith("all of"))).toBe(false);
  });

  it("that nobody knows before take the whole field, and what is created runs alone", () => {
    const listed =
      "contract C {\n  state who: list<u64, 4>;\n  state n: map<u64, u64>;\n  pub fn f() {\n    for each in self.who {\n      self.n[each] = 1;\n    }\n  }\n}\n";
    expect(score(listed)).toMatchObject({ limit: { median: 1 }, limits: [{ cells: [{ cell: "all of n" }] }] });
    const maker = "contract C {\n  pub fn f() {\n    create D();\n  }\n}\ncontract D {}\n";
    expect(score(maker)).toMatchObject({ limit: { median: 1 }, limits: [{ cells: [{ cell: "calls that run alone", share: 1 }] }] });
  });

  it("of loops are those of each round", () => {
    const loop = (range: string): string =>
      `contract C {\n  state n: map<u64, u64>;\n  pub fn f(at: u64, many: list<u64, 5>) {\n    for i in ${range} {\n      self.n[i] = 1;\n    }\n  }\n}\n`;
    expect(score(loop("0..3 max 3")).limit.median).toBe(1);
    expect(score(loop("many"), { population: { ...POPULATION, ids: 1_000_000 } }).waiting.median).toBeLessThan(0.01);
    expect(score(loop("many"), { population: { ...POPULATION, ids: 20 } }).waiting.median).toBeGreaterThan(0.5);
    // More rounds than are walked: such a call has its position of the block for itself.
    expect(score(loop("0..20_000 max 20_000"), { calls: 10 }).limits[0].cells).toEqual([{ cell: "calls that run alone", share: 1 }]);
    expect(outcomeOf(loop("0..10_000 max 10_000"))).toEqual({ kind: "tooMuch" });
  });
});

describe("sampled calls", () => {
  const guarded = (checks: string): string =>
    `contract C {\n  immutable owner: address;\n  state n: map<u64, u64>;\n  error No();\n  init() {\n    self.owner = caller;\n  }\n  payable fn f(id: u64, who: address, ok: bool) {\n    ${checks}\n    self.n[id] = 1;\n  }\n}\n`;

  it.each([
    ["a check on the caller", "require caller == self.owner;", 0],
    ["a check in an `if`", "if caller != self.owner {\n      revert No();\n    }", 0],
    ["a check on arguments", "require id >= 2_000 && who != caller && ok else No();", 0],
    ["a check on coin", "require value / 1_000_000_000 > 0;", 0],
    ["equal arguments", "require who == caller && id == 7;", 0],
    ["a check on the block, which nothing can pass", "require block.time < 5;", 1],
    ["a check that fails to be computed", "require id - 1_000_000 > 0;", 1],
  ])("pass %s", (_, checks, failing) => {
    const { sampled } = score(guarded(checks));
    expect(sampled[0].failing / sampled[0].calls).toBe(failing);
  });

  it("go both ways at a condition that is no check", () => {
    const optional = "contract C {\n  state n: u64;\n  pub fn f(ok: bool) {\n    if ok {\n      self.n = 1;\n    }\n  }\n}\n";
    expect(score(optional).waiting.median).toBeGreaterThan(0.4);
    expect(score(optional).waiting.median).toBeLessThan(0.6);
  });

  it("are drawn by the shares of the mix", () => {
    const { sampled } = score(MIXED, { mix: { add: 70, put: 29, look: 1 }, calls: 2_000 });
    [0.7, 0.29, 0.01].forEach((share, i) => expect(sampled[i].calls / 10_000).toBeCloseTo(share, 1));
  });

  it("have values of their types", () => {
    const draw = createDrawer(createRandom(1), { left: 1_000 });
    const by = (type: Parameters<typeof drawByType>[0]) =>
      Array.from({ length: 50 }, () => draw(drawByType(type, { ...POPULATION, ids: 1_000 })));
    expect(by({ kind: "int", signed: true, bits: 8 }).every((value) => typeof value === "bigint" && value >= 0n && value < 128n)).toBe(
      true,
    );
    expect(by({ kind: "string", max: 1 }).every((value) => /^0x3[0-9]$/.test(String(value)))).toBe(true);
    expect(by({ kind: "string", max: 0 }).every((value) => value === "0x")).toBe(true);
    expect(by({ kind: "bytes", max: 1 }).every((value) => /^0x[0-9a-f]{2}$/.test(String(value)))).toBe(true);
    expect(by({ kind: "bytes32" }).every((value) => /^0x[0-9a-f]{64}$/.test(String(value)))).toBe(true);
    expect(
      by({ kind: "list", element: { kind: "bool" }, max: 3 }).every(
        (value) => typeof value === "object" && value.length >= 1 && value.length <= 3,
      ),
    ).toBe(true);
    expect(by({ kind: "list", element: { kind: "bool" }, max: 0 })).toEqual(Array.from({ length: 50 }, () => []));
  });
});

it("shares by Zipf's law are powers, computed without the machine's own", () => {
  const random = (at: number) => ({ ...createRandom(1), fraction: () => at });
  for (const exponent of [0.25, 1, 1.1, 3]) {
    const weights = Array.from({ length: 200 }, (_, i) => (i + 1) ** -exponent);
    const sum = weights.reduce((a, b) => a + b, 0);
    const picker = createPicker({ kind: "zipf", exponent }, 200);
    let below = 0;
    weights.forEach((weight, i) => {
      // Just inside of each share, at both ends.
      expect(picker(random((below + weight * 1e-6) / sum))).toBe(i);
      expect(picker(random((below + weight * (1 - 1e-6)) / sum))).toBe(i);
      below += weight;
    });
  }
});
