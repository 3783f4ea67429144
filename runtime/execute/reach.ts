/**
 * The rest of what a call may do with cells: find those whose keys no plan could compute, make updates that take effect when the call has succeeded,
 * and read values of past blocks. Between Cells and ExecContext. What a call finds by a key of its own is in a field that the schedule has given it
 * for itself.
 */
import type { OldValues } from "../commit/cell-log.ts";
import type { CommuteOp, LeafIndex, TableIndex, WordIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import type { History } from "../state/history.ts";
import { Key } from "../state/key.ts";
import type { StateMemory } from "../state/state.ts";
import { Cells, footprint } from "./cells.ts";
import { Commutes } from "./commutes.ts";
import { InternalError } from "./internal-error.ts";
import { CALL_WRITES, FOUND_CELLS } from "./limits.ts";
import { Located } from "./located.ts";
import type { BlockMemory } from "./memory.ts";
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, cellWord } from "./memory.ts";

const PANIC_INDEX = 0x32;
/** Tag in `located` of cells whose old value is kept; other tags are numbers of words in a row. */
const KEPT = 0;

export class Reach extends Cells {
  height: bigint;
  /** The running call's number. */
  protected call: number;
  protected code: Code | undefined;
  private histories: readonly (History | undefined)[];
  private olds: OldValues | undefined;
  private readonly key: Key;
  private readonly located: Located;
  private readonly commutes: Commutes;
  private scratch: WordIndex;
  private scratchNext: WordIndex;

  constructor(state: StateMemory) {
    super(state);
    this.height = 0n;
    this.call = 0;
    this.code = undefined;
    this.histories = [];
    this.olds = undefined;
    this.key = new Key();
    this.located = new Located();
    this.commutes = new Commutes(state.columns, state.locks);
    this.scratch = 0;
    this.scratchNext = 0;
  }

  /** Once per block and thread. */
  protected openReach(memory: BlockMemory, thread: number): void {
    this.scratch = memory.words.length + thread * FOUND_CELLS;
    this.scratchNext = this.scratch;
    this.openCells(memory.execWords, memory.partials[thread]);
  }

  /** Where old values go of cells that calls change under keys of their own. */
  keepOldValuesIn(olds: OldValues): void {
    this.olds = olds;
  }

  /** Code and contract whose leaves and tables are meant from here on. */
  protected enterCode(code: Code, instance: number): void {
    this.code = code;
    this.columns = code.columns;
    this.histories = code.histories;
    this.instance = instance;
    this.key.begin(instance);
  }

  protected override forget(): void {
    super.forget();
    if (this.commutes.count > 0) this.commutes.apply();
    if (this.scratchNext !== this.scratch) {
      this.scratchNext = this.scratch;
      this.located.clear();
    }
  }

  protected override undo(): void {
    this.commutes.clear();
    super.undo();
  }

  // --- keys that no plan could compute ---

  key32(word: number | boolean): void {
    this.key.add32(word);
  }

  key64(value: bigint): void {
    this.key.addBig(value, 2);
  }

  key128(value: bigint): void {
    this.key.addBig(value, 4);
  }

  key256(value: bigint): void {
    this.key.addBig(value, 8);
  }

  keyBytes(value: Uint8Array): void {
    this.key.addHash(value);
  }

  locate(word: WordIndex, table: TableIndex, leaf: LeafIndex, count: number, writes: boolean): WordIndex {
    const keyWords = this.key.take();
    if (this.words[word] !== UNRESOLVED) return word;
    for (let i = 1; i < count; i++) if (this.words[word + i] !== UNRESOLVED) throw footprint(word + i, this.words[word + i]);
    const slot = this.slotOf(table, leaf, count, keyWords);
    const { id } = this.columns[leaf];
    const known = this.located.get(id, slot, count);
    const found = known !== 0 ? known : this.scratchFor(slot, count);
    if (known === 0) this.located.set(id, slot, count, found);
    if (writes) for (let i = 0; i < count; i++) this.keepOld(this.columns[leaf + i], slot);
    return found;
  }

  /** The entry of the key in the leaves' own table, made when there is none. */
  private slotOf(table: TableIndex, leaf: LeafIndex, count: number, keyWords: number): number {
    const { code, key } = this;
    if (code === undefined) throw new InternalError("a key outside of a call");
    const field = code.fieldOfLeaf[leaf];
    if ((leaf === 0 ? 0 : code.tableOfField[field]) !== table || code.fieldOfLeaf[leaf + count - 1] !== field)
      throw new InternalError(`footprint violation: leaf ${leaf} isn't of table ${table}`);
    const entries = code.tables[table];
    if ((table === 0 ? 2 : (entries?.keyWords ?? 0)) !== keyWords)
      throw new InternalError(`a key of ${keyWords - 1} words for table ${table}`);
    return entries === undefined ? key.words[1] : entries.insert(key.words, 0);
  }

  private scratchFor(slot: number, count: number): WordIndex {
    const found = this.scratchNext;
    if (found + count > this.scratch + FOUND_CELLS) throw this.outOfGas();
    for (let i = 0; i < count; i++) this.words[found + i] = cellWord(slot);
    this.scratchNext = found + count;
    return found;
  }

  /** The value the cell has before the call changes it, once. */
  private keepOld(column: Column, slot: number): void {
    if (this.located.get(column.id, slot, KEPT) !== 0) return;
    this.located.set(column.id, slot, KEPT, 1);
    if (this.olds === undefined) throw new InternalError("nobody keeps old values");
    this.olds.keep(this.call, column, slot);
  }

  // --- updates at the call's end, and past values ---

  commute(leaf: LeafIndex, word: WordIndex, op: CommuteOp, value: number | bigint): void {
    const access = this.words[word];
    if (access <= 0 || (access & (ACCESS_CLEARED | ACCESS_PARTIAL)) !== ACCESS_CLEARED) throw footprint(word, access);
    if (this.undoCount + this.deferred >= CALL_WRITES) throw this.outOfGas();
    this.deferred++;
    this.commutes.add(this.columns[leaf], access >>> ACCESS_SHIFT, op, value);
  }

  past(leaf: LeafIndex, word: WordIndex, height: bigint): bigint {
    const access = this.words[word];
    // Words of plans are made by `pastWord`; those that `locate` gives are as for any access.
    const slot = access < UNRESOLVED ? ~access : this.slotAt(word);
    if (height < 0n || height >= this.height) throw this.panic(PANIC_INDEX);
    const history = this.histories[leaf];
    if (history === undefined) throw new InternalError(`leaf ${leaf} keeps no past values`);
    return history.valueAt(slot, Number(height));
  }
}
