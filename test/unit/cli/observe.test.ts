/** Tests looked at while they run: probes change nothing, and what they count and trace is what happened. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";
import type { Compiled } from "../../../compiler/pipeline.ts";
import { loadProbed } from "../../../cli/modules.ts";
import { createCosts } from "../../../cli/test-runner/costs.ts";
import { createCoverage } from "../../../cli/test-runner/coverage.ts";
import { observeSuite } from "../../../cli/test-runner/observe.ts";
import { openInvariants } from "../../../cli/test-runner/invariants.ts";
import { prepareSuite, runOnce, runTest } from "../../../cli/test-runner/run-tests.ts";
import type { Watching } from "../../../cli/test-runner/run-tests.ts";
import { lcovText } from "../../../cli/testing/lcov.ts";
import type { LoadedModule } from "../../../runtime/types.ts";
import { compileFile } from "../../helpers/suites.ts";

const SLOW = 120_000;

function sourcesIn(folder: string): readonly string[] {
  const names = readdirSync(join(import.meta.dirname, "../../..", folder)).filter((name) => name.endsWith(".weft"));
  return names.map((name) => `${folder}/${name}`);
}

async function probedSuite(compiled: Compiled): Promise<Awaited<ReturnType<typeof prepareSuite>>> {
  const modules = new Map<string, LoadedModule>();
  const opened = openInvariants(compiled);
  for (const contract of opened.program.contracts) modules.set(contract.name, await loadProbed(opened, contract));
  return { program: compiled.program, modules, invariants: (await prepareSuite(compiled)).invariants };
}

function compileText(text: string, others: Readonly<Record<string, string>> = {}): Compiled {
  const files: ReadonlyMap<string, string> = new Map(Object.entries({ "a.weft": text, ...others }));
  const { compiled, diagnostics } = compile("a.weft", (path) => files.get(path));
  if (compiled === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return compiled;
}

/** Which cells each block changes. The digests differ: they tell of the code, too. */
function noting(changes: unknown[]): Watching {
  const attach: Watching["attach"] = () => ({
    block: (_calls, result) => changes.push(...result.changedCells()),
    beforeDeployment: () => undefined,
    deployed: () => undefined,
  });
  return { attach, reached: undefined };
}

describe("with probes a program does the same", () => {
  const pages = ["docs/language.md"].flatMap((page) => [
    ...readFileSync(join(import.meta.dirname, "../../..", page), "utf8").matchAll(/```weft\n([^`]*\ntest "[^`]*)```/g),
  ]);
  const programs: readonly (readonly [string, () => Compiled])[] = [
    ...[
      "test/contracts/runner.weft",
      "test/corpus/contracts/desk.weft",
      ...sourcesIn("test/corpus/features"),
      ...sourcesIn("test/corpus/ok"),
    ].map((path) => [path, () => compileFile(path)] as const),
    ...pages.map((match, i) => [`example ${i + 1} of the language`, () => compileText(match[1])] as const),
  ];

  it("for many programs", () => {
    expect(programs.length).toBeGreaterThan(10);
  });

  it.each(programs)(
    "%s",
    async (_, make) => {
      const compiled = make();
      const [plain, probed] = [await prepareSuite(compiled), await probedSuite(compiled)];
      for (const test of compiled.program.tests) {
        const before: unknown[] = [];
        const after: unknown[] = [];
        const first = await runOnce(test, plain, "serial", noting(before));
        const second = await runOnce(test, probed, "serial", noting(after));
        expect(second.trace).toEqual(first.trace);
        expect(second.failure).toEqual(first.failure);
        expect(after).toEqual(before);
      }
    },
    SLOW,
  );
});

const LIBRARY = `fn half(x: u64) -> u64 {
  if x > 100 {
    return 50;
  }
  return x / 2;
}
fn never(x: u64) -> u64 { return x; }
`;

const COUNTED = `import { half, never } from "./lib.weft";
enum Side { Left, Right(u64), Up { by: u64 } }
mixin Guarded {
  state owner: address;
  guard owned() {
    require caller == self.owner;
  }
}
contract A uses Guarded {
  state n: u64 = 2;
  error Low(n: u64);
  init() {
    self.owner = caller;
  }
  pub fn take(x: u64) with owned() {
    self.n -= x else Low(x);
    self.n += never(1);
  }
  pub fn sum(list: list<u64, 4>) -> u64 {
    var total: u64 = 0;
    for x in list {
      total += half(x);
    }
    for i in 0..total max 9 {
      self.n += 1;
    }
    return total;
  }
  view fn go(side: u64, a: bool, b: bool) -> u64 {
    let s = if side == 0 { Side.Left } else { Side.Right(side) };
    match s {
      Side.Left => {
        return 1;
      }
      Side.Right(r) => {
        if a && b || r == 9 {
          return 2;
        }
      }
      Side.Up { by } => {
        return by;
      }
    }
    return match s { Side.Left => 1, Side.Right(r) => r, _ => 0 };
  }
}
contract B uses Guarded {
  pub fn never(x: u64) with owned() {
    self.owner = caller;
  }
}
test "counts" {
  let a = deploy A() as @bob;
  expect a.take(5) as @bob revert A.Low(5);
  expect a.take(1) as @eve revert;
  let nothing = a.sum([]);
  assert a.go(0, true, true) == 1 && a.go(3, true, false) == 3;
  assert half(200) == 50;
}
`;

describe("coverage", () => {
  it(
    "counts statements, ways and functions, up to where a call fails, in imported files, too",
    async () => {
      const compiled = compileText(COUNTED, { "lib.weft": LIBRARY });
      const suite = await prepareSuite(compiled);
      const coverage = createCoverage();
      const observed = observeSuite(compiled, suite, { coverage, costs: undefined });
      for (const test of compiled.program.tests) {
        expect(await runTest(test, suite)).toBeUndefined();
        await observed.observe(test);
      }
      const [a, lib] = coverage.files();
      expect(coverage.files()).toHaveLength(2);
      expect(Object.fromEntries(a.functions.map(({ name, count }) => [name, count]))).toEqual({
        owned: 2,
        "A.init": 1,
        "A.take": 2,
        "A.sum": 1,
        "A.go": 2,
        "B.never": 0,
      });
      const lineOf = (text: string): number => COUNTED.split("\n").findIndex((line) => line.includes(text)) + 1;
      const counts = new Map(a.lines.map(({ line, count }) => [line, count]));
      expect(counts.get(lineOf("state n: u64 = 2"))).toBe(1);
      expect(counts.get(lineOf("require caller == self.owner"))).toBe(2);
      expect(counts.get(lineOf("else Low(x)"))).toBe(1);
      expect(counts.get(lineOf("self.n += never(1)"))).toBe(0);
      expect(counts.get(lineOf("total += half(x)"))).toBe(0);
      expect(counts.get(lineOf("return total"))).toBe(1);
      expect(counts.get(lineOf("return by"))).toBe(0);
      expect(counts.has(lineOf("error Low"))).toBe(false);
      const ways = (text: string): readonly number[] => a.branches.filter(({ line }) => line === lineOf(text)).map(({ count }) => count);
      expect(ways("require caller == self.owner")).toEqual([1, 1]);
      expect(ways("else Low(x)")).toEqual([0, 1]);
      expect(ways("for x in list")).toEqual([0, 1]);
      expect(ways("for i in 0..total")).toEqual([0, 1]);
      expect(ways("let s = if side == 0")).toEqual([1, 1]);
      // `a && b` (its right side asked for or not), `… || r == 9`, and the `if` itself.
      expect([...ways("if a && b || r == 9")].sort((x, y) => x - y)).toEqual([0, 0, 0, 1, 1, 1]);
      // The arms of the statement stand on lines of their own, those of the expression on one.
      expect(ways("Side.Left => {")).toEqual([1]);
      expect(ways("Side.Right(r) => {")).toEqual([1]);
      expect(ways("return match s")).toEqual([0, 1, 0]);
      // Called by the test itself, outside of any contract.
      expect(lib.functions).toEqual([
        { name: "half", line: 1, count: 1 },
        { name: "never", line: 7, count: 0 },
      ]);
      expect(lib.branches.map(({ count }) => count)).toEqual([1, 0]);
      expect(lcovText([lib])).toBe(
        "TN:\nSF:lib.weft\nFN:1,half\nFN:7,never\nFNDA:1,half\nFNDA:0,never\nFNF:2\nFNH:1\nBRDA:2,0,0,1\nBRDA:2,0,1,0\nBRF:2\nBRH:1\n" +
          "DA:2,1\nDA:3,1\nDA:5,0\nDA:7,0\nLF:4\nLH:2\nend_of_record\n",
      );
    },
    SLOW,
  );
});

describe("costs and traces", () => {
  it(
    "count calls by function, and tell the way to a check that fails",
    async () => {
      const text = `contract In {
  error Odd(n: u64, who: address);
  event Seen(indexed n: u64);
  state last: u64;
  pub fn check(n: u64) -> bool {
    emit Seen(n);
    self.last = n;
    self.even(n);
    return true;
  }
  fn even(n: u64) {
    require n % 2 == 0 else Odd(n, caller);
  }
}
contract Out {
  immutable inner: In;
  init(inner: In) { self.inner = inner; }
  pub fn all(list: list<u64, 4>) {
    for n in list {
      let ok = self.inner.check(n);
    }
  }
}
test "fails" {
  let inner = deploy In();
  let out = deploy Out(inner);
  out.all([2]) as @bob;
  out.all([2, 4, 5]) as @bob;
}
`;
      const compiled = compileText(text);
      const suite = await prepareSuite(compiled);
      const costs = createCosts();
      const observed = observeSuite(compiled, suite, { coverage: undefined, costs });
      const [test] = compiled.program.tests;
      const failure = await runTest(test, suite, observed.watching);
      expect(failure?.code).toBe("E0612");
      expect(failure?.message).toContain("Odd(5, Out)");
      await observed.observe(test);
      const [init, out, all] = costs.functions();
      expect([init.name, out.name, all.name]).toEqual(["In.init()", "Out.all(uint64[])", "Out.init(address)"]);
      expect(out.calls).toBe(2);
      expect(out.cost.min).toBeLessThan(out.cost.max);
      // The loop and its line, then four statements and the check of each round; the last one fails at the check.
      expect(out.statements).toEqual({ min: 7n, median: 7n, max: 18n });
      if (failure === undefined) return;
      const { chain, all: lines } = await observed.trace(test, failure);
      expect(chain.map(({ depth, text: shown, place }) => `${depth} ${shown} ${place?.line ?? ""}`)).toEqual([
        "0 Out.all([2, 4, 5]) as @bob 28",
        "1 In.check(5) 20",
        "2 even(5) 8",
        "3 reverts with Odd(5, Out) 12",
      ]);
      const texts = lines.map(({ text: shown }) => shown);
      expect(texts).toContain("emit Seen(4)");
      expect(texts).toContain("In.check(2) -> true");
      expect(texts).toContain("In.last: 0 -> 2");
      expect(texts).toContain("Out.inner: unset -> In");
    },
    SLOW,
  );
});
