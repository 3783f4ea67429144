/**
 * What users get of a block: receipts, stats, changes. All but the plain numbers is read from the block's memory when asked for, and gone once the chain
 * begins another block.
 */
import { ValidationError } from "../errors.ts";
import type { Engine } from "../execute/engine.ts";
import {
  CALL_CALLER,
  CALL_STRIDE,
  CALL_VERDICT,
  RECEIPT_COST_HIGH,
  RECEIPT_COST_LOW,
  RECEIPT_STRIDE,
  VERDICT_ALONE,
  VERDICT_BALANCE,
  VERDICT_NONCE,
  VERDICT_RUN,
} from "../execute/memory.ts";
import type { Trace } from "../execute/trace.ts";
import type { OrderCounts } from "../schedule/order.ts";
import type { BlockResult, BlockStats, Mode, StageTimes } from "../types.ts";
import { listChanges, nameAccess } from "./changes.ts";
import type { Journal } from "./journal.ts";
import { BlockReceipts } from "./receipts.ts";

export interface FinishedBlock {
  readonly length: number;
  readonly height: bigint;
  readonly time: bigint;
  readonly mode: Mode;
  readonly workers: number;
  readonly shared: boolean;
  readonly times: StageTimes;
  readonly journal: Journal;
  readonly trace: Trace | undefined;
  /** How far nonces of contracts have moved, by what they created. */
  readonly creations: ReadonlyMap<number, bigint>;
  /** Undefined for blocks that ran without being ordered: nobody needs the order when nobody shares the work, so it is found out only if asked for. */
  readonly counts: OrderCounts | undefined;
}

export function createBlockResult(engine: Engine, block: FinishedBlock): BlockResult {
  const { journal, trace, length } = block;
  const { state, generation } = engine;
  const mine = generation.current;
  const check = (what: string): void => {
    if (generation.current !== mine || journal.isSwapped())
      throw new ValidationError(`the ${what} of this block are gone: it was discarded, or another was begun since`);
  };
  let stats: BlockStats | undefined = undefined;
  return {
    height: block.height,
    time: block.time,
    receipts: new BlockReceipts(length, engine.memory, state.addresses, generation),
    get stats() {
      if (stats === undefined && block.counts === undefined) check("stats");
      stats ??= statsOf(engine, block, block.counts ?? measure(engine, journal, length));
      return stats;
    },
    changedCells: () => {
      check("changes");
      return listChanges(state, journal, stepsOf(engine, length, block.creations));
    },
    plannedCells: (call) => {
      if (trace === undefined) throw new ValidationError("planned cells are known only of blocks run with `trace`");
      if (!Number.isInteger(call) || call < 0 || call >= length) throw new ValidationError(`no call ${call} in a block of ${length}`);
      return trace.of(call).map((access) => ({ cell: nameAccess(state, access), mode: access.mode }));
    },
  };
}

function statsOf(engine: Engine, block: FinishedBlock, counts: OrderCounts): BlockStats {
  return {
    mode: block.mode,
    calls: block.length,
    executions: executions(engine.memory.calls, block.length),
    workers: block.workers,
    shared: block.shared,
    edges: counts.edges,
    waiting: counts.waiting,
    criticalPath: counts.criticalPath,
    criticalCost: BigInt(Math.round(counts.criticalCost)),
    totalCost: totalCost(engine.memory.receipts, block.length),
    deltas: counts.deltas,
    uncleared: counts.uncleared,
    unresolved: counts.unresolved,
    times: block.times,
  };
}

/** Told from verdicts, not counted where calls are run. */
function executions(calls: Int32Array, length: number): number {
  let count = 0;
  for (let call = 0; call < length; call++) {
    const verdict = calls[call * CALL_STRIDE + CALL_VERDICT];
    if (verdict === VERDICT_RUN || verdict === VERDICT_ALONE) count++;
  }
  return count;
}

/** Orders the block once more, on the state it began with. */
function measure(engine: Engine, journal: Journal, length: number): OrderCounts {
  const { columns } = engine.state;
  journal.detach();
  journal.swap(columns);
  try {
    return engine.measure(length);
  } finally {
    journal.swap(columns);
  }
}

/** Sums of halves stay exact: each is below 2^32, and a block has fewer than 2^22 calls. */
function totalCost(receipts: Int32Array, calls: number): bigint {
  let low = 0;
  let high = 0;
  for (let call = 0; call < calls; call++) {
    low += receipts[call * RECEIPT_STRIDE + RECEIPT_COST_LOW] >>> 0;
    high += receipts[call * RECEIPT_STRIDE + RECEIPT_COST_HIGH] >>> 0;
  }
  return (BigInt(high) << 32n) + BigInt(low);
}

/** Admitted calls by sender, and what contracts created. */
function stepsOf(engine: Engine, length: number, creations: ReadonlyMap<number, bigint>): ReadonlyMap<number, bigint> {
  const { calls } = engine.memory;
  const steps = new Map(creations);
  for (let call = 0; call < length; call++) {
    const verdict = calls[call * CALL_STRIDE + CALL_VERDICT];
    if (verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE) continue;
    const sender = calls[call * CALL_STRIDE + CALL_CALLER];
    steps.set(sender, (steps.get(sender) ?? 0n) + 1n);
  }
  return steps;
}
