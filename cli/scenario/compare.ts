/** Compares what the serial and the parallel chain gave: receipt by receipt and cell by cell. Says what differs, not only that. */
import { toHex } from "../test-runner/values.ts";
import type { Cell, CellValue, Chain, Receipt, Receipts } from "../../runtime/types.ts";

/** The first differences say enough. */
const MAX_REPORTED = 10;

export interface Differences {
  readonly count: () => number;
  readonly shown: () => readonly string[];
  readonly add: (text: string) => void;
}

export function createDifferences(): Differences {
  const shown: string[] = [];
  let count = 0;
  return {
    count: () => count,
    shown: () => shown,
    add(text) {
      count++;
      if (shown.length < MAX_REPORTED) shown.push(text);
    },
  };
}

export function compareReceipts(block: string, serial: Receipts, parallel: Receipts, differences: Differences): void {
  if (serial.length !== parallel.length)
    return differences.add(`${block}: ${serial.length} receipts serially, ${parallel.length} in parallel`);
  for (let call = 0; call < serial.length; call++) {
    const part = receiptDifference(serial.at(call), parallel.at(call));
    if (part !== undefined) differences.add(`${block}, call ${call}: ${part}`);
  }
}

function receiptDifference(a: Receipt, b: Receipt): string | undefined {
  if (a.status !== b.status) return `status ${a.status} serially, ${b.status} in parallel`;
  if (a.rejection !== b.rejection) return `rejection ${String(a.rejection)} serially, ${String(b.rejection)} in parallel`;
  if (a.cost !== b.cost) return `cost ${a.cost} serially, ${b.cost} in parallel`;
  if (!sameBytes(a.data, b.data)) return `data ${toHex(a.data)} serially, ${toHex(b.data)} in parallel`;
  if (a.logs.length !== b.logs.length) return `${a.logs.length} logs serially, ${b.logs.length} in parallel`;
  for (let i = 0; i < a.logs.length; i++) {
    const [x, y] = [a.logs[i], b.logs[i]];
    const sameTopics = x.topics.length === y.topics.length && x.topics.every((topic, index) => topic === y.topics[index]);
    if (x.address !== y.address || !sameTopics || !sameBytes(x.data, y.data)) return `log ${i} differs`;
  }
  return undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/**
 * All cells of both chains; returns how many there are serially. Both list them in much the same order, so they are walked side by side
 * and only those that aren't met at the same time are kept: hundreds of thousands of names at once would cost more than the run.
 */
export function compareCells(serial: Chain, parallel: Chain, differences: Differences): number {
  const onlySerial = new Map<string, CellValue>();
  const onlyParallel = new Map<string, CellValue>();
  const [left, right] = [serial.cells()[Symbol.iterator](), parallel.cells()[Symbol.iterator]()];
  let count = 0;
  for (;;) {
    const [a, b] = [left.next(), right.next()];
    if (a.done === true && b.done === true) break;
    if (a.done !== true) count++;
    if (a.done !== true && b.done !== true && sameCell(a.value, b.value)) continue;
    if (a.done !== true) meet(a.value, onlyParallel, onlySerial, (name, mine, other) => differences.add(unequal(name, mine, other)));
    if (b.done !== true) meet(b.value, onlySerial, onlyParallel, (name, mine, other) => differences.add(unequal(name, other, mine)));
  }
  for (const [name, value] of onlySerial) differences.add(unequal(name, value, undefined));
  for (const [name, value] of onlyParallel) differences.add(unequal(name, undefined, value));
  return count;
}

function sameCell(a: Cell, b: Cell): boolean {
  return a.value === b.value && a.field === b.field && a.contract === b.contract && sameItems(a.keys, b.keys) && sameItems(a.path, b.path);
}

function sameItems(a: readonly (CellValue | string)[], b: readonly (CellValue | string)[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function meet(
  cell: Cell,
  others: Map<string, CellValue>,
  own: Map<string, CellValue>,
  onUnequal: (name: string, mine: CellValue, other: CellValue) => void,
): void {
  const name = cellName(cell);
  const other = others.get(name);
  if (other === undefined) {
    own.set(name, cell.value);
    return;
  }
  others.delete(name);
  if (other !== cell.value) onUnequal(name, cell.value, other);
}

function unequal(name: string, serial: CellValue | undefined, parallel: CellValue | undefined): string {
  const show = (value: CellValue | undefined): string => (value === undefined ? "its default" : String(value));
  return `cell ${name}: ${show(serial)} serially, ${show(parallel)} in parallel`;
}

function cellName({ contract, field, keys, path }: Cell): string {
  const entry = keys.map((key) => `[${String(key)}]`).join("");
  return `${contract === undefined ? "" : `${contract}.`}${field}${entry}${path.map((part) => `.${part}`).join("")}`;
}
