/** One way to choose a format, and what the formats for programs promise: the published schema of the JSON document, and SARIF 2.1.0. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderJsonFault } from "../../cli/render/json.ts";
import { renderSarif, renderSarifFault } from "../../cli/render/sarif.ts";
import { CODES } from "../../compiler/diagnostics/codes.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { asObject, schemaProblems } from "../helpers/json-schema.ts";

const SCHEMA: unknown = JSON.parse(readFileSync(join(ROOT, "docs/schema/diagnostics.schema.json"), "utf8"));

const GOOD = "contract Jar {\n  state coins: map<address, u256>;\n}\n";
const UNKNOWN = "contract Jar {\n  state coins: map<address, u256>;\n\n  pub fn put() {\n    self.coin[caller] += 1;\n  }\n}\n";
/** An error in an imported file, a note, a help, and a fix. */
const CLAIM = `contract Votes {
  state yes: map<u64, bool>;

  pub fn vote(id: u64) {
    self.yes[id] = true;
  }

  parallel (a: vote, b: vote);
}
`;
const ALLOW = "// weft-allow W1001: nothing\ncontract Jar {}\n";

const cwd = folderWith({
  "good.weft": GOOD,
  "unknown.weft": UNKNOWN,
  "claim.weft": CLAIM,
  "allow.weft": ALLOW,
  "a b.weft": "contract $ {}",
});

function sarifOf(args: readonly string[]): ReturnType<typeof asObject> {
  const { out, err } = weft([...args, "--format", "sarif"], { cwd });
  expect(err).toBe("");
  return runOf(out);
}

function runOf(text: string): ReturnType<typeof asObject> {
  const log = asObject(JSON.parse(text));
  expect(log["version"]).toBe("2.1.0");
  expect(log["$schema"]).toMatch(/sarif-schema-2\.1\.0\.json$/);
  expect(log["runs"]).toHaveLength(1);
  return asObject(listOf(log["runs"])[0]);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("not a list");
  return value.map((item: unknown) => item);
}

describe("choosing a format", () => {
  test("--json is --format json", () => {
    const withoutTiming = ({ timing: _timing, ...rest }: Record<string, unknown>): unknown => rest;
    const [short, long] = [["--json"], ["--format", "json"]].map((format) => jsonOf(weft(["check", "unknown.weft", ...format], { cwd })));
    expect(withoutTiming(short)).toEqual(withoutTiming(long));
  });

  test("--format human is what comes without it", () => {
    expect(weft(["check", "unknown.weft", "--format", "human"], { cwd }).err).toBe(weft(["check", "unknown.weft"], { cwd }).err);
  });

  test("both at once, and formats that don't exist, are wrong usage", () => {
    expect(weft(["check", "good.weft", "--json", "--format", "sarif"], { cwd }).code).toBe(2);
    const { code, err } = weft(["check", "good.weft", "--format", "xml"], { cwd });
    expect({ code, err }).toMatchObject({ code: 2 });
    expect(err).toMatch(/^error\[E0810\]: .*xml/);
  });

  test("wrong usage is told in the format that was asked for", () => {
    expect(runOf(weft(["chekc", "--format", "sarif"], { cwd }).out)["results"]).toMatchObject([{ ruleId: "E0810", locations: [] }]);
    expect(jsonOf(weft(["chekc", "--format=json"], { cwd }))).toMatchObject({ diagnostics: [{ code: "E0810" }] });
  });
});

describe("the JSON document is what the schema says", () => {
  test.each([
    [["check", "good.weft"]],
    [["check", "unknown.weft"]],
    [["check", "claim.weft"]],
    [["check", "allow.weft"]],
    [["check", "missing.weft"]],
    [["footprint", "good.weft"]],
    [["conflicts", "good.weft"]],
    [["explain", "E0202"]],
    [["explain"]],
    [["chekc"]],
  ])("%j", (args) => {
    expect(schemaProblems(SCHEMA, jsonOf(weft([...args, "--json"], { cwd })))).toEqual([]);
  });

  test("of a fault of ours too", () => {
    expect(schemaProblems(SCHEMA, JSON.parse(renderJsonFault({ name: "weft", version: "1" }, ["error: no"])))).toEqual([]);
  });

  test("and the check of schemas finds what doesn't fit", () => {
    const document = jsonOf(weft(["check", "unknown.weft", "--json"], { cwd }));
    const [first] = listOf(document["diagnostics"]).map(asObject);
    expect(schemaProblems(SCHEMA, { ...document, schema: 2 })).toEqual([".schema: isn't 1"]);
    expect(schemaProblems(SCHEMA, { ...document, diagnostics: [{ ...first, code: "F1" }] })).toHaveLength(1);
    expect(schemaProblems(SCHEMA, { ...document, diagnostics: [{ ...first, more: 1 }] })).toHaveLength(1);
  });
});

describe("SARIF", () => {
  test("a clean program gives a run without results", () => {
    expect(sarifOf(["check", "good.weft"])).toMatchObject({
      tool: { driver: { name: "weft", rules: [] } },
      columnKind: "utf16CodeUnits",
      invocations: [{ executionSuccessful: true, exitCode: 0 }],
      results: [],
    });
  });

  test("a result has its rule, level, message with help, and region", () => {
    const run = sarifOf(["check", "unknown.weft"]);
    const start = UNKNOWN.indexOf("coin[");
    expect(run["results"]).toMatchObject([
      {
        ruleId: "E0202",
        ruleIndex: 0,
        level: "error",
        message: { text: "unknown state `coin`\nhelp: did you mean `coins`?" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "unknown.weft", uriBaseId: "SRCROOT" },
              region: { startLine: 5, startColumn: 10, endLine: 5, endColumn: 14, charOffset: start, charLength: 4 },
            },
          },
        ],
      },
    ]);
  });

  test("rules come from the table of codes, and say where more is told", () => {
    const { rules } = asObject(asObject(asObject(sarifOf(["check", "unknown.weft"])["tool"])["driver"]));
    const { explanation } = CODES.E0202;
    expect(rules).toMatchObject([
      {
        id: "E0202",
        shortDescription: { text: "unknown … `…`" },
        fullDescription: { text: explanation },
        help: { text: `${explanation} \`weft explain E0202\` shows a program that fails and one that works.` },
        defaultConfiguration: { level: "error" },
      },
    ]);
  });

  test("notes are related locations, fixes replacements", () => {
    const [result] = listOf(sarifOf(["check", "claim.weft"])["results"]).map(asObject);
    expect(result["relatedLocations"]).toMatchObject([{ id: 0, physicalLocation: { region: { startLine: 5 } } }, { id: 1 }]);
    const [fix] = listOf(result["fixes"]).map(asObject);
    expect(fix["description"]).toHaveProperty("text");
    expect(fix["artifactChanges"]).toMatchObject([
      { artifactLocation: { uri: "claim.weft" }, replacements: [{ deletedRegion: {}, insertedContent: {} }] },
    ]);
  });

  test("every result's rule index leads to its rule, also for warnings", () => {
    const run = sarifOf(["check", "unknown.weft", "allow.weft", "claim.weft"]);
    const rules = listOf(asObject(asObject(run["tool"])["driver"])["rules"]).map(asObject);
    const results = listOf(run["results"]).map(asObject);
    expect(results.map(({ level }) => level)).toEqual(["warning", "error", "error"]);
    for (const { ruleId, ruleIndex } of results) expect(rules[Number(ruleIndex)]["id"]).toBe(ruleId);
  });

  test("addresses are encoded, and braces in messages doubled", () => {
    const [result] = listOf(sarifOf(["check", "a b.weft"])["results"]).map(asObject);
    expect(result["locations"]).toMatchObject([{ physicalLocation: { artifactLocation: { uri: "a%20b.weft" } } }]);
    const found = diagnose("E0104", { path: "", span: { start: 0, end: 0 } }, { open: "`{`", close: "`}`" });
    const outcome = {
      exit: 1,
      json: {},
      timing: {},
      text: () => "",
      note: "",
      diagnostics: [found],
      files: new Map<string, string>(),
    } as const;
    const [braces] = listOf(runOf(renderSarif(outcome, { name: "weft", version: "1" }))["results"]).map(asObject);
    expect(braces["message"]).toEqual({ text: "`{{` is never closed\nhelp: add `}}`" });
  });

  test("a fault of ours is a notification, not a result", () => {
    expect(runOf(renderSarifFault({ name: "weft", version: "1" }, ["error: no"], 3))).toMatchObject({
      invocations: [{ executionSuccessful: false, exitCode: 3, toolExecutionNotifications: [{ level: "error" }] }],
      results: [],
    });
  });
});

test("the notice after fifty errors isn't counted", () => {
  const noisy = folderWith({ "noise.weft": "$ x\n".repeat(80) });
  const { err } = weft(["check", "noise.weft"], { cwd: noisy });
  expect(err).toContain("error[E0109]: more than 50 errors; the rest is not shown");
  expect(err).toMatch(/\n50 errors\n$/);
  expect(jsonOf(weft(["check", "noise.weft", "--json"], { cwd: noisy }))).toMatchObject({ summary: { errors: 50, warnings: 0 } });
});
