/**
 * Finds the files of a program: parses the root, follows its imports, each file once. Reads through the function
 * it is given, but for the standard library, and has no IO of its own. What is wrong with the syntax comes out as diagnostics too, and is cut out of the trees.
 */
import type { ImportDecl, SourceFile } from "../../grammar/ast.ts";
import { parseFile } from "../../grammar/parse.ts";
import type { ParseResult } from "../../grammar/parsed.ts";
import type { Diagnostic, Note, Place } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { Reporter } from "../diagnostics/report.ts";
import { reportSyntax } from "../diagnostics/syntax.ts";
import { salvage } from "./damage.ts";
import type { Salvage } from "./damage.ts";
import { followUps } from "./follow-ups.ts";
import { isLibraryPath, libraryText, nearestLibraryPath, ownPath } from "./library.ts";

export interface SourceModule {
  readonly path: string;
  readonly text: string;
  /** Without declarations that syntax errors damaged. */
  readonly tree: SourceFile;
  /** The file each import names, by its node; absent where it couldn't be loaded. */
  readonly imports: ReadonlyMap<ImportDecl, string>;
}

export interface Modules {
  /** The path as normalised; the root's module may be absent, with E0801. */
  readonly root: string;
  /** Sorted by path. */
  readonly files: readonly SourceModule[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether what a later pass found is but a consequence of a syntax error. */
  readonly isFollowUp: (diagnostic: Diagnostic) => boolean;
}

const MAX_FILES = 256;

/** From a text to its tree: `parseFile`, or what an editor remembers of it. */
export type Parse = (path: string, text: string) => ParseResult;

interface Loader {
  readonly read: (path: string) => string | undefined;
  readonly parse: Parse;
  readonly reporter: Reporter;
  /** `undefined` while the file's imports are being followed. */
  readonly modules: Map<string, (SourceModule & Salvage) | undefined>;
  /** Files on the way from the root to here, each with the import that led to it. */
  readonly chain: { readonly path: string; readonly from: Note | undefined }[];
}

export function loadModules(root: string, read: (path: string) => string | undefined, parse: Parse = parseFile): Modules {
  const reporter = createReporter();
  const loader: Loader = { read, parse, reporter, modules: new Map(), chain: [] };
  const path = ownPath(normalise(root));
  const text = read(path);
  if (text === undefined) reporter.report("E0801", { path, span: { start: 0, end: 0 } }, { path });
  else load(loader, path, text, undefined);
  const files = [...loader.modules.values()].flatMap((module) => (module === undefined ? [] : [module]));
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { root: path, files, diagnostics: reporter.diagnostics(), isFollowUp: followUps(files) };
}

/** The number of files bounds the depth. */
function load(loader: Loader, path: string, text: string, from: Note | undefined): void {
  loader.modules.set(path, undefined);
  loader.chain.push({ path, from });
  const parsed = loader.parse(path, text);
  reportSyntax(loader.reporter, path, parsed.problems);
  const saved = salvage(parsed);
  const imports = new Map<ImportDecl, string>();
  for (const item of saved.tree.items) {
    if (item.kind !== "import") continue;
    const target = follow(loader, path, item);
    if (target !== undefined) imports.set(item, target);
  }
  loader.chain.pop();
  loader.modules.set(path, { path, text, imports, ...saved });
}

/** The path of the imported file, if it is there and no cycle leads back to it. */
function follow(loader: Loader, from: string, item: ImportDecl): string | undefined {
  const { reporter } = loader;
  const place = { path: from, span: item.fromSpan };
  if (item.from.startsWith("weft/")) return followLibrary(loader, item.from, item, place);
  if (!item.from.startsWith("./") && !item.from.startsWith("../")) {
    // An empty path is what the parser leaves where it reported a missing one.
    if (item.from !== "") reporter.report("E0209", place, { path: item.from });
    return undefined;
  }
  // Before anything is read: a diagnostic shows lines of the files it speaks of.
  if (!item.from.endsWith(".weft")) {
    reporter.report("E0217", place, { path: item.from });
    return undefined;
  }
  const target = importTarget(from, item.from);
  return isLibraryPath(from) ? followLibrary(loader, target, item, place) : followFile(loader, target, item, place, loader.read);
}

/** The path of the file that an import means, be it there or not. */
export function importTarget(from: string, path: string): string {
  if (!path.startsWith("./") && !path.startsWith("../")) return path;
  const joined = normalise(`${directoryOf(from)}${path}`);
  return isLibraryPath(from) ? joined : ownPath(joined);
}

/** Texts of the library come from the compiler itself, and its files import nothing else. */
function followLibrary(loader: Loader, path: string, item: ImportDecl, place: Place): string | undefined {
  if (libraryText(path) !== undefined) return followFile(loader, path, item, place, libraryText);
  const near = nearestLibraryPath(path);
  loader.reporter.report("E0804", place, { path: item.from }, near === undefined ? {} : { help: `did you mean \`${near}\`?` });
  return undefined;
}

function followFile(loader: Loader, path: string, item: ImportDecl, place: Place, read: Loader["read"]): string | undefined {
  const { reporter } = loader;
  const start = loader.chain.findIndex((step) => step.path === path);
  if (start !== -1) {
    const circle = loader.chain.slice(start);
    const notes = circle.slice(1).flatMap((step) => (step.from === undefined ? [] : [step.from]));
    reporter.report("E0205", place, { chain: [...circle.map((step) => step.path), path].join(" -> ") }, { notes });
    return undefined;
  }
  const known = loader.modules.get(path);
  // Of a file whose braces don't pair nothing is known: its names are taken on trust.
  if (known !== undefined) return known.isLost ? undefined : path;
  if (loader.modules.size >= MAX_FILES) {
    reporter.report("E0803", place, { limit: MAX_FILES });
    return undefined;
  }
  const text = read(path);
  if (text === undefined) {
    reporter.report("E0802", place, { path: item.from });
    return undefined;
  }
  load(loader, path, text, { ...place, text: `\`${path}\` is imported here` });
  return loader.modules.get(path)?.isLost === true ? undefined : path;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** Resolves `.` and `..`; a relative path that climbs out of where it starts keeps its `..`. */
function normalise(path: string): string {
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (!absolute) parts.push("..");
  }
  return `${absolute ? "/" : ""}${parts.join("/")}`;
}
