/** The table of codes in the reference of the language is the compiler's own. UPDATE_GOLDEN=1 writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { CODES } from "../../compiler/diagnostics/codes.ts";
import { ROOT } from "../helpers/cli.ts";
import { isUpdating } from "./pages.ts";

const PAGE = join(ROOT, "docs/language.md");
const BEGIN = "<!-- codes: checked by test/docs/codes.test.ts -->\n";
const END = "<!-- end of codes -->\n";

test("the table of codes is that of the compiler", async () => {
  const rows = Object.entries(CODES).map(([code, { message }]) => `| [${code}](errors/${code}.md) | ${message.replaceAll("|", "\\|")} |\n`);
  const table = await format(`| code | says |\n| --- | --- |\n${rows.join("")}`, { parser: "markdown" });
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  expect(to).toBeGreaterThan(from);
  if (isUpdating) writeFileSync(PAGE, `${page.slice(0, from)}\n${table}\n${page.slice(to)}`);
  else expect(page.slice(from, to).trim()).toBe(table.trim());
});
