/**
 * Chains that run the modules written by hand: loading, calls by name, and random-free addresses. For tests of the runtime alone.
 */
import { readFileSync } from "node:fs";
import { blockBuffer } from "../../runtime/block.ts";
import { openChain } from "../../runtime/chain.ts";
import { loadModule } from "../../runtime/load.ts";
import type { BlockBuffer, CallRequest, Chain, ChainOptions, Hex, LoadedModule } from "../../runtime/types.ts";

/** Small tables: a chain per random block should cost little. */
/** Blocks of any size are shared with the workers: that is what is tested. */
export const SMALL = { capacity: 4096, sharing: "always" } as const;

export function account(number: number): Hex {
  return `0x${(0xa000 + number).toString(16).padStart(40, "0")}`;
}

export async function loadHand(name: "token" | "registry" | "counter" | "ledger" | "relay"): Promise<LoadedModule> {
  return loadModule(readFileSync(new URL(`./hand-modules/${name}.mjs`, import.meta.url), "utf8"));
}

/** Selector and head words: addresses and numbers. */
export function callData(loaded: LoadedModule, func: string, args: readonly (bigint | Hex)[]): Uint8Array {
  const entry = loaded.module.functions.find((each) => each.name === func);
  if (entry === undefined) throw new Error(`no function ${func}`);
  return new Uint8Array([...wordBytes(BigInt(entry.selector)).subarray(28), ...argWords(args)]);
}

export function argWords(args: readonly (bigint | Hex)[]): Uint8Array {
  return new Uint8Array(args.flatMap((arg) => [...wordBytes(BigInt.asUintN(256, BigInt(arg)))]));
}

function wordBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  let rest = value;
  for (let i = 31; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

export interface HandCall {
  readonly from: number;
  /** Instead of the account. */
  readonly sender?: Hex;
  readonly func: string;
  readonly args: readonly (bigint | Hex)[];
  readonly to?: Hex;
  readonly value?: bigint;
  readonly gasLimit?: bigint;
  readonly gasPrice?: bigint;
  /** Added to the right nonce. */
  readonly nonceOff?: bigint;
}

/** One chain with one contract of a module deployed by account 0. */
export interface Hand {
  readonly chain: Chain;
  readonly loaded: LoadedModule;
  readonly contract: Hex;
  /** Requests with the next nonces of their senders, as if all of them were admitted. */
  requests(calls: readonly HandCall[]): readonly CallRequest[];
  block(calls: readonly HandCall[]): BlockBuffer;
  view(func: string, args: readonly (bigint | Hex)[], from?: number): bigint;
}

export async function openHand(
  name: "token" | "registry" | "counter" | "ledger",
  args: readonly bigint[],
  options: Partial<ChainOptions>,
): Promise<Hand> {
  const loaded = await loadHand(name);
  const chain = await openChain({ ...SMALL, ...options });
  const { address: contract } = await chain.deploy(loaded, { from: account(0), args: argWords(args), value: 0n, time: chain.time });
  const requests = (calls: readonly HandCall[]): readonly CallRequest[] => {
    const nonces = new Map<number, bigint>();
    return calls.map((call) => {
      const nonce = nonces.get(call.from) ?? chain.nonceOf(account(call.from));
      if ((call.nonceOff ?? 0n) === 0n && call.sender === undefined) nonces.set(call.from, nonce + 1n);
      return {
        from: call.sender ?? account(call.from),
        to: call.to ?? contract,
        data: callData(loaded, call.func, call.args),
        value: call.value ?? 0n,
        nonce: call.sender === undefined ? nonce + (call.nonceOff ?? 0n) : 0n,
        gasLimit: call.gasLimit ?? 1_000_000n,
        gasPrice: call.gasPrice ?? 0n,
      };
    });
  };
  return {
    chain,
    loaded,
    contract,
    requests,
    block: (calls) => blockBuffer(requests(calls)),
    view: (func, viewArgs, from = 0) => {
      const result = chain.view({ from: account(from), to: contract, data: callData(loaded, func, viewArgs), value: 0n });
      if (result.status !== "success") throw new Error(`view ${func} reverted`);
      return BigInt(`0x${Buffer.from(result.data).toString("hex")}`);
    },
  };
}
