/**
 * W1002: a function adds to a cell that others add to as well, and its calls wait all the same: it reads the value, or writes the sum itself. One
 * warning per function, at the first add, with the reads as notes. Quiet where only one account names the cell, about numbers that are handed out
 * (W1001), and where all calls wait for each other anyway. The fix writes the adds, and the checks that belong to them, so that they commute.
 */
import type { Diagnostic, Edit, Fix, Note, Place } from "../diagnostics/diagnostic.ts";
import { overlap } from "../diagnostics/edits.ts";
import { createReporter } from "../diagnostics/report.ts";
import { sameTerm } from "../footprint/algebra.ts";
import { COIN } from "../footprint/footprint.ts";
import type { AddedCell } from "./added-cells.ts";
import { isMove } from "./adds.ts";
import { siteKey } from "./bodies.ts";
import { cellNames, isOwn, listed, MAX_NAMED, type Entry } from "./entries.ts";
import type { Writers } from "./writers.ts";

/** `isChain`: all calls of the function run one after another for another reason. */
export interface Adder {
  readonly entry: Entry;
  readonly cells: readonly AddedCell[];
  readonly isChain: boolean;
}

export function brokenCommutativity(adders: readonly Adder[], writers: Writers): readonly Diagnostic[] {
  const reporter = createReporter();
  const told = new Set<string>();
  for (const { entry, cells, isChain } of adders) {
    const broken = cells.filter((cell) => {
      // Where it can be mended without a change of meaning, the rare call is worth it, too.
      const matters = fixOf(cell) !== undefined || !(isChain || entry.isSeldom || meetsAnyway(cell, entry, writers));
      // What several functions get to is told once.
      const key = [...cell.changes, ...cell.reads.map(({ access }) => access)].map(({ site }) => siteKey(site)).join();
      return isBroken(cell) && matters && !told.has(key) && told.add(key);
    });
    if (broken.length === 0) continue;
    const { site } = broken[0].changes[0];
    const fixes = together(broken.flatMap((cell) => fixOf(cell) ?? []));
    const names = {
      name: entry.func.name,
      cells: listed(
        cellNames(
          broken.flatMap(({ changes }) => changes.slice(0, 1)),
          entry.footprint.leaves,
        ),
      ),
    };
    reporter.report("W1002", site, names, { notes: broken.flatMap(notesOf).slice(0, MAX_NAMED * 2), help: helpFor(broken[0]), fixes });
  }
  return reporter.diagnostics();
}

export function isBroken(cell: AddedCell): boolean {
  return cell.kind === "sum" && !isOwn(cell);
}

/** Two calls that meet in this cell meet in another one that they write, and nobody else adds to this one. */
function meetsAnyway({ leaf, keys }: AddedCell, entry: Entry, writers: Writers): boolean {
  const isWritten = entry.accesses.some(
    (access) =>
      access.mode === "W" &&
      access.leaf !== leaf &&
      access.guards.length === 0 &&
      access.loops.length === 0 &&
      access.keys.every((key) => keys.some((own) => sameTerm(own, key))),
  );
  return isWritten && !writers(entry, leaf).some(({ by, access }) => by !== entry && access.mode !== "W");
}

/** Where every read is gone once the adds are written well. */
function fixOf({ adds, reads }: AddedCell): Fix | undefined {
  const edits: Edit[] = [];
  if (reads.length > 0) return undefined;
  for (const { add } of adds) {
    if (add.edits === undefined) return undefined;
    edits.push(...add.edits);
  }
  const written = adds.filter(({ add }) => add.edits?.length !== 0).map(({ add }) => `\`${add.text}\``);
  return { title: `write ${listed(written)}`, changes: "nothing", edits };
}

export function isMendable(cell: AddedCell): boolean {
  return fixOf(cell) !== undefined;
}

/** One fix for all: they belong to one warning. */
function together(fixes: readonly Fix[]): readonly Fix[] {
  const edits: Edit[] = [];
  const titles: string[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => edits.some((known) => overlap(edit, known)))) continue;
    edits.push(...fix.edits);
    titles.push(titles.length === 0 ? fix.title : fix.title.replace(/^write /, ""));
  }
  return edits.length === 0 ? [] : [{ title: listed(titles), changes: "nothing", edits }];
}

/** The reads; the adds, too, where there are several. */
function notesOf(cell: AddedCell): readonly Note[] {
  const notes = new Map<string, Note>();
  const note = ({ path, span }: Place, text: string): void => {
    const key = siteKey({ path, span });
    if (!notes.has(key)) notes.set(key, { path, span, text });
  };
  for (const { site } of cell.changes.slice(1)) note(site, "and adds here");
  for (const { add } of cell.adds) {
    if (add.edits?.length === 0) continue;
    if (add.check !== undefined) note(add.check.stmt.cond.site, "its check reads the value");
    else for (const site of add.reads.values()) note(site, "the old value is read here");
    for (const use of add.kept) note(use.site, "and used here");
  }
  for (const { access } of cell.reads) note(access.site, "the value is read here");
  return [...notes.values()];
}

function helpFor(cell: AddedCell): string {
  if (isMendable(cell)) {
    const isChecked = cell.adds.some(({ add }) => add.check !== undefined);
    return isChecked ? "put the check right beside the add: then the two are one" : "change the cell in place";
  }
  if (cell.leaf === COIN)
    return "leave out the read: `pay` fails by itself when there is too little coin, and what came in can be counted in a field of its own";
  const [{ add }] = cell.adds;
  const [part] = add.parts;
  const reads = cell.reads.map(({ steps }) => steps[steps.length - 1]);
  const isChecked = reads.some(({ body, node }) => body.statements.get(node.id)?.kind === "require");
  if (isChecked && part.op === "+" && !isMove(part.amount)) {
    return "check right behind the add, with a plain limit: `self.x += e; require self.x <= limit;` (an overflow then fails at the add); or leave the check out";
  }
  if (isChecked && part.op === "-" && !isMove(part.amount))
    return "check right before the subtraction, or with it: `self.x -= e else Error();`";
  return "leave the value out of results, events and conditions: a view can tell it; if it numbers things, make it a `sequence`";
}
