/** docs/grammar.html is made from the parser's own record of the grammar. UPDATE_GOLDEN=1 writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grammarDiagrams } from "../../scripts/diagrams/grammar.ts";
import { grammarPage } from "../../scripts/diagrams/page.ts";
import { ROOT } from "../helpers/cli.ts";
import { isUpdating } from "./pages.ts";

const PAGE = join(ROOT, "docs/grammar.html");

test("the page is up to date with the grammar", () => {
  const page = grammarPage();
  if (isUpdating) writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, "utf8") === page).toBe(true);
});

test("every rule that is named has a diagram, once", () => {
  const ids = grammarDiagrams().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const named = [...grammarPage().matchAll(/href="#([^"]*)"/g)].map((match) => match[1]);
  expect([...new Set(named)].sort()).toEqual([...ids].sort());
  for (const rule of ["file", "contract", "match-arms", "expression", "operand", "operator", "for-statement"]) expect(ids).toContain(rule);
});

test("the page needs nothing else, and its drawings have numbers for places", () => {
  const page = grammarPage();
  expect(page).not.toMatch(/<script|<link|https?:|NaN|undefined/);
});

test("boxes lie inside their drawing and apart from each other", () => {
  for (const [, width, height, body] of grammarPage().matchAll(/<svg viewBox="0 0 (\S+) (\S+)"[^>]*>(.*?)<\/svg>/gs)) {
    const boxes = [...body.matchAll(/<rect class="\w+" x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/g)].map((match) => {
      const [x, y, w, h] = match.slice(1).map(Number);
      return { left: x, top: y, right: x + w, bottom: y + h };
    });
    expect(boxes.length).toBeGreaterThan(0);
    for (const { left, top, right, bottom } of boxes) {
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(Number(width));
      expect(bottom).toBeLessThanOrEqual(Number(height));
    }
    const overlapping = boxes.filter((a, index) => {
      return boxes.slice(index + 1).some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
    });
    expect(overlapping).toEqual([]);
  }
});
