/**
 * One chain that a test acts on: makes blocks of calls, keeps nonces and time, and writes down what every block gave,
 * so that the serial and the parallel run of the test can be compared.
 */
import type { BlockResult, CallRequest, Chain, DeployResult, Hex, LoadedModule, Mode, Receipt } from "../../runtime/types.ts";
import { blockBuffer } from "../../runtime/block.ts";
import type { Site } from "../../compiler/typed/tree.ts";
import { toHex } from "./values.ts";
import type { Planned } from "./waits.ts";

/** Above every cost bound: tests aren't about gas. */
export const GAS_LIMIT = 2n ** 62n;
export const START_TIME = 1_700_000_000n;
/** Empty blocks are cheap, but a test that asks for 2^63 of them must fail. */
export const MAX_HEIGHT_STEP = 10_000n;

/** Looks on while a test makes blocks: for traces and costs. What it is given is valid while it runs only. */
export interface SessionListener {
  readonly block: (calls: readonly PreparedCall[], result: BlockResult, receipts: readonly Receipt[]) => void;
  readonly beforeDeployment: () => void;
  readonly deployed: (deployment: Deployment, result: DeployResult) => void;
}

export interface Deployment {
  readonly module: LoadedModule;
  readonly from: Hex;
  readonly args: Uint8Array;
  readonly value: bigint;
  /** Where the test makes it. */
  readonly site: Site;
}

export interface PreparedCall {
  readonly from: Hex;
  readonly to: Hex;
  readonly data: Uint8Array;
  readonly value: bigint;
  /** Where the test makes it. */
  readonly site: Site;
}

export interface BlockOutcome {
  readonly receipts: readonly Receipt[];
  readonly stats: BlockResult["stats"];
  /** The cells that each call's plan named; parallel runs only. */
  readonly planned: readonly Planned[];
}

export interface Session {
  readonly mode: Mode;
  /** Makes a block; without `keep` its effects are dropped, as for a view. */
  readonly block: (calls: readonly PreparedCall[], keep: "keep" | "drop") => Promise<BlockOutcome>;
  readonly deploy: (deployment: Deployment) => Promise<DeployResult>;
  readonly balanceOf: (address: Hex) => bigint;
  readonly advanceTime: (seconds: bigint) => void;
  readonly advanceHeight: (blocks: bigint) => Promise<void>;
  /** One line per block and call, and the state after it. */
  readonly trace: readonly string[];
  readonly digest: () => Hex;
}

export function createSession(chain: Chain, mode: Mode, listener: SessionListener | undefined): Session {
  const trace: string[] = [];
  let time = START_TIME;

  function withNonces(calls: readonly PreparedCall[]): readonly CallRequest[] {
    const next = new Map<Hex, bigint>();
    return calls.map((call) => {
      const nonce = next.get(call.from) ?? chain.nonceOf(call.from);
      next.set(call.from, nonce + 1n);
      const { from, to, data, value } = call;
      return { from, to, data, value, nonce, gasLimit: GAS_LIMIT, gasPrice: 0n };
    });
  }

  return {
    mode,
    async block(calls, keep) {
      const result = await chain.execute(blockBuffer(withNonces(calls)), { time, mode, trace: mode === "parallel" });
      const receipts = calls.map((_, index) => result.receipts.at(index));
      receipts.forEach((receipt, index) => trace.push(`block ${result.height}, call ${index + 1}: ${showReceipt(receipt)}`));
      // The statistics are read off the block's memory, which a discarded block gives back.
      const { stats } = result;
      const planned = mode === "parallel" ? calls.map((_, index) => result.plannedCells(index)) : [];
      listener?.block(calls, result, receipts);
      if (keep === "keep") chain.commit();
      else chain.discard();
      return { receipts, stats, planned };
    },
    async deploy(deployment) {
      const { module, from, args, value } = deployment;
      listener?.beforeDeployment();
      const result = await chain.deploy(module, { from, args, value, time });
      trace.push(`block ${result.height}, deployment of ${module.module.name} at ${result.address}: ${showReceipt(result.receipt)}`);
      listener?.deployed(deployment, result);
      return result;
    },
    balanceOf: (address) => chain.balanceOf(address),
    advanceTime(seconds) {
      time += seconds;
    },
    async advanceHeight(blocks) {
      for (let i = 0n; i < blocks; i++) await chain.run(blockBuffer([]), { time, mode, trace: false });
    },
    trace,
    digest: () => chain.digest(),
  };
}

function showReceipt({ status, data, logs, cost, rejection }: Receipt): string {
  const shownLogs = logs.map((log) => `${log.address} ${log.topics.join(",")} ${toHex(log.data)}`).join("; ");
  return `${status} ${rejection ?? ""} data ${toHex(data)} cost ${cost} logs [${shownLogs}]`;
}
