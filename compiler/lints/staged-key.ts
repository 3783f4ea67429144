/**
 * W1004: a key that is read from a cell which other calls may change: then the access takes its whole field behind those calls. Quiet where only
 * `init`, one account or calls that number something new write that cell: reading such a key costs nothing. The fix passes the key as a parameter.
 */
import type { Diagnostic, Note } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import { someTerm, surelyDiffer } from "../footprint/algebra.ts";
import type { FlatAccess, LeafIndex, Term } from "../footprint/footprint.ts";
import { leafName } from "../footprint/show.ts";
import type { LintTools } from "./added-cells.ts";
import { siteKey } from "./bodies.ts";
import { cellNames, functionNames, listed, MAX_NAMED, type Entry } from "./entries.ts";
import { distinctPlaces, helpFor, isContended, notesAt, readSites, viaNotes } from "./late-keys.ts";
import { parameterFixes } from "./parameter-fix.ts";
import type { Write, Writers } from "./writers.ts";

type Read = Extract<Term, { kind: "read" }>;

/** An access with a key from state, and who may change what it is read from. */
interface Staged {
  readonly access: FlatAccess;
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
}

/** A function with the cells that another warning speaks of already: keys read from these are a consequence. */
export interface Stager {
  readonly entry: Entry;
  readonly known: ReadonlySet<LeafIndex>;
  /** Accesses that another warning is about. */
  readonly told: ReadonlySet<FlatAccess>;
}

export interface StagedKeys {
  readonly diagnostics: readonly Diagnostic[];
  /** What the keys are read from, by function. */
  readonly sources: ReadonlyMap<Entry, ReadonlySet<LeafIndex>>;
}

export function stagedKeys(stagers: readonly Stager[], writers: Writers, tools: LintTools): StagedKeys {
  const reporter = createReporter();
  const sources = new Map<Entry, ReadonlySet<LeafIndex>>();
  const told = new Set<string>();
  for (const stager of stagers) {
    const { entry } = stager;
    const all = stagedIn(stager, writers);
    sources.set(entry, new Set(all.flatMap(({ reads }) => reads.map(({ leaf }) => leaf))));
    const fresh = all.filter(({ access }) => !told.has(siteKey(access.site)));
    if (fresh.length === 0) continue;
    for (const { access } of fresh) told.add(siteKey(access.site));
    const accesses = fresh.map(({ access }) => access);
    const changers = functionNames(fresh.flatMap(({ writes }) => writes.map(({ by }) => by)));
    const values = { name: entry.func.name, cells: listed(cellNames(accesses, entry.footprint.leaves)), writers: changers };
    const fixes = parameterFixes(
      all.map(({ access }) => access),
      entry,
      tools,
    );
    reporter.report("W1004", fresh[0].access.site, values, { notes: notesOf(fresh, entry), help: helpFor(accesses[0]), fixes });
  }
  return { diagnostics: reporter.diagnostics(), sources };
}

function stagedIn({ entry, known, told }: Stager, writers: Writers): readonly Staged[] {
  if (entry.isSeldom) return [];
  const staged = entry.accesses.filter((access) => typeof access.stage === "number" && access.stage > 0 && !told.has(access));
  return distinctPlaces(staged).flatMap((access): Staged[] => {
    const all = access.keys.flatMap(readsIn).filter(({ leaf }) => !known.has(leaf));
    const late = all.map((read) => ({ read, writes: writesOf(read, entry, writers) })).filter(({ writes }) => writes.length > 0);
    if (late.length === 0 || !isContended(access, entry, writers)) return [];
    return [{ access, reads: late.map(({ read }) => read), writes: late.flatMap(({ writes }) => writes) }];
  });
}

function readsIn(root: Term): readonly Read[] {
  // One read may stand in a key more than once.
  const reads = new Set<Read>();
  someTerm(root, (term) => {
    if (term.kind === "read") reads.add(term);
    return false;
  });
  return [...reads];
}

/** Writes of other calls that may meet the cell. Under a number that was drawn for it nobody else knows it yet. */
function writesOf(read: Read, entry: Entry, writers: Writers): readonly Write[] {
  return writers(entry, read.leaf).filter(({ access: { keys } }) =>
    keys.every((key, i) => !surelyDiffer(key, read.keys[i]) && !someTerm(key, (part) => part.kind === "ticket")),
  );
}

function notesOf(staged: readonly Staged[], entry: Entry): readonly Note[] {
  const [{ access }, ...others] = staged;
  const sites = readSites(entry);
  const { leaves } = entry.footprint;
  const notes = new Map<string, Note>();
  const add = (note: Note): void => {
    const key = siteKey(note);
    if (!notes.has(key)) notes.set(key, note);
  };
  for (const note of viaNotes(access, entry.func.name)) add(note);
  for (const { reads } of staged) {
    for (const { read, leaf } of reads) {
      const site = sites.get(read);
      if (site !== undefined) for (const note of notesAt([site], `the key is read from \`${leafName(leaves[leaf])}\` here`)) add(note);
    }
  }
  for (const note of notesAt(others.map((one) => one.access.site).slice(0, MAX_NAMED), "and here")) add(note);
  const shown = new Set<Entry>();
  for (const { by, access: write } of staged.flatMap(({ writes }) => writes)) {
    if (shown.has(by) || shown.size >= MAX_NAMED) continue;
    shown.add(by);
    for (const note of notesAt([write.site], `\`${by.func.name}\` changes that here`)) add(note);
  }
  return [...notes.values()];
}
