/** What reaches the server from around the texts: pushed and pulled diagnostics, files on the disk, folders, settings, clients that can little. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ClientCapabilities, Diagnostic, DocumentDiagnosticReport, Location } from "vscode-languageserver-protocol";
import { afterAll, expect, test } from "vitest";
import { startClient } from "./client.ts";
import type { Client, ClientOptions } from "./client.ts";
import { createPage, STRANGE } from "./page.ts";

const MS = { timeout: 60_000 };
const POLL = { timeout: 20_000, interval: 5 };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Place {
  readonly uri: string;
  readonly uriOf: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly path: (name: string) => string;
}

function newFolder(): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft-lsp-")));
  folders.push(folder);
  const path = (name: string): string => join(folder, name);
  return {
    uri: pathToFileURL(folder).href,
    path,
    uriOf: (name) => pathToFileURL(path(name)).href,
    write: (name, text) => {
      mkdirSync(join(path(name), ".."), { recursive: true });
      writeFileSync(path(name), text);
    },
  };
}

const codes = (found: readonly Diagnostic[]): readonly string[] => found.map(({ code }) => String(code));
const errors = async (client: Client, uri: string): Promise<readonly string[]> =>
  codes(await client.diagnostics(uri)).filter((code) => code.startsWith("E"));
const changed = (client: Client, ...changes: readonly (readonly [uri: string, type: 1 | 2 | 3])[]): Promise<void> =>
  client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: changes.map(([uri, type]) => ({ uri, type })) });

async function withClient(options: ClientOptions, body: (client: Client) => Promise<void>): Promise<void> {
  const client = await startClient(options);
  await body(client);
  expect(client.errors).toEqual([]);
  expect(await client.stop()).toBe(0);
}

const lastPushed = (client: Client, uri: string): readonly Diagnostic[] | undefined =>
  client.published.filter((one) => one.uri === uri).at(-1)?.diagnostics;

test("diagnostics are pushed with the version, at places in UTF-16, and taken back when all is well", MS, async () => {
  await withClient({ capabilities: {} }, async (client) => {
    const bad = createPage(
      "untitled:a",
      `\ufeffcontract A {\r\n\t/* ${STRANGE} */ state n: nope;\r\n\tpub fn f() { let s = "${STRANGE}"; self.m = 1; }\r\n}\r\n`,
    );
    await client.open(bad.uri, bad.text);
    await expect.poll(() => lastPushed(client, bad.uri)?.length, POLL).toBe(2);
    expect(lastPushed(client, bad.uri)).toMatchObject([
      { code: "E0202", severity: 1, source: "weft", range: bad.range("nope") },
      { severity: 1, range: bad.range("self.m", "m") },
    ]);
    expect(await client.diagnostics(bad.uri)).toEqual(lastPushed(client, bad.uri));
    await client.change(bad.uri, "contract A {}");
    await expect.poll(() => client.published.at(-1), POLL).toEqual({ uri: bad.uri, version: 2, diagnostics: [] });
    await client.change(bad.uri, "contract A {");
    await expect.poll(() => client.published.at(-1)?.version, POLL).toBe(3);
    expect(codes(lastPushed(client, bad.uri) ?? [])).toEqual(["E0104"]);
    await client.close(bad.uri);
    await expect.poll(() => lastPushed(client, bad.uri), POLL).toEqual([]);
  });
});

test("diagnostics of a file that isn't open are pushed for the program that is; notes lead to other files", MS, async () => {
  const place = newFolder();
  const part = createPage(place.uriOf("part.weft"), `/* ${STRANGE} */ const A: u8 = 300;\nfn ok() {}\n`);
  place.write("part.weft", part.text);
  const main = createPage(place.uriOf("main.weft"), 'import { A } from "./part.weft";\nfn A() {}\n');
  await withClient({ capabilities: {}, folders: [place.uri] }, async (client) => {
    await client.open(main.uri, main.text);
    await expect.poll(() => codes(lastPushed(client, part.uri) ?? []), POLL).toEqual(["E0308"]);
    expect(lastPushed(client, part.uri)).toMatchObject([{ range: part.range("300") }]);
    const [twice] = (await client.diagnostics(main.uri)).filter(({ code }) => code === "E0201");
    expect(main.slice(twice.range)).toBe("A");
    for (const { location } of twice.relatedInformation ?? []) expect(main.slice(location.range)).toBe("A");
    await client.close(main.uri);
    await expect.poll(() => [lastPushed(client, part.uri), lastPushed(client, main.uri)], POLL).toEqual([[], []]);
  });
});

test("a client that pulls isn't pushed at; what it has already isn't sent again", MS, async () => {
  const capabilities: ClientCapabilities = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
  await withClient({ capabilities }, async (client) => {
    const pull = (previousResultId?: string): Promise<DocumentDiagnosticReport> =>
      client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: "untitled:a" }, previousResultId });
    await client.open("untitled:a", "contract A { state n: nope; }");
    const first = await pull();
    expect(first).toMatchObject({ kind: "full", items: [{ code: "E0202" }] });
    expect(await pull(first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
    await client.change("untitled:a", "contract A { state n: u8; state n: u8; }");
    const second = await pull(first.resultId);
    expect(second).toMatchObject({ kind: "full", items: [{ code: "E0201" }] });
    await client.change("untitled:a", "contract A { state n: nope; }");
    expect(await pull(second.resultId)).toEqual(first);
    expect(client.published).toEqual([]);
    // Another file may be about this one: the client is told to ask again.
    await client.open("untitled:b", "contract B {}");
    await expect.poll(() => client.refreshed.get("diagnostic") ?? 0, POLL).toBeGreaterThan(0);
  });
});

test("who asks once and isn't told of more is told what all open programs say", MS, async () => {
  const place = newFolder();
  const main = 'import { Part } from "./part.weft";\ncontract Main {\n  state part: Part;\n}\n';
  const part = "contract Part {\n  state n: u64;\n  pub fn step(n: u64) {\n    self.n = self.n * 2 + n;\n  }\n}\n";
  await withClient({ capabilities: { textDocument: { diagnostic: {} } }, folders: [place.uri] }, async (client) => {
    await client.open(place.uriOf("part.weft"), part);
    await client.open(place.uriOf("main.weft"), main);
    // With an error in its tests its own program has no warnings; the other one has.
    expect(codes(await client.diagnostics(place.uriOf("part.weft")))).toEqual(["W1001"]);
    for (let i = 0; i < 20; i++) {
      // All at once: the server hears of the edit and the question in one piece.
      const edited = client.change(place.uriOf("part.weft"), `${part}test "t" {\n  let a = what${i};\n}\n`);
      const found = client.diagnostics(place.uriOf("part.weft"));
      await edited;
      expect(codes(await found)).toEqual(["W1001", "E0202"]);
    }
  });
});

test("files on the disk that appear, change, vanish and are renamed are noticed", MS, async () => {
  const place = newFolder();
  const main = place.uriOf("main.weft");
  await withClient({ folders: [place.uri] }, async (client) => {
    await client.open(main, 'import { A } from "./sub/part.weft";\nfn f() -> u8 { return A; }\n');
    expect(await errors(client, main)).toEqual(["E0802"]);
    place.write("sub/part.weft", "const A: u8 = 1;");
    await changed(client, [place.uriOf("sub/part.weft"), 1]);
    expect(await errors(client, main)).toEqual([]);
    place.write("sub/part.weft", "const A: u16 = 1;");
    await changed(client, [place.uriOf("sub/part.weft"), 2]);
    expect(await errors(client, main)).not.toEqual([]);
    place.write("sub/part.weft", "const B: u8 = 1;");
    await changed(client, [place.uriOf("sub/part.weft"), 2]);
    expect(await errors(client, main)).toEqual(["E0204"]);
    place.write("sub/part.weft", "const A: u8 = 1;");
    await changed(client, [place.uriOf("sub/part.weft"), 2]);
    expect(await errors(client, main)).toEqual([]);
    renameSync(place.path("sub/part.weft"), place.path("sub/other.weft"));
    await changed(client, [place.uriOf("sub/part.weft"), 3], [place.uriOf("sub/other.weft"), 1]);
    expect(await errors(client, main)).toEqual(["E0802"]);
    await client.change(main, 'import { A } from "./sub/other.weft";\nfn f() -> u8 { return A; }\n');
    expect(await errors(client, main)).toEqual([]);
    unlinkSync(place.path("sub/other.weft"));
    await changed(client, [place.uriOf("sub/other.weft"), 3]);
    expect(await errors(client, main)).toEqual(["E0802"]);
    // No text at all, too large, a folder: as if it weren't there, or with its own message.
    for (const make of [
      () => writeFileSync(place.path("sub/other.weft"), Buffer.from([0xff, 0xfe, 0x80, 0])),
      () => writeFileSync(place.path("sub/other.weft"), "x".repeat(2_000_000)),
      () => mkdirSync(place.path("sub/other.weft")),
    ]) {
      if (existsSync(place.path("sub/other.weft"))) rmSync(place.path("sub/other.weft"), { recursive: true });
      make();
      await changed(client, [place.uriOf("sub/other.weft"), 1]);
      expect((await errors(client, main)).length).toBeGreaterThan(0);
    }
    rmSync(place.path("sub/other.weft"), { recursive: true });
    place.write("sub/other.weft", "const A: u8 = 1;");
    await changed(client, [place.uriOf("sub/other.weft"), 1]);
    expect(await errors(client, main)).toEqual([]);
  });
});

test("what is open in the editor counts, and the disk again once it is closed", MS, async () => {
  const place = newFolder();
  place.write("part.weft", "const A: u8 = 1;");
  const [main, part] = [place.uriOf("main.weft"), place.uriOf("part.weft")];
  await withClient({ folders: [place.uri] }, async (client) => {
    await client.open(main, 'import { A } from "./part.weft";\nfn f() -> u8 { return A; }\n');
    expect(await errors(client, main)).toEqual([]);
    await client.open(part, "const Other: u8 = 1;");
    expect(await errors(client, main)).toEqual(["E0204"]);
    // The disk is none of this program's concern now.
    place.write("part.weft", "const A: u8 = 2;");
    await changed(client, [part, 2]);
    expect(await errors(client, main)).toEqual(["E0204"]);
    await client.change(part, "const Other: u8 = 1; const A: u8 = 1;");
    expect(await errors(client, main)).toEqual([]);
    await client.change(part, "const Other: u8 = 1;");
    await client.close(part);
    expect(await errors(client, main)).toEqual([]);
  });
});

test("folders come and go while the server runs", MS, async () => {
  const [one, two] = [newFolder(), newFolder()];
  one.write("a.weft", "fn firstOne() {}");
  two.write("deep/er/b.weft", "fn secondOne() {}");
  two.write("node_modules/c.weft", "fn thirdOne() {}");
  two.write(".hidden/d.weft", "fn fourthOne() {}");
  two.write("e.txt", "fn fifthOne() {}");
  await withClient({ folders: [one.uri] }, async (client) => {
    const names = async (): Promise<readonly string[]> =>
      (await client.connection.sendRequest<readonly { readonly name: string }[]>("workspace/symbol", { query: "One" }))
        .map(({ name }) => name)
        .sort();
    const move = (added: readonly Place[], removed: readonly Place[]): Promise<void> => {
      const shown = (places: readonly Place[]): object[] => places.map(({ uri }) => ({ uri, name: uri }));
      return client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
        event: { added: shown(added), removed: shown(removed) },
      });
    };
    expect(await names()).toEqual(["firstOne"]);
    await move([two], []);
    expect(await names()).toEqual(["firstOne", "secondOne"]);
    await move([], [one]);
    expect(await names()).toEqual(["secondOne"]);
    two.write("f.weft", "fn sixthOne() {}");
    await changed(client, [two.uriOf("f.weft"), 1]);
    expect(await names()).toEqual(["secondOne", "sixthOne"]);
    // References reach files of the folders that nobody opened.
    two.write("deep/g.weft", 'import { sixthOne } from "../f.weft";\nfn g() { sixthOne(); }\n');
    await changed(client, [two.uriOf("deep/g.weft"), 1]);
    const params = {
      textDocument: { uri: two.uriOf("f.weft") },
      position: { line: 0, character: 4 },
      context: { includeDeclaration: true },
    };
    expect(await client.request("textDocument/references", params)).toHaveLength(3);
    await move([], [two]);
    expect(await names()).toEqual([]);
    await move([one, two], []);
    expect(await names()).toEqual(["firstOne", "secondOne", "sixthOne"]);
  });
});

const COUNTER = 'contract A {\n  state n: u256;\n  pub fn f() { let x = 5; self.n = x; }\n}\ntest "t" {}\n';

async function shown(
  client: Client,
  uri: string,
): Promise<{ readonly hints: readonly string[]; readonly lenses: readonly string[]; readonly warnings: readonly string[] }> {
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = await client.connection.sendRequest<readonly { readonly label: string }[]>("textDocument/inlayHint", {
    textDocument: { uri },
    range,
  });
  const lenses = await client.connection.sendRequest<readonly { readonly command: { readonly title: string } }[]>("textDocument/codeLens", {
    textDocument: { uri },
  });
  return {
    hints: hints.map(({ label }) => label),
    lenses: lenses.map(({ command }) => command.title),
    warnings: codes(await client.diagnostics(uri)),
  };
}

const ALL = { hints: [": u256", "W"], lenses: ["W n", "conflicts with f (always)", "run test"], warnings: ["W1001"] };

test("settings that the server pulls, and pulls again when it is told of a change", MS, async () => {
  let settings: unknown = null;
  const capabilities: ClientCapabilities = {
    workspace: {
      configuration: true,
      codeLens: { refreshSupport: true },
      inlayHint: { refreshSupport: true },
      didChangeWatchedFiles: { dynamicRegistration: true },
    },
  };
  await withClient({ capabilities, settings: () => settings }, async (client) => {
    await client.open("untitled:a", COUNTER);
    expect(await shown(client, "untitled:a")).toEqual(ALL);
    await expect
      .poll(() => [...client.registered].sort(), POLL)
      .toEqual(["workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles"]);
    const cases: readonly (readonly [given: unknown, expected: typeof ALL])[] = [
      [{ inlayHints: { types: false } }, { ...ALL, hints: ["W"] }],
      [{ inlayHints: { modes: false } }, { ...ALL, hints: [": u256"] }],
      [{ codeLens: { footprints: false } }, { ...ALL, lenses: ["conflicts with f (always)", "run test"] }],
      [{ codeLens: { conflicts: false } }, { ...ALL, lenses: ["W n", "run test"] }],
      [{ codeLens: { tests: false } }, { ...ALL, lenses: ["W n", "conflicts with f (always)"] }],
      [{ diagnostics: { parallelism: false } }, { ...ALL, warnings: [] }],
      // Nonsense counts as not said.
      [{ inlayHints: "no", codeLens: { tests: 0 }, diagnostics: [] }, ALL],
      ["nonsense", ALL],
    ];
    for (const [given, expected] of cases) {
      settings = given;
      const before = client.refreshed.get("inlayHint") ?? 0;
      await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await expect.poll(() => client.refreshed.get("inlayHint") ?? 0, POLL).toBeGreaterThan(before);
      expect(await shown(client, "untitled:a"), JSON.stringify(given)).toEqual(expected);
    }
  });
});

test("settings that are pushed, and given at the start", MS, async () => {
  await withClient({ capabilities: {}, initializationOptions: { inlayHints: { types: false } } }, async (client) => {
    await client.open("untitled:a", COUNTER);
    expect(await shown(client, "untitled:a")).toEqual({ ...ALL, hints: ["W"] });
    const push = (weft: unknown): Promise<void> =>
      client.connection.sendNotification("workspace/didChangeConfiguration", { settings: { weft } });
    await push({ codeLens: { tests: false }, diagnostics: { parallelism: false } });
    expect(await shown(client, "untitled:a")).toEqual({ ...ALL, lenses: ["W n", "conflicts with f (always)"], warnings: [] });
    // What was pushed to the client goes, too.
    await expect.poll(() => lastPushed(client, "untitled:a"), POLL).toEqual([]);
    await push(null);
    expect(await shown(client, "untitled:a")).toEqual(ALL);
    await expect.poll(() => codes(lastPushed(client, "untitled:a") ?? []), POLL).toEqual(["W1001"]);
  });
});

test("lenses have commands for clients that know them, and words alone for others", MS, async () => {
  const lenses = async (commands: unknown): Promise<readonly unknown[]> => {
    let found: readonly { readonly command: unknown }[] = [];
    await withClient({ initializationOptions: { commands } }, async (client) => {
      await client.open("untitled:a", COUNTER);
      found = await client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri: "untitled:a" } });
    });
    return found.map(({ command }) => command);
  };
  const position = { line: 2, character: 9 };
  expect(await lenses(["weft.runTest"])).toEqual([
    { title: "W n", command: "" },
    { title: "conflicts with f (always)", command: "" },
    { title: "run test", command: "weft.runTest", arguments: ["untitled:a", "t"] },
  ]);
  expect(await lenses(["weft.showConflicts", 7])).toEqual([
    { title: "W n", command: "weft.showConflicts", arguments: ["untitled:a", position] },
    { title: "conflicts with f (always)", command: "weft.showConflicts", arguments: ["untitled:a", position] },
    { title: "run test", command: "" },
  ]);
});

test("`weft/analysed` is for clients that ask for it: others would log what they don't know", MS, async () => {
  const heard = async (initializationOptions: unknown): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    await withClient({ initializationOptions }, async (client) => {
      client.connection.onNotification("weft/analysed", (params) => void found.push(params));
      await client.open("untitled:a", COUNTER);
      // Pushed after the analysis, whose word comes in the same step.
      await expect.poll(() => codes(lastPushed(client, "untitled:a") ?? []), POLL).toEqual(["W1001"]);
      await client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri: "untitled:a" } });
    });
    return found;
  };
  expect(await heard({ analysed: true })).toContainEqual({ uri: "untitled:a" });
  for (const other of [undefined, null, 7, {}, { analysed: "yes" }]) expect(await heard(other)).toEqual([]);
});

test("who can nothing is asked for nothing: no registrations, no refreshes, no pulls", MS, async () => {
  await withClient({ capabilities: {} }, async (client) => {
    await client.open("untitled:a", COUNTER);
    await client.change("untitled:a", COUNTER.replace("= 5", "= 6"));
    expect(await shown(client, "untitled:a")).toEqual(ALL);
    await expect.poll(() => codes(lastPushed(client, "untitled:a") ?? []), POLL).toEqual(["W1001"]);
    expect([client.registered, [...client.refreshed]]).toEqual([[], []]);
  });
});

test("right after an edit nothing is told of the text before it", MS, async () => {
  const place = newFolder();
  const [main, part] = [place.uriOf("main.weft"), place.uriOf("part.weft")];
  await withClient({ folders: [place.uri] }, async (client) => {
    await client.open(part, "const A: u8 = nope;");
    await client.open(main, 'import { A } from "./part.weft";\n');
    expect(await errors(client, part)).toEqual(["E0202"]);
    expect(await errors(client, main)).toEqual([]);
    // Both programs know the file, and only one is asked.
    const change = client.change(part, "const A: u8 = 1;");
    expect(await errors(client, part)).toEqual([]);
    await change;
  });
});

test("what is pulled of a file that nobody opened comes from its own program", MS, async () => {
  const place = newFolder();
  place.write("alone.weft", "const A: u8 = nope;");
  await withClient({ folders: [place.uri] }, async (client) => {
    expect(await errors(client, place.uriOf("alone.weft"))).toEqual(["E0202"]);
  });
});

test("edits that put line ends together, or take them apart, leave all others in place", MS, async () => {
  await withClient({ capabilities: {} }, async (client) => {
    const uri = "untitled:a";
    let page = createPage(uri, "const A: u8 = 1;\n\nconst B: u8 = 2;\r\nconst C: u8 = 3;\n");
    await client.open(uri, page.text);
    const replace = async (start: number, end: number, text: string): Promise<void> => {
      await client.edit(uri, [{ range: { start: page.positionAt(start), end: page.positionAt(end) }, text }]);
      page = createPage(uri, page.text.slice(0, start) + text + page.text.slice(end));
    };
    const endOfA = page.text.indexOf("\n");
    await replace(endOfA, endOfA + 1, "\r");
    await replace(endOfA - 1, endOfA - 1, " ");
    const behindB = page.text.indexOf("const C");
    await replace(behindB, behindB, "\n");
    await replace(behindB, behindB + 1, "\r");
    await replace(page.text.indexOf("2;"), page.text.indexOf("2;") + 1, "nope");
    expect((await client.diagnostics(uri)).map(({ code, range }) => [code, page.slice(range)])).toEqual([["E0202", "nope"]]);
    await replace(page.text.indexOf("3;"), page.text.indexOf("3;") + 1, "nix");
    expect((await client.diagnostics(uri)).map(({ range }) => page.slice(range))).toEqual(["nope", "nix"]);
  });
});

test("files of the standard library are found and looked into, with places in them", MS, async () => {
  await withClient({ capabilities: {} }, async (client) => {
    const page = createPage(
      "untitled:a",
      `/* ${STRANGE} */ import { Ownable } from "weft/std/ownable.weft";\ncontract A uses Ownable {\n  init() { self.owner = caller; }\n}\n`,
    );
    await client.open(page.uri, page.text);
    const [link] = await client.connection.sendRequest<readonly Location[]>("textDocument/definition", {
      textDocument: { uri: page.uri },
      position: page.at("uses Ownable", "Ownable"),
    });
    expect(link.uri).toMatch(/^file:.*\/std\/ownable\.weft$/);
    // The editor shows that file and asks on in it.
    const symbols = await client.connection.sendRequest<readonly { readonly name: string }[]>("textDocument/documentSymbol", {
      textDocument: { uri: link.uri },
    });
    expect(symbols.map(({ name }) => name)).toContain("Ownable");
  });
});
