/** What commands on several files have in common: each file is compiled once, each message shown once, and the worst of the exit codes counts. */
import { resolve } from "node:path";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { compileFile } from "./compile.ts";
import type { CompiledFile } from "./compile.ts";
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { failure } from "./failure.ts";
import type { Context, Outcome } from "./outcome.ts";
import { sourceFiles } from "./sources.ts";

export type CompiledAll =
  | { readonly kind: "refused"; readonly outcome: Outcome }
  | {
      readonly kind: "compiled";
      readonly results: readonly CompiledFile[];
      readonly diagnostics: readonly Diagnostic[];
      readonly files: ReadonlyMap<string, string>;
    };

/** The sources named, or those of the project, for commands that need all of them without errors. */
export async function compileAll(given: readonly string[], context: Context): Promise<CompiledAll> {
  const sources = sourceFiles(given, "code");
  if (sources.problem !== undefined) return { kind: "refused", outcome: failure(EXIT.usage, [sources.problem], new Map()) };
  const results: CompiledFile[] = [];
  for (const path of distinctFiles(sources.files)) {
    context.progress(`compiling ${path}`);
    results.push(await compileFile(path));
  }
  const diagnostics = distinct(results.flatMap((result) => result.diagnostics));
  const files = new Map(results.flatMap((result) => [...result.files]));
  if (results.every(({ compiled }) => compiled !== undefined)) return { kind: "compiled", results, diagnostics, files };
  return { kind: "refused", outcome: failure(worst(results.map(({ exit }) => exit)), diagnostics, files) };
}

/** A file given twice, however it is spelt, is one file. */
export function distinctFiles(paths: readonly string[]): readonly string[] {
  const byFile = new Map<string, string>();
  for (const path of paths) if (!byFile.has(resolve(path))) byFile.set(resolve(path), path);
  return [...byFile.values()];
}

/** Files imported by several of the arguments are compiled with each. */
export function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map(
    diagnostics.map((found) => [`${found.code} ${found.path} ${found.span.start} ${found.span.end} ${found.message}`, found]),
  );
  return [...byPlace.values()];
}

export function worst(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((a, b) => (b > a ? b : a), EXIT.ok);
}
