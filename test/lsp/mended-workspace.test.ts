/** Levels of project files, diagnostics of all files, files that change on the disk, cancellation. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { WorkspaceDiagnosticReport } from "vscode-languageserver-protocol";
import { CancellationTokenSource } from "vscode-languageserver-protocol/node";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";

const HOT = `contract Hot {
  state count: u64;
  pub fn bump() {
    self.count = self.count * 2;
  }
}
`;

let project: Project | undefined;
afterEach(async () => {
  expect(project?.client.errors).toEqual([]);
  expect(await project?.client.stop()).toBe(0);
});

async function codes({ client, uriOf }: Project, name: string): Promise<readonly string[]> {
  return (await client.diagnostics(uriOf(name))).map(({ code, severity }) => `${String(code)}:${String(severity)}`);
}

function all({ client }: Project, previousResultIds: readonly { uri: string; value: string }[] = []): Promise<WorkspaceDiagnosticReport> {
  return client.connection.sendRequest("workspace/diagnostic", { previousResultIds });
}

const changed = (uri: string, type = 2): { changes: { uri: string; type: number }[] } => ({ changes: [{ uri, type }] });

test("levels of the project are those of `weft check`, and follow its file", async () => {
  const levels = (level: string): string =>
    JSON.stringify({ warnings: { W1001: level }, overrides: [{ files: ["old/**"], warnings: { W1001: "off" } }] });
  project = await startProject({ "weft.json": levels("error"), "hot.weft": HOT, "old/hot.weft": HOT });
  const { client, show, uriOf, folder } = project;
  await show("hot.weft", HOT);
  await show("old/hot.weft", HOT.replace("Hot", "Cold"));
  expect(await codes(project, "hot.weft")).toEqual(["W1001:1"]);
  expect(await codes(project, "old/hot.weft")).toEqual([]);
  writeFileSync(join(folder, "weft.json"), levels("off"));
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", changed(uriOf("weft.json")));
  expect(await codes(project, "hot.weft")).toEqual([]);
  rmSync(join(folder, "weft.json"));
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", changed(uriOf("weft.json"), 3));
  expect(await codes(project, "hot.weft")).toEqual(["W1001:2"]);
  expect(await codes(project, "old/hot.weft")).toEqual(["W1001:2"]);
});

test("a project file that can't be read is shown at its place, and doesn't keep the server from working", async () => {
  project = await startProject({ "weft.json": '{ "warnings": { "W9999": "off" }, "test": { "seed": "x" } }', "hot.weft": HOT });
  const { show, uriOf, client } = project;
  await show("hot.weft", HOT);
  expect(await codes(project, "hot.weft")).toEqual(["W1001:2"]);
  const found = (await all(project)).items.find(({ uri }) => uri === uriOf("weft.json"));
  expect(found?.kind === "full" ? found.items.map(({ code, range }) => [code, range.start.character]) : []).toContainEqual(["E0841", 16]);
  await expect.poll(() => client.published.find(({ uri }) => uri === uriOf("weft.json"))?.diagnostics.at(0)?.code).toBe("E0841");
});

test("diagnostics of all files, with what didn't change told by its id", async () => {
  project = await startProject({
    "hot.weft": HOT,
    "broken.weft": "contract B { state x: u7; }\n",
    "fine.weft": "const A: u8 = 1;\n",
    "user.weft": 'import { A, B } from "./fine.weft";\n',
    "skipped/bad.weft": "contract {",
    "weft.json": '{ "exclude": ["skipped"] }',
  });
  const { uriOf, show, client, folder } = project;
  const first = await all(project);
  const codesOf = (report: WorkspaceDiagnosticReport, name: string): unknown => {
    const found = report.items.find(({ uri }) => uri === uriOf(name));
    return found?.kind === "full" ? found.items.map(({ code }) => code) : found?.kind;
  };
  expect(codesOf(first, "hot.weft")).toEqual(["W1001"]);
  expect(codesOf(first, "broken.weft")).toEqual(["E0202"]);
  expect(codesOf(first, "fine.weft")).toEqual([]);
  expect(codesOf(first, "user.weft")).toEqual(["E0204"]);
  expect(codesOf(first, "skipped/bad.weft")).toBeUndefined();
  const ids = first.items.flatMap(({ uri, resultId }) => (resultId === undefined ? [] : [{ uri, value: resultId }]));
  expect((await all(project, ids)).items.map(({ kind }) => kind)).toEqual(first.items.map(() => "unchanged"));
  // An edit of one file is seen in those that import it.
  await show("fine.weft", "const A: u8 = 1;\nconst B: u8 = 2;\n");
  const second = await all(project, ids);
  expect(codesOf(second, "user.weft")).toEqual([]);
  expect(codesOf(second, "broken.weft")).toBe("unchanged");
  expect(second.items.find(({ uri }) => uri === uriOf("fine.weft"))).toMatchObject({ version: 1 });
  // A file that is gone is taken back.
  rmSync(join(folder, "broken.weft"));
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", changed(uriOf("broken.weft"), 3));
  expect(codesOf(await all(project, ids), "broken.weft")).toEqual([]);
});

test("imports that appear on the disk, change and go away", async () => {
  project = await startProject({ "main.weft": "" });
  const { client, show, uriOf, folder } = project;
  await show("main.weft", 'import { LIMIT } from "./parts/limits.weft";\nconst TWICE: u64 = LIMIT * 2;\n');
  expect(await codes(project, "main.weft")).toEqual(["E0802:1"]);
  mkdirSync(join(folder, "parts"));
  writeFileSync(join(folder, "parts/limits.weft"), "const LIMIT: u64 = 5;\n");
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", changed(uriOf("parts/limits.weft"), 1));
  expect(await codes(project, "main.weft")).toEqual([]);
  writeFileSync(join(folder, "parts/limits.weft"), "const OTHER: u64 = 5;\n");
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", changed(uriOf("parts/limits.weft")));
  expect(await codes(project, "main.weft")).toEqual(["E0204:1"]);
  // Of a folder that goes away some clients tell the folder alone.
  rmSync(join(folder, "parts"), { recursive: true });
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", changed(uriOf("parts"), 3));
  expect(await codes(project, "main.weft")).toEqual(["E0802:1"]);
});

test("long requests can be cancelled, and the server goes on", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 120 }, (_, i) => [
      `m${i}.weft`,
      HOT.replaceAll("Hot", `Hot${i}`).repeat(1) + `fn shared${i}() -> u64 { return shared(); }\n`,
    ]),
  );
  project = await startProject({ ...files, "shared.weft": "fn shared() -> u64 { return 1; }\n" });
  const { client, show, uriOf } = project;
  await show("shared.weft", "fn shared() -> u64 { return 1; }\n");
  const ask = async (method: string, params: object): Promise<unknown> => {
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest(method, params, source.token);
    source.cancel();
    return await answer.catch((error: unknown) => (error instanceof Error && "code" in error ? error.code : error));
  };
  const position = { line: 0, character: 4 };
  const at = { textDocument: { uri: uriOf("shared.weft") }, position };
  expect(await ask("textDocument/references", { ...at, context: { includeDeclaration: true } })).toBe(-32800);
  expect(await ask("textDocument/rename", { ...at, newName: "common" })).toBe(-32800);
  expect([-32800, -32802]).toContain(await ask("workspace/diagnostic", { previousResultIds: [] }));
  expect(await client.request("textDocument/hover", at)).toMatchObject({ contents: { kind: "markdown" } });
  // An edit meanwhile makes the places of the older text worthless.
  const late = client
    .request("textDocument/references", { ...at, context: { includeDeclaration: true } })
    .catch((error: unknown) => (error instanceof Error && "code" in error ? error.code : error));
  await show("shared.weft", "fn\nshared() -> u64 { return 1; }\n");
  expect(await late).toBe(-32801);
});
