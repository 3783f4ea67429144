/**
 * The compiler's door: from source texts to everything that the tools and the emitter need. Does no IO: `read` gives the text of a path.
 * Passes: modules (parse, imports) -> check (names, types) -> footprint -> link -> claims -> lints, cost. Each gives plain data; a pass runs only on
 * what the one before found free of errors, but for the check, which also sees what syntax errors left whole. Last, warnings that the author
 * allowed are taken out.
 */
import { parseFile } from "../grammar/parse.ts";
import { checkProgram } from "./check/check.ts";
import type { CheckResult } from "./check/check.ts";
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
import type { Modules, Parse } from "./modules/load.ts";
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

/** The passes behind the parser. An editor puts in ones that remember what they did before (`session.ts`). */
export interface Passes {
  readonly parse: Parse;
  readonly check: (modules: Modules) => CheckResult;
  readonly footprints: (program: Program) => Footprints;
  readonly claims: (footprint: ContractFootprint, program: Program) => Claims;
  readonly lints: typeof lintDiagnostics;
  readonly costs: (program: Program) => ReadonlyMap<FuncId, CostBound>;
}

export interface Claims {
  readonly verdicts: readonly ClaimVerdict[];
  readonly diagnostics: readonly Diagnostic[];
}

export const PLAIN_PASSES: Passes = {
  parse: parseFile,
  check: checkProgram,
  footprints: analyseFootprints,
  claims: (footprint, program) => {
    const verdicts = proveClaims(footprint);
    return { verdicts, diagnostics: claimDiagnostics(verdicts, footprint, program) };
  },
  lints: lintDiagnostics,
  costs: boundCosts,
};

/** Compiles the file at `root` and all it imports. `read` gives undefined for a file that isn't there. */
export function compile(root: string, read: (path: string) => string | undefined): Compilation {
  const steps = compileInSteps(root, read, PLAIN_PASSES);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, with a pause between passes, in which whoever waits can change their mind. */
export function* compileInSteps(
  root: string,
  read: (path: string) => string | undefined,
  passes: Passes,
): Generator<undefined, Compilation> {
  const modules = loadModules(root, read, passes.parse);
  yield;
  const compilation = yield* runPasses(modules, passes);
  const trees = modules.files.map(({ tree }) => tree);
  const diagnostics = applyAllowances(compilation.diagnostics, trees, compilation.compiled !== undefined);
  // Who uses the library can't change it.
  return { ...compilation, diagnostics: diagnostics.filter(({ severity, path }) => severity === "error" || !isLibraryPath(path)) };
}

function* runPasses(modules: Modules, passes: Passes): Generator<undefined, Compilation> {
  const files = new Map(modules.files.map((file) => [file.path, file.text]));
  const checked = passes.check(modules);
  yield;
  // Declarations that could be read are checked, whatever is wrong with the others.
  const found = together(
    modules.diagnostics,
    checked.diagnostics.filter((diagnostic) => !modules.isFollowUp(diagnostic)),
  );
  if (checked.program === undefined || hasErrors(modules.diagnostics))
    return { compiled: undefined, analysed: undefined, diagnostics: found, files };

  const { program } = checked;
  const footprints = passes.footprints(program);
  found.push(...footprintDiagnostics(footprints.problems));
  if (hasErrors(found)) return { compiled: undefined, analysed: undefined, diagnostics: found, files };
  yield;

  const claims = new Map<string, readonly ClaimVerdict[]>();
  const linked = linkFootprints(footprints, program);
  for (const footprint of linked) {
    const { verdicts, diagnostics } = passes.claims(footprint, program);
    claims.set(footprint.contract.name, verdicts);
    found.push(...diagnostics);
  }
  yield;
  const trees = modules.files.map(({ tree }) => tree);
  if (!hasErrors(found)) found.push(...passes.lints(footprints, program, trees));
  yield;
  const analysed = { program, footprints, linked, costs: passes.costs(program), claims };
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
