/** From the entries of a mix to what calls are sampled from: what the mix doesn't say is drawn by the types of the function's parameters. */
import { Bug } from "../core/bug.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import type { Func, FuncId, Program } from "../typed/tree.ts";
import { checksOf } from "./checks.ts";
import type { CheckSites } from "./checks.ts";
import { coinDraw, drawByType } from "./draw.ts";
import type { Draw, Population } from "./draw.ts";
import type { Kind } from "./sample.ts";

export interface MixEntry {
  readonly func: Func;
  /** A whole number from 1. */
  readonly weight: number;
  readonly caller: Draw | undefined;
  readonly value: Draw | undefined;
  /** By index of the parameter. */
  readonly args: ReadonlyMap<number, Draw>;
}

export function kindOf(entry: MixEntry, footprint: ContractFootprint, sites: CheckSites, population: Population): Kind {
  const { func } = entry;
  const plan = footprint.entries.get(func.id);
  if (plan === undefined) throw new Bug(`${func.name} has no plan`);
  return {
    func,
    plan,
    checks: checksOf(plan, sites),
    weight: entry.weight,
    caller: entry.caller ?? { kind: "account", accounts: population.accounts, skew: population.skew },
    value: entry.value ?? (func.mutability === "payable" ? coinDraw() : { kind: "constant", value: 0n }),
    args: func.params.map((param, i) => entry.args.get(i) ?? drawByType(param.type, population)),
    said: { caller: entry.caller !== undefined, args: new Set(entry.args.keys()) },
  };
}

/** What can be called from outside, in order of declaration. */
export function callable({ contract }: ContractFootprint, program: Program): readonly Func[] {
  return contract.external.map((id) => functionOf(program, id));
}

/** All functions that change state, alike. */
export function uniformMix(footprint: ContractFootprint, program: Program): readonly MixEntry[] {
  return callable(footprint, program)
    .filter(({ mutability, role }) => mutability !== "view" && role === "external")
    .map((func) => plainEntry(func, 1));
}

export function plainEntry(func: Func, weight: number): MixEntry {
  return { func, weight, caller: undefined, value: undefined, args: new Map() };
}

function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`unknown function ${id}`);
  return func;
}
