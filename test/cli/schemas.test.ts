/** The published forms of `weft footprint --json` and `weft conflicts --json` are complete, and what the commands print of every acceptance contract fits. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { asObject, publishedSchema, schemaGaps, schemaProblems } from "../helpers/json-schema.ts";

const CONTRACTS = "test/corpus/contracts";
const files = readdirSync(join(ROOT, CONTRACTS)).filter((name) => name.endsWith(".weft"));

/** Updates of each kind, stages, numbers, other contracts, a claim that isn't proved, an empty contract. */
const ODD = `
contract Empty {}

interface Other { pub fn go(x: u64); }

contract Odd {
  state bits: u64;
  state low: u64 = 9;
  state high: u64;
  state ids: sequence<u64>;
  state owners: map<u64, address>;
  state next: map<u64, u64>;
  state counts: map<address, u64>;

  pub fn update(x: u64) { self.bits |= x; self.low min= x; self.high max= x; }
  pub fn mask(x: u64) { self.bits &= x; }
  pub fn draw() -> u64 { return self.ids.next(); }
  pub fn staged(id: u64) { self.counts[self.owners[self.next[id]]] += 1; }
  pub fn wide(list: list<u64, 4>) { var at: u64 = 0; for x in list { at = at * 2 + x; self.next[at] = x; } }
  pub fn guarded(on: bool, x: u64) { if on { self.high = x; } }
  pub fn out(to: address) { Other(to).go(1); }
  payable fn take() {}

  parallel (a: mask, b: update);
  parallel (a: mask, b: mask);
}
`;
const cwd = folderWith({ "odd.weft": ODD, "broken.weft": "contract {" });

describe.each(["footprint", "conflicts"])("weft %s --json", (command) => {
  const schema = publishedSchema(`${command}.schema.json`);

  test("is described in full", () => {
    expect(schemaGaps(schema)).toEqual([]);
  });

  test.each(files)("of %s is what the schema says", (name) => {
    const document = jsonOf(weft([command, join(CONTRACTS, name), "--json"]));
    expect(schemaProblems(schema, document)).toEqual([]);
    expect(schemaProblems(publishedSchema("diagnostics.schema.json"), document)).toEqual([]);
  });

  test("of every kind of access, and of a program with errors, too", () => {
    const document = jsonOf(weft([command, "odd.weft", "--json"], { cwd }));
    expect(document["contracts"]).toHaveLength(2);
    expect(schemaProblems(schema, document)).toEqual([]);
    expect(schemaProblems(schema, jsonOf(weft([command, "broken.weft", "--json"], { cwd })))).toEqual([]);
    expect(schemaProblems(schema, jsonOf(weft([command, "odd.weft", "Even", "--json"], { cwd })))).toEqual([]);
  });

  test("and nothing else fits", () => {
    const document = jsonOf(weft([command, "odd.weft", "--json"], { cwd }));
    expect(schemaProblems(schema, { ...document, more: 1 })).toEqual([".more: isn't in the schema"]);
    expect(schemaProblems(schema, { ...document, contracts: [{}] }).length).toBeGreaterThan(0);
    expect(schemaProblems(schema, { ...document, tool: {} }).length).toBeGreaterThan(0);
  });
});

test("all modes, stages and verdicts occur in these", () => {
  const text = (command: string): string => JSON.stringify(jsonOf(weft([command, "odd.weft", "--json"], { cwd }))["contracts"]);
  const footprint = text("footprint");
  for (const mode of ["R", "W", "Δ", "T", "|", "&", "min", "max", "call"]) expect(footprint).toContain(`"mode":"${mode}"`);
  for (const stage of ["static", "staged", "staged 2", "wide"]) expect(footprint).toContain(`"stage":"${stage}"`);
  const conflicts = text("conflicts");
  for (const verdict of ["never", "escrow", "sometimes", "always", "unknown"]) expect(conflicts).toContain(`"verdict":"${verdict}"`);
});

test("the check of schemas finds gaps", () => {
  const { definitions } = publishedSchema("conflicts.schema.json");
  const open = { type: "object", properties: { a: { type: "string" } }, definitions: { claim: asObject(definitions)["claim"] } };
  expect(schemaGaps(open)).toEqual([": allows more than it describes", ".a: has no description"]);
});
