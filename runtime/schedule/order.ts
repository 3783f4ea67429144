/**
 * The ordering pass: takes the accesses of the calls in block order, joins them by cell (rule P2), keeps the escrow interval of each cell (rules E1 to
 * E5), decides the place of every access, and has `links.ts` give each call the edges to the earlier calls it must wait for.
 * Runs on the planning thread only and reads no cell but at its first touch. Every edge points to an earlier call, so nothing can wait in a circle.
 */
import { FOUND_CELLS } from "../execute/limits.ts";
import { ACCESS_SHIFT, CALL_STRIDE } from "../execute/memory.ts";
import type { AccessList } from "../plan/access-list.ts";
import { AMOUNTS, MODE_DELTA, MODE_READ, MODE_READ_ELSE, MODE_WRITE, MODES_COMMUTE } from "../plan/access-list.ts";
import { cellDown, cellUp } from "../plan/amount.ts";
import type { Column } from "../state/column.ts";
import { InternalError } from "../execute/internal-error.ts";
import { CALL_DEPTH, CALL_UNRESOLVED } from "./call-words.ts";
import { FieldStates } from "./fields.ts";
import type { Graph } from "./graph.ts";
import { clears, clearsAndSettles, settle, spend, unsettle } from "./intervals.ts";
import { Links, MODE_PARTIAL, MODE_UNCLEARED, WAITED_READERS } from "./links.ts";
import type { Nodes } from "./nodes.ts";
import {
  FLAG_PARTIALS,
  FLAG_WRITTEN,
  FLAGS_KIND,
  NODE_CALL,
  NODE_DOUBLES,
  NODE_EPOCH,
  NODE_FLAGS,
  NODE_GATE,
  NODE_HIGH,
  NODE_LIST,
  NODE_LOW,
  NODE_MODE,
  NODE_NEXT,
  NODE_PLACE,
  NODE_STRIDE,
} from "./nodes.ts";

/** Stands in `node` of an access whose whole field this call takes. */
const NODE_EXCLUSIVE = -1;
/** A conditional read that isn't needed. */
const NODE_NONE = -2;
/** `NODE_AGAIN - node`: an earlier access of the call has this node too, and its place is the cell. */
const NODE_AGAIN = -3;

/** What a call must pay at least for each cell that it changes under a key of exec: how many it can be bounds the room for their old values. */
const LEAST_WRITE_COST = 4;

function isChange(mode: number): boolean {
  return (mode & (MODE_WRITE | MODE_DELTA | MODES_COMMUTE)) !== 0;
}

export interface OrderCounts {
  edges: number;
  waiting: number;
  criticalPath: number;
  criticalCost: number;
  deltas: number;
  uncleared: number;
  unresolved: number;
}

const NO_COUNTS: OrderCounts = { edges: 0, waiting: 0, criticalPath: 0, criticalCost: 0, deltas: 0, uncleared: 0, unresolved: 0 };

export class Order {
  readonly counts: OrderCounts = { ...NO_COUNTS };
  private readonly nodes: Nodes;
  private readonly columns: readonly Column[];
  private readonly calls: Int32Array;
  private readonly words: Int32Array;
  private readonly links: Links;
  private readonly fields = new FieldStates();
  private call = 0;
  /** Old values that threads may have to record in this segment, at most. */
  private late = 0;
  /** Nodes of the call being ordered, each once. */
  private distinct: Int32Array = new Int32Array(256);
  private distinctCount = 0;
  /** Fields that the call being ordered takes as a whole, and whether it may write them or has them for itself all the same. */
  private readonly exclusive: number[] = [];
  private readonly exclusiveWrites: boolean[] = [];

  constructor(
    nodes: Nodes,
    graph: Graph,
    columns: readonly Column[],
    memory: { readonly calls: Int32Array; readonly words: Int32Array },
    sizes: { readonly calls: number; readonly links: number },
  ) {
    this.nodes = nodes;
    this.columns = columns;
    this.calls = memory.calls;
    this.words = memory.words;
    this.links = new Links(nodes, graph, columns, memory.calls, sizes);
  }

  /** New contracts have fields of their own: there are `count` from now on. */
  setFields(count: number): void {
    this.fields.resize(count);
  }

  /** `solo`: one thread runs each call right after it was ordered. */
  begin(solo: boolean): void {
    this.links.solo = solo;
    this.links.barrier = -1;
    Object.assign(this.counts, NO_COUNTS);
    this.beginSegment();
  }

  /** All calls so far have ended and their partial sums are folded: nothing is left to wait for. */
  beginSegment(): void {
    this.late = 0;
    this.links.beginSegment();
    this.fields.reset();
  }

  /** Whether a call with so many accesses may not fit any more, so that the segment must end before it. */
  crowded(accesses: number): boolean {
    const { nodes } = this;
    return nodes.count + accesses > nodes.capacity || this.late + accesses > nodes.capacity || this.links.crowded(accesses);
  }

  // --- what the planner asks ---

  /** Whether an earlier call of the block may change this cell. `field` is -1 for cells that are never accessed without a slot. */
  mayChange(column: number, slot: number, field: number): boolean {
    if (field >= 0 && this.fields.written[field] !== 0) return true;
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
    if (node < 0) return -1;
    const stale =
      field >= 0 && this.fields.written[field] !== 0 && this.nodes.ints[node * NODE_STRIDE + NODE_EPOCH] !== this.fields.epoch[field];
    return stale ? -1 : node;
  }

  /** Amounts that were left open when the call was planned ahead: the upper ends of cells at this point. */
  fillBounds(list: AccessList): void {
    const { amounts, of, column, slot, field, mode } = list;
    for (let i = list.from; i < list.count; i++) {
      if (mode[i] !== MODE_DELTA) continue;
      for (let at = i * AMOUNTS; at < i * AMOUNTS + 2; at++)
        if (Number.isNaN(amounts[at])) amounts[at] = this.highOf(column[of[i]], slot[of[i]], field[of[i]]);
    }
  }

  // --- the pass ---

  /** Orders one call. Fills its access words, its chores and its count of pending predecessors. */
  order(call: number, list: AccessList, cost: number): void {
    this.call = call;
    this.distinctCount = 0;
    this.counts.deltas += list.deltas + list.commutes;
    this.links.beginCall(call);
    this.forgetExclusive();
    const { uncleared } = this.counts;
    if (list.unresolved === 0 && list.conditional === 0 && !this.fields.shared && this.joinSimple(list)) this.orderSimple(list);
    else this.orderAny(list, cost);
    const late = this.exclusive.length > 0 || list.open > 0;
    if (list.sure && this.counts.uncleared === uncleared && !late) settle(this.nodes, list, list.from, list.count);
    // The executing thread fills in what is missing, and keeps the values of all cells that the call may change.
    if (late) this.late += list.count - list.from;
    this.finish(call, list.open, cost);
  }

  /**
   * The same for a call whose accesses all have cells, each another one, of fields that nobody takes as a whole: most calls of most blocks. `list` needs
   * nothing but its accesses from `from` up to `count`; `sure` as there.
   */
  orderPlain(call: number, list: AccessList, from: number, count: number, sure: boolean, cost: number): void {
    const { nodes, links, words, columns, counts } = this;
    const { ints, marks, base } = nodes;
    const { column, slot, mode, word, node: nodeOf } = list;
    this.call = call;
    this.forgetExclusive();
    links.beginCall(call);
    let uncleared = 0;
    // The Δs below are settled already.
    let settled = sure ? from : -1;
    for (let i = from; i < count; i++) {
      const id = column[i];
      const place = slot[i];
      const known = marks[id][place] - base;
      const node = known < 0 ? nodes.create(id, place) : known;
      nodeOf[i] = node;
      ints[node * NODE_STRIDE + NODE_MODE] = mode[i];
      if (mode[i] === MODE_READ) words[word[i]] = links.read(node);
      else if (mode[i] !== MODE_DELTA) {
        if (mode[i] !== MODE_WRITE) counts.deltas++;
        words[word[i]] = links.byMode(node);
      } else {
        counts.deltas++;
        const isSettled = settled === i && clearsAndSettles(nodes, columns, list, i, node);
        if (isSettled || clears(nodes, columns, list, i, node)) words[word[i]] = links.delta(node);
        else {
          ints[node * NODE_STRIDE + NODE_MODE] = MODE_DELTA | MODE_UNCLEARED;
          uncleared++;
          words[word[i]] = links.write(node);
        }
        if (!isSettled) continue;
      }
      if (settled === i) settled++;
    }
    if (uncleared > 0) unsettle(nodes, list, from, settled);
    counts.uncleared += uncleared;
    if (sure && uncleared === 0) settle(nodes, list, settled, count);
    this.finish(call, 0, cost);
  }

  /** Setting a length costs more than the rest of a simple call, so only when it must be. */
  private forgetExclusive(): void {
    if (this.exclusive.length === 0) return;
    this.exclusive.length = 0;
    this.exclusiveWrites.length = 0;
  }

  /** Finds the nodes of a call whose accesses all have slots; false, and as if it hadn't run, when one that commutes meets another in one node. */
  private joinSimple(list: AccessList): boolean {
    const { ints } = this.nodes;
    const { call } = this;
    const { from, count, column, slot, field, mode } = list;
    const nodeOf = list.node;
    for (let i = from; i < count; i++) {
      const node = this.find(ints, column[i], slot[i], field[i]);
      const at = node * NODE_STRIDE;
      if (ints[at + NODE_CALL] !== call) {
        ints[at + NODE_CALL] = call;
        ints[at + NODE_MODE] = mode[i];
        nodeOf[i] = node;
      } else if (((ints[at + NODE_MODE] | mode[i]) & (MODE_DELTA | MODES_COMMUTE)) === 0) {
        ints[at + NODE_MODE] |= mode[i];
        nodeOf[i] = NODE_AGAIN - node;
      } else {
        for (let j = from; j < i; j++) if (nodeOf[j] >= 0) ints[nodeOf[j] * NODE_STRIDE + NODE_CALL] = -1;
        return false;
      }
    }
    return true;
  }

  /** The common case, most calls of most blocks: each Δ has a node of its own, so one pass clears, links and places everything. */
  private orderSimple(list: AccessList): void {
    const { ints } = this.nodes;
    const { words, links } = this;
    const { from, count, slot, word } = list;
    for (let i = from; i < count; i++) {
      const node = list.node[i];
      if (node < 0) {
        words[word[i]] = slot[i] << ACCESS_SHIFT;
        continue;
      }
      const mode = ints[node * NODE_STRIDE + NODE_MODE];
      if (mode === MODE_READ) words[word[i]] = links.read(node);
      else if (mode !== MODE_DELTA) words[word[i]] = links.byMode(node);
      else if (clears(this.nodes, this.columns, list, i, node)) words[word[i]] = links.delta(node);
      else {
        ints[node * NODE_STRIDE + NODE_MODE] = MODE_DELTA | MODE_UNCLEARED;
        this.counts.uncleared++;
        words[word[i]] = links.write(node);
      }
    }
  }

  /** A call that runs alone: it waits for all earlier ones, and all later ones for it. */
  alone(call: number, cost: number): void {
    const { calls, counts, links } = this;
    if (counts.criticalPath > 0) {
      counts.edges++;
      counts.waiting++;
    }
    calls[call * CALL_STRIDE + CALL_DEPTH] = ++counts.criticalPath;
    counts.criticalCost += cost;
    links.costDepth[call] = counts.criticalCost;
    links.barrier = call;
  }

  private orderAny(list: AccessList, cost: number): void {
    if (list.unresolved > 0 || this.fields.shared) this.findExclusive(list, cost);
    this.join(list);
    if (list.deltas > 0) this.clear(list);
    if (list.conditional > 0) this.addConditional(list);
    if (this.fields.shared) this.waitForReaders(list);
    for (let i = 0; i < this.distinctCount; i++) {
      const node = this.distinct[i];
      this.nodes.ints[node * NODE_STRIDE + NODE_PLACE] = this.links.byMode(node);
    }
    for (let i = 0; i < this.exclusive.length; i++) {
      const shares = this.links.field(this.fields, this.exclusive[i], this.exclusiveWrites[i]);
      this.exclusiveWrites[i] = !shares;
    }
    this.place(list);
  }

  /** Fields of accesses without a slot: the call takes them as a whole (rules S1, E3). So it does with fields that it changes behind many readers. */
  private findExclusive(list: AccessList, cost: number): void {
    this.counts.unresolved += list.unresolved;
    if (list.unresolved > 0) this.late += Math.min(Math.floor(cost / LEAST_WRITE_COST), 2 * FOUND_CELLS);
    for (let i = list.from; i < list.count; i++) {
      const field = list.field[i];
      if (list.slot[i] >= 0 && !(isChange(list.mode[i]) && field >= 0 && this.fields.readerCount[field] > WAITED_READERS)) continue;
      if (field < 0 || field >= this.fields.count) throw new InternalError("an access without a slot to a field that isn't staged");
      if (this.exclusive.includes(field)) continue;
      this.exclusive.push(field);
      this.exclusiveWrites.push(false);
    }
    for (let i = list.from; i < list.count; i++) {
      const at = this.exclusive.indexOf(list.field[i]);
      if (at >= 0 && isChange(list.mode[i])) this.exclusiveWrites[at] = true;
    }
  }

  /** Calls that read a whole field are waited for by those that change one of its cells. */
  private waitForReaders(list: AccessList): void {
    const { ints } = this.nodes;
    for (let i = list.from; i < list.count; i++) {
      const node = list.node[i];
      const field = list.field[i];
      if (node < 0 || field < 0 || ints[node * NODE_STRIDE + NODE_MODE] === MODE_READ) continue;
      this.links.waitForReaders(this.fields, field);
    }
  }

  private isExclusive(field: number): boolean {
    return this.exclusive.length > 0 && field >= 0 && this.exclusive.includes(field);
  }

  /** Finds the node of each access and joins the modes of accesses to one cell. */
  private join(list: AccessList): void {
    const { ints } = this.nodes;
    for (let i = list.from; i < list.count; i++) {
      if (list.mode[i] === MODE_READ_ELSE) list.node[i] = NODE_NONE;
      else if (this.isExclusive(list.field[i])) list.node[i] = NODE_EXCLUSIVE;
      else list.node[i] = this.touch(ints, list.column[i], list.slot[i], list.field[i], list.mode[i]);
    }
  }

  private touch(ints: Int32Array, column: number, slot: number, field: number, mode: number): number {
    const node = this.find(ints, column, slot, field);
    const at = node * NODE_STRIDE;
    if (ints[at + NODE_CALL] === this.call) {
      ints[at + NODE_MODE] |= mode;
      return node;
    }
    ints[at + NODE_CALL] = this.call;
    ints[at + NODE_MODE] = mode;
    if (this.distinctCount === this.distinct.length) {
      const bigger = new Int32Array(this.distinct.length * 2);
      bigger.set(this.distinct);
      this.distinct = bigger;
    }
    this.distinct[this.distinctCount++] = node;
    return node;
  }

  /** The cell's node, made and brought up to date with its field as needed. */
  private find(ints: Int32Array, column: number, slot: number, field: number): number {
    const nodes = this.nodes;
    let node = nodes.marks[column][slot] - nodes.base;
    if (node < 0) {
      node = nodes.create(column, slot);
      if (field >= 0) this.adopt(ints, node, field);
    } else if (field >= 0 && ints[node * NODE_STRIDE + NODE_EPOCH] !== this.fields.epoch[field]) {
      this.adopt(ints, node, field);
    }
    return node;
  }

  /** Brings a node to its field's epoch: the last exclusive call is its gate, and may have given it any value. */
  private adopt(ints: Int32Array, node: number, field: number): void {
    const at = node * NODE_STRIDE;
    const epoch = this.fields.epoch[field];
    ints[at + NODE_EPOCH] = epoch;
    ints[at + NODE_NEXT] = this.fields.push(field, node);
    if (epoch === 0) return;
    ints[at + NODE_GATE] = this.fields.gate[field];
    ints[at + NODE_LIST] = 0;
    ints[at + NODE_FLAGS] &= ~(FLAGS_KIND | FLAG_PARTIALS);
    if (this.fields.written[field] !== 0) this.nodes.setAnyValue(node);
  }

  /** Decides for each Δ whether it is cleared; one that isn't takes all of its node in this call with it. */
  private clear(list: AccessList): void {
    const { ints } = this.nodes;
    let { credit } = list;
    for (let i = list.from; i < list.count; i++) {
      if (list.mode[i] !== MODE_DELTA) continue;
      const node = list.node[i];
      if (node < 0) continue;
      if (credit > 0 && i > list.from && node === list.node[list.from]) credit = spend(list, i, credit);
      const at = node * NODE_STRIDE;
      if ((ints[at + NODE_MODE] & MODE_WRITE) === 0 && !clears(this.nodes, this.columns, list, i, node))
        ints[at + NODE_MODE] |= MODE_UNCLEARED;
    }
    // What was spent of the coin is no credit for later calls.
    if (credit < list.credit) list.amounts[list.from * AMOUNTS + 1] = credit;
  }

  /** Reads in the errors of Δs happen only if those aren't cleared (rule E5); each such read may keep another Δ from being cleared. */
  private addConditional(list: AccessList): void {
    const { ints } = this.nodes;
    for (let changed = true; changed;) {
      changed = false;
      for (let i = list.from; i < list.count; i++) {
        if (list.mode[i] !== MODE_READ_ELSE || list.node[i] !== NODE_NONE) continue;
        if (this.clearedAt(list, list.of[i])) continue;
        list.node[i] = this.isExclusive(list.field[i])
          ? NODE_EXCLUSIVE
          : this.touch(ints, list.column[i], list.slot[i], list.field[i], MODE_READ);
        changed = true;
      }
    }
  }

  private clearedAt(list: AccessList, word: number): boolean {
    for (let i = list.from; i < list.count; i++) {
      if (list.word[i] !== word || list.mode[i] !== MODE_DELTA) continue;
      const node = list.node[i];
      return node >= 0 && this.nodes.ints[node * NODE_STRIDE + NODE_MODE] === MODE_DELTA;
    }
    return false;
  }

  /** Writes the access words: the same place for all accesses of the call to one cell. */
  private place(list: AccessList): void {
    const { ints } = this.nodes;
    const { words } = this;
    for (let i = list.from; i < list.count; i++) {
      const node = list.node[i];
      if (node === NODE_NONE) continue;
      words[list.word[i]] = node >= 0 ? ints[node * NODE_STRIDE + NODE_PLACE] : list.slot[i] < 0 ? -1 : list.slot[i] << ACCESS_SHIFT;
      if ((list.mode[i] & (MODE_DELTA | MODES_COMMUTE)) !== 0 && (node < 0 || ints[node * NODE_STRIDE + NODE_MODE] === MODE_WRITE))
        this.counts.uncleared++;
    }
  }

  /** `open`: words without an access that the executing thread fills. */
  private finish(call: number, open: number, cost: number): void {
    const at = call * CALL_STRIDE;
    const { calls, counts, links } = this;
    const depth = links.depth + 1;
    const costDepth = links.costBefore + cost;
    calls[at + CALL_DEPTH] = depth;
    calls[at + CALL_UNRESOLVED] = this.exclusive.length + open;
    links.costDepth[call] = costDepth;
    if (depth > counts.criticalPath) counts.criticalPath = depth;
    if (costDepth > counts.criticalCost) counts.criticalCost = costDepth;
    if (links.edges > 0) {
      counts.edges += links.edges;
      counts.waiting++;
    }
    links.finishCall();
  }

  /** Whether the call ordered last has the whole field of this access for itself. Not for hot paths. */
  hasWhole(list: AccessList, access: number): boolean {
    const at = this.exclusive.indexOf(list.field[access]);
    return at >= 0 && this.exclusiveWrites[at];
  }

  /** How the access ended up, once its call is ordered: one of MODE_… but MODE_READ_ELSE, or 0 when it isn't needed. Not for hot paths. */
  modeOf(list: AccessList, access: number): number {
    const joined = list.node[access];
    const node = joined <= NODE_AGAIN ? NODE_AGAIN - joined : joined;
    const own = list.mode[access];
    if (node === NODE_NONE) return 0;
    if (node === NODE_EXCLUSIVE) return own === MODE_READ_ELSE || own === MODE_READ ? MODE_READ : MODE_WRITE;
    return this.nodes.ints[node * NODE_STRIDE + NODE_MODE] & ~MODE_PARTIAL;
  }
}
