/** Task graphs that schedulers lose on, and calls that are all computing. Nobody would write ledgers of these. */
import { call, accountOf, OWNER, Stage, type CallSketch, type Setting } from "../stage.ts";
import { HEADLINE_ACCOUNTS } from "./transfers.ts";
import type { Prepared, Workload } from "./workload.ts";

interface Shape {
  readonly contract: string;
  readonly args: readonly string[];
  readonly expected: 0 | 1;
  /** Call `index` of `calls`. */
  readonly next: (index: number, calls: number) => readonly [string, CallSketch["args"]];
}

const GRAPHS = "bench/contracts/graphs.weft";
const HASHES = "bench/contracts/hashes.weft";
/** Share of all work that the long call is. */
const LONG_SHARE = 0.3;
/** Elements that its list may have. */
const LONGEST = 16_384;

function workload(name: string, title: string, share: number, next: Shape["next"], given: Partial<Shape> = {}): Workload {
  const shape: Shape = { contract: GRAPHS, args: [OWNER], expected: 0, next, ...given };
  const group = shape.contract === HASHES && name !== "long-call" ? "compute" : "graphs";
  return { name, group, title, share, large: false, prepare: (calls, setting) => prepare(calls, setting, shape) };
}

const seed = (index: number): string => `0x${(index + 1).toString(16).padStart(64, "0")}`;

/** Parts of the long call: as much work as LONG_SHARE of all, when every other call has one part. */
function partsOf(calls: number): number {
  return Math.max(1, Math.min(LONGEST, Math.round(((calls - 1) * LONG_SHARE) / (1 - LONG_SHARE))));
}

export const GRAPH_SHAPES: readonly Workload[] = [
  workload("star", "all calls wait for the first", 1, (index) => (index === 0 ? ["setHub", [7n]] : ["readHub", [BigInt(index)]])),
  workload("reader-of-all", "one call in the middle reads whatever all others write", 1, (index, calls) =>
    index === calls >> 1 ? ["survey", [0n, 64n]] : ["setCell", [BigInt(index), BigInt(index) * 31n]],
  ),
  workload("two-keys", "two keys, taken in turn as the first and as the second", 1, (index) => [
    "both",
    index % 2 === 0 ? [1n, 2n] : [2n, 1n],
  ]),
  workload(
    "long-call",
    "one call, the last, is 30% of the work",
    0.25,
    (index, calls) => ["fold", [BigInt(index), Array.from({ length: index === calls - 1 ? partsOf(calls) : 1 }, (_, i) => seed(i))]],
    { contract: HASHES, args: [] },
  ),
  workload("guards-fail", "all calls fail in their guard", 1, (index) => ["forBoss", [BigInt(index)]], { expected: 1 }),
  workload("chain", "each call needs the one before", 1, (index) => ["link", [BigInt(index + 1)]]),
  workload("hashes", "1,000 hashes a call", 0.00064, (index) => ["thousand", [BigInt(index), seed(index)]], { contract: HASHES, args: [] }),
  workload("one-hash", "1 hash a call", 0.25, (index) => ["fold", [BigInt(index), [seed(index)]]], { contract: HASHES, args: [] }),
];

async function prepare(calls: number, setting: Setting, { contract, args, expected, next }: Shape): Promise<Prepared> {
  const stage = await Stage.open(setting, { funded: 0, feeRecipient: undefined });
  const deployed = await stage.deploy(contract, args);
  const accounts = Math.min(HEADLINE_ACCOUNTS, setting.accountsAtMost);
  const block = stage.block(calls, (index) => {
    const from = accountOf(index % accounts);
    const [name, values] = next(index, calls);
    return call(from, deployed, name, values);
  });
  return { stage, block, expected, ledger: undefined, limit: undefined };
}
