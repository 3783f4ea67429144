/**
 * Who waits for whom in a block, by the cells that its calls touch: the rules of the runtime's ordering pass. At each cell calls fall into runs that
 * don't wait for each other (readers, adds, updates of one kind; a writer is a run of its own); each call of a run waits for all of the one before. Between
 * two runs stands a join, so that the graph stays as large as the list of accesses. A call that has a field for itself waits for all that touched it; those
 * that only read it share it.
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

/** Readers of a whole field each look at all its cells: beyond so many looks the next one has it for itself, as in the runtime. */
const SHARED_LOOKS = 4_096;
/** Readers of a whole field that each later writer waits for by itself, as in the runtime. */
const WAITED_READERS = 8;

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
  /** Calls since that read the field as a whole, and what stands for all of them. */
  readers: number[];
  joined: number;
  changed: boolean;
}

interface Building {
  readonly leaves: readonly Leaf[];
  /** How many there will be. */
  readonly calls: number;
  readonly costs: number[];
  readonly waits: Wait[][];
  readonly joins: (readonly number[])[];
  readonly changed: Set<CellId>;
  /** By group of leaves. */
  readonly fields: Map<number, FieldState>;
  /** Since the last call that ran alone. */
  readonly cells: Map<CellId, Cell>;
  /** That call, and those since. */
  barrier: number;
  since: number[];
}

/** `calls`: how many there will be. */
export function createGraph(leaves: readonly Leaf[], calls: number): GraphBuilder {
  const graph: Building = {
    leaves,
    calls,
    costs: [],
    waits: [],
    joins: [],
    changed: new Set(),
    fields: new Map(),
    cells: new Map(),
    barrier: NONE,
    since: [],
  };
  return {
    mayChange: (leaf, id) => graph.fields.get(leaves[leaf].group)?.changed === true || graph.changed.has(id),
    add(touched, cost) {
      const call = graph.costs.push(cost) - 1;
      const own: Wait[] = [];
      graph.waits.push(own);
      if (graph.barrier !== NONE) own.push({ node: graph.barrier, leaf: undefined, whole: false });
      if (touched.alone) takeAll(graph, call, own);
      else takeTouched(graph, call, own, touched);
    },
    finish: () => ({ calls: graph.costs.length, costs: graph.costs, waits: graph.waits, joins: graph.joins }),
  };
}

/** All earlier calls, and from now on all later ones wait for this one. */
function takeAll(graph: Building, call: number, own: Wait[]): void {
  const node = nodeOf(graph, graph.since, NONE);
  if (node !== NONE) own.push({ node, leaf: undefined, whole: false });
  graph.barrier = call;
  graph.since = [];
  graph.cells.clear();
  for (const field of graph.fields.values()) {
    field.cells = [];
    field.gate = NONE;
    field.readers = [];
    field.joined = NONE;
  }
}

function takeTouched(graph: Building, call: number, own: Wait[], { cells, fields }: Touched): void {
  graph.since.push(call);
  const whole = new Map<number, readonly [LeafIndex, boolean]>();
  for (const [leaf, changes] of fields) {
    const { group } = graph.leaves[leaf];
    const known = whole.get(group);
    if (known === undefined || (changes && !known[1])) whole.set(group, [leaf, changes]);
  }
  for (const { leaf, mode } of cells.values()) {
    const { group } = graph.leaves[leaf];
    // Behind many readers of the field whoever changes a cell of it has it for itself.
    const takes = whole.has(group) || (graph.fields.get(group)?.readers.length ?? 0) > WAITED_READERS;
    if (mode !== "R" && takes) whole.set(group, [leaf, true]);
  }
  for (const [id, { leaf, mode }] of cells) {
    if (mode !== "R") graph.changed.add(id);
    if (!whole.has(graph.leaves[leaf].group)) takeCell(graph, call, own, { id, leaf, mode });
  }
  for (const [leaf, changes] of whole.values()) {
    const { readers, cells: known } = fieldOf(graph, leaf);
    if (changes || readers.length * known.length > SHARED_LOOKS) takeField(graph, call, own, leaf, changes);
    else readField(graph, call, own, leaf);
  }
}

function takeCell(
  graph: Building,
  call: number,
  own: Wait[],
  { id, leaf, mode }: { readonly id: CellId; readonly leaf: LeafIndex; readonly mode: Mode },
): void {
  const cell = cellOf(graph, id, leaf);
  const readers = mode === "R" ? NONE : readersOf(graph, fieldOf(graph, leaf));
  if (readers !== NONE) own.push({ node: readers, leaf, whole: true });
  if (mode !== cell.mode || mode === "W") {
    if (cell.members.length > 0) cell.whole = false;
    cell.before = nodeOf(graph, cell.members, cell.before);
    cell.members = [];
    cell.mode = mode;
  }
  if (cell.before !== NONE) own.push({ node: cell.before, leaf, whole: cell.whole });
  cell.members.push(call);
}

/** Readers wait for whoever may have changed a cell. */
function readField(graph: Building, call: number, own: Wait[], leaf: LeafIndex): void {
  const field = fieldOf(graph, leaf);
  for (const [id, touched] of field.cells) {
    const cell = graph.cells.get(id);
    if (cell === undefined) continue;
    if (cell.mode !== "R") {
      cell.before = nodeOf(graph, cell.members, cell.before);
      cell.members = [];
      cell.mode = "R";
    }
    if (cell.before !== NONE) own.push({ node: cell.before, leaf: touched, whole: true });
  }
  if (field.gate !== NONE) own.push({ node: field.gate, leaf, whole: true });
  field.readers.push(call);
  field.joined = NONE;
}

function readersOf(graph: Building, field: FieldState): number {
  if (field.joined === NONE) field.joined = nodeOf(graph, [...field.readers], NONE);
  return field.joined;
}

function takeField(graph: Building, call: number, own: Wait[], leaf: LeafIndex, changes: boolean): void {
  const field = fieldOf(graph, leaf);
  for (const [id, touched] of field.cells) {
    const cell = graph.cells.get(id);
    const node = cell === undefined ? NONE : nodeOf(graph, cell.members, cell.before);
    if (node !== NONE) own.push({ node, leaf: touched, whole: true });
    // Whoever comes to it next finds this call before it.
    graph.cells.delete(id);
  }
  field.cells = [];
  if (field.gate !== NONE) own.push({ node: field.gate, leaf, whole: true });
  const readers = readersOf(graph, field);
  if (readers !== NONE) own.push({ node: readers, leaf, whole: true });
  field.readers = [];
  field.joined = NONE;
  field.gate = call;
  field.changed ||= changes;
}

/** What stands for all of them. */
function nodeOf(graph: Building, members: readonly number[], otherwise: number): number {
  if (members.length < 2) return members.at(0) ?? otherwise;
  return graph.calls + graph.joins.push(members) - 1;
}

function fieldOf({ leaves, fields }: Building, leaf: LeafIndex): FieldState {
  const { group } = leaves[leaf];
  const known = fields.get(group);
  const field = known ?? { cells: [], gate: NONE, readers: [], joined: NONE, changed: false };
  if (known === undefined) fields.set(group, field);
  return field;
}

function cellOf(graph: Building, id: CellId, leaf: LeafIndex): Cell {
  const known = graph.cells.get(id);
  if (known !== undefined) return known;
  const field = fieldOf(graph, leaf);
  const cell: Cell = { mode: "W", members: [], before: field.gate, whole: field.gate !== NONE };
  graph.cells.set(id, cell);
  field.cells.push([id, leaf]);
  return cell;
}
