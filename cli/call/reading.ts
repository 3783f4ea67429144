/** A call from the command line as data, and what its readers share. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import type { Func, Program } from "../../compiler/typed/tree.ts";

export interface CallOptions {
  /** `--call` or `--data`, exactly one of the two. */
  readonly said: { readonly kind: "call" | "data"; readonly text: string };
  readonly caller: string | undefined;
  readonly value: string | undefined;
  readonly address: string | undefined;
}

export interface ReadCall {
  readonly footprint: ContractFootprint;
  readonly func: Func;
  readonly args: readonly Concrete[];
  readonly caller: string | undefined;
  readonly value: bigint;
  readonly address: string | undefined;
  /** Names of the accounts that were named. */
  readonly names: ReadonlyMap<string, string>;
}

export interface Reading {
  readonly program: Program;
  /** The contracts in question. */
  readonly footprints: readonly ContractFootprint[];
  readonly diagnostics: Diagnostic[];
  readonly names: Map<string, string>;
}

export type Target = Pick<ReadCall, "footprint" | "func" | "args">;

/** Those that a call can name: external ones, getters, and `init`. */
export function functionsOf({ program }: Pick<Reading, "program">, { contract }: ContractFootprint): readonly Func[] {
  return [...contract.external, contract.init].flatMap((id) => program.functions.get(id) ?? []);
}
