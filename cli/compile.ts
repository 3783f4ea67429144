/** Compiles one source file from disk. The compiler itself does no IO: it asks here for the texts of the files it needs. */
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { Compiled } from "../compiler/pipeline.ts";
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { displayPath, readText, SOURCE_LIMIT } from "./files.ts";
import type { ReadResult } from "./files.ts";
import { withLevels } from "./project/active.ts";

export interface CompiledFile {
  /** As shown in diagnostics. */
  readonly path: string;
  /** Undefined when there are errors. */
  readonly compiled: Compiled | undefined;
  /** Also there when only `parallel` assertions fail. */
  readonly analysed: Compiled | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlyMap<string, string>;
  /** 2 when the file itself couldn't be read, 1 when the program has errors. */
  readonly exit: ExitCode;
}

export function compileFile(argument: string): Promise<CompiledFile> {
  return compileFrom(displayPath(argument), (path) => readText(path, SOURCE_LIMIT));
}

/** A missing import is reported by the compiler, at the import; what it can't know is why a file that exists is refused. */
const MISSING: ReadonlySet<string> = new Set(["E0801", "E0831"]);

/** The file at `path` and all it imports, from wherever `read` finds them. */
export async function compileFrom(path: string, read: (path: string) => ReadResult): Promise<CompiledFile> {
  const root = read(path);
  if (root.kind === "problem")
    return { path, compiled: undefined, analysed: undefined, diagnostics: [root.diagnostic], files: new Map(), exit: EXIT.usage };
  const { compile } = await import("../compiler/pipeline.ts");
  const unreadable: Diagnostic[] = [];
  const result = compile(path, (wanted) => {
    if (wanted === path) return root.text;
    const found = read(wanted);
    if (found.kind === "text") return found.text;
    if (!MISSING.has(found.diagnostic.code)) unreadable.push(found.diagnostic);
    return undefined;
  });
  const diagnostics = withLevels([...result.diagnostics, ...unreadable]);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return {
    path,
    compiled: failed ? undefined : result.compiled,
    analysed: result.analysed,
    diagnostics,
    files: result.files,
    exit: failed ? EXIT.failed : EXIT.ok,
  };
}
