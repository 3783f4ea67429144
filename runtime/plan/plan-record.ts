/**
 * The call being planned: its record, its arguments, and the entries that its keys name. The middle part of CallPlanner. Knows nothing of accesses; what
 * it changes are record words and, by interning, tables.
 */
import { Calldata, readBigAt } from "../abi/calldata.ts";
import { KEPT_ADDRESSES, keptPlaces } from "../admit/call-reader.ts";
import type { Environment } from "../execute/context.ts";
import { InternalError } from "../execute/internal-error.ts";
import {
  CALL_BASE,
  CALL_CALLER,
  CALL_CODE,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_STRIDE,
  FUNCTION_INIT,
  HEADER_BYTES,
  HEADER_GAS_LIMIT,
  HEADER_OFFSET,
  HEADER_VALUE,
} from "../execute/memory.ts";
import type { AddressId, Amount, FunctionEntry, KeyKind, Maybe, Slot, TableIndex, WordIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import { CapacityError } from "../state/capacity-error.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import { wordToDouble } from "../values/big.ts";
import type { AddressCache, SlotCache } from "./caches.ts";
import { PlanTerms } from "./plan-terms.ts";

export const ROLE_PLAN = 0;
export const ROLE_SERIAL = 1;
export const ROLE_RESOLVE = 2;

/** Thrown by `cost` to end a plan whose call can't afford it. */
export const OUT_OF_GAS: { readonly kind: "out of gas" } = Object.freeze({ kind: "out of gas" });

/** Words of the longest key, the instance included: 31 keys of 256 bits. */
const MAX_KEY_WORDS = 256;
const WORD = 32;
const TWO_32 = 4294967296;

export interface PlannerCaches {
  readonly addresses: AddressCache;
  readonly slots: SlotCache;
  /** Ids of address arguments that were found when calls were read; undefined for calls that weren't. */
  readonly kept: Int32Array | undefined;
}

/** Numbers of the fields of a contract: `base + table`; the coin's field is 0. */
export interface FieldBases {
  of(code: number, instance: number): number;
}

export class PlanRecord extends PlanTerms {
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
  /** Keys and addresses asked of tables since somebody last set this to 0: each may be a new entry. */
  asked = 0;
  protected readonly state: StateMemory;
  protected role = ROLE_SERIAL;
  protected call = 0;
  protected words: Int32Array = new Int32Array(0);
  protected calls: Int32Array = new Int32Array(0);
  protected columns: readonly Column[] = [];
  protected fieldBase = 0;
  protected readonly input = new Calldata(new SharedArrayBuffer(0));
  private code: Code | undefined = undefined;
  private base: WordIndex = 0;
  private gasLimit = 0;
  private readonly fields: FieldBases | undefined;
  private readonly caches: PlannerCaches | undefined;
  /** By head of the running function, where the id of an address is kept. */
  private places: Int32Array | undefined = undefined;
  private readonly placesByCode: (readonly Int32Array[])[] = [];
  private knownSlots: readonly (Int32Array | undefined)[] = [];
  private readonly key = new Uint32Array(MAX_KEY_WORDS);
  private keyWords = 1;
  private keyKnown = true;

  /** Threads that only resolve have neither `fields` nor `caches`. */
  constructor(state: StateMemory, fields: FieldBases | undefined, caches: PlannerCaches | undefined) {
    super();
    this.state = state;
    this.fields = fields;
    this.caches = caches;
  }

  openBlock(words: Int32Array, calls: Int32Array, input: SharedArrayBuffer, environment: Environment): void {
    this.words = words;
    this.calls = calls;
    this.input.attach(input);
    this.height = environment.height;
    this.time = environment.time;
    this.chainId = environment.chainId;
  }

  /** Makes the call the one being planned. */
  protected enter(call: number, role: number): FunctionEntry {
    const { calls } = this;
    const { u32 } = this.input;
    const at = call * CALL_STRIDE;
    const header = (call * HEADER_BYTES) >>> 2;
    const index = calls[at + CALL_CODE];
    const number = calls[at + CALL_FUNCTION];
    const code = this.state.codes[index];
    this.role = role;
    this.call = call;
    this.instance = calls[at + CALL_INSTANCE];
    this.self = calls[at + CALL_SELF];
    this.caller = calls[at + CALL_CALLER];
    this.base = 0;
    this.costBound = 0;
    this.gasLimit = u32[header + (HEADER_GAS_LIMIT >> 2) + 1] * TWO_32 + u32[header + (HEADER_GAS_LIMIT >> 2)];
    this.keyWords = 1;
    this.keyKnown = true;
    this.key[0] = this.instance;
    if (this.code !== code) {
      this.code = code;
      this.columns = code.columns;
      this.enterCode(code);
    }
    if (this.fields !== undefined) this.fieldBase = this.fields.of(index, this.instance);
    if (this.caches !== undefined) {
      this.knownSlots = this.caches.slots.of(this.fieldBase, code);
      this.places = number === FUNCTION_INIT ? undefined : (this.placesByCode[index] ??= keptPlaces(code))[number];
    }
    this.input.open(u32[header + (HEADER_OFFSET >> 2)] + 4);
    return number === FUNCTION_INIT ? code.module.init : code.module.functions[number];
  }

  /** Another code than that of the call before. */
  protected enterCode(_code: Code): void {}

  /** Tells where the record is, for exec. */
  protected leave(): void {
    this.calls[this.call * CALL_STRIDE + CALL_BASE] = this.base;
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
    const record = this.words;
    const start = this.next;
    const end = start + words;
    if (end > record.length) throw new CapacityError("record words of a block", record.length);
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
    this.asked++;
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
    this.asked += count;
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
    this.asked++;
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
    this.asked++;
    return entries.insert2(this.instance, a);
  }

  entry2(table: TableIndex, a: Maybe<number>, b: Maybe<number>): Slot {
    this.key32(a);
    this.key32(b);
    return this.entry(table);
  }
}
