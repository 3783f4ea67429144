/** Every rule that docs/semantics.md names has a test that begins with its name. */
import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { ROOT } from "../../helpers/suites.ts";

/** `- **E5, other updates** …` is a part of E5. */
const RULE = /^- \*\*([A-Z]\d)\b/gm;
/** `it("E5: …`, `describe("T1 and T4: …`, `it.each([…])("T2: …`. */
const TITLE = /(?:\bit|\btest|\bdescribe|\))\(\s*["'`]([A-Z]\d)(?: and ([A-Z]\d))?:/g;

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

it("rules of the semantics are tested by name", () => {
  const rules = new Set([...textOf("docs/semantics.md").matchAll(RULE)].map((match) => match[1]));
  const files = readdirSync(new URL("test/", ROOT), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
  const titles = files.flatMap((name) => [...textOf(`test/${name}`).matchAll(TITLE)].flatMap((match) => match.slice(1)));
  expect(rules.size).toBeGreaterThan(20);
  expect([...rules].filter((rule) => !titles.includes(rule))).toEqual([]);
});
