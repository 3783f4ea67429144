/** The two versions that `weft footprint --diff` compares: files, or files as they are in some revision, each compiled with the imports of its own version. */
import { existsSync } from "node:fs";
import { compileFile, compileFrom } from "./compile.ts";
import type { CompiledFile } from "./compile.ts";
import { EXIT } from "./exit.ts";
import { openFile, openObject } from "./git.ts";
import type { OpenRevision } from "./git.ts";

export interface Versions {
  readonly before: CompiledFile;
  readonly after: CompiledFile;
}

/**
 * `OLD NEW`: two files, each a path or `REV:PATH`. `OLD FILE`, where OLD is neither: the file at that revision and in the working tree. `OLD NEW FILE`: the
 * file at two revisions. A file of that name goes first.
 */
export async function readVersions(old: string, next: string, file: string | undefined): Promise<Versions> {
  if (file !== undefined) return { before: await compileRevision(openFile(old, file)), after: await compileRevision(openFile(next, file)) };
  const after = await compileVersion(next);
  if (existsSync(old) || old.includes(":")) return { before: await compileVersion(old), after };
  return { before: await compileRevision(openFile(old, next)), after };
}

function compileVersion(name: string): Promise<CompiledFile> {
  const colon = name.indexOf(":");
  if (colon === -1 || existsSync(name)) return compileFile(name);
  return compileRevision(openObject(name.slice(0, colon), name.slice(colon + 1)));
}

async function compileRevision(opened: OpenRevision): Promise<CompiledFile> {
  if (opened.kind === "problem") {
    const { diagnostic } = opened.result;
    return {
      path: diagnostic.path,
      compiled: undefined,
      analysed: undefined,
      diagnostics: [diagnostic],
      files: new Map(),
      exit: EXIT.usage,
    };
  }
  const { name, path, read } = opened.revision;
  const prefix = `${name}:`;
  const labelled = <T extends { readonly path: string }>(place: T): T => {
    return place.path.startsWith(prefix) ? place : { ...place, path: prefix + place.path };
  };
  const { files, diagnostics, ...compiled } = await compileFrom(path, read);
  return {
    ...compiled,
    path: prefix + path,
    // Imports are found by paths of the repository; people are told which version a path is of.
    diagnostics: diagnostics.map((found) => ({
      ...labelled(found),
      notes: found.notes.map(labelled),
      fixes: found.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(labelled) })),
    })),
    files: new Map([...files].map(([file, text]) => [prefix + file, text])),
  };
}
