/**
 * Owns what is open: documents, the programs they are the roots of, and what is known of each. The one place that decides what is computed again.
 * An edit makes the programs that hold the file stale; they are compiled in steps, and an edit in between starts anew.
 */
import { isLibraryPath, LIBRARY_PATHS, libraryText } from "../../compiler/modules/library.ts";
import type { Compilation } from "../../compiler/pipeline.ts";
import { createSession } from "../../compiler/session.ts";
import type { Session } from "../../compiler/session.ts";
import { parseFile } from "../../grammar/parse.ts";
import type { ParseResult } from "../../grammar/parsed.ts";
import { editSource, readSource } from "../text/source-file.ts";
import type { SourceFile } from "../text/source-file.ts";
import { createPlainText } from "../text/source-text.ts";
import { createDisk } from "./disk.ts";
import type { Found } from "./disk.ts";
import { createCollector } from "./facts.ts";
import type { Collector } from "./facts.ts";
import { followImports } from "./imports.ts";
import { createSnapshot } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Workspace {
  readonly open: (path: string, text: string) => void;
  readonly change: (path: string, text: string) => void;
  readonly close: (path: string) => void;
  /** Something happened to files on the disk. */
  readonly touch: (paths: readonly string[]) => void;
  /** Finds out by itself what happened to files that were read; whether it is anything. For clients that don't tell. */
  readonly lookAgain: () => boolean;
  readonly isOpen: (path: string) => boolean;
  readonly openPaths: () => readonly string[];
  readonly source: (path: string) => SourceFile | undefined;
  /** The program of an open file as it is now; of any other file for this once. */
  readonly snapshot: (path: string) => Snapshot | undefined;
  /**
   * Programs that may have something to say of a file: its own, if that is given, and those of open files that are up to date. Without its own,
   * of a file that isn't open, the others as they were, too: nobody else knows it.
   */
  readonly snapshotsAbout: (path: string, own: Snapshot | undefined) => readonly Snapshot[];
  /** Compiles all programs of open files, for those who ask once and aren't told that there is more: any of them may hold the file. */
  readonly catchUp: () => void;
  /** Programs of open files as they were when they were compiled last. */
  readonly snapshots: () => readonly Snapshot[];
  /** Works until all programs are compiled; pauses between passes. Gives a program whenever one is done. */
  readonly work: () => Generator<Snapshot | undefined, void>;
  readonly isStale: () => boolean;
  /** All source files of the workspace's folders, and those that are open. */
  readonly allPaths: () => readonly string[];
  /** Reads, file by file, what a completion looks through for names that could be imported. */
  readonly warmUp: () => Generator<undefined, void>;
  /** Whether the folders have more source files than are looked at. */
  readonly isCut: () => boolean;
  readonly setFolders: (folders: readonly string[]) => void;
  readonly folders: () => readonly string[];
}

interface OpenFile {
  /** As it is now. */
  file: SourceFile;
  /** The last one whose braces paired: an edit that repairs the file goes on from there. */
  base: SourceFile;
}

interface Root {
  readonly path: string;
  readonly session: Session;
  readonly collector: Collector;
  snapshot: Snapshot | undefined;
  stale: boolean;
  /** Paths that were asked for, also of files that aren't there. */
  asked: ReadonlySet<string>;
}

/** Programs of files that aren't open, kept for those who ask about many files in a row. */
const MAX_COLD = 32;
/** Files read ahead; in larger workspaces the first completion reads the rest. */
const MAX_WARM = 500;

export function createWorkspace(): Workspace {
  const disk = createDisk();
  const opened = new Map<string, OpenFile>();
  const roots = new Map<string, Root>();
  const cold = new Map<string, Root>();
  const library = new Map<string, SourceFile>();
  let folders: readonly string[] = [];
  let found: Found | undefined;

  const source = (path: string): SourceFile | undefined => {
    const open = opened.get(path);
    if (open !== undefined) return open.file;
    if (!isLibraryPath(path)) return disk.read(path);
    const known = library.get(path);
    if (known !== undefined) return known;
    const text = libraryText(path);
    if (text === undefined) return undefined;
    // Nobody edits these: they have no gaps.
    const file = { path, source: createPlainText(text), parsed: parseFile(path, text) };
    library.set(path, file);
    return file;
  };

  const parse = (path: string, text: string): ParseResult => {
    const known = source(path);
    if (known?.source.padded === text) return known.parsed;
    return parseFile(path, text);
  };

  const invalidate = (path: string): void => {
    for (const root of cold.values()) if (root.asked.has(path)) cold.delete(root.path);
    for (const root of roots.values()) if (root.path === path || root.asked.has(path)) root.stale = true;
  };

  const inFolders = (): Found => (found ??= disk.below(folders));

  const touch = (paths: readonly string[]): void => {
    found = undefined;
    for (const path of paths) {
      disk.forget(path);
      if (!opened.has(path)) invalidate(path);
    }
  };

  const isSettled = (path: string): boolean => {
    const open = opened.get(path);
    return open === undefined || open.file === open.base;
  };

  function* compileRoot(root: Root): Generator<undefined, Snapshot> {
    const asked = new Set<string>([root.path]);
    const read = (path: string): string | undefined => {
      asked.add(path);
      return source(path)?.source.padded;
    };
    // What a file with braces that don't pair says of the program isn't worth forgetting the rest for.
    const settled = [...root.asked].every(isSettled);
    const collector = settled ? root.collector : createCollector();
    const session = settled ? root.session : createSession(parse, collector.observer);
    const compilation: Compilation = yield* session.compile(root.path, read);
    const context = session.checker.context();
    const files = new Map<string, SourceFile>();
    for (const path of compilation.files.keys()) {
      const file = source(path);
      if (file !== undefined) files.set(path, file);
    }
    for (const path of followImports(files, source)) asked.add(path);
    const facts = context === undefined ? undefined : collector.facts(context);
    const snapshot = createSnapshot({ root: root.path, files, compilation, facts, before: root.snapshot });
    root.snapshot = snapshot;
    root.asked = asked;
    root.stale = false;
    return snapshot;
  }

  const finish = (root: Root): Snapshot => {
    const steps = compileRoot(root);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };

  const newRoot = (path: string): Root => {
    const collector = createCollector();
    const session = createSession(parse, collector.observer);
    return { path, session, collector, snapshot: undefined, stale: true, asked: new Set([path]) };
  };

  const allPaths = (): readonly string[] => [...new Set([...opened.keys(), ...inFolders().paths])];

  return {
    open(path, text) {
      const file = readSource(path, text);
      opened.set(path, { file, base: file });
      found = undefined;
      roots.set(path, newRoot(path));
      invalidate(path);
    },
    change(path, text) {
      const open = opened.get(path);
      if (open === undefined || open.file.source.real === text) return;
      const next = editSource(open.base, text);
      const isWhole = next.parsed.isBalanced || !open.base.parsed.isBalanced;
      opened.set(path, { file: next, base: isWhole ? next : open.base });
      invalidate(path);
    },
    close(path) {
      opened.delete(path);
      roots.delete(path);
      disk.forget(path);
      found = undefined;
      invalidate(path);
    },
    touch,
    lookAgain() {
      const changed = disk.changed();
      if (changed.length > 0) touch(changed);
      return changed.some((path) => !opened.has(path));
    },
    isOpen: (path) => opened.has(path),
    openPaths: () => [...opened.keys()],
    source,
    snapshot(path) {
      const root = roots.get(path);
      if (root !== undefined) return root.stale || root.snapshot === undefined ? finish(root) : root.snapshot;
      if (source(path) === undefined) return undefined;
      // Not that of another program which has the file in it: the tests of imported files are no part of that.
      const known = cold.get(path)?.snapshot;
      if (known !== undefined) return known;
      if (cold.size >= MAX_COLD) cold.clear();
      const alone = newRoot(path);
      cold.set(path, alone);
      return finish(alone);
    },
    snapshotsAbout(path, own) {
      const keepsStale = own === undefined && !opened.has(path);
      const others = [...roots.values()].flatMap(({ snapshot, stale }) =>
        snapshot === undefined || (stale && !keepsStale) ? [] : [snapshot],
      );
      return [...new Set([...(own === undefined ? [] : [own]), ...others])];
    },
    catchUp() {
      for (const root of roots.values()) if (root.stale) finish(root);
    },
    snapshots: () => [...roots.values()].flatMap(({ snapshot }) => snapshot ?? []),
    *work() {
      for (;;) {
        const stale = [...roots.values()].find((root) => root.stale);
        if (stale === undefined) return;
        const steps = compileRoot(stale);
        for (;;) {
          const step = steps.next();
          if (step.done === true) {
            yield step.value;
            break;
          }
          yield undefined;
        }
      }
    },
    isStale: () => [...roots.values()].some((root) => root.stale),
    allPaths,
    *warmUp() {
      for (const path of [...LIBRARY_PATHS, ...allPaths().slice(0, MAX_WARM)]) {
        if (opened.has(path) || library.has(path) || disk.knows(path)) continue;
        source(path);
        yield undefined;
      }
    },
    isCut: () => inFolders().isCut,
    setFolders(paths) {
      folders = paths;
      found = undefined;
    },
    folders: () => folders,
  };
}
