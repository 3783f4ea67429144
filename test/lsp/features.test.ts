import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { marked, positionOf, startClient } from "./client.ts";
import type { Client } from "./client.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft-lsp-")));
const uri = pathToFileURL(join(folder, "jar.weft")).href;
const shapes = pathToFileURL(join(folder, "shapes.weft")).href;
const SHAPES = `/// How long.\nconst DAY: u64 = 86_400;\n\nenum Status { Open, Closed }\n\nstruct Task {\n  owner: address;\n  due: u64;\n}\n`;
const JAR = `import { DAY, Task as Job } from "./shapes.weft";

/// A jar 🏺.
contract Jar {
  state deposits: map<address, u256>;
  state total: u256;
  state jobs: map<u64, Job>;

  event Filled(indexed who: address, amount: u256);
  error NotThatMuch(asked: u256);

  /// Fills it.
  payable fn fill() {
    self.deposits[caller] += value;
    self.total += value;
    emit Filled(caller, value);
  }

  pub fn take(amount: u256) {
    let text = "🏺🏺"; let half = amount / 2;
    require half < 5 else NotThatMuch(half);
    self.deposits[caller] -= amount else NotThatMuch(amount);
    self.total -= amount;
    self.log(text.len() + DAY);
    pay(caller, amount);
  }

  fn log(at: u64) {
    self.jobs[at] = Job { owner: caller, due: at };
    let job = self.jobs[at];
    require job.due > 0;
  }
}

test "what goes in" {
  let jar = deploy Jar();
  jar.fill() as @alice value 5;
  expect jar.take(26) as @bob revert NotThatMuch(26);
}
`;

let client: Client;
beforeAll(async () => {
  writeFileSync(join(folder, "shapes.weft"), SHAPES);
  writeFileSync(join(folder, "jar.weft"), JAR);
  client = await startClient({
    folders: [pathToFileURL(folder).href],
    initializationOptions: { commands: ["weft.runTest", "weft.showConflicts"] },
  });
  await client.open(uri, JAR);
});
afterAll(async () => {
  expect(client.errors).toEqual([]);
  expect(await client.stop()).toBe(0);
});

function at(wanted: string, nth = 0, from = JAR): unknown {
  return { textDocument: { uri }, position: positionOf(from, wanted, nth) };
}

async function ask(method: string, wanted: string, nth = 0, more: object = {}): Promise<string> {
  return JSON.stringify(await client.request(`textDocument/${method}`, { ...Object(at(wanted, nth)), ...more }));
}

async function labels(text: string): Promise<readonly string[]> {
  const found = marked(text);
  await client.change(uri, found.text);
  const items = await client.connection.sendRequest<readonly { readonly label: string }[]>("textDocument/completion", {
    textDocument: { uri },
    position: found.position,
  });
  await client.change(uri, JAR);
  return items.map(({ label }) => label);
}

test("a program without errors has only its warnings, and those are pushed too", async () => {
  const found = await client.diagnostics(uri);
  expect(found.filter(({ severity }) => severity === 1)).toEqual([]);
  await expect.poll(() => client.published.filter((one) => one.uri === uri).length, { timeout: 20_000 }).toBeGreaterThan(0);
});

test("hover shows the declaration, its words, modes and footprints", async () => {
  expect(await ask("hover", "fill()")).toMatch(/payable fn fill\(\).*Fills it\..*Footprint.*deposits\[caller\]/s);
  expect(await ask("hover", "deposits[caller] +=")).toMatch(
    /\*\*Δ\*\* adds to `self\.deposits\[caller\]`|\*\*Δ\*\* adds to `deposits\[caller\]`/,
  );
  expect(await ask("hover", "half =")).toContain("let half: u256");
  expect(await ask("hover", "caller]")).toContain("Who makes the call");
  expect(await ask("hover", "DAY);")).toContain("How long.");
});

test("positions count UTF-16 units behind characters outside of ASCII", async () => {
  const found = await ask("definition", "half < 5");
  expect(found).toContain(
    JSON.stringify({
      start: positionOf(JAR, "half = amount"),
      end: { line: 19, character: positionOf(JAR, "half = amount").character + 4 },
    }),
  );
});

test("definitions lead to locals, members, imports and the files of imports", async () => {
  expect(await ask("definition", "log(text")).toContain(
    `"targetRange":${JSON.stringify({ start: positionOf(JAR, "log(at"), end: { line: positionOf(JAR, "log(at").line, character: 8 } })}`,
  );
  expect(await ask("definition", "DAY);")).toContain("shapes.weft");
  expect(await ask("definition", "shapes.weft")).toContain("shapes.weft");
  expect(await ask("definition", "due > 0")).toContain('"line":7,"character":2');
  expect(await ask("definition", "take(26)")).toContain('"line":18');
});

test("type definitions lead to the struct", async () => {
  expect(await ask("typeDefinition", "job.due")).toMatch(/shapes\.weft.*"line":5/);
});

test("references and highlights name every place once", async () => {
  const found: unknown = JSON.parse(await ask("references", "total: u256", 0, { context: { includeDeclaration: true } }));
  expect(found).toHaveLength(3);
  expect(JSON.parse(await ask("documentHighlight", "amount: u256)", 1))).toHaveLength(6);
});

test("rename goes across files, keeps aliases, and refuses what it can't", async () => {
  const text = await ask("rename", "DAY,", 0, { newName: "LONG" });
  expect(text).toContain("shapes.weft");
  expect(text.match(/"newText":"LONG"/g)).toHaveLength(3);
  const alias = await ask("rename", "Job {", 0, { newName: "Chore" });
  expect(alias).not.toContain("shapes.weft");
  expect(alias.match(/Chore/g)).toHaveLength(3);
  await expect(ask("rename", "DAY,", 0, { newName: "fn" })).rejects.toThrow("can't be a name");
  await expect(ask("prepareRename", "caller]")).rejects.toThrow("part of the language");
  await expect(ask("rename", "total: u256", 0, { newName: "deposits" })).rejects.toThrow("declared there already");
});

test("outlines and workspace symbols", async () => {
  const outline = JSON.stringify(await client.request("textDocument/documentSymbol", { textDocument: { uri } }));
  for (const name of ["Jar", "deposits", "fill", "log", 'test \\"what goes in\\"']) expect(outline).toContain(name);
  expect(JSON.stringify(await client.request("workspace/symbol", { query: "tsk" }))).toContain('"Task"');
});

test("completion offers members, outcomes, types, keywords, snippets and imports", async () => {
  const body = (inside: string): string => JAR.replace("    self.total -= amount;\n", `    ${inside}\n`);
  expect(await labels(body("self.|"))).toEqual(expect.arrayContaining(["deposits", "total", "log", "balance"]));
  expect(await labels(body("emit |"))).toContain("Filled");
  expect(await labels(body("revert |"))).toContain("NotThatMuch");
  expect(await labels(body("let x: |"))).toEqual(expect.arrayContaining(["u256", "Job"]));
  expect(await labels(body("|"))).toEqual(expect.arrayContaining(["let", "require", "amount", "half", "caller", "mulDiv", "Status"]));
  expect(await labels(body("let y = Job { owner: caller, due: 1 }; y.|"))).toEqual(expect.arrayContaining(["owner", "due"]));
  expect(await labels(JAR.replace("jar.fill()", "jar.|"))).toEqual(expect.arrayContaining(["fill", "take", "total"]));
  expect(await labels(`${JAR}\n|`)).toEqual(expect.arrayContaining(["contract", "test", "import"]));
  expect(await labels(JAR.replace('"./shapes.weft"', '"|"'))).toContain("./shapes.weft");
});

test("signature help knows half a call", async () => {
  const { text, position } = marked(JAR.replace("self.log(text.len() + DAY);", "mulDiv(1, |"));
  await client.change(uri, text);
  const found = JSON.stringify(await client.request("textDocument/signatureHelp", { textDocument: { uri }, position }));
  await client.change(uri, JAR);
  expect(found).toMatch(/mulDiv\(a: T, b: T, c: T\).*"activeParameter":1/);
  expect(await ask("signatureHelp", "26) as")).toContain("take(amount: u256)");
});

test("semantic tokens, whole and as what changed", async () => {
  const full = await client.connection.sendRequest<{ readonly resultId: string; readonly data: readonly number[] }>(
    "textDocument/semanticTokens/full",
    { textDocument: { uri } },
  );
  expect(full.data.length % 5).toBe(0);
  expect(full.data.length).toBeGreaterThan(200);
  await client.change(uri, JAR.replace("let half = amount / 2;", "let half = amount / amount;"));
  const delta = await client.connection.sendRequest<{
    readonly edits: readonly { readonly start: number; readonly deleteCount: number; readonly data: readonly number[] }[];
  }>("textDocument/semanticTokens/full/delta", { textDocument: { uri }, previousResultId: full.resultId });
  const now = await client.connection.sendRequest<{ readonly data: readonly number[] }>("textDocument/semanticTokens/full", {
    textDocument: { uri },
  });
  const data = [...full.data];
  for (const edit of delta.edits) data.splice(edit.start, edit.deleteCount, ...edit.data);
  expect(data).toEqual(now.data);
  await client.change(uri, JAR);
});

test("folding, selection ranges and links", async () => {
  const doc = { textDocument: { uri } };
  expect(JSON.stringify(await client.request("textDocument/foldingRange", doc))).toContain(`"startLine":3`);
  expect(
    JSON.stringify(await client.request("textDocument/selectionRange", { ...doc, positions: [positionOf(JAR, "half < 5")] })),
  ).toContain("parent");
  expect(JSON.stringify(await client.request("textDocument/documentLink", doc))).toContain("shapes.weft");
});

test("call hierarchy goes both ways", async () => {
  const [item] = await client.connection.sendRequest<readonly object[]>("textDocument/prepareCallHierarchy", at("log(at"));
  expect(JSON.stringify(await client.request("callHierarchy/incomingCalls", { item }))).toContain('"take"');
  const [take] = await client.connection.sendRequest<readonly object[]>("textDocument/prepareCallHierarchy", at("take(amount"));
  expect(JSON.stringify(await client.request("callHierarchy/outgoingCalls", { item: take }))).toContain('"log"');
  expect(JSON.stringify(await client.request("callHierarchy/incomingCalls", { item: take }))).toContain("what goes in");
});

test("formatting changes what isn't in style, and nothing in a broken file", async () => {
  const options = { tabSize: 2, insertSpaces: true };
  await client.change(uri, JAR.replace("    self.total -= amount;", "  self.total   -=amount;"));
  expect(JSON.stringify(await client.request("textDocument/formatting", { textDocument: { uri }, options }))).toContain(
    "    self.total -= amount;",
  );
  await client.change(uri, JAR.replace("self.total -= amount;", "self.total -= ;"));
  expect(await client.request("textDocument/formatting", { textDocument: { uri }, options })).toEqual([]);
  await client.change(uri, JAR);
});

test("code actions: fixes, imports, assertions, imports in order", async () => {
  const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  await client.change(uri, JAR.replace("self.total -= amount;", "self.totl -= amount; let s = Status.Open;"));
  const fixes = JSON.stringify(
    await client.request("textDocument/codeAction", { textDocument: { uri }, range: all, context: { diagnostics: [] } }),
  );
  expect(fixes).toContain("replace by `total`");
  expect(fixes).toContain("import `Status`");
  await client.change(uri, JAR);
  const position = positionOf(JAR, "fill()");
  const pairs = JSON.stringify(
    await client.request("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    }),
  );
  expect(pairs).toContain("add `parallel (a: fill, b: fill)");
  await client.change(uri, JAR.replace("{ DAY, Task as Job }", "{ Task as Job, Status, DAY }"));
  const sorted = JSON.stringify(
    await client.request("textDocument/codeAction", {
      textDocument: { uri },
      range: all,
      context: { diagnostics: [], only: ["source.organizeImports"] },
    }),
  );
  expect(sorted).toContain("import { DAY, Status, Task as Job } from");
  await client.change(uri, JAR);
});

test("lenses, hints and the panel", async () => {
  const lenses = JSON.stringify(await client.request("textDocument/codeLens", { textDocument: { uri } }));
  expect(lenses).toMatch(/weft\.runTest.*what goes in/s);
  expect(lenses).toContain("conflicts with");
  expect(lenses).toContain("Δ deposits[caller]");
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = JSON.stringify(await client.request("textDocument/inlayHint", { textDocument: { uri }, range }));
  expect(hints).toContain(": u256");
  expect(hints).toContain('"Δ"');
  const panel = JSON.stringify(await client.request("weft/conflicts", { textDocument: { uri }, position: positionOf(JAR, "take(amount") }));
  expect(panel).toMatch(/"contract":"Jar".*"current":"take".*"stale":false/s);
  expect(JSON.stringify(await client.request("weft/tests", { textDocument: { uri } }))).toContain('"title":"what goes in"');
});

test("settings switch hints and lenses off", async () => {
  await client.connection.sendNotification("workspace/didChangeConfiguration", {
    settings: { weft: { inlayHints: { types: false, modes: false }, codeLens: { tests: false, footprints: false, conflicts: false } } },
  });
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  expect(await client.request("textDocument/inlayHint", { textDocument: { uri }, range })).toEqual([]);
  expect(await client.request("textDocument/codeLens", { textDocument: { uri } })).toEqual([]);
  await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
});

test("a broken file keeps its outline, completions and the last footprints", async () => {
  const broken = JAR.replace("  pub fn take(amount: u256) {", "  pub fn take(amount: u256 {");
  await client.change(uri, broken);
  expect((await client.diagnostics(uri)).some(({ code }) => String(code).startsWith("E01"))).toBe(true);
  expect(JSON.stringify(await client.request("textDocument/documentSymbol", { textDocument: { uri } }))).toContain("deposits");
  expect(JSON.stringify(await client.request("textDocument/hover", at("fill()", 0, broken)))).toContain("last text without errors");
  await client.change(uri, JAR);
});

test("an edit of one file is seen in the other", async () => {
  await client.open(shapes, SHAPES);
  await client.change(shapes, SHAPES.replace("const DAY", "const WEEK"));
  expect((await client.diagnostics(uri)).map(({ code }) => code)).toContain("E0204");
  await client.change(shapes, SHAPES);
  expect((await client.diagnostics(uri)).map(({ code }) => code)).not.toContain("E0204");
});
