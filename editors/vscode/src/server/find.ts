/**
 * Which program is `weft` here: the one that a setting names, else the package that the workspace has installed, else the one on PATH. Knows the disk only
 * through `Disk`, so that tests can play any machine.
 */
import { posix, win32 } from "node:path";
import { fieldsOf, parseJson, textOf } from "../decode.ts";

export interface Disk {
  readonly isFile: (path: string) => boolean;
  /** Undefined if it can't be read. */
  readonly read: (path: string) => string | undefined;
  /** Where a link leads; the path itself if it is none. */
  readonly real: (path: string) => string;
}

export interface Machine {
  readonly disk: Disk;
  readonly platform: string;
  readonly home: string;
  /** The value of PATH. */
  readonly path: string;
  /** Runs scripts where there is no Node on PATH: the editor's own. */
  readonly ownNode: string;
}

export interface Wanted {
  /** `weft.server.path`; empty if it isn't set. */
  readonly path: string;
  /** Folders of the workspace, in order. */
  readonly folders: readonly string[];
}

/** A command without the arguments that say what to do. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that was found, for people. */
  readonly file: string;
}

export type Search =
  { readonly kind: "found"; readonly program: Program } | { readonly kind: "missing"; readonly looked: readonly string[] };

type PathStyle = typeof posix;

export function findProgram(wanted: Wanted, machine: Machine): Search {
  const style = machine.platform === "win32" ? win32 : posix;
  if (wanted.path.trim() !== "") {
    const file = absolute(wanted.path.trim(), wanted.folders, machine, style);
    if (!machine.disk.isFile(file)) return { kind: "missing", looked: [file] };
    const started = machine.platform === "win32" && !/\.(?:exe|[cm]?js)$/i.test(file) ? ofStarter(file, machine, style) : file;
    return started === undefined ? { kind: "missing", looked: [file] } : found(started, machine, style);
  }
  const looked: string[] = [];
  for (const folder of wanted.folders) {
    const file = ofWorkspace(folder, machine, style);
    if (file !== undefined) return found(file, machine, style);
    looked.push(style.join(folder, "node_modules", "weft"));
  }
  const file = onPath(machine, style);
  return file === undefined ? { kind: "missing", looked: [...looked, "PATH"] } : found(file, machine, style);
}

/** `~` is the home folder; other relative paths start at the first folder of the workspace. */
function absolute(path: string, folders: readonly string[], machine: Machine, style: PathStyle): string {
  if (path === "~" || path.startsWith("~/") || path.startsWith("~\\")) return style.join(machine.home, path.slice(1));
  return style.isAbsolute(path) ? style.normalize(path) : style.join(folders[0] ?? machine.home, path);
}

// --- in the workspace ------------------------------------------------------------------------------------------------

/** As Node looks for packages: in the folder, then in those above it. */
function ofWorkspace(folder: string, machine: Machine, style: PathStyle): string | undefined {
  for (let at = folder; ; at = style.dirname(at)) {
    // The folder may be the one of Weft itself.
    const file = ofPackage(at, machine, style) ?? ofPackage(style.join(at, "node_modules", "weft"), machine, style);
    if (file !== undefined || style.dirname(at) === at) return file;
  }
}

/** The file that the package `weft` in this folder names as its command. */
function ofPackage(folder: string, machine: Machine, style: PathStyle): string | undefined {
  const manifest = fieldsOf(parseJson(machine.disk.read(style.join(folder, "package.json")) ?? ""));
  if (manifest === undefined || textOf(manifest["name"]) !== "weft") return undefined;
  const bin = textOf(manifest["bin"]) ?? textOf(fieldsOf(manifest["bin"])?.["weft"]);
  if (bin === undefined) return undefined;
  const file = style.join(folder, bin);
  // A package has no business outside of its folder.
  const inside = style.relative(folder, file);
  if (inside.startsWith("..") || style.isAbsolute(inside)) return undefined;
  return machine.disk.isFile(file) ? file : undefined;
}

/** What npm writes for Windows beside a package are files for shells, which can't be run as they are: the script that `weft` or `weft.cmd` starts. */
function ofStarter(file: string, machine: Machine, style: PathStyle): string | undefined {
  const folder = style.dirname(file);
  // Of a project, in node_modules/.bin; of all, beside node_modules.
  return (
    ofPackage(style.join(folder, "..", "weft"), machine, style) ?? ofPackage(style.join(folder, "node_modules", "weft"), machine, style)
  );
}

// --- on PATH -----------------------------------------------------------------------------------------------------------

function onPath(machine: Machine, style: PathStyle): string | undefined {
  for (const folder of pathFolders(machine, style)) {
    if (machine.platform === "win32") {
      const script = ofStarter(style.join(folder, "weft.cmd"), machine, style);
      if (script !== undefined) return script;
      const exe = style.join(folder, "weft.exe");
      if (machine.disk.isFile(exe)) return exe;
    } else {
      const file = style.join(folder, "weft");
      if (machine.disk.isFile(file)) return file;
    }
  }
  return undefined;
}

function pathFolders({ path }: Machine, style: PathStyle): readonly string[] {
  // A relative entry would mean whatever folder the editor was started in.
  return path.split(style.delimiter).filter((folder) => folder !== "" && style.isAbsolute(folder));
}

// --- how to run it -----------------------------------------------------------------------------------------------------

function found(file: string, machine: Machine, style: PathStyle): Search {
  // Where npm links to the script, Node is looked for here: an editor that wasn't started from a shell may have none on PATH.
  const script = machine.disk.real(file);
  if (!/\.[cm]?js$/i.test(script)) return { kind: "found", program: { command: file, args: [], env: {}, file } };
  const name = machine.platform === "win32" ? "node.exe" : "node";
  const node = pathFolders(machine, style)
    .map((folder) => style.join(folder, name))
    .find((path) => machine.disk.isFile(path));
  if (node !== undefined) return { kind: "found", program: { command: node, args: [script], env: {}, file } };
  // The editor's program is Node when it is told so.
  return { kind: "found", program: { command: machine.ownNode, args: [script], env: { ELECTRON_RUN_AS_NODE: "1" }, file } };
}
