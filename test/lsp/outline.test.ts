/** What shows a text's shape, over stdio: symbols, semantic tokens, folding, selection ranges, links; in whole and broken texts, in several dresses. */
import {
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  SelectionRangeRequest,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  WorkspaceSymbolRequest,
} from "vscode-languageserver-protocol";
import type { DocumentSymbol, SelectionRange, SymbolInformation } from "vscode-languageserver-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPage, DRESSES } from "./page.ts";
import type { Page } from "./page.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

interface Token {
  readonly word: string;
  readonly type: string;
  readonly modifiers: readonly string[];
  readonly line: number;
}

describe.each(DRESSES)("the shape of a text $name", (dress) => {
  let world: World;
  let vault: Page;
  let shapes: Page;
  beforeAll(async () => {
    world = await startWorld(dress);
    ({ vault, shapes } = world);
  });
  afterAll(() => world.end());

  const symbolsOf = async (page: Page): Promise<readonly DocumentSymbol[]> => {
    const found = await world.client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: page.uri } });
    return (found ?? []).flatMap((one) => ("selectionRange" in one ? [one] : []));
  };
  const outline = (symbols: readonly DocumentSymbol[]): readonly unknown[] =>
    symbols.map(({ name, children }) => (children === undefined || children.length === 0 ? name : [name, ...outline(children)]));
  const VAULT_OUTLINE = [
    "Empty",
    ["Owned", "owner", "NotOwner", "onlyOwner"],
    [
      "Vault",
      "balances",
      "total",
      "jobs",
      "fee",
      "Filled",
      "NotThatMuch",
      "init",
      "fill",
      "take",
      "setOwner",
      "dueOf",
      "log",
      "parallel fill, fill",
    ],
    'test "what goes 🏺 in"',
  ];

  test("document symbols: all declarations in order, each around its name", async () => {
    const found = await symbolsOf(vault);
    expect(outline(found)).toEqual(VAULT_OUTLINE);
    const vaultSymbol = found[2];
    expect(vault.slice(vaultSymbol.selectionRange)).toBe("Vault");
    expect(vault.slice(vaultSymbol.range)).toMatch(/^contract Vault uses Owned \{[^]*\}$/);
    for (const child of vaultSymbol.children ?? []) {
      const named = child.name.startsWith("parallel") ? "fill, b: fill" : child.name === "init" ? "" : child.name;
      expect(vault.slice(child.selectionRange)).toBe(named);
    }
    const take = vaultSymbol.children?.find(({ name }) => name === "take");
    expect(take).toMatchObject({ selectionRange: vault.range("fn take", "take"), detail: "pub" });
    expect(vaultSymbol.children?.find(({ name }) => name === "balances")?.detail).toBe("map<address, u256>");
    // Of a file that nobody opened.
    expect(outline(await symbolsOf(shapes))).toEqual([
      "DAY",
      ["Status", "Open", "Closed", "Late"],
      ["Task", "owner", "due"],
      ["Clock", "now"],
      "twice",
    ]);
  });

  test("document symbols of broken texts: what is whole is there", async () => {
    const cases: readonly (readonly [about: string, text: string, missing: readonly string[]])[] = [
      ["a statement", vault.text.replace("self.total -= amount;", "self.total -= "), []],
      ["a head", vault.text.replace("pub fn setOwner(next: address) with onlyOwner {", "pub fn setOwner(next: {"), []],
      ["a brace too few", vault.text.replace("pay(caller, amount);", "if half > 1 {"), []],
      ["a string", vault.text.replace('"🏺é"', '"🏺é'), []],
      ["a member", vault.text.replace("state total: u256;", "state "), ["total", "jobs"]],
    ];
    for (const [about, text, missing] of cases) {
      await world.during(text, async (page) => {
        const names = new Set(outline(await symbolsOf(page)).flat());
        const expected = VAULT_OUTLINE.flat().filter((name) => !missing.includes(name));
        expect(
          expected.filter((name) => !names.has(name)),
          about,
        ).toEqual([]);
      });
    }
    const nothing = createPage("untitled:nothing", "");
    await world.client.open(nothing.uri, "");
    expect(await symbolsOf(nothing)).toEqual([]);
    await world.client.close(nothing.uri);
  });

  const find = async (query: string): Promise<readonly SymbolInformation[]> => {
    const found = await world.client.connection.sendRequest(WorkspaceSymbolRequest.type, { query });
    return (found ?? []).flatMap((one) => ("range" in one.location ? [{ ...one, location: one.location }] : []));
  };

  test("workspace symbols: by the letters of the name, of open and closed files", async () => {
    expect(await find("twice")).toMatchObject([{ name: "twice", location: { uri: shapes.uri, range: shapes.range("fn twice", "twice") } }]);
    expect((await find("STOWN")).map(({ name, containerName }) => [name, containerName])).toEqual([["setOwner", "Vault"]]);
    expect(await find("setowner")).toMatchObject([{ location: { uri: vault.uri, range: vault.range("fn setOwner", "setOwner") } }]);
    expect((await find("Task")).map(({ location }) => shapes.slice(location.range))).toEqual(["Task"]);
    expect(await find("nosuchname")).toEqual([]);
    expect(await find("🏺")).toMatchObject([{ name: "what goes 🏺 in" }]);
    const all = await find("");
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(["DAY", "Status", "Vault", "fill", "onlyOwner"]));
  });

  const decode = (page: Page, data: readonly number[]): readonly Token[] => {
    const { legend } = world.client.initialized.capabilities.semanticTokensProvider ?? { legend: { tokenTypes: [], tokenModifiers: [] } };
    const tokens: Token[] = [];
    let [line, character] = [0, 0];
    for (let i = 0; i < data.length; i += 5) {
      const [down, right, length, type, bits] = data.slice(i, i + 5);
      character = down === 0 ? character + right : right;
      line += down;
      const word = page.slice({ start: { line, character }, end: { line, character: character + length } });
      tokens.push({
        word,
        type: legend.tokenTypes[type],
        modifiers: legend.tokenModifiers.filter((_, bit) => (bits >> bit) % 2 === 1),
        line,
      });
    }
    return tokens;
  };
  const full = async (page: Page): Promise<{ readonly id: string; readonly data: readonly number[] }> => {
    const found = await world.client.connection.sendRequest(SemanticTokensRequest.type, { textDocument: { uri: page.uri } });
    return { id: found?.resultId ?? "", data: found?.data ?? [] };
  };

  test("semantic tokens: every name with what it is", async () => {
    const tokens = decode(vault, (await full(vault)).data);
    const line = (wanted: string): readonly string[] => {
      const { line: at } = vault.at(wanted);
      return tokens.filter((token) => token.line === at).map(({ word, type, modifiers }) => [word, type, ...modifiers].join(" "));
    };
    expect(line("let half")).toEqual([
      "note variable declaration readonly",
      "half variable declaration readonly",
      "amount parameter readonly",
    ]);
    expect(line("contract Vault")).toEqual(["Vault class declaration", "Owned class"]);
    expect(line("event Filled")).toEqual([
      "Filled event declaration",
      "who parameter declaration readonly",
      "address type defaultLibrary",
      "amount parameter declaration readonly",
      "u256 type defaultLibrary",
      "note parameter declaration readonly",
      "string type defaultLibrary",
    ]);
    expect(line("self.total -=")).toEqual(["total property modification", "amount parameter readonly"]);
    expect(line("self.log(")).toEqual(["log method", "note variable readonly", "len function defaultLibrary", "DAY variable readonly"]);
    expect(line("self.jobs[at] =")).toEqual([
      "jobs property modification",
      "at parameter readonly",
      "Job struct",
      "owner property modification",
      "caller variable defaultLibrary",
      "due property modification",
      "at parameter readonly",
    ]);
    expect(line("setOwner(next")).toEqual([
      "setOwner method declaration",
      "next parameter declaration readonly",
      "address type defaultLibrary",
      "onlyOwner decorator",
    ]);
  });

  test("semantic tokens: of a range those in it, and deltas that lead to the whole", async () => {
    const before = await full(vault);
    const [start, end] = [vault.at("pub fn take"), vault.at("pay(caller")];
    const part = await world.client.connection.sendRequest(SemanticTokensRangeRequest.type, {
      textDocument: { uri: vault.uri },
      range: { start, end },
    });
    const lines = decode(vault, before.data).filter(({ line }) => line >= start.line && line <= end.line);
    // The range ends in front of the call, not with its line.
    expect(lines.slice(-3).map(({ word }) => word)).toEqual(["pay", "caller", "amount"]);
    expect(decode(vault, part?.data ?? [])).toEqual(lines.slice(0, -3));
    let { id, data } = before;
    const texts = [
      vault.text.replace("amount / 2", "amount / amount"),
      vault.text.replace("let half = amount / 2;", ""),
      vault.text.replace("self.total += value;", "self.total += ;"),
      `fn added() {}\n${vault.text.replace("\ufeff", "")}`,
      "",
      vault.text,
      vault.text,
    ];
    for (const text of texts) {
      await world.client.change(vault.uri, text);
      const found = await world.client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
        textDocument: { uri: vault.uri },
        previousResultId: id,
      });
      if (found === null || !("edits" in found)) throw new Error("no delta");
      const changed = [...data];
      for (const edit of [...found.edits].reverse()) changed.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
      data = changed;
      id = found.resultId ?? "";
      const page = createPage(vault.uri, text);
      decode(page, data);
      const now = await full(page);
      expect(data).toEqual(now.data);
      id = now.id;
    }
    expect(data).toEqual(before.data);
    // Of a result that nobody remembers all is sent.
    const again = await world.client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
      textDocument: { uri: vault.uri },
      previousResultId: "long ago",
    });
    expect(again).toMatchObject({ data: before.data });
  });

  test("semantic tokens of broken texts are names of these texts", async () => {
    for (const text of [
      vault.text.replace("self.total -= amount;", "self.total -= "),
      vault.text.replace("pay(caller, amount);", "if half > 1 {"),
      vault.text.replace('"🏺é"', '"🏺é'),
    ]) {
      await world.during(text, async (page) => {
        const tokens = decode(page, (await full(page)).data);
        for (const { word } of tokens) expect(word).toMatch(/^(\w+|"[^"]*")$/);
        expect(tokens.map(({ word }) => word)).toEqual(expect.arrayContaining(["Vault", "balances", "half", "onlyOwner", "twice"]));
      });
    }
  });

  const folds = async (page: Page): Promise<readonly string[]> => {
    const found = await world.client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: { uri: page.uri } });
    const lines = page.text.split(/\r\n|\r|\n/);
    for (const { startLine, endLine } of found ?? []) expect(0 <= startLine && startLine < endLine && endLine < lines.length).toBe(true);
    return (found ?? []).map(({ startLine, endLine, kind }) => `${startLine}-${endLine} ${kind ?? ""}`.trim());
  };

  test("folding: from the head to before the brace that closes; comments and imports as wholes", async () => {
    const fold = (head: string, last: string): string => `${vault.at(head).line}-${vault.at(last).line}`;
    const found = await folds(vault);
    expect(found).toEqual([
      fold("mixin Owned", "guard onlyOwner").replace(/\d+$/, String(vault.at("guard onlyOwner").line + 2)),
      fold("guard onlyOwner", "require caller =="),
      fold("contract Vault", "parallel (a"),
      fold("init(fee", "self.fee = fee"),
      fold("payable fn fill", "emit Filled"),
      fold("pub fn take", "pay(caller"),
      fold("pub fn setOwner", "self.owner = next"),
      fold("view fn dueOf", "return twice"),
      fold("fn log", "require job.due"),
      fold("test ", "expect vault.take"),
    ]);
    const more = createPage(
      "untitled:folds",
      dress.on(
        'import { A } from "./a.weft";\nimport { B } from "./b.weft";\n\n// one\n// two\n// three\n\n/* a\n/ b */\nfn f(x: u64) -> u64 {\n  if x > 1 {\n    return 2;\n  } else {\n    return 3;\n  }\n}\n',
      ),
    );
    await world.client.open(more.uri, more.text);
    expect(await folds(more)).toEqual(expect.arrayContaining(["0-1 imports", "3-5 comment", "7-8 comment", "9-14", "10-11", "12-13"]));
    await world.client.close(more.uri);
    // Words behind code are no block of their own.
    const behind = createPage(
      "untitled:behind",
      "const A: u8 = 1; // one\nconst B: u8 = 2; // two\n// three\nconst C: u8 = 3; /* four\n*/\n",
    );
    await world.client.open(behind.uri, behind.text);
    expect(await folds(behind)).toEqual([]);
    await world.client.close(behind.uri);
    await world.during(vault.text.replace("pay(caller, amount);", "if half > 1 {"), async (page) => {
      expect(await folds(page)).toEqual(
        expect.arrayContaining([fold("payable fn fill", "emit Filled"), fold("guard onlyOwner", "require caller ==")]),
      );
    });
  });

  test("selection ranges: from the word outwards to all, each inside the next", async () => {
    const positions = [vault.at("half < 50", "50"), vault.at("NotThatMuch(half", "half"), vault.end, { line: 0, character: 0 }];
    const found = await world.client.connection.sendRequest(SelectionRangeRequest.type, { textDocument: { uri: vault.uri }, positions });
    const chains = (found ?? []).map((one) => {
      const chain: string[] = [];
      for (let at: SelectionRange | undefined = one; at !== undefined; at = at.parent) chain.push(vault.slice(at.range));
      return chain;
    });
    expect(chains).toHaveLength(positions.length);
    const [fifty, half, end] = chains;
    expect(fifty.slice(0, 3)).toEqual(["50", "half < 50", "require half < 50 else NotThatMuch(half);"]);
    expect(half[0]).toBe("half");
    expect(fifty.at(-2)).toMatch(/^contract Vault[^]*\}$/);
    for (const chain of chains) {
      expect(chain.at(-1)).toBe(vault.text);
      for (let i = 1; i < chain.length; i++) expect(chain[i].length > chain[i - 1].length && chain[i].includes(chain[i - 1])).toBe(true);
    }
    expect(end).toEqual([vault.text]);
  });

  test("links: the paths of imports, as far as the files are there", async () => {
    const ask = async (page: Page): Promise<unknown> =>
      world.client.connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri: page.uri } });
    expect(await ask(vault)).toEqual([{ range: vault.range('"./shapes.weft"'), target: shapes.uri }]);
    await world.during(vault.text.replace("./shapes.weft", "./nowhere.weft"), async (page) => {
      expect(await ask(page)).toEqual([]);
    });
    await world.during(`${vault.text}\ncontract {`, async (page) => {
      expect(await ask(page)).toMatchObject([{ target: shapes.uri }]);
    });
  });
});
