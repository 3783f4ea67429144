/** A measured block replayed on simulated pools of other sizes, beside what it really took; and what its calls wait for. */
import { CAUSES, findWaits } from "../../runtime/simulate/waits.ts";
import type { Cause } from "../../runtime/simulate/waits.ts";
import { sumOf } from "../../runtime/simulate/profile.ts";
import { simulate, waitsOf } from "../../runtime/simulate/simulate.ts";
import type { Simulation } from "../../runtime/simulate/simulate.ts";
import type { BlockBuffer, BlockProfile, Chain, Mode } from "../../runtime/types.ts";

export interface ReplayOptions {
  /** Simulated pools; empty: none was asked for. */
  readonly pools: readonly number[];
  /** Cells to be shown; 0: none was asked for. */
  readonly hottest: number;
}

/** What a block's time goes into, as measured on one thread. */
export const STEPS = ["plan", "order", "execute", "fold", "begin and end"] as const;
export type StepName = (typeof STEPS)[number];

export interface Replay {
  readonly calls: number;
  /** Nanoseconds. */
  readonly steps: Readonly<Record<StepName, number>>;
  readonly simulations: readonly Simulation[];
  /** Small blocks are run by one thread, however many there are. */
  readonly shareable: boolean;
  /** The quickest of some real runs: what else the machine does only ever makes a run longer, and nothing of it is in the simulation. */
  readonly real: { readonly serialMs: number; readonly parallelMs: number };
  readonly heat: Heat;
}

export interface HotCell {
  /** `contract|cell` */
  readonly name: string;
  readonly accesses: number;
  readonly edges: number;
  readonly waitNs: number;
}

export interface HotCause {
  readonly cause: Cause;
  readonly edges: number;
  readonly waitNs: number;
}

export interface Heat {
  readonly cells: readonly HotCell[];
  readonly causes: readonly HotCause[];
}

/** Real runs of which the quickest stands beside the simulated figures. */
const REAL_ROUNDS = 9;
const WARM_UPS = 2;
/** So many cells of a block are named before blocks are put together: as many as can be asked for. */
const NAMED_CELLS = 1_000;

interface Chains {
  readonly serial: Chain;
  readonly parallel: Chain;
}

/** Leaves both chains as they were. */
export async function replayBlock(
  buffer: BlockBuffer,
  time: bigint,
  options: ReplayOptions,
  { serial, parallel }: Chains,
): Promise<Replay> {
  const real = options.pools.length === 0 ? { serialMs: 0, parallelMs: 0 } : await timeBoth(buffer, time, { serial, parallel });
  const profile = await parallel.profile(buffer, { time });
  return {
    calls: profile.calls,
    steps: {
      plan: sumOf(profile.planning),
      order: sumOf(profile.ordering),
      execute: sumOf(profile.executing),
      fold: profile.fold.ns,
      "begin and end": profile.fixed.blockNs,
    },
    simulations: options.pools.map((workers) => ({ ...simulate(profile, profile.shareable ? workers : 1), workers })),
    shareable: profile.shareable,
    real,
    heat: options.hottest === 0 ? { cells: [], causes: [] } : heatOf(profile, waitingPool({ ...options, workers: parallel.workers })),
  };
}

async function timeBoth(buffer: BlockBuffer, time: bigint, { serial, parallel }: Chains): Promise<Replay["real"]> {
  const run = async (chain: Chain, mode: Mode): Promise<number> => {
    const { stats } = await chain.execute(buffer, { time, mode, trace: false });
    const { totalMs } = stats.times;
    chain.discard();
    return totalMs;
  };
  let serialMs = Infinity;
  let parallelMs = Infinity;
  for (let round = 0; round < WARM_UPS + REAL_ROUNDS; round++) {
    const [first, second] = [await run(serial, "serial"), await run(parallel, "parallel")];
    if (round < WARM_UPS) continue;
    serialMs = Math.min(serialMs, first);
    parallelMs = Math.min(parallelMs, second);
  }
  return { serialMs, parallelMs };
}

/** The pool on which waiting is simulated: the largest one asked for, else the real one. Where nobody shares the work nobody waits: then as two would. */
export function waitingPool({ pools, workers }: { readonly pools: readonly number[]; readonly workers: number }): number {
  return Math.max(2, pools.length === 0 ? workers : Math.max(...pools));
}

function heatOf(profile: BlockProfile, workers: number): Heat {
  const { hottest, byCause } = findWaits(profile, profile.accesses, waitsOf(profile, workers), NAMED_CELLS);
  return {
    cells: hottest.map(({ cell, ...rest }) => ({ name: profile.nameOf(cell), ...rest })),
    causes: CAUSES.map((cause) => ({ cause, ...byCause[cause] })),
  };
}
