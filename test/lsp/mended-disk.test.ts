/** Files that the server isn't told of, folders with more files than it looks at, and documents that are on no disk. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";

let project: Project | undefined;
afterEach(async () => {
  expect(project?.client.errors).toEqual([]);
  expect(await project?.client.stop()).toBe(0);
});

async function codes({ client }: Project, uri: string): Promise<readonly unknown[]> {
  return (await client.diagnostics(uri)).map(({ code }) => code);
}

test("a client that can't watch files is told at the next save what changed on the disk", async () => {
  project = await startProject({ "limits.weft": "const A: u64 = 1;\n" });
  const { client, show, uriOf, folder } = project;
  await show("main.weft", 'import { A, B } from "./limits.weft";\nimport { C } from "./late.weft";\nconst SUM: u64 = A + B + C;\n');
  expect(await codes(project, uriOf("main.weft"))).toEqual(["E0204", "E0802"]);
  writeFileSync(join(folder, "limits.weft"), "const A: u64 = 1;\nconst B: u64 = 2;\n");
  writeFileSync(join(folder, "late.weft"), "const C: u64 = 3;\n");
  await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri: uriOf("main.weft") } });
  expect(await codes(project, uriOf("main.weft"))).toEqual([]);
  expect(JSON.stringify(await client.request("workspace/symbol", { query: "C" }))).toContain("late.weft");
});

test.each([
  "untitled:Untitled-1",
  "inmemory://model/1",
  "vscode-vfs://github/a/b/c.weft",
  "vscode-notebook-cell:/x/y.ipynb#W0sZmlsZQ%3D%3D",
  "git:/x/y.weft?%7B%22ref%22%3A%22%2F%22%7D",
  "file://host/share/a.weft",
  "file:///a%2Fb.weft",
  "file:///%zz.weft",
  "memfs:/a/../b/./c.weft",
  "weft/std/erc20.weft",
  "odd:\\a\\%5Cb",
  "",
])("a document at `%s` is analysed alone, and answers are about it", async (uri) => {
  project = await startProject({});
  const { client } = project;
  await client.open(
    uri,
    'import { A } from "./a.weft";\nimport { Ownable } from "weft/std/ownable.weft";\nconst B: u7 = 1;\nconst C: u8 = B;\n',
  );
  expect(await codes(project, uri)).toEqual(["E0802", "E0202"]);
  const links = await client.connection.sendRequest<readonly { readonly target: string }[]>("textDocument/definition", {
    textDocument: { uri },
    position: { line: 3, character: 14 },
  });
  expect(links).toMatchObject([{ targetUri: uri }]);
});

test("a file that is open by two addresses stays open when one of them is closed", async () => {
  project = await startProject({});
  const { client, uriOf } = project;
  const [one, two] = [uriOf("same.weft"), uriOf("same.weft").replace("same", "s%61me")];
  await client.open(one, "const A: u7 = 1;\n");
  await client.open(two, "const A: u8 = 1;\n");
  await client.close(two);
  expect(await codes(project, one)).toEqual(["E0202"]);
  await client.close(one);
  expect(await client.request("textDocument/documentSymbol", { textDocument: { uri: one } })).toEqual([]);
});

test("in folders with more files than are looked at names aren't renamed, which would be done in part, and the author is told", async () => {
  project = await startProject({ "main.weft": "const A: u64 = 1;\nfn f() -> u64 { let b = A; return b; }\n" });
  const { client, show, uriOf, folder } = project;
  const said: string[] = [];
  client.connection.onNotification("window/showMessage", ({ message }: { readonly message: string }) => void said.push(message));
  mkdirSync(join(folder, "many"));
  for (let i = 0; i < 2_000; i++) writeFileSync(join(folder, "many", `f${i}.weft`), "");
  symlinkSync(folder, join(folder, "many", "loop"));
  await show("main.weft", "const A: u64 = 1;\nfn f() -> u64 { let b = A; return b; }\n");
  const at = { textDocument: { uri: uriOf("main.weft") } };
  const rename = (line: number, character: number): Promise<unknown> =>
    client.request("textDocument/rename", { ...at, position: { line, character }, newName: "other" });
  await expect(rename(0, 6)).rejects.toThrow("more files than are looked at");
  expect(await rename(1, 20)).toMatchObject({ changes: {} });
  for (let i = 0; i < 2; i++)
    await client.request("textDocument/references", { ...at, position: { line: 0, character: 6 }, context: { includeDeclaration: true } });
  expect(said.length).toBe(1);
});
