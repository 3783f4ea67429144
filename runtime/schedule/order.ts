/**
 * The ordering pass: takes the accesses of the calls in block order, joins them by cell, keeps the escrow interval of each cell (rules E1 to
 * E5, E7), decides the place of every access, and gives each call the edges to the earlier calls it must wait for.
 * Runs on the planning thread only and reads no cell but at its first touch. Every edge points to an earlier call, so nothing can wait in a circle.
 */
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, CALL_STRIDE } from "../execute/memory.ts";
import type { AccessList } from "../plan/access-list.ts";
import { AMOUNTS, MODE_DELTA, MODE_READ, MODE_READ_ELSE, MODE_WRITE } from "../plan/access-list.ts";
import { addDown, addUp, cellDown, cellUp, cellUpAfterDown } from "../plan/amount.ts";
import type { Column } from "../state/column.ts";
import { CapacityError } from "../state/capacity-error.ts";
import { CALL_DEPTH, CALL_EDGE_MARK, CALL_PENDING, CALL_UNRESOLVED } from "./call-words.ts";
import type { Graph } from "./graph.ts";
import { CHORE_FOLD, CHORE_RECORD } from "./graph.ts";
import type { Nodes } from "./nodes.ts";
import {
  FLAG_DELTAS, FLAG_LATE, FLAG_OLD, FLAG_PARTIALS, FLAG_RANGED, FLAG_WRITTEN, NODE_CALL, NODE_COLUMN, NODE_DOUBLES, NODE_EPOCH, NODE_FLAGS, NODE_GATE,
  NODE_HIGH, NODE_LIST, NODE_LOW, NODE_MODE, NODE_NEXT, NODE_SLOT, NODE_STRIDE,
} from "./nodes.ts";

/** Beside the modes of accesses: some Δ of this call on the node isn't cleared. */
const MODE_UNCLEARED = 16;
/** Stands in `node` of an access whose whole field this call has for itself. */
const NODE_EXCLUSIVE = -1;
/** A conditional read that isn't needed. */
const NODE_NONE = -2;

export interface OrderCounts {
  edges: number;
  waiting: number;
  criticalPath: number;
  criticalCost: number;
  deltas: number;
  uncleared: number;
  unresolved: number;
}

export class Order {
  readonly counts: OrderCounts = { edges: 0, waiting: 0, criticalPath: 0, criticalCost: 0, deltas: 0, uncleared: 0, unresolved: 0 };
  private readonly nodes: Nodes;
  private readonly graph: Graph;
  private readonly columns: readonly Column[];
  private calls: Int32Array;
  private words: Int32Array;
  /** True: one thread runs each call right after it was ordered, so all places are cells and edges are only counted. */
  private solo = false;
  // Calls since a node's gate: pairs of call and next.
  private readonly links: Int32Array;
  private linkCount = 0;
  private readonly linkCapacity: number;
  // By field of a contract: exclusive calls so far, the last one, whether one may have written, first node of this epoch plus 1.
  private fieldEpoch = new Int32Array(64);
  private fieldGate = new Int32Array(64).fill(-1);
  private fieldWritten = new Uint8Array(64);
  private fieldNodes = new Int32Array(64);
  private fieldCount = 0;
  /** Fields with an epoch above 0 in this segment, so that a reset is short. */
  private readonly usedFields: number[] = [];
  /** Nodes of the call being ordered, each once. */
  private distinct = new Int32Array(256);
  private distinctCount = 0;
  /** Fields that the call being ordered has for itself, and whether it may write them. */
  private readonly exclusive: number[] = [];
  private readonly exclusiveWrites: boolean[] = [];
  /** Cost along the costliest chain of waits that ends in a call; by call. */
  private readonly costDepth: Float64Array;
  // The call being ordered.
  private call = 0;
  private edges = 0;
  private added = 0;
  private depth = 0;
  private costBefore = 0;

  constructor(nodes: Nodes, graph: Graph, columns: readonly Column[], calls: Int32Array, words: Int32Array, maxCalls: number, links: number) {
    this.nodes = nodes;
    this.graph = graph;
    this.columns = columns;
    this.calls = calls;
    this.words = words;
    this.linkCapacity = links;
    this.links = new Int32Array(new SharedArrayBuffer((links + 1) * 8));
    this.costDepth = new Float64Array(new SharedArrayBuffer(maxCalls * 8));
  }

  /** New contracts have fields of their own: there are `count` from now on. */
  setFields(count: number): void {
    if (count > this.fieldEpoch.length) {
      const size = Math.max(count, this.fieldEpoch.length * 2);
      const grown = new Int32Array(size);
      grown.set(this.fieldEpoch);
      this.fieldEpoch = grown;
      const gates = new Int32Array(size).fill(-1);
      gates.set(this.fieldGate);
      this.fieldGate = gates;
      const written = new Uint8Array(size);
      written.set(this.fieldWritten);
      this.fieldWritten = written;
      const first = new Int32Array(size);
      first.set(this.fieldNodes);
      this.fieldNodes = first;
    }
    this.fieldCount = count;
  }

  begin(solo: boolean): void {
    this.solo = solo;
    this.counts.edges = 0;
    this.counts.waiting = 0;
    this.counts.criticalPath = 0;
    this.counts.criticalCost = 0;
    this.counts.deltas = 0;
    this.counts.uncleared = 0;
    this.counts.unresolved = 0;
    this.beginSegment();
  }

  /** All calls so far have ended and their partial sums are folded: nothing is left to wait for. */
  beginSegment(): void {
    this.linkCount = 0;
    for (const field of this.usedFields) {
      this.fieldEpoch[field] = 0;
      this.fieldGate[field] = -1;
      this.fieldWritten[field] = 0;
      this.fieldNodes[field] = 0;
    }
    if (this.usedFields.length > 0) this.usedFields.length = 0;
  }

  /** Whether a call with so many accesses may not fit any more, so that the segment must end before it. */
  crowded(accesses: number): boolean {
    const { graph, nodes } = this;
    return (
      nodes.count + accesses > nodes.capacity ||
      this.linkCount + accesses > this.linkCapacity ||
      // Each link becomes an edge once at most, each gate once per access.
      graph.edgeCount + this.linkCount + accesses * 2 + nodes.count > graph.edgeCapacity ||
      graph.choreCount + accesses + nodes.count > graph.choreCapacity
    );
  }

  // --- what the planner asks ---

  /** Whether an earlier call of the block may change this cell. `field` is -1 for cells that are never accessed unresolved. */
  mayChange(column: number, slot: number, field: number): boolean {
    if (field >= 0 && this.fieldWritten[field] !== 0) return true;
    const node = this.nodes.find(column, slot);
    return node >= 0 && (this.nodes.ints[node * NODE_STRIDE + NODE_FLAGS] & FLAG_WRITTEN) !== 0;
  }

  /** Upper end of the cell's interval at this point of the block (rule E4). */
  highOf(column: number, slot: number, field: number): number {
    if (!this.mayChange(column, slot, field)) return cellUp(this.columns[column], slot);
    const node = this.current(column, slot, field);
    return node < 0 ? this.nodes.highest[column] : this.nodes.doubles[node * NODE_DOUBLES + NODE_HIGH];
  }

  lowOf(column: number, slot: number, field: number): number {
    if (!this.mayChange(column, slot, field)) return cellDown(this.columns[column], slot);
    const node = this.current(column, slot, field);
    return node < 0 ? this.nodes.lowest[column] : this.nodes.doubles[node * NODE_DOUBLES + NODE_LOW];
  }

  /** The cell's node if it is up to date with its field. */
  private current(column: number, slot: number, field: number): number {
    const node = this.nodes.find(column, slot);
    if (node < 0 || (field >= 0 && this.fieldWritten[field] !== 0 && this.nodes.ints[node * NODE_STRIDE + NODE_EPOCH] !== this.fieldEpoch[field])) return -1;
    return node;
  }

  /** Number of exclusive calls so far on a field of this segment. */
  epochOf(field: number): number {
    return this.fieldEpoch[field];
  }

  // --- the pass ---

  /** Orders one call. Fills its access words, its chores and its count of pending predecessors. */
  order(call: number, list: AccessList, cost: number): void {
    this.call = call;
    this.edges = 0;
    this.added = 0;
    this.depth = 0;
    this.costBefore = 0;
    this.distinctCount = 0;
    // Setting a length costs more than the rest of a simple call, so only when it must be.
    if (this.exclusive.length > 0) {
      this.exclusive.length = 0;
      this.exclusiveWrites.length = 0;
    }
    this.counts.deltas += list.deltas;
    if (list.unresolved === 0 && list.conditional === 0 && this.joinSimple(list)) {
      this.orderSimple(list);
    } else {
      if (list.unresolved > 0) this.findExclusive(list);
      this.join(list);
      if (list.deltas > 0) this.clear(list);
      if (list.conditional > 0) this.addConditional(list);
      for (let i = 0; i < this.distinctCount; i++) this.linkNode(this.distinct[i]);
      for (let i = 0; i < this.exclusive.length; i++) this.linkField(this.exclusive[i], this.exclusiveWrites[i]);
      this.place(list);
    }
    this.finish(call, cost);
  }

  /** Finds the nodes of a call whose accesses all have slots; false, and everything as if it hadn't run, when two of them meet in one node. */
  private joinSimple(list: AccessList): boolean {
    const { ints } = this.nodes;
    const { call } = this;
    const { count, column, slot, field, mode } = list;
    const nodeOf = list.node;
    for (let i = 0; i < count; i++) {
      const node = this.find(ints, column[i], slot[i], field[i]);
      const at = node * NODE_STRIDE;
      if (ints[at + NODE_CALL] === call) {
        for (let j = 0; j < i; j++) ints[nodeOf[j] * NODE_STRIDE + NODE_CALL] = -1;
        return false;
      }
      ints[at + NODE_CALL] = call;
      ints[at + NODE_MODE] = mode[i];
      nodeOf[i] = node;
    }
    return true;
  }

  /** The common case, most calls of most blocks: each access has a node of its own, so one pass clears, links and places it. */
  private orderSimple(list: AccessList): void {
    const { ints } = this.nodes;
    const { words } = this;
    const count = list.count;
    for (let i = 0; i < count; i++) {
      const node = list.node[i];
      const at = node * NODE_STRIDE;
      const mode = list.mode[i];
      let word = list.slot[i] << ACCESS_SHIFT;
      if (mode === MODE_DELTA) {
        if (this.clears(list, i, node)) {
          this.linkDelta(ints, node, at);
          word = ints[at + NODE_MODE] === MODE_DELTA ? word | ACCESS_CLEARED : (node << ACCESS_SHIFT) | ACCESS_CLEARED | ACCESS_PARTIAL;
        } else {
          ints[at + NODE_MODE] = MODE_DELTA | MODE_UNCLEARED;
          this.linkWrite(ints, node, at);
          this.counts.uncleared++;
        }
      } else if (mode === MODE_READ) this.linkRead(ints, node, at);
      else this.linkWrite(ints, node, at);
      words[list.word[i]] = word;
    }
  }

  /** Fields of accesses without a slot: the call has them for itself (rules S1, E3). */
  private findExclusive(list: AccessList): void {
    for (let i = 0; i < list.count; i++) {
      if (list.slot[i] >= 0) continue;
      const field = list.field[i];
      if (field < 0 || field >= this.fieldCount) throw new Error("internal: an access without a slot to a field that isn't staged");
      const at = this.exclusive.indexOf(field);
      if (at < 0) {
        this.exclusive.push(field);
        this.exclusiveWrites.push(false);
      }
    }
    for (let i = 0; i < list.count; i++) {
      const at = this.exclusive.indexOf(list.field[i]);
      if (at >= 0 && list.field[i] >= 0 && (list.mode[i] & (MODE_WRITE | MODE_DELTA)) !== 0) this.exclusiveWrites[at] = true;
    }
    this.counts.unresolved += list.unresolved;
  }

  private isExclusive(field: number): boolean {
    return this.exclusive.length > 0 && field >= 0 && this.exclusive.includes(field);
  }

  /** Finds the node of each access and joins the modes of accesses to one cell (rule P2). */
  private join(list: AccessList): void {
    const { ints } = this.nodes;
    const count = list.count;
    for (let i = 0; i < count; i++) {
      const mode = list.mode[i];
      if (mode === MODE_READ_ELSE) {
        list.node[i] = NODE_NONE;
        continue;
      }
      if (this.exclusive.length > 0 && this.isExclusive(list.field[i])) {
        list.node[i] = NODE_EXCLUSIVE;
        continue;
      }
      list.node[i] = this.touch(ints, list.column[i], list.slot[i], list.field[i], mode);
    }
  }

  /** The cell's node, made and brought up to date with its field as needed. */
  private find(ints: Int32Array, column: number, slot: number, field: number): number {
    const nodes = this.nodes;
    let node = nodes.marks[column][slot] - nodes.base;
    if (node < 0) {
      node = nodes.create(column, slot);
      if (field >= 0) this.adopt(ints, node, field);
    } else if (field >= 0 && ints[node * NODE_STRIDE + NODE_EPOCH] !== this.fieldEpoch[field]) {
      this.adopt(ints, node, field);
    }
    return node;
  }

  private touch(ints: Int32Array, column: number, slot: number, field: number, mode: number): number {
    const node = this.find(ints, column, slot, field);
    const at = node * NODE_STRIDE;
    if (ints[at + NODE_CALL] !== this.call) {
      ints[at + NODE_CALL] = this.call;
      ints[at + NODE_MODE] = mode;
      if (this.distinctCount === this.distinct.length) this.growDistinct();
      this.distinct[this.distinctCount++] = node;
    } else {
      ints[at + NODE_MODE] |= mode;
    }
    return node;
  }

  /** Brings a node to its field's epoch: the last exclusive call is its gate, and may have given it any value. */
  private adopt(ints: Int32Array, node: number, field: number): void {
    const at = node * NODE_STRIDE;
    ints[at + NODE_EPOCH] = this.fieldEpoch[field];
    ints[at + NODE_NEXT] = this.fieldNodes[field];
    this.fieldNodes[field] = node + 1;
    if (this.fieldEpoch[field] === 0) {
      // The list of the field is used from here on, so that the next segment has to wipe it.
      if (ints[at + NODE_NEXT] === 0) this.usedFields.push(field);
      return;
    }
    ints[at + NODE_GATE] = this.fieldGate[field];
    ints[at + NODE_LIST] = 0;
    ints[at + NODE_FLAGS] &= ~(FLAG_DELTAS | FLAG_PARTIALS);
    if (this.fieldWritten[field] !== 0) this.setAnyValue(ints, node);
  }

  /** Any value of the type. */
  private setAnyValue(ints: Int32Array, node: number): void {
    const at = node * NODE_STRIDE;
    const column = ints[at + NODE_COLUMN];
    ints[at + NODE_FLAGS] |= FLAG_WRITTEN | FLAG_RANGED;
    this.nodes.doubles[node * NODE_DOUBLES + NODE_LOW] = this.nodes.lowest[column];
    this.nodes.doubles[node * NODE_DOUBLES + NODE_HIGH] = this.nodes.highest[column];
  }

  /** Decides for each Δ whether it is cleared; one that isn't takes all of its node in this call with it. */
  private clear(list: AccessList): void {
    const { ints } = this.nodes;
    for (let i = 0; i < list.count; i++) {
      if (list.mode[i] !== MODE_DELTA) continue;
      const node = list.node[i];
      if (node < 0) continue;
      const at = node * NODE_STRIDE;
      if ((ints[at + NODE_MODE] & MODE_WRITE) === 0 && !this.clears(list, i, node)) ints[at + NODE_MODE] |= MODE_UNCLEARED;
    }
  }

  /** Whether the check of a Δ holds for every value the cell can have (rule E2). Moves the interval on, whatever the answer. */
  private clears(list: AccessList, access: number, node: number): boolean {
    const { ints, doubles, lowest, highest } = this.nodes;
    const at = node * NODE_STRIDE;
    const range = node * NODE_DOUBLES;
    const column = ints[at + NODE_COLUMN];
    if ((ints[at + NODE_FLAGS] & FLAG_RANGED) === 0) {
      ints[at + NODE_FLAGS] |= FLAG_RANGED;
      const slot = ints[at + NODE_SLOT];
      doubles[range + NODE_LOW] = cellDown(this.columns[column], slot);
      doubles[range + NODE_HIGH] = cellUpAfterDown(this.columns[column], slot, doubles[range + NODE_LOW]);
    }
    const { amounts } = list;
    const from = access * AMOUNTS;
    let cleared = true;
    const down = amounts[from];
    if (down !== 0) {
      const low = addDown(doubles[range + NODE_LOW], -down);
      // Written so that NaN doesn't clear.
      cleared = low >= amounts[from + 2];
      doubles[range + NODE_LOW] = low >= lowest[column] ? low : lowest[column];
    }
    const up = amounts[from + 1];
    if (up !== 0) {
      const high = addUp(doubles[range + NODE_HIGH], up);
      cleared = cleared && high <= amounts[from + 3];
      doubles[range + NODE_HIGH] = high <= highest[column] ? high : highest[column];
    }
    return cleared;
  }

  /** Reads in the errors of Δs happen only if those aren't cleared (rule E5); each such read may keep another Δ from being cleared. */
  private addConditional(list: AccessList): void {
    const { ints } = this.nodes;
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < list.count; i++) {
        if (list.mode[i] !== MODE_READ_ELSE || list.node[i] !== NODE_NONE) continue;
        if (this.clearedAt(list, list.of[i])) continue;
        list.node[i] = this.isExclusive(list.field[i]) ? NODE_EXCLUSIVE : this.touch(ints, list.column[i], list.slot[i], list.field[i], MODE_READ);
        changed = true;
      }
    }
  }

  private clearedAt(list: AccessList, word: number): boolean {
    for (let i = 0; i < list.count; i++) {
      if (list.word[i] !== word || list.mode[i] !== MODE_DELTA) continue;
      const node = list.node[i];
      return node >= 0 && this.nodes.ints[node * NODE_STRIDE + NODE_MODE] === MODE_DELTA;
    }
    return false;
  }

  /** Edges, gate and place of one cell of the call. */
  private linkNode(node: number): void {
    const { ints } = this.nodes;
    const at = node * NODE_STRIDE;
    const mode = ints[at + NODE_MODE];
    if (mode === MODE_READ) this.linkRead(ints, node, at);
    else if (mode === MODE_DELTA) this.linkDelta(ints, node, at);
    else this.linkWrite(ints, node, at);
  }

  private linkRead(ints: Int32Array, node: number, at: number): void {
    if ((ints[at + NODE_FLAGS] & FLAG_DELTAS) !== 0) {
      // It folds what the Δs left, so it is the gate for all that come later.
      this.waitForList(ints, node, at);
      ints[at + NODE_GATE] = this.call;
      return;
    }
    this.addEdge(ints[at + NODE_GATE]);
    this.addLink(ints, at);
  }

  private linkDelta(ints: Int32Array, node: number, at: number): void {
    this.keepOld(ints, node, at);
    const list = ints[at + NODE_LIST];
    if (list !== 0 && (ints[at + NODE_FLAGS] & FLAG_DELTAS) === 0) {
      // After readers: later Δs wait for this one instead of for all those readers again.
      this.waitForList(ints, node, at);
      ints[at + NODE_GATE] = this.call;
      return;
    }
    this.addEdge(ints[at + NODE_GATE]);
    this.addLink(ints, at);
    // The first since the gate is the only one that touches the cell, so it adds in place.
    if (list !== 0 && !this.solo) {
      ints[at + NODE_FLAGS] |= FLAG_DELTAS | FLAG_PARTIALS;
      ints[at + NODE_MODE] = MODE_DELTA | MODE_READ_ELSE;
    } else ints[at + NODE_FLAGS] |= FLAG_DELTAS;
  }

  private linkWrite(ints: Int32Array, node: number, at: number): void {
    const mode = ints[at + NODE_MODE];
    this.keepOld(ints, node, at);
    if (ints[at + NODE_LIST] !== 0) this.waitForList(ints, node, at);
    else this.addEdge(ints[at + NODE_GATE]);
    ints[at + NODE_GATE] = this.call;
    // An ordered Δ moved the interval already.
    if ((mode & MODE_WRITE) !== 0) this.setAnyValue(ints, node);
    ints[at + NODE_MODE] = MODE_WRITE;
  }

  /** A call that has a whole field for itself waits for all that touched it since the last such call, and they for that one. */
  private linkField(field: number, writes: boolean): void {
    const { ints } = this.nodes;
    for (let next = this.fieldNodes[field]; next !== 0; ) {
      const at = (next - 1) * NODE_STRIDE;
      if (ints[at + NODE_LIST] !== 0) this.waitForList(ints, next - 1, at);
      else this.addEdge(ints[at + NODE_GATE]);
      next = ints[at + NODE_NEXT];
    }
    this.addEdge(this.fieldGate[field]);
    if (this.fieldEpoch[field] === 0 && this.fieldNodes[field] === 0) this.usedFields.push(field);
    this.fieldNodes[field] = 0;
    this.fieldEpoch[field]++;
    this.fieldGate[field] = this.call;
    if (writes) this.fieldWritten[field] = 1;
  }

  /** Keeps the value at block start for the journal when the cell may be changed for the first time. */
  private keepOld(ints: Int32Array, node: number, at: number): void {
    const flags = ints[at + NODE_FLAGS];
    ints[at + NODE_FLAGS] = flags | FLAG_WRITTEN;
    if ((flags & (FLAG_OLD | FLAG_LATE)) !== 0) return;
    if ((flags & FLAG_WRITTEN) === 0) {
      this.nodes.saveOld(node, this.columns[ints[at + NODE_COLUMN]], ints[at + NODE_SLOT]);
      return;
    }
    // An unresolved call before may be writing it this moment, so its value is recorded right before this call runs.
    ints[at + NODE_FLAGS] |= FLAG_LATE;
    this.graph.addChore(this.calls, this.call, node, CHORE_RECORD);
  }

  private waitForList(ints: Int32Array, node: number, at: number): void {
    for (let link = ints[at + NODE_LIST]; link !== 0; link = this.links[link * 2 + 1]) this.addEdge(this.links[link * 2]);
    ints[at + NODE_LIST] = 0;
    if ((ints[at + NODE_FLAGS] & FLAG_PARTIALS) !== 0) this.graph.addChore(this.calls, this.call, node, CHORE_FOLD);
    ints[at + NODE_FLAGS] &= ~(FLAG_DELTAS | FLAG_PARTIALS);
  }

  private addLink(ints: Int32Array, at: number): void {
    const link = ++this.linkCount;
    if (link > this.linkCapacity) throw new CapacityError("accesses of a block", this.linkCapacity);
    this.links[link * 2] = this.call;
    this.links[link * 2 + 1] = ints[at + NODE_LIST];
    ints[at + NODE_LIST] = link;
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

  /** Writes the access words: slot or node, checked or cleared. */
  private place(list: AccessList): void {
    const { ints } = this.nodes;
    const { words } = this;
    for (let i = 0; i < list.count; i++) {
      const node = list.node[i];
      if (node >= 0) {
        const mode = ints[node * NODE_STRIDE + NODE_MODE];
        if (mode === MODE_DELTA) words[list.word[i]] = (list.slot[i] << ACCESS_SHIFT) | ACCESS_CLEARED;
        else if (mode === (MODE_DELTA | MODE_READ_ELSE)) words[list.word[i]] = (node << ACCESS_SHIFT) | ACCESS_CLEARED | ACCESS_PARTIAL;
        else {
          words[list.word[i]] = list.slot[i] << ACCESS_SHIFT;
          if (list.mode[i] === MODE_DELTA) this.counts.uncleared++;
        }
      } else if (node === NODE_EXCLUSIVE) {
        words[list.word[i]] = list.slot[i] < 0 ? -1 : list.slot[i] << ACCESS_SHIFT;
        if (list.mode[i] === MODE_DELTA) this.counts.uncleared++;
      }
    }
  }

  private finish(call: number, cost: number): void {
    const at = call * CALL_STRIDE;
    const { calls, counts } = this;
    const depth = this.depth + 1;
    calls[at + CALL_DEPTH] = depth;
    const costDepth = this.costBefore + cost;
    this.costDepth[call] = costDepth;
    if (depth > counts.criticalPath) counts.criticalPath = depth;
    if (costDepth > counts.criticalCost) counts.criticalCost = costDepth;
    if (this.edges > 0) {
      counts.edges += this.edges;
      counts.waiting++;
    }
    calls[at + CALL_UNRESOLVED] = this.exclusive.length > 0 ? 1 : 0;
    if (this.solo) return;
    // Predecessors that ended in the meantime have counted down already; without edges nobody else knows of the call yet.
    if (this.added === 0) calls[at + CALL_PENDING] = 1;
    else Atomics.add(calls, at + CALL_PENDING, this.added + 1);
  }

  /** How the access ended up, once its call is ordered: MODE_READ, MODE_WRITE, MODE_DELTA, or 0 when it isn't needed. Not for hot paths. */
  modeOf(list: AccessList, access: number): number {
    const node = list.node[access];
    if (node === NODE_NONE) return 0;
    if (node === NODE_EXCLUSIVE) return list.mode[access] === MODE_READ_ELSE ? MODE_READ : list.mode[access] === MODE_DELTA ? MODE_WRITE : list.mode[access];
    const mode = this.nodes.ints[node * NODE_STRIDE + NODE_MODE];
    return (mode & MODE_DELTA) !== 0 ? MODE_DELTA : mode;
  }

  private growDistinct(): void {
    const bigger = new Int32Array(this.distinct.length * 2);
    bigger.set(this.distinct);
    this.distinct = bigger;
  }
}
