/** Emitted texts of the contracts that the tests of the emitter look at. */
import { readFileSync } from "node:fs";
import { emitModule, type Target } from "../../../compiler/codegen/module.ts";
import { compile, type Compiled } from "../../../compiler/pipeline.ts";
import type { Contract } from "../../../compiler/typed/tree.ts";

export const EXAMPLES = ["examples/token/token.weft", "examples/nft/nft.weft", "examples/dao/dao.weft"] as const;
/** Everything else that the language has. */
export const CONSTRUCTS = "test/unit/codegen/constructs.weft";
export const ALL = [
  ...EXAMPLES,
  CONSTRUCTS,
  "test/contracts/desk.weft",
  "test/unit/codegen/workout.weft",
  "test/corpus/ok/breadth.weft",
] as const;

export interface Fixture {
  readonly contract: Contract;
  readonly compiled: Compiled;
}

export function fixtures(paths: readonly string[]): readonly Fixture[] {
  return paths.flatMap((path) => {
    const { compiled, diagnostics } = compile(path, read);
    if (compiled === undefined) throw new Error(diagnostics.map((each) => `${each.path} ${each.code} ${each.message}`).join("\n"));
    return compiled.program.contracts.map((contract) => ({ contract, compiled }));
  });
}

export function emitted({ contract, compiled }: Fixture, target: Target, runtime?: string): string {
  const { program, footprints, costs } = compiled;
  return emitModule({ contract, program, footprints, costs }, target, runtime);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  } catch {
    return undefined;
  }
}
