/**
 * The same block, run serially and in parallel with early calls slowed down, so that a wait that is missing shows: both must agree. For tests that
 * show one rule of the semantics each.
 */
import { expect } from "vitest";
import type { BlockResult, BlockStats, ChangedCell, Hex, Receipt } from "../../runtime/types.ts";
import type { Hand, HandCall } from "./hand-chain.ts";
import { account, openHand } from "./hand-chain.ts";

export const ALICE = 1;
export const BOB = 2;
export const CAROL = 3;
export const EVE = 4;

/** Coin of each account at genesis. */
export const COIN = 10_000n;

export interface Agreed {
  readonly receipts: readonly Receipt[];
  readonly changes: readonly ChangedCell[];
  /** Of the parallel run. */
  readonly stats: BlockStats;
  readonly statuses: readonly Receipt["status"][];
  /** Return data as a number. */
  returned(call: number): bigint;
  after(cell: string): unknown;
}

export interface Pair {
  readonly contract: Hex;
  run(calls: readonly HandCall[]): Promise<Agreed>;
  view(func: string, args: readonly (bigint | Hex)[]): bigint;
  balanceOf(who: Hex): bigint;
  nonceOf(who: Hex): bigint;
  close(): Promise<void>;
}

export async function openPair(
  name: "token" | "registry" | "counter" | "ledger",
  init: readonly bigint[],
  setup: readonly HandCall[],
): Promise<Pair> {
  const genesis = [0, ALICE, CAROL].map((who) => ({ address: account(who), balance: COIN }));
  const feeRecipient = account(99);
  // The first calls are slow, so later ones overtake them unless something holds them back.
  let half = 0;
  const delay = (call: number): number => (call < Math.min(half, 4) ? 1500 : 0);
  const serial = await openHand(name, init, { genesis, feeRecipient });
  const solo = await openHand(name, init, { genesis, feeRecipient });
  const parallel = await openHand(name, init, { genesis, feeRecipient, workers: 3, chunk: 1, delay });
  const hands: readonly Hand[] = [serial, solo, parallel];
  let time = 1n;
  const runOn = (hand: Hand, calls: readonly HandCall[], mode: "serial" | "parallel"): Promise<BlockResult> =>
    hand.chain.run(hand.block(calls), { time, mode, trace: false });
  for (const hand of hands) await runOn(hand, setup, "serial");
  return {
    contract: serial.contract,
    run: async (calls) => {
      half = Math.ceil(calls.length / 2);
      time += 1n;
      const wanted = summary(await runOn(serial, calls, "serial"), calls.length);
      const alone = await runOn(solo, calls, "parallel");
      expect(summary(alone, calls.length)).toEqual(wanted);
      const shared = await runOn(parallel, calls, "parallel");
      expect(summary(shared, calls.length)).toEqual(wanted);
      const { edges, waiting, deltas, uncleared, unresolved } = shared.stats;
      expect({ edges, waiting, deltas, uncleared, unresolved }).toEqual(pick(alone.stats));
      expect(parallel.chain.digest()).toBe(serial.chain.digest());
      return {
        ...wanted,
        stats: shared.stats,
        statuses: wanted.receipts.map((receipt) => receipt.status),
        returned: (call) => BigInt(`0x${Buffer.from(wanted.receipts[call].data).toString("hex")}`),
        after: (cell) => wanted.changes.find((change) => change.cell === cell)?.after,
      };
    },
    view: (func, args) => serial.view(func, args),
    balanceOf: (who) => serial.chain.balanceOf(who),
    nonceOf: (who) => serial.chain.nonceOf(who),
    close: async () => {
      for (const { chain } of hands) await chain.close();
    },
  };
}

function pick({ edges, waiting, deltas, uncleared, unresolved }: BlockStats): unknown {
  return { edges, waiting, deltas, uncleared, unresolved };
}

function summary(result: BlockResult, length: number): { readonly receipts: readonly Receipt[]; readonly changes: readonly ChangedCell[] } {
  return { receipts: Array.from({ length }, (_, call) => result.receipts.at(call)), changes: result.changedCells() };
}
