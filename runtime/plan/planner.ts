/**
 * What plan functions run on: it makes a call's record, interns keys, and notes each access. One object per thread, in one of three roles:
 * PLAN notes accesses for the ordering pass, SERIAL gives every access its cell at once, RESOLVE runs a plan again right before its call and
 * fills in only the slots that were missing. It never writes a cell but the next number of a sequence.
 */
import type { AddressId, Amount, KeyKind, LeafIndex, Maybe, Planner, Slot, TableIndex, WordIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import { KEPT_ADDRESSES, keptPlaces } from "../admit/call-reader.ts";
import { Calldata, readBigAt } from "../abi/calldata.ts";
import { InternalError } from "../execute/internal-error.ts";
import {
  ACCESS_PARTIAL, ACCESS_SHIFT, CALL_BASE, CALL_CALLER, CALL_CODE, CALL_FUNCTION, CALL_INSTANCE, CALL_SELF, CALL_STRIDE, FUNCTION_INIT, HEADER_BYTES,
  HEADER_GAS_LIMIT, HEADER_OFFSET, HEADER_VALUE,
} from "../execute/memory.ts";
import type { Environment } from "../execute/context.ts";
import type { CellLog } from "../commit/cell-log.ts";
import { CapacityError } from "../state/capacity-error.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import { read32, readBig } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import { toDoubleDown, toDoubleUp, wordToDouble } from "../values/big.ts";
import type { Nodes } from "../schedule/nodes.ts";
import { FLAG_WRITTEN, NODE_FLAGS, NODE_STRIDE } from "../schedule/nodes.ts";
import type { Order } from "../schedule/order.ts";
import type { AddressCache, SlotCache } from "./caches.ts";
import { AccessList, AMOUNTS, MODE_DELTA, MODE_READ, MODE_READ_ELSE, MODE_WRITE } from "./access-list.ts";
import * as terms from "./terms.ts";

export const ROLE_PLAN = 0;
export const ROLE_SERIAL = 1;
export const ROLE_RESOLVE = 2;

/** Thrown by `cost` to end a plan whose call can't afford it. */
const OUT_OF_GAS = Object.freeze({ kind: "out of gas" });

/** Words of the longest key: an instance and 31 words. */
const MAX_KEY_WORDS = 256;
const WORD = 32;
const TWO_32 = 4294967296;

export interface PlannerCaches {
  readonly addresses: AddressCache;
  readonly slots: SlotCache;
  /** Ids of address arguments that were found when calls were read; undefined for calls that weren't. */
  readonly kept: Int32Array | undefined;
}

/** Numbers of the fields of a contract: `base + table`; the coin's field is 0. Same on every thread, in order of deployment. */
export interface FieldBases {
  of(code: number, instance: number): number;
}

export class CallPlanner implements Planner {
  caller: AddressId = 0;
  self: AddressId = 0;
  instance: Slot = 0;
  height = 0n;
  time = 0n;
  chainId = 0n;
  /** The call's static cost bound. */
  costBound = 0;
  /** First free record word. */
  next: WordIndex = 1;
  readonly list = new AccessList();
  /** Set: serial plans note their accesses too. */
  tracing = false;
  private role = ROLE_SERIAL;
  private readonly state: StateMemory;
  private readonly nodes: Nodes | undefined;
  private readonly order: Order | undefined;
  private readonly log: CellLog | undefined;
  private readonly caches: PlannerCaches | undefined;
  /** By head of the running function, where the id of an address is kept. */
  private places: Int32Array | undefined = undefined;
  private readonly placesByCode: (readonly Int32Array[])[] = [];
  private knownSlots: readonly (Int32Array | undefined)[] = [];
  private words: Int32Array;
  private wordLimit: number;
  private calls: Int32Array;
  private readonly input = new Calldata(new SharedArrayBuffer(0));
  private code: Code | undefined;
  private columns: readonly Column[] = [];
  /** By leaf of the running code: offset of its field if that is staged, else -1. */
  private stagedFields: Int32Array = new Int32Array(1);
  private readonly stagedByCode: Int32Array[] = [];
  private readonly fieldBases: FieldBases;
  private fieldBase = 0;
  private call = 0;
  private base: WordIndex = 0;
  private gasLimit = 0;
  private readonly key = new Uint32Array(MAX_KEY_WORDS);
  private keyWords = 1;
  private keyKnown = true;

  /** `nodes`, `order` and `caches` are the planning thread's; other threads only resolve. `log` takes the old values found then. */
  constructor(
    state: StateMemory, fieldBases: FieldBases, nodes: Nodes | undefined, order: Order | undefined, log: CellLog | undefined, caches: PlannerCaches | undefined,
  ) {
    this.caches = caches;
    this.state = state;
    this.fieldBases = fieldBases;
    this.nodes = nodes;
    this.order = order;
    this.log = log;
    this.words = new Int32Array(0);
    this.calls = new Int32Array(0);
    this.wordLimit = 0;
  }

  openBlock(words: Int32Array, calls: Int32Array, input: SharedArrayBuffer, environment: Environment): void {
    this.words = words;
    this.wordLimit = words.length;
    this.calls = calls;
    this.input.attach(input);
    this.height = environment.height;
    this.time = environment.time;
    this.chainId = environment.chainId;
  }

  /** Runs the call's plan; false when its cost bound is above its gas limit, and then nothing of the plan counts. */
  plan(call: number, role: number): boolean {
    this.role = role;
    const at = call * CALL_STRIDE;
    const entry = this.enter(call, at);
    const header = (call * HEADER_BYTES) >>> 2;
    const { u32 } = this.input;
    this.gasLimit = u32[header + (HEADER_GAS_LIMIT >> 2) + 1] * TWO_32 + u32[header + (HEADER_GAS_LIMIT >> 2)];
    this.base = 0;
    this.costBound = 0;
    this.list.clear();
    const start = this.next;
    try {
      entry.plan(this);
    } catch (thrown) {
      if (thrown !== OUT_OF_GAS) throw thrown;
      this.next = start;
      this.list.clear();
      return false;
    }
    this.calls[at + CALL_BASE] = this.base;
    return true;
  }

  /** Fills in the slots that were missing; the call's predecessors have all ended. */
  resolve(call: number): void {
    this.role = ROLE_RESOLVE;
    const at = call * CALL_STRIDE;
    const entry = this.enter(call, at);
    this.base = 0;
    entry.plan(this);
  }

  private enter(call: number, at: number): { readonly plan: (p: Planner) => void } {
    const { calls } = this;
    const index = calls[at + CALL_CODE];
    const code = this.state.codes[index];
    const number = calls[at + CALL_FUNCTION];
    this.call = call;
    this.instance = calls[at + CALL_INSTANCE];
    this.self = calls[at + CALL_SELF];
    this.caller = calls[at + CALL_CALLER];
    this.keyWords = 1;
    this.keyKnown = true;
    this.key[0] = this.instance;
    this.fieldBase = this.fieldBases.of(index, this.instance);
    if (this.code !== code) {
      this.code = code;
      this.columns = code.columns;
      this.stagedFields = this.stagedByCode[index] ?? this.findStaged(code);
    }
    if (this.caches !== undefined) {
      this.knownSlots = this.caches.slots.of(this.fieldBase, code);
      this.places = number === FUNCTION_INIT ? undefined : (this.placesByCode[index] ??= keptPlaces(code))[number];
    }
    this.input.open(this.input.u32[(call * HEADER_BYTES + HEADER_OFFSET) >>> 2] + 4);
    return number === FUNCTION_INIT ? code.module.init : code.module.functions[number];
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

  // --- the record ---

  value(): bigint {
    return readBigAt(this.input.view, this.call * HEADER_BYTES + HEADER_VALUE, "u256");
  }

  address(index: number): AddressId {
    return this.code === undefined ? 0 : this.code.addresses[index];
  }

  region(words: number): WordIndex {
    if (this.role === ROLE_RESOLVE) {
      if (this.base !== 0) throw new InternalError("a plan makes a region that it hadn't made before");
      this.base = this.calls[this.call * CALL_STRIDE + CALL_BASE];
      return this.base;
    }
    const start = this.next;
    const end = start + words;
    if (end > this.wordLimit) throw new CapacityError("record words of a block", this.wordLimit);
    const record = this.words;
    for (let i = start; i < end; i++) record[i] = 0;
    this.next = end;
    if (this.base === 0) this.base = start;
    return start;
  }

  setWord(word: WordIndex, value: number): void {
    this.words[word] = value;
  }

  wordAt(word: WordIndex): number {
    return this.words[word];
  }

  cost(bound: number): void {
    if (this.role === ROLE_RESOLVE) return;
    this.costBound = bound;
    if (!(bound <= this.gasLimit)) throw OUT_OF_GAS;
  }

  // --- arguments ---

  argAddress(head: number, word: WordIndex): AddressId {
    if (this.role === ROLE_RESOLVE) return this.words[word];
    const id = this.addressAt(head);
    this.words[word] = id;
    return id;
  }

  private addressAt(head: number): AddressId {
    const { caches, input } = this;
    if (caches === undefined) return input.address(head, this.state.addresses);
    const place = caches.kept === undefined || this.places === undefined ? -1 : this.places[head];
    if (caches.kept !== undefined && place >= 0) return caches.kept[this.call * KEPT_ADDRESSES + place];
    return caches.addresses.intern(input.u32, (input.args + head * WORD + 12) >>> 2);
  }

  argBool(head: number): boolean {
    return this.input.bool(head);
  }

  argNumber(head: number): number {
    return this.input.number(head);
  }

  argBig(head: number, kind: KeyKind): bigint {
    return this.input.big(head, kind);
  }

  argUp(head: number): Amount {
    return this.role === ROLE_PLAN ? wordToDouble(this.input.view, this.input.args + head * WORD, true) : 0;
  }

  argLength(head: number): number {
    return this.input.length(head);
  }

  argAddresses(head: number, word: WordIndex): WordIndex {
    if (this.words[word] !== 0) return this.words[word];
    const count = this.input.length(head);
    const start = this.region(count);
    for (let i = 0; i < count; i++) this.words[start + i] = this.input.elementAddress(head, i, this.state.addresses);
    this.words[word] = start;
    return start;
  }

  elementNumber(head: number, index: number): Maybe<number> {
    return index < this.input.length(head) ? this.input.elementNumber(head, index) : undefined;
  }

  elementBig(head: number, index: number, kind: KeyKind): Maybe<bigint> {
    return index < this.input.length(head) ? this.input.elementBig(head, index, kind) : undefined;
  }

  argBytes(head: number): Uint8Array {
    return this.input.bytes(head);
  }

  // --- keys ---

  key32(word: Maybe<number | boolean>): void {
    if (word === undefined) this.keyKnown = false;
    else this.key[this.keyWords++] = typeof word === "boolean" ? (word ? 1 : 0) : word;
  }

  key64(value: Maybe<bigint>): void {
    this.keyBig(value, 2);
  }

  key128(value: Maybe<bigint>): void {
    this.keyBig(value, 4);
  }

  key256(value: Maybe<bigint>): void {
    this.keyBig(value, 8);
  }

  private keyBig(value: Maybe<bigint>, words: number): void {
    if (value === undefined) {
      this.keyKnown = false;
      return;
    }
    const { key } = this;
    const at = this.keyWords;
    this.keyWords = at + words;
    if (value >= 0n && value < 0x1_0000_0000n) {
      key[at] = Number(value);
      for (let i = 1; i < words; i++) key[at + i] = 0;
      return;
    }
    let rest = BigInt.asUintN(words * 32, value);
    for (let i = 0; i < words; i++) {
      key[at + i] = Number(rest & 0xffff_ffffn);
      rest >>= 32n;
    }
  }

  entry(table: TableIndex): Slot {
    const known = this.keyKnown;
    const words = this.keyWords;
    this.keyWords = 1;
    this.keyKnown = true;
    if (!known) return UNRESOLVED;
    if (table === 0) return this.key[1];
    const entries = this.code?.tables[table];
    if (entries === undefined || entries.keyWords !== words) throw new InternalError(`a key of ${words - 1} words for table ${table}`);
    return entries.insert(this.key, 0);
  }

  entry1(table: TableIndex, a: Maybe<number>): Slot {
    if (a === undefined) return UNRESOLVED;
    if (table === 0) return a;
    const known = this.knownSlots[table];
    if (known !== undefined && known[a] !== 0) return known[a];
    const slot = this.insert1(table, a);
    if (known !== undefined) known[a] = slot;
    return slot;
  }

  private insert1(table: TableIndex, a: number): Slot {
    const entries = this.code?.tables[table];
    if (entries === undefined || entries.keyWords !== 2) throw new InternalError(`a key of one word for table ${table}`);
    return entries.insert2(this.instance, a);
  }

  entry2(table: TableIndex, a: Maybe<number>, b: Maybe<number>): Slot {
    this.key32(a);
    this.key32(b);
    return this.entry(table);
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
    if (changes && slot > 0 && was !== 0 && (was === UNRESOLVED || (was & ACCESS_PARTIAL) === 0)) this.log?.add(this.call, this.columns[leaf], slot);
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

  highOf(leaf: LeafIndex, slot: Slot): Amount {
    const column = this.columns[leaf];
    if (this.role !== ROLE_PLAN || this.order === undefined || this.nodes === undefined) return 0;
    if (slot <= 0 || this.changesItself(column.id, slot, this.fieldOf(leaf))) return this.nodes.highest[column.id];
    return this.order.highOf(column.id, slot, this.fieldOf(leaf));
  }

  lowOf(leaf: LeafIndex, slot: Slot): Amount {
    const column = this.columns[leaf];
    if (this.role !== ROLE_PLAN || this.order === undefined || this.nodes === undefined) return 0;
    if (slot <= 0 || this.changesItself(column.id, slot, this.fieldOf(leaf))) return this.nodes.lowest[column.id];
    return this.order.lowOf(column.id, slot, this.fieldOf(leaf));
  }

  /** Whether the call being planned may have changed the cell before this point; intervals don't know of that yet. */
  private changesItself(column: number, slot: Slot, field: number): boolean {
    const { list } = this;
    for (let i = 0; i < list.count; i++) {
      if (list.mode[i] === MODE_READ || list.mode[i] === MODE_READ_ELSE) continue;
      if (list.slot[i] < 0 ? field >= 0 && list.field[i] === field : list.column[i] === column && list.slot[i] === slot) return true;
    }
    return false;
  }

  up(value: Maybe<bigint | number>, otherwise: Amount): Amount {
    return value === undefined ? otherwise : typeof value === "number" ? value : toDoubleUp(value);
  }

  down(value: Maybe<bigint | number>, otherwise: Amount): Amount {
    return value === undefined ? otherwise : typeof value === "number" ? value : toDoubleDown(value);
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

  // --- terms ---

  inRange(value: Maybe<number>, min: number, max: number): Maybe<number> {
    return terms.inRange(value, min, max);
  }

  inRangeBig(value: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint> {
    return terms.inRangeBig(value, min, max);
  }

  arith(op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>", a: Maybe<number>, b: Maybe<number>, min: number, max: number): Maybe<number> {
    return terms.arith(op, a, b, min, max);
  }

  arithBig(op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^", a: Maybe<bigint>, b: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint> {
    return terms.arithBig(op, a, b, min, max);
  }

  shiftBig(op: "<<" | ">>", a: Maybe<bigint>, b: Maybe<bigint | number>, min: bigint, max: bigint): Maybe<bigint> {
    return terms.shiftBig(op, a, b, min, max);
  }

  compare(op: "<" | "<=" | ">" | ">=", a: Maybe<bigint | number>, b: Maybe<bigint | number>): Maybe<boolean> {
    return terms.compare(op, a, b);
  }

  equal(a: Maybe<bigint | number | boolean | Uint8Array>, b: Maybe<bigint | number | boolean | Uint8Array>): Maybe<boolean> {
    return terms.equal(a, b);
  }

  not(a: Maybe<boolean>): Maybe<boolean> {
    return a === undefined ? undefined : !a;
  }

  and(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean> {
    return terms.and(a, b);
  }

  or(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean> {
    return terms.or(a, b);
  }

  toBig(a: Maybe<number>): Maybe<bigint> {
    return a === undefined ? undefined : BigInt(a);
  }

  toNumber(a: Maybe<bigint>, min: number, max: number): Maybe<number> {
    return terms.toNumber(a, min, max);
  }

  mulDiv(a: Maybe<bigint>, b: Maybe<bigint>, c: Maybe<bigint>, up: boolean): Maybe<bigint> {
    return terms.mulDiv(a, b, c, up);
  }

  sqrt(a: Maybe<bigint>): Maybe<bigint> {
    return terms.sqrt(a);
  }
}
