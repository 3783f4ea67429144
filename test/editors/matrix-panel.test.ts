/** The panel with the conflict matrix: what it shows of a server's answer, that no name in it can be more than text, and the page in a real browser. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { showMatrix, showMessage } from "../../editors/vscode/src/matrix/html.ts";
import { readMatrix } from "../../editors/vscode/src/matrix/model.ts";
import type { Matrix } from "../../editors/vscode/src/matrix/model.ts";
import { panelPage } from "../../editors/vscode/src/matrix/page.ts";
import { buildExtension } from "../../scripts/vscode.mjs";
import { findBrowser, openBrowser } from "../helpers/browser.ts";
import type { Page } from "../helpers/browser.ts";
import { ROOT, folderWith } from "../helpers/cli.ts";
import { serverMatrix } from "../helpers/panel.ts";

const TOKEN = "test/corpus/contracts/token.weft";
const NONE = { pair: undefined };

function matrixOf(value: unknown): Matrix {
  const matrix = readMatrix(value);
  if (matrix === undefined) throw new Error("no matrix");
  return matrix;
}

function count(html: string, part: string): number {
  return html.split(part).length - 1;
}

describe("what is shown", () => {
  const matrix = matrixOf(serverMatrix(TOKEN, "approve"));

  test("is a row per function, a cell per pair, and the function at the cursor with what it shares", () => {
    const { html, status } = showMatrix(matrix, NONE);
    const n = matrix.functions.length;
    expect(n).toBeGreaterThan(5);
    expect(count(html, '<th scope="row">')).toBe(n);
    expect(count(html, 'class="cell ')).toBe((n * (n + 1)) / 2);
    expect(count(html, 'aria-current="true"')).toBe(1);
    expect(html).toContain("<h2><code>approve</code></h2>");
    expect(html).toContain("a.caller == b.caller ∧ a.spender == b.spender");
    expect(status).toMatch(/^Token\.approve may wait for \d+ of \d+ functions$/);
    // Every cell says in words what its sign means.
    expect(count(html, "aria-label=")).toBeGreaterThanOrEqual((n * (n + 1)) / 2 + n);
  });

  test("is one pair where one was chosen, in either order", () => {
    const one = showMatrix(matrix, { pair: ["transfer", "mint"] }).html;
    expect(one).toContain("<details open>");
    expect(one).toBe(showMatrix(matrix, { pair: ["mint", "transfer"] }).html);
    expect(count(one, 'aria-pressed="true"')).toBe(1);
    expect(showMatrix(matrix, { pair: ["gone", "mint"] }).html).toContain("<h2><code>approve</code></h2>");
  });

  test("leads to places by their number only", () => {
    const { html, places } = showMatrix(matrix, NONE);
    const numbers = [...html.matchAll(/data-place="(\d+)"/g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(places.map((_, at) => at));
    expect(html).not.toContain("file://");
    expect(places[0].uri).toBe(`file:///${TOKEN}`);
  });

  test("says when it is of before, and when there is nothing", () => {
    expect(showMatrix({ ...matrix, stale: true }, NONE).html).toContain("The file has errors");
    expect(showMatrix({ ...matrix, functions: [], pairs: [], current: undefined }, NONE).html).toContain("no functions");
    expect(showMessage("<b>").html).toBe('<p class="empty">&lt;b&gt;</p>');
  });
});

const EVIL = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&`;

function evilMatrix(): unknown {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const side = { mode: EVIL, path: EVIL, location: { uri: `javascript:alert(3)//${EVIL}`, range } };
  const meeting = { cell: EVIL, condition: EVIL, left: side, right: side };
  const pair = { left: EVIL, right: EVIL, verdict: "sometimes", condition: EVIL, clashes: [meeting], adds: [meeting] };
  const claim = { left: EVIL, right: EVIL, location: side.location, proved: false };
  return {
    contract: EVIL,
    contracts: [EVIL],
    functions: [{ name: EVIL, location: side.location }],
    current: EVIL,
    pairs: [pair],
    claims: [claim],
    omitted: [EVIL],
    stale: true,
  };
}

describe("hostile answers", () => {
  test("stay text", () => {
    const matrix = matrixOf(evilMatrix());
    for (const choice of [NONE, { pair: [EVIL, EVIL] as const }]) {
      const { html } = showMatrix(matrix, choice);
      expect(html).not.toMatch(/<img|<script|onerror=alert\(1\)>|javascript:/);
      expect(html.replaceAll(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
    }
  });

  test.each([undefined, null, 7, "x", [], {}, { contract: 7 }])("%j is no matrix", (value) => {
    expect(readMatrix(value)).toBeUndefined();
  });

  test("parts that don't fit are left out, and lists have an end", () => {
    const many = Array.from({ length: 100_000 }, (_, at) => ({
      name: `f${at}`,
      location: { uri: "file:///a", range: { start: { line: -1, character: 0 } } },
    }));
    const matrix = matrixOf({
      contract: "C",
      functions: many,
      pairs: [{ left: "a" }, null, { left: "a", right: "b", verdict: "maybe", condition: "" }],
      claims: "x",
      current: 3,
    });
    expect(matrix.functions.length).toBe(128);
    expect(matrix.functions[0].place).toBeUndefined();
    expect(matrix.pairs).toEqual([]);
    expect(matrix.current).toBeUndefined();
    expect(showMatrix(matrix, NONE).places).toEqual([]);
  });
});

const executable = findBrowser();
if (executable === undefined) console.warn("the panel isn't shown in a browser: no Chromium on this machine");
const SHOTS = process.env["WEFT_SHOTS"];
const THEMES = {
  light:
    "--vscode-foreground:#333;--vscode-editor-font-family:monospace;--vscode-font-family:sans-serif;--vscode-textLink-foreground:#006ab1;--vscode-focusBorder:#0090f1;--vscode-panel-border:#ccc;--vscode-list-inactiveSelectionBackground:#e4e6f1;background:#fff",
  dark: "--vscode-foreground:#ccc;--vscode-editor-font-family:monospace;--vscode-font-family:sans-serif;--vscode-textLink-foreground:#3794ff;--vscode-focusBorder:#007fd4;--vscode-panel-border:#444;--vscode-list-inactiveSelectionBackground:#37373d;background:#1e1e1e",
};

describe.skipIf(executable === undefined)("the page in a browser", () => {
  const folder = folderWith({});
  let page: Page;

  beforeAll(async () => {
    await buildExtension();
    const media = pathToFileURL(join(ROOT, "editors/vscode/dist")).href;
    // What the editor puts before the page: its own function, and the theme's colours.
    const host = `<script nonce="n">globalThis.sent = []; globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => sent.push(message) });</script>`;
    const html = panelPage({ origin: "file:", style: `${media}/panel.css`, script: `${media}/panel.js`, nonce: "n" });
    for (const scheme of ["light", "dark"] as const) {
      writeFileSync(join(folder, `${scheme}.html`), html.replace("<script nonce", `${host}<script nonce`));
    }
    page = await openBrowser(executable ?? "");
  });
  afterAll(async () => {
    await page.close();
  });

  const show = async (scheme: "light" | "dark"): Promise<void> => {
    await page.show(join(folder, `${scheme}.html`), { width: 420, height: 760, scheme, phone: false }, "");
    // As the editor does it: properties set by a script, which the policy doesn't forbid.
    await page.value(`document.documentElement.style.cssText = ${JSON.stringify(THEMES[scheme])}`);
  };
  const send = async (value: unknown, pair?: readonly [string, string]): Promise<void> => {
    const { html, status } = showMatrix(matrixOf(value), { pair });
    await page.value(`window.postMessage(${JSON.stringify({ kind: "show", html, status })}, "*")`);
    await expect.poll(() => page.value("document.getElementById('content').getAttribute('aria-busy')")).toBe("false");
  };
  const sent = (): Promise<unknown> => page.value("JSON.stringify(sent.splice(0))");

  test("asks for its content, shows it and tells what was clicked", async () => {
    await show("light");
    expect(await sent()).toBe('[{"kind":"ready"}]');
    await send(serverMatrix(TOKEN, "approve"));
    await page.click('[data-left="transfer"][data-right="mint"], [data-left="mint"][data-right="transfer"]');
    await page.click(".link");
    expect(JSON.parse(String(await sent()))).toEqual([
      { kind: "choose", left: "mint", right: "transfer" },
      { kind: "open", place: 0 },
    ]);
    expect(await page.value("document.getElementById('status').textContent")).toMatch(/^Token\.approve/);
    expect(page.complaints()).toEqual([]);
  });

  test("arrow keys move over the cells, and a new matrix leaves the focus where it was", async () => {
    await show("light");
    await send(serverMatrix(TOKEN, "approve"));
    await page.value("document.querySelector('tbody tr:nth-child(3) td:nth-of-type(1) button').focus()");
    const focused = (): Promise<unknown> => page.value("document.activeElement.dataset.left + ' ' + document.activeElement.dataset.right");
    const before = await focused();
    await page.press("ArrowDown");
    expect(await focused()).not.toBe(before);
    await page.press("ArrowUp");
    expect(await focused()).toBe(before);
    await send(serverMatrix(TOKEN, "mint"));
    expect(await focused()).toBe(before);
    expect(page.complaints()).toEqual([]);
  });

  test("hostile names run nothing and load nothing", async () => {
    await show("dark");
    await send(evilMatrix());
    expect(await page.value("document.images.length + document.scripts.length")).toBe(2);
    expect(await page.value("document.querySelector('h1').textContent")).toBe(EVIL);
    expect(page.complaints()).toEqual([]);
  });

  test("everything that can be clicked has a name, and nothing is wider than the panel", async () => {
    for (const scheme of ["light", "dark"] as const) {
      await show(scheme);
      await send(serverMatrix(TOKEN, "approve"), ["approve", "transferFrom"]);
      expect(
        await page.value(
          "[...document.querySelectorAll('button, summary')].filter((each) => (each.ariaLabel ?? each.textContent).trim() === '').length",
        ),
      ).toBe(0);
      expect(await page.value("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        writeFileSync(join(SHOTS, `panel-${scheme}.png`), await page.screenshot());
      }
    }
  });
});
