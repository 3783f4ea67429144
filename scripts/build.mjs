/**
 * Bundles the command line, the library, the worker and the benches into dist/, as ES modules with shared chunks, and writes the library's types.
 * What a command needs is behind a dynamic import, so `weft --version` never loads the parser or the emitter.
 * Files are replaced one by one and only when they changed: a process that runs from dist/ meanwhile keeps working.
 */
import { build } from "esbuild";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildDeclarations } from "./declarations.mjs";
import { writeLibrary } from "./library.mjs";
import { noticesOf } from "./notices.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "dist");

const PUBLISHED = {
  weft: "cli/weft.ts",
  worker: "runtime/execute/worker.ts",
  compiler: "compiler/index.ts",
  runtime: "runtime/index.ts",
  prettier: "format/prettier.ts",
};
const PRIVATE = {
  bench: "bench/bench.ts",
  "bench-compiler": "bench/compiler.ts",
  "bench-analysis": "bench/analysis.ts",
  "bench-cosplit": "bench/cosplit.ts",
  "bench-growth": "bench/growth.ts",
  "bench-lsp": "bench/lsp.ts",
  soundness: "test/soundness/main.ts",
  precision: "test/precision/main.ts",
  mutants: "test/soundness/mutants/main.ts",
  "fuzz-format": "test/fuzz/format-main.ts",
};
const ENTRIES = { ...PUBLISHED, ...PRIVATE };

/** Chunks of older builds stay this long, since a running process may still import them. */
const STALE_MS = 10 * 60_000;

/** CommonJS packages in the bundle ask for these names. */
const BANNER = [
  'import { createRequire as __weftRequire } from "node:module";',
  'import { fileURLToPath as __weftPath } from "node:url";',
  "const require = __weftRequire(import.meta.url);",
  'const __filename = __weftPath(import.meta.url), __dirname = __weftPath(new URL(".", import.meta.url));',
].join(" ");

export async function buildBundles() {
  writeLibrary();
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(root, path)])),
    outdir: out,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    // Licences are in a file of their own.
    legalComments: "none",
    // Less to read at start-up and no paths of sources. Names stay and lines are short, for the stacks in reports of bugs.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    chunkNames: "chunk-[name]-[hash]",
    banner: { js: BANNER },
    // 14 MB that only typed clients load; as a CommonJS package in a chunk of its own it would lose its named exports. And what builds mutants of the compiler.
    external: ["ts-morph", "esbuild"],
    logLevel: "error",
  });
  const published = reachable(result.metafile);
  const encoder = new TextEncoder();
  const inputs = [...published].flatMap((name) => Object.keys(result.metafile.outputs[`dist/${name}`].inputs));
  writeOutputs(
    [...result.outputFiles, { path: join(out, "third-party-licences.txt"), contents: encoder.encode(noticesOf(inputs, root)) }],
    new Set([...published, "third-party-licences.txt"]),
  );
}

export async function buildAll() {
  await buildBundles();
  await buildDeclarations();
}

/** Names of the bundles that the published entries are made of. */
function reachable({ outputs }) {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, external } of outputs[path].imports) if (external !== true) visit(next);
  };
  for (const name of Object.keys(PUBLISHED)) visit(`dist/${name}.js`);
  return new Set([...seen].map((path) => basename(path)));
}

function writeOutputs(files, published) {
  mkdirSync(out, { recursive: true });
  const entryNames = new Set(Object.keys(ENTRIES).map((name) => `${name}.js`));
  // Entries come last: they name the chunks.
  const ordered = [...files].sort((a, b) => Number(entryNames.has(basename(a.path))) - Number(entryNames.has(basename(b.path))));
  for (const file of ordered) replace(file.path, file.contents);
  const current = new Set(files.map((file) => relative(out, file.path)));
  for (const entry of readdirSync(out, { withFileTypes: true })) {
    const path = join(out, entry.name);
    if (entry.isFile() && entry.name !== ".npmignore" && !current.has(entry.name) && Date.now() - statSync(path).mtimeMs > STALE_MS)
      unlinkSync(path);
  }
  chmodSync(join(out, "weft.js"), 0o755);
  keepFromPackage(published);
}

/** What is here only for the project, and chunks of older builds, stay out of the package. */
function keepFromPackage(published) {
  const names = readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isFile() && !published.has(entry.name));
  replace(join(out, ".npmignore"), new TextEncoder().encode([...names.map(({ name }) => `/${name}`), "/types/.stamp", ""].join("\n")));
}

function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildAll();
