/** What somebody new to the server stumbled over: files that change without a word, projects that the client didn't name, project files that are wrong. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type {
  CodeAction,
  CodeLens,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  Position,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";

let project: Project | undefined;
afterEach(async () => {
  expect(project?.client.errors).toEqual([]);
  expect(await project?.client.stop()).toBe(0);
  if (project !== undefined) rmSync(project.folder, { recursive: true });
  project = undefined;
});

const LATE = `import { one } from "./late.weft";
import { two } from "./dep.weft";
contract L { pub fn f() -> u256 { return one() + two(); } }
`;
const HOT = "contract Hot {\n  state count: u64;\n  pub fn bump() {\n    self.count = self.count * 2;\n  }\n}\n";
const SLOW = { timeout: 20_000 };
const ONE = "fn one() -> u256 { return 1; }\n";
const TWO = "fn two() -> u256 { return 2; }\n";

const pushed = ({ client, uriOf }: Project, name: string): readonly unknown[] | undefined =>
  client.published.findLast(({ uri }) => uri === uriOf(name))?.diagnostics.map(({ code }) => code);

describe("a client that doesn't watch files", () => {
  test("is told of imports that were written meanwhile, without doing anything", async () => {
    project = await startProject({ "dep.weft": ONE });
    await project.show("late.test.weft", LATE);
    await expect.poll(() => project && pushed(project, "late.test.weft"), SLOW).toEqual(["E0802", "E0204"]);
    writeFileSync(join(project.folder, "late.weft"), ONE);
    writeFileSync(join(project.folder, "dep.weft"), TWO);
    await expect.poll(() => project && pushed(project, "late.test.weft"), SLOW).toEqual([]);
    rmSync(join(project.folder, "late.weft"));
    await expect.poll(() => project && pushed(project, "late.test.weft"), SLOW).toEqual(["E0802"]);
  });

  test("sees what is on the disk as soon as it saves", async () => {
    project = await startProject({ "dep.weft": ONE });
    const { client, show, uriOf, folder } = project;
    await show("late.test.weft", LATE);
    expect((await client.diagnostics(uriOf("late.test.weft"))).map(({ code }) => code)).toEqual(["E0802", "E0204"]);
    writeFileSync(join(folder, "late.weft"), ONE);
    writeFileSync(join(folder, "dep.weft"), TWO);
    await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri: uriOf("late.test.weft") } });
    expect(await client.diagnostics(uriOf("late.test.weft"))).toEqual([]);
  });

  test("is told of a project file that comes, changes and goes", async () => {
    project = await startProject({ "hot.weft": HOT });
    const { show, folder } = project;
    const codes = (): unknown => project && [pushed(project, "hot.weft"), pushed(project, "weft.json")];
    await show("hot.weft", HOT);
    await expect.poll(codes, SLOW).toEqual([["W1001"], undefined]);
    writeFileSync(join(folder, "weft.json"), '{ "warnings": { "W1001": "off" } }');
    await expect.poll(codes, SLOW).toEqual([[], undefined]);
    writeFileSync(join(folder, "weft.json"), '{ "foo": 1 }');
    await expect.poll(codes, SLOW).toEqual([["W1001"], ["E0822"]]);
    rmSync(join(folder, "weft.json"));
    await expect.poll(codes, SLOW).toEqual([["W1001"], []]);
  });
});

describe("folders of the client that aren't those of the project", () => {
  test.each([
    ["none", []],
    ["another one", ["elsewhere"]],
  ])("%s: references and rename reach all files of the project", async (_, names) => {
    const user = 'import { one } from "../one.weft";\nfn three() -> u256 { return one() + 2; }\n';
    project = await startProject(
      { "weft.json": "{}", "src/one.weft": ONE, "src/a/user.weft": user, "elsewhere/x.weft": "" },
      undefined,
      names,
    );
    const { show, client, uriOf } = project;
    const position = await show("src/one.weft", "fn ‸one() -> u256 { return 1; }\n");
    const at = { textDocument: { uri: uriOf("src/one.weft") }, position };
    const found = await client.connection.sendRequest<Location[]>("textDocument/references", {
      ...at,
      context: { includeDeclaration: true },
    });
    expect(found.map(({ uri }) => uri)).toEqual([uriOf("src/one.weft"), uriOf("src/a/user.weft"), uriOf("src/a/user.weft")]);
    const edit = await client.connection.sendRequest<WorkspaceEdit>("textDocument/rename", { ...at, newName: "uno" });
    expect(JSON.stringify(edit)).toContain("user.weft");
  });
});

describe("a project file that is wrong", () => {
  const fine = "contract Fine {\n  state x: u8;\n  pub fn set(v: u8) { self.x = v; }\n}\n";
  const pulling = { textDocument: { diagnostic: {} }, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
  test.each([
    ["pushed", { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } }],
    ["pulled", pulling],
  ])("is shown before anything is edited, and when it changes, and no more when it is mended: %s", async (_, capabilities) => {
    project = await startProject({ "weft.json": '{ "warnings": { "W1001": "nonsense" } }', "fine.weft": fine }, capabilities);
    const { show, folder, client, uriOf } = project;
    const shown = (): unknown => project && pushed(project, "weft.json");
    const write = async (text: string): Promise<void> => {
      writeFileSync(join(folder, "weft.json"), text);
      await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("weft.json"), type: 2 }] });
    };
    await show("fine.weft", fine);
    await expect.poll(shown, SLOW).toHaveLength(1);
    await write("{}");
    await expect.poll(shown, SLOW).toEqual([]);
    await write('{ "foo": 1 }');
    await expect.poll(shown, SLOW).toEqual(["E0822"]);
    await write('{ "foo"');
    await expect.poll(shown, SLOW).not.toEqual(["E0822"]);
    await write("{}");
    await expect.poll(shown, SLOW).toEqual([]);
  });
});

describe("words that go on", () => {
  const within = (line: string): string => `contract C {\n  state n: u64;\n  pub fn f(a: u64) {\n    ${line}\n  }\n}\n`;
  test.each([
    ["for i ‸", "in"],
    ["require true ‸", "else"],
    ["require a > 1 ‸", "else"],
    ["require (a > 1) e‸", "else"],
  ])("%s", async (line, wanted) => {
    project = await startProject({ "c.weft": "" });
    const items = await project.complete("c.weft", within(line));
    expect([...items].sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1)).at(0)?.label).toBe(wanted);
  });
  test.each(["require ‸", "require a > ‸", "require (a ‸", "require tru‸", "let x = a ‸"])("not in %s", async (line) => {
    project = await startProject({ "c.weft": "" });
    expect(await project.labels("c.weft", within(line))).not.toContain("else");
  });
});

const actionsOf = (
  { client, uriOf }: Project,
  name: string,
  position: Position,
  only?: readonly string[],
): Promise<readonly CodeAction[]> =>
  client.connection.sendRequest<readonly CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uriOf(name) },
    range: { start: position, end: position },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
const textsOf = (actions: readonly CodeAction[]): readonly unknown[] =>
  actions.map(({ title, edit }) => [
    title,
    ...Object.values(edit?.changes ?? {})
      .flat()
      .map(({ newText }) => newText),
  ]);

test("imports are put in order without losing what isn't used yet; removing that is an action of its own", async () => {
  const text = 'import { two } from "./b.weft";\nimport { one } from "./a.weft";\nfn f() -> u256 { return two(); }\n';
  project = await startProject({ "a.weft": ONE, "b.weft": TWO, "c.weft": text });
  const position = await project.show("c.weft", text);
  expect(textsOf(await actionsOf(project, "c.weft", position, ["source.organizeImports"]))).toEqual([
    ["organise imports", 'import { one } from "./a.weft";\nimport { two } from "./b.weft";'],
  ]);
  expect(textsOf(await actionsOf(project, "c.weft", position, ["source.removeUnusedImports"]))).toEqual([
    ["remove unused imports", 'import { two } from "./b.weft";'],
  ]);
});

test("paths of imports that are nearly right have a fix", async () => {
  project = await startProject({ "token.weft": ONE, "lib/deep.weft": TWO });
  const fixOf = async (path: string): Promise<unknown> => {
    const at = await project?.show("c.weft", `import { one } from ${path.replace("/", "/‸")};\n`.replace('"t', '"‸t').replace('"d', '"‸d'));
    return project === undefined || at === undefined ? [] : textsOf(await actionsOf(project, "c.weft", at, ["quickfix"]));
  };
  expect(await fixOf('"weft/std/ownabl.weft"')).toContainEqual(['import from "weft/std/ownable.weft"', '"weft/std/ownable.weft"']);
  expect(await fixOf('"token.weft"')).toContainEqual(['import from "./token.weft"', '"./token.weft"']);
  expect(await fixOf('"deep.weft"')).toContainEqual(['import from "./lib/deep.weft"', '"./lib/deep.weft"']);
});

test("lenses of an earlier text say so", async () => {
  project = await startProject({ "hot.weft": HOT });
  const { show, client, uriOf } = project;
  const titles = async (): Promise<readonly (string | undefined)[]> => {
    const found = await client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: uriOf("hot.weft") } });
    return found.map(({ command }) => command?.title);
  };
  await show("hot.weft", HOT);
  const before = await titles();
  expect(before).toHaveLength(2);
  await show("hot.weft", HOT.replace("* 2", "* no"));
  expect(await titles()).toEqual(before.map((one) => `${one ?? ""} (of the last text without errors)`));
});

test("an outline has no symbol for what has no name", async () => {
  project = await startProject({ "c.weft": "" });
  await project.show("c.weft", "contract {\n  state x: u8;\n");
  const found = await project.client.connection.sendRequest<DocumentSymbol[]>("textDocument/documentSymbol", {
    textDocument: { uri: project.uriOf("c.weft") },
  });
  expect(found.map(({ name }) => name)).toEqual(["x"]);
});

test("a circle of imports is told by paths as one writes them", async () => {
  project = await startProject({ "a.weft": 'import { two } from "./sub/b.weft";\n', "sub/b.weft": 'import { one } from "../a.weft";\n' });
  const { client, show, uriOf, folder } = project;
  await show("a.weft", 'import { two } from "./sub/b.weft";\nfn one() -> u256 { return two(); }\n');
  await show("sub/b.weft", 'import { one } from "../a.weft";\nfn two() -> u256 { return one(); }\n');
  const found = (await client.diagnostics(uriOf("a.weft"))).filter(({ code }) => code === "E0205");
  expect(found.length).toBeGreaterThan(0);
  expect(
    JSON.stringify(found.map(({ message, relatedInformation = [] }) => [message, relatedInformation.map((one) => one.message)])),
  ).not.toContain(folder);
  expect(found[0].message).toContain("sub/b.weft");
});

test("a check that belongs to an add says so, and what a failing call undoes is told in whole sentences", async () => {
  const text = `contract C {
  state total: u256;
  immutable cap: u256;
  init(cap: u256) { self.cap = cap; }
  pub fn mint(a: u256) {
    self.total += a;
    require self.to‸tal <= self.cap;
  }
}
`;
  project = await startProject({ "c.weft": "" });
  const position = await project.show("c.weft", text);
  const at = { textDocument: { uri: project.uriOf("c.weft") } };
  const shown = async (place: Position): Promise<string> =>
    JSON.stringify((await project?.client.connection.sendRequest<Hover>("textDocument/hover", { ...at, position: place }))?.contents);
  expect(await shown(position)).toContain("checked together with the add in line 6");
  expect(await shown({ line: 4, character: 10 })).toMatch(/\*\*If it fails\*\*: /);
  const range = { start: { line: 5, character: 0 }, end: { line: 7, character: 0 } };
  const hints = await project.client.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", { ...at, range });
  expect(hints.map(({ position: { line }, label }) => [line, label])).toContainEqual([6, "Δ"]);
});
