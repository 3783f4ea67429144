/**
 * What people read of whole commands, byte by byte (single diagnostics: test/docs/errors.test.ts): each case is a folder of inputs with a command line, and the file `output.txt` beside them.
 * `UPDATE_GOLDEN=1 npx vitest run test/cli/golden.test.ts` rewrites all of them; read the diff before you keep it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, weft } from "../helpers/cli.ts";

const FOLDER = join(ROOT, "test/golden/diagnostics");

const cases = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

test.each(cases)("%s reads as before", (name) => {
  const cwd = join(FOLDER, name);
  const command = readFileSync(join(cwd, "command.txt"), "utf8").trim();
  const { code, out, err } = weft(command.split(" "), { cwd });
  const printed = out.replace(/\([0-9]+ ms\)/g, "(… ms)");
  const found = `$ weft ${command}\n${err}${printed === "" ? "" : `--- stdout ---\n${printed}`}--- exit ${String(code)} ---\n`;
  const golden = join(cwd, "output.txt");
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, found);
  expect(found).toBe(readFileSync(golden, "utf8"));
});

test("there are cases", () => {
  expect(cases.length).toBeGreaterThan(5);
});
