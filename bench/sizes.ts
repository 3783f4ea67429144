/** How cost grows with the size of the block, and what is left of parallel mode while another process keeps a core busy. */
import { BUSY_BELOW, withOneCoreBusy } from "./machine.ts";
import { measurePair, type Measuring } from "./measure.ts";
import type { BlockRow, BusyRow } from "./report.ts";
import type { Setting } from "./stage.ts";
import { openTokens, transferBlock } from "./workloads/transfers.ts";
import type { Workload } from "./workloads/workload.ts";

export const BLOCK_SIZES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** Blocks that are too small to be shared. */
export const SMALL_SIZES = [1, 10, 100, 1_000];
/** So few that blocks of 10,000 calls touch most of them: larger blocks then don't touch more memory, and only the size of the block differs. */
const ACCOUNTS = 10_000;

/** Blocks of transfers on one chain that stays as it is. */
export async function measureBlocks(
  sizes: readonly number[],
  setting: Setting,
  measuring: Measuring,
  seen: (row: BlockRow) => void,
): Promise<BlockRow[]> {
  const tokens = await openTokens(setting, ACCOUNTS);
  const nonces = tokens.stage.copyNonces();
  const rows: BlockRow[] = [];
  try {
    for (const calls of sizes) {
      tokens.stage.restoreNonces(nonces);
      const row = await measurePair(transferBlock(tokens, calls), measuring);
      rows.push(row);
      seen(row);
    }
  } finally {
    await tokens.stage.chain.close();
  }
  return rows;
}

/** The gain is that of the machine without the other process: with it, a second thread has nothing to gain by intention. */
export async function measureOneCoreBusy(workload: Workload, calls: number, setting: Setting, measuring: Measuring): Promise<BusyRow> {
  const prepared = await workload.prepare(Math.max(1, Math.round(calls * workload.share)), setting);
  try {
    const before = await measuring.meter.measure();
    const pair = await withOneCoreBusy(() => measurePair(prepared, measuring));
    const after = await measuring.meter.measure();
    const least = Math.min(before, after);
    const gain = { before, after, least, busy: least < BUSY_BELOW };
    return { name: workload.name, ...pair, gain, shareOfGain: pair.parallelToSerial.median / least };
  } finally {
    await prepared.stage.chain.close();
  }
}
