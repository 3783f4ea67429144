/**
 * One block, told by all engines: receipts, figures, touched cells, and where it is looked at closely digests, cells and what is pending, too.
 * After a closely compared block receipts, digests and cells are the same, and no call has touched a cell its plan doesn't name.
 */
import { blockBuffer } from "../../runtime/block.ts";
import type { BlockBuffer, BlockResult, CallRequest, Cell, Chain, Hex, Mode, Receipt } from "../../runtime/types.ts";
import { fullName } from "../interpreter/store.ts";
import { toHex } from "../interpreter/values.ts";
import type { CallOutcome, World } from "../interpreter/world.ts";

/** A chain that takes part. */
export interface Entrant {
  readonly name: string;
  readonly workers: number;
  readonly mode: Mode;
  readonly chunk: number;
  readonly delay: ((call: number) => number) | undefined;
  /** Also checks that touched cells are planned ones. */
  readonly trace: boolean;
}

/** What one history had to show; for the tests that ask whether random blocks are worth anything. */
export interface Tally {
  blocks: number;
  readonly statuses: Map<string, number>;
  edges: number;
  cleared: number;
  uncleared: number;
  unresolved: number;
  waiting: number;
  planned: number;
  touched: number;
}

export function createTally(): Tally {
  return { blocks: 0, statuses: new Map(), edges: 0, cleared: 0, uncleared: 0, unresolved: 0, waiting: 0, planned: 0, touched: 0 };
}

/** The first difference found, in words that say where. */
export class Difference extends Error {
  override readonly name = "Difference";
}

export function noteStatus({ statuses }: Tally, receipt: Receipt): void {
  const status = statusText(receipt);
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}

function statusText(receipt: Receipt): string {
  if (receipt.status !== "reverted") return receipt.rejection === undefined ? receipt.status : `rejected: ${receipt.rejection}`;
  return `reverted: ${receipt.data.length === 0 ? "no data" : toHex(receipt.data.subarray(0, 4))}`;
}

export interface Contender {
  readonly entrant: Entrant;
  readonly chain: Chain;
}

export interface Round {
  readonly where: string;
  readonly world: World;
  /** Cells before the block; `world` has what is after it. Undefined: cells and digests aren't looked at. */
  readonly before: ReadonlyMap<string, string> | undefined;
  readonly outcomes: readonly CallOutcome[];
  readonly calls: readonly CallRequest[];
  readonly time: bigint;
  readonly contenders: readonly Contender[];
  readonly tally: Tally;
  /** Some calls may run alone between the others, without an edge that says so. */
  readonly lone: boolean;
}

export async function compareBlock(round: Round): Promise<void> {
  const buffer = blockBuffer(round.calls);
  let digest: Hex | undefined;
  for (const { entrant, chain } of round.contenders) {
    const where = `${entrant.name}, ${round.where}`;
    if (entrant.workers === 1 && round.before !== undefined) await checkPending(where, chain, buffer, entrant, round, round.before);
    const running = chain.run(buffer, { time: round.time, mode: entrant.mode, trace: entrant.trace });
    const result = await inTime(running, `${where}: the block doesn't end`);
    same(where, "number of receipts", round.calls.length, result.receipts.length);
    round.outcomes.forEach((outcome, i) => {
      compareReceipt(`${where}, call ${i}`, outcome.receipt, result.receipts.at(i));
    });
    if (round.before !== undefined) digest = compareState(where, round.world, chain, digest);
    same(where, "height", round.world.height(), result.height);
    checkStats(where, entrant, result, round);
    if (entrant.trace) checkTouched(where, result, round);
  }
}

/** Equal digests mean equal cells, so one chain is compared at length, and any other that differs from it. */
function compareState(where: string, world: World, chain: Chain, digest: Hex | undefined): Hex {
  const own = chain.digest();
  if (own !== digest) compareCells(where, world, chain);
  same(where, "digest", digest ?? own, own);
  return own;
}

/** A block of these tests takes milliseconds: one that takes so long waits for something that never comes. */
const PATIENCE_MS = 60_000;

function inTime<T>(work: Promise<T>, complaint: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Difference(complaint));
    }, PATIENCE_MS);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/** Executes the block without keeping it: what was committed stays visible, the changes are those of the interpreter, and discarding leaves nothing. */
async function checkPending(
  where: string,
  chain: Chain,
  buffer: BlockBuffer,
  entrant: Entrant,
  round: Round,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const digest = chain.digest();
  const result = await chain.execute(buffer, { time: round.time, mode: entrant.mode, trace: false });
  same(where, "digest while a block is pending", digest, chain.digest());
  const changed = new Map<string, string>();
  for (const { contract, cell, before: old, after: now } of result.changedCells()) {
    if (old !== now && showValue(old) === showValue(now)) continue;
    changed.set(`${contract ?? ""}|${cell}`, `${showValue(old)} -> ${showValue(now)}`);
  }
  const after = cellTable(round.world.cells());
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [showText(before.get(name)), showText(after.get(name))];
    same(where, `change of ${name}`, old === now ? undefined : `${old} -> ${now}`, changed.get(name));
    changed.delete(name);
  }
  same(where, "changes of cells that stay at their default", "", [...changed.keys()].join(" "));
  chain.discard();
  same(where, "digest after discarding", digest, chain.digest());
}

/** Defaults read as `none`, as if absent. A string of 20 or 32 zero bytes looks like an address or a hash and does so too. */
function showValue(value: Cell["value"] | undefined): string {
  if (value === undefined || value === false || value === 0n) return "none";
  return typeof value === "string" && /^0x(0{40}|0{64})?$/.test(value) ? "none" : tableText(value);
}

function showText(text: string | undefined): string {
  return text === undefined || /^string 0x(0{40}|0{64})$/.test(text) ? "none" : text;
}

function tableText(value: Cell["value"]): string {
  return `${typeof value} ${String(value)}`;
}

export function same(where: string, what: string, wanted: unknown, found: unknown): void {
  if (wanted !== found) throw new Difference(`${where}: ${what}: expected ${String(wanted)}, found ${String(found)}`);
}

export function compareReceipt(where: string, wanted: Receipt, found: Receipt): void {
  same(where, "status", wanted.status, found.status);
  same(where, "rejection", wanted.rejection, found.rejection);
  same(where, "data", toHex(wanted.data), toHex(found.data));
  same(where, "logs", showLogs(wanted), showLogs(found));
  same(where, "cost", wanted.cost, found.cost);
}

function showLogs(receipt: Receipt): string {
  return receipt.logs.map((log) => `${log.address} ${log.topics.join(",")} ${toHex(log.data)}`).join("; ");
}

export function compareCells(where: string, world: Pick<World, "cells">, chain: Pick<Chain, "cells">): void {
  const wanted = cellTable(world.cells());
  const found = cellTable(chain.cells());
  for (const [name, value] of wanted) same(where, name, value, found.get(name));
  for (const [name, value] of found) same(where, name, wanted.get(name), value);
}

export function cellTable(cells: Iterable<Cell>): Map<string, string> {
  const table = new Map<string, string>();
  for (const cell of cells) {
    const name = fullName(cell);
    if (table.has(name)) throw new Difference(`cell ${name} is listed twice`);
    table.set(name, tableText(cell.value));
  }
  return table;
}

/** What must hold of the figures whatever the schedule was. */
function checkStats(where: string, entrant: Entrant, { stats }: BlockResult, round: Round): void {
  const { calls, tally } = round;
  same(where, "calls", calls.length, stats.calls);
  if (stats.edges === 0) same(where, "waiting calls of a block without edges", 0, stats.waiting);
  if (entrant.mode === "parallel" && stats.edges > 0 && stats.waiting === 0) throw new Difference(`${where}: edges, but nobody waits`);
  if (stats.waiting >= Math.max(1, calls.length)) throw new Difference(`${where}: ${stats.waiting} of ${calls.length} calls wait`);
  if (stats.criticalPath > calls.length) throw new Difference(`${where}: a chain of ${stats.criticalPath} in ${calls.length} calls`);
  if (stats.uncleared > stats.deltas) throw new Difference(`${where}: ${stats.uncleared} of ${stats.deltas} adds not cleared`);
  if (entrant.mode === "parallel" && !round.lone && mustWait(round.outcomes) && stats.waiting === 0) {
    throw new Difference(`${where}: two calls write one cell and neither waits`);
  }
  tally.edges += stats.edges;
  tally.cleared += stats.deltas - stats.uncleared;
  tally.uncleared += stats.uncleared;
  tally.unresolved += stats.unresolved;
  tally.waiting += stats.waiting;
}

/** Whether some cell was written by one call and touched by another. */
function mustWait(outcomes: readonly CallOutcome[]): boolean {
  const writers = new Map<string, number>();
  outcomes.forEach(({ touched }, i) => {
    for (const [cell, how] of touched) if (how.has("write")) writers.set(cell, i);
  });
  return outcomes.some(({ touched }, i) => [...touched.keys()].some((cell) => (writers.get(cell) ?? i) !== i));
}

/** Touched ⊆ planned: every cell by name, or its field as a whole; and nothing is written that is planned as read only. */
function checkTouched(where: string, result: BlockResult, round: Round): void {
  round.outcomes.forEach((outcome, i) => {
    if (outcome.touched.size === 0) return;
    const planned = new Map<string, string>();
    for (const { cell, mode } of result.plannedCells(i)) {
      const known = planned.get(cell);
      planned.set(cell, known === undefined || known === mode ? mode : `${known} and ${mode}`);
    }
    for (const [cell, how] of outcome.touched) {
      // A cell that is read by name may also be one of those of its field that are only known right before the call.
      const known = planned.get(cell);
      const wide = planned.get(wideName(cell));
      const mode = wide === undefined ? known : known === undefined || known === "R" ? wide : `${known} and ${wide}`;
      if (mode === undefined && isUnmade(cell, outcome, round)) continue;
      if (mode === undefined) throw new Difference(`${where}, call ${i}: touches ${cell}, planned are ${[...planned.keys()].join(" ")}`);
      if (!covers(mode, how)) throw new Difference(`${where}, call ${i}: ${[...how].join(" and ")} of ${cell}, planned as ${mode}`);
    }
    round.tally.planned += planned.size;
    round.tally.touched += outcome.touched.size;
  });
}

/** A contract that an undone call made is gone, and the trace has no name for its cells, or another that came to its address has them. */
function isUnmade(cell: string, { receipt }: CallOutcome, { before, contenders }: Round): boolean {
  const [contract] = cell.split("|");
  if (contract === "") return false;
  if (contenders.every(({ chain }) => chain.abiOf(`0x${contract.slice(2)}`) === undefined)) return true;
  if (receipt.status === "success") return false;
  return before === undefined || ![...before.keys()].some((each) => each.startsWith(`${contract}|`));
}

/** A check that belongs to an add reads its cell (rule E1); other updates that commute have none. */
function covers(mode: string, how: ReadonlySet<string>): boolean {
  switch (mode) {
    case "R":
    case "wideR":
      return how.has("read") && how.size === 1;
    case "D":
      return [...how].every((each) => each === "add" || each === "read");
    case "|":
    case "&":
    case "min":
    case "max":
      return how.has(mode) && how.size === 1;
    default:
      return true;
  }
}

/** `0x…|points[0x…]` as `0x…|points[*]`. */
function wideName(cell: string): string {
  return `${cell.replace(/\[.*$/s, "")}[*]`;
}
