/** Rows as lines of text for a terminal, one by one as they are measured. */
import type { BlockRow, BusyRow, Goal, Pair, Row } from "./report.ts";
import type { Spread } from "./statistics.ts";
import { count, duration } from "./text.ts";

interface Column<T> {
  readonly title: string;
  readonly width: number;
  readonly show: (row: T) => string;
}

const rate = (spread: Spread | null): string => (spread === null ? "-" : count(spread.median));
const ratio = (value: number | null): string => (value === null ? "-" : `${value.toFixed(2)}x`);
const ns = (value: number | null): string => (value === null ? "-" : duration(value));
/** Half of the way from the lowest to the highest, as a part of the median. */
const spread = ({ median, min, max }: Spread): string => `±${Math.round((50 * (max - min)) / median)}%`;

const PAIR: readonly Column<Pair>[] = [
  { title: "serial", width: 11, show: (row) => rate(row.serial) },
  { title: "±", width: 6, show: (row) => spread(row.serial) },
  { title: "parallel", width: 11, show: (row) => rate(row.parallel) },
  { title: "±", width: 6, show: (row) => spread(row.parallel) },
];

const GAIN: readonly Column<Pair>[] = [
  { title: "par/ser", width: 9, show: (row) => ratio(row.parallelToSerial.median) },
  { title: "s", width: 6, show: (row) => row.gain.least.toFixed(2) },
  { title: "of s", width: 7, show: (row) => (row.gain.busy ? "busy" : row.shareOfGain.toFixed(2)) },
  { title: "shared", width: 8, show: (row) => `${Math.round(row.shared * 100)}%` },
];

const ROW: readonly Column<Row>[] = [
  { title: "calls", width: 9, show: (row) => count(row.calls) },
  ...PAIR,
  { title: "Map ledger", width: 12, show: (row) => rate(row.ledger) },
  { title: "limit", width: 12, show: (row) => rate(row.limit) },
  ...GAIN,
  { title: "par/Map", width: 9, show: (row) => ratio(row.parallelToLedger) },
  { title: "achieved", width: 10, show: (row) => row.achieved.toFixed(2) },
  { title: "exec/call", width: 11, show: (row) => row.executionsPerCall.toFixed(3) },
  { title: "sched/call", width: 12, show: (row) => ns(row.scheduleNsPerCall) },
  { title: "sched/cell", width: 12, show: (row) => ns(row.scheduleNsPerCell) },
  { title: "waiting", width: 9, show: (row) => count(row.waiting) },
  { title: "unexpected", width: 12, show: (row) => count(row.unexpectedStatuses) },
  { title: "digest", width: 12, show: (row) => row.digest.slice(0, 10) },
];

const PER_CALL: readonly Column<Pair>[] = [
  { title: "serial/call", width: 13, show: (row) => duration(1e9 / row.serial.median) },
  { title: "parallel/call", width: 15, show: (row) => duration(1e9 / row.parallel.median) },
];

const NAME_WIDTH = 19;

function header<T>(name: string, columns: readonly Column<T>[]): string {
  return name.padEnd(NAME_WIDTH) + columns.map(({ title, width }) => title.padStart(width)).join("");
}

function line<T>(name: string, columns: readonly Column<T>[], row: T): string {
  return name.padEnd(NAME_WIDTH) + columns.map(({ width, show }) => show(row).padStart(width)).join("");
}

export const rowHeader = (): string => header("", ROW);
export const rowLine = (row: Row): string => line(row.name, ROW, row);

const SIZE: readonly Column<Pair>[] = [...PAIR, ...PER_CALL, ...GAIN];
export const blockHeader = (): string => header("transfers a block", SIZE);
export const blockLine = (row: BlockRow): string => line(count(row.calls), SIZE, row);

const BUSY: readonly Column<Pair>[] = [...PAIR, ...GAIN];
export const busyHeader = (): string => header("one core busy", BUSY);
export const busyLine = (row: BusyRow): string => line(row.name, BUSY, row);

/** Names and both digests in full. */
export function digestLines(rows: readonly Row[]): string[] {
  return rows.map((row) => `${row.name.padEnd(NAME_WIDTH)}state ${row.digest}  receipts ${row.receipts}`);
}

export function goalLines(goals: readonly Goal[]): string[] {
  const width = Math.max(...goals.map(({ name }) => name.length)) + 2;
  const wantedWidth = Math.max(...goals.map(({ wanted }) => wanted.length)) + 2;
  return goals.map(({ name, wanted, found, verdict }) => `${verdict.padEnd(14)}${name.padEnd(width)}${wanted.padEnd(wantedWidth)}${found}`);
}
