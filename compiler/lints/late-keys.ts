/**
 * Accesses whose cell isn't known from the call alone, for the lints about them: the code of the key, how it got its value, and the reads of state
 * it hangs on. Such an access takes its whole field, so it matters only where somebody else changes that field.
 */
import type { Note, Place } from "../diagnostics/diagnostic.ts";
import type { FlatAccess, ReadId } from "../footprint/footprint.ts";
import { allSteps } from "../footprint/flatten.ts";
import { COIN } from "../footprint/footprint.ts";
import type { Expr, LocalId, Site } from "../typed/tree.ts";
import { operandsOf, visitExpr } from "../typed/walk.ts";
import { contains, placeAt, siteKey, type Body, type Step } from "./bodies.ts";
import { isOwn, type Entry } from "./entries.ts";
import type { Writers } from "./writers.ts";

/** Places on the way from a key to its cause. */
const MAX_CHAIN = 6;
const MAX_VIA = 3;

/** The expressions of the keys, as far as an access has any. */
export function keysAt({ node }: Step): readonly Expr[] {
  if (node.kind === "pay") return [node.to];
  return placeAt(node)?.keys ?? [];
}

/**
 * Whether it costs anything that the access takes the whole field: a read only where others change cells of the field that aren't just their own.
 */
export function isContended(access: FlatAccess, entry: Entry, writers: Writers): boolean {
  return access.mode !== "R" || writers(entry, access.leaf).some((write) => !isOwn(write.access));
}

/** Where each value that keys are made from is read. */
export function readSites({ plan }: Entry): ReadonlyMap<ReadId, Site> {
  const sites = new Map<ReadId, Site>();
  for (const step of allSteps(plan.steps)) if (step.kind === "access" && step.read !== undefined) sites.set(step.read, step.site);
  return sites;
}

/** Calls that lead from the function to the access. */
export function viaNotes({ via }: FlatAccess, name: string): readonly Note[] {
  return via.slice(0, MAX_VIA).map(({ path, span }) => ({ path, span, text: `\`${name}\` gets there through this call` }));
}

/**
 * From the key back to its cause: where the variables it is made of are set, through arguments of calls, up to what contains the cause,
 * which isn't among them.
 */
export function chainOf(steps: readonly Step[], key: Expr, cause: Place): readonly Site[] {
  const chain: Site[] = [];
  const seen = new Set<string>();
  let todo: { readonly expr: Expr; readonly depth: number }[] = [{ expr: key, depth: steps.length - 1 }];
  while (todo.length > 0 && chain.length < MAX_CHAIN) {
    const next: typeof todo = [];
    for (const { expr, depth } of todo) {
      const { body } = steps[depth];
      for (const local of localsIn(expr)) {
        for (const { site, from } of originsOf(body, local, steps, depth)) {
          // A loop that is the cause itself goes over something, which has its origin, too.
          const isCause = contains(site, cause);
          if (seen.has(siteKey(site)) || (isCause && siteKey(site) !== siteKey(cause))) continue;
          seen.add(siteKey(site));
          if (!isCause && chain.length < MAX_CHAIN) chain.push(site);
          next.push(...from);
        }
      }
    }
    todo = next;
  }
  return chain;
}

export function localsIn(expr: Expr): readonly LocalId[] {
  const locals: LocalId[] = [];
  visitExpr(expr, {
    expr: (part) => {
      if (part.kind === "local") locals.push(part.local);
    },
  });
  return locals;
}

interface Origin {
  readonly site: Site;
  readonly from: readonly { readonly expr: Expr; readonly depth: number }[];
}

/** What sets a variable; of a parameter, the argument of the call. */
function originsOf(body: Body, local: LocalId, steps: readonly Step[], depth: number): readonly Origin[] {
  if (local < body.func.params.length) {
    const call = depth > 0 ? steps[depth - 1].node : undefined;
    if (call?.kind !== "call") return [];
    const expr = call.args[local];
    return [{ site: expr.site, from: [{ expr, depth: depth - 1 }] }];
  }
  return (body.sets.get(local) ?? []).map((stmt) => ({ site: stmt.site, from: operandsOf(stmt).map((expr) => ({ expr, depth })) }));
}

/** One access per place in the code; the same statement may be reached in several ways. */
export function distinctPlaces(accesses: readonly FlatAccess[]): readonly FlatAccess[] {
  const byPlace = new Map<string, FlatAccess>();
  for (const access of accesses) {
    const key = `${siteKey(access.site)} ${access.leaf}`;
    if (!byPlace.has(key)) byPlace.set(key, access);
  }
  return [...byPlace.values()];
}

/** The whole field, as the author knows it. */
export function fieldNames(accesses: readonly FlatAccess[], { footprint }: Entry): readonly string[] {
  return [
    ...new Set(
      accesses.map(({ leaf }) => {
        const { field } = footprint.leaves[leaf];
        return leaf === COIN || field === undefined ? "the coin of all accounts" : `all of \`${field.name}\``;
      }),
    ),
  ];
}

export function notesAt(sites: readonly Site[], text: string): readonly Note[] {
  return sites.map(({ path, span }) => ({ path, span, text }));
}

/** The way out that fits where the access stands. */
export function helpFor({ loops }: FlatAccess): string {
  if (loops.length > 0) {
    return "loop over a list that the caller passes, or over a range of parameters; else allow it with a reason";
  }
  return "pass the key as a parameter and check it with `require`; else allow it with a reason";
}
