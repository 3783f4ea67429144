/**
 * The record and the arguments of the function being planned: of the call itself from its calldata, of a callee in another contract as the caller's
 * plan gave them, as far as it knew them. The second lowest part of CallPlanner; what it changes are record words and, by interning, addresses.
 */
import { Calldata, readBigAt } from "../abi/calldata.ts";
import { bytesOf, decodeMember, itemsOf, numberOf } from "../abi/codec.ts";
import type { ArgShape } from "../abi/shape.ts";
import { InternalError } from "../execute/internal-error.ts";
import { CALL_WORDS, ORDERED_WORDS } from "../execute/limits.ts";
import { HEADER_BYTES, HEADER_VALUE } from "../execute/memory.ts";
import type { AddressId, Amount, Maybe, Neutral, WordIndex, WordKind } from "../module.ts";
import type { StateMemory } from "../state/state.ts";
import { toDoubleUp, wordToDouble } from "../values/big.ts";
import type { PlannerCaches } from "./caches.ts";
import { PlanTerms } from "./plan-terms.ts";
import { ALONE, FULL, OVERSIZE, ROLE_LATE, ROLE_PLAN, ROLE_RESOLVE, ROLE_SERIAL } from "./roles.ts";

const WORD = 32;
/** Where an address begins in its word. */
const ADDRESS_AT = 12;
/** What plans made ahead may ask of tables in one slice: tables must have room for that of all slices at once. */
export const AHEAD_ASKS = 4096;

export class PlanArgs extends PlanTerms {
  /** First free record word, and the one behind the last that this planner may use. */
  next: WordIndex = 1;
  limit: WordIndex = 1;
  /** Where the record of the present call begins. */
  protected start: WordIndex = 1;
  /** Keys and addresses asked of tables since somebody last set this to 0: each may be a new entry. */
  asked = 0;
  /** Whether plans are made ahead: they know nothing of earlier calls, and give up where they would have to. */
  protected readonly isAhead: boolean;
  protected readonly state: StateMemory;
  protected readonly caches: PlannerCaches | undefined;
  protected role = ROLE_SERIAL;
  protected call = 0;
  protected words: Int32Array = new Int32Array(0);
  protected readonly input = new Calldata(new SharedArrayBuffer(0));
  protected shape: ArgShape | undefined = undefined;
  /** Start of the running function's region, 0 until it has made one. */
  protected base: WordIndex = 0;
  /** The region it made when it was planned before; 0 when it wasn't, or once it is taken up. */
  protected known: WordIndex = 0;
  /** By head word, in a call of another contract; else undefined. */
  protected args: readonly Maybe<Neutral>[] | undefined = undefined;
  /** Coin that comes with a call of another contract. */
  protected attached = 0n;
  /** Some argument isn't known, so what the plan takes for a failure may be none. */
  protected pending = false;
  /** Words of the running function that are still open, in a call of another contract. */
  protected open = 0;
  /** By head of the running function, where the id of an address is kept. */
  protected places: Int32Array | undefined = undefined;
  /** Ids that were found when calls were read, the first of these calls, and where the present call's begin. */
  protected kept: Int32Array | undefined = undefined;
  protected keptFrom = 0;
  protected keptAt = 0;
  /** Whether late plans may take words at the record's end. */
  protected serial = false;
  /** Words that late plans changed, each with what it held: the same words may be reached again with other arguments. */
  protected readonly changed: number[] = [];
  private decoded: (Neutral | undefined)[] = [];

  constructor(state: StateMemory, caches: PlannerCaches | undefined, isAhead: boolean) {
    super();
    this.state = state;
    this.caches = caches;
    this.isAhead = isAhead;
  }

  // --- the record ---

  region(words: number): WordIndex {
    if (this.known !== 0) {
      this.base = this.known;
      this.known = 0;
      return this.base;
    }
    if (this.role === ROLE_RESOLVE || (this.role === ROLE_LATE && !this.serial))
      throw new InternalError("a plan makes a region that it hadn't made before");
    if (words === 0 && this.pending && this.base !== 0) {
      // A loop whose rounds can't be counted yet looks like one without any.
      this.doubt();
      return 0;
    }
    const start = this.reserve(words);
    if (this.base === 0) this.base = start;
    return start;
  }

  /** Zeroed words at the record's end. */
  protected reserve(words: number): WordIndex {
    const record = this.words;
    const start = this.next;
    const end = start + words;
    // Written so that NaN is above.
    if (!(end - this.start <= ORDERED_WORDS)) this.refuseLarge(end - this.start);
    if (end > this.limit) {
      if (this.isAhead) throw FULL;
      throw new InternalError("a segment has gone on without room for one more record");
    }
    for (let i = start; i < end; i++) record[i] = 0;
    this.next = end;
    return start;
  }

  /** Records that aren't small: those of calls that are ordered may be half as large as those of calls that run alone. */
  private refuseLarge(words: number): void {
    if (this.role === ROLE_PLAN) throw ALONE;
    if (!(words <= CALL_WORDS)) throw OVERSIZE;
  }

  setWord(word: WordIndex, value: number): void {
    if (this.role === ROLE_LATE) this.changed.push(word, this.words[word]);
    this.words[word] = value;
  }

  wordAt(word: WordIndex): number {
    return this.words[word];
  }

  /** The plan isn't sure of something that nothing but running the call can tell. */
  protected doubt(): void {
    if (this.role === ROLE_PLAN) throw ALONE;
  }

  // --- arguments ---

  value(): bigint {
    return this.args === undefined ? readBigAt(this.input.view, this.call * HEADER_BYTES + HEADER_VALUE, "u256") : this.attached;
  }

  argAddress(head: number, word: WordIndex): AddressId {
    if (this.args === undefined) {
      if (this.role === ROLE_RESOLVE) return this.words[word];
      const id = this.addressAt(head);
      this.words[word] = id;
      return id;
    }
    const id = numberOf(certain(this.args[head]));
    this.setWord(word, id);
    return id;
  }

  private addressAt(head: number): AddressId {
    const { caches, input } = this;
    if (caches === undefined) return input.address(head, this.state.addresses);
    const { kept, places } = this;
    if (kept !== undefined && places !== undefined && places[head] >= 0) return kept[this.keptAt + places[head]];
    this.ask(1);
    return caches.addresses.intern(input.u32, (input.args + head * WORD + ADDRESS_AT) >>> 2);
  }

  argBool(head: number): boolean {
    return this.args === undefined ? this.input.bool(head) : certain(this.args[head]) === true;
  }

  argNumber(head: number): number {
    return this.args === undefined ? this.input.number(head) : numberOf(certain(this.args[head]));
  }

  argBig(head: number, kind: WordKind): bigint {
    return this.args === undefined ? this.input.big(head, kind) : bigOf(certain(this.args[head]));
  }

  argUp(head: number): Amount {
    if (this.role !== ROLE_PLAN) return 0;
    if (this.args === undefined) return wordToDouble(this.input.view, this.input.args + head * WORD, true);
    return roundedUp(certain(this.args[head]));
  }

  // In a call of another contract some of these may not be known.

  openAddress(head: number, word: WordIndex): Maybe<AddressId> {
    if (this.args === undefined || this.args[head] !== undefined) return this.argAddress(head, word);
    this.open++;
    return undefined;
  }

  openBool(head: number): Maybe<boolean> {
    return this.isKnown(head) ? this.argBool(head) : undefined;
  }

  openNumber(head: number): Maybe<number> {
    return this.isKnown(head) ? this.argNumber(head) : undefined;
  }

  openBig(head: number, kind: WordKind): Maybe<bigint> {
    return this.isKnown(head) ? this.argBig(head, kind) : undefined;
  }

  openUp(head: number): Amount {
    return this.isKnown(head) ? this.argUp(head) : Infinity;
  }

  openValue(): Maybe<bigint> {
    return this.value();
  }

  private isKnown(head: number): boolean {
    return this.args === undefined || this.args[head] !== undefined;
  }

  argLength(head: number): number {
    return this.args === undefined ? this.input.length(head) : lengthOf(this.args[head]);
  }

  argAddresses(head: number, word: WordIndex): WordIndex {
    if (this.words[word] !== 0) return this.words[word];
    const count = this.argLength(head);
    const start = this.region(count);
    if (this.args === undefined) {
      this.internElements(head, count, start);
    } else {
      const items = listAt(this.args, head);
      for (let i = 0; i < count; i++) this.words[start + i] = numberOf(items[i]);
    }
    this.setWord(word, start);
    return start;
  }

  private internElements(head: number, count: number, start: WordIndex): void {
    const { input, caches, words } = this;
    // Room for all of them, until it's known which were there.
    this.ask(count);
    const first = count === 0 ? 0 : input.element(head, 0) + ADDRESS_AT;
    if (caches !== undefined && (first & 3) === 0) {
      const missed = caches.addresses.internAll(input.u32, first >>> 2, WORD / 4, count, words, start);
      this.asked -= count - missed;
    } else for (let i = 0; i < count; i++) words[start + i] = input.elementAddress(head, i, this.state.addresses);
  }

  elementNumber(head: number, index: number): Maybe<number> {
    if (!(index < this.argLength(head))) return undefined;
    return this.args === undefined ? this.input.elementNumber(head, index) : numberOf(listAt(this.args, head)[index]);
  }

  elementBig(head: number, index: number, kind: WordKind): Maybe<bigint> {
    if (!(index < this.argLength(head))) return undefined;
    return this.args === undefined ? this.input.elementBig(head, index, kind) : bigOf(listAt(this.args, head)[index]);
  }

  argBytes(head: number): Uint8Array {
    if (this.args === undefined) return this.input.bytes(head);
    return bytesOf(certain(this.args[head]));
  }

  argValue(head: number): Neutral {
    if (this.args !== undefined) return certain(this.args[head]);
    const decoded = this.decoded[head];
    if (decoded !== undefined) return decoded;
    const { shape, input } = this;
    if (shape === undefined) throw new InternalError("a plan without a function");
    const source = { view: input.view, bytes: input.u8, addresses: this.state.addresses };
    const value = decodeMember(shape.layouts[head], source, input.args + head * WORD, input.args);
    this.decoded[head] = value;
    return value;
  }

  /** So many keys or addresses are asked of tables, which must have room for them. */
  protected ask(entries: number): void {
    this.asked += entries;
    if (this.isAhead && this.asked > AHEAD_ASKS) throw FULL;
  }

  /** Another call's arguments. */
  protected forgetArguments(): void {
    if (this.decoded.length > 0) this.decoded = [];
  }

  // --- amounts: what an argument that isn't known may decide can be any number ---

  override up(value: Maybe<bigint | number>, otherwise: Amount): Amount {
    return super.up(value, this.pending ? Infinity : otherwise);
  }

  override down(value: Maybe<bigint | number>, otherwise: Amount): Amount {
    return super.down(value, this.pending ? -Infinity : otherwise);
  }
}

function certain(value: Maybe<Neutral>): Neutral {
  if (value === undefined) throw new InternalError("a plan asks for an argument that isn't known");
  return value;
}

function bigOf(value: Neutral): bigint {
  if (typeof value === "bigint") return value;
  throw new InternalError("an argument isn't a wide integer");
}

function roundedUp(value: Neutral): number {
  return typeof value === "bigint" ? toDoubleUp(value) : numberOf(value);
}

function listAt(values: readonly Maybe<Neutral>[], index: number): readonly Neutral[] {
  return itemsOf(certain(values[index]));
}

/** Of a list or bytes. */
function lengthOf(value: Maybe<Neutral>): number {
  return value instanceof Uint8Array ? value.length : itemsOf(certain(value)).length;
}
