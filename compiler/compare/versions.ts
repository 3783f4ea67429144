/** What two versions of a contract have in common: functions by signature or name, kinds of cells by name and types of keys, parameters by name or position. */
import { abiSignature } from "../core/selector.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { CostBound } from "../cost/polynomial.ts";
import { allSteps } from "../footprint/flatten.ts";
import type { ContractFootprint, EntryPlan, Leaf, LeafIndex, PlanStep, TicketId } from "../footprint/footprint.ts";
import type { Func, FuncId, Program } from "../typed/tree.ts";

export interface Version {
  readonly footprint: ContractFootprint;
  readonly program: Program;
  readonly costs: ReadonlyMap<FuncId, CostBound>;
}

/** Indexes of the older version that the newer one has no counterpart for begin here. */
const UNMATCHED = 1_000_000;

export interface FunctionPair {
  readonly before: Func;
  readonly after: Func;
}

export interface FunctionMatch {
  /** In the order of the newer version. */
  readonly pairs: readonly FunctionPair[];
  readonly added: readonly Func[];
  readonly removed: readonly Func[];
}

/** By signature first, then by name where only one is left on each side. */
export function matchFunctions(before: Version, after: Version): FunctionMatch {
  const [old, now] = [functionsOf(before), functionsOf(after)];
  const rest = new Set(old);
  const found = new Map<Func, Func>();
  const pairUp = (keyOf: (func: Func) => string): void => {
    const open = now.filter((func) => !found.has(func));
    const lone = (funcs: readonly Func[], key: string): Func | undefined => {
      const alike = funcs.filter((func) => keyOf(func) === key);
      return alike.length === 1 ? alike[0] : undefined;
    };
    for (const func of open) {
      const match = lone([...rest], keyOf(func));
      if (match === undefined || lone(open, keyOf(func)) === undefined) continue;
      found.set(func, match);
      rest.delete(match);
    }
  };
  pairUp(signatureKey);
  pairUp(({ name, role }) => `${role} ${name}`);
  return {
    pairs: now.flatMap((after) => {
      const match = found.get(after);
      return match === undefined ? [] : [{ before: match, after }];
    }),
    added: now.filter((func) => !found.has(func)),
    removed: old.filter((func) => rest.has(func)),
  };
}

/** External functions without getters, then `init`. */
function functionsOf({ footprint, program }: Version): readonly Func[] {
  const { external, init } = footprint.contract;
  return [...external, init].flatMap((id) => program.functions.get(id) ?? []).filter(({ role }) => role !== "getter");
}

function signatureKey({ name, role, params }: Func): string {
  if (role === "init") return "init";
  return abiSignature(
    name,
    params.map((param) => param.type),
  );
}

// --- what the terms of the older version are called in the newer one -------------------------------------------------

export interface Names {
  readonly leaf: (index: LeafIndex) => LeafIndex;
  /** The other way round. */
  readonly leafBefore: (index: LeafIndex) => LeafIndex;
  readonly param: (index: number) => number;
  readonly ticket: (ticket: TicketId) => TicketId;
}

export function leafNames(before: readonly Leaf[], after: readonly Leaf[]): Pick<Names, "leaf" | "leafBefore"> {
  const byKey = new Map(after.map((leaf) => [leafKey(leaf), leaf.index]));
  const names = before.map((leaf) => byKey.get(leafKey(leaf)) ?? UNMATCHED + leaf.index);
  const back = new Map(names.map((name, index) => [name, index]));
  return { leaf: (index) => names[index], leafBefore: (index) => back.get(index) ?? UNMATCHED + index };
}

/** The type of the value doesn't matter: `u64` made `u128` is the same cell. */
function leafKey({ field, path, pathNames, keys }: Leaf): string {
  if (field === undefined) return "";
  return [field.name, path.length, ...pathNames, "by", ...keys.map(showType)].join(" ");
}

/** By name where the type is the same, the others by position. */
export function paramNames(before: Func, after: Func): Names["param"] {
  const names = new Map<number, number>();
  const taken = new Set<number>();
  const match = (from: number, to: number): void => {
    if (to < 0 || to >= after.params.length || names.has(from) || taken.has(to)) return;
    if (!alike(before.params[from].type, after.params[to].type)) return;
    names.set(from, to);
    taken.add(to);
  };
  for (const [i, { name }] of before.params.entries())
    match(
      i,
      after.params.findIndex((param) => param.name === name),
    );
  for (const i of before.params.keys()) match(i, i);
  return (index) => names.get(index) ?? UNMATCHED + index;
}

/** The same members in the same order; declarations of two versions are never identical. */
function alike(a: Type, b: Type): boolean {
  if (showType(a) !== showType(b)) return false;
  if (a.kind === "struct" && b.kind === "struct")
    return (
      a.fields.length === b.fields.length &&
      a.fields.every(({ name, type }, i) => name === b.fields[i].name && alike(type, b.fields[i].type))
    );
  return a.kind === "list" && b.kind === "list" ? alike(a.element, b.element) : true;
}

/** The first number drawn of a sequence is the first one there, and so on. */
export function ticketNames(before: EntryPlan, after: EntryPlan, leaf: Names["leaf"]): Names["ticket"] {
  const drawn = (plan: EntryPlan, nameOf: (index: LeafIndex) => LeafIndex): readonly (readonly [string, TicketId])[] => {
    const counts = new Map<LeafIndex, number>();
    return ticketsOf(plan).map(({ ticket, leaf: index }) => {
      const name = nameOf(index);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return [`${name} ${counts.get(name) ?? 0}`, ticket];
    });
  };
  const now = new Map(drawn(after, (index) => index));
  const names = new Map(drawn(before, leaf).map(([key, ticket]) => [ticket, now.get(key) ?? ((UNMATCHED + ticket) as TicketId)]));
  return (ticket) => names.get(ticket) ?? ticket;
}

/** In order of the code. */
function ticketsOf(plan: EntryPlan): readonly Extract<PlanStep, { kind: "ticket" }>[] {
  return allSteps(plan.steps).flatMap((step) => (step.kind === "ticket" ? [step] : []));
}
