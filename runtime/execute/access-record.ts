/**
 * The cells that each call of a block touches and how, as they ended up in the order; kept when a block is profiled. A whole field is one cell.
 * Reads the access list right after its call was ordered.
 */
import type { AccessList } from "../plan/access-list.ts";
import { MODE_DELTA, MODE_READ, MODE_WRITE, MODES_COMMUTE } from "../plan/access-list.ts";
import type { Order } from "../schedule/order.ts";
import type { Accesses } from "../simulate/waits.ts";
import { ACCESS_ADD, ACCESS_READ, ACCESS_UNCLEARED, ACCESS_WHOLE, ACCESS_WRITE } from "../simulate/waits.ts";
import type { TracedAccess } from "./trace.ts";

/** Slots are below this number, columns few: a cell's key is exact in a double. */
const SLOTS = 2 ** 28;

export class AccessRecord {
  private readonly contractOf: (field: number) => number;
  private readonly first: Int32Array;
  private readonly cells: number[] = [];
  private readonly modes: number[] = [];
  private readonly numbers = new Map<number, number>();
  /** By cell. */
  private readonly names: TracedAccess[] = [];
  private readonly fields: number[] = [];
  private next = 0;

  /** `contractOf`: the contract whose field has this number. */
  constructor(calls: number, contractOf: (field: number) => number) {
    this.contractOf = contractOf;
    this.first = new Int32Array(calls + 1);
  }

  note(call: number, list: AccessList, order: Order): void {
    this.skipTo(call);
    for (let i = list.from; i < list.count; i++) {
      const mode = order.modeOf(list, i);
      if (mode === 0) continue;
      const whole = list.slot[i] < 0 || order.hasWhole(list, i);
      this.cells.push(this.numberOf(list, i, whole));
      this.modes.push(recordedMode(list, i, mode) | (whole ? ACCESS_WHOLE : 0));
    }
  }

  finish(): Accesses & { readonly nameOf: (cell: number) => TracedAccess } {
    this.skipTo(this.first.length - 1);
    return {
      first: this.first,
      cells: Int32Array.from(this.cells),
      modes: Uint8Array.from(this.modes),
      cellFields: Int32Array.from(this.fields),
      nameOf: (cell) => this.names[cell],
    };
  }

  /** Calls that weren't ordered have no accesses. */
  private skipTo(call: number): void {
    while (this.next <= call) this.first[this.next++] = this.cells.length;
  }

  private numberOf(list: AccessList, access: number, whole: boolean): number {
    const column = list.column[access];
    const slot = list.slot[access];
    const field = list.field[access];
    const key = whole ? -1 - field : column * SLOTS + slot;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.numbers.set(key, number);
    const contract = !whole || column === 0 ? 0 : this.contractOf(field);
    this.names.push({ column, slot: whole ? -1 : slot, contract, mode: "W" });
    this.fields.push(field);
    return number;
  }
}

function recordedMode(list: AccessList, access: number, joined: number): number {
  if ((joined & MODE_WRITE) === 0 && (joined & (MODE_DELTA | MODES_COMMUTE)) === 0) return ACCESS_READ;
  if ((joined & ~(MODE_DELTA | MODES_COMMUTE)) === 0) return ACCESS_ADD;
  return isBareAdd(list, access) ? ACCESS_UNCLEARED : ACCESS_WRITE;
}

/** Nothing else in the call keeps this add from commuting. */
function isBareAdd(list: AccessList, access: number): boolean {
  for (let i = list.from; i < list.count; i++) {
    const same = list.column[i] === list.column[access] && list.slot[i] === list.slot[access];
    if (same && (list.mode[i] & (MODE_READ | MODE_WRITE)) !== 0) return false;
  }
  return (list.mode[access] & (MODE_DELTA | MODES_COMMUTE)) !== 0;
}
