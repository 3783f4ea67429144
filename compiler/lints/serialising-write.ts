/**
 * W1001: a function writes a cell whose key names nothing of the call, so all calls of it run one after another. A counter that is read and stepped
 * counts as written. One warning per function, at its name, with the writes as notes. Quiet about functions that only one account can get through,
 * and about sums that are written out (W1002). The fix for a counter is a `sequence`.
 */
import type { Diagnostic, Note } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { FlatAccess, Leaf } from "../footprint/footprint.ts";
import { leafName } from "../footprint/show.ts";
import { readsCell, type AddedCell, type LintTools } from "./added-cells.ts";
import { isBroken } from "./broken-commutativity.ts";
import { cellNames, isShared, listed, MAX_NAMED, type Entry } from "./entries.ts";
import { createSequences } from "./sequence-fix.ts";

/** A function and the cells that make its calls a chain. */
export interface Serial {
  readonly entry: Entry;
  readonly writes: readonly FlatAccess[];
  readonly counters: readonly AddedCell[];
}

/** Undefined for functions whose calls don't all meet in one cell. */
export function serialOf(entry: Entry, added: readonly AddedCell[]): Serial | undefined {
  if (entry.isSeldom || entry.func.mutability === "view") return undefined;
  const shared = added.filter((cell) => isShared(cell, entry));
  const counters = shared.filter(({ kind }) => kind === "counter");
  const chained = new Set(shared.filter(({ kind }) => kind !== "sum").flatMap(({ changes }) => changes));
  const sums = new Set(added.filter(isBroken).flatMap(({ changes }) => changes));
  const writes = entry.accesses.filter((access) => {
    if (chained.has(access)) return true;
    if (access.mode !== "W" || !isShared(access, entry) || sums.has(access)) return false;
    // What is written under a number that is handed out follows from that.
    return !counters.some(({ leaf }) => access.keys.some((key) => readsCell(key, leaf)));
  });
  return writes.length === 0 ? undefined : { entry, writes, counters };
}

export function serialisingWrites(serials: readonly Serial[], tools: LintTools): readonly Diagnostic[] {
  const reporter = createReporter();
  const sequencesFor = createSequences(tools);
  for (const { entry, writes, counters } of serials) {
    const { func, footprint, accesses } = entry;
    const cells = listed(cellNames(writes, footprint.leaves));
    const fixes = counters.length === 0 ? [] : sequencesFor(counters, footprint);
    const numbers = "it numbers things: a `sequence` hands out numbers without waiting; else allow it with a reason";
    const help = fixes.length > 0 ? numbers : adviceFor(footprint.leaves[writes[0].leaf], accesses);
    reporter.report("W1001", func.nameSite, { name: func.name, cells }, { notes: notesOf(writes, footprint.leaves), help, fixes });
  }
  return reporter.diagnostics();
}

/** The first write of each field. */
function notesOf(writes: readonly FlatAccess[], leaves: readonly Leaf[]): readonly Note[] {
  const byField = new Map<string, FlatAccess>();
  for (const write of writes) {
    const field = leaves[write.leaf].field?.name ?? "";
    if (!byField.has(field)) byField.set(field, write);
  }
  return [...byField.values()]
    .slice(0, MAX_NAMED)
    .map(({ site }) => ({ path: site.path, span: site.span, text: "the same cell in every call" }));
}

/** The way out that is most likely meant; the others follow. */
function adviceFor(leaf: Leaf, accesses: readonly FlatAccess[]): string {
  const name = `\`${leafName(leaf)}\``;
  const isRead = accesses.some((access) => access.leaf === leaf.index && access.mode === "R");
  const own = "if each caller has its own, make it a map by `caller`; else allow it with a reason";
  if (leaf.type.kind === "list") {
    return "keep the items in a map, by `caller` or by a number of a `sequence`; else allow it with a reason";
  }
  if (leaf.type.kind !== "int") return `if ${name} never changes, make it \`immutable\`; ${own}`;
  if (isRead) return `if ${name} sums up, use \`+=\` and don't read it here; if it numbers things, make it a \`sequence\`; ${own}`;
  return `if ${name} never changes, make it \`immutable\`; if it sums up, use \`+=\`; ${own}`;
}
