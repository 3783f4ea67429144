/** The `test` blocks of the example contracts, executed by the reference interpreter; the runtime's own runner is tested elsewhere. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COST_MODEL } from "../../helpers/cost-model.ts";
import { programOf } from "../../helpers/program.ts";
import { TestFailed, runTest } from "../../interpreter/run-tests.ts";

const FILES = ["examples/token/token.weft", "examples/nft/nft.weft", "examples/dao/dao.weft"];

for (const file of FILES) {
  describe(file, () => {
    const program = programOf(readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8"));
    it("has tests", () => {
      expect(program.tests.length).toBeGreaterThan(0);
    });
    for (const test of program.tests) {
      it(test.title, () => {
        expect(() => {
          runTest(program, test, COST_MODEL);
        }).not.toThrow();
      });
    }
  });
}

describe("a test that doesn't hold", () => {
  const CONTRACT =
    "contract C { state n: u64; error No(n: u64); pub fn f(x: u64) -> u64 { require x < 5 else No(x); self.n += x; return self.n; } }";

  it.each([
    ["a wrong assertion", "assert c.n() == 1;", "assertion failed"],
    ["a call that reverts", "c.f(5) as @bob;", "the call reverted"],
    ["a revert that doesn't come", "expect c.f(4) revert No(4);", "expected a revert"],
    ["another error than expected", "expect c.f(6) revert No(5);", "expected 0x"],
    ["a call of a block that reverts", "block { c.f(1) as @bob; c.f(7) as @eve; }", "the call reverted"],
    ["a block that must revert and doesn't", "block { expect c.f(1) as @bob revert No(1); }", "expected a revert"],
    ["a result that isn't it", "let r = c.f(2) as @bob; assert r == 3;", "assertion failed"],
    ["time that moved", "advance time 5; advance height 2; c.f(1) as @bob; assert c.n() == 2;", "assertion failed"],
  ])("fails: %s", (_name, body, message) => {
    const program = programOf(`${CONTRACT} test "t" { let c = deploy C() as @alice; ${body} }`);
    expect(() => {
      runTest(program, program.tests[0], COST_MODEL);
    }).toThrow(TestFailed);
    expect(() => {
      runTest(program, program.tests[0], COST_MODEL);
    }).toThrow(message);
  });
});
