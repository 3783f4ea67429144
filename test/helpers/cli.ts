/** Runs the built command line as a process, as a user would. The global setup has built it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BINARY = join(ROOT, "dist", "weft.js");

const MARK = "--- times ---\n";
/** The shell says how much processor time its child took. */
const TIMED = `"$0" "$@"; code=$?; printf '%s' '${MARK}' >&2; times >&2; exit $code`;

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Processor time of the process, all threads: what other work on the machine doesn't change. */
  readonly cpuMs: number;
}

export interface RunSettings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export function weft(args: readonly string[], settings: Partial<RunSettings> = {}): Finished {
  const { NO_COLOR: _noColour, FORCE_COLOR: _forced, ...inherited } = process.env;
  const result = spawnSync("bash", ["-c", TIMED, process.execPath, BINARY, ...args], {
    cwd: settings.cwd ?? ROOT,
    env: { ...inherited, ...settings.env },
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [err, times = ""] = result.stderr.split(MARK);
  const children = times.trim().split("\n")[1] ?? "";
  const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
  return { code: result.status, out: result.stdout, err, cpuMs };
}

/** A folder of its own with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "weft-test-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** The one JSON document on stdout; fails when there is anything else. */
export function jsonOf(finished: Finished): Record<string, unknown> {
  const parsed: unknown = JSON.parse(finished.out);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error(`not an object: ${finished.out}`);
  return Object.fromEntries(Object.entries(parsed));
}
