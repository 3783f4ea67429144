/** Compiles one source file from disk. The compiler itself does no IO: it asks here for the texts of the files it needs. */
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { Compiled } from "../compiler/pipeline.ts";
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { displayPath, readText, SOURCE_LIMIT } from "./files.ts";
import type { ReadResult } from "./files.ts";

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

/** `changed`: texts by path that stand for what is on disk. */
export async function compileFile(argument: string, changed: ReadonlyMap<string, string> = new Map()): Promise<CompiledFile> {
  const path = displayPath(argument);
  const textOf = (wanted: string): ReadResult => {
    const text = changed.get(wanted);
    return text === undefined ? readText(wanted, SOURCE_LIMIT) : { kind: "text", text };
  };
  const root = textOf(path);
  if (root.kind === "problem")
    return { path, compiled: undefined, analysed: undefined, diagnostics: [root.diagnostic], files: new Map(), exit: EXIT.usage };
  const { compile } = await import("../compiler/pipeline.ts");
  const unreadable: Diagnostic[] = [];
  const result = compile(path, (wanted) => {
    if (wanted === path) return root.text;
    const found = textOf(wanted);
    if (found.kind === "text") return found.text;
    // A missing import is reported by the compiler, at the import; what it can't know is why a file that exists is refused.
    if (found.diagnostic.code !== "E0801") unreadable.push(found.diagnostic);
    return undefined;
  });
  const diagnostics = [...result.diagnostics, ...unreadable];
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
