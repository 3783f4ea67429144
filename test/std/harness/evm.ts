/** An Ethereum machine in this process, with accounts and contracts at the same addresses as on a Weft chain. */
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { SimpleStateManager } from "@ethereumjs/statemanager";
import { Account, Address, bytesToHex, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import type { Hex } from "viem";
import type { Outcome } from "./outcome.ts";

export interface Moment {
  readonly height: bigint;
  readonly time: bigint;
}

export interface EvmCall {
  readonly from: Hex;
  readonly to: Hex;
  readonly data: Hex;
  readonly value: bigint;
}

export interface Evm {
  /** The address is that of CREATE: by the sender and the number of its calls before. */
  deploy(call: Omit<EvmCall, "to">, moment: Moment): Promise<{ readonly address: Hex; readonly outcome: Outcome }>;
  call(call: EvmCall, moment: Moment): Promise<Outcome>;
  /** Without keeping anything. */
  view(call: EvmCall, moment: Moment): Promise<Outcome>;
  balanceOf(address: Hex): Promise<bigint>;
}

/** Weft has no gas to run out of here; what a test does must fit. */
const GAS_LIMIT = 1_000_000_000n;

export async function openEvm(chainId: bigint, genesis: readonly { readonly address: Hex; readonly balance: bigint }[]): Promise<Evm> {
  const common = new Common({ chain: { ...Mainnet, chainId: Number(chainId) }, hardfork: Hardfork.Cancun });
  const stateManager = new SimpleStateManager({ common });
  const evm = await createEVM({ common, stateManager, allowUnlimitedContractSize: true, allowUnlimitedInitCodeSize: true });
  for (const { address, balance } of genesis) await stateManager.putAccount(createAddressFromString(address), new Account(0n, balance));

  const run = async ({ from, to, data, value }: Omit<EvmCall, "to"> & { readonly to: Hex | undefined }, { height, time }: Moment) => {
    const header = {
      number: height,
      timestamp: time,
      coinbase: new Address(new Uint8Array(20)),
      difficulty: 0n,
      prevRandao: new Uint8Array(32),
      gasLimit: GAS_LIMIT,
      baseFeePerGas: 0n,
      getBlobGasPrice: () => 1n,
    };
    const { execResult, createdAddress } = await evm.runCall({
      caller: createAddressFromString(from),
      ...(to === undefined ? {} : { to: createAddressFromString(to) }),
      data: hexToBytes(data),
      value,
      gasLimit: GAS_LIMIT,
      block: { header },
    });
    const failure = execResult.exceptionError?.error;
    if (failure !== undefined && failure.includes("gas")) throw new Error(`the call of ${String(to)} ran out of gas`);
    const success = failure === undefined;
    const outcome: Outcome = {
      success,
      // What a contract that ends by an invalid operation returns isn't error data.
      data: success || failure === "revert" ? bytesToHex(execResult.returnValue) : "0x",
      logs: success
        ? (execResult.logs ?? []).map(([address, topics, log]) => ({
            address: bytesToHex(address),
            topics: topics.map((topic) => bytesToHex(topic)),
            data: bytesToHex(log),
          }))
        : [],
    };
    return { outcome, createdAddress };
  };

  return {
    async deploy(call, moment) {
      const { outcome, createdAddress } = await run({ ...call, to: undefined }, moment);
      if (createdAddress === undefined) throw new Error("nothing was created");
      return { address: bytesToHex(createdAddress.bytes), outcome };
    },
    async call(call, moment) {
      return (await run(call, moment)).outcome;
    },
    async view(call, moment) {
      await evm.journal.checkpoint();
      try {
        return (await run(call, moment)).outcome;
      } finally {
        await evm.journal.revert();
      }
    },
    async balanceOf(address) {
      return (await stateManager.getAccount(createAddressFromString(address)))?.balance ?? 0n;
    },
  };
}
