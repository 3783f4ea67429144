/** Real chains for tests: small tables, and the modules of a compiled program loaded once. */
import type { Compiled } from "../../compiler/pipeline.ts";
import { emitModule } from "../../compiler/codegen/module.ts";
import { openChain as open } from "../../runtime/chain.ts";
import { loadModule } from "../../runtime/load.ts";
import type { Chain, ChainOptions, LoadedModule } from "../../runtime/types.ts";

/** Random blocks make a few hundred cells; small tables keep opening a chain quick. */
const CAPACITY = 4096;

export function openChain(options: Partial<ChainOptions>): Promise<Chain> {
  const { workers, chunk, delay, chainId, genesis, time, feeRecipient } = options;
  return open({
    workers: workers ?? 1,
    chunk: chunk ?? 1,
    // Small blocks are for the workers too: that is what is tested.
    sharing: "always",
    delay,
    chainId: chainId ?? 1n,
    genesis: genesis ?? [],
    time: time ?? 0n,
    feeRecipient,
    capacity: CAPACITY,
  });
}

/** By name of the contract. `change` may alter the text, to see whether that is noticed. */
export async function loadAll(
  compiled: Compiled,
  change: (text: string) => string = (text) => text,
): Promise<ReadonlyMap<string, LoadedModule>> {
  const modules = new Map<string, LoadedModule>();
  for (const contract of compiled.program.contracts) {
    modules.set(contract.name, await loadModule(change(moduleText(compiled, contract.name))));
  }
  return modules;
}

export function moduleText({ program, footprints, costs }: Compiled, name: string): string {
  const contract = program.contracts.find((each) => each.name === name);
  if (contract === undefined) throw new Error(`no contract ${name}`);
  return emitModule({ contract, program, footprints, costs }, "javascript");
}
