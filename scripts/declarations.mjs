/**
 * Writes the types of the package's three doors to dist/types/: one declaration file per source file that the doors' types mention, with imports that
 * any consumer resolves. Does nothing when the sources are those of the last time, because it takes seconds. Type errors are left to `tsc --noEmit`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "dist", "types");
const stamp = join(out, ".stamp");

const DOORS = ["compiler/index.ts", "runtime/index.ts", "format/prettier.ts"];
const SOURCES = ["grammar", "format", "compiler", "runtime"];

export async function buildDeclarations() {
  const state = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  const { default: ts } = await import("typescript");
  const emitted = emit(ts);
  const wanted = reachable(emitted);
  mkdirSync(out, { recursive: true });
  for (const name of wanted) write(join(out, name), rewriteImports(emitted.get(name)));
  for (const path of filesBelow(out)) {
    if (!wanted.has(relative(out, path))) rmSync(path);
  }
  write(stamp, state);
}

/** All declarations of the program, by path below dist/types. */
function emit(ts) {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [], files: DOORS }, ts.sys, root);
  const program = ts.createProgram(
    DOORS.map((door) => join(root, door)),
    { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, removeComments: false, rootDir: root, outDir: out },
  );
  const emitted = new Map();
  program.emit(undefined, (path, text) => emitted.set(relative(out, path), text), undefined, true);
  return emitted;
}

const RELATIVE_IMPORT = /(\bfrom |\bimport\()"(\.{1,2}\/[^"]+)\.ts"/g;

/** What the doors name, directly or not. The rest of the sources isn't anyone's business. */
function reachable(emitted) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    const text = emitted.get(name);
    if (text === undefined) throw new Error(`no declarations for ${name}`);
    seen.add(name);
    for (const [, , target] of text.matchAll(RELATIVE_IMPORT)) visit(`${join(dirname(name), target)}.d.ts`);
  };
  for (const door of DOORS) visit(door.replace(/\.ts$/, ".d.ts"));
  return seen;
}

function rewriteImports(text) {
  return text.replaceAll(RELATIVE_IMPORT, (_, keyword, target) => `${keyword}"${target}.js"`);
}

function hashOfSources() {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const folder of SOURCES) {
    for (const path of filesBelow(join(root, folder))) hash.update(path).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => path !== stamp && statSync(path).isFile())
    .sort();
}

function write(path, text) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildDeclarations();
