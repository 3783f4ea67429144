/**
 * What the conflict matrix promises, on concrete calls: where its condition can't hold for two calls, both orders of their bodies give
 * the same cells and the same receipts, and in a block of these two neither waits. Numbers are drawn in block order either way; pairs
 * that may both add to one cell are compared when all goes well in either order: where a check may fail, escrow runs them one after another.
 */
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import type { ConflictAnalysis } from "../../compiler/conflicts/analyse.ts";
import type { PairConflict } from "../../compiler/conflicts/conflict.ts";
import { callsOf } from "../../compiler/footprint/flatten.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import { blockBuffer } from "../../runtime/block.ts";
import type { CallRequest, Chain } from "../../runtime/types.ts";
import { decodeAll, selectorOf } from "../interpreter/abi.ts";
import { toHex } from "../interpreter/values.ts";
import type { World } from "../interpreter/world.ts";
import { resolveBlock } from "./call-spec.ts";
import type { BlockSpec, CallSpec, Setting } from "./call-spec.ts";
import { Difference, cellTable, compareReceipt } from "./compare.ts";
import type { Arena } from "./differential.ts";
import { canHold } from "./formula.ts";
import type { ConcreteCall } from "./formula.ts";

export interface PairCounts {
  independent: number;
  escrow: number;
  dependent: number;
  /** Blocks of two in which the runtime let neither wait. */
  together: number;
  /** The two may meet in another contract, of which the matrix says nothing. */
  outward: number;
}

export function noPairs(): PairCounts {
  return { independent: 0, escrow: 0, dependent: 0, together: 0, outward: 0 };
}

export interface MatrixEntry {
  readonly pair: PairConflict;
  /** One of the two calls other contracts, or makes some: then it may have to run alone (rule C2), which the matrix says nothing of. */
  readonly callsOut: boolean;
}

/** By the ids of the two functions, in the order of the matrix. */
export type Matrix = ReadonlyMap<string, MatrixEntry>;

/** Of one contract, by its name. `analyse` may be another than the compiler's, to see whether its mistakes are noticed. */
export function matrixOf(
  { linked, program }: Compiled,
  contract: string,
  options: { readonly getters: boolean },
  analyse: typeof analyseConflicts = analyseConflicts,
): Matrix {
  const footprint = linked.find((each) => each.contract.name === contract);
  if (footprint === undefined) throw new Error(`no footprint of ${contract}`);
  const { pairs }: ConflictAnalysis = analyse(footprint, program, options);
  const outward = new Set([...footprint.entries.values()].filter((plan) => callsOf(plan).length > 0).map(({ func }) => func));
  return new Map(
    pairs.map((pair) => [`${pair.left} ${pair.right}`, { pair, callsOut: outward.has(pair.left) || outward.has(pair.right) }]),
  );
}

export interface PairTest {
  readonly arena: Arena;
  readonly setting: Setting;
  /** By index of the deployment; undefined: pairs of calls of this one aren't looked at. */
  readonly matrices: readonly (Matrix | undefined)[];
  readonly counts: PairCounts;
}

/** Takes each two calls of the block that stand next to each other, on the state as it is. Nothing of it is kept. */
export async function checkPairs(test: PairTest, { calls, advance }: BlockSpec): Promise<void> {
  for (let i = 0; i + 1 < calls.length; i++) await checkPair(test, [calls[i], calls[i + 1]], advance);
}

async function checkPair({ arena, setting, matrices, counts }: PairTest, specs: readonly CallSpec[], advance: bigint): Promise<void> {
  const { world } = arena;
  // Two instances of a contract share no cells but coin, of which the matrix of one contract says nothing.
  const matrix = specs[0].to === specs[1].to ? matrices[specs[0].to] : undefined;
  if (matrix === undefined) return;
  const calls = resolveBlock(setting, world, { calls: specs, advance });
  const time = world.time() + advance;
  const [a, b] = calls.map((call) => concrete(setting, world, call, time));
  if (a === undefined || b === undefined) return;
  const found = pairOf(matrix, a, b);
  if (found === undefined) return;
  const { entry, left, right } = found;
  const { pair } = entry;
  if (pair.outward !== undefined) counts.outward += 1;
  else if (canHold(pair.condition, left, right)) counts.dependent += 1;
  else
    await checkIndependent({ world, chain: orderedChain(arena), entry, counts, where: `${a.func.name} and ${b.func.name}` }, calls, time);
}

/** A call of a function that the matrix leaves out has no entry. */
function pairOf(
  matrix: Matrix,
  a: Reached,
  b: Reached,
): { readonly entry: MatrixEntry; readonly left: Reached; readonly right: Reached } | undefined {
  const straight = matrix.get(`${a.func.id} ${b.func.id}`);
  if (straight !== undefined) return { entry: straight, left: a, right: b };
  const swapped = matrix.get(`${b.func.id} ${a.func.id}`);
  return swapped === undefined ? undefined : { entry: swapped, left: b, right: a };
}

function orderedChain({ contenders }: Arena): Chain {
  const found = contenders.find(({ entrant }) => entrant.mode === "parallel" && entrant.workers === 1);
  if (found === undefined) throw new Error("no chain with one worker");
  return found.chain;
}

interface Independent {
  readonly world: World;
  readonly chain: Chain;
  readonly entry: MatrixEntry;
  readonly counts: PairCounts;
  readonly where: string;
}

async function checkIndependent(
  { world, chain, entry, counts, where }: Independent,
  calls: readonly CallRequest[],
  time: bigint,
): Promise<void> {
  const { stats } = await chain.execute(blockBuffer(calls), { time, mode: "parallel", trace: false });
  chain.discard();
  // What isn't cleared, or waits for a key, is ordered whatever the matrix says.
  if (!entry.callsOut && stats.uncleared === 0 && stats.unresolved === 0) {
    if (stats.waiting !== 0) throw new Difference(`${where}: independent by the matrix, but one waits`);
    counts.together += 1;
  }
  const first = world.tryBlock(calls, time, [0, 1]);
  const second = world.tryBlock(calls, time, [1, 0]);
  const succeeds = [...first.outcomes, ...second.outcomes].every(({ receipt }) => receipt.status === "success");
  const { escrow } = entry.pair;
  if (escrow && !succeeds) return;
  counts[escrow ? "escrow" : "independent"] += 1;
  first.outcomes.forEach((outcome, i) => {
    compareReceipt(`${where} in either order, call ${i}`, outcome.receipt, second.outcomes[i].receipt);
  });
  const cells = cellTable(first.cells);
  const turned = cellTable(second.cells);
  for (const name of new Set([...cells.keys(), ...turned.keys()])) {
    const [one, other] = [cells.get(name), turned.get(name)];
    if (one !== other) throw new Difference(`${where} in either order: ${name}: ${String(one)} or ${String(other)}`);
  }
}

interface Reached extends ConcreteCall {
  readonly func: Func;
}

/** Undefined for calls that reach no function. */
function concrete(setting: Setting, world: World, call: CallRequest, time: bigint): Reached | undefined {
  const data = toHex(call.data);
  const contract = setting.contracts.find((each) => each.address === call.to);
  const func = contract?.functions.find((each) => selectorOf(each.name, typesOf(each)) === data.slice(0, 10));
  const args = func === undefined ? undefined : decodeAll(typesOf(func), data.slice(10));
  if (func === undefined || args === undefined) return undefined;
  const context = {
    caller: call.from,
    value: call.value,
    "self.address": call.to,
    "block.height": world.height() + 1n,
    "block.time": time,
    "chain.id": 1337n,
  };
  return { func, args, context };
}

function typesOf(func: Func): readonly Func["result"][] {
  return func.params.map((param) => param.type);
}
