/** `weft check`: reports what is wrong with programs, and which independence assertions hold. Writes nothing. */
import { resolve } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { tally } from "../../compiler/diagnostics/tally.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import type { ExitCode } from "../exit.ts";
import { EXIT } from "../exit.ts";
import { count } from "../failure.ts";
import type { Context, Outcome } from "../outcome.ts";

export async function check(given: readonly string[], context: Context): Promise<Outcome> {
  const results: CompiledFile[] = [];
  const paths = distinctFiles(given);
  for (const path of paths) {
    context.progress(`checking ${path}`);
    results.push(await compileFile(path));
  }
  const diagnostics = distinct(results.flatMap((result) => result.diagnostics));
  const { errors, warnings } = tally(diagnostics);
  const contracts = results.flatMap(({ path, compiled }) => {
    if (compiled === undefined) return [];
    return compiled.program.contracts.map((contract) => ({
      file: path,
      name: contract.name,
      functions: contract.external.length,
      proved: (compiled.claims.get(contract.name) ?? []).filter((verdict) => verdict.open.length === 0).length,
    }));
  });
  const proved = contracts.reduce((sum, contract) => sum + contract.proved, 0);
  return {
    exit: worst(results.map((result) => result.exit)),
    json: { summary: { files: paths.length, errors, warnings }, contracts },
    timing: {},
    text: () => "",
    note: closingWords({ files: paths.length, errors, warnings, proved }),
    diagnostics,
    files: new Map(results.flatMap((result) => [...result.files])),
  };
}

function closingWords(found: {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly proved: number;
}): string {
  const warned = found.warnings === 0 ? "" : `, ${count(found.warnings, "warning")}`;
  if (found.errors > 0) return `${count(found.errors, "error")}${warned}`;
  const proved = found.proved === 0 ? "" : `, ${count(found.proved, "parallel assertion")} proved`;
  return `checked ${count(found.files, "file")}: no errors${warned}${proved}`;
}

/** A file given twice, however it is spelt, is one file. */
export function distinctFiles(paths: readonly string[]): readonly string[] {
  const byFile = new Map<string, string>();
  for (const path of paths) if (!byFile.has(resolve(path))) byFile.set(resolve(path), path);
  return [...byFile.values()];
}

/** Files imported by several of the arguments are compiled with each. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map(
    diagnostics.map((found) => [`${found.code} ${found.path} ${found.span.start} ${found.span.end} ${found.message}`, found]),
  );
  return [...byPlace.values()];
}

export function worst(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((a, b) => (b > a ? b : a), EXIT.ok);
}
