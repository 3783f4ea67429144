/** Reading files for commands: bounded, UTF-8 only, plain files only. What can't be read comes back as a diagnostic. */
import { closeSync, fstatSync, openSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import type { Code } from "../compiler/diagnostics/codes.ts";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { closest } from "../grammar/closest.ts";

/** The language's limit for one source file. */
export const SOURCE_LIMIT = 1024 * 1024;
/** Scenarios hold lists of calls and may be longer. */
export const SCENARIO_LIMIT = 16 * 1024 * 1024;

export type ReadResult = { readonly kind: "text"; readonly text: string } | { readonly kind: "problem"; readonly diagnostic: Diagnostic };

export function readText(path: string, limit: number): ReadResult {
  const problem = (code: Code, values: Readonly<Record<string, string>>, near?: string): ReadResult => {
    const extra = near === undefined ? {} : { help: `did you mean \`${near}\`?` };
    return { kind: "problem", diagnostic: diagnose(code, { path, span: { start: 0, end: 0 } }, values, extra) };
  };
  // No file system has such a name, and Node refuses it in another way than a missing file.
  if (path.includes("\0")) return problem("E0801", { path });
  let bytes: Uint8Array | "directory" | "large";
  try {
    bytes = readBounded(path, limit);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return problem("E0801", { path }, error.code === "ENOENT" ? nearestFile(path) : undefined);
  }
  if (bytes === "directory") return problem("E0813", { path });
  if (bytes === "large") return problem("E0812", { path, limit: `${limit / 1024 / 1024} MiB` });
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return problem("E0811", { path });
  }
}

function readBounded(path: string, limit: number): Uint8Array | "directory" | "large" {
  // Opening a pipe or a device could wait for ever, so the kind is asked first.
  if (!statSync(path).isFile()) return "directory";
  const file = openSync(path, "r");
  try {
    if (fstatSync(file).size > limit) return "large";
    const buffer = new Uint8Array(limit + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null);
      length += read;
      if (length > limit) return "large";
      if (read === 0) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** A file or folder beside it with nearly the same name. */
function nearestFile(path: string): string | undefined {
  const folder = dirname(path);
  try {
    const name = closest(basename(path), readdirSync(folder));
    return name === undefined ? undefined : `${path.slice(0, path.length - basename(path).length)}${name}`;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** How a file is named in diagnostics: relative to the working folder where that is shorter, with slashes. */
export function displayPath(path: string): string {
  const full = resolve(path);
  const near = relative(process.cwd(), full);
  return (near === "" || near.startsWith("..") ? full : near).split(sep).join("/");
}

export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}
