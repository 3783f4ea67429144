/**
 * The page on CoSplit holds what the tool prints, Weft is coarser nowhere, and the tests in the ports pass.
 * With UPDATE_GOLDEN=1 the tables of the page are written anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { comparePort } from "../../bench/cosplit/compare.ts";
import { isMeasured, loadPorts } from "../../bench/cosplit/ports.ts";
import { markdownReport } from "../../bench/cosplit/report.ts";
import { ROOT, weft } from "../helpers/cli.ts";
import { isUpdating } from "./pages.ts";

const PAGE = join(ROOT, "docs/cosplit.md");
const BEGIN = "<!-- prettier-ignore-start -->\n\n";
const END = "<!-- prettier-ignore-end -->";

const ports = loadPorts(join(ROOT, "examples/cosplit"));
const compared = ports.map(comparePort);

test("the tables of the page are what the tool prints", () => {
  const page = readFileSync(PAGE, "utf8");
  const [before, rest] = page.split(BEGIN);
  const [tables, after] = rest.split(END);
  const made = `${markdownReport(compared).trimEnd()}\n\n`;
  if (isUpdating) writeFileSync(PAGE, [before, BEGIN, made, END, after].join(""));
  else expect(tables).toBe(made);
});

test("the five contracts that CoSplit's authors measured come first, and all of their transitions are there", () => {
  const measured = ports.filter(isMeasured);
  expect(ports.slice(0, 5)).toEqual(measured);
  expect(measured.map(({ transitions, skipped }) => transitions.length + skipped.length)).toEqual([3, 6, 5, 10, 11]);
  expect(measured.flatMap(({ skipped }) => skipped)).toEqual([]);
  for (const { text } of measured) expect(text).toMatch(/^ {2}parallel \(/m);
});

test("Weft is coarser than CoSplit nowhere", () => {
  const coarser = compared.flatMap(({ port, transitions }) =>
    transitions.filter(({ comparison }) => comparison === "coarser").map(({ name }) => `${port.name}: ${name}`),
  );
  expect(coarser).toEqual([]);
});

test.each(ports)("$file has tests, and they pass", { timeout: 60_000 }, ({ file, text }) => {
  expect(text).toMatch(/^test "/m);
  const { code, err } = weft(["test", "--quiet", `examples/cosplit/${file}`], { cwd: ROOT });
  expect(err).not.toContain("error");
  expect(code).toBe(0);
});
