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
  if (serial.length !== parallel.length) return differences.add(`${block}: ${serial.length} receipts serially, ${parallel.length} in parallel`);
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

/** All cells of both chains; returns how many there are serially. */
export function compareCells(serial: Chain, parallel: Chain, differences: Differences): number {
  const expected = new Map<string, CellValue>();
  for (const cell of serial.cells()) expected.set(cellName(cell), cell.value);
  const count = expected.size;
  for (const cell of parallel.cells()) {
    const name = cellName(cell);
    const value = expected.get(name);
    if (value !== cell.value) differences.add(`cell ${name}: ${value === undefined ? "default" : String(value)} serially, ${String(cell.value)} in parallel`);
    expected.delete(name);
  }
  for (const [name, value] of expected) differences.add(`cell ${name}: ${String(value)} serially, default in parallel`);
  return count;
}

function cellName({ contract, field, keys, path }: Cell): string {
  const entry = keys.map((key) => `[${String(key)}]`).join("");
  return `${contract === undefined ? "" : `${contract}.`}${field}${entry}${path.map((part) => `.${part}`).join("")}`;
}
