/** What replays of a scenario's blocks show, as text for people and as JSON: simulated pools, and what calls wait for. */
import type { Pace, Simulation } from "../../runtime/simulate/simulate.ts";
import type { Json } from "../outcome.ts";
import { table, thousands } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import { STEPS, waitingPool } from "./replay.ts";
import type { HotCause, HotCell, Replay, StepName } from "./replay.ts";

export interface ReplayRequest {
  readonly pools: readonly number[];
  readonly hottest: number;
  /** Of the real parallel run; what calls wait for is simulated on as many. */
  readonly workers: number;
  /** A contract's label, by its address. */
  readonly label: (contract: string) => string;
}

type Fields = Readonly<Record<string, Json>>;

const NS_PER_MS = 1e6;
const STAGES = ["plan", "order", "execute", "fold", "rest"] as const;

/** Of all blocks together. */
interface Pool {
  readonly workers: number;
  readonly execute: Pace;
  readonly block: Pace;
  readonly overlapped: Pace;
  readonly stages: Simulation["stages"];
  readonly criticalPathNs: number;
}

interface Stats {
  readonly cells: readonly HotCell[];
  readonly causes: readonly HotCause[];
}

export function replayText(blocks: readonly Replay[], asked: ReplayRequest, theme: Theme): readonly string[] {
  if (blocks.length === 0) return [];
  return [
    ...(asked.pools.length === 0 ? [] : [...simulationLines(blocks, asked, theme), ""]),
    ...(asked.hottest === 0 ? [] : [...statsLines(blocks, asked, theme), ""]),
  ];
}

/** What no clock has a part in. */
export function replayJson(blocks: readonly Replay[], { hottest, label }: ReplayRequest): Fields {
  if (hottest === 0) return {};
  const { cells, causes } = statsOf(blocks, hottest);
  return {
    stats: {
      cells: cells.map(({ name, accesses, edges }) => ({ ...nameJson(name, label), accesses, edges })),
      causes: causes.map(({ cause, edges }) => ({ cause, edges })),
    },
  };
}

export function replayTiming(blocks: readonly Replay[], asked: ReplayRequest): Fields {
  return {
    ...(asked.pools.length === 0 ? {} : { simulation: simulationJson(blocks, asked) }),
    ...(asked.hottest === 0 ? {} : { stats: statsTiming(blocks, asked) }),
  };
}

// --- simulated pools -------------------------------------------------------------------------------------------------

function poolOf(blocks: readonly Replay[], index: number, workers: number): Pool {
  const simulations = blocks.map(({ simulations: all }) => all[index]);
  const sum = (valueOf: (simulation: Simulation) => number): number => simulations.reduce((total, each) => total + valueOf(each), 0);
  const stage = (name: (typeof STAGES)[number]): Simulation["stages"]["plan"] => {
    const wallNs = sum(({ stages }) => stages[name].wallNs);
    const busyNs = sum(({ stages }) => stages[name].busyNs);
    return { wallNs, busyNs, idle: wallNs > 0 ? average(simulations.map(({ stages }) => [stages[name].idle, stages[name].wallNs])) : 0 };
  };
  const pace = (name: "execute" | "block" | "overlapped"): Pace => together(simulations.map((each) => each[name]));
  return {
    workers,
    execute: pace("execute"),
    block: pace("block"),
    overlapped: pace("overlapped"),
    stages: { plan: stage("plan"), order: stage("order"), execute: stage("execute"), fold: stage("fold"), rest: stage("rest") },
    criticalPathNs: sum(({ criticalPathNs }) => criticalPathNs),
  };
}

/** Blocks one after the other; limited by what limits them for the longest time. */
function together(paces: readonly Pace[]): Pace {
  const ns = paces.reduce((sum, pace) => sum + pace.ns, 0);
  const base = paces.reduce((sum, pace) => sum + pace.ns * pace.speedUp, 0);
  const limits = new Map<Pace["limitedBy"], number>();
  for (const pace of paces) limits.set(pace.limitedBy, (limits.get(pace.limitedBy) ?? 0) + pace.ns);
  const [[limitedBy]] = [...limits].sort((a, b) => b[1] - a[1]);
  return { ns, speedUp: ns > 0 ? base / ns : 1, idle: average(paces.map((pace) => [pace.idle, pace.ns])), limitedBy };
}

function average(weighted: readonly (readonly [value: number, weight: number])[]): number {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  return total > 0 ? weighted.reduce((sum, [value, weight]) => sum + value * weight, 0) / total : 0;
}

interface Real {
  readonly serialMs: number;
  readonly parallelMs: number;
}

function realOf(blocks: readonly Replay[]): Real {
  return {
    serialMs: blocks.reduce((sum, { real }) => sum + real.serialMs, 0),
    parallelMs: blocks.reduce((sum, { real }) => sum + real.parallelMs, 0),
  };
}

function simulationLines(blocks: readonly Replay[], { pools, workers }: ReplayRequest, theme: Theme): readonly string[] {
  const real = realOf(blocks);
  const small = blocks.filter(({ shareable }) => !shareable).length;
  const rows = pools.flatMap((count, index) => {
    const pool = poolOf(blocks, index, count);
    return [simulatedRow(pool), ...measuredRows(pool, real, workers)];
  });
  const right = { align: "right" } as const;
  return [
    `${theme("strong", "simulated")}: calls timed one by one on one thread, and the graph of who waits for whom, replayed on pools of other sizes`,
    "",
    ...table(
      [["workers", "", "execute", "block ms", "block", "overlapped", "critical path µs", "idle", "limited by"], ...rows],
      [right, { align: "left", role: "dim" }, right, right, right, right, right, right, { align: "left" }],
      theme,
    ),
    ...(small === 0
      ? []
      : [
          `${thousands(small)} of ${thousands(blocks.length)} blocks are too small to be shared: one worker runs them, however many there are`,
        ]),
  ];
}

function simulatedRow({ workers, execute, block, overlapped, criticalPathNs }: Pool): readonly string[] {
  return [
    thousands(workers),
    "simulated",
    timesText(execute.speedUp),
    msText(block.ns),
    timesText(block.speedUp),
    timesText(overlapped.speedUp),
    microsecondsText(criticalPathNs),
    percentText(overlapped.idle),
    workers === 1 ? "" : overlapped.limitedBy,
  ];
}

function measuredRows({ workers, block }: Pool, { serialMs, parallelMs }: Real, measured: number): readonly (readonly string[])[] {
  if (workers !== 1 && workers !== measured) return [];
  const ms = workers === 1 ? serialMs : parallelMs;
  const ratio = ms > 0 ? block.ns / NS_PER_MS / ms : 1;
  return [["", "measured", "", ms.toFixed(1), timesText(ms > 0 ? serialMs / ms : 1), "", "", "", `simulated: ${timesText(ratio)} of it`]];
}

function simulationJson(blocks: readonly Replay[], { pools, workers }: ReplayRequest): Json {
  const { serialMs, parallelMs } = realOf(blocks);
  return {
    simulated: true,
    measured: { workers, serialMs: round(serialMs), parallelMs: round(parallelMs) },
    pools: pools.map((count, index) => {
      const pool = poolOf(blocks, index, count);
      return {
        workers: count,
        execute: paceJson(pool.execute),
        block: paceJson(pool.block),
        overlapped: paceJson(pool.overlapped),
        stages: Object.fromEntries(STAGES.map((name) => [name, stageJson(pool.stages[name])])),
        criticalPathMs: round(pool.criticalPathNs / NS_PER_MS),
      };
    }),
  };
}

function paceJson({ ns, speedUp, idle, limitedBy }: Pace): Json {
  return { ms: round(ns / NS_PER_MS), speedUp: round(speedUp), idle: round(idle), limitedBy };
}

function stageJson({ wallNs, busyNs, idle }: Simulation["stages"]["plan"]): Json {
  return { wallMs: round(wallNs / NS_PER_MS), busyMs: round(busyNs / NS_PER_MS), idle: round(idle) };
}

// --- what calls wait for ---------------------------------------------------------------------------------------------

function statsOf(blocks: readonly Replay[], most: number): Stats {
  const cells = new Map<string, HotCell>();
  const causes = new Map<HotCause["cause"], HotCause>();
  for (const { heat } of blocks) {
    for (const cell of heat.cells) {
      const known = cells.get(cell.name);
      cells.set(cell.name, { ...cell, ...sumsOf(cell, known), accesses: cell.accesses + (known?.accesses ?? 0) });
    }
    for (const cause of heat.causes) causes.set(cause.cause, { ...cause, ...sumsOf(cause, causes.get(cause.cause)) });
  }
  const sorted = [...cells.values()].sort((a, b) => b.edges - a.edges || b.accesses - a.accesses || (a.name < b.name ? -1 : 1));
  return { cells: sorted.slice(0, most), causes: [...causes.values()] };
}

type Sums = Pick<HotCell, "edges" | "waitNs">;

function sumsOf(one: Sums, other: Sums | undefined): Sums {
  return { edges: one.edges + (other?.edges ?? 0), waitNs: one.waitNs + (other?.waitNs ?? 0) };
}

function statsLines(blocks: readonly Replay[], asked: ReplayRequest, theme: Theme): readonly string[] {
  const { hottest, label } = asked;
  const { cells, causes } = statsOf(blocks, hottest);
  const waited = "waited µs";
  const right = { align: "right" } as const;
  const cellRows = cells.map(({ name, accesses, edges, waitNs }) => {
    const { contract, cell } = nameJson(name, label);
    return [printable(contract === "" ? cell : `${contract}.${cell}`), thousands(accesses), thousands(edges), microsecondsText(waitNs)];
  });
  const causeRows = causes
    .filter(({ edges }) => edges > 0)
    .map(({ cause, edges, waitNs }) => [cause, thousands(edges), microsecondsText(waitNs)]);
  return [
    theme("strong", "hottest cells"),
    ...table([["", "accesses", "waits", waited], ...cellRows], [{ align: "left" }, right, right, right], theme),
    "",
    theme("strong", "why calls wait"),
    ...(causeRows.length === 0
      ? ["no call waits for another"]
      : table([["", "waits", waited], ...causeRows], [{ align: "left" }, right, right], theme)),
    `waiting is summed over the calls, and simulated on ${thousands(waitingPool(asked))} workers`,
    "",
    `${theme("strong", "time by stage")}, on one thread`,
    ...table([["", "ms", "share", "ns a call"], ...stepRows(blocks)], [{ align: "left" }, right, right, right], theme),
  ];
}

function stepRows(blocks: readonly Replay[]): readonly (readonly string[])[] {
  const calls = blocks.reduce((sum, block) => sum + block.calls, 0);
  const times = STEPS.map((name) => stepNs(blocks, name));
  const total = times.reduce((sum, ns) => sum + ns, 0);
  return STEPS.map((name, i) => [
    name,
    msText(times[i]),
    percentText(total > 0 ? times[i] / total : 0),
    thousands(Math.round(times[i] / Math.max(1, calls))),
  ]);
}

function stepNs(blocks: readonly Replay[], name: StepName): number {
  return blocks.reduce((sum, { steps }) => sum + steps[name], 0);
}

function statsTiming(blocks: readonly Replay[], asked: ReplayRequest): Json {
  const { cells, causes } = statsOf(blocks, asked.hottest);
  return {
    simulatedWorkers: waitingPool(asked),
    cellWaitMs: cells.map(({ waitNs }) => round(waitNs / NS_PER_MS)),
    causeWaitMs: causes.map(({ waitNs }) => round(waitNs / NS_PER_MS)),
    stages: STEPS.map((name) => ({ stage: name, ms: round(stepNs(blocks, name) / NS_PER_MS) })),
  };
}

/** `contract|cell` as the runtime tells it; the native coin has no contract. */
function nameJson(name: string, label: (contract: string) => string): { readonly contract: string; readonly cell: string } {
  const border = name.indexOf("|");
  const contract = name.slice(0, border);
  return { contract: contract === "" ? "" : label(contract), cell: name.slice(border + 1) };
}

// --- figures ---------------------------------------------------------------------------------------------------------

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function msText(ns: number): string {
  return (ns / NS_PER_MS).toFixed(1);
}

function microsecondsText(ns: number): string {
  return thousands((ns / 1e3).toFixed(1));
}

function timesText(value: number): string {
  return `${value.toFixed(2)}x`;
}

function percentText(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}
