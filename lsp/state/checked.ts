/** A program that is only checked: enough to know what its names stand for, and far cheaper than to analyse it. For those who go through many programs. */
import type { Parse } from "../../compiler/modules/load.ts";
import { parseFile } from "../../grammar/parse.ts";
import type { SourceFile } from "../text/source-file.ts";
import { checkOnce } from "./facts.ts";
import { followImports } from "./imports.ts";
import { createSnapshot } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";

/** Undefined if there is no such file. It has no diagnostics: nobody looked for all of them. */
export function checkedProgram(root: string, source: (path: string) => SourceFile | undefined): Snapshot | undefined {
  const file = source(root);
  if (file === undefined) return undefined;
  const files = new Map([[root, file]]);
  followImports(files, source);
  const parse: Parse = (path, text) => files.get(path)?.parsed ?? parseFile(path, text);
  const { facts } = checkOnce(root, (path) => files.get(path)?.source.padded, parse);
  const compilation = { compiled: undefined, analysed: undefined, diagnostics: [], files: new Map<string, string>() };
  return createSnapshot({ root, files, compilation, facts, before: undefined });
}
