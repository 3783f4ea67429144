/** Profiles a block: runs it again and again, serially and with its steps timed in turn, and puts together what was found. */
import { AccessRecord } from "./execute/access-record.ts";
import { Meter, ROUNDS } from "./execute/meter.ts";
import { FOLD_CHUNK } from "./execute/parallel.ts";
import type { Profiling } from "./execute/profiled.ts";
import type { TracedAccess } from "./execute/trace.ts";
import type { BlockProfile } from "./types.ts";

/** Executions before those that count: they would measure V8's compilers. */
const WARM_UPS = 2;

export interface ProfiledChain {
  /** Executes the block, takes it back, and gives the milliseconds. */
  readonly timeOf: (profiling: Profiling) => Promise<number>;
  /** The contract whose field has this number. */
  readonly contractOf: (field: number) => number;
  readonly nameOf: (access: TracedAccess) => string;
  /** Calls claimed at once. */
  readonly chunk: number;
  /** Calls that are read and planned ahead together. */
  readonly sliceCalls: number;
  /** Whether blocks of this size are shared with workers. */
  readonly shareable: boolean;
}

export async function profileBlock(length: number, chain: ProfiledChain): Promise<BlockProfile> {
  const meter = new Meter(length);
  const record = new AccessRecord(length, chain.contractOf);
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const into = round < 0 ? new Meter(length) : meter;
    // The last round is the one whose slots are still those of the names that somebody may ask for.
    const noted = round === ROUNDS - 1 ? record : undefined;
    await chain.timeOf({ way: "serial", meter: into, record: undefined });
    into.endRound((await chain.timeOf({ way: "ordered", meter: into, record: noted })) * 1e6);
  }
  const { nameOf, ...accesses } = record.finish();
  return {
    ...meter.finish({ read: chain.sliceCalls, run: chain.chunk, fold: FOLD_CHUNK, publish: chain.sliceCalls }),
    accesses,
    shareable: chain.shareable,
    nameOf: (cell) => chain.nameOf(nameOf(cell)),
  };
}
