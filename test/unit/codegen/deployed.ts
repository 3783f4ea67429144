/** Deployed contracts for tests that run emitted modules: calls by name, and what came of them in plain words. */
import { afterEach, expect } from "vitest";
import { encodeArgs, encodeCall } from "../../../runtime/abi/encode.ts";
import { decodeError, decodeLog, decodeResult } from "../../../runtime/abi/receipt.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import type { AbiInput } from "../../../runtime/abi/encode.ts";
import type { AbiEntry } from "../../../runtime/module.ts";
import type { Chain, Hex, LoadedModule, Receipt } from "../../../runtime/types.ts";
import { account } from "../../helpers/accounts.ts";
import { loadAll, openChain } from "../../helpers/chains.ts";
import { compileFile } from "../../helpers/suites.ts";

export const [ALICE, BOB, CAROL] = ["alice", "bob", "carol"].map(account);
export const START = 1_700_000_000n;
const chains: Chain[] = [];

afterEach(async () => {
  for (const chain of chains.splice(0)) await chain.close();
});

export interface Contract {
  readonly chain: Chain;
  readonly module: LoadedModule;
  readonly address: Hex;
}

export interface CallSpec {
  readonly from: Hex;
  readonly name: string;
  readonly args: readonly AbiInput[];
  readonly value?: bigint;
}

/** `beside`: on that contract's chain. */
export async function deploy(path: string, name: string, args: readonly AbiInput[], beside?: Contract): Promise<Contract> {
  const modules = await loadAll(compileFile(path));
  const module = modules.get(name);
  if (module === undefined) throw new Error(`no module of ${name}`);
  const chain =
    beside?.chain ?? (await openChain({ genesis: [ALICE, BOB, CAROL].map((address) => ({ address, balance: 10n ** 24n })), time: START }));
  if (beside === undefined) chains.push(chain);
  for (const created of module.module.creates) {
    const code = modules.get(created.name);
    if (code !== undefined) await chain.load(code);
  }
  const constructor = module.module.abi.find((entry) => entry.type === "constructor");
  const result = await chain.deploy(module, { from: ALICE, args: encodeArgs(constructor?.inputs ?? [], args), value: 0n, time: START });
  expect(result.receipt.status).toBe("success");
  return { chain, module, address: result.address };
}

function entryOf({ module }: Contract, name: string): AbiEntry {
  const entry = module.module.abi.find((each) => each.type === "function" && each.name === name);
  if (entry === undefined) throw new Error(`no function ${name}`);
  return entry;
}

export async function block(
  contract: Contract,
  mode: "serial" | "parallel",
  calls: readonly CallSpec[],
  time = contract.chain.time,
): Promise<Receipt[]> {
  const nonces = new Map<Hex, bigint>();
  const requests = calls.map(({ from, name, args, value = 0n }) => {
    const nonce = nonces.get(from) ?? contract.chain.nonceOf(from);
    nonces.set(from, nonce + 1n);
    return {
      from,
      to: contract.address,
      data: encodeCall(entryOf(contract, name), args),
      value,
      nonce,
      gasLimit: 1_000_000n,
      gasPrice: 0n,
    };
  });
  // One worker alone runs a block as a serial chain does, unless it is traced: then by the plan.
  const result = await contract.chain.run(blockBuffer(requests), { time, mode, trace: mode === "parallel" });
  return calls.map((_, i) => result.receipts.at(i));
}

/** What a call returned, or the name and arguments of its error. */
export function said(contract: Contract, name: string, receipt: Receipt): unknown {
  if (receipt.status === "success") return decodeResult(entryOf(contract, name), receipt.data)?.map(({ value }) => value);
  const error = decodeError(contract.module.module.abi, receipt.data);
  return error === undefined ? receipt.status : { [error.name]: error.args.map(({ value }) => value) };
}

export function view(contract: Contract, name: string, args: readonly AbiInput[]): unknown {
  const { status, data } = contract.chain.view({
    from: ALICE,
    to: contract.address,
    data: encodeCall(entryOf(contract, name), args),
    value: 0n,
  });
  return said(contract, name, { status, data, logs: [], cost: 0n, rejection: undefined });
}

export function logsOf({ module }: Contract, receipt: Receipt): unknown {
  return receipt.logs.map((log) => {
    const message = decodeLog(module.module.abi, log);
    return [message?.name, ...(message?.args ?? []).map(({ value }) => value)];
  });
}
