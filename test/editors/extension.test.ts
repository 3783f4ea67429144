/** The bundled extension from end to end, in a stand-in for the editor: it starts a server, shows its matrix, follows the cursor, and runs tests. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { extensionHost, lastOf, openView, testsOf } from "../helpers/extension-host.ts";
import { Position, Range, fakeEditor } from "../helpers/fake-editor.ts";
import type { FakeEditor } from "../helpers/fake-editor.ts";
import { asObject } from "../helpers/json-schema.ts";

const PROGRAM = `contract C {
  state n: u256;
  pub fn inc() {
    self.n += 1;
  }
}
test "passes" { let c = deploy C(); c.inc(); assert c.n() == 1; }
test "fails" {
  let c = deploy C();
  assert c.n() == 2;
}
`;

/** Speaks as much of the protocol as the extension asks for, and writes down what it was told. Everything else is the real tool. */
const SERVER = `
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
if (process.argv[2] !== "lsp") {
  await import(${JSON.stringify(join(ROOT, "dist/weft.js"))});
} else {
  const rpc = createRequire(${JSON.stringify(join(ROOT, "package.json"))})("vscode-jsonrpc/node");
  const connection = rpc.createMessageConnection(process.stdin, process.stdout);
  const note = (what) => appendFileSync(process.env.WEFT_TEST_LOG, JSON.stringify(what) + "\\n");
  note({ args: process.argv.slice(2) });
  connection.onRequest("initialize", async (params) => {
    note({ pid: process.pid });
    if (process.argv.includes("--hang")) await new Promise(() => undefined);
    if (process.argv.includes("--die")) process.exit(1);
    note({ options: params.initializationOptions });
    return { capabilities: { textDocumentSync: 1 }, serverInfo: { name: "stand-in", version: "9.9" } };
  });
  connection.onRequest("weft/conflicts", ({ textDocument, position }) => {
    note({ position });
    const place = { uri: textDocument.uri, range: { start: { line: 2, character: 9 }, end: { line: 2, character: 12 } } };
    if (position.line === 0) return null;
    if (position.line === 1) throw new Error("no");
    const side = { mode: "Δ", path: "n", location: place };
    const meeting = { cell: "n", condition: "always", left: side, right: side };
    const pair = { left: "inc", right: "inc", verdict: "escrow", condition: "never", clashes: [], adds: [meeting] };
    return { contract: "C", contracts: ["C"], functions: [{ name: "inc", location: place }], current: position.line > 5 ? null : "inc", pairs: [pair], claims: [], omitted: [], stale: false };
  });
  connection.onRequest("shutdown", () => null);
  connection.onNotification("exit", () => process.exit(0));
  connection.listen();
}
`;

const work = mkdtempSync(join(tmpdir(), "weft-extension-"));
const folder = join(work, "project with spaces");
const log = join(work, "log.txt");
const host = extensionHost(join(work, "extension"));

beforeAll(async () => {
  await host.build();
  mkdirSync(folder);
  writeFileSync(join(folder, "c.weft"), PROGRAM);
  writeFileSync(join(work, "weft.mjs"), SERVER);
  process.env["WEFT_TEST_LOG"] = log;
}, 120_000);

afterEach(() => host.stop());
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function activate(settings: Readonly<Record<string, unknown>>, trusted = true): Promise<FakeEditor> {
  const editor = fakeEditor({ folder, settings, trusted });
  await host.activate(editor);
  return editor;
}

const SETTINGS = { "weft.server.path": "../weft.mjs", "weft.server.arguments": ["--extra"] };

test("starts the server with its arguments, and the panel follows the cursor", async () => {
  rmSync(log, { force: true });
  const editor = await activate(SETTINGS);
  expect(editor.said).toEqual([]);
  const view = openView(editor);
  expect(view.html()).toContain("default-src &#39;none&#39;; style-src vscode-webview:; script-src &#39;nonce-");
  editor.show("c.weft", 3, 4);
  view.receive({ kind: "ready" });
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("<h2><code>inc</code></h2>");
  editor.show("c.weft", 7, 0);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("Move the cursor");
  editor.show("c.weft", 0, 0);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("No contract of this file");
  // An error of the server is as if it had no answer.
  editor.show("c.weft", 1, 0);
  editor.show("c.weft", 3, 0);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("<h2><code>inc</code></h2>");
  const lines = readFileSync(log, "utf8").trim().split("\n");
  expect(JSON.parse(lines[0])).toEqual({ args: ["lsp", "--stdio", "--extra"] });
  expect(JSON.parse(lines[2])).toEqual({ options: { commands: ["weft.runTest", "weft.showConflicts"], analysed: true } });
});

test("clicks choose a pair and open places, and only places that were shown", async () => {
  const editor = await activate(SETTINGS);
  const view = openView(editor);
  editor.show("c.weft", 3, 4);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("inc");
  view.receive({ kind: "choose", left: "inc", right: "inc" });
  expect(lastOf(view)).toContain("<details open>");
  view.receive({ kind: "choose", left: "inc", right: "inc" });
  expect(lastOf(view)).not.toContain("<details open>");
  for (const place of [99, -1, "0", 0.5, undefined, 0]) view.receive({ kind: "open", place });
  for (const message of [{}, { kind: "choose" }, { kind: "gone" }]) view.receive(message);
  await expect.poll(() => editor.opened.length).toBe(1);
  expect(editor.opened[0]).toMatch(/c\.weft:2:9$/);
});

test("a code lens opens the panel at its pair, and the server can be restarted", async () => {
  const editor = await activate(SETTINGS);
  const view = openView(editor);
  editor.show("c.weft", 3, 4);
  await editor.commands.get("weft.showConflicts")?.(`file://${folder}/c.weft`, { line: 3, character: 0 }, "inc");
  expect(lastOf(view)).toContain("<details open>");
  rmSync(log, { force: true });
  await editor.commands.get("weft.restartServer")?.();
  editor.show("c.weft", 7, 0);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("Move the cursor");
  for (const args of [[], [7, 7, 7], ["file:///x", { line: -1 }], [undefined, null, {}]])
    await editor.commands.get("weft.showConflicts")?.(...args);
});

test("a code lens that opens the panel for the first time opens it at its pair", async () => {
  const editor = await activate(SETTINGS);
  editor.show("c.weft", 3, 4);
  await editor.commands.get("weft.showConflicts")?.(`file://${folder}/c.weft`, { line: 3, character: 0 }, "inc");
  const view = openView(editor);
  view.receive({ kind: "ready" });
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("<details open>");
});

test("tests are found without a server, run, and shown at their places", async () => {
  const editor = await activate(SETTINGS);
  const [run, coverage] = editor.tests.profiles;
  await run.handler({ include: undefined, exclude: undefined }, editor.token());
  expect(testsOf(editor).map(({ label, range }) => [label, range?.start.line])).toEqual([
    ["passes", 6],
    ["fails", 7],
  ]);
  const states = editor.tests.log.filter(([what]) => what === "passed" || what === "failed" || what === "end");
  expect(states.map(([what, label]) => [what, label])).toEqual([
    ["passed", "passes"],
    ["failed", "fails"],
    ["end", undefined],
  ]);
  const [message] = Object.values(asObject({ ...(Array.isArray(states[1][2]) ? states[1][2] : []) })).map((one) => asObject(one));
  expect(message).toMatchObject({ message: "E0611: assertion failed", expectedOutput: "2", actualOutput: "0" });
  expect(asObject(message["location"])["range"]).toEqual(new Range(9, 9, 9, 19));
  await coverage.handler({ include: [testsOf(editor)[0]], exclude: undefined }, editor.token());
  expect(editor.tests.coverage).toHaveLength(1);
  const details = await coverage.loadDetailedCoverage?.(undefined, editor.tests.coverage[0]);
  expect(details).toHaveLength(2);
  expect(details).toContainEqual({ hits: 1, location: new Position(3, 0), branches: [] });
});

test("one test is run by a code lens; one that was left out isn't; one that isn't there is told", async () => {
  const editor = await activate(SETTINGS);
  await editor.commands.get("weft.runTest")?.(`file://${folder.replaceAll(" ", "%20")}/c.weft`, "passes");
  expect(editor.tests.log.map(([what, label]) => `${String(what)} ${String(label)}`)).toEqual([
    "enqueued passes",
    "started passes",
    "passed passes",
    "end undefined",
  ]);
  await editor.commands.get("weft.runTest")?.(`file://${folder.replaceAll(" ", "%20")}/c.weft`, "gone");
  expect(editor.said.at(-1)).toContain('There is no test "gone"');
  const [run] = editor.tests.profiles;
  await run.handler({ include: undefined, exclude: [testsOf(editor)[1]] }, editor.token());
  expect(editor.tests.log.some(([, label]) => label === "fails")).toBe(false);
});

test("invariants are tests of their contract, those of mixins since the first run, and without a result they are left out", async () => {
  const path = join(folder, "i.weft");
  const other = "mixin M { state m: u8; invariant inherited { assert self.m == 0; } }\ncontract A uses M { pub fn f() { self.m = 1; } }\n";
  const third =
    "struct S { x: u8; }\ncontract B { state k: u8; init(list: list<u8, 2>, s: A) { self.k = 0; } invariant own { assert self.k == 0; } }\n";
  writeFileSync(path, `${other}${third}test "other" { let a = deploy A(); }\n`);
  const editor = await activate(SETTINGS);
  const [run] = editor.tests.profiles;
  const labels = (): readonly string[] => testsOf(editor).flatMap(({ label, uri }) => (uri.fsPath === path ? [label] : []));
  try {
    await editor.commands.get("weft.runTest")?.(pathToFileURL(path).href, "other");
    expect(labels()).toEqual(["invariants of B", "other"]);
    const file = editor.tests.items.get(pathToFileURL(path).href);
    await run.handler({ include: [file], exclude: undefined }, editor.token());
    expect(labels()).toEqual(["invariants of A", "invariants of B", "other"]);
    const ends = editor.tests.log.filter(([what]) => what === "failed" || what === "skipped");
    expect(ends.map(([what, label]) => `${String(what)} ${String(label)}`).sort()).toEqual([
      "failed invariants of A",
      "skipped invariants of B",
    ]);
  } finally {
    rmSync(path);
  }
}, 120_000);

test("all tests are those of the whole workspace, even where one file was opened and no list was asked for", async () => {
  const path = join(folder, "z.weft");
  writeFileSync(path, 'test "elsewhere" { assert true; }\n');
  const editor = await activate(SETTINGS);
  try {
    editor.show("c.weft", 3, 4);
    await expect.poll(() => testsOf(editor).length, { timeout: 20_000 }).toBe(2);
    await editor.tests.profiles[0].handler({ include: undefined, exclude: undefined }, editor.token());
    expect(editor.tests.log.filter(([what]) => what === "passed").map(([, label]) => label)).toEqual(["passes", "elsewhere"]);
  } finally {
    rmSync(path);
  }
});

test("a run that is ended leaves its tests without a result", async () => {
  const editor = await activate(SETTINGS);
  const token = editor.token();
  const ended = editor.tests.profiles[0].handler({ include: undefined, exclude: undefined }, token);
  setTimeout(() => token.cancel(), 50);
  await ended;
  expect(editor.tests.log.filter(([what]) => what === "skipped").map(([, label]) => label)).toEqual(["passes", "fails"]);
});

test("a server that hangs while it starts is replaced when one asks for it", async () => {
  rmSync(log, { force: true });
  const settings: Record<string, unknown> = { ...SETTINGS, "weft.server.arguments": ["--hang"] };
  const editor = fakeEditor({ folder, settings, trusted: true });
  const activated = host.activate(editor);
  await expect.poll(() => existsSync(log) && readFileSync(log, "utf8").includes("pid"), { timeout: 20_000 }).toBe(true);
  const pid = Number(/"pid":(\d+)/.exec(readFileSync(log, "utf8"))?.[1]);
  settings["weft.server.arguments"] = [];
  await editor.commands.get("weft.restartServer")?.();
  await activated;
  expect(editor.said).toEqual([]);
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  const view = openView(editor);
  editor.show("c.weft", 3, 4);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("<h2><code>inc</code></h2>");
});

test("a server that ends at once is told of, and isn't started for ever", async () => {
  rmSync(log, { force: true });
  const editor = await activate({ ...SETTINGS, "weft.server.arguments": ["--die"] });
  expect(editor.said.join("\n")).toContain("didn't start");
  const starts = readFileSync(log, "utf8").split('"args"').length - 1;
  expect(starts).toBeLessThanOrEqual(5);
  const view = openView(editor);
  editor.show("c.weft", 3, 4);
  await expect.poll(() => lastOf(view), { timeout: 20_000 }).toContain("No contract of this file");
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("without a weft, people are told where it was looked for, and tests say so", async () => {
  const editor = await activate({ "weft.server.path": "/gone/weft" });
  expect(editor.said).toEqual([expect.stringContaining("/gone/weft")]);
  await editor.tests.profiles[0].handler({ include: undefined, exclude: undefined }, editor.token());
  expect(editor.tests.log.filter(([what]) => what === "errored").length).toBe(2);
});

test("in a folder that isn't trusted nothing is started", async () => {
  rmSync(log, { force: true });
  const editor = await activate(SETTINGS, false);
  await editor.tests.profiles[0].handler({ include: undefined, exclude: undefined }, editor.token());
  expect(editor.tests.log.filter(([what]) => what === "errored").length).toBe(2);
  expect(editor.said).toEqual([]);
  expect(existsSync(log)).toBe(false);
});
