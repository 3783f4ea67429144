/** Compiles a contract of `examples/` and loads it; the bench runs what users run. */
import { readFileSync } from "node:fs";
import { emitModule } from "../compiler/codegen/module.ts";
import { compile } from "../compiler/pipeline.ts";
import { loadModule } from "../runtime/load.ts";
import type { LoadedModule } from "../runtime/types.ts";

/** `file` is relative to the project. */
export async function loadExample(file: string): Promise<LoadedModule> {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const { compiled, diagnostics } = compile(file, (path) => (path === file ? text : undefined));
  if (compiled === undefined) throw new Error(`${file} doesn't compile: ${diagnostics.map((d) => `${d.code} ${d.message}`).join("; ")}`);
  const { program, footprints, costs } = compiled;
  return loadModule(emitModule({ contract: program.contracts[0], program, footprints, costs }, "javascript"));
}
