/** Random function bodies: what the reference interpreter counts, node by node, never exceeds the bound known at entry. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COST_MODEL } from "../helpers/cost-model.ts";
import { programOf } from "../helpers/program.ts";
import { runTest } from "../interpreter/run-tests.ts";
import type { CostModel } from "../interpreter/world.ts";

const value = fc.constantFrom(
  "x",
  "y",
  "1",
  "self.total",
  "xs.len()",
  "(x + y)",
  "(x * 2 + 1)",
  "min(x, y)",
  "(if x < y { self.total } else { y })",
  "self.helper(xs, y)",
  "mulDiv(x, y, 3)",
);
const cond = fc.constantFrom("x < y", "x == 1 || self.total > 5", "xs.contains(y) && y != 2", "!self.seen[caller]");

const simple = fc.oneof(
  value.map((v) => `self.total = ${v} % 1000;`),
  value.map((v) => `self.total += ${v} % 1000;`),
  value.map((v) => `acc = (acc + ${v}) % 1000;`),
  cond.map((c) => `require ${c} else Bad(x, self.total);`),
  fc.constantFrom(
    "self.seen[caller] = true;",
    "delete self.seen[caller];",
    'emit Done(x, "text");',
    'self.label = "some text";',
    "return acc;",
  ),
  fc.constantFrom("self.pair = Pair { a: x, b: y };", "self.total = self.pair.a;", "self.helper(ys, x);", "revert Bad(x, y);"),
);

function statements(depth: number): fc.Arbitrary<string> {
  const inner = depth === 0 ? simple : fc.oneof({ weight: 3, arbitrary: simple }, { weight: 2, arbitrary: compound(depth - 1) });
  return fc.array(inner, { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(" ")} }`);
}

function compound(depth: number): fc.Arbitrary<string> {
  const body = statements(depth);
  return fc.oneof(
    fc.tuple(cond, body, body).map(([c, then, otherwise]) => `if ${c} ${then} else ${otherwise}`),
    fc.tuple(fc.constantFrom("xs", "ys"), body).map(([list, each]) => `for item in ${list} ${each}`),
    fc.tuple(fc.integer({ min: 0, max: 4 }), body).map(([end, each]) => `for i in 0..${end} ${each}`),
    body.map((each) => `for i in 0..xs.len() max 4 ${each}`),
  );
}

const list = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });

/** Bodies may shadow, return early and leave code unreached: those are warnings. */
function sourceOf(body: string, call: string): string {
  return `struct Pair { a: u64; b: u64; }
contract C {
  state total: u64;
  state seen: map<address, bool>;
  state label: string<64>;
  state pair: Pair;
  event Done(x: u64, text: string<40>);
  error Bad(a: u64, b: u64);
  pub fn f(xs: list<u64, 4>, x: u64, ys: list<u64, 4>, y: u64) -> u64 {
    var acc: u64 = 0;
    ${body.slice(1, -1)}
    return acc;
  }
  fn helper(zs: list<u64, 4>, k: u64) -> u64 {
    var sum: u64 = k;
    for z in zs { sum += z; }
    return sum % 100;
  }
}
test "t" { let c = deploy C() as @alice; block { ${call} ${call} } }`;
}

describe("what a call really takes", () => {
  it("never exceeds its bound, and comes close to it on some path", () => {
    let closest = 0;
    let executed = 0;
    fc.assert(
      fc.property(statements(2), list, list, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (body, xs, ys, x, y) => {
        const program = programOf(sourceOf(body, `c.f([${xs.join(", ")}], ${x}, [${ys.join(", ")}], ${y}) as @bob;`));
        let bound = 0n;
        let steps = 0n;
        // The interpreter itself checks each call; this only looks on.
        const model: CostModel = {
          ...COST_MODEL,
          bound: (...of) => (bound = COST_MODEL.bound(...of)),
          entry: (...of) => (steps = COST_MODEL.entry(...of)),
          step: (node) => {
            const cost = COST_MODEL.step(node);
            steps += cost;
            return cost;
          },
        };
        try {
          runTest(program, program.tests[0], model);
        } catch (error) {
          // A call of the block may revert, which is no failure here.
          if (!(error instanceof Error) || error.message.includes("its bound is")) throw error;
        }
        expect(steps).toBeLessThanOrEqual(bound);
        executed++;
        closest = Math.max(closest, Number(steps) / Number(bound));
      }),
      { numRuns: 150 },
    );
    expect(executed).toBe(150);
    expect(closest).toBeGreaterThan(0.8);
  });
});
