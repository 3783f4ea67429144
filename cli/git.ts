/**
 * Files of another version, from git. It runs without a shell; what the user wrote reaches it only behind a commit's hash or `^{commit}`, and never as an
 * option. Output and time are bounded. Reads only: nothing in the repository or the working tree changes.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { isSystemError, SOURCE_LIMIT } from "./files.ts";
import type { ReadResult } from "./files.ts";

export interface Revision {
  /** As the user wrote it; empty for the index. */
  readonly name: string;
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly read: (path: string) => ReadResult;
}

export type OpenRevision =
  | { readonly kind: "revision"; readonly revision: Revision }
  | { readonly kind: "problem"; readonly result: Extract<ReadResult, { kind: "problem" }> };

const TIME_LIMIT_MS = 30_000;

/** `REV:PATH`: from the root of the repository, or from the working folder with `./`. */
export function openObject(name: string, path: string): OpenRevision {
  return open(name, process.cwd(), { path, from: /^\.\.?\//.test(path) ? "folder" : "root", said: path });
}

/** A file of the working tree, or one that once was there, as it is in this revision. */
export function openFile(name: string, path: string): OpenRevision {
  const full = resolve(path);
  let folder = dirname(full);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return open(name, folder, { path: relative(folder, full).split(sep).join("/"), from: "folder", said: path });
}

interface Wanted {
  readonly path: string;
  readonly from: "root" | "folder";
  /** As the user wrote it. */
  readonly said: string;
}

function open(name: string, folder: string, { path, from, said }: Wanted): OpenRevision {
  const problem = (reason: string): OpenRevision => ({ kind: "problem", result: unreadable(name, said, reason) });
  if (name.startsWith("-") || name.includes("\0") || path.includes("\0")) return problem("this is no revision");
  const prefix = git(folder, ["rev-parse", "--show-prefix"]);
  if (prefix.kind === "failed") return problem(prefix.reason);
  // The index has no commit.
  const commit = name === "" ? undefined : git(folder, ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
  if (commit?.kind === "failed") return problem(commit.reason === "" ? "there is no such revision" : commit.reason);
  const object = commit === undefined ? "" : commit.text.trim();
  if (commit !== undefined && !/^[0-9a-f]{40,64}$/.test(object)) return problem("there is no such revision");
  const read = (wanted: string): ReadResult => {
    const found = git(folder, ["cat-file", "blob", `${object}:${wanted}`]);
    return found.kind === "output" ? { kind: "text", text: found.text } : unreadable(name, wanted, found.reason);
  };
  return { kind: "revision", revision: { name, path: normal(from === "folder" ? prefix.text.replace(/\n$/, "") + path : path), read } };
}

/** Without `.` and `..`; what climbs out of the repository is in no revision. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function unreadable(revision: string, path: string, reason: string): Extract<ReadResult, { kind: "problem" }> {
  const place = { path: `${revision}:${path}`, span: { start: 0, end: 0 } };
  if (reason === TOO_LARGE) {
    const limit = `${SOURCE_LIMIT / 1024 / 1024} MiB`;
    return { kind: "problem", diagnostic: diagnose("E0812", place, { path: place.path, limit }) };
  }
  if (reason === NOT_TEXT) return { kind: "problem", diagnostic: diagnose("E0811", place, { path: place.path }) };
  return { kind: "problem", diagnostic: diagnose("E0831", place, { path, revision: revision === "" ? "the index" : revision, reason }) };
}

// --- running it ------------------------------------------------------------------------------------------------------

type Ran = { readonly kind: "output"; readonly text: string } | { readonly kind: "failed"; readonly reason: string };

const TOO_LARGE = "too large";
const NOT_TEXT = "not text";

function git(cwd: string, args: readonly string[]): Ran {
  // Messages are told apart by their words.
  const env = { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  const ran = spawnSync("git", args, { cwd, env, shell: false, timeout: TIME_LIMIT_MS, maxBuffer: SOURCE_LIMIT, windowsHide: true });
  if (ran.error !== undefined) return { kind: "failed", reason: faultOf(ran.error) };
  if (ran.status !== 0) return { kind: "failed", reason: reasonOf(ran.stderr.toString("utf8")) };
  try {
    return { kind: "output", text: new TextDecoder("utf-8", { fatal: true }).decode(ran.stdout) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: "failed", reason: NOT_TEXT };
  }
}

function faultOf(error: Error): string {
  if (!isSystemError(error)) return error.message;
  return error.code === "ENOENT"
    ? "git isn't installed"
    : error.code === "ENOBUFS"
      ? TOO_LARGE
      : error.code === "ETIMEDOUT"
        ? "git takes too long"
        : error.code;
}

function reasonOf(message: string): string {
  if (message.includes("not a git repository")) return "it is in no git repository";
  if (/does not exist|exists on disk, but not in|not in the index|is outside repository/.test(message)) return "it has no such file";
  if (message.endsWith(": bad file\n")) return "it is no file there";
  const [first] = message.split("\n", 1);
  return first.replace(/^(?:fatal|error): /, "");
}
