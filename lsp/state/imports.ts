/** Which files a file imports, as the compiler finds them; also where it doesn't look, because the file's braces don't pair. */
import { isLibraryPath } from "../../compiler/modules/library.ts";
import { importTarget } from "../../compiler/modules/load.ts";
import type { SourceFile } from "../text/source-file.ts";

/** Files of a program, at most. */
const MAX_FILES = 256;

/** Adds to the files of a program what they import; gives the paths that were asked for. */
export function followImports(files: Map<string, SourceFile>, source: (path: string) => SourceFile | undefined): readonly string[] {
  const asked: string[] = [];
  // What is added meanwhile is gone through as well.
  for (const [path, { parsed }] of files) {
    for (const item of parsed.file.items) {
      if (item.kind !== "import" || !(item.from.startsWith(".") || isLibraryPath(item.from)) || !item.from.endsWith(".weft")) continue;
      const target = importTarget(path, item.from);
      if (files.has(target) || files.size >= MAX_FILES) continue;
      asked.push(target);
      const file = source(target);
      if (file !== undefined) files.set(target, file);
    }
  }
  return asked;
}
