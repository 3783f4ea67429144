/**
 * Several contracts of the relay module on three chains: run serially, ordered on one thread, and with workers and early calls slowed down. A block must
 * come out the same on all of them.
 */
import { expect } from "vitest";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import { blockBuffer } from "../../runtime/block.ts";
import { openChain } from "../../runtime/chain.ts";
import type { BlockResult, CallRequest, ChangedCell, Chain, Hex, LoadedModule, Receipt } from "../../runtime/types.ts";
import { account, argWords, loadHand, SMALL } from "./hand-chain.ts";

export type RelayArg = bigint | Hex | readonly Hex[] | Uint8Array;

export interface RelayCall {
  readonly from: number;
  /** Number of the contract, or an address. */
  readonly to: number | Hex;
  readonly func: string;
  readonly args: readonly RelayArg[];
  readonly value?: bigint;
  readonly gasLimit?: bigint;
  readonly gasPrice?: bigint;
}

export interface Agreed {
  readonly receipts: readonly Receipt[];
  readonly changes: readonly ChangedCell[];
  /** Of the run with workers. */
  readonly result: BlockResult;
  /** Status, and return data as a number or error data as hex. */
  readonly outcomes: readonly (bigint | string)[];
}

export interface Relays {
  readonly contracts: readonly Hex[];
  readonly chains: readonly Chain[];
  data(func: string, args: readonly RelayArg[]): Uint8Array;
  run(calls: readonly RelayCall[]): Promise<Agreed>;
  close(): Promise<void>;
}

export const COIN = 10_000n;

export async function openRelays(count: number): Promise<Relays> {
  const loaded = await loadHand("relay");
  const genesis = [0, 1, 2, 3].map((who) => ({ address: account(who), balance: COIN }));
  let half = 0;
  const delay = (call: number): number => (call < Math.min(half, 4) ? 800 : 0);
  const options = { ...SMALL, genesis, feeRecipient: account(99) };
  const serial = await openChain(options);
  const solo = await openChain({ ...options, sharing: "adaptive" });
  const parallel = await openChain({ ...options, workers: 3, chunk: 1, delay });
  const chains = [serial, solo, parallel];
  const contracts: Hex[] = [];
  for (let i = 0; i < count; i++) {
    const deploy = (chain: Chain): Promise<{ readonly address: Hex }> =>
      chain.deploy(loaded, { from: account(0), args: argWords([0n]), value: 0n, time: 0n });
    for (const chain of chains) contracts[i] = (await deploy(chain)).address;
  }
  const data = (func: string, args: readonly RelayArg[]): Uint8Array => calldata(loaded, func, args);
  const requests = (calls: readonly RelayCall[]): readonly CallRequest[] => {
    const nonces = new Map<number, bigint>();
    return calls.map(({ from, to, func, args, value, gasLimit, gasPrice }) => {
      const nonce = nonces.get(from) ?? serial.nonceOf(account(from));
      nonces.set(from, nonce + 1n);
      return {
        from: account(from),
        to: typeof to === "number" ? contracts[to] : to,
        data: data(func, args),
        value: value ?? 0n,
        nonce,
        gasLimit: gasLimit ?? 1_000_000n,
        gasPrice: gasPrice ?? 0n,
      };
    });
  };
  let time = 1n;
  return {
    contracts,
    chains,
    data,
    run: async (calls) => {
      half = Math.ceil(calls.length / 2);
      time += 1n;
      const block = blockBuffer(requests(calls));
      const results: BlockResult[] = [];
      for (const chain of chains) {
        const mode = chain === serial ? "serial" : "parallel";
        // Discarded once: nothing may be left of it.
        const before = chain.digest();
        await chain.execute(block, { time, mode, trace: chain === solo });
        expect(chain.digest()).toBe(before);
        chain.discard();
        expect(chain.digest()).toBe(before);
        results.push(await chain.run(block, { time, mode, trace: chain === solo }));
      }
      const [wanted, ...others] = results.map((result) => summary(result, calls.length));
      for (const other of others) expect(other).toEqual(wanted);
      expect(new Set(chains.map((chain) => chain.digest())).size).toBe(1);
      const pick = ({ stats }: BlockResult): unknown => ({ ...stats, times: 0, shared: 0, mode: 0, workers: 0 });
      expect(pick(results[1])).toEqual(pick(results[2]));
      return { ...wanted, result: results[2], outcomes: wanted.receipts.map(outcomeOf) };
    },
    close: async () => {
      for (const chain of chains) await chain.close();
    },
  };
}

function outcomeOf({ status, data }: Receipt): bigint | string {
  const hex = Buffer.from(data).toString("hex");
  return status === "success" ? BigInt(`0x0${hex.slice(0, 64)}`) : `${status} ${hex}`;
}

function summary(result: BlockResult, length: number): { readonly receipts: readonly Receipt[]; readonly changes: readonly ChangedCell[] } {
  return { receipts: Array.from({ length }, (_, call) => result.receipts.at(call)), changes: result.changedCells() };
}

function calldata(loaded: LoadedModule, func: string, args: readonly RelayArg[]): Uint8Array {
  const entry = loaded.module.functions.find((each) => each.name === func);
  if (entry === undefined) throw new Error(`no function ${func}`);
  const types = entry.signature
    .slice(func.length + 1, -1)
    .split(",")
    .filter((type) => type !== "");
  const body = encodeArgs(
    types.map((type) => ({ name: "", type })),
    args,
  );
  return Uint8Array.from([0, 0, 0, entry.selector, ...body]);
}
