/**
 * What the plan of each call names, kept for tests when a block is run with `trace`. Reads the access list after the ordering pass.
 */
import type { AccessList } from "../plan/access-list.ts";
import { MODE_AND, MODE_DELTA, MODE_MAX, MODE_MIN, MODE_OR, MODE_READ } from "../plan/access-list.ts";
import type { Order } from "../schedule/order.ts";
import type { PlannedMode } from "../types.ts";

export interface TracedAccess {
  readonly column: number;
  /** -1: the whole field. */
  readonly slot: number;
  /** Address id of the contract whose whole field it is; 0 for the coin, and for cells, whose columns and slots tell. */
  readonly contract: number;
  readonly mode: PlannedMode;
}

/** Modes by their bits; whatever else the order has made of accesses to one cell is a write. */
const NAMES: readonly (readonly [number, PlannedMode])[] = [
  [MODE_READ, "R"],
  [MODE_DELTA, "D"],
  [MODE_OR, "|"],
  [MODE_AND, "&"],
  [MODE_MIN, "min"],
  [MODE_MAX, "max"],
];

export class Trace {
  private readonly calls: TracedAccess[][] = [];
  private readonly contractOf: (field: number) => number;

  /** `contractOf`: the contract whose field has this number. */
  constructor(contractOf: (field: number) => number) {
    this.contractOf = contractOf;
  }

  /** `order` is undefined for serial plans, whose accesses are as they were noted. */
  note(call: number, list: AccessList, order: Order | undefined): void {
    const noted: TracedAccess[] = [];
    for (let i = list.from; i < list.count; i++) {
      const mode = order === undefined ? list.mode[i] : order.modeOf(list, i);
      const column = list.column[i];
      const contract = column === 0 || list.slot[i] >= 0 ? 0 : this.contractOf(list.field[i]);
      if (mode === 0) continue;
      const whole = order === undefined ? mode !== MODE_READ : order.hasWhole(list, i);
      if (list.slot[i] < 0) noted.push({ column, slot: -1, contract, mode: whole ? "wide" : "wideR" });
      else noted.push({ column, slot: list.slot[i], contract, mode: NAMES.find(([bit]) => bit === mode)?.[1] ?? "W" });
    }
    this.calls[call] = noted;
  }

  of(call: number): readonly TracedAccess[] {
    return this.calls[call] ?? [];
  }
}
