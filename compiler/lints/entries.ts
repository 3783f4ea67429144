/**
 * The external functions as the lints look at them: accesses in a row, who calls them, and whether the key of a cell tells calls apart.
 * Getters, `init` and views that no transaction of the program runs are left out: nothing waits for them in a block.
 */
import { showType } from "../core/types.ts";
import { flatten } from "../footprint/flatten.ts";
import { leafName } from "../footprint/show.ts";
import type { ContractFootprint, EntryPlan, FlatAccess, Footprints, Leaf, LoopId, PlanStep, Term } from "../footprint/footprint.ts";
import { COIN } from "../footprint/footprint.ts";
import { childrenOf } from "../footprint/terms.ts";
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

/** In order of contracts and declarations. */
export function entriesOf(footprints: Footprints, program: Program): readonly Entry[] {
  const called = calledMethods(program);
  const isOnce = createOnce(program);
  return footprints.contracts.flatMap((footprint) =>
    [...footprint.entries].flatMap(([id, plan]): Entry[] => {
      const func = program.functions.get(id);
      if (func?.role !== "external" || (func.mutability === "view" && !called.has(signatureOf(func)))) return [];
      const isSeldom = isForOneAccount(func, program) || isOnce(func);
      const accesses = flatten(plan).slice(0, MAX_ACCESSES);
      return [{ func, plan, footprint, accesses, ranges: rangesOf(plan), isSeldom }];
    }),
  );
}

/** What functions that change state call of other contracts. */
function calledMethods(program: Program): ReadonlySet<string> {
  const called = new Set<string>();
  for (const func of program.functions.values()) {
    if (func.mutability === "view" && func.role === "external") continue;
    visitBlock(func.body, { expr: (expr) => void (expr.kind === "external" && called.add(signatureOf(expr.method))) });
  }
  return called;
}

function signatureOf({ name, params }: Pick<ExternalMethod, "name" | "params">): string {
  return `${name}(${params.map(({ type }) => showType(type)).join(",")})`;
}

function rangesOf(plan: EntryPlan): ReadonlyMap<LoopId, Term> {
  const ranges = new Map<LoopId, Term>();
  for (const step of stepsOf(plan)) if (step.kind === "loop" && step.over.kind === "range") ranges.set(step.loop, step.over.from);
  return ranges;
}

/** All steps of a plan, inner ones too, in no particular order. */
export function stepsOf(plan: EntryPlan): readonly PlanStep[] {
  const all: PlanStep[] = [];
  const stack: PlanStep[] = [...plan.steps];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    all.push(step);
    const inner = step.kind === "branch" ? [step.then, step.otherwise] : step.kind === "loop" ? [step.body] : [];
    for (const steps of inner) for (const one of steps) stack.push(one);
  }
  return all;
}

/** Any two calls meet in this cell: its keys name nothing of the call. */
export function isShared({ leaf, keys }: Pick<FlatAccess, "leaf" | "keys">, { ranges }: Entry): boolean {
  return leaf !== COIN && keys.every((key) => !namesTheCall(key, ranges));
}

/** Whether the value differs from call to call. A key that nobody knows before the call is another matter, and counts as one that does. */
function namesTheCall(root: Term, ranges: Entry["ranges"]): boolean {
  return somePart(root, (term) => (isOfCall(term) ? true : term.kind === "loopIndex" ? ranges.get(term.loop) : undefined));
}

function isOfCall(term: Term): boolean {
  if (term.kind === "context") return term.name === "caller" || term.name === "value";
  return term.kind === "param" || term.kind === "ticket" || term.kind === "unknown";
}

/** Only calls of one account, or only this call, name the cell. */
export function isOwn({ keys }: Pick<FlatAccess, "keys">): boolean {
  return keys.some((key) => somePart(key, (term) => (term.kind === "context" && term.name === "caller") || term.kind === "ticket"));
}

export function mentionsUnknown(term: Term): boolean {
  return somePart(term, (part) => part.kind === "unknown");
}

/**
 * Whether some part satisfies the test; a term in its place is looked at as well. Terms are shared: each is visited once.
 */
export function somePart(root: Term, test: (part: Term) => boolean | Term | undefined): boolean {
  const seen = new Set<Term>();
  const stack = [root];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    const found = test(term);
    if (found === true) return true;
    if (typeof found === "object") stack.push(found);
    stack.push(...childrenOf(term));
  }
  return false;
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
