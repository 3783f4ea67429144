/** Random edits: after each, what the workspace knows is what a fresh start knows, and what the compiler says of the text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../compiler/pipeline.ts";
import { shownDiagnostics } from "../../lsp/features/diagnostics.ts";
import { hover } from "../../lsp/features/hover.ts";
import { documentSymbols } from "../../lsp/features/symbols.ts";
import { createView } from "../../lsp/features/view.ts";
import { createWorkspace } from "../../lsp/state/workspace.ts";
import type { Workspace } from "../../lsp/state/workspace.ts";
import { createPlainText } from "../../lsp/text/source-text.ts";
import { createAddresses } from "../../lsp/text/uri.ts";
import { declarationEdit, random, smallEdit } from "./edits.ts";
import type { Random } from "./edits.ts";

const RUNS = Number(process.env["WEFT_RUNS"] ?? "1");
const SEED = Number(process.env["WEFT_SEED"] ?? "7");
const addresses = createAddresses("/std");
const PATH = "/w/main.weft";

const examples = join(import.meta.dirname, "../../examples");
const texts = ["dao/dao.weft", "nft/nft.weft", "token/token.weft", "uniswap/uniswap.weft", "cosplit/htlc.weft"].flatMap((name) => {
  const [folder, file] = name.split("/");
  return readdirSync(join(examples, folder)).includes(file) ? [readFileSync(join(examples, name), "utf8")] : [];
});

function told(workspace: Workspace, path = PATH): unknown {
  const snapshot = workspace.snapshot(path);
  return snapshot === undefined ? undefined : shownDiagnostics(snapshot, path, addresses);
}

function seen(workspace: Workspace, text: string, next: Random): unknown {
  const snapshot = workspace.snapshot(PATH);
  const view = snapshot === undefined ? undefined : createView(snapshot, PATH, addresses);
  if (view === undefined) return undefined;
  const plain = createPlainText(text);
  const places = Array.from({ length: 6 }, () => plain.position(next(text.length + 1)));
  const stale = snapshot?.analysed === undefined;
  return { symbols: documentSymbols(view.file), hovers: stale ? [] : places.map((place) => hover(view, place)) };
}

function compiled(text: string): object[] {
  const plain = createPlainText(text);
  const { diagnostics } = compile(PATH, (path) => (path === PATH ? text : undefined));
  return diagnostics.flatMap((found) => (found.path === PATH ? [found] : [])).map(({ code, span }) => ({ code, range: plain.range(span) }));
}

test.each(texts.map((text, i) => [i, text] as const))(
  `random edits of example %i, seed ${SEED}`,
  (index, first) => {
    const next = random(SEED + index);
    const workspace = createWorkspace();
    workspace.open(PATH, first);
    let text = first;
    for (let round = 0; round < 60 * RUNS; round++) {
      const before = text;
      text = next(2) === 0 ? smallEdit(before, next) : declarationEdit(before, next);
      workspace.change(PATH, text);
      const seed = next(2 ** 30);
      const fresh = createWorkspace();
      fresh.open(PATH, text);
      const what = `seed ${SEED}, round ${round}`;
      const found = told(workspace);
      expect(found, what).toEqual(told(fresh));
      expect(found, what).toMatchObject(compiled(text));
      expect(seen(workspace, text, random(seed)), what).toEqual(seen(fresh, text, random(seed)));
      // Mostly back to what it was: small edits of whole programs are the common case.
      if (next(3) > 0) {
        workspace.change(PATH, before);
        text = before;
      }
    }
  },
  240_000,
);

test("statements typed letter by letter into a body", () => {
  const [first] = texts;
  const at = first.indexOf("{", first.indexOf("pub fn")) + 1;
  const workspace = createWorkspace();
  workspace.open(PATH, first);
  const typed = "\n    let abc = 12 + 30;\n    require abc > 4;";
  for (let i = 1; i <= typed.length; i++) {
    const text = first.slice(0, at) + typed.slice(0, i) + first.slice(at);
    workspace.change(PATH, text);
    const fresh = createWorkspace();
    fresh.open(PATH, text);
    expect(told(workspace), JSON.stringify(typed.slice(0, i))).toEqual(told(fresh));
  }
}, 120_000);

test("memory stays bounded over thousands of edits", () => {
  const [first] = texts;
  const at = first.indexOf("{", first.indexOf("pub fn")) + 1;
  const workspace = createWorkspace();
  workspace.open(PATH, first);
  const round = (i: number): void => {
    workspace.change(PATH, `${first.slice(0, at)} let q${i % 97} = ${i};${first.slice(at)}`);
    told(workspace);
  };
  for (let i = 0; i < 300; i++) round(i);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 2_500 * RUNS; i++) round(i);
  globalThis.gc?.();
  // Without a forced collection a good part of it is garbage.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan((globalThis.gc === undefined ? 300 : 60) * 1024 * 1024);
}, 240_000);
