/** What a name stands for, over stdio: definition, type definition, references, highlights, rename, call hierarchy; in texts of several dresses. */
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  DefinitionRequest,
  DocumentHighlightRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  TypeDefinitionRequest,
} from "vscode-languageserver-protocol";
import type { Location, LocationLink, Position, Range, TextEdit } from "vscode-languageserver-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyEdits, createPage, DRESSES } from "./page.ts";
import type { Page } from "./page.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

describe.each(DRESSES)("names, in a text $name", (dress) => {
  let world: World;
  let vault: Page;
  let shapes: Page;
  beforeAll(async () => {
    world = await startWorld(dress);
    ({ vault, shapes } = world);
  });
  afterAll(() => world.end());

  const place = (position: Position, page = vault): { textDocument: { uri: string }; position: Position } => ({
    textDocument: { uri: page.uri },
    position,
  });
  const linksOf = (found: Location | Location[] | LocationLink[] | null): readonly LocationLink[] =>
    [found ?? []].flat().flatMap((one) => ("targetUri" in one ? [one] : []));
  const define = async (position: Position): Promise<readonly LocationLink[]> =>
    linksOf(await world.client.connection.sendRequest(DefinitionRequest.type, place(position)));
  const isTo = (page: Page, target: Range, origin: Range): object => ({
    targetUri: page.uri,
    targetSelectionRange: target,
    originSelectionRange: origin,
  });

  test("definitions: from every use to the one place, and from each end of the word", async () => {
    const cases: readonly (readonly [use: readonly [string, string], declared: readonly [string, string], Page])[] = [
      [["total +=", "total"], ["total: u256", "total"], vault],
      [["half < 50", "half"], ["let half", "half"], vault],
      [["amount / 2", "amount"], ["take(amount", "amount"], vault],
      [["emit Filled", "Filled"], ["event Filled", "Filled"], vault],
      [["else NotThatMuch(half", "NotThatMuch"], ["error NotThatMuch", "NotThatMuch"], vault],
      [["else Empty", "Empty"], ["error Empty", "Empty"], vault],
      [["self.log(", "log"], ["fn log", "log"], vault],
      [["with onlyOwner", "onlyOwner"], ["guard onlyOwner", "onlyOwner"], vault],
      [["owner = next", "owner"], ["state owner", "owner"], vault],
      [["uses Owned", "Owned"], ["mixin Owned", "Owned"], vault],
      [["fee = fee", "fee"], ["immutable fee", "fee"], vault],
      [["= fee;", "fee"], ["init(fee", "fee"], vault],
      [["deploy Vault", "Vault"], ["contract Vault", "Vault"], vault],
      [["vault.take", "take"], ["fn take", "take"], vault],
      [["vault.total", "total"], ["total: u256", "total"], vault],
      [["(a: fill", "fill"], ["fn fill", "fill"], vault],
      [["note.len", "note"], ["let note", "note"], vault],
      [["DAY);", "DAY"], ["const DAY", "DAY"], shapes],
      [["Task as", "Task"], ["struct Task", "Task"], shapes],
      [["Job {", "Job"], ["struct Task", "Task"], shapes],
      [["job.due", "due"], ["due: u64", "due"], shapes],
      [["owner: caller, due", "owner"], ["owner: address;", "owner"], shapes],
      [["twice(self", "twice"], ["fn twice", "twice"], shapes],
    ];
    for (const [[use, word], [declared, name], page] of cases) {
      const origin = vault.range(use, word);
      for (const position of [origin.start, origin.end]) {
        expect(await define(position), `${use} -> ${declared}`).toMatchObject([isTo(page, page.range(declared, name), origin)]);
      }
    }
  });

  test("definitions: of the path of an import its file; of words of the language and of nothing, nothing", async () => {
    expect(await define(vault.at('"./shapes.weft"', "shapes"))).toMatchObject([{ targetUri: shapes.uri }]);
    for (const wanted of ["caller]", "contract", "pay(", "🏺🏺", "brin", "{"]) expect(await define(vault.at(wanted)), wanted).toEqual([]);
    expect(await define(vault.end)).toEqual([]);
  });

  test("type definitions lead from values to structs, contracts and enums", async () => {
    const ask = async (position: Position): Promise<readonly LocationLink[]> =>
      linksOf(await world.client.connection.sendRequest(TypeDefinitionRequest.type, place(position)));
    const task = shapes.range("struct Task", "Task");
    for (const [use, word] of [
      ["job.due", "job"],
      ["let job", "job"],
      ["self.jobs[id]", "jobs"],
    ] as const)
      expect(await ask(vault.at(use, word)), use).toMatchObject([isTo(shapes, task, vault.range(use, word))]);
    expect(await ask(vault.at("vault.fill", "vault"))).toMatchObject([
      isTo(vault, vault.range("contract Vault", "Vault"), vault.range("vault.fill", "vault")),
    ]);
    expect(await ask(vault.at("half < 50", "half"))).toEqual([]);
  });

  const usesOf = async (position: Position, includeDeclaration: boolean): Promise<readonly Location[]> => {
    const found = await world.client.connection.sendRequest(ReferencesRequest.type, {
      ...place(position),
      context: { includeDeclaration },
    });
    const key = ({ uri, range: { start } }: Location): string =>
      `${uri} ${String(start.line).padStart(5)} ${String(start.character).padStart(5)}`;
    return [...(found ?? [])].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  };
  const inVault = (...places: readonly (readonly [string, string])[]): readonly Location[] =>
    places.map(([wanted, word]) => ({ uri: vault.uri, range: vault.range(wanted, word) }));

  test("references: every place once, with and without the declaration, across files that aren't open", async () => {
    const total = inVault(["total: u256", "total"], ["total +=", "total"], ["total -=", "total"], ["vault.total", "total"]);
    for (const wanted of ["total: u256", "total +=", "vault.total"]) {
      const position = vault.at(wanted, "total");
      expect(await usesOf(position, true), wanted).toEqual(total);
      expect(await usesOf(position, false), wanted).toEqual(total.slice(1));
    }
    expect(await usesOf(vault.at("half < 50"), true)).toEqual(
      inVault(["half = amount", "half"], ["half < 50", "half"], ["NotThatMuch(half", "half"]),
    );
    const days = [{ uri: shapes.uri, range: shapes.range("const DAY", "DAY") }, ...inVault(["{ DAY", "DAY"], ["+ DAY", "DAY"])];
    expect(await usesOf(vault.at("+ DAY", "DAY"), true)).toEqual(days);
    // From a file that only the disk has.
    const found = await world.client.connection.sendRequest(ReferencesRequest.type, {
      ...place(shapes.at("const DAY", "DAY"), shapes),
      context: { includeDeclaration: true },
    });
    expect(found).toHaveLength(days.length);
    expect(found).toEqual(expect.arrayContaining(days));
    // Fields of the same name are others.
    expect(await usesOf(vault.at("owner: caller, due", "owner"), true)).toEqual([
      { uri: shapes.uri, range: shapes.range("owner: address", "owner") },
      ...inVault(["owner: caller, due", "owner"]),
    ]);
  });

  test("highlights: places in the file, reads and writes apart", async () => {
    const ask = async (position: Position): Promise<unknown> =>
      world.client.connection.sendRequest(DocumentHighlightRequest.type, place(position));
    expect(await ask(vault.at("self.owner = caller", "owner"))).toEqual([
      { range: vault.range("state owner", "owner"), kind: 3 },
      { range: vault.range("== self.owner", "owner"), kind: 2 },
      { range: vault.range("self.owner = caller", "owner"), kind: 3 },
      { range: vault.range("self.owner = next", "owner"), kind: 3 },
    ]);
    expect(await ask(vault.at("contract"))).toEqual([]);
  });

  const changes = async (position: Position, newName: string, page = vault): Promise<Record<string, readonly TextEdit[]>> => {
    const found = await world.client.connection.sendRequest(RenameRequest.type, { ...place(position, page), newName });
    return found?.changes ?? {};
  };
  const renamed = (text: string, pattern: RegExp, name: string): string => text.replace(pattern, name);

  test("rename: the text with all edits is the text with the other name", async () => {
    const half = await changes(vault.at("half < 50"), "part");
    expect(Object.keys(half)).toEqual([vault.uri]);
    expect(applyEdits(vault, half[vault.uri])).toBe(renamed(vault.text, /\bhalf\b/g, "part"));
    const fill = await changes(vault.at("vault.fill", "fill"), "pour");
    expect(applyEdits(vault, fill[vault.uri])).toBe(renamed(vault.text, /\bfill\b/g, "pour"));
    const day = await changes(vault.at("+ DAY", "DAY"), "LONG");
    expect(new Set(Object.keys(day))).toEqual(new Set([vault.uri, shapes.uri]));
    expect(applyEdits(vault, day[vault.uri])).toBe(renamed(vault.text, /\bDAY\b/g, "LONG"));
    expect(applyEdits(shapes, day[shapes.uri])).toBe(renamed(shapes.text, /\bDAY\b/g, "LONG"));
    const alias = await changes(vault.at("Job {", "Job"), "Chore");
    expect(Object.keys(alias)).toEqual([vault.uri]);
    expect(applyEdits(vault, alias[vault.uri])).toBe(renamed(vault.text, /\bJob\b/g, "Chore"));
    // The other name of the same thing: the alias stays.
    const task = await changes(shapes.at("struct Task", "Task"), "Work", shapes);
    expect(applyEdits(vault, task[vault.uri])).toBe(renamed(vault.text, /\bTask\b/g, "Work"));
    expect(applyEdits(shapes, task[shapes.uri])).toBe(renamed(shapes.text, /\bTask\b/g, "Work"));
  });

  test("tests in a file that isn't open, but imported by one that is, are looked into", async () => {
    const { client, uriOf, write } = world;
    const counted = createPage(
      uriOf("counted.weft"),
      dress.on(
        'contract Counted {\n  state n: u64;\n  pub fn bump() {\n    self.n += 1;\n  }\n}\ntest "t" {\n  let it = deploy Counted();\n  it.bump();\n}\n',
      ),
    );
    write("counted.weft", counted.text);
    const user = createPage(uriOf("user.weft"), dress.on('import { Counted } from "./counted.weft";\nfn f(it: Counted) {}\n'));
    await client.open(user.uri, user.text);
    await client.diagnostics(user.uri);
    const edits = await changes(counted.at("fn bump", "bump"), "count", counted);
    expect(applyEdits(counted, edits[counted.uri])).toBe(counted.text.replaceAll("bump", "count"));
    await client.close(user.uri);
  });

  test("rename: what is in the way is said", async () => {
    const refused = async (wanted: string, newName: string, word = wanted): Promise<string> => {
      try {
        await changes(vault.at(wanted, word), newName);
        return "done";
      } catch (error) {
        expect(error).toMatchObject({ code: -32803 });
        return error instanceof Error ? error.message : "";
      }
    };
    expect(await refused("half < 50", "contract", "half")).toContain("can't be a name: it is a word of the language");
    expect(await refused("half < 50", "a b", "half")).toContain(
      "can't be a name: names have the letters A to Z and a to z, digits and `_`",
    );
    expect(await refused("half < 50", "", "half")).toBe("an empty text can't be a name");
    expect(await refused("half < 50", "höchst", "half")).toContain("can't be a name: names have the letters A to Z and a to z, digits");
    expect(await refused("half < 50", "_", "half")).toContain("can't be a name");
    expect(await refused("half < 50", "1a", "half")).toContain("can't be a name: names don't begin with a digit");
    expect(await refused("half < 50", "x🏺", "half")).toContain("can't be a name: names have the letters A to Z");
    expect(await refused("total: u256", "balances", "total")).toContain("declared there already");
    expect(await refused("caller]", "me", "caller")).toContain("part of the language");
    expect(await refused("let half", "me", "let")).toContain("no name");
    const prepared = await world.client.connection.sendRequest(PrepareRenameRequest.type, place(vault.at("half < 50", "half")));
    expect(prepared).toEqual({ range: vault.range("half < 50", "half"), placeholder: "half" });
    await expect(world.client.connection.sendRequest(PrepareRenameRequest.type, place(vault.at("caller]")))).rejects.toMatchObject({
      code: -32803,
    });
  });

  test("call hierarchy: who calls, from where, and whom", async () => {
    const { connection } = world.client;
    const prepare = async (wanted: string, word: string): Promise<Parameters<typeof JSON.stringify>[0]> =>
      connection.sendRequest(CallHierarchyPrepareRequest.type, place(vault.at(wanted, word)));
    const items = await connection.sendRequest(CallHierarchyPrepareRequest.type, place(vault.at("self.log", "log")));
    const [log] = items ?? [];
    expect(log).toMatchObject({ name: "log", uri: vault.uri, selectionRange: vault.range("fn log", "log") });
    expect(vault.slice(log.range)).toMatch(/^fn log\(at: u64\) \{[^]*\}$/);
    expect(await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: log })).toMatchObject([
      { from: { name: "take", selectionRange: vault.range("fn take", "take") }, fromRanges: [vault.range("self.log", "log")] },
    ]);
    const [take] = (await connection.sendRequest(CallHierarchyPrepareRequest.type, place(vault.at("vault.take", "take")))) ?? [];
    const callees = (await connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, { item: take })) ?? [];
    expect(callees.map(({ to, fromRanges }) => [to.name, fromRanges])).toEqual([["log", [vault.range("self.log", "log")]]]);
    const callers = (await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: take })) ?? [];
    expect(callers.map(({ from, fromRanges }) => [from.name, fromRanges])).toEqual([
      ['test "what goes 🏺 in"', [vault.range("vault.take", "take")]],
    ]);
    // From a function of another file, that nobody opened.
    const [twice] = (await connection.sendRequest(CallHierarchyPrepareRequest.type, place(vault.at("twice(self", "twice")))) ?? [];
    expect(twice).toMatchObject({ uri: shapes.uri, selectionRange: shapes.range("fn twice", "twice") });
    expect(await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: twice })).toMatchObject([
      { from: { name: "dueOf", uri: vault.uri }, fromRanges: [vault.range("twice(self", "twice")] },
    ]);
    expect(await prepare("half < 50", "half")).toEqual([]);
  });

  test("all of it in a file that is broken behind, before and around", async () => {
    const breaks: readonly ((text: string) => string)[] = [
      (text) => text.replace("self.total += value;", "self.total += ;"),
      (text) => text.replace("pub fn setOwner(next: address)", "pub fn setOwner(next: "),
      (text) => `${text}contract Half {\n  state x: `,
      (text) => text.replace('"🏺é"', '"🏺é'),
      (text) => text.replace('"🏺🏺";', '"🏺🏺;'),
    ];
    for (const broken of breaks) {
      await world.during(broken(vault.text), async (page) => {
        const about = broken.toString();
        const found = await define(page.at("amount else", "amount"));
        expect(found, about).toMatchObject([isTo(page, page.range("take(amount", "amount"), page.range("amount else", "amount"))]);
        expect(await define(page.at("job.due", "due")), about).toMatchObject([
          { targetUri: shapes.uri, targetRange: shapes.range("due: u64", "due") },
        ]);
        const { connection } = world.client;
        const marks = await connection.sendRequest(DocumentHighlightRequest.type, place(page.at("at: u64", "at")));
        expect(
          (marks ?? []).map(({ range }) => range),
          about,
        ).toEqual([
          page.range("log(at", "at"),
          page.range("jobs[at] = Job", "at"),
          page.range("due: at", "at"),
          page.range("= self.jobs[at]", "at"),
        ]);
        const rename = await connection.sendRequest(RenameRequest.type, { ...place(page.at("at: u64", "at")), newName: "key" });
        expect(applyEdits(page, rename?.changes?.[page.uri] ?? []), about).toContain("self.jobs[key] = Job { owner: caller, due: key };");
      });
    }
  });

  test("a file that is there only in the editor is looked into like others", async () => {
    const page = createPage(
      "untitled:Untitled-1",
      dress.on("contract Ghost {\n  state a: u64;\n  pub fn f(b: u64) { self.a = b; /* 🏺 */ self.a += b; }\n}\n"),
    );
    await world.client.open(page.uri, page.text);
    expect((await world.client.diagnostics(page.uri)).filter(({ severity }) => severity === 1)).toEqual([]);
    const found = await world.client.connection.sendRequest(ReferencesRequest.type, {
      ...place(page.at("self.a +=", "a"), page),
      context: { includeDeclaration: true },
    });
    expect((found ?? []).map(({ uri, range }) => [uri, range])).toEqual(
      [page.range("a: u64", "a"), page.range("self.a =", "a"), page.range("self.a +=", "a")].map((range) => [page.uri, range]),
    );
    await world.client.close(page.uri);
  });
});
