/**
 * Bundles the command line, the worker, the runtime and the bench into dist/, as ES modules with shared chunks.
 * What a command needs is behind a dynamic import, so `weft --version` never loads the parser or the emitter.
 * Files are replaced one by one and only when they changed: a process that runs from dist/ meanwhile keeps working.
 */
import { build } from "esbuild";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "dist");

const ENTRIES = {
  weft: "cli/weft.ts",
  worker: "runtime/execute/worker.ts",
  runtime: "runtime/index.ts",
  bench: "bench/bench.ts",
};

/** Chunks of older builds stay this long, since a running process may still import them. */
const STALE_MS = 10 * 60_000;

/** CommonJS packages in the bundle ask for these names. */
const BANNER = [
  'import { createRequire as __weftRequire } from "node:module";',
  'import { fileURLToPath as __weftPath } from "node:url";',
  "const require = __weftRequire(import.meta.url);",
  'const __filename = __weftPath(import.meta.url), __dirname = __weftPath(new URL(".", import.meta.url));',
].join(" ");

export async function buildAll() {
  const entryPoints = {};
  for (const [name, path] of Object.entries(ENTRIES)) {
    if (existsSync(join(root, path))) entryPoints[name] = join(root, path);
  }
  const result = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: out,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    legalComments: "none",
    chunkNames: "chunk-[name]-[hash]",
    banner: { js: BANNER },
    // 14 MB that only `weft build` loads; as a CommonJS package in a chunk of its own it would lose its named exports.
    external: ["ts-morph"],
    logLevel: "error",
  });
  writeOutputs(result.outputFiles);
}

function writeOutputs(files) {
  mkdirSync(out, { recursive: true });
  const entryNames = new Set(Object.keys(ENTRIES).map((name) => `${name}.js`));
  // Entries come last: they name the chunks.
  const ordered = [...files].sort((a, b) => Number(entryNames.has(basename(a.path))) - Number(entryNames.has(basename(b.path))));
  for (const file of ordered) replace(file.path, file.contents);
  const current = new Set(files.map((file) => basename(file.path)));
  for (const name of readdirSync(out)) {
    const path = join(out, name);
    if (!current.has(name) && Date.now() - statSync(path).mtimeMs > STALE_MS) unlinkSync(path);
  }
  const binary = join(out, "weft.js");
  if (existsSync(binary)) chmodSync(binary, 0o755);
}

function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildAll();
