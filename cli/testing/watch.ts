/**
 * `weft test --watch`: runs the tests, then again those that a change concerns, until `q` or Ctrl-C. Whether a file changed is told by its text, so that
 * however an editor saves, one change is one run. Folders are watched, not files: most editors replace a file by another one.
 */
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { dirname } from "node:path";
import { isLibraryPath } from "../../compiler/modules/library.ts";
import { readText, SOURCE_LIMIT, isSystemError } from "../files.ts";
import { EXIT } from "../exit.ts";
import type { ExitCode } from "../exit.ts";
import { failure } from "../failure.ts";
import type { Context, Outcome } from "../outcome.ts";
import { testOnce } from "./once.ts";
import type { TestOptions } from "./options.ts";
import { findSources } from "./sources.ts";
import type { TestSource, TestSources } from "./sources.ts";

/** Several events come with one save. */
const SETTLE_MS = 80;
/** Where the system can't tell of changes they are looked for. */
const POLL_MS = 500;

const NOTHING: Omit<Outcome, "exit"> = { json: {}, timing: {}, text: () => "", note: "", diagnostics: [], files: new Map() };

export async function watchTests(given: readonly string[], options: TestOptions, context: Context): Promise<Outcome> {
  let sources = findSources(given);
  if (sources.problem !== undefined) return failure(EXIT.usage, [sources.problem], new Map());
  /** By file, those its program is made of. */
  const parts = new Map<string, readonly string[]>();
  /** What these import may be missing, and be the next file that appears. */
  const broken = new Set<string>();
  const alarm = createAlarm();
  const keys = listenToKeys(alarm);
  const watched = watchFolders(alarm);
  let exit: ExitCode = EXIT.ok;
  try {
    let due: readonly TestSource[] = sources.files;
    for (;;) {
      let known = textsOf(sources, parts);
      if (due.length > 0) {
        clearScreen();
        const { outcome, parts: found, broken: refused } = await testOnce(due, options, context);
        for (const { path } of due) {
          const isBroken = refused.includes(path);
          // A file that went missing may come back: it is watched like those that are there.
          const read = [...(found.get(path) ?? [path]), ...(isBroken ? (parts.get(path) ?? []) : [])];
          // The library's texts come from the compiler, and no folder holds them.
          parts.set(
            path,
            [...new Set(read)].filter((part) => !isLibraryPath(part)),
          );
          if (isBroken) broken.add(path);
          else broken.delete(path);
        }
        // Of files met for the first time it is known only now what was read.
        known = new Map([...known, ...outcome.files]);
        ({ exit } = outcome);
        context.show({ ...outcome, note: `${outcome.note}\n${waitingWords()}`.trim() });
      }
      watched.follow(foldersOf(sources, parts));
      due = [];
      // What was saved while the tests ran counts as well.
      while (due.length === 0) {
        const now = textsOf(sources, parts);
        const changed = [...now].filter(([path, text]) => known.get(path) !== text).map(([path]) => path);
        known = now;
        const concerned = sources.files.filter(({ path }) => (parts.get(path) ?? [path]).some((part) => changed.includes(part)));
        if (concerned.length > 0) {
          due = concerned;
          break;
        }
        const rung = await alarm.wait();
        if (rung === "end") return { ...NOTHING, exit };
        if (rung === "all") due = sources.files;
        const again = findSources(given);
        // A folder that has lost its last file is waited for.
        if (again.problem === undefined) {
          const fresh = again.files.filter(({ path }) => !parts.has(path));
          sources = again;
          for (const path of parts.keys()) if (!sources.files.some((source) => source.path === path)) parts.delete(path);
          if (fresh.length > 0 && due.length === 0) due = again.files.filter(({ path }) => !parts.has(path) || broken.has(path));
        }
      }
    }
  } finally {
    keys.close();
    watched.close();
  }
}

function waitingWords(): string {
  return process.stdin.isTTY ? "waiting for changes; q ends, Enter runs all" : "waiting for changes";
}

function clearScreen(): void {
  // A file or a pipe keeps what it was given.
  if (process.stdout.isTTY) process.stdout.write("\u001b[2J\u001b[3J\u001b[H");
}

/** The texts of all files that count; undefined of one that can't be read. */
function textsOf(sources: TestSources, parts: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string | undefined> {
  const paths = new Set(sources.files.flatMap(({ path }) => [path, ...(parts.get(path) ?? [])]));
  return new Map(
    [...paths].map((path) => {
      const read = readText(path, SOURCE_LIMIT);
      return [path, read.kind === "text" ? read.text : undefined];
    }),
  );
}

function foldersOf(sources: TestSources, parts: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const files = sources.files.flatMap(({ path }) => [path, ...(parts.get(path) ?? [])]);
  return new Set([...sources.folders, ...files.map((path) => dirname(path))]);
}

// --- what wakes it -------------------------------------------------------------------------------------------------

type Ring = "change" | "all" | "end";

interface Alarm {
  readonly ring: (ring: Ring) => void;
  /** Until something rings; changes are waited for until they are over. */
  readonly wait: () => Promise<Ring>;
}

function createAlarm(): Alarm {
  let pending: Ring | undefined;
  let wake: ((ring: Ring) => void) | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  const deliver = (): void => {
    if (wake === undefined || pending === undefined) return;
    const [ring, waiting] = [pending, wake];
    pending = undefined;
    wake = undefined;
    waiting(ring);
  };
  return {
    ring(ring) {
      if (pending !== "end") pending = ring === "change" ? (pending ?? ring) : ring;
      clearTimeout(settling);
      settling = setTimeout(deliver, ring === "change" ? SETTLE_MS : 0);
    },
    wait: () =>
      new Promise((resolve) => {
        wake = resolve;
        if (pending !== undefined) settling ??= setTimeout(deliver, SETTLE_MS);
        if (pending !== undefined) deliver();
      }),
  };
}

interface Watched {
  /** From now on these folders, and no others. */
  readonly follow: (folders: ReadonlySet<string>) => void;
  readonly close: () => void;
}

/** Watches folders, and looks for changes from time to time where that isn't possible. */
function watchFolders({ ring }: Alarm): Watched {
  const watchers = new Map<string, FSWatcher>();
  let poll: ReturnType<typeof setInterval> | undefined;
  const changed = (): void => {
    ring("change");
  };
  const startPolling = (): void => {
    poll ??= setInterval(changed, POLL_MS);
  };
  const add = (folder: string): void => {
    try {
      const watcher = watch(folder, changed);
      watcher.on("error", () => {
        watchers.delete(folder);
        watcher.close();
        startPolling();
      });
      watchers.set(folder, watcher);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      startPolling();
    }
  };
  return {
    follow(folders) {
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders) if (!watchers.has(folder)) add(folder);
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      clearInterval(poll);
    },
  };
}

/** Keys of a terminal, one by one. Without a terminal only signals end the watch. */
function listenToKeys({ ring }: Alarm): { readonly close: () => void } {
  const { stdin } = process;
  if (!stdin.isTTY) return { close: () => undefined };
  const onKey = (data: Buffer): void => {
    const key = data.toString("utf8");
    if (key === "\u0003") process.kill(process.pid, "SIGINT");
    else if (key === "q" || key === "\u0004") ring("end");
    else if (key === "\r" || key === "\n" || key === "a") ring("all");
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on("data", onKey);
  return {
    close() {
      stdin.off("data", onKey);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
