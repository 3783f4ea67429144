/**
 * The compiler's door: from source texts to everything that the tools and the emitter need. Does no IO: `read` gives the text of a path.
 * Passes: modules (parse, imports) -> check (names, types) -> footprint -> link -> claims -> lints, cost. Each gives plain data; a pass runs only on
 * what the one before found free of errors, but for the check, which also sees what syntax errors left whole. Last, warnings that the author
 * allowed are taken out.
 */
import { checkProgram } from "./check/check.ts";
import { claimDiagnostics } from "./conflicts/claim-diagnostics.ts";
import { proveClaims } from "./conflicts/analyse.ts";
import type { ClaimVerdict } from "./conflicts/conflict.ts";
import { boundCosts, type CostBound } from "./cost/cost.ts";
import { applyAllowances } from "./diagnostics/allow.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { byPlace, MAX_ERRORS } from "./diagnostics/report.ts";
import { analyseFootprints } from "./footprint/analyse.ts";
import type { ContractFootprint, Footprints } from "./footprint/footprint.ts";
import { footprintDiagnostics } from "./footprint/problems.ts";
import { linkFootprints } from "./link/link.ts";
import { lintDiagnostics } from "./lints/run.ts";
import { loadModules } from "./modules/load.ts";
import type { Modules } from "./modules/load.ts";
import { isLibraryPath } from "./modules/library.ts";
import type { FuncId, Program } from "./typed/tree.ts";

export interface Compiled {
  readonly program: Program;
  readonly footprints: Footprints;
  /** The same for people and for the conflict analysis: calls of contracts that are known here are replaced by what these touch. By contract. */
  readonly linked: readonly ContractFootprint[];
  readonly costs: ReadonlyMap<FuncId, CostBound>;
  /** What became of the `parallel` assertions, by name of the contract. The matrix of all pairs is left to those who show it. */
  readonly claims: ReadonlyMap<string, readonly ClaimVerdict[]>;
}

export interface Compilation {
  /** Undefined when there is an error. */
  readonly compiled: Compiled | undefined;
  /** The same, also when all that is wrong is a `parallel` assertion: what footprints and conflicts can be shown of. */
  readonly analysed: Compiled | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts by path, for code frames. */
  readonly files: ReadonlyMap<string, string>;
}

/** Compiles the file at `root` and all it imports. `read` gives undefined for a file that isn't there. */
export function compile(root: string, read: (path: string) => string | undefined): Compilation {
  const modules = loadModules(root, read);
  const compilation = runPasses(modules);
  const trees = modules.files.map(({ tree }) => tree);
  const diagnostics = applyAllowances(compilation.diagnostics, trees, compilation.compiled !== undefined);
  // Who uses the library can't change it.
  return { ...compilation, diagnostics: diagnostics.filter(({ severity, path }) => severity === "error" || !isLibraryPath(path)) };
}

function runPasses(modules: Modules): Compilation {
  const files = new Map(modules.files.map((file) => [file.path, file.text]));
  const checked = checkProgram(modules);
  // Declarations that could be read are checked, whatever is wrong with the others.
  const found = together(
    modules.diagnostics,
    checked.diagnostics.filter((diagnostic) => !modules.isFollowUp(diagnostic)),
  );
  if (checked.program === undefined || hasErrors(modules.diagnostics))
    return { compiled: undefined, analysed: undefined, diagnostics: found, files };

  const { program } = checked;
  const footprints = analyseFootprints(program);
  found.push(...footprintDiagnostics(footprints.problems));
  if (hasErrors(found)) return { compiled: undefined, analysed: undefined, diagnostics: found, files };

  const claims = new Map<string, readonly ClaimVerdict[]>();
  const linked = linkFootprints(footprints, program);
  for (const footprint of linked) {
    const verdicts = proveClaims(footprint);
    claims.set(footprint.contract.name, verdicts);
    found.push(...claimDiagnostics(verdicts, footprint, program));
  }
  if (!hasErrors(found)) {
    found.push(
      ...lintDiagnostics(
        footprints,
        program,
        modules.files.map(({ tree }) => tree),
      ),
    );
  }
  const analysed = { program, footprints, linked, costs: boundCosts(program), claims };
  return { compiled: hasErrors(found) ? undefined : analysed, analysed, diagnostics: found, files };
}

/** In order of the text. Errors of the first list leave room for as many of the second as one run reports in all. */
function together(first: readonly Diagnostic[], second: readonly Diagnostic[]): Diagnostic[] {
  let room = MAX_ERRORS - first.filter(({ severity }) => severity === "error").length;
  const kept = second.filter(({ severity }) => severity !== "error" || room-- > 0);
  return [...first, ...kept].sort(byPlace);
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
