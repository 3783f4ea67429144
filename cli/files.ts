/** Reading and writing files for commands: bounded, UTF-8 only, plain files only. What can't be read comes back as a diagnostic. */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Code } from "../compiler/diagnostics/codes.ts";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../compiler/diagnostics/report.ts";

/** The language's limit for one source file. */
export const SOURCE_LIMIT = 1024 * 1024;
/** Scenarios hold lists of calls and may be longer. */
export const SCENARIO_LIMIT = 16 * 1024 * 1024;

export type ReadResult = { readonly kind: "text"; readonly text: string } | { readonly kind: "problem"; readonly diagnostic: Diagnostic };

export function readText(path: string, limit: number): ReadResult {
  const problem = (code: Code, values: Readonly<Record<string, string>>): ReadResult => {
    return { kind: "problem", diagnostic: diagnose(code, { path, span: { start: 0, end: 0 } }, values) };
  };
  // No file system has such a name, and Node refuses it in another way than a missing file.
  if (path.includes("\0")) return problem("E0801", { path });
  let bytes: Uint8Array | "directory" | "large";
  try {
    bytes = readBounded(path, limit);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return problem("E0801", { path });
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

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** How a file is named in diagnostics: relative to the working folder where that is shorter, with slashes. */
export function displayPath(path: string): string {
  const full = resolve(path);
  const near = relative(process.cwd(), full);
  return (near === "" || near.startsWith("..") ? full : near).split(sep).join("/");
}

/**
 * Writes all files or reports why not. Each file appears whole or not at all: it is written beside its place and renamed.
 * Names come from identifiers of the program and hold no separators; one that does is our own bug.
 */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): Diagnostic | undefined {
  let current = folder;
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) {
      if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) throw new Error(`unsafe file name ${JSON.stringify(name)}`);
      current = join(folder, name);
      writeAtomically(current, text);
    }
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const path = displayPath(current);
    return diagnose("E0814", { path, span: { start: 0, end: 0 } }, { path, reason: error.code });
  }
}

function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}
