/**
 * W1005: a function reads a cell that all calls share and that another function changes in each of its calls, so it waits for all of them, adds too,
 * and they for it. Quiet about cells that only one account changes, about those the function changes itself (W1001, W1002), and about keys (W1004).
 */
import type { Diagnostic, Note } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import { surelyDiffer } from "../footprint/algebra.ts";
import type { FlatAccess, LeafIndex } from "../footprint/footprint.ts";
import { COIN } from "../footprint/footprint.ts";
import type { LintTools } from "./added-cells.ts";
import { isAlways, siteKey, stepsTo } from "./bodies.ts";
import { cellNames, functionNames, isOwnCoin, isShared, listed, MAX_NAMED, type Entry } from "./entries.ts";
import { distinctPlaces, notesAt, viaNotes } from "./late-keys.ts";
import type { Write, Writers } from "./writers.ts";

interface HotRead {
  readonly by: Entry;
  readonly read: FlatAccess;
  readonly writes: readonly Write[];
  /**
   * Reads that one warning stands for: those of the place; of a cell that is written all those of the cell, since what to do about it is to be done
   * where it is written. Where others only add each read counts for itself.
   */
  readonly groups: readonly string[];
}

/** `sources`: cells whose reads another warning speaks of. */
export function hotReads(
  entries: readonly Entry[],
  writers: Writers,
  sources: ReadonlyMap<Entry, ReadonlySet<LeafIndex>>,
  tools: LintTools,
): readonly Diagnostic[] {
  const reporter = createReporter();
  const hotWrites = createHotWrites(writers, tools);
  const hot = entries.filter(({ isSeldom }) => !isSeldom).map((entry) => hotReadsOf(entry, hotWrites, sources.get(entry) ?? new Set()));
  const readers = readersOf(hot.flat());
  const told = new Set<string>();
  for (const all of hot) {
    const fresh = all.filter(({ groups }) => !groups.some((group) => told.has(group)));
    if (fresh.length === 0) continue;
    for (const group of fresh.flatMap(({ groups }) => groups)) told.add(group);
    const [{ by: entry }] = fresh;
    const places = new Set(fresh.map(({ read }) => siteKey(read.site)));
    const writes = fresh.flatMap((one) => one.writes);
    const [first, ...others] = fresh.map(({ read }) => read);
    const values = {
      name: entry.func.name,
      cells: listed(cellNames([first, ...others], entry.footprint.leaves)),
      writers: functionNames(writes.map(({ by }) => by)),
    };
    const alike = fresh.flatMap(({ groups }) => groups.flatMap((group) => readers.get(group) ?? []));
    const elsewhere = firstOfEach(alike.filter(({ by, read }) => by !== entry && !places.has(siteKey(read.site))));
    const notes = [
      ...viaNotes(first, entry.func.name),
      ...notesAt(others.map(({ site }) => site).slice(0, MAX_NAMED), "and here"),
      ...elsewhere.map(({ by, read }) => ({ ...read.site, text: `\`${by.func.name}\` reads it here` })),
      ...firstOfEach(writes).map(({ by, access }) => ({ ...access.site, text: `\`${by.func.name}\` changes it here` })),
    ];
    reporter.report("W1005", first.site, values, { notes: distinctNotes(notes), help: helpFor(fresh[0], entry) });
  }
  return reporter.diagnostics();
}

function readersOf(hot: readonly HotRead[]): ReadonlyMap<string, readonly HotRead[]> {
  const readers = new Map<string, HotRead[]>();
  for (const one of hot) {
    for (const group of one.groups) {
      const known = readers.get(group);
      if (known === undefined) readers.set(group, [one]);
      else known.push(one);
    }
  }
  return readers;
}

function groupsOf({ read, writes, by }: Omit<HotRead, "groups">): readonly string[] {
  const isWritten = writes.every(({ access }) => access.mode === "W");
  return [siteKey(read.site), ...(isWritten ? [`${by.footprint.contract.name} ${read.leaf}`] : [])];
}

function distinctNotes(notes: readonly Note[]): readonly Note[] {
  return [...new Map(notes.map((note) => [`${siteKey(note)} ${note.text}`, note])).values()];
}

function hotReadsOf(entry: Entry, hotWrites: HotWrites, sources: ReadonlySet<LeafIndex>): readonly HotRead[] {
  const own = new Set(entry.accesses.filter(({ mode }) => mode !== "R").map(({ leaf }) => leaf));
  const reads = entry.accesses.filter((access) => access.mode === "R" && !own.has(access.leaf) && !sources.has(access.leaf));
  return distinctPlaces(reads).flatMap((read): HotRead[] => {
    if (!isCommon(read, entry)) return [];
    const writes = hotWrites(entry, read.leaf).filter(
      ({ by, access }) => by !== entry && !access.keys.some((key, i) => surelyDiffer(key, read.keys[i])),
    );
    const found = { by: entry, read, writes };
    return writes.length === 0 ? [] : [{ ...found, groups: groupsOf(found) }];
  });
}

/** The same cell in every call; the contract's own coin is one, too. */
function isCommon(access: FlatAccess, entry: Entry): boolean {
  return access.leaf === COIN ? isOwnCoin(access.keys) : isShared(access, entry);
}

type HotWrites = (entry: Entry, leaf: LeafIndex) => readonly Write[];

/** What changes a cell that all calls share, in each call of a function that many can make. */
function createHotWrites(writers: Writers, tools: LintTools): HotWrites {
  const known = new Map<readonly Write[], readonly Write[]>();
  return (entry, leaf) => {
    const all = writers(entry, leaf);
    const hot = known.get(all) ?? all.filter(({ by, access }) => isCommon(access, by) && isEveryTime(access, by, tools));
    known.set(all, hot);
    return hot;
  };
}

function isEveryTime(access: FlatAccess, by: Entry, tools: LintTools): boolean {
  // The coin that comes with a call stands at the function's name.
  if (access.leaf === COIN && access.site === by.func.nameSite) return true;
  const steps = stepsTo(by, access, tools.bodies, tools.program);
  return steps !== undefined && isAlways(steps);
}

function firstOfEach<T extends { readonly by: Entry }>(all: readonly T[]): readonly T[] {
  const seen = new Set<Entry>();
  return all.filter(({ by }) => seen.size < MAX_NAMED && !seen.has(by) && seen.add(by));
}

function helpFor({ read, writes }: HotRead, { footprint }: Entry): string {
  const { type, field } = footprint.leaves[read.leaf];
  const rest = "else leave out the read, or allow it with a reason";
  if (field === undefined) return "`pay` checks the balance itself: leave out the read, or allow it with a reason";
  const [{ by, access }] = writes;
  if (access.mode === "W") return `if only some account should change it, check \`caller\` in \`${by.func.name}\`; ${rest}`;
  if (type.kind === "int")
    return `if the value at the end of the last block will do, make it a \`history\` and read it with \`.at(…)\`; ${rest}`;
  return `leave out the read, or allow it with a reason`;
}
