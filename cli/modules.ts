/** From a compiled contract to a module that the runtime can execute. Only `test` and `run` need it: it loads the emitter. */
import type { Compiled } from "../compiler/pipeline.ts";
import type { Contract } from "../compiler/typed/tree.ts";
import { loadModule } from "../runtime/load.ts";
import type { LoadedModule } from "../runtime/types.ts";
import { emitModule } from "../compiler/codegen/module.ts";

export async function loadContract(compiled: Compiled, contract: Contract): Promise<LoadedModule> {
  const { program, footprints, costs } = compiled;
  return loadModule(emitModule({ contract, program, footprints, costs }, "javascript"));
}
