/** The library and the contracts made of it, by the tools of an author: no warning, all assertions proved, all tests in the language pass. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/pipeline.ts";
import { LIBRARY_TEXTS } from "../../compiler/modules/library-texts.ts";
import { ROOT, weft } from "../helpers/cli.ts";

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".weft"))
    .map((name) => `${folder}/${name}`)
    .sort();
}

const library = filesIn("std");
const contracts = filesIn("test/std/contracts");

test("the compiler has the texts of std/, and no others", () => {
  const found = LIBRARY_TEXTS.map(([path, text]) => [path, text]);
  expect(found).toEqual(library.map((path) => [`weft/${path}`, readFileSync(join(ROOT, path), "utf8")]));
});

test.each([...library, ...contracts])("%s has no error and no warning", (path) => {
  const { diagnostics } = compile(path, (wanted) => readFileSync(join(ROOT, wanted), "utf8"));
  expect(diagnostics.map((each) => `${each.path}:${each.span.start} ${each.code} ${each.message}`)).toEqual([]);
});

test("contracts stand in std/presets alone: importing a mixin brings no contract along", () => {
  const outside = library.filter((path) => !path.startsWith("std/presets/"));
  const found = outside.filter(
    (path) => (compile(path, (wanted) => readFileSync(join(ROOT, wanted), "utf8")).compiled?.program.contracts.length ?? 0) > 0,
  );
  expect(found).toEqual([]);
});

describe("tests in the language", () => {
  test.each(contracts)("%s", (path) => {
    const { code, out, err } = weft(["test", path]);
    expect(`${out}${err}`).toMatch(/\b0 failed/);
    expect(code).toBe(0);
  });
});
