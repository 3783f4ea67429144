/**
 * One round of the long run: a program, some histories of random blocks in all engines, then pairs of calls in both orders. The same seed and number
 * give the same round, alone as among others.
 */
import fc from "fast-check";
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import type { LoadedModule } from "../../runtime/types.ts";
import { loadAll } from "../helpers/chains.ts";
import type { BlockSpec } from "../helpers/call-spec.ts";
import { createTally } from "../helpers/compare.ts";
import type { Entrant, Tally } from "../helpers/compare.ts";
import { closeArena, openArena, playHistory } from "../helpers/differential.ts";
import type { Arena } from "../helpers/differential.ts";
import { ACCOUNTS } from "../helpers/suites.ts";
import { checkPairs, matrixOf, noPairs } from "../helpers/pairs.ts";
import type { PairCounts } from "../helpers/pairs.ts";
import type { Scale } from "../footprints/blocks.ts";
import type { Subject } from "./subjects.ts";
import { randomSubject, writtenNames, writtenSubject } from "./subjects.ts";

/** Plain numbers, so that they cross from process to process and add up. */
export interface Figures {
  readonly programs: number;
  readonly histories: number;
  readonly blocks: number;
  readonly calls: number;
  readonly successes: number;
  readonly edges: number;
  readonly cleared: number;
  readonly uncleared: number;
  readonly unresolved: number;
  readonly planned: number;
  readonly touched: number;
  readonly independent: number;
  readonly escrow: number;
  readonly dependent: number;
  readonly together: number;
}

export const NO_FIGURES: Figures = {
  programs: 0,
  histories: 0,
  blocks: 0,
  calls: 0,
  successes: 0,
  edges: 0,
  cleared: 0,
  uncleared: 0,
  unresolved: 0,
  planned: 0,
  touched: 0,
  independent: 0,
  escrow: 0,
  dependent: 0,
  together: 0,
};

/** The error says what differs; the blocks are those of the history in which it did. */
export interface Fault {
  readonly message: string;
  readonly subject: Subject;
  readonly entrants: readonly Entrant[];
  readonly blocks: readonly BlockSpec[];
  /** Set while pairs were checked after that history. */
  readonly pairSeed: number | undefined;
}

export interface Played {
  readonly figures: Figures;
  readonly fault: Fault | undefined;
}

const HISTORIES = 3;
const SCALE: Scale = { blocks: { min: 25, max: 40 }, calls: 60 };
/** Calls in a row of which each two neighbours are a pair, per contract. */
const PAIRED = 32;
/** Every so manieth round is played on a program that somebody wrote. */
const WRITTEN_EVERY = 3;
/** The matrix of a random program takes as long as running a few hundred calls, so not all rounds ask for it. */
const PAIRS_EVERY = 2;

/** Undefined: whatever is next. */
export type Only = string | undefined;

function subjectOfRound(seed: number, round: number, only: Only): Subject {
  if (only !== undefined) return writtenSubject(only);
  if (round % WRITTEN_EVERY !== WRITTEN_EVERY - 1) return randomSubject(mix(seed, round));
  const names = writtenNames();
  return writtenSubject(names[Math.floor(round / WRITTEN_EVERY) % names.length]);
}

/** Four threads are no more than two but more of them: rounds take turns. */
function entrantsOf(round: number): readonly Entrant[] {
  const shared: Entrant =
    round % 2 === 0
      ? { name: "2 workers", workers: 2, mode: "parallel", chunk: 3, delay: (call) => (call % 17 === 3 ? 60 : 0), trace: false }
      : { name: "4 workers", workers: 4, mode: "parallel", chunk: 1, delay: (call) => (call % 13 === 1 ? 40 : 0), trace: false };
  return [
    { name: "serial", workers: 1, mode: "serial", chunk: 1, delay: undefined, trace: false },
    { name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true },
    shared,
  ];
}

export async function playRound(seed: number, round: number, only: Only): Promise<Played> {
  const entrants = entrantsOf(round);
  // Threads start while the program is made.
  const opening = openArena(entrants);
  const subject = subjectOfRound(seed, round, only);
  let arena = await opening;
  const tally = createTally();
  const pairs = noPairs();
  const paired = round % PAIRS_EVERY === 0 ? mix(seed, round) : undefined;
  let blocks: readonly BlockSpec[] = [];
  let pairSeed: number | undefined;
  let histories = 0;
  let fault: Fault | undefined;
  try {
    const modules = await loadAll(subject.compiled);
    for (; histories < HISTORIES; histories++) {
      [blocks] = fc.sample(subject.blocks(SCALE), { seed: mix(seed ^ histories, round), numRuns: 1 });
      if (isSpent(arena)) {
        await closeArena(arena);
        arena = await openArena(entrants);
      }
      const setting = await playHistory(arena, { suite: subject.suite, compiled: subject.compiled, modules, blocks }, tally, Infinity);
      pairSeed = histories === HISTORIES - 1 ? paired : undefined;
      if (pairSeed !== undefined) await playPairs({ arena, subject, setting, pairs }, pairSeed);
    }
  } catch (error) {
    fault = { message: messageOf(error), subject, entrants, blocks, pairSeed };
  } finally {
    await closeArena(arena);
  }
  return { figures: figuresOf(tally, pairs, histories), fault };
}

/** Somebody gave all away in an earlier history, so that the next one can't be set up. */
function isSpent({ world }: Arena): boolean {
  return ACCOUNTS.some(({ address, balance }) => world.balanceOf(address) < balance / 2n);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

interface Pairing {
  readonly arena: Arena;
  readonly subject: Subject;
  readonly setting: Awaited<ReturnType<typeof playHistory>>;
  readonly pairs: PairCounts;
}

/** For each contract its last instance: a row of calls that all go to it. */
export async function playPairs({ arena, subject, setting, pairs }: Pairing, seed: number, analyse = analyseConflicts): Promise<void> {
  const { suite, compiled } = subject;
  const names = suite.deployments.map(({ contract }) => contract);
  const matrices = names.map((name, i) =>
    names.lastIndexOf(name) === i ? matrixOf(compiled, name, { getters: false }, analyse) : undefined,
  );
  const [sampled] = fc.sample(subject.blocks({ blocks: { min: 12, max: 12 }, calls: PAIRED }), { seed, numRuns: 1 });
  const calls = sampled.flatMap((block) => block.calls);
  for (const [to, matrix] of matrices.entries()) {
    if (matrix === undefined) continue;
    const own = calls.filter((call) => call.to === to).slice(0, PAIRED);
    await checkPairs({ arena, setting, matrices, counts: pairs }, { calls: own, advance: 1n });
  }
}

/** What a history says that is played alone, with every block compared closely; undefined when nothing is wrong. */
export async function playAlone(
  { subject, entrants, pairSeed }: Fault,
  blocks: readonly BlockSpec[],
  modules: ReadonlyMap<string, LoadedModule>,
): Promise<string | undefined> {
  const arena = await openArena(entrants);
  try {
    const setting = await playHistory(arena, { suite: subject.suite, compiled: subject.compiled, modules, blocks }, createTally(), 1);
    if (pairSeed !== undefined) await playPairs({ arena, subject, setting, pairs: noPairs() }, pairSeed);
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await closeArena(arena);
  }
}

function figuresOf(tally: Tally, pairs: PairCounts, histories: number): Figures {
  const { blocks, edges, cleared, uncleared, unresolved, planned, touched } = tally;
  const calls = [...tally.statuses.values()].reduce((sum, times) => sum + times, 0);
  const { independent, escrow, dependent, together } = pairs;
  const run = { blocks, edges, cleared, uncleared, unresolved, planned, touched, calls, successes: tally.statuses.get("success") ?? 0 };
  return { ...run, programs: 1, histories, independent, escrow, dependent, together };
}

export function addFigures(a: Figures, b: Figures): Figures {
  return {
    programs: a.programs + b.programs,
    histories: a.histories + b.histories,
    blocks: a.blocks + b.blocks,
    calls: a.calls + b.calls,
    successes: a.successes + b.successes,
    edges: a.edges + b.edges,
    cleared: a.cleared + b.cleared,
    uncleared: a.uncleared + b.uncleared,
    unresolved: a.unresolved + b.unresolved,
    planned: a.planned + b.planned,
    touched: a.touched + b.touched,
    independent: a.independent + b.independent,
    escrow: a.escrow + b.escrow,
    dependent: a.dependent + b.dependent,
    together: a.together + b.together,
  };
}

/** A seed of its own for each round, positive and below 2^31. */
function mix(seed: number, round: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(round + 1, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return (x ^ (x >>> 13)) & 0x7fffffff;
}
