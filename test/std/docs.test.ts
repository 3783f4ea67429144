/** The table of differences in docs/std.md is made from what the comparisons know. UPDATE_GOLDEN=1 writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import type { Instance, Subject } from "./harness/subject.ts";
import { subjects } from "./subjects/all.ts";

const PAGE = join(ROOT, "docs/std.md");
const BEGIN = "<!-- differences: checked by test/std/docs.test.ts -->";
const END = "<!-- end of differences -->";

function rowsOf({ name, differences, instances }: Subject): readonly string[] {
  const seen = [...instances.flatMap(interfaceRows), ...differences.map(({ what, why }) => [what, why] as const)];
  return seen.map(([what, why]) => `| ${name} | ${what} | ${why} |`);
}

function interfaceRows({ absent = {}, renamed = {}, made = [], added = {} }: Instance): readonly (readonly [string, string])[] {
  return [
    ...functions(absent).map(([signature, why]) => [`\`${signature}\` isn't there`, why] as const),
    ...Object.entries(renamed)
      .filter(([signature]) => !made.includes(signature))
      .map(([signature, other]) => [`\`${signature}\` is called \`${other}\``, "Weft has no overloading"] as const),
    ...functions(added).map(([signature, why]) => [`\`${signature}\` is there, too`, why] as const),
  ];
}

/** Without errors and events: those that can't happen say little, and differences tell of the others. */
function functions(signatures: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(signatures).filter(([signature]) => !signature.includes(" "));
}

test("the differences are those that the comparisons allow", async () => {
  const page = readFileSync(PAGE, "utf8");
  const [before, rest] = page.split(BEGIN);
  const [, after] = (rest ?? "").split(END);
  expect(after, "the marks are there").toBeDefined();
  const rows = subjects.flatMap(rowsOf);
  const table = ["| contract | what | why |", "| --- | --- | --- |", ...rows].join("\n");
  const made = await format(`${before}${BEGIN}\n\n${table}\n\n${END}${after}`, { ...(await resolveConfig(PAGE)), parser: "markdown" });
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(PAGE, made);
  expect(readFileSync(PAGE, "utf8")).toBe(made);
});
