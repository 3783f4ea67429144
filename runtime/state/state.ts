/**
 * All state of a chain in shared memory: addresses, native coin, nonces, contracts, and per code its columns and tables. One thread owns it
 * (registers codes, grows, compacts); workers attach to the same buffers. Knows nothing of blocks, plans or receipts.
 */
import type { AddressId, ContractModule } from "../module.ts";
import type { AddressTableBuffers } from "./address-table.ts";
import { AddressTable, createAddressTable, ZERO_ADDRESS } from "./address-table.ts";
import type { ArenaBuffers } from "./arena.ts";
import { Arena, createArena } from "./arena.ts";
import { CapacityError } from "./capacity-error.ts";
import type { Code, CodeBuffers } from "./code.ts";
import { attachCode, createCodeBuffers, MAX_INSTANCES } from "./code.ts";
import type { Column, ColumnBuffers } from "./column.ts";
import { attachColumn, columnBuffers, createColumn, isBytesKind, isDefault } from "./column.ts";
import type { BytesColumn } from "./compaction.ts";
import { Compaction } from "./compaction.ts";
import type { HashSeed } from "./hash.ts";
import type { History } from "./history.ts";
import { createLocks, Locks } from "./locks.ts";

export interface StateOptions {
  /** Entries each table can hold, addresses too. */
  readonly capacity: number;
  /** Bytes that strings can have. Twice as many are reserved. */
  readonly arenaBytes: number;
  /** Must not be known to callers (see `hash.ts`); results don't depend on it. */
  readonly seed: HashSeed;
}

/** What can be sent to a worker. */
export interface StateBuffers {
  readonly capacity: number;
  readonly seed: HashSeed;
  readonly addresses: AddressTableBuffers;
  readonly arena: ArenaBuffers;
  readonly coin: ColumnBuffers;
  readonly nonces: SharedArrayBuffer;
  readonly contracts: SharedArrayBuffer;
  readonly locks: SharedArrayBuffer;
}

/** Takes an entry that is there no more: its table, the contract's instance and the key's first word. */
export type Freed = (code: Code, table: number, instance: number, key: number) => void;

/** Entries that sweeps look at between two blocks in any case: a few milliseconds, a few ten if all of them are freed. */
const SWEEP_LOOKS = 1 << 16;

/** Words per address in `contracts`. */
const CONTRACT_WORDS = 2;

export class StateMemory {
  readonly capacity: number;
  readonly addresses: AddressTable;
  /** Of this thread: it bumps a chunk of its own. */
  readonly arena: Arena;
  /** Native coin by address id: the slot of table 0 is the id itself. */
  readonly coin: Column;
  /** Next nonce by address id. Only the owner writes it. */
  readonly nonces: BigUint64Array;
  /** Registered codes by index. */
  readonly codes: Code[];
  /** All columns by `Column.id`; the coin's is 0. */
  readonly columns: Column[];
  /** Past values, where they are kept, by `Column.id`. */
  readonly histories: (History | undefined)[];
  /** Whether there are any. */
  hasHistories: boolean;
  /** Of cells, for changes that take more than one atomic operation. */
  readonly locks: Locks;
  /** Address ids of the instances of each code, by instance number (entry 0 unused). Owner only. */
  readonly instances: AddressId[][];
  private readonly compaction: Compaction;
  private readonly buffers: StateBuffers;
  /** Code index + 1 and instance, by address id. */
  private readonly contracts: Int32Array;

  constructor(buffers: StateBuffers) {
    this.buffers = buffers;
    this.capacity = buffers.capacity;
    this.addresses = new AddressTable(buffers.addresses, buffers.seed);
    this.arena = new Arena(buffers.arena);
    this.compaction = new Compaction(this.arena, () => this.bytesColumns());
    this.coin = attachColumn(buffers.coin);
    this.nonces = new BigUint64Array(buffers.nonces);
    this.contracts = new Int32Array(buffers.contracts);
    this.codes = [];
    this.columns = [this.coin];
    this.histories = [undefined];
    this.hasHistories = false;
    this.locks = new Locks(buffers.locks);
    this.instances = [];
  }

  /** What `attachState` needs on another thread; codes are sent apart (`Code.buffers` and the module's text). */
  export(): StateBuffers {
    return this.buffers;
  }

  /** The code of this module; the one that is registered already when a module with the same hash was. Owner only. */
  register(module: ContractModule): Code {
    const known = this.codes.find((code) => code.module.codeHash === module.codeHash);
    if (known !== undefined) return known;
    const addresses = module.addresses.map((text) => this.addresses.internHex(text));
    return this.attach(createCodeBuffers(this.codes.length, module, this.columns.length, this.capacity, addresses), module);
  }

  /** Takes over a code that the owner registered; in order of their indexes. */
  attach(buffers: CodeBuffers, module: ContractModule): Code {
    if (buffers.index !== this.codes.length || buffers.codeHash !== module.codeHash) {
      throw new Error(`internal: code ${buffers.index} (${buffers.codeHash}) attached as ${this.codes.length} (${module.codeHash})`);
    }
    const code = attachCode(buffers, module, this.coin, this.buffers.seed);
    this.codes.push(code);
    this.instances.push([0]);
    for (let leaf = 1; leaf < code.columns.length; leaf++) {
      this.columns.push(code.columns[leaf]);
      this.histories.push(code.histories[leaf]);
      if (code.histories[leaf] !== undefined) this.hasHistories = true;
    }
    return code;
  }

  /** Makes a contract of this code at the address; returns its instance number. Owner only. */
  addInstance(code: Code, address: AddressId): number {
    const list = this.instances[code.index];
    if (list.length > MAX_INSTANCES) throw new CapacityError(`contracts of code ${code.module.name}`, MAX_INSTANCES);
    const instance = list.length;
    list.push(address);
    this.contracts[address * CONTRACT_WORDS] = code.index + 1;
    this.contracts[address * CONTRACT_WORDS + 1] = instance;
    return instance;
  }

  /** Takes back the last `addInstance` of this code, whose cells must be at their defaults again. Owner only. */
  removeLastInstance(code: Code): void {
    const address = this.instances[code.index].pop();
    if (address === undefined || address === 0) throw new Error("internal: no instance to remove");
    this.contracts[address * CONTRACT_WORDS] = 0;
    this.contracts[address * CONTRACT_WORDS + 1] = 0;
  }

  /** Index of the code at an address, -1 when there is none. */
  codeAt(address: AddressId): number {
    return this.contracts[address * CONTRACT_WORDS] - 1;
  }

  instanceAt(address: AddressId): number {
    return this.contracts[address * CONTRACT_WORDS + 1];
  }

  /** Whether some table should grow before more entries are made. Cheap, but not free: ask every so many calls. */
  crowded(extra: number): boolean {
    if (this.addresses.crowded(extra)) return true;
    for (const code of this.codes) {
      for (const table of code.tables) if (table !== undefined && table.crowded(extra)) return true;
    }
    return false;
  }

  /** Grows whatever is crowded. Only while no other thread runs. */
  ensureRoom(extra: number): void {
    this.addresses.ensureRoom(extra);
    for (const code of this.codes) for (const table of code.tables) table?.ensureRoom(extra);
  }

  /**
   * Between blocks: goes on with compacting the byte arena and with freeing entries that hold nothing, where either is worth it, and makes room for as many new entries as
   * the last block made. All of it in pieces that go by what the last block did. Slots of entries that `freed` was told of will be given to other keys.
   */
  tidy(freed: Freed): void {
    this.compaction.step();
    this.addresses.tidy();
    let looks = SWEEP_LOOKS;
    for (const code of this.codes) {
      for (let index = 1; index < code.tables.length; index++) {
        const table = code.tables[index];
        if (table === undefined) continue;
        const made = table.tidy();
        // Entries are made by reads of absent keys too, so a full table may be mostly empty.
        if (!table.wantsSweep()) continue;
        const looked = this.sweep(code, index, Math.max(looks, table.sweepPace(made)), freed);
        looks = Math.max(0, looks - looked);
      }
    }
  }

  /**
   * Looks at so many entries of a table at most, and frees those whose leaves are all at their defaults and never were anything else that is remembered. Returns
   * how many it looked at.
   */
  sweep(code: Code, index: number, most: number, freed: Freed): number {
    const table = code.tables[index];
    if (table === undefined) return 0;
    const field = code.fieldOfTable[index];
    const first = code.firstLeaf[field];
    const end = first + code.module.fields[field].leaves.length;
    const keep = (slot: number): boolean => {
      for (let leaf = first; leaf < end; leaf++)
        if (!isDefault(code.columns[leaf], slot) || code.histories[leaf]?.has(slot) === true) return true;
      return false;
    };
    const tell = (slot: number): void => {
      const at = slot * table.keyWords;
      freed(code, index, table.keys[at], table.keys[at + 1]);
    };
    return table.sweep(keep, tell, most);
  }

  /** All at once. Only between blocks. */
  compactArena(): void {
    this.compaction.finish();
  }

  private bytesColumns(): BytesColumn[] {
    const found: BytesColumn[] = [];
    for (const code of this.codes) {
      for (let leaf = 1; leaf < code.columns.length; leaf++) {
        const column = code.columns[leaf];
        if (isBytesKind(column.kind)) found.push({ column, highest: this.highestSlot(code, leaf) });
      }
    }
    return found;
  }

  /** Highest slot of a leaf's column that was handed out. */
  highestSlot(code: Code, leaf: number): number {
    if (leaf === 0) return this.addresses.highest();
    const table = code.tables[code.tableOfField[code.fieldOfLeaf[leaf]]];
    return table === undefined ? this.instances[code.index].length - 1 : table.highest();
  }
}

export function createState(options: StateOptions): StateMemory {
  const { capacity, arenaBytes, seed } = options;
  const state = new StateMemory({
    capacity,
    seed,
    addresses: createAddressTable(capacity),
    arena: createArena(arenaBytes),
    coin: columnBuffers(createColumn(0, "u256", 0, capacity + 1)),
    nonces: new SharedArrayBuffer((capacity + 1) * 8),
    contracts: new SharedArrayBuffer((capacity + 1) * CONTRACT_WORDS * 4),
    locks: createLocks(),
  });
  if (state.addresses.internBytes(new Uint8Array(20), 0) !== ZERO_ADDRESS) throw new Error("internal: the zero address isn't the first");
  return state;
}

export function attachState(buffers: StateBuffers): StateMemory {
  return new StateMemory(buffers);
}
