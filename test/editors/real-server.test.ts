/** The bundled extension with the real server and the real tool, found in the project's node_modules: the panel says what `weft conflicts` says. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { showMatrix } from "../../editors/vscode/src/matrix/html.ts";
import { readMatrix } from "../../editors/vscode/src/matrix/model.ts";
import { ROOT } from "../helpers/cli.ts";
import { extensionHost, lastOf, openView, testsOf } from "../helpers/extension-host.ts";
import { fakeEditor } from "../helpers/fake-editor.ts";
import type { FakeEditor } from "../helpers/fake-editor.ts";
import { serverMatrix } from "../helpers/panel.ts";

const PROGRAM = "examples/token/token.weft";
const TEXT = readFileSync(join(ROOT, PROGRAM), "utf8");
const WAIT = { timeout: 60_000 };
const work = mkdtempSync(join(tmpdir(), "weft-real-server-"));
const folder = join(work, "pröject with spaces");
const host = extensionHost(join(work, "extension"));

beforeAll(async () => {
  await host.build();
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(ROOT, join(folder, "node_modules/weft"), "dir");
  copyFileSync(join(ROOT, PROGRAM), join(folder, "token.weft"));
}, 120_000);
afterEach(() => host.stop());
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function activate(): Promise<FakeEditor> {
  const editor = fakeEditor({ folder, settings: {}, trusted: true });
  await host.activate(editor);
  expect(editor.said).toEqual([]);
  return editor;
}

/** The line of the body of a function. */
function inside(name: string): number {
  const line = TEXT.split("\n").findIndex((text) => text.includes(` fn ${name}(`));
  if (line === -1) throw new Error(`no function ${name}`);
  return line + 1;
}

/** What the panel has to show, from what the command line prints. */
function expected(current: string): string {
  const matrix = readMatrix(serverMatrix(PROGRAM, current));
  if (matrix === undefined) throw new Error("no matrix");
  return showMatrix(matrix, { pair: undefined }).html;
}

test("the panel follows the cursor through a contract, and shows what weft conflicts says", async () => {
  const editor = await activate();
  const view = openView(editor);
  for (const name of ["transfer", "burn", "allowance"]) {
    editor.show("token.weft", inside(name), 4);
    await expect.poll(() => lastOf(view), WAIT).toBe(expected(name));
  }
}, 180_000);

test("after an edit that breaks the file the panel says that it is of before, and after its end it doesn't", async () => {
  const editor = await activate();
  const view = openView(editor);
  editor.show("token.weft", inside("burn"), 4);
  await expect.poll(() => lastOf(view), WAIT).toBe(expected("burn"));
  editor.edit("token.weft", TEXT.replace("self.totalSupply -= value;", "self.totalSupply -= "));
  await expect.poll(() => lastOf(view), WAIT).toContain("This is what held before");
  expect(lastOf(view)).toContain("<h2><code>burn</code></h2>");
  // Nobody waits for anybody where nothing is touched.
  editor.edit("token.weft", TEXT.replace("self.totalSupply -= value;", ""));
  await expect.poll(() => lastOf(view), WAIT).not.toContain("This is what held before");
  editor.edit("token.weft", TEXT);
  await expect.poll(() => lastOf(view), WAIT).toBe(expected("burn"));
}, 180_000);

test("the tests of an example run with coverage, and one that fails says where", async () => {
  writeFileSync(join(folder, "late.weft"), 'import { Token } from "./token.weft";\ntest "late" {\n  assert 1 == 2;\n}\n');
  const editor = await activate();
  const [, coverage] = editor.tests.profiles;
  await coverage.handler({ include: undefined, exclude: undefined }, editor.token());
  const ends = editor.tests.log.filter(([what]) => what === "passed" || what === "failed" || what === "errored");
  expect(ends.map(([what, label]) => `${String(what)} ${String(label)}`)).toEqual([
    "failed late",
    ...testsOf(editor)
      .filter(({ label }) => label !== "late")
      .map(({ label }) => `passed ${label}`),
  ]);
  expect(JSON.stringify(ends[0][2])).toContain('"start":{"line":2,"character":9}');
  expect(JSON.stringify(editor.tests.coverage)).toContain("token.weft");
}, 180_000);
