/** A program at one moment: its files, what is wrong with it, and what is known of it. Features read it and change nothing. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { boundCosts } from "../../compiler/cost/cost.ts";
import { footprintTable } from "../../compiler/footprint/table.ts";
import type { FootprintTable } from "../../compiler/footprint/table.ts";
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import type { ConflictAnalysis } from "../../compiler/conflicts/analyse.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import { salvage } from "../../compiler/modules/damage.ts";
import { parseFile } from "../../grammar/parse.ts";
import type { Compilation, Compiled } from "../../compiler/pipeline.ts";
import type { Program } from "../../compiler/typed/tree.ts";
import { resolveNames } from "../symbols/resolve.ts";
import type { Occurrence } from "../symbols/symbol.ts";
import type { SourceFile } from "../text/source-file.ts";
import { checkOnce, tolerantly } from "./facts.ts";
import type { Facts } from "./facts.ts";

export interface Snapshot {
  /** The path of the file that it is the program of. */
  readonly root: string;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly diagnostics: readonly Diagnostic[];
  /** Footprints and conflicts of this text; undefined while there are errors. */
  readonly analysed: Compiled | undefined;
  /** The same, or that of the last text without errors. */
  readonly last: Snapshot | undefined;
  readonly facts: () => Facts | undefined;
  readonly names: (path: string) => readonly Occurrence[];
}

interface Parts {
  readonly root: string;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly compilation: Compilation;
  readonly facts: Facts | undefined;
  readonly before: Snapshot | undefined;
}

export function createSnapshot({ root, files, compilation, facts: checked, before }: Parts): Snapshot {
  let facts: { readonly known: Facts | undefined } | undefined;
  const names = new Map<string, readonly Occurrence[]>();
  const snapshot: Snapshot = {
    root,
    files,
    diagnostics: compilation.diagnostics,
    analysed: compilation.analysed,
    last: undefined,
    facts: () => (facts ??= { known: isComplete(files) ? checked : (looseFacts(root, files) ?? checked) }).known,
    names: (path) => {
      const known = names.get(path);
      if (known !== undefined) return known;
      const file = files.get(path);
      const all = snapshot.facts();
      const found = file === undefined || all === undefined ? [] : resolveNames(file.parsed.file, all);
      names.set(path, found);
      return found;
    },
  };
  // One step back at most: what is older can be let go.
  const last = compilation.analysed !== undefined ? snapshot : before?.last === undefined ? undefined : { ...before.last, last: undefined };
  return Object.assign(snapshot, { last });
}

/** Whether the checker saw all that the parser read: declarations that are damaged are kept from it. */
function isComplete(files: ReadonlyMap<string, SourceFile>): boolean {
  for (const { parsed } of files.values()) {
    if (parsed.problems.length === 0) continue;
    const { tree } = salvage(parsed);
    if (count(tree.items) !== count(parsed.file.items)) return false;
  }
  return true;
}

function count(items: SourceFile["parsed"]["file"]["items"]): number {
  return items.reduce((sum, item) => sum + 1 + (item.kind === "contract" || item.kind === "mixin" ? item.members.length : 0), 0);
}

function looseFacts(root: string, files: ReadonlyMap<string, SourceFile>): Facts | undefined {
  const parse = tolerantly((path, text) => files.get(path)?.parsed ?? parseFile(path, text));
  try {
    return checkOnce(root, (path) => files.get(path)?.source.padded, parse).facts;
  } catch {
    // The checker may rely on what a declaration without damage has.
    return undefined;
  }
}

// --- what is computed when somebody looks at it ----------------------------------------------------------------------------

/** By program, since a table names lines: an edit in front of a contract that stays the same moves these. */
const tables = new WeakMap<Program, Map<ContractFootprint, FootprintTable>>();
const costs = new WeakMap<Program, ReturnType<typeof boundCosts>>();
const conflicts = new WeakMap<ContractFootprint, ConflictAnalysis>();

export function tableOf(compiled: Compiled, footprint: ContractFootprint): FootprintTable {
  const { program } = compiled;
  const known = tables.get(program) ?? new Map<ContractFootprint, FootprintTable>();
  tables.set(program, known);
  const found = known.get(footprint);
  if (found !== undefined) return found;
  const bounds = costs.get(program) ?? boundCosts(program);
  costs.set(program, bounds);
  const table = footprintTable(footprint, program, bounds);
  known.set(footprint, table);
  return table;
}

export function conflictsOf(compiled: Compiled, footprint: ContractFootprint): ConflictAnalysis {
  const known = conflicts.get(footprint);
  if (known !== undefined) return known;
  const analysis = analyseConflicts(footprint, compiled.program);
  conflicts.set(footprint, analysis);
  return analysis;
}
