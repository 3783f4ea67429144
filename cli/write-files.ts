/**
 * Writes files, those of a build or sources that were changed: all of them or none. Each is written beside its place first; only when all are there they are renamed, and if one can't be,
 * those before it get back what they replaced. What goes wrong comes back as a diagnostic.
 */
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { displayPath, isFolder, isSystemError } from "./files.ts";

interface Step {
  readonly path: string;
  readonly temporary: string;
  /** Where the file that was there waits; undefined when there was none. */
  readonly backup: string | undefined;
}

/** What a source held when it was read, and what it shall hold. */
export interface Rewrite {
  readonly before: string;
  readonly after: string;
}

/** Sources in their places, with their permissions, unless somebody else changed them meanwhile. A link stays one: what it leads to is written. */
export function rewriteAll(files: ReadonlyMap<string, Rewrite>): Diagnostic | undefined {
  let current = "";
  const steps: Step[] = [];
  try {
    for (const [path, { before, after }] of files) {
      current = path;
      const real = realpathSync(path);
      accessSync(real, constants.W_OK);
      const [mark, held] = withoutMark(readFileSync(real, "utf8"));
      if (held !== before) return notWritten(path, "it has changed meanwhile");
      const temporary = `${real}.${process.pid}.tmp`;
      steps.push({ path: real, temporary, backup: `${real}.${process.pid}.old` });
      writeFileSync(temporary, mark + after);
      chmodSync(temporary, statSync(real).mode);
    }
    replaceAll(steps, (path) => (current = path));
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return notWritten(displayPath(current), error.code);
  } finally {
    for (const { temporary } of steps) rmSync(temporary, { force: true });
  }
}

/** The mark of the byte order, which sources may begin with and compilers don't see. */
function withoutMark(text: string): readonly [string, string] {
  return text.startsWith("\ufeff") ? ["\ufeff", text.slice(1)] : ["", text];
}

function notWritten(path: string, reason: string): Diagnostic {
  return diagnose("E0814", { path, span: { start: 0, end: 0 } }, { path, reason });
}

/** Names come from identifiers of the program and hold no separators; one that does is our own bug. */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): Diagnostic | undefined {
  for (const name of files.keys()) {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) throw new Error(`unsafe file name ${JSON.stringify(name)}`);
  }
  return writeIn(folder, files);
}

/** Files in folders below this one, by paths with slashes of our own making. */
export function writeTree(folder: string, files: ReadonlyMap<string, string>): Diagnostic | undefined {
  for (const path of files.keys()) {
    if (!path.split("/").every((name) => /^\.?[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)))
      throw new Error(`unsafe path ${JSON.stringify(path)}`);
  }
  // Looked at first, so that no folder is made for nothing.
  for (const path of files.keys()) {
    const blocked = fileOnTheWay(dirname(join(folder, path)));
    if (blocked !== undefined) return notWritten(displayPath(blocked), "it is a file, not a folder");
  }
  return writeIn(folder, files);
}

/**
 * One file with a name of the user's own choice. What isn't a plain file (a device, a pipe) is never replaced, nor one of `sources`, by whatever name;
 * a link is followed.
 */
export function writeOne(path: string, text: string, sources: readonly string[]): Diagnostic | undefined {
  const refused = (reason: string): Diagnostic => diagnose("E0814", { path, span: { start: 0, end: 0 } }, { path, reason });
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return refused("EISDIR");
    if (found !== undefined && !found.isFile()) return refused("it isn't a plain file");
    const real = found === undefined ? resolve(path) : realpathSync(path);
    if (found !== undefined && sources.some((source) => realpathSync(source) === real)) return refused("it is a source of this program");
    return writeIn(dirname(real), new Map([[basename(real), text]]));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const blocked = fileOnTheWay(dirname(path));
    return blocked === undefined
      ? refused(error.code)
      : diagnose("E0814", { path, span: { start: 0, end: 0 } }, { path: blocked, reason: "it is a file, not a folder" });
  }
}

function writeIn(folder: string, files: ReadonlyMap<string, string>): Diagnostic | undefined {
  let current = folder;
  const steps: Step[] = [];
  try {
    makeFolder(folder);
    for (const [name, text] of files) {
      current = join(folder, name);
      makeFolder(dirname(current));
      if (isFolder(current)) throw new OccupiedError();
      const temporary = `${current}.${process.pid}.tmp`;
      const exists = statSync(current, { throwIfNoEntry: false }) !== undefined;
      steps.push({ path: current, temporary, backup: exists ? `${current}.${process.pid}.old` : undefined });
      writeFileSync(temporary, text);
    }
    replaceAll(steps, (path) => (current = path));
    return undefined;
  } catch (error) {
    if (!(error instanceof OccupiedError) && !isSystemError(error)) throw error;
    // A file where a folder belongs: the folder itself, or one above it.
    const blocked = error.code === "EISDIR" ? undefined : fileOnTheWay(current === folder ? folder : dirname(current));
    return notWritten(displayPath(blocked ?? current), blocked === undefined ? error.code : "it is a file, not a folder");
  } finally {
    for (const { temporary } of steps) rmSync(temporary, { force: true });
  }
}

/** A folder stands where a file belongs. */
class OccupiedError extends Error {
  readonly code = "EISDIR";
}

function replaceAll(steps: readonly Step[], onPath: (path: string) => void): void {
  const done: Step[] = [];
  try {
    for (const step of steps) {
      onPath(step.path);
      if (step.backup !== undefined) renameSync(step.path, step.backup);
      done.push(step);
      renameSync(step.temporary, step.path);
    }
  } catch (error) {
    for (const { path, backup } of done.reverse()) {
      if (backup === undefined) rmSync(path, { force: true });
      else renameSync(backup, path);
    }
    throw error;
  }
  for (const { backup } of done) if (backup !== undefined) rmSync(backup, { force: true });
}

function fileOnTheWay(folder: string): string | undefined {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found !== undefined) return found.isDirectory() ? undefined : path;
    } catch (error) {
      // Below a file there is nothing to ask about; the file itself comes next.
      if (!isSystemError(error)) throw error;
    }
    if (dirname(path) === path) return undefined;
  }
}

/** Folder by folder: Node's own recursive way never ends under /proc, where a folder can neither be made nor be missing. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it just now.
    if (!isFolder(folder)) throw error;
  }
}
