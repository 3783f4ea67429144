/**
 * A column holds one leaf of one field for all entries, as shared memory seen through typed arrays: one 32-bit word per slot for
 * kinds up to 32 bits, else 1, 2 or 4 64-bit lanes, least significant first. Slot 0 is never used.
 * All columns are objects of one shape, so that code over any of them stays monomorphic.
 */
import type { CellKind } from "../module.ts";

export interface Column {
  /** Position in the state's list of all columns. */
  readonly id: number;
  readonly kind: CellKind;
  /** 64-bit lanes per slot; 0 when a slot is one 32-bit word. */
  readonly lanes: number;
  /** `slot << shift` is the index of the slot's first 32-bit word in `u32`. */
  readonly shift: number;
  /** Width of an integer; 64 for string and bytes, 160 for an address. */
  readonly bits: number;
  readonly signed: boolean;
  /** What a word of zero reads as, in kinds up to 32 bits: 1 for addresses (the zero address), else 0. */
  readonly absent: number;
  /** Limits of kinds up to 32 bits. */
  readonly min: number;
  readonly max: number;
  /** Limits of any integer kind. */
  readonly lowest: bigint;
  readonly highest: bigint;
  /** Longest string, bytes or packed value. */
  readonly maxBytes: number;
  /** Slots, slot 0 included. */
  readonly slots: number;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly u64: BigUint64Array;
  readonly buffer: SharedArrayBuffer;
}

/** What can be sent to a worker. */
export interface ColumnBuffers {
  readonly id: number;
  readonly kind: CellKind;
  readonly maxBytes: number;
  readonly slots: number;
  readonly buffer: SharedArrayBuffer;
}

interface Width {
  readonly lanes: number;
  readonly bits: number;
  readonly signed: boolean;
}

const WIDTHS: Readonly<Record<CellKind, Width>> = {
  bool: { lanes: 0, bits: 1, signed: false },
  u8: { lanes: 0, bits: 8, signed: false },
  u16: { lanes: 0, bits: 16, signed: false },
  u32: { lanes: 0, bits: 32, signed: false },
  i8: { lanes: 0, bits: 8, signed: true },
  i16: { lanes: 0, bits: 16, signed: true },
  i32: { lanes: 0, bits: 32, signed: true },
  enum: { lanes: 0, bits: 8, signed: false },
  // An interned id. The zero address (id 1) is stored as 0, so that a cell at its default is all zeros; see `read32`, `write32`.
  address: { lanes: 0, bits: 32, signed: false },
  u64: { lanes: 1, bits: 64, signed: false },
  i64: { lanes: 1, bits: 64, signed: true },
  u128: { lanes: 2, bits: 128, signed: false },
  i128: { lanes: 2, bits: 128, signed: true },
  u256: { lanes: 4, bits: 256, signed: false },
  i256: { lanes: 4, bits: 256, signed: true },
  bytes32: { lanes: 4, bits: 256, signed: false },
  // One lane: offset in the byte arena in units of 8 (low half), length in bytes (high half).
  string: { lanes: 1, bits: 64, signed: false },
  bytes: { lanes: 1, bits: 64, signed: false },
  packed: { lanes: 1, bits: 64, signed: false },
  // The next number. A second lane of sequence64 is 1 when all numbers are used up; sequence32 counts up to 2^32.
  sequence32: { lanes: 1, bits: 64, signed: false },
  sequence64: { lanes: 2, bits: 128, signed: false },
};

export function createColumn(id: number, kind: CellKind, maxBytes: number, slots: number): Column {
  const { lanes } = WIDTHS[kind];
  const bytes = lanes === 0 ? Math.ceil(slots / 2) * 8 : slots * lanes * 8;
  return attachColumn({ id, kind, maxBytes, slots, buffer: new SharedArrayBuffer(bytes) });
}

export function attachColumn(from: ColumnBuffers): Column {
  const { lanes, bits, signed } = WIDTHS[from.kind];
  const lowest = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const highest = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  return {
    id: from.id,
    kind: from.kind,
    lanes,
    shift: lanes === 0 ? 0 : lanes === 1 ? 1 : lanes === 2 ? 2 : 3,
    bits,
    signed,
    absent: from.kind === "address" ? 1 : 0,
    min: lanes === 0 ? Number(lowest) : 0,
    max: lanes === 0 ? Number(highest) : 0,
    lowest,
    highest,
    maxBytes: from.maxBytes,
    slots: from.slots,
    u32: new Uint32Array(from.buffer),
    i32: new Int32Array(from.buffer),
    u64: new BigUint64Array(from.buffer),
    buffer: from.buffer,
  };
}

export function columnBuffers(column: Column): ColumnBuffers {
  const { id, kind, maxBytes, slots, buffer } = column;
  return { id, kind, maxBytes, slots, buffer };
}

/** Copies the raw words of a cell (1 to 8 of them) to `out` from `at`; what `restoreCell` takes back. Used by undo logs and journals. */
export function saveCell(column: Column, slot: number, out: Uint32Array, at: number): void {
  const from = slot << column.shift;
  const words = 1 << column.shift;
  const source = column.u32;
  for (let i = 0; i < words; i++) out[at + i] = source[from + i];
}

export function restoreCell(column: Column, slot: number, from: Uint32Array, at: number): void {
  const to = slot << column.shift;
  const words = 1 << column.shift;
  const target = column.u32;
  for (let i = 0; i < words; i++) target[to + i] = from[at + i];
}

/** Kinds whose words name contents of the byte arena. */
export function isBytesKind(kind: CellKind): boolean {
  return kind === "string" || kind === "bytes" || kind === "packed";
}

/** Whether all words of the cell are zero, which is the default of every kind. */
export function isDefault(column: Column, slot: number): boolean {
  const from = slot << column.shift;
  const to = from + (1 << column.shift);
  const source = column.u32;
  for (let i = from; i < to; i++) if (source[i] !== 0) return false;
  return true;
}

/** A cell of a kind up to 32 bits as exec and plan see it; bool as 0 or 1. */
export function read32(column: Column, slot: number): number {
  const word = column.signed ? column.i32[slot] : column.u32[slot];
  return word === 0 ? column.absent : word;
}

export function write32(column: Column, slot: number, value: number): void {
  column.i32[slot] = value === column.absent ? 0 : value;
}

/** An integer or bytes32 cell as a bigint; the bits of any other kind. Not for hot paths. */
export function readBig(column: Column, slot: number): bigint {
  if (column.lanes === 0) return BigInt(column.signed ? column.i32[slot] : column.u32[slot]);
  let value = 0n;
  for (let lane = column.lanes - 1; lane >= 0; lane--) value = (value << 64n) | column.u64[slot * column.lanes + lane];
  return column.signed ? BigInt.asIntN(column.bits, value) : value;
}

/** Stores modulo 2^N. Not for hot paths. */
export function writeBig(column: Column, slot: number, value: bigint): void {
  if (column.lanes === 0) {
    column.i32[slot] = Number(BigInt.asIntN(32, column.signed ? BigInt.asIntN(column.bits, value) : BigInt.asUintN(column.bits, value)));
    return;
  }
  for (let lane = 0; lane < column.lanes; lane++) column.u64[slot * column.lanes + lane] = BigInt.asUintN(64, value >> BigInt(64 * lane));
}
