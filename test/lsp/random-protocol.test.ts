/**
 * Random sessions over stdio: several files, incremental edits of several events, requests and cancellations in between, files closed, opened and
 * changed on the disk. Whenever it is asked, the server must say what another one says that was given the same texts just now. `WEFT_RUNS` times as many
 * edits; a failure prints seed and round, `WEFT_SEED` repeats it.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { CancellationTokenSource } from "vscode-languageserver-protocol";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver-protocol";
import { startClient } from "./client.ts";
import type { Client } from "./client.ts";
import { createPage, DRESSES, STRANGE } from "./page.ts";
import type { Page } from "./page.ts";
import { askWell, requestsFor } from "./well-formed.ts";
import { SHAPES, VAULT } from "./world.ts";

const RUNS = Number(process.env["WEFT_RUNS"] ?? "1");
const SEED = Number(process.env["WEFT_SEED"] ?? "7");
const EDITS = 400 * RUNS;
const BOX = `import { Owned, Vault } from "./vault.weft";
import { twice } from "./shapes.weft";
import { Pausable } from "weft/std/pausable.weft";

contract Box uses Owned, Pausable {
  state sizes: map<address, u64>;
  state vault: Vault;

  init(vault: Vault) {
    self.owner = caller;
    self.vault = vault;
  }

  pub fn set(size: u64) {
    self.sizes[caller] = twice(size); // 🏺
  }

  view fn all() -> u256 {
    return self.vault.total();
  }

  parallel (a: set, b: set) when a.caller != b.caller;
}
`;

const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft-random-")));
afterAll(() => rmSync(folder, { recursive: true }));

type Random = (below: number) => number;

function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES =
  '{ } ( ) ; : , . < > " @ = self. x 1 u256 +=|state s: u8;\n|fn f() {}\n|let a = 1;|require caller == caller;|emit |// |/* | */|\n|\r\n|\r|\t|import { |struct S { a: u8; }\n|event E();\n|mixin M {}\n|uses M |🏺|é|\ud83c'
    .split("|")
    .flatMap((part, i) => (i === 0 ? part.split(" ") : [part]))
    .concat(STRANGE, "parallel (a: fill, b: take);\n", 'test "t" {}\n', "pub fn g(x: u64) { self.total += 1; }\n");

/** One event that an editor could send, in UTF-16; never half of a line end. */
function randomEvent(page: Page, next: Random): TextDocumentContentChangeEvent {
  const { text } = page;
  const place = (): number => {
    const at = next(text.length + 1);
    return text[at] === "\n" && text[at - 1] === "\r" ? at - 1 : at;
  };
  const replace = (start: number, end: number, by: string): TextDocumentContentChangeEvent => ({
    range: { start: page.positionAt(start), end: page.positionAt(Math.min(end, text.length)) },
    text: by,
  });
  const safe = (at: number): number => (text[at] === "\n" && text[at - 1] === "\r" ? at + 1 : at);
  const at = place();
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = text.indexOf("\n", at) === -1 ? text.length : text.indexOf("\n", at) + 1;
  switch (next(8)) {
    case 0:
      return replace(at, safe(at + next(6)), "");
    case 1:
      return replace(at, safe(at + next(40)), PIECES[next(PIECES.length)]);
    case 2:
    case 3:
      return replace(at, at, PIECES[next(PIECES.length)]);
    case 4:
      return replace(lineStart, lineStart, text.slice(lineStart, lineEnd));
    case 5:
      return replace(lineStart, lineEnd, "");
    case 6: {
      const words = [...text.matchAll(/[A-Za-z]\w*/g)];
      if (words.length === 0) return replace(at, at, "x");
      const [from, to] = [words[next(words.length)], words[next(words.length)]];
      return replace(from.index, from.index + from[0].length, next(2) === 0 ? to[0] : `n${next(9)}`);
    }
    default:
      // The whole text, as some editors send.
      return { text: text.slice(0, at) + PIECES[next(PIECES.length)] + text.slice(at) };
  }
}

function applyEvent(page: Page, event: TextDocumentContentChangeEvent): Page {
  if (!("range" in event)) return createPage(page.uri, event.text);
  const { start, end } = event.range;
  return createPage(page.uri, page.text.slice(0, page.offsetAt(start)) + event.text + page.text.slice(page.offsetAt(end)));
}

function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

/** The one edit that leads from a text to another. */
function difference(page: Page, wanted: string): TextDocumentContentChangeEvent {
  const { text } = page;
  const most = Math.min(text.length, wanted.length);
  let start = 0;
  while (start < most && text[start] === wanted[start]) start++;
  let tail = 0;
  while (tail < most - start && text[text.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++;
  // Half a line end has no position.
  if (text[start - 1] === "\r") start--;
  if (tail > 0 && text[text.length - tail - 1] === "\r" && text[text.length - tail] === "\n") tail--;
  return {
    range: { start: page.positionAt(start), end: page.positionAt(text.length - tail) },
    text: wanted.slice(start, wanted.length - tail),
  };
}

/** What of the last text without errors is shown, a fresh server can't know. */
function withoutLast(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null).replace(/(\\n)*\*\*Footprint\*\* \(of the last text without errors\)(?:[^"\\]|\\.)*/g, ""),
  );
}

/** All that doesn't depend on how the texts came about. */
async function told(client: Client, page: Page, isBroken: boolean, next: Random): Promise<Readonly<Record<string, unknown>>> {
  const textDocument = { uri: page.uri };
  const whole = { start: { line: 0, character: 0 }, end: page.end };
  const places = Array.from({ length: 3 }, () => page.positionAt(next(page.text.length + 1)));
  const diagnostics = await client.diagnostics(page.uri);
  const ask = async (method: string, params: object = {}): Promise<unknown> =>
    withoutLast(await client.request(method, { textDocument, ...params }).catch((error: unknown) => String(error)));
  const tokens = await client.connection.sendRequest<{ readonly data: readonly number[] }>("textDocument/semanticTokens/full", {
    textDocument,
  });
  const found: Record<string, unknown> = {
    diagnostics,
    tokens: tokens.data,
    symbols: await ask("textDocument/documentSymbol"),
    folds: await ask("textDocument/foldingRange"),
    hints: await ask("textDocument/inlayHint", { range: whole }),
    tests: await ask("weft/tests"),
  };
  if (!isBroken) found["lenses"] = await ask("textDocument/codeLens");
  for (const [i, position] of places.entries()) {
    found[`hover ${i}`] = await ask("textDocument/hover", { position });
    found[`definition ${i}`] = await ask("textDocument/definition", { position });
    found[`references ${i}`] = await ask("textDocument/references", { position, context: { includeDeclaration: true } });
    found[`rename ${i}`] = await ask("textDocument/rename", { position, newName: "another" });
  }
  return found;
}

test.each(DRESSES.map((dress, i) => [dress.name, dress, i] as const))(
  `a random session with texts %s, seed ${SEED}`,
  { timeout: 240_000 + EDITS * 400 },
  async (_, dress, nth) => {
    const next = random(SEED + nth * 1000);
    const good = new Map(
      [
        ["vault.weft", VAULT],
        ["shapes.weft", SHAPES],
        ["box.weft", BOX],
      ].map(([name, text]) => [pathToFileURL(join(folder, `${nth}-${name}`)).href, dress.on(text.replace(/"\.\/(\w+)/g, `"./${nth}-$1`))]),
    );
    const uris = [...good.keys()];
    const original = (uri: string): string => good.get(uri) ?? "";
    const onDisk = (uri: string, text: string): void => writeFileSync(new URL(uri), text);
    for (const uri of uris) onDisk(uri, original(uri));
    const options = { folders: [pathToFileURL(folder).href] };
    const client = await startClient(options);
    const mirror = await startClient(options);
    const pages = new Map(uris.map((uri) => [uri, createPage(uri, original(uri))]));
    const pageOf = (uri: string): Page => pages.get(uri) ?? createPage(uri, "");
    const opened = new Set(uris);
    for (const uri of uris) await client.open(uri, original(uri));
    let since: unknown[] = [];

    const compare = async (fresh: Client, round: number): Promise<void> => {
      const seed = next(2 ** 30);
      for (const uri of opened) await fresh.open(uri, pageOf(uri).text);
      let isBroken = false;
      for (const uri of uris) isBroken ||= (await fresh.diagnostics(uri)).some(({ severity }) => severity === 1);
      for (const uri of uris) {
        const about = `seed ${SEED}, texts ${dress.name}, round ${round}, ${uri}, after ${JSON.stringify(since).slice(-1500)}`;
        expect(await told(client, pageOf(uri), isBroken, random(seed)), about).toEqual(
          await told(fresh, pageOf(uri), isBroken, random(seed)),
        );
      }
      for (const uri of opened) await fresh.close(uri);
      since = [];
    };

    for (let round = 1; round <= EDITS; round++) {
      const uri = uris[next(uris.length)];
      let page = pageOf(uri);
      if (!opened.has(uri)) {
        if (next(3) === 0) {
          opened.add(uri);
          page = createPage(uri, original(uri));
          onDisk(uri, page.text);
          await client.open(uri, page.text);
        } else {
          page = applyEvent(page, randomEvent(page, next));
          // The disk has no half letters.
          page = createPage(uri, next(3) === 0 ? original(uri) : wellFormed(page.text));
          onDisk(uri, page.text);
          for (const server of [client, mirror])
            await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
        }
        since.push([uri, "on the disk"]);
      } else if (next(60) === 0) {
        opened.delete(uri);
        await client.close(uri);
        page = createPage(uri, original(uri));
        onDisk(uri, page.text);
        for (const server of [client, mirror])
          await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
        since.push([uri, "closed"]);
      } else {
        const events: TextDocumentContentChangeEvent[] = [];
        // Mostly back to what it was: small edits of whole programs are the common case.
        const isBack = page.text !== original(uri) && next(5) < 3;
        for (let i = isBack ? 0 : next(4) === 0 ? next(4) : 0; i >= 0; i--) {
          const event = isBack ? difference(page, original(uri)) : randomEvent(page, next);
          events.push(event);
          page = applyEvent(page, event);
        }
        since.push([uri, events]);
        await client.edit(uri, events);
      }
      pages.set(uri, page);
      switch (next(6)) {
        case 0: {
          const all = requestsFor(page, [page.positionAt(next(page.text.length + 1))]);
          await askWell(client, all[next(all.length)], pages);
          break;
        }
        case 1: {
          // Asked, taken back, and forgotten.
          const source = new CancellationTokenSource();
          const [{ method, params }] = requestsFor(page, [page.positionAt(next(page.text.length + 1))]).slice(next(20));
          client.connection.sendRequest(method, params, source.token).catch(() => undefined);
          source.cancel();
          break;
        }
        case 2:
          await new Promise((resolve) => setTimeout(resolve, next(12)));
          break;
        default:
          break;
      }
      if (round % 12 === 0) await compare(mirror, round);
    }
    const fresh = await startClient(options);
    await compare(fresh, EDITS);
    for (const server of [client, mirror, fresh]) {
      expect(server.errors).toEqual([]);
      expect(await server.stop()).toBe(0);
    }
  },
);

/** Inside of the server: collects garbage when asked for, and tells what is left. */
const PROBE = `data:text/javascript,process.on("message",(m)=>{if(m==="heap"){gc();gc();process.send({heap:process.memoryUsage().heapUsed})}});process.channel.unref()`;

test("memory stays bounded over thousands of edits", { timeout: 240_000 + EDITS * 400 }, async () => {
  const client = await startClient({ execArgv: ["--expose-gc", "--import", PROBE] });
  const heap = (): Promise<number> =>
    new Promise((resolve) => {
      client.child.once("message", (message) =>
        resolve(typeof message === "object" && "heap" in message ? Number(message.heap) : Number.NaN),
      );
      client.child.send("heap");
    });
  const alone = VAULT.replace(/^import.*\n/, `${SHAPES.replace("struct Task", "struct Job")}\n`);
  let page = createPage("untitled:memory", alone);
  await client.open(page.uri, page.text);
  const next = random(SEED);
  const work = async (edits: number): Promise<void> => {
    for (let i = 0; i < edits; i++) {
      const event = i % 2 === 1 ? difference(page, alone) : randomEvent(page, next);
      page = applyEvent(page, event);
      await client.edit(page.uri, [event]);
      // Whatever is kept for answers is filled, too.
      if (i % 10 === 0)
        for (const { method, params } of requestsFor(page, [page.positionAt(next(page.text.length + 1))]))
          await client.request(method, params).catch(() => undefined);
      else if (i % 2 === 0) await client.diagnostics(page.uri);
      if (i % 50 === 0) {
        const other = `untitled:${i % 1000}`;
        await client.open(other, alone);
        await client.diagnostics(other);
        await client.close(other);
      }
    }
  };
  await work(300);
  const before = await heap();
  await work(600 * RUNS);
  const grown = (await heap()) - before;
  expect(Number.isFinite(grown)).toBe(true);
  // What is kept differs with the last text; a program held by mistake at each edit would be hundreds of megabytes.
  expect(grown).toBeLessThan(12 * 1024 * 1024);
  console.log(`heap ${(before / 2 ** 20).toFixed(1)} MB, ${(grown / 2 ** 20).toFixed(1)} MB more after ${600 * RUNS} edits`);
  expect(client.errors).toEqual([]);
  expect(await client.stop()).toBe(0);
});
