/**
 * What plan functions run on: it makes a call's record, interns keys, and notes each access. One object per thread, in one of three roles:
 * PLAN notes accesses for the ordering pass, SERIAL gives every access its cell at once, RESOLVE runs a plan again right before its call and
 * fills in only the slots that were missing. It never writes a cell but the next number of a sequence.
 */
import type { CellLog } from "../commit/cell-log.ts";
import { InternalError } from "../execute/internal-error.ts";
import { ACCESS_PARTIAL, ACCESS_SHIFT, HEADER_BYTES, HEADER_VALUE } from "../execute/memory.ts";
import type { Amount, LeafIndex, Maybe, Planner, Slot, WordIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import type { Nodes } from "../schedule/nodes.ts";
import { FLAG_WRITTEN, NODE_FLAGS, NODE_STRIDE } from "../schedule/nodes.ts";
import type { Order } from "../schedule/order.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import { read32, readBig } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import { wordToDouble } from "../values/big.ts";
import { AccessList, AMOUNTS, MODE_DELTA, MODE_READ, MODE_READ_ELSE, MODE_WRITE } from "./access-list.ts";
import type { FieldBases, PlannerCaches } from "./plan-record.ts";
import { OUT_OF_GAS, PlanRecord, ROLE_PLAN, ROLE_RESOLVE, ROLE_SERIAL } from "./plan-record.ts";

/** What the planning thread has; other threads only resolve. */
export interface PlanningParts {
  readonly fields: FieldBases;
  readonly caches: PlannerCaches;
  readonly nodes: Nodes;
  readonly order: Order;
}

export class CallPlanner extends PlanRecord implements Planner {
  readonly list = new AccessList();
  /** Set: serial plans note their accesses too. */
  tracing = false;
  private readonly nodes: Nodes | undefined;
  private readonly order: Order | undefined;
  private readonly log: CellLog;
  /** By leaf of the running code: offset of its field if that is staged, else -1. */
  private stagedFields: Int32Array = new Int32Array(1);
  private readonly stagedByCode: Int32Array[] = [];

  /** `log` takes the old values found when slots are resolved. */
  constructor(state: StateMemory, log: CellLog, parts: PlanningParts | undefined) {
    super(state, parts?.fields, parts?.caches);
    this.nodes = parts?.nodes;
    this.order = parts?.order;
    this.log = log;
  }

  /** Runs the call's plan; false when its cost bound is above its gas limit, and then nothing of the plan counts. */
  plan(call: number, role: number): boolean {
    const entry = this.enter(call, role);
    const start = this.next;
    this.list.clear();
    try {
      entry.plan(this);
    } catch (thrown) {
      if (thrown !== OUT_OF_GAS) throw thrown;
      this.next = start;
      this.list.clear();
      return false;
    }
    this.leave();
    // Those will be asked for when the call runs.
    this.asked += this.list.unresolved;
    return true;
  }

  /** Fills in the slots that were missing; the call's predecessors have all ended. */
  resolve(call: number): void {
    this.enter(call, ROLE_RESOLVE).plan(this);
  }

  protected override enterCode(code: Code): void {
    this.stagedFields = this.stagedByCode[code.index] ?? this.findStaged(code);
  }

  private findStaged(code: Code): Int32Array {
    const staged = new Int32Array(code.columns.length).fill(-1);
    for (let leaf = 1; leaf < staged.length; leaf++) {
      const field = code.fieldOfLeaf[leaf];
      if (code.module.fields[field].staged && code.tableOfField[field] > 0) staged[leaf] = code.tableOfField[field];
    }
    this.stagedByCode[code.index] = staged;
    return staged;
  }

  /** Number of the leaf's field, -1 when it is never accessed without a slot. */
  private fieldOf(leaf: LeafIndex): number {
    if (leaf === 0) return 0;
    const staged = this.stagedFields[leaf];
    return staged < 0 ? -1 : this.fieldBase + staged;
  }

  // --- accesses ---

  read(word: WordIndex, leaf: LeafIndex, slot: Slot): void {
    if (this.role === ROLE_PLAN) this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_READ);
    else this.settle(word, leaf, slot, MODE_READ);
  }

  write(word: WordIndex, leaf: LeafIndex, slot: Slot): void {
    if (this.role === ROLE_PLAN) this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_WRITE);
    else this.settle(word, leaf, slot, MODE_WRITE);
  }

  delta(word: WordIndex, leaf: LeafIndex, slot: Slot, down: Amount, up: Amount, floor: Amount, ceiling: Amount): void {
    if (this.role !== ROLE_PLAN) {
      this.settle(word, leaf, slot, MODE_DELTA);
      return;
    }
    const { list } = this;
    const at = list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_DELTA) * AMOUNTS;
    const { amounts } = list;
    amounts[at] = down;
    amounts[at + 1] = up;
    amounts[at + 2] = floor;
    amounts[at + 3] = ceiling;
    list.deltas++;
  }

  readElse(word: WordIndex, leaf: LeafIndex, slot: Slot, of: WordIndex): void {
    if (this.role !== ROLE_PLAN) {
      this.settle(word, leaf, slot, MODE_READ);
      return;
    }
    const at = this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_READ_ELSE);
    this.list.of[at] = of;
    this.list.conditional++;
  }

  receive(word: WordIndex): void {
    const at = this.call * HEADER_BYTES + HEADER_VALUE;
    const amount = wordToDouble(this.input.view, at, true);
    if (amount !== 0) this.delta(word, 0, this.self, 0, amount, 0, this.nodes?.highest[0] ?? 0);
  }

  /** Outside of the ordering pass: the access has its cell, in serial runs at once, else if it was left open. */
  private settle(word: WordIndex, leaf: LeafIndex, slot: Slot, mode: number): void {
    const { words } = this;
    const changes = mode !== MODE_READ;
    if (this.role === ROLE_SERIAL) {
      if (this.tracing && slot > 0) this.list.add(word, this.columns[leaf].id, slot, -1, mode);
      words[word] = slot > 0 ? slot << ACCESS_SHIFT : 0;
      if (changes && slot > 0) this.keepOld(this.columns[leaf], slot);
      return;
    }
    const was = words[word];
    if (was === UNRESOLVED) words[word] = slot > 0 ? slot << ACCESS_SHIFT : 0;
    // The value before this call, also of cells that had a slot: the call may have their whole field for itself.
    if (changes && slot > 0 && was !== 0 && (was === UNRESOLVED || (was & ACCESS_PARTIAL) === 0))
      this.log.add(this.call, this.columns[leaf], slot);
  }

  /** Serial runs keep the value at block start of each cell that may change, once. */
  private keepOld(column: Column, slot: Slot): void {
    const { nodes } = this;
    if (nodes === undefined) throw new InternalError("a serial plan on a thread that doesn't plan");
    if (nodes.marks[column.id][slot] >= nodes.base) return;
    const node = nodes.create(column.id, slot);
    nodes.saveOld(node, column, slot);
    nodes.ints[node * NODE_STRIDE + NODE_FLAGS] |= FLAG_WRITTEN;
  }

  // --- staged reads and intervals ---

  /** Whether a cell's value is known now: no earlier call of the block may change it (rule S1). */
  private isSettled(leaf: LeafIndex, slot: Slot): boolean {
    if (slot <= 0) return false;
    return this.role !== ROLE_PLAN || this.order === undefined || !this.order.mayChange(this.columns[leaf].id, slot, this.fieldOf(leaf));
  }

  stageBool(leaf: LeafIndex, slot: Slot): Maybe<boolean> {
    return this.isSettled(leaf, slot) ? this.columns[leaf].u32[slot] !== 0 : undefined;
  }

  stage32(leaf: LeafIndex, slot: Slot): Maybe<number> {
    return this.isSettled(leaf, slot) ? read32(this.columns[leaf], slot) : undefined;
  }

  stageBig(leaf: LeafIndex, slot: Slot): Maybe<bigint> {
    return this.isSettled(leaf, slot) ? readBig(this.columns[leaf], slot) : undefined;
  }

  stageBytes(leaf: LeafIndex, slot: Slot): Maybe<Uint8Array> {
    return this.isSettled(leaf, slot) ? this.state.arena.load(this.columns[leaf], slot) : undefined;
  }

  // The call's own writes don't count: a plan asks for what a cell held before them.

  highOf(leaf: LeafIndex, slot: Slot): Amount {
    const column = this.columns[leaf];
    if (this.role !== ROLE_PLAN || this.order === undefined || this.nodes === undefined) return 0;
    if (slot <= 0) return this.nodes.highest[column.id];
    return this.order.highOf(column.id, slot, this.fieldOf(leaf));
  }

  lowOf(leaf: LeafIndex, slot: Slot): Amount {
    const column = this.columns[leaf];
    if (this.role !== ROLE_PLAN || this.order === undefined || this.nodes === undefined) return 0;
    if (slot <= 0) return this.nodes.lowest[column.id];
    return this.order.lowOf(column.id, slot, this.fieldOf(leaf));
  }

  // --- tickets ---

  ticket32(word: WordIndex, leaf: LeafIndex): Maybe<number> {
    if (this.role !== ROLE_RESOLVE) this.draw(word, leaf);
    return this.words[word + 2] !== 0 ? undefined : this.words[word] >>> 0;
  }

  ticket64(word: WordIndex, leaf: LeafIndex): Maybe<bigint> {
    if (this.role !== ROLE_RESOLVE) this.draw(word, leaf);
    if (this.words[word + 2] !== 0) return undefined;
    return BigInt((this.words[word + 1] >>> 0) * 1) * 0x1_0000_0000n + BigInt(this.words[word] >>> 0);
  }

  /** Takes the sequence's next number (rule T1); a sequence that is used up stays so. */
  private draw(word: WordIndex, leaf: LeafIndex): void {
    const column = this.columns[leaf];
    const slot = this.instance;
    this.keepOld(column, slot);
    const { u32 } = column;
    const at = slot << column.shift;
    const low = u32[at];
    const high = u32[at + 1];
    const wide = column.lanes === 2;
    const exhausted = wide ? u32[at + 2] !== 0 : high !== 0;
    this.words[word] = low | 0;
    this.words[word + 1] = high | 0;
    this.words[word + 2] = exhausted ? 1 : 0;
    if (exhausted) return;
    u32[at] = low + 1;
    if (low !== 0xffff_ffff) return;
    u32[at + 1] = high + 1;
    if (wide && high === 0xffff_ffff) u32[at + 2] = 1;
  }
}
