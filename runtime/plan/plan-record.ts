/**
 * The function being planned: whose it is, and the entries that its keys name. The middle part of CallPlanner. Knows nothing of accesses; what
 * it changes are record words and, by interning, tables.
 */
import { decodeNeutral, encodeNeutral } from "../abi/codec.ts";
import { concatValues, unpackValue } from "../abi/pack.ts";
import { tupleOf } from "../abi/signature.ts";
import { keptPlaces } from "../admit/call-reader.ts";
import { entryOf, shapeOf } from "../execute/entry.ts";
import type { Environment } from "../execute/environment.ts";
import { InternalError } from "../execute/internal-error.ts";
import {
  CALL_ARGS,
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
  HEADER_LENGTH,
} from "../execute/memory.ts";
import type { AddressId, FunctionEntry, Maybe, Neutral, Shape, Slot, TableIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import { Key } from "../state/key.ts";
import { PlanArgs } from "./plan-args.ts";
import { ROLE_RESOLVE } from "./roles.ts";
import { KEPT_ADDRESSES } from "./slice.ts";

const TWO_32 = 4294967296;
const WORD = 32;
const ADDRESS_BYTES = 20;

export class PlanRecord extends PlanArgs {
  caller: AddressId = 0;
  self: AddressId = 0;
  instance: Slot = 0;
  height = 0n;
  time = 0n;
  chainId = 0n;
  /** The call's static cost bound. */
  costBound = 0;
  /** Entries that aren't asked for before calls run, since somebody last set this to 0, at most. */
  expected = 0;
  /** Whether code of the present plan may intern addresses while it runs. */
  protected findsAddresses = false;
  protected calls: Int32Array = new Int32Array(0);
  /** Where the call's line begins, in its array of lines. */
  private lines: Int32Array = new Int32Array(0);
  private line = 0;
  protected columns: readonly Column[] = [];
  protected fieldBase = 0;
  /** Undefined before the first plan. */
  protected code: Code | undefined = undefined;
  private gasLimit = 0;
  private readonly placesByCode: (readonly Int32Array[])[] = [];
  private knownSlots: readonly (Int32Array | undefined)[] = [];
  private readonly key = new Key();

  openBlock(words: Int32Array, calls: Int32Array, input: SharedArrayBuffer, environment: Environment): void {
    this.words = words;
    this.calls = calls;
    this.kept = undefined;
    this.input.attach(input);
    this.height = environment.height;
    this.time = environment.time;
    this.chainId = environment.chainId;
  }

  /** Ids of address arguments that were found when the calls from `first` on were read. */
  useKept(kept: Int32Array | undefined, first: number): void {
    this.kept = kept;
    this.keptFrom = first;
  }

  /** Makes the call the one being planned; its line is in the block memory. */
  protected enter(call: number, role: number): FunctionEntry {
    return this.enterLine(call, this.calls, call * CALL_STRIDE, role);
  }

  protected enterLine(call: number, lines: Int32Array, at: number, role: number): FunctionEntry {
    const { u32 } = this.input;
    this.lines = lines;
    this.line = at;
    this.keptAt = (call - this.keptFrom) * KEPT_ADDRESSES;
    const header = (call * HEADER_BYTES) >>> 2;
    const index = lines[at + CALL_CODE];
    const number = lines[at + CALL_FUNCTION];
    const code = this.state.codes[index];
    this.role = role;
    this.call = call;
    this.self = lines[at + CALL_SELF];
    this.caller = lines[at + CALL_CALLER];
    this.args = undefined;
    this.pending = false;
    this.open = 0;
    this.forgetArguments();
    this.base = 0;
    this.known = role === ROLE_RESOLVE ? lines[at + CALL_BASE] : 0;
    this.costBound = 0;
    this.findsAddresses = false;
    this.gasLimit = u32[header + (HEADER_GAS_LIMIT >> 2) + 1] * TWO_32 + u32[header + (HEADER_GAS_LIMIT >> 2)];
    this.enterCode(code, lines[at + CALL_INSTANCE]);
    if (this.kept !== undefined)
      this.places = number === FUNCTION_INIT ? undefined : (this.placesByCode[index] ??= keptPlaces(code))[number];
    this.input.open(lines[at + CALL_ARGS]);
    this.shape = shapeOf(code, number);
    // Whoever decodes them, plan or exec, interns the addresses in nested arguments.
    if (this.shape.interns) this.expect(Math.ceil(u32[header + (HEADER_LENGTH >> 2)] / WORD));
    return entryOf(code, number);
  }

  /** Cells and keys are those of this contract from here on. */
  protected enterCode(code: Code, instance: Slot): void {
    this.instance = instance;
    if (code.findsAddresses) this.findsAddresses = true;
    this.key.begin(instance);
    if (this.code !== code) {
      this.code = code;
      this.columns = code.columns;
      this.changeCode(code);
    }
    this.fieldBase = code.fieldBases[instance];
    if (this.caches !== undefined) this.knownSlots = this.caches.slots.of(this.fieldBase);
  }

  /** Another code than that of the plan before. */
  protected changeCode(_code: Code): void {}

  /** Tells where the record is, for exec. */
  protected leave(): void {
    this.lines[this.line + CALL_BASE] = this.base;
  }

  /** Whether the call can pay for its bound; written so that NaN can't be paid for. */
  protected affords(bound: number): boolean {
    this.costBound = bound;
    return bound <= this.gasLimit;
  }

  /** Room in tables that the call may ask for while it runs. Of a call that is planned ahead the ordered pass sees to it. */
  protected expect(entries: number): void {
    if (!this.isAhead) this.asked += entries;
    this.expected += entries;
  }

  address(index: number): AddressId {
    return this.code === undefined ? 0 : this.code.addresses[index];
  }

  // --- bytes of known values ---

  encode(shape: number, values: readonly Maybe<Neutral>[]): Maybe<Uint8Array> {
    const known = allKnown(values);
    return known === undefined ? undefined : encodeNeutral(tupleOf(this.shapeAt(shape)).layouts, known, this.state.addresses);
  }

  concat(shape: number, values: readonly Maybe<Neutral>[]): Maybe<Uint8Array> {
    const known = allKnown(values);
    return known === undefined ? undefined : concatValues(this.shapeAt(shape), known, this.state.addresses);
  }

  decode(shape: number, data: Maybe<Uint8Array>): Maybe<Neutral> {
    if (data === undefined) return undefined;
    this.ask(Math.ceil(data.length / WORD));
    const tuple = tupleOf(this.shapeAt(shape));
    return decodeNeutral(tuple.shape, tuple.layouts, data, this.state.addresses);
  }

  protected unpack(shape: number, bytes: Uint8Array): Neutral {
    this.ask(Math.ceil(bytes.length / ADDRESS_BYTES));
    return unpackValue(this.shapeAt(shape), bytes, this.state.addresses);
  }

  private shapeAt(index: number): Shape {
    if (this.code === undefined) throw new InternalError("a plan without a code");
    return this.code.module.shapes[index];
  }

  // --- keys ---

  key32(word: Maybe<number | boolean>): void {
    if (word === undefined) this.key.miss();
    else this.key.add32(word);
  }

  key64(value: Maybe<bigint>): void {
    if (value === undefined) this.key.miss();
    else this.key.addBig(value, 2);
  }

  key128(value: Maybe<bigint>): void {
    if (value === undefined) this.key.miss();
    else this.key.addBig(value, 4);
  }

  key256(value: Maybe<bigint>): void {
    if (value === undefined) this.key.miss();
    else this.key.addBig(value, 8);
  }

  keyBytes(value: Maybe<Uint8Array>): void {
    if (value === undefined) this.key.miss();
    else this.key.addHash(value);
  }

  entry(table: TableIndex): Slot {
    const words = this.key.take();
    if (words === 0) return this.unresolved();
    if (table === 0) return this.key.words[1];
    const entries = this.code?.tables[table];
    if (entries === undefined || entries.keyWords !== words) throw new InternalError(`a key of ${words - 1} words for table ${table}`);
    this.ask(1);
    return entries.insert(this.key.words, 0);
  }

  /** With an argument that isn't known, a key that looks as if it couldn't be computed may be reached all the same. */
  private unresolved(): Slot {
    if (this.pending) this.doubt();
    return UNRESOLVED;
  }

  entry1(table: TableIndex, a: Maybe<number>): Slot {
    if (a === undefined) return this.unresolved();
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
    this.ask(1);
    return entries.insert2(this.instance, a);
  }

  entry2(table: TableIndex, a: Maybe<number>, b: Maybe<number>): Slot {
    this.key32(a);
    this.key32(b);
    return this.entry(table);
  }
}

/** The values if none is missing. */
function allKnown(values: readonly Maybe<Neutral>[]): readonly Neutral[] | undefined {
  const known: Neutral[] = [];
  for (const value of values) {
    if (value === undefined) return undefined;
    known.push(value);
  }
  return known;
}
