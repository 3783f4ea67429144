/**
 * What the plan of each call names, kept for tests when a block is run with `trace`. Reads the access list after the ordering pass.
 */
import type { AccessList } from "../plan/access-list.ts";
import { MODE_DELTA, MODE_READ, MODE_WRITE } from "../plan/access-list.ts";
import type { Order } from "../schedule/order.ts";

export interface TracedAccess {
  readonly column: number;
  /** -1: the whole field. */
  readonly slot: number;
  /** Address id of the contract whose field it is; 0 for the coin. */
  readonly contract: number;
  readonly mode: "R" | "W" | "D" | "wide";
}

export class Trace {
  private readonly calls: TracedAccess[][] = [];
  private readonly selfOf: (call: number) => number;

  constructor(selfOf: (call: number) => number) {
    this.selfOf = selfOf;
  }

  /** `order` is undefined for serial plans, whose accesses all have a cell. */
  note(call: number, list: AccessList, order: Order | undefined): void {
    const noted: TracedAccess[] = [];
    for (let i = 0; i < list.count; i++) {
      const mode = order === undefined ? list.mode[i] : order.modeOf(list, i);
      const column = list.column[i];
      const contract = column === 0 ? 0 : this.selfOf(call);
      if (mode === 0) continue;
      if (list.slot[i] < 0) noted.push({ column, slot: -1, contract, mode: "wide" });
      else if (mode === MODE_READ) noted.push({ column, slot: list.slot[i], contract, mode: "R" });
      else if (mode === MODE_WRITE) noted.push({ column, slot: list.slot[i], contract, mode: "W" });
      else if ((mode & MODE_DELTA) !== 0) noted.push({ column, slot: list.slot[i], contract, mode: "D" });
    }
    this.calls[call] = noted;
  }

  of(call: number): readonly TracedAccess[] {
    return this.calls[call] ?? [];
  }
}
