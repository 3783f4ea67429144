/**
 * Why calls wait, and at which cells: each edge of the graph is laid at the first cell that both calls touch and that makes them wait. Pure.
 */
import type { PoolNotes } from "./pool-run.ts";
import type { Profile } from "./profile.ts";
import { BARRIER_ALONE } from "./profile.ts";

export const ACCESS_READ = 1;
/** An update that commutes with its kind. */
export const ACCESS_ADD = 2;
export const ACCESS_WRITE = 4;
/** An add that runs as a write, because its sum could fail. */
export const ACCESS_UNCLEARED = 8;
/** Beside the others: of the whole field. */
export const ACCESS_WHOLE = 16;

const CHANGES = ACCESS_ADD | ACCESS_WRITE | ACCESS_UNCLEARED;

export interface Accesses {
  /** Those of call `c` are numbered from `first[c]` up to `first[c + 1]`. */
  readonly first: Int32Array;
  readonly cells: Int32Array;
  /** ACCESS_…. */
  readonly modes: Uint8Array;
  /** By cell: its field, -1 for those that are never taken as a part of a whole field. */
  readonly cellFields: Int32Array;
}

export const CAUSES = [
  "read after write",
  "write after read",
  "write after write",
  "uncleared add",
  "whole field not known yet",
  "runs alone",
  "fold",
] as const;
export type Cause = (typeof CAUSES)[number];

export interface CellHeat {
  readonly cell: number;
  readonly accesses: number;
  /** Edges of the graph that are laid at the cell. */
  readonly edges: number;
  /** Simulated, of the calls whose last predecessor is one of those edges. */
  readonly waitNs: number;
}

export interface Waits {
  /** Cells with the most edges come first, then those with the most accesses: an order that no clock has a part in. */
  readonly hottest: readonly CellHeat[];
  readonly byCause: Readonly<Record<Cause, { readonly edges: number; readonly waitNs: number }>>;
}

export function findWaits(profile: Profile, accesses: Accesses, notes: PoolNotes, most: number): Waits {
  const cellCount = accesses.cellFields.length;
  const counts = new Int32Array(cellCount);
  for (const cell of accesses.cells) counts[cell]++;
  const edges = new Int32Array(cellCount);
  const waitNs = new Float64Array(cellCount);
  const byCause = new Map<Cause, { edges: number; waitNs: number }>();
  const add = (cause: Cause, cell: number, some: number, ns: number): void => {
    const sum = byCause.get(cause) ?? { edges: 0, waitNs: 0 };
    byCause.set(cause, { edges: sum.edges + some, waitNs: sum.waitNs + ns });
    if (cell < 0) return;
    edges[cell] += some;
    waitNs[cell] += ns;
  };
  const { calls, firstSuccessor, successors, barriers } = profile;
  const find = createFinder(accesses);
  for (let call = 0; call < calls; call++) {
    if (barriers[call] === BARRIER_ALONE) add("runs alone", -1, 1, 0);
    for (let edge = firstSuccessor[call]; edge < firstSuccessor[call + 1]; edge++) {
      const later = successors[edge];
      const { cause, cell } = find(call, later);
      const ns = notes.freedBy[later] === call ? Math.max(0, notes.started[later] - notes.released[later]) : 0;
      add(cause, cell, 1, ns);
    }
  }
  const order = Int32Array.from({ length: cellCount }, (_, cell) => cell).sort(
    (a, b) => edges[b] - edges[a] || counts[b] - counts[a] || a - b,
  );
  const hottest = Array.from(order.subarray(0, most), (cell) => ({
    cell,
    accesses: counts[cell],
    edges: edges[cell],
    waitNs: waitNs[cell],
  }));
  const none = { edges: 0, waitNs: 0 };
  return {
    hottest,
    byCause: {
      "read after write": byCause.get("read after write") ?? none,
      "write after read": byCause.get("write after read") ?? none,
      "write after write": byCause.get("write after write") ?? none,
      "uncleared add": byCause.get("uncleared add") ?? none,
      "whole field not known yet": byCause.get("whole field not known yet") ?? none,
      "runs alone": byCause.get("runs alone") ?? none,
      fold: byCause.get("fold") ?? none,
    },
  };
}

interface Meeting {
  readonly cause: Cause;
  readonly cell: number;
}

/** Where two calls meet. Asked with all later calls of one earlier call in a row, so that call's accesses are looked up once. */
function createFinder(accesses: Accesses): (earlier: number, later: number) => Meeting {
  const { first, cells, modes, cellFields } = accesses;
  const ofCell = new Map<number, number>();
  const ofField = new Map<number, number>();
  let known = -1;
  return (earlier, later) => {
    if (earlier !== known) {
      ofCell.clear();
      ofField.clear();
      for (let i = first[earlier]; i < first[earlier + 1]; i++) {
        const cell = cells[i];
        ofCell.set(cell, (ofCell.get(cell) ?? 0) | modes[i]);
        if (cellFields[cell] >= 0) ofField.set(cellFields[cell], (ofField.get(cellFields[cell]) ?? 0) | modes[i]);
      }
      known = earlier;
    }
    // Two that only read meet where the first of them has a whole field for itself all the same, or has folded what adds had left.
    let meeting: Meeting | undefined = undefined;
    for (let i = first[later]; i < first[later + 1]; i++) {
      const cell = cells[i];
      const field = cellFields[cell];
      const inField = field < 0 ? 0 : (ofField.get(field) ?? 0);
      const before = ofCell.get(cell) ?? 0;
      const whole = inField !== 0 && ((inField | modes[i]) & ACCESS_WHOLE) !== 0;
      if (whole && ((inField | modes[i]) & CHANGES) !== 0) return { cause: "whole field not known yet", cell };
      const cause = causeOf(before, modes[i]);
      if (before !== 0 && cause !== undefined) return { cause, cell };
      if (whole) meeting ??= { cause: "whole field not known yet", cell };
      else if (before !== 0) meeting ??= { cause: "fold", cell };
    }
    return meeting ?? NOWHERE;
  };
}

/** Not to happen: calls that wait for each other share a cell. */
const NOWHERE: Meeting = { cause: "fold", cell: -1 };

/** Undefined where the two don't wait for each other by themselves. */
function causeOf(before: number, after: number): Cause | undefined {
  if ((before & CHANGES) === 0 && (after & CHANGES) === 0) return undefined;
  if (((before | after) & ACCESS_UNCLEARED) !== 0) return "uncleared add";
  if ((after & CHANGES) === 0) return (before & ACCESS_WRITE) !== 0 ? "read after write" : "fold";
  if ((before & CHANGES) === 0) return "write after read";
  return "write after write";
}
