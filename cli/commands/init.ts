/** `weft init`: a new project that checks, tests and runs at once. Writes over nothing unless it is told to, and writes all its files or none. */
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Bug } from "../../compiler/core/bug.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { EXIT } from "../exit.ts";
import { count, failure, wrongUsage } from "../failure.ts";
import { displayPath, isFolder, isSystemError, readText, SOURCE_LIMIT } from "../files.ts";
import { commonFiles, packageJson } from "../init/files.ts";
import type { NewProject } from "../init/files.ts";
import { completePackage } from "../init/package.ts";
import type { Outcome } from "../outcome.ts";
import { printable } from "../render/width.ts";
import { shellWord } from "../shell-word.ts";
import { version } from "../version.ts";
import { writeTree } from "../write-files.ts";

export interface InitRequest {
  readonly folder: string;
  readonly template: string;
  readonly name: string | undefined;
  readonly force: boolean;
  /** What package.json shall name as weft. */
  readonly weft: string | undefined;
  readonly commands: readonly string[];
}

/** The templates lie beside the sources as well as beside the bundle, one folder further up from here in the sources. */
const FOLDERS = ["../templates/", "../../templates/"];

const PACKAGE = "package.json";
/** Good as they are in any project. */
const KEPT: ReadonlySet<string> = new Set(["README.md", ".gitignore", ".gitattributes"]);
/** What npm takes for a name. */
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const MAX_NAME = 214;

export function init({ folder, template, name: asked, force, weft, commands }: InitRequest): Outcome {
  if (folder.trim() === "" || folder.includes("\0")) return wrongUsage("the folder has no name", "`weft init .` is the working folder");
  const root = resolve(folder);
  const name = asked ?? nameOf(root);
  if (!NAME.test(name) || name.length > MAX_NAME) {
    return wrongUsage(`\`${name}\` is no name of a package`, "use small letters, digits, `-`, `_` and `.`");
  }
  const home = templatesFolder();
  const project: NewProject = { name, template, dependency: weft ?? dependencyOn(resolve(home, ".."), root), commands: new Set(commands) };
  const files = new Map([...templateFiles(join(home, template)), ...commonFiles(project)]);
  const there = [...files.keys()].filter((path) => isThere(join(root, path)) && !holds(join(root, path), files.get(path)));
  const kept = force ? [] : there.filter((path) => KEPT.has(path));
  const taken = force ? [] : there.filter((path) => !KEPT.has(path));
  if (taken.length > 0)
    return failure(
      EXIT.usage,
      taken.map((path) => alreadyThere(join(root, path))),
      new Map(),
    );
  for (const path of kept) files.delete(path);

  const packagePath = join(root, PACKAGE);
  const isNew = !isThere(packagePath);
  const manifest = isNew ? packageJson(project) : completed(packagePath, project);
  if (typeof manifest !== "string") return failure(EXIT.usage, [manifest], new Map());
  files.set(PACKAGE, manifest);
  const written = [...files].filter(([path, text]) => !holds(join(root, path), text)).sort(([a], [b]) => (a < b ? -1 : 1));
  const problem = writeTree(root, new Map(written));
  if (problem !== undefined) return failure(EXIT.usage, [problem], new Map());
  const shown = written.map(([path]) => displayPath(join(root, path)));
  return {
    exit: EXIT.ok,
    json: { folder: displayPath(root), template, name, written: shown, kept: kept.map((path) => displayPath(join(root, path))) },
    timing: {},
    text: () => shown.map((path) => `${printable(path)}\n`).join(""),
    note: closingWords(root, project, { written: written.length, kept, isNew }),
    diagnostics: [],
    files: new Map(),
  };
}

function closingWords(
  root: string,
  { template, dependency }: NewProject,
  { written, kept, isNew }: { readonly written: number; readonly kept: readonly string[]; readonly isNew: boolean },
): string {
  const where = relative(process.cwd(), root);
  const left = kept.length === 0 ? "" : `; left as it was: ${kept.join(", ")}`;
  const installed = existsSync(join(root, "node_modules", "weft"));
  // Nothing names weft, and by its name alone npm would fetch another package.
  const isMissing = dependency === undefined && isNew && !installed;
  const install = isMissing ? `npm install --save-dev with the package of weft, \`weft-${version()}.tgz\`` : installed ? "" : "npm install";
  const steps = [where === "" ? "" : `cd ${printable(shellWord(where))}`, install, "npm test"].filter((step) => step !== "");
  return `${count(written, "file")} of a new project (${template})${left}\nnext: ${steps.join(", ")}`;
}

// --- what there is ---------------------------------------------------------------------------------------------------

function isThere(path: string): boolean {
  return orElse(() => lstatSync(path, { throwIfNoEntry: false }) !== undefined, false);
}

function holds(path: string, text: string | undefined): boolean {
  return orElse(() => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path, "utf8") === text, false);
}

/** What can't be looked at can't be written either, and whoever tries says why. */
function orElse<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return otherwise;
  }
}

function alreadyThere(path: string): Diagnostic {
  const shown = displayPath(path);
  return diagnose("E0843", { path: shown, span: { start: 0, end: 0 } }, { path: shown });
}

function completed(path: string, project: NewProject): string | Diagnostic {
  const shown = displayPath(path);
  const source = readText(shown, SOURCE_LIMIT);
  if (source.kind === "problem") return source.diagnostic;
  const found = completePackage(source.text, project);
  if (found.kind === "text") return found.text;
  return diagnose("E0814", { path: shown, span: { start: 0, end: 0 } }, { path: shown, reason: found.problem });
}

/** A name that npm takes, from that of the folder. */
function nameOf(root: string): string {
  const plain = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._~-]+/g, "-")
    .replaceAll(/^[._-]+|[._-]+$/g, "")
    .slice(0, MAX_NAME);
  return plain === "" ? "weft-project" : plain;
}

// --- what comes with weft --------------------------------------------------------------------------------------------

function templatesFolder(): string {
  const found = FOLDERS.map((folder) => new URL(folder, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Bug("no templates");
  return fileURLToPath(found);
}

function templateFiles(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8")]));
}

/**
 * A package.json that names a version could lead to somebody else's package of that name: so it names the installation that is running. One within the
 * project's own folder was put there by its package manager, or by hand: that is for whoever did it.
 */
function dependencyOn(home: string, root: string): string | undefined {
  if (!isFolder(home)) return undefined;
  const way = relative(root, home).split(sep).join("/");
  return way === "" || !way.startsWith("..") || home.split(sep).includes("node_modules") ? undefined : `file:${way}`;
}
