/** Every workload of the bench, small: both modes and the ledger agree, all calls end as they should, and what is reported has one shape. */
import { describe, expect, it } from "vitest";
import { measureBlocks } from "../../../bench/sizes.ts";
import { TokenLedger } from "../../../bench/ledgers/token.ts";
import { Ledger } from "../../../bench/ledger.ts";
import { measureWorkload, type Measuring } from "../../../bench/measure.ts";
import { listLines, parseOptions } from "../../../bench/options.ts";
import type { Setting } from "../../../bench/stage.ts";
import { WORKLOADS } from "../../../bench/workloads/all.ts";
import { openTokens } from "../../../bench/workloads/transfers.ts";
import type { Workload } from "../../../bench/workloads/workload.ts";

const MEASURING: Measuring = { rounds: 1, budgetMs: 0, meter: { measure: () => Promise.resolve(2) } };
/** All blocks are shared, however small. */
const SHARED: Setting = { workers: 2, sharing: "always", accountsAtMost: 200 };
const CALLS = 300;
/** Of calls that do the work of many. */
const FEWEST = 4;

function named(name: string): Workload {
  const found = WORKLOADS.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found;
}

/** Types of all members, at any depth. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

const SPREAD = { median: "number", min: "number", max: "number" };
const PAIR = {
  calls: "number",
  rounds: "number",
  serial: SPREAD,
  parallel: SPREAD,
  parallelToSerial: SPREAD,
  shared: "number",
  gain: { before: "number", after: "number", least: "number", busy: "boolean" },
  shareOfGain: "number",
};
const ROW = {
  name: "string",
  group: "string",
  title: "string",
  ...PAIR,
  workToSpan: "number",
  achieved: "number",
  executionsPerCall: "number",
  cellsPerCall: "number",
  scheduleNsPerCall: "number",
  scheduleNsPerCell: "number",
  unexpectedStatuses: "number",
  edges: "number",
  waiting: "number",
  uncleared: "number",
  digest: "string",
  receipts: "string",
};

describe("a workload", () => {
  // Differences between the modes, or to the ledger, are thrown.
  it.each(WORKLOADS.map((workload) => [workload.name, workload] as const))("%s does what it says", async (name, workload) => {
    const calls = Math.max(CALLS, Math.ceil(FEWEST / workload.share));
    const row = await measureWorkload(workload, calls, SHARED, MEASURING);
    expect(row).toMatchObject({ name, calls: Math.round(calls * workload.share), rounds: 1, shared: 1, unexpectedStatuses: 0 });
    expect(row.executionsPerCall).toBe(1);
    expect(row.workToSpan).toBeGreaterThanOrEqual(1);
    expect([row.digest, row.receipts].join(" ")).toMatch(/^0x[0-9a-f]{64} 0x[0-9a-f]{64}$/);
    const { ledger, limit, parallelToLedger, scheduleNsPerCell, ...others } = row;
    expect(shapeOf({ ...others, scheduleNsPerCell: scheduleNsPerCell ?? 0 })).toStrictEqual(ROW);
    expect([SPREAD, "null"]).toContainEqual(shapeOf(ledger));
    expect(shapeOf(parallelToLedger)).toBe(ledger === null ? "null" : "number");
    expect(limit !== null).toBe(workload.group === "transfers");
  });

  it("has a name of its own, and is listed", () => {
    const names = WORKLOADS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(listLines().map((line) => line.split(" ")[0])).toEqual([...names, "blocks", "small-blocks", "one-core-busy"]);
  });

  it("gives the same digests in every run, whoever runs it", async () => {
    const first = await measureWorkload(named("mix"), CALLS, SHARED, MEASURING);
    const second = await measureWorkload(named("mix"), CALLS, { ...SHARED, workers: 1, sharing: "adaptive" }, MEASURING);
    expect([second.digest, second.receipts]).toEqual([first.digest, first.receipts]);
  });

  it("whose ledger ends in another state is refused", async () => {
    const { token, stage } = await openTokens(SHARED, 10);
    await stage.chain.close();
    const wrong: Workload = {
      ...named("transfers"),
      prepare: async (calls, setting) => {
        const prepared = await named("transfers").prepare(calls, setting);
        return { ...prepared, ledger: () => new Ledger(new Map([["0e".repeat(20), 4n]]), [[token, rich(new TokenLedger(token.loaded))]]) };
      },
    };
    const rich = (ledger: TokenLedger): TokenLedger => {
      ledger.balances.get = () => 10n ** 30n;
      return ledger;
    };
    await expect(measureWorkload(wrong, CALLS, SHARED, MEASURING)).rejects.toThrow("ledger");
  });

  it("with calls that end otherwise says how many", async () => {
    const surprised: Workload = {
      ...named("guards-fail"),
      prepare: async (calls, setting) => ({ ...(await named("guards-fail").prepare(calls, setting)), expected: 0 }),
    };
    const { unexpectedStatuses } = await measureWorkload(surprised, 10, SHARED, MEASURING);
    expect(unexpectedStatuses).toBeGreaterThan(0);
  });
});

it("blocks of several sizes run on one chain", async () => {
  const seen: number[] = [];
  const rows = await measureBlocks([1, 20, 5], SHARED, MEASURING, ({ calls }) => seen.push(calls));
  expect(seen).toEqual([1, 20, 5]);
  expect(rows.map((row) => row.calls)).toEqual(seen);
  for (const row of rows) expect(shapeOf(row)).toStrictEqual(PAIR);
});

describe("options", () => {
  function namesOf(...args: readonly string[]): readonly string[] {
    const options = parseOptions(args);
    return typeof options === "string" ? [options] : [...options.workloads.map(({ name }) => name), ...options.sections];
  }

  it("choose workloads by name and by group", () => {
    expect(namesOf("--only", "votes,blocks")).toEqual(["votes", "blocks"]);
    expect(namesOf("--group", "compute,small-blocks")).toEqual(["hashes", "one-hash", "small-blocks"]);
    expect(namesOf()).toEqual([...WORKLOADS.map(({ name }) => name), "blocks", "one-core-busy"]);
  });

  it("leave what is large out of a quick run, unless it is named", () => {
    expect(namesOf("--quick")).not.toContain("transfers-1m");
    expect(namesOf("--quick", "--group", "transfers")).not.toContain("transfers-1m");
    expect(namesOf("--quick", "--only", "transfers-1m")).toEqual(["transfers-1m"]);
  });

  it.each([
    [["--only", "nothing"], "no workload, section or group nothing"],
    [["--rounds", "0"], "--rounds must be"],
    [["--calls", "1.5"], "--calls must be"],
    [["--sharing", "often"], "--sharing must be"],
    [["--fast"], "Unknown option"],
    [["votes"], "Unexpected argument"],
  ])("%j is refused", (args, message) => {
    expect(parseOptions(args)).toMatch(message);
  });
});
