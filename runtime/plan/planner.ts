/**
 * What plan functions run on: it makes a call's record, interns keys, and notes each access. One object per thread, in one of the roles of `roles.ts`.
 * It never writes a cell but the next number of a sequence.
 */
import type { CellLog } from "../commit/cell-log.ts";
import { InternalError } from "../execute/internal-error.ts";
import { FOUND_CELLS, ORDERED_WORDS } from "../execute/limits.ts";
import { Located } from "../execute/located.ts";
import {
  ACCESS_CLEARED,
  ACCESS_PARTIAL,
  CALL_CODE,
  CALL_FUNCTION,
  cellWord,
  HEADER_BYTES,
  HEADER_VALUE,
  pastWord,
  TICKET_DRAWN,
  TICKET_EXHAUSTED,
  TICKET_NONE,
} from "../execute/memory.ts";
import type { Amount, CommuteOp, FunctionEntry, LeafIndex, Maybe, Neutral, Planner, Slot, WordIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import type { Nodes } from "../schedule/nodes.ts";
import type { Order } from "../schedule/order.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import { read32, readBig } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import { MAX_U256, toDoubleDown, toDoubleUp, wordToDouble } from "../values/big.ts";
import { AccessList, AMOUNTS, MODE_DELTA, MODE_READ, MODE_READ_ELSE, MODE_WRITE, modeOfCommute } from "./access-list.ts";
import type { PlannerCaches } from "./caches.ts";
import type { Forecast } from "./forecast.ts";
import { NUMBER, PlanCalls } from "./plan-calls.ts";
import {
  ALONE,
  FULL,
  LATER,
  OVERSIZE,
  PLAN_ALONE,
  PLAN_LATER,
  PLAN_MADE,
  PLAN_OUT_OF_GAS,
  ROLE_LATE,
  ROLE_PLAN,
  ROLE_RESOLVE,
  ROLE_SERIAL,
} from "./roles.ts";
import { Sequences } from "./sequences.ts";
import type { Slice } from "./slice.ts";
import { DRAW_WORDS, LINE_STRIDE, SLICE_DRAWS } from "./slice.ts";

/** What a call must pay at least for each cell that exec finds by a key of its own. */
const LEAST_ACCESS_COST = 4;
const COIN_CEILING = toDoubleDown(MAX_U256);
const TWO_32 = 4294967296;

/**
 * What a planner is for: `ordered` plans calls when their turn has come, `ahead` before that, `late` only what is left for when calls run. The ordered
 * one is the main thread's.
 */
export type PlannerUse =
  | { readonly kind: "ordered"; readonly caches: PlannerCaches; readonly nodes: Nodes; readonly order: Order }
  | { readonly kind: "ahead"; readonly caches: PlannerCaches; readonly forecast: Forecast }
  | { readonly kind: "late" };

export class CallPlanner extends PlanCalls implements Planner {
  list: AccessList;
  /** Set: serial plans note their accesses too. */
  tracing = false;
  private readonly nodes: Nodes | undefined;
  private readonly order: Order | undefined;
  private readonly forecast: Forecast | undefined;
  private readonly log: CellLog;
  /** By leaf of the running code: offset of its field if that is staged, else -1. */
  private stagedFields: Int32Array = new Int32Array(1);
  private readonly stagedByCode: Int32Array[] = [];
  private readonly sequences: Sequences;
  /** Cells that late plans of the running call may change. */
  private readonly located = new Located();
  private keptCount = 0;
  /** The slice being planned ahead. */
  private slice: Slice | undefined = undefined;
  /** The access of whose cell the upper end is the amount of the next Δ; -1 none. */
  private boundAt = -1;

  /** By code and function: whether its plan has asked for the order of earlier calls, so that it needn't be tried ahead again. */
  private readonly ordered: Uint8Array[] = [];

  /** `log` takes the old values found when slots are resolved. */
  constructor(state: StateMemory, log: CellLog, use: PlannerUse) {
    super(state, use.kind === "late" ? undefined : use.caches, use.kind === "ahead");
    this.nodes = use.kind === "ordered" ? use.nodes : undefined;
    this.order = use.kind === "ordered" ? use.order : undefined;
    this.forecast = use.kind === "ahead" ? use.forecast : undefined;
    this.log = log;
    this.list = new AccessList(undefined);
    this.sequences = new Sequences(state.columns);
  }

  /** Runs the call's plan; one of PLAN_…, and unless it was made nothing of the plan counts. */
  plan(call: number, role: number): number {
    const entry = this.enter(call, role);
    const { list } = this;
    list.clear();
    this.beginCalls();
    this.sequences.begin();
    if (!this.affords(entry.bound(this))) return PLAN_OUT_OF_GAS;
    this.weight = this.costBound;
    const start = this.next;
    try {
      entry.plan(this);
    } catch (thrown) {
      if (thrown !== ALONE && thrown !== OVERSIZE) throw thrown;
      this.takeBack(start);
      return thrown === ALONE ? PLAN_ALONE : PLAN_OUT_OF_GAS;
    }
    if (role === ROLE_PLAN && list.count > ORDERED_WORDS) {
      this.takeBack(start);
      return PLAN_ALONE;
    }
    return this.made(list);
  }

  private made(list: AccessList): number {
    this.leave();
    // Those will be asked for when the call runs, and maybe many more by keys of its own, or addresses that it finds.
    const late = list.unresolved + list.open;
    if (late > 0 || this.findsAddresses) this.expect(late + Math.floor(this.weight / LEAST_ACCESS_COST));
    return PLAN_MADE;
  }

  /** Calls of this slice, whose first is `first`, come next. */
  openSlice(slice: Slice, first: number): void {
    this.slice = slice;
    slice.drawn = 0;
    this.list = slice.list;
    this.list.clear();
    this.useKept(slice.kept, first);
    this.asked = 0;
  }

  /**
   * Plans a call of the slice ahead: one of PLAN_…, and unless it was made nothing of the plan counts. PLAN_LATER: its plan depends on what earlier calls do,
   * or there is no room.
   */
  planAhead(call: number, slice: Slice, index: number): number {
    const { list } = this;
    list.begin();
    this.expected = 0;
    const entry = this.enterLine(call, slice.lines, index * LINE_STRIDE, ROLE_PLAN);
    const { lines } = slice;
    const ordered = (this.ordered[lines[index * LINE_STRIDE + CALL_CODE]] ??= new Uint8Array(this.functionCount()));
    const number = lines[index * LINE_STRIDE + CALL_FUNCTION];
    if (number < 0 || ordered[number] !== 0) return PLAN_LATER;
    this.beginCalls();
    this.boundAt = -1;
    if (!this.affords(entry.bound(this))) return PLAN_OUT_OF_GAS;
    this.weight = this.costBound;
    const start = this.next;
    const { drawn } = slice;
    try {
      entry.plan(this);
      if (this.boundAt >= 0) throw LATER;
      if (list.count - list.from <= ORDERED_WORDS) return this.made(list);
    } catch (thrown) {
      if (thrown === LATER) ordered[number] = 1;
      else if (thrown !== ALONE && thrown !== OVERSIZE && thrown !== FULL) throw thrown;
    }
    this.next = start;
    slice.drawn = drawn;
    list.takeBack();
    return PLAN_LATER;
  }

  /** Fills in the slots that were missing; the call's predecessors have all ended. */
  resolve(call: number): void {
    const entry = this.enter(call, ROLE_RESOLVE);
    this.beginCalls();
    entry.plan(this);
  }

  protected override runPlan(entry: FunctionEntry): void {
    if (this.pending) entry.planOpen(this);
    else entry.plan(this);
  }

  protected override changeCode(code: Code): void {
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

  /** In calls of other contracts: what frames after this one can't know, and what exec must have planned again. */
  private note(leaf: LeafIndex, slot: Slot, mode: number): void {
    if (slot < 0) this.open++;
    if (mode !== MODE_READ && this.role !== ROLE_LATE) this.own.note(this.columns[leaf].id, slot < 0 ? 0 : slot, this.frame);
  }

  read(word: WordIndex, leaf: LeafIndex, slot: Slot): void {
    if (this.frame !== 0) this.note(leaf, slot, MODE_READ);
    if (this.role === ROLE_PLAN) this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_READ);
    else this.settle(word, leaf, slot, MODE_READ);
  }

  write(word: WordIndex, leaf: LeafIndex, slot: Slot): void {
    if (this.frame !== 0) this.note(leaf, slot, MODE_WRITE);
    if (this.role === ROLE_PLAN) this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_WRITE);
    else this.settle(word, leaf, slot, MODE_WRITE);
  }

  delta(word: WordIndex, leaf: LeafIndex, slot: Slot, down: Amount, up: Amount, floor: Amount, ceiling: Amount): void {
    if (this.frame !== 0) this.note(leaf, slot, MODE_DELTA);
    if (this.role !== ROLE_PLAN) {
      this.settle(word, leaf, slot, MODE_DELTA);
      return;
    }
    const { list } = this;
    const access = list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_DELTA);
    const at = access * AMOUNTS;
    const { amounts } = list;
    if (this.boundAt >= 0) {
      list.of[access] = this.boundAt;
      list.bounds++;
      this.boundAt = -1;
    }
    amounts[at] = down;
    amounts[at + 1] = up;
    amounts[at + 2] = floor;
    amounts[at + 3] = ceiling;
    list.deltas++;
  }

  readElse(word: WordIndex, leaf: LeafIndex, slot: Slot, of: WordIndex): void {
    if (this.frame !== 0) this.note(leaf, slot, MODE_READ);
    if (this.role !== ROLE_PLAN) {
      this.settle(word, leaf, slot, MODE_READ);
      return;
    }
    const at = this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), MODE_READ_ELSE);
    this.list.of[at] = of;
    this.list.conditional++;
  }

  commute(word: WordIndex, leaf: LeafIndex, slot: Slot, op: CommuteOp): void {
    const mode = modeOfCommute(op);
    if (this.frame !== 0) this.note(leaf, slot, mode);
    if (this.role !== ROLE_PLAN) {
      this.settle(word, leaf, slot, mode);
      return;
    }
    this.list.add(word, this.columns[leaf].id, slot, this.fieldOf(leaf), mode);
    this.list.commutes++;
  }

  past(word: WordIndex, _leaf: LeafIndex, slot: Slot): void {
    if (slot < 0) this.open++;
    if (this.role >= ROLE_RESOLVE && !this.isOpen(this.words[word])) return;
    this.setWord(word, pastWord(slot));
    if (slot < 0) this.list.open++;
  }

  receive(word: WordIndex): void {
    const at = this.call * HEADER_BYTES + HEADER_VALUE;
    const amount = this.args === undefined ? wordToDouble(this.input.view, at, true) : toDoubleUp(this.attached);
    if (amount === 0) return;
    this.delta(word, 0, this.self, 0, amount, 0, COIN_CEILING);
    if (this.role === ROLE_PLAN && this.frame === 0) this.list.credit = wordToDouble(this.input.view, at, false);
  }

  sure(): void {
    if (this.role === ROLE_PLAN && this.frame === 0) this.list.sure = true;
  }

  /** Outside of the ordering pass: the access has its cell, in serial runs at once, else if it was left open. Exec finds what is open even then. */
  private settle(word: WordIndex, leaf: LeafIndex, slot: Slot, mode: number): void {
    const { words } = this;
    const changes = mode !== MODE_READ;
    if (this.role === ROLE_SERIAL) {
      if (this.tracing && slot !== 0) this.list.add(word, this.columns[leaf].id, slot, slot < 0 ? this.fieldOf(leaf) : -1, mode);
      else if (slot < 0) this.list.open++;
      words[word] = cellWord(slot);
      if (changes && slot > 0) this.keepOld(this.columns[leaf], slot);
      return;
    }
    const was = words[word];
    if (this.role === ROLE_LATE) {
      if (this.isOpen(was)) this.settleLate(word, leaf, slot, mode);
      return;
    }
    if (was === UNRESOLVED) words[word] = cellWord(slot);
    // The value before this call, also of cells that had a slot: the call may have their whole field for itself. What is cleared has a node, which
    // keeps it.
    if (changes && slot > 0 && was !== 0 && (was === UNRESOLVED || (was & (ACCESS_CLEARED | ACCESS_PARTIAL)) === 0))
      this.log.keep(this.call, this.columns[leaf], slot);
  }

  /** Words that a plan run again fills. A serial plan may have passed by what it couldn't compute; where others run, what isn't in the order stays out. */
  private isOpen(word: number): boolean {
    return word === UNRESOLVED || (word === 0 && this.serial && this.role === ROLE_LATE);
  }

  private settleLate(word: WordIndex, leaf: LeafIndex, slot: Slot, mode: number): void {
    this.setWord(word, cellWord(slot));
    if (this.tracing && slot !== 0) this.list.add(word, this.columns[leaf].id, slot, slot < 0 ? this.fieldOf(leaf) : -1, mode);
    if (mode === MODE_READ || slot <= 0) return;
    const column = this.columns[leaf];
    // Exec may come back with the same arguments, or very many: each cell is kept once, and they are counted.
    if (this.located.get(column.id, slot, 0) !== 0) return;
    if (++this.keptCount > FOUND_CELLS) throw OVERSIZE;
    this.located.set(column.id, slot, 0, 1);
    if (this.serial) this.keepOld(column, slot);
    else this.log.keep(this.call, column, slot);
  }

  /** Exec begins with a call; what late plans of an earlier one kept doesn't count. */
  forgetLate(): void {
    if (this.keptCount === 0) return;
    this.keptCount = 0;
    this.located.clear();
  }

  /** Serial runs keep the value at block start of each cell that may change, once. */
  private keepOld(column: Column, slot: Slot): void {
    const { nodes } = this;
    if (nodes === undefined) throw new InternalError("a serial plan by a planner that isn't for that");
    nodes.keep(this.call, column, slot);
  }

  // --- staged reads and intervals ---

  private functionCount(): number {
    return this.code === undefined ? 0 : this.code.module.functions.length;
  }

  /** Nobody changes it once its contract is there. */
  private isImmutable(leaf: LeafIndex): boolean {
    const code = this.code;
    return leaf !== 0 && code !== undefined && code.module.fields[code.fieldOfLeaf[leaf]].kind === "immutable";
  }

  /** Whether a cell's value is known now: no earlier call of the block may change it (rule S1). */
  private isSettled(leaf: LeafIndex, slot: Slot): boolean {
    if (slot <= 0 || this.mayHaveChanged(leaf, slot)) return false;
    if (this.role !== ROLE_PLAN || this.isImmutable(leaf)) return true;
    if (this.order === undefined) throw LATER;
    return !this.order.mayChange(this.columns[leaf].id, slot, this.fieldOf(leaf));
  }

  /** Whether an earlier part of the transaction, in another frame, may have changed the cell by the time this frame runs. */
  private mayHaveChanged(leaf: LeafIndex, slot: Slot): boolean {
    if (this.frame === 0 || this.role === ROLE_LATE) return false;
    return leaf === 0 || this.own.byAnother(this.columns[leaf].id, slot, this.frame);
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

  stagePacked(leaf: LeafIndex, slot: Slot, shape: number): Maybe<Neutral> {
    return this.isSettled(leaf, slot) ? this.unpack(shape, this.state.arena.load(this.columns[leaf], slot)) : undefined;
  }

  pastOf(leaf: LeafIndex, slot: Slot, height: Maybe<bigint>): Maybe<bigint> {
    if (slot <= 0 || height === undefined || height >= this.height) return undefined;
    return this.code?.histories[leaf]?.valueAt(slot, Number(height));
  }

  // The call's own writes don't count: a plan asks for what a cell held before them.

  highOf(leaf: LeafIndex, slot: Slot): Amount {
    const column = this.columns[leaf];
    if (this.role !== ROLE_PLAN) return 0;
    if (this.order === undefined || this.nodes === undefined) return this.boundLater(column, slot);
    if (slot <= 0 || this.mayHaveChanged(leaf, slot)) return this.nodes.highest[column.id];
    return this.order.highOf(column.id, slot, this.fieldOf(leaf));
  }

  /** Ahead of the order nobody knows what the cell can hold by then. It is among those that the call reads: the amount is filled in by way of that access. */
  private boundLater(column: Column, slot: Slot): Amount {
    const { list } = this;
    if (this.frame !== 0 || this.boundAt >= 0) throw LATER;
    for (let i = list.count - 1; i >= list.from; i--) {
      if (list.slot[i] !== slot || list.column[i] !== column.id || slot <= 0) continue;
      this.boundAt = i;
      return NaN;
    }
    throw LATER;
  }

  lowOf(leaf: LeafIndex, slot: Slot): Amount {
    const column = this.columns[leaf];
    if (this.role !== ROLE_PLAN) return 0;
    if (this.order === undefined || this.nodes === undefined) throw LATER;
    if (slot <= 0 || this.mayHaveChanged(leaf, slot)) return this.nodes.lowest[column.id];
    return this.order.lowOf(column.id, slot, this.fieldOf(leaf));
  }

  // --- tickets ---

  ticket32(word: WordIndex, leaf: LeafIndex): Maybe<number> {
    this.ticket(word, leaf);
    return this.words[word + 2] !== 0 ? undefined : this.words[word] >>> 0;
  }

  ticket64(word: WordIndex, leaf: LeafIndex): Maybe<bigint> {
    this.ticket(word, leaf);
    if (this.words[word + 2] !== 0) return undefined;
    return BigInt((this.words[word + 1] >>> 0) * 1) * 0x1_0000_0000n + BigInt(this.words[word] >>> 0);
  }

  private ticket(word: WordIndex, leaf: LeafIndex): void {
    if (this.role === ROLE_RESOLVE) return;
    if (this.frame === 0) {
      if (this.code !== undefined) this.drawInto(word, this.code, leaf, this.instance);
      return;
    }
    const { words, numbers } = this;
    if (numbers === 0) {
      this.setWord(word + 2, TICKET_NONE);
      return;
    }
    for (let i = 0; i < NUMBER; i++) this.setWord(word + i, words[numbers + i]);
    this.numbers = numbers + NUMBER;
  }

  /** Takes the sequence's next number (rule T1); a sequence that is used up stays so. */
  protected override drawInto(word: WordIndex, code: Code, leaf: LeafIndex, instance: Slot): void {
    const column = code.columns[leaf];
    if (this.isAhead) {
      this.drawAhead(word, column, instance);
      return;
    }
    this.keepOld(column, instance);
    const { u32, lanes } = column;
    const at = instance << column.shift;
    const exhausted = u32[at + lanes] !== 0;
    this.words[word] = u32[at] | 0;
    this.words[word + 1] = u32[at + 1] | 0;
    this.words[word + 2] = exhausted ? TICKET_EXHAUSTED : TICKET_DRAWN;
    if (!exhausted) this.sequences.step(column, instance);
  }

  /** The number that is foretold; `confirm` will see whether it was. */
  private drawAhead(word: WordIndex, column: Column, instance: Slot): void {
    const { forecast, slice } = this;
    if (forecast === undefined || slice === undefined) throw LATER;
    const next = forecast.draw(column, instance);
    if (slice.drawn === SLICE_DRAWS || (next < 0 && forecast.isLost)) throw FULL;
    if (next < 0) throw LATER;
    const low = (next % TWO_32) | 0;
    const high = Math.floor(next / TWO_32);
    this.words[word] = low;
    this.words[word + 1] = high;
    this.words[word + 2] = TICKET_DRAWN;
    const at = slice.drawn++ * DRAW_WORDS;
    slice.draws[at] = column.id;
    slice.draws[at + 1] = instance;
    slice.draws[at + 2] = low;
    slice.draws[at + 3] = high;
  }

  /** A call that was planned ahead draws its numbers, from `from` up to `end` of these; false, and as if it hadn't, when others are next. */
  confirm(draws: Int32Array, from: number, end: number): boolean {
    const { sequences } = this;
    const { columns } = this.state;
    sequences.begin();
    for (let at = from * DRAW_WORDS; at < end * DRAW_WORDS; at += DRAW_WORDS) {
      const column = columns[draws[at]];
      const { u32 } = column;
      const cell = draws[at + 1] << column.shift;
      const isNext = (u32[cell] | 0) === draws[at + 2] && (u32[cell + 1] | 0) === draws[at + 3];
      if (!isNext || (column.lanes === 2 && u32[cell + 2] !== 0)) {
        sequences.putBack();
        return false;
      }
      this.keepOld(column, draws[at + 1]);
      sequences.step(column, draws[at + 1]);
    }
    return true;
  }

  /** A plan doesn't count: numbers that it drew are put back, its record is free again. */
  private takeBack(start: WordIndex): void {
    this.next = start;
    this.list.clear();
    this.sequences.putBack();
  }
}
