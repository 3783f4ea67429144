/** A scenario's outcome in figures: as text for people and as JSON. */
import type { StageTimes } from "../../runtime/types.ts";
import type { Json } from "../outcome.ts";
import { table, thousands } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import type { BlockReport, ScenarioReport, Tally } from "./execute.ts";

export interface RunFacts {
  readonly title: string;
  readonly seed: number;
  readonly workers: number;
  readonly report: ScenarioReport;
}

interface Graph {
  readonly edges: number;
  readonly waiting: number;
  /** Longest of all blocks. */
  readonly criticalPath: number;
  readonly criticalCost: bigint;
  readonly totalCost: bigint;
  readonly deltas: number;
  readonly uncleared: number;
  readonly unresolved: number;
}

const STAGES = ["admitMs", "planMs", "scheduleMs", "executeMs", "commitMs", "totalMs"] as const satisfies readonly (keyof StageTimes)[];

function sumTimes(blocks: readonly BlockReport[], mode: "serial" | "parallel"): StageTimes {
  const sum = (key: keyof StageTimes): number => blocks.reduce((total, block) => total + block[mode].times[key], 0);
  return {
    admitMs: sum("admitMs"),
    planMs: sum("planMs"),
    scheduleMs: sum("scheduleMs"),
    executeMs: sum("executeMs"),
    commitMs: sum("commitMs"),
    totalMs: sum("totalMs"),
  };
}

function graphOf(blocks: readonly BlockReport[]): Graph {
  const stats = blocks.map((block) => block.parallel);
  return {
    edges: stats.reduce((sum, block) => sum + block.edges, 0),
    waiting: stats.reduce((sum, block) => sum + block.waiting, 0),
    criticalPath: stats.reduce((most, block) => Math.max(most, block.criticalPath), 0),
    criticalCost: stats.reduce((sum, block) => sum + block.criticalCost, 0n),
    totalCost: stats.reduce((sum, block) => sum + block.totalCost, 0n),
    deltas: stats.reduce((sum, block) => sum + block.deltas, 0),
    uncleared: stats.reduce((sum, block) => sum + block.uncleared, 0),
    unresolved: stats.reduce((sum, block) => sum + block.unresolved, 0),
  };
}

function perSecond(calls: number, ms: number): number {
  return ms === 0 ? 0 : Math.round((calls / ms) * 1000);
}

/** What perfect scheduling on endless workers would gain, by the calls' costs. */
function parallelism({ totalCost, criticalCost }: Graph): number {
  return criticalCost === 0n ? 1 : Math.round((Number(totalCost) / Number(criticalCost)) * 10) / 10;
}

export function reportText({ title, seed, workers, report }: RunFacts, theme: Theme): string {
  const { measured, setup, blocks } = report;
  const serial = sumTimes(blocks, "serial");
  const parallel = sumTimes(blocks, "parallel");
  const graph = graphOf(blocks);
  const setupText =
    setup.calls === 0 ? "" : `, after a setup of ${thousands(setup.calls)} calls (${thousands(setup.calls - setup.succeeded)} failed)`;
  const speedUp = parallel.totalMs === 0 ? 1 : serial.totalMs / parallel.totalMs;
  return [
    `${theme("strong", printable(title))}: ${thousands(blocks.length)} ${blocks.length === 1 ? "block" : "blocks"}, seed ${seed}, ${workers} workers${setupText}`,
    "",
    ...table(callRows(measured), [{ align: "left" }, { align: "right" }, { align: "left", role: "dim" }], theme),
    "",
    ...table(timeRows(measured.calls, serial, parallel), [{ align: "left" }, { align: "right" }, { align: "right" }], theme),
    `${theme("strong", "speed-up")} ${speedUp.toFixed(2)}x`,
    "",
    `conflicts: ${thousands(graph.edges)} edges, ${thousands(graph.waiting)} calls waited, critical path ${thousands(graph.criticalPath)} calls, ` +
      `parallelism ${thousands(parallelism(graph))}x`,
    `escrow: ${thousands(graph.uncleared)} of ${thousands(graph.deltas)} adds not cleared; ${thousands(graph.unresolved)} keys known only at run time`,
    `state: ${thousands(report.cells)} cells, digest ${report.digest}`,
    report.identical
      ? theme("good", "identical: serial and parallel execution agree in every receipt and cell")
      : theme("bad", `NOT identical: ${thousands(report.differenceCount)} differences`),
    ...report.differences.map((difference) => `  ${printable(difference)}`),
    "",
  ].join("\n");
}

function callRows({ calls, succeeded, reverted, rejected, reverts, rejections }: Tally): readonly (readonly string[])[] {
  return [
    ["calls", thousands(calls), ""],
    ["succeeded", thousands(succeeded), ""],
    ["reverted", thousands(reverted), byCount(reverts)],
    ["rejected", thousands(rejected), byCount(rejections)],
  ];
}

function byCount(counts: ReadonlyMap<string, number>): string {
  return sorted(counts)
    .map(([name, number]) => `${name} ${thousands(number)}`)
    .join(", ");
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function timeRows(calls: number, serial: StageTimes, parallel: StageTimes): readonly (readonly string[])[] {
  return [
    ["", "serial", "parallel"],
    ["calls/s", thousands(perSecond(calls, serial.totalMs)), thousands(perSecond(calls, parallel.totalMs))],
    ...STAGES.map((stage) => [`${stage.slice(0, -2)} ms`, serial[stage].toFixed(1), parallel[stage].toFixed(1)]),
  ];
}

export function reportJson({ title, seed, workers, report }: RunFacts): Readonly<Record<string, Json>> {
  return {
    title,
    seed,
    workers,
    identical: report.identical,
    differences: report.differences,
    differenceCount: report.differenceCount,
    setup: tallyJson(report.setup),
    calls: tallyJson(report.measured),
    graph: graphJson(graphOf(report.blocks)),
    blocks: report.blocks.map((block) => ({
      title: block.title,
      calls: block.calls,
      succeeded: block.succeeded,
      graph: graphJson(graphOf([block])),
    })),
    state: { cells: report.cells, digest: report.digest },
  };
}

function tallyJson({ calls, succeeded, reverted, rejected, reverts, rejections }: Tally): Json {
  return {
    total: calls,
    succeeded,
    reverted,
    rejected,
    reverts: Object.fromEntries(sorted(reverts)),
    rejections: Object.fromEntries(sorted(rejections)),
  };
}

function graphJson(graph: Graph): Json {
  const { edges, waiting, criticalPath, deltas, uncleared, unresolved } = graph;
  return { edges, waiting, criticalPath, parallelism: parallelism(graph), deltas, uncleared, unresolved };
}

export function reportTiming({ report }: RunFacts): Readonly<Record<string, Json>> {
  const { blocks, measured } = report;
  const serial = sumTimes(blocks, "serial");
  const parallel = sumTimes(blocks, "parallel");
  return {
    serial: { ...serial, callsPerSecond: perSecond(measured.calls, serial.totalMs) },
    parallel: { ...parallel, callsPerSecond: perSecond(measured.calls, parallel.totalMs) },
    speedUp: parallel.totalMs === 0 ? 1 : Math.round((serial.totalMs / parallel.totalMs) * 100) / 100,
    blocks: blocks.map((block) => ({ serial: { ...block.serial.times }, parallel: { ...block.parallel.times } })),
  };
}
