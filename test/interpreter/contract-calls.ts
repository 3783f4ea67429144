/** Calls from contract to contract, as the reference meaning has them: run in place, each with its own part of the transaction. */
import type { Stmt } from "../../compiler/typed/tree.ts";
import { decodeAll, encodeResult } from "./abi.ts";
import { createAddress } from "./create-address.ts";
import { callFunction, functionOf } from "./evaluate.ts";
import { pay } from "./machine.ts";
import type { Outside, Run } from "./machine.ts";
import { entryError, reachMethod, reachSelector, typesOf } from "./reach.ts";
import type { Reached } from "./reach.ts";
import { empty, outOfGas } from "./revert.ts";
import { nonceOf } from "./store.ts";
import { amountAt } from "./world-state.ts";
import type { State } from "./world-state.ts";
import { fitsType } from "./values.ts";
import type { Val } from "./values.ts";

/** What one transaction has used up so far, and which contracts are active in it. */
export interface Ongoing {
  readonly state: State;
  readonly active: string[];
  readonly gasLimit: bigint;
  /** The bounds of all functions entered. */
  cost: bigint;
  /** The cost of all nodes that ran. */
  steps: bigint;
  /** The statement that was begun last. */
  last: Stmt | undefined;
}

export function outsideOf(ongoing: Ongoing): Outside {
  const { state, active } = ongoing;
  return {
    hasCode: (address) => state.instances.has(address),
    call: (run, target, method, args) => {
      const found = reachMethod(state, active, target, method);
      if (found.kind === "missed") throw found.error;
      if (!args.every((arg, i) => fitsType(found.func.params[i].type, arg))) throw empty();
      const result = within(ongoing, run, target, found, args, 0n);
      if (!fitsType(method.result, result)) throw empty();
      return result;
    },
    rawCall: (run, target, value, data) => {
      const found = reachSelector(state, active, target, data.slice(0, 10));
      if (found.kind === "missed") throw found.error;
      const { func } = found;
      const args = decodeAll(typesOf(func), data.slice(10));
      if (args === undefined || (value > 0n && func.mutability !== "payable")) throw empty();
      return encodeResult(func.result, within(ongoing, run, target, found, args, value));
    },
    create: (run, name, args) => create(ongoing, run, name, args),
  };
}

/** Each callee's bound counts from where it is entered (rule N2). */
function within(
  ongoing: Ongoing,
  run: Run,
  target: string,
  { instance, func }: Pick<Reached, "instance" | "func">,
  args: readonly Val[],
  value: bigint,
): Val {
  const { cost } = ongoing.state;
  const { program } = instance;
  const total = ongoing.cost + cost.bound(program, func, args);
  if (total > ongoing.gasLimit) throw outOfGas();
  ongoing.cost = total;
  ongoing.steps += cost.entry(program, func, args);
  if (value > 0n) pay(run, target, value);
  ongoing.active.push(target);
  const inner: Run = { ...run, ...instance, self: target, caller: run.self, value, nested: true };
  const result = callFunction(inner, func.id, args);
  ongoing.active.pop();
  return result;
}

/** A contract counts what it makes from 1 on, as EIP-161 says. What it makes has code only when its constructor has ended. */
function create(ongoing: Ongoing, run: Run, name: string, args: readonly Val[]): string {
  const { state } = ongoing;
  const contract = run.program.contracts.find((each) => each.name === name);
  if (contract === undefined) throw new Error(`interpreter: no contract ${name}`);
  const instance = { program: run.program, contract };
  const counter = amountAt(state, nonceOf(run.self));
  const address = createAddress(run.self, counter);
  const stopped = entryError(ongoing.active, address);
  if (stopped !== undefined) throw stopped;
  state.store.write(nonceOf(run.self), counter + 1n);
  state.store.write(nonceOf(address), 1n);
  within(ongoing, run, address, { instance, func: functionOf(instance, contract.init) }, args, 0n);
  state.instances.set(address, instance);
  return address;
}
