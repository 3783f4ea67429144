/**
 * Cells that a call adds to and that still make calls wait: the sum is read as well, or written out (`x = x + e`). Found from the footprint, which
 * knows what happens in callees; the code then tells which reads would be gone. Two lints share this: what adds up, and what numbers things.
 */
import type { EntryPlan, FlatAccess, LeafIndex, Term } from "../footprint/footprint.ts";
import { COIN } from "../footprint/footprint.ts";
import { isKnown, sameTerm, someTerm } from "../footprint/algebra.ts";
import type { Program } from "../typed/tree.ts";
import { addOf, isMove, isStep, moveOf, type Add } from "./adds.ts";
import { statementOf, stepsTo, type Bodies, type Step } from "./bodies.ts";
import type { Entry } from "./entries.ts";
import type { Source } from "./source.ts";

export interface LintTools {
  readonly program: Program;
  readonly bodies: Bodies;
  readonly source: Source;
  /** What was found out about the plans of an earlier program. */
  readonly cells: WeakMap<EntryPlan, readonly AddedCell[]> | undefined;
}

export interface AddedCell {
  /**
   * `sum`: it could commute, or would without the reads. `counter`: each call takes the old value and steps it by one, so it numbers things.
   * `chain`: what is added follows from the value itself.
   */
  readonly kind: "sum" | "counter" | "chain";
  readonly leaf: LeafIndex;
  readonly keys: readonly Term[];
  /** The accesses that change it. */
  readonly changes: readonly FlatAccess[];
  readonly adds: readonly { readonly add: Add; readonly access: FlatAccess; readonly steps: readonly Step[] }[];
  /** Reads that stay, however the adds are written. */
  readonly reads: readonly { readonly access: FlatAccess; readonly steps: readonly Step[] }[];
}

/** Cells looked at per function: hostile programs have more. */
const MAX_CELLS = 64;

export function addedCells(entry: Entry, tools: LintTools): readonly AddedCell[] {
  const known = tools.cells?.get(entry.plan) ?? findCells(entry, tools);
  tools.cells?.set(entry.plan, known);
  return known;
}

function findCells(entry: Entry, tools: LintTools): readonly AddedCell[] {
  return groupsOf(entry).flatMap((group): AddedCell[] => {
    const cell = cellOf(group, entry, tools);
    return cell === undefined ? [] : [cell];
  });
}

/** Accesses of one cell each; those whose cell isn't known before the call are left out. */
function groupsOf({ accesses, footprint }: Entry): readonly (readonly FlatAccess[])[] {
  const groups: FlatAccess[][] = [];
  for (const access of accesses) {
    const { leaf, keys, mode } = access;
    if (mode === "T" || footprint.leaves[leaf].type.kind !== "int" || !keys.every(isKnown)) continue;
    const group = groups.find(([one]) => one.leaf === leaf && keys.every((key, i) => sameTerm(key, one.keys[i])));
    if (group !== undefined) group.push(access);
    else if (groups.length < MAX_CELLS) groups.push([access]);
  }
  return groups.filter((group) => group.some(({ mode }) => mode !== "R"));
}

function cellOf(group: readonly FlatAccess[], entry: Entry, tools: LintTools): AddedCell | undefined {
  const [{ leaf, keys }] = group;
  const changes = group.filter(({ mode }) => mode !== "R");
  const isWrittenOut = changes.some(({ mode }) => mode === "W");
  if (!isWrittenOut && changes.length === group.length) return undefined;
  const adds: AddedCell["adds"][number][] = [];
  for (const access of changes) {
    // The coin that comes with a call is nowhere in the code.
    if (leaf === COIN && access.site === entry.func.nameSite) continue;
    const steps = stepsTo(entry, access, tools.bodies, tools.program);
    const last = steps?.at(-1);
    if (steps === undefined || last === undefined) return undefined;
    const stmt = statementOf(last);
    const add = isMove(last.node) ? moveOf(stmt, last.node) : addOf({ ...tools, body: last.body }, stmt);
    // An assignment, or an add that may happen any number of times: a write it stays.
    if (access.mode === "W" && (add === undefined || stmt.kind === "update")) return undefined;
    if (add === undefined) return { kind: "chain", leaf, keys, changes, adds: [], reads: [] };
    if (!adds.some((known) => known.add.stmt === add.stmt)) adds.push({ add, access, steps });
  }
  if (leaf !== COIN && !isOneKind(adds.map(({ add }) => add))) return undefined;
  const gone = new Set(adds.flatMap(({ add }) => [...add.reads.keys()]));
  const reads = group.flatMap((access): AddedCell["reads"][number][] => {
    const steps = access.mode === "R" ? stepsTo(entry, access, tools.bodies, tools.program) : undefined;
    return steps === undefined || steps.slice(-1).every(({ node }) => gone.has(node.id)) ? [] : [{ access, steps }];
  });
  const cell = { leaf, keys, changes, adds, reads };
  return { kind: isCounter(cell, entry) ? "counter" : "sum", ...cell };
}

/** Adds commute with adds, and each other update with its own kind. */
function isOneKind(adds: readonly Add[]): boolean {
  const kinds = new Set(adds.flatMap(({ parts }) => parts.map(({ op }) => (op === "-" ? "+" : op))));
  return kinds.size === 1;
}

function isCounter(cell: Omit<AddedCell, "kind">, { accesses, footprint }: Entry): boolean {
  const { type } = footprint.leaves[cell.leaf];
  if (cell.keys.length > 0 || type.kind !== "int" || type.signed || !cell.adds.every(({ add }) => isStep(add))) return false;
  const isKey = accesses.some(({ keys }) => keys.some((key) => readsCell(key, cell.leaf)));
  return isKey || cell.reads.some(({ steps }) => takesOld(cell, steps)) || cell.adds.some(({ add }) => add.kept.length > 0);
}

export function readsCell(term: Term, leaf: LeafIndex): boolean {
  return someTerm(term, (part) => part.kind === "read" && part.leaf === leaf);
}

/** Not a check of how many there are, but a use of the number before it is stepped. */
function takesOld({ adds }: Omit<AddedCell, "kind">, steps: readonly Step[]): boolean {
  const [last] = steps.slice(-1);
  const stmt = statementOf(last);
  if (stmt.kind === "require" || stmt.kind === "if" || stmt.kind === "return") return false;
  return adds.every(({ add, steps: way }) => way[way.length - 1].body === last.body && stmt.site.span.start < add.stmt.site.span.start);
}
