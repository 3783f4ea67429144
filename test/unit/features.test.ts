/**
 * Every construct of the language by example: the programs of `test/corpus/features` compile without an error, and their tests pass on the runtime
 * (serially and in parallel, which must not differ) and in the reference interpreter. A new construct is a new file.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { prepareSuite, runTest } from "../../cli/test-runner/run-tests.ts";
import { compile, type Compiled } from "../../compiler/pipeline.ts";
import { COST_MODEL } from "../helpers/cost-model.ts";
import { runTest as interpretTest } from "../interpreter/run-tests.ts";

const FOLDER = "test/corpus/features";

function compileFile(path: string): Compiled {
  const { compiled, diagnostics } = compile(path, (wanted) => (existsSync(wanted) ? readFileSync(wanted, "utf8") : undefined));
  if (compiled === undefined)
    throw new Error(diagnostics.map(({ code, path: at, span, message }) => `${at}:${span.start} ${code} ${message}`).join("\n"));
  return compiled;
}

for (const file of readdirSync(FOLDER)
  .filter((name) => name.endsWith(".weft"))
  .sort()) {
  describe(file, async () => {
    const compiled = compileFile(`${FOLDER}/${file}`);
    const suite = await prepareSuite(compiled);
    it("has tests", () => {
      expect(compiled.program.tests.length).toBeGreaterThan(0);
    });
    for (const test of compiled.program.tests) {
      it(test.title, async () => {
        expect(await runTest(test, suite)).toBeUndefined();
      });
      it(`${test.title}, interpreted`, () => {
        expect(() => {
          interpretTest(compiled.program, test, COST_MODEL);
        }).not.toThrow();
      });
    }
  });
}
