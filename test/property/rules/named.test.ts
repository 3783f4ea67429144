/** Every rule that docs/semantics.md names has a test that begins with its name, and no test names a rule that isn't there. */
import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { ROOT } from "../../helpers/suites.ts";

/** Rules, and further parts of them that have a name of their own: `- **E5, other updates** …`. */
const RULE = /^- \*\*([A-Z]\d)(?:, [^*]+)?\*\*/gm;
/** The name, or two of them, before the colon of a title: of `it`, `describe`, `it.each([…])`. */
const TITLE = /(?:\bit|\btest|\bdescribe|\))\(\s*["'`]([A-Z]\d)(?:(?: and |, )([A-Z]\d))?:/g;

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** What tests are called in the whole of `test`, but for this file. */
function namesInTitles(): ReadonlySet<string> {
  const files = readdirSync(new URL("test/", ROOT), { recursive: true, encoding: "utf8" });
  const tests = files.filter((name) => name.endsWith(".test.ts") && !name.endsWith("named.test.ts"));
  const found = tests.flatMap((name) => [...textOf(`test/${name}`).matchAll(TITLE)].flatMap((match) => match.slice(1)));
  return new Set(found.filter((name) => name !== undefined));
}

it("rules of the semantics are tested by name", () => {
  const text = textOf("docs/semantics.md");
  const rules = new Set([...text.matchAll(RULE)].map((match) => match[1]));
  // Nothing in bold that looks like a rule is missed.
  expect([...text.matchAll(/\*\*([A-Z]\d)\b/g)].map((match) => match[1]).filter((name) => !rules.has(name))).toEqual([]);
  expect(rules.size).toBeGreaterThan(30);
  const names = namesInTitles();
  expect([...rules].filter((rule) => !names.has(rule))).toEqual([]);
  expect([...names].filter((name) => !rules.has(name))).toEqual([]);
});
