/** Runs `weft test --json` as a process. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "../server/find.ts";
import { readLcov } from "./lcov.ts";
import type { FileCoverage } from "./lcov.ts";
import { readReport } from "./results.ts";
import type { TestReport } from "./results.ts";

export interface TestCommand {
  readonly program: Program;
  readonly cwd: string;
  /** Files, or files with a line behind a colon. */
  readonly targets: readonly string[];
  readonly coverage: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Called once; the function it is given ends the process. */
  readonly onStart: (cancel: () => void) => void;
}

export type Finished =
  | { readonly kind: "report"; readonly report: TestReport; readonly coverage: readonly FileCoverage[]; readonly said: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly reason: string };

/** What a run may print before it is taken for runaway. */
const MAX_OUTPUT = 256 * 1024 * 1024;
const MAX_SAID = 64 * 1024;

export async function runTests(command: TestCommand): Promise<Finished> {
  if (!command.coverage) return await spawnTests(command, undefined);
  const folder = await mkdtemp(join(tmpdir(), "weft-coverage-"));
  try {
    return await spawnTests(command, join(folder, "lcov.info"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function spawnTests(command: TestCommand, lcov: string | undefined): Promise<Finished> {
  const { program, cwd, targets, env } = command;
  const options = lcov === undefined ? [] : ["--coverage", "--lcov", lcov];
  const args = [...program.args, "test", "--json", ...options, "--", ...targets];
  const ended = await spawned(program.command, args, cwd, env, command.onStart);
  if (ended.kind !== "ended") return ended;
  const report = readReport(ended.out);
  if (report === undefined) {
    const last = ended.said.trim() === "" ? "" : `:\n${ended.said.trim()}`;
    return { kind: "failed", reason: `weft test ended with ${ended.how} and printed no results${last}` };
  }
  const coverage = lcov === undefined ? [] : readLcov(await readFile(lcov, "utf8").catch(() => ""));
  return { kind: "report", report, coverage, said: ended.said };
}

type Ended =
  | { readonly kind: "ended"; readonly out: string; readonly said: string; readonly how: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly reason: string };

function spawned(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  onStart: TestCommand["onStart"],
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const out: Buffer[] = [];
    let size = 0;
    let said = "";
    let stopped: Ended | undefined;
    const stop = (reason: Ended): void => {
      stopped ??= reason;
      child.kill();
    };
    onStart(() => stop({ kind: "cancelled" }));
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT) stop({ kind: "failed", reason: "weft test printed too much" });
      else out.push(chunk);
    });
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      said = `${said}${text}`.slice(-MAX_SAID);
    });
    child.on("error", (error) => resolve({ kind: "failed", reason: `${file} can't be started: ${error.message}` }));
    child.on("close", (code, signal) => {
      resolve(stopped ?? { kind: "ended", out: Buffer.concat(out).toString("utf8"), said, how: signal ?? `exit code ${String(code)}` });
    });
  });
}
