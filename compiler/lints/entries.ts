/**
 * The external functions as the lints look at them: accesses in a row, who calls them, and whether the key of a cell tells calls apart.
 * Getters, `init` and views that no transaction of the program runs are left out: nothing waits for them in a block.
 */
import { showType } from "../core/types.ts";
import { someTerm } from "../footprint/algebra.ts";
import { allSteps, flatten } from "../footprint/flatten.ts";
import { leafName } from "../footprint/show.ts";
import type { ContractFootprint, EntryPlan, FlatAccess, Footprints, Leaf, LoopId, Term } from "../footprint/footprint.ts";
import { COIN } from "../footprint/footprint.ts";
import type { ExternalMethod, Func, Program } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";
import { createOnce } from "./once.ts";
import { isForOneAccount } from "./one-account.ts";

export interface Entry {
  readonly func: Func;
  readonly plan: EntryPlan;
  readonly footprint: ContractFootprint;
  readonly accesses: readonly FlatAccess[];
  /** Where the loops over ranges begin; the indexes of other loops begin at 0 in every call. */
  readonly ranges: ReadonlyMap<LoopId, Term>;
  /** Only one account gets through (such calls are ordered by their sender's nonce anyway), or it succeeds once. */
  readonly isSeldom: boolean;
}

/** Accesses looked at per function: hostile programs have more. */
const MAX_ACCESSES = 4_000;

const forOne = new WeakMap<EntryPlan, boolean>();

/** In order of contracts and declarations. */
export function entriesOf(footprints: Footprints, program: Program): readonly Entry[] {
  const called = calledMethods(program);
  const isOnce = createOnce(program);
  return footprints.contracts.flatMap((footprint) =>
    [...footprint.entries].flatMap(([id, plan]): Entry[] => {
      const func = program.functions.get(id);
      if (func?.role !== "external" || (func.mutability === "view" && !called.has(signatureOf(func)))) return [];
      // The plan is made anew with each function that it reaches.
      const isForOne = forOne.get(plan) ?? isForOneAccount(func, program);
      forOne.set(plan, isForOne);
      const isSeldom = isForOne || isOnce(func);
      const accesses = flatten(plan).slice(0, MAX_ACCESSES);
      return [{ func, plan, footprint, accesses, ranges: rangesOf(plan), isSeldom }];
    }),
  );
}

/** What functions that change state call of other contracts. */
export function calledMethods(program: Program): ReadonlySet<string> {
  const called = new Set<string>();
  for (const func of program.functions.values()) {
    if (func.mutability === "view" && func.role === "external") continue;
    const known = calls.get(func) ?? callsOf(func);
    calls.set(func, known);
    for (const signature of known) called.add(signature);
  }
  return called;
}

/** Of each function; an editor asks after each edit. */
const calls = new WeakMap<Func, readonly string[]>();

function callsOf(func: Func): readonly string[] {
  const found: string[] = [];
  visitBlock(func.body, { expr: (expr) => void (expr.kind === "external" && found.push(signatureOf(expr.method))) });
  return found;
}

function signatureOf({ name, params }: Pick<ExternalMethod, "name" | "params">): string {
  return `${name}(${params.map(({ type }) => showType(type)).join(",")})`;
}

function rangesOf(plan: EntryPlan): ReadonlyMap<LoopId, Term> {
  const ranges = new Map<LoopId, Term>();
  for (const step of allSteps(plan.steps)) if (step.kind === "loop" && step.over.kind === "range") ranges.set(step.loop, step.over.from);
  return ranges;
}

/** Any two calls meet in this cell: its keys name nothing of the call. */
export function isShared({ leaf, keys }: Pick<FlatAccess, "leaf" | "keys">, { ranges }: Entry): boolean {
  return leaf !== COIN && keys.every((key) => !namesTheCall(key, ranges));
}

/** Whether the value differs from call to call. A key that nobody knows before the call is another matter, and counts as one that does. */
function namesTheCall(root: Term, ranges: Entry["ranges"]): boolean {
  // Each loop is looked at once: loops inside loops, each from a sum of the outer indexes on, have more paths than anybody can walk.
  const seen = new Set<LoopId>();
  const names = (term: Term): boolean => {
    if (term.kind !== "loopIndex" || seen.has(term.loop)) return isOfCall(term);
    seen.add(term.loop);
    const from = ranges.get(term.loop);
    return from !== undefined && someTerm(from, names);
  };
  return someTerm(root, names);
}

function isOfCall(term: Term): boolean {
  if (term.kind === "context") return term.name === "caller" || term.name === "value";
  return term.kind === "param" || term.kind === "ticket" || term.kind === "unknown";
}

/** Only calls of one account, or only this call, name the cell. */
export function isOwn({ keys }: Pick<FlatAccess, "keys">): boolean {
  return keys.some((key) => someTerm(key, (term) => (term.kind === "context" && term.name === "caller") || term.kind === "ticket"));
}

// --- texts -----------------------------------------------------------------------------------------------------------

/** Cells and functions named per warning, and places shown. */
export const MAX_NAMED = 4;

export function listed(names: readonly string[]): string {
  return names.slice(0, MAX_NAMED).join(", ") + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "");
}

/** A cell by its full name; several of one field by the field's. */
export function cellNames(accesses: readonly Pick<FlatAccess, "leaf" | "keys">[], leaves: readonly Leaf[]): readonly string[] {
  const byField = new Map<string, Set<string>>();
  for (const { leaf, keys } of accesses) {
    const name = leaf === COIN ? (isOwnCoin(keys) ? "self.balance" : "balance()") : leafName(leaves[leaf]);
    const field = leaves[leaf].field?.name ?? name;
    byField.set(field, (byField.get(field) ?? new Set()).add(name));
  }
  return [...byField].map(([field, names]) => `\`${names.size === 1 ? [...names][0] : field}\``);
}

export function isOwnCoin(keys: readonly Term[]): boolean {
  return keys.every((key) => key.kind === "context" && key.name === "self.address");
}

export function functionNames(entries: readonly Entry[]): string {
  return listed([...new Set(entries.map(({ func }) => `\`${func.name}\``))]);
}
