/** What a workload is: a chain made ready, a block whose calls have a known outcome, and a hand-written ledger in the same starting state. */
import type { BlockBuffer } from "../../runtime/types.ts";
import type { Ledger } from "../ledger.ts";
import type { TransferLimit } from "../limit.ts";
import type { Setting, Stage } from "../stage.ts";

export interface Prepared {
  readonly stage: Stage;
  readonly block: BlockBuffer;
  /** Status that each call must end with. */
  readonly expected: 0 | 1;
  /** A new ledger in the state before the block; undefined where nobody would write one quickly. */
  readonly ledger: (() => Ledger) | undefined;
  readonly limit: (() => TransferLimit) | undefined;
}

export type Group = "transfers" | "applications" | "counters" | "payers" | "graphs" | "compute";

export interface Workload {
  readonly name: string;
  readonly group: Group;
  readonly title: string;
  /** Calls of its block for each call that the run is asked for: 1, but for calls that do the work of many. */
  readonly share: number;
  /** Too large for a quick run. */
  readonly large: boolean;
  readonly prepare: (calls: number, setting: Setting) => Promise<Prepared>;
}
