/**
 * Who waits for whom in a block, by the cells that its calls touch: the rules of the runtime's ordering pass. At each cell calls fall into runs that
 * don't wait for each other (readers, adds, updates of one kind; a writer is a run of its own); each call of a run waits for all of the one before. Between
 * two runs stands a join, so that the graph stays as large as the list of accesses. A call that has a field for itself waits for all that touched it.
 */
import type { Leaf, LeafIndex } from "../footprint/footprint.ts";
import type { CellId } from "./cells.ts";
import type { Mode, Touched } from "./touches.ts";

/** What a call waits for: a call, or from `calls` on a join. */
export interface Wait {
  readonly node: number;
  /** The kind of cell at which they meet; undefined where one of them runs alone. */
  readonly leaf: LeafIndex | undefined;
  /** One of them has the whole field for itself. */
  readonly whole: boolean;
}

export interface TaskGraph {
  /** Nodes below this number are calls, in order of the block. */
  readonly calls: number;
  readonly costs: readonly number[];
  /** By call. */
  readonly waits: readonly (readonly Wait[])[];
  /** By number of the join, from 0: the calls that it stands for, all of them earlier than those that wait for it. */
  readonly joins: readonly (readonly number[])[];
}

export interface GraphBuilder {
  /** Whether an earlier call of the block may have changed the cell, so that its value isn't known while planning (rule S1). */
  readonly mayChange: (leaf: LeafIndex, cell: CellId) => boolean;
  /** The next call of the block. */
  readonly add: (touched: Touched, cost: number) => void;
  readonly finish: () => TaskGraph;
}

/** Nobody. */
const NONE = -1;

interface Cell {
  /** Of the present run. */
  mode: Mode;
  /** Its calls. */
  members: number[];
  /** What each of them waits for. */
  before: number;
  /** What stands before the run is a call that has the field for itself. */
  whole: boolean;
}

interface FieldState {
  /** Cells touched since the last call that had the field for itself, with their leaves. */
  cells: (readonly [CellId, LeafIndex])[];
  gate: number;
  changed: boolean;
}

/** `calls`: how many there will be. */
export function createGraph(leaves: readonly Leaf[], calls: number): GraphBuilder {
  const costs: number[] = [];
  const waits: Wait[][] = [];
  const joins: (readonly number[])[] = [];
  const changed = new Set<CellId>();
  const fields = new Map<number, FieldState>();
  let cells = new Map<CellId, Cell>();
  /** The last call that ran alone, and those since. */
  let barrier = NONE;
  let since: number[] = [];

  const nodeOf = (members: readonly number[], otherwise: number): number => {
    if (members.length < 2) return members.at(0) ?? otherwise;
    joins.push(members);
    return calls + joins.length - 1;
  };

  const fieldOf = (leaf: LeafIndex): FieldState => {
    const { group } = leaves[leaf];
    const known = fields.get(group);
    const field = known ?? { cells: [], gate: NONE, changed: false };
    if (known === undefined) fields.set(group, field);
    return field;
  };

  const cellOf = (id: CellId, leaf: LeafIndex): Cell => {
    const known = cells.get(id);
    if (known !== undefined) return known;
    const field = fieldOf(leaf);
    const cell: Cell = { mode: "W", members: [], before: field.gate, whole: field.gate !== NONE };
    cells.set(id, cell);
    field.cells.push([id, leaf]);
    return cell;
  };

  const takeCell = (call: number, own: Wait[], id: CellId, leaf: LeafIndex, mode: Mode): void => {
    const cell = cellOf(id, leaf);
    if (mode !== cell.mode || mode === "W") {
      if (cell.members.length > 0) cell.whole = false;
      cell.before = nodeOf(cell.members, cell.before);
      cell.members = [];
      cell.mode = mode;
    }
    if (cell.before !== NONE) own.push({ node: cell.before, leaf, whole: cell.whole });
    cell.members.push(call);
    if (mode !== "R") changed.add(id);
  };

  const takeField = (call: number, own: Wait[], leaf: LeafIndex, changes: boolean): void => {
    const field = fieldOf(leaf);
    for (const [id, touched] of field.cells) {
      const cell = cells.get(id);
      const node = cell === undefined ? NONE : nodeOf(cell.members, cell.before);
      if (node !== NONE) own.push({ node, leaf: touched, whole: true });
      // Whoever comes to it next finds this call before it.
      cells.delete(id);
    }
    field.cells = [];
    if (field.gate !== NONE && field.gate !== call) own.push({ node: field.gate, leaf, whole: true });
    field.gate = call;
    field.changed ||= changes;
  };

  return {
    mayChange: (leaf, id) => fields.get(leaves[leaf].group)?.changed === true || changed.has(id),
    add(touched, cost) {
      const call = costs.push(cost) - 1;
      const own: Wait[] = [];
      waits.push(own);
      if (barrier !== NONE) own.push({ node: barrier, leaf: undefined, whole: false });
      if (touched.alone) {
        const node = nodeOf(since, NONE);
        if (node !== NONE) own.push({ node, leaf: undefined, whole: false });
        barrier = call;
        since = [];
        cells = new Map<CellId, Cell>();
        for (const field of fields.values()) {
          field.cells = [];
          field.gate = NONE;
        }
        return;
      }
      since.push(call);
      const whole = new Set([...touched.fields.keys()].map((leaf) => leaves[leaf].group));
      for (const [id, { leaf, mode }] of touched.cells) {
        if (!whole.has(leaves[leaf].group)) takeCell(call, own, id, leaf, mode);
        else if (mode !== "R") changed.add(id);
      }
      for (const [leaf, changes] of touched.fields) takeField(call, own, leaf, changes);
    },
    finish: () => ({ calls: costs.length, costs, waits, joins }),
  };
}
