/** `weft check`: reports what is wrong with programs, and which independence assertions hold. With `--fix` it changes the files; else it writes nothing. */
import { tally } from "../../compiler/diagnostics/tally.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { count, failure } from "../failure.ts";
import { fixFiles, isApplied } from "../fix.ts";
import type { FixLevel, FixNote } from "../fix.ts";
import type { Context, Outcome } from "../outcome.ts";
import { printable } from "../render/width.ts";
import { distinct, distinctFiles, worst } from "../results.ts";
import { sourceFiles } from "../sources.ts";
import { rewriteAll } from "../write-files.ts";

/** With `fix`, fixes are applied first, and the files written that they change. */
export async function check(given: readonly string[], fix: FixLevel | undefined, context: Context): Promise<Outcome> {
  const found = sourceFiles(given, "all");
  if (found.problem !== undefined) return failure(EXIT.usage, [found.problem], new Map());
  const paths = distinctFiles(found.files);
  if (fix !== undefined) return await fixed(paths, fix, context);
  const results: CompiledFile[] = [];
  for (const path of paths) {
    context.progress(`checking ${path} (${results.length + 1} of ${paths.length})`);
    results.push(await compileFile(path));
  }
  return outcomeOf(results);
}

function outcomeOf(results: readonly CompiledFile[]): Outcome {
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
    json: { summary: { files: results.length, errors, warnings }, contracts },
    timing: {},
    text: () => "",
    note: closingWords({ files: results.length, errors, warnings, proved }),
    diagnostics,
    files: new Map(results.flatMap((result) => [...result.files])),
  };
}

async function fixed(paths: readonly string[], level: FixLevel, context: Context): Promise<Outcome> {
  context.progress(`fixing ${count(paths.length, "file")}`);
  const { applied, refused, before, texts, results } = await fixFiles(paths, level);
  const rewrites = new Map([...texts].map(([path, after]) => [path, { before: before.get(path) ?? "", after }]));
  const problem = rewriteAll(rewrites);
  if (problem !== undefined) return failure(EXIT.usage, [problem], new Map());
  const outcome = outcomeOf(results);
  const left = level === "safe" ? outcome.diagnostics.filter(({ fixes }) => fixes.some((fix) => isApplied(fix, "all"))).length : 0;
  const more = left === 0 ? "" : `; ${count(left, "warning")} more can be fixed with --fix=all, which changes what callers see`;
  return {
    ...outcome,
    json: { ...outcome.json, fixes: { applied, refused, written: [...texts.keys()] } },
    text: () => [...applied.map((one) => line("fixed", one)), ...refused.map((one) => line("not fixed", one))].join(""),
    note: `${outcome.note}, ${count(applied.length, "fix", "fixes")} applied${more}`,
  };
}

function line(what: "fixed" | "not fixed", { file, code, title }: FixNote): string {
  const why = what === "fixed" ? "" : " (the program wouldn't compile, or the warning would stay)";
  return `${what}: ${printable(`${file}: ${code}: ${title}`)}${why}\n`;
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
