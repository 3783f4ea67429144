/**
 * W1003: a key that nobody can compute before the call runs, so the call takes the whole field in the order of the block. One warning per function,
 * at the first such access; notes lead from the key to its cause. The fix passes the key as a parameter.
 */
import type { Diagnostic, Note } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import { unknownPart } from "../footprint/algebra.ts";
import type { FlatAccess, Term } from "../footprint/footprint.ts";
import type { LintTools } from "./added-cells.ts";
import { siteKey, stepsTo } from "./bodies.ts";
import { listed, MAX_NAMED, type Entry } from "./entries.ts";
import { chainOf, distinctPlaces, fieldNames, helpFor, isContended, keysAt, notesAt, viaNotes } from "./late-keys.ts";
import { parameterFixes } from "./parameter-fix.ts";
import type { Writers } from "./writers.ts";

type Unknown = Extract<Term, { kind: "unknown" }>;

export function wideKeys(entries: readonly Entry[], writers: Writers, tools: LintTools): readonly Diagnostic[] {
  const reporter = createReporter();
  const told = new Set<string>();
  for (const entry of entries) {
    if (entry.isSeldom) continue;
    const wide = distinctPlaces(entry.accesses.filter((access) => access.stage === "wide" && isContended(access, entry, writers)));
    const fresh = wide.filter(({ site }) => !told.has(siteKey(site)));
    if (fresh.length === 0) continue;
    for (const { site } of fresh) told.add(siteKey(site));
    const fixes = parameterFixes(wide, entry, tools);
    const [first, ...others] = fresh;
    const notes = [...causeNotes(first, entry, tools), ...notesAt(others.map(({ site }) => site).slice(0, MAX_NAMED), "and here")];
    const values = { name: entry.func.name, cells: listed(fieldNames(fresh, entry)) };
    reporter.report("W1003", first.site, values, { notes, help: helpFor(first), fixes });
  }
  return reporter.diagnostics();
}

function causeNotes(access: FlatAccess, entry: Entry, tools: LintTools): readonly Note[] {
  const cause = causeOf(access);
  const steps = stepsTo(entry, access, tools.bodies, tools.program);
  const last = steps?.at(-1);
  const keys = last === undefined ? [] : keysAt(last);
  const index = access.keys.findIndex((key) => unknownPart(key) !== undefined);
  const key = keys.length === access.keys.length ? keys.at(index) : undefined;
  const chain = cause === undefined || steps === undefined || key === undefined ? [] : chainOf(steps, key, cause.site);
  const why = cause === undefined ? [] : notesAt([cause.site], `it depends on ${cause.why}`);
  return [...viaNotes(access, entry.func.name), ...notesAt(chain, "the key gets its value here"), ...why];
}

function causeOf({ keys }: FlatAccess): Unknown | undefined {
  for (const key of keys) {
    const cause = unknownPart(key);
    if (cause !== undefined) return cause;
  }
  return undefined;
}
