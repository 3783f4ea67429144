/**
 * The compiler's door: from source texts to everything that the tools and the emitter need. Does no IO: `read` gives the text of a path.
 * Passes: modules (parse, imports) -> check (names, types) -> footprint -> claims -> cost. Each gives plain data; a pass runs only on
 * what the one before found free of errors.
 */
import { checkProgram } from "./check/check.ts";
import { claimDiagnostics } from "./conflicts/claim-diagnostics.ts";
import { proveClaims } from "./conflicts/analyse.ts";
import type { ClaimVerdict } from "./conflicts/conflict.ts";
import { boundCosts, type CostBound } from "./cost/cost.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { analyseFootprints } from "./footprint/analyse.ts";
import type { Footprints } from "./footprint/footprint.ts";
import { footprintDiagnostics } from "./footprint/problems.ts";
import { loadModules } from "./modules/load.ts";
import type { FuncId, Program } from "./typed/tree.ts";

export interface Compiled {
  readonly program: Program;
  readonly footprints: Footprints;
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
  const files = new Map(modules.files.map((file) => [file.path, file.text]));
  if (hasErrors(modules.diagnostics)) return { compiled: undefined, analysed: undefined, diagnostics: modules.diagnostics, files };

  const checked = checkProgram(modules);
  const found = [...modules.diagnostics, ...checked.diagnostics];
  if (checked.program === undefined) return { compiled: undefined, analysed: undefined, diagnostics: found, files };

  const { program } = checked;
  const footprints = analyseFootprints(program);
  found.push(...footprintDiagnostics(footprints.problems));
  if (hasErrors(found)) return { compiled: undefined, analysed: undefined, diagnostics: found, files };

  const claims = new Map<string, readonly ClaimVerdict[]>();
  for (const footprint of footprints.contracts) {
    const verdicts = proveClaims(footprint);
    claims.set(footprint.contract.name, verdicts);
    found.push(...claimDiagnostics(verdicts, footprint, program));
  }
  const analysed = { program, footprints, costs: boundCosts(program), claims };
  return { compiled: hasErrors(found) ? undefined : analysed, analysed, diagnostics: found, files };
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
