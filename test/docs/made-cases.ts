/**
 * Cases of diagnostics that no file of the corpus can show: inputs too large to keep, bytes that aren't text, and what the file system does.
 * Each gives the rendered message; what was fed in is told in words.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { renderDiagnostics } from "../../cli/render/frame.ts";
import { PLAIN } from "../../cli/render/theme.ts";
import type { Code } from "../../compiler/diagnostics/codes.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { folderWith, weft } from "../helpers/cli.ts";
import { findAll } from "./programs.ts";

export interface MadeCase {
  /** What was fed in. */
  readonly input: string;
  readonly rendered: () => Promise<string>;
}

const NOWHERE = { path: "example.weft", span: { start: 0, end: 0 } };

export const MADE_CASES: Partial<Record<Code, MadeCase>> = {
  E0107: { input: "300 brackets around a number", rendered: () => compiled(`const DEEP: u8 = ${"(".repeat(300)}1${")".repeat(300)};\n`) },
  E0108: { input: "a file of one comment, 1 MiB and a byte long", rendered: () => compiled(`//${"x".repeat(1024 * 1024 - 1)}`) },
  E0109: { input: "60 lines of `$ x`", rendered: async () => lastOf(await compiled("$ x\n".repeat(60))) },
  E0111: { input: "half of a character in a string", rendered: () => compiled('const SMILE: string<8> = "\ud83d";\n') },
  E0391: { input: "a chain of 1,000 constants, each of which is the next", rendered: () => compiled(chainOfConstants(1_000)) },
  E0801: { input: "a path that isn't there", rendered: () => rendered("example.weft", () => undefined) },
  E0803: { input: "300 files, each of which imports the next", rendered: () => rendered("f0.weft", importsNext(300)) },
  E0811: { input: "a file with the byte 0xff", rendered: () => printed(["check", "jar.weft"], { "jar.weft": new Uint8Array([0xff]) }) },
  E0812: {
    input: "a file of 1 MiB and a byte",
    rendered: () => printed(["check", "jar.weft"], { "jar.weft": new Uint8Array(1024 * 1024 + 1).fill(32) }),
  },
  E0513: { input: "a function with 20,001 writes", rendered: async () => withoutSource(await compiled(manyWrites(20_001))) },
  E0615: {
    input: "nothing is known that does this",
    rendered: () => shown(diagnose("E0615", NOWHERE, { problem: "balances[0x01] is 1 serially and 2 in parallel" })),
  },
  E0901: {
    input: "nothing is known that does this",
    rendered: () => shown(diagnose("E0901", NOWHERE, { detail: "foldTerm: a child was not visited" })),
  },
};

function compiled(text: string): Promise<string> {
  return rendered("example.weft", (path) => (path === "example.weft" ? text : undefined));
}

async function rendered(root: string, read: (path: string) => string | undefined): Promise<string> {
  const { diagnostics, files } = await findAll(root, read);
  return renderDiagnostics(diagnostics, files, PLAIN);
}

function shown(diagnostic: Parameters<typeof renderDiagnostics>[0][number]): Promise<string> {
  return Promise.resolve(renderDiagnostics([diagnostic], new Map(), PLAIN));
}

function printed(args: readonly string[], files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const cwd = folderWith(files);
  mkdirSync(join(cwd, "folder"));
  return Promise.resolve(weft(args, { cwd }).err);
}

/** The parts before say the same fifty times. */
function lastOf(text: string): string {
  return text.slice(text.lastIndexOf("error["));
}

/** The line it points at is as long as the program. */
function withoutSource(text: string): string {
  return text
    .split("\n")
    .filter((line) => /^(error|help)/.test(line))
    .map((line) => `${line}\n`)
    .join("");
}

function chainOfConstants(length: number): string {
  return Array.from({ length }, (_, i) => `const A${i}: u8 = ${i + 1 === length ? "1" : `A${i + 1}`};\n`).join("");
}

function importsNext(count: number): (path: string) => string | undefined {
  return (path) => {
    const at = Number(/^f(\d+)\.weft$/.exec(path)?.[1]);
    return at < count ? `import { A${at + 1} } from "./f${at + 1}.weft";\nconst A${at}: u8 = 1;\n` : undefined;
  };
}

function manyWrites(count: number): string {
  const writes = Array.from({ length: count }, (_, i) => `    self.cells[${i}] = 1;\n`).join("");
  return `contract Sheet {\n  state cells: map<u64, u64>;\n\n  pub fn fill() {\n${writes}  }\n}\n`;
}
