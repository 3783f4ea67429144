/**
 * Collects diagnostics: fills the texts of the table, keeps one report per code and place, stops after 50 errors.
 * Passes call `report`; nothing is thrown for a user's mistake. `diagnostics()` returns them in source order.
 */
import { Bug } from "../core/bug.ts";
import { codeInfo } from "./codes.ts";
import type { Code } from "./codes.ts";
import type { Diagnostic, Fix, Note, Place } from "./diagnostic.ts";

/** More errors than an author reads at once; it also bounds the work on hostile input. */
export const MAX_ERRORS = 50;
const MAX_WARNINGS = 200;
/** Names and values quoted in a message are cut here, so that a hostile name can't flood a terminal. */
const MAX_QUOTED = 120;

const TOO_MANY = "E0109";

export interface Extra {
  readonly notes?: readonly Note[];
  /** Replaces the table's help. */
  readonly help?: string | undefined;
  readonly fixes?: readonly Fix[];
}

export type Values = Readonly<Record<string, string | number>>;

export interface Reporter {
  readonly report: (code: Code, place: Place, values?: Values, extra?: Extra) => void;
  /** Sorted by path, place and code. */
  readonly diagnostics: () => readonly Diagnostic[];
  readonly errorCount: () => number;
  /** Further errors are dropped: nobody needs to look for help with them. */
  readonly isFull: () => boolean;
}

export function createReporter(): Reporter {
  const list = createList();
  return {
    report: (code, place, values = {}, extra = {}) => {
      if (list.takes(code, place)) list.add(diagnose(code, place, values, extra));
    },
    diagnostics: list.diagnostics,
    errorCount: list.errorCount,
    isFull: () => list.errorCount() >= MAX_ERRORS,
  };
}

/** What several reporters collected one after the other, as one would have collected it. */
export function mergeReports(parts: readonly (readonly Diagnostic[])[]): Pick<Reporter, "diagnostics" | "errorCount"> {
  const list = createList();
  for (const part of parts) for (const found of part) if (list.takes(found.code, found)) list.add(found);
  return list;
}

interface List extends Pick<Reporter, "diagnostics" | "errorCount"> {
  /** Whether there is room for it and it is new; if so, it has to be added. */
  readonly takes: (code: string, place: Place) => boolean;
  readonly add: (diagnostic: Diagnostic) => void;
}

function createList(): List {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  let errors = 0;
  let warnings = 0;
  return {
    takes(code, place) {
      // The parser counts for itself and says so when it stops.
      if (code === TOO_MANY) return !found.some((one) => one.code === TOO_MANY);
      const isError = !code.startsWith("W");
      if (isError ? errors >= MAX_ERRORS : warnings >= MAX_WARNINGS) return false;
      // Members of mixins are checked once per contract that uses them: the author hears of a mistake once.
      const key = `${code} ${place.path} ${place.span.start} ${place.span.end}`;
      if (seen.has(key)) return false;
      seen.add(key);
      if (isError) errors++;
      else warnings++;
      return true;
    },
    add: (diagnostic) => void found.push(diagnostic),
    diagnostics: () => [...found].sort(byPlace),
    errorCount: () => errors,
  };
}

export function diagnose(code: Code, place: Place, values: Values = {}, extra: Extra = {}): Diagnostic {
  const info = codeInfo(code);
  const help = "help" in extra ? extra.help : info.help;
  return {
    code,
    severity: info.severity,
    path: place.path,
    span: { start: place.span.start, end: place.span.end },
    message: fill(info.message, values, code),
    notes: extra.notes ?? [],
    help: help === undefined ? undefined : fill(help, values, code),
    fixes: extra.fixes ?? [],
  };
}

function fill(template: string, values: Values, code: string): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!Object.hasOwn(values, name)) throw new Bug(`${code}: no value for {${name}}`);
    const text = String(values[name]);
    return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`;
  });
}

export function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  if (a.span.start !== b.span.start) return a.span.start - b.span.start;
  if (a.span.end !== b.span.end) return a.span.end - b.span.end;
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}
