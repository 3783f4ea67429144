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
import type { Concrete } from "../footprint/concrete-value.ts";
import { numberCells } from "./cells.ts";
import { createDrawer } from "./draw.ts";
import type { Budget, Population } from "./draw.ts";
import { createGraph } from "./graph.ts";
import type { TaskGraph } from "./graph.ts";
import { createLimitTally } from "./limits.ts";
import type { Limit, LimitTally } from "./limits.ts";
import { createRandom } from "./random.ts";
import { sampleCalls } from "./sample.ts";
import type { Kind, SampledCall } from "./sample.ts";
import { costliestChain, createScheduler } from "./schedule.ts";
import type { Scheduler } from "./schedule.ts";
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
  /** Sampled. */
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

/** `tooMuch`: not even one block can be sampled. */
export type ScoreOutcome = { readonly kind: "score"; readonly score: Score } | { readonly kind: "tooMuch" };

export const SCORE_WORKERS = 16;
/** Fewer when calls touch so much that the work is spent before. */
const BLOCKS = 5;
/** Steps of plans and elements of lists over all blocks, so that long lists and loops can't hold the compiler up: a few seconds. */
const MAX_WORK = 2_000_000;
/** Costs above count as this, so that sums of a hundred thousand calls are exact. */
const MAX_CALL_COST = 2n ** 36n;

/** What is kept of a sampled block. */
interface Figures {
  readonly speedUps: ReadonlyMap<number, number>;
  readonly limit: number;
  readonly waiting: number;
  readonly chain: number;
  readonly sampled: Score["sampled"];
}

export function scoreOf(request: ScoreRequest): ScoreOutcome {
  const seeds = createRandom(request.seed);
  const budget = { left: MAX_WORK };
  const tally = createLimitTally(request.footprint, request.kinds);
  const blocks: Figures[] = [];
  for (let i = 0; i < BLOCKS; i++) {
    const figures = sampleBlock(request, seeds.bits(), budget, tally);
    if (figures === undefined) break;
    blocks.push(figures);
  }
  if (blocks.length === 0) return { kind: "tooMuch" };
  const speedUpOn = (workers: number): Spread => spreadOf(blocks.map(({ speedUps }) => speedUps.get(workers) ?? 1));
  return {
    kind: "score",
    score: {
      parallelism: (speedUpOn(SCORE_WORKERS).median / SCORE_WORKERS) * 100,
      blocks: blocks.length,
      speedUps: request.workers.map((workers) => ({ workers, ...speedUpOn(workers) })),
      limit: spreadOf(blocks.map(({ limit }) => limit)),
      waiting: spreadOf(blocks.map(({ waiting }) => waiting)),
      chain: spreadOf(blocks.map(({ chain }) => chain)),
      limits: tally.limits(),
      sampled: request.kinds.map((_, kind) => ({
        calls: blocks.reduce((sum, { sampled }) => sum + sampled[kind].calls, 0),
        failing: blocks.reduce((sum, { sampled }) => sum + sampled[kind].failing, 0),
      })),
    },
  };
}

/** Undefined when the budget is spent. */
function sampleBlock(request: ScoreRequest, seed: number, budget: Budget, tally: LimitTally): Figures | undefined {
  const { footprint, kinds, population } = request;
  const random = createRandom(seed);
  const draw = createDrawer(random, budget);
  const world = createWorld(footprint, population, draw);
  const calls = sampleCalls({ kinds, world, random, draw }, request.calls);
  const graph = graphOf(request, calls, world, budget);
  if (graph === undefined) return undefined;
  const work = graph.costs.reduce((sum, cost) => sum + cost, 0);
  const chain = costliestChain(graph);
  tally.add(calls, graph, chain);
  const sampled = kinds.map(() => ({ calls: 0, failing: 0 }));
  for (const { kind, passes } of calls) {
    sampled[kind].calls++;
    if (!passes) sampled[kind].failing++;
  }
  return {
    speedUps: speedUpsOf(createScheduler(graph), work, request.workers),
    limit: work / chain.cost,
    waiting: graph.waits.filter((waits) => waits.length > 0).length / graph.calls,
    chain: chain.links.length,
    sampled,
  };
}

/**
 * What fewer workers can do more of them can, but taking calls in order isn't always the best order, and more workers may happen on a worse one. So the best
 * time of those tried with fewer counts.
 */
function speedUpsOf({ timeOn }: Scheduler, work: number, asked: readonly number[]): ReadonlyMap<number, number> {
  const tried = new Set([...asked, SCORE_WORKERS]);
  for (let workers = 1; workers < Math.max(...tried); workers *= 2) tried.add(workers);
  const speedUps = new Map<number, number>();
  let best = 1;
  for (const workers of [...tried].sort((a, b) => a - b)) {
    best = Math.max(best, work / timeOn(workers));
    speedUps.set(workers, best);
  }
  return speedUps;
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
  const idOf = numberCells();
  const read = (leaf: LeafIndex, keys: readonly Concrete[]): Concrete | undefined =>
    graph.mayChange(leaf, idOf(leaf, keys)) ? undefined : world.stored(leaf, keys);
  for (const call of calls) {
    const { plan, func } = kinds[call.kind];
    const progress = atStart();
    const touched = touchedBy(plan, givenTo(call, world, read, progress), progress, { draw: drawNumber, idOf });
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

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], least: sorted[0], greatest: sorted[sorted.length - 1] };
}
