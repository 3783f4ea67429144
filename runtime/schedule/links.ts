/**
 * Who waits for whom: per cell a gate (the call that all later ones wait for) and the calls since, all of one kind: readers, cleared Δs (rule E7), or
 * updates of one commutative kind (rule E5). A call of another kind than those since, and every writer, becomes the gate, so that the number of edges
 * stays linear in the number of accesses. Makes the edges of the call being ordered, its chores, and the old values of the journal.
 */
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, CALL_STRIDE } from "../execute/memory.ts";
import { MODE_DELTA, MODE_READ, MODE_WRITE, MODES_COMMUTE } from "../plan/access-list.ts";
import type { Column } from "../state/column.ts";
import { CapacityError } from "../state/capacity-error.ts";
import { CALL_DEPTH, CALL_EDGE_MARK, CALL_PENDING } from "./call-words.ts";
import type { FieldStates } from "./fields.ts";
import type { Graph } from "./graph.ts";
import { CHORE_FOLD, CHORE_RECORD } from "./graph.ts";
import { widen } from "./intervals.ts";
import type { Nodes } from "./nodes.ts";
import {
  FLAG_DELTAS,
  FLAGS_KIND,
  FLAG_LATE,
  FLAG_OLD,
  FLAG_PARTIALS,
  FLAG_WRITTEN,
  NODE_ADDER,
  NODE_COLUMN,
  NODE_FLAGS,
  NODE_GATE,
  NODE_LIST,
  NODE_MODE,
  NODE_NEXT,
  NODE_SLOT,
  NODE_STRIDE,
} from "./nodes.ts";

/** Beside the modes of accesses in a node's mode: some Δ of the call isn't cleared; the Δ goes to partial sums. */
export const MODE_UNCLEARED = 16;
export const MODE_PARTIAL = 32;

/** Readers of a whole field that each later writer waits for by itself; behind more of them the first writer has the field for itself. */
export const WAITED_READERS = 8;
/** Calls that read a whole field each look at all its nodes: beyond so many looks the next one has it for itself, so that edges stay linear. */
const SHARED_LOOKS = 4096;

/** Whether a call's joined mode of a cell is one commutative kind and nothing else. */
function isOneCommute(mode: number): boolean {
  return (mode & ~MODES_COMMUTE) === 0 && (mode & (mode - 1)) === 0;
}

export class Links {
  /** True: one thread runs each call right after it was ordered, so all places are cells and edges are only counted. */
  solo = false;
  /** The last call that ran alone, which all later ones wait for; -1 none. */
  barrier = -1;
  /** Of the call being ordered: distinct predecessors, the longest chain of waits that leads to it, in calls and in cost. */
  edges = 0;
  depth = 0;
  costBefore = 0;
  /** Cost along the costliest chain of waits that ends in a call; by call. */
  readonly costDepth: Float64Array;
  private readonly nodes: Nodes;
  private readonly graph: Graph;
  private readonly columns: readonly Column[];
  private readonly calls: Int32Array;
  private call = 0;
  /** Edges to calls that hadn't ended. */
  private added = 0;
  /** Calls since a node's gate: pairs of call and next. */
  private readonly pairs: Int32Array;
  private readonly capacity: number;
  private count = 0;

  constructor(
    nodes: Nodes,
    graph: Graph,
    columns: readonly Column[],
    calls: Int32Array,
    sizes: { readonly calls: number; readonly links: number },
  ) {
    this.nodes = nodes;
    this.graph = graph;
    this.columns = columns;
    this.calls = calls;
    this.capacity = sizes.links;
    this.pairs = new Int32Array(new SharedArrayBuffer((sizes.links + 1) * 8));
    this.costDepth = new Float64Array(new SharedArrayBuffer(sizes.calls * 8));
  }

  beginSegment(): void {
    this.count = 0;
  }

  beginCall(call: number): void {
    this.call = call;
    this.edges = 0;
    this.added = 0;
    this.depth = 0;
    this.costBefore = 0;
    this.addEdge(this.barrier);
  }

  /** Whether so many accesses more may not fit. */
  crowded(accesses: number): boolean {
    const { graph, nodes } = this;
    return (
      this.count + accesses > this.capacity ||
      // Each pair becomes an edge once at most, each gate once per access.
      graph.edgeCount + this.count + accesses * (2 + WAITED_READERS) + nodes.count > graph.edgeCapacity ||
      graph.choreCount + accesses + nodes.count > graph.choreCapacity
    );
  }

  /** A cell that the call only reads. Gives the access word, as the next two do. */
  read(node: number): number {
    const { ints } = this.nodes;
    const at = node * NODE_STRIDE;
    if ((ints[at + NODE_FLAGS] & FLAGS_KIND) !== 0) {
      // It folds what Δs left, so it is the gate for all that come later.
      this.waitForList(ints, node, at);
      ints[at + NODE_GATE] = this.call;
    } else {
      this.addEdge(ints[at + NODE_GATE]);
      this.addPair(ints, at);
    }
    return ints[at + NODE_SLOT] << ACCESS_SHIFT;
  }

  /** A cell that the call only adds to, cleared. */
  delta(node: number): number {
    const { ints } = this.nodes;
    const at = node * NODE_STRIDE;
    this.keepOld(ints, node, at);
    const list = ints[at + NODE_LIST];
    if (list !== 0 && (ints[at + NODE_FLAGS] & FLAG_DELTAS) === 0) {
      // After readers: later Δs wait for this one instead of for all those readers again.
      this.waitForList(ints, node, at);
      ints[at + NODE_GATE] = this.call;
    } else {
      this.addEdge(ints[at + NODE_GATE]);
      this.addPair(ints, at);
      const flags = ints[at + NODE_FLAGS];
      ints[at + NODE_FLAGS] = flags | FLAG_DELTAS;
      // One call at a time adds in place. Where two have met, more will: such a cell isn't looked at again before it is folded.
      if (list === 0 || this.solo || ((flags & FLAG_PARTIALS) === 0 && this.graph.hasEnded(ints[at + NODE_ADDER])))
        ints[at + NODE_ADDER] = this.call;
      else {
        this.nodes.usePartials(node);
        ints[at + NODE_MODE] = MODE_DELTA | MODE_PARTIAL;
        return (node << ACCESS_SHIFT) | ACCESS_CLEARED | ACCESS_PARTIAL;
      }
    }
    return (ints[at + NODE_SLOT] << ACCESS_SHIFT) | ACCESS_CLEARED;
  }

  /** A cell that the call only updates in one way that commutes with itself: `mode` is one of MODES_COMMUTE. */
  commute(node: number, mode: number): number {
    const { ints } = this.nodes;
    const at = node * NODE_STRIDE;
    const late = this.keepOld(ints, node, at);
    widen(this.nodes, this.columns[ints[at + NODE_COLUMN]], node, mode);
    if (late || (ints[at + NODE_LIST] !== 0 && (ints[at + NODE_FLAGS] & FLAGS_KIND) !== mode)) {
      // Also when it is to record the old value, which no other update may change meanwhile.
      if (ints[at + NODE_LIST] !== 0) this.waitForList(ints, node, at);
      else this.addEdge(ints[at + NODE_GATE]);
      ints[at + NODE_GATE] = this.call;
    } else {
      this.addEdge(ints[at + NODE_GATE]);
      this.addPair(ints, at);
      ints[at + NODE_FLAGS] |= mode;
    }
    return (ints[at + NODE_SLOT] << ACCESS_SHIFT) | ACCESS_CLEARED;
  }

  /** A cell that the call writes, or adds to with a check that isn't cleared. */
  write(node: number): number {
    const { ints } = this.nodes;
    const at = node * NODE_STRIDE;
    this.keepOld(ints, node, at);
    if (ints[at + NODE_LIST] !== 0) this.waitForList(ints, node, at);
    else this.addEdge(ints[at + NODE_GATE]);
    ints[at + NODE_GATE] = this.call;
    // An ordered Δ has moved the interval already; whatever else is written may be any value.
    if ((ints[at + NODE_MODE] & (MODE_WRITE | MODES_COMMUTE)) !== 0) this.nodes.setAnyValue(node);
    ints[at + NODE_MODE] = MODE_WRITE;
    return ints[at + NODE_SLOT] << ACCESS_SHIFT;
  }

  /** As the joined mode of the cell says. */
  byMode(node: number): number {
    const mode = this.nodes.ints[node * NODE_STRIDE + NODE_MODE];
    if (mode === MODE_READ) return this.read(node);
    if (mode === MODE_DELTA) return this.delta(node);
    return isOneCommute(mode) ? this.commute(node, mode) : this.write(node);
  }

  /**
   * A call that takes a whole field. One that may write has it for itself: it waits for all that touched it since the last such call, and they for that
   * one. Readers share it: they wait for those that may have changed some cell. Gives whether the call shares it.
   */
  field(fields: FieldStates, field: number, writes: boolean): boolean {
    const { ints } = this.nodes;
    const shares = !writes && fields.readerCount[field] * fields.nodeCount[field] <= SHARED_LOOKS;
    for (let next = fields.nodes[field]; next !== 0;) {
      const at = (next - 1) * NODE_STRIDE;
      const changed = (ints[at + NODE_FLAGS] & FLAGS_KIND) !== 0;
      if (ints[at + NODE_LIST] !== 0 && (changed || !shares)) {
        this.waitForList(ints, next - 1, at);
        // It folds what Δs left, as any reader does.
        if (shares) ints[at + NODE_GATE] = this.call;
      } else this.addEdge(ints[at + NODE_GATE]);
      next = ints[at + NODE_NEXT];
    }
    this.addEdge(fields.gate[field]);
    if (shares) {
      fields.share(field, this.pairBefore(fields.readers[field]));
      return true;
    }
    this.waitForReaders(fields, field);
    fields.take(field, this.call, writes);
    return false;
  }

  /** The call changes a cell of a field that earlier calls read as a whole. */
  waitForReaders(fields: FieldStates, field: number): void {
    for (let pair = fields.readers[field]; pair !== 0; pair = this.pairs[pair * 2 + 1]) this.addEdge(this.pairs[pair * 2]);
  }

  /** Sets the count of pending predecessors; only then may others know of the call. */
  finishCall(): void {
    const at = this.call * CALL_STRIDE + CALL_PENDING;
    if (this.solo) return;
    // Predecessors that ended in the meantime have counted down already; without edges nobody else knows of the call yet.
    if (this.added === 0) this.calls[at] = 1;
    else Atomics.add(this.calls, at, this.added + 1);
  }

  /** Keeps the value at block start for the journal when the cell may be changed for the first time; true when the call itself must do so. */
  private keepOld(ints: Int32Array, node: number, at: number): boolean {
    const flags = ints[at + NODE_FLAGS];
    ints[at + NODE_FLAGS] = flags | FLAG_WRITTEN;
    if ((flags & (FLAG_OLD | FLAG_LATE)) !== 0) return false;
    if ((flags & FLAG_WRITTEN) === 0) {
      this.nodes.saveOld(node, this.columns[ints[at + NODE_COLUMN]], ints[at + NODE_SLOT]);
      return false;
    }
    // An unresolved call before may be writing it this moment, so its value is recorded right before this call runs.
    ints[at + NODE_FLAGS] |= FLAG_LATE;
    this.graph.addChore(this.calls, this.call, node, CHORE_RECORD);
    return true;
  }

  private waitForList(ints: Int32Array, node: number, at: number): void {
    for (let pair = ints[at + NODE_LIST]; pair !== 0; pair = this.pairs[pair * 2 + 1]) this.addEdge(this.pairs[pair * 2]);
    ints[at + NODE_LIST] = 0;
    if ((ints[at + NODE_FLAGS] & FLAG_PARTIALS) !== 0) this.graph.addChore(this.calls, this.call, node, CHORE_FOLD);
    ints[at + NODE_FLAGS] &= ~(FLAGS_KIND | FLAG_PARTIALS);
  }

  private addPair(ints: Int32Array, at: number): void {
    ints[at + NODE_LIST] = this.pairBefore(ints[at + NODE_LIST]);
  }

  /** A pair of the call and the pairs from `next` on. */
  private pairBefore(next: number): number {
    const pair = ++this.count;
    if (pair > this.capacity) throw new CapacityError("accesses of a block", this.capacity);
    this.pairs[pair * 2] = this.call;
    this.pairs[pair * 2 + 1] = next;
    return pair;
  }

  private addEdge(earlier: number): void {
    if (earlier < 0) return;
    const at = earlier * CALL_STRIDE;
    const { calls } = this;
    if (calls[at + CALL_EDGE_MARK] === this.call + 1) return;
    calls[at + CALL_EDGE_MARK] = this.call + 1;
    this.edges++;
    if (calls[at + CALL_DEPTH] > this.depth) this.depth = calls[at + CALL_DEPTH];
    if (this.costDepth[earlier] > this.costBefore) this.costBefore = this.costDepth[earlier];
    if (!this.solo && this.graph.link(calls, earlier, this.call)) this.added++;
  }
}
