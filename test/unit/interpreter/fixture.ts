/** A world of the reference interpreter with the contracts of one source, for tests that call them by name. */
import type { CallRequest, Hex } from "../../../runtime/types.ts";
import { account } from "../../helpers/accounts.ts";
import { COST_MODEL } from "../../helpers/cost-model.ts";
import { programOf } from "../../helpers/program.ts";
import { decodeResult, encodeAll, encodeCall, selectorOf } from "../../interpreter/abi.ts";
import { fullName } from "../../interpreter/store.ts";
import { fromHex, show, toHex } from "../../interpreter/values.ts";
import type { Val } from "../../interpreter/values.ts";
import { createWorld } from "../../interpreter/world.ts";

export const ALICE = account("alice");
export const BOB = account("bob");

export interface Options {
  readonly from?: Hex;
  readonly value?: bigint;
  readonly gasLimit?: bigint;
}

/** Contract, function, arguments. */
export type Call = readonly [to: Hex, name: string, args?: readonly Val[], options?: Options];

export interface Stage {
  readonly deploy: (contract: string, args?: readonly Val[]) => Hex;
  /** One call in a block of its own; how it ended, in words: `= 5`, `Panic 0x32`, `Name`, `empty`. */
  readonly call: (to: Hex, name: string, args?: readonly Val[], options?: Options) => string;
  /** The same calls in one block. */
  readonly block: (...calls: readonly Call[]) => readonly string[];
  /** Who emitted, and the data in hex, of one call. */
  readonly logsOf: (...call: Call) => readonly (readonly [Hex, string])[];
  readonly costOf: (to: Hex, name: string, args?: readonly Val[], options?: Options) => bigint;
  readonly touchedBy: (to: Hex, name: string, args?: readonly Val[]) => Record<string, readonly string[]>;
  readonly balanceOf: (address: Hex) => bigint;
  /** Of one contract. */
  readonly cells: (contract: Hex) => Record<string, unknown>;
}

const BUILT_IN = ["Reentrancy", "CallTooDeep", "OutOfGas", "SequenceExhausted", "DynamicTicket"];

export function openStage(source: string): Stage {
  const program = programOf(source);
  const genesis = [ALICE, BOB].map((address) => ({ address, balance: 10n ** 30n }));
  const world = createWorld({ chainId: 1n, genesis, time: 1_000n, feeRecipient: undefined, cost: COST_MODEL });
  const named = new Map<Hex, string>();
  const functionNamed = (to: Hex, name: string) =>
    [...program.functions.values()].find((each) => each.contract === named.get(to) && each.name === name);
  const errors = program.contracts.flatMap((contract) => contract.errors);

  function ending(to: Hex, name: string, status: string, data: string): string {
    if (status === "success") return `= ${show(decodeResult(functionNamed(to, name)?.result ?? { kind: "unit" }, data))}`;
    if (status === "rejected" || data === "0x") return status === "rejected" ? status : "empty";
    if (data.startsWith("0x4e487b71")) return `Panic 0x${BigInt(`0x${data.slice(10)}`).toString(16)}`;
    const known = errors.find(
      (error) =>
        selectorOf(
          error.name,
          error.params.map((param) => param.type),
        ) === data.slice(0, 10),
    );
    return known?.name ?? BUILT_IN.find((each) => selectorOf(each, []) === data) ?? data;
  }

  function request(to: Hex, name: string, args: readonly Val[], options: Options, nonces: Map<Hex, bigint>): CallRequest {
    const { from = ALICE, value = 0n, gasLimit = 1n << 60n } = options;
    const nonce = nonces.get(from) ?? world.nonceOf(from);
    nonces.set(from, nonce + 1n);
    const types = functionNamed(to, name)?.params.map((param) => param.type) ?? [];
    return { from, to, data: fromHex(encodeCall(name, types, args)), value, nonce, gasLimit, gasPrice: 0n };
  }

  function run(calls: readonly Call[]) {
    const nonces = new Map<Hex, bigint>();
    const requests = calls.map(([to, name, args = [], options = {}]) => request(to, name, args, options, nonces));
    return world.runBlock(requests, world.time() + 1n);
  }

  return {
    deploy(name, args = []) {
      const contract = program.contracts.find((each) => each.name === name);
      const init = contract === undefined ? undefined : program.functions.get(contract.init);
      if (contract === undefined || init === undefined) throw new Error(`no contract ${name}`);
      const types = init.params.map((param) => param.type);
      const data = fromHex(`0x${encodeAll(types, args)}`);
      const { address, outcome } = world.deploy({ program, contract, args: data, from: ALICE, value: 0n, time: world.time() + 1n });
      if (outcome.receipt.status !== "success") throw new Error(`deploying ${name}: ${toHex(outcome.receipt.data)}`);
      named.set(address, name);
      return address;
    },
    call: (to, name, args = [], options = {}) => {
      const [{ receipt }] = run([[to, name, args, options]]);
      return ending(to, name, receipt.status, toHex(receipt.data));
    },
    block: (...calls) => run(calls).map(({ receipt }, i) => ending(calls[i][0], calls[i][1], receipt.status, toHex(receipt.data))),
    costOf: (to, name, args = [], options = {}) => run([[to, name, args, options]])[0].receipt.cost,
    logsOf: (...call) => run([call])[0].receipt.logs.map(({ address, data }) => [address, toHex(data)]),
    touchedBy: (to, name, args = []) =>
      Object.fromEntries([...run([[to, name, args]])[0].touched].map(([cell, how]) => [cell.replace(`${to}|`, ""), [...how]])),
    balanceOf: (address) => world.balanceOf(address),
    cells: (contract) =>
      Object.fromEntries(
        [...world.cells()]
          .filter((cell) => cell.contract === contract)
          .map((cell) => [fullName(cell).replace(`${contract}|`, ""), cell.value]),
      ),
  };
}
