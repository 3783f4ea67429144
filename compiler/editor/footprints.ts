/**
 * Footprints that are kept from one compilation to the next, entry by entry: the plan of an entry stays as long as the functions that it reaches are the
 * same objects and the fields which these touch have the same places among the contract's leaves. A contract none of whose plans changed is the same object.
 */
import { analyseEntry, footprintOf } from "../footprint/analyse.ts";
import type { EntryAnalysis } from "../footprint/analyse.ts";
import type { ContractFootprint, EntryPlan, FootprintProblem, Footprints } from "../footprint/footprint.ts";
import { leafTable } from "../footprint/leaves.ts";
import type { LeafTable } from "../footprint/leaves.ts";
import type { Contract, Field, Func, FuncId, Program, TypedId } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";
import { createReach, sameList } from "./reach.ts";

interface KnownEntry {
  readonly reach: readonly Func[];
  /** Where the first leaf of each field stands that is touched, and its group. */
  readonly places: string;
  readonly once: ReadonlySet<TypedId>;
  readonly analysis: EntryAnalysis;
}

interface OfFunc {
  readonly fields: readonly Field[];
  readonly loops: readonly TypedId[];
}

export function rememberFootprints(): (program: Program) => Footprints {
  const entries = new WeakMap<Func, KnownEntry>();
  const parts = new WeakMap<Func, OfFunc>();
  let contracts = new Map<string, ContractFootprint>();

  const partsOf = (func: Func): OfFunc => {
    const known = parts.get(func) ?? readParts(func);
    parts.set(func, known);
    return known;
  };

  const entryOf = (
    program: Program,
    contract: Contract,
    table: LeafTable,
    func: Func,
    reach: readonly Func[],
    once: ReadonlySet<TypedId>,
  ) => {
    const own = new Set(reach.flatMap((one) => partsOf(one).loops.filter((loop) => once.has(loop))));
    const fields = [...new Set(reach.flatMap((one) => partsOf(one).fields))];
    const places = `${contract.name} ${fields.map(({ index }) => placeOf(table, index)).join(" ")}`;
    const known = entries.get(func);
    if (known?.places === places && sameList(known.reach, reach) && sameList([...known.once], [...own])) return known.analysis;
    const analysis = analyseEntry(program, contract, table, func.id, own);
    entries.set(func, { reach, places, once: own, analysis });
    return analysis;
  };

  return (program) => {
    const reach = createReach(program);
    const now = new Map<string, ContractFootprint>();
    let all: EntryAnalysis[] = [];
    // Contracts that share a loop have to agree on how it is planned; so have the entries of one.
    const once = new Set<TypedId>();
    for (let before = -1; before < once.size;) {
      before = once.size;
      all = [];
      for (const contract of program.contracts) {
        const table = leafTable(contract);
        const plans = new Map<FuncId, EntryPlan>();
        for (const id of [contract.init, ...contract.external]) {
          const func = program.functions.get(id);
          if (func === undefined) continue;
          const analysis = entryOf(program, contract, table, func, reach(func), once);
          plans.set(id, analysis.plan);
          all.push(analysis);
        }
        now.set(contract.name, sameOr(contracts.get(contract.name), contract, table, plans));
      }
      for (const analysis of all) for (const loop of analysis.once) once.add(loop);
    }
    contracts = now;
    return together([...now.values()], all);
  };
}

function sameOr(
  known: ContractFootprint | undefined,
  contract: Contract,
  table: LeafTable,
  plans: ReadonlyMap<FuncId, EntryPlan>,
): ContractFootprint {
  const isSame =
    known?.contract === contract && known.entries.size === plans.size && [...plans].every(([id, plan]) => known.entries.get(id) === plan);
  return isSame ? known : footprintOf(contract, table, plans);
}

function placeOf({ byField }: LeafTable, index: number): string {
  const [first] = byField[index] ?? [];
  return first === undefined ? "-" : `${first.index}/${first.group}/${first.table ?? ""}`;
}

function readParts(func: Func): OfFunc {
  const fields = new Set<Field>();
  const loops: TypedId[] = [];
  visitBlock(func.body, {
    stmt: (stmt) => {
      if (stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete") fields.add(stmt.place.field);
      if (stmt.kind === "forList" || stmt.kind === "forRange") loops.push(stmt.id);
    },
    expr: (expr) => {
      if (expr.kind === "load" || expr.kind === "has" || expr.kind === "past") fields.add(expr.place.field);
      else if (expr.kind === "setChange") fields.add(expr.entry.field);
      else if (expr.kind === "next" || expr.kind === "immutable") fields.add(expr.field);
    },
  });
  return { fields: [...fields], loops };
}

function together(contracts: readonly ContractFootprint[], parts: readonly EntryAnalysis[]): Footprints {
  const problems = new Map<string, FootprintProblem>();
  for (const problem of parts.flatMap((part) => part.problems)) {
    const key = `${problem.kind} ${problem.site.path} ${problem.site.span.start} ${problem.subject}`;
    if (!problems.has(key)) problems.set(key, problem);
  }
  const frames: Footprints["frames"] = merged(parts.map((part) => part.frames));
  return {
    contracts,
    frames,
    absorbed: merged(parts.map(({ absorbed }) => absorbed)),
    usedLeaves: merged(parts.map(({ usedLeaves }) => usedLeaves)),
    problems: [...problems.values()],
  };
}

function merged<K, V>(parts: readonly ReadonlyMap<K, V>[]): ReadonlyMap<K, V> {
  const all = new Map<K, V>();
  for (const part of parts) for (const [key, value] of part) all.set(key, value);
  return all;
}
