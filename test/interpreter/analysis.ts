/**
 * What the interpreter takes from the compiler's analysis: answers that are the same for all calls and all states, and that the language says in terms
 * of what a reader of the code can know. Everything that depends on a call it finds itself.
 */
import { analyseFootprints } from "../../compiler/footprint/analyse.ts";
import { allSteps } from "../../compiler/footprint/flatten.ts";
import type { FuncId, Program, Site, TypedId } from "../../compiler/typed/tree.ts";

export interface Analysis {
  /** Loops that some function of the contract comes to without knowing the rounds (rule T2). */
  readonly openLoops: ReadonlySet<TypedId>;
  /** Calls of other contracts that stand under conditions, and at addresses, that read no state (rule T2): see `placeOfCall`. */
  readonly drawing: ReadonlySet<string>;
}

const known = new WeakMap<Program, Analysis>();

export function analysisOf(program: Program): Analysis {
  const found = known.get(program) ?? analyse(program);
  known.set(program, found);
  return found;
}

function analyse(program: Program): Analysis {
  const { contracts, frames } = analyseFootprints(program);
  const openLoops = new Set([...frames.values()].flatMap(({ loops }) => [...loops].flatMap(([id, { once }]) => (once ? [id] : []))));
  const drawing = new Set<string>();
  const others = new Set<string>();
  for (const { func, steps } of contracts.flatMap(({ entries }) => [...entries.values()]))
    for (const step of allSteps(steps))
      if (step.kind === "external") (step.tickets ? drawing : others).add(placeOfCall(func, step.via, step.site));
  for (const place of others) drawing.delete(place);
  return { openLoops, drawing };
}

/** Where a call of another contract stands: in a function that a transaction enters, by way of calls within the contract. */
export function placeOfCall(entry: FuncId, via: readonly Site[], site: Site): string {
  return [entry, ...[...via, site].map(({ path, span }) => `${path}:${String(span.start)}-${String(span.end)}`)].join(" ");
}
