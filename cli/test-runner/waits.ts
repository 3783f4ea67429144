/** Why calls of a block waited for each other, in words for the author of a test: which call, for which one, at which cell. */
import type { BlockResult } from "../../runtime/types.ts";
import type { Site } from "../../compiler/typed/tree.ts";
import type { TestNote } from "./failure.ts";

export type Planned = ReturnType<BlockResult["plannedCells"]>;
type PlannedCell = Planned[number];

const VERBS = {
  R: "reads",
  W: "writes",
  D: "adds to",
  wide: "may touch any cell of",
  wideR: "may read any cell of",
  "|": "sets bits of",
  "&": "clears bits of",
  min: "may lower",
  max: "may raise",
} as const;
/** More pairs than one reads. */
const MAX_PAIRS = 3;

/** Two notes for each call that clashes with an earlier one, up to a few. */
export function explainWaits(planned: readonly Planned[], sites: readonly Site[], names: ReadonlyMap<string, string>): readonly TestNote[] {
  const notes: TestNote[] = [];
  for (let later = 1; later < planned.length && notes.length < MAX_PAIRS * 2; later++) {
    const clash = firstClash(planned, later);
    if (clash === undefined) continue;
    notes.push({ site: sites[clash.earlier], text: `this call ${VERBS[clash.other.mode]} \`${cellText(clash.other, names)}\`` });
    notes.push({ site: sites[later], text: `so this one waits for it: it ${VERBS[clash.own.mode]} \`${cellText(clash.own, names)}\`` });
  }
  return notes;
}

interface Clash {
  readonly earlier: number;
  readonly own: PlannedCell;
  readonly other: PlannedCell;
}

function firstClash(planned: readonly Planned[], later: number): Clash | undefined {
  for (let earlier = 0; earlier < later; earlier++) {
    for (const own of planned[later]) {
      const other = planned[earlier].find((cell) => clashes(cell, own));
      if (other !== undefined) return { earlier, own, other };
    }
  }
  return undefined;
}

function clashes(a: PlannedCell, b: PlannedCell): boolean {
  if (isWhole(a) || isWhole(b)) return fieldOf(a.cell) === fieldOf(b.cell) && !(isRead(a) && isRead(b));
  return a.cell === b.cell && (a.mode !== b.mode || a.mode === "W");
}

function isWhole({ mode }: PlannedCell): boolean {
  return mode === "wide" || mode === "wideR";
}

function isRead({ mode }: PlannedCell): boolean {
  return mode === "wideR" || mode === "R";
}

function cellText(planned: PlannedCell, names: ReadonlyMap<string, string>): string {
  return withNames((isWhole(planned) ? fieldOf(planned.cell) : planned.cell).split("|").at(-1) ?? "", names);
}

/** `0x…|balances[0x…]` and `0x…|balances[*]` are of one field. */
function fieldOf(cell: string): string {
  return cell.replace(/\[.*$/s, "");
}

function withNames(cell: string, names: ReadonlyMap<string, string>): string {
  return cell.replace(/0x[0-9a-f]{40}/g, (address) => names.get(address) ?? address);
}
