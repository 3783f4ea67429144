/** What helps to write, over stdio: completion, signature help, hover; in whole and in half-written texts, in several dresses. */
import { CompletionRequest, HoverRequest, SignatureHelpRequest } from "vscode-languageserver-protocol";
import type { CompletionItem, Position, SignatureHelp } from "vscode-languageserver-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startClient } from "./client.ts";
import { applyEdits, createPage, DRESSES } from "./page.ts";
import type { Page } from "./page.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

describe.each(DRESSES)("writing, in a text $name", (dress) => {
  let world: World;
  let vault: Page;
  beforeAll(async () => {
    world = await startWorld(dress);
    ({ vault } = world);
  });
  afterAll(() => world.end());

  const place = (page: Page, position: Position): { textDocument: { uri: string }; position: Position } => ({
    textDocument: { uri: page.uri },
    position,
  });
  /** With `was` replaced by `now`, in which `|` is the cursor. */
  const writing = <T>(was: string, now: string, ask: (page: Page, position: Position) => Promise<T>): Promise<T> => {
    const at = vault.text.indexOf(was);
    if (at === -1) throw new Error(`no ${was}`);
    const cursor = at + now.indexOf("|");
    const text = vault.text.slice(0, at) + now.replace("|", "") + vault.text.slice(at + was.length);
    return world.during(text, (page) => ask(page, page.positionAt(cursor)));
  };
  const items = async (page: Page, position: Position): Promise<readonly CompletionItem[]> => {
    const found = await world.client.connection.sendRequest(CompletionRequest.type, place(page, position));
    return (Array.isArray(found) ? found : found?.items) ?? [];
  };
  const labels = async (was: string, now: string): Promise<readonly string[]> =>
    (await writing(was, now, items)).filter(({ kind }) => kind !== 15).map(({ label }) => label);

  const LINE = "self.total -= amount;";
  /** Nothing that makes sense behind the cursor: most of these texts don't parse. */
  const cases: readonly (readonly [was: string, now: string, has: readonly string[], hasNot: readonly string[]])[] = [
    [LINE, "self.|", ["balances", "total", "jobs", "fee", "owner", "log", "take", "balance", "address"], ["half", "let", "Vault"]],
    [LINE, "self.to|", ["total"], ["let"]],
    [LINE, "let a = self.|;", ["total", "fee"], ["require"]],
    [LINE, "emit |", ["Filled"], ["NotThatMuch", "let"]],
    [LINE, "revert |", ["NotThatMuch", "Empty", "NotOwner"], ["Filled"]],
    [LINE, "require half > 1 else |", ["NotThatMuch", "Empty"], ["Filled", "if"]],
    [
      LINE,
      "|",
      ["let", "require", "half", "note", "amount", "caller", "mulDiv", "DAY", "Job", "twice", "Status"],
      ["contract", "job", "id"],
    ],
    [LINE, "let x: |", ["u256", "address", "Job", "map", "Status"], ["half", "let", "caller"]],
    [LINE, "let y = Job { owner: caller, due: 1 }; y.|", ["owner", "due"], ["total", "let"]],
    [LINE, "self.jobs[1].|", ["owner", "due"], ["total"]],
    [LINE, "block.|", ["height", "time"], ["caller", "total"]],
    [LINE, "chain.|", ["id"], ["height"]],
    [LINE, "note.|", ["len"], ["push", "total"]],
    ["with onlyOwner", "with |", ["onlyOwner"], ["Owned", "let"]],
    ["uses Owned", "uses |", ["Owned"], ["Vault", "onlyOwner"]],
    ["jobs: map<u64, Job>;", "jobs: map<u64, |", ["Job", "u8"], ["let", "total"]],
    ["vault.fill()", "vault.|", ["fill", "take", "dueOf", "total", "owner"], ["log", "let", "Filled"]],
    ["deploy Vault(3)", "deploy |", ["Vault"], ["Owned", "let"]],
    ["revert NotThatMuch(51)", "revert |", ["NotThatMuch", "NotOwner", "Empty"], ["Filled"]],
    ["assert vault.total() == 5", "|", ["assert", "expect", "vault", "let"], ["contract", "half"]],
    ['"./shapes.weft"', '"|"', ["./shapes.weft"], ["./vault.weft"]],
    ['"./shapes.weft"', '"./sh|', ["./shapes.weft"], ["let"]],
    ["immutable fee: u64;", "|", ["state", "event", "pub fn", "guard", "parallel"], ["let", "contract"]],
  ];
  test.each(cases)("completion: `%s` becomes `%s`", async (was, now, has, hasNot) => {
    const found = await labels(was, now);
    expect(found).toEqual(expect.arrayContaining([...has]));
    expect(hasNot.filter((one) => found.includes(one))).toEqual([]);
    expect(found).toHaveLength(new Set(found).size);
  });

  test("completion: at the top of the file, behind its last line, in comments and in strings", async () => {
    const atEnd = (await world.during(`${vault.text}con`, (page) => items(page, page.end))).map(({ label }) => label);
    expect(atEnd).toEqual(expect.arrayContaining(["contract", "test", "import", "fn"]));
    expect(atEnd).not.toContain("let");
    expect(await items(vault, vault.at("Fills it", "its".slice(0, 2)))).toEqual([]);
    expect(await items(vault, vault.at("🏺🏺"))).toEqual([]);
  });

  test("completion: a name of another file comes with its import", async () => {
    const found = await writing(LINE, "let s = Stat|", async (page, position) => {
      const item = (await items(page, position)).find(({ label }) => label === "Status");
      return { page, edits: item?.additionalTextEdits ?? [] };
    });
    expect(applyEdits(found.page, found.edits).replace("let s = Stat", LINE)).toBe(
      vault.text.replace("Task as Job, twice }", "Task as Job, twice, Status }"),
    );
    const other = createPage(world.uriOf("other.weft"), dress.on("/* no import yet */ fn f() {\n  let x = Stat\n}\n"));
    await world.client.open(other.uri, other.text);
    const item = (await items(other, other.positionAt(other.text.indexOf("Stat") + 4))).find(({ label }) => label === "Status");
    const text = applyEdits(other, item?.additionalTextEdits ?? []);
    expect(text.replace("\ufeff", "")).toMatch(/^import \{ Status \} from "\.\/shapes\.weft";\n\n\/\*/);
    expect(text.startsWith("\ufeff")).toBe(other.text.startsWith("\ufeff"));
    await world.client.close(other.uri);
  });

  test("completion: a path replaces what is between the quotes, not the quotes", async () => {
    const edit = await writing('"./shapes.weft"', '"./sha|pes"', async (page, position) => {
      const item = (await items(page, position)).find(({ label }) => label === "./shapes.weft");
      return item?.textEdit !== undefined && "range" in item.textEdit ? applyEdits(page, [item.textEdit]) : "";
    });
    expect(edit).toBe(vault.text);
    const open = await writing('"./shapes.weft";', '"./sh|', async (page, position) => {
      const item = (await items(page, position)).find(({ label }) => label === "./shapes.weft");
      return item?.textEdit !== undefined && "range" in item.textEdit ? applyEdits(page, [item.textEdit]) : "";
    });
    expect(open).toBe(vault.text.replace('weft";', "weft"));
  });

  test("completion: snippets with placeholders for those who can fill them in", async () => {
    const found = await writing("immutable fee: u64;", "|", items);
    expect(found.filter(({ kind }) => kind === 15).map(({ label }) => label)).toEqual(
      expect.arrayContaining(["pub fn", "view fn", "map", "parallel"]),
    );
    const [fill] = (await writing(LINE, "self.|", items)).filter(({ label }) => label === "take");
    expect(fill).toMatchObject({ insertText: "take(${1:amount})$0", insertTextFormat: 2 });
  });

  const helpFor = async (was: string, now: string): Promise<SignatureHelp | null> =>
    writing(was, now, (page, position) => world.client.connection.sendRequest(SignatureHelpRequest.type, place(page, position)));
  const signatures: readonly (readonly [was: string, now: string, label: string, active: number])[] = [
    [LINE, "mulDiv(1, |", "mulDiv(a: T, b: T, c: T)", 1],
    [LINE, "mulDiv(1, (2 + 3), |);", "mulDiv(a: T, b: T, c: T)", 2],
    [LINE, "mulDiv(mulDivUp(1, 2, 3), |", "mulDiv(a: T, b: T, c: T)", 1],
    [LINE, "mulDiv(1, max(2, |", "max(a: T, b: T)", 1],
    [LINE, "self.log(|", "fn log(at: u64)", 0],
    [LINE, "twice(|)", "fn twice(x: u64) -> u64", 0],
    [LINE, 'emit Filled(caller, 5, "🏺, 漢|', "event Filled(indexed who: address, amount: u256, note: string<32>)", 2],
    [LINE, "emit Filled(caller, /* 🏺, ( */ |", "event Filled(indexed who: address, amount: u256, note: string<32>)", 1],
    [LINE, "revert NotThatMuch(|", "error NotThatMuch(asked: u256)", 0],
    ["vault.take(102)", "vault.take(|102)", "pub fn take(amount: u256)", 0],
    ["deploy Vault(3)", "deploy Vault(|", "Vault(fee: u64)", 0],
  ];
  test.each(signatures)("signature help: `%s` becomes `%s`", async (was, now, label, active) => {
    const found = await helpFor(was, now);
    expect(found?.signatures.map((one) => one.label.replace(/;$/, ""))).toEqual([label]);
    expect(found?.activeParameter).toBe(active);
    // Each parameter is told by its place in what is shown of the whole: those between the parentheses, in order.
    const parts = found?.signatures[0].parameters?.map(({ label: at }) => (typeof at === "string" ? at : label.slice(at[0], at[1])));
    expect(`(${parts?.join(", ")})`).toBe(/\(.*\)/.exec(label)?.[0]);
  });

  test("signature help: none outside of calls", async () => {
    for (const now of ["|", "self.log(1);|", "let a = [1, |", "(|"]) expect(await helpFor(LINE, now), now).toBeNull();
  });

  const hoverAt = async (page: Page, position: Position): Promise<{ readonly text: string; readonly word: string }> => {
    const found = await world.client.connection.sendRequest(HoverRequest.type, place(page, position));
    if (found === null) return { text: "", word: "" };
    const { contents } = found;
    const text = typeof contents === "object" && "value" in contents ? contents.value : JSON.stringify(contents);
    return { text, word: found.range === undefined ? "" : page.slice(found.range) };
  };
  const hovers: readonly (readonly [wanted: string, word: string, has: readonly (string | RegExp)[]])[] = [
    ["fn fill", "fill", ["payable fn fill()", "of `Vault`", "Fills it, é 🏺.", "**Footprint**", "`balances[caller]`", "`total`"]],
    ["vault.fill", "fill", ["payable fn fill()", "Fills it, é 🏺."]],
    ["self.total += value", "total", ["state total: u256", "**Δ** adds to `total` by `+value`", "known from the call alone"]],
    ["self.balances[caller] -= amount", "balances", ["state balances: map<address, u256>", "**Δ** adds to `balances[caller]`"]],
    ["self.owner = next", "owner", ["state owner: address", "**W** writes `owner`"]],
    ["== self.owner", "owner", ["**R** reads `owner`"]],
    ["half < 50", "half", ["let half: u256"]],
    ["take(amount", "amount", ["amount: u256"]],
    ["caller] += value", "caller", ["Who makes the call"]],
    ["DAY);", "DAY", ["const DAY: u64", "How long 🏺 a day is."]],
    ["Job { owner", "Job", ["struct Task", "What is to be done."]],
    ["uses Owned", "Owned", ["mixin Owned", "Holds what people 🏺 bring."]],
    ["emit Filled", "Filled", ["event Filled(indexed who: address"]],
    ["else NotThatMuch(half", "NotThatMuch", ["error NotThatMuch(asked: u256)"]],
    ["with onlyOwner", "onlyOwner", ["guard onlyOwner"]],
    ["job.due", "due", ["due: u64"]],
    ["pay(caller", "pay", ["Sends coin"]],
    ["102)", "102", ["u256"]],
  ];
  test.each(hovers)("hover at `%s` on `%s`", async (wanted, word, has) => {
    const found = await hoverAt(vault, vault.at(wanted, word));
    for (const one of has) expect(found.text).toContain(one);
    expect(found.word).toBe(word);
    expect(await hoverAt(vault, vault.range(wanted, word).end)).toEqual(found);
  });

  test("hover: nothing on white space, comments and braces", async () => {
    for (const [wanted, word] of [
      ["what people", "people"],
      ["contract Vault", "contract"],
    ] as const)
      expect(await hoverAt(vault, vault.at(wanted, word)), wanted).toEqual({ text: "", word: "" });
  });

  test("hover in a broken file: the last footprints, and say so; the types of now", async () => {
    await world.during(vault.text.replace("self.owner = next;", "self.owner = "), async (page) => {
      const fill = await hoverAt(page, page.at("fn fill", "fill"));
      expect(fill.text).toContain("**Footprint** (of the last text without errors)");
      expect(fill.text).toContain("`balances[caller]`");
      expect((await hoverAt(page, page.at("half < 50", "half"))).text).toContain("let half: u256");
      // Where a thing is touched may be somewhere else by now.
      expect((await hoverAt(page, page.at("self.total += value", "total"))).text).toBe("```weft\nstate total: u256\n```\n\nof `Vault`");
    });
    await world.during(vault.text.replace("let half = amount / 2;", "let half = amount == 2; self.x("), async (page) => {
      const half = await hoverAt(page, page.at("half < 50", "half"));
      expect(half.text).toContain("let half: bool");
      expect(half.word).toBe("half");
    });
  });
});

test("a client without snippets gets plain words", async () => {
  const client = await startClient({ capabilities: {} });
  const page = createPage("untitled:x", "contract A {\n  state n: u64;\n  pub fn f(a: u64) { self. }\n}\n");
  await client.open(page.uri, page.text);
  const found = await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: page.uri },
    position: page.range("self.").end,
  });
  const items = (Array.isArray(found) ? found : found?.items) ?? [];
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(["n", "f", "balance"]));
  for (const { insertText, insertTextFormat, kind } of items)
    expect([insertText?.includes("$") ?? false, insertTextFormat, kind === 15]).toEqual([false, undefined, false]);
  expect(await client.stop()).toBe(0);
});
