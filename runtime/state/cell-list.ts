/**
 * Cells as people see them: contract, field, keys, path and value, decoded from columns and tables. Lists all cells that aren't at their default,
 * and describes single ones for lists of changes. Reads only.
 */
import type { AddressId, KeyKind } from "../module.ts";
import type { Cell, CellValue, Hex } from "../types.ts";
import { bytesToHex } from "../values/hex.ts";
import type { AddressTable } from "./address-table.ts";
import { ZERO_ADDRESS } from "./address-table.ts";
import type { Code } from "./code.ts";
import { keyWordsOf } from "./code.ts";
import type { Column } from "./column.ts";
import { isDefault, readBig, saveCell } from "./column.ts";
import type { StateMemory } from "./state.ts";

/** Which cell a slot of a column is, without its value. */
export type CellName = Omit<Cell, "value">;

/** All cells that aren't at their default, native coin and nonces included, in order of memory: of no meaning. */
export function* listCells(state: StateMemory): Generator<Cell> {
  const accounts = state.addresses.highest();
  for (let id = ZERO_ADDRESS; id <= accounts; id++) {
    const nonce = state.nonces[id];
    const coin = !isDefault(state.coin, id);
    if (!coin && nonce === 0n) continue;
    const keys = [state.addresses.hexOf(id)];
    if (coin) yield { contract: undefined, field: "coin", keys, path: [], value: readBig(state.coin, id) };
    if (nonce !== 0n) yield { contract: undefined, field: "nonce", keys, path: [], value: nonce };
  }
  for (const code of state.codes) {
    for (let leaf = 1; leaf < code.columns.length; leaf++) {
      const column = code.columns[leaf];
      const highest = state.highestSlot(code, leaf);
      for (let slot = 1; slot <= highest; slot++) {
        if (!isDefault(column, slot)) yield { ...nameIn(state, code, leaf, slot), value: valueAt(state, column, slot) };
      }
    }
  }
}

/** All past values that are kept: of each cell that has any, the value at the end of each block that changed it. In no order of meaning. */
export function* listPast(state: StateMemory): Generator<{ readonly cell: CellName; readonly height: number; readonly value: bigint }> {
  for (const code of state.codes) {
    for (let leaf = 1; leaf < code.columns.length; leaf++) {
      const history = code.histories[leaf];
      if (history === undefined) continue;
      const highest = state.highestSlot(code, leaf);
      for (let slot = 1; slot <= highest; slot++) {
        if (!history.has(slot)) continue;
        const cell = nameIn(state, code, leaf, slot);
        for (const checkpoint of history.checkpointsOf(slot)) yield { cell, ...checkpoint };
      }
    }
  }
}

/** The cell at a slot of a column, by the column's id. */
export function nameCell(state: StateMemory, columnId: number, slot: number): CellName {
  if (columnId === 0) return { contract: undefined, field: "coin", keys: [state.addresses.hexOf(slot)], path: [] };
  for (const code of state.codes) {
    const first = code.columns.length > 1 ? code.columns[1].id : Infinity;
    if (columnId >= first && columnId < first + code.columns.length - 1) return nameIn(state, code, columnId - first + 1, slot);
  }
  throw new Error(`internal: no column ${columnId}`);
}

/** The value of a cell now. */
export function valueAt(state: StateMemory, column: Column, slot: number): CellValue {
  const words = new Uint32Array(8);
  saveCell(column, slot, words, 0);
  return decodeValue(state, column, words, 0);
}

/** The value that raw words saved by `saveCell` stand for. */
export function decodeValue(state: StateMemory, column: Column, words: Uint32Array, at: number): CellValue {
  switch (column.kind) {
    case "bool":
      return words[at] !== 0;
    case "address":
      return state.addresses.hexOf(words[at] === 0 ? ZERO_ADDRESS : words[at]);
    case "string":
    case "bytes":
    case "packed":
      return bytesToHex(state.arena.view(words[at], words[at + 1]));
    case "bytes32":
      return hex32(bigOf(words, at, 8));
    default: {
      const value = bigOf(words, at, 1 << column.shift);
      return column.signed ? BigInt.asIntN(column.lanes === 0 ? 32 : column.bits, value) : value;
    }
  }
}

/** `balances[0x…]`, `proposals[7].yes`, `coin[0x…]`. */
export function cellText(cell: CellName): string {
  return `${cell.field}${cell.keys.map((key) => `[${String(key)}]`).join("")}${cell.path.map((name) => `.${name}`).join("")}`;
}

/** One order for lists of cells: by contract (the native ones first), then by name. */
export function compareCells(a: CellName, b: CellName): number {
  return compareTexts(a.contract ?? "", b.contract ?? "") || compareTexts(cellText(a), cellText(b));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameIn(state: StateMemory, code: Code, leaf: number, slot: number): CellName {
  const index = code.fieldOfLeaf[leaf];
  const field = code.module.fields[index];
  const path = field.leaves[leaf - code.firstLeaf[index]].path;
  const table = code.tables[code.tableOfField[index]];
  const instance = table === undefined ? slot : table.keys[slot * table.keyWords];
  const keys: CellValue[] = [];
  if (table !== undefined) {
    let at = slot * table.keyWords + 1;
    for (const kind of field.keys) {
      keys.push(decodeKey(state.addresses, kind, table.keys, at));
      at += keyWordsOf(kind);
    }
  }
  return { contract: contractOf(state, code, instance), field: field.name, keys, path };
}

function contractOf(state: StateMemory, code: Code, instance: number): Hex {
  const id: AddressId | undefined = state.instances[code.index][instance];
  return state.addresses.hexOf(id ?? ZERO_ADDRESS);
}

function decodeKey(addresses: AddressTable, kind: KeyKind, words: Uint32Array, at: number): CellValue {
  switch (kind) {
    case "bool":
      return words[at] !== 0;
    case "address":
      return addresses.hexOf(words[at]);
    case "bytes32":
    case "hash":
      return hex32(bigOf(words, at, 8));
    case "i8":
    case "i16":
    case "i32":
    case "i64":
    case "i128":
    case "i256": {
      const count = keyWordsOf(kind);
      return BigInt.asIntN(32 * count, bigOf(words, at, count));
    }
    default:
      return bigOf(words, at, keyWordsOf(kind));
  }
}

/** Words as an unsigned number, least significant first. */
function bigOf(words: Uint32Array, at: number, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[at + i]);
  return value;
}

function hex32(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}
