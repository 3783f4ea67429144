/**
 * `npm run bench:compiler`: how long `weft check` takes from a cold start, as multiples of an empty `node -e 0` of the same rounds, and how the time grows
 * with the number of lines. `-- --rounds N`, `-- --json`; `-- --shapes` instead doubles programs that are one construct many times over, `--scale N` of
 * them N times as long to begin with.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compile } from "../compiler/pipeline.ts";
import { generateProgram } from "./programs.ts";
import { SHAPES } from "./shapes.ts";
import type { Shape } from "./shapes.ts";
import { spreadOf } from "./statistics.ts";
import type { Spread } from "./statistics.ts";

const BINARY = fileURLToPath(new URL("./weft.js", import.meta.url));
const TOKEN = fileURLToPath(new URL("../examples/token/token.weft", import.meta.url));
const SMALLEST = "contract C {\n  state n: u64;\n}\n";
const LINES = [1_000, 10_000, 50_000];
const ROUNDS = 7;
/** A measurement this short says nothing about growth. */
const SHORT_MS = 20;

/** What this project promises, for a machine that does nothing else. */
const GOALS = { tokenToNode: 5, tenThousandMs: 1_500 };

interface Row {
  readonly name: string;
  readonly lines: number;
  readonly ms: Spread;
  readonly toNode: number;
  /** Beyond what the smallest program takes, in microseconds. */
  readonly perLine: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: String(ROUNDS) },
    json: { type: "boolean", default: false },
    shapes: { type: "boolean", default: false },
    scale: { type: "string", default: "1" },
  },
});
const rounds = Number(values.rounds);
const scale = Number(values.scale);
if (!Number.isInteger(rounds) || rounds < 1 || !(scale > 0)) {
  console.error("usage: npm run bench:compiler -- [--rounds N] [--shapes [--scale N]] [--json]");
  process.exit(2);
}

if (values.shapes) measureShapes();
else measureLines();

// --- cold starts -----------------------------------------------------------------------------------------------------

function measureLines(): void {
  const folder = mkdtempSync(join(tmpdir(), "weft-bench-"));
  try {
    const programs = LINES.map((wanted) => {
      const { files, root, lines } = generateProgram(wanted);
      for (const [name, text] of files) writeFileSync(join(folder, `${wanted}-${name}`), text.replaceAll('"./part', `"./${wanted}-part`));
      return { name: `${wanted} lines`, path: join(folder, `${wanted}-${root}`), lines };
    });
    writeFileSync(join(folder, "smallest.weft"), SMALLEST);
    const subjects = [
      { name: "smallest", path: join(folder, "smallest.weft"), lines: 3 },
      { name: "token", path: TOKEN, lines: 129 },
      ...programs,
    ];
    const nothing: number[] = [];
    const samples = subjects.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      nothing.push(timeNode(["-e", "0"]));
      subjects.forEach(({ path }, i) => samples[i].push(timeNode([BINARY, "check", "--quiet", path])));
    }
    const node = spreadOf(nothing);
    const start = spreadOf(samples[0]).median;
    const rows = subjects.map(({ name, lines }, i): Row => {
      const ms = spreadOf(samples[i]);
      return { name, lines, ms, toNode: ms.median / node.median, perLine: ((ms.median - start) * 1000) / lines };
    });
    report(node, rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeNode(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${String(status)}:\n${stderr}`);
  return ms;
}

function report(node: Spread, rows: readonly Row[]): void {
  const token = rows.find(({ name }) => name === "token");
  const [small, large, largest] = rows.slice(-LINES.length);
  const verdicts = {
    tokenUnder5x: token !== undefined && token.toNode < GOALS.tokenToNode,
    tenThousandUnder1500Ms: large.ms.median < GOALS.tenThousandMs,
    /** Time per line at each size, to that at a thousand lines: at most 1 is linear. */
    growth: { tenThousand: large.perLine / small.perLine, fiftyThousand: largest.perLine / small.perLine },
  };
  if (values.json) {
    console.log(JSON.stringify({ rounds, node, rows, verdicts }, undefined, 2));
    return;
  }
  console.log(`medians of ${rounds} rounds, each a process of its own; least and most in brackets\n`);
  console.log(`${"node -e 0".padEnd(14)}${milliseconds(node)}`);
  for (const { name, ms, toNode, perLine, lines } of rows) {
    const rate = lines < LINES[0] / 2 ? "" : `${perLine.toFixed(1).padStart(8)} µs a line`;
    console.log(`${name.padEnd(14)}${milliseconds(ms)}${`${toNode.toFixed(1)}x`.padStart(8)}${rate}`);
  }
  const { tenThousand, fiftyThousand } = verdicts.growth;
  console.log(`\ntoken below ${GOALS.tokenToNode}x: ${yes(verdicts.tokenUnder5x)}`);
  console.log(`10,000 lines below ${GOALS.tenThousandMs} ms: ${yes(verdicts.tenThousandUnder1500Ms)}`);
  console.log(`time per line to that at 1,000 lines: ${tenThousand.toFixed(2)} at 10,000, ${fiftyThousand.toFixed(2)} at 50,000`);
}

function yes(holds: boolean): string {
  return holds ? "yes" : "no";
}

function milliseconds({ median, min, max }: Spread): string {
  return `${median.toFixed(0).padStart(7)} ms  [${min.toFixed(0)}, ${max.toFixed(0)}]`.padEnd(28);
}

// --- shapes ----------------------------------------------------------------------------------------------------------

function measureShapes(): void {
  compileOnce({ name: "warm-up", parts: 0, text: () => generateProgram(100).files.get("part0.weft") ?? "" }, 0);
  const rows = SHAPES.map((shape) => {
    const parts = Math.ceil(shape.parts * scale);
    const once = best(shape, parts);
    const twice = best(shape, parts * 2);
    return {
      name: shape.name,
      parts,
      kilobytes: Math.round(shape.text(parts).length / 1024),
      ...once,
      twiceMs: twice.ms,
      growth: twice.ms / once.ms,
    };
  });
  if (values.json) {
    console.log(JSON.stringify({ shapes: rows }, undefined, 2));
    return;
  }
  console.log("time of a program, and of one twice as long; 2.0 is linear\n");
  for (const { name, parts, kilobytes, ms, twiceMs, growth, found } of rows) {
    const shown = ms < SHORT_MS ? "short" : `${growth.toFixed(1)}x`;
    console.log(
      `${name.padEnd(36)}${String(parts).padStart(6)}${String(kilobytes).padStart(6)} KB${ms.toFixed(0).padStart(7)} ms${twiceMs.toFixed(0).padStart(7)} ms${shown.padStart(7)}  ${found}`,
    );
  }
}

/** The better of three: noise only ever adds. */
function best(shape: Shape, parts: number): { readonly ms: number; readonly found: string } {
  const runs = Array.from({ length: 3 }, () => compileOnce(shape, parts));
  return runs.reduce((a, b) => (b.ms < a.ms ? b : a));
}

function compileOnce(shape: Shape, parts: number): { readonly ms: number; readonly found: string } {
  const text = shape.text(parts);
  const started = performance.now();
  const { diagnostics } = compile("shape.weft", () => text);
  return { ms: performance.now() - started, found: [...new Set(diagnostics.map(({ code }) => code))].join(" ") };
}
