/**
 * What planning remembers to save hashing: ids of addresses by their bytes, each thread for itself, and slots of entries by address id, which all threads
 * share. Both are only shortcuts to the shared tables: a miss asks the table, and what is remembered is checked or can't change.
 */
import type { AddressId } from "../module.ts";
import type { AddressTable } from "../state/address-table.ts";
import { ADDRESS_WORDS } from "../state/address-table.ts";
import type { Code } from "../state/code.ts";

export interface PlannerCaches {
  readonly addresses: AddressCache;
  readonly slots: SlotCache;
}

/** Places for 2^18 addresses: 1 MiB, about what a core's second-level cache holds. */
const PLACE_BITS = 18;
/** Golden ratio, for spreading. */
const SPREAD = 0x9e3779b1;
/** Addresses of a list that are looked at together. */
const LIST_AHEAD = 64;
/** Arrays of slots at most; each reserves a word per address. */
const MAX_ARRAYS = 256;

/** Each address has two neighbouring places: hostile addresses can only make the cache miss. */
export class AddressCache {
  private readonly addresses: AddressTable;
  private readonly rows: Uint32Array;
  private readonly places = new Int32Array(1 << PLACE_BITS);
  /** Times that the table was asked. */
  private misses = 0;
  /** Somewhere for what was looked at, so that it isn't optimised away. */
  private seen = 0;

  constructor(addresses: AddressTable) {
    this.addresses = addresses;
    this.rows = addresses.rows;
  }

  /** The id that `intern` will look at first: to bring its row into the caches before. */
  guess(words: Uint32Array, at: number): AddressId {
    return this.places[placeOf(words, at)];
  }

  /** As `AddressTable.intern`. */
  intern(words: Uint32Array, at: number): AddressId {
    const { places } = this;
    const place = placeOf(words, at);
    const first = places[place];
    if (this.isAt(first, words, at)) return first;
    const second = places[place + 1];
    if (this.isAt(second, words, at)) return second;
    const interned = this.addresses.intern(words, at);
    this.misses++;
    places[place + 1] = first;
    places[place] = interned;
    return interned;
  }

  /**
   * Interns `count` addresses, `stride` words apart; their ids go to `out` from `to` on. Looks at what it will need first, some at a time: reads that wait for
   * nothing. Returns how many weren't remembered.
   */
  internAll(words: Uint32Array, at: number, stride: number, count: number, out: Int32Array, to: number): number {
    const { rows, places } = this;
    const before = this.misses;
    for (let first = 0; first < count; first += LIST_AHEAD) {
      const end = Math.min(count, first + LIST_AHEAD);
      let seen = 0;
      for (let i = first; i < end; i++) seen ^= rows[places[placeOf(words, at + i * stride)] * ADDRESS_WORDS];
      this.seen ^= seen;
      for (let i = first; i < end; i++) out[to + i] = this.intern(words, at + i * stride);
    }
    return this.misses - before;
  }

  /** Id 0 has an empty row, which only the zero address could match. */
  private isAt(id: AddressId, words: Uint32Array, at: number): boolean {
    const { rows } = this;
    const row = id * ADDRESS_WORDS;
    return (
      id !== 0 &&
      rows[row + 4] === words[at + 4] &&
      rows[row] === words[at] &&
      rows[row + 1] === words[at + 1] &&
      rows[row + 2] === words[at + 2] &&
      rows[row + 3] === words[at + 3]
    );
  }
}

function placeOf(words: Uint32Array, at: number): number {
  const last = words[at + 4];
  return (Math.imul(last ^ (last >>> 15) ^ words[at] ^ words[at + 2], SPREAD) >>> (32 - PLACE_BITS)) & ~1;
}

/** By table, an array of slots by address id; undefined for tables with other keys. */
export type KnownSlots = readonly (SharedArrayBuffer | undefined)[];

const NONE: readonly (Int32Array | undefined)[] = [];

/**
 * Slots of tables that have one address as their key, by address id, 0 where one isn't known. Any thread writes them, and only what is so whoever asks; a
 * thread that doesn't see what another has written asks the table.
 */
export class SlotCache {
  private readonly capacity: number;
  private readonly tell: (contract: number, slots: KnownSlots) => void;
  /** By the contract's number, then by table. */
  private readonly contracts: (readonly (Int32Array | undefined)[])[] = [];
  private arrays = 0;

  /** `capacity`: largest address id. `tell`: of arrays made, so that other threads' caches can `add` them. */
  constructor(capacity: number, tell: (contract: number, slots: KnownSlots) => void) {
    this.capacity = capacity;
    this.tell = tell;
  }

  /** The arrays of a contract. */
  of(contract: number): readonly (Int32Array | undefined)[] {
    return this.contracts[contract] ?? NONE;
  }

  /** Makes the arrays of a contract, once. Owner only. */
  make(contract: number, code: Code): void {
    if (this.contracts[contract] !== undefined) return;
    const buffers = code.tables.map((table, index) => {
      const keys = table === undefined ? [] : code.module.fields[code.fieldOfTable[index]].keys;
      if (keys.length !== 1 || keys[0] !== "address" || this.arrays >= MAX_ARRAYS) return undefined;
      this.arrays++;
      return new SharedArrayBuffer((this.capacity + 1) * 4);
    });
    this.add(contract, buffers);
    this.tell(contract, buffers);
  }

  add(contract: number, slots: KnownSlots): void {
    this.contracts[contract] = slots.map((buffer) => (buffer === undefined ? undefined : new Int32Array(buffer)));
  }

  /**
   * The entry of this address is there no more, and its slot will be given to another key. Tables with other keys than an address are left alone. Owner only, while no
   * other thread plans.
   */
  forget(contract: number, table: number, address: AddressId): void {
    const slots = this.contracts[contract]?.[table];
    if (slots !== undefined) slots[address] = 0;
  }
}
