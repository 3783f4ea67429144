/** The server as a process: transports, bytes in pieces, the end of it, requests that are wrong, early, late, or taken back. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { CancellationTokenSource } from "vscode-languageserver-protocol";
import { connectTo, spawnServer, startClient, WEFT } from "./client.ts";
import { createPage } from "./page.ts";
import { SHAPES, VAULT } from "./world.ts";

const LONG_MS = 60_000;
const ANSWER_MS = 20_000;

function frame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }), "utf8");
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && "jsonrpc" in value;
}

/** All whole messages in what the process has written so far. */
function messagesIn(output: Buffer): readonly Answer[] {
  const messages: Answer[] = [];
  for (let at = 0; ;) {
    const head = output.indexOf("\r\n\r\n", at);
    if (head === -1) return messages;
    const length = Number(/Content-Length: (\d+)/i.exec(output.toString("latin1", at, head))?.[1]);
    if (head + 4 + length > output.length) return messages;
    const message: unknown = JSON.parse(output.toString("utf8", head + 4, head + 4 + length));
    if (!isAnswer(message)) throw new Error("no message of the protocol");
    messages.push(message);
    at = head + 4 + length;
  }
}

interface Raw {
  readonly child: ChildProcess;
  readonly write: (bytes: Buffer) => void;
  readonly messages: () => readonly Answer[];
  readonly answer: (id: number) => Promise<Answer>;
  readonly exit: Promise<number | null>;
}

function startRaw(): Raw {
  const child = spawnServer();
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin?.on("error", () => undefined);
  const messages = (): readonly Answer[] => messagesIn(Buffer.concat(chunks));
  const find = (id: number): Answer | undefined => messages().find((one) => one.id === id && one.method === undefined);
  return {
    child,
    write: (bytes) => void child.stdin?.write(bytes),
    messages,
    answer: async (id) => {
      await expect.poll(() => find(id) !== undefined, { timeout: ANSWER_MS, interval: 5 }).toBe(true);
      return find(id) ?? {};
    },
    exit: new Promise((resolve) => child.on("exit", resolve)),
  };
}

const INITIALIZE = frame({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
const TEXT = "contract A {\n  /* 🏺é */ state n: u64;\n  pub fn f() {\n    self.n += 1;\n  }\n}\n";
const SESSION = [
  INITIALIZE,
  frame({ method: "initialized", params: {} }),
  frame({ method: "textDocument/didOpen", params: { textDocument: { uri: "untitled:a", languageId: "weft", version: 1, text: TEXT } } }),
  frame({ id: 2, method: "textDocument/hover", params: { textDocument: { uri: "untitled:a" }, position: { line: 3, character: 10 } } }),
  frame({ id: 3, method: "shutdown" }),
];
const EXIT = frame({ method: "exit" });

describe("bytes", () => {
  const check = async (raw: Raw): Promise<void> => {
    expect((await raw.answer(1)).result).toMatchObject({ capabilities: { positionEncoding: "utf-16" }, serverInfo: { name: "weft" } });
    expect(JSON.stringify((await raw.answer(2)).result)).toContain("state n: u64");
    expect((await raw.answer(3)).result).toBeNull();
    raw.write(EXIT);
    expect(await raw.exit).toBe(0);
  };

  test("one by one", { timeout: LONG_MS }, async () => {
    const raw = startRaw();
    for (const byte of Buffer.concat(SESSION)) {
      raw.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await check(raw);
  });

  test("in one lump", { timeout: LONG_MS }, async () => {
    const raw = startRaw();
    raw.write(Buffer.concat(SESSION));
    await check(raw);
  });

  test("cut at random places, characters and heads among them", { timeout: LONG_MS }, async () => {
    const raw = startRaw();
    const all = Buffer.concat(SESSION);
    for (let at = 0, i = 1; at < all.length; i++) {
      const next = at + 1 + ((i * 7919) % 61);
      raw.write(all.subarray(at, next));
      at = next;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await check(raw);
  });
});

describe("the end", () => {
  test("exit without shutdown is a failure", { timeout: LONG_MS }, async () => {
    const client = await startClient();
    await client.connection.sendNotification("exit");
    expect(await client.exit).toBe(1);
    client.connection.dispose();
  });

  test("nothing is answered after shutdown but exit", { timeout: LONG_MS }, async () => {
    const client = await startClient();
    await client.connection.sendRequest("shutdown");
    await expect(
      client.request("textDocument/hover", { textDocument: { uri: "untitled:a" }, position: { line: 0, character: 0 } }),
    ).rejects.toMatchObject({ code: -32600 });
    await client.connection.sendNotification("exit");
    expect(await client.exit).toBe(0);
    client.connection.dispose();
  });

  test("a client that closes its end without a word", { timeout: LONG_MS }, async () => {
    const raw = startRaw();
    raw.write(INITIALIZE);
    await raw.answer(1);
    raw.child.stdin?.end();
    expect(await raw.exit).toBe(1);
  });

  test("a client that was never there", { timeout: LONG_MS }, async () => {
    const child = spawn(process.execPath, [WEFT, "lsp", "--stdio"], { stdio: ["ignore", "pipe", "pipe"] });
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  // A process between: it starts the server, says who it is, and is killed.
  test.each(["stdio", "node-ipc"] as const)("a client that is killed, over %s", { timeout: LONG_MS }, async (transport) => {
    const script =
      transport === "stdio"
        ? `const c = require("child_process").spawn(process.execPath, [${JSON.stringify(WEFT)}, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
           c.stdout.once("data", () => console.log(c.pid)); c.stdin.write(${JSON.stringify(INITIALIZE.toString())}); setInterval(() => {}, 1000);`
        : `const c = require("child_process").spawn(process.execPath, [${JSON.stringify(WEFT)}, "lsp", "--node-ipc"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
           c.once("message", () => console.log(c.pid)); c.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: process.pid, rootUri: null, capabilities: {} } }); setInterval(() => {}, 1000);`;
    const between = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    between.stdout.on("data", (data: Buffer) => (told += data.toString()));
    await expect.poll(() => told, { timeout: ANSWER_MS }).toMatch(/^\d+\n/);
    const pid = Number.parseInt(told, 10);
    expect(isAlive(pid)).toBe(true);
    between.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: ANSWER_MS, interval: 50 }).toBe(false);
  });

  test("a client that kept the pipe open and died elsewhere", { timeout: LONG_MS }, async () => {
    const elsewhere = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const raw = startRaw();
    raw.write(frame({ id: 1, method: "initialize", params: { processId: elsewhere.pid, rootUri: null, capabilities: {} } }));
    await raw.answer(1);
    elsewhere.kill("SIGKILL");
    expect(await raw.exit).toBe(1);
  });
});

describe("transports", () => {
  test("over Node's channel as over stdio", { timeout: LONG_MS }, async () => {
    const answers: unknown[] = [];
    for (const transport of ["stdio", "node-ipc"] as const) {
      const client = await startClient({ transport });
      await client.open("untitled:v", VAULT.replace(/^import.*\n/, ""));
      const page = createPage("untitled:v", VAULT.replace(/^import.*\n/, ""));
      answers.push([
        client.initialized,
        await client.diagnostics("untitled:v"),
        await client.request("textDocument/hover", { textDocument: { uri: "untitled:v" }, position: page.at("half < 50") }),
        await client.request("textDocument/documentSymbol", { textDocument: { uri: "untitled:v" } }),
      ]);
      expect(client.errors).toEqual([]);
      expect(await client.stop()).toBe(0);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(JSON.stringify(answers[0])).toContain("let half: u256");
  });

  test("nothing but the protocol is written to standard output", { timeout: LONG_MS }, async () => {
    const raw = startRaw();
    const chunks: Buffer[] = [];
    raw.child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    for (const bytes of [...SESSION, EXIT]) raw.write(bytes);
    expect(await raw.exit).toBe(0);
    const all = Buffer.concat(chunks);
    const again = Buffer.concat(messagesIn(all).map((message) => frame(message)));
    expect(again.length).toBe(all.length);
  });
});

describe("requests that are wrong", () => {
  test("before initialize they are refused", { timeout: LONG_MS }, async () => {
    const child = spawnServer();
    const connection = connectTo(child);
    connection.listen();
    await expect(
      connection.sendRequest("textDocument/hover", { textDocument: { uri: "untitled:a" }, position: { line: 0, character: 0 } }),
    ).rejects.toMatchObject({ code: -32002 });
    await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    expect(await once(child, "exit")).toEqual([0, null]);
    connection.dispose();
  });

  const METHODS = [
    "hover",
    "completion",
    "signatureHelp",
    "definition",
    "typeDefinition",
    "references",
    "documentHighlight",
    "documentSymbol",
    "codeAction",
    "codeLens",
    "formatting",
    "rangeFormatting",
    "onTypeFormatting",
    "rename",
    "prepareRename",
    "foldingRange",
    "selectionRange",
    "documentLink",
    "prepareCallHierarchy",
    "semanticTokens/full",
    "semanticTokens/full/delta",
    "semanticTokens/range",
    "inlayHint",
    "diagnostic",
  ].map((name) => `textDocument/${name}`);

  test("unknown methods, missing and wrong parameters: an error each, and the server goes on", { timeout: LONG_MS }, async () => {
    const client = await startClient();
    await client.open("untitled:a", TEXT);
    await expect(client.request("textDocument/nonsense", {})).rejects.toMatchObject({ code: -32601 });
    const wrong: unknown[] = [
      {},
      null,
      { textDocument: null },
      { textDocument: { uri: 5 } },
      { textDocument: { uri: "untitled:a" }, position: "here", range: 7, context: null, positions: {}, newName: 5, options: null, ch: {} },
      {
        textDocument: { uri: "untitled:a" },
        position: { line: "x", character: null },
        range: { start: {}, end: 5 },
        positions: [null],
        context: {},
      },
    ];
    for (const method of [
      ...METHODS,
      "workspace/symbol",
      "callHierarchy/incomingCalls",
      "callHierarchy/outgoingCalls",
      "weft/conflicts",
      "weft/tests",
    ]) {
      for (const params of wrong) {
        const outcome = await client.request(method, params).then(
          () => "answered",
          (error: unknown) => (error instanceof Error && "code" in error ? `refused ${String(error.code)}` : "broken"),
        );
        expect(outcome, `${method} ${JSON.stringify(params)}`).toMatch(/^(answered|refused -(32602|32603|32700|32803))$/);
      }
    }
    const hover = await client.request("textDocument/hover", { textDocument: { uri: "untitled:a" }, position: { line: 3, character: 10 } });
    expect(JSON.stringify(hover)).toContain("state n: u64");
    expect(await client.stop()).toBe(0);
  });

  test("positions outside of the text mean the nearest inside; files that nobody knows have nothing", { timeout: LONG_MS }, async () => {
    const client = await startClient();
    const page = createPage("untitled:a", TEXT);
    await client.open(page.uri, page.text);
    const hover = (line: number, character: number): Promise<unknown> =>
      client.request("textDocument/hover", { textDocument: { uri: page.uri }, position: { line, character } });
    // Behind the end of a line is its end: the name stands there.
    const text = createPage("untitled:b", "const A: u8 = 1;\nconst B: u8 = A");
    await client.open(text.uri, text.text);
    const atEnd = await client.request("textDocument/hover", { textDocument: { uri: text.uri }, position: { line: 1, character: 10_000 } });
    expect(atEnd).toMatchObject({ range: text.range("= A", "A") });
    expect(await client.request("textDocument/hover", { textDocument: { uri: text.uri }, position: { line: 99, character: 0 } })).toEqual(
      atEnd,
    );
    for (const [line, character] of [
      [-1, 0],
      [0, -5],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [-(2 ** 31), 5],
      [1.5, 2.5],
      [1e300, 1e300],
    ])
      await expect(hover(line, character)).resolves.toBeDefined();
    for (const uri of [
      "file:///no/such/file.weft",
      "untitled:never",
      "",
      "%%%",
      "file://other-host/x.weft",
      "file:///%00.weft",
      "git:/x.weft?y#z",
      "file:///",
    ]) {
      for (const method of METHODS) {
        const params = {
          textDocument: { uri },
          position: { line: 0, character: 0 },
          positions: [{ line: 0, character: 0 }],
          range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
          context: { includeDeclaration: true, diagnostics: [] },
          newName: "x",
          ch: ";",
          options: { tabSize: 2, insertSpaces: true },
          previousResultId: "x",
        };
        const found = JSON.stringify(await client.request(method, params).catch((error: unknown) => String(error)));
        expect(found, `${method} ${uri}`).toMatch(
          /^(null|\[\]|\{"(resultId":"[^"]*",")?data":\[\](,"resultId":"[^"]*")?\}|\{"resultId":"[^"]*","data":\[\]\}|\{"kind":"full","resultId":"[^"]*","items":\[\]\})$/,
        );
      }
    }
    expect(client.errors).toEqual([]);
    expect(await client.stop()).toBe(0);
  });

  test("changes and closes of what was never opened, opening twice, versions that go back", { timeout: LONG_MS }, async () => {
    const client = await startClient();
    await client.change("untitled:ghost", "contract A {}");
    await client.close("untitled:ghost");
    await client.open("untitled:twice", "contract A { state x: u8 }");
    await client.open("untitled:twice", TEXT);
    expect((await client.diagnostics("untitled:twice")).filter(({ severity }) => severity === 1)).toEqual([]);
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: "untitled:twice", version: -7 },
      contentChanges: [{ text: "contract A { state x: nope; }" }],
    });
    expect((await client.diagnostics("untitled:twice")).map(({ code }) => code)).toContain("E0202");
    // Ranges outside of the text, and the wrong way round.
    await client.edit("untitled:twice", [
      { range: { start: { line: 90, character: 9 }, end: { line: 99, character: 0 } }, text: "// end" },
    ]);
    await client.edit("untitled:twice", [{ range: { start: { line: 0, character: 3 }, end: { line: 0, character: 1 } }, text: "on" }]);
    expect(JSON.stringify(await client.request("textDocument/documentSymbol", { textDocument: { uri: "untitled:twice" } }))).toContain(
      '"x"',
    );
    await client.close("untitled:twice");
    await client.close("untitled:twice");
    expect(await client.diagnostics("untitled:twice")).toEqual([]);
    expect(await client.stop()).toBe(0);
  });
});

describe("cancellation", () => {
  test("long requests that are taken back are answered, others too", { timeout: LONG_MS }, async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft-many-")));
    writeFileSync(join(folder, "shapes.weft"), SHAPES);
    for (let i = 0; i < 60; i++) writeFileSync(join(folder, `v${i}.weft`), VAULT);
    const uri = pathToFileURL(join(folder, "shapes.weft")).href;
    const client = await startClient({ folders: [pathToFileURL(folder).href] });
    await client.open(uri, SHAPES);
    const params = {
      textDocument: { uri },
      position: createPage(uri, SHAPES).at("const DAY", "DAY"),
      context: { includeDeclaration: true },
    };
    const requests = Array.from({ length: 8 }, () => {
      const source = new CancellationTokenSource();
      const answer = client.connection.sendRequest<readonly unknown[]>("textDocument/references", params, source.token).then(
        (found) => `found ${found.length}`,
        (error: unknown) => (error instanceof Error && "code" in error ? `refused ${String(error.code)}` : "broken"),
      );
      source.cancel();
      return answer;
    });
    const outcomes = await Promise.all(requests);
    expect(outcomes.some((one) => one.startsWith("refused"))).toBe(true);
    for (const outcome of outcomes) expect(outcome).toMatch(/^(found 121|refused -(32800|32802))$/);
    // Of what nobody asked for.
    await client.connection.sendNotification("$/cancelRequest", { id: 99_999 });
    await client.connection.sendNotification("$/cancelRequest", { id: "x" });
    const whole = await client.connection.sendRequest<readonly unknown[]>("textDocument/references", params);
    expect(whole).toHaveLength(121);
    expect(client.errors).toEqual([]);
    expect(await client.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
