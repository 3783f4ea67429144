/**
 * The extension of VS Code: writes the grammar, bundles the code into editors/vscode/dist, and with --package makes the .vsix, too.
 *
 *   node scripts/vscode.mjs [--package [FILE]]
 */
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { noticesOf } from "./notices.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "editors/vscode");
const out = join(folder, "dist");

export async function buildExtension() {
  await writeGrammars();
  const shared = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    sourcemap: false,
    legalComments: "none",
    charset: "utf8",
    logLevel: "error",
  };
  mkdirSync(out, { recursive: true });
  const { metafile } = await build({
    ...shared,
    entryPoints: [join(folder, "src/extension.ts")],
    outfile: join(out, "extension.cjs"),
    format: "cjs",
    platform: "node",
    target: "node20",
    // The editor itself.
    external: ["vscode"],
    metafile: true,
    // Names in stacks of reports.
    keepNames: true,
  });
  await build({
    ...shared,
    entryPoints: [join(folder, "webview/panel.ts")],
    outfile: join(out, "panel.js"),
    format: "iife",
    target: "chrome122",
  });
  copyFileSync(join(folder, "webview/panel.css"), join(out, "panel.css"));
  writeFileSync(join(out, "third-party-licences.txt"), noticesOf(Object.keys(metafile.inputs), root));
}

/** The grammar comes from the lexer's tokens, which are TypeScript. */
async function writeGrammars() {
  const temporary = join(out, `grammars.${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "scripts/textmate/files.ts")],
    outfile: temporary,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
  try {
    const { grammarFiles } = await import(pathToFileURL(temporary).href);
    for (const { name, text } of grammarFiles()) {
      const path = join(root, "editors", name);
      mkdirSync(dirname(path), { recursive: true });
      if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Packs what editors/vscode/dist and the folder hold; needs no network. */
export async function packExtension(target) {
  const { createVSIX } = await import("@vscode/vsce");
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const packagePath = target ?? join(out, `${name}-${version}.vsix`);
  mkdirSync(dirname(packagePath), { recursive: true });
  await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: false });
  return packagePath;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildExtension();
  const at = process.argv.indexOf("--package");
  if (at !== -1) process.stdout.write(`${await packExtension(process.argv[at + 1])}\n`);
}
