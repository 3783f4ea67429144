/**
 * Writes the texts of std/ into a module of the compiler, which reads no files: so `weft/std/…` is there wherever the compiler runs, from the sources,
 * from dist/ and in a browser. Not kept in git: std/ is the one place where the library is written.
 */
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "std");
const target = join(root, "compiler/modules/library-texts.ts");

export function writeLibrary() {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.split(sep).join("/"))
    .filter((name) => name.endsWith(".weft"))
    .sort();
  const lines = names.map((name) => {
    return `  [${JSON.stringify(`weft/std/${name}`)}, ${JSON.stringify(readFileSync(join(folder, name), "utf8"))}],`;
  });
  const text = [
    "/** Written by scripts/library.mjs from std/; not to be edited. */",
    "export const LIBRARY_TEXTS: readonly (readonly [path: string, text: string])[] = [",
    ...lines,
    "];",
    "",
  ].join("\n");
  if (existsSync(target) && readFileSync(target, "utf8") === text) return;
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
}
