/** The pictures of a run: which figures are drawn, and the names of the files. */
import type { Report, Row } from "./report.ts";
import { barPlot, linePlot } from "./svg.ts";
import { count, duration } from "./text.ts";

export interface Plot {
  readonly file: string;
  readonly svg: string;
}

/** By number of accounts. */
const BY_ACCOUNTS: readonly (readonly [number, string])[] = [
  [2, "transfers-2"],
  [100, "transfers-100"],
  [10_000, "transfers-10k"],
  [100_000, "transfers"],
  [1_000_000, "transfers-1m"],
];
/** Slower ones would be bars of no length. */
const VISIBLE_PER_SECOND = 20_000;
const SERIES = ["serial", "parallel", "Map ledger"];

/** Only of what the run has measured. */
export function plotsOf(report: Report): readonly Plot[] {
  const { machine, settings, rows } = report;
  const where = `${machine.processor}, Node ${machine.node}, ${settings.workers} workers, medians of up to ${settings.rounds} rounds`;
  return [...throughput(rows, where), ...speedUp(rows, where), ...accounts(rows, where), ...blocks(report, where)];
}

function throughput(rows: readonly Row[], note: string): Plot[] {
  const drawn = rows.filter(({ parallel }) => parallel.median >= VISIBLE_PER_SECOND);
  if (drawn.length === 0) return [];
  const svg = barPlot({
    title: "Calls per second",
    note,
    series: SERIES,
    bars: drawn.map((row) => ({ name: row.name, values: [row.serial.median, row.parallel.median, row.ledger?.median ?? null] })),
    show: count,
    mark: undefined,
  });
  return [{ file: "throughput.svg", svg }];
}

function speedUp(rows: readonly Row[], note: string): Plot[] {
  if (rows.length === 0) return [];
  const svg = barPlot({
    title: "Gain of two workers over one thread, beside the gain of two independent loops in the same seconds",
    note,
    series: ["two loops", "parallel to serial"],
    bars: rows.map((row) => ({ name: row.name, values: [row.gain.least, row.parallelToSerial.median] })),
    show: (value) => `${value.toFixed(2)}x`,
    mark: 1,
  });
  return [{ file: "speed-up.svg", svg }];
}

function accounts(rows: readonly Row[], note: string): Plot[] {
  const found = BY_ACCOUNTS.flatMap(([number, name]) => rows.filter((row) => row.name === name).map((row) => ({ number, row })));
  if (found.length < 2) return [];
  const points = (rateOf: (row: Row) => number | undefined): (readonly [number, number])[] =>
    found.flatMap(({ number, row }) => {
      const rate = rateOf(row);
      return rate === undefined ? [] : [[number, 1e9 / rate] as const];
    });
  const svg = linePlot({
    title: "Time per transfer by number of accounts",
    note,
    xTitle: "accounts",
    yTitle: "time per call",
    lines: [
      { name: SERIES[0], points: points((row) => row.serial.median) },
      { name: SERIES[1], points: points((row) => row.parallel.median) },
      { name: SERIES[2], points: points((row) => row.ledger?.median) },
    ],
    showX: count,
    showY: duration,
  });
  return [{ file: "accounts.svg", svg }];
}

function blocks({ blocks: rows }: Report, note: string): Plot[] {
  if (rows.length < 2) return [];
  const svg = linePlot({
    title: "Time per transfer by calls of a block",
    note,
    xTitle: "calls of a block",
    yTitle: "time per call",
    lines: [
      { name: SERIES[0], points: rows.map((row) => [row.calls, 1e9 / row.serial.median] as const) },
      { name: SERIES[1], points: rows.map((row) => [row.calls, 1e9 / row.parallel.median] as const) },
    ],
    showX: count,
    showY: duration,
  });
  return [{ file: "blocks.svg", svg }];
}
