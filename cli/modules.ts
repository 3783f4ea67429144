/** From a compiled contract to a module that the runtime can execute. Only `test` and `run` need it: it loads the emitter. */
import type { Compiled } from "../compiler/pipeline.ts";
import type { Contract } from "../compiler/typed/tree.ts";
import { loadModule } from "../runtime/load.ts";
import type { LoadedModule } from "../runtime/types.ts";
import { emitModule, emitProbed } from "../compiler/codegen/module.ts";

export async function loadContract(compiled: Compiled, contract: Contract): Promise<LoadedModule> {
  const { program, footprints, costs } = compiled;
  return loadModule(emitModule({ contract, program, footprints, costs }, "javascript"));
}

/** The same with probes, for coverage and traces. */
export async function loadProbed(compiled: Compiled, contract: Contract): Promise<LoadedModule> {
  const { program, footprints, costs } = compiled;
  return loadModule(emitProbed({ contract, program, footprints, costs }));
}

/** The contracts that this one makes, and those that they make: a chain must know their code before it is deployed. */
export async function loadMade(compiled: Compiled, module: LoadedModule): Promise<readonly LoadedModule[]> {
  const found = new Map<string, LoadedModule>();
  const todo = [module];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const { name } of next.module.creates) {
      const contract = compiled.program.contracts.find((candidate) => candidate.name === name);
      if (contract === undefined || found.has(name)) continue;
      const made = await loadContract(compiled, contract);
      found.set(name, made);
      todo.push(made);
    }
  }
  return [...found.values()];
}
