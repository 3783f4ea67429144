/** `weft run --simulate-workers` and `--stats` as a process: tables for people, the JSON document and its schema, wrong usage. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { asObject, publishedSchema, schemaGaps, schemaProblems } from "../helpers/json-schema.ts";

const SCHEMA = publishedSchema("run.schema.json");
const DOCUMENT = publishedSchema("diagnostics.schema.json");
/** As little setup as can be, and blocks that are just large enough to be shared. */
const SCENARIO = {
  accounts: { users: { count: 100 } },
  contracts: [{ label: "t", file: "token.weft", contract: "Token", from: "@issuer", args: ["Gold", "GLD", "1e30"] }],
  setup: [{ each: "users", call: { call: "t.mint", from: "@issuer", args: [{ each: true }, 1000] } }],
  blocks: [
    {
      calls: 3000,
      mix: [{ call: "t.transfer", from: { account: "users" }, args: [{ account: "users", pick: { zipf: 1 } }, { int: [0, 300] }] }],
    },
  ],
};
const cwd = folderWith({
  "token.weft": readFileSync(join(ROOT, "examples/token/token.weft"), "utf8"),
  "scenario.json": JSON.stringify(SCENARIO),
});
const TOKEN = ["run", ".", "--workers", "2"];

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) throw new Error("not a list");
  return value.map(asObject);
}

describe("weft run --json", () => {
  test("is described in full, but for the names of errors", () => {
    expect(schemaGaps(SCHEMA)).toEqual(["#counts: allows more than it describes"]);
  });

  test.each([
    ["of a run", []],
    ["with simulated pools", ["--simulate-workers", "1,2,8"]],
    ["with figures", ["--stats"]],
    ["with both", ["--simulate-workers=4", "--stats=3"]],
  ])("%s is what the schema says", (_, options) => {
    const finished = weft([...TOKEN, ...options, "--json"], { cwd });
    expect(finished).toMatchObject({ code: 0, err: "" });
    expect(schemaProblems(SCHEMA, jsonOf(finished))).toEqual([]);
    expect(schemaProblems(DOCUMENT, jsonOf(finished))).toEqual([]);
  });

  test("of what fails is so, too", () => {
    const document = jsonOf(weft(["run", "nothing", "--stats", "--json"], { cwd: folderWith({}) }));
    expect(schemaProblems(SCHEMA, document)).toEqual([]);
  });
});

describe("weft run --simulate-workers", () => {
  test("shows each pool once, by rising size, with what was measured beside", () => {
    const { code, out, err } = weft([...TOKEN, "--simulate-workers", "8,1,2,8"], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const rows = [...out.matchAll(/^ *(\d*) +(simulated|measured) /gm)].map(([, workers, kind]) => `${workers} ${kind}`);
    expect(rows).toEqual(["1 simulated", " measured", "2 simulated", " measured", "8 simulated"]);
    for (const part of ["execute", "block ms", "overlapped", "critical path", "idle", "limited by"]) expect(out).toContain(part);
  });

  test("is in the document, marked as simulated, under timing", () => {
    const document = jsonOf(weft([...TOKEN, "--simulate-workers", "1,2,32", "--json"], { cwd }));
    const simulation = asObject(asObject(document["timing"])["simulation"]);
    expect(simulation["simulated"]).toBe(true);
    const pools = listOf(simulation["pools"]);
    expect(pools.map(({ workers }) => workers)).toEqual([1, 2, 32]);
    const speedUps = pools.map(({ execute }) => Number(asObject(execute)["speedUp"]));
    expect(speedUps[0]).toBe(1);
    expect(speedUps[1]).toBeGreaterThan(1.5);
    expect(speedUps[2]).toBeGreaterThan(speedUps[1]);
    expect(speedUps[2]).toBeLessThanOrEqual(32);
    for (const { block, criticalPathMs } of pools) expect(Number(asObject(block)["ms"])).toBeGreaterThanOrEqual(Number(criticalPathMs));
    expect(document["stats"]).toBeUndefined();
  });

  test("says that small blocks aren't shared", () => {
    const { out } = weft(["run", ".", "--calls", "10", "--simulate-workers", "1,16"], { cwd });
    expect(out).toContain("1 of 1 blocks are too small to be shared");
    expect(out).toMatch(/^ +16 +simulated +1\.00x /m);
  });

  test("changes neither the state nor the outcome", () => {
    const plain = jsonOf(weft([...TOKEN, "--json"], { cwd }));
    const both = jsonOf(weft([...TOKEN, "--simulate-workers", "2,4", "--stats", "--json"], { cwd }));
    for (const key of ["state", "calls", "graph", "blocks", "identical"]) expect(both[key]).toEqual(plain[key]);
  });
});

describe("weft run --stats", () => {
  const options = ["run", ".", "--calls", "2500", "--workers", "2", "--stats=5"];

  test("names cells, causes and stages", () => {
    const { code, out, err } = weft(options, { cwd });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const part of ["hottest cells", "why calls wait", "time by stage", "t.balances[0x", "uncleared add"]) expect(out).toContain(part);
    const cells = /hottest cells\n.*\n((?:.+\n)+)/.exec(out)?.[1] ?? "";
    expect(cells.trimEnd().split("\n")).toHaveLength(5);
  });

  test("tells the same cells and causes every time, and all edges of the graph", () => {
    const [first, second] = [jsonOf(weft([...options, "--json"], { cwd })), jsonOf(weft([...options, "--json"], { cwd }))];
    expect(first["stats"]).toEqual(second["stats"]);
    const { cells, causes } = asObject(first["stats"]);
    expect(listOf(cells)).toHaveLength(5);
    const edges = listOf(cells).map((cell) => Number(cell["edges"]));
    expect(edges).toEqual([...edges].sort((a, b) => b - a));
    expect(listOf(causes).reduce((sum, cause) => sum + Number(cause["edges"]), 0)).toBe(asObject(first["graph"])["edges"]);
  });

  test("shows ten cells if no number is given", () => {
    const { stats } = jsonOf(weft([...TOKEN, "--stats", "--json"], { cwd }));
    expect(listOf(asObject(stats)["cells"])).toHaveLength(10);
  });
});

test.each([
  [["--simulate-workers", "none"], "--simulate-workers"],
  [["--simulate-workers", "0"], "--simulate-workers"],
  [["--simulate-workers"], "--simulate-workers"],
  [["--stats=0"], "--stats"],
  [["--stats=many"], "--stats"],
])("wrong usage: %j", (options, named) => {
  const { code, err } = weft(["run", "examples/token", ...options]);
  expect(code).toBe(2);
  expect(err).toContain(named);
});
