/** `test` blocks as `weft test` runs them: each test of the file says how it ends, and the interpreter agrees where it can tell. */
import { describe, expect, it } from "vitest";
import { prepareSuite, runTest } from "../../../cli/test-runner/run-tests.ts";
import { COST_MODEL } from "../../helpers/cost-model.ts";
import { compileFile } from "../../helpers/suites.ts";
import { runTest as interpret } from "../../interpreter/run-tests.ts";

describe("test blocks", async () => {
  const compiled = compileFile("test/contracts/runner.weft");
  const suite = await prepareSuite(compiled);
  it.each(compiled.program.tests.map((test) => [test.title, test] as const))("%s", async (title, test) => {
    const [ending] = title.split(":");
    const failure = await runTest(test, suite);
    expect(failure?.code ?? "passes").toBe(ending);
    // Whether calls waited is no question of the reference meaning.
    if (ending === "passes") interpret(compiled.program, test, COST_MODEL);
    else if (ending !== "E0614") expect(() => interpret(compiled.program, test, COST_MODEL)).toThrow();
  });
});
