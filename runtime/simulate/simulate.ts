/**
 * What a pool of some size would make of a measured block: the execute stage for itself, the whole block, and blocks that overlap, with what limits each.
 * Pure: the same profile gives the same figures. Not modelled: threads that share caches or memory bandwidth, and wake-ups.
 */
import { PoolRun, STAGES } from "./pool-run.ts";
import type { PoolNotes, StageName } from "./pool-run.ts";
import type { Profile } from "./profile.ts";
import { criticalPathOf, sumOf } from "./profile.ts";

export type Limit = "workers" | "ordered pass" | "critical path" | "chunk claims" | "fold";

export interface Stage {
  readonly wallNs: number;
  readonly busyNs: number;
  /** Of the time of all threads between its begin and its end, from 0 to 1: not spent on this stage. */
  readonly idle: number;
}

/** Some way of running the block, beside one thread. */
export interface Pace {
  readonly ns: number;
  readonly speedUp: number;
  readonly idle: number;
  readonly limitedBy: Limit;
}

export interface Simulation {
  readonly workers: number;
  /** Calls planned and ordered before; against running them one after another. */
  readonly execute: Pace;
  /** One block; against one thread without any order. */
  readonly block: Pace;
  /** Per block when blocks follow one another without a pause; against the same. */
  readonly overlapped: Pace;
  readonly stages: Readonly<Record<StageName, Stage>>;
  readonly criticalPathNs: number;
}

/** Of blocks that overlap those in the middle run at a steady pace: the first find nothing planned, and during the last nothing is left to plan. */
const WARM_BLOCKS = 2;
const STEADY_BLOCKS = 3;
const LAST_BLOCKS = 1;

export function simulate(profile: Profile, workers: number): Simulation {
  const critical = criticalPathOf(profile);
  const { serialNs } = profile.fixed;
  const executing = sumOf(profile.executing);
  if (workers === 1) return alone(profile, { critical, executing });

  const stage = new PoolRun(profile, { workers, blocks: 1, part: "execute", notes: undefined }).run();
  const stageLimits = { workers: executing / workers, "critical path": critical, "chunk claims": stage.claims * profile.fixed.chunkNs };
  const execute = paceOf(stage.blockEnds[0], { base: executing, work: executing, workers }, stageLimits);

  const one = new PoolRun(profile, { workers, blocks: 1, part: "all", notes: undefined }).run();
  const work = sumOf(one.busy);
  const order = orderedNs(profile);
  const limits = {
    workers: work / workers,
    "critical path": critical,
    "chunk claims": one.claims * profile.fixed.chunkNs,
    fold: one.wall[STAGES.indexOf("fold")],
  };
  const block = paceOf(one.blockEnds[0], { base: serialNs, work, workers }, { ...limits, "ordered pass": order });

  const blocks = WARM_BLOCKS + STEADY_BLOCKS + LAST_BLOCKS;
  const { blockEnds } = new PoolRun(profile, { workers, blocks, part: "all", notes: undefined }).run();
  // What is counted begins and ends between two chunks of plans: in small blocks that shows.
  const period = clamp((blockEnds[WARM_BLOCKS + STEADY_BLOCKS - 1] - blockEnds[WARM_BLOCKS - 1]) / STEADY_BLOCKS, work / workers, work);
  const overlapped = paceOf(period, { base: serialNs, work, workers }, { ...limits, "ordered pass": order });

  const stages = (index: number): Stage => {
    const [wallNs, busyNs] = [one.wall[index], one.busy[index]];
    return { wallNs, busyNs, idle: idleOf(wallNs, busyNs, workers) };
  };
  return {
    workers,
    execute,
    block,
    overlapped,
    stages: { plan: stages(0), order: stages(1), execute: stages(2), fold: stages(3), rest: stages(4) },
    criticalPathNs: critical,
  };
}

/** When each call of the block could have begun and did, and whom it waited for, on two workers or more. */
export function waitsOf(profile: Profile, workers: number): PoolNotes {
  const { calls } = profile;
  const notes = { released: new Float64Array(calls), started: new Float64Array(calls), freedBy: new Int32Array(calls).fill(-1) };
  new PoolRun(profile, { workers, blocks: 1, part: "all", notes }).run();
  return notes;
}

/** One worker runs blocks without any order: nobody shares the work. */
function alone(profile: Profile, { critical, executing }: { readonly critical: number; readonly executing: number }): Simulation {
  const planning = sumOf(profile.planning);
  const stage = (ns: number): Stage => ({ wallNs: ns, busyNs: ns, idle: 0 });
  const { serialNs, blockNs } = profile.fixed;
  const whole: Pace = { ns: serialNs, speedUp: 1, idle: 0, limitedBy: "workers" };
  return {
    workers: 1,
    execute: { ...whole, ns: executing },
    block: whole,
    overlapped: whole,
    stages: { plan: stage(planning), order: stage(0), execute: stage(executing), fold: stage(0), rest: stage(blockNs) },
    criticalPathNs: critical,
  };
}

/** What only one thread at a time can do: no pool is faster. */
function orderedNs(profile: Profile): number {
  return sumOf(profile.ordering) + profile.fixed.blockNs;
}

interface Measure {
  readonly base: number;
  readonly work: number;
  readonly workers: number;
}

/** Limited by what would take longest if nothing else took any time. */
function paceOf(ns: number, { base, work, workers }: Measure, limits: Readonly<Partial<Record<Limit, number>>>): Pace {
  let limitedBy: Limit = "workers";
  for (const name of LIMITS) if ((limits[name] ?? 0) > (limits[limitedBy] ?? 0)) limitedBy = name;
  return { ns, speedUp: ns > 0 ? base / ns : 1, idle: idleOf(ns, work, workers), limitedBy };
}

const LIMITS: readonly Limit[] = ["workers", "critical path", "ordered pass", "chunk claims", "fold"];

function idleOf(wall: number, busy: number, workers: number): number {
  return wall > 0 ? Math.max(0, 1 - busy / (wall * workers)) : 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
