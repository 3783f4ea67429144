/**
 * A registered module: its columns and tables by leaf and table index, its instances, and what exec needs of it in ready form.
 * The description (`CodeBuffers`) is plain data that a worker attaches to, given the same module.
 */
import type { AddressId, ContractModule, FieldLayout, KeyKind } from "../module.ts";
import type { ArgShape } from "../abi/shape.ts";
import { compileShape, holdsAddress } from "../abi/shape.ts";
import { hexToBytes } from "../values/hex.ts";
import type { Column, ColumnBuffers } from "./column.ts";
import { attachColumn, columnBuffers, createColumn } from "./column.ts";
import type { HashSeed } from "./hash.ts";
import type { HistoryBuffers } from "./history.ts";
import { createHistory, History } from "./history.ts";
import type { TableBuffers } from "./table.ts";
import { createTable, Table } from "./table.ts";

/** Contracts per code: the slots of columns of unkeyed fields. */
export const MAX_INSTANCES = 65_535;

/** What can be sent to a worker. */
export interface CodeBuffers {
  readonly index: number;
  readonly codeHash: string;
  /** Of the module's own leaves, from leaf 1. */
  readonly columns: readonly ColumnBuffers[];
  /** Of the module's keyed fields, from table 1. */
  readonly tables: readonly TableBuffers[];
  /** Of the same leaves as `columns`, where past values are kept. */
  readonly histories: readonly (HistoryBuffers | undefined)[];
  readonly addresses: readonly AddressId[];
  readonly fieldBases: SharedArrayBuffer;
}

export interface Code {
  /** Position in the registry: `CALL_CODE`. */
  readonly index: number;
  readonly module: ContractModule;
  /** By leaf index; leaf 0 is the coin's column, the same object in all codes. */
  readonly columns: readonly Column[];
  /** By leaf index: past values, where they are kept. */
  readonly histories: readonly (History | undefined)[];
  /** By table index; entry 0 stands for the coin, whose slots are address ids, and is never used. */
  readonly tables: readonly (Table | undefined)[];
  /** Index into `module.fields` by leaf and by table; -1 at 0. */
  readonly fieldOfLeaf: Int32Array;
  readonly fieldOfTable: Int32Array;
  /** By field: its first leaf; its table, 0 when unkeyed. */
  readonly firstLeaf: Int32Array;
  readonly tableOfField: Int32Array;
  /** By instance: number of its first field in planning and ordering (`FieldNumbers`). */
  readonly fieldBases: Int32Array;
  /** Ids of `module.addresses`. */
  readonly addresses: readonly AddressId[];
  /** Selector (as in `FunctionEntry.selector`) to the index in `module.functions`. */
  readonly functionOf: ReadonlyMap<number, number>;
  /** Shapes of arguments by function index, and of init. */
  readonly shapes: readonly ArgShape[];
  readonly initShape: ArgShape;
  /** While it runs it may come by addresses that nobody has named before: it recovers signers, or decodes bytes. */
  readonly findsAddresses: boolean;
  /** Topics of `module.events`, 8 words each in memory order. */
  readonly topics: Uint32Array;
  readonly buffers: CodeBuffers;
}

const KEY_WORDS: Readonly<Record<KeyKind, number>> = {
  bool: 1,
  u8: 1,
  u16: 1,
  u32: 1,
  i8: 1,
  i16: 1,
  i32: 1,
  enum: 1,
  address: 1,
  u64: 2,
  i64: 2,
  u128: 4,
  i128: 4,
  u256: 8,
  i256: 8,
  bytes32: 8,
  hash: 8,
};

/** 32-bit words of one key, least significant first. */
export function keyWordsOf(kind: KeyKind): number {
  return KEY_WORDS[kind];
}

export function createCodeBuffers(
  index: number,
  module: ContractModule,
  firstColumn: number,
  capacity: number,
  addresses: readonly AddressId[],
): CodeBuffers {
  const columns: ColumnBuffers[] = [];
  const tables: TableBuffers[] = [];
  const histories: (HistoryBuffers | undefined)[] = [];
  for (const field of module.fields) {
    const keyed = field.keys.length > 0;
    const slots = (keyed ? capacity : MAX_INSTANCES) + 1;
    const name = `${module.name}.${field.name}`;
    for (const leaf of field.leaves) {
      const column = createColumn(firstColumn + columns.length, leaf.kind, leaf.max, slots);
      columns.push(columnBuffers(column));
      histories.push(leaf.history ? createHistory(name, column, capacity) : undefined);
    }
    if (keyed) tables.push(createTable(name, tableWords(field), capacity));
  }
  const fieldBases = new SharedArrayBuffer((MAX_INSTANCES + 1) * 4);
  return { index, codeHash: module.codeHash, columns, tables, histories, addresses, fieldBases };
}

/** Words of an entry's key: the instance and the key words. */
function tableWords(field: FieldLayout): number {
  return field.keys.reduce((sum, kind) => sum + KEY_WORDS[kind], 1);
}

export function attachCode(buffers: CodeBuffers, module: ContractModule, coin: Column, seed: HashSeed): Code {
  const fieldOfLeaf = [-1];
  const fieldOfTable = [-1];
  const firstLeaf: number[] = [];
  const tableOfField: number[] = [];
  module.fields.forEach((field, index) => {
    firstLeaf.push(fieldOfLeaf.length);
    for (let i = 0; i < field.leaves.length; i++) fieldOfLeaf.push(index);
    tableOfField.push(field.keys.length > 0 ? fieldOfTable.length : 0);
    if (field.keys.length > 0) fieldOfTable.push(index);
  });
  const topics = new Uint8Array(module.events.length * 32);
  module.events.forEach((event, index) => topics.set(hexToBytes(event.topic, 32), index * 32));
  const columns = [coin, ...buffers.columns.map(attachColumn)];
  return {
    index: buffers.index,
    module,
    columns,
    histories: [
      undefined,
      ...buffers.histories.map((each, index) => (each === undefined ? undefined : new History(each, columns[index + 1]))),
    ],
    tables: [undefined, ...buffers.tables.map((table) => new Table(table, seed))],
    fieldOfLeaf: Int32Array.from(fieldOfLeaf),
    fieldOfTable: Int32Array.from(fieldOfTable),
    firstLeaf: Int32Array.from(firstLeaf),
    tableOfField: Int32Array.from(tableOfField),
    fieldBases: new Int32Array(buffers.fieldBases),
    addresses: buffers.addresses,
    functionOf: new Map(module.functions.map((entry, index) => [entry.selector >>> 0, index])),
    shapes: module.functions.map((entry) => compileShape(entry.params)),
    initShape: compileShape(module.init.params),
    findsAddresses: module.natives.includes("ecrecover") || module.shapes.some(holdsAddress),
    topics: new Uint32Array(topics.buffer),
    buffers,
  };
}
