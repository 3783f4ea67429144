/** What changes a text and what is shown beside it, over stdio: formatting, code actions, lenses, hints, the panel, tests; in several dresses. */
import {
  CodeActionRequest,
  CodeLensRequest,
  DocumentFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  InlayHintRequest,
} from "vscode-languageserver-protocol";
import type { CodeAction, Position, Range } from "vscode-languageserver-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyEdits, createPage, DRESSES } from "./page.ts";
import type { Page } from "./page.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

const OPTIONS = { tabSize: 2, insertSpaces: true };
const START: Position = { line: 0, character: 0 };

describe.each(DRESSES)("acting on a text $name", (dress) => {
  let world: World;
  let vault: Page;
  beforeAll(async () => {
    world = await startWorld(dress);
    ({ vault } = world);
  });
  afterAll(() => world.end());

  const format = async (page: Page): Promise<string> => {
    const edits = await world.client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri: page.uri },
      options: OPTIONS,
    });
    return applyEdits(page, edits ?? []);
  };

  test("formatting: the canonical text, which stays as it is", async () => {
    const formatted = await format(vault);
    await world.during(formatted, async (page) => {
      expect(await format(page)).toBe(formatted);
    });
    await world.during(formatted.replace("    self.total -= amount;", "  self.total   -=amount;"), async (page) => {
      expect(await format(page)).toBe(formatted);
      const edits = await world.client.connection.sendRequest(DocumentFormattingRequest.type, {
        textDocument: { uri: page.uri },
        options: OPTIONS,
      });
      // Nothing but the line.
      if (formatted.includes("    self.total -= amount;")) {
        const { line } = page.at("self.total   -=");
        expect(edits).toMatchObject([{ range: { start: { line, character: 0 }, end: { line: line + 1, character: 0 } } }]);
      }
    });
  });

  test("formatting: nothing in a broken file", async () => {
    for (const text of [
      vault.text.replace("self.total -= amount;", "self.total -= ;"),
      `${vault.text}}`,
      vault.text.replace('"🏺é"', '"🏺é'),
    ])
      await world.during(text, async (page) => {
        expect(await format(page)).toBe(text);
      });
  });

  test("formatting: of a range its lines alone, and while one types those that were ended", async () => {
    const good = await format(vault);
    const take = good.replace("require half < 50", "require   half<50").replace("require job.due > 0", "require job.due>0");
    await world.during(take, async (page) => {
      const at = page.at("half<50");
      const edits = await world.client.connection.sendRequest(DocumentRangeFormattingRequest.type, {
        textDocument: { uri: page.uri },
        range: { start: at, end: at },
        options: OPTIONS,
      });
      expect(applyEdits(page, edits ?? [])).toBe(take.replace("require   half<50", "require half < 50"));
      const typed = async (position: Position, ch: string): Promise<string> => {
        const found = await world.client.connection.sendRequest(DocumentOnTypeFormattingRequest.type, {
          textDocument: { uri: page.uri },
          position,
          ch,
          options: OPTIONS,
        });
        return applyEdits(page, found ?? []);
      };
      expect(await typed(page.range("job.due>0 else Empty(caller);").end, ";")).toBe(take.replace("job.due>0", "job.due > 0"));
      const next = page.at("job.due>0").line + 1;
      expect(await typed({ line: next, character: 0 }, "\n")).toBe(take.replace("job.due>0", "job.due > 0"));
      // The brace ends the function, which has the line in it.
      expect(await typed({ line: next, character: page.text.split(/\r\n|\n/)[next].length }, "}")).toBe(
        take.replace("job.due>0", "job.due > 0"),
      );
    });
  });

  const actions = async (page: Page, range: Range, only?: string[]): Promise<readonly CodeAction[]> => {
    const found = await world.client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: page.uri },
      range,
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
    return (found ?? []).flatMap((one) => ("command" in one && typeof one.command === "string" ? [] : [one as CodeAction]));
  };
  const applied = (page: Page, action: CodeAction | undefined): string => applyEdits(page, action?.edit?.changes?.[page.uri] ?? []);

  test("code actions: a fix of the compiler makes the text right", async () => {
    await world.during(vault.text.replace("self.total -= amount;", "self.totl -= amount;"), async (page) => {
      const range = page.range("self.totl", "totl");
      const [fix] = (await actions(page, range)).filter(({ title }) => title.includes("total"));
      expect(fix).toMatchObject({ kind: "quickfix", diagnostics: [{ range, severity: 1 }] });
      expect(applied(page, fix)).toBe(vault.text);
      // None where the cursor isn't, and none of another kind.
      expect((await actions(page, page.range("emit Filled"))).filter(({ kind }) => kind === "quickfix")).toEqual([]);
      expect(await actions(page, range, ["refactor.rewrite"])).toEqual([]);
    });
  });

  test("code actions: import what is unknown; imports in order, and without the unused", async () => {
    await world.during(vault.text.replace("self.total -= amount;", "let s = Status.Open;"), async (page) => {
      const [fix] = (await actions(page, page.range("Status"))).filter(({ title }) => title.startsWith("import"));
      expect(applied(page, fix)).toBe(page.text.replace("Task as Job, twice }", "Task as Job, twice, Status }"));
    });
    await world.during(vault.text.replace("{ DAY, Task as Job, twice }", "{ twice, Task as Job, Status, DAY }"), async (page) => {
      const found = await actions(page, { start: START, end: page.end }, ["source.organizeImports"]);
      expect(found.map(({ kind }) => kind)).toEqual(["source.organizeImports"]);
      expect(applied(page, found[0])).toBe(vault.text.replace("{ DAY, Task", "{ DAY, Status, Task"));
    });
    await world.during(vault.text.replace("{ DAY, Task", "{ DAY, Status, Task"), async (page) => {
      const [unused] = await actions(page, { start: START, end: page.end }, ["source.removeUnusedImports"]);
      expect(applied(page, unused)).toBe(vault.text);
    });
    expect(await actions(vault, { start: START, end: vault.end }, ["source.organizeImports"])).toEqual([]);
  });

  test("code actions: all fixes that callers don't see, at once; the outcome has none of these warnings", async () => {
    const good = vault.text.replace("parallel (a: fill, b: fill);", "");
    const text = good
      .replace("self.total += value;", "self.total = self.total + value;")
      .replace("self.total -= amount;", "self.total = self.total - amount;");
    await world.during(text, async (page) => {
      const [fix, ...others] = await actions(page, { start: START, end: page.end }, ["source.fixAll"]);
      expect(others).toEqual([]);
      expect(fix).toMatchObject({ kind: "source.fixAll.weft" });
      expect(applied(page, fix)).toBe(good);
    });
    expect(await actions(vault, { start: START, end: vault.end }, ["source.fixAll.weft"])).toEqual([]);
  });

  test("code actions: an assertion for a pair holds once it is added", async () => {
    const position = vault.at("fn setOwner", "setOwner");
    const found = (await actions(vault, { start: position, end: position })).filter(({ kind }) => kind === "refactor.rewrite");
    const titles = found.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(["add `parallel (a: fill, b: setOwner);`", "add `parallel (a: take, b: setOwner);`"]));
    for (const action of found) {
      const text = applied(vault, action);
      expect(text.length).toBeGreaterThan(vault.text.length);
      await world.during(text, async (page) => {
        expect(
          (await world.client.diagnostics(page.uri)).filter(({ severity }) => severity === 1),
          action.title,
        ).toEqual([]);
      });
    }
    // One that is there already isn't offered.
    const fill = vault.at("fn fill", "fill");
    expect((await actions(vault, { start: fill, end: fill })).map(({ title }) => title)).not.toContain(
      "add `parallel (a: fill, b: fill);`",
    );
  });

  test("lenses: what is touched and with whom it meets, over every function that is called from outside; run, over tests", async () => {
    const found = await world.client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: vault.uri } });
    const shown = (found ?? []).map(({ range, command }) => `${vault.slice(range)}: ${command?.title ?? ""}`);
    expect(shown).toEqual([
      "fill: Δ self.balance · Δ balances[caller] · Δ total",
      "fill: conflicts with nothing",
      'take: Δ balances[caller] · Δ total · W jobs["🏺🏺".len() + 86400].owner · WR jobs["🏺🏺".len() + 86400].due · 2 more',
      "take: conflicts with take (always), dueOf",
      "setOwner: RW owner",
      "setOwner: conflicts with setOwner (always)",
      "dueOf: R jobs[id].due",
      "dueOf: conflicts with take",
      '"what goes 🏺 in": run test',
    ]);
    expect((found ?? []).at(-1)?.command).toEqual({
      title: "run test",
      command: "weft.runTest",
      arguments: [vault.uri, "what goes 🏺 in"],
    });
    expect((found ?? [])[1].command).toMatchObject({ command: "weft.showConflicts", arguments: [vault.uri, vault.at("fn fill", "fill")] });
    expect(shown.filter((one) => one.startsWith("log"))).toEqual([]);
    await world.during(vault.text.replace("self.owner = next;", "self.owner = "), async (page) => {
      const now = await world.client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: page.uri } });
      expect((now ?? []).map(({ range, command }) => `${page.slice(range)}: ${command?.title ?? ""}`)).toEqual(
        shown.map((one) => (one.endsWith("run test") ? one : `${one} (of the last text without errors)`)),
      );
    });
  });

  const hintsOf = async (page: Page, range: Range): Promise<readonly string[]> => {
    const found = await world.client.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri: page.uri }, range });
    return (found ?? []).map(({ position, label }) => {
      const at = page.offsetAt(position);
      const before = /\w*$/.exec(page.text.slice(Math.max(0, at - 20), at))?.[0] ?? "";
      const behind = /^[\w.]*/.exec(page.text.slice(at, at + 14))?.[0] ?? "";
      return `${before}[${typeof label === "string" ? label : "?"}]${behind}`;
    });
  };

  test("hints: types that nobody wrote behind names, modes before accesses; of a range those in it", async () => {
    const take = { start: vault.at("pub fn take"), end: vault.at("pub fn setOwner") };
    expect(await hintsOf(vault, take)).toEqual(["note[: string<8>]", "half[: u256]", "[Δ]self.balances", "[Δ]self.total"]);
    const all = await hintsOf(vault, { start: START, end: vault.end });
    expect(all).toEqual(
      expect.arrayContaining(["[R]self.owner", "[W]self.owner", "[W]self.jobs", "[R]self.jobs", "job[: Task]", "vault[: Vault]"]),
    );
    await world.during(vault.text.replace("self.owner = next;", "self.owner = "), async (page) => {
      const broken = await hintsOf(page, { start: START, end: page.end });
      expect(broken.filter((one) => /\[[RWΔ]+\]/.test(one))).toEqual([]);
      expect(broken).toEqual(expect.arrayContaining(["note[: string<8>]", "half[: u256]"]));
    });
  });

  interface Panel {
    readonly contract: string;
    readonly current: string | null;
    readonly stale: boolean;
    readonly functions: readonly { readonly name: string; readonly location: { readonly range: Range } | null }[];
    readonly pairs: readonly { readonly left: string; readonly right: string; readonly verdict: string }[];
    readonly claims: readonly { readonly proved: boolean; readonly location: { readonly range: Range } | null }[];
  }
  const panel = (page: Page, position: Position): Promise<Panel | null> =>
    world.client.connection.sendRequest<Panel | null>("weft/conflicts", { textDocument: { uri: page.uri }, position });

  test("the panel: the matrix of the contract at the cursor, with the function in which it is", async () => {
    const found = await panel(vault, vault.at("half < 50"));
    expect(found).toMatchObject({ contract: "Vault", current: "take", stale: false, omitted: [] });
    for (const { name, location } of found?.functions ?? []) if (location !== null) expect(vault.slice(location.range)).toBe(name);
    const verdict = (left: string, right: string): string | undefined =>
      found?.pairs.find((pair) => (pair.left === left && pair.right === right) || (pair.left === right && pair.right === left))?.verdict;
    expect(verdict("take", "take")).toBe("always");
    expect(verdict("fill", "setOwner")).toBe("never");
    expect(found?.claims.map(({ proved, location }) => [proved, location === null ? "" : vault.slice(location.range)])).toEqual([
      [true, "parallel (a: fill, b: fill);"],
    ]);
    expect(await panel(vault, vault.at("log(at"))).toMatchObject({ current: null });
    await world.during(vault.text.replace("self.owner = next;", "self.owner = "), async (page) => {
      expect(await panel(page, page.at("half < 50"))).toMatchObject({ contract: "Vault", current: "take", stale: true });
    });
  });

  test("the list of tests comes from the text alone", async () => {
    const ask = (
      page: Page,
    ): Promise<{ readonly tests: readonly { readonly range: Range; readonly titleRange: Range; readonly title: string }[] }> =>
      world.client.connection.sendRequest("weft/tests", { textDocument: { uri: page.uri } });
    expect(await ask(vault)).toEqual({
      tests: [
        {
          title: "what goes 🏺 in",
          titleRange: vault.range('"what goes 🏺 in"'),
          range: { start: vault.at("test "), end: vault.positionAt(vault.text.lastIndexOf("}") + 1) },
          parameters: false,
        },
      ],
    });
    const page = createPage("untitled:tests", dress.on('test "a" (x: u8) {\n  assert x ==\n}\ntest "b é🏺" {\n  nothing\n}\n'));
    await world.client.open(page.uri, page.text);
    const { tests } = await ask(page);
    expect(tests.map(({ title, titleRange }) => [title, page.slice(titleRange)])).toEqual([
      ["a", '"a"'],
      ["b é🏺", '"b é🏺"'],
    ]);
    await world.client.close(page.uri);
  });
});
