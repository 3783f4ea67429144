/**
 * How long the language server takes, as an editor sees it: a client of the protocol starts the built server, edits a file of 2,000 lines and waits for
 * what is asked for. One JSON line at the end with `--json`; exit code 1 where a goal is missed.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver-protocol/node";
import type { ProtocolConnection } from "vscode-languageserver-protocol/node";
import { generateContract, generateProgram } from "./programs.ts";

const URI = "file:///bench/two-thousand.weft";
const EDITS = 100;
const REQUESTS = 60;

interface Row {
  readonly name: string;
  readonly median: number;
  readonly p95: number;
  readonly goal: { readonly median: number; readonly p95: number };
}

const LIMITS = {
  start: { median: 700, p95: 700 },
  edit: { median: 50, p95: 120 },
  request: { median: 20, p95: 20 },
};

interface Server {
  readonly connection: ProtocolConnection;
  /** When diagnostics of the version arrive. */
  readonly told: (version: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "weft.js"), "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const waiting = new Map<number, () => void>();
  connection.onNotification("textDocument/publishDiagnostics", ({ version }: { readonly version: number }) => waiting.get(version)?.());
  connection.listen();
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  return {
    connection,
    told: (version) => new Promise((resolve) => void waiting.set(version, resolve)),
    stop: async () => {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      await exit;
      connection.dispose();
    },
  };
}

/** The two ways in which a file gets to 2,000 lines. */
function programTexts(): readonly { readonly shape: string; readonly text: string }[] {
  const { files, root } = generateProgram(2_000);
  const many = [...files].flatMap(([path, text]) => (path === root ? [] : [text])).join("\n");
  return [
    { shape: "20 contracts", text: many },
    { shape: "1 contract", text: generateContract(2_000) },
  ];
}

function row(name: string, times: readonly number[], goal: Row["goal"]): Row {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { name, median: at(0.5), p95: at(0.95), goal };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

async function measureStart(text: string): Promise<Row> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const before = performance.now();
    const server = await startServer();
    const told = server.told(1);
    await server.connection.sendNotification("textDocument/didOpen", { textDocument: { uri: URI, languageId: "weft", version: 1, text } });
    await told;
    times.push(performance.now() - before);
    await server.stop();
  }
  return row("start to first diagnostics", times, { ...LIMITS.start, p95: Infinity });
}

async function measureEdits(text: string): Promise<readonly Row[]> {
  const server = await startServer();
  const { connection } = server;
  let version = 1;
  const first = server.told(version);
  await connection.sendNotification("textDocument/didOpen", { textDocument: { uri: URI, languageId: "weft", version, text } });
  await first;
  const bodies = [...text.matchAll(/(?:pub|view) fn [^\n]*\{\n/g)].map(({ index, 0: head }) => index + head.length);
  const change = (changed: string): Promise<number> => {
    version++;
    const told = server.told(version);
    return timed(async () => {
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: URI, version },
        contentChanges: [{ text: changed }],
      });
      await told;
    });
  };
  const send = (at: number, inserted: string): Promise<number> => change(text.slice(0, at) + inserted + text.slice(at));
  // Each edit changes what is told: an unused statement is an error, a shadowing name a warning.
  const whole: number[] = [];
  const broken: number[] = [];
  const heads: number[] = [];
  const members = [...text.matchAll(/^ {2}(?:state|pub fn|error|immutable) /gm)].map(({ index }) => index);
  const declarations = [
    (n: number) => `  state extra${n}: u256;\n`,
    (n: number) => `  pub fn more${n}(who: address) {\n    require who != caller;\n  }\n\n`,
    (n: number) => `  error Wrong${n}(who: address);\n`,
    (n: number) => `  event Told${n}(n: u64);\n`,
    (n: number) => `  /// Kept for nothing.\n  state extra${n}: map<address, u64>;\n`,
  ];
  for (let i = 0; i < EDITS; i++) {
    const body = bodies[(i * 7) % bodies.length];
    whole.push(await send(body, `    let v${i} = 1;\n    require v${i} == 1;\n`));
    broken.push(await send(body, `    let v${i} = ;\n`));
    whole.push(await send(body, `    return; let w${i} = 1;\n`));
    // Who goes on elsewhere has mended this before.
    whole.push(await send(body, ""));
    if (i % 2 === 0) {
      const member = members[(i * 5) % members.length];
      heads.push(await send(member, declarations[(i / 2) % declarations.length](i)));
      heads.push(await send(member, ""));
    }
  }
  const typed = await measureTyping(text, bodies, members, change);
  const position = { line: text.slice(0, bodies[3]).split("\n").length - 1, character: 9 };
  const ask = async (method: string): Promise<number[]> => {
    const times: number[] = [];
    for (let i = 0; i < REQUESTS; i++)
      times.push(await timed(() => connection.sendRequest(method, { textDocument: { uri: URI }, position })));
    return times;
  };
  await send(bodies[3], "    return; let z = 1;\n");
  await send(bodies[3], "    let y = ;\n");
  await send(bodies[3], "    return; let z = 2;\n");
  const hover = await ask("textDocument/hover");
  const completion = await ask("textDocument/completion");
  await server.stop();
  return [
    row("edit of a body to diagnostics", whole, LIMITS.edit),
    row("edit that breaks a body to diagnostics", broken, LIMITS.edit),
    row("edit of a declaration to diagnostics", heads, LIMITS.edit),
    row("letter typed to diagnostics", typed, LIMITS.edit),
    row("hover", hover, LIMITS.request),
    row("completion", completion, LIMITS.request),
  ];
}

/** A statement and a declaration written letter by letter, and taken back in the same way. */
async function measureTyping(
  text: string,
  bodies: readonly number[],
  members: readonly number[],
  change: (text: string) => Promise<number>,
): Promise<readonly number[]> {
  const times: number[] = [];
  const pieces = [
    { at: bodies[Math.floor(bodies.length / 2)], piece: "    let half = 12 / 2;\n    require half > 5;\n" },
    { at: members[Math.floor(members.length / 3)], piece: "  pub fn typed(who: address, n: u64) {\n    require who != caller;\n  }\n\n" },
    { at: members[Math.floor(members.length / 2)], piece: "  state typed: map<address, u256>;\n" },
  ];
  for (const { at, piece } of pieces) {
    const lengths = Array.from(piece, (_, i) => i + 1);
    for (const length of [...lengths, ...lengths.slice(0, -1).reverse(), 0])
      times.push(await change(text.slice(0, at) + piece.slice(0, length) + text.slice(at)));
  }
  return times;
}

const found = [];
for (const { shape, text } of programTexts())
  found.push({ shape, lines: text.split("\n").length, rows: [await measureStart(text), ...(await measureEdits(text))] });
const rows = found.flatMap((one) => one.rows);
const missed = rows.filter(({ median, p95, goal }) => median > goal.median || p95 > goal.p95);
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ shapes: found, missed: missed.map(({ name }) => name) })}\n`);
else {
  for (const { shape, lines, rows: own } of found) {
    process.stdout.write(`${shape} in a file of ${lines} lines\n`);
    for (const { name, median, p95, goal } of own) {
      const limit = goal.median === Infinity ? "" : `   goal ${goal.median}${goal.p95 === Infinity ? "" : ` / ${goal.p95}`} ms`;
      process.stdout.write(
        `  ${name.padEnd(40)} median ${median.toFixed(1).padStart(7)} ms   95 % ${p95.toFixed(1).padStart(7)} ms${limit}\n`,
      );
    }
  }
  for (const { name } of missed) process.stdout.write(`missed: ${name}\n`);
}
process.exitCode = missed.length === 0 ? 0 : 1;
