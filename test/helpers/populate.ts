/** A world of the interpreter alone with a suite's contracts in it, for tests that need no chain. */
import type { Compiled } from "../../compiler/pipeline.ts";
import type { World } from "../interpreter/world.ts";
import { resolveBlock } from "./call-spec.ts";
import type { Setting } from "./call-spec.ts";
import { COST_MODEL } from "./cost-model.ts";
import { constructorArgs, contractNamed, functionsOf, newWorld } from "./differential.ts";
import { ACCOUNTS } from "./suites.ts";
import type { Suite } from "./suites.ts";

export function populate(suite: Suite, compiled: Compiled): { readonly world: World; readonly setting: Setting } {
  const world = newWorld();
  const contracts: Setting["contracts"][number][] = [];
  for (const { contract: name, args } of suite.deployments) {
    const contract = contractNamed(compiled, name);
    const given = typeof args === "function" ? args(contracts.map(({ address }) => address)) : args;
    const request = { from: ACCOUNTS[0].address, args: constructorArgs(compiled, contract, given), value: 0n, time: world.time() };
    const { address } = world.deploy({ ...request, program: compiled.program, contract });
    contracts.push({ address, functions: functionsOf(compiled, contract) });
  }
  const setting: Setting = {
    accounts: ACCOUNTS.map(({ address }) => address),
    contracts,
    holders: suite.holders,
    bound: (func, args) => COST_MODEL.bound(compiled.program, func, args),
  };
  for (const block of suite.setup) {
    const outcomes = world.runBlock(resolveBlock(setting, world, block), world.time() + block.advance);
    if (outcomes.some(({ receipt }) => receipt.status !== "success")) throw new Error(`the setup of ${suite.name} fails`);
  }
  return { world, setting };
}
