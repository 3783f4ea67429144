/**
 * Everything that comes of one contract, as texts and plain data: what `weft build` writes and what users of the library get. The typed client is a
 * function, because printing it loads a package that nothing else needs.
 */
import { Bug } from "../core/bug.ts";
import type { Compiled } from "../pipeline.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import type { Contract } from "../typed/tree.ts";
import { abiOf } from "./abi.ts";
import type { AbiEntry } from "./abi.ts";
import { emitClient } from "./client.ts";
import { fieldLayouts } from "./layout.ts";
import type { FieldLayout } from "./layout.ts";
import { emitModule } from "./module.ts";
import { devDocOf, userDocOf } from "./natspec.ts";
import type { DevDoc, UserDoc } from "./natspec.ts";

/** The cells of a contract's storage, as `Token.layout.json` holds them. */
export interface StorageLayout {
  readonly format: 1;
  readonly contract: string;
  readonly fields: readonly FieldLayout[];
}

export interface ContractOutputs {
  readonly name: string;
  /** The contract in the typed tree. */
  readonly contract: Contract;
  readonly footprint: ContractFootprint;
  readonly abi: readonly AbiEntry[];
  /** Doc comments, as `Token.userdoc.json` holds them. */
  readonly userdoc: UserDoc;
  /** What their tags say, as `Token.devdoc.json` holds it. */
  readonly devdoc: DevDoc;
  readonly layout: StorageLayout;
  /** The module that the runtime loads. */
  readonly javascript: string;
  /** The same with types, for reading. */
  readonly typescript: string;
  /** A typed client as TypeScript; `runtime` is what it imports the runtime from. */
  readonly client: (runtime?: string) => Promise<string>;
}

const RUNTIME = "weft/runtime";

export function outputsOf(contract: Contract, { program, footprints, costs }: Compiled): ContractOutputs {
  const input = { contract, program, footprints, costs };
  const footprint = footprints.contracts.find((candidate) => candidate.contract === contract);
  if (footprint === undefined) throw new Bug(`no footprint of ${contract.name}`);
  return {
    name: contract.name,
    contract,
    footprint,
    abi: abiOf(contract, program),
    userdoc: userDocOf(contract, program),
    devdoc: devDocOf(contract, program),
    layout: { format: 1, contract: contract.name, fields: fieldLayouts(footprint) },
    javascript: emitModule(input, "javascript"),
    typescript: emitModule(input, "typescript"),
    client: (runtime = RUNTIME) => emitClient({ contract, program, runtime }),
  };
}
