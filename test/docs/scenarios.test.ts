/** Scenarios in the documentation run, and use every way of drawing values that the page describes. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { placeOf, readPage } from "./pages.ts";

const { fences } = readPage("docs/scenarios.md");
const scenarios = fences.filter(({ language, words }) => language === "json" && words.includes("scenario"));

test.each(scenarios.map((fence) => [placeOf(fence), fence.text] as const))("%s runs and its two executions agree", (_, text) => {
  const cwd = folderWith({});
  mkdirSync(join(cwd, "docs"));
  symlinkSync(join(ROOT, "examples"), join(cwd, "examples"));
  writeFileSync(join(cwd, "scenario.json"), text);
  const finished = weft(["run", ".", "--json"], { cwd });
  expect(finished).toMatchObject({ code: 0, err: "" });
  expect(jsonOf(finished)).toMatchObject({ ok: true, identical: true, setup: { total: 300, succeeded: 300 }, calls: { total: 1004 } });
});

test("the example uses every form that the page lists", () => {
  const [text] = scenarios.map((fence) => fence.text);
  // `text` has no string parameter to go to in this contract.
  for (const form of [
    "int",
    "count",
    "account",
    "accounts",
    "oneOf",
    "caller",
    "each",
    "var",
    "zipf",
    "hot",
    "again",
    "data",
    "wrongNonce",
  ]) {
    expect(text).toContain(`"${form}"`);
  }
});
