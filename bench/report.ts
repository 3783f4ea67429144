/** What a run of the bench gives, as plain data: the JSON output is this. Rates are calls per second. */
import type { ChainOptions } from "../runtime/types.ts";
import type { Spread } from "./statistics.ts";
import type { Group } from "./workloads/workload.ts";

/** What two independent loops gained right before and right after; the smaller one counts. */
export interface Gain {
  readonly before: number;
  readonly after: number;
  readonly least: number;
  /** Too little to judge anything parallel. */
  readonly busy: boolean;
}

/** Serial and parallel mode side by side. */
export interface Pair {
  readonly calls: number;
  readonly rounds: number;
  readonly serial: Spread;
  readonly parallel: Spread;
  /** Of the rounds, each parallel execution against the serial one beside it. */
  readonly parallelToSerial: Spread;
  /** Part of the parallel rounds that the chain shared with its workers. */
  readonly shared: number;
  readonly gain: Gain;
  /** parallelToSerial by what two loops gained: 1 is all that the machine had. */
  readonly shareOfGain: number;
}

export interface Row extends Pair {
  readonly name: string;
  readonly group: Group;
  readonly title: string;
  /** The `Map` ledger, and the typed-array loop of one thread; null where there is none. */
  readonly ledger: Spread | null;
  readonly limit: Spread | null;
  readonly parallelToLedger: number | null;
  /** Cost of all calls by that of the longest chain: how many threads could be busy. */
  readonly workToSpan: number;
  /** parallelToSerial by min(workers, workToSpan). */
  readonly achieved: number;
  readonly executionsPerCall: number;
  /** Cells that a call's plan names, on average over the first calls of the block. */
  readonly cellsPerCall: number;
  /** Of the rounds that were shared; null if none was. */
  readonly scheduleNsPerCall: number | null;
  readonly scheduleNsPerCell: number | null;
  readonly unexpectedStatuses: number;
  readonly edges: number;
  readonly waiting: number;
  readonly uncleared: number;
  /** Of the state after the block, and of all its receipts: the same in both modes, and in any run of the same calls. */
  readonly digest: string;
  readonly receipts: string;
}

/** Transfers over 10,000 accounts in blocks of another size. */
export type BlockRow = Pair;

/** While another process keeps a core busy. The gain is that before it began and after it ended. */
export interface BusyRow extends Pair {
  readonly name: string;
}

export type Verdict = "pass" | "fail" | "machine busy" | "not measured";

export interface Goal {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly verdict: Verdict;
}

export interface Machine {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
}

export interface Settings {
  readonly workers: number;
  readonly sharing: ChainOptions["sharing"];
  readonly calls: number;
  readonly rounds: number;
  readonly quick: boolean;
}

export interface Report {
  readonly schema: 2;
  readonly tool: "weft";
  readonly command: "bench";
  readonly machine: Machine;
  readonly settings: Settings;
  readonly rows: readonly Row[];
  readonly blocks: readonly BlockRow[];
  readonly oneCoreBusy: readonly BusyRow[];
  readonly goals: readonly Goal[];
}
