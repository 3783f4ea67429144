/**
 * How parallel the calls of a contract are: for a mix of calls the speed-up to expect on some numbers of workers, and what limits it. Blocks are sampled
 * from a seed, each is ordered by the cells that its calls touch, and run on paper. Nothing is compiled or executed; the same mix and seed give the same
 * figures everywhere.
 */
import { evaluateCost } from "../cost/cost.ts";
import type { CostBound } from "../cost/cost.ts";
import type { ContractFootprint, LeafIndex } from "../footprint/footprint.ts";
import type { FuncId } from "../typed/tree.ts";
import { Bug } from "../core/bug.ts";
import type { Concrete } from "../footprint/concrete.ts";
import { createDrawer } from "./draw.ts";
import type { Budget, Population } from "./draw.ts";
import { createGraph } from "./graph.ts";
import type { TaskGraph } from "./graph.ts";
import { limitsOf } from "./limits.ts";
import type { Limit } from "./limits.ts";
import { createRandom } from "./random.ts";
import { sampleCalls } from "./sample.ts";
import type { Kind, SampledCall } from "./sample.ts";
import { costliestChain, createScheduler } from "./schedule.ts";
import type { Chain, Scheduler } from "./schedule.ts";
import { touchedBy } from "./touches.ts";
import { atStart, createWorld, givenTo } from "./world.ts";
import type { World } from "./world.ts";

export interface ScoreRequest {
  readonly footprint: ContractFootprint;
  readonly costs: ReadonlyMap<FuncId, CostBound>;
  /** At least one. */
  readonly kinds: readonly Kind[];
  readonly population: Population;
  /** Of a block. */
  readonly calls: number;
  readonly seed: number;
  /** Numbers of workers to tell the speed-up of, rising. */
  readonly workers: readonly number[];
}

/** Over the sampled blocks. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export interface Score {
  /** The speed-up on 16 workers as a share of 16, in per cent. */
  readonly parallelism: number;
  readonly blocks: number;
  readonly speedUps: readonly (Spread & { readonly workers: number })[];
  /** On any number of workers: all work over that of the costliest chain. */
  readonly limit: Spread;
  /** Share of the calls that wait for an earlier one. */
  readonly waiting: Spread;
  /** Calls of the costliest chain. */
  readonly chain: Spread;
  readonly limits: readonly Limit[];
  /** By entry of the mix: calls sampled, and those of them that fail their own checks before they touch much. */
  readonly sampled: readonly { readonly calls: number; readonly failing: number }[];
}

export type ScoreOutcome = { readonly kind: "score"; readonly score: Score } | { readonly kind: "tooMuch" };

export const SCORE_WORKERS = 16;
export const BLOCKS = 5;
/** Steps of plans and elements of lists over all blocks, so that lists and loops can't hold the compiler up; a few seconds. */
const MAX_WORK = 5_000_000;
/** Costs above count as this, so that sums of a hundred thousand calls are exact. */
const MAX_CALL_COST = 2n ** 36n;

interface Block {
  readonly calls: readonly SampledCall[];
  readonly graph: TaskGraph;
  readonly chain: Chain;
  readonly scheduler: Scheduler;
  readonly work: number;
}

export function scoreOf(request: ScoreRequest): ScoreOutcome {
  const seeds = createRandom(request.seed);
  const budget = { left: MAX_WORK };
  const blocks: Block[] = [];
  for (let i = 0; i < BLOCKS; i++) {
    const block = sampleBlock(request, seeds.bits(), budget);
    if (block === undefined) return { kind: "tooMuch" };
    blocks.push(block);
  }
  const times = timesOn(blocks, request.workers);
  const speedUps = request.workers.map((workers) => ({ workers, ...spreadOf(blocks.map(({ work }, i) => work / times(i, workers))) }));
  const own = spreadOf(blocks.map(({ work }, i) => work / times(i, SCORE_WORKERS)));
  return {
    kind: "score",
    score: {
      parallelism: (own.median / SCORE_WORKERS) * 100,
      blocks: BLOCKS,
      speedUps,
      limit: spreadOf(blocks.map(({ work, chain }) => work / chain.cost)),
      waiting: spreadOf(blocks.map(({ graph }) => graph.waits.filter((waits) => waits.length > 0).length / graph.calls)),
      chain: spreadOf(blocks.map(({ chain }) => chain.links.length)),
      limits: limitsOf(request, blocks),
      sampled: request.kinds.map((_, kind) => {
        const calls = blocks.flatMap((block) => block.calls.filter((call) => call.kind === kind));
        return { calls: calls.length, failing: calls.filter(({ passes }) => !passes).length };
      }),
    },
  };
}

/** Undefined when the budget is spent. */
function sampleBlock(request: ScoreRequest, seed: number, budget: Budget): Block | undefined {
  const { footprint, kinds, population } = request;
  const random = createRandom(seed);
  const draw = createDrawer(random, budget);
  const world = createWorld(footprint, population, draw);
  const calls = sampleCalls({ kinds, world, random, draw }, request.calls);
  const graph = graphOf(request, calls, world, budget);
  if (graph === undefined) return undefined;
  const work = graph.costs.reduce((sum, cost) => sum + cost, 0);
  return { calls, graph, chain: costliestChain(graph), scheduler: createScheduler(graph), work };
}

/** Orders calls by the cells that they touch, in this order. */
export function graphOf(
  { footprint, kinds, costs, population }: Pick<ScoreRequest, "footprint" | "kinds" | "costs" | "population">,
  calls: readonly SampledCall[],
  world: World,
  budget: Budget,
): TaskGraph | undefined {
  const graph = createGraph(footprint.leaves, calls.length);
  // Those of a population are taken: numbers drawn now come after them.
  const next = new Map<LeafIndex, bigint>();
  const drawNumber = (leaf: LeafIndex): bigint => {
    const number = next.get(leaf) ?? BigInt(population.ids);
    next.set(leaf, number + 1n);
    return number;
  };
  const read = (leaf: LeafIndex, keys: readonly Concrete[]): Concrete | undefined =>
    graph.mayChange(leaf, keys) ? undefined : world.stored(leaf, keys);
  for (const call of calls) {
    const { plan, func } = kinds[call.kind];
    const progress = atStart();
    const touched = touchedBy(plan, givenTo(call, world, read, progress), progress, drawNumber);
    budget.left -= touched.steps;
    if (budget.left < 0) return undefined;
    const bound = costs.get(func.id);
    if (bound === undefined) throw new Bug(`no cost of ${func.name}`);
    const cost = evaluateCost(
      bound,
      call.args.map((arg) => (typeof arg === "object" ? arg.length : 0)),
    );
    graph.add(touched, Number(cost < MAX_CALL_COST ? cost : MAX_CALL_COST));
  }
  return graph.finish();
}

/**
 * The time of a block on so many workers. What fewer workers can do more of them can, but taking calls in order isn't always the best order, and more
 * workers may happen on a worse one: the best of what is tried with fewer counts.
 */
function timesOn(blocks: readonly Block[], asked: readonly number[]): (block: number, workers: number) => number {
  const tried = new Set([...asked, SCORE_WORKERS]);
  for (let workers = 1; workers < Math.max(...tried); workers *= 2) tried.add(workers);
  const rising = [...tried].sort((a, b) => a - b);
  const best = blocks.map(({ scheduler }) => {
    const byWorkers = new Map<number, number>();
    let least = Infinity;
    for (const workers of rising) {
      least = Math.min(least, scheduler.timeOn(workers));
      byWorkers.set(workers, least);
    }
    return byWorkers;
  });
  return (block, workers) => {
    const time = best[block].get(workers);
    if (time === undefined) throw new Bug(`no time on ${workers} workers`);
    return time;
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], least: sorted[0], greatest: sorted[sorted.length - 1] };
}
